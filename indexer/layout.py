"""Lines on sheets and how they become one `Body`: what every reader shares, whatever the format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpus import encodings, secrecy
from corpus import text as letters
from corpus.model import Body, Finding, Fragment, Page, Span
from indexer.ports import ReadFailure

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points from the top left corner of the page."""

_SPACES = dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x0B, 0x0C], " ")
_MARKS = dict.fromkeys([0xAD, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFC], "")
_CONTROLS = dict.fromkeys((*range(9), *range(14, 32), *range(127, 160)), "")
# Bullets of Symbol and Wingdings, where office programs keep them.
_BULLETS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF02D: "-", 0xF02B: "+", 0xF0E0: "→", 0xF06F: "o"}
_CLEAN = _SPACES | _MARKS | _CONTROLS | _BULLETS
_SURROGATE = re.compile("[\ud800-\udfff]")

_STRANGE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd-\uffff]")
_STRANGE_SHARE, _STRANGE_FROM = 0.05, 40
"""Share of characters no writer types from which lines, at least so many of them, are no text but something else."""

_NUMBER = re.compile(r"(?:trang|page)?[\s.\-–—]*(\d{1,4})(?:\s*/\s*\d{1,4})?[\s.\-–—]*", re.IGNORECASE)
_MARGIN = 0.11  # share of the page's height where running heads and page numbers stand


@dataclass(frozen=True, slots=True)
class Line:
    """One visual line or paragraph; `box` is None where the format has no geometry."""

    text: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page that still knows its characters: `first` and `count` in the page's own numbering."""

    text: str
    box: Box | None
    first: int = 0
    count: int = 0
    middles: tuple[float | None, ...] | None = None
    """Where the middle of each character stands, when that is known already."""
    disordered: bool = False
    """Whether its pieces come in another order than they stand."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page on its way to a body."""

    number: int
    lines: tuple[Line, ...]
    width: float = 0.0
    height: float = 0.0
    source: str = "text-layer"
    confidence: float | None = None
    doubts: tuple[str, ...] = ()
    """What a person should look at, in words."""


def around(boxes: Iterable[Box]) -> Box | None:
    """The rectangle around some rectangles."""
    boxes = list(boxes)
    if not boxes:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def clean(text: str) -> str:
    """Normal form of a line: NFC, plain spaces, no controls, bullets of symbol fonts as bullets.

    >>> clean("Kế\\u00a0hoạch \\uf0b7 s\\u00adố")
    'Kế hoạch • số'
    """
    text = letters.normalise(text.translate(_CLEAN))
    return _SURROGATE.sub("\ufffd", text)


def compose(
    sheets: Iterable[Sheet],
    media_type: str,
    *,
    source: str | None = None,
    encoding: str = "unicode",
    findings: Sequence[Finding] = (),
) -> Body:
    """Put the sheets' lines together: one line each, joined by newlines, every span known.

    Raises `ReadFailure` when what was taken for letters is something else.
    """
    sheets = list(sheets)
    _refuse_garbage(sheets)
    parts: list[str] = []
    pages: list[Page] = []
    fragments: list[Fragment] = []
    offset = 0
    for sheet in sheets:
        start = offset
        for line in sheet.lines:
            text = clean(line.text).strip(" \r\n")
            if not text.strip():
                continue
            if line.box:
                fragments.append(Fragment(Span(offset, offset + len(text)), sheet.number, line.box))
            parts.append(text)
            offset += len(text) + 1
        span = Span(start, offset)
        pages.append(Page(sheet.number, span, sheet.width, sheet.height, sheet.source, sheet.confidence))
    text = "\n".join(parts)
    pages = [replace(p, span=Span(min(p.span.start, len(text)), min(p.span.end, len(text)))) for p in pages]
    findings = [*findings, *_lost(text, findings)]
    return Body(text, media_type, source or _source(pages), encoding, tuple(pages), tuple(fragments), tuple(findings))


def _refuse_garbage(sheets: Sequence[Sheet]) -> None:
    size = strange = 0
    for line in (line for sheet in sheets for line in sheet.lines):
        size += len(line.text)
        strange += 0 if line.text.isprintable() else len(_STRANGE.findall(line.text))
    if size >= _STRANGE_FROM and strange > _STRANGE_SHARE * size:
        raise ReadFailure("no-text", "chữ trong tệp đã hỏng hoặc tệp không phải văn bản; xin gửi lại tệp")


def _lost(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """A word about letters that the file no longer has; said once."""
    count = text.count("\ufffd")
    if not count or any(finding.code == "lost-letters" for finding in findings):
        return []
    return [Finding("lost-letters", f"Tệp hỏng ở {count} chỗ: chữ đã mất hiện là \ufffd, cần đối chiếu bản giấy.")]


def sheets_of(body: Body) -> list[Sheet]:
    """A body taken apart into its sheets again."""
    boxes = {fragment.span.start: fragment.box for fragment in body.fragments}
    sheets = []
    for page in body.pages:
        offset, lines = page.span.start, []
        for text in page.span.of(body.text).split("\n"):
            if text:
                lines.append(Line(text, boxes.get(offset)))
            offset += len(text) + 1
        sheets.append(Sheet(page.number, tuple(lines), page.width, page.height, page.source, page.confidence))
    return sheets


def decoded(sheets: Sequence[Sheet]) -> tuple[list[Sheet], str]:
    """The sheets with legacy letters as Unicode, and how they were stored; Unicode sheets stay as they are."""
    stored = [encodings.detect("\n".join(line.text for line in sheet.lines)) for sheet in sheets]
    if not any(name in encodings.DECODERS for name in stored):
        return list(sheets), "unicode"
    texts, encoding = encodings.unify([line.text for sheet in sheets for line in sheet.lines])
    lines = iter(texts)
    result = []
    for sheet in sheets:
        result.append(replace(sheet, lines=tuple(replace(line, text=next(lines)) for line in sheet.lines)))
    return result, encoding


def _source(pages: Sequence[Page]) -> str:
    """How most pages were read."""
    return Counter(page.source for page in pages).most_common(1)[0][0] if pages else "text-layer"


def without_running_heads(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets without bare page numbers and without lines repeated at the edge of most pages."""
    repeated = _repeated(sheets)
    result = []
    for sheet in sheets:
        kept = tuple(line for line in sheet.lines if not _runs(line, sheet, repeated))
        result.append(replace(sheet, lines=kept))
    return result


def _at_edge(line: Line, sheet: Sheet) -> bool:
    if line.box is None or sheet.height <= 0:
        return False
    return line.box[3] < sheet.height * _MARGIN or line.box[1] > sheet.height * (1 - _MARGIN)


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", " ".join(line.text.split())).casefold()


def _repeated(sheets: Sequence[Sheet]) -> frozenset[str]:
    if len(sheets) < 3:
        return frozenset()
    counts = Counter(key for sheet in sheets for key in {_key(li) for li in sheet.lines if _at_edge(li, sheet)})
    return frozenset(key for key, count in counts.items() if key and count >= 3 and count * 2 > len(sheets))


def is_page_number(text: str) -> bool:
    """Whether a line says nothing but the number of its page.

    >>> is_page_number("- 3 -"), is_page_number("Trang 2/5"), is_page_number("Năm 2016")
    (True, True, False)
    """
    return _NUMBER.fullmatch(text.strip()) is not None


def _runs(line: Line, sheet: Sheet, repeated: frozenset[str]) -> bool:
    if not _at_edge(line, sheet):
        return False
    return is_page_number(line.text) or (_key(line) in repeated and not secrecy.of_line(line.text))
