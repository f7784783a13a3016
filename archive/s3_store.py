"""Originals at rest: OCFL objects in a bucket of an S3 service.

S3 has no rename, so the order of writing makes the promise. The inventory in an object's root comes last: an
object without it is treated as absent, and so is a version that it does not name. No lock is needed between
machines, as nothing is ever deleted that another may be writing:

- A document's object follows from its receipt. The receipt goes first, by a request that only one of several
  can win; whoever comes with the same bytes goes on with the receipt that is there, and writes the same.
- The files of every other version lie in a folder that bears their writer's token. The inventory in the folder
  of the version decides who was first, again by such a request; the rest follows from it, and whoever finds
  it unfinished finishes it. What a loser had written is taken away by that loser, or by the `sweep` after it.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from archive import disk, drafts, objects, ocfl, ocfl_check, s3_objects
from archive.copies import Copies
from archive.errors import AlreadyThere
from archive.objects import RECEIPT_PATH, Digests, document_at, object_id
from archive.ocfl_inventory import Report
from archive.s3 import Bucket
from archive.s3_objects import INVENTORY

ROOM = 2 << 30
"""Bytes of originals kept on this machine's disk."""
_DECIDED = re.compile(r"v([1-9]\d*)/inventory\.json")


class S3Store:
    """The originals in a bucket; what is being taken in lies in `staging`, copies in use in `cache`."""

    def __init__(self, address: str, data: Path) -> None:
        """`data`: the folder for what this machine needs; nothing in it is missed when it is lost."""
        self.bucket = Bucket(address)
        self.staging = data / "staging"
        self.copies = Copies(data / "cache", room=ROOM)
        self._lock = data / "s3.lock"
        self._drafts = drafts.Drafts(self.staging, self._mend)
        self._decides: bool | None = None

    def prepare(self) -> None:
        """Make the folders on this machine, and the root in the bucket; safe to repeat."""
        with disk.watched(self.staging):
            self.staging.mkdir(parents=True, exist_ok=True)
            self.copies.prepare()
        if not self.ready:
            for name, data in ocfl.root_files().items():
                self.bucket.put(name, data)

    @property
    def ready(self) -> bool:
        """Whether there is a store."""
        return self.bucket.has(ocfl.ROOT_DECLARATION)

    @property
    def decides(self) -> bool:
        """Whether the service lets only one of several writers win; else one machine alone may write."""
        if self._decides is None:
            name = ocfl.ROOT_DECLARATION
            self._decides = self.bucket.decides(name, ocfl.root_files()[name])
        return self._decides

    def where(self, path: PurePosixPath | str = "") -> str:
        """The address of something below the root."""
        return f"{self.bucket.address}/{path}".rstrip("/")

    def path(self, where: str) -> PurePosixPath | None:
        """What lies at such an address; None when it is not of this store."""
        start = f"{self.bucket.address}/"
        return PurePosixPath(where.removeprefix(start)) if where.startswith(start) else None

    def holds(self, path: PurePosixPath) -> bool:
        """Whether an object is there: its inventory was written last."""
        return self.bucket.has(f"{path}/{INVENTORY}")

    def left(self, path: PurePosixPath) -> bool:
        """Whether anything lies at the place of an object."""
        return any(True for _ in self.bucket.files(f"{path}/", most=1))

    def held(self) -> Iterator[str]:
        """The ids of all documents that have an object here."""
        for path, keys in s3_objects.groups(self.bucket):
            names = s3_objects.names(path, keys)
            if (document := document_at(path)) and path == objects.at(document) and INVENTORY in names:
                yield document

    def objects(self, report: Report) -> Iterator[PurePosixPath]:
        """Where every object lies; what is unfinished or foreign is reported."""
        for path, keys in s3_objects.groups(self.bucket):
            names = s3_objects.names(path, keys)
            if len(path.parts) < s3_objects.DEPTH or not names:
                report.error("E072", self.where(path), "tệp không thuộc hồ sơ nào")
            elif {INVENTORY, ocfl.OBJECT_DECLARATION} & names or self._finish(path):
                yield path
            elif all(key.older(s3_objects.PATIENCE) for key in keys):
                told = "hồ sơ ghi dở, chưa ai được báo là đã nhận; nạp lại tệp ấy sẽ ghi xong"
                report.error("E003", self.where(path), told)

    def root_files(self) -> dict[str, bytes | None]:
        """The files of the root and its extensions."""
        ours = ocfl.root_files()
        names = [key.name for key in (*self.bucket.files(folders=False), *self.bucket.files("extensions/"))]
        return {name: self.bucket.get(name) if name in ours else None for name in names}

    @contextmanager
    def reading(self, path: PurePosixPath) -> Iterator[Path]:
        """A copy of the whole object, as it was at one moment."""
        self._finish(path)
        with self.draft() as draft:
            place = draft / "read"
            s3_objects.fetch(self.bucket, path, place)
            yield place

    def original(self, document: str, number: int) -> Path:
        """A copy of the bytes of one version."""
        key = f"{objects.at(document)}/{objects.original_path(number)}"
        return self.copies.of(f"{document}-{number}", lambda target: self.bucket.fetch(key, target))

    def has_original(self, document: str, number: int) -> bool:
        """Whether they are there."""
        path = objects.at(document)
        return self.holds(path) and self.bucket.has(f"{path}/{objects.original_path(number)}")

    def receipt(self, document: str) -> dict[str, Any] | None:
        """The receipt of a document's first version; also of one whose object is not finished."""
        data = self.bucket.get(f"{objects.at(document)}/{RECEIPT_PATH}")
        return objects.read_receipt(data) if data else None

    def secure(self, document: str, sha512: str) -> bool:
        """Whether the object is there and its first version holds these bytes; what is written is durable."""
        if not self._finish(objects.at(document)):
            return False
        with self.draft() as draft:  # not the copy in use: what counts is what the service has now
            path = draft / "original"
            key = f"{objects.at(document)}/{objects.original_path(1)}"
            return self.bucket.fetch(key, path) and _sha512(path) == sha512

    def attached(self, identifier: str, name: str) -> bytes | None:
        """A small file of an object's newest version by its logical name; None when it has none that is whole."""
        path = ocfl.object_path(identifier)
        try:
            head = s3_objects.inventory(self.bucket, path)
            digest = objects.state(head)[name]
            data = self.bucket.get(f"{path}/{head['manifest'][digest][0]}") or b""
        except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
            return None  # not there, or not as we write it: `fixity` says which
        return data if hashlib.sha512(data).hexdigest() == digest else None

    def draft(self) -> AbstractContextManager[Path]:
        """A folder to build one object in; whatever is left of it afterwards is removed."""
        return self._drafts.draft()

    def sweep(self) -> tuple[Path, ...]:
        """Finish or forget what processes of this machine that are no more were writing; gives their drafts."""
        return self._drafts.sweep()

    def _mend(self, draft: Path) -> None:
        named = drafts.target(draft)
        if named is None:
            return
        path = PurePosixPath(named)
        document = document_at(path)
        if document and objects.taken(draft).exists():
            text = self.bucket.get(f"{path}/{RECEIPT_PATH}")
            receipt = objects.read_receipt(text) if text else None
            if text and receipt and receipt["sha512"] == _sha512(objects.taken(draft)):
                self._complete(draft, document, receipt, text)
        else:
            self._finish(path)
            self._drop(path, draft.name)

    def _drop(self, path: PurePosixPath, token: str) -> None:
        """Take away the files that a writer brought for a version which another one made."""
        names = [key.name for key in self.bucket.files(f"{path}/v") if f"/content/{token}/" in key.name]
        listed = s3_objects.listed(self.bucket, path) if names else None
        if listed is not None:
            self.bucket.delete([name for name in names if name.removeprefix(f"{path}/") not in listed])

    def put(self, draft: Path, document: str, digests: Digests, receipt: Mapping[str, Any]) -> bool:
        """Make the draft the document's object, durable on return; False when there already is one."""
        path = objects.at(document)
        text = objects.receipt_text(receipt)
        self._drafts.note(draft, path)
        won = self._first(f"{path}/{RECEIPT_PATH}", text)
        if not won:
            text = self.bucket.get(f"{path}/{RECEIPT_PATH}") or b""
            theirs = objects.read_receipt(text)
            if theirs is None or theirs["sha512"] != digests.sha512:
                return False
            receipt = theirs
        self._complete(draft, document, receipt, text)
        (draft / drafts.TARGET).unlink()
        return won

    def _complete(self, draft: Path, document: str, receipt: Mapping[str, Any], text: bytes) -> None:
        """Write what follows from a receipt; whoever does it writes the same."""
        path = objects.at(document)
        if self.holds(path):
            return
        contents, message = objects.received(receipt, text)
        inventory = ocfl.inventory_after(object_id(document), {}, contents, message)
        original = f"{path}/{objects.original_path(1)}"
        if not self.bucket.has(original):  # written whole or not at all, by someone with the same bytes
            self.bucket.send(original, objects.taken(draft))
        self.bucket.put(f"{path}/v1/{INVENTORY}", ocfl.text(inventory))
        self._finish(path)

    def create(self, identifier: str, files: Mapping[str, bytes], message: ocfl.Message) -> bool:
        """Make an object of these small files, durable on return; False when there already is one."""
        path = ocfl.object_path(identifier)
        if self._finish(path):
            return False
        with self.draft() as draft:
            below = f"{draft.name}/"
            contents = [objects.content(name, data, below=below) for name, data in files.items()]
            inventory = ocfl.inventory_after(identifier, {}, contents, message)
            return self._add(draft, path, inventory, {c.path: files[c.logical] for c in contents})

    def attach(self, identifier: str, files: Mapping[str, bytes], message: ocfl.Message) -> int:
        """Add small files to an object, or replace them, as its next version; returns its number.

        Durable on return; nothing is written when it holds the very same already.
        """
        path = ocfl.object_path(identifier)
        while True:
            self._finish(path)
            head = s3_objects.inventory(self.bucket, path)
            with self.draft() as draft:
                contents = objects.next_state(head, files, below=f"{draft.name}/")
                if {c.logical: c.sha512 for c in contents} == objects.state(head):
                    return int(head["head"][1:])
                inventory = ocfl.inventory_after(identifier, head, contents, message)
                brought = {c.path: files[c.logical] for c in contents if c.logical in files}
                if self._add(draft, path, inventory, brought):
                    return int(inventory["head"][1:])

    def _add(
        self, draft: Path, path: PurePosixPath, inventory: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> bool:
        """Write a version of small files; False when another writer made the version of this number."""
        folder = f"{inventory['head']}/content/"
        self._drafts.note(draft, path)
        for name in (name for names in inventory["manifest"].values() for name in names):
            if name.startswith(folder):
                self.bucket.put(f"{path}/{name}", files[name.removeprefix(folder)])
        if not self._first(f"{path}/{inventory['head']}/{INVENTORY}", ocfl.text(inventory)):
            return False
        self._finish(path)
        (draft / drafts.TARGET).unlink()
        return True

    def _first(self, name: str, data: bytes) -> bool:
        """Write a file that is not there; False when it is, with other bytes."""
        if self.decides:
            return self.bucket.put_new(name, data)
        with self._lock.open("a") as guard:  # the best there is: the processes of this machine take turns
            fcntl.flock(guard, fcntl.LOCK_EX)
            held = self.bucket.get(name)
            if held is None:
                self.bucket.put(name, data)
            return held in (None, data)

    def _finish(self, path: PurePosixPath) -> bool:
        """Write what follows from the newest decided version if the root is older; whether there is an object."""
        done = 0
        while True:
            names = {key.name.removeprefix(f"{path}/") for key in self.bucket.files(f"{path}/")}
            newest = max((int(found[1]) for name in names if (found := _DECIDED.fullmatch(name))), default=0)
            if newest <= max(done, self._head(path) if INVENTORY in names else 0):
                return INVENTORY in names
            if not self._follow(path, f"v{newest}"):
                return INVENTORY in names
            done = newest  # once more: a slower one may have put back an older root

    def _head(self, path: PurePosixPath) -> int:
        """The number of the version that the root names; very large when the root cannot be read."""
        try:
            return int(s3_objects.inventory(self.bucket, path)["head"][1:])
        except (ValueError, LookupError, TypeError):
            return 1 << 30  # harmed, not unfinished: `fixity` names it

    def _follow(self, path: PurePosixPath, number: str) -> bool:
        """Write the rest of a decided version, the root's inventory last; False when it is harmed."""
        data = self.bucket.get(f"{path}/{number}/{INVENTORY}")
        told = self.bucket.get(f"{path}/{number}/{ocfl.SIDECAR}")
        if data is None or told not in (None, ocfl.sidecar(data)):
            return False
        sidecar = ocfl.sidecar(data)
        self.bucket.put(f"{path}/{number}/{ocfl.SIDECAR}", sidecar)
        self.bucket.put(f"{path}/{ocfl.OBJECT_DECLARATION}", b"ocfl_object_1.1\n")
        self.bucket.put(f"{path}/{ocfl.SIDECAR}", sidecar)
        self.bucket.put(f"{path}/{INVENTORY}", data)
        return True

    def replace(self, path: PurePosixPath, built: Path, away: Path) -> None:
        """Put a whole object in the place of what is there, which is copied to this machine first."""
        if self.left(path):
            with self.reading(path) as place:
                shutil.copytree(place, away)
        names = self._send(path, built)
        self.bucket.delete(key.name for key in list(self.bucket.files(f"{path}/")) if key.name not in names)
        if document := document_at(path):
            self.copies.forget(document)

    def _send(self, path: PurePosixPath, built: Path) -> set[str]:
        """Write a whole object, the inventory of its root last; gives the names of its files."""
        files = [file for file in built.rglob("*") if file.is_file()]
        # What lies deepest first: content, then inventories of versions, then the root's files.
        files.sort(key=lambda file: (-len(file.parts), file == built / INVENTORY, file))
        names = [f"{path}/{file.relative_to(built).as_posix()}" for file in files]
        for name, file in zip(names, files, strict=True):
            self.bucket.send(name, file)
        return set(names)

    def destroy(self, path: PurePosixPath) -> None:
        """Remove an object with all its older versions; a service that keeps deleted bytes is beyond our reach."""
        self.bucket.delete([f"{path}/{INVENTORY}"])
        while self.left(path):  # someone may be finishing it this very moment
            self.bucket.purge(f"{path}/")
        self.bucket.purge(f"{path}/")
        if document := document_at(path):
            self.copies.shred(document)

    def copy_in(self, root: Path) -> None:
        """Fill an empty store with the objects of a storage root on this machine; goes on where it was cut off.

        Raises AlreadyThere when objects of another archive are here.
        """
        found = {PurePosixPath(place.relative_to(root)): place for place in ocfl_check.objects(root)}
        if {path for path, _ in s3_objects.groups(self.bucket)} - found.keys():
            raise AlreadyThere(path=self.bucket.address)
        self.prepare()
        for path, place in found.items():
            if self.bucket.get(f"{path}/{INVENTORY}") != (place / INVENTORY).read_bytes():
                self._send(path, place)

    def close(self) -> None:
        """Release connections."""
        self.bucket.close()


def _sha512(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()
