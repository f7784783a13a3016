"""Place and day of issue in a letterhead: «Hà Nội, ngày 05 tháng 3 năm 2020» (địa danh, ngày tháng năm)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import dates, offices
from corpus import text as letters
from corpus.model import Span

_GAP = r"[ \t.…_]{0,40}"
_WRAP = r"(?:\n[ \t]{0,20})?"
_DAY = re.compile(
    rf"(?<!\w)ng[àaăâ]y(?:\n(?=\d))?(?P<day>{_GAP}[^\s.…_]{{0,3}}{_GAP}){_WRAP}th[áaăâ]ng(?P<month>{_GAP}[^\s.…_]{{0,3}}{_GAP}){_WRAP}"
    rf"n[ăaâ]m(?:\n(?=\d{{4}}))?{_GAP}(?P<year>[12][\dOolI]{{3}}|\d{{1,3}}|)(?!\w)",
    re.IGNORECASE,
)
_DIGITS = str.maketrans("OolI", "0011")
_SLASHED_DAY = re.compile(
    r"(?<!\w)ngày[ ]{0,3}(?P<day>\d{1,2})[ ]?[/.-][ ]?(?P<month>\d{1,2})[ ]?[/.-][ ]?(?P<year>(?:19|20)\d\d)(?!\w)"
)
_HOUR = re.compile(r"(?:hồi|lúc)\s\d{1,2}\s?(?:giờ|h|g)\s?(?:\d{1,2}\s?(?:phút|ph|p)?)?,?\s{0,2}$")
_CELL_END = re.compile(r"\t|[ ]{3,}")
_PLACE_WORD = re.compile(r"(?:TP|TX|TT|Tp|Tx)\.?[^\W\d_]*|[^\W\d_]+(?:['’-][^\W\d_]+)*|\d{1,2}|[-–]")
_LEVELS = {"thành", "phố", "thị", "xã", "trấn", "huyện", "tỉnh", "quận", "phường", "đặc", "khu"}
# «Nghị định của Chính phủ số 114/2003/NĐ-CP ngày 10/10/2003 về …»
_NUMBERED_DAY = re.compile(
    r"^\W{0,4}(?:(?:[^\W\d_]+\s){0,2}|thông tư liên tịch\s)(?:của\s[^\d]{3,120}?\s)?số\s{1,3}([\w/&-]{4,40}),?\s{1,3}"
    r"(ngày\s{0,3}\d{1,2}(?:\s?[/.-]\s?\d{1,2}\s?[/.-]\s?|\stháng\s\d{1,2}\snăm\s?)\d{4})",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DayFound:
    """Place and day of a letterhead; `unreadable` where something is written that is no number."""

    on: dt.date | None = None
    place: str | None = None
    span: Span | None = None
    blank: bool = False
    unreadable: bool = False
    sure: float = 0.0


def placed_day(text: str, start: int, end: int) -> Span | None:
    """Where the line of place and day stands: «Hà Nội, ngày …», or a day that fills its line."""
    for match in _said_days(text, start, end):
        if place := _place_before(text, match.start()):
            return Span(place[1], match.end())
        if match.re is _DAY and _fills_line(text, match):
            return Span(*match.span())
    return None


def _said_days(text: str, start: int, end: int) -> list[re.Match[str]]:
    found = [*_DAY.finditer(text, start, end), *_SLASHED_DAY.finditer(text, start, end)]
    return sorted(found, key=re.Match.start)


def _fills_line(text: str, match: re.Match[str]) -> bool:
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    return not before.strip() and re.match(r"[ \t.]*(?:\n|$)", text[match.end() : match.end() + 40]) is not None


def find_day(text: str, start: int, end: int, *, placed: int, serial: str | None = None) -> DayFound:
    """The day of issue in a stretch of a letterhead.

    From `placed` on, where a title may name days of other documents, only a day after a place counts, or
    one behind the document's own number `serial`.
    """
    for match in _said_days(text, start, end):
        place = _place_before(text, match.start())
        if not place and (match.start() >= placed or match.re is _SLASHED_DAY):
            continue
        name, first = place or (None, match.start())
        return _day_said(match, name, Span(first, match.end()))
    after = _NUMBERED_DAY.search(text, start, end)
    if after and after[1] == serial:
        return DayFound(dates.read(after[2]), None, Span(*after.span(2)), sure=0.85)
    return DayFound()


def _day_said(match: re.Match[str], place: str | None, span: Span) -> DayFound:
    day, month, year = (match[part].strip(" \t.…_").translate(_DIGITS) for part in ("day", "month", "year"))
    if not (day.isdigit() and month.isdigit() and len(year) == 4):
        blank = not day or not month or not year
        return DayFound(None, place, span, blank=blank, unreadable=not blank)
    exact = day == match["day"].strip(" \t.…_") and year == match["year"]
    # Nghị định 30/2020/NĐ-CP, Phụ lục I: days below 10 carry a zero; a lone digit may have lost its fellow.
    sure = (0.95 if place else 0.8) - (0 if len(day) == 2 and exact else 0.1)
    return DayFound(dates.day(year, month, day), place, span, sure=sure)


def _place_before(text: str, at: int) -> tuple[str, int] | None:
    """The name of a place right before «ngày», and where it begins."""
    first = text.rfind("\n", 0, at) + 1
    if not text[first:at].strip() and text[:first].rstrip().endswith(","):
        at = len(text[:first].rstrip())  # «Quảng Bình, / ngày 25 tháng 5 …»
    if hour := _HOUR.search(text, max(0, at - 40), at):
        at = hour.start()  # «Hà Nội, hồi 9 giờ 30 phút ngày 10 …» of a telegram
    line = text[max(text.rfind("\n", 0, at) + 1, at - 80) : at]
    cell = _CELL_END.split(line.rstrip(" ,\t"))[-1]
    words = [match for match in re.finditer(r"\S+", cell) if match.group() not in "|_"]
    taken: list[re.Match[str]] = []
    while words and len(taken) < 7 and _names_place(words[-1].group(), taken):
        taken.insert(0, words.pop())
    while taken and taken[0].group() in "-–":
        taken.pop(0)
    if not taken or not any(word.group()[0].isupper() for word in taken):
        return None
    announced = "," in line[len(line.rstrip(" ,\t")) :] or not words or re.search(r"[\d/]", words[-1].group())
    if not announced:
        return None
    first = at - len(line) + line.rfind(cell) + taken[0].start()
    name = " ".join(word.group() for word in taken)
    if not words and (whole := _wrapped_place(text, at - len(line), name)):
        return whole
    return offices.province(name), first


def _wrapped_place(text: str, line: int, name: str) -> tuple[str, int] | None:
    """A province whose name begins at the end of the line above: «Cao / Bằng, ngày …»."""
    above = text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : line].strip()
    whole = f"{above} {name}"
    if offices.is_province(letters.fold(name)) or not offices.is_province(letters.fold(whole)):
        return None
    return offices.province(whole), text.rfind(above, 0, line)


def _names_place(word: str, taken: Sequence[re.Match[str]]) -> bool:
    if not _PLACE_WORD.fullmatch(word):
        return False
    if word.lower() in _LEVELS or word.isdigit() or word in "-–":
        return bool(taken) or word.isdigit()
    # Capitals before small letters belong to the cell of the issuing body.
    mixed = any(not part.group().isupper() for part in taken)
    return word[0].isupper() and not (mixed and word.isupper() and len(word.rstrip(".")) > 2)
