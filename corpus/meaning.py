"""Whether two readings of a passage say the same: what matters is the words, not how they were typed or scanned."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from corpus.model import Task
from corpus.text import normalise, tone_key

_WORD = re.compile(r"[^\W_]+")
_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")


class Piece(NamedTuple):
    """A stretch of words, and whether the other text lacks it."""

    text: str
    changed: bool


def words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: case, spaces, line breaks, punctuation, the place of a tone mark and
    leading zeros of a date are nothing; letters, tones and figures are.

    >>> words("Uỷ ban, ngày\\n05/7/2016") == words("ủy  ban ngày 5/07/2016")
    True
    >>> words("báo cáo") == words("bảo cáo")
    False
    """
    dated = _DATE.sub(lambda found: f"{int(found[1])}/{int(found[2])}/{found[3]}", normalise(text))
    return tuple(tone_key(word) if word.isalpha() else word.lower() for word in _WORD.findall(dated))


def of_task(task: Task) -> tuple[str, ...]:
    """What a task asks of whom and by when, as `words` are compared."""
    due = task.due
    term = (due.on.isoformat() if due.on else due.raw, due.recurs or "") if due else ("", "")
    return words(" ; ".join((task.wording, *sorted(task.lead), *sorted(task.partners), *term)))


def difference(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, with the words that the other lacks marked.

    >>> difference("mở 41 lớp", "mở 14 lớp")[1]
    (Piece(text='mở ', changed=False), Piece(text='14', changed=True), Piece(text=' lớp', changed=False))
    """
    spans = [[found.span() for found in _WORD.finditer(text)] for text in (old, new)]
    keys = [[words(text[start:end]) for start, end in places] for text, places in zip((old, new), spans, strict=True)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    kept: tuple[set[int], set[int]] = (set(), set())
    for block in matcher.get_matching_blocks():
        kept[0].update(range(block.a, block.a + block.size))
        kept[1].update(range(block.b, block.b + block.size))
    before, after = (
        _pieces(text, [span for i, span in enumerate(places) if i not in same])
        for text, places, same in zip((old, new), spans, kept, strict=True)
    )
    return before, after


def _pieces(text: str, changed: list[tuple[int, int]]) -> tuple[Piece, ...]:
    """Neighbouring changed words are one piece."""
    joined: list[tuple[int, int]] = []
    for start, end in changed:
        if joined and not _WORD.search(text[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    result, at = [], 0
    for start, end in joined:
        result += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    result.append(Piece(text[at:], False))
    return tuple(piece for piece in result if piece.text)
