"""The register of bodies: one name of several bodies, several names of one, and what became of them."""

from __future__ import annotations

import datetime as dt

import pytest

from corpus import bodies, resolve
from corpus.bodies import Register, RegisteredBody
from corpus.model import Citation, Kind, Span
from corpus.resolve import Known

ENDED = dt.date(2025, 7, 1)
DISTRICT = RegisteredBody("d", "Ủy ban nhân dân huyện Yên Hà", until=ENDED, successors=("c1", "c2"))
NEXT = RegisteredBody("n", "Ủy ban nhân dân huyện Sơn Lộc", until=ENDED)
OLD = RegisteredBody("old", "Ủy ban nhân dân xã Tân Lập", parent="d", until=ENDED, successors=("c1",))
OTHER = RegisteredBody("other", "Ủy ban nhân dân xã Tân Lập", parent="n", until=ENDED)
NEW = RegisteredBody("c1", "Ủy ban nhân dân xã Tân Lập", since=ENDED)
SECOND = RegisteredBody("c2", "Ủy ban nhân dân xã An Bình", since=ENDED)
OFFICE = RegisteredBody("k", "Hội Khuyến học huyện Yên Hà", ("HKH huyện", "Hội Khuyến học Yên Hà"), parent="d")
REGISTER = Register((*bodies.provinces(), DISTRICT, NEXT, OLD, OTHER, NEW, SECOND, OFFICE))


@pytest.mark.parametrize(
    ("name", "on", "near", "expected"),
    [
        ("UBND huyện Yên Hà", None, (), {"d"}),
        ("Chủ tịch Uỷ ban nhân dân huyện Yên Hà", None, (), {"d"}),
        ("UBND huyện Yên Hà", dt.date(2024, 1, 1), (), {"d"}),
        ("UBND huyện Yên Hà", ENDED, (), set()),
        ("UBND xã Tân Lập", None, (), {"old", "other", "c1"}),
        ("UBND xã Tân Lập", dt.date(2024, 1, 1), (), {"old", "other"}),
        ("UBND xã Tân Lập", dt.date(2024, 1, 1), ("d",), {"old"}),
        ("UBND xã Tân Lập", dt.date(2026, 1, 1), ("d",), {"c1"}),
        ("HKH huyện", None, (), {"k"}),
        ("Hội Khuyến học", None, (), set()),
        (None, None, (), set()),
    ],
)
def test_a_name_means_the_bodies_of_its_day(
    name: str | None, on: dt.date | None, near: tuple[str, ...], expected: set[str]
) -> None:
    assert {body.id for body in REGISTER.named(name, on=on, near=near)} == expected


def test_a_name_is_called_as_the_register_calls_it_only_where_one_body_has_it() -> None:
    assert REGISTER.called("HKH huyện") == "Hội Khuyến học huyện Yên Hà"
    assert REGISTER.called("UBND xã Tân Lập") == "UBND xã Tân Lập"
    assert REGISTER.called("Ban Thường vụ Tỉnh ủy Hà Nam") == "Ban Thường vụ Tỉnh ủy Hà Nam"  # the organ is said
    assert REGISTER.called("Phòng Nội vụ") == "Phòng Nội vụ"


def test_who_took_over_is_known_through_others() -> None:
    assert REGISTER.follows("c1", "old") and REGISTER.follows("c2", "d")
    assert not REGISTER.follows("old", "c1") and not REGISTER.follows("c2", "old")
    chain = Register(
        (RegisteredBody("a", "A", successors=("b",)), RegisteredBody("b", "B", successors=("a", "c")), NEW)
    )
    assert not chain.follows("d", "a")  # a circle and a body that is not there end


def test_provinces_that_ended_lead_to_those_of_today() -> None:
    gone = [body for body in bodies.provinces() if body.until == ENDED and body.id.endswith(".ubnd")]
    assert len(gone) == 29  # 63 less Huế and the 33 others of today
    ids = {body.id for body in bodies.provinces()}
    assert all(body.successors and set(body.successors) <= ids for body in gone)
    assert REGISTER.one("UBND thành phố Huế", on=dt.date(2010, 1, 1)) is None  # then a city of the province
    assert REGISTER.one("UBND thành phố Huế", on=dt.date(2025, 2, 1)) is not None


