"""Pictures of a PDF's signed revision against those of the file as it is: what a reader would see differently."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from archive.shadow import Area, Comparison, NotCompared

DPI = 100
"""Digits of 8 points are told apart."""
_PIXELS = 6_000_000
_PAGES = 500
_KEPT = 60
"""Pictures held in memory, about 1 MiB each."""
_DIFFERENT = 40
"""Levels of grey: less is smoothing of edges."""
_DARK, _LIGHT = 128, 215
_LOST = 5
"""Dark pixels that must vanish within the square of a glyph before something counts as covered."""
_LOST_SHARE = 0.1
_CELL = 6  # pixels; two by two cells are as large as a glyph
_DARKEST, _LIGHTEST = 0, 1
_FLAT = 25
"""Levels that differ less are one colour."""
_WORD, _GLYPHS = 10, 2
"""Cells in a row: as wide as a word, as a glyph."""
_LARGE = 12
"""Dark pixels of something that can be blotted out."""
_SCREEN, _PAPER = pdfium.FPDF_ANNOT, pdfium.FPDF_ANNOT | pdfium.FPDF_PRINTING
_HIDDEN, _PRINT, _NO_VIEW = 2, 4, 32  # annotation flags
_NOT_DRAWN = (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP)
_ANNOTATIONS = 2000
_MARGIN = 2  # pixels around an area


class Comparer:
    """Compares signed revisions of one file; keeps pictures of the file as it is, which all of them need."""

    def __init__(self) -> None:
        self._now: dict[tuple[int, int], Image.Image] = {}

    def __call__(self, signed: bytes, current: bytes, areas: Sequence[Area] = ()) -> Comparison:
        """Page by page; within `areas` ink may come, but none that was signed may go. Raises `NotCompared`."""
        with _opened(signed) as before, _opened(current) as now:
            counts = pdfium.FPDF_GetPageCount(before.pages), pdfium.FPDF_GetPageCount(now.pages)
            if max(counts) > _PAGES:
                raise NotCompared(f"quá {_PAGES} trang")
            differing, covered = [], []
            for number in range(1, min(counts) + 1):
                outside, lost = self._page(before, now, number, [area for area in areas if area.page == number])
                if outside:
                    differing.append(number)
                if lost:
                    covered.append(number)
        return Comparison(*counts, tuple(differing), tuple(covered))

    def _page(
        self, before: _Document, now: _Document, number: int, areas: Sequence[Area]
    ) -> tuple[bool, bool]:
        """Whether the page differs outside the areas, and whether signed ink is lost within them."""
        outside = lost = False
        for how in _ways(before, now, number):
            old = _picture(before, number, how)
            new = self._now.get((number, how)) or _picture(now, number, how)
            if len(self._now) < _KEPT:
                self._now[number, how] = new
            different, gone = _differences(old, new, lambda size=new.size: _boxes(now, number, size, areas))
            outside, lost = outside or different, lost or gone
        return outside, lost


@dataclass(frozen=True, slots=True)
class _Document:
    """An open PDF with its form: pdfium draws the looks of form fields only through the latter."""

    pages: Any
    form: Any


@contextmanager
def _opened(data: bytes) -> Iterator[_Document]:
    pdfium.FPDF_InitLibraryWithConfig(ctypes.byref(pdfium.FPDF_LIBRARY_CONFIG(version=2)))
    pages = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not pages:
        raise NotCompared("không mở được để dựng hình")
    settings = pdfium.FPDF_FORMFILLINFO(version=2)
    form = pdfium.FPDFDOC_InitFormFillEnvironment(pages, ctypes.byref(settings))
    try:
        if not form:
            raise NotCompared("không dựng được biểu mẫu")
        pdfium.FPDF_SetFormFieldHighlightAlpha(form, 0)
        yield _Document(pages, form)
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)
        pdfium.FPDF_CloseDocument(pages)


def _differences(
    old: Image.Image, new: Image.Image, boxes: Callable[[], list[tuple[int, int, int, int]]]
) -> tuple[bool, bool]:
    if old.size != new.size:
        return True, False
    if old.tobytes() == new.tobytes():
        return False, False
    difference = ImageChops.difference(old.getchannel(_DARKEST), new.getchannel(_DARKEST))
    changed = _where(difference, lambda level: level > _DIFFERENT)
    lost = False
    for box in boxes():
        lost = lost or _lost(old.crop(box), new.crop(box))
        ImageDraw.Draw(changed).rectangle(box, fill=0)
    return changed.getbbox() is not None, lost


def _where(image: Image.Image, chosen: Callable[[int], bool]) -> Image.Image:
    """White where the grey is chosen, black elsewhere."""
    return image.point([255 if chosen(level) else 0 for level in range(256)])


def _lost(old: Image.Image, new: Image.Image) -> bool:
    """Whether dark points of `old` are light in `new`; a seal over a name darkens it and covers nothing."""
    then, now = old.getchannel(_DARKEST), new.getchannel(_DARKEST)
    dark = _where(then, lambda level: level < _DARK)
    gone = ImageChops.multiply(dark, _where(now, lambda level: level > _LIGHT))
    ink = dark.histogram()[255]
    drowned = _where(now, lambda level: level < _DARK).histogram()[255]
    if ink > _LARGE and drowned > 0.9 * old.width * old.height > ink * 1.5:
        return True
    return (gone.getbbox() is not None and _glyph_lost(dark, gone)) or _painted_over(dark, new)


def _painted_over(dark: Image.Image, new: Image.Image) -> bool:
    """Whether signed ink lies under one flat colour: a few glyphs under black, or a word under any other.

    The star of a seal is flat too and hides a stroke of a signature: it is smaller than a word.
    """
    if min(new.size) < 2 * _CELL:
        return False
    spread = [_spread(new.getchannel(channel)) for channel in (_DARKEST, _LIGHTEST)]
    flat, ink = ImageChops.lighter(*spread), _counts(dark)
    darkest, lightest = new.getchannel(_DARKEST), new.getchannel(_LIGHTEST)
    for row in range(len(ink) - 1):
        places = [(column * _CELL + _CELL, row * _CELL + _CELL) for column in range(len(ink[row]) - 1)]
        inked = [_square(ink, row, column) >= _LOST for column in range(len(places))]
        # White that is flat covers nothing that `_glyph_lost` does not see.
        even = [_level(flat, place) < _FLAT and _level(darkest, place) < _LIGHT for place in places]
        under = [is_flat and _level(lightest, place) < _DARK for is_flat, place in zip(even, places, strict=True)]
        if _stretch(even, inked, _WORD) or _stretch(under, inked, _GLYPHS):
            return True
    return False


def _level(channel: Image.Image, place: tuple[int, int]) -> int:
    level = channel.getpixel(place)
    assert isinstance(level, int), "a channel has one level a point"
    return level


def _spread(channel: Image.Image) -> Image.Image:
    """How much the levels differ around each point."""
    size = 2 * _CELL - 1
    around = channel.filter(ImageFilter.MaxFilter(size)), channel.filter(ImageFilter.MinFilter(size))
    return ImageChops.subtract(*around)


def _stretch(covered: list[bool], inked: list[bool], length: int) -> bool:
    """Whether so many cells in a row are covered, a third of them over ink."""
    run = over = 0
    for is_covered, has_ink in zip(covered, inked, strict=True):
        run, over = (run + 1, over + has_ink) if is_covered else (0, 0)
        if run >= length and over * 3 >= run:
            return True
    return False


def _glyph_lost(dark: Image.Image, gone: Image.Image) -> bool:
    """Whether the loss is that of a glyph somewhere: one digit replaced is lost in the ink of a whole page."""
    ink, missing = _counts(dark), _counts(gone)
    for row in range(len(missing)):
        for column in range(len(missing[row])):
            lost = _square(missing, row, column)
            if lost >= _LOST and lost > _LOST_SHARE * _square(ink, row, column):
                return True
    return False


def _counts(image: Image.Image) -> list[list[float]]:
    """White points in each cell, by row."""
    small = image.reduce(_CELL)
    points = [level * _CELL * _CELL / 255 for level in small.tobytes()]
    return [points[at : at + small.width] for at in range(0, len(points), small.width)]


def _square(counts: list[list[float]], row: int, column: int) -> float:
    return sum(sum(line[column : column + 2]) for line in counts[row : row + 2])


def _ways(before: _Document, now: _Document, number: int) -> tuple[int, ...]:
    """How a page has to be drawn: as on the screen, and as on paper where something shows on one of them only."""
    if any(_shows_apart(document, number) for document in (before, now)):
        return _SCREEN, _PAPER
    return (_SCREEN,)


def _shows_apart(document: _Document, number: int) -> bool:
    with _loaded(document, number) as page:
        return any(_apart(page, at) for at in range(min(_ANNOTATIONS, pdfium.FPDFPage_GetAnnotCount(page))))


def _apart(page: Any, at: int) -> bool:
    with _annotation(page, at) as annotation:
        if not annotation or pdfium.FPDFAnnot_GetSubtype(annotation) in _NOT_DRAWN:
            return False
        return pdfium.FPDFAnnot_GetFlags(annotation) & (_NO_VIEW | _PRINT) != _PRINT


@contextmanager
def _annotation(page: Any, at: int) -> Iterator[Any]:
    """One annotation; nothing where the page lists what is none."""
    annotation = pdfium.FPDFPage_GetAnnot(page, at)
    try:
        yield annotation
    finally:
        if annotation:
            pdfium.FPDFPage_CloseAnnot(annotation)


@contextmanager
def _on_paper(page: Any) -> Iterator[None]:
    """Show what is printed: the library draws form fields by the flags of the screen only."""
    kept: dict[int, int] = {}
    for at in range(min(_ANNOTATIONS, pdfium.FPDFPage_GetAnnotCount(page))):
        with _annotation(page, at) as annotation:
            if not annotation:
                continue
            kept[at] = flags = pdfium.FPDFAnnot_GetFlags(annotation)
            pdfium.FPDFAnnot_SetFlags(annotation, flags & ~_NO_VIEW if flags & _PRINT else flags | _HIDDEN)
    try:
        yield
    finally:
        for at, flags in kept.items():
            with _annotation(page, at) as annotation:
                pdfium.FPDFAnnot_SetFlags(annotation, flags)


def _picture(document: _Document, number: int, how: int) -> Image.Image:
    """The darkest and the lightest of the three colours of each point."""
    with _loaded(document, number) as page:
        points = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        scale = min(DPI / 72, (_PIXELS / max(1.0, points[0] * points[1])) ** 0.5)
        size = max(1, round(points[0] * scale)), max(1, round(points[1] * scale))
        if size[0] * size[1] > 2 * _PIXELS:
            raise NotCompared(f"trang {number} quá lớn")
        with _on_paper(page) if how == _PAPER else nullcontext():
            return _drawn(page, size, document.form, how)


def _boxes(
    document: _Document, number: int, size: tuple[int, int], areas: Sequence[Area]
) -> list[tuple[int, int, int, int]]:
    """The areas in the pixels of the page's picture."""
    with _loaded(document, number) as page:
        return [_box(page, size, area) for area in areas]


