"""A report read against the plans it answers: which of the tasks of its body it answers, and which it leaves out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, union

from archive.viewer import Viewer
from corpus.concern import Concern, best
from indexer import plan_view, schema, task_moves
from indexer.views import Card, EvidenceView, TaskView


@dataclass(frozen=True, slots=True)
class Answered:
    """A task with the passage of the report that answers it best."""

    task: TaskView
    evidence: EvidenceView


@dataclass(frozen=True, slots=True)
class Coverage:
    """One plan as a report answers it."""

    plan: Card
    tasks: tuple[TaskView, ...]
    """All of the plan, by which the places of its cells are known."""
    answered: tuple[Answered, ...]
    missing: tuple[TaskView, ...]
    """Given to the body that reports, or to a class it belongs to, and answered nowhere in the report."""

    @property
    def answers(self) -> int:
        """How many of its tasks the report answers."""
        return len(self.answered)

    @property
    def given(self) -> int:
        """How many tasks one would look for in it."""
        return len(self.answered) + len(self.missing)


def coverage(connection: Connection, viewer: Viewer, paper: str, today: dt.date) -> tuple[Coverage, ...]:
    """The plans a paper answers, or as a report cites, the one it answers most first."""
    r = schema.reading
    own = connection.execute(select(r.c.issuer, r.c.kind).where(r.c.document == paper)).first()
    if own is None:
        return ()
    documents = _plans(connection, paper, cited=own.kind == "bao-cao")
    # What it answers of an older plan counts for the task that goes on with it.
    documents = sorted({*documents, *task_moves.onward(connection, viewer, documents)} - {paper})
    found = [_covered(view, paper, own.issuer) for view in plan_view.several(connection, viewer, documents, today)]
    return tuple(sorted((one for one in found if one.given), key=lambda one: -len(one.answered)))


def _plans(connection: Connection, paper: str, *, cited: bool) -> Sequence[str]:
    done, said, link, r = schema.fulfilment, schema.judged, schema.link, schema.reading
    queries = [select(done.c.plan).where(done.c.paper == paper), select(said.c.plan).where(said.c.paper == paper)]
    if cited:
        giving = link.join(r, r.c.document == link.c.target)
        queries.append(
            select(link.c.target).select_from(giving).where(link.c.document == paper, link.c.chosen, r.c.tasks > 0)
        )
    return [row[0] for row in connection.execute(union(*queries))]


def _covered(view: plan_view.PlanView, paper: str, issuer: str | None) -> Coverage:
    answered = []
    missing = []
    for task in view.tasks:
        # What a person said of it comes first, then the best.
        theirs = sorted((e for e in task.evidence if e.card.document == paper), key=lambda e: e.decided_by is None)
        own = next(iter(theirs), None)
        if own is not None:
            answered.append(Answered(task, own))
        elif best(task.task.lead, issuer) is not Concern.NONE:
            missing.append(task)
    return Coverage(view.card, view.tasks, tuple(answered), tuple(missing))
