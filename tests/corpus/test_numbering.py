"""Doubts about numbers: given twice, left out, out of the order of days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.numbering import Code, Issued, order, twice

OFFICE = "Hội Khuyến học huyện Yên Hà"


def _papers(*told: tuple[str, str], issuer: str = OFFICE) -> list[Issued]:
    return [Issued(f"{n}", number, issuer, dt.date.fromisoformat(day)) for n, (number, day) in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # each in its own place
        ([("01/KH-HKH", "2017-01-05"), ("02/KH-HKH", "2017-02-05")], []),
        # left out; the doubt is at the paper after the gap
        ([("01/KH-HKH", "2017-01-05"), ("05/KH-HKH", "2017-02-05")], [(Code.GAP, "1", ((2, 4),))]),
        # one series over all types: 02 is a report, so nothing is missing
        ([("01/KH-HKH", "2017-01-05"), ("02/BC-HKH", "2017-01-09"), ("03/KH-HKH", "2017-02-05")], []),
        # a series for each type, as both have 01
        (
            [("01/KH-HKH", "2017-01-05"), ("01/BC-HKH", "2017-01-09"), ("03/KH-HKH", "2017-02-05")],
            [(Code.GAP, "2", ((2, 2),))],
        ),
        # the Party counts each type by itself, whatever the days say
        (
            [("05-KH/HU", "2016-09-30"), ("06-BC/HU", "2016-10-30"), ("07-KH/HU", "2016-12-30")],
            [(Code.GAP, "2", ((6, 6),))],
        ),
        # a day before the day of a lower number; the next one is right again
        (
            [("01/KH-HKH", "2017-03-05"), ("02/KH-HKH", "2017-01-05"), ("03/KH-HKH", "2017-04-01")],
            [(Code.BACK, "1", ())],
        ),
        # «12a» stands beside 12
        ([("12/KH-HKH", "2017-01-05"), ("12a/KH-HKH", "2017-01-06"), ("13/KH-HKH", "2017-02-05")], []),
        # years are looked at one by one
        ([("40/KH-HKH", "2016-12-30"), ("01/KH-HKH", "2017-01-05")], []),
        # but a term of the Party spans years
        ([("40-KH/HU", "2016-12-30"), ("42-KH/HU", "2017-01-05")], [(Code.GAP, "1", ((41, 41),))]),
        # a leap this wide is no gap
        ([("1/KH-HKH", "2016-10-30"), ("1127/KH-HKH", "2016-11-05")], []),
    ],
)  # fmt: skip
def test_gaps_and_steps_back(told: list[tuple[str, str]], expected: list[object]) -> None:
    assert [(one.code, one.name, one.missing) for one in order(_papers(*told))] == expected


def test_a_number_is_given_twice_only_by_one_body_in_one_year() -> None:
    papers = _papers(("11/KH-UBND", "2016-11-10"), issuer="UBND xã Hòa Xuân")
    papers += [
        Issued("x", "11/KH-UBND", "Ủy ban nhân dân xã Mỹ Lâm", dt.date(2016, 11, 14)),
        Issued("y", "11 /KH - UBND", "Uỷ ban nhân dân xã Hoà Xuân", dt.date(2016, 12, 1)),
        Issued("z", "11/KH-UBND", "UBND xã Hòa Xuân", dt.date(2017, 12, 1)),
    ]
    assert [(one.name, one.others) for one in twice(papers)] == [("0", ("y",)), ("y", ("0",))]


def test_the_party_gives_a_number_once_a_term() -> None:
    told = (("05-KH/HU", "2016-09-30"), ("05-KH/HU", "2018-03-01"), ("05-KH/HU", "2022-03-01"))
    assert [one.name for one in twice(_papers(*told, issuer="Huyện ủy Yên Hà"))] == ["0", "1"]


def test_what_is_no_number_is_no_doubt() -> None:
    assert order(_papers(("không số", "2017-01-05"), ("66.25/KH-HKH", "2017-01-06"))) == ()


@given(st.lists(st.tuples(st.integers(1, 30), st.dates(dt.date(2017, 1, 1), dt.date(2017, 12, 31))), max_size=12))
def test_doubts_do_not_depend_on_the_order_of_arrival(told: list[tuple[int, dt.date]]) -> None:
    papers = [Issued(f"{n}-{day}", f"{n:02}/KH-HKH", OFFICE, day) for n, day in dict(told).items()]
    assert set(order(papers)) == set(order(papers[::-1]))
    held = {int(paper.number.partition("/")[0]) for paper in papers}
    missing = {n for one in order(papers) for low, high in one.missing for n in range(low, high + 1)}
    assert missing == (set(range(min(held), max(held))) - held if held else set())
