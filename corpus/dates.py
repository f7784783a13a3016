"""Dates and deadlines in running text; days are always written day first."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from corpus.model import Due, Span

_FULL = re.compile(
    r"(?:\bngày\s{0,8})?(?<![\d/.,-])(\d{1,2})\s{0,8}tháng\s{0,8}(\d{1,2})\s{0,8}(?:,|năm|/|-)\s{0,8}(\d{4})(?!\d)"
    r"|(?:\bngày\s{0,8})?(?<![\d/.,-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\5\s?(\d{4})(?![\d/]|-\d)",
    re.IGNORECASE,
)


def day(year: str | int, month: str | int, day_of_month: str | int) -> dt.date | None:
    """The day, or None where the calendar has no such day or the year is out of an archive's range."""
    if not 1900 <= int(year) <= 2100:
        return None
    try:
        return dt.date(int(year), int(month), int(day_of_month))
    except ValueError:
        return None


def find(text: str) -> tuple[tuple[Span, dt.date], ...]:
    """Every full date with its stretch, the word «ngày» included.

    >>> [str(on) for _, on in find("Quyết định ngày22/5/2013 và ngày 04 tháng 12 năm 2014")]
    ['2013-05-22', '2014-12-04']
    """
    found = []
    for match in _FULL.finditer(text):
        words = match.group(3) is not None
        on = day(*match.group(3, 2, 1)) if words else day(*match.group(7, 6, 4))
        if on:
            found.append((Span(*match.span()), on))
    return tuple(found)


def read(text: str) -> dt.date | None:
    """The first full date."""
    return next((on for _, on in find(text)), None)


