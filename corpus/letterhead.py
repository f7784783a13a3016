"""The top of a document: State name, Party name, number, place and day, issuing bodies, marks (phần đầu)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus import issuers, number, offices, secrecy
from corpus import text as letters
from corpus.issue_day import DayFound, find_day
from corpus.model import Span
from corpus.pieces import Piece, cut, lines

_ANCHOR_HINT = re.compile(r"vi[ef]t {0,3}na?m|[ai]nh {0,3}ph|ho chi minh")
_ANCHOR_WORDS = re.compile(
    # Quốc hiệu, with what OCR and glued words leave of it; then the motto and the Party's name.
    r"c[oe0]n[gq][ \n]{0,3}h[oe0]a[ \n]{0,3}x[aoe\W]?[ \n]{0,3}h[oe0]i[ \n]{0,3}ch[uoi] {0,3}n[gq]h[ij(]"
    r"[aoe]?[ \n]{0,3}vi[ef]t {0,3}na?m"
    r"|(?<![^\W_])(?:\S{1,6} ){0,2}x\S{0,2} {0,3}h[oe0]i {0,3}ch\S {0,3}\S{3,6} {0,3}vi[ef]t {0,3}nam"
    r"|(?<![^\W_])(?:\S{1,6} ){0,3}\S{0,6}chu {0,3}nghia {0,3}viet {0,3}nam"
    r"|\S?[oe]c {0,3}l[ao-]p {0,3}[^\w\n]{0,8}t[uao] {0,3}d[oe] {0,3}[^\w\n]{0,8}h[ai]nh {0,3}ph[ui]c?"
    r"|\S?[oe]c {0,3}lap(?: {0,3}[^\w\n]{1,3})?(?: {0,3}\S{1,4}){0,3} {1,3}\S?[ai]nh {0,3}phu?c?(?![^\W_])"
    r"|dang {0,3}cong {0,3}san {0,3}viet {0,3}nam"
    # The Youth Union prints its own name where the State prints the country's.
    r"|doan {1,3}(?:tncs|thanh {1,3}nien {1,3}cong {1,3}san) {1,3}ho {1,3}chi {1,3}minh"
    r"(?=[ *_]{0,9}(?:[\n\t]|$)|[ ]{1,3}[^\n\t,]{3,40}, {0,3}ngay)"
)
_OF_COUNTRY = re.compile(r"\w\s{1,2}nước\s{1,2}$")
_GOES_ON = re.compile(r"\s{1,2}(?:và|với|về|trong|tại|ngày|năm|giai)\b")
_NUMBER_WORD = re.compile(
    r"(?:(?:Luật|LUẬT|Nghị quyết|NGHỊ QUYẾT|Pháp lệnh|PHÁP LỆNH"
    r"|Lệnh)[ \t]{1,3})?(?<!\w)[Ss][ốôóòõỐÔÓ0][ \t]{0,3}(?:[:;.][ \t]{0,3}(?:\d{1,6}[ \t]*$)?"
    r"|(?=[\d/.…-])|$)",
    re.MULTILINE,
)
_BLANKS = r"[\s.…_\-–]{0,60}"
_BLANK_NUMBER = re.compile(
    r"(?<!\w)[Ss][ốóỐoÓ][\s:;]{0,4}[\s.…_]{0,60}(?P<rest>(?P<mark>[/-])[ \t]{0,6}"
    r"(?:(?:19|20)\d\d[ \t]{0,2}/[ \t]{0,2})?[A-ZĐƯ][A-Za-zĐđƯư]{0,6}(?:[ \t]?[-/&.][ \t]?[A-ZĐƯ]"
    r"[\w&.]{0,15}){0,4})"
)
_STAMP = re.compile(
    r"(?m)^[ \t]*(?:signature not verified|digitally signed by|(?:được[ ])?ký (?:số )?bởi|người ký|email|cơ quan"
    r"|thời gian ký|ngày ký|chức danh|signed by|date|reason|location)[ ]?(?::|$)[^\n]*",
    re.IGNORECASE,
)
_IRREGULAR = re.compile(
    r"(?m)(?:^|\t)[ \t]*S[ốỐ][ ]?:[ ]?(?P<symbol>\d{1,6}[a-zđ]?[ ]?(?:[/-][ ]?\d{1,4}(?=[/-])){0,2}[/-]?[ ]?"
    r"[A-ZĐ][\w&.]{0,12}(?:[ ]?[/-][ ]?[A-ZĐ][\w&.]{0,12}){0,4})[ ]*(?=$|\t|[ ]{3})"
)
_BLANKED = re.compile(r"[^\n]")
_DRAFT = re.compile(r"\W*dự\s+thảo(?:\s+lần\s+(?:thứ\s+)?\w{1,4})?(?:\W.{0,40})?", re.IGNORECASE)
# The stamp of the office that received it: «ĐẾN / Số: 120 / Ngày: 3/5/2019 / Chuyển: …».
_ARRIVAL = re.compile(
    r"(?mi)^[ \t]*(?:(?:công văn|văn bản)[ ])?đến[ \t]*:?[ \t]*\n"
    r"(?:[ \t]*(?:số[ :]*\d{0,6}[ \t]*|(?:ngày|giờ|chuyển|số và ký hiệu)[^\n]{0,40})\n){1,5}"
)
_LINE_START = re.compile(r"(?:^|\n|\t)[ \t]*S[ốóỐ][ \t]{0,3}[:.;]?[ \t]{0,12}\Z")
_ATTACHED = re.compile(
    r"(?:kèm theo|ban hành theo|đính kèm)\s(?:[^\W\d_]+\s){1,4}(?:số\s{0,3}:?\s{0,3})?$", re.IGNORECASE
)
_LONE_SERIAL = re.compile(r"(?m)^[ \t]*(\d{1,6}[a-zđ]?)[ \t]*$")


@dataclass(frozen=True, slots=True)
class NumberFound:
    """The number of a letterhead, how surely it was read, and whether it was left blank."""

    value: str | None = None
    span: Span | None = None
    blank: bool = False
    sure: float = 0.0


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the top of a document says, as printed."""

    start: int
    number: NumberFound
    day: DayFound
    bodies: tuple[str, ...]
    """Names of bodies from the top, in the letters of prose: parents first."""
    bodies_span: Span | None
    bodies_sure: float
    anchored: bool
    """The State's or the Party's name is printed."""
    urgency: str | None
    urgency_span: Span | None
    secrecy: str | None
    secrecy_span: Span | None
    draft: bool
    """«Dự thảo» is printed over it."""


