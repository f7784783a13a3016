"""Headings of made-up documents in the layouts of DOMAIN §2, and of the annotated ones where they are at hand."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from corpus import heading
from corpus.model import Heading, Kind

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

REPORT_OF_A_UNION = f"""UBND HUYỆN THANH OAI
HỘI KHUYẾN HỌC
Số: 12/BC-HKH
{STATE}
{MOTTO}
Thanh Oai, ngày 05 tháng 4 năm 2017
BÁO CÁO
Kết quả một năm thực hiện Kế hoạch số 05-KH/HU
của Ban Thường vụ Huyện ủy
Thực hiện Kế hoạch số 05-KH/HU ngày 10/10/2016, Hội Khuyến học huyện báo cáo như sau:
I. TÌNH HÌNH CHUNG
1. Đặc điểm.
Nơi nhận:
- Thường trực Huyện ủy (để b/c);
- Hội Khuyến học thành phố;
- Lưu: VP.
TM. BAN THƯỜNG VỤ
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
(Đã ký)
Lê Thị Hoa
"""

PARTY_DECISION = """ĐẢNG BỘ TỈNH THÁI NGUYÊN\tĐẢNG CỘNG SẢN VIỆT NAM
HUYỆN UỶ ĐỊNH HOÁ
*\tĐịnh Hoá, ngày 20 tháng 02 năm 2018
Số 127-QĐ/HU
QUYẾT ĐỊNH
về quy hoạch cán bộ lãnh đạo
giai đoạn 2020 - 2025
-----
- Căn cứ Điều lệ Đảng;
- Căn cứ Quy chế làm việc của Ban Chấp hành,
BAN THƯỜNG VỤ HUYỆN UỶ QUYẾT ĐỊNH
Điều 1. Phê duyệt.
Nơi nhận:
- Thường trực Tỉnh ủy (để b/c),
- Như Điều 2,
- Lưu Văn phòng Huyện ủy.
T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ

Ma Đình Việt
"""

LETTER_GLUED = f"""UBND TỈNH HÀ GIANG {STATE}
SỞ GIÁO DỤC VÀ ĐÀO TẠO {MOTTO}
Số: 345 /SGDĐT-GDTX Hà Giang, ngày 06 tháng 10 năm 2016
V/v báo cáo kết quả xây dựng
xã hội học tập năm 2016
Kính gửi:
- Phòng GD&ĐT các huyện, thành phố;
- Trung tâm GDTX các huyện.
Thực hiện Công văn số 822/BCĐQG-XHHT ngày 30/01/2013, Sở đề nghị các đơn vị báo cáo.
Nơi nhận: KT. GIÁM ĐỐC
- Như trên; PHÓ GIÁM ĐỐC
- Lãnh đạo Sở;
- Lưu: VT, GDTX. Nguyễn Thế Bình
"""

DRAFT = f"""ỦY BAN NHÂN DÂN
HUYỆN CÔ TÔ\t{STATE}
{MOTTO}
Số:           /KH-UBND\tCô Tô, ngày      tháng      năm 2016
KẾ HOẠCH
Thực hiện Chỉ thị số 19-CT/TU của Ban Thường vụ Tỉnh ủy

Thực hiện Chỉ thị số 19-CT/TU ngày 24/8/2016, UBND huyện xây dựng kế hoạch như sau:
I. MỤC ĐÍCH
Nơi nhận:
- Như trên;
- Lưu: VT.\tTM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""

PLAN_WITHOUT_LETTERHEAD = """
KẾ HOẠCH
về tăng cường sự lãnh đạo của các cấp ủy Đảng
đối với công tác khuyến học giai đoạn 2016-2020

Thực hiện Chỉ thị số 19 - CT/TU ngày 24/8/2016; Ban Thường vụ huyện ủy xây dựng kế hoạch như sau:

I. Mục đích, yêu cầu
- Tăng cường sự lãnh đạo.

Nơi nhận:

- Tỉnh ủy (b/c);
- Lưu VPHU.

**T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ**



Phu Văn Trạng
"""

COUNCIL_RESOLUTION = f"""HỘI ĐỒNG NHÂN DÂN
TỈNH NGHỆ AN
{STATE}
{MOTTO}
Số: 15/2018/NQ-HĐND
Nghệ An, ngày 20 tháng 7 năm 2018
NGHỊ QUYẾT
Quy định một số chính sách hỗ trợ phát triển giáo dục
HỘI ĐỒNG NHÂN DÂN TỈNH NGHỆ AN
KHÓA XVII, KỲ HỌP THỨ 6
Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
Điều 1. Phạm vi.
Nơi nhận:
- Ủy ban Thường vụ Quốc hội;
- Lưu: VT.
CHỦ TỊCH
Nguyễn Xuân Sơn
"""

