"""Citations: what is named, what is not, in which role; DOMAIN §1 and §3."""

from __future__ import annotations

import datetime as dt
import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import citations, lexicon
from corpus.model import Citation, Evidence, Heading, Kind, Level, Role, Section, Span

SYMBOLS = Path(__file__).parents[3] / "shared" / "domain" / "symbols_testset.json"
PLAN = Heading(kind=Kind.PLAN, number="07-KH/HU")
DECISION = Heading(kind=Kind.DECISION, number="31/QĐ-UBND")
CIRCULAR = Heading(kind=Kind.CIRCULAR, number="09/2030/TT-BNV")
LETTER = Heading(kind=Kind.OFFICIAL_LETTER, number="44/SNV-VP")
REPORT = Heading(kind=Kind.REPORT, number="15/BC-UBND")


def read(text: str, heading: Heading = PLAN) -> tuple[Citation, ...]:
    return citations.extract(text, heading, ())


def titled(title: str, rest: str, kind: Kind) -> tuple[str, Heading]:
    span = Span(0, len(title))
    return f"{title}\n{rest}", Heading(kind=kind, title=title, evidence={"title": Evidence(span, 0.9)}, end=len(title))


FIELDS: list[tuple[str, dict[str, object]]] = [
    # Party form, all parts
    (
        "Thực hiện Chỉ thị số 21-CT/TU ngày 24/8/2016 của Ban Thường vụ Tỉnh ủy về công tác khuyến học;",
        {
            "text": "Chỉ thị số 21-CT/TU ngày 24/8/2016 của Ban Thường vụ Tỉnh ủy",
            "kind": Kind.DIRECTIVE,
            "number": "21-CT/TU",
            "issued_on": dt.date(2016, 8, 24),
            "issuer": "Ban Thường vụ Tỉnh ủy",
            "title": "công tác khuyến học",
        },
    ),
    # spaces and a long dash inside the symbol, a comma before the day
    (
        "theo Kết luận số 33 – KL / TW, ngày 06-3-2009 của Ban Bí thư.",
        {"number": "33-KL/TW", "issued_on": dt.date(2009, 3, 6), "issuer": "Ban Bí thư"},
    ),
    # a PDF breaks the line inside type, symbol and issuer
    (
        "tại Công\nvăn số 574/UBND-\nKGVX ngày 18/02/2025 của Ủy ban\nnhân dân tỉnh về việc gia hạn",
        {"kind": Kind.OFFICIAL_LETTER, "number": "574/UBND-KGVX", "issuer": "Ủy ban nhân dân tỉnh", "title": "gia hạn"},
    ),
    # the issuer before the day; a type of several words
    (
        "Nghị quyết liên tịch số 05/NQLT của Ban Thường vụ Tỉnh đoàn ngày 3/4/2015",
        {"issued_on": None, "number": None},
    ),
    (
        "Kế hoạch số 25-KH/TU của Ban Thường vụ Tỉnh ủy ngày 30/11/2016",
        {"number": "25-KH/TU", "issued_on": dt.date(2016, 11, 30)},
    ),
    # «văn bản» says nothing of the type: the symbol does
    ("tại văn bản số 238/UBND-KGVX ngày 19/3/2018", {"kind": Kind.OFFICIAL_LETTER, "number": "238/UBND-KGVX"}),
    # a Party «QĐ» without its type printed may be two things
    ("theo số 66-QĐ/TW", {"kind": None, "number": "66-QĐ/TW"}),
    # the printed name decides, not the code
    ("Quy định số 66-QĐ/TW", {"kind": Kind.RULES, "number": "66-QĐ/TW"}),
    # no symbol at all
    (
        "Kết luận số 49 ngày 10-5-2019 của Ban Bí thư",
        {
            "kind": Kind.CONCLUSION,
            "number": None,
            "serial": "49",
            "issued_on": dt.date(2019, 5, 10),
            "issuer": "Ban Bí thư",
        },
    ),
    # the term of congress belongs to the mention
    (
        "Chỉ thị số 11 của Bộ Chính trị (khóa X) về khuyến học",
        {"text": "Chỉ thị số 11 của Bộ Chính trị (khóa X)", "serial": "11", "issuer": "Bộ Chính trị"},
    ),
    # laws by name and day, by year, by name alone, by number
    (
        "Căn cứ Luật Ban hành văn bản quy phạm pháp luật ngày 22 tháng 6 năm 2015;",
        {
            "kind": Kind.LAW,
            "number": None,
            "title": "Ban hành văn bản quy phạm pháp luật",
            "issued_on": dt.date(2015, 6, 22),
        },
    ),
    ("Căn cứ Bộ luật Lao động năm 2019;", {"kind": Kind.CODE, "title": "Lao động", "year": 2019}),
    (
        "theo Luật Thi đua, khen thưởng và các nghị định",
        {"text": "Luật Thi đua, khen thưởng", "title": "Thi đua, khen thưởng"},
    ),
    ("khoản 1 Luật Khoa học, Công nghệ và Đổi mới sáng tạo", {"title": "Khoa học, Công nghệ và Đổi mới sáng tạo"}),
    ("theo Luật Đất đai, Luật Nhà ở và Luật Xây dựng", {"title": "Đất đai"}),
    ("theo quy định của Luật Đất đai hiện hành", {"text": "Luật Đất đai"}),
    (
        "Căn cứ Luật Ngân hàng Nhà nước Việt Nam số 46/2010/QH12;",
        {"kind": Kind.LAW, "number": "46/2010/QH12", "title": "Ngân hàng Nhà nước Việt Nam"},
    ),
    # the day stands at the head of the sentence
    (
        "Ngày 18/02/2025, Ủy ban nhân dân tỉnh đã có Công văn số 574/UBND-VX về gia hạn",
        {"number": "574/UBND-VX", "issued_on": dt.date(2025, 2, 18)},
    ),
    # bodies with «và», «đồng», «thông» in their names
    (
        "Thông tư số 12/2012/TT-BGTVT ngày 01/02/2012 của Bộ trưởng Bộ Giao thông vận tải quy định về xe",
        {"issuer": "Bộ trưởng Bộ Giao thông vận tải", "title": "quy định về xe"},
    ),
    (
        "Thông tư số 12/2012/TT-BVHTTDL của Bộ Văn hóa, Thể thao và Du lịch hướng dẫn việc này",
        {"issuer": "Bộ Văn hóa, Thể thao và Du lịch"},
    ),
    ("Nghị quyết số 12/NQ-HĐND của Hội đồng nhân dân tỉnh, Sở Nội vụ báo cáo", {"issuer": "Hội đồng nhân dân tỉnh"}),
    # places inside the target
    ("tại mục II.3 của Kế hoạch số 05-KH/HU", {"number": "05-KH/HU", "place": "ii.3"}),
    ("điểm a khoản 2 Điều 5 Nghị định số 30/2020/NĐ-CP", {"place": "d5.k2.a"}),
    ("khoản 1 và khoản 2 Điều 7 của Nghị định số 30/2020/NĐ-CP", {"place": "d7"}),
    ("Phụ lục II ban hành kèm theo Nghị định số 30/2020/NĐ-CP", {"place": "pl2"}),
    ("Chương III Nghị định số 30/2020/NĐ-CP", {"place": "ch3"}),
    ("Điều 4 Luật Lưu trữ", {"place": "d4", "kind": Kind.LAW}),
    # the text was mended by the reader: the last unit is parted by OCR
    ("Công văn số 3917/BTP-BT TP ngày 01/7/2025", {"number": "3917/BTP-BTTP", "issued_on": dt.date(2025, 7, 1)}),
]


