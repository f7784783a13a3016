"""The signatures of a PDF taken out of it, so that they can be checked by openssl without a PDF reader."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path

from archive import byteranges

_PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Detached:
    """One genuine signature over a stretch of the file with a gap in it."""

    range: tuple[int, int, int, int]
    """Start and length before the gap, start and length after it; bytes."""
    cms: bytes
    """What stands in the gap, DER."""


def of(path: Path) -> tuple[Detached, ...]:
    """The genuine signatures of a file, in order of signing; none of files that are no plain PDF."""
    with path.open("rb") as stream:
        if stream.read(len(_PDF)) != _PDF:
            return ()
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            found = [_detached(data, numbers) for numbers in byteranges.find(data)]
    return tuple(one for one in found if one)


def _detached(data: mmap.mmap, numbers: tuple[int, ...]) -> Detached | None:
    raw = byteranges.check(data, numbers)
    if not raw.genuine or raw.wrapped or raw.signed is None or raw.signed.content is not None:
        return None
    start, before, after, rest = numbers
    digits = data[before + 1 : after - 1].translate(None, b"\x00\t\n\x0c\r ").decode("ascii")
    der = bytes.fromhex(digits + "0" * (len(digits) % 2))
    return Detached((start, before, after, rest), der[: _length(der)])


def _length(der: bytes) -> int:
    """How many of these bytes are the outermost value; zeros fill the gap after it."""
    if len(der) < 2 or der[1] < 0x80:
        return 2 + (der[1] if len(der) > 1 else 0)
    if der[1] == 0x80:
        return len(der)  # BER of unknown length ends itself
    count = der[1] & 0x7F
    return 2 + count + int.from_bytes(der[2 : 2 + count], "big")
