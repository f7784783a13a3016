"""Whether everything is still as it was received: bytes, objects, catalogue against store, ledger."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive import checkpoint, journal, ledger, objects, ocfl, ocfl_check, registers, withdrawal
from archive.accept import recover
from archive.database import reader
from archive.objects import document_at, object_id
from archive.ocfl_inventory import Report
from archive.problem import Problem
from archive.schema import document as document_table
from archive.schema import event, version
from archive.walk import Walk

if TYPE_CHECKING:
    from archive.archive import Archive

log = logging.getLogger(__name__)

READERS = 2
"""Objects read at the same time: hashing leaves the other core free."""
GROUP = 16
"""Objects between two looks at the clock."""


def sweep(archive: Archive) -> tuple[str, ...]:
    """Finish what crashes left: remove dead drafts, record objects without a row; says what was done.

    Safe at any time, also while files are being taken in.
    """
    done = [f"đã xóa bản nháp bỏ dở {path.name}" for path in archive.store.sweep()]
    done += [f"đã xóa hết {document}, văn bản đã rút" for document in withdrawal.finish(archive)]
    if count := journal.sweep(archive, whole=True):
        done.append(f"đã bỏ {count} đoạn nhật ký mà mốc sổ đã có")
    recorded = _recorded(archive)
    for document in archive.store.held():
        if document not in recorded and recover(archive, document):
            done.append(f"đã ghi lại {document} vào danh mục")
    for line in done:
        log.info("%s", line)
    return tuple(done)


def check(archive: Archive, *, walk: Walk | None = None) -> Iterator[Problem]:
    """Read everything and name what is wrong, as it is found; `sweep` goes first.

    With a walk it goes on where that one stands, and stops when that one is over.
    """
    sweep(archive)
    yield from _database(archive)
    with reader(archive.engine) as connection:
        broken = ledger.first_broken(connection)
    if broken:
        yield broken
    else:
        yield from checkpoint.check(archive)
        yield from journal.check(archive)
    yield from _rows(archive)
    yield from registers.check(archive)
    yield from _store(archive, walk or Walk())


def _recorded(archive: Archive) -> set[str]:
    with reader(archive.engine) as connection:
        return set(connection.scalars(sa.select(document_table.c.id)))


def _database(archive: Archive) -> Iterator[Problem]:
    if archive.engine.dialect.name != "sqlite":
        return  # PostgreSQL checks its pages itself (initdb --data-checksums)
    with reader(archive.engine) as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    yield from (Problem("cơ sở dữ liệu", line) for line in found if line != "ok")


def _rows(archive: Archive) -> Iterator[Problem]:
    """Versions whose row does not say what the ledger says of them."""
    columns = (version.c.id, version.c.document, version.c.sha512, event.c.details)
    query = sa.select(*columns).outerjoin(event, event.c.seq == version.c.event).order_by(version.c.id)
    with reader(archive.engine) as connection:
        rows = connection.execute(query).all()
    for row in rows:
        if row.details is None:
            yield Problem(f"danh mục, {row.id}", "sổ sự kiện không còn dòng tiếp nhận tệp này")
        elif (row.id, row.sha512) != _told(row.details):
            yield Problem(f"danh mục, {row.id}", "khác với dòng tiếp nhận trong sổ sự kiện")


def _told(details: str) -> tuple[object, object] | None:
    try:
        said = json.loads(details)
    except ValueError:
        return None
    return said.get("version"), said.get("sha512")


def _store(archive: Archive, walk: Walk) -> Iterator[Problem]:
    store, report = archive.store, Report()
    expected = _expected(archive)
    yield from _root(archive)
    yield from tuple(walk.problems)
    paths = store.objects(report)
    with ThreadPoolExecutor(READERS) as readers:
        while group := list(islice(paths, GROUP)):
            promised = [expected.pop(document_at(path) or "", None) for path in group]
            unseen = [
                (path, versions)
                for path, versions in zip(group, promised, strict=True)
                if not walk.passed(path)
            ]
            if unseen and walk.over:
                walk.note()
                return
            found = readers.map(lambda one: _kept(archive, *one, sized=walk.counts), unseen)
            for (path, _), (size, problems) in zip(unseen, found, strict=True):
                yield from problems
                walk.done(path, size, problems)
    walk.finish()
    yield from (problem for _, problem in report.errors)
    for document in expected:
        yield Problem(store.where(objects.at(document)), f"mất bản gốc của văn bản {document}")


def _kept(
    archive: Archive, path: PurePosixPath, versions: dict[int, str] | None, *, sized: bool
) -> tuple[int, list[Problem]]:
    """Check one object, whatever it is; its size in bytes if asked for."""
    where = archive.store.where(path)
    try:
        with archive.store.reading(path) as place:
            problems = [
                Problem(problem.where.replace(str(place), where, 1), problem.what)
                for problem in _of(archive, path, place, versions)
            ]
            return (_size(place) if sized else 0), problems
    except FileNotFoundError:
        if archive.store.left(path):
            raise
        return 0, []  # withdrawn since the walk saw its name


def _of(
    archive: Archive, path: PurePosixPath, place: Path, versions: dict[int, str] | None
) -> Iterator[Problem]:
    number, document, piece = checkpoint.number_at(path), document_at(path), journal.at(path)
    if number and path == ocfl.object_path(checkpoint.identifier(number)):
        yield from _sealed(place, checkpoint.identifier(number))
    elif piece and path == ocfl.object_path(piece):
        yield from _sealed(place, piece)
    elif document is None or path != objects.at(document):
        yield Problem(str(place), "hồ sơ lạ, không do kho này ghi")
    else:
        promised = versions if versions is not None else _now(archive, document)
        yield from _object(place, object_id(document), promised)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _root(archive: Archive) -> Iterator[Problem]:
    ours, found = ocfl.root_files(), archive.store.root_files()
    for name, data in ours.items():
        if found.get(name) != data:
            yield Problem(archive.store.where(name), "khác với tệp kho này ghi")
    for name in found.keys() - ours.keys():
        yield Problem(archive.store.where(name), "tệp lạ, không do kho này ghi")


def _object(path: Path, identifier: str, versions: dict[int, str]) -> Iterator[Problem]:
    found = tuple(_sealed(path, identifier))
    yield from found
    if found:
        return
    if not versions:
        yield Problem(str(path), "có trong kho nhưng không có trong danh mục")
    inventory = ocfl.read_inventory(path)
    digests = {name: digest for digest, names in inventory["manifest"].items() for name in names}
    for number, sha512 in versions.items():
        name = objects.original_path(number)
        if digests.get(name) != sha512:
            yield Problem(str(path / name), "không phải tệp đã tiếp nhận: mã băm khác với danh mục")


def _sealed(path: Path, identifier: str) -> Iterator[Problem]:
    """Whether an object is whole, as the standard says and as we write."""
    found = ocfl_check.validate_object(path)
    yield from found.problems
    if not found.valid:
        return
    if ocfl.read_inventory(path)["id"] != identifier:
        yield Problem(str(path), "mã của hồ sơ không phải của chỗ này")
    for folder in (path, *(path / f"v{number}" for number in ocfl.versions(path))):
        # The validator, as the standard says, does without these in versions, and overlooks capital letters.
        told, text = folder / ocfl.SIDECAR, folder / "inventory.json"
        if not text.is_file():
            yield Problem(str(text), "tệp đã mất")
        elif not told.is_file() or told.read_bytes() != ocfl.sidecar(text.read_bytes()):
            yield Problem(str(folder / ocfl.SIDECAR), "khác với tệp kho này ghi")


def _expected(archive: Archive) -> dict[str, dict[int, str]]:
    """What the catalogue promises: for each document, the sha512 of each of its versions."""
    promised: dict[str, dict[int, str]] = {}
    with reader(archive.engine) as connection:
        rows = connection.execute(sa.select(version.c.document, version.c.number, version.c.sha512))
        for row in rows:
            promised.setdefault(row.document, {})[row.number] = row.sha512
    for document in withdrawal.documents(archive):
        promised.pop(document, None)
    return promised


def _now(archive: Archive, document: str) -> dict[int, str]:
    """The same for one document, which may have been accepted since."""
    query = sa.select(version.c.number, version.c.sha512).where(version.c.document == document)
    with reader(archive.engine) as connection:
        return {row.number: row.sha512 for row in connection.execute(query)}
