"""The state of a task from its deadline, the evidence and today; computed, never stored."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

from corpus.model import Due, FulfilmentStatus, Task

Evidence = tuple[FulfilmentStatus, dt.date | None, str | None]
"""Status, day of issue of the paper, who confirmed it (None: only proposed)."""

_MONTHS = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}


def standing(task: Task, evidence: Sequence[Evidence], today: dt.date) -> tuple[str, int]:
    """The value of `indexer.views.TaskState`, and the days late or overdue (0 else).

    Evidence that a person confirmed counts before what is only proposed.
    """
    decided = [item for item in evidence if item[2] is not None]
    considered = decided or list(evidence)
    due = task.due
    if due is not None and due.recurs and due.recurs != "continuous":
        return _recurring(due, considered, today)
    done = [issued for status, issued, _ in considered if status is FulfilmentStatus.FULFILS]
    if done:
        return _finished(done, due.on if due else None)
    return _open(due, {status for status, _, _ in considered}, today)


def _finished(done: Sequence[dt.date | None], on: dt.date | None) -> tuple[str, int]:
    dated = [issued for issued in done if issued is not None]
    late = (min(dated) - on).days if dated and on else 0
    return ("done-late", late) if late > 0 else ("done", 0)


def _open(due: Due | None, told: set[FulfilmentStatus], today: dt.date) -> tuple[str, int]:
    if FulfilmentStatus.PARTIAL in told:
        return "partial", 0
    if due is not None and due.on is not None and today > due.on:
        return "overdue", (today - due.on).days
    if told or (due is not None and due.recurs == "continuous"):
        return "ongoing", 0
    return ("not-due", 0) if due is not None and due.on is not None else ("no-due", 0)


def _recurring(due: Due, evidence: Sequence[Evidence], today: dt.date) -> tuple[str, int]:
    """The current period: since the last cut-off; a period that closed unanswered is overdue."""
    last, coming = cut_offs(due, today)
    current = [status for status, issued, _ in evidence if issued is not None and issued > last]
    if FulfilmentStatus.FULFILS in current:
        return "done", 0
    if FulfilmentStatus.PARTIAL in current:
        return "partial", 0
    before = cut_offs(due, last)[0]
    closed = any(issued is not None and before < issued <= last for _, issued, _ in evidence)
    known = any(issued is not None for _, issued, _ in evidence)
    if known and not closed and (today - last).days <= (coming - last).days:
        return "overdue", (today - last).days
    return "ongoing", 0


def cut_offs(due: Due, today: dt.date) -> tuple[dt.date, dt.date]:
    """The last cut-off before `today` and the next one on or after it."""
    days = sorted(_all_days(due, today.year))
    passed = [day for day in days if day < today]
    coming = [day for day in days if day >= today]
    return passed[-1], coming[0]


def _all_days(due: Due, year: int) -> set[dt.date]:
    recurs = (due.recurs or "").split("+")
    if "weekly" in recurs:
        monday = dt.date(year, 1, 1) - dt.timedelta(days=dt.date(year, 1, 1).weekday() + 3)
        return {monday + dt.timedelta(weeks=week) for week in range(-2, 58)}
    step = min((_MONTHS[part] for part in recurs if part in _MONTHS), default=12)
    found = set()
    for one in (year - 2, year - 1, year, year + 1):
        for month, day in _named_days(due, step):
            found.add(dt.date(one, month, min(day, calendar.monthrange(one, month)[1])))
    return found


def _named_days(due: Due, step: int) -> list[tuple[int, int]]:
    named = [(month, day) for month, day in due.days if 1 <= month <= 12]
    if named:
        return named
    monthly = next((day for month, day in due.days if month == 0), 31)
    return [(month, monthly) for month in range(step, 13, step)]
