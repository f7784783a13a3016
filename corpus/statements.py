"""Statements of a paper: sentences with the headings over them, and whether they tell of work done.

DOMAIN §4.7: reports list results, then shortfalls, then what is to come; only the first two answer a task.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources

from corpus import zones
from corpus.assignees import Reading, alternation, body_end, canonical, reading, split_bodies
from corpus.assignments import Strength, assignments
from corpus.concern import specific
from corpus.figures import figures
from corpus.model import Heading, Kind, Span
from corpus.paragraphs import PROSE, Paragraph, tree
from corpus.text import fold


class Told(StrEnum):
    """What a sentence tells about work."""

    DONE = "done"
    PART = "part"
    STATED = "stated"
    """Neither plainly done nor planned."""
    PLANNED = "planned"
    """Still to come, asked for, or only a rule."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or heading of a paper."""

    span: Span
    text: str
    above: str
    """The headings over it, outermost first."""
    told: Told
    heading: bool
    results: bool
    """In the part of a report that tells results."""
    whole: Span
    """The full sentence when `span` is a clause of it."""
    under: int
    """Where the text under a heading ends; the end of the span for a sentence."""
    actor: tuple[str, ...]
    """The bodies the sentence or the heading right over it names as doing the work."""

    @property
    def counted(self) -> bool:
        """Whether it tells of work done in figures."""
        return self.told is Told.DONE and re.search(r"\d", self.text) is not None


@cache
def lexicon() -> Mapping[str, Mapping[str, list[str]]]:
    """The word lists of `data/evidence.toml`."""
    return tomllib.loads(resources.files("corpus").joinpath("data/evidence.toml").read_text("utf-8"))


@cache
def _words(section: str, name: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + alternation(lexicon()[section][name]))


@cache
def _titles(name: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + alternation(fold(word) for word in lexicon()["zones"][name]))


@dataclass(frozen=True, slots=True)
class _Place:
    above: tuple[str, ...] = ()
    future: bool = False
    basis: bool = False
    shortfall: bool = False
    actor: tuple[str, ...] = ()


def read(text: str, heading: Heading) -> tuple[Statement, ...]:
    """The statements between the title and the closing block, in text order."""
    end = heading.close if heading.close is not None and heading.close > heading.end else len(text)
    found = tuple(_walk(text, tree(text, heading.end, end), _Place(), report=_reports(heading)))
    return tuple(_with_text_under(found))


def _with_text_under(found: Sequence[Statement]) -> Iterator[Statement]:
    """Tell each heading how far the sentences that follow it reach, up to the next heading."""
    for number, statement in enumerate(found):
        if statement.heading:
            last = number
            while last + 1 < len(found) and not found[last + 1].heading and last - number < 4:
                last += 1
            statement = replace(statement, under=found[last].span.end)
        yield statement


def _reports(heading: Heading) -> bool:
    return heading.kind is Kind.REPORT


def _walk(
    text: str, paragraphs: tuple[Paragraph, ...] | list[Paragraph], place: _Place, *, report: bool
) -> Iterator[Statement]:
    outer = place
    for paragraph in paragraphs:
        words = paragraph.span.of(text)
        if not words.strip():
            yield from _walk(text, paragraph.children, place, report=report)
            continue
        title = _is_title(paragraph, words)
        # An unnumbered heading holds until the next; a list of bases also ends at a numbered one.
        base = outer if paragraph.rank == PROSE else replace(place, basis=outer.basis)
        inner = _below(words, base, paragraph) if title else place
        if title and not inner.basis:
            yield _heading(paragraph, words, place, inner, report=report)
        elif not title and not place.basis and not (paragraph.row and _is_bare_row(words)):
            yield from _sentences(text, paragraph.span, place, report=report)
        yield from _walk(text, paragraph.children, inner if title else place, report=report)
        if title and paragraph.rank == PROSE and not paragraph.children:
            place = inner


def _is_bare_row(words: str) -> bool:
    """A table line of figures and names only, or a line of the table of contents."""
    return max(map(len, words.split("\t"))) < 40 or re.search(r"(?:\t|\.{4,}\s?)\d{1,3}$", words) is not None


def _is_title(paragraph: Paragraph, words: str) -> bool:
    if paragraph.row:
        return False
    if words.endswith(":") and len(words) < 160:
        return True
    numbered = paragraph.rank < PROSE
    if numbered and paragraph.children and _outlines(words):
        return True
    if len(words) >= 220:
        return False
    if _TERMINATED.search(words[-5:]):
        # A title closed by a full stop over numbered parts, and not a sentence that tells something.
        labelled = any(child.rank < PROSE for child in paragraph.children)
        below = numbered and (labelled or (bool(paragraph.children) and bool(_NOUN_TITLE.match(words))))
        return (
            below and not re.search(r"[.;]\s", words) and not _words("told", "done").search(canonical(words))
        )
    return bool(paragraph.children) or (len(words) < 120 and numbered) or words.isupper()


