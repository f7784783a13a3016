"""Where a text names another document: its type, number or date, and the words after them.

What a mention means (short forms, roles, places) is worked out in `citations`.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from corpus import lexicon, number
from corpus.laws import named_law, numbered_law
from corpus.model import Kind, Span
from corpus.number import Number
from corpus.tails import Tail, day_before, read_tail

LAWS = (Kind.LAW, Kind.CODE, Kind.ORDINANCE, Kind.CONSTITUTION)
ANY = "văn bản"
"""The name that stands for every type."""


@dataclass(frozen=True, slots=True)
class Name:
    """A printed name of a type in the text."""

    start: int
    end: int
    kind: Kind | None
    """None for «văn bản»."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One document named in the text, as far as the words themselves say."""

    span: Span
    how: str
    """`complete`, `bare` (a serial), `short` (an abbreviation or nickname), `dated`, `law`, `self`, `above`; `defined`
    (a word the text itself defines)."""
    kind: Kind | None
    number: Number | None = None
    printed: str | None = None
    """Number as read, without spaces; None where it cannot be trusted."""
    serial: str | None = None
    issued_on: dt.date | None = None
    year: int | None = None
    issuer: str | None = None
    title: str | None = None
    named: bool = True
    """A type stands before the number."""


@dataclass(frozen=True, slots=True)
class Page:
    """A text with what is looked up in it again and again."""

    text: str
    lower: str
    """The same in small letters, character by character."""
    names: tuple[Name, ...]

    def name_before(self, at: int) -> Name | None:
        """The last name of a type that ends at or before `at`."""
        index = bisect_right(self.names, at, key=lambda name: name.end) - 1
        return self.names[index] if index >= 0 else None


@cache
def _kinds() -> re.Pattern[str]:
    """Names of types in small letters, grouped by their first syllable: a page is full of near misses."""
    by_first: dict[str, list[str]] = {}
    for name in (*lexicon.kind_names(), ANY):
        first, _, rest = name.lower().partition(" ")
        by_first.setdefault(first, []).append(rest.replace(" ", r"\s{1,3}"))
    groups = []
    for first, rests in by_first.items():
        longer = "|".join(sorted((rest for rest in rests if rest), key=len, reverse=True))
        optional = "?" if "" in rests else ""
        groups.append(first + (rf"(?:\s{{1,3}}(?:{longer}))" + optional if longer else ""))
    return re.compile(rf"\b(?:{'|'.join(groups)})\b")


def page(text: str) -> Page:
    """Prepare an NFC text."""
    lower = text.lower()
    if len(lower) != len(text):  # a few foreign capitals have two small letters
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    found = (m for m in _kinds().finditer(lower) if not _of_law(lower, m))
    return Page(text, lower, tuple(Name(*m.span(), lexicon.kind_named(m.group())) for m in found))


_LAW_AT_LARGE = re.compile(r"(?:pháp|kỷ|đúng|trái)\s{1,3}\Z")
_BEARING_RULES = re.compile(r"\s{1,3}quy\s{1,3}phạm\b")


def _of_law(lower: str, name: re.Match[str]) -> bool:
    """«văn bản quy phạm pháp luật» names a class of documents, and is part of the names of laws."""
    start, end = name.span()
    if lower.startswith("luật", start):
        return _LAW_AT_LARGE.search(lower, max(0, start - 8), start) is not None
    return lower.startswith(ANY, start) and _BEARING_RULES.match(lower, end) is not None


def find(page: Page) -> tuple[Mention, ...]:
    """Every mention in text order, without overlaps; a complete number wins over everything."""
    complete = list(_complete(page))
    starts = [mention.span.start for mention in complete]
    found = complete[:]
    for other in (*_named(page), *_abbreviated(page)):
        at = bisect_right(starts, other.span.start)
        inside = at > 0 and complete[at - 1].span.end > other.span.start
        if not inside and not (at < len(starts) and starts[at] < other.span.end):
            found.append(other)
    found.sort(key=lambda mention: (mention.span.start, -mention.span.end))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return tuple(kept)


# -- complete numbers

