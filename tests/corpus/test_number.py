"""Number and symbol; DOMAIN §1.5–1.6."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import dates, lexicon, number
from corpus.model import Kind

SYMBOLS = Path(__file__).parents[3] / "shared" / "domain" / "symbols_testset.json"


def _cases() -> list[dict[str, object]]:
    return json.loads(SYMBOLS.read_text(encoding="utf-8"))["cases"] if SYMBOLS.exists() else []


def _types(text: str, found: number.Number) -> set[str | None]:
    """What an answer says about the type: its code, or the name before it, by all its abbreviations."""
    if found.type:
        kinds = set(lexicon.kind_of_abbr(found.type))
    else:
        named = [
            k for k in Kind if re.match(rf"(?:căn cứ\s+)?{lexicon.kind_label(k)}\b", text, re.IGNORECASE)
        ]
        kinds = set(named[-1:]) or {Kind.OFFICIAL_LETTER}
    same = {abbr for abbr in lexicon.type_abbrs() if kinds & set(lexicon.kind_of_abbr(abbr))}
    return same | {found.type, re.sub(r"\d", "", found.body or "")}


@pytest.mark.skipif(not SYMBOLS.exists(), reason="the symbols of the domain are not at hand")
@pytest.mark.parametrize("case", _cases(), ids=lambda case: str(case["text"])[:40])
def test_the_symbols_of_the_domain_are_read(case: dict[str, dict[str, str]]) -> None:
    text, expected = str(case["text"]), case["expect"]
    found = number.find(text)
    if expected.get("num") is None:
        assert found == ()
        return
    ((span, got),) = found
    assert got.serial == expected["num"]
    assert span.of(text.replace("Ð", "Đ")).startswith(got.serial)
    assert expected.get("type") is None or expected["type"] in _types(text, got)
    assert expected.get("body") is None or got.body == expected["body"]
    assert expected.get("unit") is None or expected["unit"] in got.units
    assert expected.get("year") is None or str(got.year) == expected["year"]
    assert expected.get("side") is None or got.side == expected["side"]
    assert expected.get("date") is None or str(dates.read(text)) == expected["date"]


@pytest.mark.parametrize(
    "text",
    [
        "giai đoạn 2021-2025",
        "24/7",
        "số điện thoại 0243.825.1234",
        "1.200.000 đồng/người",
        "ngày 3/2",
        "09/01/2013",
        "điểm a khoản 2 Điều 5",
        "TCVN 5712:1993",
        "QCVN 102:2016/BTTTT",
        "TCVN 7957:2008/BXD",
        "80 km/h",
        "100/tháng",
        "Kế hoạch 5 năm",
        "Báo cáo 6 tháng",
        "tỷ lệ 15/15 xã",
        "biển số 29A-12345",
        "2/3 UBND xã",
        "Số: /BC-HKH",
        "Số       -QĐ/ĐU",
        "năm học 2016-2017",
        "31/12/2016/UBND",
        "3.500.000.000 đ",
        "50.000 đ/m2",
        "Chương trình 30a",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert number.find(text) == ()


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("19 – CT / TU", "19-CT/TU"),
        ("1904/ KH-UBND", "1904/KH-UBND"),
        ("25/2014 /QĐ-UBND", "25/2014/QĐ-UBND"),
        ("144 /2002/QĐ/BTC", "144/2002/QĐ/BTC"),  # a slash for the dash
        ("22/CT-TW", "22/CT-TW"),  # Party symbol in the State's form
        ("202-HĐBT", "202-HĐBT"),
        ("66.25/2026/NQ-CP", "66.25/2026/NQ-CP"),
        ("2775 /SNV-CCHC&VTLT", "2775/SNV-CCHC&VTLT"),
        ("298 /TTr- CAT-PC04", "298/TTr-CAT-PC04"),
        ("1836 QĐ/TWĐTN", "1836-QĐ/TWĐTN"),
        ("12/2025/TT-B\u0422\u0421", "12/2025/TT-BTC"),  # Cyrillic look-alikes
    ],
)
def test_printed_forms_become_canonical(printed: str, canonical: str) -> None:
    assert str(number.parse(printed)) == canonical
    assert number.parse(canonical) == number.parse(printed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("05-KH/HU", "5/KH-HU"),
        ("11-CT/TW", "11-CT/TƯ"),
        ("89/QĐ-TTg", "89/qđ-ttg"),
        ("Số 64-CV/TW", "64 - CV / TW"),
        ("436/CV-UBND", "436/UBND"),
        ("01/HD-BGD&ĐT", "01/HD-BGDĐT"),
        ("144/2002/QĐ/BTC", "144/2002/QĐ-BTC"),
    ],
)
def test_writings_of_one_number_share_a_key(one: str, other: str) -> None:
    assert number.key(one) == number.key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("05-KH/HU", "05-KH/TU"), ("5/KH-UBND", "5/2016/KH-UBND"), ("1/QĐ-UBND", "1/KH-UBND")]
)
def test_different_numbers_do_not(one: str, other: str) -> None:
    assert number.key(one) != number.key(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the line of a PDF ends after a dash inside the symbol
        ("Nghị định số 118/2025/NĐ-\nCP ngày 09 tháng 6", ["118/2025/NĐ-CP"]),
        ("Công văn số 574/UBND-\nKGVX, theo đó", ["574/UBND-KGVX"]),
        # a word in capitals on the next line is not a unit
        ("Số: 12/UBND-\nTỈNH", ["12/UBND"]),
        ("Số: 12/KH-UBND\nHỘI NGHỊ", ["12/KH-UBND"]),
    ],
)
def test_a_symbol_goes_on_after_the_end_of_a_line(text: str, expected: list[str]) -> None:
    assert [str(found) for _, found in number.complete(text)] == expected


@pytest.mark.parametrize("text", ["", "19", "Số:", "ngày 09/01/2013", "89/QĐ-TTg và 90/QĐ-TTg", "/BC-HKH"])
def test_parsing_something_else_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number.parse(text)


NO_NUMBERS = (
    "ngày 09/01/2013", "ngày 9-1-2013", "từ 01/6-30/6/2017", "hạn 15/8", "3/2 và 30/4", "tháng 12/2020-02/2021",
    "giai đoạn 2021-2025", "năm học 2015-2016", "2016/2017", "đạt 3/4 số xã", "74/74 thôn", "05/06 đảng ủy xã",
    "tỷ lệ 1/2-2/3", "12,5/15 điểm", "24/7", "8/10 tiêu chí", "điện thoại 0263.3822.456", "ĐT: 0263-3822456",
    "hotline 1900-1234", "1.250.000 đồng/tháng", "500.000-700.000đ/người", "15 tỷ/năm", "20 triệu đồng/ha",
    "TCVN 5712:1993", "TCVN 6909:2001", "QCVN 102:2016/BTTTT", "TCVN ISO 9001:2015", "ISO/IEC 27001",
    "QCVN 01-1:2018/BYT", "điểm a khoản 2 Điều 5", "khoản 1-3 Điều 4", "km 12+500", "120 km/h", "38/QL-20 hướng đi",
    "lô A1-12/5", "tờ bản đồ số 12, thửa 45/3", "số nhà 15/2 Trần Phú", "biển số 49A-123.45", "CMND 250123456",
    "tỷ lệ 1/5.000",
    "phòng 305-A2", "nhóm 2/3", "08h00-11h30", "8/3-20/10", "32°C/40°C", "lần 2/2017", "quý I/2017", "6-8 tháng/lần",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_days_shares_money_phones_and_standards_are_no_numbers(text: str) -> None:
    assert [str(found) for _, found in number.complete(f"Thực hiện tốt, {text}, theo yêu cầu.")] == []


SERIALS = st.from_regex(r"[1-9]\d{0,4}[abcđ]?", fullmatch=True)
TYPES = st.sampled_from(["QĐ", "KH", "BC", "TTr", "CTr", "NQ", "HD", "TB", "QyĐ", "KL"])
BODIES = st.sampled_from(["UBND", "HĐND", "TTg", "BGDĐT", "HKH", "SNV", "MTTQ", "QH14"])
PARTY = st.sampled_from(["TU", "HU", "TW", "BTGTU", "VPHU", "UBKTĐU"])
UNITS = st.lists(st.sampled_from(["VX", "KGVX", "BTT", "TCCB", "PC04"]), max_size=2).map(tuple)
YEARS = st.one_of(st.none(), st.integers(1945, 2030))
NUMBERS = st.one_of(
    st.builds(number.Number, SERIALS, YEARS, TYPES, BODIES, UNITS, st.just("state")),
    st.builds(number.Number, SERIALS, YEARS, st.none(), BODIES, UNITS, st.just("state")),
    st.builds(number.Number, SERIALS, st.none(), TYPES, PARTY, UNITS, st.just("party"), st.just("-/")),
)


@given(NUMBERS)
def test_a_number_written_and_read_is_the_same(value: number.Number) -> None:
    assert number.parse(str(value)) == value


@given(NUMBERS)
def test_a_number_is_found_in_a_sentence_and_gives_its_key(value: number.Number) -> None:
    sentence = f"Thực hiện văn bản số {value} ngày 09/01/2013 của cấp trên"
    assert [found for _, found in number.find(sentence)] == [value]
    assert number.key(str(value)) == number.key(value)


@pytest.mark.parametrize(
    "unit", ["1/A-", "12-", "1.", "/QĐ-", "Số: ", "QĐ ", "89/QĐ-TTg", "A&", "1 - ", "Kế hoạch "]
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    started = time.process_time()
    number.find(unit * (300_000 // len(unit)))
    assert time.process_time() - started < 4