@pytest.mark.parametrize(("text", "fields"), FIELDS, ids=[text[:40] for text, _ in FIELDS])
def test_a_mention_says_what_is_printed(text: str, fields: dict[str, object]) -> None:
    found = read(text)
    if fields == {"issued_on": None, "number": None}:  # «05/NQLT» has no body: not a number, and not a serial
        assert found == ()
        return
    assert {name: getattr(found[0], name) for name in fields} == fields


NUMBERS = [
    # serials that share a tail
    ("Chỉ thị 11, 26-CT/TU", ["11-CT/TU", "26-CT/TU"]),
    ("các Quyết định số 12, 15 và 18/QĐ-UBND", ["12/QĐ-UBND", "15/QĐ-UBND", "18/QĐ-UBND"]),
    # the type is printed once
    ("Luật số 63/2025/QH15, số 72/2025/QH15 và 58/2024/QH15", ["63/2025/QH15", "72/2025/QH15", "58/2024/QH15"]),
    # short forms take the number of the full form
    (
        "Chỉ thị số 19-CT/TU ngày 24/8/2016 của Tỉnh ủy. Theo Chỉ thị 19, Chỉ thị số 19 của Tỉnh ủy và CT 19;",
        ["19-CT/TU"] * 4,
    ),
    ("Quyết định số 89/QĐ-TTg. Tiếp tục thực hiện QĐ 89.", ["89/QĐ-TTg"] * 2),
    # the short form names another issuer
    ("Chỉ thị số 19-CT/TW. Chỉ thị số 19 của Tỉnh ủy nêu rõ", ["19-CT/TW", None]),
    # two documents carry the serial: neither is chosen
    (
        "Quyết định số 12/QĐ-UBND; Quyết định số 12/QĐ-TTg; Quyết định số 12 nêu trên.",
        ["12/QĐ-UBND", "12/QĐ-TTg", None],
    ),
    # a nickname: the decision that approves the scheme
    ('Quyết định số 89/QĐ-TTg phê duyệt Đề án "Học tập". Việc thực hiện Đề án 89 còn chậm', ["89/QĐ-TTg"] * 2),
    # a nickname of nothing known; a period; items of a list
    ("Đề án 06 và Chương trình 135; Kế hoạch 5 năm; Phương án 1", []),
    # the number of the next item
    ("Điều 65. Trách nhiệm thi hành Nghị định\n1. Bộ Nội vụ chủ trì", []),
    # a law named before by its number
    ("Luật Lưu trữ số 33/2024/QH15; theo Điều 4 Luật Lưu trữ", ["33/2024/QH15"] * 2),
    # «nêu trên» is the last of its type
    ("Kế hoạch số 5-KH/TU; Chỉ thị số 7-CT/TU. Kế hoạch nêu trên", ["5-KH/TU", "7-CT/TU", "5-KH/TU"]),
    ("Kế hoạch số 5-KH/TU trên địa bàn; kế hoạch trên địa bàn xã", ["5-KH/TU"]),
    # the document itself: only with a place
    ("Kế hoạch này gồm 3 phần; theo mục II Kế hoạch này", ["07-KH/HU"]),
    # another type «này» is not this document
    ("theo Điều 3 Quy chế này", []),
    # no documents
    ("TCVN 5712:1993, QCVN 102:2016/BTTTT, giai đoạn 2021-2025, 24/7, 3/2, 1.200.000 đồng/người, 0243.825.1234", []),
    ("pháp luật, kỷ luật, Trường Đại học Luật Hà Nội, Luật sư Nguyễn Văn A", []),
    ("Hợp đồng số 5 và Dự án số 3, Biên bản số 2", []),
    ("Số: /KH-UBND", []),
    # a page header repeats the letterhead
    ("đoạn một\n07-KH/HU\nđoạn hai\nSố: 12/QĐ-UBND\n", []),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS, ids=[text[:40] for text, _ in NUMBERS])