@pytest.mark.parametrize(
    ("name", "successors"),
    [
        ("Huyện ủy Yên Hà", "đảng ủy các xã, phường, đặc khu trên địa bàn"),
        ("Uỷ ban nhân dân quận Tây Sơn", "Ủy ban nhân dân các xã, phường, đặc khu trên địa bàn"),
        ("UBND thị xã Yên Hà", "Ủy ban nhân dân các xã, phường, đặc khu trên địa bàn"),
    ],
)
def test_bodies_of_a_district_ended_with_it(name: str, successors: str) -> None:
    assert bodies.ended_with_district(name) == (ENDED, successors)
    assert bodies.ended_with_district("Ủy ban nhân dân xã Tân Lập") is None


# -- what the register means for links


def held(document: str, issuer: str, on: dt.date, parent: str | None = None) -> Known:
    return Known(document, "12/QĐ-UBND", Kind.DECISION, on, issuer, place=None, parent_issuer=parent)


def cite(issuer: str | None, on: dt.date | None = None) -> Citation:
    return Citation(Span(0, 5), "x", Kind.DECISION, "12/QĐ-UBND", issued_on=on, issuer=issuer)


COMMUNE = "Ủy ban nhân dân xã Tân Lập"
CITING = Known("me", "5/KH-UBND", Kind.PLAN, dt.date(2024, 9, 1), "Ủy ban nhân dân huyện Yên Hà")


def test_of_two_communes_of_one_name_the_one_below_the_citing_district_is_meant() -> None:
    day = dt.date(2024, 3, 1)
    ours = held("ours", COMMUNE, day, "Ủy ban nhân dân huyện Yên Hà")
    theirs = held("theirs", COMMUNE, day, "Ủy ban nhân dân huyện Sơn Lộc")
    without = resolve.resolve(cite("UBND xã Tân Lập"), CITING, [ours, theirs])
    assert without.chosen is None and len(without.ranked) == 2
    found = resolve.resolve(cite("UBND xã Tân Lập"), CITING, [ours, theirs], REGISTER)
    assert found.chosen == "ours"
    assert [document for document, _, _ in found.ranked] == ["ours"]


def test_where_nothing_tells_them_apart_both_are_shown() -> None:
    day = dt.date(2024, 3, 1)
    two = [held(name, COMMUNE, day, f"Ủy ban nhân dân huyện {name}") for name in ("Yên Hà", "Sơn Lộc")]
    far = Known("me", "5/KH-UBND", Kind.PLAN, dt.date(2024, 9, 1), "Ủy ban nhân dân tỉnh Lam Giang")
    found = resolve.resolve(cite("UBND xã Tân Lập", day), far, two, REGISTER)
    assert found.chosen is None
    assert {document for document, _, _ in found.ranked} == {"Yên Hà", "Sơn Lộc"}


def test_a_document_of_the_body_before_is_meant_by_the_name_of_the_body_after() -> None:
    citing = Known("me", "5/KH-UBND", Kind.PLAN, dt.date(2026, 2, 1), "Ủy ban nhân dân xã An Bình")
    old = held("old", "Ủy ban nhân dân huyện Yên Hà", dt.date(2024, 3, 1))
    stranger = held("stranger", "Ủy ban nhân dân huyện Sơn Lộc", dt.date(2024, 3, 1))
    found = resolve.resolve(cite(None, dt.date(2024, 3, 1)), citing, [old, stranger], REGISTER)
    assert found.ranked[0][0] == "old" and "cơ quan tiền thân" in found.ranked[0][2]


def test_another_body_of_the_register_is_not_meant() -> None:
    found = resolve.resolve(
        cite("UBND xã An Bình", dt.date(2026, 2, 1)), CITING, [held("x", COMMUNE, dt.date(2026, 2, 1))], REGISTER
    )
    assert found.ranked == ()
