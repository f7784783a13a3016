"""What two spellings have in common, and what must never be taken for the same."""

from __future__ import annotations

import random
import unicodedata

import pytest

from indexer import tokens
from indexer.tokens import syllable, term


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"), ("thủy", "thuỷ"), ("ủy", "uỷ"), ("Ủy", "UỶ"), ("khỏe", "khoẻ"), ("lý", "lí"), ("kỹ", "kĩ"),
        ("quý", "quí"), ("Đảng", "Ðảng"), ("ĐẢNG", "đảng"),
    ],
)  # fmt: skip
def test_two_ways_to_write_one_syllable_are_one_term(one: str, other: str) -> None:
    for written in (other, unicodedata.normalize("NFD", other)):
        assert term(syllable(unicodedata.normalize("NFC", written))) == term(syllable(one))


@pytest.mark.parametrize(
    ("one", "other"), [("báo", "bảo"), ("dang", "đang"), ("tai", "tay"), ("quy", "qui-"), ("2016", "2015")]
)
def test_what_is_written_otherwise_is_another_term(one: str, other: str) -> None:
    assert term(syllable(one)) != term(syllable(other.strip("-") + ("p" if other.endswith("-") else "")))


def test_unmarked_typing_shares_the_base_of_every_spelling() -> None:
    assert {syllable(s).base for s in ("dang", "đang", "đảng", "Đằng", "dâng")} == {"dang"}


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("học tập, báo cáo", [["hoc", "tap"], ["bao", "cao"]]),
        ("dòng này\nnối dòng sau", [["dong", "nay", "noi", "dong", "sau"]]),  # a line of a PDF is no end
        ("đoạn này\n\nđoạn sau", [["doan", "nay"], ["doan", "sau"]]),
        ("ô\tbảng", [["o"], ["bang"]]),
        ("KH-UBND", [["kh"], ["ubnd"]]),
        ("", []),
    ],
)
def test_punctuation_and_blank_lines_part_neighbours(text: str, runs: list[list[str]]) -> None:
    assert [[s.base for s in run] for run in tokens.runs(text)] == runs


def test_numbers_and_days_are_terms_of_their_own() -> None:
    found = tokens.symbols("Theo Kế hoạch số 05-KH/HU ngày 5/7/2016 và Công văn 214/UBND-VX")
    assert found == ("5//kh/hu", "214///ubndvx", "@2016-07-05")


@pytest.mark.parametrize("word", ["hòa_bình", "hoà_bình", "thủy_lợi", "thuỷ_lợi", "ủy_quyền", "văn_hóa", "khuyến_học"])
def test_words_are_seen_and_kept_wherever_the_tone_was_put(word: str) -> None:
    assert word in tokens.words(f"Về công tác {word.replace('_', ' ')} năm 2016 theo 19-CT/TU")


def test_random_letters_are_cut_without_failing() -> None:
    rng = random.Random(3)
    for _ in range(300):
        text = unicodedata.normalize("NFC", "".join(chr(rng.randrange(0x20, 0x2100)) for _ in range(40)))
        assert [t.syllable for t in tokens.tokenise(text)] == [s for run in tokens.runs(text) for s in run]
