"""Letters and syllables."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import text as letters

VIETNAMESE = st.text(alphabet="aàảãáạăằâấeéêếiíoóôơờuúưứyýđĐÂÊÔƠƯbcghnmt 0-/.\n")


@given(st.text())
def test_folding_keeps_the_length_of_the_nfc_text(text: str) -> None:
    assert len(letters.fold(text)) == len(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_decomposed_and_composed_text_fold_and_normalise_alike(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert letters.fold(apart) == letters.fold(text)
    assert letters.normalise(apart) == letters.normalise(text)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = letters.normalise(text)
    assert letters.normalise(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QÐ-TTg và ðồng", "QĐ-TTg và đồng"),  # eth for đ
        ("Ɖảng", "Đảng"),
        ("\ufeffKế\u200b hoạch", "Kế hoạch"),
        ("Kế hoạch".encode().decode(), "Kế hoạch"),
    ],
)
def test_wrong_letters_are_repaired(text: str, expected: str) -> None:
    assert letters.normalise(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("uỷ", "ủy"),
        ("hoà", "hòa"),
        ("kỹ", "kĩ"),
        ("lý", "lí"),
        ("QUÝ", "quí"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "Thủy"),
    ],
)
def test_spellings_of_one_syllable_share_a_key(one: str, other: str) -> None:
    assert letters.tone_key(one) == letters.tone_key(other)


@pytest.mark.parametrize(("one", "other"), [("tai", "tay"), ("mùa", "múa"), ("uy", "ui"), ("hóa", "hoa")])
def test_different_syllables_do_not(one: str, other: str) -> None:
    assert letters.tone_key(one) != letters.tone_key(other)


@pytest.mark.parametrize(
    "word",
    [
        "nghiêng",
        "Quốc",
        "gì",
        "giếng",
        "khuya",
        "uỷ",
        "Đắc",
        "quyền",
        "ngoằn",
        "tuyên",
        "yêu",
        "ý",
        "rượu",
        "huơ",
    ],
)
def test_syllables_are_recognised(word: str) -> None:
    assert letters.is_syllable(word)


@pytest.mark.parametrize("word", ["hoc", "kế0", "ngế", "cê", "zạ", "xqu", "thf", "", "tấtp", "UBND"])
def test_other_letters_are_not_syllables(word: str) -> None:
    assert not letters.is_syllable(word)


def test_syllables_are_found_where_they_stand() -> None:
    text = "Số 5: Kế-hoạch"
    assert [text[start:end] for start, end in letters.syllables(text)] == ["Số", "Kế", "hoạch"]
