"""Headings in the layouts of other offices and years: narrow cells, old decrees, annexes, forms, telegrams."""

from __future__ import annotations

import datetime as dt

import pytest

from corpus import heading
from corpus.model import Kind

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
TOP = f"{STATE}\n{MOTTO}"

NARROW_CELLS = """ỦY BAN NHÂN
DÂN
HUYỆN YÊN HÀ
-------
|
CỘNG HÒA XÃ
HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
|
Số: 08/KH-UBND
|
Yên Hà,
ngày
25 tháng 5 năm
2015
|
KẾ HOẠCH
XÂY DỰNG XÃ HỘI HỌC TẬP NĂM
2015
Theo hướng dẫn của Hội Khuyến học tỉnh về phong trào học tập suốt đời, huyện xây dựng kế
hoạch như sau.
I. MỤC TIÊU
"""


def test_names_and_days_wrap_in_narrow_cells() -> None:
    found = heading.extract(NARROW_CELLS)
    assert (found.issuer, found.place, found.issued_on) == (
        "Ủy ban nhân dân huyện Yên Hà", "Yên Hà", dt.date(2015, 5, 25),
    )  # fmt: skip
    assert found.title == "XÂY DỰNG XÃ HỘI HỌC TẬP NĂM 2015"


def test_a_first_word_alone_on_its_line_belongs_to_the_name_below() -> None:
    found = heading.extract(
        "ỦY\nBAN NHÂN DÂN\nTỈNH LÂM ĐỒNG\n-----\n|\n"
        "CỘNG\nHÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n|\n"
        "Số:\n772/KH-UBND\n|\nLâm\nĐồng, ngày 30 tháng 3 năm 2020\n|\nKẾ HOẠCH\nPHÁT TRIỂN GIÁO DỤC\nI. MỤC TIÊU\n"
    )
    assert (found.issuer, found.place) == ("Ủy ban nhân dân tỉnh Lâm Đồng", "Lâm Đồng")
    assert (found.number, found.issued_on) == ("772/KH-UBND", dt.date(2020, 3, 30))


def test_the_session_of_a_council_is_no_part_of_its_name() -> None:
    found = heading.extract(
        f"HỘI ĐỒNG NHÂN DÂN |\n{TOP} |\nSố: 51/2016/NQ-HĐND |\nKiên Giang, ngày 13 tháng 12 năm 2016 |\n"
        "HỘI ĐỒNG NHÂN DÂN TỈNH KIÊN GIANG\nKHÓA IX, KỲ HỌP THỨ BA\nCăn cứ Luật Tổ chức chính quyền địa phương;\n"
    )
    assert (found.issuer, found.parent_issuer) == ("Hội đồng nhân dân tỉnh Kiên Giang", None)


def test_the_country_in_a_title_is_no_letterhead() -> None:
    subject = "Quy định hạn ngạch theo Thỏa thuận giữa Chính phủ nước Cộng hòa xã hội chủ nghĩa Việt Nam và Lào"
    text = f"BỘ CÔNG THƯƠNG\n{TOP}\nSố: 61/2025/TT-BCT\nHà Nội, ngày 02 tháng 3 năm 2025\nTHÔNG TƯ\n{subject}\n"
    assert heading.extract(f"{text}Căn cứ Luật Quản lý ngoại thương;\n").title == subject