def anchors(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Where the State's name and motto or the Party's name stand."""
    folded = letters.fold(text[start:end])
    found, done = [], -1
    for hint in _ANCHOR_HINT.finditer(folded):
        if hint.start() < done:
            continue
        if found and start + hint.start() > found[0].start + 1500:
            break  # running text speaks of the country
        line = max(folded.rfind("\n", 0, hint.start()) + 1, hint.start() - 200)
        above = max(folded.rfind("\n", 0, max(line - 1, 0)) + 1, done, line - 60)  # a narrow cell wraps the name
        done = folded.find("\n", hint.start())
        done = min(done if done >= 0 else len(folded), hint.start() + 200)
        found += [
            Span(start + m.start(), start + m.end())
            for m in _ANCHOR_WORDS.finditer(folded, above, done)
            if (m.group()[:4] != "doan" or _own_cell(folded[line : m.start()]))
            and not _of_a_sentence(text, Span(start + m.start(), start + m.end()))
        ]
    return tuple(found)


def _of_a_sentence(text: str, name: Span) -> bool:
    """The country's name inside a title: «… giữa Chính phủ nước Cộng hòa xã hội chủ nghĩa Việt Nam và …»."""
    before = text[max(0, name.start - 12) : name.start]
    return bool(_OF_COUNTRY.search(before) and _GOES_ON.match(text, name.end))


def _own_cell(before: str) -> bool:
    """The Youth Union's name stands alone, or after the name of one of its committees: not inside one."""
    return not before.strip(" *_") or before.endswith(("\t", "   ")) or "doan " in before


def stamps(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Where the stamp of arrival and a signature's own appearance stand: «ĐẾN Số: …», «Ký bởi: …»."""
    zone = text[start:end]
    said = list(_STAMP.finditer(zone))
    found = [Span(start + match.start(), start + match.end()) for match in _ARRIVAL.finditer(zone)]
    for match, after in zip(said, [*said[1:], None], strict=False):
        stop = match.end()
        if after and after.start() - stop < 160 and zone.count("\n", stop, after.start()) < 4:
            stop = after.start()  # the value of a field may wrap
        found.append(Span(start + match.start(), start + stop))
    return tuple(found)


def find_number(text: str, start: int, end: int, *, said_from: int) -> NumberFound:
    """The number in a stretch of a letterhead.

    From `said_from` on, where a title may cite other documents, only «Số:» at the start of a line counts.
    """
    zone = text[start:end]
    blank = _BLANK_NUMBER.search(zone)
    found = [(span, n) for span, n in number.find(zone) if n.body and _whole(zone, span) and not _issued_by(zone, span)]
    found = [pair for pair in found if pair[0].start < said_from - start or _LINE_START.search(zone, 0, pair[0].start)]
    said = [pair for pair in found if _announced(zone, pair[0].start)]
    if said and not (blank and blank.start() < said[0][0].start):
        span, value = said[0]
        return NumberFound(str(value), _moved(span, start), sure=0.95)
    if blank:
        return _filled(zone, blank, start)
    if found:
        span, value = found[0]
        return NumberFound(str(value), _moved(span, start), sure=0.75)
    return _irregular(zone, start)


def _irregular(zone: str, start: int) -> NumberFound:
    """A symbol that follows no rule but is announced: «Số: 60 TC/CĐKT», «Số: 03/2026-BCT»."""
    match = _IRREGULAR.search(zone)
    if match is None or sum(map(str.isupper, match["symbol"])) < 2:
        return NumberFound()
    span = _moved(Span(*match.span("symbol")), start)
    return NumberFound(re.sub(r"\s", "", match["symbol"]), span, sure=0.7)


def _whole(zone: str, span: Span) -> bool:
    """Nothing illegible stands right before the digits: «Số: Z⁄7/SYT» has lost some."""
    return span.start == 0 or zone[span.start - 1] in " \t\n:.;,(*ốốóôỐ" or zone[span.start - 1].isspace()


def _issued_by(zone: str, span: Span) -> bool:
    """The number of the decision that issues an annex or a form: «(Kèm theo Quyết định số …)»."""
    return _ATTACHED.search(zone, max(0, span.start - 90), span.start) is not None


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _announced(zone: str, offset: int) -> bool:
    return bool(re.search(r"s[ốóoỐÓ]\s{0,3}[:;.]?\s{0,12}$", zone[max(0, offset - 24) : offset], re.IGNORECASE))


def _filled(zone: str, blank: re.Match[str], start: int) -> NumberFound:
    """A number whose digits stand on a line of their own beside the printed symbol."""
    span = Span(start + blank.start(), start + blank.end())
    near = zone[max(0, blank.start() - 60) : blank.end() + 60]
    for match in _LONE_SERIAL.finditer(near):
        try:
            return NumberFound(str(number.parse(match[1] + blank["rest"])), span, sure=0.75)
        except ValueError:
            continue
    return NumberFound(span=span, blank=True)


def masked(text: str, start: int, end: int, taken: Sequence[Span]) -> str:
    """The stretch with what is already read blanked out; offsets stay."""
    parts, done = [], start
    for span in sorted(taken):
        first, last = max(span.start, done), min(span.end, end)
        if first < last:
            parts += [text[done:first], _BLANKED.sub("\t", text[first:last])]
            done = last
    return "".join([*parts, text[done:end]])


def _urgency(pieces: Sequence[Piece]) -> tuple[str | None, Span | None]:
    """A mark of urgency stands in a cell of its own, in capitals; the strongest counts."""
    for mark in offices.table()["urgency"]:
        key = letters.fold(mark).replace(" ", "")
        for piece in pieces:
            if piece.text.isupper() and re.sub(r"[\W_]", "", piece.key) == key:
                return mark, piece.span
    return None, None


def _secrecy(pieces: Sequence[Piece]) -> tuple[str | None, Span | None]:
    """A mark of secrecy in a cell of its own; the strictest counts."""
    short = [piece for piece in pieces if len(piece.text) < 60 and "mat" in piece.key.replace(" ", "")]
    degrees = [(degree, piece.span) for piece in short if (degree := secrecy.of_line(piece.text))]
    order = list(offices.table()["secrecy"])
    return min(degrees, key=lambda found: order.index(found[0]), default=(None, None))


def read(
    text: str, begin: int, end: int, *, fixed: Sequence[Span], line_end: int, subject_end: int, text_at: int
) -> Letterhead:
    """Read the stretch before the title (`end`), and number and day up to `subject_end`.

    `fixed` are the anchors in the stretch; `line_end` is where the line of the type ends, on which old
    documents print their number; at `text_at` running text begins, below which no marks stand.
    """
    serial = find_number(text, begin, subject_end, said_from=line_end)
    day = find_day(text, begin, subject_end, placed=line_end, serial=serial.value)
    words = tuple(Span(*match.span()) for match in _NUMBER_WORD.finditer(text, begin, end))
    taken = [*fixed, *words, *stamps(text, begin, end), *(span for span in (serial.span, day.span) if span)]
    pieces = cut(masked(text, begin, end, taken), 0, end - begin, offset=begin)
    names, span, clean = issuers.read(pieces)
    first = next(lines(text, begin, max(end, begin + 1)), Span(begin, begin))
    known = bool(fixed) or serial.span is not None
    below = cut(masked(text, end, text_at, taken), 0, text_at - end, offset=end) if text_at > end else ()
    marks = [*pieces, *below] if known else []
    urgency, urgency_span = _urgency(marks)
    degree, degree_span = _secrecy(marks)
    return Letterhead(
        start=first.start, number=serial, day=day,
        bodies=tuple(_with_place(name, day.place) for name in names), bodies_span=span,
        bodies_sure=0.92 if clean and fixed else 0.75,
        anchored=bool(fixed),
        urgency=urgency, urgency_span=urgency_span, secrecy=degree, secrecy_span=degree_span,
        draft=any(_DRAFT.fullmatch(piece.text) for piece in pieces),
    )  # fmt: skip


def without_guesses(text: str, head: Letterhead) -> Letterhead:
    """Only what announces itself: for annexes and tables, which begin with no letterhead of their own."""
    span = head.number.span
    if span and _LINE_START.search(text, 0, span.start):
        return head
    nothing = replace(head, number=NumberFound(), bodies=(), bodies_span=None)
    return nothing if head.day.place else replace(nothing, day=DayFound())


def _with_place(name: str, place: str | None) -> str:
    """The name with the place as the line of the day spells it, which OCR reads better than capitals."""
    if not place:
        return name
    at = letters.fold(name).rfind(letters.fold(place))
    if at < 0 or len(letters.fold(name)) != len(name):
        return name
    return name[:at] + place + name[at + len(place) :]
