"""Versions of one paper are known by their texts, and never against their heads."""

from __future__ import annotations

import datetime as dt
import random
import re

import pytest

from corpus import copies
from corpus.model import Kind
from corpus.resolve import Known

WORDS = re.findall(
    r"\w+",
    "hội khuyến học huyện phối hợp phòng giáo dục đào tạo triển khai kế hoạch xây dựng xã hội học tập giai đoạn mới "
    "các xã thị trấn kiện toàn ban chỉ đạo báo cáo kết quả trước ngày phát triển chi hội ở thôn khu phố quỹ học bổng",
)


def _text(seed: int, size: int = 400) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) + str(chance.randrange(40)) * (chance.random() < 0.3) for _ in range(size))


def _scanned(text: str, share: float) -> str:
    """The text as a bad scan reads it: some words are others."""
    chance = random.Random(1)
    return " ".join("x" + word if chance.random() < share else word for word in text.split())


PAPER = Known("a", "05-KH/HU", Kind.PLAN, dt.date(2016, 9, 30), "Huyện ủy Yên Hà")
DRAFT = Known("b", None, Kind.PLAN, None, "Huyện ủy Yên Hà")


def test_equal_texts_are_alike_whatever_their_marks_and_breaks() -> None:
    text = _text(1)
    other = text.upper().replace(" ", "  ")
    assert copies.sketch(text) == copies.sketch(other)
    assert copies.likeness(text, other) == 1.0


@pytest.mark.parametrize("share", [0.0, 0.01, 0.03, 0.05])
def test_much_the_same_texts_meet_under_a_band(share: float) -> None:
    for seed in range(10):
        text = _text(seed)
        other = _scanned(text, share)
        assert copies.likeness(text, other) >= copies.ALIKE_NUMBERED
        assert set(copies.bands(copies.sketch(text))) & set(copies.bands(copies.sketch(other)))


def test_other_texts_do_not_meet() -> None:
    for seed in range(10):
        one, other = _text(seed), _text(seed + 100)
        assert copies.likeness(one, other) < 0.2
        assert not set(copies.bands(copies.sketch(one))) & set(copies.bands(copies.sketch(other)))


def test_a_few_words_say_nothing() -> None:
    assert copies.likeness("Lưu: VT.", "Lưu: VT.") == 0.0
    assert list(copies.bands(copies.sketch("Lưu: VT."))) == []


@pytest.mark.parametrize(
    ("other", "alike", "same"),
    [
        (Known("b", "05 - KH/HU", Kind.PLAN, dt.date(2016, 9, 30), "Huyện uỷ Yên Hà"), 0.6, True),  # a bad scan
        (Known("b", "05-KH/HU", Kind.PLAN, dt.date(2016, 9, 30), "Huyện ủy Yên Hà"), 0.4, False),
        (DRAFT, 0.9, True),
        (DRAFT, 0.7, False),
        (Known("b", "06-KH/HU", Kind.PLAN, dt.date(2016, 9, 30), "Huyện ủy Yên Hà"), 0.99, False),
        (Known("b", "05-KH/HU", Kind.PLAN, dt.date(2017, 9, 30), "Huyện ủy Yên Hà"), 0.99, False),  # next year's
        (Known("b", None, Kind.PLAN, None, "Huyện ủy Nà Lương"), 0.99, False),  # one form, two districts
        (Known("b", None, Kind.REPORT, None, None), 0.99, False),
    ],
)
def test_heads_that_contradict_are_two_papers(other: Known, alike: float, same: bool) -> None:
    assert (copies.versions(PAPER, other, alike) is not None) == same
    assert copies.versions(PAPER, other, alike) == copies.versions(other, PAPER, alike)
