"""Which mentions count as citations: quotations, footnotes, attachments, and symbols that only look like one."""

from __future__ import annotations

import pytest

from corpus import citations, heading, quotations, sections
from corpus.analyse import analyse
from corpus.model import Body, Heading, Kind

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
DECREE = Heading(kind=Kind.DECREE, number="61/2030/NĐ-CP")
LETTER = Heading(kind=Kind.OFFICIAL_LETTER, number="44/SNV-VP")


def numbers(text: str, of: Heading = LETTER) -> list[str | None]:
    return [citation.number for citation in citations.extract(text, of, ())]


def test_symbols_of_tables_and_forms_are_no_documents() -> None:
    text = (
        "Số liệu lập theo các biểu số liệu 01/TCD, 02/XLD và 03/GQKN ban hành kèm theo Thông tư số 01/2030/TT-TTCP.\n"
        "Biểu số: 04/PCTN\nTHỐNG KÊ\n02/XLD\nKẾT QUẢ\nXem hướng dẫn cách ghi biểu số 07/KH/N, Công văn số 02/UBND-VX."
    )
    assert numbers(text) == ["01/2030/TT-TTCP", "02/UBND-VX"]


def test_new_wording_speaks_of_the_document_it_is_put_into() -> None:
    text = (
        "Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 15/2020/NĐ-CP:\n"
        "“2. Hồ sơ theo quy định tại khoản 1 Điều 5 Nghị định này.”\n"
        "Điều 2. Thi hành\nHồ sơ nộp trước đây theo khoản 2 Điều 1 Nghị định này."
    )
    found = [(one.number, one.place) for one in citations.extract(text, DECREE, ())]
    assert found == [("15/2020/NĐ-CP", None), ("15/2020/NĐ-CP", "d5.k1"), ("61/2030/NĐ-CP", "d1.k2")]


def test_what_amended_the_amended_document_is_not_meant() -> None:
    text = (
        "Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 15/2020/NĐ-CP được sửa đổi, bổ sung theo"
        " Nghị định số 80/2021/NĐ-CP:\n“2. Hồ sơ theo quy định tại khoản 1 Điều 5 Nghị định này.”\nĐiều 2. Thi hành."
    )
    assert numbers(text, DECREE) == ["15/2020/NĐ-CP", "80/2021/NĐ-CP", "15/2020/NĐ-CP"]


def test_new_wording_of_an_unknown_document_cites_nothing() -> None:
    assert numbers("Điều 1. Thay như sau:\n“1. Hồ sơ theo Điều 5 Nghị định này.”\nĐiều 2. Hết.", DECREE) == []


def test_the_issuer_ends_before_the_next_article() -> None:
    (found,) = citations.extract("THEO NGHỊ ĐỊNH SỐ 12/2021/NĐ-CP CỦA CHÍNH PHỦ\nĐiều 1. Sửa đổi", LETTER, ())
    assert found.issuer == "CHÍNH PHỦ"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("theo khoản 1 Điều 80 Luật PCTN) thuộc phạm vi", "PCTN"),
        ("theo Pháp lệnh Ưu đãi người có công với cách mạng và các văn bản", "Ưu đãi người có công với cách mạng"),
        ("tại Điều 73 Luật Tư pháp người chưa thành niên nhưng chậm nộp", "Tư pháp người chưa thành niên"),
        ("Luật Đầu tư theo phương thức đối tác công tư và các nghị định", "Đầu tư theo phương thức đối tác công tư"),
        ("khoản 5 Điều 76 của Luật Nhà ở, trừ đối tượng", "Nhà ở"),
        ("Luật Chất lượng sản phẩm, hàng hóa được ban hành", "Chất lượng sản phẩm, hàng hóa"),
    ],
)
def test_names_of_laws(text: str, title: str) -> None:
    assert [one.title for one in citations.extract(text, LETTER, ())] == [title]


def test_the_issuer_ends_before_the_day_it_takes_effect() -> None:
    text = "Thông tư số 11/2010/TT-BTNMT của Bộ trưởng Bộ Tài nguyên và Môi trường kể từ ngày ký"
    (found,) = citations.extract(text, LETTER, ())
    assert found.issuer == "Bộ trưởng Bộ Tài nguyên và Môi trường"


def test_capitals_abbreviate_no_law() -> None:
    assert citations.extract("CÁC QUY ĐỊNH VỀ LUẬT HNGĐ CỦA NƯỚC TA", LETTER, ()) == ()


REPORT = f"""UBND TỈNH BÌNH THUẬN
BAN CHỈ ĐẠO
{STATE}
Số: 15/BC-BCĐ
Phan Thiết, ngày 20 tháng 9 năm 2025
BÁO CÁO
Kết quả phong trào học tập
Ban Chỉ đạo báo cáo như sau:
I. KẾT QUẢ
Nơi nhận:
- Như trên;
- Lưu: VT.
TRƯỞNG BAN
Nguyễn Văn An
Công văn số 282-CV/TU ngày 18/8/2025 về việc thi đua; Kế hoạch số 12/KH-UBND ngày 20/8/2025.
Hội trường đã sửa theo Thông báo số 9/TB-UBND.
"""


def test_a_footnote_without_its_mark_opens_with_the_document_it_names() -> None:
    found = citations.extract(REPORT, heading.extract(REPORT), ())
    assert [one.number for one in found] == ["282-CV/TU", "12/KH-UBND", "9/TB-UBND"]


def test_a_standard_is_attached_like_an_annex() -> None:
    text = (
        REPORT[: REPORT.index("Công văn số 282")] + "QCVN 99:2025/BGDĐT\nQUY CHUẨN\nTheo Thông tư số 6/2025/TT-BGDĐT."
    )
    assert [one.number for one in citations.extract(text, heading.extract(text), ())] == ["6/2025/TT-BGDĐT"]


ATTACHED = f"""UBND HUYỆN YÊN HÀ
BAN QUẢN LÝ
{STATE}
Số:    /QĐ-BQL
Yên Hà, ngày    tháng    năm 2027
QUYẾT ĐỊNH
Về việc ban hành Quy chế chi tiêu
Căn cứ Luật Ngân sách nhà nước;
Điều 1. Ban hành Quy chế.
Nơi nhận:
- Như Điều 2;
- Lưu: VT.
TRƯỞNG BAN
UBND HUYỆN YÊN HÀ
BAN QUẢN LÝ
{STATE}
Yên Hà, ngày    tháng    năm 2027
QUY CHẾ
CHI TIÊU NỘI BỘ
(Ban hành kèm theo Quyết định số    /QĐ-BQL ngày    /   /2027)
Điều 1. Căn cứ
Chi theo Quyết định số 78/2021/QĐ-TTg ngày 16/5/2021.
"""


def test_an_attachment_with_a_letterhead_of_its_own_is_read() -> None:
    found = analyse(Body(ATTACHED, "text/plain", "text")).citations
    assert "78/2021/QĐ-TTg" in [one.number for one in found]


def test_an_unclosed_quotation_ends_at_the_next_article() -> None:
    text = (
        "Điều 5. Quảng cáo\nPhải ghi dòng chữ: “Sản phẩm này không phải là thuốc.\n"
        "Điều 6. Sữa\nNội dung.\nĐiều 7. Sửa đổi, bổ sung giấy phép\nNội dung.\nĐiều 8. Thi hành\nHết."
    )
    (only,) = quotations.quoted(text)
    assert text[slice(*only)].endswith("thuốc.\n")
    assert [part.label for part in sections.extract(text, Heading())] == ["Điều 5", "Điều 6", "Điều 7", "Điều 8"]
