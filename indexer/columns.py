"""What facets and orders need of every document, kept in memory: asking for thousands by name takes longer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any

from sqlalchemy import Connection, select

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.viewer import Viewer
from indexer import cards, schema
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

    def facets(self, documents: Sequence[str]) -> dict[str, tuple[Facet, ...]]:
        """As `cards.facets`."""
        there = [document for document in documents if document in self.seen]
        ended = sum(document in self.ended for document in there)
        columns = (self.kinds, self.issuers, self.years, self.signers)
        counters = (_counted(column, there) for column in columns)
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
    """All documents that were read, in two queries."""
    r = schema.reading
    joined = r.join(document_table, document_table.c.id == r.c.document)
    query = select(r.c.document, r.c.kind, r.c.issuer, r.c.year, r.c.signer, r.c.issued_on).select_from(joined)
    rows = connection.execute(query.where(visible(viewer))).all()
    return Columns(
        stamp,
        kinds={row.document: intern(row.kind) for row in rows if row.kind},
        issuers={row.document: intern(row.issuer) for row in rows if row.issuer},
        years={row.document: row.year for row in rows if row.year},
        signers={row.document: intern(row.signer) for row in rows if row.signer},
        days={row.document: row.issued_on for row in rows if row.issued_on},
        ended=frozenset(cards.replacements(connection, viewer, None)),
        seen=frozenset(row.document for row in rows),
        bodies=tuple(sorted({row.issuer for row in rows if row.issuer})),
    )
