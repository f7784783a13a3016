"""One document as its page shows it: text, sections, citations both ways, tasks and answers."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Row, Select, and_, case, func, or_, select

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.schema import version as version_table
from archive.verdicts import Report
from archive.viewer import Viewer
from corpus import lexicon
from corpus.model import Citation, FulfilmentStatus, Heading, Page, Paper, Role, Section, Span
from indexer import cards, papers, plan_view, proposals, records, schema
from indexer.linking import chunks
from indexer.views import (
    AnswerView,
    Card,
    CitationView,
    DocumentView,
    IncomingView,
    Target,
)


def _row(connection: Connection, viewer: Viewer, document: str) -> Row | None:
    r, v = schema.reading, version_table
    joined = r.join(document_table, document_table.c.id == r.c.document).join(v, v.c.id == r.c.version)
    query = select(r, v.c.size, v.c.sha512).select_from(joined)
    return connection.execute(query.where(r.c.document == document, visible(viewer))).one_or_none()


def text_of(
    connection: Connection, viewer: Viewer, document: str
) -> tuple[str, tuple[Section, ...], tuple[Page, ...]] | None:
    """Stored text, sections and pages; None when not read or not visible."""
    row = _row(connection, viewer, document)
    if row is None:
        return None
    pages, _ = records.layout_from_bytes(row.layout)
    return row.text, proposals.sections_of(connection, document), pages


Stretches = tuple[tuple[str, ...], tuple[Section, ...], tuple[Page, ...]]
"""The stored text of some spans of a document, the sections that meet one of them, and the pages."""


def stretches(
    connection: Connection, viewer: Viewer, wanted: Mapping[str, Sequence[Span]]
) -> dict[str, Stretches]:
    """What a search shows of its documents; those not held or not visible are left out.

    A search shows one to three passages of a document that may have thousands: the rest stays in the database.
    """
    asked = {document: spans for document, spans in wanted.items() if spans}
    found: dict[str, Stretches] = {}
    for batch in chunks(asked):
        some = {document: asked[document] for document in batch}
        sections: defaultdict[str, list[Row]] = defaultdict(list)
        for row in connection.execute(_sections_met(some)):
            sections[row.document].append(row)
        for document, layout, *texts in connection.execute(_cut(viewer, some)):
            met = proposals.sections_from(sections[document])
            found[document] = tuple(texts[: len(some[document])]), met, records.pages_from_bytes(layout)
    return found


def _cut(viewer: Viewer, wanted: Mapping[str, Sequence[Span]]) -> Select:
    """Layout and texts by document, as many texts as the document with most spans has."""
    r = schema.reading
    columns = []
    for i in range(max(map(len, wanted.values()))):
        there = {document: spans[i] for document, spans in wanted.items() if i < len(spans)}
        starts = case({d: span.start + 1 for d, span in there.items()}, value=r.c.document, else_=1)
        lengths = case({d: span.end - span.start for d, span in there.items()}, value=r.c.document, else_=0)
        columns.append(func.substr(r.c.text, starts, lengths).label(f"text{i}"))
    query = select(r.c.document, r.c.layout, *columns).join(document_table, document_table.c.id == r.c.document)
    return query.where(r.c.document.in_(wanted), visible(viewer))


def _sections_met(wanted: Mapping[str, Sequence[Span]]) -> Select:
    s = schema.section
    met = [
        and_(s.c.document == document, s.c.start < span.end, s.c.stop > span.start)
        for document, spans in wanted.items()
        for span in spans
    ]
    return select(s).where(or_(*met)).order_by(s.c.document, s.c.position)


def analysed(
    connection: Connection, viewer: Viewer, document: str
) -> tuple[Heading, tuple[Section, ...], str, tuple[Paper, ...]] | None:
    """Heading, sections, text and further documents of the file; None when not read or not visible."""
    row = _row(connection, viewer, document)
    if row is None:
        return None
    further = papers.of(connection, [document]).get(document, ())
    return records.heading_from_json(row.heading), proposals.sections_of(connection, document), row.text, further


def laid(connection: Connection, viewer: Viewer, document: str) -> dict[int, str | None]:
    """Where each correction in force was laid; empty when not read or not visible."""
    table = schema.laid
    joined = table.join(document_table, document_table.c.id == table.c.document)
    query = select(table.c.correction, table.c.place).select_from(joined)
    rows = connection.execute(query.where(table.c.document == document, visible(viewer)))
    return {row.correction: row.place for row in rows}


def document(
    connection: Connection, viewer: Viewer, wanted: str, today: dt.date
) -> DocumentView | None:
    """The whole view; a bounded number of queries."""
    row = _row(connection, viewer, wanted)
    if row is None:
        return None
    card = cards.cards(connection, viewer, [wanted])[wanted]
    pages, _ = records.layout_from_bytes(row.layout)
    plan = plan_view.plan(connection, viewer, wanted, today)
    return DocumentView(
        card=card, heading=records.heading_from_json(row.heading), text=row.text, media_type=row.media_type,
        source=row.source, encoding=row.encoding, pages=pages,
        sections=proposals.sections_of(connection, wanted), citations=citations(connection, viewer, wanted),
        incoming=incoming(connection, viewer, wanted), tasks=plan.tasks if plan else (),
        answers=answers(connection, viewer, wanted), findings=records.findings_from_json(row.findings),
        signatures=Report.from_json(json.loads(row.signatures)), parts=_parts(connection, viewer, wanted),
        came_in=_came_in(connection, viewer, wanted), papers=papers.of(connection, [wanted]).get(wanted, ()),
        size=row.size, sha512=row.sha512,
    )  # fmt: skip


def _parts(connection: Connection, viewer: Viewer, wanted: str) -> tuple[Card, ...]:
    table = schema.part
    query = select(table.c.held).where(table.c.document == wanted).order_by(table.c.position)
    return tuple(cards.cards(connection, viewer, connection.scalars(query).all()).values())


def _came_in(connection: Connection, viewer: Viewer, wanted: str) -> Card | None:
    table = schema.part
    query = select(table.c.document).where(table.c.held == wanted).order_by(table.c.document)
    return next(iter(cards.cards(connection, viewer, connection.scalars(query).all()).values()), None)


def citations(connection: Connection, viewer: Viewer, wanted: str) -> tuple[CitationView, ...]:
    """The document's citations in text order, each with the target, the possible targets, or none."""
    cited, link = schema.citation, schema.link
    rows = connection.execute(select(cited).where(cited.c.document == wanted).order_by(cited.c.position)).all()
    links: dict[int, list[Row]] = defaultdict(list)
    for row in connection.execute(
        select(link).where(link.c.document == wanted).order_by(link.c.score.desc(), link.c.target)
    ):
        links[row.position].append(row)
    held = _targets(connection, viewer, {row.target for group in links.values() for row in group})
    return tuple(_citation_view(row, links[row.position], held) for row in rows)


