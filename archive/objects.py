"""What an object of ours holds and how it is called, whichever store it lies in."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, Protocol

from archive import ocfl
from archive.errors import Unreadable

ORIGINAL = "original"
"""Content path of the file as received; never made from its name."""
RECEIPT = "receipt.json"
"""Content path of who brought it, when and how."""
RECEIPT_PATH = f"v1/content/{RECEIPT}"
RECEIPT_KEYS = {"name", "how", "received_by", "received_at", "size", "sha512", "sha256"}

_OURS = ".vankho"
_CHUNK = 1 << 20


class Source(Protocol):
    """What a file is read from: an open file, an upload, a socket."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Digests:
    """What a stream turned out to hold."""

    sha512: str
    sha256: str
    size: int
    """Bytes."""


def ours(name: str) -> str:
    """The logical name of a file of our own beside the original."""
    return f"{_OURS}/{name}"


def object_id(document: str) -> str:
    """The OCFL identifier of a document's object."""
    return f"urn:vankho:document:{document}"


def at(document: str) -> PurePosixPath:
    """Where a document's object lies below the root of a store."""
    return ocfl.object_path(object_id(document))


def document_at(path: PurePath) -> str | None:
    """The document whose object lies in a folder of this name; None when it is not one of ours.

    >>> document_at(PurePosixPath("3c0/ff4/240/urn%3avankho%3adocument%3a0123456789ab"))
    '0123456789ab'
    """
    prefix = ocfl.object_path(object_id("")).name
    return path.name.removeprefix(prefix) if path.name.startswith(prefix) else None


def logical_name(name: str) -> str:
    """A file's name as a logical path of OCFL: not empty, no `.`, `..`, and not our own.

    >>> logical_name("../kế hoạch.docx"), logical_name(".."), logical_name(".vankho/x")
    ('kế hoạch.docx', 'original', '_.vankho/x')
    """
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    if parts and parts[0] == _OURS:
        parts[0] = f"_{_OURS}"
    return "/".join(parts) or ORIGINAL


def original_path(number: int) -> str:
    """Where the bytes of one version lie in its object."""
    return f"v{number}/content/{ORIGINAL}"


def take(draft: Path, stream: Source, name: str) -> Digests:
    """Copy a stream into a draft as the original of an object to be, hashing; not durable before it is put."""
    content = draft / "object" / "v1" / "content"
    content.mkdir(parents=True)
    sha512, sha256, size = hashlib.sha512(), hashlib.sha256(), 0
    descriptor = os.open(content / ORIGINAL, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := _read(stream, name):
            sha512.update(chunk)
            sha256.update(chunk)
            size += file.write(chunk)
    return Digests(sha512.hexdigest(), sha256.hexdigest(), size)


def taken(draft: Path) -> Path:
    """The file that `take` copied into a draft."""
    return draft / "object" / original_path(1)


def _read(stream: Source, name: str) -> bytes:
    try:
        return stream.read(_CHUNK)
    except OSError as error:  # the sender's fault, not that of our disk
        raise Unreadable(path=name, reason=error.strerror or error) from error


def receipt_text(receipt: Mapping[str, Any]) -> bytes:
    """A receipt as it is kept."""
    return (json.dumps(receipt, ensure_ascii=False, indent=1) + "\n").encode()


def read_receipt(data: bytes) -> dict[str, Any] | None:
    """The receipt these bytes are; None when they are none."""
    try:
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.keys() >= RECEIPT_KEYS else None


def received(receipt: Mapping[str, Any], text: bytes) -> tuple[tuple[ocfl.Content, ...], ocfl.Message]:
    """What the first version of a document's object holds, and its message: all of it follows from the receipt.

    So two that put the same object, or finish what another left, write the very same bytes.
    """
    message = ocfl.Message(
        created=dt.datetime.fromisoformat(receipt["received_at"]),
        user=receipt["received_by"],
        address="urn:vankho:account",
        message="Tiếp nhận",
    )
    original = ocfl.Content(logical_name(receipt["name"]), ORIGINAL, receipt["sha512"], receipt["sha256"])
    return (original, content(ours(RECEIPT), text)), message


def content(name: str, data: bytes, *, below: str = "") -> ocfl.Content:
    """A small file as a part of an object; what is ours lies under its plain name, `below` a folder of its own."""
    digests = hashlib.sha512(data).hexdigest(), hashlib.sha256(data).hexdigest()
    return ocfl.Content(name, f"{below}{name.removeprefix(f'{_OURS}/')}", *digests)


def written(version: Path, name: str, data: bytes, *, below: str = "") -> ocfl.Content:
    """The same, written into the folder of a version."""
    made = content(name, data, below=below)
    path = version / "content" / made.path
    path.parent.mkdir(parents=True, exist_ok=True)
    ocfl.write(path, data)
    return made


def state(head: Mapping[str, Any]) -> dict[str, str]:
    """Logical name to sha512 of an object's newest version."""
    found = head["versions"][head["head"]]["state"]
    return {name: digest for digest, names in found.items() for name in names}


def next_state(
    head: Mapping[str, Any], files: Mapping[str, bytes], *, below: str = ""
) -> list[ocfl.Content]:
    """What the version after `head` holds when these files are added to it or replaced."""
    fixity = {path: digest for digest, paths in head["fixity"]["sha256"].items() for path in paths}
    kept = []
    for name, digest in state(head).items():
        if name not in files:
            path = head["manifest"][digest][0]
            kept.append(ocfl.Content(name, path, digest, fixity[path]))
    return kept + [content(name, data, below=below) for name, data in files.items()]


def files(place: Path) -> dict[str, Path]:
    """Where each file of an object's newest version lies, by its logical name."""
    head = ocfl.read_inventory(place)
    return {name: place / head["manifest"][digest][0] for name, digest in state(head).items()}
