"""The review of evidence: one at a time, many at once, everything undone in one step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.viewer import GUEST
from indexer import worker
from indexer.wiring import Service
from tests.contract.test_task_edits import NEWER
from tests.web.markup import parse
from tests.web.papers import DIRECTIVE, PLAN, REPORT, accepted, settings_in
from web import create_app, shared_words

BY = "Lê Thị Thu"


@pytest.fixture
def review(tmp_path: Path) -> Iterator[tuple[Service, FlaskClient, str, str]]:
    """A service of its own: these tests write."""
    with Service.open(settings_in(tmp_path)) as service:
        accepted(service, "chỉ thị.txt", DIRECTIVE.encode())
        plan = accepted(service, "kế hoạch.txt", PLAN.encode())
        report = accepted(service, "báo cáo.txt", REPORT.encode())
        worker.run(service, forever=False)
        app = create_app(service)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield service, app.test_client(), plan, report


def _key(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def _waiting(service: Service) -> int:
    return service.findings.review_count(GUEST)


def test_the_page_shows_the_task_beside_the_passage_with_four_equal_answers(review) -> None:
    _, client, plan, _ = review
    html = parse(client.get(f"/review?plan={plan}").text)
    assert [h.text for h in html.all("h1")] == ["Đoạn báo cáo này có trả lời nhiệm vụ không?"]
    buttons = html.all("button", name="status")
    assert [one.attributes["data-key"] for one in buttons] == ["1", "2", "3", "4"]
    assert {one.attributes["class"] for one in buttons} == {"button"}, "none is filled"
    assert html.all("mark"), "what both say is marked"


def test_an_answer_is_recorded_and_the_next_item_shown(review) -> None:
    service, client, plan, _ = review
    before = _waiting(service)
    key = _key(client.get(f"/review?plan={plan}").text)
    answer = client.post("/review", data={"plan": plan, "key": key, "status": "partial", "by": BY})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "Đã ghi <b>“một phần”</b>" in page
    assert _waiting(service) == before - 1
    assert f'<span class="count">{before - 1}</span>' in page or before == 1
    plan_page = client.get(f"/plans/{plan}").text
    assert "Một phần" in plan_page


def test_undoing_takes_back_what_one_act_made(review) -> None:
    service, client, plan, _ = review
    before = _waiting(service)
    key = _key(client.get(f"/review?plan={plan}").text)
    answer = client.post("/review", data={"plan": plan, "key": key, "status": "rejected", "by": BY})
    done = re.search(r"done=(\d+)", answer.headers["Location"])
    assert done
    client.post("/review/undo", data={"plan": plan, "done": done[1], "by": BY})
    assert _waiting(service) == before


def test_without_a_name_nothing_is_recorded(review) -> None:
    service, client, plan, _ = review
    before = _waiting(service)
    key = _key(client.get(f"/review?plan={plan}").text)
    answer = client.post("/review", data={"plan": plan, "key": key, "status": "fulfils"})
    assert answer.status_code == 400
    assert "tên" in answer.text
    assert _waiting(service) == before


def test_many_are_shown_before_they_are_recorded_and_undone_at_once(review) -> None:
    service, client, plan, report = review
    before = _waiting(service)
    page = client.get(f"/review/many?paper={report}").text
    keys = re.findall(r'name="key" value="([^"]+)"', page)
    assert keys
    data = {"paper": report, "key": keys, "status": "fulfils", "by": BY}
    preview = client.post("/review/many", data=data)
    assert "Chưa ghi gì" in preview.text
    assert _waiting(service) == before
    answer = client.post("/review/many", data={**data, "confirm": "1"})
    assert answer.status_code == 303
    assert _waiting(service) == before - len(keys)
    done = re.search(r"done=([\d,%C]+)", answer.headers["Location"])
    assert done
    client.post("/review/undo", data={"paper": report, "done": done[1].replace("%2C", ","), "by": BY})
    assert _waiting(service) == before
    assert plan


@pytest.mark.parametrize("data", [{"key": "x"}, {"key": "1.2.3", "status": "fulfils"}, {}])
def test_an_item_that_is_not_there_is_not_found(review, data: dict[str, str]) -> None:
    _, client, plan, _ = review
    assert client.post("/review", data={"plan": plan, "by": BY, **data}).status_code == 404


def test_an_unknown_answer_is_refused(review) -> None:
    service, client, plan, _ = review
    before = _waiting(service)
    key = _key(client.get(f"/review?plan={plan}").text)
    assert client.post("/review", data={"plan": plan, "key": key, "status": "x", "by": BY}).status_code == 400
    assert _waiting(service) == before


def test_marks_are_whole_words_and_keep_the_text_whole() -> None:
    task, passage = "Đẩy mạnh số hóa dữ liệu đất đai của 12 xã", "Đã đồng bộ hóa dữ liệu đất đai của 12 xã, đạt 80%"
    left, right = shared_words.marked(task, passage)
    assert ("".join(piece.text for piece in left), "".join(piece.text for piece in right)) == (task, passage)
    assert [piece.text for piece in right if piece.changed] == ["dữ liệu đất đai của 12 xã", "80%"]


def test_a_task_that_moved_is_asked_about_in_the_newer_plan_and_says_where_it_comes_from(review) -> None:
    service, client, plan, _ = review
    newer = accepted(service, "kế hoạch mới.txt", NEWER.encode())
    worker.run(service, forever=False)
    for move in service.findings.proposed_moves(GUEST, plan):
        said = {"task": move.task.span.start, "plan": newer, "onto": move.onto.span.start, "act": "accept", "by": BY}
        assert client.post(f"/plans/{plan}/tasks/moves", data=said).status_code == 303
    worker.run(service, forever=False)
    page = client.get(f"/review?plan={newer}").text
    told = next(p.text for p in parse(page).all("p", class_="soft") if "Tiếp nối nhiệm vụ của" in p.text)
    assert "05-KH/HU" in told and "98%" in page
    before = _waiting(service)
    answer = client.post("/review", data={"plan": newer, "key": _key(page), "status": "partial", "by": BY})
    assert answer.status_code == 303 and _waiting(service) == before - 1
    undone = parse(client.get(answer.headers["Location"]).text).all("input", name="done")[0].attributes["value"]
    client.post("/review/undo", data={"plan": newer, "done": undone, "by": BY})
    assert _waiting(service) == before
