"""Several documents in one file are told apart; what one document issues stays with it."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from corpus import papers
from corpus.analyse import analyse
from corpus.model import Analysis, Body, Kind, Level, Role

LETTER = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHÒNG NỘI VỤ\tĐộc lập - Tự do - Hạnh phúc
Số: 41/PNV-VTLT\tYên Hà, ngày 12 tháng 3 năm 2018
V/v chỉnh lý tài liệu tồn đọng

Kính gửi: Ủy ban nhân dân các xã, thị trấn

Thực hiện Kế hoạch số 05/KH-UBND ngày 10/01/2018 của Ủy ban nhân dân huyện Yên Hà, Phòng Nội vụ đề nghị:

1. Ủy ban nhân dân các xã, thị trấn chỉnh lý tài liệu trước ngày 30/6/2018.

Nơi nhận:\tTRƯỞNG PHÒNG
- Như trên;
- Lưu: VT.
\tĐỗ Thị Hạnh
"""

NOTICE = """HUYỆN ỦY YÊN HÀ\tĐẢNG CỘNG SẢN VIỆT NAM
*\tYên Hà, ngày 15 tháng 3 năm 2018
Số 118-TB/HU

THÔNG BÁO
kết luận của Thường trực Huyện ủy về công tác lưu trữ

Thường trực Huyện ủy thống nhất với nội dung Công văn số 41/PNV-VTLT ngày 12/3/2018 của Phòng Nội vụ và kết luận:

I. Đánh giá chung

1. Tài liệu tồn đọng còn nhiều. Thông báo này gửi các chi bộ.

II. Nhiệm vụ

1. Giao Phòng Nội vụ chủ trì, phối hợp với Văn phòng Huyện ủy kiểm tra, báo cáo trước ngày 15/7/2018.

Nơi nhận:\tT/L BAN THƯỜNG VỤ
- Các chi bộ,\tCHÁNH VĂN PHÒNG
- Lưu VPHU.
\tLê Văn Sơn
"""

PLAIN_BODIES = """UBND HUYỆN YÊN HÀ
PHÒNG VĂN HÓA VÀ THÔNG TIN
Số: 77/BC-VHTT
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Yên Hà, ngày 20 tháng 3 năm 2018
BÁO CÁO
Kết quả kiểm kê di tích năm 2017
I. Kết quả
1. Đã kiểm kê 14 di tích.
Nơi nhận:
- UBND huyện;
- Lưu: VT.
TRƯỞNG PHÒNG
Ngô Văn Tài
"""

DECISION = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN YÊN HÀ\tĐộc lập - Tự do - Hạnh phúc
Số: 240/QĐ-UBND\tYên Hà, ngày 02 tháng 4 năm 2018

QUYẾT ĐỊNH
Về việc ban hành Kế hoạch phát triển văn hóa đọc

Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;

QUYẾT ĐỊNH:

Điều 1. Ban hành kèm theo Quyết định này Kế hoạch phát triển văn hóa đọc.
Điều 2. Chánh Văn phòng chịu trách nhiệm thi hành Quyết định này.

Nơi nhận:\tTM. ỦY BAN NHÂN DÂN
- Như Điều 2;\tCHỦ TỊCH
- Lưu: VT.
\tTrần Quang Minh
"""

ISSUED_PLAN = """
ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN YÊN HÀ\tĐộc lập - Tự do - Hạnh phúc
Số: 12/KH-UBND\tYên Hà, ngày 02 tháng 4 năm 2018

KẾ HOẠCH
Phát triển văn hóa đọc
(Kèm theo Quyết định số 240/QĐ-UBND ngày 02/4/2018 của Ủy ban nhân dân huyện Yên Hà)

I. Mục đích
1. Nâng cao dân trí.
"""

FORM = """
PHỤ LỤC II
ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ …………\tĐộc lập - Tự do - Hạnh phúc
Số: 01/BC-UBND\t………, ngày 05 tháng 4 năm 2018

BÁO CÁO
Kết quả thực hiện
"""

COPY = """
ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ AN BÌNH\tĐộc lập - Tự do - Hạnh phúc
Số: 15/SY-UBND\tAn Bình, ngày 06 tháng 4 năm 2018

