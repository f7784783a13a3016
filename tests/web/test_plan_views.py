"""The other views of a plan: charts with their figures, periods by body, the plans that carry it out."""

from __future__ import annotations

import datetime as dt

from archive.viewer import GUEST
from corpus.model import Due, Span, Task
from indexer.views import Card, MemberView, PeriodView, PlanView, ShareView, State, TaskState, TaskView
from tests.web.markup import parse
from tests.web.papers import Site
from web import charts, labels, matrix, reporting, wording

TODAY = dt.date(2018, 1, 15)
AT = dt.datetime(2017, 1, 1, tzinfo=dt.UTC)


def _view(number: int, body: str, state: TaskState, on: dt.date | None, **more: object) -> TaskView:
    due = Due(f"trước ngày {on}", on) if on else None
    task = Task(f"ii.{number}", f"Việc số {number}", Span(number, number + 1), (body,), due=due)
    return TaskView(task, None, None, state, 0, shares=(ShareView(body, state, 0, **more),))  # type: ignore[arg-type]


def _plan(*tasks: TaskView) -> PlanView:
    return PlanView(Card("kh", "kh.txt", AT, State.SEARCHABLE), TODAY, tasks, {"tasks": len(tasks), "overdue": 0})


def _many(count: int) -> PlanView:
    states = list(TaskState)
    return _plan(*(
        _view(n, f"Phòng {'ABCDEFG'[n % 7]} huyện", states[n % 8], dt.date(2016 + n % 3, n % 12 + 1, n % 27 + 1))
        for n in range(count)
    ))  # fmt: skip


def test_every_task_has_its_place_in_both_drawings() -> None:
    for count in (1, 9, 300):
        plan = _many(count)
        for chart in (charts.by_body(matrix.assignments(plan)), charts.by_month(plan)):
            assert sum(number for line in chart.lines for _, number in line.counts) == count
            assert sum(piece.count for line in chart.lines for piece in line.pieces) == count
            assert all(piece.x >= 0 and piece.x + piece.width <= charts.WIDTH + 1 and piece.width > 0
                       for line in chart.lines for piece in line.pieces)  # fmt: skip
            assert all(0 <= piece.y <= chart.height for line in chart.lines for piece in line.pieces)
            assert {state for line in chart.lines for state, _ in line.counts} == set(chart.states)


def test_bodies_with_most_overdue_come_first_and_say_so() -> None:
    plan = _plan(
        _view(1, "Phòng Nội vụ", TaskState.DONE, TODAY), _view(2, "Phòng Nội vụ", TaskState.DONE_LATE, TODAY),
        _view(3, "Đài Truyền thanh", TaskState.OVERDUE, TODAY),
    )  # fmt: skip
    first, second = charts.by_body(matrix.assignments(plan)).lines
    assert (first.name, first.said) == ("Đài Truyền thanh", "0/1 xong, 1 quá hạn")
    assert (second.name, second.said) == ("Phòng Nội vụ", "2/2 xong")
    assert second.words == "hoàn thành đúng hạn 1, hoàn thành quá hạn 1"


def test_months_without_tasks_keep_their_place_and_today_stands_among_them() -> None:
    plan = _plan(
        _view(1, "A", TaskState.DONE, dt.date(2017, 11, 30)), _view(2, "A", TaskState.NOT_DUE, dt.date(2018, 3, 31)),
        _view(3, "A", TaskState.NO_DUE, None),
    )  # fmt: skip
    chart = charts.by_month(plan)
    assert [line.name for line in chart.lines] == ["11/2017", "12/2017", "1/2018", "2/2018", "3/2018"]
    assert [len(line.counts) for line in chart.lines] == [1, 0, 0, 0, 1] and chart.left_out == 1
    assert chart.today is not None and chart.lines[1].x < chart.today < chart.lines[3].x
    assert not charts.by_month(_plan(_view(1, "A", TaskState.NO_DUE, None))).lines
    first, last = dt.date(2010, 1, 1), dt.date(2019, 5, 1)
    years = _plan(_view(1, "A", TaskState.DONE, first), _view(2, "A", TaskState.DONE, last))
    assert charts.by_month(years).quarters and charts.by_month(years).lines[-1].name == "QII/2019"


