"""Tasks of a plan that a newer one replaces or amends: proposed to move there, and moved when a person says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, Row, or_, select

from archive.viewer import Viewer
from corpus import succession
from corpus.model import Role, Task
from indexer import anchors, cards, effects, proposals, schema
from indexer.linking import chunks
from indexer.views import Card, MovedView, OriginView, ProposedMove

_ROLES = (Role.REPLACES, Role.REPEALS, Role.AMENDS)


class Moves:
    """What people said about the tasks of some plans and newer or older ones; a fixed number of queries."""

    def __init__(self, connection: Connection, viewer: Viewer, documents: Collection[str]) -> None:
        rows = list(_rows(connection, documents))
        away = [row for row in rows if row.document in documents and row.onto]
        here = [row for row in rows if row.plan in documents and row.onto]
        self.decided = {(row.document, row.start, row.plan) for row in rows if row.document in documents}
        others = {row.plan for row in away} | {row.document for row in here}
        self.cards = cards.cards(connection, viewer, others) if others else {}
        wanted = {row.document for row in here} | {row.plan for row in away}
        self.tasks = proposals.tasks_of(connection, wanted & self.cards.keys()) if others else {}
        # Where the newer plan or its task is no longer there, the task is the older plan's again: none gets lost.
        self.away: dict[tuple[str, int], Row] = {
            (row.document, row.start): row
            for row in away
            if row.plan in self.cards and _place(row, self.tasks.get(row.plan, ())) is not None
        }
        self.here: dict[str, list[Row]] = defaultdict(list)
        for row in here:
            if row.document in self.cards:
                self.here[row.plan].append(row)

    def gone(self, document: str, task: Task) -> MovedView | None:
        """Where a task went; None: it is still this plan's."""
        row = self.away.get((document, task.span.start))
        if row is None:
            return None
        return MovedView(task, self.cards[row.plan], row.onto, row.section or "", row.by, row.correction)

    def sources(self) -> set[str]:
        """Older plans whose evidence counts here too."""
        return {row.document for rows in self.here.values() for row in rows}

    def origins(self, document: str, tasks: Sequence[Task]) -> Mapping[int, list[tuple[Row, OriginView]]]:
        """By start of a task: the older plans' tasks that it goes on with."""
        found: dict[int, list[tuple[Row, OriginView]]] = defaultdict(list)
        for row in self.here.get(document, ()):
            start = _place(row, tasks)
            task = next((t for t in self.tasks.get(row.document, ()) if t.span.start == row.start), None)
            if start is not None and task is not None:
                found[start].append((row, OriginView(self.cards[row.document], task, row.by)))
        return found


def _place(row: Row, tasks: Sequence[Task]) -> int | None:
    """The task that was meant: by its words, of two with the same words the one in its section."""
    words = {str(task.span.start): anchors.letters(task.wording) for task in tasks}
    wanted = anchors.letters(row.onto)
    same = [task for task in tasks if words[str(task.span.start)] == wanted]
    if len(same) > 1:
        same = [task for task in same if task.section == row.section]
    if len(same) == 1:
        return same[0].span.start
    alike = anchors.most_alike(wanted, words)
    return int(alike) if alike is not None else None


def _rows(connection: Connection, documents: Collection[str]) -> Iterable[Row]:
    table = schema.task_move
    seen: set[tuple[str, int, str]] = set()
    for batch in chunks(sorted(documents)):
        query = select(table).where(or_(table.c.document.in_(batch), table.c.plan.in_(batch)))
        for row in connection.execute(query.order_by(table.c.correction)):
            if (row.document, row.start, row.plan) not in seen:
                seen.add((row.document, row.start, row.plan))
                yield row


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
