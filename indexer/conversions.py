"""Older office files converted by LibreOffice, many in one start of the program, kept until they have been read.

Starting LibreOffice takes ten times as long as converting a letter. What is kept here can be lost at any moment:
a file that is not found is converted alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from archive.shredding import shred
from indexer import sandbox
from indexer.ports import ReadFailure
from indexer.readers import media
from indexer.readers.sniff import sniff

log = logging.getLogger(__name__)

TOGETHER = 16
"""Files of one start: if one of them makes the program fall, so many may have to be converted alone."""
LARGEST = 8 << 20
"""Bytes of a file that is converted with others; one larger may need all the time there is."""
ROOM = 512 << 20
"""Bytes that may be kept; the oldest go first."""
_STALE = 3600.0  # seconds
_START, _EACH = 20.0, 4.0  # seconds

WANTED = media.OFFICE - {media.DOCX, media.XLSX, media.PPTX}
"""Types that only LibreOffice reads; what our own readers read is converted when they fail."""


class Conversions:
    """Converted files in a folder, by the hash of what they were made from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def foresee(self, paths: Sequence[Path]) -> None:
        """Convert those of these files that need it and are not here yet; whatever fails is left out."""
        wanted: dict[str, tuple[Path, str]] = {}
        for path in paths:
            found = _wanted(path)
            if found is not None and not self._kept(digest := _digest(path)):
                wanted[digest] = (path, found)
        ready = list(wanted.items())
        for start in range(0, len(ready), TOGETHER):
            self._convert(dict(ready[start : start + TOGETHER]))

    def find(self, path: Path) -> Path | None:
        """The converted form of a file, made now if it is not here; None where it could not be made."""
        digest = _digest(path)
        if (kept := self._kept(digest)) is not None:
            return kept
        found = _wanted(path)
        if found is None:
            return None
        self._convert({digest: (path, found)})
        return self._kept(digest)

    def forget(self, path: Path) -> None:
        """Overwrite and remove what was made of a file; safe to repeat."""
        if self.folder.is_dir() and (kept := self._kept(_digest(path))) is not None:
            shred(kept)

    def lacks(self, path: Path) -> bool:
        """Whether a file would have to be converted now."""
        return _wanted(path) is not None and self._kept(_digest(path)) is None

    def sweep(self) -> None:
        """Remove what nobody came for, as after a crash."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _STALE:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _kept(self, digest: str) -> Path | None:
        return next(iter(self.folder.glob(f"{digest}.*")), None) if self.folder.is_dir() else None

    def _convert(self, wanted: dict[str, tuple[Path, str]]) -> None:
        from indexer.readers import office

        scratch = self.folder / f".{secrets.token_hex(8)}"
        scratch.mkdir(parents=True)
        try:
            files = [(str(path.resolve()), media_type) for path, media_type in wanted.values()]
            made = sandbox.run(
                office.convert_all, files, scratch.resolve(),
                seconds=_START + _EACH * len(files), programs_mib=sandbox.PROGRAM_MEMORY,
            )  # fmt: skip
        except ReadFailure as failure:
            log.info("%d files not converted together: %s", len(wanted), failure.code)
            made = []
        try:
            for position, (digest, target) in enumerate(zip(wanted, made, strict=False)):
                if target and (scratch / str(position)).is_file():
                    (scratch / str(position)).replace(self.folder / f"{digest}.{target}")
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        self._shrink()

    def _shrink(self) -> None:
        kept = sorted((path.stat().st_mtime, path) for path in self.folder.iterdir() if path.is_file())
        room = sum(path.stat().st_size for _, path in kept)
        for _, path in kept:
            if room <= ROOM:
                return
            room -= path.stat().st_size
            path.unlink(missing_ok=True)


def _wanted(path: Path) -> str | None:
    """The type of a file that LibreOffice should convert."""
    try:
        if not 0 < path.stat().st_size <= LARGEST:
            return None
        found = sniff(path) if path.stat().st_size <= 1 << 20 else sandbox.run(sniff, path.resolve())
    except (OSError, ReadFailure):
        return None
    return found if found in WANTED else None


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
