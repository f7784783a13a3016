"""Plans as their pages show them: tasks with evidence and standing, computed for a day, never stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, select

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.viewer import Viewer
from corpus import shares, standing
from corpus.concern import concern, specific
from corpus.model import Heading, Page, Section, Task
from corpus.sameness import Sense
from indexer import cards, moved_evidence, one_body, plan_evidence, proposals, records, register, schema, task_states
from indexer.linking import chunks
from indexer.task_moves import Moves, Place
from indexer.task_states import Seen, known_by
from indexer.views import (
    Card,
    EvidenceView,
    MemberView,
    MovedView,
    OriginView,
    PeriodView,
    PlanView,
    ShareView,
    TaskState,
    TaskView,
)

_DONE = (TaskState.DONE, TaskState.DONE_LATE)
_PERIODS = 8
"""Periods of a recurring duty that are shown, the latest."""


def plans(
    connection: Connection, viewer: Viewer, today: dt.date, on: dt.date | None = None
) -> tuple[PlanView, ...]:
    """Every document that gives tasks, without sections and pages; most overdue first, then newest.

    With `on`, those that stood on that day, as they stood then.
    """
    r = schema.reading
    query = (
        select(r.c.document)
        .select_from(r.join(document_table, document_table.c.id == r.c.document))
        .where(r.c.tasks > 0, visible(viewer))
    )
    documents = connection.scalars(query).all()
    if on is not None:
        stood = cards.in_force(connection, viewer, on)
        documents = [document for document in documents if document in stood]
    held = list(_Plans(connection, viewer, documents, on or today, until=on).views())
    newest = sorted(held, key=lambda v: (v.card.issued_on or dt.date.min, v.card.document), reverse=True)
    return tuple(sorted(newest, key=lambda v: -v.summary["overdue"]))


def several(
    connection: Connection, viewer: Viewer, documents: Sequence[str], today: dt.date
) -> tuple[PlanView, ...]:
    """Some plans, without sections and pages; those not held or not visible are left out."""
    return tuple(_Plans(connection, viewer, documents, today).views()) if documents else ()


def plan(
    connection: Connection, viewer: Viewer, document: str, today: dt.date, on: dt.date | None = None, *,
    outline: bool = False,
) -> PlanView | None:  # fmt: skip
    """One plan, with `on` as it stood on that day; None when it is not held or not visible.

    `outline`: its tasks with their states alone, without evidence and shares, in half the time.
    """
    found = _Plans(connection, viewer, [document], on or today, until=on, light=outline)
    if document not in found.cards:
        return None
    sections = {section.id: section for section in proposals.sections_of(connection, document)}
    pages = _pages(connection, document)
    return found.view(document, sections, pages)


def summaries(
    connection: Connection, viewer: Viewer, documents: Sequence[str], today: dt.date
) -> dict[str, dict[str, int]]:
    """The counts of each of these plans that is held and visible."""
    if not documents:
        return {}
    found = _Plans(connection, viewer, documents, today, light=True)
    return {document: found.counts(document) for document in documents if document in found.cards}


def _summary(states: Sequence[TaskState], unreported: int) -> dict[str, int]:
    return {
        "tasks": len(states),
        "fulfilled": sum(state in _DONE for state in states),
        "partial": states.count(TaskState.PARTIAL),
        "unreported": unreported,
        "overdue": states.count(TaskState.OVERDUE),
        "suspect": states.count(TaskState.SUSPECT),
    }


class _Plans:
    """What the views of some plans need, read with a fixed number of queries."""

    def __init__(
        self, connection: Connection, viewer: Viewer, documents: Sequence[str], today: dt.date,
        until: dt.date | None = None, *, light: bool = False,
    ) -> None:  # fmt: skip
        self.today, self.light = today, light
        self.documents = documents
        self.cards = cards.cards(connection, viewer, documents)
        self.tasks = proposals.tasks_of(connection, documents)
        self.moves = Moves(connection, viewer, documents)
        wanted = {*documents, *self.moves.sources(documents)}
        settled = moved_evidence.settled(connection, moved_evidence.ends_of(self.moves))
        self.evidence: Mapping[str, Mapping[int, Sequence[EvidenceView | Seen]]] = (
            task_states.evidence(connection, viewer, wanted, until, self._telling(wanted), settled)
            if light else plan_evidence.evidence(connection, viewer, wanted, until, settled)
        )  # fmt: skip
        self.reporting = _reporting(connection, viewer, documents, until)
        grouped = [
            document
            for document, tasks in self.tasks.items()
            if any(not specific(name) for task in tasks for name in task.lead)
        ]
        self.members = _members(connection, grouped)
        self.register = register.of(connection)
        self.headings = _headings(connection, [d for d, card in self.cards.items() if not one_body.home_of(card).place])

    def _telling(self, documents: Iterable[str]) -> dict[str, set[int]]:
        """The tasks whose state hangs on what their passages say, not only on whose they are and when."""
        moved = {plan for start, (_, end) in self.moves.next.items() for plan, _ in (start, end)}
        tasks = {**self.moves.tasks, **self.tasks}
        return {
            document: {
                task.span.start for task in tasks.get(document, ())
                if document in moved or len(task.lead) != 1 or not specific(task.lead[0])
            }
            for document in documents
        }  # fmt: skip

    def views(self) -> Iterable[PlanView]:
        return (self.view(document, {}, ()) for document in self.documents if document in self.cards)

    def counts(self, document: str) -> dict[str, int]:
        """The summary of `view` alone."""
        states, unreported = [], 0
        for task, evidence, _ in self._own(document):
            states.append(self._state(task, evidence, document)[1])
            unreported += not evidence
        return _summary(states, unreported)

    def view(self, document: str, sections: Mapping[str, Section], pages: Sequence[Page]) -> PlanView:
        tasks, unreported = [], 0
        for task, evidence, origins in self._own(document):
            found, state, days = self._state(task, evidence, document)
            section = sections.get(task.section)
            shown = tuple(one for one in evidence if isinstance(one, EvidenceView))
            unreported += not evidence
            tasks.append(
                TaskView(
                    task=task, section_title=section.title if section else None,
                    page=page_of(pages, task.span.start), state=state, days=days, evidence=shown, origins=origins,
                    **self._detail(task, shown, found, self.cards[document].issued_on),
                )
            )  # fmt: skip
        answering = {one.document for group in self.evidence.get(document, {}).values() for one in group}
        silent = tuple(c for c in self.reporting.get(document, ()) if c.document not in answering)
        counted = _summary([task.state for task in tasks], unreported)
        return PlanView(
            self.cards[document], self.today, tuple(tasks), counted, silent, self._gone(document),
            self._bodies(document),
        )  # fmt: skip

    def _bodies(self, document: str) -> dict[str, Sense]:
        tasks = self.tasks.get(document, ())
        return one_body.senses(self.register, self.cards[document], self.headings.get(document), tasks)

    def _gone(self, document: str) -> tuple[MovedView, ...]:
        every = (self.moves.gone(document, task) for task in self.tasks.get(document, ()))
        return tuple(one for one in every if one is not None)

    def _own(self, document: str) -> Iterator[tuple[Task, Sequence[EvidenceView | Seen], tuple[OriginView, ...]]]:
        """The tasks that did not move to a newer plan, with evidence, and the older plans' tasks they go on with."""
        every, evidence = self.tasks.get(document, ()), self.evidence.get(document, {})
        origins = self.moves.origins(document, every)
        for task in every:
            if self.moves.gone(document, task) is None:
                older = origins.get(task.span.start, ())
                own = self._with_older(evidence.get(task.span.start, ()), older)
                yield task, own, tuple(origin for _, origin in older)

    def _with_older(
        self, evidence: Sequence[EvidenceView | Seen], origins: Sequence[tuple[Place, OriginView]]
    ) -> Sequence[EvidenceView | Seen]:
        """The evidence of a task with that of the older plans' tasks it goes on with; each passage once."""
        if not origins:
            return evidence
        found = {(one.document, one.quote): one for one in evidence}
        for (plan, start), _ in origins:
            for one in self.evidence.get(plan, {}).get(start, ()):
                found.setdefault((one.document, one.quote), one)
        return list(found.values())

    def _state(
        self, task: Task, evidence: Sequence[EvidenceView | Seen], document: str
    ) -> tuple[tuple[shares.Share, ...], TaskState, int]:
        answers = [one.answer if isinstance(one, Seen) else plan_evidence.answer(one) for one in evidence]
        since = self.cards[document].issued_on
        found = shares.shares(task, answers, self.members.get(document, ()), self.today, since)
        state, days = shares.together(task, found)
        return found, TaskState(state), days

    def _detail(
        self, task: Task, evidence: Sequence[EvidenceView], found: Sequence[shares.Share], since: dt.date | None
    ) -> dict[str, Any]:
        """What each body has done, and each period."""
        if self.light:
            return {}
        return {
            "shares": tuple(self._share(share, task, evidence, since) for share in found),
            "periods": _period_views(task, evidence, since, self.today),
        }

    def _share(
        self, share: shares.Share, task: Task, evidence: Sequence[EvidenceView], since: dt.date | None
    ) -> ShareView:
        own = tuple(evidence[position] for position in share.answers)

        def periods_of(answers: Sequence[EvidenceView]) -> tuple[PeriodView, ...]:
            return _period_views(task, answers, since, self.today)

        members = tuple(
            MemberView(
                member.name, TaskState(member.state), member.days,
                periods_of([e for e in own if concern(member.name, e.card.issuer or "")]),
            )
            for member in share.members
        )  # fmt: skip
        return ShareView(
            share.name, TaskState(share.state), share.days, own, share.done, share.of, members, periods_of(own)
        )


