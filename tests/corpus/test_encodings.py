"""Letters kept in the codes of old fonts are read, and Unicode is left as it is."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import encodings

TCVN3 = "Céng hoµ x· héi chñ nghÜa ViÖt Nam"
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam"
UNICODE = "Cộng hoà xã hội chủ nghĩa Việt Nam"


@pytest.mark.parametrize(
    ("stored", "encoding"),
    [
        (TCVN3, "tcvn3"),
        (VNI, "vni"),
        (UNICODE, "unicode"),
        ("Uû ban nh©n d©n tØnh Yªn B¸i", "tcvn3"),
        ("the café is déjà vu, naïve façade", "unicode"),  # French and English have high letters too
        ("L'été à la préfecture de Besançon", "unicode"),
        ("UBND, HĐND, QĐ-UBND", "unicode"),  # abbreviations say nothing
        ("12/2004/Q§-TTg", "unicode"),  # one code alone decides nothing
        ("", "unicode"),
    ],
)
def test_letters_alone_decide_how_a_paragraph_was_stored(stored: str, encoding: str) -> None:
    assert encodings.detect(stored) == encoding


def test_both_legacy_readings_give_the_same_words() -> None:
    assert encodings.decode_tcvn3(TCVN3) == UNICODE
    assert encodings.decode_vni(VNI) == UNICODE.replace("hoà", "hòa")


def test_soft_hyphen_is_a_letter_of_tcvn3() -> None:
    assert encodings.decode_tcvn3("Tr\u00ad\u00eang ph\u00ad\u00eang") == "Trường phường"


def test_codes_shifted_by_symbol_fonts_are_read() -> None:
    shifted = "".join(chr(0xF000 + ord(letter)) if ord(letter) > 0x7F else letter for letter in TCVN3)
    assert encodings.decode_tcvn3(shifted) == UNICODE


def test_a_short_paragraph_follows_the_rest_of_its_text() -> None:
    assert encodings.unify([TCVN3, "Sè: 12/Q§-UB"]) == ([UNICODE, "Số: 12/QĐ-UB"], "tcvn3")


def test_a_unicode_paragraph_among_legacy_ones_stays() -> None:
    assert encodings.unify([TCVN3, "Nguyễn Văn An"])[0] == [UNICODE, "Nguyễn Văn An"]


def test_a_text_in_two_ways_is_mixed() -> None:
    texts, encoding = encodings.unify([TCVN3, VNI])
    assert encoding == "mixed"
    assert [text.replace("hòa", "hoà") for text in texts] == [UNICODE, UNICODE]


def test_letters_without_marks_do_not_weigh() -> None:
    # a VNI font over English words is no VNI text
    assert encodings.telling("Microsoft Word 97") == 0
    assert encodings.summary(Counter(tcvn3=40, vni=1)) == "tcvn3"


@pytest.mark.parametrize("name", ["Arial", "Times New Roman", None, "VnSouthern", ""])
def test_ordinary_fonts_promise_nothing(name: str | None) -> None:
    assert encodings.of_font(name) == ("unicode", False)


@given(st.lists(st.sampled_from([*UNICODE.split(), "được", "Ủy", "thuỷ", "chỉ", "tịch", "Đảng"]), min_size=1))
def test_unicode_texts_stay_as_they_are(found: list[str]) -> None:
    text = " ".join(found)
    assert encodings.unify([text]) == ([text], "unicode")
