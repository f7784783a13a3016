"""Reading everything again, night by night, and healing what was harmed from a second copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive import checkpoint, fixity, journal, ledger, objects, ocfl, ocfl_check, rounds
from archive.database import now, reader, writer
from archive.objects import document_at, object_id
from archive.ports import Store
from archive.problem import Problem
from archive.schema import version
from archive.viewer import SYSTEM
from archive.walk import Walk

if TYPE_CHECKING:
    from archive.archive import Archive

NOTES = "fixity.json"
"""In the data folder: how far the round is."""
HARMED = "harmed"
"""Folder in the data folder for what was replaced; nothing is thrown away."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one part of a round found."""

    complete: bool
    """Whether every object was read; else the next call goes on."""
    objects: int
    """Read in this round so far."""
    size: int
    """Bytes."""
    problems: tuple[Problem, ...]


def patrol(
    archive: Archive, *, rate: float = 0, seconds: float = 0, halt: Callable[[], bool] = lambda: False
) -> Round:
    """Go on with the round of checking; a complete one is recorded in the ledger.

    `rate`: MiB in a second at most; `seconds`: when to stop for today; 0 is no limit; `halt` is asked too.
    """
    walk = Walk(archive.settings.data / NOTES, rate=rate, seconds=seconds, halt=halt)
    problems = tuple(fixity.check(archive, walk=walk))
    if not walk.complete:
        return Round(False, walk.objects, walk.size, problems)
    with writer(archive.engine) as connection:
        details = {"objects": walk.objects, "bytes": walk.size, "problems": [str(problem) for problem in problems]}
        ledger.append(connection, actor=SYSTEM.name, kind=rounds.FILES, subject=rounds.SUBJECT, details=details)
    return Round(True, walk.objects, walk.size, problems)


def heal(archive: Archive, problems: Iterable[Problem], second: Store) -> Iterator[str]:
    """Replace the objects that these problems are about by those of a second store; says what was done.

    What is replaced goes to the folder `harmed`. An object is only taken when it is whole and holds the
    very bytes that were received.
    """
    for path in sorted({path for problem in problems if (path := _object_of(archive, problem.where))}):
        yield _heal(archive, path, second)


def _object_of(archive: Archive, where: str) -> PurePosixPath | None:
    """The object of ours that a problem lies in."""
    found = archive.store.path(where)
    for path in (found, *found.parents) if found else ():
        if (document := document_at(path)) and path == objects.at(document):
            return path
        number = checkpoint.number_at(path)
        if number and path == ocfl.object_path(checkpoint.identifier(number)):
            return path
        if (piece := journal.at(path)) and path == ocfl.object_path(piece):
            return path
    return None


def _heal(archive: Archive, path: PurePosixPath, second: Store) -> str:
    where = archive.store.where(path)
    with archive.store.draft() as draft:
        built = draft / path
        try:
            with second.reading(path) as other:
                shutil.copytree(other, built, symlinks=True)
        except FileNotFoundError:
            return f"{where}: bản thứ hai không có hồ sơ này"
        if not ocfl.versions(built):
            return f"{where}: bản thứ hai không dùng được: không phải hồ sơ OCFL"
        _add_newer(archive, path, built)
        if reason := _unfit(archive, path, built):
            return f"{where}: bản thứ hai không dùng được: {reason}"
        away = archive.settings.data / HARMED / f"{now():%Y%m%dT%H%M%S%fZ}-{path.name}"
        away.parent.mkdir(exist_ok=True)
        archive.store.replace(path, built, away)
    with writer(archive.engine) as connection:
        subject = document_at(path) or path.name
        details = {"from": second.where(path)}
        ledger.append(connection, actor=SYSTEM.name, kind="healed", subject=subject, details=details)
    return f"{where}: đã thay bằng bản thứ hai"


def _add_newer(archive: Archive, path: PurePosixPath, built: Path) -> None:
    """Versions that the second copy lacks, as it was made before them."""
    newest = max(ocfl.versions(built))
    try:
        with archive.store.reading(path) as place:
            newer = [number for number in ocfl.versions(place) if number > newest]
            for number in newer:
                shutil.copytree(place / f"v{number}", built / f"v{number}", symlinks=True)
    except FileNotFoundError:
        return
    if newer:
        ocfl.repair(built)


def _unfit(archive: Archive, path: PurePosixPath, built: Path) -> str | None:
    """Why what was built may not take the place; None when it may."""
    found = ocfl_check.validate_object(built)
    if not found.valid:
        return str(found.problems[0].what)
    inventory, document = ocfl.read_inventory(built), document_at(path)
    if document is None:
        return None
    if inventory["id"] != object_id(document):
        return "là hồ sơ khác"
    query = sa.select(version.c.number, version.c.sha512).where(version.c.document == document)
    with reader(archive.engine) as connection:
        promised = {objects.original_path(row.number): row.sha512 for row in connection.execute(query)}
    held = {path: digest for digest, paths in inventory["manifest"].items() for path in paths}
    return None if promised.items() <= held.items() else "không phải tệp đã tiếp nhận"
