"""The state of a task from its deadline, the evidence and today; computed, never stored."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from corpus.model import Due, FulfilmentStatus, Task

EARLY = 3
"""A report without a period of its own, in the first third of a new one, is a late report of the last."""
_MONTHS = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
_COUNTS = (FulfilmentStatus.FULFILS, FulfilmentStatus.PARTIAL)


class Proof(NamedTuple):
    """What one passage says for the state of a task."""

    status: FulfilmentStatus
    issued_on: dt.date | None
    decided_by: str | None = None
    """Who confirmed it; None: only proposed."""
    done_on: dt.date | None = None
    """The day the work was done, when it is known."""
    covers: tuple[dt.date, dt.date] | None = None
    """First and last day the paper reports on, when its title says so."""
    copied: bool = False
    """It repeats an earlier report; alone it proves nothing."""
    exact: bool = True
    """False: the day of issue only says that the work was done by then, and cannot prove it late."""
    suspect: bool = False
    """A person confirmed it, and since then the words on one side changed."""

    @property
    def day(self) -> dt.date | None:
        """The day it counts for."""
        return self.done_on or self.issued_on


def standing(
    task: Task, evidence: Iterable[Sequence], today: dt.date, *, since: dt.date | None = None
) -> tuple[str, int]:
    """The value of `indexer.views.TaskState`, and the days late or overdue (0 else).

    `evidence` are `Proof`s or tuples of their first fields; what a person confirmed counts before what is
    only proposed. `since`: when the task was given, from which a duty to report that nobody has answered runs.
    """
    proofs = [Proof(*item) for item in evidence]
    considered = _preferred(proofs)
    due = task.due
    if due is not None and due.recurs and due.recurs != "continuous":
        return _recurring(task, due, proofs, today, since)
    if any(proof.suspect for proof in considered):
        return "suspect", 0
    if due is not None and due.recurs:
        return "ongoing", 0
    done = [proof for proof in considered if proof.status is FulfilmentStatus.FULFILS]
    if done:
        if all(proof.copied for proof in done):
            return "suspect", 0
        return _finished([proof for proof in done if not proof.copied], due.on if due else None)
    return _open(due, {proof.status for proof in considered}, today)


def _preferred(proofs: Sequence[Proof]) -> Sequence[Proof]:
    """What a person confirmed, else what is proposed; who only saw the matter mentioned somewhere confirmed nothing."""
    confirmed = [proof for proof in proofs if proof.decided_by is not None]
    return confirmed if any(proof.status in _COUNTS for proof in confirmed) else proofs


def _finished(done: Sequence[Proof], on: dt.date | None) -> tuple[str, int]:
    if on is None or any(proof.day is None or proof.day <= on for proof in done):
        return "done", 0
    late = [(proof.day - on).days for proof in done if proof.exact and proof.day]
    return ("done-late", min(late)) if late else ("done", 0)


def _open(due: Due | None, told: set[FulfilmentStatus], today: dt.date) -> tuple[str, int]:
    on = due.on if due else None
    if FulfilmentStatus.PARTIAL in told:
        # Before its day the work is only going on.
        return ("ongoing", 0) if on is not None and today <= on else ("partial", 0)
    if on is not None and today > on:
        return "overdue", (today - on).days
    if told:
        return "ongoing", 0
    return ("not-due", 0) if on is not None else ("no-due", 0)


def _recurring(
    task: Task, due: Due, evidence: Sequence[Proof], today: dt.date, since: dt.date | None
) -> tuple[str, int]:
    """The period that closed last, unless the running one is answered already."""
    last, coming = cut_offs(due, today)
    by_period = answered(due, evidence, last, coming)
    if running := by_period.get(coming):
        return _period(running, coming)
    if closed := by_period.get(last):
        return _period(closed, last)
    if since is not None and since >= last:
        return "ongoing", 0
    if any(proof.issued_on for proof in evidence) or (since is not None and task.report_to):
        return "overdue", (today - last).days
    return "ongoing", 0


def _period(proofs: Sequence[Proof], cut_off: dt.date) -> tuple[str, int]:
    considered = _preferred(proofs)
    sound = [proof for proof in considered if not proof.copied]
    if not sound or any(proof.suspect for proof in considered):
        return "suspect", 0
    done = [proof for proof in sound if proof.status is FulfilmentStatus.FULFILS]
    return _finished(done, cut_off) if done else ("partial", 0)


def period(proofs: Sequence[Proof], cut_off: dt.date, today: dt.date) -> tuple[str, int]:
    """The state of one period of a recurring duty."""
    if proofs:
        return _period(proofs, cut_off)
    return ("overdue", (today - cut_off).days) if today > cut_off else ("not-due", 0)


def answered(
    due: Due, evidence: Sequence[Proof], last: dt.date, coming: dt.date
) -> dict[dt.date, list[Proof]]:
    """The evidence by the cut-off of the period it answers; mentions answer none."""
    found: dict[dt.date, list[Proof]] = {}
    loose: list[Proof] = []
    for proof in evidence:
        if proof.status not in _COUNTS or proof.issued_on is None:
            continue
        period = _covered(due, proof)
        if period is not None:
            found.setdefault(period, []).append(proof)
        elif last < proof.issued_on <= last + (coming - last) / EARLY:
            loose.append(proof)
        else:
            found.setdefault(cut_offs(due, proof.issued_on)[1], []).append(proof)
    for proof in loose:
        found.setdefault(coming if last in found else last, []).append(proof)
    return found


def _covered(due: Due, proof: Proof) -> dt.date | None:
    if proof.covers is None:
        return None
    first, end = proof.covers
    inside = [day for day in _all_days(due, end.year) if first <= day <= end]
    return max(inside) if inside else None


def cut_offs(due: Due, today: dt.date) -> tuple[dt.date, dt.date]:
    """The last cut-off before `today` and the next one on or after it."""
    days = sorted(_all_days(due, today.year))
    passed = [day for day in days if day < today]
    coming = [day for day in days if day >= today]
    return passed[-1], coming[0]


def periods(due: Due, since: dt.date, today: dt.date) -> tuple[dt.date, ...]:
    """The cut-offs of a recurring duty from the day it was given to the one that comes next."""
    if not due.recurs or due.recurs == "continuous":
        return ()
    years = range(since.year, today.year + 1)
    days = sorted(set().union(*(_all_days(due, year) for year in years)))
    return tuple(day for day in days if since < day <= cut_offs(due, today)[1])


def _all_days(due: Due, year: int) -> set[dt.date]:
    recurs = (due.recurs or "").split("+")
    if "weekly" in recurs:
        monday = dt.date(year, 1, 1) - dt.timedelta(days=dt.date(year, 1, 1).weekday() + 3)
        return {monday + dt.timedelta(weeks=week) for week in range(-2, 58)}
    found = set()
    for one in (year - 2, year - 1, year, year + 1):
        for month, day in named_days(due):
            found.add(dt.date(one, month, min(day, calendar.monthrange(one, month)[1])))
    return found


def named_days(due: Due) -> list[tuple[int, int]]:
    """Month and day of each cut-off in a year of a duty that recurs by months; day 31 is the last of any month."""
    step = min((_MONTHS[part] for part in (due.recurs or "").split("+") if part in _MONTHS), default=12)
    named = [(month, day) for month, day in due.days if 1 <= month <= 12]
    if named:
        return named
    monthly = next((day for month, day in due.days if month == 0), 31)
    return [(month, monthly) for month in range(step, 13, step)]