@pytest.mark.parametrize(
    ("head", "number", "day", "title"),
    [
        (
            "Nghị định\ncủa Chính phủ Số    14 /1998/NĐ-CP ngày 17 tháng 11 năm 1998\n"
            "Quy định chi tiết thi hành Luật sửa đổi một\nsố điều của Luật Khuyến học\n"
            "số 04/1998/QH10 ngày 20 tháng 5 năm 1998\nChính phủ\n",
            "14/1998/NĐ-CP", dt.date(1998, 11, 17),
            "Quy định chi tiết thi hành Luật sửa đổi một số điều của Luật Khuyến học số 04/1998/QH10"
            " ngày 20 tháng 5 năm 1998",
        ),
        (
            "Nghị định của Chính phủ\nsố 16/2003/NĐ-CP ngày 10/10/2003\nvề việc quản lý lớp học cộng đồng\nChính phủ\n",
            "16/2003/NĐ-CP", dt.date(2003, 10, 10), "về việc quản lý lớp học cộng đồng",
        ),
        (
            "Thông tư\nliên tịch của Bộ Tài chính - Giáo dục và\nĐào tạo    số 76/1998/TTLT-BTC-BGDĐT\n"
            "ngày 25 tháng 12 năm1998 Hướng dẫn chi cho trung tâm học tập\n",
            "76/1998/TTLT-BTC-BGDĐT", dt.date(1998, 12, 25), "Hướng dẫn chi cho trung tâm học tập",
        ),
    ],
)  # fmt: skip
def test_old_gazettes_number_a_paper_under_its_type(head: str, number: str, day: dt.date, title: str) -> None:
    found = heading.extract(f"{head}Căn cứ Luật Tổ chức Chính phủ ngày 30 tháng 9 năm 1992;\nĐiều 1. Nội dung.\n")
    assert (found.number, found.issued_on, found.title) == (number, day, title)


ANNEX = """Phụ lục IV
MẪU SỔ THEO DÕI
(Kèm theo Quyết định số 30/2020/QĐ-UBND
ngày 05 tháng 3 năm 2020 của Ủy ban nhân dân huyện)
I. MẪU BÌ VĂN BẢN
Kính gửi:\t………………
"""
FORM = f"""Mẫu số 10: Ban hành kèm theo Thông tư số 04/2004/TT-BGDĐT ngày 10/03/2004 của Bộ Giáo dục và Đào tạo
Tên đơn vị:\t{STATE}
Số:\t{MOTTO}
Báo cáo danh sách học viên
Kính gửi: Phòng Giáo dục và Đào tạo
"""


@pytest.mark.parametrize("text", [ANNEX, FORM])
def test_annexes_and_forms_are_no_letters_and_have_no_number(text: str) -> None:
    found = heading.extract(text)
    assert (found.kind, found.number, found.issuer) in [(None, None, None), (Kind.REPORT, None, None)]


def test_a_form_with_addressees_is_no_letter() -> None:
    found = heading.extract(f"{TOP}\nĐƠN ĐỀ NGHỊ CẤP LẠI GIẤY CHỨNG NHẬN\nKính gửi: UBND xã Yên Hà\nTôi là:\n")
    assert found.kind is None
    assert found.addressees == ("UBND xã Yên Hà",)


def test_a_slip_that_submits_papers_is_a_type_of_its_own() -> None:
    found = heading.extract(
        f"UBND TỈNH LÂM ĐỒNG\nVĂN PHÒNG\nSố: 103-11/PT-NC\t{TOP}\nPHIẾU TRÌNH\nKính gửi: Lãnh đạo UBND tỉnh\n"
    )
    assert (found.kind, found.number) == (Kind.SUBMISSION_SLIP, "103-11/PT-NC")
    assert found.issuer == "Văn phòng Ủy ban nhân dân tỉnh Lâm Đồng"


def test_a_title_is_read_where_the_type_was_left_out() -> None:
    found = heading.extract(
        f"BỘ CÔNG THƯƠNG\n{TOP}\nSố: 04/2026/TT-BCT\nHà Nội, ngày 26 tháng 01 năm 2026\n\n"
        "Quy định về hạn ngạch nhập khẩu muối năm 2026\n____________\nCăn cứ Luật Quản lý ngoại thương;\n"
    )
    assert (found.kind, found.title) == (Kind.CIRCULAR, "Quy định về hạn ngạch nhập khẩu muối năm 2026")


TELEGRAM = f"""ỦY BAN NHÂN DÂN
TỈNH BÌNH THUẬN
{TOP}
Số: 13/CĐ-UBND
Phan Thiết, hồi 9 giờ 30 phút ngày 10 tháng 10 năm 2020
CÔNG ĐIỆN
CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH điện:
- Ủy ban nhân dân các huyện;
Để chủ động ứng phó với mưa lũ.
"""


