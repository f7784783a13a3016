"""Terms that fall within some days (đến hạn), by the body that has to act; each period of a duty is one."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus import standing
from corpus.sameness import Sense
from indexer.one_body import Bodies
from indexer.views import Card, PlanView, ShareView, TaskState, TaskView

_WEEK = re.compile(r"(\d{4})-W(\d{1,2})")


@dataclass(frozen=True, slots=True)
class DueLine:
    """One term of one body."""

    plan: Card
    task: TaskView
    on: dt.date
    state: TaskState
    days: int
    """Overdue or late."""


@dataclass(frozen=True, slots=True)
class BodyDue:
    """What one body has to do by then, and what it should have done before."""

    body: str
    """Empty: the plan names none. One body is one, however plans write it."""
    coming: tuple[DueLine, ...]
    overdue: tuple[DueLine, ...]


def week_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """Monday and Sunday around a day."""
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + dt.timedelta(days=6)


def named_week(text: str) -> tuple[dt.date, dt.date] | None:
    """Monday and Sunday of «2018-W03», as forms for weeks give them, or around a day in ISO; None for neither.

    >>> [str(day) for day in named_week("2018-W03")], named_week("2018-W60")
    (['2018-01-15', '2018-01-21'], None)
    """
    try:
        if found := _WEEK.fullmatch(text.strip()):
            return week_of(dt.date.fromisocalendar(int(found[1]), int(found[2]), 1))
        return week_of(dt.date.fromisoformat(text.strip()))
    except ValueError:
        return None


def due_lines(
    plans: Sequence[PlanView], first: dt.date, last: dt.date, *, body: str = ""
) -> tuple[BodyDue, ...]:
    """By body: those with something due first, then by how much is overdue; `body` only that one."""
    coming: dict[Sense, list[DueLine]] = defaultdict(list)
    overdue: dict[Sense, list[DueLine]] = defaultdict(list)
    bodies = Bodies(plans)
    wanted = bodies.asked(body) if body else None
    for plan in plans:
        for task in plan.tasks:
            for share in task.shares:
                key = bodies.of(plan, share.name)
                if wanted is None or key in wanted:
                    coming[key] += _within(plan, task, share, first, last)
                    overdue[key] += _missed(plan, task, share, first)
    found = (BodyDue(bodies.title(key), _ordered(coming[key]), _ordered(overdue[key])) for key in coming)
    told = (one for one in found if one.coming or one.overdue)
    return tuple(sorted(told, key=lambda one: (not one.coming, -len(one.overdue), not one.body, one.body)))


def _within(
    plan: PlanView, task: TaskView, share: ShareView, first: dt.date, last: dt.date
) -> Iterator[DueLine]:
    due = task.due
    if due is None:
        return
    if due.on is not None and not due.recurs:
        if first <= due.on <= last:
            yield DueLine(plan.card, task, due.on, share.state, share.days)
        return
    states = {period.due_on: (period.state, period.days) for period in task.periods}
    since = max(plan.card.issued_on or first, first - dt.timedelta(days=1))
    for day in standing.periods(due, since, last):
        if first <= day <= last:
            state, days = states.get(day, (TaskState.NOT_DUE, 0))
            yield DueLine(plan.card, task, day, state, days)


def _missed(plan: PlanView, task: TaskView, share: ShareView, first: dt.date) -> Iterator[DueLine]:
    """A term before these days that is still open."""
    if share.state is not TaskState.OVERDUE:
        return
    on = plan.today - dt.timedelta(days=share.days)
    if on < first:
        yield DueLine(plan.card, task, on, share.state, share.days)


def _ordered(lines: Iterable[DueLine]) -> tuple[DueLine, ...]:
    return tuple(sorted(lines, key=lambda one: (one.on, one.plan.number or "", one.task.task.span.start)))
