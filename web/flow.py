"""The text of a document as the reader's page sets it: blocks of runs with links, marks, page turns, tasks.

Every character of the text stands in exactly one block, except page numbers on lines of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus import paragraphs
from corpus.model import Level, Page, Section, Span, page_at
from indexer.views import CitationView, DocumentView, TaskView

Marks = Sequence[tuple[int, int]]

HEADINGS = frozenset(
    {Level.ANNEX, Level.PART, Level.CHAPTER, Level.DIVISION, Level.SUBDIVISION, Level.ARTICLE, Level.ROMAN}
)
HEADING_LENGTH = 240  # a section whose label opens a longer paragraph is prose, not a heading
_NUMBER_ALONE = re.compile(r"\s*[-–]?\s*\d{1,4}\s*[-–]?\s*")
_TREE_LIMIT = 80  # entries of the section tree; beyond it only the outer levels are listed


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that looks the same throughout."""

    text: str
    citation: CitationView | None = None
    marked: bool = False
    page: int | None = None
    """A page that begins with this run, inside the block."""
    first: bool = False
    """First run of its citation."""
    last: bool = False


@dataclass(slots=True)
class Block:
    """A paragraph, a heading, or the rows of a table."""

    span: Span
    runs: tuple[Run, ...] = ()
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    sections: tuple[Section, ...] = ()
    """Sections that begin here, outermost first."""
    page: int | None = None
    """The page that begins with this block."""
    heading: bool = False
    tasks: list[TaskView] = field(default_factory=list)
    """Tasks whose wording ends here."""
    open: CitationView | None = None
    """The citation whose card is open under this block."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the section tree."""

    section: Section
    depth: int
    words: str
    hits: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The three parts of a document's text."""

    head: tuple[Block, ...]
    """Letterhead and title, shown folded: the page's own head says the same."""
    body: tuple[Block, ...]
    close: tuple[Block, ...]
    """Nơi nhận and signature."""


def flow(view: DocumentView, *, marks: Marks = (), opened: int | None = None) -> Flow:
    """The text in blocks; `opened` is the offset of the citation whose card is shown."""
    size = len(view.text)
    start = max(0, min(view.heading.end, size, *(s.span.start for s in view.sections)))
    close = view.heading.close
    # Where further documents follow, what comes after is more than a closing block.
    end = close if close is not None and start <= close <= size and not view.papers else size
    setter = _Setter(view, marks)
    parts = (setter.blocks(0, start), setter.blocks(start, end), setter.blocks(end, size))
    if parts[1] and view.pages and parts[1][0].page is None:
        parts[1][0].page = page_at(view.pages, parts[1][0].span.start)
    _place_tasks(parts, view.tasks)
    _open_card(parts, view.citations, opened)
    return Flow(*map(tuple, parts))


def tree(view: DocumentView, marks: Marks = ()) -> tuple[Entry, ...]:
    """The section tree with the hits in each section's own text."""
    shown = [s for s in view.sections if s.level not in (Level.DASH, Level.ROW)]
    depths = _depths(view.sections)
    deepest = max((depths[s.id] for s in shown), default=0)
    while len(shown) > _TREE_LIMIT and deepest > 0:
        shown = [s for s in shown if depths[s.id] < deepest]
        deepest -= 1
    hits = _hits(shown, marks)
    return tuple(Entry(s, depths[s.id], _short(s), hits.get(s.id, 0)) for s in shown)


def pages_of(pages: Iterable[Page]) -> dict[int, int]:
    """Where each page after the first begins, by offset."""
    return {page.span.start: page.number for page in pages if page.number > 1}


