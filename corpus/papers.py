"""Several documents in one file: letters scanned together, a dispatch with what it sends (văn bản đóng chung).

A further document begins with a whole letterhead of its own, number, day and subject, after the first was signed.
What a decision issues and annexes with forms are parts of it (`attachments`), whatever letterhead they print.
Each document is read as if it stood alone; its sections are `vb2`, `vb2.ii.3` and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from types import MappingProxyType
from typing import TypeVar

from corpus import citations, issuers, number, offices, sections, signing, tasks
from corpus import heading as headings
from corpus.model import Citation, Evidence, Heading, Kind, Level, Paper, Section, Span, Task
from corpus.pieces import Piece, cut, shouted

MOST = 200
"""Letterheads that are looked at: no file of an office holds more, a hostile one may."""
HEAD = 6_000
"""Characters from a letterhead on in which number, day and subject stand."""
SURE = 0.7
"""Confidence of the number from which a letterhead counts as read."""

# «CỘNG HÒA XÃ HỘI …», «ĐẢNG CỘNG SẢN VIỆT NAM»; plain letters first, which makes the search fast.
_ANCHOR = re.compile(r"NG[ ]{1,3}(?:H[OÒÓỎÕỌ][AÀÁẢÃẠ][ ]{1,3}X[ÃAÂÀÁ][ ]{1,3}H|S[ẢAÁẠÀ]N[ ]{1,3}VI[ỆÊEẸ]T[ ]{1,3}N)")
_ABOVE = 7  # lines of a letterhead that may stand over the State's or Party's name
_NUMBER_LINE = re.compile(r"[Ss][ốôóỐ]\s{0,3}[:.]?\s{0,3}[\d.…]")
_NUMBERED = re.compile(r"(?<!\w)[Ss][ốôóỐ]\s{0,3}[:.;]?\s{0,3}\d")
_FORM = re.compile(r"(?:PHỤ LỤC|Phụ lục|MẪU|Mẫu|BIỂU|Biểu)(?!\w)")
_WITH = re.compile(r"kèm\s+theo", re.IGNORECASE)
_COPIES = frozenset({"SY", "TrS", "SL", "BS", "SYB", "STr"})
"""Marks of certified copies: a stamp under the document that was copied, no document of its own."""

Value = TypeVar("Value", Section, Citation, Task)


def read(text: str) -> tuple[Heading, tuple[Paper, ...]]:
    """The heading of the first document in an NFC text, and the documents that follow it. Linear in the text."""
    first = headings.extract(text)
    starts: list[int] = []
    current = first
    for at in _letterheads(text, first.close):
        low = max(_closed(current), starts[-1] if starts else 0)
        signed = current.close is not None and (current.signer or current.recipients)
        if not signed or at < low:
            continue
        begin = _begins(text, at, low)
        if not _opens(text, begin, current, low):
            continue
        if not starts:
            first = headings.extract(text[:begin])
        starts.append(begin)
        current = _moved(headings.extract(text[begin:]), begin)
    return first, tuple(_papers(text, starts))


def _papers(text: str, starts: Sequence[int]) -> Iterator[Paper]:
    for count, (start, end) in enumerate(pairwise((*starts, len(text))), 2):
        yield Paper(f"vb{count}", Span(start, end), _moved(headings.extract(text[start:end]), start))


def _letterheads(text: str, close: int | None) -> Iterator[int]:
    """Where the name of the State or the Party opens a letterhead, from the first closing block on."""
    found = _ANCHOR.finditer(text, len(text) if close is None else close)
    return (match.start() for match in islice(found, MOST))


def _closed(heading: Heading) -> int:
    """Where the closing block of a document has said all it says."""
    said = (heading.evidence.get(name) for name in ("recipients", "signer", "office", "capacity"))
    return max((one.span.end for one in said if one and one.span), default=heading.close or 0)


def _begins(text: str, anchor: int, low: int) -> int:
    """Where the letterhead around an anchor begins: bodies and number may stand over the State's name."""
    begin = text.rfind("\n", low, anchor) + 1 or low
    pieces = [piece for piece in cut(text, max(low, begin - 900), begin) if not piece.ornament]
    kept: list[Piece] = []
    for piece in reversed(pieces[-_ABOVE:]):
        if not _of_letterhead(piece):
            break
        kept.append(piece)
    while kept and not (issuers.names_body(kept[-1]) or _NUMBER_LINE.match(kept[-1].text)):
        kept.pop()
    return kept[-1].span.start if kept else begin


def _of_letterhead(piece: Piece) -> bool:
    words = piece.text
    if _NUMBER_LINE.match(words) or issuers.names_body(piece):
        return not signing.is_capacity(words)
    signs = signing.is_capacity(words) or signing.is_office(words) or offices.is_person(words)
    return shouted(words) and not signs


