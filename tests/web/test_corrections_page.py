"""Correcting through plain forms: at once, under the corrector's name, taken back by one button."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer import worker
from indexer.wiring import Service
from tests.web.markup import Markup, parse
from tests.web.papers import DIRECTIVE, PLAN, REPORT, Site, accepted, settings_in
from web import create_app

BY = "Lê Thị Thu"


@pytest.fixture
def own(tmp_path) -> Iterator[Site]:
    """A site of its own, with a directive that is held twice."""
    with Service.open(settings_in(tmp_path)) as service:
        ids = {
            name: accepted(service, f"{name}.txt", text.encode())
            for name, text in (("directive", DIRECTIVE), ("plan", PLAN), ("report", REPORT))
        }
        ids["hostile"] = accepted(service, "b.txt", DIRECTIVE.replace("Lê Minh Quang", "Lê Minh Sơn").encode())
        ids["unreadable"] = ""
        worker.run(service, forever=False)
        app = create_app(service)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield Site(service, app.test_client(), **ids)


def _page(site: Site, document: str, query: str = "") -> Markup:
    answer = site.client.get(f"/documents/{document}/corrections{query}")
    assert answer.status_code == 200
    return parse(answer.text)


def _form(html: Markup) -> dict[str, str]:
    """The form of fields as a browser would send it unchanged."""
    fields = [e for e in html.all("input") if e.attributes.get("id", "").startswith("o-")]
    fields += [e for e in html.all("input") if e.attributes.get("name", "").startswith("was-")]
    sent = {e.attributes["name"]: e.attributes.get("value", "") for e in fields}
    sent |= {e.attributes["name"]: e.text for e in html.all("textarea")}
    kind = next(e for e in html.all("option") if "selected" in e.attributes)
    return sent | {"kind": kind.attributes["value"]}


def test_a_field_is_corrected_shown_as_its_makers_and_taken_back(own: Site) -> None:
    form = _form(_page(own, own.plan)) | {"by": BY, "number": "06-KH/HU", "issued_on": "3/10/2016"}
    answer = own.client.post(f"/documents/{own.plan}/corrections/fields", data=form)
    assert answer.status_code == 303
    reader = parse(own.client.get(f"/documents/{own.plan}").text)
    head = reader.all("p", class_="meta")[0].text
    assert "06-KH/HU" in head and "03/10/2016" in head
    told = " ".join(reader.all("section", id="da-sua")[0].text.split())
    assert f"Số, ký hiệu do {BY} sửa" in told and "máy đọc: 05-KH/HU" in told
    undo = [e for e in reader.all("form", class_="undo") if "Hoàn tác" in e.text]
    assert len(undo) == 2
    for form_ in undo:
        assert own.client.post(form_.attributes["action"]).status_code == 303  # the name is in the cookie
    reader = parse(own.client.get(f"/documents/{own.plan}").text)
    assert "05-KH/HU" in reader.all("p", class_="meta")[0].text
    assert "đã hoàn tác" in _page(own, own.plan).all("section", id="da-sua")[0].text


def test_a_form_sent_unchanged_corrects_nothing(own: Site) -> None:
    form = _form(_page(own, own.plan)) | {"by": BY}
    answer = own.client.post(f"/documents/{own.plan}/corrections/fields", data=form)
    assert answer.status_code == 400 and "Chưa có ô nào được sửa" in answer.text


def test_what_cannot_be_understood_comes_back_as_typed(own: Site) -> None:
    form = _form(_page(own, own.plan)) | {"by": BY, "issued_on": "hôm qua", "number": "7-KH/HU"}
    answer = own.client.post(f"/documents/{own.plan}/corrections/fields", data=form)
    html = parse(answer.text)
    assert answer.status_code == 400 and "Chưa hiểu ngày “hôm qua”" in html.all("p", class_="note")[0].text
    assert html.all("input", id="o-issued_on")[0].attributes["value"] == "hôm qua"
    assert html.all("input", id="o-number")[0].attributes["value"] == "7-KH/HU"
    assert own.client.post(f"/documents/{own.plan}/corrections/fields", data=form | {"by": " "}).status_code == 400


def test_two_possible_documents_are_a_choice_and_the_choice_is_a_link(own: Site) -> None:
    html = _page(own, own.plan)
    radios = html.all("input", type="radio", name="target")
    assert [r.attributes["value"] for r in radios] == [own.directive, own.hostile, "other", "none"] or [
        r.attributes["value"] for r in radios
    ] == [own.hostile, own.directive, "other", "none"]
    action = next(e.attributes["action"] for e in html.all("form", class_="choose") if "khả năng" in e.text)
    nothing = own.client.post(action, data={"by": BY, "act": "target"})
    assert nothing.status_code == 400 and "Xin chọn văn bản" in nothing.text
    assert own.client.post(action, data={"by": BY, "act": "target", "target": own.hostile}).status_code == 303
    reader = parse(own.client.get(f"/documents/{own.plan}").text)
    assert not reader.all("a", class_="several")
    opened = next(a for a in reader.all("a", class_="cite") if "19-CT/TU" in a.text).attributes["href"]
    assert f"do {BY} xác nhận" in own.client.get(opened).text
    assert own.client.post(action, data={"by": BY, "act": "target", "target": "none"}).status_code == 303
    assert "không phải văn bản nào trong kho" in _page(own, own.plan).all("section", id="da-sua")[0].text


def test_a_citation_is_corrected_dropped_and_added(own: Site) -> None:
    view = own.service.findings.document(viewer_of(), own.report)
    assert view is not None
    start = next(c.citation.span.start for c in view.citations if c.target)
    html = _page(own, own.report, f"?dan={start}")
    assert html.all("input", name="number", value="05-KH/HU")
    action = f"/documents/{own.report}/corrections/citations"
    sent = {"by": BY, "act": "correct", "number": "05-KH/HU", "issued_on": "30/9/2016", "role": "vien-dan"}
    assert own.client.post(f"{action}/{start}", data=sent).status_code == 303
    assert own.client.post(f"{action}/{start}", data=sent | {"role": "thay-the"}).status_code == 303
    assert "Đã bị thay thế" in own.client.get(f"/documents/{own.plan}").text
    told = " ".join(_page(own, own.report).all("section", id="da-sua")[0].text.split())
    assert told.count("báo cáo") >= 2 and "Đã có bản sửa sau" in told  # both tell what the machine had read
    assert own.client.post(f"{action}/{start}", data={"by": BY, "act": "drop"}).status_code == 303
    reader = parse(own.client.get(f"/documents/{own.report}").text)
    assert not any("05-KH/HU" in link.text for link in reader.all("a", class_="cite"))
    added = {"by": BY, "quote": "Quỹ khuyến học đạt", "number": "19-CT/TU", "role": "can-cu", "issued_on": ""}
    assert own.client.post(action, data=added).status_code == 303
    assert "19-CT/TU" in _page(own, own.report).all("section", id="da-sua")[0].text
    wrong = own.client.post(action, data=added | {"quote": "không có chữ này"})
    assert wrong.status_code == 400 and "không có trong văn bản" in wrong.text


def test_sections_are_corrected_through_the_form(own: Site) -> None:
    action = f"/documents/{own.plan}/corrections/sections"
    sent = {"by": BY, "section": "iii", "id": "iv", "title": "TỔ CHỨC", "act": "correct"}
    assert own.client.post(action, data=sent).status_code == 303
    assert "iv.1" in parse(own.client.get(f"/documents/{own.plan}").text).ids()
    assert own.client.post(action, data=sent | {"section": "iv", "id": "v"}).status_code == 303
    told = " ".join(_page(own, own.plan).all("section", id="da-sua")[0].text.split())
    assert told.count("máy đọc: mục III") == 2
    assert own.client.post(action, data={"by": BY, "section": "i.1", "act": "drop"}).status_code == 303
    assert "i.1" not in parse(own.client.get(f"/documents/{own.plan}").text).ids()
    assert own.client.post(action, data={"by": BY, "section": "xx", "act": "drop"}).status_code == 400
    assert own.client.post(action, data=sent | {"section": "ii", "id": "a b"}).status_code == 400


def test_no_correction_without_the_token_of_the_page(site: Site) -> None:
    site.client.application.config["WTF_CSRF_ENABLED"] = True
    answer = site.client.post(f"/documents/{site.plan}/corrections/fields", data={"by": BY, "number": "1"})
    assert answer.status_code == 400 and "Phiên đã hết" in answer.text


def test_what_is_not_there_has_no_forms(own: Site) -> None:
    assert own.client.get("/documents/khongco/corrections").status_code == 404
    assert own.client.post(f"/documents/{own.plan}/corrections/99999/undo", data={"by": BY}).status_code == 404
    assert own.client.post(f"/documents/{own.plan}/corrections/citations/1", data={"by": BY}).status_code == 404


def viewer_of():
    from archive.viewer import GUEST

    return GUEST
