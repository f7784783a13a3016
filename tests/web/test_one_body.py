"""One body that a plan writes in several ways is one: in the matrix, the drawings, the lists, the files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import icalendar
import openpyxl

from archive import bodies as archived
from archive.viewer import GUEST
from corpus.bodies import RegisteredBody
from indexer import due_lines, register, task_rows
from indexer.task_rows import STATES
from indexer.views import PlanView
from indexer.wiring import Service
from tests.web import office
from tests.web.markup import parse
from tests.web.papers import PLAN
from web import charts, create_app, matrix, plan_report
from web.task_book import COUNTS, task_book

BEGIN, END = PLAN.index("II. NHIỆM VỤ"), PLAN.index("III. TỔ CHỨC")
TASKS = """II. NHIỆM VỤ
1. Giao Phòng Nội vụ chủ trì rà soát danh mục sách thư viện, hoàn thành trước ngày 31/12/2017.
2. Giao Phòng Nội vụ huyện chủ trì sửa chữa nhà văn hóa thôn, hoàn thành trước ngày 30/11/2017.
3. Giao Phòng Nội vụ huyện Yên Hà chủ trì kiểm tra hồ sơ lưu trữ, hoàn thành trước ngày 31/10/2017.
4. Giao Hội Nông dân huyện chủ trì mở lớp kỹ thuật trồng tiêu, hoàn thành trước ngày 31/12/2017.
5. Giao Hội Nông dân tỉnh chủ trì khảo sát tổ hợp tác chăn nuôi bò, hoàn thành trước ngày 31/12/2017.
6. Giao Phòng Nội vụ huyện Sơn Lộc chủ trì lắp đặt cụm loa truyền thanh, hoàn thành trước ngày 30/9/2017.
"""
SEVERAL = PLAN[:BEGIN] + TASKS + PLAN[END:]
SWAPPED = {"YÊN HÀ": "SƠN LỘC", "Yên Hà": "Sơn Lộc", "Sơn Lộc": "Yên Hà", "05-KH/HU": "07-KH/HU"}
OTHER = re.sub("|".join(SWAPPED), lambda found: SWAPPED[found[0]], SEVERAL)
WEEK = dt.date(2018, 1, 15), dt.date(2018, 1, 21)
CALLED = {
    "Phòng Nội vụ huyện": 3, "Hội Nông dân huyện": 1, "Hội Nông dân tỉnh": 1, "Phòng Nội vụ huyện Sơn Lộc": 1,
    "Ủy ban nhân dân huyện": 1,
}  # fmt: skip


def _plan(service: Service, document: str) -> PlanView:
    found = service.findings.plan(GUEST, document)
    assert found is not None
    return found


def test_it_has_one_column_and_other_bodies_have_their_own(service: Service, add: Callable[..., str]) -> None:
    plan = _plan(service, add(SEVERAL))
    table = matrix.matrix(plan, ())
    assert sorted(table.bodies) == sorted(CALLED)
    at = table.bodies.index("Phòng Nội vụ huyện")
    rows = [row for part in table.parts for row in part.rows]
    assert [bool(row.cells[at]) for row in rows] == [True, True, True, False, False, False, False]


def test_it_has_one_bar_and_one_line_in_the_report(service: Service, add: Callable[..., str]) -> None:
    plan = _plan(service, add(SEVERAL))
    bars = charts.by_body(matrix.assignments(plan)).lines
    assert {line.name: sum(count for _, count in line.counts) for line in bars} == CALLED
    shown = service.findings.document(GUEST, plan.card.document)
    assert shown is not None
    told = plan_report.plan_report(plan, shown.heading, ())
    assert {one.body: one.given for one in told.tallies} == CALLED and "cho 5 đầu mối" in told.summary


def test_the_week_gathers_it_over_plans_and_tells_two_districts_apart(
    service: Service, add: Callable[..., str]
) -> None:
    add(SEVERAL, "a.txt")
    add(OTHER, "b.txt")
    plans = service.findings.plans(GUEST)
    found = {one.body: len(one.overdue) for one in due_lines.due_lines(plans, *WEEK)}
    # Each plan has three tasks for its own office, and one for the other district's.
    assert found["Phòng Nội vụ huyện Yên Hà"] == found["Phòng Nội vụ huyện Sơn Lộc"] == 4
    assert found["Hội Nông dân tỉnh"] == 2 and sum(found.values()) == 14
    (only,) = due_lines.due_lines(plans, *WEEK, body="Phòng Nội vụ huyện Sơn Lộc")
    assert (only.body, len(only.overdue)) == ("Phòng Nội vụ huyện Sơn Lộc", 4)
    # Words that two bodies are called by in different plans mean both.
    assert {one.body for one in due_lines.due_lines(plans, *WEEK, body="phòng nội vụ")} == {
        "Phòng Nội vụ huyện Yên Hà", "Phòng Nội vụ huyện Sơn Lộc",
    }  # fmt: skip
    client = create_app(service).test_client()
    page = parse(client.get("/plans/due?week=2018-W03&body=Phòng Nội vụ huyện Sơn Lộc").text)
    assert [one.text for one in page.all("h2")] == ["Phòng Nội vụ huyện Sơn Lộc"]
    answer = client.get("/plans/due.ics?body=Phòng Nội vụ huyện Sơn Lộc")
    assert len(icalendar.Calendar.from_ical(answer.data).walk("VEVENT")) == 4


def test_the_workbook_counts_it_once(service: Service, add: Callable[..., str], tmp_path: Path) -> None:
    sheet = task_rows.sheet(service, GUEST, add(SEVERAL))
    assert sheet is not None
    path = tmp_path / "nhiem-vu.xlsx"
    path.write_bytes(task_book(sheet))
    edited = office.edit(path, tmp_path / "lai.xlsx", profile=tmp_path / "profile")
    counts = openpyxl.load_workbook(edited, data_only=True)[COUNTS]
    first = len(STATES) + 7
    lines = [[cell.value for cell in row] for row in counts.iter_rows(min_row=first, max_row=first + 4)]
    assert {line[0]: line[1] for line in lines} == CALLED
    assert all(sum(line[2 : 2 + len(STATES)]) == line[1] for line in lines)
    (also,) = [line[2 + len(STATES) :] for line in lines if line[0] == "Phòng Nội vụ huyện"]
    assert [name for name in also if name] == ["Phòng Nội vụ", "Phòng Nội vụ huyện Yên Hà"]


def test_the_register_says_which_of_two_bodies_of_one_name_is_meant(service: Service, add: Callable[..., str]) -> None:
    """An old name, which the register gives to one office in each district, is the one under who wrote the plan."""
    for place in ("Yên Hà", "Sơn Lộc"):
        above, own = f"uy-{place}", f"nv-{place}"
        for body in (
            RegisteredBody(above, f"Huyện ủy {place}"),
            RegisteredBody(own, f"Phòng Nội vụ huyện {place}", aliases=("Phòng Tổ chức",), parent=above),
        ):
            archived.record(service.archive, body.id, register.to_value(body), by="Lê Thị Thu")
    text = SEVERAL.replace("Giao Phòng Nội vụ chủ trì", "Giao Phòng Tổ chức chủ trì")
    plan = _plan(service, add(text))
    assert plan.tasks[0].task.lead == ("Phòng Tổ chức",)
    assert plan.body("Phòng Tổ chức") == plan.body("Phòng Nội vụ huyện") != plan.body("Phòng Nội vụ huyện Sơn Lộc")
