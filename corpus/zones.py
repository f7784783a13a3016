"""Which parts of a document assign work, by its kind and by the titles of its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from corpus.assignees import alternation, lexicon
from corpus.model import Heading, Kind, Span
from corpus.text import fold


class Zone(IntEnum):
    """How readily a stretch of the document is read as work."""

    NONE = 0
    """Purposes, requirements, results: nothing here is assigned."""
    EXPLICIT = 1
    """Only sentences that plainly assign."""
    CARRIED = 2
    """Sentences that assign, and lists under a named body (a report's tasks for the next period)."""
    ITEMS = 3
    """Lists of measures: also items that begin with an action."""
    WORK = 4
    """Sections named tasks, contents, measures: every item."""


_BY_KIND: dict[Zone, tuple[Kind, ...]] = {
    Zone.ITEMS: (
        Kind.PLAN,
        Kind.JOINT_PLAN,
        Kind.PROGRAMME,
        Kind.SCHEME,
        Kind.PROJECT,
        Kind.CONTINGENCY_PLAN,
        Kind.DIRECTIVE,
        Kind.PARTY_CIRCULAR,
        Kind.APPEAL,
    ),
    Zone.EXPLICIT: (
        Kind.DECISION,
        Kind.RESOLUTION,
        Kind.JOINT_RESOLUTION,
        Kind.NOTICE,
        Kind.CONCLUSION,
        Kind.OFFICIAL_LETTER,
        Kind.TELEGRAM,
        Kind.MINUTES,
        Kind.STRATEGY,
        Kind.MASTER_PLAN,
    ),
    Zone.NONE: (Kind.REPORT, Kind.GUIDANCE),
}


_LOOSE = (
    Kind.NOTICE,
    Kind.CONCLUSION,
    Kind.RESOLUTION,
    Kind.JOINT_RESOLUTION,
    Kind.STRATEGY,
    Kind.MASTER_PLAN,
)


def ceiling(kind: Kind | None) -> Zone:
    """How far a section's title can open the zone: «Nội dung» in a letter is not a list of work."""
    zone = of_kind(kind)
    if zone is not None and zone >= Zone.ITEMS:
        return Zone.WORK
    return Zone.ITEMS if kind in _LOOSE else Zone.CARRIED


def of_kind(kind: Kind | None) -> Zone | None:
    if kind is None:
        return Zone.EXPLICIT
    return next((zone for zone, kinds in _BY_KIND.items() if kind in kinds), None)


@dataclass(frozen=True, slots=True)
class Part:
    """The document itself, or something attached to it."""

    span: Span
    kind: Kind | None
    """What the part is read as: a plan attached to a decision is a plan."""


_ATTACHED = re.compile(
    r"^[ \t*]*(?:(?P<annex>PHỤ LỤC|Phụ lục|BẢNG PHÂN CÔNG|PHÂN CÔNG NHIỆM VỤ|DANH MỤC (?:CÁC )?NHIỆM VỤ)"
    r"|(?P<plan>KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN))(?!\w)",
    re.MULTILINE,
)


_OUTLINE = re.compile(r"(?<!\w)(?:ĐỀ CƯƠNG|Đề cương)(?!\w)")
"""What a report is to hold, and nobody's work."""


def parts(text: str, heading: Heading) -> Iterator[Part]:
    """The running text, then what is attached after the signature."""
    close = heading.close if heading.close is not None and heading.close > heading.end else len(text)
    yield Part(Span(heading.end, close), heading.kind)
    starts = list(_ATTACHED.finditer(text, close))
    for number, found in enumerate(starts, 1):
        end = starts[number].start() if number < len(starts) else len(text)
        if _OUTLINE.search(text[found.end() : found.end() + 200]):
            continue
        attached = found["plan"] and "kèm theo" in text[found.end() : found.end() + 500]
        yield Part(Span(found.end(), end), Kind.PLAN if attached else heading.kind)


@cache
def titles(name: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + alternation(fold(word) for word in lexicon()["titles"][name]))


def of_title(title: str, context_zone: Zone) -> Zone | None:
    """The zone a heading opens; None when its words do not say.

    >>> of_title("Mục đích, yêu cầu", Zone.ITEMS), of_title("Nhiệm vụ và giải pháp", Zone.ITEMS)
    (<Zone.NONE: 0>, <Zone.WORK: 4>)
    """
    bare = fold(title)
    organise, content = titles("organise").search(bare), titles("content").search(bare)
    skip = titles("skip").search(bare, 0, 40)
    if context_zone < Zone.WORK and tells_outcome(bare):
        return Zone.NONE
    if organise and not (skip and skip.start() < organise.start()):
        return Zone.ITEMS
    if content:
        return Zone.WORK
    if skip and skip.start() <= 12:
        return Zone.NONE
    return None


def tells_outcome(bare: str) -> bool:
    """Titles such as «Kết quả thực hiện nhiệm vụ» tell what was done."""
    return bool(
        re.match(
            r"\W*(?:mot so |nhung |danh gia |tinh hinh )?"
            r"(?:ket qua|tinh hinh|thong tin chung|han che|ton tai|uu diem)",
            bare,
        )
    )