def test_numbers_in_order(text: str, expected: list[str | None]) -> None:
    assert [c.number for c in read(text)] == expected


ROLES = [
    (DECISION, "Căn cứ Luật Lưu trữ số 33/2024/QH15;", [Role.BASIS]),
    (PLAN, "- Căn cứ Chỉ thị số 19-CT/TU ngày 1/2/2016 của Tỉnh ủy về A;", [Role.BASIS]),
    (DECISION, "Xét đề nghị của Sở Nội vụ tại Tờ trình số 12/TTr-SNV;", [Role.BASIS]),
    # the amending law is only mentioned
    (
        DECISION,
        "Căn cứ Luật A số 1/2020/QH14 được sửa đổi, bổ sung bởi Luật số 2/2025/QH15;",
        [Role.BASIS, Role.MENTIONS],
    ),
    (
        PLAN,
        "Thực hiện Chỉ thị số 19-CT/TU về A; Quyết định số 89/QĐ-TTg về B, huyện ủy xây dựng kế hoạch",
        [Role.IMPLEMENTS] * 2,
    ),
    # a law inside the subject of the decree has no verb of its own
    (
        DECISION,
        "Căn cứ Nghị định số 155/2020/NĐ-CP của Chính phủ quy định chi tiết một số điều của Luật Lưu trữ;",
        [Role.BASIS, Role.MENTIONS],
    ),
    (
        DECISION,
        "Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam đã được sửa đổi theo Nghị quyết số 203/2025/QH15;",
        [Role.BASIS, Role.MENTIONS],
    ),
    # a document inside the subject of another
    (PLAN, "Thực hiện Kế hoạch số 5/KH-UBND về triển khai Nghị quyết số 8-NQ/TW", [Role.IMPLEMENTS, Role.MENTIONS]),
    (PLAN, "theo quy định tại Nghị định số 30/2020/NĐ-CP", [Role.BASIS]),
    (PLAN, "x.\n\n" + "Mở đầu. " * 500 + "Việc này theo quy định tại Nghị định số 30/2020/NĐ-CP", [Role.MENTIONS]),
    # a rule that is referred to is not carried out
    (
        PLAN,
        "x.\n\n" + "Mở đầu. " * 500 + "Các xã thực hiện nhiệm vụ theo quy định tại Điều 4 Luật Lưu trữ",
        [Role.MENTIONS],
    ),
    (
        PLAN,
        "x.\n\n" + "Mở đầu. " * 500 + "1. Tổ chức lễ kết nạp: thực hiện điểm 3.8 Hướng dẫn số 06-HD/TW.",
        [Role.MENTIONS],
    ),
    (PLAN, "x.\n\n" + "Mở đầu. " * 500 + "\n- Thực hiện Hướng dẫn số 06-HD/TW về A.", [Role.IMPLEMENTS]),
    # effects of this document
    (
        DECISION,
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký và thay thế Quyết định số 12/QĐ-UBND.",
        [Role.REPLACES],
    ),
    (DECISION, "Quyết định này thay thế Quyết định số 12/QĐ-UBND và Quyết định số 13/QĐ-UBND.", [Role.REPLACES] * 2),
    (
        CIRCULAR,
        "2. Thông tư này thay thế:\na) Thông tư số 1/2010/TT-BNV về A;\nb) Thông tư số 2/2011/TT-BNV về B.",
        [Role.REPLACES] * 2,
    ),
    (
        CIRCULAR,
        "Thông tư số 1/2010/TT-BNV về A hết hiệu lực kể từ ngày Thông tư này có hiệu lực thi hành.",
        [Role.REPEALS],
    ),
    # lines of a PDF break inside the words that matter
    (DECISION, "Quyết định này có hiệu lực kể từ ngày ký và thay\nthế Quyết định số 12/QĐ-UBND.", [Role.REPLACES]),
    (PLAN, "Thực\nhiện Kế hoạch số 5/KH-UBND về A", [Role.IMPLEMENTS]),
    (CIRCULAR, "2. Bãi bỏ Thông tư số 1/2010/TT-BNV.", [Role.REPEALS]),
    (CIRCULAR, "Điều 1. Sửa đổi, bổ sung một số điều của Thông tư số 1/2010/TT-BNV", [Role.AMENDS]),
    (CIRCULAR, "Điều 9. Thay thế một số phụ lục ban hành kèm theo Thông tư số 1/2010/TT-BNV", [Role.AMENDS]),
    (LETTER, "đính chính Công văn số 12/SNV-VP ngày 1/2/2020 như sau", [Role.CORRECTS]),
    # a plan that gives the new words amends; one that only orders a change speaks of it
    (PLAN, "1. Sửa đổi, bổ sung mục II.1 Kế hoạch số 02-KH/HU ngày 1/3/2015 như sau: “1. Mỗi xã”", [Role.AMENDS]),
    (PLAN, "2. Sửa đổi, bổ sung Kế hoạch số 02-KH/HU ngày 1/3/2015 về thư viện.", [Role.MENTIONS]),
    (PLAN, "Phòng Nội vụ sửa đổi, bổ sung Kế hoạch số 02/KH-PNV như sau: thêm người", [Role.MENTIONS]),
    (
        Heading(kind=Kind.PLAN, number="07-KH/HU", issuer="Huyện ủy Yên Hà"),
        "Ban Thường vụ Huyện ủy sửa đổi, bổ sung Kế hoạch số 02-KH/HU ngày 1/3/2015 như sau:",
        [Role.AMENDS],
    ),
    # effects of others, wishes, people
    (DECISION, "Quyết định số 14/QĐ-UBND thay thế Quyết định số 12/QĐ-UBND.", [Role.MENTIONS] * 2),
    (DECISION, "Cử bà B thay thế ông A theo Quyết định số 12/QĐ-UBND", [Role.MENTIONS]),
    (REPORT, "đã ban hành Quyết định thay thế Quyết định số 12/QĐ-UBND", [Role.MENTIONS]),
    (DECISION, "giao Sở Nội vụ xây dựng dự thảo thay thế Quyết định số 12/QĐ-UBND", [Role.MENTIONS]),
    (REPORT, "Quyết định số 12/QĐ-UBND hết hiệu lực từ ngày 1/1/2020", [Role.MENTIONS]),
    (CIRCULAR, "Thông tư số 1/2010/TT-BNV đã hết hiệu lực", [Role.MENTIONS]),
    (CIRCULAR, "Quyết định số 12/QĐ-UBND đã được thay thế bởi Quyết định số 13/QĐ-UBND", [Role.MENTIONS] * 2),
    (LETTER, "Phúc đáp Công văn số 12/SNV-VP ngày 1/2/2020 của Sở Nội vụ, Sở Y tế có ý kiến như sau", [Role.ANSWERS]),
    (
        LETTER,
        "Sở nhận được Công văn số 12/SNV-VP. Sau khi xem xét Công văn số 13/SNV-VP, Sở có ý kiến như sau",
        [Role.MENTIONS, Role.ANSWERS],
    ),
    (REPORT, "Thực hiện Công văn số 12/SNV-VP về việc báo cáo, UBND huyện báo cáo kết quả như sau:", [Role.REPORTS]),
    (CIRCULAR, "Thông tư này hướng dẫn thực hiện Nghị định số 30/2020/NĐ-CP", [Role.GUIDES]),
    (DECISION, "QUY CHẾ\n(Ban hành kèm theo Quyết định số 31/QĐ-UBND)", [Role.APPROVES]),
]


