"""Where a body sits: its level and its place, as far as its name says (cấp, địa bàn)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus import bodyname
from corpus.text import fold

_LEVELS = {
    "tinh": "province", "thanh pho": "province", "huyen": "district", "quan": "district",
    "thi xa": "district", "xa": "commune", "phuong": "commune", "thi tran": "commune", "dac khu": "commune",
}  # fmt: skip
_COMMITTEES = re.compile(r"\b(tinh|thanh|huyen|quan|thi|dang) uy\b(?: (?P<place>[a-z ]+))?")
_LEVEL_WORD = re.compile(r"\b(tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran|dac khu)\b(?! hoi\b| uy\b)")
_CENTRAL = re.compile(
    r"\b(?:quoc hoi|chinh phu|trung uong|bo chinh tri|ban bi thu|thu tuong|chu tich nuoc)\b|^bo (?!chi huy|doi)"
)


@dataclass(frozen=True, slots=True)
class Seat:
    """Level and place of a body, as far as its name says."""

    level: str | None = None
    place: str | None = None

    @staticmethod
    def of(issuer: str | None, parent: str | None = None, place: str | None = None) -> Seat:
        """From its name, else its parent's, else the place on the letterhead."""
        found = _seat(issuer or "")
        if not found.place and parent:
            above = _seat(parent)
            found = Seat(found.level or above.level, above.place if above.place else found.place)
        if not found.place and place and found.level:
            found = Seat(found.level, fold(place))
        return found


@lru_cache(maxsize=20_000)
def _seat(name: str) -> Seat:
    """
    >>> _seat("Ủy ban nhân dân huyện Yên Hà"), _seat("Ban Thường vụ Tỉnh ủy")
    (Seat(level='district', place='yen ha'), Seat(level='province', place=None))
    """
    opened = bodyname.open_abbreviations(name)
    bare = fold(opened)
    placed = bodyname.place_of(opened)
    committee = _COMMITTEES.search(bare)
    if committee:
        level = {"tinh": "province", "thanh": "province", "dang": "commune"}.get(committee[1], "district")
        where = _LEVEL_WORD.sub("", committee["place"] or "").strip() or None
        return Seat(level, where or (_bare_place(placed) if placed else None))
    if placed:
        words = fold(placed)
        level = next((value for word, value in _LEVELS.items() if words.startswith(word + " ")), None)
        return Seat(level, _bare_place(placed))
    if _CENTRAL.search(bare):
        return Seat("central")
    said = list(_LEVEL_WORD.finditer(bare))
    return Seat(_LEVELS[said[-1][1]] if said else None)


def _bare_place(place: str) -> str:
    bare = fold(place)
    for word in sorted(_LEVELS, key=len, reverse=True):
        if bare.startswith(word + " "):
            return bare[len(word) + 1 :]
    return bare
