"""What is stamped, left blank or written by hand on a letterhead: secrecy, urgency, drafts, days and numbers."""

from __future__ import annotations

import datetime as dt

import pytest

from corpus import evidence, heading
from corpus.model import Kind

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
REPORT = f"""UBND TỈNH HÒA BÌNH
SỞ Y TẾ
Số: 72/BC-SYT
{STATE}
Hòa Bình, ngày 08 tháng 11 năm 2019
BÁO CÁO
Công tác phòng, chống dịch sốt xuất huyết
Thực hiện Công văn số 1520/UBND-VX ngày 04/10/2019, Sở Y tế báo cáo như sau:
I. KẾT QUẢ
Nơi nhận:
- UBND tỉnh;
- Lưu: VT, NVY.
GIÁM ĐỐC
Bùi Thu Hằng
"""
LETTER = f"""ỦY BAN NHÂN DÂN
PHƯỜNG PHÚ THỦY
Số: 318/UBND-VP
V/v tiếp công dân tháng 5
{STATE}
Phú Thủy, ngày 27 tháng 4 năm 2026
Kính gửi: Các ban, ngành thuộc phường
Để chuẩn bị lịch tiếp công dân, Ủy ban nhân dân phường đề nghị các đơn vị cử người tham dự.
Nơi nhận:
- Như trên;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Trần Quốc Việt
"""
PARTY = """ĐẢNG BỘ TỈNH SÓC TRĂNG
HUYỆN ỦY KẾ SÁCH
*
Số 57-KL/HU
ĐẢNG CỘNG SẢN VIỆT NAM
Kế Sách, ngày 14 tháng 6 năm 2022
KẾT LUẬN
của Ban Thường vụ Huyện ủy về xây dựng nông thôn mới
Ngày 10/6/2022, Ban Thường vụ Huyện ủy họp và thống nhất:
1. Tập trung chỉ đạo.
Nơi nhận:
- Thường trực Tỉnh ủy,
- Lưu Văn phòng Huyện ủy.
T/M BAN THƯỜNG VỤ
BÍ THƯ
Lâm Văn Sung
"""

SECRET = [
    (REPORT.replace("Số: 72", "MẬT\nSố: 72"), "Mật"),
    (REPORT.replace("72/BC-SYT", "72/BC-SYT\nTỐI MẬT"), "Tối mật"),
    ("TUYỆT MẬT\n" + REPORT, "Tuyệt mật"),
    (LETTER.replace("V/v tiếp", "[ MẬT ]\nV/v tiếp"), "Mật"),
    (LETTER.replace("Kính gửi", "T Ố I  M Ậ T\nKính gửi"), "Tối mật"),
    (PARTY.replace("Số 57", "TUYỆT MẬT\nSố 57"), "Tuyệt mật"),
    (PARTY.replace("*\nSố", "*\tMẬT\nSố"), "Mật"),
]
OPEN = [
    REPORT.replace("dịch sốt xuất huyết", "lộ lọt bí mật nhà nước độ MẬT"),
    REPORT.replace("Công tác phòng, chống dịch sốt xuất huyết", "DANH MỤC BÍ MẬT NHÀ NƯỚC ĐỘ TỐI MẬT"),
    REPORT.replace("I. KẾT QUẢ", "TT\tTên\tĐộ mật\n1\tHồ sơ nhân sự\tTỐI MẬT\nI. KẾT QUẢ"),
    LETTER.replace("tiếp công dân tháng 5", "bảo vệ bí mật nhà nước"),
    LETTER.replace("đề nghị các đơn vị", "đóng dấu\nMẬT\nvà đề nghị các đơn vị"),
    PARTY.replace("xây dựng nông thôn mới", "quản lý văn bản MẬT, TỐI MẬT, TUYỆT MẬT"),
    "PHỤ LỤC\nMã\tNội dung\nM1\tMẬT\nM2\tTỐI MẬT\n",
]


@pytest.mark.parametrize(("text", "degree"), SECRET)
def test_a_stamp_of_secrecy_near_the_letterhead_is_seen(text: str, degree: str) -> None:
    got = heading.extract(text)
    assert got.secrecy == degree
    assert got.number is not None
    assert "mật" not in f"{got.issuer} {got.title}".lower()


