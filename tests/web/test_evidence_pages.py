"""Evidence added by hand, with plain links and forms: from a task to a passage, from a paper to a task, and undone."""

from __future__ import annotations

import io
import json
import re
import resource
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.viewer import GUEST
from indexer import worker
from indexer.views import EvidenceView, PlanView
from indexer.wiring import Service
from tests.web.markup import parse
from tests.web.papers import DIRECTIVE, PLAN, REPORT, accepted, settings_in
from web import create_app, printing

BY = "Lê Thị Thu"


class Clerk:
    """A person before the pages."""

    def __init__(self, service: Service, client: FlaskClient, plan: str, report: str) -> None:
        self.service, self.client, self.plan, self.report = service, client, plan, report
        proposed = {(e.card.document, view.task.span.start) for view in self.view.tasks for e in view.evidence}
        self.task = next(v.task for v in self.view.tasks if (report, v.task.span.start) not in proposed)
        self.address = f"/plans/{plan}/tasks/{self.task.span.start}/evidence"

    @property
    def view(self) -> PlanView:
        found = self.service.findings.plan(GUEST, self.plan)
        assert found is not None
        return found

    @property
    def evidence(self) -> list[EvidenceView]:
        return [e for view in self.view.tasks if view.task.span == self.task.span for e in view.evidence]

    def keys(self, **query: object) -> dict[str, str]:
        """The passages offered: words by what the form sends."""
        page = self.client.get(self.address, query_string={"paper": self.report, **query}).text
        found = re.findall(r'name="passage" value="([^"]+)".*?<span class="said-text">(.*?)</span>', page, re.S)
        return {key: unescape(re.sub("<[^>]+>", "", words)) for key, words in found}

    def sends(self, **form: object) -> TestResponse:
        data = {"paper": self.report, "of": self.task.wording, "status": "partial", "by": BY, **form}
        return self.client.post(self.address, data=data)


@pytest.fixture
def clerk(tmp_path: Path) -> Iterator[Clerk]:
    """A service of its own: these tests write."""
    with Service.open(settings_in(tmp_path)) as service:
        accepted(service, "chỉ thị.txt", DIRECTIVE.encode())
        plan = accepted(service, "kế hoạch.txt", PLAN.encode())
        report = accepted(service, "báo cáo.txt", REPORT.encode())
        worker.run(service, forever=False)
        app = create_app(service)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield Clerk(service, app.test_client(), plan, report)


def test_the_drawer_leads_to_the_paper_and_on_to_its_passages(clerk: Clerk) -> None:
    drawer = clerk.client.get(f"/plans/{clerk.plan}?cell={clerk.task.section}").text
    assert f'href="{clerk.address}"' in drawer
    first = clerk.client.get(clerk.address).text
    assert "12/BC-HKH" in first, "who reports on the plan is named before anything is searched"
    found = clerk.client.get(clerk.address, query_string={"q": "12/BC-HKH"}).text
    assert f'href="{clerk.address}?paper={clerk.report}' in found
    page = parse(clerk.client.get(clerk.address, query_string={"paper": clerk.report}).text)
    assert len(page.all("h1")) == 1
    assert [one.attributes["value"] for one in page.all("input", name="status")] == ["fulfils", "partial", "mentions"]
    assert not [one for one in page.all("input", type="radio") if "checked" in one.attributes], "nothing is chosen"


def test_a_passage_is_kept_shown_with_its_maker_and_taken_back_in_one_step(clerk: Clerk) -> None:
    key, words = next((key, words) for key, words in clerk.keys().items() if "412 triệu" in words)
    answer = clerk.sends(passage=key)
    assert answer.status_code == 303
    (added,) = [one for one in clerk.evidence if one.added]
    assert (" ".join(added.quote.split()), added.decided_by, added.status.value) == (words, BY, "partial")
    page = clerk.client.get(answer.headers["Location"]).text
    assert "Đã thêm minh chứng <b>“một phần”</b>" in page and "Lê Thị Thu thêm “một phần”" in page
    assert f"{BY} đã ghi “một phần”" in clerk.client.get(clerk.address, query_string={"paper": clerk.report}).text
    form = {name: parse(page).all("input", name=name)[0].attributes["value"] for name in ("number", "cell")}
    back = clerk.client.post(f"/plans/{clerk.plan}/evidence/undo", data={**form, "by": BY})
    assert not [one for one in clerk.evidence if one.added]
    assert "Đã hoàn tác một quyết định" in clerk.client.get(back.headers["Location"]).text


def test_words_are_found_without_marks_and_only_what_holds_them_is_shown(clerk: Clerk) -> None:
    every, some = clerk.keys(), clerk.keys(words="trieu dong")
    assert 0 < len(some) < len(every)
    assert all("triệu đồng" in words for words in some.values())


def test_everything_that_takes_tasks_away_shows_a_whole_paper(clerk: Clerk) -> None:
    assert clerk.sends(passage="whole", status="fulfils").status_code == 303
    title = clerk.evidence[0].quote
    told = json.loads(json.dumps(printing.plan_json(clerk.view), default=str))
    (report,) = [one for task in told["tasks"] for one in task["reports"] if one["decided_by"] == BY]
    assert (report["quote"], report["status"], report["document"]) == (title, "fulfils", clerk.report)
    assert report["reason"] == "cả văn bản là kết quả của nhiệm vụ"
    book = openpyxl.load_workbook(io.BytesIO(clerk.client.get(f"/plans/{clerk.plan}.xlsx").data))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert any(title in cell for cell in cells)
    paper = docx.Document(io.BytesIO(clerk.client.get(f"/plans/{clerk.plan}.docx").data))
    assert any(title in p.text and "cả văn bản là kết quả" in p.text for p in paper.paragraphs)
    assert "Cả văn bản là kết quả" in clerk.client.get(f"/plans/{clerk.plan}?cell={clerk.task.section}").text
    assert title in clerk.client.get(f"/documents/{clerk.report}").text
    queue = clerk.client.get(f"/review?plan={clerk.plan}&show=decided").text
    assert f"{BY} thêm cả văn bản này làm minh chứng" in queue