PARTY_OFFICE_LETTER = """HUYỆN ỦY THANH OAI
VĂN PHÒNG
*
Số 29-CV/VPHU
V/v gửi báo cáo quý
ĐẢNG CỘNG SẢN VIỆT NAM
Thanh Oai, ngày 3 tháng 3 năm 2017
Kính gửi: Các chi, đảng bộ trực thuộc
Văn phòng Huyện ủy đề nghị các đồng chí gửi báo cáo trước ngày 20/3/2017.
Nơi nhận:
- Như trên,
- Lưu VPHU.
K/T CHÁNH VĂN PHÒNG
PHÓ CHÁNH VĂN PHÒNG
Đỗ Văn Hải
"""

BY_ORDER = f"""BỘ TÀI CHÍNH
TỔNG CỤC THUẾ
{STATE}
{MOTTO}
Số: 4021/TCT-CS
V/v chính sách thuế
Hà Nội, ngày 10 tháng 9 năm 2015
Kính gửi: Cục Thuế tỉnh Bắc Giang
Trả lời Công văn số 1234/CT-TTHT ngày 01/8/2015, Tổng cục Thuế có ý kiến như sau:
Nơi nhận:
- Như trên;
- Lưu: VT, CS (3b).
TUQ. TỔNG CỤC TRƯỞNG
KT. VỤ TRƯỞNG VỤ CHÍNH SÁCH
PHÓ VỤ TRƯỞNG
Hoàng Thị Hà Giang
"""

LAW = f"""QUỐC HỘI
Luật số: 44/2019/QH14
{STATE}
{MOTTO}
LUẬT
PHÒNG, CHỐNG TÁC HẠI CỦA RƯỢU, BIA
Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;
Quốc hội ban hành Luật Phòng, chống tác hại của rượu, bia.
Điều 1. Phạm vi điều chỉnh
Luật này được Quốc hội khóa XIV, kỳ họp thứ 7 thông qua ngày 14 tháng 6 năm 2019.
CHỦ TỊCH QUỐC HỘI
Nguyễn Thị Kim Ngân
"""

LEGACY = """ủy ban nhân dân                    cộng hoà xã hội chủ nghĩa việt nam
tỉnh bắc ninh                         Độc lập - Tự do - Hạnh phúc
Số: 89 /2003/QĐ-UB                  Bắc Ninh, ngày 02 tháng 10 năm 2003

quyết định của ủy ban nhân dân tỉnh
Về việc ban hành Quy định quản lý đề tài khoa học

ủy ban nhân dân tỉnh bắc ninh
Căn cứ Luật Tổ chức HĐND và UBND;
Điều 1. Ban hành.
Nơi nhận:                                      tm. ubnd tỉnh bắc ninh
- Như điều 3;                                        kt. chủ tịch
- Lưu VP.                                            phó chủ tịch
                                                     Nguyễn Văn Nhường
"""


def _day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, day)


