"""What people say of evidence (rà soát): recorded as corrections of the plan, laid over tasks and passages as read now.

A decision holds while both sides say what they said when it was made. When the words of one change in meaning, it
becomes suspect (cần rà soát lại) and is shown with the difference; other typing or a better scan leaves it alone.
Evidence is a passage, or a whole paper that is itself what the task asks for: then its number, day, issuer and title
are its words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, delete, insert, or_, select

from archive import corrections, journal
from archive.corrections import Correction, Draft, Subject
from archive.database import alone, reader, writer
from archive.errors import ArchiveError, NotFound, NothingRecorded
from archive.schema import correction as correction_table
from archive.viewer import Viewer
from corpus import meaning, proposal
from corpus.model import Span, Task
from indexer import anchors, proposals, schema, task_edits
from indexer.sides import Side, Sides, words_of

if TYPE_CHECKING:
    from archive.archive import Archive

STATUSES = ("fulfils", "partial", "mentions", "rejected", "later")
"""What may be said of a passage; `later` puts it off and counts for nothing."""
_LOCK = 0x6A756467
ALIKE = 0.6
"""How much of its words must be left for changed words to be taken for the ones meant."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision to be recorded."""

    plan: str
    task_start: int
    paper: str
    span: Span | None
    """None: the whole paper is the answer."""
    status: str


def decide(archive: Archive, viewer: Viewer, judged: Iterable[Judgement], *, by: str) -> tuple[Correction, ...]:
    """Record decisions and lay them, all or none; each replaces an earlier one on the same task and passage.

    Raises NotFound when a plan, task or paper is not held, ValueError for an unknown status or words not in the text,
    NothingRecorded when the disk or the database fails.
    """
    with reader(archive.engine) as connection:
        said = drafts(connection, tuple(judged))
    return record(archive, viewer, said, by=by)


def record(archive: Archive, viewer: Viewer, said: Sequence[Draft], *, by: str) -> tuple[Correction, ...]:
    """Record corrections and lay what they say of evidence in one transaction. Raises NotFound, NothingRecorded."""
    with deciding(archive, len(said)) as connection:
        return add(connection, viewer, said, by=by)


def undo(archive: Archive, viewer: Viewer, numbers: Sequence[int], *, by: str) -> tuple[Correction, ...]:
    """Take decisions back, all or none: what stood before each stands again. Raises NotFound, NothingRecorded."""
    with deciding(archive, len(numbers)) as connection:
        return take_back(connection, viewer, numbers, by=by)


def add(connection: Connection, viewer: Viewer, said: Sequence[Draft], *, by: str) -> tuple[Correction, ...]:
    """`record` in the caller's transaction."""
    made = corrections.add(connection, viewer, said, by=by)
    _lay_each(connection, made)
    return made


def take_back(
    connection: Connection, viewer: Viewer, numbers: Sequence[int], *, by: str
) -> tuple[Correction, ...]:
    """`undo` in the caller's transaction."""
    made = corrections.take_back(connection, viewer, numbers, by=by)
    _lay_each(connection, made)
    return made


@contextmanager
def deciding(archive: Archive, count: int) -> Iterator[Connection]:
    """One transaction of `count` decisions: all of them, or none. Raises NothingRecorded."""
    try:
        with journal.acting(archive) as connection:
            yield connection
    except ArchiveError as error:
        if error.http_status < 500:
            raise
        raise NothingRecorded(count=count, cause=error) from error


def _lay_each(connection: Connection, made: Iterable[Correction]) -> None:
    for plan in sorted({one.document for one in made if one.subject is Subject.FULFILMENT}):
        lay_on(connection, plan)


def lay(archive: Archive, plans: Collection[str]) -> None:
    """Lay the decisions on these plans anew; safe to repeat."""
    with writer(archive.engine) as connection:
        for plan in sorted(plans):
            lay_on(connection, plan)


# -- recording ----------------------------------------------------------------------------------------------


