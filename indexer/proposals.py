"""Passages proposed as answers to the tasks of plans, kept up to date as papers and links come and go."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select

from corpus import fulfilment, parties, relation, text
from corpus.model import Citation, Kind, Page, Section, Span, Task
from corpus.model import Level as SectionLevel
from indexer import records, register, schema
from indexer.linking import chunks

Pair = tuple[str, str]
"""(plan, paper)."""
YEARS = 6
"""How long after a plan a paper that does not cite it is still looked at; plans run five years."""
EARLIER = 5
"""Reports of the same body before one that it is compared with."""
_ASKED, _SPEAKS = "asked", "speaks"


def affected(connection: Connection, document: str, changed_links: Collection[Pair]) -> set[Pair]:
    """Pairs of a plan and a paper to look at again after `document` was recorded and links changed."""
    _meet(connection, document)
    pairs = {(target, citing) for citing, target in changed_links}
    link = schema.link
    cited = set(connection.scalars(select(link.c.target).where(link.c.document == document, link.c.chosen)))
    citing = set(connection.scalars(select(link.c.document).where(link.c.target == document, link.c.chosen)))
    near = set(
        connection.scalars(select(link.c.document).where(link.c.target.in_(cited), link.c.chosen).distinct())
    )
    pairs |= {(plan, document) for plan in cited | near} | {(document, paper) for paper in citing | near}
    pairs |= _known(connection, document) | _of_one_body(connection, document)
    return {pair for pair in pairs if pair[0] != pair[1]}


def _meet(connection: Connection, document: str) -> None:
    """Write under which bodies the document is met; safe to repeat."""
    table, reading = schema.party, schema.reading
    connection.execute(delete(table).where(table.c.document == document))
    row = connection.execute(
        select(reading.c.heading, reading.c.text).where(reading.c.document == document)
    ).one_or_none()
    if row is None:
        return
    heading = register.named_heading(register.of(connection), records.heading_from_json(row.heading))
    roles = (
        (_ASKED, parties.asked(heading, tasks_of(connection, [document]).get(document, ()))),
        (_SPEAKS, parties.speaks(heading, relation.opening(heading, row.text))),
    )
    rows = [
        {"document": document, "role": role, "key": key[:160]} for role, keys in roles for key in sorted(keys)
    ]
    if rows:
        connection.execute(insert(table), rows)


def _known(connection: Connection, document: str) -> set[Pair]:
    """Pairs proposed before: what changes on one side may undo them."""
    done = schema.fulfilment
    query = select(done.c.plan, done.c.paper).where(or_(done.c.plan == document, done.c.paper == document))
    return {(row.plan, row.paper) for row in connection.execute(query.distinct())}


def _of_one_body(connection: Connection, document: str) -> set[Pair]:
    """Plans that ask the body which speaks, in whose years the paper falls; and the other way round."""
    ours, theirs, r = schema.party.alias(), schema.party.alias(), schema.reading
    day = connection.scalar(select(r.c.issued_on).where(r.c.document == document))
    met = select(theirs.c.document).select_from(ours.join(theirs, ours.c.key == theirs.c.key))
    met = met.join(r, r.c.document == theirs.c.document).where(ours.c.document == document).distinct()
    plans = met.where(ours.c.role == _SPEAKS, theirs.c.role == _ASKED)
    papers = met.where(ours.c.role == _ASKED, theirs.c.role == _SPEAKS)
    if day is not None:
        span = dt.timedelta(days=YEARS * 365)
        plans = plans.where(or_(r.c.issued_on.is_(None), r.c.issued_on.between(day - span, day)))
        papers = papers.where(or_(r.c.issued_on.is_(None), r.c.issued_on.between(day, day + span)))
    return {(plan, document) for plan in connection.scalars(plans)} | {
        (document, paper) for paper in connection.scalars(papers)
    }


def propose(connection: Connection, pairs: Iterable[Pair]) -> int:
    """Work out the proposals of these pairs again; gives how many there are now."""
    wanted = set(pairs)
    plans = _with_tasks(connection, {plan for plan, _ in wanted})
    by_paper: dict[str, list[str]] = defaultdict(list)
    for plan, paper in sorted(wanted):
        by_paper[paper].append(plan)
    table, count = schema.fulfilment, 0
    for paper, asked in by_paper.items():
        for batch in chunks(asked):
            connection.execute(delete(table).where(table.c.paper == paper, table.c.plan.in_(batch)))
        asked = [plan for plan in asked if plan in plans]
        answering = _answering(connection, paper) if asked else None
        if answering is None:
            continue
        cited, pages = _cited_by(connection, paper), _pages(connection, paper)
        for plan in asked:
            count += _record(connection, plans[plan], replace(answering, cites_plan=plan in cited), pages)
    return count


def sides(connection: Connection, pair: Pair) -> tuple[fulfilment.Assigning, fulfilment.Answering] | None:
    """What is weighed of a plan and a paper; None when the plan gives no tasks or either is not read."""
    plan, paper = pair
    assigning = _with_tasks(connection, {plan}).get(plan)
    answering = _answering(connection, paper) if assigning else None
    if assigning is None or answering is None:
        return None
    return assigning, replace(answering, cites_plan=plan in _cited_by(connection, paper))


def _record(
    connection: Connection, plan: fulfilment.Assigning, paper: fulfilment.Answering, pages: Sequence[Page]
) -> int:
    rows = [
        {
            "plan": plan.document, "paper": paper.document, "position": position, "task": found.task,
            "task_start": found.task_start, "section": found.section, "start": found.span.start,
            "stop": found.span.end, "quote": found.quote, "status": found.status.value, "score": found.score,
            "reason": found.reason, "done_on": found.done_on, "copied": found.copied,
            "page": next((p.number for p in pages if p.span.start <= found.span.start < p.span.end), None),
        }
        for position, found in enumerate(fulfilment.propose(plan, paper))
    ]  # fmt: skip
    if rows:
        connection.execute(insert(schema.fulfilment), rows)
    return len(rows)


def tasks_of(connection: Connection, documents: Collection[str]) -> dict[str, tuple[Task, ...]]:
    """The tasks of each document that gives any, in text order; bodies as the register calls them."""
    table, bodies = schema.task, register.of(connection)
    found: dict[str, list[Task]] = defaultdict(list)
    for batch in chunks(sorted(documents)):
        query = select(table).where(table.c.document.in_(batch)).order_by(table.c.document, table.c.position)
        for row in connection.execute(query):
            found[row.document].append(register.named_task(bodies, records.task_from_json(row.value)))
    return {document: tuple(tasks) for document, tasks in found.items()}


def _with_tasks(connection: Connection, documents: Collection[str]) -> dict[str, fulfilment.Assigning]:
    tasks, reading, bodies = tasks_of(connection, documents), schema.reading, register.of(connection)
    found: dict[str, fulfilment.Assigning] = {}
    for batch in chunks(sorted(tasks)):
        query = select(reading.c.document, reading.c.heading, reading.c.text)
        for row in connection.execute(query.where(reading.c.document.in_(batch))):
            found[row.document] = fulfilment.Assigning(
                document=row.document, heading=register.named_heading(bodies, records.heading_from_json(row.heading)),
                tasks=tasks[row.document], text=row.text,
                citations=_citations(connection, row.document),
            )  # fmt: skip
    return found


def _citations(connection: Connection, document: str) -> tuple[Citation, ...]:
    table = schema.citation
    query = select(table.c.value).where(table.c.document == document).order_by(table.c.position)
    return tuple(records.citation_from_json(value) for value in connection.scalars(query))


def sections_of(connection: Connection, document: str) -> tuple[Section, ...]:
    """In text order."""
    table = schema.section
    query = select(table).where(table.c.document == document).order_by(table.c.position)
    return sections_from(connection.execute(query))


def sections_from(rows: Iterable[Row]) -> tuple[Section, ...]:
    """Sections from rows of their table."""
    return tuple(Section(r.id, r.label, SectionLevel(r.level), r.title, Span(r.start, r.stop), r.parent) for r in rows)


def _answering(connection: Connection, document: str) -> fulfilment.Answering | None:
    reading = schema.reading
    row = connection.execute(select(reading).where(reading.c.document == document)).one_or_none()
    if row is None:
        return None
    return fulfilment.Answering(
        document=document, text=row.text,
        heading=register.named_heading(register.of(connection), records.heading_from_json(row.heading)),
        sections=sections_of(connection, document), citations=_citations(connection, document),
        cites_plan=False, earlier=_earlier(connection, row),
        gives=tuple(task.span for task in tasks_of(connection, [document]).get(document, ())),
    )  # fmt: skip


def _pages(connection: Connection, document: str) -> tuple[Page, ...]:
    r = schema.reading
    layout = connection.scalar(select(r.c.layout).where(r.c.document == document))
    return records.layout_from_bytes(layout)[0] if layout is not None else ()


def _cited_by(connection: Connection, paper: str) -> set[str]:
    """The documents it cites, as far as they are held and the links chosen."""
    link = schema.link
    return set(connection.scalars(select(link.c.target).where(link.c.document == paper, link.c.chosen)))


def _earlier(connection: Connection, row) -> tuple[str, ...]:
    """Texts of the same body's earlier reports: a passage copied from them proves nothing new."""
    table = schema.reading
    if row.issuer is None or row.issued_on is None or row.kind != Kind.REPORT.value:
        return ()
    same = and_(table.c.kind == Kind.REPORT.value, table.c.issued_on < row.issued_on)
    query = select(table.c.text, table.c.issuer).where(same).order_by(table.c.issued_on.desc())
    wanted = text.fold(row.issuer)
    return tuple(r.text for r in connection.execute(query) if r.issuer and text.fold(r.issuer) == wanted)[:EARLIER]


def reported_later(connection: Connection, document: str) -> set[Pair]:
    """Pairs of later reports by the same body, whose `earlier` texts change with this document."""
    table = schema.reading
    row = connection.execute(
        select(table.c.issuer, table.c.issued_on, table.c.kind).where(table.c.document == document)
    ).one_or_none()
    if row is None or row.issuer is None or row.issued_on is None or row.kind != Kind.REPORT.value:
        return set()
    later = (
        select(table.c.document, table.c.issuer)
        .where(table.c.kind == Kind.REPORT.value, table.c.issued_on > row.issued_on)
        .order_by(table.c.issued_on)
    )
    wanted = text.fold(row.issuer)
    same = [r.document for r in connection.execute(later) if r.issuer and text.fold(r.issuer) == wanted]
    papers = set(same[:EARLIER])
    if not papers:
        return set()
    done = schema.fulfilment
    link = schema.link
    pairs = select(done.c.plan, done.c.paper).where(done.c.paper.in_(papers))
    linked = select(link.c.target, link.c.document).where(or_(link.c.document.in_(papers)), link.c.chosen)
    return {(r[0], r[1]) for r in connection.execute(pairs)} | {(r[0], r[1]) for r in connection.execute(linked)}
