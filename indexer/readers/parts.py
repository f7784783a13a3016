"""Files inside a file: what a ZIP, a message or an exchange envelope carries, written out within limits.

Names are only told, never used as paths: every part is written under a number of its own.
"""

from __future__ import annotations

import base64
import binascii
import email.errors
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from indexer.ports import ReadFailure
from indexer.readers import media, message
from indexer.readers.archive import entries, opened
from indexer.readers.edxml import Attachments
from indexer.readers.package import parse
from indexer.readers.sniff import sniff

ENTRIES = 1000
TOTAL = 1 << 30
"""Bytes that all parts together may have."""
DEPTH = 3
RATIO, RATIO_FROM = 200, 16 << 20
"""How many times larger than packed a part of this size may be."""
_CHUNK = 1 << 18
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)
_NAME = 200


class Taker:
    """Writes parts into a folder and counts what they cost."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: list[tuple[str, str]] = []
        """Name inside the container, and name of the file written."""
        self.left = TOTAL
        self.count = 0

    @contextmanager
    def part(self) -> Iterator[tuple[Path, IO[bytes]]]:
        """A new file to write one part to."""
        self.count += 1
        if self.count > ENTRIES:
            raise ReadFailure("bad-archive", f"tệp nén có quá {ENTRIES} thành phần")
        path = self.folder / f"{self.count:04d}"
        with path.open("xb") as stream:
            yield path, stream

    def spend(self, size: int) -> None:
        """Count bytes written."""
        self.left -= size
        if self.left < 0:
            raise ReadFailure("bad-archive", "tệp nén phình quá lớn khi mở")


def take_apart(path: Path, media_type: str, folder: Path) -> list[tuple[str, str]]:
    """Write the parts of a container into `folder`: name inside, name of the file written, in order.

    Archives inside are taken apart too; a message inside is kept whole, its attachments after it.
    """
    taker = Taker(folder)
    _open(path, media_type, taker, 1)
    return taker.parts


def _open(path: Path, media_type: str, taker: Taker, depth: int) -> None:
    if depth > DEPTH:
        raise ReadFailure("bad-archive", f"tệp nén lồng nhau quá {DEPTH} lớp")
    if media_type == media.ZIP:
        _zip(path, taker, depth)
    elif media_type == media.EML:
        _message(path, taker, depth)
    elif media_type == media.EDXML:
        _envelope(path, taker, depth)


def _keep(path: Path, name: str, taker: Taker, depth: int) -> None:
    """Note a part that was written, and what is inside it."""
    if path.stat().st_size == 0:
        path.unlink()
        return
    media_type = sniff(path)
    if media_type == media.ZIP:
        _open(path, media_type, taker, depth + 1)
        path.unlink()
        return
    taker.parts.append((plain_name(name), path.name))
    if media_type in media.CONTAINERS:
        _open(path, media_type, taker, depth + 1)


def _zip(path: Path, taker: Taker, depth: int) -> None:
    with opened(path) as archive:
        for name, entry in entries(archive):
            if entry.flag_bits & 1:
                raise ReadFailure("encrypted", "tệp nén có mật khẩu")
            with taker.part() as (target, stream):
                _unpack(archive, entry, stream, taker)
            _keep(target, name, taker, depth)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, stream: IO[bytes], taker: Taker) -> None:
    written = 0
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(_CHUNK):
                written += len(chunk)
                taker.spend(len(chunk))
                if written > RATIO_FROM and written > RATIO * max(1, entry.compress_size):
                    raise ReadFailure("bad-archive", "tệp nén chặt bất thường (bom nén)")
                stream.write(chunk)
    except _BROKEN as problem:
        raise ReadFailure("truncated", "tệp nén hỏng hoặc bị cắt cụt") from problem


def _message(path: Path, taker: Taker, depth: int) -> None:
    for part in message.attachments(message.parsed(path)):
        try:
            data = message.content(part)
        except (LookupError, ValueError, email.errors.MessageError) as problem:
            raise ReadFailure("truncated", "thư điện tử hỏng: không mở được tệp kèm") from problem
        taker.spend(len(data))
        with taker.part() as (target, stream):
            stream.write(data)
        _keep(target, message.name(part), taker, depth)


def _envelope(path: Path, taker: Taker, depth: int) -> None:
    found: list[tuple[str, Path]] = []

    @contextmanager
    def begin(name: str) -> Iterator[_Decoder]:
        with taker.part() as (target, stream):
            decoder = _Decoder(stream, taker)
            yield decoder
            decoder.finish()
        found.append((name, target))

    with path.open("rb") as stream:
        parse(stream, Attachments(begin))
    for name, target in found:
        _keep(target, name, taker, depth)


class _Decoder:
    """Writes base64 text as the bytes it stands for, piece by piece."""

    def __init__(self, stream: IO[bytes], taker: Taker) -> None:
        self.stream, self.taker = stream, taker
        self.rest = ""

    def write(self, text: str) -> None:
        """Take the next piece of base64."""
        self.rest += "".join(text.split())
        whole = len(self.rest) - len(self.rest) % 4
        self._decode(self.rest[:whole])
        self.rest = self.rest[whole:]

    def finish(self) -> None:
        """Decode what is left over; some senders leave the padding out."""
        if self.rest:
            self._decode(self.rest + "=" * (-len(self.rest) % 4))

    def _decode(self, text: str) -> None:
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as problem:
            raise ReadFailure("truncated", "tệp kèm trong gói tin hỏng") from problem
        self.taker.spend(len(data))
        self.stream.write(data)


_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")


def plain_name(name: str) -> str:
    r"""The last step of a name that may look like a path, without characters that systems treat specially.

    >>> plain_name("../../etc/Kế hoạch.pdf"), plain_name("C:\\TEMP\\a.doc"), plain_name("..")
    ('Kế hoạch.pdf', 'a.doc', 'tệp kèm')
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    last = "".join(letter for letter in _FORBIDDEN.sub(" ", last) if unicodedata.category(letter) not in ("Cf", "Cs"))
    last = last.strip(" .")
    stem, dot, suffix = last.rpartition(".")
    if len(last) > _NAME:
        last = f"{stem[: _NAME - len(suffix) - 1]}{dot}{suffix}" if len(suffix) < 10 else last[:_NAME]
    return last or "tệp kèm"
