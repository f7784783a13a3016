"""A place inside a document as prose names it: «điểm a khoản 2 Điều 5», «mục II.3» (địa chỉ trong văn bản)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

REACH = 150
"""Characters before a citation in which its place is looked for."""

_ONE = r"(?:[ivx]{1,5}(?:\.\d{1,3}){0,3}|\d{1,3}[a-zđ]?(?:\.\d{1,3}){0,3}|[a-zđ]\d?(?:\.\d{1,3})?|thứ\s+\w{2,5})(?!\w)"
_VALUE = rf"{_ONE}(?:\s?(?:,|và|hoặc|đến)\s{{1,2}}(?:các\s+)?{_ONE})*"
_NAME = r"(?:điểm|tiết|khoản|điều|tiểu\s+mục|mục|chương|phần|phụ\s+lục)"
_UNIT = rf"{_NAME}(?:\s{{1,2}}(?:số\s+)?{_VALUE})"
_JOIN = r"(?:\s?[,;]\s?|\s{1,2})(?:(?:và|của|tại|thuộc|hoặc)\s{1,2})?(?:các\s{1,2})?"
# What may stand between the place and the name of the document.
_TO = (
    r"(?:\s{0,2}(?:của|tại|thuộc|trong|theo|(?:được\s+)?(?:ban\s+hành\s+)?kèm\s+theo)){0,2}"
    r"(?:\s{1,2}(?:các|bản))?\s{0,3}"
)
_BEFORE = re.compile(rf"(?<!\w)(?P<units>{_UNIT}(?:{_JOIN}{_UNIT}){{0,6}}){_TO}\Z")
_AFTER = re.compile(rf"\s{{0,3}}(?:\(|,?\s?tại\s)\s?(?P<units>{_UNIT}(?:{_JOIN}{_UNIT}){{0,4}})\)?")
# «Kế hoạch số 05 về …, trong đó mục III.2 giao …»
_OF_IT = re.compile(
    r"[^.;:\n]{0,140}?,\s{1,2}trong\s+đó\s{1,2}(?:tại\s{1,2})?"
    rf"(?P<units>{_UNIT}(?:{_JOIN}{_UNIT}){{0,4}})"
)
_PART = re.compile(rf"({_NAME})\s{{1,2}}(?:số\s+)?({_VALUE})")
_LISTED = re.compile(r"\s?(?:,|và|hoặc|đến)\s{1,2}")
_NAMES = ("điều", "khoản", "điểm", "tiết", "mục", "phần", "phụ", "chương")
_ROMAN = {"i": 1, "v": 5, "x": 10}
_ORDINALS = {"nhất": "1", "hai": "2", "nhì": "2", "ba": "3", "tư": "4", "bốn": "4", "năm": "5", "sáu": "6"}
_PREFIX = {"điều": "d", "chương": "ch", "phần": "p", "phụ lục": "pl", "khoản": "k"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words of a place stand, and the id of the section they name."""

    start: int
    end: int
    id: str


def before(lower: str, at: int) -> Place | None:
    """The place named right before `at`, in a text of small letters; the last of several, the first of «Điều 4, 5».

    >>> before("tại điểm a khoản 2 điều 5 ", 26)
    Place(start=4, end=26, id='d5.k2.a')
    >>> before("theo mục ii.3 của ", 18).id, before("khoản 1 và khoản 2 điều 7 ", 26).id
    ('ii.3', 'd7')
    """
    window = lower[max(0, at - REACH) : at]
    if not any(name in window for name in _NAMES):
        return None
    found = _BEFORE.search(window)
    offset = at - len(window)
    named = _identify(found["units"]) if found else None
    return Place(found.start() + offset, at, named) if found and named else None


def after(lower: str, at: int) -> Place | None:
    """The place after `at`: «Kế hoạch số 05 (mục II.3)», «Kế hoạch số 05 về …, trong đó mục II.3»."""
    stop = min(len(lower), at + REACH)
    found = _AFTER.match(lower, at, stop) or _OF_IT.match(lower, at, stop)
    named = _identify(found["units"]) if found else None
    return Place(at, found.end(), named) if found and named else None


def _identify(units: str) -> str | None:
    """The id of the narrowest section that holds all that is named."""
    parts = [(re.sub(r"\s+", " ", m[1]), _LISTED.split(m[2])) for m in _PART.finditer(units)]
    parts = _one_chain(parts)
    if any(name == "điều" for name, _ in parts):  # ids of articles do not repeat the chapter
        parts = [part for part in parts if part[0] not in ("tiểu mục", "mục", "chương", "phần")]
    labels: list[str] = []
    names = [name for name, _ in parts]
    for name, values in reversed(parts):
        if name == "mục" and any(value[0].startswith(f"{values[0]}.") for part, value in parts if part == "điểm"):
            continue  # «Điểm 4.6, Mục 4»
        labels.append(_label(name, values[0], under=names))
        if len(values) > 1:
            break
    return ".".join(labels) or None


_WIDTH = {
    "tiết": 0, "điểm": 1, "khoản": 2, "điều": 3, "tiểu mục": 4, "mục": 5, "chương": 6, "phần": 7, "phụ lục": 8,
}  # fmt: skip


def _one_chain(parts: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """The last of several places, down to where it parts from its neighbours.

    «khoản 3 Điều 15 và khoản 11 Điều 19» is khoản 11; «khoản 1 và khoản 2 Điều 7» is Điều 7.
    """
    widths = [_WIDTH[name] for name, _ in parts]
    if widths == sorted(set(widths), reverse=True):
        return parts[::-1]  # «phần III, mục 2»: from the widest down
    first = len(parts) - 1
    while first and widths[first - 1] < widths[first]:
        first -= 1
    if first and widths[first - 1] < widths[-1]:  # a neighbour under the same head
        return [part for part, width in zip(parts[first:], widths[first:], strict=True) if width > widths[first - 1]]
    return parts[first:]


def _label(name: str, value: str, *, under: list[str]) -> str:
    value = _ORDINALS.get(value.split()[-1], value)
    if name in ("chương", "phần", "phụ lục"):
        return _PREFIX[name] + str(_arabic(value) or value.lstrip("0"))
    if name == "khoản" and "mục" in under:
        return value  # Party papers call the numbered parts of a mục khoản
    if name == "mục" and "chương" in under:
        return "m" + str(_arabic(value) or value)
    return _PREFIX.get(name, "") + value


@cache
def _arabic(value: str) -> int | None:
    digits = [_ROMAN.get(letter) for letter in value]
    if not value or None in digits:
        return None
    whole = [digit for digit in digits if digit]
    return sum(-a if a < b else a for a, b in zip(whole, [*whole[1:], 0], strict=True))