_GAP = re.compile(r"\s{0,3}(?P<words>(?:[^\W\d_]+\s+){0,8}?)(?:(?P<number>s[ốôỗo])\s{0,3})?[:.]?\s{0,3}[\"“(]?\s?")
_LEAD = re.compile(r"(?:\b(?:qđ|nq|ct|kl|kh|tb|tt|nđ|cv|vb|hd|bc|ttr)\s{0,2}:?\s{0,2})?(?:s[ốô]\s{0,3})?[:.]?\s{0,3}\Z")
_NOT_NAME = re.compile(r"\b(?:này|kèm|theo|nêu|tại|và|là|thực hiện|ban hành)\b")
_ITEMS = re.compile(
    r"\s{1,3}(?:số\s{0,3}:?\s{0,3})?"
    r"(?P<items>(?:\d{1,5}[a-zđ]?(?:/(?:19|20)\d\d)?\s{0,2}(?:,|;|và)\s{0,3}(?:số\s{1,3})?){1,12})\Z"
)
_NEXT = re.compile(r"\s{0,3}(?:\)|[,;]|và|hoặc|,\s?và){1,2}\s{0,3}(?:số\s{0,3}:?\s{0,3})?")
# OCR parts the letters of the last unit: «BTP-BT TP ngày».
_PARTED = re.compile(r" ([A-ZĐ]{1,3})(?= (?:ngày|gửi|của|về|v/v)\b)")


def _complete(page: Page) -> Iterator[Mention]:
    previous: Mention | None = None
    symbols = list(number.complete(page.text))
    noted = any(_NOTED.match(page.text, span.end - 3, span.end) for span, _ in symbols)
    printed_too = Counter(found for _, found in symbols) if noted else Counter[Number]()
    for span, found in symbols:
        if noted and _NOTED.match(page.text, span.end - 3, span.end):
            span, found = _without_note(span, found, printed_too)
        if found.body is None:  # «10/2007/QĐ»: torn off
            continue
        start, kind, title = _before(page, span, found, previous)
        kind = kind or _kind_of(found)
        end, printed = _repaired(page, span, found)
        tail = read_tail(page.text, page.lower, end)
        for item in _listed(page, span, found, kind):
            start = span.start
            yield item
        mention = Mention(
            Span(start, tail.end), "complete", kind, found, printed,
            issued_on=tail.issued_on or day_before(page.text, page.lower, start, found.year),
            year=found.year or tail.year, issuer=tail.issuer, title=title or tail.title,
            named=_typed(page.lower[start : span.start]),
        )  # fmt: skip
        previous = mention
        yield mention


_NOTED = re.compile(r"[^\W\d_]{2}(?<!QH)\d")
"""«… NĐ-CP2», but neither «QH15» nor «K4»: the digit may be the mark of a footnote."""


def _without_note(span: Span, found: Number, symbols: Counter[Number]) -> tuple[Span, Number]:
    """«126/2024/NĐ-CP2», once, carries the mark of a footnote where the text has «126/2024/NĐ-CP» too."""
    marked = str(found)
    plain = next((symbol for symbol in symbols if str(symbol) == marked[:-1]), None)
    return (span, found) if plain is None or symbols[found] > 1 else (Span(span.start, span.end - 1), plain)


def _typed(lead: str) -> bool:
    """Whether more than «Số:» stands before a number."""
    return bool(re.sub(r"s[ốô]|\W", "", lead))


def _before(page: Page, span: Span, found: Number, previous: Mention | None) -> tuple[int, Kind | None, str | None]:
    """Where the mention of a number begins, the type and, for laws, the name printed before it."""
    name = page.name_before(span.start)
    if name and span.start - name.end <= 240:
        if name.kind in LAWS and (law := numbered_law(page.text, page.lower, name.start, name.end, span.start)):
            return law[0], name.kind, law[1]
        gap = _GAP.fullmatch(page.lower, name.end, span.start)
        if gap and (not gap["words"] or (gap["number"] and not _NOT_NAME.search(gap["words"]))):
            return name.start, name.kind, None
    lead = _LEAD.search(page.lower, max(0, span.start - 16), span.start)
    start = span.start - len(lead.group().lstrip()) if lead else span.start
    listed = previous is not None and _NEXT.fullmatch(page.lower, previous.span.end, span.start)
    if listed and previous and previous.number and previous.number.type == found.type:
        return start, previous.kind, None
    return start, None, None


