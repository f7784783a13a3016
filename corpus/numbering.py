"""Doubts about the numbers of papers (số, ký hiệu): given twice, left out, out of the order of days; DOMAIN §1.5.

State numbers run by year, Party numbers by type within a term. Whether an office counts all types in one
series or each in its own is seen from the numbers themselves. A doubt is for a person; nothing is decided here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from corpus import bodyname, number, terms

MOST = 400
"""A leap wider than this is no gap: another series, or a misread number."""


class Code(StrEnum):
    """What is doubtful."""

    TWICE = "twice"
    """Another paper of the same body has this number, in the same year, or term of the Party."""
    GAP = "gap"
    """Numbers before this one are held by no paper."""
    BACK = "back"
    """Its day is before the day of a lower number."""
    LATE = "late"
    """It is dated after the day on which it arrived."""
    ARRIVAL = "arrival"
    """Its day of arrival is before that of a lower number of arrival."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper as far as its number goes."""

    name: str
    """By which the caller knows it."""
    number: str
    issuer: str
    issued_on: dt.date


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubt about one paper."""

    code: Code
    name: str
    others: tuple[str, ...] = ()
    """The papers beside which it is doubtful."""
    missing: tuple[tuple[int, int], ...] = ()
    """Runs of serials that no paper has, ends included."""


@dataclass(frozen=True, slots=True)
class _Numbered:
    paper: Issued
    serial: int
    tail: str
    """Letter after the digits: «12a»."""
    type: str
    party: bool


def twice(papers: Iterable[Issued]) -> tuple[Doubt, ...]:
    """Papers whose number, issuing body and run of numbers another one has too."""
    groups: dict[tuple[str, str, str], list[Issued]] = defaultdict(list)
    for paper in papers:
        groups[number.key(paper.number), bodyname.key(paper.issuer), _run(paper)].append(paper)
    return tuple(
        Doubt(Code.TWICE, one.name, tuple(other.name for other in group if other is not one))
        for group in groups.values()
        for one in group
        if len(group) > 1
    )


def order(papers: Iterable[Issued]) -> tuple[Doubt, ...]:
    """Gaps and steps back in what one office issued; each run of each body is looked at by itself."""
    groups: dict[tuple[str, str], list[_Numbered]] = defaultdict(list)
    for paper in papers:
        numbered = _numbered(paper)
        if numbered:
            groups[bodyname.key(paper.issuer), _run(paper)].append(numbered)
    return tuple(doubt for group in groups.values() for series in _series(group) for doubt in _doubts(series))


def _run(paper: Issued) -> str:
    """In which numbers begin anew: a year, or a term of the Party."""
    try:
        parsed = number.parse(paper.number)
    except ValueError:
        parsed = None
    if parsed and parsed.side == "party":
        return f"term {terms.term(paper.issued_on, parsed.body)}"
    return f"year {paper.issued_on.year}"


def _numbered(paper: Issued) -> _Numbered | None:
    try:
        parsed = number.parse(paper.number)
    except ValueError:
        return None
    digits = parsed.serial.rstrip("abcdđ")
    if not digits.isdecimal():
        return None
    return _Numbered(paper, int(digits), parsed.serial[len(digits) :], parsed.type or "", parsed.side == "party")


def _series(group: Sequence[_Numbered]) -> Iterator[list[_Numbered]]:
    """The group cut into the series it was numbered in, each by serial."""
    types: dict[str, list[_Numbered]] = defaultdict(list)
    for one in group:
        types[one.type].append(one)
    by_type = [sorted(series, key=_place) for series in types.values()]
    whole = sorted(group, key=_place)
    return iter([whole] if len(by_type) > 1 and _one_series(whole) else by_type)


def _place(one: _Numbered) -> tuple[int, str, dt.date]:
    return one.serial, one.tail, one.paper.issued_on


def _one_series(whole: Sequence[_Numbered]) -> bool:
    """No serial comes under two types, and days rise with serials: the office counts all types together."""
    if any(one.party for one in whole):
        return False
    repeated = any((a.serial, a.tail) == (b.serial, b.tail) and a.type != b.type for a, b in pairwise(whole))
    back = sum(a.paper.issued_on > b.paper.issued_on for a, b in pairwise(whole))
    return not repeated and back * 10 <= len(whole)


def _doubts(series: Sequence[_Numbered]) -> Iterator[Doubt]:
    latest = series[0]
    for before, one in pairwise(series):
        missing = (before.serial + 1, one.serial - 1)
        if 0 <= missing[1] - missing[0] < MOST:
            yield Doubt(Code.GAP, one.paper.name, (before.paper.name,), (missing,))
        if one.paper.issued_on < latest.paper.issued_on:
            yield Doubt(Code.BACK, one.paper.name, (latest.paper.name,))
        else:
            latest = one
