"""When a paper was issued, as nearly as it says: a day, or the month when the day was left blank."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from corpus.model import Heading


@dataclass(frozen=True, slots=True)
class Period:
    """First and last possible day."""

    first: dt.date
    last: dt.date


_BLANK = re.compile(r"ngày[\s.…_]{0,12}tháng\s{0,4}(\d{1,2})?[\s.…_]{0,12}năm\s{0,4}(\d{4})", re.IGNORECASE)


def issued(heading: Heading, text: str) -> Period | None:
    """The day of the heading, or the month or year printed beside a blank; None when neither is there.

    >>> str(issued(Heading(number="5/KH-UBND"), "Bình Thuận, ngày     tháng 12 năm 2024").first)
    '2024-12-01'
    """
    if not (heading.kind or heading.number):
        # Without a letterhead the first date in the text is of something else.
        return None
    if heading.issued_on:
        return Period(heading.issued_on, heading.issued_on)
    found = _BLANK.search(text, heading.start, max(heading.end, heading.start + 1500))
    if not found:
        return None
    year, month = int(found[2]), int(found[1]) if found[1] else None
    if not 1900 <= year <= 2100 or (month is not None and not 1 <= month <= 12):
        return None
    last = month or 12
    return Period(dt.date(year, month or 1, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


_YEARS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?(?:[-–—]|đến)\s?((?:19|20)\d\d)(?!\d)"
    r"|(?:(?<!\w)năm\s{1,2}|(?<=\d)/)((?:19|20)\d\d)(?![\d/])",
    re.I,
)


def years(title: str | None) -> tuple[int, int] | None:
    """First and last year a title names; None when it names none.

    >>> years("giai đoạn 2016-2020"), years("tháng 9/2025"), years("công tác khuyến học")
    ((2016, 2020), (2025, 2025), None)
    """
    named = [int(year) for found in _YEARS.findall(title or "") for year in found if year]
    return (min(named), max(named)) if named else None


_PART = re.compile(
    r"(?<!\w)(?:(?P<half>6|06|sáu|9|09|chín|3|03)\s+tháng\s+(?P<part>đầu|cuối)\s+năm|quý\s+(?P<quarter>IV|I{1,3}|[1-4])"
    r"|tháng\s+(?P<month>\d{1,2}))(?:\s*(?:năm|/|,)){0,2}\s*(?P<year>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(?<!\w)năm\s{1,2}(?P<year>(?:19|20)\d\d)(?!\d|\s?[-–]\s?\d)", re.IGNORECASE)
_COUNT = {"6": 6, "06": 6, "sáu": 6, "9": 9, "09": 9, "chín": 9, "3": 3, "03": 3}
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def covered(title: str | None) -> tuple[dt.date, dt.date] | None:
    """First and last day a report's title says it is about; None when it names no single year.

    >>> [str(day) for day in covered("kết quả 6 tháng đầu năm 2017") or ()]
    ['2017-01-01', '2017-06-30']
    """
    found = _PART.search(title or "")
    if found is None:
        whole = _WHOLE.findall(title or "")
        return (dt.date(int(whole[-1]), 1, 1), dt.date(int(whole[-1]), 12, 31)) if len(set(whole)) == 1 else None
    year = int(found["year"])
    if found["half"]:
        count = _COUNT[found["half"].lower()]
        first, last = (1, count) if found["part"].lower() == "đầu" else (13 - count, 12)
    elif found["quarter"]:
        last = _QUARTERS[found["quarter"].lower()] * 3
        first = last - 2
    else:
        first = last = int(found["month"])
        if not 1 <= first <= 12:
            return None
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