_CLOCK = r"(?:\d{1,2}\s?(?:giờ|h|g)\s?(?:\d{1,2}\s?(?:phút)?)?\s{0,3}(?:,\s?)?)?"
# Words that make a day a deadline; «từ ngày», «ngày … của» (a citation's date) are not among them.
_LEAD = (
    r"(?:(?:xong\s+|kết\s+thúc\s+)?trước(?:\s+thời\s+hạn)?|chậm\s+nhất(?:\s+(?:là|vào|đến))*|muộn\s+nhất(?:\s+(?:là|vào|đến))*"
    r"|(?:cho\s+)?đến\s+hết|đến(?=\s+ngày)|hết(?=\s+ngày)|xong(?:\s+(?:trong|vào))?(?=\s+ngày)|thời\s+hạn(?:\s+hoàn\s+thành)?"
    r"|hạn\s+cuối(?:\s+cùng)?|hạn\s+chót|(?:hoàn\s+thành|thực\s+hiện|báo\s+cáo|gửi|tổ\s+chức)\s+(?:trong|vào)(?=\s+ngày))"
)
_YEAR = r"(?:\s{0,3}(?:/|-|năm\s{1,3}|,\s{0,2}năm\s{1,3})\s{0,2}(?P<year>(?:19|20)\d\d))"
_DAY = r"\d{1,2}\s{0,3}(?:[/.-]|tháng)\s{0,3}\d{1,2}"
_LEAD_DAYS = re.compile(
    rf"\b{_LEAD}\s{{0,3}}:?\s{{0,3}}(?:là\s+)?{_CLOCK}(?:ngày\s{{0,3}})?(?P<days>{_DAY}(?:\s{{0,3}}(?:,|và|hoặc)\s{{0,3}}(?:ngày\s{{1,3}})?{_DAY}(?!\d|[/.-]\d))*)"
    rf"(?!\d){_YEAR}?(?![/\d])",
    re.IGNORECASE,
)
_DAY_OF_MONTH = re.compile(
    rf"\b(?:{_LEAD}\s{{0,3}}{_CLOCK}|vào\s+)?ngày\s{{1,3}}(?:mồng\s+|mùng\s+)?(?P<day>\d{{1,2}})(?![\d/.-]\d?)\s{{1,3}}"
    r"(?P<of>(?:của\s+)?(?:tháng\s+cuối\s+(?:mỗi\s+|hằng\s+|hàng\s+|của\s+)?quý|(?:hằng|hàng|mỗi|các)\s+tháng))",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    rf"\b(?P<before>trước\s+)?(?:(?:trong|hết|cuối|đến\s+hết|vào)\s+)?quý\s{{1,3}}(?P<q>IV|I{{1,3}}|[1-4])(?:\s{{0,2}}(?:[-,]|và|đến)\s{{0,2}}(?:quý\s+)?(?P<q2>IV|I{{1,3}}|[1-4]))?\b{_YEAR}?(?![/\d])",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"\b(?:(?P<lead>trước|trong|hết|cuối|đến\s+hết|đến|vào|xong\s+trong|hoàn\s+thành)\s+)?tháng\s{{1,3}}(?P<m>\d{{1,2}})(?:\s{{0,2}}(?:[-,]|và|đến)\s{{0,2}}(?:tháng\s+)?(?P<m2>\d{{1,2}})(?!\d))?(?!\d){_YEAR}?(?![/\d])",
    re.IGNORECASE,
)
_WHOLE_YEAR = re.compile(
    r"\b(?P<lead>(?:hoàn\s+thành\s+|xong\s+)?(?:trong|hết|cuối|đến\s+hết)|hoàn\s+thành|xong)\s+(?:(?P<half>6|06|sáu|9|09|chín)\s+tháng\s+(?P<part>đầu|cuối)\s+)?năm\s{1,3}(?P<year>(?:19|20)\d\d)\b(?!\s{0,2}[-–]\s{0,2}\d)",
    re.IGNORECASE,
)
_RECURRING = re.compile(
    r"\b(?:(?P<yearly>(?:hằng|hàng|mỗi)\s+năm|(?:một|1|01)\s+năm\s+(?:một|1|01)\s+lần|định\s+kỳ\s+(?:1|01|một)?\s*năm)"
    r"|(?P<half>(?:định\s+kỳ|hằng|hàng|mỗi|cứ)\s+(?:6|06|sáu)\s+tháng|(?:6|06|sáu)\s+tháng(?:\s+(?:một|1|01)\s+lần|\s*(?:,|và|/)\s*(?:hằng\s+|hàng\s+|1\s+|01\s+|một\s+|cả\s+)?năm\b))"
    r"|(?P<quarterly>(?:hằng|hàng|mỗi|định\s+kỳ)\s+quý)"
    r"|(?P<monthly>(?:hằng|hàng|mỗi|định\s+kỳ)\s+tháng)"
    r"|(?P<weekly>(?:hằng|hàng|mỗi|định\s+kỳ)\s+tuần))",
    re.IGNORECASE,
)
_NAMES = {
    "yearly": "yearly",
    "half": "half-yearly",
    "quarterly": "quarterly",
    "monthly": "monthly",
    "weekly": "weekly",
}
# «định kỳ hằng tháng, quý, năm»: the adverb is said once.
_MORE_PERIODS = re.compile(
    r"\s*(?:,|và|/|hoặc)\s*(?:(?P<quarterly>quý)|(?P<half>(?:6|06|sáu)\s+tháng)|(?P<yearly>(?:cả\s+)?năm)|(?P<monthly>tháng))\b(?!\s+\d)",
    re.IGNORECASE,
)
_CONTINUOUS = re.compile(
    r"\b(?:thường\s+xuyên|liên\s+tục|trong\s+suốt\s+(?:quá\s+trình|thời\s+gian))", re.IGNORECASE
)
_RELATIVE = re.compile(
    r"\b(?:sau|trong\s+(?:vòng|thời\s+hạn|thời\s+gian)?|chậm\s+nhất(?:\s+là)?(?:\s+sau)?|không\s+quá)\s{0,3}(?:không\s+quá\s+)?\d{1,3}\s*(?:\([^()\n]{1,20}\)\s*)?(?:ngày|tháng|năm|giờ)(?:\s+làm\s+việc)?[^.;\n]{0,12}\b(?:kể\s+từ|từ|sau)\s+(?:khi|ngày|lúc|thời\s+điểm)[^.;,\n]{0,60}",
    re.IGNORECASE,
)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_Candidate = tuple[int, int, Due]


