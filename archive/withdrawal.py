"""Refusing and withdrawing papers that may not be kept: state secrets (DOMAIN §0.1, Nghị định 30/2020/NĐ-CP, art. 16).

What was refused at the door leaves a line in the ledger that says so and nothing of the paper. What turned
out secret only after it was taken in loses its bytes; a tombstone without content stays. The bytes of papers
that `disposal` destroys go the same way; their tombstone keeps the name of the file.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import checkpoint, ledger, objects
from archive.database import now, reader, writer
from archive.errors import ArchiveError, Destroyed, SecretMark
from archive.schema import event, job, version
from archive.shredding import shred as shred
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

log = logging.getLogger(__name__)

REFUSED = "refused"
WITHDRAWN = "withdrawn"
DESTROYED = "destroyed"
"""The record of a document destroyed by a decision; its details name the list."""
GONE = (WITHDRAWN, DESTROYED)
CODE = "secret"
"""Why the job of a withdrawn document failed."""
NAMELESS = "(văn bản đã rút)"


def refuse(archive: Archive, viewer: Viewer, *, how: str) -> None:
    """Record that a paper was refused at the door; nothing of it is said."""
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        ledger.append(connection, actor=viewer.name, kind=REFUSED, subject="", details={"how": how, "why": CODE})


def withdraw(archive: Archive, viewer: Viewer, document: str) -> None:
    """Overwrite and remove a document's bytes, and leave a tombstone, which a checkpoint keeps at once.

    Safe to repeat; `finish` ends what a crash left.
    """
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        if not withdrawn(connection, document):
            ledger.append(connection, actor=viewer.name, kind=WITHDRAWN, subject=document, details={"why": CODE})
        blank(connection, document)
    remove(archive, document)
    try:
        checkpoint.make(archive)  # no object tells of it: with the catalogue lost the paper would be taken again
    except ArchiveError as error:  # the paper is gone, which is what counts; the worker seals within the hour
        log.warning("no checkpoint over a withdrawal yet: %s", error.message("en"))


def blank(connection: Connection, document: str, *, kind: str = WITHDRAWN) -> None:
    """The tombstone: id, time of receipt and digests, by which the same paper is refused the next time."""
    if kind == WITHDRAWN:
        connection.execute(version.update().where(version.c.document == document).values(name=NAMELESS))
    code, detail = (CODE, SecretMark.withdrawn) if kind == WITHDRAWN else (DESTROYED, Destroyed.told)
    connection.execute(
        job.update()
        .where(job.c.document == document)
        .values(state="failed", code=code, detail=detail, finished_at=now(), lease=None, worker=None)
    )


def withdrawn(connection: Connection, document: str) -> bool:
    """Whether a document was withdrawn as secret."""
    return WITHDRAWN in fates(connection, document)


def fates(connection: Connection, document: str) -> tuple[str, ...]:
    """The kinds of the records by which a document's bytes were removed for good."""
    query = sa.select(event.c.kind).where(event.c.kind.in_(GONE), event.c.subject == document)
    return tuple(connection.scalars(query.order_by(event.c.seq)))


def documents(archive: Archive) -> frozenset[str]:
    """All whose bytes were removed for good: withdrawn or destroyed."""
    with reader(archive.engine) as connection:
        return gone(connection)


def gone(connection: Connection) -> frozenset[str]:
    """The same, in the caller's transaction."""
    return frozenset(connection.scalars(sa.select(event.c.subject).where(event.c.kind.in_(GONE))))


def finish(archive: Archive) -> tuple[str, ...]:
    """Remove the bytes that a crash left of documents that have no bytes any more; gives which."""
    left = sorted(one for one in documents(archive) if archive.store.left(objects.at(one)))
    for document in left:
        remove(archive, document)
    return tuple(left)


def remove(archive: Archive, document: str) -> None:
    """Overwrite and remove the bytes of a document whose record of it is in the ledger. Safe to repeat."""
    archive.store.destroy(objects.at(document))
