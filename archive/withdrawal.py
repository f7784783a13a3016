"""Refusing and withdrawing papers that may not be kept: state secrets (DOMAIN §0.1, Nghị định 30/2020/NĐ-CP, art. 16).

What was refused at the door leaves a line in the ledger that says so and nothing of the paper. What turned
out secret only after it was taken in loses its bytes; a tombstone without content stays.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import ledger, ocfl
from archive.database import now, reader, writer
from archive.errors import SecretMark
from archive.schema import event, job, version
from archive.store import alone, object_id
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

REFUSED = "refused"
WITHDRAWN = "withdrawn"
CODE = "secret"
"""Why the job of a withdrawn document failed."""
NAMELESS = "(văn bản đã rút)"
_BLOCK = 1 << 20


def refuse(archive: Archive, viewer: Viewer, *, how: str) -> None:
    """Record that a paper was refused at the door; nothing of it is said."""
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        ledger.append(connection, actor=viewer.name, kind=REFUSED, subject="", details={"how": how, "why": CODE})


def withdraw(archive: Archive, viewer: Viewer, document: str) -> None:
    """Overwrite and remove a document's bytes, and leave a tombstone.

    Safe to repeat; `finish` ends what a crash left.
    """
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        if not withdrawn(connection, document):
            ledger.append(connection, actor=viewer.name, kind=WITHDRAWN, subject=document, details={"why": CODE})
        blank(connection, document)
    _destroy(archive, document)


def blank(connection: Connection, document: str) -> None:
    """The tombstone: id, time of receipt and digests, by which the same paper is refused the next time."""
    connection.execute(version.update().where(version.c.document == document).values(name=NAMELESS))
    connection.execute(
        job.update()
        .where(job.c.document == document)
        .values(state="failed", code=CODE, detail=SecretMark.withdrawn, finished_at=now(), lease=None, worker=None)
    )


def withdrawn(connection: Connection, document: str) -> bool:
    """Whether a document's bytes were removed for good."""
    query = sa.select(event.c.seq).where(event.c.kind == WITHDRAWN, event.c.subject == document).limit(1)
    return connection.scalar(query) is not None


def documents(archive: Archive) -> frozenset[str]:
    """All that were withdrawn."""
    with reader(archive.engine) as connection:
        return frozenset(connection.scalars(sa.select(event.c.subject).where(event.c.kind == WITHDRAWN)))


def finish(archive: Archive) -> tuple[str, ...]:
    """Remove the bytes of withdrawn documents that a crash left; gives which."""
    left = sorted(one for one in documents(archive) if archive.store.place(one).exists())
    for document in left:
        _destroy(archive, document)
    return tuple(left)


def _destroy(archive: Archive, document: str) -> None:
    place = archive.store.object(object_id(document))
    if not place.exists():
        return
    with alone(place):
        for path in sorted(place.rglob("*"), key=lambda one: len(one.parts), reverse=True):
            if path.is_dir():
                path.rmdir()
            else:
                shred(path)
        place.rmdir()
    _prune(archive.store.root, place.parent)


def _prune(root: Path, folder: Path) -> None:
    """Remove the folders above that hold nothing else; no empty folder ever stands in the store."""
    while folder != root:
        try:
            folder.rmdir()
        except OSError:  # another object is in it
            break
        folder = folder.parent
    ocfl.sync(folder)


def shred(path: Path) -> None:
    """Overwrite a file with zeros, then remove it: what the disk gives back later is not its text."""
    path.chmod(0o600)
    left = path.stat().st_size
    with path.open("r+b") as file:
        while left > 0:
            left -= file.write(bytes(min(_BLOCK, left)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
