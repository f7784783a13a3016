"""What people say of evidence (rà soát): recorded as corrections of the plan, laid over tasks and passages as read now.

A decision holds while both sides say what they said when it was made. When the words of one change in meaning, it
becomes suspect (cần rà soát lại) and is shown with the difference; other typing or a better scan leaves it alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, delete, insert, or_, select

from archive import corrections
from archive.corrections import Correction, Subject
from archive.database import reader, writer
from archive.errors import NotFound
from archive.schema import correction as correction_table
from archive.viewer import Viewer
from corpus import meaning
from corpus import sections as outline
from corpus.model import Page, Section, Span, Task
from indexer import anchors, proposals, records, schema, task_edits

if TYPE_CHECKING:
    from archive.archive import Archive

STATUSES = ("fulfils", "partial", "mentions", "rejected", "later")
"""What may be said of a passage; `later` puts it off and counts for nothing."""
ALIKE = 0.6
"""How much of its words must be left for changed words to be taken for the ones meant."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision to be recorded."""

    plan: str
    task_start: int
    paper: str
    span: Span
    status: str


def decide(archive: Archive, viewer: Viewer, judged: Iterable[Judgement], *, by: str) -> tuple[Correction, ...]:
    """Record decisions and lay them; each replaces an earlier one on the same task and passage.

    Raises NotFound when a plan, task or paper is not held, ValueError for an unknown status or words not in the text.
    """
    wanted = tuple(judged)
    for one in wanted:
        if one.status not in STATUSES:
            raise ValueError(f"unknown status {one.status}")
    with reader(archive.engine) as connection:
        sides = Sides(connection)
        said = [(one.plan, *_said(connection, sides, one)) for one in wanted]
    made = tuple(
        corrections.record(
            archive, viewer, plan, subject=Subject.FULFILMENT, anchor=anchor, value=value, read=read, by=by
        )
        for plan, anchor, value, read in said
    )
    lay(archive, {one.document for one in made})
    return made


def undo(archive: Archive, viewer: Viewer, numbers: Iterable[int], *, by: str) -> tuple[Correction, ...]:
    """Take decisions back: what stood before each stands again."""
    made = tuple(corrections.undo(archive, viewer, number, by=by) for number in numbers)
    lay(archive, {one.document for one in made})
    return made


def lay(archive: Archive, plans: Collection[str]) -> None:
    """Lay the decisions on these plans anew; safe to repeat."""
    with writer(archive.engine) as connection:
        for plan in sorted(plans):
            lay_on(connection, plan)


def words_of(task: Task, text: str) -> str:
    """A task's words as its document has them, or as a person put them."""
    return task.wording if task.by or task.added else task.span.of(text)


def _said(connection: Connection, sides: Sides, one: Judgement) -> tuple[dict[str, Any], dict[str, Any], Any]:
    plan, paper = sides[one.plan], sides[one.paper]
    task = next((task for task in sides.tasks(one.plan) if task.span.start == one.task_start), None)
    if plan is None or task is None:
        raise NotFound(what=one.plan)
    if paper is None:
        raise NotFound(what=one.paper)
    places = {
        "task": task_edits.anchor(plan.letters, plan.sections, task),
        "passage": anchors.of_words(paper.letters, paper.sections, one.span),
    }
    value = {
        "status": one.status, "at": places, "task": list(meaning.of_task(task)),
        "wording": words_of(task, plan.text), "quote": one.span.of(paper.text),
    }  # fmt: skip
    table = schema.fulfilment
    proposed = connection.execute(
        select(table.c.status, table.c.score, table.c.reason).where(
            table.c.plan == one.plan, table.c.paper == one.paper, table.c.task_start == one.task_start,
            table.c.start == one.span.start,
        )
    ).first()  # fmt: skip
    # Who decides again about the same passage, whose words may have changed, replaces the decision before.
    anchor = _earlier(connection, one) or {"paper": one.paper, **places}
    return anchor, value, dict(proposed._mapping) if proposed else None


def _earlier(connection: Connection, one: Judgement) -> dict[str, Any] | None:
    """The anchor of the decision that is laid on this task and passage."""
    table = schema.judged
    query = select(table.c.correction).where(
        table.c.plan == one.plan, table.c.paper == one.paper, table.c.task_start == one.task_start,
        table.c.start < one.span.end, table.c.stop > one.span.start,
    )  # fmt: skip
    number = connection.scalar(query.order_by(table.c.correction.desc()))
    held = {record.id: record for record in corrections.held(connection, one.plan)} if number else {}
    return dict(held[number].anchor) if number else None


# -- laying -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Side:
    """A document as it is read now."""

    text: str
    letters: anchors.Text
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]

    @staticmethod
    def of(connection: Connection, document: str) -> _Side | None:
        table = schema.reading
        row = connection.execute(select(table.c.text, table.c.layout).where(table.c.document == document)).first()
        if row is None:
            return None
        sections = proposals.sections_of(connection, document)
        return _Side(row.text, anchors.Text.of(row.text), sections, records.layout_from_bytes(row.layout)[0])


