"""Papers that may be versions of one document: found by their texts, decided by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, or_, select

from archive.viewer import Viewer
from corpus import copies
from indexer import cards, schema
from indexer.linking import chunks, known_documents
from indexer.views import Card

MOST = 50
"""Papers under one key that are compared; a form that hundreds share says nothing."""


@dataclass(frozen=True, slots=True)
class Twin:
    """Another paper that may be, or is, a version of the same document."""

    card: Card
    reason: str
    same: bool = False
    """A person said so."""
    main: bool = False
    """Of two versions, it is the one that others cite."""


def meet(connection: Connection, document: str) -> None:
    """Find again the papers that may be versions of this one. Safe to repeat."""
    band, twin, reading = schema.sketch_band, schema.twin, schema.reading
    connection.execute(delete(band).where(band.c.document == document))
    connection.execute(delete(twin).where(or_(twin.c.document == document, twin.c.other == document)))
    row = connection.execute(
        select(reading.c.text, reading.c.number_key, reading.c.issued_on).where(reading.c.document == document)
    ).one_or_none()
    if row is None:
        return
    keys = sorted(set(copies.bands(copies.sketch(row.text))))
    if keys:
        connection.execute(insert(band), [{"document": document, "key": key} for key in keys])
    sharing = select(band.c.document).where(band.c.key.in_(keys)).distinct().order_by(band.c.document)
    near = set(connection.scalars(sharing.limit(MOST)))
    if row.number_key and row.issued_on:
        same = select(reading.c.document).where(
            reading.c.number_key == row.number_key, reading.c.issued_on == row.issued_on
        )
        near |= set(connection.scalars(same.order_by(reading.c.document).limit(MOST)))
    _compare(connection, document, row.text, sorted(near - {document}))


def _compare(connection: Connection, document: str, text: str, others: Sequence[str]) -> None:
    reading, rows = schema.reading, []
    known = known_documents(connection, {document, *others})
    for batch in chunks(others):
        for other in connection.execute(
            select(reading.c.document, reading.c.text).where(reading.c.document.in_(batch))
        ):
            alike = copies.likeness(text, other.text)
            reason = copies.versions(known[document], known[other.document], alike)
            if reason:
                rows.append({"document": document, "other": other.document, "likeness": alike, "reason": reason})
    if rows:
        connection.execute(insert(schema.twin), rows)


def twins(connection: Connection, viewer: Viewer, document: str) -> tuple[Twin, ...]:
    """What may be, or is by a person's word, a version of this document; decided ones first."""
    twin, said = schema.twin, schema.version_of
    reasons: dict[str, str] = {}
    for row in connection.execute(select(twin).where(or_(twin.c.document == document, twin.c.other == document))):
        reasons[row.other if row.document == document else row.document] = row.reason
    decided = connection.execute(select(said).where(or_(said.c.document == document, said.c.other == document))).all()
    same = {row.other if row.document == document else row.document: row for row in decided if row.same}
    never = {row.other if row.document == document else row.document for row in decided if not row.same}
    held = cards.cards(connection, viewer, {*reasons, *same} - (never - same.keys()))
    found = [
        Twin(card, reasons.get(one, ""), one in same, one in same and same[one].document == document)
        for one, card in held.items()
    ]
    return tuple(sorted(found, key=lambda twin: (not twin.same, twin.card.received_at, twin.card.document)))


def main_of(one: Card, other: Card) -> Card:
    """Of two versions of a document, the one that others mean: issued, signed, received first."""
    return min((one, other), key=lambda card: (not card.number, card.signature == "unsigned", card.received_at))
