"""What people type, and what is understood by it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.errors import BadQuery
from indexer import synonyms
from indexer.clauses import Either, Phrase, Query, Run, Symbol
from indexer.query import parse


def symbols(query: Query) -> list[str]:
    found = []
    for clause in query.clauses:
        inner = clause.options[0][0] if isinstance(clause, Either) else clause
        found.append(inner.prefix if isinstance(inner, Symbol) else type(inner).__name__)
    return found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("11/KH-UBND", ["11//kh/ubnd"]),
        ("11 KH UBND", ["11//kh/ubnd"]),
        ("kế hoạch 11/KH-UBND", ["11//kh/ubnd"]),
        ("011/KH-UBND", ["11//kh/ubnd"]),
        ("11-KH/HU", ["11//kh/hu"]),
        ("11 KH HU", ["11//kh/hu"]),
        ("12/2016/QĐ-UBND", ["12/2016/qd/ubnd"]),
        ("quyet dinh 820/qd-ubnd", ["820//qd/ubnd"]),
        ("KH 11", ["11/"]),
        ("ke hoach so 11", ["11/"]),
        ("số 11", ["11/"]),
        ("5/7/2016", ["@2016-07-05"]),
        ("kế hoạch 5 năm", ["Run"]),
        ("từ 11 xã", ["Run"]),  # no Tờ trình
        ("khuyến học theo Chỉ thị 19-CT/TU", ["Run", "19//ct/tu"]),
    ],
)
def test_numbers_are_seen_however_they_are_typed(typed: str, expected: list[str]) -> None:
    assert symbols(parse(typed)) == expected


def test_the_day_beside_a_number_says_which_one() -> None:
    query = parse("số 11/KH-UBND ngày 5/7/2016")
    assert (symbols(query), query.issued_on) == (["11//kh/ubnd"], dt.date(2016, 7, 5))


@pytest.mark.parametrize("typed", ["loại:kế hoạch học bổng", "loai:ke hoach học bổng", 'loại:"Kế hoạch" học bổng'])
def test_the_type_is_a_field(typed: str) -> None:
    query = parse(typed)
    assert query.filters.kinds == ("ke-hoach",)
    assert [type(c) for c in query.clauses] == [Run]


def test_fields_narrow() -> None:
    query = parse('cơ quan:"UBND huyện" từ:2016 đến:6/2020 người ký:Nguyễn Văn An mục:II.3 "học bổng" -báo cáo')
    assert query.filters.issuers == ("Ủy ban nhân dân huyện",)
    assert (query.filters.since, query.filters.until) == (dt.date(2016, 1, 1), dt.date(2020, 6, 30))
    assert (query.signers, query.place) == (("Nguyễn Văn An",), "ii.3")
    assert [type(c) for c in query.clauses] == [Phrase]
    assert [len(c.syllables) for c in query.excluded if isinstance(c, Phrase)] == [2]


def test_a_dossier_is_named_by_code_or_title() -> None:
    assert parse('hồ sơ:"Khuyến học 2016" học bổng').dossiers == ("Khuyến học 2016",)
    assert parse("ho so:02.2016").dossiers == ("02.2016",)


def test_alternatives_take_everything_on_their_side() -> None:
    (clause,) = parse("khuyến học OR khuyến tài HOẶC dòng họ").clauses
    assert isinstance(clause, Either)
    assert [len(option) for option in clause.options] == [1, 1, 1]


@pytest.mark.parametrize("typed", ["", " ", '"', '""', "OR", "a OR", "-", "-báo cáo", "loại:xyz", "từ:abc", "số:", "…"])
def test_what_cannot_be_meant_is_explained(typed: str) -> None:
    with pytest.raises(BadQuery) as raised:
        parse(typed)
    assert "Ví dụ đúng" in raised.value.message("vi")


PIECES = ["loại:", "từ:", "số:", "mục:", "hồ sơ:", "người ký:", '"', "“", "»", " OR ", " -", "11/KH-UBND", "Điều 5"]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=8).map("".join))
@example("-" * 5000)
@example('"' * 999)
@example("1/" * 2000)
@example("số:" * 600)
@example("đến:13/2016")
def test_anything_typed_is_understood_or_explained(typed: str) -> None:
    try:
        query = parse(typed)
    except BadQuery as error:
        assert error.message("vi")
    else:
        assert query.clauses or query.excluded or query.signers or query.place or query.dossiers or query.filters


def test_an_abbreviation_is_searched_with_its_full_form_and_shown() -> None:
    assert parse("UBND xã").also == ("Ủy ban nhân dân",)
    assert parse("Ủy ban nhân dân xã").also == ("UBND",)
    assert parse("xã hội").also == ()


def test_the_office_adds_its_own_words(tmp_path: Path) -> None:
    assert parse("kho bạc", synonyms.of(tmp_path)).also == ()
    own = tmp_path / synonyms.FILE
    own.write_text("# của văn phòng\nkho bạc = KBNN\nhỏng dòng này\nxe ôm > vận tải hành khách\n", encoding="utf-8")
    thesaurus = synonyms.of(tmp_path)
    assert parse("kho bạc", thesaurus).also == ("KBNN",)
    assert parse("kho bac", thesaurus).also == ("KBNN",)
    assert parse("xe ôm", thesaurus).also == ("vận tải hành khách",)
    assert parse("vận tải hành khách", thesaurus).also == ()
    own.write_bytes(b"\xff\xfe\x00broken")
    assert parse("kho bạc", synonyms.of(tmp_path)).also == ()
