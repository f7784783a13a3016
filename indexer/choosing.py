"""What a person may choose who adds evidence that nothing proposed: passages of a paper, tasks of a plan, plans.

`reviewing.decide` records what they chose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select, union

from archive.viewer import Viewer
from corpus import choices, concern
from corpus.model import Span, Task
from indexer import anchors, cards, plan_view, schema
from indexer.sides import Side, Sides
from indexer.views import Card, TaskView

LIKELY = 6
"""Paragraphs and tasks that are named first."""
LIKE = 0.12
"""Least likeness of those."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A paragraph of a paper."""

    span: Span
    words: str
    """As the paper has them, on one line."""
    section: str | None
    page: int | None
    mark: str
    """Tells these words from others at the same place, after the paper was read anew."""
    said: str | None
    """What a person said of it as the answer to this task, or what is proposed."""
    by: str | None
    """Who said it; None: it is only proposed."""

    @property
    def key(self) -> str:
        """Names it in a form."""
        return f"{self.span.start}-{self.span.end}-{self.mark}"


@dataclass(frozen=True, slots=True)
class Passages:
    """A paper before someone who looks for the answer to a task in it."""

    paper: Card
    subject: str
    """What the whole paper is called."""
    likely: tuple[Choice, ...]
    """Best first."""
    every: tuple[Choice, ...]
    """All paragraphs, in text order."""
    whole: tuple[str, str] | None
    """What was said of the paper as a whole, and by whom."""


def passages(
    connection: Connection, viewer: Viewer, plan: Card, task: Task, document: str, at: int | None = None
) -> Passages | None:
    """The paragraphs of a paper, those like the task first; the one at `at` before all. None: nothing to be read."""
    paper = cards.cards(connection, viewer, [document]).get(document)
    side = Sides(connection)[document]
    if paper is None or side is None:
        return None
    told = _told(connection, plan.document, task, document)
    found = choices.choices(_text(side), task, plan.title or "")
    every = {one.span: _choice(side, one.span, told) for one in found}
    best = sorted(
        (one for one in found if one.likeness >= LIKE or every[one.span].said),
        key=lambda one: (every[one.span].said is None, -one.likeness, one.span),
    )[:LIKELY]
    meant = [one for one in found if at is not None and one.span.start <= at < one.span.end][:1]
    meant = meant or [one for one in found if at is not None and one.span.start >= at][:1]
    likely = tuple(every[span] for span in dict.fromkeys(one.span for one in (*meant, *best)))
    whole = next(((status, by or "") for span, status, by in told if span is None), None)
    return Passages(paper, side.subject, likely, tuple(every.values()), whole)


def chosen(connection: Connection, document: str, key: str) -> Span | None:
    """The paragraph that a form names. ValueError when other words stand there now."""
    if key == "whole":
        return None
    start, end, mark = (*key.split("-"), "", "")[:3]
    side = Sides(connection)[document]
    if side is None or not start.isdigit() or not end.isdigit():
        raise ValueError(key)
    span = Span(int(start), int(end))
    if not 0 <= span.start < span.end <= len(side.text) or _mark(span.of(side.text)) != mark:
        raise ValueError(key)
    return span


def _text(side: Side) -> choices.Text:
    close = side.heading.close
    after = (one.span.start for one in side.sections if close is not None and one.span.start > close)
    return choices.Text(side.text, side.heading, next(after, len(side.text)))


def _choice(side: Side, span: Span, told: Sequence[tuple[Span | None, str, str | None]]) -> Choice:
    words = span.of(side.text)
    said = [(status, by) for other, status, by in told if other and other.start < span.end and span.start < other.end]
    status, by = next((one for one in said if one[1]), next(iter(said), (None, None)))
    return Choice(span, " ".join(words.split()), side.section(span), side.page(span), _mark(words), status, by)


def _mark(words: str) -> str:
    return hashlib.sha256(anchors.letters(words).encode()).hexdigest()[:8]


