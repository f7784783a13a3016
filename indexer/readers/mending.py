"""Lines of a text layer that lost letters, mended with what recognition saw in the same places."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from corpus import encodings, text
from indexer.layout import Box, Line

_SURE = 0.8
"""Share of plausible syllables a line must have that only recognition saw."""


def mend(layer: Sequence[Line], seen: Sequence[Line]) -> list[Line]:
    """The layer's lines with lost letters and words put back; the layer's own letters always stand."""
    lines = [Line(_mended(line, _beside(line, seen)), line.box) for line in layer]
    for line in seen:
        if not any(_level(line.box, other.box) for other in layer) and _sure(line.text):
            lines.insert(_position(lines, line), line)
    return lines


def _level(one: Box | None, other: Box | None) -> bool:
    """Whether two boxes share half of the smaller height, and some width."""
    if one is None or other is None:
        return False
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared * 2 > min(one[3] - one[1], other[3] - other[1]) and one[0] < other[2] and other[0] < one[2]


def _beside(line: Line, seen: Sequence[Line]) -> str:
    level = [other for other in seen if _level(line.box, other.box)]
    return " ".join(other.text for other in sorted(level, key=lambda other: other.box or (0.0,)))


def _sure(words: str) -> bool:
    return len(words.split()) > 1 and encodings.quality(words) >= _SURE


def _position(lines: Sequence[Line], line: Line) -> int:
    bottom = line.box[3] if line.box else 0.0
    return next((i for i, other in enumerate(lines) if other.box and other.box[1] > bottom), len(lines))


def _mended(line: Line, seen: str) -> str:
    words, others = line.text.split(), seen.split()
    if not others:
        return line.text
    folded = [text.fold(word) for word in words], [text.fold(word) for word in others]
    result: list[str] = []
    for operation, i, j, k, m in SequenceMatcher(None, *folded, autojunk=False).get_opcodes():
        if operation == "replace":
            result += (restored("".join(words[i:j]), " ".join(others[k:m])) or " ".join(words[i:j])).split()
        elif operation == "insert":
            result += [word for word in others[k:m] if len(word) > 1 and word.isalpha()]
        else:
            result += words[i:j]
    return " ".join(result)


def restored(kept: str, whole: str) -> str | None:
    """`whole` with the letters that were kept as they are; None where it is no fuller form of `kept`.

    >>> restored("iệp", "Hiêp"), restored("Sở", "Sò")
    ('Hiệp', None)
    """
    result, position = [], 0
    for letter in whole:
        if position < len(kept) and text.fold(letter) == text.fold(kept[position]):
            result.append(kept[position])
            position += 1
        else:
            result.append(letter)
    fuller = position == len(kept) and len(whole.replace(" ", "")) > len(kept)
    return "".join(result) if fuller else None