def _outlines(words: str) -> bool:
    """A heading of several sentences, copied from the outline that the report follows."""
    told = _words("told", "done").search(canonical(words)) or re.search(r"\d", words)
    return bool(_NOUN_TITLE.match(words)) and len(words) < 450 and not told


_NOUN_TITLE = re.compile(r"(?:Công tác|Việc|Về|Tình hình|Kết quả|Nhóm|Nội dung|Đánh giá)\b")
_TERMINATED = re.compile(r"[.;!?…/][\"”'’)\s]*$")


def _below(words: str, place: _Place, paragraph: Paragraph) -> _Place:
    bare = fold(words)
    shortfall = bool(_titles("shortfall").search(bare))
    future = bool(_titles("future").search(bare)) and not shortfall and not zones.tells_outcome(bare)
    future = future and not _OFFERED.search(bare)
    basis = bool(_titles("basis").match(bare)) and paragraph.rank > 0 and not _TELLS.search(bare)
    basis = basis or bool(_WORLD.search(bare))
    line = reading(words)
    named = assignments(line)
    actor = named[0].lead if named and named[0].strength in (Strength.NAMED, Strength.DUTY) else place.actor
    if (ended := body_end(line, 0)) and not line.text[ended[0] :].strip(" :."):
        actor = split_bodies(line.text[: ended[0]])  # «Ủy ban nhân dân các xã, phường»: what these did
    return _Place(
        (*place.above, _flat(words)),
        place.future or future,
        place.basis or basis,
        place.shortfall or shortfall,
        actor,
    )


_TELLS = re.compile(r"\b(?:nhu sau|sau day|noi dung sau)\s?:$|^yeu cau ve\b|^dac diem tinh hinh\b")
"""It introduces what follows, says what somebody needs («Yêu cầu về hạ tầng») or how things stand."""
_WORLD = re.compile(r"\b(?:tren|tinh hinh) the gioi\b")
"""What happens in the world is nobody's result."""
_OFFERED = re.compile(r"\bbao cao\b[^:]*\b(?:nhu sau|noi dung sau|sau day)\s?:$")
"""«Sở Nội vụ báo cáo, đề xuất … như sau:» opens the whole paper, and not its proposals alone."""


def _flat(words: str) -> str:
    return " ".join(words.split())


def _heading(paragraph: Paragraph, words: str, place: _Place, inner: _Place, *, report: bool) -> Statement:
    told = Told.PLANNED if inner.future else Told.STATED
    return Statement(
        paragraph.span,
        _flat(words),
        " ".join(place.above[-3:]),
        told,
        True,
        report and not inner.future,
        paragraph.span,
        paragraph.span.end,
        inner.actor,
    )


def _sentences(text: str, span: Span, place: _Place, *, report: bool) -> Iterator[Statement]:
    told, ended = Told.STATED, 0
    for low, high, whole in split(text, span):
        words = text[low:high]
        if len(words) < 12:
            continue
        line = reading(words)
        carried = told is Told.PLANNED and ended and text[ended] == ";"
        told = _told(line, place, report=report)
        if carried and not line.marked.startswith(("đã", "đến nay", "kết quả", "tính đến")):
            told = Told.PLANNED
        ended = high
        yield Statement(
            Span(low, high), _flat(words), " ".join(place.above[-3:]), told, False,
            report and not place.future and not place.shortfall, whole, high, _actor(line) or place.actor,
        )  # fmt: skip


_STOP = re.compile(
    r"(?<![\s.][A-ZĐ])(?<!\bTP)(?<!\bTp)(?<!\bsố)[.!?…]+[\"”)]?\s+(?=[^\W\da-zà-ỹđ]|[\"“(]|\d)"
    r"|\.(?=[A-ZĐ][a-zà-ỹ]{1,6}\s)"
)
_CLAUSE = re.compile(r";\s+(?=\S)")
LONG = 260
"""Characters above which a sentence is also cut at semicolons."""