@pytest.mark.parametrize("text", OPEN)
def test_a_document_that_speaks_of_secrecy_is_not_secret(text: str) -> None:
    assert heading.extract(text).secrecy is None


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        (LETTER.replace("V/v tiếp", "HOẢ TỐC\nV/v tiếp"), "Hỏa tốc"),
        (LETTER.replace("Kính gửi", "THƯỢNG KHẨN\nKính gửi"), "Thượng khẩn"),
        (REPORT.replace("BÁO CÁO\n", "KHẨN\nBÁO CÁO\n"), "Khẩn"),
        (PARTY.replace("Số 57", "HỎA TỐC HẸN GIỜ\nSố 57"), "Hỏa tốc hẹn giờ"),
        (REPORT.replace("dịch sốt xuất huyết", "dịch khẩn cấp"), None),
    ],
)
def test_a_mark_of_urgency_is_seen_and_belongs_to_no_other_field(text: str, urgency: str | None) -> None:
    got = heading.extract(text)
    assert got.urgency == urgency
    assert "tốc" not in f"{got.issuer} {got.title}".lower()
    assert got.signer in ("Bùi Thu Hằng", "Trần Quốc Việt", "Lâm Văn Sung")


@pytest.mark.parametrize(
    "text",
    [
        REPORT.replace("Số: 72/", "Số:       /"),
        REPORT.replace("Số: 72/", "Số: ……/"),
        LETTER.replace("ngày 27 tháng 4", "ngày    tháng 4"),
        LETTER.replace("ngày 27 tháng 4", "ngày … tháng … "),
        PARTY.replace("Số 57-KL/HU", "Số         -KL/HU"),
        PARTY.replace("Số 57-KL/HU", "Số ..... -KL/HU"),
        "DỰ THẢO\n" + REPORT,
        "(Dự thảo lần 3)\n" + LETTER,
        REPORT.replace("BÁO CÁO\n", "DỰ THẢO BÁO CÁO\n"),
    ],
)
def test_blanks_and_the_word_for_it_make_a_draft(text: str) -> None:
    got = heading.extract(text)
    assert got.draft
    assert got.kind in (Kind.REPORT, Kind.OFFICIAL_LETTER, Kind.CONCLUSION)


@pytest.mark.parametrize("text", [REPORT, LETTER, PARTY])
def test_a_complete_paper_is_no_draft(text: str) -> None:
    assert not heading.extract(text).draft


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Hòa Bình, ngày 08 tháng 11 năm 2019", dt.date(2019, 11, 8)),
        ("Hòa Bình, ngày 08/11/2019", dt.date(2019, 11, 8)),
        ("Hòa Bình, ngày 8-11-2019", dt.date(2019, 11, 8)),
        ("Hòa Bình ngày 08 tháng 11 năm 2019", dt.date(2019, 11, 8)),
        ("Hòa Bình, ngày O8 tháng 11 năm 2019", dt.date(2019, 11, 8)),
        ("Hòa Bình, ngày 08 tháng l1 năm 2O19", dt.date(2019, 11, 8)),
        ("Hòa Bình, ngày 08 tháng 11\nnăm 2019", dt.date(2019, 11, 8)),
        ("Ngày 08 tháng 11 năm 2019", dt.date(2019, 11, 8)),
        ("Hòa Bình, ngày x8} tháng 11 năm 2019", None),
        ("Hòa Bình, ngày 31 tháng 11 năm 2019", None),
    ],
)
def test_the_day_is_read_as_it_is_written(printed: str, day: dt.date | None) -> None:
    got = heading.extract(REPORT.replace("Hòa Bình, ngày 08 tháng 11 năm 2019", printed))
    assert got.issued_on == day
    assert got.number == "72/BC-SYT"


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Số: 72/BC-SYT", "72/BC-SYT"),
        ("Số : 72 / BC – SYT", "72/BC-SYT"),
        ("Sô: 72/BC-SYT", "72/BC-SYT"),
        ("Số:       /BC-SYT\n72", "72/BC-SYT"),
        ("Số: 72 YT/KH", "72YT/KH"),
        ("Số: 05/2019-SYT", "05/2019-SYT"),
    ],
)
def test_the_number_is_read_as_it_is_printed(printed: str, number: str) -> None:
    assert heading.extract(REPORT.replace("Số: 72/BC-SYT", printed)).number == number


