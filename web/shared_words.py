"""What a task and a passage say in common, marked for the eye."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus import phrases
from corpus.meaning import Piece

_FIGURE = re.compile(r"(?<![\w/.-])\d+(?:[.,]\d+)*(?:/\d+)?%?(?![\w/-])")


def marked(task: str, passage: str, names: Iterable[str] = ()) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces; `changed` marks runs of whole words that both have, and the passage's figures.

    Runs that every office uses («tổ chức thực hiện») tell nothing and are not marked, nor are the `names` of
    bodies, which the reasons tell of, nor the figures of dates and symbols.

    >>> passage = marked("mở lớp theo nhu cầu", "đã mở lớp theo nhu cầu cho 41 người")[1]
    >>> [piece.text for piece in passage if piece.changed]
    ['mở lớp theo nhu cầu', '41']
    """
    work, told = _without(task, names), _without(passage, names)
    return _pieces(task, phrases.runs(told, work)), _pieces(passage, {*phrases.runs(work, told), *_figures(passage)})


def _without(text: str, names: Iterable[str]) -> str:
    """The text with bodies' names blanked, each character in its place."""
    for name in filter(None, names):
        text = text.replace(name, ";" * len(name))
    return text


def _figures(text: str) -> set[tuple[int, int]]:
    return {found.span() for found in _FIGURE.finditer(text)}


def _pieces(text: str, places: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    joined: list[list[int]] = []
    for start, end in sorted(places):
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    pieces, at = [], 0
    for start, end in joined:
        pieces += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    pieces.append(Piece(text[at:], False))
    return tuple(piece for piece in pieces if piece.text)
