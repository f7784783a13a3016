"""Recurring duties of a plan by body and period: who has reported, who has not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.views import PeriodView, PlanView, ShareView, TaskState, TaskView
from web import matrix


@dataclass(frozen=True, slots=True)
class Row:
    """A body, or one member of a class of bodies, with each period."""

    name: str
    periods: tuple[PeriodView, ...]
    inner: bool = False
    """A member of the class in the row above."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One recurring task."""

    task: TaskView
    address: str
    """Of its cell in the matrix."""
    days: tuple[dt.date, ...]
    rows: tuple[Row, ...]

    @property
    def silent(self) -> tuple[str, ...]:
        """Bodies that have not reported for the last period that is over; of a class its known members."""
        found: list[str] = []
        for number, row in enumerate(self.rows):
            closed = [one for one in row.periods if one.state is not TaskState.NOT_DUE or one.evidence]
            whole = number + 1 < len(self.rows) and self.rows[number + 1].inner and not row.inner
            if closed and closed[-1].state is TaskState.OVERDUE and row.name and not whole:
                found.append(row.name)
        return tuple(found)


def duties(plan: PlanView) -> tuple[Duty, ...]:
    """Every task with periods, in reading order."""
    addresses = matrix.addresses(plan.tasks)
    return tuple(
        Duty(view, addresses[view.task.span.start], tuple(one.due_on for one in view.periods), tuple(_rows(view)))
        for view in plan.tasks if view.periods
    )  # fmt: skip


def _rows(view: TaskView) -> Iterator[Row]:
    for share in view.shares:
        yield Row(share.name, share.periods or view.periods)
        yield from _members(share)


def _members(share: ShareView) -> Iterator[Row]:
    for member in share.members:
        yield Row(member.name, member.periods, inner=True)