def test_what_a_hand_has_written_illegibly_makes_its_neighbours_doubtful() -> None:
    got = heading.extract(REPORT.replace("ngày 08 tháng", "ngày ÁA tháng"))
    assert got.issued_on is None
    assert got.evidence["number"].confidence < evidence.DOUBTFUL
    assert heading.extract(REPORT).evidence["number"].confidence >= evidence.DOUBTFUL


@pytest.mark.parametrize("leftover", ["ả2Ÿ /UBND-VX", "/TB-UBND", "Z⁄7 /SYT-NVY"])
def test_an_unreadable_number_does_not_become_part_of_a_name(leftover: str) -> None:
    got = heading.extract(REPORT.replace("Số: 72/BC-SYT", f"Số: {leftover}"))
    assert got.number is None
    assert got.issuer == "Sở Y tế tỉnh Hòa Bình"


ENACTED = [
    ("Bộ trưởng Bộ Công Thương ban hành Thông tư quy định về kiểm định.", "Bộ Công Thương"),
    ("Chính phủ ban hành Nghị định quy định về phí bảo vệ môi trường.", "Chính phủ"),
    ("Thủ tướng Chính phủ ban hành Quyết định về khu kinh tế.", "Thủ tướng Chính phủ"),
    ("Tổng Kiểm toán Nhà nước ban hành Quyết định về mẫu biểu.", None),
]


@pytest.mark.parametrize(("sentence", "issuer"), ENACTED)
def test_without_a_letterhead_the_enacting_words_name_who_enacts(sentence: str, issuer: str | None) -> None:
    text = f"THÔNG TƯ\nQuy định một số nội dung\nCăn cứ Luật Phí và lệ phí;\n{sentence}\nĐiều 1. Phạm vi\n"
    got = heading.extract(text)
    assert got.issuer == issuer
    assert got.issuer is None or got.evidence["issuer"].confidence < evidence.DOUBTFUL


BLOCKS = [
    # Rows of a table glued to one line; the name behind the last recipient, with and without degree.
    ("- Lưu: VT. TS. Ngô Đình Khải", "TS", "Ngô Đình Khải"),
    ("- Lưu: VT, TCKT. Trung tá Lò Văn Mè", "", "Lò Văn Mè"),
    ("- Lưu: VT. Hồ Biên", "", "Hồ Biên"),
    ("- Lưu: VT, NC. Khánh", "", None),
]


@pytest.mark.parametrize(("last", "_degree", "signer"), BLOCKS)
def test_a_name_glued_to_the_last_recipient_signs(last: str, _degree: str, signer: str | None) -> None:
    text = REPORT.split("Nơi nhận:")[0] + f"Nơi nhận: GIÁM ĐỐC\n- UBND tỉnh;\n{last}\n"
    got = heading.extract(text)
    assert got.signer == signer
    assert got.office == "GIÁM ĐỐC"


