"""Names of types and bodies, from the data files."""

from __future__ import annotations

import pytest

from corpus import bodyname, lexicon, offices
from corpus.model import Kind, Role


def test_every_type_has_a_label_that_names_it() -> None:
    for kind in Kind:
        assert lexicon.kind_named(lexicon.kind_label(kind)) is kind


def test_every_role_has_a_label() -> None:
    assert len({lexicon.role_label(role) for role in Role}) == len(Role)


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("KẾ HOẠCH", Kind.PLAN),
        ("Tờ  trình", Kind.PROPOSAL),
        ("THÔNG TƯ LIÊN TỊCH", Kind.JOINT_CIRCULAR),
        ("chương trình hành động", Kind.PROGRAMME),
        ("Giấy uỷ quyền", Kind.AUTHORISATION),
        ("kế hoạch này", None),
        ("", None),
    ],
)
def test_printed_names_of_types(printed: str, kind: Kind | None) -> None:
    assert lexicon.kind_named(printed) is kind


@pytest.mark.parametrize(
    ("abbr", "kinds"),
    [
        ("QĐ", (Kind.DECISION, Kind.RULES)),
        ("TT", (Kind.CIRCULAR, Kind.PARTY_CIRCULAR)),
        ("CTr", (Kind.PROGRAMME,)),
        ("qđ", (Kind.DECISION, Kind.RULES)),
        ("UBND", ()),
        ("", ()),
    ],
)
def test_abbreviations_of_types(abbr: str, kinds: tuple[Kind, ...]) -> None:
    assert lexicon.kind_of_abbr(abbr) == kinds


def test_codes_of_bodies_are_known_in_their_variants() -> None:
    assert lexicon.bodies_of_code("BGD&ĐT") == lexicon.bodies_of_code("BGDĐT") != ()
    assert lexicon.bodies_of_code("QH14")[0].names == ("Quốc hội",)
    assert lexicon.bodies_of_code("HU")[0].until == "2025-07-01"


@pytest.mark.parametrize(
    ("printed", "proper"),
    [
        ("UBND XÃ AN BÌNH", "Ủy ban nhân dân xã An Bình"),
        ("THÀNH ỦY HÀ NỘI", "Thành ủy Hà Nội"),
        ("PHÒNG GD&ĐT QUẬN 1", "Phòng Giáo dục và Đào tạo quận 1"),
        ("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "Sở Lao động - Thương binh và Xã hội"),
        ("ỦY BAN MTTQ VIỆT NAM HUYỆN A LƯỚI", "Ủy ban Mặt trận Tổ quốc Việt Nam huyện A Lưới"),
        ("TRUNG TÂM CNTT", "Trung tâm CNTT"),
        ("Sở Nội vụ tỉnh Lâm Đồng", "Sở Nội vụ tỉnh Lâm Đồng"),
    ],
)
def test_names_of_bodies_get_the_letters_of_prose(printed: str, proper: str) -> None:
    assert bodyname.proper(printed) == proper


@pytest.mark.parametrize(
    "name", ["Phu Văn Trạng", "Đại tá Lê Hồng Thắng", "Y Thanh Hà Niê Kđăm", "NGUYỄN VĂN AN"]
)
def test_names_of_persons(name: str) -> None:
    assert offices.is_person(name)


@pytest.mark.parametrize(
    "words", ["PHÓ CHỦ TỊCH", "VỤ CẢI CÁCH HÀNH CHÍNH", "Như trên", "Lưu: VT", "Hà Nội, ngày", "Nguyễn"]
)
def test_other_words_are_no_person(words: str) -> None:
    assert not offices.is_person(words)
