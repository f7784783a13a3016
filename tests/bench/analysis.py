"""How fast a text is understood on one core, and whether a long one takes no more than its length."""

from __future__ import annotations

import random
import time

from corpus.analyse import analyse
from corpus.model import Body

Row = tuple[str, str, str]
_ROMAN = (
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
SYLLABLES = 2_000
DOCUMENTS = 40
PAGE = 420  # syllables of a printed page
_BODIES = (
    "Phòng Giáo dục và Đào tạo", "Hội Khuyến học huyện", "Phòng Nội vụ", "Ủy ban nhân dân các xã, thị trấn",
    "Ban Tuyên giáo Huyện ủy", "Phòng Tài chính - Kế hoạch", "Trung tâm Văn hóa huyện",
)  # fmt: skip
_WORK = (
    "chủ trì, phối hợp với các đơn vị liên quan tổ chức tuyên truyền về xây dựng xã hội học tập trước ngày 30/9/2017",
    "hướng dẫn các trường học thực hiện Quyết định số 281/QĐ-TTg ngày 20/02/2014 của Thủ tướng Chính phủ",
    "bố trí kinh phí theo quy định tại khoản 2 Điều 5 Nghị định số 163/2016/NĐ-CP; báo cáo Ủy ban nhân dân huyện",
    "kiểm tra, đôn đốc việc thực hiện mục II.3 Kế hoạch số 25/KH-UBND ngày 10/4/2016 của Ủy ban nhân dân tỉnh",
    "rà soát danh sách hội viên, phấn đấu đến năm 2020 có 70% gia đình đạt danh hiệu gia đình học tập",
)
_TOLD = (
    "Phong trào khuyến học tiếp tục phát triển sâu rộng, được các tầng lớp nhân dân hưởng ứng tích cực.",
    "Toàn huyện hiện có 74 chi hội với 9.412 hội viên, chiếm 14,2% dân số, tăng 312 hội viên so với cùng kỳ.",
    "Nhiều dòng họ và cộng đồng dân cư đã xây dựng được quỹ khuyến học với số dư trên 400 triệu đồng.",
    "Công tác tuyên truyền còn hạn chế ở một số thôn vùng cao, nhất là vào mùa thu hoạch.",
    "Các trung tâm học tập cộng đồng đã mở được 126 lớp chuyên đề, thu hút hơn 5.000 lượt người theo học.",
)
_CITED = (
    "Kế hoạch số 25/KH-UBND ngày 10/4/2016 của Ủy ban nhân dân tỉnh",
    "Quyết định số 281/QĐ-TTg ngày 20/02/2014 của Thủ tướng Chính phủ", "khoản 2 Điều 5 Luật Giáo dục",
)
_TOP = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN YÊN HÀ\tĐộc lập - Tự do - Hạnh phúc
Số: {number}/KH-UBND\tYên Hà, ngày 12 tháng 5 năm 2017

KẾ HOẠCH
Xây dựng xã hội học tập giai đoạn 2017 - 2020

Thực hiện Chỉ thị số 19-CT/TU ngày 24/8/2016 của Ban Thường vụ Tỉnh ủy, Ủy ban nhân dân huyện xây dựng kế hoạch:

"""
_END = """
Nơi nhận:\tTM. ỦY BAN NHÂN DÂN
- Ủy ban nhân dân tỉnh (b/c);\tCHỦ TỊCH
- Lưu: VT.
\tTrần Quang Minh
"""


def run() -> list[Row]:
    """Rows (what, figure, target)."""
    chance = random.Random(5)
    reports = [_report(chance, number) for number in range(DOCUMENTS)]
    plans = [_plan(chance, number, SYLLABLES) for number in range(DOCUMENTS)]
    _seconds([*reports[:5], *plans[:5]])
    rate, dense = (DOCUMENTS / _seconds(texts) for texts in (reports, plans))
    quarter, whole = _plan(chance, 1, 500 * PAGE), _plan(chance, 1, 2_000 * PAGE)
    one, four = _seconds([quarter]), _seconds([whole])
    growth = (four / one) / (len(whole) / len(quarter))
    return [
        (f"reports of {SYLLABLES:,} syllables", f"{rate:.0f}/s", "≥ 150/s"),
        (f"plans of {SYLLABLES:,} syllables, a task in every sentence", f"{dense:.0f}/s", ""),
        ("plan of 2,000 pages", f"{four:.1f} s", ""),
        ("time a page of 2,000 against 500 pages", f"× {growth:.2f}", "≤ 1.3"),
    ]


def _seconds(texts: list[str]) -> float:
    """Processor time: on a busy machine the clock measures the neighbours."""
    start = time.process_time()
    for text in texts:
        analyse(Body(text, media_type="text/plain", source="text"))
    return time.process_time() - start


def _plan(chance: random.Random, number: int, syllables: int) -> str:
    lines, count, part = [_TOP.format(number=number + 1)], 0, 0
    while count < syllables:
        part, first = part + 1, len(lines)
        lines.append(f"{_roman(part)}. NHIỆM VỤ VỀ LĨNH VỰC THỨ {part}\n")
        for item in range(1, 13):
            lines.append(f"{item}. {chance.choice(_BODIES)} {chance.choice(_WORK)}.\n")
            lines += [f"{letter}) {chance.choice(_WORK).capitalize()};\n" for letter in "abc"[: chance.randrange(4)]]
        count += sum(len(line.split()) for line in lines[first:])
    return "".join([*lines, _END])


def _report(chance: random.Random, number: int) -> str:
    top = _TOP.format(number=number + 1).replace("KH-UBND", "BC-UBND").replace("KẾ HOẠCH", "BÁO CÁO")
    lines, count, part = [top], 0, 0
    while count < SYLLABLES:
        part, first = part + 1, len(lines)
        lines.append(f"{_roman(part)}. KẾT QUẢ VỀ LĨNH VỰC THỨ {part}\n")
        for item in range(1, 7):
            told = " ".join(chance.choices(_TOLD, k=3))
            cited = f" Theo {chance.choice(_CITED)}, công tác này được duy trì." if item == 3 else ""
            lines.append(f"{item}. {told}{cited}\n")
        count += sum(len(line.split()) for line in lines[first:])
    return "".join([*lines, _END])


def _roman(value: int) -> str:
    said = ""
    for size, letters in _ROMAN:
        said += letters * (value // size)
        value %= size
    return said
