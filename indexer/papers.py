"""Further documents of one file (`corpus.papers`): stored beside its reading, shown under their own numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Row, select

from corpus import lexicon, number
from corpus.model import Analysis, Citation, Heading, Paper, Span
from indexer import records, schema
from indexer.views import Card

FIRST = ""
"""Stands for the first document of a file, which the file goes by."""
_FIELDS = ("number", "issued_on", "issuer", "title")


def headings(analysis: Analysis) -> dict[str, Heading]:
    """The heading of each document of a file, by the section that holds it."""
    return {FIRST: analysis.heading, **{paper.section: paper.heading for paper in analysis.papers}}


def columns(paper: Paper) -> dict[str, object]:
    """What is stored of one, without the document."""
    heading = paper.heading
    return {
        "section": paper.section, "start": paper.span.start, "stop": paper.span.end,
        "heading": records.heading_to_json(heading), "kind": heading.kind.value if heading.kind else None,
        "number_key": number.key(heading.number) if heading.number else None,
        "year": heading.issued_on.year if heading.issued_on else None, "signer": records.signers(heading),
        **{name: getattr(heading, name) for name in _FIELDS},
    }  # fmt: skip


def of_row(row: Row) -> Paper:
    """What `columns` wrote."""
    return Paper(row.section, Span(row.start, row.stop), records.heading_from_json(row.heading))


def of(connection: Connection, documents: Collection[str]) -> Mapping[str, tuple[Paper, ...]]:
    """Those of each file that holds several, in text order; one query for every few hundred files."""
    table, found = schema.paper, defaultdict(list)
    wanted = sorted(documents)
    for at in range(0, len(wanted), 400):
        query = select(table).where(table.c.document.in_(wanted[at : at + 400])).order_by(table.c.start)
        for row in connection.execute(query):
            found[row.document].append(of_row(row))
    return {document: tuple(papers) for document, papers in found.items()}


def name(citation: Citation) -> str:
    """The section of the further document a citation may stand in."""
    return section_name(citation.section)


def section_name(section: str | None) -> str:
    """The first step of a section's id, which names a further document: «vb2» of «vb2.ii.3»."""
    first = (section or "").partition(".")[0]
    return first if first.startswith("vb") and first[2:].isdigit() else FIRST


def holding(papers: Sequence[Paper], section: str | None) -> Paper | None:
    """The further document that holds a section; None for the first one's."""
    wanted = section_name(section)
    return next((paper for paper in papers if paper.section == wanted), None)


def card(held: Card, paper: Paper | None) -> Card:
    """The file's card, saying what a further document of it says of itself."""
    if paper is None:
        return held
    heading = paper.heading
    return replace(
        held, kind=heading.kind.value if heading.kind else None,
        kind_label=lexicon.kind_label(heading.kind) if heading.kind else None,
        signer=records.signers(heading), replaced_by=None, replaced_by_number=None,
        **{name: getattr(heading, name) for name in _FIELDS},
    )  # fmt: skip


def inside(paper: str, place: str | None) -> str | None:
    """The id of a section that is named as if its document stood alone."""
    if not paper:
        return place
    return f"{paper}.{place}" if place else paper
