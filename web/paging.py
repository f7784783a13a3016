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
# Fonts without Vietnamese letters, as Debian's Liberation Serif, borrow them from wider ones: measured in Chromium.
_BORROWED, _HORNED, _CAPITAL = 1.27, 1.35, 1.09
_BOLD = 1.04
# Lines break at spaces, and after a dash or slash that no digit follows (Unicode line breaking, LB 13 and 25).
_PIECES = re.compile(r"(?:[^\s/-]|[/-](?=\d))*[/-](?!\d)|(?:[^\s/-]|[/-](?=\d))+|\s+")


@cache
def _width(letter: str) -> float:
    plain = unicodedata.normalize("NFD", letter)[0]
    for width, letters in _WIDTHS.items():
        if plain in letters:
            return width / 1000 * _borrowed(letter, plain)
    return 1.0


def _borrowed(letter: str, plain: str) -> float:
    """How much wider a letter is where it is borrowed; letters of Western fonts are not."""
    if letter < "\u01a0":
        return 1
    if letter.isupper():
        return _CAPITAL
    return _HORNED if plain == "u" else _BORROWED


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
        else:  # it begins a line and is cut at its letters
            whole = max(width - _width("W") * size * POINT, 1)
            count, used = count + bool(used) + int(wide / whole), width
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
