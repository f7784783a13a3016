"""Marks that recognition lost: in words of the dictionary, and in the names below a signature."""

from __future__ import annotations

import pytest

from indexer.readers.respelling import Reading, respell


def spelt(text: str, confidence: float) -> str:
    return " ".join(respell([Reading(word, confidence) for word in text.split()]))


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("tô chức đại hội", "tổ chức đại hội"),
        ("Đồ Ngọc Thịnh", "Đỗ Ngọc Thịnh"),
        ("LS. TS. Đồ Ngọc Thịnh", "LS. TS. Đỗ Ngọc Thịnh"),
        ("NGUYÊN VĂN AN", "NGUYỄN VĂN AN"),
        ("Đồ Sơn", "Đồ Sơn"),  # a place
    ],
)
def test_what_is_not_surely_read_gets_its_marks(read: str, meant: str) -> None:
    assert spelt(read, 0.9) == meant


@pytest.mark.parametrize("read", ["tô chức đại hội", "Đồ Ngọc Thịnh"])
def test_what_is_surely_read_stands(read: str) -> None:
    assert spelt(read, 0.97) == read
