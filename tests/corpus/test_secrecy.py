"""Which papers bear a mark of secrecy, and which only speak of it."""

from __future__ import annotations

import pytest

from corpus import secrecy

STAMPED = [
    ("ỦY BAN NHÂN DÂN\nHUYỆN LẠC DƯƠNG\nSố: 12/KH-UBND\nMẬT\nKẾ HOẠCH\n", "Mật"),
    ("TỈNH ỦY ĐỒNG NAI\n*\nSố 05-BC/TU\nTUYỆT MẬT\n", "Tuyệt mật"),
    # a cell of the table that holds the letterhead
    ("BỘ CÔNG AN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỐI MẬT\tHà Nội, ngày 2 tháng 3 năm 2020\n", "Tối mật"),
    # columns that a reader put on one line
    ("Số: 7/BC-CAH     MẬT     Yên Bái, ngày 2 tháng 3 năm 2020\n", "Mật"),
    # letters set apart, a frame read as bars, decomposed letters
    ("M Ậ T\nBÁO CÁO", "Mật"),
    ("| TỐI MẬT |\nBÁO CÁO", "Tối mật"),
    ("MA\u0302\u0323T\nBÁO CÁO", "Mật"),
    ("Độ mật: Tối mật\nBÁO CÁO", "Tối mật"),
    # recognition loses marks; two words are still no other words
    ("TUYET MAT\nBÁO CÁO", "Tuyệt mật"),
    # the strictest of two
    ("MẬT\nTUYỆT MẬT\n", "Tuyệt mật"),
]

OPEN = [
    "KẾ HOẠCH\nbảo vệ bí mật nhà nước năm 2020\n",
    "QUYẾT ĐỊNH\nVề danh mục bí mật nhà nước độ Tối mật, độ Mật của ngành Thanh tra\n",
    "Điều 3. Độ mật\n1. Tuyệt mật;\n2. Tối mật;\n3. Mật.\n",
    "BÁO CÁO\nTình hình nuôi ong lấy mật\nMật ong\n",
    "Căn cứ Luật Bảo vệ bí mật nhà nước\nMẬT\n",  # below where the text begins: a word of the text
    "☐ MẬT ☐ TỐI MẬT ☐ TUYỆT MẬT\nPHIẾU TRÌNH",  # a form with boxes to tick
    "MẶT\nMẤT\nMAT\n",  # other words, or too little to go by
    "Mật\nBÁO CÁO",  # marks are in capitals
    "BÁO CÁO\n" + "Nội dung của báo cáo\n" * 200 + "MẬT\n",
]


@pytest.mark.parametrize(("page", "degree"), STAMPED)
def test_a_mark_that_stands_alone_in_the_letterhead_is_found(page: str, degree: str) -> None:
    found = secrecy.find(page)
    assert found is not None
    assert found[0] == degree


@pytest.mark.parametrize("page", OPEN)
def test_a_document_that_only_speaks_of_secrecy_bears_no_mark(page: str) -> None:
    assert secrecy.find(page) is None


def test_the_span_covers_the_cell_with_the_mark() -> None:
    page = "BỘ CÔNG AN\tCỘNG HÒA\nMẬT\tHà Nội\n"
    degree, span = secrecy.find(page) or ("", None)
    assert degree == "Mật"
    assert span is not None
    assert span.of(page) == "MẬT"


def test_in_coloured_ink_one_word_without_its_accents_is_a_mark() -> None:
    assert secrecy.of_line("MAT", worn=True) == "Mật"
    assert secrecy.of_line("MAT") is None
