"""What is due in a week, by body."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import icalendar
import pytest
from click.testing import CliRunner

from archive.viewer import GUEST
from indexer import due_lines
from indexer.views import TaskState
from indexer.wiring import Service
from tests.web.markup import parse
from tests.web.papers import PLAN, REPORT, Site
from web.cli import cli

RECURRING = PLAN.replace(
    "hoàn thành trước ngày 30/11/2016.",
    "báo cáo Ban Thường vụ Huyện ủy trước ngày 25/6 và 25/11 hằng năm.",
)


def of(service: Service, week: str, body: str = "") -> dict[str, tuple[list[str], list[str]]]:
    days = due_lines.named_week(week)
    assert days is not None
    found = due_lines.due_lines(service.findings.plans(GUEST), *days, body=body)
    return {one.body: ([str(line.on) for line in one.coming], [str(line.on) for line in one.overdue]) for one in found}


def test_a_term_is_due_in_its_week_alone(service: Service, add: Callable[..., str]) -> None:
    add(PLAN)
    assert of(service, "2016-11-30")["Ủy ban nhân dân huyện"] == (["2016-11-30"], [])
    assert "Ủy ban nhân dân huyện" not in of(service, "2016-W47")


def test_what_was_due_before_and_is_open_is_told_with_its_days(service: Service, add: Callable[..., str]) -> None:
    add(PLAN)
    assert of(service, "2018-W03")["Ủy ban nhân dân huyện"] == ([], ["2016-11-30"])
    add(REPORT)  # answers the other task in part
    assert set(of(service, "2018-W03")) == {"Ủy ban nhân dân huyện"}


def test_each_period_of_a_duty_is_a_term(service: Service, add: Callable[..., str]) -> None:
    add(RECURRING)
    body = "Ủy ban nhân dân huyện"
    for day in ("2017-06-25", "2017-11-25", "2018-06-25", "2018-11-25"):  # the last one lies beyond the coming period
        assert of(service, day, body)[body][0] == [day]
    assert of(service, "2018-W30", body).get(body, ([], []))[0] == []
    days = due_lines.week_of(dt.date(2018, 6, 25))
    ((line,),) = [one.coming for one in due_lines.due_lines(service.findings.plans(GUEST), *days, body=body)]
    assert line.state is TaskState.NOT_DUE


def test_only_one_body(service: Service, add: Callable[..., str]) -> None:
    add(PLAN)
    for typed in ("Hội Khuyến học huyện", "hội khuyến học huyện"):
        assert set(of(service, "2018-W03", typed)) == {"Hội Khuyến học huyện"}


@pytest.mark.parametrize("week", ["2018-W60", "tuần tới", "2018-13-01", "", "0000-W01"])
def test_what_is_no_week_is_none(week: str) -> None:
    assert due_lines.named_week(week) is None


def test_the_page_lists_the_week_and_leads_to_the_plan(site: Site) -> None:
    html = parse(site.client.get("/plans/due?week=2016-11-28").text)
    assert html.all("a", href=f"/plans/{site.plan}?cell=iii.1#minh-chung")
    assert "2016" in html.all("p", class_="standing")[0].text
    assert site.client.get("/plans/due?week=xyz").status_code == 400
    assert "Đến hạn tuần này" in site.client.get("/plans/due").text


def test_the_calendar_of_all_plans_is_narrowed_to_a_body(site: Site) -> None:
    every = icalendar.Calendar.from_ical(site.client.get("/plans/due.ics").data)
    one = icalendar.Calendar.from_ical(site.client.get("/plans/due.ics?body=Hội+Khuyến+học+huyện").data)
    assert len(every.walk("VEVENT")) == 2 and len(one.walk("VEVENT")) == 1


def test_the_command_lists_the_week(
    service: Service, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANKHO_TODAY", "2018-01-15")
    add(PLAN)
    words = ["--data", str(service.settings.data), "due", "--week", "2016-W48"]
    told = json.loads(CliRunner().invoke(cli, [*words, "--json"]).stdout)
    assert (told["from"], told["to"]) == ("2016-11-28", "2016-12-04")
    (line,) = next(one["due"] for one in told["bodies"] if one["body"] == "Ủy ban nhân dân huyện")
    assert line["on"] == "2016-11-30" and line["number"] == "05-KH/HU"
    assert "30/11/2016" in CliRunner().invoke(cli, words).stdout
    assert CliRunner().invoke(cli, [*words[:3], "--week", "x"]).exit_code == 2
