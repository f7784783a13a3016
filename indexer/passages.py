"""Cutting a document into passages: small enough to be an answer, each under the titles it stands under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import number
from corpus.model import Heading, Level, Paper, Section
from corpus.text import normalise
from indexer.ports import Passage

LONGEST = 1_800  # characters; what is longer is cut at its paragraphs
_SMALL = {Level.SUBCLAUSE, Level.POINT, Level.DASH, Level.ROW}
_LONGEST_TITLE = 200  # characters; a longer «title» is a paragraph


@dataclass(slots=True)
class _Piece:
    """A stretch of text and the section it belongs to; None before the first, and in the closing block."""

    section: Section | None
    start: int
    end: int
    closing: bool = False


def passages(
    document_id: str, heading: Heading, sections: Sequence[Section], text: str, papers: Sequence[Paper] = ()
) -> tuple[Passage, ...]:
    """Every character of the text is in one passage, but for those of space only.

    A passage of one of the further documents of the file (`papers`) carries that one's number and title.
    """
    by_id = {section.id: section for section in sections}
    text = without_wrong_number(heading, text)
    found: list[Passage] = []
    seen: dict[str, int] = {}
    for piece in _cut(_merge(_pieces(heading, sections, text), by_id), text):
        section = piece.section.id if piece.section else ""
        own = next((one.heading for one in papers if one.span.start <= piece.start < one.span.end), heading)
        name = section or ("_cuoi" if piece.closing else "")
        seen[name] = seen.get(name, 0) + 1
        again = f"~{seen[name]}" if seen[name] > 1 else ""
        found.append(
            Passage(
                id=f"{document_id}#{name}{again}", document=document_id, section=section,
                heading=" / ".join(_titles(piece.section, by_id, text)), title=_title(own),
                text=normalise(text[piece.start : piece.end]), number=own.number,
                start=piece.start, end=piece.end,
            )
        )  # fmt: skip
    return tuple(found)


def _title(heading: Heading) -> str:
    return " ".join(filter(None, (heading.kind_printed, heading.number, heading.title)))


def without_wrong_number(heading: Heading, text: str) -> str:
    """The text, with blanks in place of a number on the letterhead that a person corrected: it must find nothing."""
    evidence = heading.evidence.get("number")
    if evidence is None or evidence.span is None:
        return text
    span = evidence.span
    own = number.key(heading.number) if heading.number else ""
    if all(number.key(found) == own for _, found in number.find(span.of(text))):
        return text
    return text[: span.start] + " " * (span.end - span.start) + text[span.end :]


def _pieces(heading: Heading, sections: Sequence[Section], text: str) -> Iterator[_Piece]:
    """The text, parted where a section or the closing block begins."""
    starts: dict[int, tuple[Section | None, bool]] = {0: (None, False)}
    if heading.close is not None:
        starts[heading.close] = (None, True)
    for section in sections:
        starts[section.span.start] = (section, False)
    ordered = sorted(starts)
    for start, end in zip(ordered, [*ordered[1:], len(text)], strict=True):
        section, closing = starts[start]
        if text[start:end].strip():
            yield _Piece(section, start, end, closing)


def _joins(first: Section | None, last: Section | None, piece: _Piece, by_id: dict[str, Section]) -> bool:
    """Whether a piece may stand in the passage that began with `first` and ended with `last`."""
    section = piece.section
    if first is None or last is None or section is None:
        return False
    clause_of_article = section.level == Level.CLAUSE and first.level == Level.ARTICLE
    if section.level not in _SMALL and not clause_of_article:
        return False
    return (section.parent == first.parent and first.level in _SMALL) or first in _chain(section, by_id)[:-1]


def _merge(pieces: Iterator[_Piece], by_id: dict[str, Section]) -> Iterator[_Piece]:
    """Small pieces joined to what they stand in, while the whole stays an answer."""
    held: _Piece | None = None
    last: Section | None = None
    for piece in pieces:
        fits = held is not None and piece.end - held.start <= LONGEST and held.end == piece.start
        if held is not None and fits and _joins(held.section, last, piece, by_id):
            held.end = piece.end
        else:
            if held is not None:
                yield held
            held = piece
        last = piece.section
    if held is not None:
        yield held


def _cut(pieces: Iterator[_Piece], text: str) -> Iterator[_Piece]:
    """Long pieces cut at the last line, sentence or space before the limit."""
    for piece in pieces:
        for start, end in stretches(text, piece.start, piece.end):
            yield _Piece(piece.section, start, end, piece.closing)


def stretches(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Where a long text is cut so that each part may be an answer; parts of space only are left out."""
    last = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    while last - start > LONGEST:
        cut = _boundary(text, start, start + LONGEST)
        found.append((start, cut))
        start = cut
    found.append((start, last))
    return [(first, end) for first, end in found if text[first:end].strip()]


def _boundary(text: str, start: int, limit: int) -> int:
    for mark in ("\n", ". ", "; ", " "):
        at = text.rfind(mark, start + LONGEST // 2, limit)
        if at > 0:
            return at + len(mark)
    return limit


def _chain(section: Section | None, by_id: dict[str, Section]) -> list[Section]:
    """The section and those it stands in, outermost first."""
    found: list[Section] = []
    while section is not None and section not in found:
        found.insert(0, section)
        section = by_id.get(section.parent) if section.parent else None
    return found


def _titles(section: Section | None, by_id: dict[str, Section], text: str) -> list[str]:
    return [normalise(s.title) for s in _chain(section, by_id) if s.title and _headed(s, text)]


def _headed(section: Section, text: str) -> bool:
    """Whether its title is a heading of its own, not the first sentence of a paragraph."""
    if section.level in _SMALL or section.level is Level.PAPER or len(section.title) > _LONGEST_TITLE:
        return False
    if section.level != Level.CLAUSE:
        return True
    line = text[section.span.start : section.span.start + 2 * _LONGEST_TITLE].lstrip().partition("\n")[0]
    return line.rstrip(" .:;").endswith(section.title.rstrip(" .:;"))
