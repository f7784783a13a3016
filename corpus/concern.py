"""Whether a body is one of those a task names: the same body, a member of the class, or a part of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from functools import cache, lru_cache
from typing import Any

from corpus.assignees import body_words, lexicon, same_body_key


class Concern(IntEnum):
    """How a body stands to the bodies a task names."""

    NONE = 0
    CLASS = 1
    """A member of the class named: an office «Sở Y tế» for «các sở, ban, ngành»."""
    SAME = 2


@cache
def _members() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Patterns of a class and of the names of its members, both on keys without marks."""
    classes: Sequence[Mapping[str, str]] = lexicon()["members"]  # type: ignore[assignment]
    return tuple((re.compile(one["class"]), re.compile(one["names"])) for one in classes)


@lru_cache(maxsize=50_000)
def concern(named: str, body: str) -> Concern:
    """How `body` stands to the body or class `named`.

    >>> concern("các sở, ban, ngành", "Sở Y tế").name, concern("Sở Nội vụ", "SỞ NỘI VỤ TỈNH X").name
    ('CLASS', 'SAME')
    >>> concern("Sở Nội vụ", "Sở Y tế").name
    'NONE'
    """
    theirs, ours = _core(named), _core(body)
    if not theirs or not ours:
        return Concern.NONE
    tiers = _of_each(theirs)
    if tiers is None and (theirs == ours or _extends(ours, theirs) or _extends(theirs, ours)):
        return Concern.SAME
    if tiers is not None:
        return Concern.CLASS if tiers.match(ours + " ") else Concern.NONE
    for kind, names in _members():
        if kind.search(theirs) and names.match(ours + " "):
            return Concern.CLASS
    return Concern.NONE


_TIERS = (
    ("xa", "phuong", "thi tran", "dac khu"),
    ("huyen", "quan", "thi xa", "thanh pho"),
    ("tinh", "thanh pho"),
)
"""Units of one level of government."""
_EACH = re.compile(
    r"^(?P<kind>(?:\w+ ){0,6}?)"
    r"(?:(?:cac|tung|moi|tat ca cac) (?P<unit>xa|phuong|thi tran|dac khu|huyen|quan|thi xa|tinh)"
    r"|cap (?P<tier>xa|huyen|tinh)|(?P<listed>xa|phuong|huyen|tinh) (?:phuong|thi tran|dac khu|thi xa|thanh pho|quan))"
    r"(?!\w)(?! (?:uy|bo|doan|hoi)\b)"
)
_AUTHORITIES = r"(?:uy ban nhan dan|dang uy|dang bo|hoi dong nhan dan) "
"""Who stands for a commune or a district that is named without its office."""


_OTHER_CLASS = re.compile(r"\b(?:so|ban|nganh|truong|don vi|co quan|cap uy|to chuc|tccsd) $")


@lru_cache(maxsize=5_000)
def _of_each(key: str) -> re.Pattern[str] | None:
    """Names of the members of «đảng ủy các xã, thị trấn»; None for other names."""
    found = _EACH.match(key)
    if found is None or _OTHER_CLASS.search(found["kind"]):
        return None
    units = next(tier for tier in _TIERS if _unit(found) in tier)
    kind = re.escape(found["kind"]) if found["kind"].strip() else _AUTHORITIES
    return re.compile(rf"{kind}(?:{'|'.join(units)}) ")


def _unit(found: re.Match[str]) -> str:
    return found["unit"] or found["tier"] or found["listed"]


def unit_of(named: str) -> str | None:
    """Alternatives of the units whose bodies a class names («xa|phuong|…»); None for other names."""
    found = _EACH.match(_core(named))
    if found is None or _of_each(_core(named)) is None:
        return None
    return "|".join(next(tier for tier in _TIERS if _unit(found) in tier))


def each_of(named: str) -> str | None:
    """A key of the class whose members are each one's body of a unit, however it is written; None for other names.

    >>> each_of("UBND các xã, thị trấn") == each_of("Ủy ban nhân dân cấp xã"), each_of("UBND xã Mỹ Lâm")
    (True, None)
    """
    members = _of_each(_core(named))
    return members.pattern if members else None


def spoken_of(named: str, words: str) -> bool:
    """Whether a text (as `body_words`) names the body, or the class: «05/06 đảng ủy xã» is of «đảng ủy các xã»."""
    key = _core(named)
    tiers = _of_each(key)
    if tiers is not None:
        found = _EACH.match(key)
        kind = found["kind"] if found else ""
        units = next(tier for tier in _TIERS if found and _unit(found) in tier)
        return re.search(rf"\b{re.escape(kind)}(?:cac )?(?:{'|'.join(units)})\b", words) is not None
    return f" {kind_of_each(named) or stem(named)} " in words


_NAMED_EACH = re.compile(
    r"(?:^| )(?:cac|tung|moi) (?P<kind>(?:doan|hoi|hiep hoi|lien doan|cau lac bo) \w+(?: \w+)?)"
    r"(?: (?:duoc|tinh|o|tai|co|thuoc|tren) .*)?$"
)


