"""Figures in a sentence of a report (số liệu): a number with what it counts; dates and symbols are none."""

from __future__ import annotations

import re

from corpus import dates, number
from corpus.model import Span

_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_FIGURE = re.compile(
    rf"(?<![\w/.,-])(?:{_NUMBER})(?:\s?/\s?(?:{_NUMBER}))?(?![\d/-]|[.,]\d)(?:\s?%|(?:\s[^\W\d_]+){{0,5}})"
)
# Where what is counted ends: a word that begins the next thing said.
_ENDS = """
    ở với đạt trong so tăng giảm của đã được theo và cho tại có là từ đến để thuộc tham hoàn chưa còn mở do như
    thành tập tiếp vào trên xếp đăng nhận kiện xây tổ học đi gồm bằng cùng qua sau trước chiếm nhằm thì nên mà
"""
# «năm 2017», «ngày 15», «mục 3» and the like count nothing.
_NAMES = re.compile(
    r"(?:năm|tháng|ngày|quý|mục|khoản|điều|điểm|trang|số|kỳ|lần thứ|thứ|khóa|phần|chương)\s*$", re.IGNORECASE
)
_TIMES = ("năm", "tháng", "ngày", "tuần", "quý", "giờ", "phút", "kỳ")
_YEARS = re.compile(r"(?:19|20)\d\d")


def figures(text: str) -> tuple[str, ...]:
    """Each figure with what it counts, in order, none twice.

    >>> figures("đến nay có 68/74 thôn, khu phố thành lập chi hội với 9.412 hội viên, đạt 91,9% (ngày 15/12/2017)")
    ('68/74 thôn', '9.412 hội viên', '91,9%')
    >>> figures("Thực hiện Kế hoạch số 05-KH/HU năm 2016, mục 3")
    ()
    """
    taken = [span for span, _ in (*dates.find(text), *number.find(text))]
    found = (_counted(match.group()) for match in _FIGURE.finditer(text) if not _names(text, match, taken))
    return tuple(dict.fromkeys(filter(_tells, found)))


def _tells(figure: str) -> bool:
    """A bare number counts nothing, and a stretch of time is no result."""
    number, _, counted = figure.partition(" ")
    return "%" in figure or "/" in number or bool(counted and counted.split()[0].lower() not in _TIMES)


def _names(text: str, match: re.Match[str], taken: list[Span]) -> bool:
    inside = any(span.start <= match.start() < span.end for span in taken)
    year = _YEARS.fullmatch(match.group().split()[0]) and "/" not in match.group()
    return inside or bool(year) or bool(_NAMES.search(text[: match.start()]))


def _counted(words: str) -> str:
    first, *rest = words.split()
    kept: list[str] = []
    for word in rest:
        if word.lower() in _ENDS.split():
            break
        kept.append(word)
    return " ".join([first, *kept])
