"""Removing files so that the disk does not give their text back."""

from __future__ import annotations

import os
from pathlib import Path

_BLOCK = 1 << 20


def shred(path: Path) -> None:
    """Overwrite a file with zeros, then remove it: what the disk gives back later is not its text."""
    path.chmod(0o600)
    left = path.stat().st_size
    with path.open("r+b") as file:
        while left > 0:
            left -= file.write(bytes(min(_BLOCK, left)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def shred_tree(folder: Path) -> None:
    """The same for all files of a folder, which goes too."""
    for path in sorted(folder.rglob("*"), key=lambda one: len(one.parts), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            shred(path)
    folder.rmdir()