def test_communes_share_one_column_that_says_how_many_they_are() -> None:
    plan = _plan(
        _view(1, "Ủy ban nhân dân các xã, thị trấn", TaskState.DONE, TODAY, done=6, of=6),
        _view(2, "Đảng ủy các xã, thị trấn", TaskState.ONGOING, TODAY, done=4, of=6),
        _view(3, "Ủy ban nhân dân xã Mỹ Lâm", TaskState.OVERDUE, TODAY),
        _view(4, "Phòng Nội vụ", TaskState.DONE, TODAY),
    )  # fmt: skip
    table = matrix.matrix(plan, ())
    assert table.bodies == ("Phòng Nội vụ", "6 xã, thị trấn")
    rows = [row for part in table.parts for row in part.rows]
    assert [row.cells[1][0].short if row.cells[1] else "" for row in rows] == ["6/6 xã", "4/6 xã", "Quá hạn", ""]
    alone = matrix.matrix(_plan(_view(3, "Ủy ban nhân dân xã Mỹ Lâm", TaskState.DONE, TODAY)), ())
    assert alone.bodies == ("Ủy ban nhân dân xã Mỹ Lâm",)


def test_titles_keep_numbers_whole_and_end_with_a_word() -> None:
    said = (
        "Hướng dẫn các chi bộ học tập lại Chỉ thị số 11-CT/TW ngày 13/4/2007 của Bộ Chính trị và Quyết định số "
        "89/QĐ-TTg ngày 09/01/2013 của Thủ tướng Chính phủ, hoàn thành trước ngày 31/12/2016."
    )
    title = wording.wording_title(Task("ii.1", said, Span(0, 1)))
    assert "Chỉ thị 11-CT/TW" in title and "13/4/2007" not in title
    assert not title.rstrip("…").endswith((" số", " và", " của"))
    short = wording.wording_title(Task("ii.1", "Kiện toàn Ban Chỉ đạo các cấp, xong trước ngày 30/11/2016", Span(0, 1)))
    assert short == "Kiện toàn Ban Chỉ đạo các cấp"


def test_who_has_not_reported_for_the_last_period_is_named() -> None:
    closed, coming = dt.date(2017, 12, 20), dt.date(2018, 6, 20)
    late = (PeriodView(closed, TaskState.OVERDUE, 26), PeriodView(coming, TaskState.NOT_DUE, 0))
    good = (PeriodView(closed, TaskState.DONE, 0), PeriodView(coming, TaskState.NOT_DUE, 0))
    task = Task("iii.5", "Báo cáo", Span(0, 1), ("các xã", "Phòng Nội vụ"), due=Due("6 tháng", None, "half-yearly"))
    members = (MemberView("xã A", TaskState.DONE, 0, good), MemberView("xã B", TaskState.OVERDUE, 26, late))
    shares = (
        ShareView("các xã", TaskState.OVERDUE, 26, members=members, periods=late),
        ShareView("Phòng Nội vụ", TaskState.OVERDUE, 26, periods=late),
    )
    view = TaskView(task, None, None, TaskState.OVERDUE, 26, shares=shares, periods=late)
    (duty,) = reporting.duties(_plan(view))
    assert [(row.name, row.inner) for row in duty.rows] == [
        ("các xã", False), ("xã A", True), ("xã B", True), ("Phòng Nội vụ", False),
    ]  # fmt: skip
    assert duty.silent == ("xã B", "Phòng Nội vụ") and duty.days == (closed, coming)


def test_charts_say_in_words_and_figures_what_they_draw(site: Site) -> None:
    plan = site.service.findings.plan(GUEST, site.plan)
    assert plan is not None
    html = parse(site.client.get(f"/plans/{site.plan}?view=chart").text)
    drawings = html.all("svg", class_="chart")
    assert len(drawings) == 2 and all(drawing.attributes["role"] == "img" for drawing in drawings)
    described = " ".join(one.text for one in html.all("desc"))
    for view in plan.tasks:
        assert labels.counted(view.state).words.lower() in described
    assert len(html.all("rect", class_="b-overdue")) >= plan.summary["overdue"]


def test_the_chain_names_reports_and_says_when_nothing_is_below(site: Site) -> None:
    assert "12/BC-HKH" in parse(site.client.get(f"/plans/{site.plan}?view=chain").text).all("main")[0].text
    page = site.client.get(f"/plans/{site.report}?view=chain")
    assert page.status_code == 200
