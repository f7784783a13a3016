"""Documents in lists: cards, filters, facets, counts. Every query is limited to what the viewer may see."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.schema import job as job_table
from archive.schema import version as version_table
from archive.viewer import Viewer
from corpus import lexicon, text
from corpus.model import Kind, Role
from indexer import schema
from indexer.linking import chunks
from indexer.views import Card, Facet, Filters, State

SHOWN_NAMES = 12  # issuers, signers: facets longer than this are noise; the rest is found by typing

_STATES = {"queued": State.WAITING, "running": State.READING, "done": State.SEARCHABLE}
_FAILED = {"tool-missing": State.TOOL_MISSING, "secret": State.REFUSED, "destroyed": State.DESTROYED}
_ENDING = (Role.REPLACES.value, Role.REPEALS.value)


def _read() -> ColumnElement[bool]:
    """Read and indexed once: such a document stays searchable while it is read again."""
    return and_(
        schema.reading.c.document.is_not(None),
        job_table.c.finished_at.is_not(None),
        job_table.c.state != "failed",
    )


def _wide() -> Select:
    """Document, its newest version, its job and, where it was read, its reading."""
    d, v, j, r = document_table, version_table, job_table, schema.reading
    newest = (
        select(func.max(v.c.received_at))
        .where(v.c.document == d.c.id)
        .correlate(d)
        .scalar_subquery()
    )
    return select(
        d.c.id.label("document"), v.c.name, v.c.received_at, j.c.state, j.c.code, j.c.detail, r.c.kind,
        r.c.number, r.c.issued_on, r.c.issuer, r.c.title, r.c.signer, r.c.pages, r.c.tasks, r.c.verdict,
        _read().label("read"),
    ).select_from(
        d.join(v, and_(v.c.document == d.c.id, v.c.received_at == newest))
        .join(j, j.c.version == v.c.id)
        .outerjoin(r, r.c.document == d.c.id)
    )  # fmt: skip


def state_of(row: Row) -> State:
    """Where the document stands, from its job; one being read again stays searchable meanwhile."""
    if row.state == "failed":
        return _FAILED.get(row.code, State.UNREADABLE)
    return State.SEARCHABLE if row.read else _STATES[row.state]


def _card(row: Row, replaced: dict[str, tuple[str, str | None]]) -> Card:
    by, by_number = replaced.get(row.document, (None, None))
    kind = Kind(row.kind) if row.kind else None
    return Card(
        document=row.document, name=row.name, received_at=row.received_at, state=state_of(row),
        reason=row.detail, kind=row.kind, kind_label=lexicon.kind_label(kind) if kind else None,
        number=row.number, issued_on=row.issued_on, issuer=row.issuer, title=row.title, signer=row.signer,
        pages=row.pages, replaced_by=by, replaced_by_number=by_number, tasks=row.tasks or 0,
        signature=row.verdict or "could-not-check",
    )  # fmt: skip


def _cards(connection: Connection, viewer: Viewer, rows: Iterable[Row]) -> dict[str, Card]:
    held = list(rows)
    replaced = replacements(connection, viewer, [row.document for row in held])
    return {row.document: _card(row, replaced) for row in held}


def cards(connection: Connection, viewer: Viewer, documents: Iterable[str]) -> dict[str, Card]:
    """By id, in the order asked for."""
    wanted = list(dict.fromkeys(documents))
    rows: list[Row] = []
    for batch in chunks(wanted):
        query = _wide().where(document_table.c.id.in_(batch), visible(viewer))
        rows += connection.execute(query)
    found = _cards(connection, viewer, rows)
    return {document: found[document] for document in wanted if document in found}


def replacements(
    connection: Connection, viewer: Viewer, documents: Collection[str] | None, on: dt.date | None = None
) -> dict[str, tuple[str, str | None]]:
    """For each replaced or repealed document, the newest one that says so and its number; None: of all.

    With `on`, only what was issued until that day; a replacement without a date counts, as it may have been there.
    """
    link, cited, reading = schema.link, schema.citation, schema.reading
    joined = (
        link.join(cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position))
        .join(reading, reading.c.document == link.c.document)
        .join(document_table, document_table.c.id == link.c.document)
    )
    found: dict[str, tuple[str, str | None]] = {}
    for batch in chunks(documents) if documents is not None else (None,):
        query = (
            select(link.c.target, link.c.document, reading.c.number)
            .select_from(joined)
            .where(link.c.chosen, cited.c.role.in_(_ENDING), visible(viewer))
            .where(cited.c.whole)
            .order_by(reading.c.issued_on)
        )
        if batch is not None:
            query = query.where(link.c.target.in_(batch))
        if on is not None:
            query = query.where(or_(reading.c.issued_on.is_(None), reading.c.issued_on <= on))
        found |= {row.target: (row.document, row.number) for row in connection.execute(query)}
    return found


def recent(connection: Connection, viewer: Viewer, limit: int) -> tuple[Card, ...]:
    """Received last, newest first."""
    query = _wide().where(visible(viewer)).order_by(version_table.c.received_at.desc(), document_table.c.id)
    return tuple(_cards(connection, viewer, connection.execute(query.limit(limit))).values())


def unfinished(connection: Connection, viewer: Viewer) -> tuple[Card, ...]:
    """Not searchable, oldest first; not those destroyed, which nobody waits for."""
    query = (
        _wide()
        .where(visible(viewer), ~_read(), func.coalesce(job_table.c.code, "") != "destroyed")
        .order_by(version_table.c.received_at, document_table.c.id)
    )
    return tuple(_cards(connection, viewer, connection.execute(query)).values())


def counts(connection: Connection, viewer: Viewer) -> dict[str, int]:
    """Documents in all and by state."""
    wide = _wide().where(visible(viewer)).subquery()
    columns = (wide.c.state, wide.c.code, wide.c.read)
    found: Counter[str] = Counter({state.value: 0 for state in State})
    for row in connection.execute(select(*columns, func.count().label("number")).group_by(*columns)):
        found[state_of(row).value] += row.number
    total = sum(found.values())
    held = total - found[State.DESTROYED.value]
    return {**found, "documents": total, "unsearchable": held - found[State.SEARCHABLE.value]}


def unsearchable(connection: Connection, viewer: Viewer) -> int:
    """How many documents cannot be found yet; only those with a job that is not done are looked at."""
    j = job_table
    undone = select(j.c.document).where(j.c.state.in_(("queued", "running", "failed")))
    wide = _wide().where(document_table.c.id.in_(undone), visible(viewer))
    rows = connection.execute(wide.with_only_columns(j.c.state, j.c.code, _read().label("read")))
    return sum(state_of(row) is not State.SEARCHABLE for row in rows)


def searchable(connection: Connection, viewer: Viewer) -> tuple[str, ...]:
    """Ids of all that can be found."""
    query = _wide().where(visible(viewer), _read()).order_by(document_table.c.id)
    return tuple(row.document for row in connection.execute(query))


def _readings(viewer: Viewer, *columns) -> Select:
    r = schema.reading
    return (
        select(*columns)
        .select_from(r.join(document_table, document_table.c.id == r.c.document))
        .where(visible(viewer))
    )


def matching(connection: Connection, viewer: Viewer, filters: Filters) -> set[str] | None:
    """Ids that pass the filters; None when nothing narrows and the viewer sees everything read."""
    if filters == Filters():
        return None
    r = schema.reading
    query = _readings(viewer, r.c.document)
    if filters.kinds:
        query = query.where(r.c.kind.in_(filters.kinds))
    if filters.years:
        query = query.where(r.c.year.in_(filters.years))
    if filters.signers:
        query = query.where(r.c.signer.in_(filters.signers))
    if filters.since:
        query = query.where(r.c.issued_on >= filters.since)
    if filters.until:
        query = query.where(r.c.issued_on <= filters.until)
    if filters.issuers:
        query = query.where(r.c.issuer.in_(_issuers(connection, viewer, filters.issuers)))
    found = set(connection.scalars(query))
    if filters.on:
        found &= in_force(connection, viewer, filters.on)
    return _by_effect(connection, viewer, found, filters.effects) if filters.effects else found


def in_force(connection: Connection, viewer: Viewer, on: dt.date) -> set[str]:
    """Documents issued until that day and, as far as the archive knows, not replaced until then."""
    r = schema.reading
    issued = set(connection.scalars(_readings(viewer, r.c.document).where(r.c.issued_on <= on)))
    return issued - set(replacements(connection, viewer, sorted(issued), on))


def _issuers(connection: Connection, viewer: Viewer, wanted: Collection[str]) -> list[str]:
    """Issuers as stored that are, or contain the words of, those asked for."""
    folded = [text.fold(issuer) for issuer in wanted]
    held = connection.scalars(_readings(viewer, schema.reading.c.issuer).distinct())
    stored = [issuer for issuer in held if issuer]
    exact = [issuer for issuer in stored if text.fold(issuer) in folded]
    return exact or [i for i in stored if any(want in text.fold(i) for want in folded)]


def _by_effect(
    connection: Connection, viewer: Viewer, documents: set[str], effects: Collection[str]
) -> set[str]:
    ended = set(replacements(connection, viewer, documents))
    kept: set[str] = set()
    if "replaced" in effects:
        kept |= documents & ended
    if "current" in effects:
        kept |= documents - ended
    return kept


def facets(
    connection: Connection, viewer: Viewer, documents: Collection[str]
) -> dict[str, tuple[Facet, ...]]:
    """True counts; the most frequent first, years newest first."""
    r = schema.reading
    rows: list[Row] = []
    for batch in chunks(documents):
        query = _readings(viewer, r.c.document, r.c.kind, r.c.issuer, r.c.year, r.c.signer)
        rows += connection.execute(query.where(r.c.document.in_(batch)))
    ended = len(replacements(connection, viewer, [row.document for row in rows]))
    counters = (
        Counter(value for row in rows if (value := getattr(row, name))) for name in ("kind", "issuer", "year", "signer")
    )
    return facets_of(*counters, current=len(rows) - ended, ended=ended)


def facets_of(
    kinds: Counter[str], issuers: Counter[str], years: Counter[int], signers: Counter[str], *, current: int, ended: int
) -> dict[str, tuple[Facet, ...]]:
    """The facets of counted values; the most frequent first, years newest first."""
    effect = (
        Facet("current", "Chưa thấy bị thay thế", current),
        Facet("replaced", "Đã bị thay thế", ended),
    )
    return {
        "kind": tuple(Facet(k, lexicon.kind_label(Kind(k)), n) for k, n in _most(kinds)),
        "issuer": tuple(Facet(i, i, n) for i, n in _most(issuers)[:SHOWN_NAMES]),
        "year": tuple(Facet(str(y), str(y), n) for y, n in sorted(years.items(), reverse=True)),
        "signer": tuple(Facet(s, s, n) for s, n in _most(signers)[:SHOWN_NAMES]),
        "effect": tuple(facet for facet in effect if facet.count),
    }


def _most(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def by_date(
    connection: Connection, viewer: Viewer, documents: Collection[str], *, newest: bool
) -> list[str]:
    """By date of issue, then id; without a date last."""
    r = schema.reading
    dated: list[tuple[dt.date | None, str]] = []
    for batch in chunks(documents):
        query = _readings(viewer, r.c.issued_on, r.c.document).where(r.c.document.in_(batch))
        dated += [(row.issued_on, row.document) for row in connection.execute(query)]
    known = sorted(((d, i) for d, i in dated if d), reverse=newest)
    return [i for _, i in known] + sorted(i for d, i in dated if d is None)


def numbered(connection: Connection, viewer: Viewer, key: str) -> tuple[str, ...]:
    """Newest first."""
    r = schema.reading
    query = _readings(viewer, r.c.document).where(r.c.number_key == key)
    return tuple(connection.scalars(query.order_by(r.c.issued_on.desc(), r.c.document)))


def citing(connection: Connection, viewer: Viewer, key: str) -> tuple[str, ...]:
    """Newest first, each once."""
    r, cited = schema.reading, schema.citation
    citers = select(cited.c.document).where(cited.c.number_key == key)
    query = _readings(viewer, r.c.document).where(r.c.document.in_(citers))
    return tuple(connection.scalars(query.order_by(r.c.issued_on.desc(), r.c.document)))


def near(connection: Connection, viewer: Viewer, key: str, limit: int) -> tuple[Card, ...]:
    """Same symbol with the nearest serials: a mistyped number is mostly a few away."""
    serial, symbol = _split(key)
    r = schema.reading
    if serial is None:
        return ()
    query = _readings(viewer, r.c.document, r.c.number_key).where(r.c.number_key.like(f"%{symbol}"))
    ranked: list[tuple[int, str]] = []
    for row in connection.execute(query):
        other, tail = _split(row.number_key)
        if other is not None and tail == symbol:
            ranked.append((abs(other - serial), row.document))
    return tuple(cards(connection, viewer, [d for _, d in sorted(ranked)[:limit]]).values())


def _split(key: str) -> tuple[int | None, str]:
    digits = len(key) - len(key.lstrip("0123456789"))
    return (int(key[:digits]), key[digits:]) if 0 < digits <= 9 else (None, key)


def answered(connection: Connection, viewer: Viewer, documents: Collection[str]) -> dict[str, int]:
    """Tasks answered, by document; those that answer none are left out."""
    done = schema.fulfilment
    found: dict[str, set[tuple[str, int]]] = {}
    for batch in chunks(documents):
        query = (
            select(done.c.paper, done.c.plan, done.c.task_start)
            .select_from(done.join(document_table, document_table.c.id == done.c.plan))
            .where(done.c.paper.in_(batch), visible(viewer))
            .distinct()
        )
        for row in connection.execute(query):
            found.setdefault(row.paper, set()).add((row.plan, row.task_start))
    return {paper: len(tasks) for paper, tasks in found.items()}
