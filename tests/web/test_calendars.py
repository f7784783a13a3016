"""Deadlines in calendars: the days that the site counts by, under ids that stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import icalendar
import pytest
from dateutil.rrule import rrulestr

from archive.viewer import GUEST
from corpus import standing
from corpus.model import Due
from indexer.views import PlanView
from indexer.wiring import Service
from tests.web.papers import PLAN, REPORT
from web import calendars

SINCE = dt.date(2016, 9, 30)
RECURRING = PLAN.replace(
    "hoàn thành trước ngày 30/11/2016.",
    "báo cáo Ban Thường vụ Huyện ủy trước ngày 25/6 và 25/11 hằng năm.",
)


def plan_of(service: Service, document: str) -> PlanView:
    found = service.findings.plan(GUEST, document)
    assert found is not None
    return found


def events(made: bytes) -> list[icalendar.Event]:
    return [one for one in icalendar.Calendar.from_ical(made).walk("VEVENT") if isinstance(one, icalendar.Event)]


@pytest.mark.parametrize(
    "due",
    [
        Due("", recurs="monthly"),
        Due("", recurs="monthly", days=((0, 20),)),
        Due("", recurs="monthly", days=((0, 30),)),  # the 28th or 29th in February
        Due("", recurs="quarterly"),
        Due("", recurs="half-yearly", days=((6, 20), (12, 20))),
        Due("", recurs="half-yearly+yearly", days=((6, 25), (11, 30))),  # two rules
        Due("", recurs="yearly"),
        Due("", recurs="yearly", days=((2, 29),)),
        Due("", recurs="weekly"),
    ],
)
def test_rules_give_the_days_by_which_standing_is_judged(due: Due) -> None:
    until = dt.date(2019, 12, 31)
    found: list[dt.date] = []
    for _, rule in calendars.rules(due):
        first = calendars.days(due, SINCE, rule)[0]
        start = dt.datetime.combine(first, dt.time())
        line = icalendar.vRecur(rule).to_ical().decode()
        found += [day.date() for day in rrulestr(line, dtstart=start).between(start, dt.datetime(2020, 1, 1), inc=True)]
    expected = [day for day in standing.periods(due, SINCE, until) if day <= until]
    assert sorted(found) == expected


@pytest.mark.parametrize("due", [Due("thường xuyên", recurs="continuous"), Due("sau 05 ngày làm việc")])
def test_what_has_no_day_has_no_rule(due: Due) -> None:
    assert calendars.rules(due) == ()


def test_a_term_is_a_day_with_a_reminder_a_week_before(service: Service, add: Callable[..., str]) -> None:
    plan = plan_of(service, add(PLAN))
    found = events(calendars.calendar([plan], name="Kế hoạch", link="http://kho/plans/"))
    assert sorted(event["DTSTART"].dt for event in found) == [dt.date(2016, 11, 30), dt.date(2017, 12, 31)]
    for event in found:
        assert event["DTEND"].dt - event["DTSTART"].dt == dt.timedelta(days=1)
        (alarm,) = event.walk("VALARM")
        assert alarm["TRIGGER"].dt == dt.timedelta(days=-7)
        assert event["URL"] == f"http://kho/plans/{plan.card.document}"
        assert "05-KH/HU" in event["DESCRIPTION"]


def test_ids_stay_when_evidence_arrives(service: Service, add: Callable[..., str]) -> None:
    document = add(PLAN)
    before, plan = calendars.calendar([plan_of(service, document)], name=""), document
    add(REPORT)
    after = calendars.calendar([plan_of(service, plan)], name="")
    assert [event["UID"] for event in events(before)] == [event["UID"] for event in events(after)]
    assert len({event["UID"] for event in events(after)}) == len(events(after))


def test_a_recurring_duty_repeats(service: Service, add: Callable[..., str]) -> None:
    found = events(calendars.calendar([plan_of(service, add(RECURRING))], name=""))
    (repeated,) = [event for event in found if "RRULE" in event]
    assert repeated["DTSTART"].dt == dt.date(2016, 11, 25)
    assert repeated["RRULE"]["BYMONTH"] == [6, 11] and repeated["RRULE"]["BYMONTHDAY"] == [25]


def test_only_one_bodys_terms(service: Service, add: Callable[..., str]) -> None:
    plan = plan_of(service, add(PLAN))
    (only,) = events(calendars.calendar([plan], name="", body="Ủy ban nhân dân huyện"))
    assert only["DTSTART"].dt == dt.date(2016, 11, 30)