def test_a_whole_paper_comes_back_from_an_edited_sheet_as_the_same_decision(clerk: Clerk) -> None:
    clerk.sends(passage="whole", status="fulfils")
    book = openpyxl.load_workbook(io.BytesIO(clerk.client.get(f"/plans/{clerk.plan}.xlsx").data))
    row = next(row for row in book.worksheets[0].iter_rows() if clerk.evidence[0].quote in [cell.value for cell in row])
    state = next(cell for cell in row if str(cell.value).startswith("Hoàn thành"))
    book.worksheets[0].cell(state.row or 0, state.column or 0, "Đã báo cáo một phần")
    stream = io.BytesIO()
    book.save(stream)
    page = clerk.client.post(f"/plans/{clerk.plan}/import", data={"sheet": (io.BytesIO(stream.getvalue()), "b.xlsx")})
    sealed = parse(page.text).all("input", name="sheet")[0].attributes["value"]
    forms = {one.attributes["name"]: "partial" for one in parse(page.text).all("select") if "name" in one.attributes}
    data = {"sheet": sealed, "by": BY, **forms}
    assert clerk.client.post(f"/plans/{clerk.plan}/import/apply", data=data).status_code == 303
    assert [one.status.value for one in clerk.evidence if one.whole] == ["partial"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"passage": ""}, "Chưa chọn đoạn nào"),
        ({"passage": "whole", "status": ""}, "Xin chọn đoạn này cho thấy"),
        ({"passage": "whole", "status": "rejected"}, "Xin chọn đoạn này cho thấy"),
        ({"passage": "0-9-00000000"}, "đoạn đã chọn nay khác"),
        ({"passage": "9-0-x"}, "đoạn đã chọn nay khác"),
        ({"passage": "²-9-x"}, "đoạn đã chọn nay khác"),
        ({"passage": "whole", "by": ""}, "Xin ghi tên"),
        ({"passage": "whole", "of": "việc khác"}, "Nhiệm vụ vừa được đọc lại"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_one_clear_sentence(
    clerk: Clerk, form: dict[str, str], told: str
) -> None:
    answer = clerk.sends(**form)
    assert answer.status_code == 400
    assert told in answer.text
    assert not [one for one in clerk.evidence if one.added]


def test_from_a_paper_one_comes_to_the_plan_and_the_task(clerk: Clerk) -> None:
    page = clerk.client.get(f"/documents/{clerk.report}/tasks").text
    assert f"plan={clerk.plan}" in page, "the plan it cites is named at once"
    assert f"plan={clerk.plan}" in clerk.client.get(f"/documents/{clerk.report}/tasks?q=05-KH/HU").text
    at = REPORT.index("412 triệu")
    tasks = clerk.client.get(f"/documents/{clerk.report}/tasks?plan={clerk.plan}&at={at}").text
    assert "412 triệu đồng" in tasks
    assert unescape(tasks).count(f"{clerk.address}?paper={clerk.report}&at={at}") == 1
    chosen = parse(clerk.client.get(f"{clerk.address}?paper={clerk.report}&at={at}").text)
    (radio,) = [one for one in chosen.all("input", name="passage") if "checked" in one.attributes]
    assert "412 triệu" in clerk.keys()[radio.attributes["value"]]
    read = clerk.client.get(f"/documents/{clerk.report}").text
    assert f'href="/documents/{clerk.report}/tasks?at=' in read, "each section leads there"


@pytest.mark.parametrize("query", ["paper=khong-co", "paper={plan}"])
def test_what_is_not_there_is_not_found(clerk: Clerk, query: str) -> None:
    assert clerk.client.get(f"{clerk.address}?{query.format(plan=clerk.plan)}").status_code == 404
    assert clerk.client.get(f"/plans/{clerk.plan}/tasks/1/evidence").status_code == 404
    assert clerk.client.get("/documents/khong-co/tasks").status_code == 404
    assert clerk.client.get(f"/documents/{clerk.report}/tasks?plan=khong-co").status_code == 404


def test_a_full_disk_keeps_all_of_many_decisions_out_and_says_so(clerk: Clerk) -> None:
    keys = [one.key for one in clerk.service.findings.review(GUEST, plan=clerk.plan) if one.span]
    data = {"plan": clerk.plan, "key": keys, "status": "fulfils", "by": BY, "confirm": "1"}
    waiting = clerk.service.findings.review_count(GUEST)
    log = Path(f"{clerk.service.settings.data}/catalogue.sqlite-wal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        answer = clerk.client.post("/review/many", data=data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer.status_code == 503
    assert f"Chưa ghi quyết định nào trong {len(keys)} quyết định vừa gửi" in answer.text
    assert clerk.service.findings.review_count(GUEST) == waiting
    assert clerk.client.post("/review/many", data=data).status_code == 303
    assert clerk.service.findings.review_count(GUEST) == waiting - len(keys)