def _kind_of(found: Number) -> Kind | None:
    """The type by the code; a Party «QĐ» may be Quyết định or Quy định."""
    if found.type:
        kinds = lexicon.kind_of_abbr(found.type)
        return None if found.side == "party" and len(kinds) > 1 else next(iter(kinds), None)
    old = found.marks == "--"
    lawgiver = (found.body or "").upper().startswith(("QH", "UBTVQH"))
    return None if old or lawgiver or found.year else Kind.OFFICIAL_LETTER


def _repaired(page: Page, span: Span, found: Number) -> tuple[int, str]:
    parted = _PARTED.match(page.text, span.end)
    if parted and found.units and not lexicon.bodies_of_code(found.units[-1]) and not found.type:
        return parted.end(), str(found) + parted[1]
    return span.end, str(found)


def _listed(page: Page, span: Span, last: Number, kind: Kind | None) -> Iterator[Mention]:
    """Serials before a number that share its tail: «Chỉ thị 11, 26-CT/TU»."""
    name = page.name_before(span.start)
    if name is None or span.start - name.end > 90:
        return
    items = _ITEMS.fullmatch(page.lower, name.end, span.start)
    if items is None:
        return
    start = name.start
    for item in re.finditer(r"(\d{1,5}[a-zđ]?)(?:/(\d{4}))?", page.text[slice(*items.span("items"))]):
        each = replace(last, serial=item[1], year=int(item[2]) if item[2] else last.year)
        end = items.start("items") + item.end()
        yield Mention(Span(start, end), "complete", kind, each, str(each), year=each.year)
        start = end + len(page.text[end : span.start]) - len(page.text[end : span.start].lstrip(" ,;"))


# -- names without a complete number

_THIS = re.compile(r"\s{1,3}này\b")
_ABOVE = re.compile(r"\s{1,3}(?:(?:đã\s)?(?:nêu|nói|dẫn|kể)\s{1,3}trên\b|trên\s{1,3}đây\b|trên(?=\s?[,.;)]))")
_SERIAL = re.compile(
    r"\s{1,3}(?P<so>s[ốô]\s{0,3}:?\s{0,3})?(?P<serial>\d{1,5}[abcdđ]?)(?![\w%/])(?![.,-]\d)"
    r"(?!\s?[-/+×x]\s?\d)(?!\s?[/-]\s?[a-zđ]{1,5}\b)"
)
_UNITS_OF_TIME = re.compile(
    r"\s{0,3}(?:năm(?!\s{1,3}(?:19|20)\d\d)|tháng|ngày(?!\s{0,3}\d)|tuần|quý|giờ|buổi|người|đồng|triệu|tỷ|%|bước|nhóm|điểm|nội\s+dung"
    r"|nhiệm\s+vụ|giải\s+pháp|loại|hộ|xã|lượt|chỉ\s+tiêu"
    r"|tiêu\s+chí|ha\b|km|lớp|khoản|mục|điều|bản|trang|kỳ|đợt|lần|cấp)"
)
_BY_SERIAL = frozenset(
    {
        Kind.RESOLUTION, Kind.DECISION, Kind.DIRECTIVE, Kind.CONCLUSION, Kind.PARTY_CIRCULAR, Kind.RULES,
        Kind.REGULATION, Kind.GUIDANCE, Kind.PROGRAMME, Kind.PLAN, Kind.REPORT, Kind.PROPOSAL, Kind.NOTICE,
        Kind.OFFICIAL_LETTER, Kind.DECREE, Kind.CIRCULAR, Kind.JOINT_CIRCULAR, Kind.TELEGRAM, Kind.ORDER,
        Kind.ORDINANCE, Kind.JOINT_RESOLUTION, Kind.JOINT_PLAN,
    }
)  # fmt: skip
"""Types whose bare serial means a document: «Hợp đồng số 5», «Dự án số 3» mean something else."""
ALONE = frozenset({Kind.RESOLUTION, Kind.DECISION, Kind.DIRECTIVE, Kind.CONCLUSION, Kind.DECREE, Kind.CIRCULAR})
"""Types of which «Chỉ thị 05», «NQ 29» mean a document even where the full number is printed nowhere."""
NICKNAMED = frozenset({Kind.SCHEME, Kind.PROGRAMME, Kind.PROJECT, Kind.STRATEGY})
"""Types called by the serial of the decision that approves them: «Đề án 89»."""
_BARE_YEAR = re.compile(r"\s{1,2}((?:19|20)\d\d)(?![\d/-]|[.,]\d)")
_DAY = re.compile(r"\s{1,3}(?=ngày\s{0,3}\d)")


