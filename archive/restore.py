"""Restoring (phục hồi) a backup on an empty machine, whole or not at all; safe to repeat when it was cut short."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from archive import backup, bags, disk, jobs, ledger, migrations, ocfl, rows, schema
from archive.archive import Archive, open_store
from archive.database import connect, reader, writer
from archive.errors import AlreadyThere, BadBackup
from archive.ports import Store
from archive.settings import Settings

UNFINISHED = ".dang-phuc-hoi"
"""Ending of the folder beside the data folder in which it is put together."""

_KEPT = "alembic_version"


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there again."""

    documents: int
    events: int


def restore(settings: Settings, source: Path) -> Restored:
    """Put a backup into an empty data folder and an empty catalogue, of the same or another database.

    What can be worked out again is queued. Raises BadBackup, AlreadyThere, Unreadable, DiskFull, NoRight.
    """
    about = _checked(source)
    with building(settings) as folder, disk.watched(settings.data):
        put_originals(settings, source / "data" / backup.ORIGINALS, folder).close()
        _put_catalogue(settings, source, about, folder)
    return finish(settings)


def _checked(source: Path) -> backup.About:
    verdict = bags.check(source)
    if not verdict.valid:
        raise BadBackup(path=source, reason=verdict.problems[0])
    about = backup.read_about(source)
    if not migrations.known(about.revision):
        reason = "do bản phần mềm mới hơn ghi; xin cập nhật phần mềm trước"
        raise BadBackup(path=source, reason=reason)
    return about


@contextmanager
def building(settings: Settings) -> Iterator[Path]:
    """A folder that takes the place of the empty data folder when the block ends without a fault."""
    data = settings.data
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise AlreadyThere(path=data)
    folder = data.with_name(data.name + UNFINISHED)
    with disk.watched(folder):
        folder.mkdir(parents=True, exist_ok=True)
        guard = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(guard, fcntl.LOCK_EX)
            yield folder
            ocfl.sync_tree(folder)
            folder.rename(data)
            ocfl.sync(data.parent)
        finally:
            os.close(guard)


def put_originals(settings: Settings, source: Path, folder: Path) -> Store:
    """Copy a storage root to where it belongs, durable once `building` ends; gives the store it is in.

    What an interrupted restore copied whole stays. Raises AlreadyThere when another archive is there.
    """
    store = open_store(replace(settings, data=folder))
    store.copy_in(source)
    return store


def _put_catalogue(settings: Settings, source: Path, about: backup.About, folder: Path) -> None:
    """Fill the catalogue: the very file where both are SQLite in the data folder, rows otherwise."""
    with catalogue_in(settings, folder) as engine:
        place, copied = str(engine.url.database), source / "data" / backup.SQLITE
        if place == str(folder / backup.SQLITE) and copied.exists():
            shutil.copyfile(copied, place)
        else:
            fill(engine, about.revision, about.last, lambda: _lines(source))
        migrations.upgrade(engine)
        with reader(engine) as connection:
            if ledger.first_broken(connection) or last_hash(connection) != about.last:
                raise BadBackup(path=source, reason="sổ sự kiện không nguyên vẹn")
        _drop_derived(engine)


@contextmanager
def catalogue_in(settings: Settings, folder: Path) -> Iterator[Engine]:
    """The catalogue to fill: a new one in `folder` where it belongs into the data folder."""
    usual = f"sqlite:///{settings.data / backup.SQLITE}"
    if settings.database == usual:
        for left in folder.glob(f"{backup.SQLITE}*"):
            left.unlink()
        engine = connect(f"sqlite:///{folder / backup.SQLITE}")
    else:
        engine = connect(settings.database)
    try:
        yield engine
    finally:
        engine.dispose()


def fill(engine: Engine, revision: str, last: str, lines: Callable[[], Iterable[str]]) -> None:
    """Make the tables of a revision and fill them, in one transaction; nothing when that was done already."""
    if not _is_filled(engine, last):
        with writer(engine) as connection:
            migrations.run(connection, revision)
            rows.load(connection, lines())


def _is_filled(engine: Engine, last: str) -> bool:
    """Whether a restore that was cut short had filled it. Raises AlreadyThere when someone else did."""
    with reader(engine) as connection:
        if not sa.inspect(connection).has_table(schema.event.name):
            return False
        if last_hash(connection) != last:
            raise AlreadyThere(path="VANKHO_DATABASE")
    return True


def last_hash(connection: Connection) -> str:
    """The hash of the ledger's last record."""
    query = sa.select(schema.event.c.hash).order_by(schema.event.c.seq.desc()).limit(1)
    return connection.scalar(query) or ledger.ORIGIN


def _lines(source: Path) -> Iterator[str]:
    lines, copied = source / "data" / backup.LINES, source / "data" / backup.SQLITE
    if lines.exists():
        with lines.open(encoding="utf-8") as file:
            yield from (line for line in file if json.loads(line))
        return
    with backup.opened(copied) as connection:
        yield from rows.dump(connection, rows.present(connection, schema.metadata.sorted_tables))


def _drop_derived(engine: Engine) -> None:
    """Remove what can be worked out again: it is, as soon as the archive is opened."""
    with writer(engine) as connection:
        names = set(sa.inspect(connection).get_table_names()) - schema.metadata.tables.keys() - {_KEPT}
        if engine.dialect.name == "sqlite":
            for name in sorted(names):
                connection.exec_driver_sql(f'DROP TABLE "{name}"')


def finish(settings: Settings) -> Restored:
    """Open what was restored, and queue everything to be read again."""
    with Archive.open(settings, create=False) as archive:
        jobs.requeue(archive)
        with reader(archive.engine) as connection:
            count = sa.select(sa.func.count()).select_from(schema.document)
            return Restored(connection.scalar(count) or 0, ledger.size(connection))
