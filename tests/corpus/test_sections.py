"""Sections: which labels are believed, how they nest, what they are called; on texts written for these tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import heading, labels, sections
from corpus.model import Heading, Level

DATA = Path(__file__).parents[3] / "shared/data"


def read(text, close=None, end=0):
    at = text.index(close) if close else None
    return sections.extract(text, Heading(end=end, close=at))


def ids(text, close=None):
    return [section.id for section in read(text, close)]


PLAN = """Ủy ban nhân dân xã xây dựng kế hoạch như sau:
I. MỤC ĐÍCH, YÊU CẦU
- Nâng cao nhận thức của cán bộ.
II. NHIỆM VỤ VÀ GIẢI PHÁP
1. Tuyên truyền
a) Trên đài truyền thanh;
b) Trên trang thông tin điện tử.
2. Kinh phí
2.1. Nguồn ngân sách xã
2.2. Nguồn xã hội hóa
III. TỔ CHỨC THỰC HIỆN
1. Văn phòng theo dõi, đôn đốc. Báo cáo hằng quý.
2. Các thôn triển khai.
Nơi nhận:
- Đảng ủy xã;
1. Lưu VT
PHỤ LỤC I
DANH MỤC CÔNG VIỆC
(Kèm theo Kế hoạch số 5/KH-UBND)
TT\tNội dung\tCơ quan chủ trì\tThời gian
I\tNhóm việc chung\t\t
1\tRà soát danh sách\tVăn phòng\tTháng 3
2\tLập dự toán\tKế toán\tTháng 4
"""

LAW = """Căn cứ Luật Tổ chức chính quyền địa phương;
Chương I
NHỮNG QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Quy định này quy định về thư viện.
Điều 2. Giải thích từ ngữ
1. Thư viện là nơi giữ sách.
2. Bạn đọc là người mượn sách theo
Điều 5 Luật Thư viện.
Chương II
TỔ CHỨC
Mục 1
THƯ VIỆN XÃ
Điều 3. Nhiệm vụ
1. Thư viện xã có nhiệm vụ:
a) Mua sách;
b) Cho mượn sách;
c) Giữ sách;
d) Kiểm kê;
đ) Báo cáo.
Mục 2
THƯ VIỆN THÔN
Điều 4. Nhiệm vụ
"""


CASES = [
    # The house style of the Party: a dash after the numeral, with and without a space.
    ("I- QUY ĐỊNH CHUNG\n1- Văn bản đến.\n2- Văn bản đi.\nII-TỔ CHỨC", ["i", "i.1", "i.2", "ii"]),
    # Slashes; letters with a full stop.
    (
        "I/ Tình hình\n1/ Kết quả\na. Thu\nb. Chi\n2/ Tồn tại\nII/ Kiến nghị",
        ["i", "i.1", "i.1.a", "i.1.b", "i.2", "ii"],
    ),
    # Parts in words and chapters in capitals; the same numeral again under another part.
    ("Phần thứ nhất\nKẾT QUẢ\nI. Thu\nPhần thứ hai\nNHIỆM VỤ\nI. Chi", ["p1", "p1.i", "p2", "p2.i"]),
    # A, B above I, II; and A, B inside III.
    ("A. KẾT QUẢ\nI. Thu\nII. Chi\nB. KẾ HOẠCH\nI. Thu", ["ma", "ma.i", "ma.ii", "mb", "mb.i"]),
    ("I. Một\nII. Hai\nA. KẾT QUẢ\nB. HẠN CHẾ\nIII. Ba", ["i", "ii", "ii.ma", "ii.mb", "iii"]),
    # A decision that prints a whole scheme inside its first article.
    ("Điều 1. Phê duyệt Đề án:\nI. MỤC TIÊU\nII. KINH PHÍ\nĐiều 2. Hiệu lực", ["d1", "d1.i", "d1.ii", "d2"]),
    # OCR: small L for one, no space or a space before the stop, a stroke for I.
    ("l. Giao Sở Y tế.\n2 . Giao Sở Nội vụ.\n3.Giao Sở Tài chính.", ["1", "2", "3"]),
    ("Điều1. Thành lập Tổ\nĐiều 2: Nhiệm vụ\nĐIỀU 3 - Hiệu lực", ["d1", "d2", "d3"]),
    ("I. Một\nlI. Hai\nIll. Ba", ["i", "ii", "iii"]),
    # Articles glued behind a sentence.
    ("QUYẾT ĐỊNH: Điều 1. Thành lập Tổ công tác. Điều 2. Tổ có nhiệm vụ.", ["d1", "d2"]),
    # Articles put in between; footnotes of consolidated texts.
    ("Điều 1. A\nĐiều 1a. B\nĐiều 2[3]. C", ["d1", "d1a", "d2"]),
    # Labels of several numbers, repeated numerals before them, a heading that was not read.
    ("I. Một\nII. Hai\nII.1. Một\nII.1.1. Nhỏ\nII.2. Hai", ["i", "ii", "ii.1", "ii.1.1", "ii.2"]),
    ("I. Một\n1. Đầu\n1.1. Con\n1.1.1. Cháu\n1.2. Con", ["i", "i.1", "i.1.1", "i.1.1.1", "i.1.2"]),
    ("I. Một\nIII. Ba\nIV. Bốn", ["i", "iii", "iv"]),
    # Items in brackets.
    ("1. Gồm:\n(1) Tổ trưởng;\n(2) Tổ viên.\n2. Họp:", ["1", "1.n1", "1.n2", "2"]),
    # A list without đ.
    ("1. Gồm:\na) A;\nb) B;\nc) C;\nd) D;\ne) E;\ng) G.", ["1", "1.a", "1.b", "1.c", "1.d", "1.e", "1.g"]),
    # Numbering that starts again under one parent.
    ("I. Một\n1. A\n2. B\n1. C\n2. D", ["i", "i.1", "i.2", "i.1~2", "i.2~2"]),
    # i) is a letter after h), a numeral where a list begins with it.
    ("1. A\ne) A\ng) B\nh) C\ni) D\nk) E", ["1"]),
    ("1. Gồm:\ni) A\nii) B\niii) C", ["1", "1.i", "1.ii", "1.iii"]),
    # A point on the line of its clause; a lead-in lost before it.
    ("1. a) Thu;\nb) Chi.\n2. Nộp.", ["1", "1.a", "1.b", "2"]),
    # The closing mark of a quotation is missing: the amending text goes on at its own next label.
    ("1. Sửa đổi Điều 7:\n“Điều 7. A\n1. B\n2. C\n2. Bãi bỏ Điều 8.\n3. Bãi bỏ Điều 9.", ["1", "2", "3"]),
    # Not labels: dates, symbols, amounts, hours, sentences that begin with an article or part.
    ("Ngày\n24/8/2016 họp\n19-CT/TU ngày 5\n1.000 đồng\n2.5 triệu\n12 - 15 giờ", []),
    ("Theo quy định tại\nĐiều 5 Luật Thư viện\nPhần thứ nhất bao gồm từ khác\nMục 3 Điều này", []),
    ("V/v họp\nX-quang\nC. Mác và Ph. Ăngghen\nv.v.\np. Bến Nghé", []),
    # A table of figures has no rows to address; a table of contents has no sections.
    ("STT\tXã\tSố dân\n1\tXã A\t900\n2\tXã B\t800\n1. Xã\tx\ty", []),
    ("I. MỞ ĐẦU........ 3\nII. KẾT LUẬN\t15\n", []),
    # The new wording in an amending document, with either kind of marks.
    ("Điều 1. Sửa đổi:\n“Điều 7. Mới\n1. Một\n2. Hai.”.\nĐiều 2. Hiệu lực", ["d1", "d2"]),
    ('1. Sửa đổi như sau: "3. Cũ\n4. Mới."\n2. Bãi bỏ Điều 4.', ["1", "2"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_labels_that_stand_in_a_sequence_are_sections(text, expected):
    assert ids(text) == expected


def test_a_plan_its_closing_block_and_its_annex():
    assert ids(PLAN, "Nơi nhận") == [
        "i", "ii", "ii.1", "ii.1.a", "ii.1.b", "ii.2", "ii.2.1", "ii.2.2", "iii", "iii.1", "iii.2",
        "pl1", "pl1.ri", "pl1.ri.r1", "pl1.ri.r2",
    ]  # fmt: skip


def test_levels_labels_and_titles():
    found = {s.id: (s.level, s.label, s.title) for s in read(PLAN, "Nơi nhận")}
    assert found["ii"] == (Level.ROMAN, "II", "NHIỆM VỤ VÀ GIẢI PHÁP")
    assert found["iii.1"] == (Level.CLAUSE, "1", "Văn phòng theo dõi, đôn đốc")  # the first sentence
    assert found["ii.2.1"] == (Level.SUBCLAUSE, "2.1", "Nguồn ngân sách xã")
    assert found["pl1"] == (Level.ANNEX, "PHỤ LỤC I", "DANH MỤC CÔNG VIỆC")
    assert found["pl1.ri.r2"] == (Level.ROW, "2", "Lập dự toán")


def test_articles_are_numbered_through_the_document():
    found = read(LAW)
    assert [s.id for s in found] == [
        "ch1", "d1", "d2", "d2.k1", "d2.k2", "ch2", "ch2.m1", "d3", "d3.k1", "d3.k1.a", "d3.k1.b", "d3.k1.c",
        "d3.k1.d", "d3.k1.đ", "ch2.m2", "d4",
    ]  # fmt: skip
    known = {s.id: s for s in found}
    assert known["d3"].parent == "ch2.m1"
    assert (known["ch1"].label, known["ch1"].title) == ("Chương I", "NHỮNG QUY ĐỊNH CHUNG")
    assert known["d1"].title == "Phạm vi điều chỉnh"


ATTACHED = """Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc.
Điều 2. Chánh Văn phòng thi hành.
Nơi nhận:
- Như Điều 2;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn Ánh
QUY CHẾ
Làm việc của Ủy ban nhân dân xã
(Ban hành kèm theo Quyết định số 7/QĐ-UBND)
Chương I
QUY ĐỊNH CHUNG
Điều 1. Nguyên tắc
1. Tập trung.
2. Dân chủ.
Phụ lục
Mẫu số 01
ĐƠN ĐỀ NGHỊ
1. Họ và tên:
2. Địa chỉ:
"""


def test_what_follows_the_closing_block_is_a_part_of_its_own():
    found = read(ATTACHED, "Nơi nhận")
    assert [s.id for s in found] == [
        "d1", "d2", "kt1", "kt1.ch1", "kt1.d1", "kt1.d1.k1", "kt1.d1.k2", "pl", "pl.mau1", "pl.mau1.1", "pl.mau1.2",
    ]  # fmt: skip
    assert found[2].title == "Làm việc của Ủy ban nhân dân xã"
    assert found[1].span.end <= ATTACHED.index("Nơi nhận")
    assert sections.innermost(found, ATTACHED.index("Lưu: VT")) is None


@pytest.mark.parametrize(
    ("text", "close", "id", "expected"),
    [
        (PLAN, "Nơi nhận", "ii", "mục II"),
        (PLAN, "Nơi nhận", "iii.2", "mục III.2"),
        (PLAN, "Nơi nhận", "ii.2.1", "mục II.2.1"),  # 2 is said once
        (PLAN, "Nơi nhận", "ii.1.b", "điểm b mục II.1"),
        (PLAN, "Nơi nhận", "pl1", "Phụ lục I"),
        (PLAN, "Nơi nhận", "pl1.ri.r2", "Phụ lục I, dòng I.2"),
        (LAW, None, "d3.k1.b", "điểm b khoản 1 Điều 3"),  # small to large, the chapter left out
        (LAW, None, "ch2.m1", "Mục 1 Chương II"),
        (ATTACHED, "Nơi nhận", "kt1.d1.k2", "Quy chế kèm theo, khoản 2 Điều 1"),
        (ATTACHED, "Nơi nhận", "pl.mau1.2", "Phụ lục, Mẫu số 01, mục 2"),
        ("Phần thứ nhất\nA\nI. B\n1. C", None, "p1.i.1", "mục I.1, Phần thứ nhất"),
        ("1. C", None, "9", ""),
    ],
)
def test_a_section_is_named_as_a_reader_names_it(text, close, id, expected):
    assert sections.place(read(text, close), id) == expected


def test_a_heading_broken_over_lines_is_one_title():
    text = (
        "III. CÁC VẤN ĐỀ TỒN TẠI, HẠN CHẾ, NGUYÊN NHÂN\nVÀ GIẢI PHÁP\n"
        "1. Việc rà soát các quy định về thư viện và trung tâm học tập còn\nchậm so với kế hoạch. Nguyên nhân:\n"
    )
    found = read("I. A\nII. B\n" + text)
    assert found[2].title == "CÁC VẤN ĐỀ TỒN TẠI, HẠN CHẾ, NGUYÊN NHÂN VÀ GIẢI PHÁP"
    assert found[3].title.endswith("còn chậm so với kế hoạch")


def test_the_innermost_section_at_an_offset():
    found = read(PLAN, "Nơi nhận")
    for words, expected in (("điện tử", "ii.1.b"), ("Nâng cao", "i"), ("Lưu VT", None), ("Kế toán", "pl1.ri.r2")):
        section = sections.innermost(found, PLAN.index(words))
        assert (section.id if section else None) == expected
    assert sections.innermost(found, 0) is None
    assert sections.innermost((), 5) is None


BITS = st.sampled_from(
    ["I. MỘT", "II. HAI", "III- BA", "1. Việc", "2. Việc khác", "1.1. Nhỏ", "a) Điểm", "b) Điểm", "(1) Mục", "",
     "Điều 1. Tên", "Điều 2. Tên", "Chương I", "CHƯƠNG II", "Phần thứ nhất", "A. PHẦN", "B. PHẦN", "- gạch",
     "PHỤ LỤC I", "QUY CHẾ", "(Kèm theo Quyết định)", "Mẫu số 01", "Nơi nhận:", "Câu thường dài. Thêm nữa",
     "TT\tNội dung\tChủ trì\tThời gian", "1\tLàm\tSở\t2020", "1.1\tLàm nữa\tSở\t2020", "“Điều 7. Trích", "hết.”"]
)  # fmt: skip
TEXTS = st.lists(BITS, max_size=40).map("\n".join) | st.text(alphabet="IVX1la.)(/- \nĐiềuC\t“”", max_size=200)


@given(TEXTS, st.integers(0, 400))
@settings(max_examples=300, deadline=None)
def test_spans_nest_and_ids_are_unique(text, close):
    found = sections.extract(text, Heading(close=close if close < len(text) else None))
    known = {section.id: section for section in found}
    assert len(known) == len(found)
    assert [s.span.start for s in found] == sorted(s.span.start for s in found)
    for section in found:
        assert 0 <= section.span.start <= section.span.end <= len(text)
        if section.parent is not None:
            outer = known[section.parent]
            assert outer.span.start <= section.span.start and section.span.end <= outer.span.end
        assert sections.place(found, section.id)
    assert sections.extract(text, Heading(close=close if close < len(text) else None)) == found


@given(TEXTS, st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_the_innermost_section_is_the_smallest_that_holds_the_offset(text, offset):
    found = sections.extract(text, Heading())
    holding = [s for s in found if s.span.start <= offset < s.span.end]
    assert sections.innermost(found, offset) == (holding[-1] if holding else None)


@given(st.lists(st.sampled_from(["  ", "\t", "\n"]), min_size=1, max_size=3).map("".join), st.integers(0, 30))
def test_ids_survive_changes_of_space_and_words(space, at):
    for text, close in ((PLAN, "Nơi nhận"), (LAW, None)):
        before = ids(text, close)
        lines = text.split("\n")
        at %= len(lines)
        if "\n" in space and "\t" not in space:
            assert ids("\n".join([*lines[:at], space + lines[at], *lines[at + 1 :]]), close) == before
        assert ids(text.replace("sách", "sách báo, tài liệu").replace("hằng quý", "hằng tháng"), close) == before


@pytest.mark.parametrize(
    "line",
    ["1. \n", "I\n", "1. a\n", "“Điều 1. A\n", 'như sau: "\n', "PHỤ LỤC I\n", "KẾ HOẠCH\n", "1.1 Abc\n", "Điều 1. A",
     "I. A\n1. B\na) C\n(1) D\n", "1\tLàm\tSở\n", "1" * 50, " "],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read(line):
    text = line * (1_000_000 // len(line))
    found = sections.extract(text, Heading(close=100))
    assert len({section.id for section in found}) == len(found)


def test_tokens_name_each_label_once():
    values = [("letter", (n * 100,)) for n in range(1, 24)] + [("roman", (n * 100,)) for n in range(1, 40)]
    assert len({labels.token(*value) for value in values if value[0] == "letter"}) == 23
    assert len({labels.token(*value) for value in values if value[0] == "roman"}) == 39


@pytest.mark.skipif(not DATA.exists(), reason="measured data not here")
def test_the_seed_plan_gives_its_sections():
    text = (DATA / "seed/ke-hoach-xa-hoi-hoc-tap-2016-2020.txt").read_text("utf-8")
    found = sections.extract(text, heading.extract(text))
    assert [s.id for s in found] == [
        "i", "ii", "ii.1", "ii.2", "ii.3", "ii.4", "iii", "iii.1", "iii.2", "iii.3", "iii.4", "iii.5",
    ]  # fmt: skip