def kind_of_each(named: str) -> str | None:
    """What the societies are of which a name tells each, as a key; None for other names.

    >>> kind_of_each("Ban Chủ nhiệm các Đoàn Luật sư được hợp nhất")
    'doan luat su'
    """
    each = _NAMED_EACH.search(_core(named))
    return each["kind"] if each else None


def classes(name: str, *, member: bool = False) -> tuple[str, ...]:
    """Keys of the classes a name is («các sở, ban, ngành»), or with `member` of those it may belong to."""
    key = _core(name)
    if member:
        own = [f"c{number}" for number, (_, names) in enumerate(_members()) if names.match(key + " ")]
        tier = next((str(n) for n, units in enumerate(_TIERS) if _OF_TIER[n].search(key)), None)
        return (*own, f"t{tier}") if tier else tuple(own)
    tiers = _EACH.match(key)
    found = [f"c{number}" for number, (kind, _) in enumerate(_members()) if kind.search(key)]
    if tiers:
        found += [f"t{n}" for n, units in enumerate(_TIERS) if _unit(tiers) in units]
    return tuple(found)


_OF_TIER = tuple(re.compile(rf"\b(?:{'|'.join(units)})\b") for units in _TIERS)


_OFFICES = re.compile(
    r"^(?:lanh dao|thu truong|nguoi dung dau|(?:pho )?chu tich|(?:pho )?giam doc|truong|dong chi|dai dien"
    r"|ban lanh dao|thuong truc|ban thuong vu|ban thuong truc|ban chap hanh|tap the)(?: cac)? (?=\w)"
)
_PLACES = re.compile(
    r" (?:tinh|huyen|thanh pho|quan|thi xa|xa|phuong|thi tran) .*$"
    r"| tren dia ban.*$| (?:co )?lien quan$| thuoc .*$"
)


def stem(name: str) -> str:
    """The body's key without the place it belongs to: «Hội Nữ doanh nhân tỉnh X» and «Hội Nữ doanh nhân»."""
    return _PLACES.sub("", _core(name))


def _core(name: str) -> str:
    """The body's key without the office of its head: «Giám đốc Sở Y tế» stands for «Sở Y tế»."""
    return _OFFICES.sub("", same_body_key(name))


_SEATS = frozenset({"huyen uy", "tinh uy", "thanh uy", "thi uy", "quan uy"})
"""Committees that are followed by their place alone: «Huyện ủy Sơn Lộc»."""


def _extends(longer: str, shorter: str) -> bool:
    """«sở nội vụ tỉnh lâm đồng» extends «sở nội vụ», but «đoàn thanh niên huyện» does not extend «đoàn»."""
    words = longer.split()
    if shorter in _SEATS and longer.startswith(shorter + " "):
        return not longer.startswith((shorter + " vien", shorter + " va"))
    used = _aligned(shorter.split(), words)
    if used is None or used < 2:
        return False
    rest = "".join(f" {word}" for word in words[used:])
    return (
        not rest
        or bool(_PLACES.fullmatch(rest))
        or (used > 2 and not re.match(r" (?:va|thuoc|so|cac|cap) ", rest))
    )


def _aligned(shorter: list[str], longer: list[str]) -> int | None:
    """How many words of `longer` are those of `shorter`, initials opened: «CNTT», «công nghệ thông tin»."""
    at = 0
    for word in shorter:
        if at < len(longer) and longer[at] == word:
            at += 1
            continue
        ahead = [other for other in longer[at : at + len(word) + 1] if other != "va"][: len(word)]
        if len(word) < 2 or "".join(other[0] for other in ahead) != word:
            return None
        at += len(word) + ("va" in longer[at : at + len(word)])
    return at


def appears(name: str, text: str) -> bool:
    """Whether a text names the body, in full or by initials."""
    words, body = body_words(text).split(), stem(name).split()
    return len(body) > 2 and any(
        words[at] == body[0] and _aligned(body, words[at:]) is not None for at in range(len(words))
    )


@lru_cache(maxsize=5_000)
def heirs(named: str, on: dt.date | None) -> tuple[str, ...]:
    """The body that a named body had become by a day, when it was joined into another.

    >>> heirs("Sở Kế hoạch và Đầu tư", dt.date(2025, 5, 19)), heirs("Sở Kế hoạch và Đầu tư", dt.date(2024, 5, 19))
    (('Sở Tài chính',), ())
    """
    joined: Sequence[Mapping[str, Any]] = lexicon()["heirs"]  # type: ignore[assignment]
    key = stem(named)
    return tuple(
        one["names"][key]
        for one in joined
        if key in one["names"] and on is not None and on >= dt.date.fromisoformat(one["since"])
    )


def best(named: Iterable[str], body: str | None) -> Concern:
    """The strongest relation of a body to any of the bodies named."""
    return max((concern(name, body) for name in named), default=Concern.NONE) if body else Concern.NONE


@lru_cache(maxsize=20_000)
def specific(name: str) -> bool:
    """Whether a name is one body rather than a class of bodies."""
    key = same_body_key(name)
    if _of_each(key) is not None or re.match(r"(?:cac|tung|moi|nhung|dong chi|can bo|lanh dao) ", key):
        return False
    return not any(kind.search(key) for kind, _ in _members())