@pytest.mark.parametrize(("heading", "text", "expected"), ROLES, ids=[text[:50] for _, text, _ in ROLES])
def test_roles_follow_the_words(heading: Heading, text: str, expected: list[Role]) -> None:
    assert [c.role for c in read(text, heading)] == expected


TITLES = [
    ("Về thực hiện Chỉ thị số 19-CT/TU", Kind.PLAN, Role.IMPLEMENTS),
    ("Kết quả thực hiện Chỉ thị số 19-CT/TU", Kind.REPORT, Role.REPORTS),
    ("về tiếp tục thực hiện Chỉ thị số 11-CT/TW", Kind.CONCLUSION, Role.CONTINUES),
    ("Hướng dẫn thực hiện Quy định số 66-QĐ/TW", Kind.GUIDANCE, Role.GUIDES),
    ("Sửa đổi, bổ sung một số điều của Quyết định số 12/QĐ-UBND", Kind.DECISION, Role.AMENDS),
    ("Bãi bỏ Quyết định số 12/QĐ-UBND", Kind.DECISION, Role.REPEALS),
    ("V/v trả lời Công văn số 12/SNV-VP", Kind.OFFICIAL_LETTER, Role.ANSWERS),
    ("V/v đôn đốc thực hiện Kế hoạch số 12/KH-UBND", Kind.OFFICIAL_LETTER, Role.REMINDS),
    # a proposal asks for the effect, it has none
    ("Về việc thay thế Quyết định số 12/QĐ-UBND", Kind.PROPOSAL, Role.MENTIONS),
]