def _period_views(
    task: Task, evidence: Sequence[EvidenceView], since: dt.date | None, today: dt.date
) -> tuple[PeriodView, ...]:
    """Each period of a recurring duty since the plan was issued, with what answers it."""
    if task.due is None or since is None:
        return ()
    days = standing.periods(task.due, since, today)
    if not days:
        return ()
    proofs = [plan_evidence.proof(one) for one in evidence]
    last, coming = standing.cut_offs(task.due, today)
    by_day = standing.answered(task.due, proofs, last, coming)
    return tuple(
        _period_view(day, [evidence[proofs.index(proof)] for proof in by_day.get(day, ())], today)
        for day in days[-_PERIODS:]
    )


def _period_view(day: dt.date, evidence: Sequence[EvidenceView], today: dt.date) -> PeriodView:
    state, days = standing.period([plan_evidence.proof(one) for one in evidence], day, today)
    return PeriodView(day, TaskState(state), days, tuple(evidence))


def _headings(connection: Connection, documents: Collection[str]) -> dict[str, Heading]:
    """For plans whose place their issuer's name does not say."""
    r = schema.reading
    return {
        row.document: records.heading_from_json(row.heading)
        for batch in chunks(sorted(documents))
        for row in connection.execute(select(r.c.document, r.c.heading).where(r.c.document.in_(batch)))
    }