SAO Y BẢN CHÍNH
Nơi nhận:
- Lưu: VT.
CHỦ TỊCH
Vũ Văn Bền
"""


def read(text: str) -> Analysis:
    return analyse(Body(text, media_type="text/plain", source="text"))


def numbers(text: str) -> list[str | None]:
    first, further = papers.read(text)
    return [first.number, *(paper.heading.number for paper in further)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LETTER, ["41/PNV-VTLT"]),
        (LETTER + "\n" + NOTICE, ["41/PNV-VTLT", "118-TB/HU"]),
        (LETTER + NOTICE, ["41/PNV-VTLT", "118-TB/HU"]),  # the page ends and nothing parts them
        (NOTICE + "\f" + LETTER, ["118-TB/HU", "41/PNV-VTLT"]),
        (LETTER + NOTICE + PLAIN_BODIES, ["41/PNV-VTLT", "118-TB/HU", "77/BC-VHTT"]),
        (PLAIN_BODIES + LETTER, ["77/BC-VHTT", "41/PNV-VTLT"]),
        (DECISION + NOTICE, ["240/QĐ-UBND", "118-TB/HU"]),
        # One document each: what it issues, its forms, a copy's stamp, a draft, itself again.
        (DECISION + ISSUED_PLAN, ["240/QĐ-UBND"]),
        (DECISION + FORM, ["240/QĐ-UBND"]),
        (DECISION + COPY, ["240/QĐ-UBND"]),
        (LETTER + NOTICE.replace("Số 118-TB/HU", "Số      -TB/HU"), ["41/PNV-VTLT"]),
        (LETTER + NOTICE.replace("ngày 15 tháng 3", "ngày     tháng 3"), ["41/PNV-VTLT"]),
        (LETTER + LETTER, ["41/PNV-VTLT"]),
    ],
)
def test_a_file_is_parted_where_another_document_begins(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


def test_nothing_is_parted_before_the_first_document_is_signed() -> None:
    unsigned = LETTER[: LETTER.index("Nơi nhận")]
    assert numbers(unsigned + NOTICE) == ["41/PNV-VTLT"]


def test_the_letterhead_of_the_second_begins_with_its_bodies() -> None:
    text = LETTER + PLAIN_BODIES
    _, (second,) = papers.read(text)
    assert second.span.of(text).startswith("UBND HUYỆN YÊN HÀ\nPHÒNG VĂN HÓA")
    assert second.heading.issuer == "Phòng Văn hóa và Thông tin huyện Yên Hà"
    assert second.heading.issued_on == dt.date(2018, 3, 20)
    assert second.heading.signer == "Ngô Văn Tài"


def test_each_document_is_read_as_if_it_stood_alone() -> None:
    text = LETTER + NOTICE
    both, alone, other = read(text), read(LETTER), read(NOTICE)
    at = len(LETTER)
    assert both.heading == alone.heading
    assert [s.id for s in both.sections] == [
        *(s.id for s in alone.sections), "vb2", *(f"vb2.{s.id}" for s in other.sections)
    ]  # fmt: skip
    (paper,) = both.papers
    assert paper.heading.kind is Kind.NOTICE
    assert paper.heading.title == other.heading.title
    for field, evidence in paper.heading.evidence.items():
        alone_at = other.heading.evidence[field].span
        assert alone_at is None or evidence.span is not None
        assert alone_at is None or evidence.span.of(text) == alone_at.of(NOTICE)
    cited = [(c.number, c.role, c.section) for c in both.citations]
    assert cited == [
        *((c.number, c.role, c.section) for c in alone.citations),
        *((c.number, c.role, f"vb2.{c.section}" if c.section else "vb2") for c in other.citations),
    ]
    assert ("41/PNV-VTLT", Role.MENTIONS, "vb2") in cited
    assert [t.section for t in both.tasks] == [
        *(t.section for t in alone.tasks), *(f"vb2.{t.section}" for t in other.tasks)
    ]  # fmt: skip
    assert [t.lead for t in both.tasks][-1] == ("Phòng Nội vụ",)
    for value in (*both.sections, *both.citations, *both.tasks):
        assert 0 <= value.span.start < value.span.end <= len(text)
    assert all(c.span.of(text) == c.text for c in both.citations)
    assert all(s.parent for s in both.sections if s.span.start >= at and s.level is not Level.PAPER)


def test_a_person_is_told_what_else_the_file_holds() -> None:
    found = {f.code: f.detail for f in read(LETTER + NOTICE).findings}
    assert found["several-papers"] == "tệp còn chứa văn bản khác: 118-TB/HU"
    assert "several-papers" not in {f.code for f in read(DECISION + ISSUED_PLAN).findings}


def test_a_mark_of_secrecy_on_any_document_of_the_file_is_found() -> None:
    secret = NOTICE.replace("Số 118-TB/HU\n", "Số 118-TB/HU\nMẬT\n")
    assert "secret-mark" in {f.code for f in read(LETTER + secret).findings}


@pytest.mark.parametrize("unit", [NOTICE, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 5/KH-UBND\n", NOTICE[:160]])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = LETTER + unit * (size // len(unit))
        start = time.process_time()
        papers.read(text)
        return time.process_time() - start

    seconds(20_000)
    small, large = seconds(150_000), seconds(600_000)
    assert large < 10 * max(small, 0.05)
