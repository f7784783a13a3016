"""Tables cut into printed pages: every row once, none split, no page fuller than it can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import paging


@given(
    st.lists(st.floats(1, 60), max_size=60), st.floats(50, 150), st.floats(50, 180)
)  # fmt: skip
def test_every_row_stands_on_one_page_in_order(heights: list[float], first: float, rest: float) -> None:
    pages = paging.sheets(heights, first=first, rest=rest)
    assert [at for page in pages for at in page] == list(range(len(heights)))
    for number, page in enumerate(pages):
        room = rest if number else first
        assert len(page) <= 1 or sum(heights[at] for at in page) <= room + 1e-6


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 20, 1),
        ("một", 20, 1),
        ("một\nhai", 20, 2),
        ("Báo cáo kết quả công tác khuyến học, khuyến tài năm 2017", 56, 2),
        ("2775/SNV-CCHC&VTLT", 29, 2),  # broken after its slash or dash
        ("x" * 60, 30, 5),  # a word longer than the column is cut, and may lose a letter a line
    ],
)
def test_lines_of_a_cell(text: str, width: float, expected: int) -> None:
    assert paging.lines(text, width, 11) == expected


@given(st.text(alphabet="abc ạđ/-W", max_size=80), st.floats(10, 60))
def test_a_wider_column_never_takes_more_lines_than_one_letter_wide(text: str, width: float) -> None:
    assert 1 <= paging.lines(text, width, 11) <= max(1, len(text)) + 1
