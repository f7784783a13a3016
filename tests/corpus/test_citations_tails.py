"""What follows the number of a cited document: where its issuer ends, where its subject ends; DOMAIN §3.3."""

from __future__ import annotations

import datetime as dt

import pytest

from corpus import citations
from corpus.model import Heading, Kind, Role

LETTER = Heading(kind=Kind.OFFICIAL_LETTER, number="44/SNV-VP")
LONG = "Từ ngày sắp xếp đơn vị hành chính, các hội có phạm vi hoạt động trong huyện Đồng Bằng kết thúc hoạt động, "

SUBJECTS = [
    # the sentence goes on after the subject
    ("Công văn số 12/BC-HKH ngày 3/4/2030 của Hội Khuyến học huyện Đồng Bằng về việc báo cáo kết quả đại hội và ý kiến"
     " của Phòng Nội vụ tại Tờ trình số 15/TTr-PNV", "báo cáo kết quả đại hội"),
    ("Công văn số 9/HKH-VP về việc xin tổ chức đại hội, Chủ tịch Ủy ban nhân dân huyện có ý kiến như sau:",
     "xin tổ chức đại hội"),
    ("Công văn số 9/PNV-VP về việc xét hồ sơ thành lập hội gửi Phòng Tư pháp có ý kiến", "xét hồ sơ thành lập hội"),
    ("Nghị định số 126/2024/NĐ-CP quy định về tổ chức, hoạt động và quản lý hội thì Chủ tịch cho phép",
     "quy định về tổ chức, hoạt động và quản lý hội"),
    ("Công văn số 9/BNV-VP về việc hướng dẫn một số nội dung về hội có nêu rõ: “Hội kết thúc hoạt động”",
     "hướng dẫn một số nội dung về hội"),
    ("Nghị định số 126/2024/NĐ-CP quy định: “Chủ tịch công nhận ban vận động”", None),
    ("Thông tư số 3/2030/TT-BNV quy định chế độ báo cáo hết hiệu lực kể từ ngày 1/1/2031", "quy định chế độ báo cáo"),
    ("Thông tư số 3/2030/TT-BNV ban hành Định mức lưu trữ được tiếp tục thực hiện cho đến khi kết thúc",
     "ban hành Định mức lưu trữ"),
    ("Thông tư số 3/2030/TT-BNV về chế độ báo cáo (gọi là chế độ; xem", "chế độ báo cáo"),
    ("Thông tư số 3/2030/TT-BNV về chế độ báo cáo./.", "chế độ báo cáo"),
    ("Thông tư số 3/2030/TT-BNV ban hành Quy chế lưu trữ và bãi bỏ các văn bản trái với Thông tư này",
     "ban hành Quy chế lưu trữ"),
    ("Công văn số 9/HKH-VP về việc tổ chức đại hội và hồ sơ gửi kèm theo.", "tổ chức đại hội"),
    ("Công văn số 9/HKH-VP về việc tổ chức đại hội, ngày 01/7/2030, Hội đã họp", "tổ chức đại hội"),
    ("sửa đổi Nghị định số 126/2024/NĐ-CP về quản lý hội cho phù hợp với tình hình", "quản lý hội"),
    ("Nghị quyết số 76/NQ-CP ban hành Chương trình cải cách và các văn bản chỉ đạo của huyện",
     "ban hành Chương trình cải cách"),
    ("Công văn số 9/BNV-VP về việc báo cáo định kỳ, để thực hiện nhiệm vụ trong năm", "báo cáo định kỳ"),
    ("Quyết định số 5/QĐ-UBND ngày 3/4/2030 của UBND huyện ủy quyền Phòng Nội vụ giải quyết hồ sơ.",
     "ủy quyền Phòng Nội vụ giải quyết hồ sơ"),
    # what others did to it, and what the text calls it
    ("Nghị định số 29/2030/NĐ-CP quy định chức năng của Bộ Tài chính được sửa đổi, bổ sung bởi Nghị định số"
     " 66/2031/NĐ-CP",
     "quy định chức năng của Bộ Tài chính"),
    ("Thông tư số 3/2030/TT-BNV quy định chế độ hội nghị (đã được sửa đổi tại Thông tư số 5/2031/TT-BNV)",
     "quy định chế độ hội nghị"),
    ("Thông tư số 3/2030/TT-BNV ban hành Danh mục hồ sơ (sau đây gọi tắt là Thông tư số 3) phải ghi rõ thời hạn",
     "ban hành Danh mục hồ sơ"),
    ("Công văn số 65/MTTQ-BTT về việc sáp nhập các hội (gửi kèm theo Phương án số 01/PA-MTTQ-BTT)", "sáp nhập các hội"),
    ("Công văn số 65/MTTQ-BTT về việc công nhận chức danh (Công văn số 65/MTTQ-BTT đính kèm)", "công nhận chức danh"),
    ("Quyết định số 15/2030/QĐ-TTg về tín dụng học sinh và các văn bản sửa đổi, bổ sung", "tín dụng học sinh"),
    # the next document
    ("Nghị quyết số 76/NQ-CP ban hành Chương trình cải cách hành chính, Quyết định số 11/QĐ-BNV về chỉ số",
     "ban hành Chương trình cải cách hành chính"),
    ("Nghị định số 126/2024/NĐ-CP về quản lý hội và Công văn số 19/BNV-TCPCP của Bộ Nội vụ", "quản lý hội"),
    ("Nghị định số 15/2030/NĐ-CP quy định về giá bán và khoản 8 Điều 1 Nghị định số 16/2030/NĐ-CP",
     "quy định về giá bán"),
    ("Quy định số 296-QĐ/TW về công tác kiểm tra của Đảng; Hướng dẫn số 08-HD/TW thực hiện",
     "công tác kiểm tra của Đảng"),
    # all of these belong to the subject
    ("Kế hoạch số 7-KH/HU thực hiện Chỉ thị số 36-CT/TW, ngày 16/8/2019 của Bộ Chính trị", None),
    ("Kế hoạch số 7-KH/HU về thực hiện Chỉ thị số 36-CT/TW, ngày 16/8/2019 của Bộ Chính trị",
     "thực hiện Chỉ thị số 36-CT/TW, ngày 16/8/2019 của Bộ Chính trị"),
    ("Quyết định số 5/QĐ-UBND bãi bỏ Quyết định số 2/QĐ-UBND, Quyết định số 3/QĐ-UBND",
     "bãi bỏ Quyết định số 2/QĐ-UBND, Quyết định số 3/QĐ-UBND"),
    ("Thông tư số 80/2021/TT-BTC hướng dẫn một số điều của Luật Quản lý thuế và Nghị định số 126/2020/NĐ-CP",
     "hướng dẫn một số điều của Luật Quản lý thuế và Nghị định số 126/2020/NĐ-CP"),
    ("Thông tư số 20/2030/TT-BNV quy định cách định giá; hướng dẫn định khung giá",
     "quy định cách định giá; hướng dẫn định khung giá"),
    ("Quyết định số 5/QĐ-UBND sửa đổi Điều 5 và Điều 7 của Quy chế", "sửa đổi Điều 5 và Điều 7 của Quy chế"),
    ("Thông tư số 3/2030/TT-BNV sửa đổi khoản 9 Điều 3 và Mẫu số 01 của Quy chế",
     "sửa đổi khoản 9 Điều 3 và Mẫu số 01 của Quy chế"),
    ("Quyết định số 5/QĐ-BNV phê duyệt Đề án “Chỉ số của các bộ, Ủy ban nhân dân tỉnh”; Công văn số 6/BNV-VP",
     "phê duyệt Đề án “Chỉ số của các bộ, Ủy ban nhân dân tỉnh”"),
    # the edge of the page, and the end of a paragraph
    ("Công văn số 9/PNV-VP về việc xét hồ sơ\nHội Khuyến học huyện.", "xét hồ sơ Hội Khuyến học huyện"),
    (f"{LONG}Phòng Nội vụ có Công văn số 9/PNV-VP về việc xét hồ sơ hội\nQua kiểm tra", "xét hồ sơ hội"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "title"), SUBJECTS)