def test_a_telegram_gives_the_hour_and_opens_with_who_wires() -> None:
    found = heading.extract(TELEGRAM)
    assert (found.kind, found.title) == (Kind.TELEGRAM, None)
    assert (found.place, found.issued_on) == ("Phan Thiết", dt.date(2020, 10, 10))


def test_an_invitation_numbers_itself_below_its_type() -> None:
    found = heading.extract(
        f"UBND HUYỆN YÊN HÀ\n{TOP}\nYên Hà, ngày 05 tháng 4 năm 2010\nGIẤY MỜI\nSố: 88/GM-UBND\n"
        "Kính mời: Trưởng phòng Giáo dục và Đào tạo\nThời gian: 14h00 ngày 7/4/2010\n"
    )
    assert (found.number, found.title) == ("88/GM-UBND", None)
    assert found.addressees == ("Trưởng phòng Giáo dục và Đào tạo",)


def test_who_enacts_may_follow_the_last_basis_on_its_line() -> None:
    text = (
        "THÔNG TƯ\nBan hành Quy chuẩn kỹ thuật về lớp học\nCăn cứ Luật Tiêu chuẩn ngày 29 tháng 6 năm 2006;\n"
        "Theo đề nghị của Vụ trưởng Vụ Pháp chế; Bộ trưởng Bộ Xây dựng ban hành 02 quy chuẩn kỹ thuật về lớp học.\n"
        "Điều 1. Ban hành.\n"
    )
    assert heading.extract(text).issuer == "Bộ Xây dựng"


@pytest.mark.parametrize(
    ("left", "issuer"),
    [
        ("TÒA ÁN NHÂN DÂN\nHUYỆN YÊN HÀ\nTỈNH PHÚ THỌ", "Tòa án nhân dân huyện Yên Hà tỉnh Phú Thọ"),
        (
            "ỦY BAN TRUNG ƯƠNG\nMẶT TRẬN TỔ QUỐC VIỆT NAM\nBAN THƯỜNG TRỰC",
            "Ban Thường trực Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam",
        ),
        ("UBND HUYỆN YÊN HÀ\nTRƯỜNG TH&THCS LÊ LỢI", "Trường TH&THCS Lê Lợi huyện Yên Hà"),
        ("UBND HUYỆN YÊN HÀ\nTRƯỜNG TH HOÀNG HOA THÁM", "Trường Tiểu học Hoàng Hoa Thám huyện Yên Hà"),
        ("UBND HUYỆN YÊN HÀ\nTRƯỜNG PTDTBT THCS NÀ HỎA", "Trường PTDTBT Trung học cơ sở Nà Hỏa huyện Yên Hà"),
    ],
)
def test_names_of_bodies_take_the_letters_of_prose(left: str, issuer: str) -> None:
    text = f"{left}\n{TOP}\nSố: 15/QĐ-YH\nYên Hà, ngày 21 tháng 02 năm 2019\nQUYẾT ĐỊNH\nVề việc khen thưởng\n"
    assert heading.extract(f"{text}Căn cứ Điều lệ;\nĐiều 1. Khen.\n").issuer == issuer


def test_a_code_misread_as_the_centre_belongs_to_the_committee_above() -> None:
    text = (
        "TỈNH ỦY BÌNH THUẬN\nĐẢNG CỘNG SẢN VIỆT NAM\n*\nSố 445-KL/TƯ\nBình Thuận, ngày 13 tháng 5 năm 2022\nKẾT LUẬN\n"
        "về xây dựng xã hội học tập\nT/M BAN CHẤP HÀNH\nBÍ THƯ\nNguyễn Văn An\n"
    )
    assert heading.extract(text).issuer == "Tỉnh ủy Bình Thuận"


LIST = "- Các Thứ trưởng;\n- Công an tỉnh, thành phố;\n- Công báo;"


