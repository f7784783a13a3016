"""The number and the date in the head of a scanned page: where a pen wrote them, read again and put in their place."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.text import fold
from indexer.layout import Box, around
from indexer.readers import raster
from indexer.readers.words import Word, by_line

if TYPE_CHECKING:
    from indexer.readers.handwriting import DateCell, Figure, NumberCell, Pixels

log = logging.getLogger(__name__)

_HEAD = 0.35
"""Share of the first page's height in which number and date stand."""
_SURE = 88.0
"""Per cent from which figures that recognition found are printed ones."""
_GAP = 2.5  # of a word's height, between the two columns of a head
_RAISED = 0.3  # of a line's height, by which a pen writes above and below it
_DOUBTFUL = 0.9

_SERIAL = re.compile(r"^\W*s[oố0ôó6]\W{0,3}(\d{1,6})(?=\s*[-/–])")
_DATE = re.compile(r"ngay\s*(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*((?:19|20)\d\d)\b")
_BEFORE_DAY = re.compile(r"ng[aàả]y.*", re.IGNORECASE | re.DOTALL)
_SYMBOL = re.compile(r"[-/–]\s*(?=[^\W\d])")

ReadPiece = Callable[[raster.Picture], str]
"""Recognises one line of print on a picture."""


@dataclass(frozen=True, slots=True)
class Mended:
    """The words of a page with the figures of its head, and what a person should look at."""

    words: list[Word]
    doubts: tuple[str, ...] = ()


def mend(words: Sequence[Word], seen: raster.Picture, read_piece: ReadPiece) -> Mended:
    """Read number and date again where recognition is not sure of them; words that stand keep their order."""
    head = [line for line in by_line(_split(words)) if line[0].box[1] < _HEAD * seen.height]
    number, date = _line_of(head, _is_number), _line_of(head, _is_date)
    if _printed(number, _SERIAL) and _printed(date, _DATE):
        return Mended(list(words))
    # Slower than print and seldom needed: loaded where it is.
    from indexer.readers import handwriting

    inks = raster.inks_of(seen, _HEAD)
    result = _Mending(list(words), replace(seen, image=inks.unstamped), inks.dpi / 72, read_piece)
    try:
        # The lines as the model itself finds them are cut better; it misses one where a pen wrote far above the line.
        found = handwriting.find(inks)
        known = [_pixels(line, result.scale, inks.every.width) for line in (number, date)]
        places = [place or other for place, other in zip(found, known, strict=True)]
        if places[0] is not None and not _printed(number, _SERIAL):
            result.number(handwriting.number_cell(inks, places[0]))
        if places[1] is not None and not _printed(date, _DATE):
            result.date(handwriting.date_cell(inks, places[1]))
    except handwriting.Failed:
        log.info("handwriting could not be looked at")
        result.doubts.append("chưa đọc lại được số và ngày viết tay")
    return Mended(result.words, tuple(result.doubts))


def _split(words: Sequence[Word]) -> list[Word]:
    """Lines cut where the two columns of a head meet."""
    result: list[Word] = []
    for line in by_line(words):
        part = 0
        for before, word in zip([None, *line], line, strict=False):
            if before is not None and word.box[0] - before.box[2] > _GAP * (word.box[3] - word.box[1]):
                part += 1
            result.append(replace(word, line=(*word.line[:2], f"{word.line[2]}.{part}")))
    return result


def _text(line: Sequence[Word]) -> str:
    return " ".join(word.text for word in line)


def _is_number(line: Sequence[Word]) -> bool:
    text = fold(_text(line))
    return bool(re.match(r"\W*s[o0ô6]", text)) and bool(_SYMBOL.search(text)) and len(text) < 40


def _is_date(line: Sequence[Word]) -> bool:
    return bool(re.search(r"ngay.{0,8}thang.{0,8}nam", fold(_text(line)))) and len(line) < 16


def _line_of(lines: Sequence[list[Word]], fits: Callable[[Sequence[Word]], bool]) -> list[Word] | None:
    return next((line for line in lines if fits(line)), None)