def test_a_subject_ends_where_the_sentence_goes_on(text: str, title: str | None) -> None:
    assert citations.extract(text, LETTER, ())[0].title == title


ISSUERS = [
    ("của Bộ trưởng Bộ Khoa học và Công nghệ sửa đổi quy chế", "Bộ trưởng Bộ Khoa học và Công nghệ"),
    ("của Bộ Thông tin và Truyền thông về việc báo cáo", "Bộ Thông tin và Truyền thông"),
    ("của Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam huyện về việc sáp nhập",
     "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam huyện"),
    ("của Sở Khoa học và Công nghệ mời dự tập huấn", "Sở Khoa học và Công nghệ"),
    ("CỦA BỘ TRƯỞNG BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH QUY ĐỊNH MẪU", "BỘ TRƯỞNG BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH"),
    ("của Chính phủ Về quản lý đầu tư", "Chính phủ"),
    ("của Chính phủ\nDo đó, huyện đề nghị", "Chính phủ"),
    ("của Chính phủ và mục 2 Công văn số 35/BNV-VP", "Chính phủ"),
    ("của Bộ trưởng Bộ Nội vụ và khoản 3 Điều 15 Quy chế", "Bộ trưởng Bộ Nội vụ"),
    ("của Chính phủ và Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam",
     "Chính phủ và Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam"),
    ("của UBND huyện ủy quyền Phòng Nội vụ", "UBND huyện"),
    ("của Ban quản lý các khu công nghiệp về việc giao quyền", "Ban quản lý các khu công nghiệp"),
    ("của Phụ lục I", None),
]  # fmt: skip


