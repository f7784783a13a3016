"""Documents in lists: cards, filters, facets, counts. Every query is limited to what the viewer may see."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, case, func, or_, select, union

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.schema import job as job_table
from archive.schema import version as version_table
from archive.viewer import Viewer
from corpus import lexicon, text
from corpus.model import FulfilmentStatus, Kind, Role
from indexer import register, schema
from indexer.linking import chunks
from indexer.views import Card, Facet, Filters, State

NEAR = 100  # serials on either side of one that is not held
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
    link, cited, reading, paper = schema.link, schema.citation, schema.reading, schema.paper
    joined = (
        link.join(cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position))
        .join(reading, reading.c.document == link.c.document)
        .outerjoin(paper, and_(paper.c.document == cited.c.document, paper.c.section == cited.c.paper))
        .join(document_table, document_table.c.id == link.c.document)
    )
    # What a further document of a file says is said by that one; and only a file's first document ends as a whole.
    number, issued = (
        case((cited.c.paper == "", reading.c[name]), else_=paper.c[name]) for name in ("number", "issued_on")
    )
    found: dict[str, tuple[str, str | None]] = {}
    for batch in chunks(documents) if documents is not None else (None,):
        query = (
            select(link.c.target, link.c.document, number.label("number"))
            .select_from(joined)
            .where(link.c.chosen, cited.c.role.in_(_ENDING), visible(viewer))
            .where(cited.c.whole, link.c.paper == "", link.c.document != link.c.target)
            .order_by(issued)
        )
        if batch is not None:
            query = query.where(link.c.target.in_(batch))
        if on is not None:
            query = query.where(or_(issued.is_(None), issued <= on))
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


def _readings(viewer: Viewer, *columns, table: Table = schema.reading) -> Select:
    return (
        select(*columns)
        .select_from(table.join(document_table, document_table.c.id == table.c.document))
        .where(visible(viewer))
    )


def matching(connection: Connection, viewer: Viewer, filters: Filters) -> set[str] | None:
    """Ids that pass the filters; None when nothing narrows and the viewer sees everything read."""
    if filters == Filters():
        return None
    issuers = _issuers(connection, viewer, filters.issuers) if filters.issuers else []
    found: set[str] = set()
    for table in (schema.reading, schema.paper):
        query = _readings(viewer, table.c.document, table=table)
        found |= set(connection.scalars(query.where(*_passing(table, filters, issuers))))
    if filters.on:
        found &= in_force(connection, viewer, filters.on)
    return _by_effect(connection, viewer, found, filters.effects) if filters.effects else found


def _passing(table: Table, filters: Filters, issuers: Collection[str]) -> Iterator[ColumnElement[bool]]:
    """What a filter asks of a document's own fields."""
    if filters.kinds:
        yield table.c.kind.in_(filters.kinds)
    if filters.years:
        yield table.c.year.in_(filters.years)
    if filters.signers:
        yield table.c.signer.in_(filters.signers)
    if filters.since:
        yield table.c.issued_on >= filters.since
    if filters.until:
        yield table.c.issued_on <= filters.until
    if filters.issuers:
        yield table.c.issuer.in_(issuers)


def in_force(connection: Connection, viewer: Viewer, on: dt.date) -> set[str]:
    """Documents issued until that day and, as far as the archive knows, not replaced until then."""
    r = schema.reading
    issued = set(connection.scalars(_readings(viewer, r.c.document).where(r.c.issued_on <= on)))
    return issued - set(replacements(connection, viewer, sorted(issued), on))


def _issuers(connection: Connection, viewer: Viewer, wanted: Collection[str]) -> list[str]:
    """Issuers as stored that are, or contain the words of, those asked for."""
    called = register.of(connection).called
    folded = [text.fold(called(issuer)) for issuer in wanted]
    tables = (schema.reading, schema.paper)
    held = [connection.scalars(_readings(viewer, table.c.issuer, table=table).distinct()) for table in tables]
    stored = [issuer for issuers in held for issuer in issuers if issuer]
    exact = [issuer for issuer in stored if text.fold(called(issuer)) in folded]
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
    rows: list[Row] = []
    for table in (schema.reading, schema.paper):
        for batch in chunks(documents):
            c = table.c
            query = _readings(viewer, c.document, c.kind, c.issuer, c.year, c.signer, table=table)
            rows += connection.execute(query.where(c.document.in_(batch)))
    held = {row.document for row in rows}
    ended = len(replacements(connection, viewer, sorted(held)))
    called = register.of(connection).called
    # A file of two notices is one hit under «Thông báo», as the filter finds it once.
    kinds, years, signers = (
        Counter(value for _, value in {(row.document, getattr(row, name)) for row in rows} if value)
        for name in ("kind", "year", "signer")
    )
    issuers = Counter(name for _, name in {(row.document, called(row.issuer)) for row in rows if row.issuer})
    return facets_of(kinds, issuers, years, signers, current=len(held) - ended, ended=ended)


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


