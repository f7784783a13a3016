"""Evidence of tasks that went on in a newer plan: under which task it is reviewed, and what is proposed twice.

A report may be proposed for the old plan's task and for the newer one's: one passage is one question. Who decided it
for either task is not asked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, exists, select

from archive.viewer import Viewer
from indexer import schema
from indexer.linking import chunks
from indexer.task_moves import Moves, Place

Proposal = tuple[str, str, int]
"""Plan, paper, position: the key of a proposal."""


@dataclass(frozen=True, slots=True)
class Onward:
    """Where evidence of moved tasks is reviewed."""

    ends: Mapping[Place, Place] = field(default_factory=dict)
    """By task that went on: the task at the end of all steps."""
    settled: frozenset[Proposal] = frozenset()
    """Undecided proposals for whose passage a decision or a nearer proposal speaks."""

    def end(self, plan: str, start: int | None) -> Place | None:
        """The task under which evidence of a task is reviewed; None where its task is no longer found."""
        return self.ends.get((plan, start), (plan, start)) if start is not None else None

    def sources(self, plan: str) -> set[str]:
        """Older plans of which evidence is reviewed in this one."""
        return {old for (old, _), (new, _) in self.ends.items() if new == plan}


def onward(connection: Connection, viewer: Viewer) -> Onward:
    """For all plans; two quick queries where no moved task has evidence."""
    plans = _with_evidence(connection)
    if not plans:
        return Onward()
    ends = ends_of(Moves(connection, viewer, plans))
    return Onward(ends, settled(connection, ends))


def ends_of(moves: Moves) -> dict[Place, Place]:
    """By task that went on: the task at the end of all steps."""
    return {place: moves.onward(place)[-1] for place in moves.next}


def _with_evidence(connection: Connection) -> set[str]:
    """Plans with evidence for a task that went on."""
    move = schema.task_move
    found: set[str] = set()
    for table in (schema.fulfilment, schema.judged):
        here = exists().where(table.c.plan == move.c.document, table.c.task_start == move.c.start)
        found.update(connection.scalars(select(move.c.document).where(move.c.onto.is_not(None), here).distinct()))
    return found


@dataclass(frozen=True, slots=True)
class _Passage:
    """Evidence of one task, as far as it may be that of another one too."""

    proposal: Proposal | None
    place: Place
    start: int | None
    stop: int | None
    decided: bool

    def same(self, other: _Passage) -> bool:
        if self.start is None or self.stop is None or other.start is None or other.stop is None:
            return False
        return self.start < other.stop and other.start < self.stop


def settled(connection: Connection, ends: Mapping[Place, Place]) -> frozenset[Proposal]:
    """Undecided proposals for whose passage a decision or a nearer proposal speaks."""
    if not ends:
        return frozenset()
    groups: dict[tuple[Place, str], list[_Passage]] = defaultdict(list)
    places = {*ends, *ends.values()}
    for paper, one in _passages(connection, places):
        groups[ends.get(one.place, one.place), paper].append(one)
    return frozenset(
        one.proposal
        for (end, _), found in groups.items()
        for one in found
        if one.proposal and not one.decided
        and any(_speaks_for(other, one, end) for other in found if other is not one and other.same(one))
    )  # fmt: skip


def _speaks_for(other: _Passage, one: _Passage, end: Place) -> bool:
    if other.place == one.place:
        return False  # two proposals of one task are two questions, as they are without any move
    return other.decided or other.place == end or (one.place != end and other.place > one.place)


def _passages(connection: Connection, places: Collection[Place]) -> Iterable[tuple[str, _Passage]]:
    """Proposals and decisions at these tasks, with their papers."""
    done, said = schema.fulfilment, schema.judged
    laid = and_(said.c.plan == done.c.plan, said.c.paper == done.c.paper, said.c.position == done.c.position)
    names = [done.c[name] for name in ("plan", "paper", "position", "task_start", "start", "stop")]
    proposed = select(*names, said.c.correction).select_from(done.outerjoin(said, laid))
    alone = select(said).where(said.c.position.is_(None))
    for batch in chunks(sorted({plan for plan, _ in places})):
        for starts in chunks(sorted({start for plan, start in places if plan in batch})):
            near = proposed.where(done.c.plan.in_(batch), done.c.task_start.in_(starts))
            for row in connection.execute(near):
                place = row.plan, row.task_start
                if place in places:
                    proposal = row.plan, row.paper, row.position
                    yield row.paper, _Passage(proposal, place, row.start, row.stop, row.correction is not None)
            for row in connection.execute(alone.where(said.c.plan.in_(batch), said.c.task_start.in_(starts))):
                place = row.plan, row.task_start
                if place in places:
                    yield row.paper, _Passage(None, place, row.start, row.stop, True)
