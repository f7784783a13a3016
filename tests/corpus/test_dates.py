"""Dates and deadlines; DOMAIN §4.3."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import dates
from corpus.model import Due

ISSUED = dt.date(2016, 8, 24)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ngày 04 tháng 12 năm 2014", "2014-12-04"),
        ("ngày22/5/2013", "2013-05-22"),  # glued
        ("ngày 9-1-2013", "2013-01-09"),
        (", ngày 06-3-2009 của", "2009-03-06"),
        ("01.7.2025", "2025-07-01"),
        ("ngày 4\ntháng 12\nnăm 2014", "2014-12-04"),  # broken over lines
        ("ngày 31/11/2013", None),  # no such day
        ("2016-2020", None),
        ("24/7", None),
        ("1.234.2016", None),
        ("Quyết định 09/01/2013/QĐ", None),
    ],
)
def test_full_dates_are_read_day_first(text: str, expected: str | None) -> None:
    found = dates.read(text)
    assert (str(found) if found else None) == expected


@given(st.dates(dt.date(1930, 1, 1), dt.date(2090, 12, 31)))
def test_every_printed_form_of_a_day_gives_it_back(on: dt.date) -> None:
    for printed in (
        f"ngày {on.day} tháng {on.month} năm {on.year}",
        f"{on.day:02}/{on.month:02}/{on.year}",
        f"{on.day}-{on.month}-{on.year}",
    ):
        ((span, found),) = dates.find(f"theo {printed} của")
        assert found == on
        assert span.of(f"theo {printed} của") == printed


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("hoàn thành trước ngày 30/9/2016", "2016-09-30"),
        ("chậm nhất là ngày 15 tháng 10 năm 2016", "2016-10-15"),
        ("đến hết ngày 31/12/2016", "2016-12-31"),
        ("trước 17 giờ 00 ngày 20/10/2016", "2016-10-20"),
        ("từ ngày 01/9 đến ngày 30/9/2016", "2016-09-30"),
        ("trước ngày 30/9", "2016-09-30"),  # year of issue
        ("trước ngày 15/3", "2017-03-15"),  # already past in the year of issue
        ("trong tháng 9/2016", "2016-09-30"),
        ("trước tháng 10/2016", "2016-09-30"),
        ("trong quý III/2016", "2016-09-30"),
        ("hoàn thành trong quý 2 năm 2017", "2017-06-30"),
        ("Quý III, IV/2016", "2016-12-31"),
        ("hoàn thành trong năm 2016", "2016-12-31"),
        ("trong 6 tháng đầu năm 2017", "2017-06-30"),
        ("30/9/2016", "2016-09-30"),  # a cell of a table
        ("Năm 2016", "2016-12-31"),
        ("Tháng 10", "2016-10-31"),
    ],
)
def test_deadlines_become_their_last_day(text: str, on: str) -> None:
    found = dates.due(text, ISSUED)
    assert found is not None
    assert (str(found.on), found.recurs) == (on, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tổ chức sơ kết hằng năm", Due("hằng năm", None, "yearly")),
        ("báo cáo hàng quý", Due("hàng quý", None, "quarterly")),
        ("định kỳ 6 tháng, hằng năm", Due("định kỳ 6 tháng, hằng năm", None, "half-yearly+yearly")),
        ("định kỳ hằng tháng, quý, năm", Due("hằng tháng, quý, năm", None, "monthly+quarterly+yearly")),
        (
            "báo cáo trước ngày 25/6 và 25/11 hằng năm",
            Due("trước ngày 25/6 và 25/11 hằng năm", None, "yearly", ((6, 25), (11, 25))),
        ),
        ("trước ngày 20 hằng tháng", Due("trước ngày 20 hằng tháng", None, "monthly", ((0, 20),))),
        (
            "trước ngày 20 của tháng cuối quý",
            Due("trước ngày 20 của tháng cuối quý", None, "quarterly", ((3, 20), (6, 20), (9, 20), (12, 20))),
        ),
        ("thường xuyên", Due("thường xuyên", None, "continuous")),
        ("giai đoạn 2016-2020", Due("giai đoạn 2016-2020")),
    ],
)
def test_recurring_and_open_deadlines(text: str, expected: Due) -> None:
    assert dates.due(text, ISSUED) == expected


def test_a_relative_deadline_has_no_day() -> None:
    found = dates.due("trả lời sau 05 ngày làm việc kể từ ngày nhận được văn bản", ISSUED)
    assert found is not None
    assert (found.on, found.recurs) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Chỉ thị số 19-CT/TU ngày 24/8/2016",
        "kịp thời, khẩn trương",
        "đến năm 2020, định hướng 2030",
        "",
        "Điều 5",
    ],
)
def test_what_is_no_deadline_gives_none(text: str) -> None:
    assert dates.due(text, ISSUED) is None


def test_without_a_day_of_issue_a_day_without_a_year_stays_open() -> None:
    found = dates.due("trước ngày 30/9", None)
    assert found is not None
    assert found.on is None


def test_the_first_deadline_of_a_stretch_is_taken() -> None:
    found = dates.due("Xong trước ngày 31/10/2026; báo cáo trước ngày 30/11/2026.", ISSUED)
    assert found is not None
    assert found.on == dt.date(2026, 10, 31)


def test_a_quarter_of_every_year_recurs():
    found = dates.due("kiểm tra việc thu, chi trong quý III hằng năm", dt.date(2016, 10, 17))
    assert found is not None
    assert (found.on, found.recurs, found.days) == (None, "yearly", ((9, 30),))


def test_a_period_that_was_over_is_not_the_deadline():
    found = dates.due("gửi số liệu cuối năm 2017 trước ngày 20/01/2018", dt.date(2018, 1, 12))
    assert found is not None
    assert found.on == dt.date(2018, 1, 20)
