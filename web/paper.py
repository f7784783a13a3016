"""Sheets of paper as values: a head as the office's papers have it, paragraphs, a table, places to sign.

The same sheet becomes pages of HTML (`paper.html`), a DOCX (`paper_docx`), or a workbook. Pages are cut here,
so that what is shown is what prints and the number of pages is known before.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from archive.fonds import Fonds
from corpus.text import fold

TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
"""Margins in millimetres (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
SHORT, LONG = 210, 297  # A4, millimetres
BODY, TABLE = 13.0, 11.0
"""Sizes of letters in points."""
POINT = 0.3528  # millimetres
LEADING = 1.35
PADDING = 1.2
"""Millimetres between a cell's line and its words, above and below."""
ASIDE = 1.4
"""The same at the sides."""
EDGE = 0.3
"""Breadth of a line of the table."""

_AROUND = 3.0
"""Millimetres above and below a table, together."""
_FRESH = 110
"""Millimetres left on a page from which a new one would be no better."""

Run = tuple[str, str]
"""Words and how they stand: `` plain, `b` bold, `i` italic."""


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph; style: `title`, `under` (centred), `body`, `item`, `right`, `space`."""

    runs: tuple[Run, ...]
    style: str = "body"

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(words for words, _ in self.runs)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    head: str
    width: float
    """Millimetres."""
    align: str = "left"
    """`left`, `center` or `right`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; a heading takes the whole breadth with its only cell."""

    cells: tuple[str, ...]
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; its head is repeated on each page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """Places to sign, from left to right: who, and how («Ký, ghi rõ họ tên»)."""

    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a paper: the body at the left, the State's or the Party's title and the day at the right."""

    parent: str
    body: str
    party: bool
    place: str
    on: dt.date | None

    @property
    def motto(self) -> tuple[str, ...]:
        """The lines at the right."""
        if self.party:
            return ("ĐẢNG CỘNG SẢN VIỆT NAM",)
        return ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

    @property
    def dated(self) -> str:
        """«Yên Hà, ngày 15 tháng 01 năm 2018», with dots for what is not known."""
        place = self.place or "…………"
        if self.on is None:
            return f"{place}, ngày … tháng … năm ……"
        return f"{place}, {written(self.on)}"


Block = Para | Grid | Signs


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper: what stands on it from top to bottom."""

    name: str
    """For file names and the browser's title."""
    head: Head | None
    blocks: tuple[Block, ...]
    wide: bool = False
    """Across (khổ ngang)."""
    framed: bool = False
    """With a frame around everything, as a cover has."""

    @property
    def breadth(self) -> float:
        """Millimetres between the side margins."""
        return (LONG if self.wide else SHORT) - LEFT - RIGHT

    @property
    def grid(self) -> Grid | None:
        """Its table, if it has one."""
        return next((block for block in self.blocks if isinstance(block, Grid)), None)


def para(*said: str | Run, style: str = "body") -> Para:
    """A paragraph of plain words and runs."""
    return Para(tuple((one, "") if isinstance(one, str) else one for one in said), style)


def bold(words: str) -> Run:
    """Bold words."""
    return words, "b"


def italic(words: str) -> Run:
    """Italic words."""
    return words, "i"


def written(day: dt.date) -> str:
    """A day in full.

    >>> written(dt.date(2018, 1, 5))
    'ngày 05 tháng 01 năm 2018'
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def headed(fonds: Fonds | None, office: str, on: dt.date | None) -> Head:
    """The head of a sheet of a fonds; of the office's own where none is described."""
    if fonds is None:
        return Head("", office.upper(), False, "", on)
    return Head(fonds.parent.upper(), fonds.name.upper(), fonds.party, fonds.place, on)


# Pages


def pages(sheet: Sheet) -> tuple[tuple[Block, ...], ...]:
    """What stands on each page. A table goes on over the page; rows and places to sign are never split."""
    room = (SHORT if sheet.wide else LONG) - TOP - BOTTOM
    done: list[tuple[Block, ...]] = []
    page: list[Block] = []
    left = room - (_head_height(sheet.head) if sheet.head else 0.0)
    for place, block in enumerate(sheet.blocks):
        after = sum(_height(one, sheet.breadth) for one in sheet.blocks[place + 1 :] if not isinstance(one, Grid))
        rest: Block | None = block
        while rest is not None:
            now, rest = _fitting(rest, left, sheet.breadth, min(after, room / 3))
            if now is not None:
                page.append(now)
                left -= _height(now, sheet.breadth)
            if rest is not None:
                done.append(tuple(page))
                page, left = [], float(room)
    return (*done, tuple(page))


def _fitting(block: Block, left: float, breadth: float, after: float) -> tuple[Block | None, Block | None]:
    """What of a block fits on this page, and what is left for the next."""
    if _height(block, breadth) + (after if isinstance(block, Grid) else 0) <= left:
        return block, None
    if not isinstance(block, Grid):
        return (None, block) if left < _FRESH else (block, None)
    return _cut(block, left)


def _cut(grid: Grid, left: float) -> tuple[Grid | None, Grid | None]:
    """The rows that fit; what follows the table needs a row beside it, so the last row always goes on."""
    used, count = _AROUND + _row_height(Row(tuple(c.head for c in grid.columns)), grid.columns), 0
    for row in grid.rows:
        used += _row_height(row, grid.columns)
        if used > left:
            break
        count += 1
    count = min(count, len(grid.rows) - 1)
    while count and grid.rows[count - 1].heading:
        count -= 1  # no heading at the foot of a page
    if count < 1:
        if left < _FRESH or len(grid.rows) < 2:
            return (None, grid) if left < _FRESH else (grid, None)
        count = 1  # a row higher than a page: nothing better can be done
    return replace(grid, rows=grid.rows[:count]), replace(grid, rows=grid.rows[count:])


def _head_height(head: Head) -> float:
    return (len(head.motto) + 3 + bool(head.parent)) * BODY * POINT * LEADING + 6


def _height(block: Block, breadth: float) -> float:
    line = BODY * POINT * LEADING
    if isinstance(block, Signs):
        return 2 * line + 28
    if isinstance(block, Para):
        room = breadth - (10 if block.style in ("body", "item") else 0)
        return lines(block.text, BODY, room) * line + 1.5 + (line if block.style == "space" else 0)
    rows = (Row(tuple(column.head for column in block.columns)), *block.rows)
    return sum(_row_height(row, block.columns) for row in rows) + _AROUND


def _row_height(row: Row, columns: Sequence[Column]) -> float:
    line = TABLE * POINT * LEADING
    if row.heading:
        return lines(row.cells[0], TABLE, sum(c.width for c in columns) - 2 * ASIDE) * line + 2 * PADDING + EDGE
    pairs = zip(row.cells, columns, strict=True)
    most = max(lines(cell, TABLE, column.width - 2 * ASIDE - EDGE) for cell, column in pairs)
    return most * line + 2 * PADDING + EDGE


_WIDTHS = {
    **dict.fromkeys("ijlt/ ", 0.278), **dict.fromkeys("f()rI-", 0.34), **dict.fromkeys("sacezJ", 0.45),
    **dict.fromkeys(".,;:", 0.25), **dict.fromkeys("ABCDEGHKLNOQRTUVXYZ", 0.72), **dict.fromkeys("FPS", 0.56),
    **dict.fromkeys("mwMW", 0.85), "–": 0.5, "…": 1.0,
}  # fmt: skip
"""Breadths of Times letters in parts of their size, rather too broad than too narrow."""
_HORNED = frozenset("ơờớởỡợưừứửữựƠỜỚỞỠỢƯỪỨỬỮỰ")


def lines(text: str, size: float, room: float) -> int:
    """On how many lines a text stands in a room of so many millimetres.

    >>> lines("Kế hoạch", 13, 100), lines("Kế hoạch về xây dựng xã hội học tập", 13, 30), lines("", 13, 30)
    (1, 3, 1)
    """
    count = 0
    for part in text.split("\n"):
        at, count = 0.0, count + 1
        for word in re.findall(r"\S+", part):
            breadth = _breadth(word) * size * POINT
            if at and at + breadth > room:
                count, at = count + 1, 0.0
            if breadth > room:  # broken inside
                count += math.ceil(breadth / room) - 1
            at += breadth + 0.27 * size * POINT
    return count


def _breadth(word: str) -> float:
    total = 0.0
    for letter in word:
        plain = fold(letter)
        total += _WIDTHS.get(plain.upper() if letter.isupper() else plain, 0.51)
        total += 0.06 if letter in _HORNED else 0
    return 1.02 * total


def rows_as_text(grid: Grid) -> Iterable[tuple[str, ...]]:
    """A table's rows of full breadth: what a heading leaves free is empty."""
    for row in grid.rows:
        yield row.cells if not row.heading else (row.cells[0], *[""] * (len(grid.columns) - 1))