def _month_end(year: int, month: int) -> dt.date | None:
    return day(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _year_of(printed: str | None, month: int, issued_on: dt.date | None) -> int | None:
    """The printed year, or the year in which the month next comes after the day of issue."""
    if printed:
        return int(printed)
    if issued_on is None:
        return None
    return issued_on.year + (1 if month < issued_on.month else 0)


def _recurrence(text: str) -> tuple[tuple[str, ...], int, int] | None:
    """Names of the periods said in a sentence, and from where to where they are said."""
    names: list[str] = []
    start = end = -1
    for match in _RECURRING.finditer(text):
        names += [_NAMES[group] for group, said in match.groupdict().items() if said]
        if "half-yearly" in names and re.search(r"năm$", match.group(), re.IGNORECASE):
            names.append("yearly")
        start, end = (match.start() if start < 0 else start), match.end()
        while more := _MORE_PERIODS.match(text, end):
            names += [_NAMES[group] for group, said in more.groupdict().items() if said]
            end = more.end()
    return (tuple(dict.fromkeys(names)), start, end) if names else None


def _days(text: str) -> tuple[tuple[int, int], ...]:
    pairs = re.findall(r"(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})", text)
    return tuple((int(m), int(d)) for d, m in pairs if day(2000, m, d))


def _dated(text: str, issued_on: dt.date | None, recurs: str | None) -> Iterator[_Candidate]:
    for match in _LEAD_DAYS.finditer(text):
        days = _days(match["days"])
        if not days:
            continue
        if recurs and not match["year"]:
            yield match.start(), match.end(), Due(match.group(), None, recurs, days)
            continue
        month, last = days[-1]
        year = _year_of(match["year"], month, issued_on)
        yield match.start(), match.end(), Due(match.group(), day(year, month, last) if year else None)
    for match in _DAY_OF_MONTH.finditer(text):
        last = int(match["day"])
        quarterly = "quý" in match["of"].lower()
        days = tuple((month, last) for month in (3, 6, 9, 12)) if quarterly else ((0, last),)
        name = recurs or ("quarterly" if quarterly else "monthly")
        yield match.start(), match.end(), Due(match.group(), None, name, days)


_EACH_YEAR = re.compile(r"\s{0,2},?\s{0,2}(?:hằng|hàng|mỗi)\s+năm\b", re.IGNORECASE)


def _periods(text: str, issued_on: dt.date | None) -> Iterator[_Candidate]:
    for match in _QUARTER.finditer(text):
        said = (match["q2"] or match["q"]).upper()
        quarter = _ROMAN.get(said) or int(said)
        if match["before"]:
            quarter -= 1
        if quarter and not match["year"] and _EACH_YEAR.match(text, match.end()):
            last = (quarter * 3, calendar.monthrange(2001, quarter * 3)[1])
            yield match.start(), match.end(), Due(match.group(), None, "yearly", (last,))
            continue
        year = _year_of(match["year"], max(quarter, 1) * 3, issued_on)
        on = (_month_end(year, quarter * 3) if quarter else _month_end(year - 1, 12)) if year else None
        yield match.start(), match.end(), Due(match.group(), on)
    for match in _MONTH.finditer(text):
        if not match["lead"] and match.end() - match.start() < len(text.strip()):
            continue
        month = int(match["m2"] or match["m"])
        if 1 <= month <= 12 and not match["year"] and _EACH_YEAR.match(text, match.end()):
            last = (month, calendar.monthrange(2001, month)[1])
            yield match.start(), match.end(), Due(match.group(), None, "yearly", (last,))
            continue
        year = _year_of(match["year"], month, issued_on)
        on = _month_end(year, month) if year and 1 <= month <= 12 else None
        if on and (match["lead"] or "").lower() == "trước":
            on = dt.date(on.year, on.month, 1) - dt.timedelta(days=1)
        yield match.start(), match.end(), Due(match.group(), on)
    for match in _WHOLE_YEAR.finditer(text):
        months = {"6": 6, "06": 6, "sáu": 6, "9": 9, "09": 9, "chín": 9}.get(
            (match["half"] or "").lower(), 12
        )
        months = 12 if (match["part"] or "").lower() == "cuối" else months
        yield match.start(), match.end(), Due(match.group(), _month_end(int(match["year"]), months))


def _alone(text: str) -> Due | None:
    """A whole table cell that is a day, a year or a stretch of years."""
    cell = text.strip(" \t.;,()")
    full = _FULL.fullmatch(cell)
    if full:
        return Due(cell, read(cell))
    years = re.fullmatch(r"(?:(?:trong|hết)\s+)?(?:năm\s+)?((?:19|20)\d\d)", cell, re.IGNORECASE)
    if years:
        return Due(cell, dt.date(int(years[1]), 12, 31))
    if re.fullmatch(r"(?:giai\s+đoạn\s+)?(?:19|20)\d\d\s*[-–]\s*(?:19|20)\d\d", cell, re.IGNORECASE):
        return Due(cell)
    return None


_TIME = re.compile(r"ngày|tháng|năm|quý|tuần|giờ|\d\s{0,3}[/.-]\s{0,3}\d", re.IGNORECASE)


def _sentence_due(text: str, issued_on: dt.date | None) -> Due | None:
    if not _TIME.search(text):  # most sentences: nothing below could match
        return _steady(text)
    said = _recurrence(text)
    recurs = "+".join(said[0]) if said else None
    found = [*_dated(text, issued_on, recurs), *_periods(text, issued_on)]
    found += [(m.start(), m.end(), Due(m.group().strip())) for m in _RELATIVE.finditer(text)]
    days = tuple(d for _, _, due in found if due.recurs for d in due.days)
    if said and days:
        start = min(said[1], *(start for start, _, due in found if due.recurs))
        end = max(said[2], *(end for _, end, due in found if due.recurs))
        found = [(s, e, due) for s, e, due in found if not due.recurs]
        found.append((start, end, Due(text[start:end], None, recurs, tuple(dict.fromkeys(days)))))
    elif said:
        found.append((said[1], said[2], Due(text[said[1] : said[2]], None, recurs)))
    # A period that was over before the day of issue is what the figures are of («số liệu cuối năm 2017»).
    passed = [item for item in found if issued_on and item[2].on and item[2].on < issued_on]
    found = [item for item in found if item not in passed] or passed
    if found:
        return min(found, key=lambda candidate: candidate[:2])[2]
    return _steady(text)


def _steady(text: str) -> Due | None:
    said = _CONTINUOUS.search(text)
    return Due(said.group(), None, "continuous") if said else None


_FORESEEN = re.compile(r"\(\s?dự kiến[^()]{0,60}\)")
"""A day foreseen in brackets, often that of something else."""


def due(text: str, issued_on: dt.date | None) -> Due | None:
    """The first deadline in a stretch of text; None when it names none.

    A day or month without a year is taken in the year that follows `issued_on`.

    >>> str(due("hoàn thành trong quý II/2014", None).on)
    '2014-06-30'
    >>> due("báo cáo trước ngày 25/6 và 25/11 hằng năm", None).days
    ((6, 25), (11, 25))
    """
    if alone := _alone(text):
        return alone
    surer = _FORESEEN.sub(" ", text)
    if surer != text and (found := due(surer, issued_on)):
        return found
    for sentence in re.split(r"[;\n]|\.(?=\s|$)", text):
        if found := _sentence_due(sentence, issued_on):
            return found
    return None