class Sides:
    """Documents as they are read now, each looked up once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sides: dict[str, _Side | None] = {}
        self.given: dict[str, tuple[Task, ...]] = {}

    def __getitem__(self, document: str) -> _Side | None:
        if document not in self.sides:
            self.sides[document] = _Side.of(self.connection, document)
        return self.sides[document]

    def tasks(self, plan: str) -> tuple[Task, ...]:
        """In text order."""
        if plan not in self.given:
            self.given[plan] = proposals.tasks_of(self.connection, [plan]).get(plan, ())
        return self.given[plan]


def concerned(connection: Connection, document: str, pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Plans whose decisions must be laid again after `document` was read and these (plan, paper) pairs proposed."""
    table = correction_table
    held = set(connection.scalars(select(table.c.document).where(table.c.subject == Subject.FULFILMENT).distinct()))
    if not held:
        return set()
    about = select(schema.judged.c.plan).where(schema.judged.c.paper == document).distinct()
    near = {document, *connection.scalars(about), *(plan for plan, _ in pairs)}
    if not near & held:
        # The first time a paper is read, nothing is laid on it yet: its id stands in the anchors.
        named = select(table.c.document).where(table.c.anchor.contains(document, autoescape=True)).distinct()
        near |= set(connection.scalars(named.where(table.c.subject == Subject.FULFILMENT)))
    return near & held


def lay_on(connection: Connection, plan: str) -> None:
    """Lay every decision in force on one plan."""
    connection.execute(delete(schema.judged).where(schema.judged.c.plan == plan))
    standing = corrections.standing(corrections.held(connection, plan))
    said = [one for one in standing if one.subject is Subject.FULFILMENT]
    if not said:
        return
    sides, proposed = Sides(connection), _proposed(connection, plan)
    rows = [
        _row(plan, one, sides[plan], sides.tasks(plan), sides[str(one.anchor["paper"])], proposed) for one in said
    ]
    connection.execute(insert(schema.judged), rows)


def _proposed(connection: Connection, plan: str) -> Mapping[tuple[str, int], Sequence[Row]]:
    """Proposals by paper and start of the task."""
    table = schema.fulfilment
    found: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.plan == plan)):
        found[row.paper, row.task_start].append(row)
    return found


def _row(
    plan: str, one: Correction, giving: _Side | None, tasks: Sequence[Task], answering: _Side | None,
    proposed: Mapping[tuple[str, int], Sequence[Row]],
) -> dict[str, Any]:  # fmt: skip
    value, paper = one.value, str(one.anchor["paper"])
    task = _task(one, giving, tasks) if giving else None
    near = proposed.get((paper, task.span.start), ()) if task else ()
    span = _passage(one, answering, near) if answering else None
    match = next((row for row in near if span and row.start < span.end and span.start < row.stop), None)
    same_task = task is not None and list(meaning.of_task(task)) == value["task"]
    same_quote = span is not None and meaning.words(span.of(answering.text)) == meaning.words(value["quote"])  # type: ignore[union-attr]
    section = outline.innermost(answering.sections, span.start) if answering and span else None
    return {
        "plan": plan, "correction": one.id, "task_start": task.span.start if task else None, "paper": paper,
        "position": match.position if match else None, "section": section.id if section else None,
        "start": span.start if span else None, "stop": span.end if span else None,
        "quote": span.of(answering.text) if answering and span else value["quote"],
        "page": _page(answering, span), "status": value["status"], "by": one.by, "at": one.at,
        "suspect": not (same_task and same_quote), "was_task": value["wording"], "was_quote": value["quote"],
    }  # fmt: skip


def _page(side: _Side | None, span: Span | None) -> int | None:
    if side is None or span is None:
        return None
    return next((page.number for page in side.pages if page.span.start <= span.start < page.span.end), None)


def _task(one: Correction, giving: _Side, tasks: Sequence[Task]) -> Task | None:
    """The task meant: at its words, else the one in its section whose words are most alike."""
    anchor = one.value["at"]["task"]
    if "added" in anchor:
        return next((task for task in tasks if task.added == anchor["added"]), None)
    span = anchors.find_words(anchor, giving.letters, giving.sections)
    if span is not None:
        return next((task for task in tasks if task.span.start < span.end and span.start < task.span.end), None)
    wanted = anchors.letters(one.value["wording"])
    near = [task for task in tasks if task.section == anchor.get("section")] or list(tasks)
    return _most_alike(wanted, [(task, words_of(task, giving.text)) for task in near])


def _passage(one: Correction, answering: _Side, proposed: Sequence[Row]) -> Span | None:
    """The passage meant: at its words, else the proposal for the same task whose words are most alike."""
    span = anchors.find_words(one.value["at"]["passage"], answering.letters, answering.sections)
    if span is not None:
        return span
    places = [(Span(row.start, row.stop), row.quote) for row in proposed]
    return _most_alike(anchors.letters(one.value["quote"]), places)


def _most_alike(wanted: str, candidates):  # type: ignore[no-untyped-def]
    """The candidate whose words are most like those wanted, of at least `ALIKE`; None when there is none."""
    best, score = None, ALIKE
    for candidate, text in candidates:
        ratio = SequenceMatcher(None, wanted[:400], anchors.letters(text)[:400], autojunk=False).ratio()
        if ratio > score:
            best, score = candidate, ratio
    return best


def judged(connection: Connection, plans: Collection[str]) -> dict[str, list[Row]]:
    """The decisions laid on each plan."""
    table = schema.judged
    found: dict[str, list[Row]] = defaultdict(list)
    for batch in proposals.chunks(sorted(plans)):
        for row in connection.execute(select(table).where(or_(table.c.plan.in_(batch))).order_by(table.c.correction)):
            found[row.plan].append(row)
    return found
