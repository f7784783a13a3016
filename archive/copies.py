"""Copies of originals on this machine's disk, for a store that is not: made when asked for, dropped when old."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive.shredding import shred

YOUNG = 600.0
"""Seconds for which a copy stays however little room there is: someone may be about to open it."""
_PARTIAL = ".tam-"


class Copies:
    """The copies in one folder; several processes may use it at once."""

    def __init__(self, folder: Path, *, room: int) -> None:
        """`room`: bytes beyond which the copies not used for longest are dropped."""
        self.folder = folder
        self.room = room

    def prepare(self) -> None:
        """Make the folder; what interrupted fetches left in it goes."""
        self.folder.mkdir(exist_ok=True)
        for path in self.folder.glob(f"{_PARTIAL}*"):
            if time.time() - path.stat().st_mtime > YOUNG:
                path.unlink(missing_ok=True)

    def of(self, name: str, fetch: Callable[[Path], bool]) -> Path:
        """The copy of this name; when it is not there `fetch` makes it, or says that there is nothing to copy."""
        path = self.folder / name
        if path.exists():
            os.utime(path)
            return path
        descriptor, made = tempfile.mkstemp(prefix=_PARTIAL, dir=self.folder)
        os.close(descriptor)
        partial = Path(made)
        try:
            if fetch(partial):
                partial.chmod(0o444)
                partial.rename(path)
                self._make_room(path)
        finally:
            partial.unlink(missing_ok=True)
        return path

    def _make_room(self, new: Path) -> None:
        held = []
        for path in self.folder.iterdir():
            try:
                held.append((path.stat().st_mtime, path.stat().st_size, path))
            except FileNotFoundError:
                continue  # another process made room
        left = sum(size for _, size, _ in held) - self.room
        for used, size, path in sorted(held):
            if left <= 0 or time.time() - used < YOUNG:
                return
            if path != new:
                path.unlink(missing_ok=True)
                left -= size

    def forget(self, name: str) -> None:
        """Drop the copies whose name begins so."""
        for path in self.folder.glob(f"{name}*"):
            path.unlink(missing_ok=True)

    def shred(self, name: str) -> None:
        """The same, so that the disk does not give them back."""
        for path in self.folder.glob(f"{name}*"):
            shred(path)
