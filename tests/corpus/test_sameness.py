"""One body written in several ways is one, and two bodies never are."""

from __future__ import annotations

from itertools import combinations

import pytest

from corpus.sameness import Home, Sense, joined, sense

DISTRICT = Home.of("Huyện ủy Yên Hà")
PROVINCE = Home.of("Ủy ban nhân dân tỉnh Lam Giang")
COMMUNE = Home.of("Ủy ban nhân dân xã Mỹ Lâm", "Ủy ban nhân dân huyện Yên Hà")


def _senses(names: tuple[str, ...], home: Home) -> set[Sense]:
    return set(joined(sense(name, home) for name in names).values())


SAME = (
    (("Phòng Nội vụ", "Phòng Nội vụ huyện", "Phòng Nội vụ huyện Yên Hà", "PHÒNG NỘI VỤ"), DISTRICT),
    # the organ and the office that speak for a body
    (("UBND huyện", "Ủy ban nhân dân huyện Yên Hà", "Uỷ ban nhân dân huyện", "Chủ tịch UBND huyện"), DISTRICT),
    (("Trưởng phòng Nội vụ", "Phòng Nội vụ"), DISTRICT),
    (("Huyện ủy", "Huyện uỷ Yên Hà", "Ban Thường vụ Huyện ủy", "Thường trực Huyện ủy Yên Hà"), DISTRICT),
    # a committee's body is also named by its place alone
    (("Ban Tuyên giáo", "Ban Tuyên giáo Huyện ủy", "Ban Tuyên giáo Huyện ủy Yên Hà"), DISTRICT),
    (("Hội Khuyến học", "Hội Khuyến học Yên Hà", "Hội Khuyến học huyện"), DISTRICT),
    # words of units within names are no places
    (("Bảo hiểm xã hội", "BHXH huyện", "Bảo hiểm xã hội huyện Yên Hà"), DISTRICT),
    (("Ban Chỉ huy Quân sự", "Ban Chỉ huy Quân sự huyện"), DISTRICT),
    (("Mặt trận Tổ quốc", "MTTQ huyện", "Ủy ban MTTQ Việt Nam huyện Yên Hà"), DISTRICT),
    (("Huyện đoàn", "Huyện Đoàn Yên Hà", "Đoàn TNCS Hồ Chí Minh huyện", "Đoàn Thanh niên"), DISTRICT),
    # one class of bodies
    (("UBND các xã", "UBND các xã, thị trấn", "Ủy ban nhân dân cấp xã", "UBND các xã thuộc huyện"), DISTRICT),
    (("các phòng, ban, ngành", "các phòng, ban, ngành thuộc huyện", "Các phòng, ban, ngành huyện"), DISTRICT),
    # the only one there is above
    (("Sở Y tế", "Sở Y tế tỉnh", "Sở Y tế tỉnh Lam Giang"), DISTRICT),
    (("UBND tỉnh", "UBND tỉnh Lam Giang"), DISTRICT),
    (("Sở Nội vụ", "Sở Nội vụ tỉnh Lam Giang"), PROVINCE),
    (("Hội Nông dân", "Hội Nông dân xã", "Hội Nông dân xã Mỹ Lâm"), COMMUNE),
)  # fmt: skip


@pytest.mark.parametrize(("names", "home"), SAME)
def test_one_body_has_one_sense_however_it_is_written(names: tuple[str, ...], home: Home):
    assert len(_senses(names, home)) == 1


APART = (
    (("Hội Nông dân", "Hội Nông dân tỉnh", "Hội Nông dân xã Mỹ Lâm"), DISTRICT),
    (("UBND huyện", "UBND huyện Sơn Lộc", "UBND tỉnh", "UBND xã", "UBND các xã", "HĐND huyện"), DISTRICT),
    (("Phòng Nội vụ", "Sở Nội vụ", "Bộ Nội vụ"), DISTRICT),
    # what is called the same at home and above it is another body
    (("Hội Nông dân", "Hội Nông dân huyện"), COMMUNE),
    (("Công an huyện", "Công an tỉnh", "Công an xã"), COMMUNE),
    # a commune's body without its name is each of them
    (("UBND xã", "UBND xã Mỹ Lâm"), DISTRICT),
    (("UBND thành phố", "UBND thành phố Sông Hồng"), PROVINCE),
    # names that differ only in tones, digits, or behind what looks like a place
    (("UBND xã Yên Hà", "UBND xã Yên Hạ"), DISTRICT),
    (("Trường Tiểu học số 1", "Trường Tiểu học số 2"), DISTRICT),
    (("Phòng Quản lý đô thị", "Phòng Lao động - Thương binh và Xã hội", "Phòng Lao động"), DISTRICT),
    (("Bảo hiểm xã hội", "Bảo hiểm", "Ban Chỉ huy Quân sự", "Ban Chỉ huy"), DISTRICT),
    (("Trường THPT", "Trường THPT Yên Hà"), DISTRICT),
    # the offices of two bodies
    (("Văn phòng Huyện ủy", "Văn phòng UBND huyện", "Văn phòng"), DISTRICT),
    (("các xã, thị trấn", "UBND các xã, thị trấn", "Đảng ủy các xã, thị trấn"), DISTRICT),
    (("UBND các xã", "UBND các xã thuộc huyện Sơn Lộc"), DISTRICT),
    # of two provinces the one without a name may be either
    (("UBND tỉnh", "UBND tỉnh Lam Giang", "UBND tỉnh Thanh Sơn"), DISTRICT),
    # who wrote it is not known
    (("Hội Nông dân", "Hội Nông dân tỉnh Lam Giang"), Home()),
)  # fmt: skip


@pytest.mark.parametrize(("names", "home"), APART)
def test_two_bodies_never_have_one_sense(names: tuple[str, ...], home: Home):
    found = joined(sense(name, home) for name in names)
    for one, other in combinations(names, 2):
        assert found[sense(one, home)] != found[sense(other, home)], (one, other)


def test_what_one_means_does_not_depend_on_the_order():
    names = ("Sở Y tế", "Sở Y tế tỉnh Lam Giang", "Hội Nông dân", "Hội Nông dân tỉnh")
    senses = [sense(name, DISTRICT) for name in names]
    assert joined(senses) == joined(reversed(senses))


def test_the_same_words_of_two_districts_are_two_bodies():
    other = Home.of("Ủy ban nhân dân huyện Sơn Lộc")
    found = joined([sense("Phòng Nội vụ", DISTRICT), sense("Phòng Nội vụ", other)])
    assert len(set(found.values())) == 2
