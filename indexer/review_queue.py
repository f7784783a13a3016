"""What is to be decided of evidence, in the order of a plan's tasks: one item a proposal or a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, Row, and_, exists, func, select

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.viewer import Viewer
from corpus.model import Span, Task
from indexer import cards, plan_view, proposals, schema
from indexer.sides import Sides, words_of
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

    @property
    def open(self) -> bool:
        """Whether it can be decided."""
        return self.span is not None or (self.whole and not self.lost)

    @property
    def key(self) -> str:
        """Names the item within its plan."""
        start = self.span.start if self.span else f"c{self.said.correction}" if self.said else ""
        return f"{self.task.span.start}.{self.paper.document}.{start}"

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
    return (connection.scalar(query) or 0) + (connection.scalar(doubtful) or 0)


def waiting(connection: Connection, viewer: Viewer) -> tuple[tuple[Card, int, int], ...]:
    """Plans with something to decide: the plan, how many items wait, how many of them are doubtful again."""
    table, said = schema.fulfilment, schema.judged
    place = and_(said.c.plan == table.c.plan, said.c.paper == table.c.paper, said.c.position == table.c.position)
    undecided = select(table.c.plan, func.count().label("items")).select_from(table.outerjoin(said, place))
    fresh = undecided.where(said.c.correction.is_(None)).group_by(table.c.plan)
    opened = {row.plan: row.items for row in connection.execute(fresh)}
    doubted = select(said.c.plan, func.count().label("items")).where(said.c.suspect).group_by(said.c.plan)
    doubtful = {row.plan: row.items for row in connection.execute(doubted)}
    held = cards.cards(connection, viewer, {*opened, *doubtful})
    found = [
        (card, opened.get(plan, 0) + doubtful.get(plan, 0), doubtful.get(plan, 0)) for plan, card in held.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one[2], -one[1], one[0].document)))


def items(
    connection: Connection, viewer: Viewer, *, plan: str | None = None, paper: str | None = None
) -> tuple[Item, ...]:
    """Every proposal and decision of a plan, or of a paper, in the order of the plans' tasks, best first."""
    table, said = schema.fulfilment, schema.judged
    wanted = [column == value for column, value in ((table.c.plan, plan), (table.c.paper, paper)) if value]
    laid = [column == value for column, value in ((said.c.plan, plan), (said.c.paper, paper)) if value]
    if not wanted:
        return ()
    rows = connection.execute(select(table).where(*wanted)).all()
    judged = connection.execute(select(said).where(*laid)).all()
    held = cards.cards(connection, viewer, {d for row in (*rows, *judged) for d in (row.plan, row.paper)})
    decided = {(row.plan, row.paper, row.position): row for row in judged if row.position is not None}
    made = _Items(connection, held, {row.plan for row in (*rows, *judged)})
    found = [made.proposed(row, decided.get((row.plan, row.paper, row.position))) for row in rows]
    found += [made.added(row) for row in judged if row.position is None]
    return tuple(sorted(filter(None, found), key=lambda i: (i.plan.document, i.task.span.start, -i.score, i.key)))


class _Items:
    """Makes items from rows; what they share is read once."""

    def __init__(self, connection: Connection, held: dict[str, Card], plans: set[str]) -> None:
        self.held = held
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
        plan, paper, side = self.held.get(row.plan), self.held.get(row.paper), self.sides.get(row.plan)
        task = self.tasks.get((row.plan, row.task_start))
        if plan is None or paper is None or side is None or task is None:
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
        )  # fmt: skip


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
