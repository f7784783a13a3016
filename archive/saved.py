"""Searches that people keep (câu tìm đã lưu), and which documents answered each for the first time.

Saving and dropping one is a record of the ledger. What a query means is the indexer's affair (`indexer.alerts`);
here it is JSON. A document answers once: being read again does not make it new.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import journal, ledger
from archive.catalogue import visible
from archive.database import now, reader, writer
from archive.errors import NotFound
from archive.schema import document as document_table
from archive.schema import event as event_table
from archive.schema import saved_match as matches
from archive.schema import saved_search as table
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

SAVED = "search-saved"
DROPPED = "search-dropped"
_BATCH = 500  # documents named in one statement


@dataclass(frozen=True, slots=True)
class Saved:
    """One search that is kept."""

    id: int
    """The number of its record in the ledger."""
    name: str
    asked: Mapping[str, tuple[str, ...]]
    """The query and its filters, as the address of the results has them."""
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Match:
    """A document that answers a saved search."""

    document: str
    met_at: dt.datetime
    """When it was found to answer for the first time."""
    new: bool
    """Nobody looked since."""


def record(
    archive: Archive, viewer: Viewer, *, name: str, asked: Mapping[str, Iterable[str]], answering: Iterable[str],
    by: str,
) -> Saved:  # fmt: skip
    """Keep a search; the documents `answering` it now are not new."""
    said = {key: tuple(values) for key, values in asked.items()}
    at = now()
    with journal.acting(archive) as connection:
        details = {"name": name, "asked": said, "by": viewer.name}
        number = ledger.append(connection, actor=by, kind=SAVED, subject="", details=details, at=at)
        row = {"id": number, "name": name, "asked": _canonical(said), "at": at, "saved_by": by, "since": None}
        connection.execute(table.insert().values(row))
        _add(connection, number, answering, at=at, seen=True)
    return Saved(number, name, said, at, by)


def drop(archive: Archive, viewer: Viewer, search: int, *, by: str) -> None:
    """Keep a search no longer. Safe to repeat. Raises NotFound for one that never was."""
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        if connection.scalar(sa.select(table.c.id).where(table.c.id == search)) is None:
            if _was(connection, search):
                return
            raise NotFound(what=str(search))
        details = {"search": search, "by": viewer.name}
        ledger.append(connection, actor=by, kind=DROPPED, subject="", details=details)
        for gone in (table.delete().where(table.c.id == search), matches.delete().where(matches.c.search == search)):
            connection.execute(gone)


def _was(connection: Connection, search: int) -> bool:
    query = sa.select(event_table.c.seq).where(event_table.c.seq == search, event_table.c.kind == SAVED)
    return connection.scalar(query) is not None


def every(archive: Archive, viewer: Viewer) -> tuple[Saved, ...]:
    """All that are kept, the newest first. For now everyone sees every search."""
    with reader(archive.engine) as connection:
        return tuple(map(_saved, connection.execute(sa.select(table).order_by(table.c.id.desc()))))


def get(archive: Archive, viewer: Viewer, search: int) -> Saved:
    """One search. Raises NotFound."""
    with reader(archive.engine) as connection:
        row = connection.execute(sa.select(table).where(table.c.id == search)).first()
    if row is None:
        raise NotFound(what=str(search))
    return _saved(row)


def met(archive: Archive, search: int, documents: Collection[str]) -> None:
    """Keep which documents answer a search; those that did before stay as they are. Safe to repeat."""
    if not documents:
        return
    with writer(archive.engine) as connection:
        row = connection.execute(sa.select(table).where(table.c.id == search)).first()
        if row is None:  # dropped meanwhile
            return
        old = set(_received_until(connection, row.since, documents)) if row.since else set()
        at = now()
        _add(connection, search, old, at=at, seen=True)
        _add(connection, search, set(documents) - old, at=at, seen=False)


def _received_until(connection: Connection, moment: dt.datetime, documents: Collection[str]) -> Iterator[str]:
    d = document_table
    for batch in _batches(documents):
        query = sa.select(d.c.id).where(d.c.id.in_(batch), d.c.received_at <= moment)
        yield from connection.scalars(query)


def _add(connection: Connection, search: int, documents: Iterable[str], *, at: dt.datetime, seen: bool) -> None:
    for batch in _batches(sorted(documents)):
        query = sa.select(matches.c.document).where(matches.c.search == search, matches.c.document.in_(batch))
        there = set(connection.scalars(query))
        rows = [
            {"search": search, "document": document, "met_at": at, "seen_at": at if seen else None}
            for document in batch
            if document not in there
        ]
        if rows:
            connection.execute(matches.insert(), rows)


def _batches(documents: Iterable[str]) -> Iterator[list[str]]:
    every = iter(documents)
    while batch := list(islice(every, _BATCH)):
        yield batch


def seen(archive: Archive, viewer: Viewer, search: int) -> None:
    """Somebody looked: what answers by now is no longer new. Raises NotFound."""
    get(archive, viewer, search)
    new = sa.update(matches).where(matches.c.search == search, matches.c.seen_at.is_(None))
    with writer(archive.engine) as connection:
        connection.execute(new.values(seen_at=now()))


def new(archive: Archive, viewer: Viewer) -> dict[int, int]:
    """How many new documents answer each search, by its id; searches without any are left out."""
    joined = matches.join(document_table, document_table.c.id == matches.c.document)
    query = sa.select(matches.c.search, sa.func.count().label("new")).select_from(joined)
    query = query.where(matches.c.seen_at.is_(None), visible(viewer)).group_by(matches.c.search)
    with reader(archive.engine) as connection:
        return {row.search: row.new for row in connection.execute(query)}


def found(archive: Archive, viewer: Viewer, search: int, *, limit: int) -> tuple[Match, ...]:
    """The documents that came to answer a search last, the newest first."""
    joined = matches.join(document_table, document_table.c.id == matches.c.document)
    query = sa.select(matches).select_from(joined).where(matches.c.search == search, visible(viewer))
    newest = query.order_by(matches.c.met_at.desc(), document_table.c.received_at.desc(), matches.c.document)
    with reader(archive.engine) as connection:
        rows = connection.execute(newest.limit(limit))
        return tuple(Match(row.document, row.met_at, row.seen_at is None) for row in rows)


def relearn(connection: Connection) -> int:
    """Put back the searches that the ledger tells of and the table lacks, as after a loss; gives how many.

    Which documents were seen is lost: those received until now are not new when they are found again.
    """
    query = sa.select(event_table).where(event_table.c.kind.in_((SAVED, DROPPED))).order_by(event_table.c.seq)
    there = set(connection.scalars(sa.select(table.c.id)))
    lost: dict[int, dict[str, Any]] = {}
    for event in connection.execute(query):
        said = json.loads(event.details)
        if event.kind == DROPPED:
            lost.pop(said["search"], None)
        elif event.seq not in there:
            lost[event.seq] = {
                "id": event.seq, "name": said["name"], "asked": _canonical(said["asked"]), "at": event.at,
                "saved_by": event.actor, "since": now(),
            }  # fmt: skip
    if lost:
        connection.execute(table.insert(), list(lost.values()))
    return len(lost)


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _saved(row: sa.Row) -> Saved:
    asked = {key: tuple(values) for key, values in json.loads(row.asked).items()}
    return Saved(row.id, row.name, asked, row.at, row.saved_by)
