"""Jinja filters: Vietnamese dates and numbers, things that never break across lines, marked words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from flask import Flask
from markupsafe import Markup, escape

from archive.settings import HANOI

# Symbols, dates and ranges break at their dashes and slashes; the word that announces them stays with them.
_WHOLE = re.compile(
    r"(?:\b(?:số|ngày|trang|mục|khoản|điểm|điều|hạn|tháng|quý|năm) )?"
    r"(?<![\w/-])\d[\w.,]{0,24}(?:[/–-][\w.&]{1,24}){1,4}"
    r"|\b\d{1,5} ngày\b"
    r"|\b(?:trang|mục|khoản|điều|điểm|quý) [\dIVXLC][\w.]{0,8}(?![\w/-])",
    re.IGNORECASE,
)


def date(value: dt.date | dt.datetime | None) -> str:
    """Day, month, year; zero before days under 10 and months 1 and 2 (Nghị định 30/2020/NĐ-CP, Phụ lục I).

    >>> date(dt.date(2016, 9, 30)), date(dt.date(2013, 1, 9))
    ('30/9/2016', '09/01/2013')
    """
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = value.astimezone(HANOI).date()
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"{value.day:02d}/{month}/{value.year}"


def moment(value: dt.datetime) -> str:
    """Time and day in Viet Nam: «16:42 ngày 30/9/2016»."""
    return f"{value.astimezone(HANOI):%H:%M} ngày {date(value)}"


def thousands(value: int) -> str:
    """Dots between thousands.

    >>> thousands(2148)
    '2.148'
    """
    return f"{value:,}".replace(",", ".")


def seconds(milliseconds: float) -> str:
    """Seconds with a decimal comma: «0,01 giây»."""
    return f"{max(milliseconds / 1000, 0.01):.2f} giây".replace(".", ",")


def size(count: int) -> str:
    """Bytes as people say them.

    >>> size(812), size(225_280), size(3_250_000)
    ('812 byte', '220 KB', '3,1 MB')
    """
    if count < 1024:
        return f"{count} byte"
    if count < 1 << 20:
        return f"{count / 1024:.0f} KB"
    return f"{count / (1 << 20):.1f} MB".replace(".", ",")


def nowrap(text: object) -> Markup:
    """The text, escaped, with numbers, dates, «trang 3» and 2016-2020 held together."""
    raw = str(text)
    parts: list[Markup] = []
    at = 0
    for found in _WHOLE.finditer(raw):
        parts += [escape(raw[at : found.start()]), Markup('<span class="nowrap">%s</span>') % found.group()]
        at = found.end()
    parts.append(escape(raw[at:]))
    return Markup("").join(parts)


def marked(text: str, marks: Iterable[tuple[int, int]]) -> Markup:
    """The text, escaped, with the stretches of `marks` in `<mark>`; they must be in order."""
    parts: list[Markup] = []
    at = 0
    for start, end in marks:
        parts += [nowrap(text[at:start]), Markup("<mark>%s</mark>") % text[start:end]]
        at = end
    parts.append(nowrap(text[at:]))
    return Markup("").join(parts)


def register(app: Flask) -> None:
    """Make the filters known to templates under their own names."""
    for function in (date, moment, thousands, seconds, size, nowrap, marked):
        app.jinja_env.filters[function.__name__] = function
