"""The plan's page: every task by body, and the evidence of one assignment."""

from __future__ import annotations

from archive.viewer import GUEST
from tests.web.markup import parse
from tests.web.papers import Site
from web import matrix


def test_the_matrix_has_a_row_for_every_task_and_a_cell_for_every_lead(site: Site) -> None:
    plan = site.service.findings.plan(GUEST, site.plan)
    assert plan is not None
    html = parse(site.client.get(f"/plans/{site.plan}").text)
    rows = html.all("th", scope="row")
    assert len(rows) == len(plan.tasks)
    assert len(html.all("a", class_="cell")) == sum(max(1, len(t.task.lead)) for t in plan.tasks)
    assert "Đến 15/01/2018:" in html.all("p", class_="standing")[0].text


def test_a_cell_opens_the_drawer_with_the_quote_its_source_and_the_reasons(site: Site) -> None:
    html = parse(site.client.get(f"/plans/{site.plan}").text)
    cells = {e.attributes["data-body"]: e for e in html.all("a", class_="cell")}
    cell = next(e for body, e in cells.items() if "Khuyến học" in body)
    drawer = parse(site.client.get(cell.attributes["href"]).text).all("aside", class_="drawer")[0]
    assert "68/74 thôn" in drawer.text
    assert "12/BC-HKH" in drawer.text
    assert "chưa có người xác nhận" in drawer.text


def test_a_section_alone_opens_its_first_assignment(site: Site) -> None:
    plan = site.service.findings.plan(GUEST, site.plan)
    assert plan is not None
    given = matrix.assignments(plan)
    for one in given:
        assert matrix.opened(given, one.address) == one
    section = given[0].task.task.section
    assert matrix.opened(given, section) == given[0]
    assert matrix.opened(given, "khong.co:1") is None


def test_the_address_of_a_task_is_the_address_of_its_first_cell(site: Site) -> None:
    plan = site.service.findings.plan(GUEST, site.plan)
    assert plan is not None
    given = matrix.assignments(plan)
    addresses = matrix.addresses(plan.tasks)
    for task in plan.tasks:
        one = matrix.opened(given, addresses[task.task.span.start])
        assert one is not None and one.task == task


def test_the_bar_is_as_long_as_its_tasks(site: Site) -> None:
    plan = site.service.findings.plan(GUEST, site.plan)
    assert plan is not None
    segments = matrix.segments(plan.tasks)
    assert sum(s.count for s in segments) == len(plan.tasks)
    assert segments[-1].x + segments[-1].width <= 1000


def test_every_view_of_a_plan_shows_every_task(site: Site) -> None:
    plan = site.service.findings.plan(GUEST, site.plan)
    assert plan is not None
    for view in ("body", "period", "list", "khong-co"):
        html = parse(site.client.get(f"/plans/{site.plan}?view={view}").text)
        assert len(html.all("th", scope="row")) == len(plan.tasks)


def test_the_list_of_plans_leads_to_each(site: Site) -> None:
    html = parse(site.client.get("/plans").text)
    assert html.all("a", href=f"/plans/{site.plan}")
