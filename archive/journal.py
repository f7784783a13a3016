"""Acts beside the originals (nhật ký): what people did since the last checkpoint, told by the store as well.

An act is in the catalogue when it is done; before it is answered the records that the store does not tell of
yet become a small object of their own, so that a lost catalogue loses no act. A checkpoint over them makes
these objects needless and removes them.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import ledger, ocfl
from archive.database import now, reader, writer
from archive.errors import ArchiveError
from archive.ocfl_inventory import Report
from archive.problem import Problem
from archive.schema import event
from archive.viewer import SYSTEM

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.ports import Store

log = logging.getLogger(__name__)

EVENTS = "events.jsonl"
CHECKPOINT = "checkpoint"
"""Kind of the records that name a checkpoint."""
TOLD = (CHECKPOINT, "received", "received-again", "recovered", "attached")
"""Kinds of records that can be made again from the objects they are about."""
MOST = 2_000
"""Records in one object; more make several."""

_PREFIX = "urn:vankho:journal:"
_TOGETHER: ContextVar[list[bool] | None] = ContextVar("together", default=None)


@dataclass(slots=True)
class Reach:
    """How far the store tells of the ledger, as far as this process knows."""

    upto: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def acting(archive: Archive) -> Iterator[Connection]:
    """`database.writer` for an act of a person: when the block has ended, the store tells of it too."""
    with writer(archive.engine) as connection:
        yield connection
    acted = _TOGETHER.get()
    if acted is None:
        keep(archive)
    else:
        acted.append(True)


@contextmanager
def together(archive: Archive) -> Iterator[None]:
    """Many acts that are answered at once: the store is told of all of them when the block ends, however it ends."""
    if _TOGETHER.get() is not None:
        yield
        return
    acted: list[bool] = []
    token = _TOGETHER.set(acted)
    try:
        yield
    finally:
        _TOGETHER.reset(token)
        if acted:
            keep(archive)


def keep(archive: Archive) -> None:
    """Put the records that the store does not tell of beside the originals, durable on return. Safe to repeat.

    Nothing is written when no person acted. A store that cannot be written stops no act, which is in the
    catalogue by then: the next one, or the worker's checkpoint, makes up for it.
    """
    with archive.journal.lock:  # whoever waits here finds that its record was taken along
        try:
            _keep(archive)
        except ArchiveError as error:
            log.warning("acts are in the catalogue alone for now: %s", error.message("en"))


def _keep(archive: Archive) -> None:
    reach = archive.journal
    with reader(archive.engine) as connection:
        after = max(reach.upto, sealed(connection))
        while piece := _piece(connection, after):
            reach.upto = after = _put(archive.store, *piece)


def _piece(connection: Connection, after: int) -> tuple[str, list[str]] | None:
    """The next object after this record, and its lines; None when nobody acted since."""
    acted = sa.select(event.c.seq).where(event.c.seq > after, event.c.kind.not_in(TOLD)).limit(1)
    first = sa.select(event.c.seq, event.c.hash).where(event.c.seq == after + 1)
    row = connection.execute(first).first()
    if row is None or connection.scalar(acted) is None:
        return None
    return identifier(row.seq, row.hash), list(ledger.records(connection, after=after, upto=after + MOST))


def _put(store: Store, named: str, lines: list[str]) -> int:
    """Make the object, or find that another process made it; gives the last record it tells of."""
    message = ocfl.Message(now(), SYSTEM.name, "urn:vankho:account", "Nhật ký")
    if not store.create(named, {EVENTS: "".join(f"{line}\n" for line in lines).encode()}, message):
        lines = _lines(store, named) or lines  # not whole: `fixity` names it, the next ones follow all the same
    return json.loads(lines[-1])["seq"]


def _lines(store: Store, named: str) -> list[str]:
    return ledger.lines(store.attached(named, EVENTS) or b"")


def sealed(connection: Connection) -> int:
    """The last record below the newest checkpoint; 0 when there is none."""
    query = sa.select(event.c.details).where(event.c.kind == CHECKPOINT).order_by(event.c.seq.desc()).limit(1)
    said = connection.scalar(query)
    return json.loads(said)["size"] if said else 0


def identifier(first: int, digest: str) -> str:
    """The OCFL identifier of the object that begins with this record: other histories have others."""
    return f"{_PREFIX}{first}-{digest[:16]}"


def at(path: PurePath) -> str | None:
    """The identifier of the object in a folder of this name; None when it is none of the journal.

    >>> at(PurePath("3c0/ff4/240/urn%3avankho%3ajournal%3a12-00ff00ff00ff00ff"))
    'urn:vankho:journal:12-00ff00ff00ff00ff'
    """
    prefix = ocfl.object_path(_PREFIX).name
    tail = path.name.removeprefix(prefix)
    first, _, digest = tail.partition("-")
    ours = path.name.startswith(prefix) and first.isdecimal() and first.isascii() and len(digest) == 16
    return f"{_PREFIX}{tail}" if ours else None


def held(store: Store) -> Iterator[tuple[PurePosixPath, list[str]]]:
    """Every object of the journal with its records, by the number of the first."""
    named = [(path, found) for path in store.objects(Report()) if (found := at(path))]
    for path, found in sorted(named, key=lambda one: int(one[1].removeprefix(_PREFIX).partition("-")[0])):
        yield path, _lines(store, found)


def sweep(archive: Archive, *, after: int = 0, whole: bool = False) -> int:
    """Remove what a checkpoint holds too, from the record after this one on; gives how many objects.

    `whole` looks through the store for what crashes and slower processes left.
    """
    with reader(archive.engine) as connection:
        size = sealed(connection)
        named = [] if whole else list(_chain(connection, archive.store, after, size))
    if whole:
        named = [path for path, lines in held(archive.store) if _within(lines, size)]
    for path in reversed(named):
        archive.store.destroy(path)
    return len(named)


def _within(lines: list[str], size: int) -> bool:
    return bool(lines) and json.loads(lines[-1])["seq"] <= size


def _chain(connection: Connection, store: Store, after: int, size: int) -> Iterator[PurePosixPath]:
    while after < size:
        digest = connection.scalar(sa.select(event.c.hash).where(event.c.seq == after + 1))
        named = identifier(after + 1, digest or "")
        lines = _lines(store, named)
        if not _within(lines, size):
            return
        yield ocfl.object_path(named)
        after = json.loads(lines[-1])["seq"]


def check(archive: Archive) -> Iterator[Problem]:
    """Whether the ledger is what the journal says."""
    for path, lines in held(archive.store):
        if not lines:
            continue  # not whole, which the reading of its object says
        first, last = (json.loads(line)["seq"] for line in (lines[0], lines[-1]))
        with reader(archive.engine) as connection:  # begun after the object was read: its records are there by then
            there = list(ledger.records(connection, after=first - 1, upto=last))
        if there != lines:
            where = archive.store.where(path)
            yield Problem(where, f"nhật ký có dòng {first} đến {last} khác với sổ sự kiện")