@pytest.mark.parametrize(
    ("closing", "recipients", "signer", "office", "capacity"),
    [
        (
            f"Nơi nhận:\n{LIST}\nBỘ TRƯỞNG\nĐại tướng Nguyễn Văn An\n",
            ("Các Thứ trưởng", "Công an tỉnh, thành phố", "Công báo"), "Nguyễn Văn An", "BỘ TRƯỞNG", None,
        ),
        (
            "Nơi nhận- Văn phòng Chính phủ;- Các PTTg;- Lưu: VT.\nKT. BỘ TRƯỞNG THỨ TRƯỞNG(Đã ký) Nguyễn Văn An\n",
            ("Văn phòng Chính phủ", "Các PTTg", "Lưu: VT"), "Nguyễn Văn An", "THỨ TRƯỞNG", "KT. BỘ TRƯỞNG",
        ),
        (
            "Nơi gửi: - Công báo; - Lưu VP.\tKT.Bộ trưởng Bộ Tài chính Thứ trưởng Trần Văn Tá\nchế độ kế toán\n"
            "(Ban hành theo Quyết định số 12/2001/QĐ-BTC)\nPhần I\n",
            ("Công báo", "Lưu VP"), "Trần Văn Tá", "Thứ trưởng", "KT.Bộ trưởng Bộ Tài chính",
        ),
        (
            "Nơi nhận: - Công an tỉnh; - Lưu: VT, NC. TM. BAN CHỈ ĐẠO "
            "PHÓ TRƯỞNG BAN PHÓ CHỦ TỊCH UBND TỈNH Lê Văn An\t\n"
            f"Công văn số 282-CV/TU ngày 18/8/2025 về việc {'đẩy mạnh thi đua ' * 12}.\n- Nhiệm vụ đã triển khai.\n",
            ("Công an tỉnh", "Lưu: VT, NC"), "Lê Văn An", "PHÓ TRƯỞNG BAN PHÓ CHỦ TỊCH UBND TỈNH", "TM. BAN CHỈ ĐẠO",
        ),
    ],
)  # fmt: skip
def test_closing_blocks_of_many_hands(
    closing: str, recipients: tuple[str, ...], signer: str, office: str, capacity: str | None
) -> None:
    text = (
        f"BỘ CÔNG AN\n{TOP}\nSố: 12/QĐ-BCA\nHà Nội, ngày 13 tháng 3 năm 2021\nQUYẾT ĐỊNH\nVề việc khen thưởng\n"
        f"Căn cứ Luật Thi đua, khen thưởng;\nĐiều 1. Khen thưởng các đơn vị.\n{closing}"
    )
    found = heading.extract(text)
    assert (found.recipients, found.signer, found.office, found.capacity) == (recipients, signer, office, capacity)


def test_a_sentence_of_a_short_letter_is_no_office() -> None:
    found = heading.extract(
        f"ỦY BAN NHÂN DÂN\nHUYỆN YÊN HÀ\nSố: 45/UBND-VX\nV/v phòng dịch\n{TOP}\nYên Hà, ngày 9 tháng 7 năm 2021\n"
        "Kính gửi: UBND các xã\nChủ tịch UBND huyện yêu cầu:\n"
        "Nơi nhận:\n- Như trên;\n- Lưu: VX.\nCHỦ TỊCH\nTrần Văn Lâu\n"
    )
    assert (found.office, found.signer) == ("CHỦ TỊCH", "Trần Văn Lâu")


def test_the_line_of_who_decides_gives_the_place_that_the_letterhead_leaves_out() -> None:
    found = heading.extract(
        f"ỦY BAN NHÂN DÂN\t{TOP}\nSố: 232/QĐ-UBND\tYên Hà, ngày 12 tháng 4 năm 2019\nQUYẾT ĐỊNH\n"
        "Về việc công bố danh mục thủ tục hành chính\nCHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN YÊN HÀ\n"
        "Căn cứ Luật Tổ chức chính quyền địa phương;\nQUYẾT ĐỊNH:\nĐiều 1. Công bố danh mục.\n"
    )
    assert found.issuer == "Ủy ban nhân dân huyện Yên Hà"
