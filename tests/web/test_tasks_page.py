"""Editing tasks on the site: forms without scripts, each decision told with its maker and taken back in one step."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.viewer import GUEST
from indexer import worker
from indexer.views import PlanView, TaskView
from indexer.wiring import Service
from tests.web.markup import parse
from tests.web.papers import PLAN, REPORT, accepted, settings_in
from web import create_app

NEWER = (
    PLAN.replace("Số 05-KH/HU", "Số 21-KH/HU").replace("ngày 30 tháng 9 năm 2016", "ngày 10 tháng 01 năm 2018")
    .replace("Ban Thường vụ Huyện ủy ban hành Kế hoạch như sau:",
             "Ban Thường vụ Huyện ủy ban hành Kế hoạch như sau. Kế hoạch này thay thế Kế hoạch số 05-KH/HU "
             "ngày 30/9/2016 của Ban Thường vụ Huyện ủy.")
    .replace("phấn đấu 95% thôn, khu phố", "phấn đấu 98% thôn, khu phố").replace("31/12/2017", "31/12/2019")
    .replace("1. Giao Ủy ban nhân dân huyện kiện toàn Ban Chỉ đạo xây dựng xã hội học tập,\n"
             "hoàn thành trước ngày 30/11/2016.", "1. Giao Phòng Nội vụ tham mưu khen thưởng hằng năm.")
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A site of its own for each test: tests write to it."""

    service: Service
    client: FlaskClient
    plan: str

    def view(self, document: str | None = None) -> PlanView:
        found = self.service.findings.plan(GUEST, document or self.plan)
        assert found is not None
        return found

    def task(self, words: str) -> TaskView:
        (found,) = [one for one in self.view().tasks if words in " ".join(one.task.wording.split())]
        return found

    def page(self, words: str) -> str:
        return f"/plans/{self.plan}/tasks/{self.task(words).task.span.start}"

    def post(self, address: str, status: int = 303, **form: str) -> str:
        html = parse(self.client.get(f"/plans/{self.plan}/tasks").text)
        token = html.all("input", name="csrf_token")[0].attributes["value"]
        answer = self.client.post(address, data={"csrf_token": token, "by": "Lê Thị Thu", **form})
        assert answer.status_code == status, answer.text
        return answer.text

    def undo_last(self) -> None:
        found = re.search(rf"/plans/{self.plan}/tasks/undo/\d+", self.client.get(f"/plans/{self.plan}/tasks").text)
        assert found is not None
        self.post(found[0])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The plan and a report on it."""
    with Service.open(settings_in(tmp_path)) as service:
        plan = accepted(service, "plan.txt", PLAN.encode())
        accepted(service, "report.txt", REPORT.encode())
        worker.run(service, forever=False)
        app = create_app(service)
        app.config["TESTING"] = True
        yield Desk(service, app.test_client(), plan)


def test_the_drawer_leads_to_the_forms_of_its_task(desk: Desk) -> None:
    html = parse(desk.client.get(f"/plans/{desk.plan}?cell=ii.2").text)
    address = desk.page("phát triển")
    assert [link.text for link in html.all("a", href=address)] == ["Sửa nhiệm vụ"]
    form = parse(desk.client.get(address).text)
    assert form.all("textarea", id="s-lead")[0].text.strip() == "Hội Khuyến học huyện"


def test_a_corrected_task_is_shown_with_its_maker_and_taken_back_in_one_step(desk: Desk) -> None:
    before = desk.view()
    address = desk.page("kiện toàn")
    desk.post(address, act="correct", **{"lead": "Phòng Nội vụ\nVăn phòng", "was-lead": "Ủy ban nhân dân huyện"})
    task = desk.task("kiện toàn").task
    assert (task.lead, task.by) == (("Phòng Nội vụ", "Văn phòng"), "Lê Thị Thu")
    said = parse(desk.client.get(f"/plans/{desk.plan}/tasks").text)
    told = said.all("li", class_="told")[0].text
    assert "Lê Thị Thu" in told and "Ủy ban nhân dân huyện" in told and "Phòng Nội vụ; Văn phòng" in told
    desk.undo_last()
    assert desk.view() == before
    assert "đã hoàn tác" in parse(desk.client.get(f"/plans/{desk.plan}/tasks").text).all("li", class_="told")[0].text


def test_more_time_changes_the_state_and_keeps_the_old_term_in_sight(desk: Desk) -> None:
    assert desk.task("kiện toàn").state == "overdue"
    desk.post(desk.page("kiện toàn"), act="extend", until="30/6/2018", reason="Chờ sắp xếp nhân sự", source="12/BC-HKH")
    view = desk.task("kiện toàn")
    assert view.state == "not-due" and view.task.extension is not None
    assert view.task.extension.source is not None
    drawer = parse(desk.client.get(f"/plans/{desk.plan}?cell=iii.1").text).all("aside", class_="drawer")[0].text
    assert "30/6/2018" in drawer and "30/11/2016" in drawer and "Chờ sắp xếp nhân sự" in drawer
    desk.undo_last()
    assert desk.task("kiện toàn").state == "overdue"


def test_what_cannot_be_understood_comes_back_as_typed_and_changes_nothing(desk: Desk) -> None:
    address, before = desk.page("kiện toàn"), desk.view()
    said = desk.post(address, 400, act="extend", until="31/13/2018", reason="Chờ nhân sự")
    assert "Chưa hiểu ngày “31/13/2018”" in said and "Chờ nhân sự" in said
    unknown = desk.post(address, 400, act="extend", until="1/6/2018", reason="x", source="9/Y")
    assert "Không tìm thấy trong kho: “9/Y”" in unknown
    assert "một dòng" in desk.post(address, 400, act="split", parts="Chỉ một việc")
    assert "gộp vào" in desk.post(address, 400, act="merge", other="")
    stale = desk.post(address, 400, act="drop", of="Một nhiệm vụ khác nay đứng ở chỗ này")
    assert "sửa ở nơi khác" in stale
    assert "Chưa có ô nào" in desk.post(address, 400, act="correct")
    assert "nội dung" in desk.post(f"/plans/{desk.plan}/tasks", 400, wording=" ")
    assert "Chưa hiểu hạn" in desk.post(f"/plans/{desk.plan}/tasks", 400, wording="Việc", due="trước 45/9/2018")
    assert desk.view() == before
    desk.post(address, 400, act="khong-co")
    assert desk.client.get(f"/plans/{desk.plan}/tasks/999999").status_code == 404


def test_a_task_is_split_its_parts_are_edited_and_all_comes_back(desk: Desk) -> None:
    before = desk.view()
    desk.post(desk.page("kiện toàn"), act="split", parts="Kiện toàn Ban Chỉ đạo huyện\nXây dựng quy chế làm việc")
    first, second = desk.task("Kiện toàn Ban Chỉ đạo huyện").task, desk.task("quy chế").task
    assert first.lead == second.lead and first.due == second.due and first.span.start != second.span.start
    desk.post(desk.page("quy chế"), act="correct", **{"lead": "Văn phòng", "was-lead": "Ủy ban nhân dân huyện"})
    assert desk.task("quy chế").task.lead == ("Văn phòng",)
    assert desk.task("Kiện toàn Ban Chỉ đạo huyện").task.lead == ("Ủy ban nhân dân huyện",)
    desk.post(desk.page("quy chế"), act="drop")
    assert len(desk.view().tasks) == len(before.tasks)
    for _ in range(3):
        desk.undo_last()
    assert desk.view() == before


def test_tasks_are_merged_and_dropped(desk: Desk) -> None:
    before = desk.view()
    onto = desk.task("phát triển").task.span.start
    desk.post(desk.page("kiện toàn"), act="merge", other=str(onto))
    merged = desk.task("phát triển").task
    assert merged.lead == ("Hội Khuyến học huyện", "Ủy ban nhân dân huyện") and "kiện toàn" in merged.wording
    desk.post(desk.page("phát triển"), act="drop", why="Đã hủy")
    assert len(desk.view().tasks) == len(before.tasks) - 2
    desk.undo_last()
    desk.undo_last()
    assert desk.view() == before


def test_an_added_task_is_answered_like_any_other(desk: Desk) -> None:
    desk.post(
        f"/plans/{desk.plan}/tasks", wording="Vận động xây dựng quỹ khuyến học của huyện", section="ii",
        lead="Hội Khuyến học huyện", due="trước ngày 31/12/2017",
    )  # fmt: skip
    view = desk.task("quỹ khuyến học")
    assert view.task.added and view.task.by == "Lê Thị Thu"
    assert any("412 triệu" in one.quote for one in view.evidence)
    page = desk.client.get(f"/plans/{desk.plan}").text
    assert "quỹ khuyến học" in page
    drawer = parse(desk.client.get(f"/plans/{desk.plan}?cell=ii").text).all("aside", class_="drawer")[0].text
    assert "Lê Thị Thu thêm bằng tay" in drawer and "412 triệu" in drawer
    assert desk.client.get(f"/documents/{desk.plan}").status_code == 200
    worker.rebuild(desk.service, progress=io.StringIO())
    assert desk.task("quỹ khuyến học").task == view.task
    assert "Thêm nhiệm vụ" in desk.client.get(f"/documents/{desk.plan}/corrections").text


def test_a_task_of_a_replaced_plan_moves_only_by_a_persons_word(desk: Desk) -> None:
    newer = accepted(desk.service, "newer.txt", NEWER.encode())
    worker.run(desk.service, forever=False)
    before, after = desk.view(), desk.view(newer)
    assert before.moved == () and all(not one.origins for one in after.tasks)
    offered = desk.service.findings.proposed_moves(GUEST, desk.plan)
    one = next(move for move in offered if "phát triển" in move.task.wording)
    assert one.plan.document == newer and "98%" in one.onto.wording
    assert "đề nghị chuyển" in desk.client.get(f"/plans/{desk.plan}").text
    form = {"task": str(one.task.span.start), "plan": newer, "onto": str(one.onto.span.start)}
    desk.post(f"/plans/{desk.plan}/tasks/moves", act="accept", **form)
    held = desk.view()
    assert [move.task for move in held.moved] == [one.task] and len(held.tasks) == len(before.tasks) - 1
    (goes_on,) = [view for view in desk.view(newer).tasks if view.origins]
    assert "98%" in goes_on.task.wording and any("68/74" in proof.quote for proof in goes_on.evidence)
    worker.rebuild(desk.service, progress=io.StringIO())
    assert [move.task for move in desk.view().moved] == [one.task]
    page = desk.client.get(f"/plans/{desk.plan}").text
    assert "Đã chuyển sang kế hoạch mới" in page and f"/plans/{newer}" in page
    desk.undo_last()
    assert desk.view() == before
    desk.post(f"/plans/{desk.plan}/tasks/moves", act="refuse", **form)
    left = desk.service.findings.proposed_moves(GUEST, desk.plan)
    assert one.task not in [move.task for move in left] and len(desk.view().tasks) == len(before.tasks)
    desk.post(f"/plans/{desk.plan}/tasks/moves", 404, act="accept", **form)
