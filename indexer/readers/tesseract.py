"""One page through Tesseract: two looks at different sharpness, the surer word of each place, lost marks put back."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import secrecy
from corpus import text as letters
from indexer import sandbox
from indexer.layout import Box, Line, Sheet, around
from indexer.ports import ReadFailure
from indexer.readers import raster
from indexer.readers.respelling import Reading, respell

PROGRAM = "tesseract"
_LOOKS = (raster.Look(250, 2, 80), raster.Look(300, 3, 120))
_SECOND_LOOK_BELOW = 0.95
"""Mean confidence from which one look is enough."""
_SPECK = 25.0
"""Per cent below which Tesseract sees specks rather than letters."""
_SYLLABLE = 15.0
"""Per cent that a plausible syllable is worth when two looks differ."""
_SECONDS = 55.0
_SAME_PLACE = 0.6


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its line, confidence in per cent and box in points."""

    line: tuple[str, str, str]
    text: str
    confidence: float
    box: Box


def recognise(path: Path, media_type: str, number: int) -> Sheet:
    """Read one page of a PDF or an image file."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    seen = raster.page(path, media_type, number)
    raw = raster.text_of(seen)
    words = _look(raw, _LOOKS[0])
    if _confidence(words) < _SECOND_LOOK_BELOW:
        words = merge(words, _look(raw, _LOOKS[1]))
    words = [word for word in words if word.confidence >= _SPECK]
    lines = _lines(words)
    if number == 1 and not any(secrecy.of_line(line.text) for line in lines):
        lines = [*_secrecy_stamps(seen), *lines]
    return Sheet(number, tuple(lines), raw.width, raw.height, "ocr", _confidence(words) if words else None)


def _secrecy_stamps(seen: raster.Picture) -> list[Line]:
    """Marks of secrecy in coloured ink, which is faded before the text is read."""
    ink = raster.stamps_of(seen)
    if ink is None:
        return []
    rows: dict[tuple[str, str, str], list[Word]] = {}
    for word in _seen(ink, 11):
        rows.setdefault(word.line, []).append(word)
    marks = ((secrecy.of_line(" ".join(word.text for word in row), worn=True), row) for row in rows.values())
    return [Line(degree.upper(), around(word.box for word in row)) for degree, row in marks if degree]


def _look(raw: raster.Picture, look: raster.Look) -> list[Word]:
    return _seen(raster.prepared(raw, look), 3)


def _seen(picture: raster.Picture, mode: int) -> list[Word]:
    """The words Tesseract sees; mode 3 looks for the layout of a page, 11 for words anywhere."""
    raster.save(picture, Path("page.png"))
    result = sandbox.program(
        [PROGRAM, "page.png", "stdout", "-l", "vie", "--dpi", str(round(picture.dpi)), "--psm", str(mode), "tsv"],
        seconds=_SECONDS,
    )
    if result.returncode != 0:
        raise ReadFailure("crashed", "Tesseract không nhận dạng được trang")
    table = io.StringIO(result.stdout.decode("utf-8", "replace"))
    scale = 72 / picture.dpi
    rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_word(row, scale) for row in rows if row["level"] == "5" and (row.get("text") or "").strip()]


def _word(row: dict[str, str], scale: float) -> Word:
    x, y, width, height = (int(row[name]) * scale for name in ("left", "top", "width", "height"))
    line = (row["block_num"], row["par_num"], row["line_num"])
    return Word(line, row["text"].strip(), float(row["conf"]), (x, y, x + width, y + height))


def _confidence(words: list[Word]) -> float:
    """Mean confidence by letters, 0…1."""
    weight = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / weight / 100 if weight else 0.0


def merge(words: list[Word], others: list[Word]) -> list[Word]:
    """The words of the first look, each replaced where the second saw the same place more surely."""
    rows: dict[int, list[Word]] = {}
    for other in others:
        for row in range(int(other.box[1]) // _ROW, int(other.box[3]) // _ROW + 1):
            rows.setdefault(row, []).append(other)
    result = []
    for word in words:
        near = rows.get(int((word.box[1] + word.box[3]) / 2) // _ROW, [])
        rival = max(near, key=lambda other: _shared(other.box, word.box), default=None)
        if rival and _worth(rival) > _worth(word) and _same_place(rival.box, word.box):
            word = replace(word, text=rival.text, confidence=rival.confidence)
        result.append(word)
    return result


_ROW = 20  # points: words are looked for in bands of this height


def _worth(word: Word) -> float:
    core = word.text.strip(".,;:()“”\"-/").lower()
    return word.confidence + (_SYLLABLE if core.isalpha() and letters.is_syllable(core) else 0.0)


def _shared(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0.0


def _same_place(one: Box, other: Box) -> bool:
    larger = max((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return _shared(one, other) > _SAME_PLACE * larger


def _lines(words: list[Word]) -> list[Line]:
    lines: dict[tuple[str, str, str], list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    result = []
    for line in lines.values():
        spelt = respell([Reading(word.text, word.confidence / 100) for word in line])
        result.append(Line(" ".join(spelt), around(word.box for word in line)))
    return result
