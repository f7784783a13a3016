"""Originals at rest: OCFL objects on a folder, put in their place by one rename."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from archive import disk, ocfl, ocfl_check
from archive.errors import NotAFolder, Unreadable

ORIGINAL = "original"
"""Content path of the file as received; never made from its name."""
RECEIPT = "receipt.json"
"""Content path of who brought it, when and how."""

TARGET = "target"
"""In a draft that adds a version: which object it goes to, so that a crash midway can be mended."""

RECEIPT_KEYS = {"name", "how", "received_by", "received_at", "size", "sha512", "sha256"}

log = logging.getLogger(__name__)

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
        return self.object(object_id(document))

    def object(self, identifier: str) -> Path:
        """The folder of any object, whether or not it is there."""
        return self.root / ocfl.object_path(identifier)

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
                self._clear(folder)
                os.close(guard)

    def _clear(self, draft: Path) -> None:
        try:
            self._mend(draft)
        except OSError as error:
            # The disk fails at this very moment; the draft stays, and the next sweep mends what it names.
            log.warning("left %s to the next sweep: %s", draft.name, error)
        else:
            shutil.rmtree(draft, ignore_errors=True)

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
        """Remove the drafts of processes that are no more; drafts being built are left alone.

        A version that such a process was adding is finished or forgotten, never left half there.
        """
        with disk.watched(self.staging):
            return tuple(folder for folder in sorted(self.staging.iterdir()) if self._abandoned(folder))

    def _abandoned(self, folder: Path) -> bool:
        try:
            guard = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            self._mend(folder)
            shutil.rmtree(folder, ignore_errors=True)
            return True
        finally:
            os.close(guard)

    def _mend(self, draft: Path) -> None:
        if (draft / TARGET).is_file():
            target = self.root / (draft / TARGET).read_text()
            if (target / ocfl.OBJECT_DECLARATION).is_file():
                with alone(target):
                    ocfl.repair(target)

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

    def taken(self, draft: Path) -> Path:
        """The file that `take` copied into a draft."""
        return draft / "object" / "v1" / "content" / ORIGINAL

    def put(
        self, draft: Path, document: str, digests: Digests, receipt: Mapping[str, Any], message: ocfl.Message
    ) -> bool:
        """Make the draft the document's object, durable on return; False when there already is one."""
        data = (json.dumps(receipt, ensure_ascii=False, indent=1) + "\n").encode()
        ocfl.write(draft / "object" / "v1" / "content" / RECEIPT, data)
        contents = (
            ocfl.Content(logical_name(receipt["name"]), ORIGINAL, digests.sha512, digests.sha256),
            _content(f"{_OURS}/{RECEIPT}", data),
        )
        ocfl.create(draft / "object", object_id(document), contents, message)
        return self._move(draft, ocfl.object_path(object_id(document)))

    def create(self, identifier: str, files: Mapping[str, bytes], message: ocfl.Message) -> bool:
        """Make an object of these small files, durable on return; False when there already is one."""
        with self.draft() as draft:
            contents = [_written(draft / "object" / "v1", name, data) for name, data in files.items()]
            ocfl.create(draft / "object", identifier, contents, message)
            return self._move(draft, ocfl.object_path(identifier))

    def attach(self, identifier: str, files: Mapping[str, bytes], message: ocfl.Message) -> int:
        """Add small files to an object, or replace them, as its next version; returns its number.

        Durable on return; nothing is written when it holds the very same already. A crash leaves the
        version whole or not there, once `sweep` has run.
        """
        target = self.object(identifier)
        with self.draft() as draft, alone(target):
            ocfl.repair(target)
            head = ocfl.read_inventory(target)
            contents = _next_state(head, files)
            if {c.logical: c.sha512 for c in contents} == _state(head):
                return int(head["head"][1:])
            staged = draft / "object"
            staged.mkdir()
            for name, data in files.items():
                if hashlib.sha512(data).hexdigest() not in head["manifest"]:
                    _written(staged, name, data)
            ocfl.write(draft / TARGET, str(ocfl.object_path(identifier)).encode())
            for path in (draft / TARGET, draft, self.staging):
                ocfl.sync(path)
            return ocfl.add_version(target, staged, contents, message)

    def files(self, identifier: str) -> dict[str, Path]:
        """Where each file of an object's newest version lies, by its logical name."""
        target = self.object(identifier)
        with disk.watched(target):
            head = ocfl.read_inventory(target)
        return {name: target / head["manifest"][digest][0] for name, digest in _state(head).items()}

    def attached(self, identifier: str, name: str) -> bytes | None:
        """A small file of an object's newest version by its logical name; None when it has none that is whole."""
        target = self.object(identifier)
        try:
            with disk.watched(target):
                head = ocfl.read_inventory(target)
                digest = _state(head)[name]
                data = (target / head["manifest"][digest][0]).read_bytes()
        except (FileNotFoundError, NotAFolder, ValueError, LookupError, TypeError, AttributeError):
            return None  # not there, or not as we write it: `fixity` says which
        return data if hashlib.sha512(data).hexdigest() == digest else None

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


def ours(name: str) -> str:
    """The logical name of a file of our own beside the original."""
    return f"{_OURS}/{name}"


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


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Be the only one who changes this object; whoever checks or copies it waits."""
    with _locked(target, fcntl.LOCK_EX):
        yield


@contextmanager
def unchanging(target: Path) -> Iterator[None]:
    """Keep those who would change this object waiting."""
    with _locked(target, fcntl.LOCK_SH):
        yield


@contextmanager
def _locked(target: Path, how: int) -> Iterator[None]:
    guard = os.open(target, os.O_RDONLY)
    try:
        fcntl.flock(guard, how)
        yield
    finally:
        os.close(guard)


def _written(version: Path, name: str, data: bytes) -> ocfl.Content:
    path = version / "content" / name.removeprefix(f"{_OURS}/")
    path.parent.mkdir(parents=True, exist_ok=True)
    ocfl.write(path, data)
    return _content(name, data)


def _state(head: Mapping[str, Any]) -> dict[str, str]:
    """Logical name to sha512 of an object's newest version."""
    state = head["versions"][head["head"]]["state"]
    return {name: digest for digest, names in state.items() for name in names}


def _next_state(head: Mapping[str, Any], files: Mapping[str, bytes]) -> list[ocfl.Content]:
    fixity = {path: digest for digest, paths in head["fixity"]["sha256"].items() for path in paths}
    kept = []
    for name, digest in _state(head).items():
        if name not in files:
            path = head["manifest"][digest][0]
            kept.append(ocfl.Content(name, path, digest, fixity[path]))
    return kept + [_content(name, data) for name, data in files.items()]


def _content(name: str, data: bytes) -> ocfl.Content:
    """A small file as a part of an object; what is ours lies under its plain name."""
    digests = hashlib.sha512(data).hexdigest(), hashlib.sha256(data).hexdigest()
    return ocfl.Content(name, name.removeprefix(f"{_OURS}/"), *digests)
