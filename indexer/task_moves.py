"""Tasks of a plan that a newer one replaces or amends: proposed to move there, and moved when a person says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Row, or_, select

from archive.viewer import Viewer
from corpus import succession
from corpus.model import Role, Task
from indexer import anchors, cards, effects, proposals, schema
from indexer.linking import chunks
from indexer.views import Card, MovedView, OriginView, ProposedMove

_ROLES = (Role.REPLACES, Role.REPEALS, Role.AMENDS)
Place = tuple[str, int]
"""A task: its plan and where it begins."""


class Moves:
    """What people said about the tasks of some plans and newer or older ones, through any number of steps.

    The number of queries follows the number of steps, never that of plans or tasks.
    """

    def __init__(self, connection: Connection, viewer: Viewer, documents: Collection[str]) -> None:
        rows = _connected(connection, documents)
        self.decided = {(row.document, row.start, row.plan) for row in rows if row.document in documents}
        moved = [row for row in rows if row.onto]
        near = {document for row in moved for document in (row.document, row.plan)}
        self.cards = cards.cards(connection, viewer, near) if near else {}
        self.tasks = proposals.tasks_of(connection, self.cards.keys()) if near else {}
        self.words: dict[str, dict[str, str]] = {}
        self.next: dict[Place, tuple[Row, Place]] = {}
        for row in sorted(moved, key=lambda one: one.correction):
            self._lead(row)
        self.before: dict[Place, list[Place]] = defaultdict(list)
        for start, (_, end) in self.next.items():
            self.before[end].append(start)

    def _lead(self, row: Row) -> None:
        """Let a task go on in the newer plan's.

        Where that plan or its task is no longer there, the task is the older plan's again: none gets lost. Nor by a
        circle: whoever would send a task back to where it came from is not followed.
        """
        start = row.document, row.start
        onto = self._meant(row) if row.plan in self.cards else None
        if onto is None or row.document not in self.cards:
            return
        end = row.plan, onto
        if start not in {end, *self.onward(end)}:
            self.next[start] = row, end

    def _meant(self, row: Row) -> int | None:
        """The newer plan's task that was meant: by its words, of two with the same words the one in its section."""
        tasks, wanted = self.tasks.get(row.plan, ()), anchors.letters(row.onto)
        if row.plan not in self.words:
            self.words[row.plan] = {str(task.span.start): anchors.letters(task.wording) for task in tasks}
        words = self.words[row.plan]
        same = [task for task in tasks if words[str(task.span.start)] == wanted]
        if len(same) > 1:
            same = [task for task in same if task.section == row.section]
        if len(same) == 1:
            return same[0].span.start
        alike = anchors.most_alike(wanted, words)
        return int(alike) if alike is not None else None

    def onward(self, place: Place) -> list[Place]:
        """The tasks that go on with this one, the nearest first."""
        found: list[Place] = []
        while place in self.next:
            place = self.next[place][1]
            found.append(place)
        return found

    def gone(self, document: str, task: Task) -> MovedView | None:
        """Where a task went, at the end of all steps; None: it is still this plan's."""
        place = document, task.span.start
        if place not in self.next:
            return None
        row, _ = self.next[place]
        plan, start = self.onward(place)[-1]
        now = next(one for one in self.tasks[plan] if one.span.start == start)
        return MovedView(task, self.cards[plan], now.wording, now.section, row.by, row.correction)

    def sources(self, documents: Collection[str]) -> set[str]:
        """Older plans whose evidence counts in these too."""
        return {
            plan for place in self.before if place[0] in documents for plan, _ in self._older(place)
        }

    def origins(self, document: str, tasks: Sequence[Task]) -> Mapping[int, list[tuple[Place, OriginView]]]:
        """By start of a task: the older plans' tasks that it goes on with, the latest plan first."""
        found: dict[int, list[tuple[Place, OriginView]]] = defaultdict(list)
        for task in tasks:
            for place in self._older((document, task.span.start)):
                plan, start = place
                was = next((one for one in self.tasks.get(plan, ()) if one.span.start == start), None)
                if was is not None:
                    found[task.span.start].append((place, OriginView(self.cards[plan], was, self.next[place][0].by)))
        return found

    def _older(self, place: Place) -> list[Place]:
        found: list[Place] = []
        level = self.before.get(place, [])
        while level:
            found += level
            level = [older for one in level for older in self.before.get(one, [])]
        return found


def onward(connection: Connection, viewer: Viewer, documents: Collection[str]) -> set[str]:
    """Plans in which tasks of these go on, through any number of steps."""
    moves = Moves(connection, viewer, documents)
    return {plan for start in moves.next if start[0] in documents for plan, _ in moves.onward(start)}


def _connected(connection: Connection, documents: Collection[str]) -> list[Row]:
    """What was said of the tasks of these plans, and of every plan before and after them."""
    table = schema.task_move
    found: dict[tuple[str, int, str], Row] = {}
    seen: set[str] = set()
    new = set(documents)
    while new:  # every step brings plans that were not there before, or is the last
        for batch in chunks(sorted(new)):
            query = select(table).where(or_(table.c.document.in_(batch), table.c.plan.in_(batch)))
            for row in connection.execute(query):
                found[row.document, row.start, row.plan] = row
        seen |= new
        new = {plan for row in found.values() if row.onto for plan in (row.document, row.plan)} - seen
    return list(found.values())


def proposed(connection: Connection, viewer: Viewer, document: str) -> tuple[ProposedMove, ...]:
    """Tasks of a plan that a task of a newer one seems to go on with, and of which nobody decided yet."""
    newer = _newer(connection, viewer, document)
    if not newer:
        return ()
    tasks = proposals.tasks_of(connection, [document, *newer])
    moves = Moves(connection, viewer, [document])
    found: list[ProposedMove] = []
    for plan, card in newer.items():
        open_tasks = [
            task for task in tasks.get(document, ())
            if (document, task.span.start, plan) not in moves.decided and moves.gone(document, task) is None
        ]  # fmt: skip
        theirs = tasks.get(plan, ())
        found += [
            ProposedMove(open_tasks[at], card, theirs[one.position], one.likeness, one.reason)
            for at, one in succession.successors(open_tasks, theirs).items()
        ]
    return tuple(found)


def _newer(connection: Connection, viewer: Viewer, document: str) -> dict[str, Card]:
    """Plans that replace or amend this one, the newest first."""
    acts = effects.effects(connection, viewer, document)
    return {act.card.document: act.card for act in acts if act.role in _ROLES and act.card.tasks}
