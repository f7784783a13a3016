"""Words that form fields and signature fields draw over a page, put in where they stand.

Vietnamese signing tools write the number and the day of issue this way. The appearance of a signature
itself («Ký bởi: …») is kept apart: it is no text of the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.layout import Box, Row, around

_SIGNATURE = re.compile(
    r"Người ký|Ký bởi|Được ký|Ký ngày|Ngày ký|Giờ ký|Thời gian ký|Thời điểm ký|Cơ quan\s*:|Email\s*:|Tổ chức\s*:"
    r"|Signed|Signature|Digital|Signing|Signer|Date\s*:",
    re.IGNORECASE,
)
"""What signing tools print inside the appearance of a signature."""

_LEADERS = re.compile(r"[.…_]{2,}|…")
_NO_SPACE_BEFORE = ("/", "-", ",", ".", ";", ":", ")", "–")
_REACH = 60.0
"""Points a word may stand beyond the end of the line it belongs to."""

Letter = tuple[str, Box | None]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word an annotation draws."""

    text: str
    box: Box


def put_in(
    rows: Sequence[Row], letters: Sequence[Letter], char_box: Callable[[int], Box | None]
) -> tuple[list[Row], list[str]]:
    """The rows with the drawn letters in their places, and the texts of signatures' own appearances.

    `char_box` gives the place of a row's character, by the page's own numbering.
    """
    places = [_Place(row, char_box) for row in rows]
    signatures: list[str] = []
    for group in _groups(_pieces(letters)):
        words = " ".join(piece.text for piece in group)
        if _SIGNATURE.search(words):
            signatures.append(words)
            continue
        for piece in group:
            _put(places, piece, char_box)
    return [place.row for place in places], signatures


class _Place:
    """A row that takes words in; its letters' places are looked up only when it has to."""

    def __init__(self, row: Row, char_box: Callable[[int], Box | None]) -> None:
        self.row = row
        self.char_box = char_box
        self.letters: list[tuple[str, float | None]] | None = None

    def take(self, piece: _Piece) -> None:
        """Put a word between the letters it stands between."""
        letters = self._letters()
        middle = (piece.box[0] + piece.box[2]) / 2
        at = next((i for i, (_, x) in enumerate(letters) if x is not None and x > middle), len(letters))
        left, right = letters[:at], letters[at:]
        left = _without_leaders(left[::-1])[::-1]
        right = _without_leaders(right)
        inner = [(letter, middle) for letter in piece.text]
        space = [(" ", None)]
        before = space if left and left[-1][0] not in "/(-" else []
        after = space if right and right[0][0] not in _NO_SPACE_BEFORE else []
        self.letters = left + before + inner + after + right
        text = "".join(letter for letter, _ in self.letters)
        box = around(b for b in (self.row.box, piece.box) if b)
        self.row = Row(text, box, self.row.first, self.row.count)

    def _letters(self) -> list[tuple[str, float | None]]:
        if self.letters is None and self.row.middles is not None:
            self.letters = list(zip(self.row.text, self.row.middles, strict=True))
        if self.letters is None:
            middles = []
            for index, letter in enumerate(self.row.text):
                box = self.char_box(self.row.first + index) if letter.strip() and self.row.count else None
                middles.append((letter, (box[0] + box[2]) / 2 if box else None))
            self.letters = middles
        return self.letters


def _without_leaders(letters: list[tuple[str, float | None]]) -> list[tuple[str, float | None]]:
    """Drop spaces, and the dots that marked the blank, from the beginning."""
    end = 0
    while end < len(letters) and letters[end][0] in " .…_\t":
        end += 1
    skipped = "".join(letter for letter, _ in letters[:end])
    if _LEADERS.search(skipped) or not skipped.strip():
        return letters[end:]
    return letters


def _put(places: list[_Place], piece: _Piece, char_box: Callable[[int], Box | None]) -> None:
    best, distance = None, _REACH
    for place in places:
        box = place.row.box
        if box is None or not _level(box, piece.box):
            continue
        middle = (piece.box[0] + piece.box[2]) / 2
        away = max(box[0] - middle, middle - box[2], 0.0)
        if away < distance:
            best, distance = place, away
    if best is not None:
        best.take(piece)
        return
    row = Row(piece.text, piece.box)
    below = next((i for i, p in enumerate(places) if p.row.box and p.row.box[1] > piece.box[3]), len(places))
    place = _Place(row, char_box)
    place.letters = [(letter, (piece.box[0] + piece.box[2]) / 2) for letter in piece.text]
    places.insert(below, place)


def _level(line: Box, word: Box) -> bool:
    """Whether a word stands on a line: they share a third of the smaller height."""
    shared = min(line[3], word[3]) - max(line[1], word[1])
    return shared > 0.34 * min(line[3] - line[1], word[3] - word[1])


def _pieces(letters: Sequence[Letter]) -> list[_Piece]:
    """The words; spaces, gaps and new lines end one."""
    pieces: list[_Piece] = []
    word, boxes = "", []
    for letter, box in letters:
        if letter.strip() and box and (not boxes or _touches(boxes[-1], box)):
            word += letter
            boxes.append(box)
            continue
        if boxes:
            pieces.append(_Piece(word, around(boxes) or boxes[0]))
        word, boxes = (letter, [box]) if letter.strip() and box else ("", [])
    if boxes:
        pieces.append(_Piece(word, around(boxes) or boxes[0]))
    return pieces


def _touches(last: Box, box: Box) -> bool:
    height = max(last[3] - last[1], box[3] - box[1], 1.0)
    return abs(box[3] - last[3]) < height and -height < box[0] - last[2] < height * 0.6


def _groups(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Words that stand together, as one appearance shows them."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        reach = 2 * max(6.0, piece.box[3] - piece.box[1])
        if groups and any(_near(other.box, piece.box, reach) for other in groups[-1]):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _near(one: Box, other: Box, reach: float) -> bool:
    across = other[0] - reach < one[2] and one[0] - reach < other[2]
    return across and other[1] - reach < one[3] and one[1] - reach < other[3]
