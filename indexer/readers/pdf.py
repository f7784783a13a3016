"""PDF by pdfium: text in stream order, form fields and stamps put in where they stand on the page."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pypdfium2.raw as pdfium

from corpus import encodings
from corpus.model import Body, Finding
from indexer.layout import Box, Line, Row, Sheet, around, compose, decoded, without_running_heads
from indexer.ports import ReadFailure
from indexer.readers import media
from indexer.readers.appearances import put_in
from indexer.readers.ocr import DAMAGED, DOUBTED, UNREAD
from indexer.readers.reflow import Glyph, early, reflow, scattered

Handle: TypeAlias = Any
"""Pointer to something of the library's."""

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SECURITY = 5
_LINK = 2  # FPDF_ANNOT_LINK
_PAGES = 5000
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5  # FPDF_PAGEOBJ_TEXT, _PATH, _IMAGE, _FORM
_MUCH_DRAWN, _CURVES = 40, 10
_MARKED = 0.03
"""Share of letters outside ASCII from which a text is not merely in another language."""
_LONG_SAMPLE = 6000
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEW_WORDS = 12
_SAMPLE = 1500
_DOUBTFUL = 0.75
"""Share of plausible syllables below which a text is no good Vietnamese."""
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00a1-\u00bf\ue000-\uf8ff\ufffd]")
_ODD_SHARE = 0.03
_OVERLAP = 3.0  # points
_INKED_SPACES = 3
_SPACES_LOOKED_AT = 150
_PICTURE = 0.4
"""Share of the page a picture must cover to count as a scan."""
_BREAK = re.compile("\r\n|\r|\n|\ufffe\r?\n?|\x02\r?\n?")


class PdfReader:
    """Reads the text layer; pages without a usable one are left to OCR (source `unread`)."""

    name = "pdfium"

    def accepts(self, media_type: str) -> bool:
        """PDF only."""
        return media_type == media.PDF

    def read(self, path: Path, media_type: str) -> Body:
        """Lines of every page with their boxes."""
        findings: list[Finding] = []
        with opened(path) as document:
            count = pdfium.FPDF_GetPageCount(document)
            if count < 1:
                raise ReadFailure("truncated", "tệp PDF hỏng: không có trang nào")
            if count > _PAGES:
                raise ReadFailure("too-large", f"tệp PDF có {count} trang, quá {_PAGES} trang")
            sheets = [_sheet(document, number, findings) for number in range(1, count + 1)]
        if _blank(sheets):
            raise ReadFailure("no-text", "tệp PDF không có chữ nào")
        sheets, encoding = decoded(without_running_heads(sheets))
        return compose(sheets, media_type, encoding=encoding, findings=findings)


READER = PdfReader()


def _blank(sheets: list[Sheet]) -> bool:
    return not any(sheet.lines or sheet.source in (UNREAD, DOUBTED) for sheet in sheets)


@contextmanager
def opened(path: Path) -> Iterator[Handle]:
    pdfium.FPDF_InitLibraryWithConfig(ctypes.byref(pdfium.FPDF_LIBRARY_CONFIG(version=2)))
    document = pdfium.FPDF_LoadDocument(str(path).encode(), None)
    if not document:
        problem = pdfium.FPDF_GetLastError()
        if problem in (_PASSWORD, _SECURITY):
            raise ReadFailure("encrypted", "tệp có mật khẩu")
        raise ReadFailure("truncated", "tệp PDF hỏng hoặc bị cắt cụt")
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _sheet(document: Handle, number: int, findings: list[Finding]) -> Sheet:
    page = pdfium.FPDF_LoadPage(document, number - 1)
    if not page:
        findings.append(Finding("page-unreadable", f"Không đọc được trang {number}."))
        return Sheet(number, (), source=UNREAD)
    try:
        text = PageText(page)
        try:
            rows = _in_order(text, pdfium.FPDF_GetPageHeightF(page))
            own, damaged = text.count, text.inked_spaces() >= _INKED_SPACES
        finally:
            text.close()
        if _has_appearances(page) and pdfium.FPDFPage_Flatten(page, 0) == 1:
            pdfium.FPDF_ClosePage(page)
            page = pdfium.FPDF_LoadPage(document, number - 1)
            rows = _with_appearances(page, rows, own, number, findings)
        lines = [Line(row.text, row.box) for row in rows]
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        source = DAMAGED if damaged else "text-layer"
        if _unusable(page, rows, width * height):
            source = UNREAD
        elif not damaged and _doubtful(page, rows):
            source = DOUBTED
    finally:
        pdfium.FPDF_ClosePage(page)
    return Sheet(number, () if source == UNREAD else tuple(lines), width, height, source)


