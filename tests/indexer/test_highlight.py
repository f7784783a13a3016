"""Snippets are stretches of the stored text, and marks say why it was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import highlight
from indexer.query import parse

TEXT = (
    "Về công tác khuyến học. Các đơn vị gửi báo cáo trước ngày 30/9/2016 về Hội Khuyến học huyện để tổng hợp. "
    "Căn cứ Kế hoạch số 11/KH-UBND của Ủy ban nhân dân xã, học bổng được trao cho học sinh nghèo."
)


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("khuyến học", {"khuyến học", "Khuyến học"}),
        ("khuyen hoc", {"khuyến học", "Khuyến học"}),
        ('"học bổng"', {"học bổng"}),
        ("11 KH UBND", {"11/KH-UBND"}),
        ("30/9/2016", {"ngày 30/9/2016"}),
        ("UBND tỉnh", {"UBND", "Ủy ban nhân dân"}),
        ("bảo cáo", {"cáo"}),  # «báo» is not «bảo»
    ],
)
def test_what_was_asked_for_is_marked(typed: str, marked: set[str]) -> None:
    found = {TEXT[start:end] for start, end in highlight.marks(TEXT, parse(typed))}
    assert marked <= found and found <= marked | {"học"}


def test_small_words_alone_are_not_marked() -> None:
    found = [TEXT[start:end] for start, end in highlight.marks(TEXT, parse("học bổng của học sinh"))]
    assert "của" not in found and "học bổng" in found


def test_the_stretch_with_most_of_it_is_shown() -> None:
    long = "Mở đầu không có gì. " * 30 + "Trao học bổng cho học sinh nghèo vượt khó. " + "Kết thúc ở đây. " * 30
    found = highlight.snippet(long, parse("học bổng học sinh nghèo"))
    assert found.text.startswith("Trao học bổng") and long[found.start :].startswith("Trao")


@given(st.text(max_size=900), st.sampled_from(["học bổng", '"báo cáo"', "11/KH-UBND", "a -b", "bao cao OR 5/7/2016"]))
def test_marks_lie_in_order_inside_a_stretch_of_the_text(text: str, typed: str) -> None:
    stored = highlight.letters.normalise(text + " học bổng, báo cáo 11/KH-UBND " + text)
    found = highlight.snippet(stored, parse(typed))
    assert stored[found.start : found.start + len(found.text)].split() == found.text.split()
    ends = [0, *(offset for mark in found.marks for offset in mark)]
    assert ends == sorted(ends) and ends[-1] <= len(found.text)
