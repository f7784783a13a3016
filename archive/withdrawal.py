"""Refusing and withdrawing papers that may not be kept: state secrets (DOMAIN §0.1, Nghị định 30/2020/NĐ-CP, art. 16).

What was refused at the door leaves a line in the ledger that says so and nothing of the paper. What turned
out secret only after it was taken in loses its bytes; a tombstone without content stays. The bytes of papers
that `disposal` destroys go the same way; their tombstone keeps the name of the file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import checkpoint, clearing, journal, ledger, objects, remnants, resealing
from archive.clearing import NAMELESS as NAMELESS
from archive.database import now, reader, settle, writer
from archive.errors import ArchiveError, Destroyed, SecretMark
from archive.schema import event, job, version
from archive.shredding import shred as shred
from archive.shredding import shred_tree
from archive.viewer import SYSTEM, Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

log = logging.getLogger(__name__)

REFUSED = "refused"
WITHDRAWN = ledger.WITHDRAWN
DESTROYED = ledger.DESTROYED
GONE = ledger.GONE
CODE = "secret"
"""Why the job of a withdrawn document failed."""
WORDLESS = "words-gone"
"""The record that no checkpoint and no journal has a word of the paper any more."""
HARMED = "harmed"
"""Folder of objects that were replaced when they were healed."""


def refuse(archive: Archive, viewer: Viewer, *, how: str) -> None:
    """Record that a paper was refused at the door; nothing of it is said."""
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        ledger.append(connection, actor=viewer.name, kind=REFUSED, subject="", details={"how": how, "why": CODE})


def withdraw(archive: Archive, viewer: Viewer, document: str, *, words: Iterable[str] = ()) -> None:
    """Overwrite and remove a document's bytes and every word of it, and leave a tombstone, which a checkpoint keeps.

    What people typed into titles of dossiers and kept searches stays; where it repeats number or title of the
    paper, or `words` that were read from it, is noted for a person (`remnants`).
    Backups, printed sheets and packages that were made before still have it: nobody reaches those from here.
    Safe to repeat; `finish` ends what a crash left.
    """
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        if not withdrawn(connection, document):
            ledger.append(connection, actor=viewer.name, kind=WITHDRAWN, subject=document, details={"why": CODE})
            remnants.note(connection, document, words, by=SYSTEM.name)
        blank(connection, document)
    remove(archive, document)
    try:
        _clear(archive, document)
    except ArchiveError as error:  # the paper is gone, which is what counts; `finish` goes on
        log.warning("words of a withdrawn paper may be left: %s", error.message("en"))


def _clear(archive: Archive, document: str) -> None:
    """Take the words of a document out of the records, then out of the objects that hold them."""
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        lines = clearing.apply(connection, document, by=ledger.size(connection) + 1)
        if lines:
            details = {"lines": {str(seq): digest for seq, digest in lines.items()}}
            ledger.append(connection, actor=SYSTEM.name, kind=ledger.CLEARED, subject=document, details=details)
        elif not _wordy(connection, document):
            return
    settle(archive.engine)
    checkpoint.make(archive)  # no object tells of it: with the catalogue lost the paper would be taken again
    journal.sweep(archive, whole=True)
    resealing.reseal(archive, document)
    for path in (archive.settings.data / HARMED).glob(f"*-{objects.at(document).name}"):
        shred_tree(path)
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        ledger.append(connection, actor=SYSTEM.name, kind=WORDLESS, subject=document, details={})


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
    """Remove what a crash, or an earlier version of this program, left of documents that are gone; gives which.

    The bytes of all, the words of those that were withdrawn.
    """
    resealing.finish(archive)
    left = {one for one in documents(archive) if archive.store.left(objects.at(one))}
    for document in sorted(left):
        remove(archive, document)
    with reader(archive.engine) as connection:
        wordy = _wordy(connection)
    for document in wordy:
        _clear(archive, document)
    return tuple(sorted(left | wordy))


def _wordy(connection: Connection, document: str | None = None) -> set[str]:
    """Withdrawn documents whose words may be left somewhere; of all, or of one."""
    query = sa.select(event.c.subject, event.c.kind).where(event.c.kind.in_((WITHDRAWN, WORDLESS)))
    rows = connection.execute(query if document is None else query.where(event.c.subject == document)).all()
    found = {kind: {row.subject for row in rows if row.kind == kind} for kind in (WITHDRAWN, WORDLESS)}
    return found[WITHDRAWN] - found[WORDLESS]


def remove(archive: Archive, document: str) -> None:
    """Overwrite and remove the bytes of a document whose record of it is in the ledger. Safe to repeat."""
    archive.store.destroy(objects.at(document))