def split(text: str, span: Span) -> Iterator[tuple[int, int, Span]]:
    """Sentences of a paragraph, long ones cut at semicolons: (start, end, the whole sentence)."""
    start = span.start
    for stop in (*_STOP.finditer(text, span.start, span.end), None):
        end = stop.start() + 1 if stop else span.end
        if start < end:
            yield from _clauses(text, start, end)
        start = stop.end() if stop else end


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int, Span]]:
    low, whole = start, Span(start, end)
    for stop in _CLAUSE.finditer(text, start, end):
        if stop.start() - low >= LONG // 2:
            yield low, stop.start(), _around(whole, low, stop.start())
            low = stop.end()
    yield low, end, _around(whole, low, end)


def _around(whole: Span, low: int, high: int) -> Span:
    """The sentence, unless it is too long to quote: then the clause and some of what follows is left out."""
    return whole if whole.end - whole.start <= 400 else Span(low, high)


_ORDERED = re.compile(
    r"(?:giải pháp(?: khắc phục)?|đề xuất(?: giải pháp)?(?: khắc phục)?|nhiệm vụ|phương hướng|kiến nghị)"
    r"[^.:]{0,40}:\s"
)


@cache
def _figure() -> re.Pattern[str]:
    counted = alternation(lexicon()["told"]["counted"])
    return re.compile(rf"\d[\d.,]*\s?%|\d+/\d+|\d[\d.]*\s{counted}")


_DEADLINE = re.compile(r"\(?\s?(?:thời hạn|hạn chót)\s")
"""A deadline is recalled."""
_ORDER_AT_START = re.compile(r"(?:giao|yêu cầu|đề nghị|kiến nghị|kính đề nghị|đề xuất)\s")


@cache
def _requests() -> re.Pattern[str]:
    whom = alternation(lexicon()["told"]["asked"])
    return re.compile(rf"(?<!\w)(?:đề nghị|kiến nghị|đề xuất|yêu cầu)\s(?={whom})")


_OF = re.compile(r"(?:theo|đã|của|những|các|có|đơn|hồ sơ|văn bản|tờ trình|công văn)\s$")
_CITED_ONLY = re.compile(
    r"(?:căn cứ|theo|xét)?\s{0,2}(?:luật|nghị định|quyết định|thông tư|công văn|chỉ thị|nghị quyết|kế hoạch)"
    r"\s(?:số\s)?[\d/]|(?:luật|bộ luật|pháp lệnh)\s[^.;:\d]{3,80}\snăm\s(?:19|20)\d\d"
)


def _told(line: Reading, place: _Place, *, report: bool) -> Told:
    done = _words("told", "done").search(line.marked)
    if place.future or _DEADLINE.match(line.marked) or _ORDERED.match(line.marked) or _CITED_ONLY.match(line.marked):
        return Told.PLANNED
    if line.marked.startswith(("“", '"')) or re.match(r"(?:khoản|điểm|điều)\s[\da-zđ]", line.marked):
        return Told.PLANNED
    planned = _words("told", "planned").search(line.marked)
    asked = _requests().search(line.marked)
    if (
        asked
        and not _OF.search(line.marked[: asked.start()][-10:])
        and (planned is None or asked.start() < planned.start())
    ):
        planned = asked
    if _ORDER_AT_START.match(line.marked) or (planned and (not done or planned.start() < done.start())):
        return Told.PLANNED
    part = _words("told", "partial").search(line.marked.replace("chậm nhất", ""))
    figure = _figure().search(line.marked) and figures(line.text)  # «ngày 14/3/2025» counts nothing
    if _words("told", "duty").search(line.marked) and not done and not figure:
        return Told.PLANNED
    if part and (done or figure or place.shortfall or report):
        return Told.PART
    if done or (figure and report):
        return Told.DONE
    return Told.STATED


def _actor(line: Reading) -> tuple[str, ...]:
    """Who the sentence says did it: «Bảo hiểm xã hội tỉnh: Đã cập nhật …», «Sở Tư pháp đã thực hiện …»."""
    named = _bodies_at(line, 0)
    label = _LABEL.match(line.text)
    if named or label is None:
        return named
    return tuple(name for name in _bodies_at(line, label.end()) if specific(name))


_LABEL = re.compile(r"[^:;,.]{3,60}:\s")
"""What the sentence is about: «Chỉ số cải cách hành chính: Ngày 23/10, Bộ Nội vụ đã ban hành …»."""


def _bodies_at(line: Reading, start: int) -> tuple[str, ...]:
    when = _WHEN.match(line.text, start)
    start = when.end() if when else start
    ended = body_end(line, start)
    if not ended or ended[0] - start > 160 or line.marked.startswith("quỹ ", start):
        return ()
    return split_bodies(line.text[start : ended[0]])


_WHEN = re.compile(r"(?:Ngày|Trong|Đến|Năm|Tháng|Quý|Từ|Đầu|Cuối|Thời gian)\b[^,;]{0,60},\s")
