"""What facets and orders need of every document, kept in memory: asking for thousands by name takes longer."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.viewer import Viewer
from indexer import cards, register, schema
from indexer.views import Facet

MANY = 500  # documents; of fewer the database is asked by name


@dataclass(frozen=True, slots=True)
class Columns:
    """By document what one viewer may see of it, as of one state of the archive; documents without are left out."""

    stamp: tuple[object, ...]
    kinds: dict[str, str]
    issuers: dict[str, str]
    years: dict[str, int]
    signers: dict[str, str]
    days: dict[str, dt.date]
    ended: frozenset[str]
    """Replaced or repealed."""
    seen: frozenset[str]
    """All that may be seen."""
    bodies: tuple[str, ...]
    """All issuers, in order."""
    further: tuple[Mapping[str, frozenset[Any]], ...]
    """Kinds, issuers, years, signers of further documents in a file that its first one does not have."""

    def facets(self, documents: Sequence[str]) -> dict[str, tuple[Facet, ...]]:
        """As `cards.facets`."""
        there = [document for document in documents if document in self.seen]
        ended = sum(document in self.ended for document in there)
        columns = (self.kinds, self.issuers, self.years, self.signers)
        counters = [_counted(column, there) for column in columns]
        for counter, more in zip(counters, self.further, strict=True):
            counter.update(value for document in set(there) & more.keys() for value in more[document])
        return cards.facets_of(*counters, current=len(there) - ended, ended=ended)

    def order(self, documents: Sequence[str], *, newest: bool) -> list[str]:
        """As `cards.by_date`."""
        there = [document for document in documents if document in self.seen]
        known = sorted(((self.days[d], d) for d in there if d in self.days), reverse=newest)
        return [document for _, document in known] + sorted(d for d in there if d not in self.days)


def _counted(column: Mapping[str, Any], documents: Iterable[str]) -> Counter[Any]:
    counter = Counter(map(column.get, documents))
    del counter[None]
    return counter


def read(connection: Connection, viewer: Viewer, stamp: tuple[object, ...]) -> Columns:
    """All documents that were read, in a fixed number of queries."""
    rows, further = (_rows(connection, viewer, table) for table in (schema.reading, schema.paper))
    called = register.of(connection).called
    own = (
        {row.document: intern(row.kind) for row in rows if row.kind},
        {row.document: intern(called(row.issuer)) for row in rows if row.issuer},
        {row.document: row.year for row in rows if row.year},
        {row.document: intern(row.signer) for row in rows if row.signer},
    )
    said = (
        [(row.document, row.kind) for row in further],
        [(row.document, called(row.issuer) if row.issuer else None) for row in further],
        [(row.document, row.year) for row in further],
        [(row.document, row.signer) for row in further],
    )
    return Columns(
        stamp, *own,
        days={row.document: row.issued_on for row in rows if row.issued_on},
        ended=frozenset(cards.replacements(connection, viewer, None)),
        seen=frozenset(row.document for row in rows),
        bodies=tuple(sorted(set(own[1].values()))),
        further=tuple(_others(column, values) for column, values in zip(own, said, strict=True)),
    )  # fmt: skip


def _rows(connection: Connection, viewer: Viewer, table: Table) -> Sequence[Row]:
    c = table.c
    joined = table.join(document_table, document_table.c.id == c.document)
    query = select(c.document, c.kind, c.issuer, c.year, c.signer, c.issued_on).select_from(joined)
    return connection.execute(query.where(visible(viewer))).all()


def _others(own: Mapping[str, Any], said: Iterable[tuple[str, Any]]) -> Mapping[str, frozenset[Any]]:
    found: dict[str, set[Any]] = defaultdict(set)
    for document, value in said:
        if value and own.get(document) != value:
            found[document].add(value)
    return {document: frozenset(values) for document, values in found.items()}
