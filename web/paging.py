"""How a table breaks into printed pages: lines a text takes in a column, rows that fit on a sheet.

Widths are those of Times New Roman, letters with marks a little wider: a sheet may end early, never run over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

POINT = 25.4 / 72
"""Millimetres."""
_WIDTHS = {
    180: "'", 200: "|", 250: " ,.", 278: "/:;\\ijlt", 333: "!()-I[]`fr", 389: "Js", 408: '"“”', 444: "?acez",
    500: "#$*0123456789_bdghknopquvxyđ–", 556: "FPS", 564: "+<=>", 611: "ELTZ", 667: "BCR", 722: "ADGHKNOQUVXYwĐ",
    778: "&m", 833: "%", 889: "M", 944: "W",
}  # fmt: skip
"""Thousandths of the size, by letter."""
_MARKED = 1.1  # fonts without Vietnamese letters borrow them from wider ones
_BOLD = 1.08
_PIECES = re.compile(r"[^\s/-]*[/-]|[^\s/-]+|\s+")


@cache
def _width(letter: str) -> float:
    plain = unicodedata.normalize("NFD", letter)[0]
    for width, letters in _WIDTHS.items():
        if plain in letters:
            return width / 1000 * (_MARKED if plain != letter else 1)
    return 1.0


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text on one line in millimetres; `size` in points."""
    return sum(map(_width, text)) * size * POINT * (_BOLD if bold else 1)


def lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Lines a text takes in a column of this width, in millimetres.

    >>> lines("Kế hoạch", 40, 11), lines("Kế hoạch xây dựng xã hội học tập", 40, 11), lines("", 40, 11)
    (1, 2, 1)
    """
    return sum(_of_one(line, width, size, bold) for line in text.split("\n"))


def _of_one(line: str, width: float, size: float, bold: bool) -> int:
    count, used = 1, 0.0
    for piece in _PIECES.findall(line):
        wide = measure(piece, size, bold=bold)
        if used + wide <= width or (piece.isspace() and used):
            used += wide
        elif wide <= width:
            count, used = count + 1, wide
        else:  # cut inside the word
            more, used = divmod(wide + used, width)
            count += int(more)
    return count


def sheets(heights: Sequence[float], *, first: float, rest: float) -> list[range]:
    """Which rows stand on which sheet, none of them split; `first` and `rest` are the heights there is room for.

    >>> sheets([10, 10, 10], first=25, rest=15), sheets([], first=25, rest=15), sheets([90, 5], first=20, rest=20)
    ([range(0, 2), range(2, 3)], [range(0, 0)], [range(0, 1), range(1, 2)])
    """
    found, start, used = [], 0, 0.0
    for at, height in enumerate(heights):
        if at > start and used + height > (rest if found else first):
            found.append(range(start, at))
            start, used = at, 0.0
        used += height
    return [*found, range(start, len(heights))]
