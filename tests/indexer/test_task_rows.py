"""Cells of a sheet of tasks, however they were typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.task_records import value_of
from indexer.task_rows import BY_KEY, canonical

TYPED = st.text(st.sampled_from("aăđỦ 0123456789/.-–;,\n\t“”\"«»=+@()\xa0́"), max_size=30)


@pytest.mark.parametrize(
    ("key", "typed", "expected"),
    [
        ("due", "31/12/2017", "2017-12-31"),
        ("due", "ngày 31 tháng 12 năm 2017", "2017-12-31"),
        ("due", "31-12-2017", "2017-12-31"),
        ("due", "31.12.17", "2017-12-31"),
        ("due", "2017-12-31 00:00:00", "2017-12-31"),
        ("due", "43100", "2017-12-31"),  # a day pasted without its format
        ("due", "trước ngày 31/12/2017", "trước ngày 31/12/2017"),  # words stay words
        ("due", "31/2/2017", "31/2/2017"),  # no such day
        ("due", "2017", "2017"),
        ("lead", "Hội Khuyến học;\nPhòng Nội vụ, ", "Hội Khuyến học; Phòng Nội vụ"),
        ("lead", "Phòng Lao động, Thương binh và Xã hội", "Phòng Lao động, Thương binh và Xã hội"),
        ("number", "12 /BC- HKH", "12/BC-HKH"),
        ("quote", "“đạt 95%”", "đạt 95%"),
        ("quote", "“Thôn hiếu học”, “Dòng họ hiếu học”", "“Thôn hiếu học”, “Dòng họ hiếu học”"),
        ("page", "3.0", "3"),
        ("wording", "Hòa  Xuân", "Hòa Xuân"),  # composed
    ],
)
def test_one_way_of_writing(key: str, typed: str, expected: str) -> None:
    assert canonical(key, typed) == expected


@given(st.sampled_from(sorted(BY_KEY)), TYPED)
def test_what_is_written_that_way_is_written_that_way_again(key: str, typed: str) -> None:
    once = canonical(key, typed)
    assert canonical(key, once) == once


@pytest.mark.parametrize(
    ("typed", "on", "recurs"),
    [
        ("2018-06-30", "2018-06-30", None), ("quý II/2018", "2018-06-30", None), ("hằng quý", None, "quarterly"),
        ("khi có yêu cầu", None, None),
    ],
)  # fmt: skip
def test_a_term_is_understood_as_in_a_text(typed: str, on: str | None, recurs: str | None) -> None:
    value = value_of("due", typed, None)
    assert (value["on"], value["recurs"]) == (on, recurs)