@contextmanager
def _loaded(document: _Document, number: int) -> Iterator[Any]:
    page = pdfium.FPDF_LoadPage(document.pages, number - 1)
    if not page:
        raise NotCompared(f"không dựng được trang {number}")
    try:
        pdfium.FORM_OnAfterLoadPage(page, document.form)
        yield page
    finally:
        pdfium.FORM_OnBeforeClosePage(page, document.form)
        pdfium.FPDF_ClosePage(page)


def _drawn(page: Any, size: tuple[int, int], form: Any, how: int) -> Image.Image:
    width, height = size
    stride = width * 4
    pixels = ctypes.create_string_buffer(stride * height)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRx, pixels, stride)
    if not bitmap:
        raise NotCompared("không đủ bộ nhớ để dựng hình")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, how)
        pdfium.FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, 0, how)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    colours = Image.frombuffer("RGB", size, pixels.raw, "raw", "BGRX", stride, 1)
    # The darkest of the three: a change of colour alone must not cancel out. The lightest: red ink is not black.
    red, green, blue = colours.split()
    darkest = ImageChops.darker(red, ImageChops.darker(green, blue))
    return Image.merge("LA", (darkest, ImageChops.lighter(red, ImageChops.lighter(green, blue))))


def _box(page: Any, size: tuple[int, int], area: Area) -> tuple[int, int, int, int]:
    across, down = [], []
    for x, y in ((area.box[0], area.box[1]), (area.box[2], area.box[3])):
        left, top = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, size[0], size[1], 0, x, y, ctypes.byref(left), ctypes.byref(top))
        across.append(left.value)
        down.append(top.value)
    return (
        max(0, min(across) - _MARGIN), max(0, min(down) - _MARGIN),
        min(size[0] - 1, max(across) + _MARGIN), min(size[1] - 1, max(down) + _MARGIN),
    )  # fmt: skip