def _printed(line: Sequence[Word] | None, pattern: re.Pattern[str]) -> bool:
    if line is None or not pattern.search(fold(_text(line))):
        return False
    return all(word.confidence >= _SURE for word in line if any(letter.isdigit() for letter in word.text))


def _pixels(line: Sequence[Word] | None, scale: float, width: int) -> Pixels | None:
    if line is None:
        return None
    box = around(word.box for word in line)
    if box is None:
        return None
    rise = _RAISED * min(box[3] - box[1], 2 * (line[0].box[3] - line[0].box[1]))
    return (
        max(0, round(box[0] * scale) - 4), max(0, round((box[1] - rise) * scale)),
        min(width, round(box[2] * scale) + 4), round((box[3] + rise / 2) * scale),
    )  # fmt: skip


class _Mending:
    """The words of one page while its head is written anew."""

    def __init__(self, words: list[Word], ink: raster.Picture, scale: float, read_piece: ReadPiece) -> None:
        self.words, self.ink, self.scale, self.read_piece = words, ink, scale, read_piece
        self.doubts: list[str] = []

    def number(self, cell: NumberCell | None) -> None:
        if cell is None or cell.serial is None:
            return
        box = self._points(cell.box)
        stood = self._within(box)
        symbol = _symbol(_text(stood), cell.mark) or _symbol(self._printed_right_of(cell), cell.mark)
        if not symbol:
            return
        self._write(f"Số: {cell.serial.text}{symbol}", box, stood, cell.serial.certainty)
        self._doubt("số", cell.serial)

    def _printed_right_of(self, cell: NumberCell) -> str:
        image = self.ink.image.crop((cell.symbol, cell.box[1], cell.box[2], cell.box[3]))
        return self.read_piece(replace(self.ink, image=image))

    def date(self, cell: DateCell) -> None:
        if cell.day is None or cell.month is None or cell.year is None:
            return
        box = self._points(cell.box)
        stood = self._within(box)
        place = _BEFORE_DAY.sub("", _text(stood)).strip()
        said = f"ngày {cell.day.text} tháng {cell.month.text} năm {cell.year.text}"
        self._write(f"{place} {said}".strip(), box, stood, min(cell.day.certainty, cell.month.certainty))
        for name, figure in (("ngày", cell.day), ("tháng", cell.month)):
            self._doubt(name, figure)

    def _points(self, box: Pixels) -> Box:
        return (box[0] / self.scale, box[1] / self.scale, box[2] / self.scale, box[3] / self.scale)

    def _within(self, box: Box) -> list[Word]:
        return [word for word in self.words if _inside(word.box, box)]

    def _write(self, text: str, box: Box, stood: Sequence[Word], certainty: float) -> None:
        """Put a line of words in the place of those that stood there."""
        line = ("head", f"{box[0]:.0f}", f"{box[1]:.0f}")
        at = self.words.index(stood[0]) if stood else self._before(box)
        gone = set(map(id, stood))
        new = [Word(line, piece, 100 * certainty, box) for piece in text.split()]
        kept = [word for word in self.words[:at] if id(word) not in gone]
        self.words = [*kept, *new, *(word for word in self.words[at:] if id(word) not in gone)]

    def _before(self, box: Box) -> int:
        later = (at for at, word in enumerate(self.words) if word.box[1] >= box[3])
        return next(later, len(self.words))

    def _doubt(self, name: str, figure: Figure) -> None:
        if figure.certainty < _DOUBTFUL:
            share = round(100 * figure.certainty)
            self.doubts.append(f"{name} “{figure.text}” viết tay, đọc chắc {share} %")


def _symbol(text: str, mark: str) -> str:
    """The symbol from the mark before it on; empty where that is not in the text.

    >>> _symbol("Số: ả2 /LĐLS-BTV", "/"), _symbol("Số 05 -KH/HU", "-"), _symbol("ả2 LĐLS-BTV", "/")
    ('/LĐLS-BTV', '-KH/HU', '')
    """
    marks = "/" if mark == "/" else "-–"
    found = re.search(rf"[{marks}]\s*(?=[^\W\d])", text)
    return text[found.start() :].strip() if found else ""


def _inside(box: Box, other: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]
