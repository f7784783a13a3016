"""Paragraphs of a text with the rank of their label: wrapped lines joined, children under their heading.

Sections (`sections.py`) say what is numbered; this says what stands together, numbered or not, so that
an unnumbered «Giao Sở Nội vụ:» after a misread label still opens its own list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.model import Span

PROSE = 30.0
"""Rank of a paragraph without label: below every labelled one."""

# Ranks from the outermost inwards: Nghị định 30/2020/NĐ-CP, Phụ lục I; the Party prints «*» above «-».
_LABELS: tuple[tuple[float, re.Pattern[str]], ...] = (
    (0.0, re.compile(r"phụ lục\b(?:\s+(?:số\s*)?[\dIVX]{1,4}\b)?[.:]?[^\S\n]*", re.I)),
    (1.0, re.compile(r"phần\s+(?:thứ\s+\w+|[IVX]{1,5}|\d{1,2})\b[.:]?[^\S\n]*", re.I)),
    (2.0, re.compile(r"chương\s+(?:[IVX]{1,6}|\d{1,2})\b[.:]?[^\S\n]*", re.I)),
    (3.0, re.compile(r"mục\s+(?:[IVX]{1,5}|\d{1,2})[.:]\s*", re.I)),
    (4.2, re.compile(r"[IVXA-H]{1,5}(?:\.\d{1,2}){1,4}[.)]?\s+(?=\S)")),
    (4.0, re.compile(r"[IVX]{1,5}\s{0,2}[.)/-]-?\s*(?=\S)")),
    (3.5, re.compile(r"[A-HĐ][.)]\s+(?=\S)")),
    (4.5, re.compile(r"điều\s+\d{1,3}[a-zđ]?\s?[.:]\s*", re.I)),
    (6.0, re.compile(r"\d{1,2}\.\d{1,2}(?:\.\d{1,2}){0,2}[.)]?\s+(?=\S)")),
    (5.0, re.compile(r"\d{1,2}\s?[./]-?\s{0,3}(?=[^\d\s.,/])")),
    (6.5, re.compile(r"\d{1,2}\)\s*(?=\S)")),
    (7.0, re.compile(r"[a-zđ]{1,2}[.)]\s*(?=\S)")),
    (7.5, re.compile(r"\(\d{1,2}\)\s*(?=\S)")),
    (7.8, re.compile(r"\*(?!\*)\s*(?=\S)")),
    (8.0, re.compile(r"[-–—−~]\s*(?=[^\W\d_]|[\"“'(\d])")),
    (9.0, re.compile(r"(?:[+•●▪◦]\s*|[o§]\s+)(?=\S)")),
)
_TERMINATED = re.compile(r"[.;:!?…/][\"”'’)\]*\s]*$")
_PAGE_NUMBER = re.compile(r"\s*\d{1,3}\s*$")
_MARKS = re.compile(r"[\s*_#>\"“]*")


@dataclass(slots=True)
class Paragraph:
    """A paragraph in a tree; `span` is its own text without label and without children."""

    span: Span
    rank: float
    label: str
    row: bool = False
    """A line of a table (cells separated by tabs)."""
    children: list[Paragraph] = field(default_factory=list)

    def within(self) -> Iterator[Paragraph]:
        """It and everything under it, in text order."""
        yield self
        for child in self.children:
            yield from child.within()


def label_of(line: str) -> tuple[float, str]:
    """Rank and printed label at the beginning of a line; `PROSE` and "" when there is none.

    >>> label_of("2. Giao Văn phòng"), label_of("đ) Tổ chức"), label_of("30/11/2025 báo cáo")
    ((5.0, '2.'), (7.0, 'đ)'), (30.0, ''))
    """
    for rank, pattern in _LABELS:
        found = pattern.match(line)
        if found:
            dots = found.group().count(".") if rank in (4.2, 6.0) else 0
            return rank + dots / 100, found.group().strip()
    return PROSE, ""


def tree(text: str, start: int, end: int) -> tuple[Paragraph, ...]:
    """The outermost paragraphs between two offsets, their children under them."""
    top: list[Paragraph] = []
    stack: list[Paragraph] = []
    for paragraph in _paragraphs(text, start, end):
        while stack and (not _holds(text, stack[-1], paragraph) or _goes_on_above(stack, paragraph)):
            stack.pop()
        (stack[-1].children if stack else top).append(paragraph)
        stack.append(paragraph)
    return tuple(top)


def _holds(text: str, parent: Paragraph, child: Paragraph) -> bool:
    """Whether the child stands under the parent: a lower rank, or prose and rows under a lead-in."""
    if parent.row:
        return False
    if parent.rank == PROSE:
        return (
            (child.row or child.rank < PROSE)
            and child.rank > 4.5
            and text[parent.span.start : parent.span.end].endswith(":")
        )
    return child.rank > parent.rank


def _goes_on_above(stack: list[Paragraph], child: Paragraph) -> bool:
    """Whether the child follows a paragraph further out («2.» after «1.»), whatever lead-in stands between."""
    number = re.search(r"\d+", child.label)
    return number is not None and any(
        outer.rank == child.rank and outer.label == child.label.replace(number.group(), str(int(number.group()) - 1))
        for outer in stack
    )


def _paragraphs(text: str, start: int, end: int) -> Iterator[Paragraph]:
    width = _wrap_width(text[start:end])
    flowing = _flows(text[start:end]) if width else False
    pending: tuple[int, int] | None = None
    blank = False
    for low, high in _lines(text, start, end):
        line = text[low:high]
        if not line.strip() or _PAGE_NUMBER.fullmatch(line):
            blank = True
            continue
        if pending and _continues(text[pending[0] : pending[1]], line, width=width, blank=blank, flowing=flowing):
            pending = (pending[0], high)
        else:
            if pending:
                yield _paragraph(text, *pending)
            pending = (low, high)
        blank = False
    if pending:
        yield _paragraph(text, *pending)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _wrap_width(text: str) -> int:
    """Length of a full line where lines are wrapped at the margin; 0 where a line is a paragraph."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip() and "\t" not in line)
    if len(lengths) < 4 or lengths[-1 - len(lengths) // 50] > 140:
        return 0
    return lengths[len(lengths) * 4 // 5]


def _flows(text: str) -> bool:
    """Whether sentences run on over line ends, and not only some short paragraphs are of one length."""
    lines = [line for line in text.split("\n") if line.strip() and "\t" not in line]
    broken = sum(
        following.lstrip()[:1].islower() and not _TERMINATED.search(line[-12:])
        for line, following in pairwise(lines)
    )
    return broken >= 3 and broken * 6 >= len(lines)


def _continues(before: str, line: str, *, width: int, blank: bool, flowing: bool) -> bool:
    if "\t" in line or "\t" in before or label_of(line.lstrip())[0] < PROSE:
        return False
    if not before[len(label_of(before.lstrip() + " x")[1]) :].strip(" .:"):
        return True
    first = line.lstrip(" \"“'(*")[:1]
    last = before[before.rfind("\n") + 1 :]
    if _TERMINATED.search(before[-12:]):
        return flowing and not blank and _goes_on(last, line, first, width)
    if not width:
        return first.islower() and not blank
    if first.islower() or first.isdigit():
        return True
    return not blank and len(last) >= width * 0.82


_ENDS_SENTENCE = re.compile(r"[.;][\"”]?\s*$")


def _goes_on(last: str, line: str, first: str, width: int) -> bool:
    """Whether a paragraph goes on after a line that ends a sentence.

    It does when that line fills the page's width, or, after a semicolon, when the next begins with a small letter.
    """
    if not width or not _ENDS_SENTENCE.search(last) or line.isupper():
        return False
    if first.islower() and last.rstrip().endswith(";"):
        return len(last) >= width * 0.7
    return first.isupper() and width - 2 <= len(last.rstrip()) <= width + 12 and len(line.split()) > 1


def _paragraph(text: str, start: int, end: int) -> Paragraph:
    row = "\t" in text[start:end].strip()
    start = _MARKS.match(text, start, end).end() if not row else start  # type: ignore[union-attr]
    rank, label = (PROSE, "") if row else label_of(text[start : min(end, start + 60)])
    if label:
        start = text.index(label, start) + len(label)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1] in " \t\n*\xa0":
        end -= 1
    return Paragraph(Span(start, end), rank, label, row=row)
