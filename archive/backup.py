"""Backup (sao lưu) of a running archive: one BagIt package with the catalogue of one moment and its originals.

The catalogue goes first, then the originals: what it promises is there, as originals are only ever added.
SQLite is copied by its own backup in one step. PostgreSQL is written as lines of JSON in one transaction,
not by pg_dump: no outside program has to fit the server's version, and the lines go into either database.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import bags, checkpoint, ledger, migrations, objects, ocfl, rows
from archive.database import now, reader
from archive.errors import BadBackup
from archive.problem import Problem
from archive.schema import event, metadata, version
from archive.withdrawal import GONE

if TYPE_CHECKING:
    from archive.archive import Archive

log = logging.getLogger(__name__)

ABOUT = "metadata/backup.json"
SQLITE = "catalogue.sqlite"
LINES = "catalogue.jsonl"
ORIGINALS = "originals"


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of its catalogue."""

    revision: str
    """The migration it stands at."""
    events: int
    last: str
    """The hash of the last record."""
    documents: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup."""

    path: Path
    at: dt.datetime
    """The moment of the catalogue."""
    documents: int
    events: int
    size: int
    """Bytes."""
    problems: tuple[Problem, ...]
    """What was not as it should be in the archive itself; copied as it is."""


def backup(archive: Archive, folder: Path) -> Backup:
    """Write a new backup below `folder`, named for its moment; read again and verified on return.

    The archive may go on working. What an interrupted backup copied is used by the next one. Raises
    DiskFull, NoRight, StorageFailure, AlreadyThere (another one runs), BadBackup (it did not verify).
    """
    archive.store.sweep()
    at = now()
    target = folder / f"vankho-{at:%Y%m%dT%H%M%SZ}"
    problems: list[Problem] = []
    with bags.writing(target) as out:
        about = _write_catalogue(archive, out)
        for promised in _promised(archive, out, about):
            problems += _copy(archive, out, *promised)
        out.tag(ABOUT, (json.dumps(asdict(about), indent=1) + "\n").encode())
        out.close({"External-Description": "Bản sao lưu văn khố", "External-Identifier": target.name})
        size = out.size
        _forget_cached(out.folder)
        _verify(out.folder)
    log.info("backup %s: %d documents, %d bytes", target, about.documents, size)
    return Backup(target, at, about.documents, about.events, size, tuple(problems))


def _write_catalogue(archive: Archive, out: bags.Writer) -> About:
    """Save the catalogue as it is at this moment; what can be said of it."""
    if archive.engine.dialect.name == "sqlite":
        path = out.payload(SQLITE)
        _copy_sqlite(archive, path)
        with opened(path) as connection:
            about = _about(connection)
        out.add_written(SQLITE)
        return about
    with reader(archive.engine) as connection:
        out.add_lines(LINES, rows.dump(connection, rows.present(connection, metadata.sorted_tables)))
        return _about(connection)


def _about(connection: Connection) -> About:
    last = sa.select(event.c.hash).order_by(event.c.seq.desc()).limit(1)
    count = sa.select(sa.func.count(version.c.document.distinct()))
    return About(
        revision=migrations.current(connection) or "",
        events=ledger.size(connection),
        last=connection.scalar(last) or ledger.ORIGIN,
        documents=connection.scalar(count) or 0,
    )


def _copy_sqlite(archive: Archive, path: Path) -> None:
    source = archive.engine.raw_connection()
    try:
        with closing(sqlite3.connect(path)) as target:
            # All pages in one step: step by step it would begin anew with every commit of others.
            source.driver_connection.backup(target, pages=-1)  # type: ignore[union-attr]
            target.execute("PRAGMA journal_mode=DELETE")  # a single file, nothing beside it
    finally:
        source.close()


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """Read a catalogue in a single SQLite file, leaving nothing beside it."""
    engine = sa.create_engine(f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true")
    try:
        with reader(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def _promised(archive: Archive, out: bags.Writer, about: About) -> Iterator[tuple[PurePosixPath, set[str]]]:
    """The objects that belong to this moment, each with the sha512 of originals the catalogue promises."""
    held = archive.store.root_files()
    for name in ocfl.root_files():
        out.add(f"{ORIGINALS}/{name}", BytesIO(held.get(name) or b""))
    for one in checkpoint.every(archive.store):
        if one.size <= about.events:
            yield ocfl.object_path(checkpoint.identifier(one.number)), set()
    for document, digests in _documents(out):
        yield objects.at(document), digests


def _documents(out: bags.Writer) -> Iterator[tuple[str, set[str]]]:
    """Each document of the saved catalogue with the sha512 of its originals; not those without bytes."""
    held: dict[str, set[str]] = {}
    gone: set[str] = set()
    path = out.folder / "data" / SQLITE
    if path.exists():
        with opened(path) as connection:
            for row in connection.execute(sa.select(version.c.document, version.c.sha512)):
                held.setdefault(row.document, set()).add(row.sha512)
            gone.update(connection.scalars(sa.select(event.c.subject).where(event.c.kind.in_(GONE))))
    else:
        with (out.folder / "data" / LINES).open(encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                row = line["row"]
                if line["table"] == version.name:
                    held.setdefault(row["document"], set()).add(row["sha512"])
                elif line["table"] == event.name and row["kind"] in GONE:
                    gone.add(row["subject"])
    yield from sorted((document, digests) for document, digests in held.items() if document not in gone)


def _copy(archive: Archive, out: bags.Writer, path: PurePosixPath, promised: set[str]) -> Iterator[Problem]:
    """Copy one object, whatever state it is in, and say what differs from its inventory or the catalogue."""
    where, found = archive.store.where(path), None
    try:
        with archive.store.reading(path) as place:
            if (place / ocfl.OBJECT_DECLARATION).is_file():
                found = yield from _copy_files(out, place, path, where)
    except FileNotFoundError:
        pass
    if found is None:
        yield Problem(where, "mất hồ sơ này trong kho, không sao lưu được")
    elif promised - found:
        yield Problem(where, "bản gốc khác với danh mục; đã sao lưu nguyên trạng")


def _copy_files(
    out: bags.Writer, place: Path, relative: PurePosixPath, where: str
) -> Generator[Problem, None, set[str]]:
    """Copy the files of an object; gives the sha512 of its originals."""
    found: set[str] = set()
    told = _told(place)
    for path in sorted(path for path in place.rglob("*") if path.is_file()):
        name = path.relative_to(place).as_posix()
        expected = told.get(name)
        try:
            with path.open("rb") as file:
                digest = out.add(f"{ORIGINALS}/{relative}/{name}", file, sha512=expected)
        except OSError as error:
            if not _of_source(path, error):
                raise
            yield Problem(f"{where}/{name}", f"không đọc được: {error.strerror}")
            continue
        if expected and digest != expected:
            yield Problem(f"{where}/{name}", "nội dung không khớp mã băm sha512; đã sao lưu nguyên trạng")
        if path.name == objects.ORIGINAL:
            found.add(digest)
    return found


def _of_source(path: Path, error: OSError) -> bool:
    """Whether a fault is that of the original, not of the place the backup is written to."""
    if error.filename:
        return str(error.filename) == str(path)
    try:
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass
    except OSError:
        return True
    return False


def _told(place: Path) -> dict[str, str]:
    try:
        manifest = ocfl.read_inventory(place)["manifest"]
        return {path: digest for digest, paths in manifest.items() for path in paths}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _forget_cached(folder: Path) -> None:
    """Let the reading that follows come from the disk, not from memory."""
    for place, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(Path(place, name), os.O_RDONLY)
            try:
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)


def _verify(folder: Path) -> None:
    verdict = bags.check(folder)
    if not verdict.valid:
        raise BadBackup(path=folder, reason=verdict.problems[0])
    path = folder / "data" / SQLITE
    if path.exists():
        with opened(path) as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        if said != ["ok"]:
            raise BadBackup(path=folder, reason=f"danh mục: {said[0]}")


def read_about(path: Path) -> About:
    """What a backup says of itself. Raises BadBackup when it is none of ours."""
    try:
        return About(**json.loads((path / ABOUT).read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise BadBackup(path=path, reason="không phải bản sao lưu của phần mềm này") from error
