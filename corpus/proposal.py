"""A chosen passage put before a person: how far it answers, how surely, and why, in words a clerk understands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from corpus import dates, phrases, similarity
from corpus.assignees import reading
from corpus.assignments import partners
from corpus.bars import SITE
from corpus.model import Fulfilment, FulfilmentStatus, Span, Task
from corpus.relation import Answering, Assigning, Relation
from corpus.rivals import Match
from corpus.sections import Places
from corpus.statements import Statement, Told

QUOTED = 420
"""Characters of the text under a heading that are quoted with it."""


def proposed(
    match: Match, plan: Assigning, paper: Answering, relation: Relation, places: Places, *, copied: bool
) -> Fulfilment:
    """The passage as it is put before a person; `copied`: most of the paper's results stand in an earlier one."""
    task, statement = plan.tasks[match.task], match.statement
    span = _quoted(statement, paper.text)
    status = _status(task, match)
    return Fulfilment(
        task.section,
        task.span.start,
        places.id(span.start),
        span,
        " ".join(span.of(paper.text).split()),
        status,
        _score(match, relation),
        "; ".join(_reason(match, task, plan, relation, copied=copied)),
        _done_on(match, plan, paper),
        copied,
    )


def _done_on(match: Match, plan: Assigning, paper: Answering) -> dt.date | None:
    """The day of the product, or the last day told in the passage; None when only the paper's own day is known."""
    if match.whole:
        return paper.heading.issued_on
    return day_told(match.statement.text, plan.heading.issued_on, paper.heading.issued_on)


def day_told(words: str, first: dt.date | None, last: dt.date | None) -> dt.date | None:
    """The last day told in a passage after the plan's day `first`, up to the paper's own day `last`."""
    told = [on for _, on in dates.find(words) if (not first or on > first) and (not last or on <= last)]
    return max(told, default=None)


def _quoted(statement: Statement, text: str) -> Span:
    """The sentence; for a heading, what stands under it as well, up to a paragraph."""
    if not statement.heading:
        return statement.whole
    end = min(statement.under, statement.span.end + QUOTED)
    if end < statement.under:
        stops = [stop.end() for stop in re.finditer(r"[.;](?=\s)", text[statement.span.end : end])]
        end = statement.span.end + (stops[-1] if stops else 0)
    return Span(statement.span.start, end)


def _status(task: Task, match: Match) -> FulfilmentStatus:
    statement = match.statement
    if match.whole:
        return FulfilmentStatus.FULFILS
    if match.likeness < _least(match) and not match.about:
        return FulfilmentStatus.MENTIONS
    if match.about and len(task.lead) > 1:
        return FulfilmentStatus.PARTIAL  # one of several bodies
    if statement.told is Told.PART or similarity.below_target(task.wording, statement.text):
        return FulfilmentStatus.PARTIAL
    ahead = statement.told is Told.PLANNED  # only tasks that ask for a forecast or for proposals are matched by one
    if statement.told is Told.DONE or (statement.heading and (statement.results or ahead)):
        return FulfilmentStatus.FULFILS
    return FulfilmentStatus.PARTIAL if statement.results else FulfilmentStatus.MENTIONS


def _least(match: Match) -> float:
    """Likeness from which the passage is more than a mention."""
    if match.beneath:
        return SITE.plain  # the heading over it says what it is about
    untold = match.statement.told is Told.STATED and not match.statement.heading
    return SITE.untold if untold else SITE.answers


def _score(match: Match, relation: Relation) -> float:
    score = 0.35 + 0.5 * min(1.0, match.likeness)
    score += 0.08 * relation.cites
    score += 0.07 * (match.statement.told is Told.DONE)
    return round(min(0.99, score), 3)


def _reason(
    match: Match, task: Task, plan: Assigning, relation: Relation, *, copied: bool
) -> Iterator[str]:
    yield relation.by_task[match.task] or ""
    if relation.cites:
        yield f"dẫn {plan.heading.kind_printed or 'văn bản'} {plan.heading.number or ''}".rstrip()
    if copied:
        yield "phần lớn kết quả chép nguyên văn báo cáo trước"
    if match.whole:
        yield match.whole
    elif said := _in_same_words(match, task):
        yield "cùng nói về " + ", ".join(f"«{words}»" for words in said)
    if not match.whole and (counted := phrases.figure(match.statement.text)):
        yield f"nêu số liệu {counted}"
    if match.statement.told is Told.PART:
        yield "còn phần chưa xong"
    if task.partners and any(partners(reading(match.statement.text))):
        yield "có nêu việc phối hợp"


def _in_same_words(match: Match, task: Task) -> tuple[str, ...]:
    """What the passage says in the task's words; for one under a heading, else what the heading says."""
    work = similarity.work_of(task)
    return phrases.shared(work, match.statement.text) or phrases.shared(work, match.statement.above)