def page_of(pages: Sequence[Page], offset: int) -> int | None:
    return next((p.number for p in pages if p.span.start <= offset < p.span.end), None)


def _pages(connection: Connection, document: str) -> tuple[Page, ...]:
    r = schema.reading
    layout = connection.scalar(select(r.c.layout).where(r.c.document == document))
    return records.layout_from_bytes(layout)[0] if layout is not None else ()


def _members(connection: Connection, documents: Collection[str]) -> dict[str, set[str]]:
    """Issuers of the papers that cite each plan, or a paper that cites it: the bodies known to be under it."""
    link, r = schema.link, schema.reading
    near, far = link.alias(), link.alias()
    direct = select(near.c.target, r.c.issuer).join(r, r.c.document == near.c.document)
    through = (
        select(near.c.target, r.c.issuer)
        .select_from(near.join(far, and_(far.c.target == near.c.document, far.c.chosen)))
        .join(r, r.c.document == far.c.document)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for batch in chunks(sorted(documents)):
        for query in (direct, through):
            wanted = query.where(near.c.target.in_(batch), near.c.chosen, r.c.issuer.is_not(None)).distinct()
            for row in connection.execute(wanted):
                found[row.target].add(row.issuer)
    return found


def _reporting(
    connection: Connection, viewer: Viewer, documents: Collection[str], until: dt.date | None
) -> dict[str, list[Card]]:
    """Reports that cite each plan."""
    link, r = schema.link, schema.reading
    pairs: list[tuple[str, str]] = []
    for batch in chunks(sorted(documents)):
        query = (
            select(link.c.target, link.c.document)
            .select_from(link.join(r, and_(r.c.document == link.c.document, r.c.kind == "bao-cao")))
            .where(link.c.target.in_(batch), link.c.chosen)
            .distinct()
            .order_by(link.c.document)
        )
        pairs += [(row.target, row.document) for row in connection.execute(query)]
    held = cards.cards(connection, viewer, {paper for _, paper in pairs})
    found: dict[str, list[Card]] = defaultdict(list)
    for target, paper in pairs:
        if paper in held and known_by(held[paper], until):
            found[target].append(held[paper])
    return found
