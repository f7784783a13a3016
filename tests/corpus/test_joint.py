"""Documents that several bodies issue together: all who issue and all who sign, in whatever layout they stand."""

from __future__ import annotations

import pytest

from corpus import heading, joint
from corpus.model import Kind, Signatory

TOP = """BỘ VĂN HÓA - BỘ NỘI VỤ - BỘ TÀI CHÍNH\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 07/2014/TTLT-BVHTTDL-BNV-BTC\tĐộc lập - Tự do - Hạnh phúc
\tHà Nội, ngày 14 tháng 5 năm 2014

THÔNG TƯ LIÊN TỊCH
Hướng dẫn chế độ của người làm thư viện

Điều 1. Thông tư này hướng dẫn chế độ của người làm thư viện.

"""
BELOW = """KT. BỘ TRƯỞNG BỘ NỘI VỤ
THỨ TRƯỞNG
Trần Văn Hòa

KT. BỘ TRƯỞNG BỘ TÀI CHÍNH
THỨ TRƯỞNG
(Đã ký)
Phạm Thị Mai

BỘ TRƯỞNG BỘ VĂN HÓA
Lê Quang Tài

Nơi nhận:
- Thủ tướng Chính phủ;
- Lưu: VT.
"""
BESIDE = """KT. BỘ TRƯỞNG BỘ NỘI VỤ\tKT. BỘ TRƯỞNG BỘ TÀI CHÍNH
THỨ TRƯỞNG\tTHỨ TRƯỞNG
Trần Văn Hòa\tPhạm Thị Mai

Nơi nhận:
- Thủ tướng Chính phủ;
- Lưu: VT.
"""
HOA = Signatory("Trần Văn Hòa", "THỨ TRƯỞNG", "KT. BỘ TRƯỞNG BỘ NỘI VỤ")
TAI = Signatory("Lê Quang Tài", "BỘ TRƯỞNG BỘ VĂN HÓA")
MAI = Signatory("Phạm Thị Mai", "THỨ TRƯỞNG", "KT. BỘ TRƯỞNG BỘ TÀI CHÍNH")


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (BELOW, (HOA, MAI, TAI)),
        (BESIDE, (HOA, MAI)),
        (BELOW.replace("\nTHỨ TRƯỞNG\n", "THỨ TRƯỞNG\n"), (HOA, MAI, TAI)),
    ],
    ids=["below each other", "side by side", "line breaks lost"],
)
def test_everyone_who_signs_is_read(closing: str, expected: tuple[Signatory, ...]) -> None:
    found = heading.extract(TOP + closing)
    assert found.kind is Kind.JOINT_CIRCULAR
    assert found.signatories == expected
    assert found.signer == expected[0].signer
    assert joint.issuers_of(found) == ("Bộ Văn hóa", "Bộ Nội vụ", "Bộ Tài chính")


def test_one_person_alone_is_no_list() -> None:
    alone = TOP.replace("BỘ VĂN HÓA - BỘ NỘI VỤ - BỘ TÀI CHÍNH", "BỘ NỘI VỤ").replace("TTLT-BVHTTDL-BNV-BTC", "TT-BNV")
    found = heading.extract(alone.replace("THÔNG TƯ LIÊN TỊCH", "THÔNG TƯ") + BELOW)
    assert found.signatories == ()
    assert joint.issuers_of(found) == ("Bộ Nội vụ",)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("102/2025/NQLT-UBTVQH15-CP", True),
        ("04-CTrPH/HND-HPN", True),
        ("12/KHLT-CA-GDĐT", True),
        ("2775/SNV-CCHC&VTLT", False),  # «văn thư lưu trữ», not «liên tịch»
        ("41/PNV-VTLT", False),
        ("05-KH/HU", False),
    ],
)
def test_a_joint_number_is_known_by_its_type(number: str, expected: bool) -> None:
    assert joint.is_joint(None, number, "Sở Nội vụ tỉnh Lam Giang") is expected


def test_bodies_for_which_several_sign_issue_together() -> None:
    text = TOP.replace("BỘ VĂN HÓA - BỘ NỘI VỤ - BỘ TÀI CHÍNH", "ỦY BAN NHÂN DÂN HUYỆN YÊN HÀ")
    text = text.replace("07/2014/TTLT-BVHTTDL-BNV-BTC", "07/CTPH-UBND-MTTQ")
    text = text.replace("THÔNG TƯ LIÊN TỊCH", "CHƯƠNG TRÌNH")
    closing = (
        "TM. ỦY BAN NHÂN DÂN HUYỆN YÊN HÀ\nCHỦ TỊCH\nTrần Văn Hòa\n\n"
        "TM. ỦY BAN MẶT TRẬN TỔ QUỐC HUYỆN YÊN HÀ\nCHỦ TỊCH\nPhạm Thị Mai\n"
    )
    found = heading.extract(text + closing)
    assert [one.signer for one in found.signatories] == ["Trần Văn Hòa", "Phạm Thị Mai"]
    assert joint.issuers_of(found) == ("Ủy ban nhân dân huyện Yên Hà", "Ủy ban Mặt trận Tổ quốc huyện Yên Hà")