def _citation_view(row: Row, links: Sequence[Row], held: dict[str, Target]) -> CitationView:
    citation = records.citation_from_json(row.value)
    label = lexicon.role_label(citation.role)
    chosen = next((link for link in links if link.chosen and link.target in held), None)
    possible = () if chosen else tuple(_placed(held[x.target], citation, x) for x in links if x.target in held)
    target = _placed(held[chosen.target], citation, chosen) if chosen else None
    return CitationView(citation, label, target, possible, itself=row.itself)


def _placed(target: Target, citation: Citation, link: Row) -> Target:
    fields = {name: getattr(target, name) for name in Target.__dataclass_fields__}
    return Target(**fields | {"section": papers.inside(link.paper, citation.place), "reason": link.reason})


def _targets(connection: Connection, viewer: Viewer, documents: Collection[str]) -> dict[str, Target]:
    link = schema.link
    counted = (
        select(link.c.target, func.count(link.c.document.distinct()))
        .where(link.c.target.in_(documents), link.c.chosen)
        .group_by(link.c.target)
    )
    cited_by = {row[0]: row[1] for row in connection.execute(counted)}
    return {
        card.document: Target(
            document=card.document, number=card.number, issued_on=card.issued_on, issuer=card.issuer,
            title=card.title, kind_label=card.kind_label, cited_by=cited_by.get(card.document, 0),
        )
        for card in cards.cards(connection, viewer, documents).values()
    }  # fmt: skip


