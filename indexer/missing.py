"""Documents that others cite and the archive does not hold: what to ask for next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, and_, exists, select

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.viewer import Viewer
from corpus import lexicon
from corpus.model import Citation
from indexer import cards, records, schema
from indexer.views import MissingLine


def missing(connection: Connection, viewer: Viewer, on: dt.date | None = None) -> tuple[MissingLine, ...]:
    """Cited by number, nothing held that it may mean; the most cited first.

    With `on`, as papers that were issued and not replaced until that day cite them.
    """
    cited, link = schema.citation, schema.link
    held = exists().where(and_(link.c.document == cited.c.document, link.c.position == cited.c.position))
    query = (
        select(cited.c.document, cited.c.number_key, cited.c.value)
        .select_from(cited.join(document_table, document_table.c.id == cited.c.document))
        .where(cited.c.number_key.is_not(None), cited.c.itself.is_(False), ~held, visible(viewer))
        .order_by(cited.c.document, cited.c.position)
    )
    citing = cards.in_force(connection, viewer, on) if on else None
    groups: dict[str, list[tuple[str, Citation]]] = defaultdict(list)
    for row in connection.execute(query):
        if citing is not None and row.document not in citing:
            continue
        groups[row.number_key].append((row.document, records.citation_from_json(row.value)))
    lines = [group for key in groups for group in _by_year(groups[key])]
    held_cards = cards.cards(connection, viewer, {document for group in lines for document, _ in group})
    found = [_line(group, held_cards) for group in lines]
    return tuple(sorted(found, key=lambda line: (-line.times, line.number)))


def _by_year(group: Sequence[tuple[str, Citation]]) -> list[list[tuple[str, Citation]]]:
    """One number of two years is two documents; citations without a date join the only dated one."""
    years: dict[int | None, list[tuple[str, Citation]]] = defaultdict(list)
    for document, citation in group:
        years[citation.issued_on.year if citation.issued_on else citation.year].append((document, citation))
    dated = [year for year in years if year is not None]
    if len(dated) == 1 and None in years:
        years[dated[0]] += years.pop(None)
    return list(years.values())


def _line(group: Sequence[tuple[str, Citation]], citing: dict[str, cards.Card]) -> MissingLine:
    fullest = max((c for _, c in group), key=lambda c: (c.issued_on is not None, c.issuer is not None))
    documents = dict.fromkeys(document for document, _ in group)
    return MissingLine(
        number=fullest.number or "", kind_label=lexicon.kind_label(fullest.kind) if fullest.kind else None,
        issued_on=fullest.issued_on, issuer=fullest.issuer, times=len(group),
        cited_by=tuple(citing[d] for d in documents if d in citing),
    )  # fmt: skip
