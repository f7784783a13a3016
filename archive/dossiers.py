"""Dossiers (hồ sơ) as they stand: the lines of a year's list, what lies in each, where a document lies.

Acts on them are in `filing`, terms and holds in `appraisal`, destruction in `disposal`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import ledger
from archive.catalogue import visible
from archive.database import reader
from archive.errors import NotFound
from archive.retention import Term, last_day
from archive.schema import document as document_table
from archive.schema import dossier as table
from archive.schema import dossier_document as filed_table
from archive.schema import event as event_table
from archive.viewer import Viewer
from corpus.text import fold

if TYPE_CHECKING:
    from archive.archive import Archive

_MANY = 500  # ids in one query: SQLite takes a bounded number of parameters


class State(StrEnum):
    """Where a dossier stands."""

    PLANNED = "planned"
    """In the list of a year, nothing in it yet."""
    OPEN = "open"
    CLOSED = "closed"
    DESTROYED = "destroyed"
    DROPPED = "dropped"
    """Taken out of the list before anything lay in it."""


class Unit(StrEnum):
    """What its leaves are counted in."""

    SHEET = "to"
    """Sheets of paper (tờ), as a person counts them."""
    PAGE = "trang"
    """Pages (trang), as the files have them."""


@dataclass(frozen=True, slots=True)
class Decided:
    """How long a dossier is kept, as a person decided."""

    term: Term
    basis: str
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier."""

    id: str
    fonds: str
    year: int
    code: str
    title: str
    heading: str
    """Where it stands in the list: large and small heading, each on a line."""
    keeper: str
    """Who keeps it together (người lập)."""
    note: str
    unit: Unit
    state: State
    opened_on: dt.date | None
    ended_on: dt.date | None
    decided: Decided | None
    disposal: str | None
    """The list for destruction it stands in."""
    handover: str | None
    planned: int
    """Rises in the order in which dossiers came into the lists."""
    documents: int
    """How many lie in it."""

    @property
    def last_day(self) -> dt.date | None:
        """The last day it is kept; None as long as none can be told."""
        return last_day(self.ended_on, self.decided.term) if self.ended_on and self.decided else None

    @property
    def words(self) -> str:
        """How it is called in a sentence."""
        return f"hồ sơ {self.code} năm {self.year}"


@dataclass(frozen=True, slots=True)
class Described:
    """What the list of a dossier says of one document."""

    number: str | None = None
    issued_on: dt.date | None = None
    kind: str | None = None
    title: str | None = None
    issuer: str | None = None
    pages: int | None = None
    signed: bool = False
    """Whether it bears a digital signature."""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"issued_on": self.issued_on.isoformat() if self.issued_on else None}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The opposite of `to_json`; names of a later version are left out."""
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {name: value for name, value in said.items() if name in known}
        issued = values.get("issued_on")
        values["issued_on"] = dt.date.fromisoformat(issued) if issued else None
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Entry:
    """One document in a dossier."""

    document: str
    position: int
    """Counts from 1 (số thứ tự)."""
    leaves: int | None
    note: str
    described: Described | None
    """As it stood when the dossier was closed; None while it is open."""
    at: dt.datetime
    by: str


def get(archive: Archive, viewer: Viewer, dossier: str) -> Dossier:
    """One dossier, or NotFound."""
    with reader(archive.engine) as connection:
        return held(connection, viewer, dossier)


def held(connection: Connection, viewer: Viewer, dossier: str) -> Dossier:
    """The same, in the caller's transaction."""
    row = connection.execute(_listing(viewer).where(table.c.id == dossier)).first()
    if row is None:
        raise NotFound(what=dossier)
    return _dossier(row)


def several(connection: Connection, viewer: Viewer, some: Iterable[str]) -> tuple[Dossier, ...]:
    """These dossiers in the order given, in the caller's transaction. Raises NotFound for one that is not there."""
    wanted = tuple(dict.fromkeys(some))
    known: dict[str, Dossier] = {}
    for batch in batches(wanted):
        known |= {row.id: _dossier(row) for row in connection.execute(_listing(viewer).where(table.c.id.in_(batch)))}
    for dossier in wanted:
        if dossier not in known:
            raise NotFound(what=dossier)
    return tuple(known[dossier] for dossier in wanted)