@pytest.mark.parametrize(("title", "kind", "role"), TITLES, ids=[title for title, _, _ in TITLES])
def test_the_title_cites_too(title: str, kind: Kind, role: Role) -> None:
    text, heading = titled(title, "Nội dung.", kind)
    assert [c.role for c in citations.extract(text, heading, ())] == [role]


def test_an_issuer_in_the_title_ends_with_it() -> None:
    title = "Kết quả thực hiện Kế hoạch số 05-KH/HU của Ban Thường vụ Huyện ủy"
    text, heading = titled(title, "Thực hiện Kế hoạch số 05-KH/HU, Hội báo cáo như sau.", Kind.REPORT)
    assert citations.extract(text, heading, ())[0].issuer == "Ban Thường vụ Huyện ủy"


def test_letterhead_and_closing_block_cite_nothing() -> None:
    head, body, close = (
        "Số: 12/QĐ-UBND\n",
        "Thực hiện Kế hoạch số 5/KH-UBND.\n",
        "Nơi nhận:\n- Theo Kế hoạch số 9/KH-UBND\n",
    )
    text = head + body + close + "PHỤ LỤC\nKế hoạch số 6/KH-UBND"
    heading = Heading(kind=Kind.DECISION, number="12/QĐ-UBND", end=len(head), close=len(head + body))
    assert [c.number for c in citations.extract(text, heading, ())] == ["5/KH-UBND", "6/KH-UBND"]