def drafts(connection: Connection, judged: Sequence[Judgement]) -> list[Draft]:
    """What `decide` records; a bounded number of queries, however many there are. Raises NotFound, ValueError."""
    for one in judged:
        if one.status not in STATUSES:
            raise ValueError(f"unknown status {one.status}")
    plans, papers = {one.plan for one in judged}, {one.paper for one in judged}
    sides, known = Sides(connection, plans | papers), _Known(connection, plans, papers)
    return [_draft(sides, known, one) for one in judged]


def _draft(sides: Sides, known: _Known, one: Judgement) -> Draft:
    plan, paper, task = sides[one.plan], sides[one.paper], sides.task(one.plan, one.task_start)
    if plan is None or task is None:
        raise NotFound(what=one.plan)
    if paper is None:
        raise NotFound(what=one.paper)
    places = {
        "task": task_edits.anchor(plan.letters, plan.sections, task),
        "passage": anchors.of_words(paper.letters, paper.sections, one.span) if one.span else None,
    }
    value = {
        "status": one.status, "at": places, "task": list(meaning.of_task(task)),
        "wording": words_of(task, plan.text), "quote": one.span.of(paper.text) if one.span else paper.subject,
    }  # fmt: skip
    if one.span is None:
        value["about"] = list(paper.about)
    # Who decides again about the same passage, whose words may have changed, replaces the decision before.
    anchor = known.anchor(one) or {"paper": one.paper, **places}
    return Draft(one.plan, Subject.FULFILMENT, anchor, value, known.proposed(one, paper.text))


class _Known:
    """What is proposed and decided of some plans and papers."""

    def __init__(self, connection: Connection, plans: set[str], papers: set[str]) -> None:
        done, said = schema.fulfilment, schema.judged
        names = ("plan", "paper", "task_start", "start", "stop", "status", "score", "reason")
        self.proposals = {
            (row.plan, row.paper, row.task_start, row.start): row
            for row in _between(connection, select(*(done.c[name] for name in names)), done.c, plans, papers)
        }
        self.laid: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
        for row in _between(connection, select(said).order_by(said.c.correction), said.c, plans, papers):
            self.laid[row.plan, row.paper, row.task_start].append(row)
        decided = {key[0] for key in self.laid}
        self.anchors = {one.id: one.anchor for plan in decided for one in corrections.held(connection, plan)}

    def proposed(self, one: Judgement, text: str) -> dict[str, Any] | None:
        """What the machine proposes of the very passage; a sign more or less at its end is nothing."""
        row = self.proposals.get((one.plan, one.paper, one.task_start, one.span.start)) if one.span else None
        if row is None or one.span is None:
            return None
        between = text[min(row.stop, one.span.end) : max(row.stop, one.span.end)]
        if any(letter.isalnum() for letter in between):
            return None
        return {"status": row.status, "score": row.score, "reason": row.reason}

    def anchor(self, one: Judgement) -> dict[str, Any] | None:
        """The anchor of the decision that is laid on this task and passage."""
        for row in reversed(self.laid.get((one.plan, one.paper, one.task_start), ())):
            span = Span(row.start, row.stop) if row.start is not None else None
            same = row.whole if one.span is None else span and span.start < one.span.end and one.span.start < span.end
            if same:
                return dict(self.anchors[row.correction])
        return None


def _between(connection: Connection, query, columns, plans: set[str], papers: set[str]) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    for some in proposals.chunks(sorted(plans)):
        for others in proposals.chunks(sorted(papers)):
            yield from connection.execute(query.where(columns.plan.in_(some), columns.paper.in_(others)))


