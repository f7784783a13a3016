"""Words as recognition sees them on a page: two looks made one, and words made lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpus import text as letters
from indexer.layout import Box, Line, around
from indexer.readers.respelling import Reading, respell

_SYLLABLE = 25.0
"""Per cent that a plausible syllable is worth when two looks differ."""
_SAME_PLACE = 0.5
_SPECK = 25.0
_ROW = 20  # points: words are looked for in bands of this height


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its line, confidence in per cent and box in points."""

    line: tuple[str, str, str]
    text: str
    confidence: float
    box: Box


def confidence(words: Iterable[Word]) -> float:
    """Mean confidence by letters, 0…1; 0 without words."""
    held = list(words)
    weight = sum(len(word.text) for word in held)
    return sum(word.confidence * len(word.text) for word in held) / weight / 100 if weight else 0.0


def merge(words: Sequence[Word], others: Sequence[Word]) -> list[Word]:
    """The words of the first look, each replaced where the second saw the same place more surely."""
    rows: dict[int, list[Word]] = {}
    for other in others:
        for row in range(int(other.box[1]) // _ROW, int(other.box[3]) // _ROW + 1):
            rows.setdefault(row, []).append(other)
    result = []
    for word in words:
        near = rows.get(int((word.box[1] + word.box[3]) / 2) // _ROW, [])
        rival = max(near, key=lambda other: _shared(other.box, word.box), default=None)
        if rival and _worth(rival) > _worth(word) and (_same_place(rival.box, word.box) or _lost(word, rival)):
            word = replace(word, text=rival.text, confidence=rival.confidence)
        result.append(word)
    return result


def _lost(word: Word, rival: Word) -> bool:
    """Whether the first look saw only a speck where the second saw a word."""
    middle = (word.box[0] + word.box[2]) / 2
    return word.confidence < _SPECK and rival.box[0] <= middle <= rival.box[2]


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


def by_line(words: Iterable[Word]) -> list[list[Word]]:
    """The words of each line, lines in the order of their first words."""
    lines: dict[tuple[str, str, str], list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def lines(words: Iterable[Word]) -> list[Line]:
    """Lines of text, lost marks put back."""
    result = []
    for line in by_line(words):
        spelt = respell([Reading(word.text, word.confidence / 100) for word in line])
        result.append(Line(" ".join(spelt), around(word.box for word in line)))
    return result