def issuing(connection: Connection, viewer: Viewer) -> dict[str, int]:
    """Documents by issuer as printed, the most frequent first; each of several in one file counts."""
    found: Counter[str] = Counter()
    for table in (schema.reading, schema.paper):
        query = _readings(viewer, table.c.issuer, func.count().label("number"), table=table)
        for row in connection.execute(query.where(table.c.issuer.is_not(None)).group_by(table.c.issuer)):
            found[row.issuer] += row.number
    return dict(_most(found))


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
    """Newest first; files that hold it after another document come last."""
    found: list[str] = []
    for table in (schema.reading, schema.paper):
        query = _readings(viewer, table.c.document, table=table).where(table.c.number_key == key)
        found += connection.scalars(query.order_by(table.c.issued_on.desc(), table.c.document))
    return tuple(dict.fromkeys(found))


def citing(connection: Connection, viewer: Viewer, key: str) -> tuple[str, ...]:
    """Newest first, each once."""
    r, cited = schema.reading, schema.citation
    citers = select(cited.c.document).where(cited.c.number_key == key)
    query = _readings(viewer, r.c.document).where(r.c.document.in_(citers))
    return tuple(connection.scalars(query.order_by(r.c.issued_on.desc(), r.c.document)))


def near(connection: Connection, viewer: Viewer, key: str, limit: int) -> tuple[Card, ...]:
    """Same symbol with the nearest serials: a mistyped number is mostly a few away."""
    serial, symbol = _split(key)
    if serial is None:
        return ()
    keys = [f"{other}{symbol}" for other in _mistyped(serial)]
    ranked: list[tuple[int, str]] = []
    for table in (schema.reading, schema.paper):
        query = _readings(viewer, table.c.document, table.c.number_key, table=table)
        for row in connection.execute(query.where(table.c.number_key.in_(keys))):
            ranked.append((abs(int(row.number_key.removesuffix(symbol)) - serial), row.document))
    return tuple(cards(connection, viewer, [d for _, d in sorted(ranked)[:limit]]).values())


def _mistyped(serial: int) -> set[int]:
    """Serials that may have been meant: near by, or with one digit changed, left out or doubled, or two swapped."""
    typed = str(serial)
    near = {str(other) for other in range(max(1, serial - NEAR), serial + NEAR + 1)}
    for i in range(len(typed)):
        near |= {typed[:i] + digit + typed[i + 1 :] for digit in "0123456789"}
        near |= {typed[:i] + typed[i + 1 :], typed[:i] + typed[i] + typed[i:]}
        near.add(typed[:i] + typed[i + 1 : i + 2] + typed[i] + typed[i + 2 :])
    return {int(other) for other in near if other and int(other)} - {serial}


def _split(key: str) -> tuple[int | None, str]:
    digits = len(key) - len(key.lstrip("0123456789"))
    return (int(key[:digits]), key[digits:]) if 0 < digits <= 9 else (None, key)


_COUNTS = [status.value for status in FulfilmentStatus]


def answered(connection: Connection, viewer: Viewer, documents: Collection[str]) -> dict[str, int]:
    """Tasks answered, by document, as people decided; those that answer none are left out."""
    done, said = schema.fulfilment, schema.judged
    place = and_(said.c.plan == done.c.plan, said.c.paper == done.c.paper, said.c.position == done.c.position)
    rejected = and_(place, said.c.status == "rejected")
    proposed = done.outerjoin(said, rejected).join(document_table, document_table.c.id == done.c.plan)
    added = said.join(document_table, document_table.c.id == said.c.plan)
    found: dict[str, set[tuple[str, int]]] = {}
    for batch in chunks(documents):
        queries = (
            select(done.c.paper, done.c.plan, done.c.task_start).select_from(proposed)
            .where(done.c.paper.in_(batch), visible(viewer), said.c.correction.is_(None)),
            select(said.c.paper, said.c.plan, said.c.task_start).select_from(added)
            .where(
                said.c.paper.in_(batch), visible(viewer), said.c.status.in_(_COUNTS), said.c.task_start.is_not(None)
            ),
        )  # fmt: skip
        for row in connection.execute(union(*queries)):
            found.setdefault(row.paper, set()).add((row.plan, row.task_start))
    return {paper: len(tasks) for paper, tasks in found.items()}
