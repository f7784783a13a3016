"""Searches that people keep: saved from the results, told of new matches once, dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from archive.viewer import GUEST
from indexer import withdrawing, worker
from indexer.wiring import Service
from tests.web.markup import parse
from tests.web.papers import DIRECTIVE, REPORT, accepted, settings_in
from web import create_app

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Service, FlaskClient]]:
    """A site with one paper, to which others come."""
    with Service.open(settings_in(tmp_path)) as service:
        accepted(service, "chi-thi.txt", DIRECTIVE.encode())
        worker.run(service, forever=False)
        app = create_app(service)
        app.config["TESTING"] = True
        yield service, app.test_client()


def _post(client: FlaskClient, address: str, **form: str) -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert token
    answer = client.post(address, data={"csrf_token": token[1], **form}, follow_redirects=True)
    return answer.text


def _save(client: FlaskClient, **form: str) -> str:
    return _post(client, "/saved", **{"q": "khuyến học", "name": "Khuyến học", "by": "Lê Thị Thu", **form})


def test_a_paper_that_comes_later_is_told_once(kept: tuple[Service, FlaskClient]) -> None:
    service, client = kept
    page = _save(client)
    assert "Lê Thị Thu lưu" in parse(page).all("main")[0].text and "Không có văn bản mới" in page
    assert "văn bản mới khớp" not in client.get("/").text
    accepted(service, "bao-cao.txt", REPORT.encode())
    worker.run(service, forever=False)
    assert "văn bản mới khớp câu tìm đã lưu" in client.get("/").text
    assert "1 văn bản mới khớp" in parse(client.get("/saved").text).all("main")[0].text
    (search,) = re.findall(r'href="(/saved/\d+)"', client.get("/saved").text)
    assert "12/BC-HKH" in parse(client.get(search).text).all("section")[0].text
    feed = ElementTree.fromstring(client.get(f"{search}/feed.atom").data)
    assert "12/BC-HKH" in (feed.find(f"{ATOM}entry/{ATOM}title").text or "")  # type: ignore[union-attr]
    _post(client, f"{search}/seen")
    assert "văn bản mới khớp" not in client.get("/").text
    service.read_again([card.document for card in service.findings.recent(GUEST, 9)])
    assert "văn bản mới khớp" not in client.get("/").text, "reading again makes nothing new"


def test_filters_are_kept_with_the_query(kept: tuple[Service, FlaskClient]) -> None:
    service, client = kept
    page = _save(client, kind="chi-thi", since="2010-01-01", name="Chỉ thị")
    said = parse(page).all("main")[0].text
    assert "Chỉ thị" in said and "từ ngày 01/01/2010" in said
    accepted(service, "bao-cao.txt", REPORT.encode())
    worker.run(service, forever=False)
    assert "văn bản mới khớp" not in client.get("/").text
    assert "kind=chi-thi" in page


def test_a_search_is_dropped_by_whoever_says_who(kept: tuple[Service, FlaskClient]) -> None:
    _, client = kept
    search = re.findall(r"/saved/\d+", _save(client))[0]
    assert "Chưa có câu tìm nào được lưu" in _post(client, f"{search}/drop")  # the browser knows who
    assert client.get(search).status_code == 404


def test_a_form_that_lacks_a_name_comes_back_as_typed(kept: tuple[Service, FlaskClient]) -> None:
    _, client = kept
    page = parse(_save(client, by=" "))
    assert "Xin ghi tên" in page.all("p", role="alert")[0].text
    assert page.all("input", type="hidden", value="khuyến học")
    assert "Xin đặt tên" in _save(client, name="x" * 200)


def test_a_query_nobody_can_run_is_not_saved(kept: tuple[Service, FlaskClient]) -> None:
    _, client = kept
    assert "Ví dụ đúng" in _save(client, q="từ:20x6")
    assert "Chưa có câu tìm nào được lưu" in client.get("/saved").text


def test_the_results_offer_to_save_them(kept: tuple[Service, FlaskClient]) -> None:
    _, client = kept
    page = parse(client.get("/?q=khuyến+học&kind=chi-thi&sort=newest").text)
    assert any(form.attributes.get("action") == "/saved" for form in page.all("form"))
    hidden = {(i.attributes["name"], i.attributes["value"]) for i in page.all("input", type="hidden")}
    assert {("q", "khuyến học"), ("kind", "chi-thi")} <= hidden


def test_the_page_of_a_withdrawn_paper_shows_whose_words_repeat_it(kept: tuple[Service, FlaskClient]) -> None:
    service, client = kept
    (one,) = service.findings.recent(GUEST, 5)
    _save(client, name=f"Theo {one.number}")
    withdrawing.withdraw(service, one.document, service.archive.store.original(one.document, 1))
    shown = client.get(f"/documents/{one.document}").text
    assert "Cần rà soát" in shown and "19-CT/TU" in shown
    search = re.search(r'href="/saved/(\d+)"', shown)
    assert search
    _post(client, f"/saved/{search[1]}/drop", by="Lê Thị Thu")
    assert "Cần rà soát" not in client.get(f"/documents/{one.document}").text
