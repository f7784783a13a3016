"""Who issues, by the letterhead: offices of every kind, names over several lines or two on one."""

from __future__ import annotations

import pytest

from corpus import bodyname, heading

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"

# ruff: noqa: E501
# (lines of the left cell, number, name on the right, issuer)
LETTERHEADS = [
    ("HỘI ĐỒNG NHÂN DÂN\nTỈNH BÌNH ĐỊNH\nBAN PHÁP CHẾ", "45/BC-BPC", STATE, "Ban Pháp chế Hội đồng nhân dân tỉnh Bình Định"),
    ("HỘI ĐỒNG NHÂN DÂN\nTHỊ XÃ AN NHƠN\nTHƯỜNG TRỰC", "7/TTHĐND", STATE, "Thường trực Hội đồng nhân dân thị xã An Nhơn"),
    ("CHỦ TỊCH\nỦY BAN NHÂN DÂN\nTỈNH KON TUM", "04/CT-CTUBND", STATE, "Chủ tịch Ủy ban nhân dân tỉnh Kon Tum"),
    ("TỈNH ỦY BẮC KẠN\nBAN CÁN SỰ ĐẢNG UBND TỈNH", "33-TTr/BCSĐ", PARTY, "Ban Cán sự đảng Ủy ban nhân dân tỉnh Bắc Kạn"),
    ("ĐẢNG ỦY PHƯỜNG TÂN AN\nBAN XÂY DỰNG ĐẢNG", "17-HD/BXDĐ", PARTY, "Ban Xây dựng Đảng Đảng ủy phường Tân An"),
    ("ĐẢNG ỦY XÃ MƯỜNG LUÂN\nỦY BAN KIỂM TRA", "05-KH/UBKTĐU", PARTY, "Ủy ban Kiểm tra Đảng ủy xã Mường Luân"),
    ("HUYỆN ỦY CHỢ MỚI\nVĂN PHÒNG", "61-CV/VPHU", PARTY, "Văn phòng Huyện ủy Chợ Mới"),
    ("ỦY BAN MTTQ VIỆT NAM XÃ ĐỒNG TÂM\nBAN THƯỜNG TRỰC", "04/TTr-MTTQ-BTT", STATE, "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam xã Đồng Tâm"),
    ("VKSND TỐI CAO\nVKSND TỈNH LẠNG SƠN", "17/KH-VKS", STATE, "Viện kiểm sát nhân dân tỉnh Lạng Sơn"),
    ("BHXH VIỆT NAM\nBHXH TỈNH PHÚ YÊN", "20/BHXH-CST", STATE, "Bảo hiểm xã hội tỉnh Phú Yên"),
    ("TRUNG TÂM Y TẾ HUYỆN BA BỂ\nTRẠM Y TẾ XÃ QUẢNG KHÊ", "03/BC-TYT", STATE, "Trạm Y tế xã Quảng Khê"),
    ("SỞ Y TẾ - SỞ GIÁO DỤC VÀ ĐÀO TẠO\nTỈNH ĐIỆN BIÊN", "155/KHLN-SYT-SGDĐT", STATE, "Sở Y tế - Sở Giáo dục và Đào tạo tỉnh Điện Biên"),
    ("UBND QUẬN 7\nPHÒNG TƯ PHÁP", "30/TP", STATE, "Phòng Tư pháp quận 7"),
    ("CÔNG TY TNHH MTV CẤP NƯỚC LONG AN", "210/QĐ-CTCN", STATE, "Công ty TNHH MTV Cấp nước Long An"),
    ("ỦY BAN NHÂN DÂN\nPHƯỜNG MỸ THO", "9/UBND", STATE, "Ủy ban nhân dân phường Mỹ Tho"),
    # Capitals that were only in the font.
    ("ubnd tỉnh nam định\nsở thương mại", "88/TM-KH", STATE.lower(), "Sở Thương mại tỉnh Nam Định"),
]  # fmt: skip


def _paper(left: str, number: str, right: str) -> str:
    return f"{left}\nSố: {number}\nV/v rà soát hồ sơ\n{right}\nHà Nội, ngày 10 tháng 9 năm 2020\nKính gửi: Sở X\nĐề nghị.\n"


@pytest.mark.parametrize(("left", "number", "right", "issuer"), LETTERHEADS)
def test_the_issuer_is_named_in_full(left: str, number: str, right: str, issuer: str) -> None:
    assert heading.extract(_paper(left, number, right)).issuer == issuer


@pytest.mark.parametrize(("left", "number", "right", "issuer"), LETTERHEADS)
def test_rules_and_stray_marks_change_no_name(left: str, number: str, right: str, issuer: str) -> None:
    noisy = left.replace("\n", "\n|\n", 1) + "\n===*===\n_—"
    assert heading.extract(_paper(noisy, number, right)).issuer == issuer


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("UBND TỈNH LÂM ĐỒNG SỞ NỘI VỤ", ["UBND TỈNH LÂM ĐỒNG", "SỞ NỘI VỤ"]),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG VĂN PHÒNG ĐĂNG KÝ", ["ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG", "VĂN PHÒNG ĐĂNG KÝ"]),
        ("BỘ CÔNG AN CÔNG AN TỈNH ĐẮK NÔNG", ["BỘ CÔNG AN", "CÔNG AN TỈNH ĐẮK NÔNG"]),
        ("HUYỆN ỦY THANH OAI BAN TUYÊN GIÁO", ["HUYỆN ỦY THANH OAI", "BAN TUYÊN GIÁO"]),
        ("ĐẢNG BỘ KHỐI CÁC CƠ QUAN ĐẢNG ỦY SỞ TƯ PHÁP", ["ĐẢNG BỘ KHỐI CÁC CƠ QUAN", "ĐẢNG ỦY SỞ TƯ PHÁP"]),
        ("VĂN PHÒNG ĐOÀN ĐẠI BIỂU QUỐC HỘI TỈNH HÀ NAM", ["VĂN PHÒNG ĐOÀN ĐẠI BIỂU QUỐC HỘI TỈNH HÀ NAM"]),
        ("UBND THÀNH PHỐ HỘI AN", ["UBND THÀNH PHỐ HỘI AN"]),
        ("TRUNG ƯƠNG HỘI NÔNG DÂN VIỆT NAM", ["TRUNG ƯƠNG HỘI NÔNG DÂN VIỆT NAM"]),
        ("BỘ GIÁO DỤC VÀ ĐÀO TẠO - BỘ NỘI VỤ", ["BỘ GIÁO DỤC VÀ ĐÀO TẠO - BỘ NỘI VỤ"]),
    ],
)  # fmt: skip
def test_two_names_on_one_line_are_parted(line: str, names: list[str]) -> None:
    assert bodyname.parted(line) == names
