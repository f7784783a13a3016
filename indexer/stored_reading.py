"""What was read of a file, as it is stored: enough to understand the text again without the file."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from archive.catalogue import visible
from archive.schema import document as document_table
from archive.verdicts import Report
from archive.viewer import Viewer
from corpus.model import Body
from indexer import records, schema


@dataclass(frozen=True, slots=True)
class Stored:
    """One document's body, the version it was read from, its signatures and what came inside it."""

    version: str
    body: Body
    """Its findings are all that were stored, those of understanding included."""
    signatures: Report
    parts: tuple[tuple[str, str], ...]


def stored(connection: Connection, viewer: Viewer, document: str) -> Stored | None:
    """None when the document was not read or is not for this viewer."""
    r, part = schema.reading, schema.part
    joined = r.join(document_table, document_table.c.id == r.c.document)
    query = select(r).select_from(joined).where(r.c.document == document, visible(viewer))
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    pages, fragments = records.layout_from_bytes(row.layout)
    body = Body(
        text=row.text, media_type=row.media_type, source=row.source, encoding=row.encoding, pages=pages,
        fragments=fragments, findings=records.findings_from_json(row.findings),
    )  # fmt: skip
    held = connection.execute(
        select(part.c.name, part.c.held).where(part.c.document == document).order_by(part.c.position)
    )
    parts = tuple((one.name, one.held) for one in held)
    return Stored(row.version, body, Report.from_json(json.loads(row.signatures)), parts)