def _unusable(page: Handle, rows: list[Row], area: float) -> bool:
    """Whether a page must be looked at instead: a picture with little text, or letters that make no words."""
    text = "\n".join(row.text for row in rows)
    words = _WORD.findall(text)
    if len(words) < _FEW_WORDS:
        return _largest_picture(page) > _PICTURE * area
    sample = text[:_SAMPLE]
    if encodings.detect(sample) != "unicode":
        return False
    if encodings.quality(sample) >= _DOUBTFUL:
        return False
    # Without a picture behind it the text is what was typed, perhaps in another language, unless its codes are odd.
    return _largest_picture(page) > _PICTURE * area or len(_ODD.findall(sample)) > _ODD_SHARE * len(sample)


def _doubtful(page: Handle, rows: list[Row]) -> bool:
    """Whether a page without a scan may show other words than it gives: fonts whose tables lie or leave letters out."""
    text = "\n".join(row.text for row in rows)[:_LONG_SAMPLE]
    if len(_WORD.findall(text)) < _FEW_WORDS:
        return _drawn(page) > _MUCH_DRAWN
    if encodings.telling(text) < _MARKED * len(text) or encodings.detect(text[:_SAMPLE]) != "unicode":
        return False
    return encodings.quality(text) < _DOUBTFUL


def _drawn(page: Handle) -> int:
    """How many pieces of text the page draws; letters drawn as curves count as a piece each."""
    kinds = [
        pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, index))
        for index in range(min(pdfium.FPDFPage_CountObjects(page), 5000))
    ]
    return kinds.count(_TEXT) + kinds.count(_PATH) // _CURVES


def _largest_picture(page: Handle) -> float:
    """Area of the largest picture, in square points."""
    largest = 0.0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(min(pdfium.FPDFPage_CountObjects(page), 2000)):
        thing = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(thing) in (_IMAGE, _FORM) and pdfium.FPDFPageObj_GetBounds(
            thing, left, bottom, right, top
        ):
            largest = max(largest, (right.value - left.value) * (top.value - bottom.value))
    return largest


def _in_order(text: PageText, height: float) -> list[Row]:
    """The rows of a page: as the stream has them, or by their places where the stream scatters letters."""
    rows = text.rows()
    disordered = sum(row.disordered for row in rows)
    apart = scattered("\n".join(row.text for row in rows))
    if not apart and disordered * 20 <= len(rows):
        return _turned(rows, text) if _sideways(rows) else early(rows, height)
    glyphs = text.glyphs()
    again = reflow(glyphs)
    if not apart or not scattered("\n".join(row.text for row in again)):
        return again
    # Letters drawn one by one in no order at all: only their places are left to tell.
    placed = reflow(sorted(glyphs, key=lambda glyph: (glyph.baseline, glyph.x)))
    return rows if scattered("\n".join(row.text for row in placed)) else placed


def _sideways(rows: list[Row]) -> bool:
    """Whether the page is shown turned by a quarter: then nothing stands above anything."""
    boxes = [row.box for row in rows if row.box is not None and len(row.text) > 3]
    return sum(box[3] - box[1] > box[2] - box[0] for box in boxes) * 2 > len(boxes)


def _turned(rows: list[Row], text: PageText) -> list[Row]:
    """The rows of such a page; the library gives them last first when letters run down and lines to the left."""
    longest = max(rows, key=lambda row: row.count)
    ends = [text.char_box(index) for index in (longest.first, longest.first + longest.count - 1)]
    first, last = (box or (0.0, 0.0, 0.0, 0.0) for box in ends)
    boxes = [row.box for row in rows if row.box is not None]
    to_the_right = sum(a[0] < b[0] for a, b in pairwise(boxes)) * 2 > len(boxes) - 1
    return rows[::-1] if first[1] < last[1] and to_the_right else rows


def _with_appearances(
    page: Handle, rows: list[Row], own: int, number: int, findings: list[Finding]
) -> list[Row]:
    """The rows with the words that annotations draw put in; a signature's own appearance becomes a finding."""
    text = PageText(page)
    try:
        letters = [(text.text(index, 1), text.char_box(index)) for index in range(own, text.count)]
        rows, signatures = put_in(rows, letters, text.char_box)
    finally:
        text.close()
    findings += [Finding("signature-appearance", f"Trang {number}: {words}") for words in signatures]
    return rows


def _has_appearances(page: Handle) -> bool:
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), 500)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind != _LINK:
            return True
    return False