def test_a_second_document_in_the_file_is_not_read_as_ours() -> None:
    body = "Kính trình Kế hoạch số 5/KH-UBND.\nNơi nhận: VP\n"
    text = body + "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nBÁO CÁO\nKế hoạch số 6/KH-UBND"
    heading = Heading(kind=Kind.PROPOSAL, close=body.index("Nơi nhận"))
    assert [c.number for c in citations.extract(text, heading, ())] == ["5/KH-UBND"]


def test_the_innermost_section_is_named() -> None:
    text = "I. A\n1. Theo Kế hoạch số 5/KH-UBND\n2. B\nKế hoạch số 6/KH-UBND\nKế hoạch số 7/KH-UBND"
    at = text.index
    parts = (
        Section("i", "I", Level.ROMAN, "A", Span(0, at("\nKế hoạch số 7"))),
        Section("i.1", "1", Level.CLAUSE, "", Span(at("1. "), at("2. ")), "i"),
        Section("i.2", "2", Level.CLAUSE, "B", Span(at("2. "), at("Kế hoạch số 6")), "i"),
    )
    found = citations.extract(text, PLAN, parts)
    assert [c.section for c in found] == ["i.1", "i", None]


def _symbols() -> list[dict[str, object]]:
    return json.loads(SYMBOLS.read_text(encoding="utf-8"))["cases"] if SYMBOLS.exists() else []


@pytest.mark.skipif(not SYMBOLS.exists(), reason="the symbols of the domain are not at hand")
@pytest.mark.parametrize("case", _symbols(), ids=lambda case: str(case["text"])[:40])
def test_the_symbols_of_the_domain_are_cited(case: dict[str, dict[str, str]]) -> None:
    """In running text; a type before the number where the case has none, as letterheads are not cited."""
    text, expected = str(case["text"]), case["expect"]
    bare = text.lstrip().lower().startswith("số") or text[:1].isdigit()
    found = read(f"theo văn bản {text[0].lower()}{text[1:]}" if bare else f"theo {text}", Heading())
    if expected.get("num") is None:
        assert found == ()
        return
    (got,) = found
    serial = got.serial or (got.number or "")
    assert serial.startswith(expected["num"])
    assert expected.get("date") is None or str(got.issued_on) == expected["date"]
    assert expected.get("issuer") is None or got.issuer == expected["issuer"]


PIECES = st.lists(
    st.sampled_from(
        [
            "Chỉ thị số 19-CT/TU ",
            "Luật Đất đai ",
            "thay thế ",
            "Quyết định này ",
            "Điều 3 ",
            "Chỉ thị 19",
            "khoản 2, ",
            "và ",
            "; ",
            ". ",
            "\n",
            "của Bộ Chính trị ",
            "ngày 1/2/2020 ",
            "Kế hoạch số 5 ",
            "12, 15 và 18/QĐ-UBND ",
            "nêu trên ",
            "(khóa X) ",
            "hết hiệu lực từ ngày ",
            "“",
            "”",
            "a) ",
            ":\n",
            "Phụ lục I ",
            "\u00a0",
            "İ",
        ]
    ),
    max_size=40,
).map("".join)


@given(PIECES | st.text(max_size=200))
def test_spans_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    found = citations.extract(text, PLAN, ())
    end = 0
    for citation in found:
        assert end <= citation.span.start < citation.span.end <= len(text)
        assert citation.text == citation.span.of(text) == unicodedata.normalize("NFC", citation.text)
        end = citation.span.end
    assert citations.extract(text, PLAN, ()) == found


@pytest.mark.parametrize(
    "unit",
    [
        "Quyết định số ",
        "Điều 1, khoản 2, ",
        "Luật A",
        "thay thế Quyết định số 1/QĐ-UBND, ",
        "1, 2, ",
        "của Ban ",
        "a)\n",
        "(",
        "ngày 1/",
        "Luật Đất đai, ",
        "số 1/QĐ-",
        "điểm a, b và ",
        " ",
        "\n",
        "- Kế hoạch số 1/KH-UBND:\n",
    ],
)
def test_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = (unit * (120_000 // len(unit) + 1))[:120_000]
    began = time.process_time()
    citations.extract(text, PLAN, ())
    assert time.process_time() - began < 8


def test_word_lists_hold_small_letters() -> None:
    for table in ("body", "law"):
        for entry in ("stops", "pairs", "kinds"):
            words = lexicon.citation_words(table, entry)
            assert words and all(word == word.lower() for word in words)