def _named(page: Page) -> Iterator[Mention]:
    for name in page.names:
        if name.kind in LAWS and (law := named_law(page.text, page.lower, name.start, name.end)):
            year = _BARE_YEAR.match(page.text, law[0])
            tail = Tail(year.end(), year=int(year[1])) if year else read_tail(page.text, page.lower, law[0])
            yield Mention(
                Span(name.start, tail.end), "law", name.kind, issued_on=tail.issued_on, year=tail.year,
                issuer=tail.issuer, title=law[1],
            )  # fmt: skip
        elif this := _THIS.match(page.lower, name.end):
            yield Mention(Span(name.start, this.end()), "self", name.kind)
        elif above := _ABOVE.match(page.lower, name.end):
            if not re.search(r"\b(?:các|những|loại)\s{1,3}\Z", page.lower[max(0, name.start - 8) : name.start]):
                yield Mention(Span(name.start, above.end()), "above", name.kind)
        elif name.kind and page.text[name.start].isupper():
            yield from _by_serial_or_day(page, name)


def _by_serial_or_day(page: Page, name: Name) -> Iterator[Mention]:
    serial = _SERIAL.match(page.lower, name.end)
    if serial is None:
        day = _DAY.match(page.lower, name.end)
        tail = read_tail(page.text, page.lower, name.end) if day else None
        if tail and tail.issued_on and tail.issuer:
            yield _made(name, "dated", tail)
        return
    if "\t" in serial.group() and not serial["so"]:
        return  # the next cell of a table
    opens_item = "\n" in serial.group() and page.lower[serial.end() : serial.end() + 1] in (".", ")")
    if opens_item or _UNITS_OF_TIME.match(page.lower, serial.end()):
        return
    tail = read_tail(page.text, page.lower, serial.end())
    if name.kind in NICKNAMED and tail.year and not (tail.issued_on or tail.issuer):
        tail = Tail(serial.end())  # «thực hiện Đề án 06 năm 2025»: the year of the work
    said = bool(tail.issued_on or tail.issuer)
    if name.kind in _BY_SERIAL and (serial["so"] or said):
        yield _made(name, "bare", tail, serial["serial"])
    elif name.kind in _BY_SERIAL or (name.kind in NICKNAMED and not in_body_name(page, name.start)):
        yield _made(name, "short", tail, serial["serial"])


_BODY_OF = re.compile(
    r"(?:chỉ\s{1,2}đạo|giúp\s{1,2}việc|công\s{1,2}tác|điều\s{1,2}hành|ban|tổ)"
    r"(?:\s{1,2}triển\s{1,2}khai)?\s{1,2}\Z"
)


def in_body_name(page: Page, at: int) -> bool:
    """«Ban Chỉ đạo Đề án 06» names a body."""
    return bool(_BODY_OF.search(page.lower[max(0, at - 30) : at]))


def _made(name: Name, how: str, tail: Tail, serial: str | None = None) -> Mention:
    return Mention(
        Span(name.start, tail.end), how, name.kind, serial=serial, issued_on=tail.issued_on, year=tail.year,
        issuer=tail.issuer, title=tail.title,
    )  # fmt: skip


_SHORT = re.compile(
    r"(?<![\w/.-])(?P<abbr>QĐ|CT|NQ|KL|KH|NĐ|HD|TB|BC|TTr|CV|CTr)\s{1,2}(?:số\s{1,2})?"
    r"(?P<serial>\d{1,5})(?![\w%/-]|[.,]\d)"
)


def _abbreviated(page: Page) -> Iterator[Mention]:
    """«QĐ 89»: means something only where the complete number stands elsewhere."""
    for match in _SHORT.finditer(page.text):
        kinds = lexicon.kind_of_abbr(match["abbr"])
        if kinds and not _UNITS_OF_TIME.match(page.lower, match.end()):
            tail = read_tail(page.text, page.lower, match.end())
            name = Name(match.start(), match.end(), kinds[0])
            yield _made(name, "short", tail, match["serial"])