@pytest.mark.parametrize(("words", "issuer"), ISSUERS)
def test_an_issuer_is_named_whole_and_no_more(words: str, issuer: str | None) -> None:
    symbol = "Nghị quyết số 12/2030/NQ-CP ngày 3/4/2030"
    found = citations.extract(f"Theo {symbol} {words}", LETTER, ())[0]
    assert (found.issuer, found.issued_on) == (issuer, dt.date(2030, 4, 3))
    assert found.text == (f"{symbol} {words.split()[0]} {issuer}" if issuer else symbol)


PLACES = [
    ("khoản 3 Điều 15 và khoản 11 Điều 19", "d19.k11"),
    ("điểm a khoản 9 Điều 6, điểm c khoản 2 Điều 16", "d16.k2.c"),
    ("Điều 31 và khoản 4 Điều 32", "d32.k4"),
    ("điểm a khoản 1 và điểm b khoản 2 Điều 7", "d7"),
    ("phần III, mục 2", "p3.2"),
    ("Điểm 4.6, Mục 4 của", "4.6"),
    ("điểm a khoản 1 Điều 24 Tiểu mục 1 Mục 1 Chương III của", "d24.k1.a"),
    ("Phụ lục 02 kèm theo", "pl2"),
]


@pytest.mark.parametrize(("words", "place"), PLACES)
def test_of_several_places_the_last_is_named_as_exactly_as_it_stands(words: str, place: str) -> None:
    assert citations.extract(f"tại {words} Nghị định số 126/2024/NĐ-CP", LETTER, ())[0].place == place


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("theo Luật Tiêu chuẩn và Quy chuẩn kỹ thuật", "Tiêu chuẩn và Quy chuẩn kỹ thuật"),
        ("theo Luật Trật tự, an toàn giao thông đường bộ và quy định", "Trật tự, an toàn giao thông đường bộ"),
        ("Căn cứ Luật Ban hành văn bản quy phạm pháp luật số 64/2025/QH15;", "Ban hành văn bản quy phạm pháp luật"),
        ("theo Luật Phổ biến, giáo dục pháp luật số 14/2012/QH13", "Phổ biến, giáo dục pháp luật"),
        ("theo Luật Phổ biến, giáo dục pháp luật và Kế hoạch", "Phổ biến, giáo dục pháp luật"),
        ("theo quy định tại Luật Ban hành văn bản quy phạm pháp luật thực hiện việc xử lý",
         "Ban hành văn bản quy phạm pháp luật"),
        ("theo Luật Khám bệnh, chữa bệnh, trong thời hạn", "Khám bệnh, chữa bệnh"),
        ("và Luật Sửa đổi, bổ sung một số điều của Luật Lưu trữ ngày 14 tháng 6 năm 2030;",
         "Sửa đổi, bổ sung một số điều của Luật Lưu trữ"),
        ("18.\nLuật Bảo vệ người tiêu dùng\nChính phủ\nỦy ban Kinh tế", "Bảo vệ người tiêu dùng"),
        ("theo Luật Tổ chức\nChính phủ", "Tổ chức Chính phủ"),
        ("theo Luật Khuyến khích đầu tư trong nước được miễn thuế", "Khuyến khích đầu tư trong nước"),
        ("theo Luật Thuế xuất khẩu, thuế nhập khẩu", "Thuế xuất khẩu, thuế nhập khẩu"),
    ],
)  # fmt: skip
def test_names_of_laws_hold_words_that_end_others(text: str, title: str) -> None:
    assert citations.extract(text, LETTER, ())[0].title == title


