"""One page through Tesseract: two looks at different sharpness, the surer word of each place, lost marks put back."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from corpus import secrecy
from indexer import sandbox
from indexer.layout import Line, Sheet, around
from indexer.ports import ReadFailure
from indexer.readers import head_cells, raster
from indexer.readers.words import Word, by_line, confidence, lines, merge

PROGRAM = "tesseract"
_LOOKS = (raster.Look(250, 2, 80), raster.Look(300, 3, 120))
_SECOND_LOOK_BELOW = 0.95
"""Mean confidence from which one look is enough."""
_SPECK = 25.0
"""Per cent below which Tesseract sees specks rather than letters."""
_SECONDS = 55.0


def recognise(path: Path, media_type: str, number: int) -> Sheet:
    """Read one page of a PDF or an image file."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    seen = raster.page(path, media_type, number)
    raw = raster.text_of(seen)
    words = _look(raw, _LOOKS[0])
    if confidence(words) < _SECOND_LOOK_BELOW:
        words = merge(words, _look(raw, _LOOKS[1]))
    words = [word for word in words if word.confidence >= _SPECK]
    doubts: tuple[str, ...] = ()
    sure = confidence(words) if words else None
    if number == 1:
        mended = head_cells.mend(words, seen, _piece)
        words, doubts = mended.words, mended.doubts
    read = lines(words)
    if number == 1 and not any(secrecy.of_line(line.text) for line in read):
        read = [*_secrecy_stamps(seen), *read]
    return Sheet(number, tuple(read), raw.width, raw.height, "ocr", sure, doubts)


def _piece(picture: raster.Picture) -> str:
    """One line of print."""
    return " ".join(word.text for word in _seen(picture, 7))


def _secrecy_stamps(seen: raster.Picture) -> list[Line]:
    """Marks of secrecy in coloured ink, which is faded before the text is read."""
    ink = raster.stamps_of(seen)
    if ink is None:
        return []
    rows = by_line(_seen(ink, 11))
    marks = ((secrecy.of_line(" ".join(word.text for word in row), worn=True), row) for row in rows)
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