def incoming(connection: Connection, viewer: Viewer, wanted: str) -> tuple[IncomingView, ...]:
    """Citations of the document elsewhere, newest first; one line for each document and role."""
    cited, link = schema.citation, schema.link
    query = (
        select(link.c.document, link.c.paper, cited.c.value)
        .select_from(
            link.join(cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position))
        )
        .where(link.c.target == wanted, link.c.document != wanted, link.c.chosen)
        .order_by(link.c.document, link.c.position)
    )
    rows = connection.execute(query).all()
    held = cards.cards(connection, viewer, {row.document for row in rows})
    further = papers.of(connection, held)
    best: dict[str, IncomingView] = {}
    for row in rows:
        if row.document in held:
            citation = records.citation_from_json(row.value)
            speaks = papers.holding(further.get(row.document, ()), citation.section)
            view = _incoming(papers.card(held[row.document], speaks), citation, row.paper)
            before = best.get(row.document)
            if before is None or before.role_label == lexicon.role_label(Role.MENTIONS):
                best[row.document] = view
    undated = dt.date.min
    views = sorted(best.values(), key=lambda v: v.card.document)
    return tuple(sorted(views, key=lambda v: v.card.issued_on or undated, reverse=True))


def _incoming(card: Card, citation: Citation, paper: str) -> IncomingView:
    return IncomingView(
        card=card, role_label=lexicon.role_label(citation.role), text=citation.text,
        section=citation.section, place=papers.inside(paper, citation.place),
    )  # fmt: skip


def answers(connection: Connection, viewer: Viewer, wanted: str) -> tuple[AnswerView, ...]:
    """Tasks of held plans that this paper answers, as proposed and as people decided; these first."""
    done, said, task = schema.fulfilment, schema.judged, schema.task
    place = and_(said.c.plan == done.c.plan, said.c.paper == done.c.paper, said.c.position == done.c.position)
    proposed = done.join(task, and_(task.c.document == done.c.plan, task.c.start == done.c.task_start))
    decided = said.join(task, and_(task.c.document == said.c.plan, task.c.start == said.c.task_start))
    columns = ("plan", "task_start", "quote", "status")
    by_people = select(*(said.c[name] for name in columns), task.c.value).select_from(decided)
    by_people = by_people.where(said.c.paper == wanted, said.c.status.in_([one.value for one in FulfilmentStatus]))
    undecided = select(*(done.c[name] for name in columns), task.c.value).select_from(proposed.outerjoin(said, place))
    undecided = undecided.where(done.c.paper == wanted, or_(said.c.correction.is_(None), said.c.status == "later"))
    rows = [
        *connection.execute(by_people.order_by(said.c.plan, said.c.task_start, said.c.correction.desc())),
        *connection.execute(undecided.order_by(done.c.plan, done.c.task_start, done.c.score.desc())),
    ]
    held = cards.cards(connection, viewer, {row.plan for row in rows})
    best: dict[tuple[str, int], AnswerView] = {}
    for row in rows:
        if row.plan in held:
            view = AnswerView(
                plan=held[row.plan], task=records.task_from_json(row.value), quote=row.quote,
                status=FulfilmentStatus(row.status),
            )  # fmt: skip
            best.setdefault((row.plan, row.task_start), view)
    return tuple(view for _, view in sorted(best.items(), key=lambda one: one[0]))