class PageText:
    """The characters of one page and where they stand."""

    def __init__(self, page: Handle) -> None:
        self.handle = pdfium.FPDFText_LoadPage(page)
        if not self.handle:
            raise ReadFailure("truncated", "tệp PDF hỏng: không đọc được chữ của một trang")
        self.count = max(0, pdfium.FPDFText_CountChars(self.handle))
        self.place = _placer(page)

    def close(self) -> None:
        """Free the library's memory."""
        pdfium.FPDFText_ClosePage(self.handle)

    def text(self, start: int, count: int) -> str:
        """Characters from `start` on."""
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count * 2 + 1))()
        written = pdfium.FPDFText_GetText(self.handle, start, count, buffer)
        return bytes(buffer)[: max(0, written - 1) * 2].decode("utf-16-le", "surrogatepass")

    def rows(self) -> list[Row]:
        """Lines in stream order."""
        text, result, position = self.text(0, self.count), [], 0
        starts = [0]
        ends = []
        for match in _BREAK.finditer(text):
            ends.append(match.start() + (match.group()[0] in "\ufffe\x02"))
            starts.append(match.end())
        ends.append(len(text))
        wide = any(ord(letter) > 0xFFFF for letter in text)
        for start, end in zip(starts, ends, strict=True):
            words = text[start:end].replace("\ufffe", "-").replace("\x02", "-")
            if not words.strip():
                continue
            position = start if not wide else len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
            first = pdfium.FPDFText_GetCharIndexFromTextIndex(self.handle, position)
            boxes = self.boxes(max(first, 0), end - start)
            backwards = any(b[0] < a[2] - _OVERLAP and _level(a, b) for a, b in pairwise(boxes))
            result.append(Row(words, around(boxes), max(first, 0), end - start, disordered=backwards))
        return result

    def glyphs(self) -> list[Glyph]:
        """Every character that the page itself draws, with its place, in stream order."""
        result = []
        x, y = ctypes.c_double(), ctypes.c_double()
        for index in range(self.count):
            letter = chr(pdfium.FPDFText_GetUnicode(self.handle, index))
            if pdfium.FPDFText_IsGenerated(self.handle, index) == 1 or letter in "\r\n\0":
                continue
            pdfium.FPDFText_GetCharOrigin(self.handle, index, x, y)
            left, top, _, _ = self.place(x.value, y.value, x.value, y.value)
            size = max(1.0, pdfium.FPDFText_GetFontSize(self.handle, index))
            box = self.char_box(index) or (left, top - size * 0.7, left + size * 0.25, top)
            result.append(Glyph(letter, left, top, size, box))
        return result

    def boxes(self, start: int, count: int) -> list[Box]:
        """Rectangles of the pieces some characters make, in stream order."""
        number = pdfium.FPDFText_CountRects(self.handle, start, count)
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        boxes = []
        for index in range(max(0, number)):
            if pdfium.FPDFText_GetRect(self.handle, index, left, top, right, bottom):
                boxes.append(self.place(left.value, bottom.value, right.value, top.value))
        return boxes

    def inked_spaces(self) -> int:
        """How many of the first spaces are drawn as letters: the font's table says space, the page does not."""
        spaces = [index for index, letter in enumerate(self.text(0, self.count)) if letter == " "][:_SPACES_LOOKED_AT]
        boxes = (self.char_box(index) for index in spaces)
        return sum(box is not None and box[2] - box[0] > 1 and box[3] - box[1] > 1 for box in boxes)

    def char_box(self, index: int) -> Box | None:
        """The rectangle of one character; None for spaces the library made up."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        if not pdfium.FPDFText_GetCharBox(self.handle, index, left, right, bottom, top):
            return None
        if right.value <= left.value and top.value <= bottom.value:
            return None
        return self.place(left.value, bottom.value, right.value, top.value)


def _level(one: Box, other: Box) -> bool:
    """Whether two pieces stand beside each other."""
    return min(one[3], other[3]) - max(one[1], other[1]) > 0.5 * min(one[3] - one[1], other[3] - other[1])


def _placer(page: Handle):
    """Function from the page's own coordinates to points from the top left corner as it is shown."""
    bounds = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, bounds)
    left, bottom, right, top = bounds.left, bounds.bottom, bounds.right, bounds.top
    turn = pdfium.FPDFPage_GetRotation(page)

    def place(x0: float, y0: float, x1: float, y1: float) -> Box:
        if turn == 1:
            return y0 - bottom, x0 - left, y1 - bottom, x1 - left
        if turn == 2:
            return right - x1, y0 - bottom, right - x0, y1 - bottom
        if turn == 3:
            return top - y1, right - x1, top - y0, right - x0
        return x0 - left, top - y1, x1 - left, top - y0

    return place