def _opens(text: str, begin: int, before: Heading, low: int) -> bool:
    """Whether a whole letterhead stands here, and what it heads is neither a form nor a part of the document before."""
    window = text[begin : begin + HEAD]
    if not _NUMBERED.search(window, 0, 1_500):  # a form, or the State's name in running text
        return False
    found = headings.extract(window)
    read = found.evidence.get("number")
    if found.number is None or found.issued_on is None or not found.title or found.draft or read is None:
        return False
    if read.confidence < SURE or read.span is None or read.span.start > 1_500 or found.start > 300:
        return False
    if _key(found) == _key(before) or _is_copy(found):
        return False
    above = [piece.text for piece in cut(text, max(low, begin - 300), begin) if not piece.ornament]
    return not (above and _FORM.match(above[-1])) and not _issued_with(window[: found.end + 500], before)


def _key(heading: Heading) -> str | None:
    return number.key(heading.number) if heading.number else None


def _is_copy(heading: Heading) -> bool:
    codes = re.findall(r"[^\W\d_]+", heading.number or "")
    return heading.kind is Kind.COPY or bool(_COPIES.intersection(codes[:1]))


def _issued_with(window: str, before: Heading) -> bool:
    """«(Kèm theo Quyết định số …)»: the plan that the document before issues, though it prints a letterhead."""
    for match in _WITH.finditer(window):
        near = window[match.end() : match.end() + 160]
        if any(number.key(found) == _key(before) for _, found in number.find(near)):
            return True
    return False


# -- each document read alone


def outline(text: str, heading: Heading, papers: Sequence[Paper]) -> tuple[Section, ...]:
    """The sections of all documents of the text; each further one stands in a section of its own."""
    found = list(sections.extract(_first(text, papers), heading))
    for paper in papers:
        own = _moved(paper.heading, -paper.span.start)
        label = " ".join(filter(None, (own.kind_printed or "Văn bản", own.number)))
        found.append(Section(paper.section, label, Level.PAPER, own.title or "", paper.span))
        inner = sections.extract(paper.span.of(text), own)
        found += [_placed(section, paper) for section in inner]
    return tuple(found)


def cite(
    text: str, heading: Heading, papers: Sequence[Paper], parts: Sequence[Section]
) -> tuple[Citation, ...]:
    """The citations of all documents; short forms in one mean what that one named."""
    found = list(citations.extract(_first(text, papers), heading, _own(parts, papers)))
    for paper in papers:
        own = _moved(paper.heading, -paper.span.start)
        cited = citations.extract(paper.span.of(text), own, _within(parts, paper))
        found += [_placed(citation, paper) for citation in cited]
    return tuple(found)


def give(
    text: str, heading: Heading, papers: Sequence[Paper], parts: Sequence[Section], cited: Sequence[Citation]
) -> tuple[Task, ...]:
    """The tasks all documents give."""
    found = list(tasks.extract(_first(text, papers), heading, _own(parts, papers), cited))
    for paper in papers:
        own = _moved(paper.heading, -paper.span.start)
        given = tasks.extract(paper.span.of(text), own, _within(parts, paper), ())
        found += [_placed(task, paper) for task in given]
    return tuple(found)


def _first(text: str, papers: Sequence[Paper]) -> str:
    return text[: papers[0].span.start] if papers else text


def _own(parts: Sequence[Section], papers: Sequence[Paper]) -> Sequence[Section]:
    """The sections of the first document."""
    return [part for part in parts if part.span.start < papers[0].span.start] if papers else parts


def _within(parts: Sequence[Section], paper: Paper) -> list[Section]:
    """The sections of a further document, as they are named when it stands alone."""
    inner = f"{paper.section}."
    by = -paper.span.start
    return [
        replace(
            part, id=part.id.removeprefix(inner), span=_shifted(part.span, by),
            parent=part.parent.removeprefix(inner) if part.parent and part.parent != paper.section else None,
        )
        for part in parts
        if part.id.startswith(inner)
    ]  # fmt: skip


def _placed(value: Value, paper: Paper) -> Value:
    """What was read of a document that stood alone, at its place in the file."""
    span = _shifted(value.span, paper.span.start)
    if isinstance(value, Section):
        parent = f"{paper.section}.{value.parent}" if value.parent else paper.section
        return replace(value, id=f"{paper.section}.{value.id}", span=span, parent=parent)
    section = f"{paper.section}.{value.section}" if value.section else paper.section
    return replace(value, section=section, span=span)


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _moved(heading: Heading, by: int) -> Heading:
    """The heading with every offset moved."""
    evidence = {
        name: Evidence(_shifted(one.span, by) if one.span else None, one.confidence)
        for name, one in heading.evidence.items()
    }
    close = None if heading.close is None else heading.close + by
    return replace(
        heading, start=heading.start + by, end=heading.end + by, close=close, evidence=MappingProxyType(evidence)
    )