@pytest.mark.parametrize(
    ("block", "capacity", "office", "signer"),
    [
        ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH Kpă Thuyên", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Kpă Thuyên"),
        ("T/M BAN THƯỜNG VỤ\nBÍ THƯ\nRơ Ông Ha Tuấn", "T/M BAN THƯỜNG VỤ", "BÍ THƯ", "Rơ Ông Ha Tuấn"),
        ("K/T TRƯỞNG BAN PHÓ TRƯỞNG BAN\nSơn Thị Ánh", "K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "Sơn Thị Ánh"),
        (
            "TM. CHÍNH PHỦ KT. THỦ TƯỚNG CHÍNH PHỦ PHÓ THỦ TƯỚNG CHÍNH PHỦ\n(Đã ký )\nĐỗ Mạnh Cương",
            "TM. CHÍNH PHỦ; KT. THỦ TƯỚNG CHÍNH PHỦ",
            "PHÓ THỦ TƯỚNG CHÍNH PHỦ",
            "Đỗ Mạnh Cương",
        ),
        ("BỘ TRƯỞNG Đã kýVương Đình Lam", None, "BỘ TRƯỞNG", "Vương Đình Lam"),
        ("PHÓ TỔNG THANH TRATHƯỜNG TRỰC\nMai Hữu Đạt", None, "PHÓ TỔNG THANH TRA THƯỜNG TRỰC", "Mai Hữu Đạt"),
        ("CHỦ TỊCH\n[ (Đã ký) Trịnh Thế Hào", None, "CHỦ TỊCH", "Trịnh Thế Hào"),
        ("TUQ. CHÁNH ÁN\nTRƯỞNG PHÒNG TỔ CHỨC\nThS. Cù Nga", "TUQ. CHÁNH ÁN", "TRƯỞNG PHÒNG TỔ CHỨC", "Cù Nga"),
    ],
)  # fmt: skip
def test_a_signature_block_is_taken_apart(block: str, capacity: str | None, office: str, signer: str) -> None:
    text = REPORT.replace("GIÁM ĐỐC\nBùi Thu Hằng\n", block + "\n")
    got = heading.extract(text)
    assert (got.capacity, got.office, got.signer) == (capacity, office, signer)


def test_marks_of_a_scan_between_the_columns_do_not_join_a_recipient() -> None:
    noisy = "Nơi nhận: TM. BAN QUẢN LÝ\n- Sở Nội vụ; : ⁄ CHU T1\n- Cục Thống kê; `\n- Lưu: VT.\n"
    got = heading.extract(REPORT.split("Nơi nhận:")[0] + noisy)
    assert got.recipients == ("Sở Nội vụ", "Cục Thống kê", "Lưu: VT")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("Về việc nghỉ lễ\nTrường Cao đẳng Y thông báo lịch nghỉ như sau:", "Về việc nghỉ lễ"),
        ("Về thu học phí\nSở Y tế kính đề nghị:", "Về thu học phí"),
        ("Ban hành Quy chế của thành phố\nGIÁM ĐỐC SỞ Y TẾ\nCăn cứ Luật;", "Ban hành Quy chế của thành phố"),
        ("VỀ TIÊM CHỦNG MỞ RỘNG SỞ Y TẾ\nCăn cứ Luật Phòng, chống bệnh truyền nhiễm;", "VỀ TIÊM CHỦNG MỞ RỘNG"),
        ("Tổ chức hội thao\nngành y tế\nCăn cứ Kế hoạch;", "Tổ chức hội thao ngành y tế"),
    ],
)  # fmt: skip
def test_a_title_ends_before_who_decides_or_speaks(lines: str, title: str) -> None:
    top, rest = REPORT.split("Công tác phòng, chống dịch sốt xuất huyết\n")
    body = rest.split("\n", 1)[1]
    assert heading.extract(f"{top}{lines}\n{body}").title == title


def test_a_lost_mark_of_the_subject_is_made_up_for() -> None:
    got = heading.extract(LETTER.replace("V/v tiếp", "ƒ% tiếp"))
    assert got.title == "tiếp công dân tháng 5"


def test_a_row_of_a_table_is_no_title() -> None:
    got = heading.extract("PHỤ LỤC\nTT\tTên loại\n1\tKế hoạch\n2\tBáo cáo\n")
    assert (got.kind, got.title) == (None, None)


def test_a_motto_recognised_twice_is_no_part_of_the_issuer() -> None:
    """A page looked at through two colours: the second time the motto is on the issuer's line, and garbled."""
    text = """BỘ CÔNG THƯƠNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
^ Độc lập - Tự do - Hạnh phú
TRƯỜNG ĐẠI HỌC HẢI VÂN ộc lập - lụ anh phúc
THÀNH PHỐ ĐÀ NẴNG
Đà Nẵng, ngày 12 tháng 6 năm 2025
Số: 41/KH-ĐHHV
KẾ HOẠCH
Khảo sát sự hài lòng của người học
Nhà trường ban hành kế hoạch như sau:
1. Mục đích
"""
    assert (heading.extract(text).issuer or "").lower() == "trường đại học hải vân thành phố đà nẵng"