def _told(connection: Connection, plan: str, task: Task, paper: str) -> list[tuple[Span | None, str, str | None]]:
    """What is proposed and said of passages of the paper: where, what and by whom; no place: the whole paper."""
    done, said = schema.fulfilment, schema.judged
    found: list[tuple[Span | None, str, str | None]] = []
    for table in (said, done):
        query = select(table).where(
            table.c.plan == plan, table.c.paper == paper, table.c.task_start == task.span.start
        )
        for row in connection.execute(query):
            by = row.by if table is said else None
            if row.start is not None:
                found.append((Span(row.start, row.stop), row.status, by))
            elif table is said and row.whole:
                found.append((None, row.status, by))
    return found


# -- from a paper to a task ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks of a plan before someone who has a paper, or a passage of it."""

    likely: tuple[TaskView, ...]
    """By likeness to the passage; without one, those of the paper's body that it does not answer yet."""
    every: tuple[TaskView, ...]


def tasks(view: plan_view.PlanView, paper: Card, passage: str) -> Tasks:
    """Which tasks of a plan a paper may answer, the likely ones first; `passage` may be empty."""
    if passage:
        liked = choices.liked([one.task for one in view.tasks], passage, view.card.title or "")
        order = sorted((at for at in liked if liked[at] >= LIKE), key=lambda at: (-liked[at], at))
        return Tasks(tuple(view.tasks[at] for at in order[:LIKELY]), view.tasks)
    own = [
        one for one in view.tasks
        if concern.best(one.task.lead, paper.issuer) is not concern.Concern.NONE
        and all(proof.card.document != paper.document for proof in one.evidence)
    ]  # fmt: skip
    return Tasks(tuple(own[:LIKELY]), view.tasks)


def near_plans(connection: Connection, viewer: Viewer, document: str) -> tuple[Card, ...]:
    """Plans of which a paper may tell: first those that it cites or is known to answer, then those that cite what it
    cites; none that is younger than the paper."""
    link, r, done, said = schema.link, schema.reading, schema.fulfilment, schema.judged
    cited = select(link.c.target).where(link.c.document == document, link.c.chosen)
    own = union(
        cited, select(done.c.plan).where(done.c.paper == document), select(said.c.plan).where(said.c.paper == document)
    )
    first = set(connection.scalars(own))
    beside = select(link.c.document).where(link.c.target.in_(cited), link.c.chosen)
    query = select(r.c.document).where(
        or_(r.c.document.in_(first), r.c.document.in_(beside)), r.c.tasks > 0, r.c.document != document
    )
    paper = cards.cards(connection, viewer, [document]).get(document)
    last = paper.issued_on if paper else None
    held = cards.cards(connection, viewer, connection.scalars(query).all())
    return tuple(
        sorted(
            (card for card in held.values() if not (last and card.issued_on and card.issued_on > last)),
            key=lambda card: (card.document in first, str(card.issued_on or ""), card.document), reverse=True,
        )
    )  # fmt: skip


def reporting(view: plan_view.PlanView, task: TaskView) -> tuple[Card, ...]:
    """Papers in which one would look first: those that report on the plan, those of the body before the others."""
    papers = {one.document: one for one in view.silent}
    papers |= {proof.card.document: proof.card for one in view.tasks for proof in one.evidence}

    def rank(card: Card) -> tuple[bool, int, str]:
        others = concern.best(task.task.lead, card.issuer) is concern.Concern.NONE
        return others, -(card.issued_on.toordinal() if card.issued_on else 0), card.document

    return tuple(sorted(papers.values(), key=rank))


def paragraph(connection: Connection, document: str, at: int) -> tuple[Span, str] | None:
    """The paragraph that stands at an offset, or follows it, and its words on one line."""
    side = Sides(connection)[document]
    found = _text(side).paragraphs() if side else ()
    span = next((one for one, _ in found if at < one.end), None)
    return (span, " ".join(span.of(side.text).split())) if side and span else None
