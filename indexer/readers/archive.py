"""ZIP files: the names of what they hold; the files themselves are documents of their own (`parts`)."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus import encodings
from corpus.model import Body
from indexer.layout import Line, Sheet, compose
from indexer.ports import ReadFailure
from indexer.readers import charset, media

_SHOWN = 1000
_LISTED = 20_000
_UTF8_FLAG = 0x800
_VIETNAMESE = 0.5
"""Share of plausible syllables; the ending of a name is none."""
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


class ArchiveReader:
    """Lists a ZIP."""

    name = "zip"

    def accepts(self, media_type: str) -> bool:
        """ZIP files that are no office document."""
        return media_type == media.ZIP

    def read(self, path: Path, media_type: str) -> Body:
        """One line for each file inside."""
        with opened(path) as archive:
            names = [name for name, _ in entries(archive)][:_SHOWN]
        if not names:
            raise ReadFailure("no-text", "tệp nén không có tệp nào")
        lines = (Line("Tệp nén gồm:"), *map(Line, names))
        return compose([Sheet(1, lines, source="zip")], media_type, source="zip")


READER = ArchiveReader()


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An open ZIP."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as problem:
        raise ReadFailure("truncated", "tệp nén hỏng hoặc bị cắt cụt") from problem
    with archive:
        if len(archive.infolist()) > _LISTED:
            raise ReadFailure("bad-archive", f"tệp nén có quá {_LISTED} thành phần")
        yield archive


def entries(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Name and entry of every file inside; folders, links and what systems leave behind are passed over."""
    for entry in archive.infolist():
        name = _name(entry)
        linked = stat.S_ISLNK(entry.external_attr >> 16)
        litter = name.startswith(_LITTER[0]) or name.rpartition("/")[2] in _LITTER
        if not entry.is_dir() and not linked and not litter:
            yield name, entry


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its maker saw it: old programs write UTF-8 or Windows-1258 without saying so."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    name = charset.named(raw)
    # The bytes are letters of DOS, too: what does not read as Vietnamese otherwise stays.
    return name if _utf8(raw) or encodings.quality(name) >= _VIETNAMESE else entry.filename


def _utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
