"""The type of a file by its content; its name says nothing."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from pathlib import Path

from indexer.readers import media

_HEAD = 4096
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", media.PNG),
    (b"\xff\xd8\xff", media.JPEG),
    (b"II*\x00", media.TIFF),
    (b"MM\x00*", media.TIFF),
    (b"GIF8", media.GIF),
    (b"{\\rtf", media.RTF),
    (b"Rar!\x1a\x07", media.RAR),
    (b"7z\xbc\xaf\x27\x1c", media.SEVEN_ZIP),
    (b"\x1f\x8b\x08", media.GZIP),
    (b"BZh", media.BZIP2),
    (b"\xfd7zXZ\x00", media.XZ),
)
_BLANK = b"\xef\xbb\xbf \t\r\n"
_WIDE = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEIF = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1")
_TAR_AT, _TAR_MAGIC = 257, b"ustar"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of the main stream inside a compound file, as UTF-16.
_OLE_STREAMS = (
    ("EncryptedPackage", media.ENCRYPTED),
    ("WordDocument", media.DOC),
    ("Workbook", media.XLS),
    ("PowerPoint Document", media.PPT),
    ("Book\0", media.XLS),  # Excel 5 and 95
    ("__properties_version1.0", media.MSG),
)
_ZIP_PARTS = (("word/document", media.DOCX), ("xl/workbook", media.XLSX), ("ppt/presentation", media.PPTX))
_EDXML = re.compile(rb"<(?:\w{1,20}:)?edxml(?:envelope)?[\s>]|qcvn_102")
_XML_MARKS = (
    (b"word.document", media.WORDML),
    (b"office/word/2003/wordml", media.WORDML),
    (b"excel.sheet", media.XLSML),
    (b"office:spreadsheet", media.XLSML),
)
_FIELD = re.compile(rb"[!-9;-~]{1,70}")
_FIELDS = frozenset(
    b"from to cc date subject message-id mime-version received return-path delivered-to content-type".split()
)
_PDF_HEADER_WITHIN = 1024  # ISO 32000-1, annex H: readers accept the header in the first 1024 bytes
_DIRECTORY_LIMIT = 64 << 20


def sniff(path: Path) -> str:
    """The media type of a file, `application/octet-stream` when nothing fits."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    # Word opens what follows a few line ends or a mark of byte order; as text, the markup would be given out.
    start = head.lstrip(_BLANK)
    for magic, media_type in _MAGIC:
        if head.startswith(magic) or (media_type == media.RTF and start.startswith(magic)):
            return media_type
    if head.startswith(OLE_MAGIC):
        return _compound(path)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path)
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return media.PDF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return media.WEBP
    if head[4:12] in _HEIF:
        return media.HEIC
    if head[_TAR_AT:].startswith(_TAR_MAGIC):
        return media.TAR
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return media.BMP
    return _written(head)


def _compound(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(_DIRECTORY_LIMIT).lower()
    # A letter may embed a worksheet: the document around it is what was sent, so the order of the table decides.
    return next((kind for name, kind in _OLE_STREAMS if name.lower().encode("utf-16-le") in content), media.OLE)


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return _open_document(archive)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError, zlib.error):
        return media.ZIP
    return _package(names)


def _open_document(archive: zipfile.ZipFile) -> str:
    """The type that the file tells itself, unless its parts are encrypted."""
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist():
        with archive.open(manifest) as part:
            if b":encryption-data" in part.read(_DIRECTORY_LIMIT):
                return media.ENCRYPTED
    return archive.read("mimetype").decode("ascii", "replace").strip()


def _package(names: set[str]) -> str:
    """Office packages; their parts may have other names or capitals, but all list their types or relations."""
    lowered = {name.lower().replace("\\", "/") for name in names}
    if lowered.isdisjoint(("[content_types].xml", "_rels/.rels")):
        return media.ZIP
    kinds = [kind for part, kind in _ZIP_PARTS if any(name.startswith(part) for name in lowered)]
    # What lost its main part is a damaged file, not an archive of our papers' parts.
    kinds += [kind for part, kind in _ZIP_PARTS if f"{part.partition('/')[0]}/_rels" in map(posixpath.dirname, lowered)]
    return kinds[0] if kinds else media.ZIP


def _written(head: bytes) -> str:
    wide = next((codec for mark, codec in _WIDE if head.startswith(mark)), None)
    if wide is None and b"\0" in head and _is_utf16(head):
        wide = "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
    if wide:
        head = head.decode(wide, "ignore").encode("utf-8", "ignore")
    if _is_message(head):
        return media.EML  # a page saved with its pictures (MHTML) is a message, too
    start = head.lstrip(_BLANK).lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in start[:1024]:
        return media.HTML
    if _EDXML.search(start):
        return media.EDXML
    if start.startswith(b"<?xml"):
        return next((kind for mark, kind in _XML_MARKS if mark in start), media.XML)
    return media.TEXT if _looks_written(head) else media.UNKNOWN


def _is_message(head: bytes) -> bool:
    """Whether a file begins with the fields of a message: every line a field, two of them well known."""
    known = set()
    for line in head.lstrip(b"\xef\xbb\xbf\r\n").splitlines()[:60]:
        if not line.strip():
            break
        if line[:1] in b" \t" and known:
            continue
        name, colon, _ = line.partition(b":")
        if not colon or not _FIELD.fullmatch(name):
            return False
        known.add(name.lower())
    return len(known & _FIELDS) >= 2


def _looks_written(head: bytes) -> bool:
    if not head or b"\0" in head:
        return False
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in head)
    return controls * 50 < len(head)


def _is_utf16(head: bytes) -> bool:
    """UTF-16 without a mark: of a Vietnamese text every other byte is 0, 1, 3 or 1E, and hardly any of the rest is."""
    high, low = sorted((head[0::2], head[1::2]), key=lambda half: -sum(byte in _PLANES for byte in half))
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in low)
    return sum(byte in _PLANES for byte in high) > 0.9 * len(high) and controls * 10 < len(low)


_PLANES = frozenset({0, 1, 3, 0x1E})
"""High bytes of Latin letters, of marks that stand apart, and of Vietnamese letters with two marks."""
