"""What the archive asks of a store of originals; the same questions whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from archive import ocfl
from archive.objects import Digests
from archive.ocfl_inventory import Report


class Store(Protocol):
    """OCFL objects below one root, each at the path that `ocfl_layout` says.

    An object is there once it is whole: what others are writing, or died over, is treated as absent.
    All that writes is durable on return and safe to repeat after a crash.
    """

    @property
    def ready(self) -> bool:
        """Whether there is a store."""
        ...

    @property
    def decides(self) -> bool:
        """Whether one of several writers at once wins, on whatever machines; else only one machine may write."""
        ...

    def prepare(self) -> None:
        """Make the root; safe to repeat."""
        ...

    def where(self, path: PurePosixPath | str = "") -> str:
        """The address of something below the root, for people and in findings."""
        ...

    def path(self, where: str) -> PurePosixPath | None:
        """What lies at such an address, as a path below the root; None when it is not of this store."""
        ...

    def holds(self, path: PurePosixPath) -> bool:
        """Whether an object is there."""
        ...

    def left(self, path: PurePosixPath) -> bool:
        """Whether anything lies at the place of an object, whole or not."""
        ...

    def held(self) -> Iterator[str]:
        """The ids of all documents that have an object here."""
        ...

    def objects(self, report: Report) -> Iterator[PurePosixPath]:
        """Where every object lies, in order of path; what lies between them is reported."""
        ...

    def root_files(self) -> Mapping[str, bytes | None]:
        """The files of the root and its extensions, ours and foreign; the bytes of ours, None of foreign ones."""
        ...

    def reading(self, path: PurePosixPath) -> AbstractContextManager[Path]:
        """A folder that holds the whole object and does not change; FileNotFoundError when there is none."""
        ...

    def original(self, document: str, number: int) -> Path:
        """The bytes of one version as a file to read; there is no file when they are lost."""
        ...

    def has_original(self, document: str, number: int) -> bool:
        """Whether they are there."""
        ...

    def receipt(self, document: str) -> dict[str, Any] | None:
        """The receipt of a document's first version as its object holds it; None without one."""
        ...

    def secure(self, document: str, sha512: str) -> bool:
        """Make an object found in place durable; False when its first version does not hold these bytes."""
        ...

    def attached(self, identifier: str, name: str) -> bytes | None:
        """A small file of an object's newest version by its logical name; None when it has none that is whole."""
        ...

    def draft(self) -> AbstractContextManager[Path]:
        """A folder to build one object in; whatever is left of it afterwards is removed."""
        ...

    def sweep(self) -> tuple[Path, ...]:
        """Finish or forget what processes that are no more were doing; gives their drafts."""
        ...

    def put(self, draft: Path, document: str, digests: Digests, receipt: Mapping[str, Any]) -> bool:
        """Make what `objects.take` put into a draft the document's object; False when there already is one."""
        ...

    def create(self, identifier: str, files: Mapping[str, bytes], message: ocfl.Message) -> bool:
        """Make an object of these small files; False when there already is one."""
        ...

    def attach(self, identifier: str, files: Mapping[str, bytes], message: ocfl.Message) -> int:
        """Add small files to an object, or replace them, as its next version; returns its number.

        Nothing is written when it holds the very same already.
        """
        ...

    def replace(self, path: PurePosixPath, built: Path, away: Path) -> None:
        """Put a whole object, built in a draft, in the place of what is there; that goes to `away`."""
        ...

    def destroy(self, path: PurePosixPath) -> None:
        """Remove an object for good, so that its text cannot be had from here any more."""
        ...

    def copy_in(self, root: Path) -> None:
        """Fill an empty store with the objects of a storage root on this machine; goes on where it was cut off.

        Raises AlreadyThere when objects of another archive are here.
        """
        ...

    def close(self) -> None:
        """Release connections."""
        ...
