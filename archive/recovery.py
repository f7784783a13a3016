"""Making the catalogue again from the store alone, when it is lost and there is no backup.

Documents and versions come from the receipts in their objects; the ledger from the checkpoints, and after
the last of them from the journal and the records kept with the documents; what people decided from the last
checkpoint and the records after it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import (
    annex,
    bodies,
    checkpoint,
    corrections,
    disk,
    filed,
    fixity,
    jobs,
    journal,
    ledger,
    migrations,
    ocfl,
    registers,
    restore,
    rows,
    saved,
    schema,
    withdrawal,
)
from archive.archive import Archive, open_store
from archive.backup import SQLITE
from archive.database import now, reader, writer
from archive.errors import AlreadyThere, NoArchive
from archive.objects import object_id, ours
from archive.ocfl_inventory import Report
from archive.ports import Store
from archive.problem import Problem
from archive.settings import Settings
from archive.viewer import SYSTEM

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

_ENTRIES = ("received", "recovered")


@dataclass(frozen=True, slots=True)
class Recovered:
    """What could be made again."""

    documents: int
    events: int
    """Records in the ledger now."""
    anew: int
    """Documents whose record of receipt was lost; they have a new one, made from their receipt."""
    problems: tuple[Problem, ...]


def from_store(settings: Settings, source: Path | None = None) -> Recovered:
    """Make the catalogue from the originals in the data folder, or from a storage root elsewhere.

    The root is copied into an empty data folder. Raises AlreadyThere when there is a catalogue,
    NoArchive when there are no originals, DiskFull, NoRight.
    """
    if source is not None:
        if not (source / ocfl.ROOT_DECLARATION).is_file():
            raise NoArchive(path=source)
        with (
            restore.building(settings) as folder,
            closing(restore.put_originals(settings, source, folder)) as store,
        ):
            problems = _make(settings, folder, store)
    else:
        problems = _in_place(settings)
    return _finish(settings, problems)


def _in_place(settings: Settings) -> list[Problem]:
    if (settings.data / SQLITE).exists():
        raise AlreadyThere(path=settings.data / SQLITE)
    folder = settings.data / restore.UNFINISHED
    with closing(open_store(settings)) as store, disk.watched(folder):
        if not store.ready:
            raise NoArchive(path=settings.originals or settings.data)
        folder.mkdir(parents=True, exist_ok=True)
        store.prepare()
        problems = _make(settings, folder, store)
        if (folder / SQLITE).exists():
            ocfl.sync_tree(folder)
            (folder / SQLITE).rename(settings.data / SQLITE)
            ocfl.sync(settings.data)
        folder.rmdir()
    return problems


def _make(settings: Settings, folder: Path, store: Store) -> list[Problem]:
    problems: list[Problem] = []
    with restore.catalogue_in(settings, folder) as engine:
        _refuse_filled(engine)
        with writer(engine) as connection:
            migrations.run(connection, schema.REVISION)
            entries = _ledger(connection, store, problems)
            for document in store.held():
                _document(connection, store.receipt(document), document, entries)
            for document, note, kind in _tombstones(connection):
                _document(connection, note, document, entries)
                withdrawal.blank(connection, document, kind=kind)
            _decisions(connection, store)
            corrections.relearn(connection)
            saved.relearn(connection)
            registers.relearn(connection)
            filed.relearn(connection)
            bodies.relearn(connection)
    return problems


def _refuse_filled(engine: Engine) -> None:
    with reader(engine) as connection:
        if migrations.current(connection) is not None:
            raise AlreadyThere(path="VANKHO_DATABASE")


def _ledger(connection: Connection, store: Store, problems: list[Problem]) -> dict[str, int]:
    """Put back every record there is; gives the record of receipt of each version."""
    entries: dict[str, int] = {}
    hash_, size, strays = ledger.ORIGIN, 0, {}
    for line in _sealed(store):
        row = ledger.parse(line)
        if (row["seq"], row["previous"]) == (size + 1, hash_):
            ledger.restore(connection, [row])
            hash_, size = row["hash"], row["seq"]
            _enter(entries, row)
        elif row["seq"] > size:
            strays[row["seq"]] = row
    for line in (*_annexed(store, size), *_told(store, size)):
        row = ledger.parse(line)
        strays[row["seq"]] = row
    for seq in sorted(strays):
        row = strays[seq]
        if (seq, row["previous"]) == (size + 1, hash_):
            ledger.restore(connection, [row])
            hash_, size = row["hash"], seq
            _enter(entries, row)
        elif seq > size and row["kind"] not in _ENTRIES:
            _append_again(connection, row)
            problems.append(Problem(f"sổ sự kiện, dòng {seq}", "được ghi lại ở cuối sổ vì các dòng trước nó đã mất"))
    return entries


def _enter(entries: dict[str, int], row: dict[str, Any]) -> None:
    if row["kind"] in _ENTRIES:
        entries[json.loads(row["details"])["version"]] = row["seq"]


def _append_again(connection: Connection, row: dict[str, Any]) -> None:
    details = {"seq": row["seq"], "kind": row["kind"], "hash": row["hash"], "details": row["details"]}
    at: dt.datetime = row["at"]
    ledger.append(
        connection,
        actor=row["actor"],
        kind="record-recovered",
        subject=row["subject"],
        details={**details, "at": at.isoformat(timespec="microseconds")},
        at=now(),
    )


def _sealed(store: Store) -> Iterator[str]:
    """The records that checkpoints hold, in order; those of a lost checkpoint are missing."""
    numbers = [checkpoint.number_at(path) for path in store.objects(Report())]
    for number in sorted(number for number in numbers if number):
        data = store.attached(checkpoint.identifier(number), checkpoint.EVENTS) or b""
        yield from ledger.lines(data)


def _annexed(store: Store, after: int) -> Iterator[str]:
    """The records kept with documents that are younger than the last checkpoint."""
    for document in store.held():
        data = store.attached(object_id(document), ours(annex.EVENTS)) or b""
        yield from (line for line in ledger.lines(data) if json.loads(line)["seq"] > after)


def _told(store: Store, after: int) -> Iterator[str]:
    """The records of the journal that are younger than the last checkpoint."""
    for _, lines in journal.held(store):
        yield from (line for line in lines if json.loads(line)["seq"] > after)


def _decisions(connection: Connection, store: Store) -> None:
    """Put back the tables that the last checkpoint which holds them saved."""
    for one in reversed(list(checkpoint.every(store))):
        data = store.attached(checkpoint.identifier(one.number), checkpoint.TABLES)
        if data is not None:
            rows.load(connection, ledger.lines(data))
            return


def _document(
    connection: Connection, note: dict[str, Any] | None, document: str, entries: dict[str, int]
) -> None:
    """Put back a document whose receipt is recorded; the others are recorded anew afterwards."""
    version = f"{document}.1"
    if note is None or version not in entries:
        return
    at = dt.datetime.fromisoformat(note["received_at"])
    by = note["received_by"]
    connection.execute(schema.document.insert().values(id=document, received_at=at, received_by=by))
    columns = {name: note[name] for name in ("name", "how", "size", "sha512", "sha256", "received_by")}
    connection.execute(
        schema.version.insert().values(
            id=version, document=document, number=1, event=entries[version], received_at=at, **columns
        )
    )
    jobs.enqueue(connection, document=document, version=version, at=now())


def _tombstones(connection: Connection) -> list[tuple[str, dict[str, Any], str]]:
    """Documents without an object, what the ledger says of their receipt, and how they went."""
    event = schema.event
    gone = sa.select(event.c.subject, event.c.kind).where(event.c.kind.in_(withdrawal.GONE))
    fates = {row.subject: row.kind for row in connection.execute(gone)}
    subjects = gone.with_only_columns(event.c.subject)
    query = sa.select(event).where(event.c.kind.in_(_ENTRIES), event.c.subject.in_(subjects))
    held = connection.scalars(sa.select(schema.document.c.id)).all()
    return [
        (
            row.subject,
            json.loads(row.details) | {"received_at": row.at.isoformat(), "received_by": row.actor},
            fates[row.subject],
        )
        for row in connection.execute(query)
        if row.subject not in held
    ]


def _finish(settings: Settings, problems: list[Problem]) -> Recovered:
    with Archive.open(settings, create=False) as archive:
        anew = sum("danh mục" in line for line in fixity.sweep(archive))
        with writer(archive.engine) as connection:
            ledger.append(
                connection,
                actor=SYSTEM.name,
                kind="catalogue-recovered",
                subject="catalogue",
                details={"anew": anew, "lost": len(problems)},
            )
        with reader(archive.engine) as connection:
            events = ledger.size(connection)
        documents = sum(1 for _ in archive.store.held())
    return Recovered(documents, events, anew, tuple(problems))
