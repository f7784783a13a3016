"""Marks of secrecy (dấu chỉ độ mật): whether the first page of a document is stamped MẬT, TỐI MẬT or TUYỆT MẬT.

Such papers may not be kept. A document that only speaks of secrecy bears no such mark: the mark stands alone,
on a line or in a cell of its own, in capitals, above the text (Nghị định 30/2020/NĐ-CP, Phụ lục I, ô 10a).
"""

from __future__ import annotations

import re

from corpus import offices, text
from corpus.model import Body, Span

_ZONE = 1600
"""Characters of a first page in which a stamp may stand; a letterhead with a long subject is shorter."""
_ZONE_LINES = 30
_CELL = re.compile(r"[^\t\n|]+|\n")
_EDGE = " .,:;-–—_*()[]{}|/\\'\"“”‘’«»=~`^!"
_LABEL = re.compile(r"(?:độ|mức(?: độ)?|dấu(?: độ)?) mật\s*:\s*", re.IGNORECASE)
_SPREAD = re.compile(r"(?:\w ){2,}\w")
_GAPS = re.compile(r"\s{3,}")
_BODY = re.compile(r"(?:kính gửi|căn cứ|thực hiện|điều 1\b|thi hành)", re.IGNORECASE)
"""Words with which the text begins: a stamp stands above them."""
_TICKS = re.compile(r"[☐□❏◻☑☒✓✔]")


def of_line(line: str, *, worn: bool = False) -> str | None:
    """The degree that a line consists of, `Mật`, `Tối mật` or `Tuyệt mật`; None for any other line.

    `worn` is for what recognition saw in coloured ink: there even a mark that lost its accents is one.

    >>> of_line("TUYỆT MẬT"), of_line("| M Ậ T |"), of_line("Độ mật: Tối mật"), of_line("Bí mật nhà nước")
    ('Tuyệt mật', 'Mật', 'Tối mật', None)
    """
    words = text.normalise(line).strip(_EDGE)
    if len(words) > 60 or _TICKS.search(line):
        return None
    label = _LABEL.match(words)
    words = (words[label.end() :] if label else words).strip(_EDGE)
    if _SPREAD.fullmatch(words):
        words = words.replace(" ", "")
    words = " ".join(words.split())
    if not label and words != words.upper():
        return None
    return _degrees().get(_key(words)) or (_worn(words) if worn or " " in words else None)


def find(page: str) -> tuple[str, Span] | None:
    """The degree stamped on a first page, and where; the strictest when there are several.

    `page` is the text of the first page, or a whole text: only what a stamp may stand on is looked at.
    """
    best: tuple[str, Span] | None = None
    for cell, span in _cells(page[:_ZONE]):
        degree = of_line(cell)
        if degree and (best is None or _rank(degree) < _rank(best[0])):
            best = degree, span
    return best


def of_body(body: Body) -> str | None:
    """The degree stamped on the first page of what a reader got out of a file."""
    found = find(body.pages[0].span.of(body.text) if body.pages else body.text)
    return found[0] if found else None


def _cells(zone: str) -> list[tuple[str, Span]]:
    """Lines of the zone taken apart into cells, up to where the text begins."""
    found, lines = [], 0
    for match in _CELL.finditer(zone):
        if match[0] == "\n":
            lines += 1
            if lines >= _ZONE_LINES:
                break
            continue
        if _BODY.match(match[0].strip(_EDGE)):
            break
        start = match.start()
        # Columns of a letterhead that a reader has put on one line stand apart by several spaces.
        for gap in (*_GAPS.finditer(match[0]), None):
            end = match.start() + gap.start() if gap else match.end()
            if zone[start:end].strip():
                found.append((zone[start:end], Span(start, end)))
            start = match.start() + gap.end() if gap else end
    return found


def _key(words: str) -> str:
    """A word without spaces and marks of tone that recognition loses; «MẤT», «MẶT» are other words."""
    return words.upper().replace(" ", "").translate(_LOST)


def _worn(words: str) -> str | None:
    """A degree without its accents; one word alone is too little to go by in ordinary text."""
    key = text.fold(words).replace(" ", "")
    return next((degree for degree in _degrees().values() if text.fold(degree).replace(" ", "") == key), None)


_LOST = str.maketrans({"Ố": "Ô", "Ệ": "Ê", "Ậ": "Â"})


def _degrees() -> dict[str, str]:
    return {_key(degree): degree for degree in offices.table()["secrecy"]}


def _rank(degree: str) -> int:
    return list(offices.table()["secrecy"]).index(degree)