class _Setter:
    """Cuts the text of one document; holds its sorted boundaries so that the whole takes linear time."""

    def __init__(self, view: DocumentView, marks: Marks) -> None:
        self.text = view.text
        self.citations = sorted(
            (c for c in view.citations if not c.itself), key=lambda c: c.citation.span.start
        )
        self.starts = [c.citation.span.start for c in self.citations]
        self.marks = list(marks)
        self.mark_starts = [start for start, _ in self.marks]
        self.pages = pages_of(view.pages)
        self.page_starts = sorted(self.pages)
        self.sections = sorted(view.sections, key=lambda s: (s.span.start, -s.span.end))
        self.section_starts = [s.span.start for s in self.sections]

    def blocks(self, start: int, end: int) -> list[Block]:
        """The blocks between two offsets."""
        blocks: list[Block] = []
        for span, row in _pieces(self.text, start, end):
            block = self._block(span, row=row)
            if row and blocks and blocks[-1].rows and not block.sections and block.page is None:
                last = blocks[-1]
                last.rows += block.rows
                last.span = Span(last.span.start, span.end)
            else:
                blocks.append(block)
        return blocks

    def _block(self, span: Span, *, row: bool) -> Block:
        begin, stop = bisect_left(self.section_starts, span.start), bisect_left(self.section_starts, span.end)
        sections = tuple(self.sections[begin:stop])
        page = self._page_before(span)
        heading = (
            not row
            and span.end - span.start <= HEADING_LENGTH
            and any(s.level in HEADINGS and s.span.start == span.start for s in sections)
            and not self.text[span.start : span.end].rstrip().endswith((".", ";"))
        )
        if row:
            return Block(span, rows=(tuple(self._cells(span)),), sections=sections, page=page)
        return Block(span, runs=tuple(self.runs(span)), sections=sections, page=page, heading=heading)

    def _page_before(self, span: Span) -> int | None:
        """The page turned between the previous block and this one, or at its very beginning."""
        at = bisect_right(self.page_starts, span.start)
        if not at:
            return None
        turn = self.page_starts[at - 1]
        return self.pages[turn] if not self.text[turn : span.start].strip(" \n\t0123456789-–") else None

    def _cells(self, span: Span) -> Iterator[tuple[Run, ...]]:
        at = span.start
        for cell in self.text[span.start : span.end].split("\t"):
            yield tuple(self.runs(Span(at, at + len(cell))))
            at += len(cell) + 1

    def runs(self, span: Span) -> Iterator[Run]:
        """The stretches between everything that begins or ends inside the span."""
        cites = self._overlapping(self.starts, span, [c.citation.span for c in self.citations])
        marks = self._overlapping(self.mark_starts, span, [Span(*m) for m in self.marks])
        cuts = {span.start, span.end}
        for at in (*cites, *marks):
            cuts |= {max(at.start, span.start), min(at.end, span.end)}
        cuts |= {p for p in self.page_starts if span.start < p < span.end} if self.page_starts else set()
        ordered = sorted(cuts)
        for start, end in pairwise(ordered):
            yield self._run(start, end, begin=span.start, marks=marks)

    def _run(self, start: int, end: int, *, begin: int, marks: Sequence[Span]) -> Run:
        at = bisect_right(self.starts, start) - 1
        citation = self.citations[at] if at >= 0 and start < self.citations[at].citation.span.end else None
        return Run(
            text=self.text[start:end], citation=citation,
            marked=any(m.start <= start < m.end for m in marks),
            page=self.pages.get(start) if start > begin else None,
            first=citation is not None and start == citation.citation.span.start,
            last=citation is not None and end == citation.citation.span.end,
        )  # fmt: skip

    @staticmethod
    def _overlapping(starts: Sequence[int], span: Span, spans: Sequence[Span]) -> list[Span]:
        low = max(0, bisect_right(starts, span.start) - 1)
        high = bisect_left(starts, span.end)
        return [s for s in spans[low:high] if s.end > span.start]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[Span, bool]]:
    """Spans of paragraphs with their labels; what stands before one in the same lines belongs to it."""
    at = start
    for top in paragraphs.tree(text, start, end):
        for paragraph in top.within():
            if paragraph.span.end > at:
                yield from _with_lead(text, at, paragraph)
                at = paragraph.span.end
    rest = _trimmed(text, at, end)
    if rest.end > rest.start:
        yield rest, False


def _with_lead(text: str, at: int, paragraph: paragraphs.Paragraph) -> Iterator[tuple[Span, bool]]:
    """A paragraph with its label; lines of page numbers before it are left out."""
    while at < paragraph.span.start:
        stop = text.find("\n", at, paragraph.span.start)
        line = text[at : stop if stop >= 0 else paragraph.span.start]
        if stop >= 0 and (not line.strip() or _NUMBER_ALONE.fullmatch(line)):
            at = stop + 1
        elif not line.strip():
            at = paragraph.span.start
        else:
            break
    span = _trimmed(text, at, paragraph.span.end)
    if span.end > span.start:
        yield span, paragraph.row


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace() and text[start] != "\t":
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _place_tasks(parts: Iterable[Sequence[Block]], tasks: Iterable[TaskView]) -> None:
    blocks = [block for part in parts for block in part]
    starts = [block.span.start for block in blocks]
    for task in tasks:
        at = bisect_left(starts, task.task.span.end) - 1
        if at >= 0:
            blocks[at].tasks.append(task)


def _open_card(
    parts: Iterable[Sequence[Block]], citations: Iterable[CitationView], opened: int | None
) -> None:
    wanted = next((c for c in citations if c.citation.span.start == opened and not c.itself), None)
    if wanted is None or opened is None:
        return
    for part in parts:
        for block in part:
            if block.span.start <= opened < block.span.end:
                block.open = wanted


def _depths(sections: Sequence[Section]) -> dict[str, int]:
    depths: dict[str, int] = {}
    for section in sections:
        depths[section.id] = depths.get(section.parent or "", -1) + 1
    return depths


def _hits(sections: Sequence[Section], marks: Marks) -> dict[str, int]:
    """Marks counted where the innermost listed section holds them."""
    counts: dict[str, int] = {}
    ordered = sorted(sections, key=lambda s: (s.span.start, -s.span.end))
    stack: list[Section] = []
    rest = iter(ordered)
    following = next(rest, None)
    for start, _ in marks:
        while following is not None and following.span.start <= start:
            stack.append(following)
            following = next(rest, None)
        while stack and stack[-1].span.end <= start:
            stack.pop()
        if stack:
            counts[stack[-1].id] = counts.get(stack[-1].id, 0) + 1
    return counts


def _short(section: Section, limit: int = 60) -> str:
    """The title as a line of the tree: whole words, cut with an ellipsis when long."""
    if section.level is Level.PAPER:
        return ""  # its label is its type and number
    title = " ".join(section.title.split())
    if len(title) <= limit:
        return title
    return title[: title.rfind(" ", 0, limit)].rstrip(" ,;:.") + "…"