# (text, what must be read of it); the name of each text says what it is there for.
CASES = [
    (
        REPORT_OF_A_UNION,
        {
            "kind": Kind.REPORT,
            "number": "12/BC-HKH",
            "issued_on": _day(2017, 4, 5),
            "place": "Thanh Oai",
            "issuer": "Hội Khuyến học huyện Thanh Oai",
            "parent_issuer": "Ủy ban nhân dân huyện Thanh Oai",
            "title": "Kết quả một năm thực hiện Kế hoạch số 05-KH/HU của Ban Thường vụ Huyện ủy",
            "signer": "Lê Thị Hoa",
            "office": "PHÓ CHỦ TỊCH",
            "capacity": "TM. BAN THƯỜNG VỤ; KT. CHỦ TỊCH",
            "recipients": ("Thường trực Huyện ủy (để b/c)", "Hội Khuyến học thành phố", "Lưu: VP"),
            "draft": False,
        },
    ),
    (
        PARTY_DECISION,
        {
            "kind": Kind.DECISION,
            "number": "127-QĐ/HU",
            "issued_on": _day(2018, 2, 20),
            "issuer": "Huyện uỷ Định Hoá",
            "parent_issuer": "Đảng bộ tỉnh Thái Nguyên",
            "title": "về quy hoạch cán bộ lãnh đạo giai đoạn 2020 - 2025",
            "signer": "Ma Đình Việt",
            "office": "PHÓ BÍ THƯ",
            "capacity": "T/M BAN THƯỜNG VỤ",
            "recipients": ("Thường trực Tỉnh ủy (để b/c)", "Như Điều 2", "Lưu Văn phòng Huyện ủy"),
        },
    ),
    (
        LETTER_GLUED,
        {
            "kind": Kind.OFFICIAL_LETTER,
            "number": "345/SGDĐT-GDTX",
            "issued_on": _day(2016, 10, 6),
            "issuer": "Sở Giáo dục và Đào tạo tỉnh Hà Giang",
            "title": "báo cáo kết quả xây dựng xã hội học tập năm 2016",
            "addressees": ("Phòng GD&ĐT các huyện, thành phố", "Trung tâm GDTX các huyện"),
            "signer": "Nguyễn Thế Bình",
            "office": "PHÓ GIÁM ĐỐC",
            "capacity": "KT. GIÁM ĐỐC",
            "recipients": ("Như trên", "Lãnh đạo Sở", "Lưu: VT, GDTX"),
        },
    ),
    (
        DRAFT,
        {
            "kind": Kind.PLAN,
            "number": None,
            "issued_on": None,
            "draft": True,
            "place": "Cô Tô",
            "issuer": "Ủy ban nhân dân huyện Cô Tô",
            "parent_issuer": None,
            "title": "Thực hiện Chỉ thị số 19-CT/TU của Ban Thường vụ Tỉnh ủy",
            "signer": None,
            "office": "CHỦ TỊCH",
            "capacity": "TM. ỦY BAN NHÂN DÂN",
            "recipients": ("Như trên", "Lưu: VT"),
        },
    ),
    (
        PLAN_WITHOUT_LETTERHEAD,
        {
            "kind": Kind.PLAN,
            "number": None,
            "issued_on": None,
            "issuer": "Ban Thường vụ Huyện ủy",
            "title": "về tăng cường sự lãnh đạo của các cấp ủy Đảng đối với công tác khuyến học giai đoạn 2016-2020",
            "signer": "Phu Văn Trạng",
            "office": "PHÓ BÍ THƯ",
            "capacity": "T/M BAN THƯỜNG VỤ",
            "recipients": ("Tỉnh ủy (b/c)", "Lưu VPHU"),
            "draft": False,
        },
    ),
    (
        COUNCIL_RESOLUTION,
        {
            "kind": Kind.RESOLUTION,
            "number": "15/2018/NQ-HĐND",
            "issued_on": _day(2018, 7, 20),
            "issuer": "Hội đồng nhân dân tỉnh Nghệ An",
            "title": "Quy định một số chính sách hỗ trợ phát triển giáo dục",
            "signer": "Nguyễn Xuân Sơn",
            "office": "CHỦ TỊCH",
            "capacity": None,
        },
    ),
    (
        PARTY_OFFICE_LETTER,
        {
            "kind": Kind.OFFICIAL_LETTER,
            "number": "29-CV/VPHU",
            "issued_on": _day(2017, 3, 3),
            "issuer": "Văn phòng Huyện ủy Thanh Oai",
            "parent_issuer": "Huyện ủy Thanh Oai",
            "title": "gửi báo cáo quý",
            "addressees": ("Các chi, đảng bộ trực thuộc",),
            "signer": "Đỗ Văn Hải",
            "office": "PHÓ CHÁNH VĂN PHÒNG",
            "capacity": "K/T CHÁNH VĂN PHÒNG",
        },
    ),
    (
        BY_ORDER,
        {
            "kind": Kind.OFFICIAL_LETTER,
            "number": "4021/TCT-CS",
            "issuer": "Tổng cục Thuế",
            "parent_issuer": "Bộ Tài chính",
            "signer": "Hoàng Thị Hà Giang",
            "office": "PHÓ VỤ TRƯỞNG",
            "capacity": "TUQ. TỔNG CỤC TRƯỞNG; KT. VỤ TRƯỞNG VỤ CHÍNH SÁCH",
        },
    ),
    (
        LAW,
        {
            "kind": Kind.LAW,
            "number": "44/2019/QH14",
            "issued_on": _day(2019, 6, 14),
            "issuer": "Quốc hội",
            "title": "PHÒNG, CHỐNG TÁC HẠI CỦA RƯỢU, BIA",
            "signer": "Nguyễn Thị Kim Ngân",
            "office": "CHỦ TỊCH QUỐC HỘI",
        },
    ),
    (
        LEGACY,
        {
            "kind": Kind.DECISION,
            "number": "89/2003/QĐ-UB",
            "issued_on": _day(2003, 10, 2),
            "issuer": "Ủy ban nhân dân tỉnh Bắc Ninh",
            "title": "Về việc ban hành Quy định quản lý đề tài khoa học",
            "signer": "Nguyễn Văn Nhường",
            "office": "phó chủ tịch",
            "capacity": "tm. ubnd tỉnh bắc ninh; kt. chủ tịch",
            "recipients": ("Như điều 3", "Lưu VP"),
        },
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_heading_is_read_from_every_layout(text: str, expected: dict[str, object]) -> None:
    got = heading.extract(text)
    assert {name: getattr(got, name) for name in expected} == expected


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_every_span_lies_in_the_text_and_in_order(text: str) -> None:
    got = heading.extract(text)
    assert 0 <= got.start <= got.end <= len(text)
    assert got.close is None or got.end <= got.close <= len(text)
    for evidence in got.evidence.values():
        assert evidence.span is not None
        assert 0 <= evidence.span.start < evidence.span.end <= len(text)
        assert 0 < evidence.confidence <= 1


def test_running_text_begins_after_the_title_and_ends_before_the_recipients() -> None:
    got = heading.extract(REPORT_OF_A_UNION)
    body = REPORT_OF_A_UNION[got.end : got.close].strip()
    assert body.startswith("Thực hiện Kế hoạch số 05-KH/HU ngày")
    assert body.endswith("Đặc điểm.")


def test_the_printed_type_decides_not_the_code() -> None:
    text = PARTY_DECISION.replace("QUYẾT ĐỊNH\nvề", "QUY ĐỊNH\nvề")
    assert heading.extract(text).kind is Kind.RULES


def test_the_signature_names_the_organ_of_the_centre() -> None:
    text = PARTY_DECISION.replace("127-QĐ/HU", "19-CT/TW").replace("T/M BAN THƯỜNG VỤ", "T/M BAN BÍ THƯ")
    assert heading.extract(text).issuer == "Ban Bí thư"


def test_marks_of_urgency_and_secrecy_are_seen() -> None:
    marked = LETTER_GLUED.replace("V/v", "HỎA TỐC\nMẬT\nV/v", 1)
    got = heading.extract(marked)
    assert (got.urgency, got.secrecy) == ("Hỏa tốc", "Mật")


def test_dates_and_numbers_in_a_title_are_not_the_documents_own() -> None:
    text = "KẾ HOẠCH\nThực hiện Quyết định số 89/QĐ-TTg ngày 09 tháng 01 năm 2013\n\nI. MỤC ĐÍCH\n"
    got = heading.extract(text)
    assert (got.number, got.issued_on) == (None, None)


def test_a_letterhead_stored_after_the_text_is_found() -> None:
    top, text = LETTER_GLUED.split("Kính gửi:", 1)
    body, closing = text.split("Nơi nhận:", 1)
    got = heading.extract("Kính gửi:" + body * 2 + top + "Nơi nhận:" + closing)
    assert got.number == "345/SGDĐT-GDTX"
    assert got.signer == "Nguyễn Thế Bình"
    assert got.issuer == "Sở Giáo dục và Đào tạo tỉnh Hà Giang"


@pytest.mark.parametrize("text", ["", "\n\n", "KẾ HOẠCH", "Nơi nhận:", "ngày tháng năm", "Số: /", "\t\t\t"])
def test_scraps_of_text_are_read_without_complaint(text: str) -> None:
    assert isinstance(heading.extract(text), Heading)


@pytest.mark.parametrize(
    "unit",
    [
        "Số: ",
        "ngày tháng ",
        "Nơi nhận:\n- a;\n",
        "TM. ",
        "A",
        " ",
        "\t",
        "- ",
        "(",
        "KẾ HOẠCH\n",
        "Phụ lục\n",
        "......",
        "CỘNG HÒA ",
    ],
)
def test_hostile_text_of_a_million_letters_takes_linear_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    heading.extract(text)
    assert time.process_time() - started < 3