# -- laying -------------------------------------------------------------------------------------------------


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
    """Lay every decision in force on one plan, while nobody else does."""
    # Two that replaced the same rows at once would meet in the key, and the later decision would be lost.
    alone(connection, _LOCK)
    connection.execute(delete(schema.judged).where(schema.judged.c.plan == plan))
    standing = corrections.standing(corrections.held(connection, plan))
    said = [one for one in standing if one.subject is Subject.FULFILMENT]
    if not said:
        return
    papers = [str(one.anchor["paper"]) for one in said]
    sides, proposed = Sides(connection, (plan, *papers)), _proposed(connection, plan)
    rows = [
        _row(plan, one, sides[plan], sides.tasks(plan), sides[paper], proposed)
        for one, paper in zip(said, papers, strict=True)
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
    plan: str, one: Correction, giving: Side | None, tasks: Sequence[Task], answering: Side | None,
    proposed: Mapping[tuple[str, int], Sequence[Row]],
) -> dict[str, Any]:  # fmt: skip
    value, paper = one.value, str(one.anchor["paper"])
    whole = value["at"]["passage"] is None
    task = _task(one, giving, tasks) if giving else None
    near = proposed.get((paper, task.span.start), ()) if task else ()
    span = _passage(one, answering, near) if answering and not whole else None
    match = _titled(near, answering) if whole and answering else _decided(near, span)
    same_task = task is not None and list(meaning.of_task(task)) == value["task"]
    same_words = _same_paper(value, answering) if whole else _same_passage(value, answering, span)
    return {
        "plan": plan, "correction": one.id, "task_start": task.span.start if task else None, "paper": paper,
        "position": match.position if match else None, "start": span.start if span else None,
        "stop": span.end if span else None, "section": answering.section(span) if answering and span else None,
        "page": answering.page(span) if answering and span else None, "quote": _quote(value, answering, span),
        "status": value["status"], "by": one.by, "at": one.at, "suspect": not (same_task and same_words),
        "was_task": value["wording"], "was_quote": value["quote"], "whole": whole, "added": one.read is None,
        "done_on": _done_on(giving, answering, span, whole=whole),
    }  # fmt: skip


def _decided(proposed: Sequence[Row], span: Span | None) -> Row | None:
    """The proposal that a decision on this passage decides: the one that shares most of it."""
    if span is None:
        return None
    shared = {row.position: min(row.stop, span.end) - max(row.start, span.start) for row in proposed}
    best = max(proposed, key=lambda row: (shared[row.position], -row.position), default=None)
    return best if best is not None and shared[best.position] > 0 else None


def _titled(proposed: Sequence[Row], answering: Side) -> Row | None:
    """The proposal that quotes the paper's title: who takes the whole paper decides it too."""
    title = anchors.letters(answering.subject)
    return next((row for row in proposed if (said := anchors.letters(row.quote)) and said in title), None)


def _same_paper(value: Mapping[str, Any], answering: Side | None) -> bool:
    return answering is not None and list(answering.about) == value["about"]


def _same_passage(value: Mapping[str, Any], answering: Side | None, span: Span | None) -> bool:
    if answering is None or span is None:
        return False
    return meaning.words(span.of(answering.text)) == meaning.words(value["quote"])


def _quote(value: Mapping[str, Any], answering: Side | None, span: Span | None) -> str:
    if answering is not None and value["at"]["passage"] is None:
        return answering.subject
    return " ".join((span.of(answering.text) if answering and span else value["quote"]).split())


def _done_on(giving: Side | None, answering: Side | None, span: Span | None, *, whole: bool) -> dt.date | None:
    """The day of the product, or the last day that the passage tells, as with what is proposed."""
    if giving is None or answering is None:
        return None
    last = answering.heading.issued_on
    if whole:
        return last
    return proposal.day_told(span.of(answering.text), giving.heading.issued_on, last) if span else None


def _task(one: Correction, giving: Side, tasks: Sequence[Task]) -> Task | None:
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


def _passage(one: Correction, answering: Side, proposed: Sequence[Row]) -> Span | None:
    """The passage meant: at its words, else the proposal for the same task whose words are most alike."""
    span = anchors.find_words(one.value["at"]["passage"], answering.letters, answering.sections)
    if span is not None:
        return _with_marks(span, answering.text, one.value["quote"])
    places = [(Span(row.start, row.stop), row.quote) for row in proposed]
    return _most_alike(anchors.letters(one.value["quote"]), places)


def _with_marks(span: Span, text: str, quote: str) -> Span:
    """The passage with the signs around its letters that stood there: «91,9%.», “…”."""
    before, after = (re.search(pattern, quote.strip()) for pattern in (r"^[^\w\s]*", r"[^\w\s]*$"))
    start, end = span.start, span.end
    if before and text[:start].endswith(before[0]):
        start -= len(before[0])
    if after and text.startswith(after[0], end):
        end += len(after[0])
    return Span(start, end)


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
