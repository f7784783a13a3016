"""Originals at rest: OCFL objects on a folder, put in their place by one rename."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from archive import disk, ocfl, ocfl_check
from archive.errors import Unreadable

ORIGINAL = "original"
"""Content path of the file as received; never made from its name."""
RECEIPT = "receipt.json"
"""Content path of who brought it, when and how."""

RECEIPT_KEYS = {"name", "how", "received_by", "received_at", "size", "sha512", "sha256"}

_CHUNK = 1 << 20
_TAKEN = {errno.ENOTEMPTY, errno.EEXIST}


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


class FileStore:
    """The originals below one folder; what is being taken in lies in `staging`, on the same disk."""

    def __init__(self, root: Path, staging: Path) -> None:
        self.root = root
        self.staging = staging

    def prepare(self) -> None:
        """Make the folders; safe to repeat."""
        with disk.watched(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            self.staging.mkdir(exist_ok=True)
            guard = os.open(self.staging, os.O_RDONLY)
            try:
                fcntl.flock(guard, fcntl.LOCK_EX)  # two processes may open a new archive at once
                if not self.ready:
                    ocfl.initialise(self.root)
            finally:
                os.close(guard)

    @property
    def ready(self) -> bool:
        """Whether there is a store."""
        return (self.root / ocfl.ROOT_DECLARATION).is_file()

    def place(self, document: str) -> Path:
        """The folder of a document's object, whether or not it is there."""
        return self.root / ocfl.object_path(object_id(document))

    def held(self) -> Iterator[str]:
        """The ids of all documents that have an object here."""
        for path in ocfl_check.objects(self.root):
            if (document := document_at(path)) and path == self.place(document):
                yield document

    def original(self, document: str, number: int) -> Path:
        """The bytes of one version."""
        return self.place(document) / f"v{number}" / "content" / ORIGINAL

    def receipt(self, document: str) -> dict[str, Any] | None:
        """The receipt of a document's first version as its object holds it; None without an object."""
        try:
            found = json.loads((self.place(document) / "v1" / "content" / RECEIPT).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return found if isinstance(found, dict) and found.keys() >= RECEIPT_KEYS else None

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A folder to build one object in; whatever is left of it afterwards is removed."""
        with disk.watched(self.staging):
            folder, guard = self._guarded()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(guard)

    def _guarded(self) -> tuple[Path, int]:
        while True:
            folder = Path(tempfile.mkdtemp(dir=self.staging))
            try:
                guard = os.open(folder, os.O_RDONLY)
            except FileNotFoundError:
                continue  # a sweep came between the two lines
            except OSError:
                folder.rmdir()
                raise
            fcntl.flock(guard, fcntl.LOCK_EX)
            if folder.exists():
                return folder, guard
            os.close(guard)

    def sweep(self) -> tuple[Path, ...]:
        """Remove the drafts of processes that are no more; drafts being built are left alone."""
        return tuple(folder for folder in sorted(self.staging.iterdir()) if _abandoned(folder))

    def take(self, draft: Path, stream: Source, name: str) -> Digests:
        """Copy a stream into the draft, hashing; not durable before `put`."""
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

    def put(
        self, draft: Path, document: str, digests: Digests, receipt: Mapping[str, Any], message: ocfl.Message
    ) -> bool:
        """Make the draft the document's object, durable on return; False when there already is one."""
        data = (json.dumps(receipt, ensure_ascii=False, indent=1) + "\n").encode()
        ocfl.write(draft / "object" / "v1" / "content" / RECEIPT, data)
        contents = (
            ocfl.Content(logical_name(receipt["name"]), ORIGINAL, digests.sha512, digests.sha256),
            ocfl.Content(
                f"{_OURS}/{RECEIPT}",
                RECEIPT,
                hashlib.sha512(data).hexdigest(),
                hashlib.sha256(data).hexdigest(),
            ),
        )
        ocfl.create(draft / "object", object_id(document), contents, message)
        return self._move(draft, ocfl.object_path(object_id(document)))

    def _move(self, draft: Path, relative: PurePosixPath) -> bool:
        """Rename the outermost folder that is missing, so that no empty folder ever stands in the store."""
        (draft / relative.parent).mkdir(parents=True)
        (draft / "object").rename(draft / relative)
        for folder in list(relative.parents)[:-1]:
            ocfl.sync(draft / folder)
        for depth in range(1, len(relative.parts) + 1):
            part = PurePosixPath(*relative.parts[:depth])
            if (self.root / part).exists():
                continue
            try:
                (draft / part).rename(self.root / part)
            except OSError as error:
                if error.errno not in _TAKEN:
                    raise
                continue  # another process made this folder just now: go on inside it
            self._sync_above(relative)
            return True
        return False

    def secure(self, document: str, sha512: str) -> bool:
        """Make an object found in place durable; False when its first version does not hold these bytes."""
        try:
            with self.original(document, 1).open("rb") as file:
                found = hashlib.file_digest(file, "sha512").hexdigest()
        except FileNotFoundError:
            return False
        # Whoever put it there may have died before these.
        ocfl.sync_tree(self.place(document))
        self._sync_above(ocfl.object_path(object_id(document)))
        return found == sha512

    def _sync_above(self, relative: PurePosixPath) -> None:
        for folder in relative.parents:
            ocfl.sync(self.root / folder)


_OURS = ".vankho"


def object_id(document: str) -> str:
    """The OCFL identifier of a document's object."""
    return f"urn:vankho:document:{document}"


def document_at(path: Path) -> str | None:
    """The document whose object lies in a folder of this name; None when it is not one of ours.

    >>> document_at(Path("3c0/ff4/240/urn%3avankho%3adocument%3a0123456789ab"))
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


def _read(stream: Source, name: str) -> bytes:
    try:
        return stream.read(_CHUNK)
    except OSError as error:  # the sender's fault, not that of our disk
        raise Unreadable(path=name, reason=error.strerror or error) from error


def _abandoned(folder: Path) -> bool:
    try:
        guard = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        shutil.rmtree(folder, ignore_errors=True)
        return True
    finally:
        os.close(guard)
