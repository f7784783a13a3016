"""The characters of a text file from its bytes: UTF-8 and UTF-16, damaged or encoded twice, and what was before."""

from __future__ import annotations

import codecs
import re

from corpus import encodings, viqr

REPLACED = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{3,20})", re.IGNORECASE)
_SAMPLE = 20_000
_MANY = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
"""Letters of UTF-8 outside ASCII."""
_TWICE = re.compile("[\u00c3-\u00c6\u00e1\u00e2][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
"""How the beginning of such a letter looks when each of its bytes was taken for a letter."""
_UTF7 = re.compile(rb"\+[A-Za-z0-9/]{2,}-?")
_WESTERN = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_BYTES = {ord(letter): chr(code) for code, letter in _WESTERN.items()}


def decoded(data: bytes) -> str:
    """The characters of a file; legacy fonts' codes come out as Latin-1 characters, lost ones as U+FFFD."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    if b"\0" in data[:4096]:
        little = data[1:4096:2].count(0) >= data[0:4096:2].count(0)
        return data.decode("utf-16-le" if little else "utf-16-be", "replace")
    try:
        return _once(data.decode("utf-8"), data)
    except UnicodeDecodeError:
        return _by_line(data) if _MANY.search(data) else _single_byte(data)


def named(data: bytes) -> str:
    """A name or title that comes without word of its encoding: the reading that is the best Vietnamese."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        western = data.decode("latin-1").translate(_WESTERN)
    readings = [data.decode("cp1258", "replace"), *(decode(western) for decode in encodings.DECODERS.values()), western]
    return max(readings, key=lambda text: (REPLACED not in text, encodings.quality(text)))


def _once(text: str, data: bytes) -> str:
    """A text that decodes as UTF-8, and what it still hides: a second encoding, or marks kept in ASCII."""
    if not text.isascii():
        return _undone(text) if _TWICE.search(text) else text
    if len(_UTF7.findall(data[:_SAMPLE])) > 2:
        seven = data.decode("utf-7", "ignore")
        if encodings.legible(seven) and _quality(seven) > _quality(text):
            return seven
    return viqr.decode(text) if viqr.recognised(text) else text


def _undone(text: str) -> str:
    """The text with the second of two encodings taken off, where most of its lines bear one."""
    lines = text.split("\n")
    pairs = [(line, _taken_off(line)) for line in lines if not line.isascii()]
    if sum(off is not None for _, off in pairs) * 2 <= len(pairs):
        return text
    known = dict(pairs)
    return "\n".join(known.get(line) or line for line in lines)


def _taken_off(line: str) -> str | None:
    try:
        read = line.translate(_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return read if encodings.quality(read) >= encodings.quality(line) else None


def _by_line(data: bytes) -> str:
    """A text in which some line is no UTF-8: damaged there, or put together from files of several kinds."""
    lines = data.split(b"\n")
    odd = [line for line in lines if not _sound(line)]
    strange = [line for line in odd if len(_MANY.findall(line)) < len(_MANY.sub(b"", line)) - _ascii(line)]
    if not strange:
        return data.decode("utf-8", "replace")
    if len(strange) * 2 > sum(not line.isascii() for line in lines):
        return _single_byte(data)
    read = iter(_single_byte(b"\n".join(strange)).split("\n"))
    known = dict(zip(strange, read, strict=True))
    return "\n".join(known[line] if line in known else line.decode("utf-8", "replace") for line in lines)


def _sound(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _ascii(line: bytes) -> int:
    return len(line.decode("ascii", "ignore"))


def _single_byte(data: bytes) -> str:
    """Windows-1258 when its words are Vietnamese, else Windows-1252, which legacy decoding starts from."""
    declared = _CHARSET.search(data[:2048])
    vietnamese = data.decode("cp1258", "replace")
    if declared and declared.group(1).lower() in (b"windows-1258", b"cp1258"):
        return vietnamese
    western = data.decode("latin-1").translate(_WESTERN)
    return vietnamese if _quality(vietnamese) > _quality(_best(western[:_SAMPLE])) else western


def _quality(text: str) -> float:
    return encodings.quality(text[:_SAMPLE])


def _best(text: str) -> str:
    name = encodings.detect(text)
    return encodings.DECODERS[name](text) if name in encodings.DECODERS else text
