"""What is to be decided of evidence, in the order of a plan's tasks: one item a proposal or a decision.

Evidence of a task that went on in a newer plan is decided there, beside the words the task has now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, and_, exists, func, select

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.viewer import Viewer
from corpus.model import Span, Task
from indexer import cards, moved_evidence, plan_view, proposals, schema
from indexer.moved_evidence import Onward
from indexer.sides import Sides, words_of
from indexer.task_moves import Place
from indexer.views import Card

SHOWN = ("open", "suspect", "later", "decided", "all")
"""Which items: to be decided, doubtful since a text changed, put off, decided, every one."""
AROUND = 240
"""Letters before and after a quote that are shown with it."""


@dataclass(frozen=True, slots=True)
class Said:
    """A decision as it stands."""

    correction: int
    status: str
    by: str
    suspect: bool
    was_task: str
    was_quote: str


@dataclass(frozen=True, slots=True)
class Item:
    """A passage of a paper beside a task of a plan."""

    plan: Card
    """The newest plan in which the task goes on."""
    task: Task
    task_title: str
    task_page: int | None
    wording: str
    paper: Card
    section: str | None
    page: int | None
    span: Span | None
    """None when the passage is no longer found, and for a whole paper."""
    quote: str
    proposed: str | None
    """What the machine proposes; None for evidence that a person added."""
    score: float
    reason: str
    said: Said | None
    whole: bool = False
    """The paper itself is the evidence."""
    lost: bool = False
    """Its words are no longer found."""
    older: Card | None = None
    """The older plan for whose task it was found, where the task went on; there a decision is recorded."""
    older_task: Task | None = None
    older_wording: str = ""

    @property
    def open(self) -> bool:
        """Whether it can be decided."""
        return self.span is not None or (self.whole and not self.lost)

    @property
    def place(self) -> Place:
        """The plan and the start of the task for which it was found, and is decided."""
        plan, task = self.older or self.plan, self.older_task or self.task
        return plan.document, task.span.start

    @property
    def key(self) -> str:
        """Names the item within its plan."""
        start = self.span.start if self.span else f"c{self.said.correction}" if self.said else ""
        key = f"{self.place[1]}.{self.paper.document}.{start}"
        return f"{key}.{self.place[0]}" if self.older else key

    @property
    def waits(self) -> str:
        """Which of `SHOWN` it is."""
        if self.said is None:
            return "open"
        return "suspect" if self.said.suspect else "later" if self.said.status == "later" else "decided"


def count(connection: Connection, viewer: Viewer) -> int:
    """How many items wait for a person: not yet looked at, or doubtful again."""
    table, said = schema.fulfilment, schema.judged
    place = and_(said.c.plan == table.c.plan, said.c.paper == table.c.paper, said.c.position == table.c.position)

    def seen(column: Column) -> ColumnElement[bool]:
        # One lookup a proposal: a list of all that may be seen would be made for every page.
        return exists().where(document_table.c.id == column, visible(viewer))

    query = (
        select(func.count())
        .select_from(table.outerjoin(said, place))
        .where(said.c.correction.is_(None), seen(table.c.plan), seen(table.c.paper))
    )
    doubtful = select(func.count()).select_from(said).where(said.c.suspect, seen(said.c.plan))
    twice = moved_evidence.onward(connection, viewer).settled
    papers = cards.cards(connection, viewer, {document for plan, paper, _ in twice for document in (plan, paper)})
    settled = sum(plan in papers and paper in papers for plan, paper, _ in twice)
    return (connection.scalar(query) or 0) + (connection.scalar(doubtful) or 0) - settled


def waiting(connection: Connection, viewer: Viewer) -> tuple[tuple[Card, int, int], ...]:
    """Plans with something to decide: the plan, how many items wait, how many of them are doubtful again."""
    table, said = schema.fulfilment, schema.judged
    place = and_(said.c.plan == table.c.plan, said.c.paper == table.c.paper, said.c.position == table.c.position)
    undecided = select(table.c.plan, func.count().label("items")).select_from(table.outerjoin(said, place))
    fresh = undecided.where(said.c.correction.is_(None)).group_by(table.c.plan)
    opened = {row.plan: row.items for row in connection.execute(fresh)}
    doubted = select(said.c.plan, func.count().label("items")).where(said.c.suspect).group_by(said.c.plan)
    doubtful = {row.plan: row.items for row in connection.execute(doubted)}
    onward = moved_evidence.onward(connection, viewer)
    # Where tasks moved, the items themselves tell of which plan they are.
    moved = {plan for steps in onward.ends.items() for plan, _ in steps}
    found = _found(connection, viewer, moved, None, onward) if moved else []
    waits = Counter((item.plan.document, item.waits) for item in found)
    for plan in moved:
        opened[plan], doubtful[plan] = waits[plan, "open"], waits[plan, "suspect"]
    held = cards.cards(connection, viewer, {*opened, *doubtful})
    counted = [
        (card, opened.get(plan, 0) + doubtful.get(plan, 0), doubtful.get(plan, 0)) for plan, card in held.items()
    ]
    return tuple(sorted((one for one in counted if one[1]), key=lambda one: (-one[2], -one[1], one[0].document)))


def items(
    connection: Connection, viewer: Viewer, *, plan: str | None = None, paper: str | None = None
) -> tuple[Item, ...]:
    """Every proposal and decision of a plan, or of a paper, in the order of the plans' tasks, best first."""
    if not plan and not paper:
        return ()
    onward = moved_evidence.onward(connection, viewer)
    found = _found(connection, viewer, {plan, *onward.sources(plan)} if plan else set(), paper, onward)
    shown = [item for item in found if plan in (None, "", item.plan.document)]
    return tuple(sorted(shown, key=lambda i: (i.plan.document, i.task.span.start, -i.score, i.key)))


