"""Which names mean one body: the same name with its place and without, read from where it was written.

«Phòng Nội vụ», «Phòng Nội vụ huyện» and «Phòng Nội vụ huyện Yên Hà» are one body in a plan of the district Yên Hà.
What a name leaves open stays open: two bodies are never joined for want of a word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus import bodyname, concern
from corpus.seats import Seat
from corpus.text import CAPITALS, tone_key


@dataclass(frozen=True, slots=True)
class Home:
    """The place at which whoever writes is at home."""

    unit: str | None = None
    """«huyện», «tỉnh»…: one word for each kind of unit, as its committee is called too."""
    place: str | None = None
    """As a key."""

    @staticmethod
    def of(issuer: str | None, parent: str | None = None, place: str | None = None) -> Home:
        """From the name of a body, else that of the body above it, else the place on the letterhead.

        >>> Home.of("Ban Tuyên giáo", "Huyện ủy Yên Hà") == Home.of("Ban Tuyên giáo Huyện ủy", place="Yên Hà")
        True
        """
        own, above = _parted(issuer or ""), _parted(parent or "")
        unit = own.unit or above.unit
        if own.place or (above.place and above.unit == unit):
            return Home(unit, own.place or above.place)
        return Home(unit, _key(place) if place and unit else None)


@dataclass(frozen=True, slots=True)
class Sense:
    """The body that a name means, as far as the name and its home say; equal senses are one body."""

    stem: str
    """The name without its place, as a key."""
    unit: str | None = None
    place: str | None = None
    below: bool = False
    """A body of a smaller unit than that of its home: without a place it is each of them, never a certain one."""


_UNIT = r"tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu"
_OF_COMMITTEE = {
    "tỉnh": "tỉnh", "thành": "thành phố", "huyện": "huyện", "quận": "quận", "thị": "thị xã",
}  # fmt: skip
_RANKS = {
    "tỉnh": 2, "thành phố": 2, "huyện": 1, "quận": 1, "thị xã": 1, "xã": 0, "phường": 0, "thị trấn": 0, "đặc khu": 0,
}  # fmt: skip
_NAME = rf"[{CAPITALS}]\w*(?: [{CAPITALS}]\w*){{0,3}}|\d{{1,2}}"
# A unit that is counted, listed or told of as a class is not the place of one body; nor is «xã hội».
_PLACED = re.compile(
    rf"(?<!các)(?<!cấp)(?<!từng)(?<!mỗi)(?<!liên)(?<!,)(?<!và) (?P<unit>(?i:{_UNIT}))(?: (?P<place>{_NAME}))?$"
)
_COMMITTEE = re.compile(
    rf"(?:^|(?<!các)(?<!mỗi) )(?P<level>(?i:tỉnh|thành|huyện|quận|thị)) (?P<organ>(?i:ủy|uỷ|đoàn))"
    rf"(?: (?P<place>{_NAME}))?$"
)
_OF_PARTY = re.compile(r"(?:ban|ủy ban kiểm tra|uỷ ban kiểm tra)\b", re.IGNORECASE)
"""Bodies of a committee that are also named without it: «Ban Tuyên giáo Huyện ủy». Its office never is."""
_SPEAKS_FOR = re.compile(
    r"^(?:(?:lãnh đạo|thủ trưởng|người đứng đầu|(?:phó )?chủ tịch|(?:phó )?giám đốc|(?:phó )?bí thư|tập thể"
    r"|đồng chí|đại diện|ban lãnh đạo|ban thường vụ|ban thường trực|ban chấp hành|thường trực)\s+"
    r"|(?:phó )?trưởng\s+(?=phòng\b|ban\b))(?=\w)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s+(?:trên địa bàn\b.*|(?:có )?liên quan)$", re.IGNORECASE)
_BELONGS = re.compile(rf"\s+(?:thuộc|của|ở)(?=\s+(?:{_UNIT})\b)", re.IGNORECASE)
_ALSO = tuple(
    (re.compile(rf"\b{pattern}(?!\w)", re.IGNORECASE), words)
    for pattern, words in (
        (r"(?:(?:ủy|uỷ) ban )?mặt trận tổ quốc(?: việt nam)?", "Mặt trận Tổ quốc"),
        (r"đoàn (?:tncshcm|thanh niên cộng sản(?: hồ chí minh)?)", "Đoàn Thanh niên"),
    )
)
"""Bodies that are as often called by less than their name."""
_NAMED_WITH_PLACE = re.compile(r"(?:trường|công ty|chợ|bệnh viện|nhà máy|hợp tác xã)\b", re.IGNORECASE)
"""A place that ends such a name is part of it: «Trường THPT Yên Hà»."""


def sense(name: str, home: Home) -> Sense:
    """The body that a name means for who is at home there.

    >>> home = Home.of("Huyện ủy Yên Hà")
    >>> sense("Phòng Nội vụ", home) == sense("Phòng Nội vụ huyện Yên Hà", home)
    True
    >>> sense("Hội Nông dân", home) == sense("Hội Nông dân tỉnh", home)
    False
    """
    said = _parted(name)
    if each := concern.each_of(name):
        # «UBND các xã thuộc huyện Sơn Lộc» are others than those at home.
        away = said.place if said.place != home.place and said.unit and _RANKS[said.unit] else None
        return Sense(each, None, away)
    if said.unit:
        near = said.unit == home.unit and not said.place
        return replace(said, place=home.place if near else said.place, below=_below(said.unit, home.unit))
    if said.stem.startswith(_key("sở ")) and home.unit not in ("tỉnh", "thành phố"):
        return replace(said, unit="tỉnh")  # there is none below a province
    if Seat.of(name).level == "central" or home.unit is None:
        return said
    return _without_bare_place(replace(said, unit=home.unit, place=home.place), name)


def says_unit(name: str) -> bool:
    """Whether a name itself says of which unit the body is."""
    return _parted(name).unit is not None


def _without_bare_place(said: Sense, name: str) -> Sense:
    """«Hội Khuyến học Yên Hà» at home in Yên Hà is «Hội Khuyến học»."""
    end = f" {said.place}"
    if not said.place or not said.stem.endswith(end) or _NAMED_WITH_PLACE.match(name):
        return said
    stem = said.stem.removesuffix(end)
    return replace(said, stem=stem) if len(stem.split()) > 1 else said


def _below(unit: str, home: str | None) -> bool:
    return home is not None and (_RANKS[unit] < _RANKS[home] or (unit, home) == ("thành phố", "tỉnh"))


@lru_cache(maxsize=20_000)
def _parted(name: str) -> Sense:
    """A name as its stem, and the unit and the place that it says."""
    bare = " ".join(bodyname.open_abbreviations(name).split())
    bare = _BELONGS.sub("", _TAIL.sub("", bare))
    while (shorter := _SPEAKS_FOR.sub("", bare)) != bare:
        bare = shorter
    for pattern, words in _ALSO:
        bare = pattern.sub(words, bare)
    if committee := _COMMITTEE.search(bare):
        unit = _OF_COMMITTEE[committee["level"].lower()]
        return Sense(_key(_of_committee(bare, committee)), unit, _key(committee["place"] or "") or None)
    if found := _PLACED.search(bare):
        return Sense(_key(bare[: found.start()]), found["unit"].lower(), _key(found["place"] or "") or None)
    return Sense(_key(bare))


def _of_committee(name: str, committee: re.Match[str]) -> str:
    """The stem of a committee's name, or of a body under it."""
    before = name[: committee.start()]
    if committee["organ"].lower() == "đoàn":
        own = "Đoàn Thanh niên"
    elif before and _OF_PARTY.match(before):
        return before
    else:
        own = f"{committee['level']} {committee['organ']}"
    return f"{before} {own}".strip()


def _key(words: str) -> str:
    """Words as they are compared: tone places, case and signs do not count, diacritics and digits do."""
    return " ".join(tone_key(word) for word in re.findall(r"\w+", words))


def joined(senses: Iterable[Sense]) -> dict[Sense, Sense]:
    """Each sense as the fullest one that it can only mean, among all that occur together.

    What has a unit and no place is the only body of that name and unit which is told with one; of two it stays open.
    """
    held = dict.fromkeys(senses)
    placed: dict[str, list[Sense]] = defaultdict(list)
    for one in held:
        if one.place and one.unit:
            placed[one.stem].append(one)
    return {one: _fullest(one, placed[one.stem]) for one in held}


def _fullest(one: Sense, placed: list[Sense]) -> Sense:
    if one.place or one.below or one.unit is None:
        return replace(one, below=False)
    same = {replace(other, below=False) for other in placed if one.unit == other.unit}
    return next(iter(same)) if len(same) == 1 else one
