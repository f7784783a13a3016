"""Reading everything again, night by night, and healing what was harmed from a second copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive import checkpoint, fixity, ledger, ocfl, ocfl_check
from archive.database import now, reader, writer
from archive.problem import Problem
from archive.schema import version
from archive.store import ORIGINAL, alone, document_at, object_id
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


def patrol(archive: Archive, *, rate: float = 0, seconds: float = 0) -> Round:
    """Go on with the round of checking; a complete one is recorded in the ledger.

    `rate`: MiB in a second at most; `seconds`: when to stop for today; 0 is no limit.
    """
    walk = Walk(archive.settings.data / NOTES, rate=rate, seconds=seconds)
    problems = tuple(fixity.check(archive, walk=walk))
    if not walk.complete:
        return Round(False, walk.objects, walk.size, problems)
    with writer(archive.engine) as connection:
        details = {"objects": walk.objects, "bytes": walk.size, "problems": [str(problem) for problem in problems]}
        ledger.append(connection, actor=SYSTEM.name, kind="checked", subject="archive", details=details)
    return Round(True, walk.objects, walk.size, problems)


def heal(archive: Archive, problems: Iterable[Problem], second: Path) -> Iterator[str]:
    """Replace the objects that these problems are about by those of a second storage root; says what was done.

    What is replaced goes to the folder `harmed`. An object is only taken when it is whole and holds the
    very bytes that were received.
    """
    places = {place for problem in problems if (place := _place(archive, Path(problem.where)))}
    for place in sorted(places):
        yield _heal(archive, place, second / place.relative_to(archive.store.root))


def _place(archive: Archive, path: Path) -> Path | None:
    """The object of ours that a problem lies in."""
    for folder in (path, *path.parents):
        if (document := document_at(folder)) and folder == archive.store.place(document):
            return folder
        number = checkpoint.number_at(folder)
        if number and folder == archive.store.object(checkpoint.identifier(number)):
            return folder
    return None


def _heal(archive: Archive, place: Path, other: Path) -> str:
    if not (other / ocfl.OBJECT_DECLARATION).is_file():
        return f"{place}: bản thứ hai không có hồ sơ này"
    with archive.store.draft() as draft:
        built = draft / place.relative_to(archive.store.root)
        shutil.copytree(other, built, symlinks=True)
        _add_newer(place, built)
        if reason := _unfit(archive, place, built):
            return f"{place}: bản thứ hai không dùng được: {reason}"
        ocfl.sync_tree(built)
        _swap(archive, place, built)
    with writer(archive.engine) as connection:
        subject = document_at(place) or place.name
        details = {"from": str(other)}
        ledger.append(connection, actor=SYSTEM.name, kind="healed", subject=subject, details=details)
    return f"{place}: đã thay bằng bản thứ hai"


def _add_newer(place: Path, built: Path) -> None:
    """Versions that the second copy lacks, as it was made before them."""
    newest = max(ocfl.versions(built))
    newer = [number for number in ocfl.versions(place) if number > newest] if place.is_dir() else []
    for number in newer:
        shutil.copytree(place / f"v{number}", built / f"v{number}", symlinks=True)
    if newer:
        ocfl.repair(built)


def _unfit(archive: Archive, place: Path, built: Path) -> str | None:
    """Why what was built may not take the place; None when it may."""
    found = ocfl_check.validate_object(built)
    if not found.valid:
        return str(found.problems[0].what)
    inventory, document = ocfl.read_inventory(built), document_at(place)
    if document is None:
        return None
    if inventory["id"] != object_id(document):
        return "là hồ sơ khác"
    query = sa.select(version.c.number, version.c.sha512).where(version.c.document == document)
    with reader(archive.engine) as connection:
        promised = {f"v{row.number}/content/{ORIGINAL}": row.sha512 for row in connection.execute(query)}
    held = {path: digest for digest, paths in inventory["manifest"].items() for path in paths}
    return None if promised.items() <= held.items() else "không phải tệp đã tiếp nhận"


def _swap(archive: Archive, place: Path, built: Path) -> None:
    away = archive.settings.data / HARMED / f"{now():%Y%m%dT%H%M%S%fZ}-{place.name}"
    away.parent.mkdir(exist_ok=True)
    if place.exists():
        with alone(place):
            place.rename(away)
    place.parent.mkdir(parents=True, exist_ok=True)
    built.rename(place)
    for folder in (away.parent, *list(place.parents)[:4]):
        ocfl.sync(folder)