def _found(
    connection: Connection, viewer: Viewer, plans: Collection[str], paper: str | None, onward: Onward
) -> list[Item]:
    """What was found for the tasks of these plans, of this paper, or both, under the tasks they are now."""
    rows, judged = _rows(connection, schema.fulfilment, plans, paper), _rows(connection, schema.judged, plans, paper)
    ends = {end[0] for row in (*rows, *judged) if (end := onward.end(row.plan, row.task_start))}
    held = cards.cards(connection, viewer, ends | {d for row in (*rows, *judged) for d in (row.plan, row.paper)})
    decided = {(row.plan, row.paper, row.position): row for row in judged if row.position is not None}
    made = _Items(connection, held, ends | {row.plan for row in (*rows, *judged)}, onward)
    found = [
        made.proposed(row, decided.get((row.plan, row.paper, row.position)))
        for row in rows if (row.plan, row.paper, row.position) not in onward.settled
    ]  # fmt: skip
    found += [made.added(row) for row in judged if row.position is None]
    return [item for item in found if item is not None]


def _rows(connection: Connection, table: Table, plans: Collection[str], paper: str | None) -> Sequence[Row]:
    """Of these plans, of this paper, or of both."""
    query = select(table)
    if plans:
        query = query.where(table.c.plan.in_(plans))
    if paper:
        query = query.where(table.c.paper == paper)
    return connection.execute(query).all()


class _Items:
    """Makes items from rows; what they share is read once."""

    def __init__(self, connection: Connection, held: dict[str, Card], plans: set[str], onward: Onward) -> None:
        self.held, self.onward = held, onward
        self.tasks = {
            (plan, task.span.start): task
            for plan, given in proposals.tasks_of(connection, plans).items() for task in given
        }  # fmt: skip
        sides = Sides(connection, plans)
        self.sides = {plan: sides[plan] for plan in plans}

    def proposed(self, row: Row, judged: Row | None) -> Item | None:
        if judged is not None and judged.added:
            return self._item(judged, row.status, row.score, row.reason, judged)
        return self._item(row, row.status, row.score, row.reason, judged)

    def added(self, row: Row) -> Item | None:
        return self._item(row, None, 0.0, "", row)

    def _item(self, row: Row, proposed: str | None, score: float, reason: str, judged: Row | None) -> Item | None:
        end = self.onward.end(row.plan, row.task_start)
        paper, own = self.held.get(row.paper), self.tasks.get((row.plan, row.task_start))
        if end is None or paper is None or own is None or row.plan not in self.held or end[0] not in self.held:
            return None
        plan, side, task = self.held[end[0]], self.sides[end[0]], self.tasks[end]
        moved = end != (row.plan, row.task_start)
        if side is None:
            return None
        section = next((s for s in side.sections if s.id == task.section), None)
        said = None
        if judged is not None:
            said = Said(
                judged.correction, judged.status, judged.by, judged.suspect, judged.was_task, judged.was_quote
            )
        return Item(
            plan=plan, task=task, task_title=section.title if section else "",
            wording=words_of(task, side.text),
            task_page=plan_view.page_of(side.pages, task.span.start), paper=paper, section=row.section, page=row.page,
            span=Span(row.start, row.stop) if row.start is not None else None, quote=row.quote, proposed=proposed,
            score=score, reason=reason, said=said, whole=bool(judged is not None and judged.whole),
            lost=judged is not None and judged.start is None and not judged.whole,
            older=self.held[row.plan] if moved else None, older_task=own if moved else None,
            older_wording=self._words(row.plan, own) if moved else "",
        )  # fmt: skip

    def _words(self, plan: str, task: Task) -> str:
        side = self.sides[plan]
        return words_of(task, side.text) if side is not None else task.wording


def around(connection: Connection, document: str, span: Span) -> tuple[str, str]:
    """What stands before and after a passage, to whole sentences."""
    table = schema.reading
    text = connection.scalar(select(table.c.text).where(table.c.document == document)) or ""
    before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
    start = max((before.rfind(mark) + 1 for mark in (". ", "\n", "; ")), default=0)
    ends = [at for mark in (". ", "\n", "; ") if (at := after.find(mark)) >= 0]
    return before[start:].lstrip(), after[: min(ends) + 1].rstrip() if ends else after.rstrip()


def shown(found: Iterable[Item], which: str) -> Sequence[Item]:
    """Those of one kind; `open` has the doubtful ones too."""
    if which == "all":
        return list(found)
    kinds = ("open", "suspect") if which == "open" else (which,)
    return [item for item in found if item.waits in kinds]