def listed(
    archive: Archive, viewer: Viewer, *, ids: Collection[str] | None = None, year: int | None = None,
    fonds: str | None = None, states: Collection[State] | None = None, words: str = "",
) -> tuple[Dossier, ...]:  # fmt: skip
    """Dossiers, the latest year first, each year in the order of its list; `words`: of title, code or keeper."""
    query = _listing(viewer)
    if ids is not None:
        query = query.where(table.c.id.in_(ids))
    if year is not None:
        query = query.where(table.c.year == year)
    if fonds is not None:
        query = query.where(table.c.fonds == fonds)
    query = query.where(table.c.state.in_(states) if states is not None else table.c.state != State.DROPPED)
    with reader(archive.engine) as connection:
        found = [_dossier(row) for row in connection.execute(query)]
    wanted = fold(words).split()
    return in_order(one for one in found if _has(one, wanted))


def _has(one: Dossier, wanted: Iterable[str]) -> bool:
    said = fold(f"{one.code} {one.title} {one.heading} {one.keeper}")
    return all(word in said for word in wanted)


def in_order(some: Iterable[Dossier]) -> tuple[Dossier, ...]:
    """The latest year first, headings as they came into the list, below each by code."""
    found = tuple(some)
    first: dict[tuple[int, str, str], int] = {}
    for one in found:
        for heading in _headings(one):
            place = (one.year, one.fonds, heading)
            first[place] = min(one.planned, first.get(place, one.planned))

    def order(one: Dossier) -> tuple[object, ...]:
        return -one.year, one.fonds, [first[one.year, one.fonds, h] for h in _headings(one)], natural(one.code)

    return tuple(sorted(found, key=order))


def _headings(one: Dossier) -> tuple[str, str]:
    """The large heading, and both."""
    return one.heading.partition("\n")[0], one.heading


def _order(one: Dossier) -> tuple[object, ...]:
    return -one.year, one.fonds, natural(one.code)


def natural(code: str) -> tuple[tuple[int, int, str], ...]:
    """Order of codes as people count: 2 before 10.

    >>> sorted(["10.TG", "02.TG", "A1"], key=natural)
    ['02.TG', '10.TG', 'A1']
    """
    parts, digits = [], ""
    for letter in f"{code}\0":
        if letter.isdecimal():
            digits += letter
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, letter.casefold()))
    return tuple(parts)


def years(archive: Archive, viewer: Viewer) -> dict[int, int]:
    """How many dossiers each year's list has, the latest year first."""
    query = sa.select(table.c.year, sa.func.count().label("number")).where(table.c.state != State.DROPPED)
    query = query.group_by(table.c.year).order_by(table.c.year.desc())
    with reader(archive.engine) as connection:
        return {row.year: row.number for row in connection.execute(query)}


def named(archive: Archive, viewer: Viewer, wanted: str) -> tuple[Dossier, ...]:
    """The dossiers meant by an id or a code such as «03.TG», of whatever year; the latest first."""
    said = wanted.strip()
    query = _listing(viewer).where(
        table.c.state != State.DROPPED, sa.or_(table.c.id == said, sa.func.lower(table.c.code) == said.lower())
    )
    with reader(archive.engine) as connection:
        return tuple(sorted((_dossier(row) for row in connection.execute(query)), key=_order))


def entries(archive: Archive, viewer: Viewer, dossier: str) -> tuple[Entry, ...]:
    """What lies in a dossier, in order. Raises NotFound."""
    with reader(archive.engine) as connection:
        held(connection, viewer, dossier)
        return lying(connection, viewer, dossier)


def lying(connection: Connection, viewer: Viewer, dossier: str) -> tuple[Entry, ...]:
    """The same, in the caller's transaction."""
    return lying_in(connection, viewer, [dossier]).get(dossier, ())


def lying_in(connection: Connection, viewer: Viewer, some: Iterable[str]) -> Mapping[str, tuple[Entry, ...]]:
    """What lies in each of these dossiers, in order; empty ones are left out."""
    f, found = filed_table, {}
    for batch in batches(dict.fromkeys(some)):
        query = _filed(viewer, f).where(f.c.dossier.in_(batch)).order_by(f.c.dossier, f.c.position, f.c.document)
        for row in connection.execute(query):
            found.setdefault(row.dossier, []).append(_entry(row))
    return {dossier: tuple(entries) for dossier, entries in found.items()}


def _entry(row: sa.Row) -> Entry:
    return Entry(
        document=row.document, position=row.position, leaves=row.leaves, note=row.note, at=row.at, by=row.by,
        described=Described.from_json(json.loads(row.described)) if row.described else None,
    )  # fmt: skip


def memberships(archive: Archive, viewer: Viewer, dossier: str) -> tuple[str, ...]:
    """The ids of the documents in a dossier, in order; empty when there is no such dossier to see."""
    f = filed_table
    query = _filed(viewer, f.c.document).where(f.c.dossier == dossier).order_by(f.c.position, f.c.document)
    with reader(archive.engine) as connection:
        return tuple(connection.scalars(query))


