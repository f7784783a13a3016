"""What others did to a document: replaced, repealed, amended it; each with the passage that says so.

The archive knows only its own papers, so nothing here says that a document is in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, and_, select

from archive.viewer import Viewer
from corpus.model import Citation, Role, Span, page_at
from indexer import cards, papers, records, schema
from indexer.views import Card

ENDING = (Role.REPLACES, Role.REPEALS, Role.RECALLS)
CHANGING = (Role.AMENDS, Role.CORRECTS)
REACH = 400
"""Characters on either side of a citation within which its sentence is looked for."""
_STOPS = (". ", ".\n", ";\n", "; ", ":\n", "\n\n")


@dataclass(frozen=True, slots=True)
class Effect:
    """One act of another document upon this one."""

    card: Card
    """The document that acts."""
    role: Role
    quote: str
    """The sentence that says so, on one line."""
    section: str | None
    """Where in the acting document."""
    page: int | None
    place: str | None
    """Section of this document that it acts upon; None: the whole."""

    @property
    def ends(self) -> bool:
        """Whether it does away with the whole document."""
        return self.role in ENDING and self.place is None

    def by(self, day: dt.date) -> bool:
        """Whether it was done on or before this day; a document without a date may have been there."""
        return self.card.issued_on is None or self.card.issued_on <= day


def effects(connection: Connection, viewer: Viewer, document: str) -> tuple[Effect, ...]:
    """What the archive's other papers did to a document, the newest first; each paper, role and place once."""
    link, cited, reading = schema.link, schema.citation, schema.reading
    roles = [role.value for role in (*ENDING, *CHANGING)]
    query = (
        select(link.c.document, link.c.paper, cited.c.value, reading.c.text, reading.c.layout)
        .select_from(
            link.join(cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position)).join(
                reading, reading.c.document == link.c.document
            )
        )
        .where(link.c.target == document, link.c.document != document, link.c.chosen, cited.c.role.in_(roles))
        .order_by(link.c.document, link.c.position)
    )
    rows = connection.execute(query).all()
    held = cards.cards(connection, viewer, {row.document for row in rows})
    further = papers.of(connection, held)
    found: dict[tuple[str, Role, str | None, bool], Effect] = {}
    for row in rows:
        if row.document in held:
            citation = records.citation_from_json(row.value)
            acts = papers.holding(further.get(row.document, ()), citation.section)
            effect = _effect(row, papers.card(held[row.document], acts), citation)
            found.setdefault((row.document, effect.role, effect.place, effect.section is None), effect)
    operative = {effect.card.document for effect in found.values() if effect.section is not None}
    # The title only announces what a section does.
    said = [e for e in found.values() if e.section is not None or e.card.document not in operative]
    return _newest(said)


def _newest(found: Sequence[Effect]) -> tuple[Effect, ...]:
    """Those that do away with the document first."""
    ordered = sorted(found, key=lambda e: (e.card.document, e.place or ""))
    return tuple(sorted(ordered, key=lambda e: (e.ends, e.card.issued_on or dt.date.min), reverse=True))


def _effect(row: Row, card: Card, citation: Citation) -> Effect:
    pages, _ = records.layout_from_bytes(row.layout)
    span = sentence(row.text, citation.span)
    return Effect(
        card=card, role=citation.role, quote=" ".join(span.of(row.text).split()), section=citation.section,
        page=page_at(pages, citation.span.start), place=papers.inside(row.paper, citation.place),
    )  # fmt: skip


def sentence(text: str, span: Span) -> Span:
    """The sentence around a span; never cut inside a word.

    >>> text = "1. Kinh phí. Kế hoạch này thay thế Kế hoạch số 02/KH-HKH. Hết."
    >>> sentence(text, Span(35, 56)).of(text)
    'Kế hoạch này thay thế Kế hoạch số 02/KH-HKH.'
    """
    low, high = max(0, span.start - REACH), min(len(text), span.end + REACH)
    start = max((at + len(stop) for stop in _STOPS if (at := text.rfind(stop, low, span.start)) >= 0), default=-1)
    end = min((at + 1 for stop in _STOPS if (at := text.find(stop, span.end - 1, high)) >= 0), default=-1)
    if start < 0:
        start = low if low == 0 else text.find(" ", low, span.start) + 1 or span.start
    if end < 0:
        end = high if high == len(text) else max(text.rfind(" ", span.end, high), span.end)
    return Span(start, end)
