"""Lines, cells and columns of a flattened page: stretches of text that stand apart from each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus import text as letters
from corpus.model import Span

_LINE = re.compile(r"[^\n]+")
_CELL = re.compile(r"(?:[^\t ]|[ \u00a0](?![ \u00a0\t]{2}))+")
_ORNAMENT = re.compile(r"[\W_]*|[-–—_=*~.•o0\s&XxĐđ/]{1,6}|-[0oO]{1,3}-+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One cell of one line, with single spaces; `span` covers it in the text."""

    text: str
    span: Span
    line: int
    """Counted from the first line cut."""
    after_blank: bool
    """An empty line stands before its line."""

    @property
    def key(self) -> str:
        """Its letters for comparison."""
        return letters.fold(self.text)

    @property
    def ornament(self) -> bool:
        """A rule, a star or a stray mark, not words."""
        return bool(_ORNAMENT.fullmatch(self.text))


def lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Every line of a stretch that is not empty, without its surrounding blanks."""
    for match in _LINE.finditer(text, start, end):
        line = match.group()
        left = len(line) - len(line.lstrip())
        if line.strip():
            yield Span(match.start() + left, match.start() + len(line.rstrip()))


def cut(text: str, start: int, end: int, *, offset: int = 0) -> tuple[Piece, ...]:
    """The pieces of a stretch in text order; wide gaps and tabs part columns.

    `offset` is added to every span: where `text` stands in the document.
    """
    found: list[Piece] = []
    rows = list(lines(text, start, end))
    gaps = [text.count("\n", last, row.start) for last, row in zip([start, *(r.end for r in rows)], rows, strict=False)]
    # Files that double every line break have no blank lines that mean something.
    usual = 2 if sum(gap > 1 for gap in gaps) * 10 > len(gaps) * 7 and len(gaps) > 4 else 1
    for number, (line, gap) in enumerate(zip(rows, gaps, strict=True)):
        blank = gap > usual or (number == 0 and gap == 1)
        for start_at, end_at in _cells(text, line):
            words = " ".join(text[start_at:end_at].split())
            words = words.strip("*_ ") or words
            if words:
                found.append(Piece(words, Span(start_at + offset, end_at + offset), number, blank))
    return tuple(found)


def _cells(text: str, line: Span) -> list[tuple[int, int]]:
    words = line.of(text)
    if "\t" not in words and "  " not in words and "\u00a0" not in words:
        return [(line.start, line.end)]
    return [match.span() for match in _CELL.finditer(text, line.start, line.end)]


def shouted(text: str) -> bool:
    """Printed in capitals: no small letter but for a few that OCR or fonts lose."""
    upper = sum(map(str.isupper, text))
    lower = sum(map(str.islower, text))
    return upper >= 2 and lower <= upper * 0.12
