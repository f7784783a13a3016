"""Deadlines as an iCalendar that any calendar program takes in: a day for each term, a reminder a week before.

The only module that knows icalendar.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from icalendar import Alarm, Calendar, Event

from corpus import standing
from corpus.model import Due
from indexer.anchors import letters
from indexer.one_body import Bodies
from indexer.views import Card, PlanView, TaskState, TaskView
from web import wording

REMIND = dt.timedelta(days=7)
_DONE = (TaskState.DONE, TaskState.DONE_LATE)
_BY_MONTHS = ("monthly", "quarterly", "half-yearly", "yearly")


def calendar(plans: Sequence[PlanView], *, name: str, body: str = "", link: str = "") -> bytes:
    """The terms of all tasks, or of those that `body` leads; `link` is the site's address before a document's id."""
    made = Calendar()
    made.add("prodid", "-//Vankho//Thoi han nhiem vu//VI")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    bodies = Bodies(plans)
    wanted = bodies.asked(body) if body else frozenset()
    for plan in plans:
        for task in plan.tasks:
            if not body or any(bodies.of(plan, share.name) in wanted for share in task.shares):
                for event in _events(plan, task, link):
                    made.add_component(event)
    return made.to_ical()


def _events(plan: PlanView, view: TaskView, link: str) -> Iterator[Event]:
    due = view.due
    if due is None:
        return
    if due.on is not None and not due.recurs:
        yield _event(plan, view, due.on, link, rule=None, part="")
        return
    since = plan.card.issued_on or plan.today
    for part, rule in rules(due):
        first = next(iter(days(due, since, rule)), None)
        if first is not None:
            yield _event(plan, view, first, link, rule=rule, part=part)


def _event(
    plan: PlanView, view: TaskView, on: dt.date, link: str, *, rule: dict[str, object] | None, part: str
) -> Event:
    event = Event()
    title, card = wording.task_title(view), plan.card
    event.add("uid", uid(card, view, part))
    event.add("dtstamp", dt.datetime.combine(plan.today, dt.time(), dt.UTC))
    event.add("dtstart", on)
    event.add("dtend", on + dt.timedelta(days=1))
    if rule is not None:
        event.add("rrule", rule)
    event.add("transp", "TRANSPARENT")  # a term does not make anybody busy
    done = view.state in _DONE
    event.add("summary", f"{'Đã xong: ' if done else 'Hạn: '}{title}")
    event.add("description", "\n".join(_told(card, view)))
    event.add("categories", [", ".join(view.task.lead)] if view.task.lead else ["Chưa rõ cơ quan"])
    if link:
        event.add("url", f"{link}{card.document}")
    if not done:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"Còn 7 ngày: {title}")
        alarm.add("trigger", -REMIND)
        event.add_component(alarm)
    return event


def _told(card: Card, view: TaskView) -> Iterator[str]:
    yield " ".join(view.task.wording.split())
    if view.task.lead:
        yield f"Chủ trì: {', '.join(view.task.lead)}"
    if view.task.partners:
        yield f"Phối hợp: {', '.join(view.task.partners)}"
    if view.due:
        yield f"Hạn ghi trong văn bản: {view.due.raw}"
    day = f" ngày {card.issued_on:%d/%m/%Y}" if card.issued_on else ""
    page = f", trang {view.page}" if view.page else ""
    yield f"Nguồn: {card.number or card.name}{day}, {wording.task_place(view)}{page}"


def uid(card: Card, view: TaskView, part: str = "") -> str:
    """The same for the same task at every export: a calendar then changes its entry instead of adding one."""
    span = view.task.span
    place = str(span.start) if span.end > span.start else letters(view.task.wording)  # one that a person added
    said = f"{card.document}\n{view.task.section}\n{place}\n{part}"
    return f"{hashlib.sha256(said.encode()).hexdigest()[:24]}@vankho"


def rules(due: Due) -> tuple[tuple[str, dict[str, object]], ...]:
    """The repetition of a recurring term, one rule for each day of the month it may fall on; () for none.

    >>> rules(Due("", recurs="half-yearly", days=((6, 20), (12, 20))))
    (('20', {'freq': 'MONTHLY', 'bymonth': [6, 12], 'bymonthday': 20}),)
    >>> rules(Due("", recurs="quarterly"))[0][1]["bymonthday"]
    [28, 29, 30, 31]
    """
    recurs = (due.recurs or "").split("+")
    if "weekly" in recurs:
        return (("weekly", {"freq": "WEEKLY", "byday": "FR"}),)
    if not any(part in _BY_MONTHS for part in recurs):
        return ()
    months: dict[int, set[int]] = defaultdict(set)
    for month, day in standing.named_days(due):
        months[day].add(month)
    return tuple((str(day), _monthly(sorted(held), day)) for day, held in sorted(months.items()))


def _monthly(months: list[int], day: int) -> dict[str, object]:
    rule: dict[str, object] = {"freq": "MONTHLY", "bymonth": months, "bymonthday": day}
    if day > 28:  # the last day there is, up to this one: February has no 30th
        rule |= {"bymonthday": list(range(28, day + 1)), "bysetpos": -1}
    return rule


def days(due: Due, since: dt.date, rule: dict[str, object]) -> list[dt.date]:
    """The days of the first years that one rule of a term gives, from the day after `since` on."""
    until = since.replace(year=since.year + 2, day=1)
    found = standing.periods(due, since, until)
    months, named = rule.get("bymonth"), rule.get("bymonthday")
    if not isinstance(months, list):
        return list(found)
    highest = named[-1] if isinstance(named, list) else named
    return [day for day in found if day.month in months and _falls(day, highest)]


def _falls(day: dt.date, highest: object) -> bool:
    last = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return isinstance(highest, int) and day.day == min(highest, last.day)