def of_documents(
    archive: Archive, viewer: Viewer, documents: Iterable[str]
) -> Mapping[str, tuple[Dossier, ...]]:
    """The dossiers each of these documents lies in; documents that lie in none are left out."""
    with reader(archive.engine) as connection:
        return around(connection, viewer, documents)


def around(
    connection: Connection, viewer: Viewer, documents: Iterable[str]
) -> Mapping[str, tuple[Dossier, ...]]:
    """The same, in the caller's transaction."""
    f = filed_table
    pairs: list[tuple[str, str]] = []
    for batch in batches(dict.fromkeys(documents)):
        query = _filed(viewer, f.c.document, f.c.dossier).where(f.c.document.in_(batch))
        pairs += [(row.document, row.dossier) for row in connection.execute(query)]
    known = {}
    for batch in batches(dict.fromkeys(dossier for _, dossier in pairs)):
        rows = connection.execute(_listing(viewer).where(table.c.id.in_(batch)))
        known |= {row.id: _dossier(row) for row in rows}
    found: dict[str, list[Dossier]] = {}
    for document, dossier in pairs:
        if dossier in known:
            found.setdefault(document, []).append(known[dossier])
    return {document: tuple(sorted(some, key=_order)) for document, some in found.items()}


def unfiled(archive: Archive, viewer: Viewer, *, limit: int, offset: int = 0) -> tuple[int, tuple[str, ...]]:
    """How many documents lie in no dossier, and some of them, the latest received first; not those without bytes."""
    d, f, e = document_table, filed_table, event_table
    lies = sa.exists().where(f.c.document == d.c.id, f.c.belongs)
    gone = sa.exists().where(e.c.subject == d.c.id, e.c.kind.in_(ledger.GONE))
    query = sa.select(d.c.id).where(visible(viewer), ~lies, ~gone)
    with reader(archive.engine) as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
        some = query.order_by(d.c.received_at.desc(), d.c.id).limit(limit).offset(offset)
        return count, tuple(connection.scalars(some))


def declined(archive: Archive, viewer: Viewer, documents: Collection[str]) -> frozenset[tuple[str, str]]:
    """Pairs of document and dossier of which a person said that they do not belong together."""
    f, found = filed_table, set()
    with reader(archive.engine) as connection:
        for batch in batches(documents):
            query = sa.select(f.c.document, f.c.dossier).where(~f.c.belongs, f.c.document.in_(batch))
            found |= {(row.document, row.dossier) for row in connection.execute(query)}
    return frozenset(found)


def history(archive: Archive, viewer: Viewer, dossier: str) -> tuple[ledger.Event, ...]:
    """What the ledger says of a dossier, oldest first. Raises NotFound."""
    with reader(archive.engine) as connection:
        held(connection, viewer, dossier)
        return ledger.history(connection, dossier)


def _filed(viewer: Viewer, *columns: Any) -> sa.Select:
    """What lies in dossiers, as far as the viewer may see the documents."""
    f = filed_table
    joined = f.join(document_table, document_table.c.id == f.c.document)
    return sa.select(*columns).select_from(joined).where(f.c.belongs, visible(viewer))


def _listing(viewer: Viewer) -> sa.Select:
    f = filed_table
    counted = (
        _filed(viewer, f.c.dossier, sa.func.count().label("documents")).group_by(f.c.dossier).subquery()
    )
    number = sa.func.coalesce(counted.c.documents, 0).label("documents")
    return sa.select(table, number).select_from(table.outerjoin(counted, counted.c.dossier == table.c.id))


def _dossier(row: sa.Row) -> Dossier:
    same = ("id", "fonds", "year", "code", "title", "heading", "keeper", "note", "opened_on", "ended_on", "disposal",
            "handover", "planned", "documents")  # fmt: skip
    return Dossier(
        unit=Unit(row.unit), state=State(row.state), decided=_decided(row.term),
        **{name: row._mapping[name] for name in same},
    )  # fmt: skip


def _decided(said: str | None) -> Decided | None:
    if said is None:
        return None
    told = json.loads(said)
    return Decided(
        Term(told["term"]), told["basis"], told["reason"], told["by"], dt.datetime.fromisoformat(told["at"])
    )


def batches(items: Iterable[str]) -> Iterator[list[str]]:
    """The items in groups that one query can name."""
    rest = iter(items)
    while batch := list(islice(rest, _MANY)):
        yield batch
