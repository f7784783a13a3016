"""What a task and a passage say in common, marked for the eye."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from corpus.meaning import Piece
from corpus.similarity import weight_of
from corpus.text import fold

_WORD = re.compile(r"[^\W_]+(?:[.,/]\d+)*%?")
_FIGURE = re.compile(r"(?<![\w/.-])\d+(?:[.,]\d+)*(?:/\d+)?%?(?![\w/-])")


def marked(task: str, passage: str, names: Iterable[str] = ()) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces; `changed` marks runs of two words or more that both have, and the passage's figures.

    Runs of words that every office uses («tổ chức thực hiện») tell nothing and are not marked, nor are the `names` of
    bodies, which the reasons tell of, nor the figures of dates and symbols.

    >>> passage = marked("mở lớp theo nhu cầu", "đã mở lớp theo nhu cầu cho 41 người")[1]
    >>> [piece.text for piece in passage if piece.changed]
    ['mở lớp theo nhu cầu', '41']
    """
    left, right = _words(task), _words(passage)
    named = {pair for name in names for pair in _pairs(_words(name))}
    shared = {key for key in (_pairs(left) & _pairs(right)) - named if weight_of(" ".join(key)) >= 1}
    return _pieces(task, _run(left, shared)), _pieces(passage, _run(right, shared) | _figures(passage))


def _words(text: str) -> list[tuple[str, int, int]]:
    return [(fold(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


def _pairs(words: list[tuple[str, int, int]]) -> set[tuple[str, str]]:
    return {(a[0], b[0]) for a, b in pairwise(words)}


def _run(words: list[tuple[str, int, int]], shared: set[tuple[str, str]]) -> set[tuple[int, int]]:
    places: set[tuple[int, int]] = set()
    for a, b in pairwise(words):
        if (a[0], b[0]) in shared:
            places |= {(a[1], a[2]), (b[1], b[2])}
    return places


def _figures(text: str) -> set[tuple[int, int]]:
    return {found.span() for found in _FIGURE.finditer(text)}


def _pieces(text: str, places: set[tuple[int, int]]) -> tuple[Piece, ...]:
    joined: list[list[int]] = []
    for start, end in sorted(places):
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1][1] = end
        else:
            joined.append([start, end])
    pieces, at = [], 0
    for start, end in joined:
        pieces += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    pieces.append(Piece(text[at:], False))
    return tuple(piece for piece in pieces if piece.text)
