"""Originals at rest: OCFL objects on a folder, put in their place by one rename."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from archive import disk, drafts, objects, ocfl, ocfl_check
from archive.drafts import alone, unchanging
from archive.errors import NotAFolder
from archive.objects import ORIGINAL as ORIGINAL
from archive.objects import RECEIPT_PATH, Digests, document_at
from archive.objects import Source as Source
from archive.objects import logical_name as logical_name
from archive.objects import object_id as object_id
from archive.objects import ours as ours
from archive.ocfl_inventory import Report
from archive.shredding import shred_tree

_TAKEN = {errno.ENOTEMPTY, errno.EEXIST}


class FileStore:
    """The originals below one folder; what is being taken in lies in `staging`, on the same disk."""

    def __init__(self, root: Path, staging: Path) -> None:
        self.root = root
        self.staging = staging
        self._drafts = drafts.Drafts(staging, self._mend)

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

    @property
    def decides(self) -> bool:
        """A rename decides."""
        return True

    def where(self, path: PurePosixPath | str = "") -> str:
        """The address of something below the root."""
        return str(self.root / path)

    def path(self, where: str) -> PurePosixPath | None:
        """What lies at such an address; None when it is not of this store."""
        found = Path(where)
        return PurePosixPath(found.relative_to(self.root)) if found.is_relative_to(self.root) else None

    def place(self, document: str) -> Path:
        """The folder of a document's object, whether or not it is there."""
        return self.object(object_id(document))

    def object(self, identifier: str) -> Path:
        """The folder of any object, whether or not it is there."""
        return self.root / ocfl.object_path(identifier)

    def holds(self, path: PurePosixPath) -> bool:
        """Whether an object is there: a rename put it there whole."""
        return (self.root / path).exists()

    left = holds

    def held(self) -> Iterator[str]:
        """The ids of all documents that have an object here."""
        for path in ocfl_check.objects(self.root):
            if (document := document_at(path)) and path == self.place(document):
                yield document

    def objects(self, report: Report) -> Iterator[PurePosixPath]:
        """Where every object lies; what lies between them is reported."""
        for path in ocfl_check.objects(self.root, report):
            yield PurePosixPath(path.relative_to(self.root))

    def root_files(self) -> dict[str, bytes | None]:
        """The files of the root and its extensions."""
        ours = ocfl.root_files()
        extensions = (self.root / "extensions").rglob("*")
        paths = [path for path in (*self.root.iterdir(), *extensions) if path.is_file()]
        named = {path.relative_to(self.root).as_posix(): path for path in paths}
        return {name: path.read_bytes() if name in ours else None for name, path in named.items()}

    def reading(self, path: PurePosixPath) -> AbstractContextManager[Path]:
        """The folder of the object itself; those who would change it wait."""
        return self._reading(self.root / path)

    @contextmanager
    def _reading(self, place: Path) -> Iterator[Path]:
        with unchanging(place):
            yield place

    def original(self, document: str, number: int) -> Path:
        """The bytes of one version."""
        return self.place(document) / objects.original_path(number)

    def has_original(self, document: str, number: int) -> bool:
        """Whether they are there."""
        return self.original(document, number).exists()

    def receipt(self, document: str) -> dict[str, Any] | None:
        """The receipt of a document's first version as its object holds it; None without an object."""
        try:
            return objects.read_receipt((self.place(document) / RECEIPT_PATH).read_bytes())
        except FileNotFoundError:
            return None

    def draft(self) -> AbstractContextManager[Path]:
        """A folder to build one object in; whatever is left of it afterwards is removed."""
        return self._drafts.draft()

    def sweep(self) -> tuple[Path, ...]:
        """Remove the drafts of processes that are no more; drafts being built are left alone.

        A version that such a process was adding is finished or forgotten, never left half there.
        """
        return self._drafts.sweep()

    def _mend(self, draft: Path) -> None:
        if path := drafts.target(draft):
            target = self.root / path
            if (target / ocfl.OBJECT_DECLARATION).is_file():
                with alone(target):
                    ocfl.repair(target)

    def put(self, draft: Path, document: str, digests: Digests, receipt: Mapping[str, Any]) -> bool:
        """Make the draft the document's object, durable on return; False when there already is one."""
        text = objects.receipt_text(receipt)
        ocfl.write(draft / "object" / RECEIPT_PATH, text)
        contents, message = objects.received(receipt, text)
        ocfl.create(draft / "object", object_id(document), contents, message)
        return self._move(draft, objects.at(document))

    def create(self, identifier: str, files: Mapping[str, bytes], message: ocfl.Message) -> bool:
        """Make an object of these small files, durable on return; False when there already is one."""
        with self.draft() as draft:
            contents = [objects.written(draft / "object" / "v1", name, data) for name, data in files.items()]
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
            contents = objects.next_state(head, files)
            if {c.logical: c.sha512 for c in contents} == objects.state(head):
                return int(head["head"][1:])
            staged = draft / "object"
            staged.mkdir()
            for name, data in files.items():
                if hashlib.sha512(data).hexdigest() not in head["manifest"]:
                    objects.written(staged, name, data)
            self._drafts.note(draft, ocfl.object_path(identifier))
            return ocfl.add_version(target, staged, contents, message)

    def attached(self, identifier: str, name: str) -> bytes | None:
        """A small file of an object's newest version by its logical name; None when it has none that is whole."""
        target = self.object(identifier)
        try:
            with disk.watched(target):
                head = ocfl.read_inventory(target)
                digest = objects.state(head)[name]
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
        self._sync_above(objects.at(document))
        return found == sha512

    def _sync_above(self, relative: PurePosixPath) -> None:
        for folder in relative.parents:
            ocfl.sync(self.root / folder)

    def replace(self, path: PurePosixPath, built: Path, away: Path) -> None:
        """Put a whole object in the place of what is there, by two renames."""
        ocfl.sync_tree(built)
        place = self.root / path
        if place.exists():
            with alone(place):
                place.rename(away)
        place.parent.mkdir(parents=True, exist_ok=True)
        built.rename(place)
        for folder in (away.parent, *(self.root / parent for parent in path.parents)):
            ocfl.sync(folder)

    def destroy(self, path: PurePosixPath) -> None:
        """Overwrite and remove an object; no empty folder ever stands in the store."""
        place = self.root / path
        if not place.exists():
            return
        with alone(place):
            shred_tree(place)
        folder = place.parent
        while folder != self.root:
            try:
                folder.rmdir()
            except OSError:  # another object is in it
                break
            folder = folder.parent
        ocfl.sync(folder)

    def copy_in(self, root: Path) -> None:
        """Fill an empty store with those of another storage root; what an interrupted copy has whole stays.

        Durable after `ocfl.sync_tree`.
        """
        shutil.copytree(root, self.root, dirs_exist_ok=True, copy_function=_copy, symlinks=True)

    def close(self) -> None:
        """Nothing is held open."""


def _copy(source: str, target: str) -> None:
    place = Path(target)
    if place.exists():
        if _digest(place) == _digest(Path(source)):
            return
        place.unlink()
    shutil.copyfile(source, target, follow_symlinks=False)
    place.chmod(0o444)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()


