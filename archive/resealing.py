"""Checkpoints without the words of a withdrawn paper: their objects are made anew, their statements stay as they were.

A statement says the root of the hash tree and nothing of what records say, so its bytes, its stamp and the printed
page hold on. Only the records and tables kept beside it are written again, and the old object is overwritten.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive import checkpoint, clearing, ledger, objects, ocfl
from archive.database import now, reader
from archive.schema import event
from archive.viewer import SYSTEM

if TYPE_CHECKING:
    from archive.archive import Archive

PENDING = "resealing"
"""Folder in the data folder of objects that take the place of others: whole, or not there."""


def reseal(archive: Archive, document: str) -> int:
    """Make every checkpoint anew that has words of this document; gives how many. Safe to repeat after a crash."""
    finish(archive)
    lines, count = _lines(archive, document), 0
    for one in checkpoint.every(archive.store):
        identifier = checkpoint.identifier(one.number)
        held = _files(archive, identifier)
        new = {name: _without(name, data, lines, document) for name, data in held.items()}
        if new != held:
            _pending(archive, identifier, new)
            finish(archive)
            count += 1
    return count


def _lines(archive: Archive, document: str) -> Mapping[int, str]:
    """The records about a document as they are now, by number; also those of others that name it."""
    said = sa.or_(event.c.subject == document, event.c.details.contains(document, autoescape=True))
    with reader(archive.engine) as connection:
        numbers = connection.scalars(sa.select(event.c.seq).where(said).order_by(event.c.seq)).all()
        return {
            number: line for number in numbers for line in ledger.records(connection, after=number - 1, upto=number)
        }


def _files(archive: Archive, identifier: str) -> dict[str, bytes]:
    """The files of an object's newest version, by logical name."""
    with archive.store.reading(ocfl.object_path(identifier)) as place:
        return {name: path.read_bytes() for name, path in objects.files(place).items()}


def _without(name: str, data: bytes, lines: Mapping[int, str], document: str) -> bytes:
    if name == checkpoint.EVENTS:
        kept = (lines.get(json.loads(line)["seq"], line) if document in line else line for line in ledger.lines(data))
    elif name == checkpoint.TABLES:
        kept = (clearing.line(line, document) for line in ledger.lines(data))
    else:
        return data
    return "".join(f"{line}\n" for line in kept if line).encode()


def _pending(archive: Archive, identifier: str, files: Mapping[str, bytes]) -> None:
    """Build the object that is to take the place, durable before anything of the old one goes."""
    path = ocfl.object_path(identifier)
    waiting = archive.settings.data / PENDING
    waiting.mkdir(exist_ok=True)
    message = ocfl.Message(now(), SYSTEM.name, "urn:vankho:account", "Bỏ lời của văn bản đã rút")
    with archive.store.draft() as draft:
        built = draft / "object"
        contents = [objects.written(built / "v1", name, data) for name, data in files.items()]
        ocfl.create(built, identifier, contents, message)
        ocfl.sync_tree(built)
        built.rename(waiting / path.name)
    ocfl.sync(waiting)


def finish(archive: Archive) -> None:
    """Put what is waiting into its place; the old objects are overwritten. Safe to repeat."""
    waiting = archive.settings.data / PENDING
    if not waiting.is_dir():
        return
    for built in sorted(waiting.iterdir()):
        _put(archive, built)
    waiting.rmdir()


def _put(archive: Archive, built: Path) -> None:
    path = ocfl.object_path(ocfl.read_inventory(built)["id"])
    archive.store.destroy(path)
    with archive.store.draft() as draft:
        archive.store.replace(path, built, draft / "away")
    if built.exists():  # a store that is not on this disk takes a copy
        shutil.rmtree(built)
