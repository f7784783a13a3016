"""Places in the names of bodies: two communes, districts or provinces are two bodies (địa bàn)."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.model import Heading
from corpus.text import CAPITALS, fold

_TIERS = {
    "xã": 1, "phường": 1, "thị trấn": 1, "đặc khu": 1, "huyện": 2, "quận": 2, "thị xã": 2, "tỉnh": 3,
}  # fmt: skip
_NAMED = re.compile(
    r"(?<!\w)(?P<unit>(?i:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|tỉnh))\s(?!ỦY\b|UỶ\b)"
    rf"(?P<name>[{CAPITALS}][\w']*(?:\s(?!HỘI|ĐẢNG|UBND)[{CAPITALS}][\w']*){{0,3}})"
)
_SEAT = re.compile(
    rf"(?<!\w)(?P<unit>(?i:huyện|tỉnh|thị))\s(?i:ủy|uỷ|đoàn)(?!\w)(?:\s(?P<name>[{CAPITALS}]\w*(?:\s[{CAPITALS}]\w*){{0,2}}))?"
)
_OF = re.compile(r"(?<!\w)(xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|tỉnh)(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def places(name: str) -> dict[int, str]:
    """Tier (1 commune, 2 district, 3 province) to the name of the place, folded.

    >>> places("Ủy ban nhân dân xã An Bình, huyện Sơn Lộc")
    {1: 'an binh', 2: 'son loc'}
    """
    found: dict[int, str] = {}
    for place in _NAMED.finditer(name):
        found.setdefault(_TIERS[place["unit"].lower()], fold(place["name"]))
    for seat in _SEAT.finditer(name):
        if seat["name"]:
            found.setdefault(3 if seat["unit"].lower() == "tỉnh" else 2, fold(seat["name"]))
    return found


@lru_cache(maxsize=20_000)
def tier(name: str) -> int | None:
    """The tier a body belongs to by its own name (4: central); None when it does not say.

    >>> tier("Hội Khuyến học xã"), tier("Huyện ủy Sơn Lộc"), tier("Sở Y tế"), tier("Hội Khuyến học")
    (1, 2, 3, None)
    """
    if _CENTRAL.match(name):
        return 4
    if re.match(r"sở\s", name, re.IGNORECASE):
        return 3
    if seat := _SEAT.search(name):
        return 3 if seat["unit"].lower() == "tỉnh" else 2
    units = [_TIERS[unit.lower()] for unit in _OF.findall(name)]
    return min(units) if units else None


_CENTRAL = re.compile(
    r"(?:bộ\s(?!chỉ huy|đội|phận|tư lệnh)|chính phủ|thủ tướng|quốc hội|ban bí thư|văn phòng chính phủ"
    r"|thanh tra chính phủ|bảo hiểm xã hội việt nam|(?:\w+\s){1,6}trung ương$)",
    re.IGNORECASE,
)


def differ(ours: Heading, theirs: Heading) -> bool:
    """Whether two papers come from two places of one tier."""
    left, right = _all(ours), _all(theirs)
    return any(left[level] != right[level] for level in left.keys() & right.keys())


def _all(heading: Heading) -> dict[int, str]:
    found: dict[int, str] = {}
    for name in (heading.parent_issuer, heading.issuer):
        found |= places(name or "")
    return found


def fits(name: str, assigner: Heading, body: str) -> bool:
    """Whether a body can be the one a plan names without its place: the plan's own tier is meant."""
    own, theirs = tier(name), tier(body)
    if own is not None:
        return theirs is None or theirs == own
    meant, theirs = tier(assigner.issuer or ""), tier(body)
    if meant is None or theirs is None or meant == theirs:
        return True
    # «các sở, ban, ngành», «các cơ quan, đơn vị» reach down and never up; a named body does neither.
    return theirs < meant and bool(re.match(r"(?:các|từng|mỗi|toàn thể)\s", name, re.IGNORECASE))