def test_a_law_ends_with_its_year_or_the_cell_of_the_table() -> None:
    found = citations.extract("18.\nLuật Lưu trữ\nChính phủ\nỦy ban", LETTER, ())[0]
    assert (found.text, found.issuer) == ("Luật Lưu trữ", None)
    found = citations.extract("tại Điều 46 của Luật Lưu trữ 2024 về kho lưu trữ", LETTER, ())[0]
    assert (found.text, found.title, found.year) == ("Luật Lưu trữ 2024", "Lưu trữ", 2024)


def test_a_number_of_another_type_in_a_list_has_its_own() -> None:
    found = citations.extract("các văn bản: Quyết định số 15/QĐ-BNV; số 05/BNV-VP và 16/QĐ-BNV", LETTER, ())
    kinds = {"15/QĐ-BNV": Kind.DECISION, "05/BNV-VP": Kind.OFFICIAL_LETTER, "16/QĐ-BNV": Kind.DECISION}
    assert {c.number: c.kind for c in found} == kinds


def test_a_class_of_documents_is_no_law() -> None:
    text = "theo các văn bản quy phạm pháp luật số 5/2030/TT-BNV và văn bản quy phạm pháp luật này"
    assert [(c.kind, c.number) for c in citations.extract(text, LETTER, ())] == [(Kind.CIRCULAR, "5/2030/TT-BNV")]


def test_the_year_after_a_nickname_is_that_of_the_work() -> None:
    full = "Quyết định số 06/QĐ-TTg ngày 06/01/2022 phê duyệt Đề án dữ liệu dân cư."
    text = f"{full}\nKế hoạch thực hiện Đề án 06 năm 2025."
    found = citations.extract(text, LETTER, ())[-1]
    assert (found.text, found.number, found.year) == ("Đề án 06", "06/QĐ-TTg", None)


def test_a_number_in_the_next_cell_of_a_table_is_none() -> None:
    assert citations.extract("Tên loại văn bản\tCHỈ THỊ\t14\nTrích yếu", LETTER, ()) == ()


def test_the_mark_of_a_footnote_is_no_part_of_a_number() -> None:
    text = "theo Nghị định số 126/2024/NĐ-CP2, Phòng báo cáo.\n2 Nghị định số 126/2024/NĐ-CP của Chính phủ."
    assert [c.number for c in citations.extract(text, LETTER, ())] == ["126/2024/NĐ-CP"] * 2
    text = "theo Luật số 12/2024/QH15; Tờ trình số 5/HHDN-K4 và các số 12/2024/QH, 5/HHDN-K"
    assert [c.number for c in citations.extract(text, LETTER, ())][:2] == ["12/2024/QH15", "5/HHDN-K4"]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Thực hiện Nghị quyết số 76/NQ-CP ban hành Chương trình cải cách, Quyết định số 11/QĐ-BNV phê duyệt Đề án; "
         "Công văn số 46/BNV-VP về việc báo cáo, Phòng trình.", [Role.IMPLEMENTS] * 3),
        ("Xét đề nghị của Hội Khuyến học tại Công văn số 28/HKH-VP về việc gia hạn và ý kiến của Phòng Nội vụ tại "
         "Tờ trình số 25/TTr-PNV;", [Role.BASIS] * 2),
        ("Sau khi rà soát hồ sơ kèm theo Tờ trình số 1/TTr-HKH và căn cứ Nghị định số 126/2024/NĐ-CP, Phòng trình.",
         [Role.MENTIONS, Role.BASIS]),
        ("Thực hiện Nghị quyết số 76/NQ-CP, trong đó Ủy ban nhân dân giao việc tại Quyết định số 11/QĐ-UBND.",
         [Role.IMPLEMENTS, Role.MENTIONS]),
    ],
)  # fmt: skip
def test_a_list_keeps_its_role_across_subjects(text: str, roles: list[Role]) -> None:
    plan = Heading(kind=Kind.PLAN, number="07/KH-UBND")
    assert [c.role for c in citations.extract(text, plan, ())] == roles
