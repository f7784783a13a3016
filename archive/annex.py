"""What is worked out of an original at its receipt and cannot be had again: kept in its object, beside it.

The signatures' report, the chain and the revocation lists of that day; and with them the document's
records in the ledger but people's corrections, so that the object tells its story without the catalogue.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive import catalogue, corrections, ledger, ocfl
from archive.database import now, reader, writer
from archive.objects import object_id, ours
from archive.schema import event
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

KIND = "attached"
EVENTS = "events.jsonl"
SIGNATURES = "signatures.json"
"""Name of the report on the signatures, as found at receipt."""


def keep(
    archive: Archive, viewer: Viewer, document: str, files: Mapping[str, bytes], *, why: str
) -> dict[str, str]:
    """Keep these files in the document's object; gives the sha256 of each. Safe to repeat after a crash.

    Names are plain (`signatures.json`); what is there under the same name stays in the older version
    of the object. Raises NotFound.
    """
    catalogue.get(archive, viewer, document)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    details = {"files": digests, "why": why}
    with reader(archive.engine) as connection:
        if _last(connection, document) == details:
            return digests
        lines = [line for line in ledger.records(connection, subject=document) if not _quoting(line)]
    held = {name: archive.store.attached(object_id(document), ours(name)) for name in files}
    if held != dict(files):
        told = {EVENTS: "".join(f"{line}\n" for line in lines).encode()}
        message = ocfl.Message(now(), viewer.name, "urn:vankho:account", why)
        named = {ours(name): data for name, data in {**files, **told}.items()}
        archive.store.attach(object_id(document), named, message)
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        if _last(connection, document) != details:
            ledger.append(connection, actor=viewer.name, kind=KIND, subject=document, details=details)
    return digests


def _quoting(line: str) -> bool:
    """Whether a record may have words of another paper, which may not outlive that one in this one's object.

    People's corrections are told by checkpoints and the journal.
    """
    return json.loads(line)["kind"] in (corrections.CORRECTED, corrections.UNDONE)


def find(archive: Archive, viewer: Viewer, document: str, name: str) -> bytes | None:
    """The newest file of this name kept with a document; None when there is none. Raises NotFound."""
    catalogue.get(archive, viewer, document)
    return archive.store.attached(object_id(document), ours(name))


def _last(connection: sa.Connection, document: str) -> object:
    query = sa.select(event.c.details).where(event.c.subject == document, event.c.kind == KIND)
    found = connection.scalar(query.order_by(event.c.seq.desc()).limit(1))
    return json.loads(found) if found else None
