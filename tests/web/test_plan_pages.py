"""The plan's page: every task by body, and the evidence of one assignment."""

from __future__ import annotations

from collections.abc import Callable

from archive.viewer import GUEST
from indexer.wiring import Service
from tests.web.markup import parse
from tests.web.papers import PLAN, REPORT, Site
from web import create_app, matrix


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


def test_the_tally_leads_to_the_tasks_in_one_state(site: Site) -> None:
    whole = parse(site.client.get(f"/plans/{site.plan}").text)
    rows = len(whole.all("th", scope="row"))
    links = [e for e in whole.all("a") if "state=" in e.attributes.get("href", "")]
    assert links and sum(int(e.text.split(":")[1]) for e in links) == rows
    for link in links:
        narrowed = parse(site.client.get(link.attributes["href"]).text)
        assert len(narrowed.all("th", scope="row")) == int(link.text.split(":")[1])
        (shown,) = narrowed.all("a", aria_current="true")
        assert shown.text == link.text and "state=" not in shown.attributes["href"]
        for view in ("list", "period"):
            address = link.attributes["href"].replace("view=body", f"view={view}")
            assert len(parse(site.client.get(address).text).all("th", scope="row")) == int(link.text.split(":")[1])
    assert len(parse(site.client.get(f"/plans/{site.plan}?state=nonsense").text).all("th", scope="row")) == rows


def test_the_drawer_shows_what_counts_and_folds_the_rest(service: Service, add: Callable[..., str]) -> None:
    plan = add(PLAN)
    for number in (12, 13, 14):
        add(REPORT.replace("12/BC-HKH", f"{number}/BC-HKH").replace("68/74", f"{56 + number}/74"), f"{number}.txt")
    page = parse(create_app(service).test_client().get(f"/plans/{plan}?cell=ii.2").text)
    (folded,) = page.all("details", class_="more-proof")
    quotes = [e.text.strip() for e in page.all("p", class_="quote") if "plain" not in e.attributes["class"]]
    assert len(quotes) > 2 and quotes[0] not in folded.text and all(quote in folded.text for quote in quotes[1:])
    assert len([e for e in page.all("a") if e.text == "Thêm minh chứng"]) == 1
