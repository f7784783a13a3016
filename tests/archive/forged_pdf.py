"""Later revisions and forged bytes of signed PDFs, written by hand: no library would write what an attacker does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

ROOT, PAGES, PAGE, CONTENT, FONT, INFO = 1, 2, 3, 4, 5, 6
"""Object numbers of `paper()`; what a test adds begins at 7, what is signed comes after."""
WORDS = b"BT /F1 12 Tf 40 250 Td (KE HOACH) Tj 0 -24 Td (Kinh phi: 1.000.000 dong) Tj ET"
FORGED = WORDS.replace(b"1.000.000", b"9.000.000")


def paper(more: Mapping[int, bytes] | None = None, *, root: bytes = b"", page: bytes = b"", kids: bytes = b"") -> bytes:
    """A page of plain words; `more` are further objects, `root` and `page` further entries."""
    objects = {
        ROOT: b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        PAGES: b"<< /Type /Pages /Count %d /Kids [ 3 0 R %s ] >>" % (1 + kids.count(b"R"), kids),
        PAGE: b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 400 300 ] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> %s >>" % page,
        CONTENT: stream(WORDS),
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        INFO: b"<< /Title (Ke hoach) >>",
    } | dict(more or {})
    return appended(b"%PDF-1.7\n", objects, trailer=b"/Root 1 0 R /Info 6 0 R /Size %d" % (max(objects) + 1))


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def last_table(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def root_of(pdf: bytes) -> int:
    return int(re.findall(rb"/Root (\d+) 0 R", pdf)[-1])


def object_of(pdf: bytes, number: int) -> bytes:
    """The newest text of an object, between `obj` and `endobj`."""
    return re.findall(rb"(?<!\d)%d 0 obj\s+(.*?)\s*endobj" % number, pdf, re.S)[-1]


def replaced(pdf: bytes, number: int, old: bytes, new: bytes) -> dict[int, bytes]:
    """An object with other words in it, to be appended."""
    found = object_of(pdf, number)
    assert old in found, found
    return {number: found.replace(old, new, 1)}


def appended(
    pdf: bytes, objects: Mapping[int, bytes], *, trailer: bytes | None = None, offsets: Mapping[int, int] | None = None,
    prev: int | None = None, end: bytes = b"%%EOF\n", table: bool = True, start: bytes | None = None,
) -> bytes:  # fmt: skip
    """A further revision with a classic table; `offsets` are entries for objects that lie elsewhere."""
    out, placed = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n"), dict(offsets or {})
    for number, body in objects.items():
        placed[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    if table:
        out += b"xref\n0 1\n0000000000 65535 f \n"
        for number, place in sorted(placed.items()):
            out += b"%d 1\n%010d 00000 n \n" % (number, place)
    if trailer is None:
        size = max(placed, default=0) + 40
        back = last_table(pdf) if prev is None else prev
        trailer = b"/Root %d 0 R /Size %d /Prev %d" % (root_of(pdf), size, back)
    out += b"trailer\n<< %s >>\n" % trailer if trailer else b""
    out += b"startxref\n%d\n" % at if start is None else start
    return bytes(out + end)


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], object]) -> bytes:
    """A further revision with a change made through `change(writer)`."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def look(writer: IncrementalPdfFileWriter, ink: bytes, size: tuple[int, int] = (100, 20)) -> generic.IndirectObject:
    """An appearance that draws `ink`."""
    made = generic.StreamObject(stream_data=ink)
    made[generic.pdf_name("/Type")] = generic.pdf_name("/XObject")
    made[generic.pdf_name("/Subtype")] = generic.pdf_name("/Form")
    made[generic.pdf_name("/BBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, *size)])
    font = generic.DictionaryObject({
        generic.pdf_name(key): generic.pdf_name(value)
        for key, value in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica"))
    })  # fmt: skip
    fonts = generic.DictionaryObject({generic.pdf_name("/F1"): font})
    made[generic.pdf_name("/Resources")] = generic.DictionaryObject({generic.pdf_name("/Font"): fonts})
    return writer.add_object(made)
