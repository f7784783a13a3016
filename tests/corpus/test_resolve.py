"""Which held document a citation means; a wrong link is worse than a missing one."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Citation, Heading, Kind, Span
from corpus.resolve import Known, cited_keys, own_keys, resolve

DISTRICT = Known("citing", "12/BC-HKH", Kind.REPORT, dt.date(2017, 12, 5), "Hội Khuyến học huyện Yên Hà",
                 None, "Yên Hà", "Ủy ban nhân dân huyện Yên Hà")  # fmt: skip
PLAN = Known("plan", "05-KH/HU", Kind.PLAN, dt.date(2016, 9, 30), "Huyện ủy Yên Hà",
             "về xây dựng xã hội học tập giai đoạn 2016-2020", "Yên Hà")  # fmt: skip
DECISION = Known("89", "89/QĐ-TTg", Kind.DECISION, dt.date(2013, 1, 9), "Thủ tướng Chính phủ",
                 "phê duyệt Đề án “Xây dựng xã hội học tập giai đoạn 2012-2020”", "Hà Nội")  # fmt: skip
TEACHERS = replace(DECISION, document="89b", issued_on=dt.date(2019, 1, 18),
                   title="phê duyệt Đề án nâng cao năng lực đội ngũ giảng viên")  # fmt: skip
COMMUNE = Known("xa-a", "11/KH-UBND", Kind.PLAN, dt.date(2017, 3, 1), "Ủy ban nhân dân xã Tân Lập", None, "Tân Lập")
OTHER = replace(COMMUNE, document="xa-b", issuer="Ủy ban nhân dân xã Phú Mỹ", place="Phú Mỹ")
PROVINCE = replace(COMMUNE, document="tinh", issuer="Ủy ban nhân dân tỉnh Lam Giang", place="Lam Giang")


def cite(number: str | None = None, **fields) -> Citation:
    return Citation(Span(0, 1), "…", number=number, **fields)


LAW = Known("luat", "33/2024/QH15", Kind.LAW, dt.date(2024, 6, 21), "Quốc hội", "Lưu trữ")
LATER = replace(DISTRICT, issued_on=dt.date(2024, 12, 5))

CASES = (
    # a law by its name: the year or the day tells which of several …
    (cite(kind=Kind.LAW, title="Luật Lưu trữ", year=2024), LATER, [LAW], "luat"),
    (cite(kind=Kind.LAW, title="Lưu trữ", issued_on=dt.date(2024, 6, 21)), LATER, [LAW], "luat"),
    (cite(kind=Kind.LAW, title="Lưu trữ", year=2011), LATER, [LAW], None),
    # … and without them it may be the one before, still in force
    (cite(kind=Kind.LAW, title="Lưu trữ"), LATER, [LAW], None),
    (cite(kind=Kind.LAW, title="Lưu trữ"), replace(LATER, issued_on=dt.date(2025, 12, 5)), [LAW], None),
    (cite(kind=Kind.LAW, title="Hoạt động giám sát của Quốc hội"), LATER,
     [replace(LAW, title="Hoạt động giám sát của Quốc hội")], None),
    # number and day
    (cite("05-KH/HU", issued_on=dt.date(2016, 9, 30)), DISTRICT, [PLAN], "plan"),
    # the marks on the wrong sides, TƯ, a leading zero: still that number
    (cite("5/KH-HU", issued_on=dt.date(2016, 9, 30)), DISTRICT, [PLAN], "plan"),
    # undated, the committee of the citing body's own district, the same term
    (cite("05-KH/HU", issuer="Ban Thường vụ Huyện ủy"), DISTRICT, [PLAN], "plan"),
    # undated in a paper of the term before: numbers began anew
    (cite("05-KH/HU", issuer="Ban Thường vụ Huyện ủy"), replace(DISTRICT, issued_on=dt.date(2021, 3, 1)), [PLAN], None),
    # a committee of another district
    (cite("05-KH/HU", issuer="Huyện ủy Thanh Oai", issued_on=dt.date(2016, 9, 30)), DISTRICT, [PLAN], None),
    # one number, two years: the day decides
    (cite("89/QĐ-TTg", issued_on=dt.date(2013, 1, 9)), replace(DISTRICT, issued_on=dt.date(2020, 1, 1)),
     [DECISION, TEACHERS], "89"),
    # … or the subject
    (cite("89/QĐ-TTg", title="phê duyệt Đề án Xây dựng xã hội học tập giai đoạn 2012-2020"),
     replace(DISTRICT, issued_on=dt.date(2020, 1, 1)), [DECISION, TEACHERS], "89"),
    # … and without either nothing is chosen
    (cite("89/QĐ-TTg"), replace(DISTRICT, issued_on=dt.date(2020, 1, 1)), [DECISION, TEACHERS], None),
    # even alone: the one of another year may be meant
    (cite("89/QĐ-TTg", issuer="Thủ tướng Chính phủ"), DISTRICT, [DECISION], None),
    # a paper issued after the citing one cannot be meant
    (cite("89/QĐ-TTg"), DISTRICT, [TEACHERS], None),
    # every commune has a plan 11: the place in the citation decides
    (cite("11/KH-UBND", issuer="UBND xã Tân Lập", issued_on=dt.date(2017, 3, 1)), DISTRICT, [COMMUNE, OTHER], "xa-a"),
    # … or the citing body's own place
    (cite("11/KH-UBND"), replace(COMMUNE, document="bc", number="20/BC-UBND", issued_on=dt.date(2017, 9, 1)),
     [COMMUNE, OTHER], "xa-a"),
    # … never another commune's for want of a better one
    (cite("11/KH-UBND"), replace(COMMUNE, document="bc", number="20/BC-UBND", issued_on=dt.date(2017, 9, 1)),
     [OTHER], None),
    # the level alone, several of it
    (cite("11/KH-UBND", issuer="UBND xã"), DISTRICT, [COMMUNE, OTHER], None),
    # the level contradicts
    (cite("11/KH-UBND", issuer="UBND tỉnh", issued_on=dt.date(2017, 3, 1)), DISTRICT, [COMMUNE], None),
    # «UBND tỉnh» with the day: the province's
    (cite("11/KH-UBND", issuer="UBND tỉnh", issued_on=dt.date(2017, 3, 1)), DISTRICT, [COMMUNE, PROVINCE], "tinh"),
    # a misprinted day inside the year, body and place right
    (cite("11/KH-UBND", issuer="UBND xã Tân Lập", issued_on=dt.date(2017, 1, 3)), DISTRICT, [COMMUNE], "xa-a"),
    # another year is another document
    (cite("11/KH-UBND", issuer="UBND xã Tân Lập", issued_on=dt.date(2016, 3, 1)), DISTRICT, [COMMUNE], None),
    # no symbol at all, but day and type
    (cite(serial="05", kind=Kind.PLAN, issued_on=dt.date(2016, 9, 30), issuer="Huyện ủy"), DISTRICT, [PLAN], "plan"),
    # a bare serial alone is no evidence
    (cite(serial="05", kind=Kind.PLAN), replace(DISTRICT, issuer="Sở Nội vụ tỉnh Lam Giang", parent_issuer=None),
     [PLAN], None),
    # «Đề án 89»: the decision that approves a scheme …
    (cite(serial="89", kind=Kind.SCHEME, year=2013), DISTRICT, [DECISION], "89"),
    # … but no programme
    (cite(serial="89", kind=Kind.PROGRAMME, year=2013), DISTRICT, [DECISION], None),
)  # fmt: skip


@pytest.mark.parametrize(("citation", "citing", "candidates", "expected"), CASES)
def test_a_citation_means(citation: Citation, citing: Known, candidates: list[Known], expected: str | None) -> None:
    for order in itertools.permutations(candidates):
        assert resolve(citation, citing, order).chosen == expected


def test_what_is_not_chosen_is_shown_as_possible() -> None:
    answer = resolve(cite("89/QĐ-TTg"), replace(DISTRICT, issued_on=dt.date(2020, 1, 1)), [DECISION, TEACHERS])
    assert answer.chosen is None
    assert {document for document, _, _ in answer.ranked} == {"89", "89b"}


def test_two_copies_of_one_paper_are_not_chosen_between() -> None:
    copy = replace(PLAN, document="copy")
    answer = resolve(cite("05-KH/HU", issued_on=PLAN.issued_on), DISTRICT, [PLAN, copy])
    assert answer.chosen is None
    assert len(answer.ranked) == 2


def test_a_paper_that_names_its_own_number_speaks_of_itself() -> None:
    answer = resolve(cite("05-KH/HU", place="ii.3"), PLAN, [PLAN])
    assert answer.itself
    assert answer.chosen is None


def test_last_years_paper_of_the_same_number_is_not_itself() -> None:
    before = replace(COMMUNE, document="nam-truoc", issued_on=dt.date(2016, 2, 1))
    cited = cite("11/KH-UBND", issued_on=dt.date(2016, 2, 1))
    assert resolve(cited, COMMUNE, [COMMUNE, before]).chosen == "nam-truoc"


@pytest.mark.parametrize(
    ("number", "heading"),
    (
        ("5/KH-HU", Heading(kind=Kind.PLAN, number="05-KH/HU")),  # marks swapped
        ("436/UBND", Heading(kind=Kind.OFFICIAL_LETTER, number="436/UBND-VX")),  # the unit left out
        ("64-CV/TƯ", Heading(kind=Kind.OFFICIAL_LETTER, number="64-CV/TW")),
    ),
)
def test_a_citation_and_its_document_meet_under_a_key(number: str, heading: Heading) -> None:
    assert set(cited_keys(cite(number))) & set(own_keys(heading))


def test_a_law_is_met_by_its_name() -> None:
    law = Heading(kind=Kind.LAW, number="80/2015/QH13", title="Ban hành văn bản quy phạm pháp luật")
    cited = cite(kind=Kind.LAW, title="Luật Ban hành văn bản quy phạm pháp luật")
    assert set(cited_keys(cited)) & set(own_keys(law))


HELD = st.lists(
    st.sampled_from([PLAN, DECISION, TEACHERS, COMMUNE, OTHER, PROVINCE]), unique_by=lambda k: k.document, max_size=6
)


@given(HELD, st.sampled_from(["05-KH/HU", "89/QĐ-TTg", "11/KH-UBND"]), st.randoms())
def test_the_order_of_candidates_does_not_matter(held: list[Known], number: str, chance) -> None:
    shuffled = list(held)
    chance.shuffle(shuffled)
    assert resolve(cite(number), DISTRICT, held) == resolve(cite(number), DISTRICT, shuffled)
