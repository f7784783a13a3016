"""What offices call things: types of document, bodies and their codes, abbreviations; from `data/`."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from corpus import text as letters
from corpus.model import Kind, Role


@dataclass(frozen=True, slots=True)
class BodyCode:
    """A class of bodies that share a code in symbols: every «UBND», not one of them."""

    code: str
    names: tuple[str, ...]
    side: str
    """`state`, `party` or `union` (mass organisations, Front)."""
    level: str
    codes: tuple[str, ...] = ()
    """Other codes of the same body."""
    aliases: tuple[str, ...] = ()
    until: str | None = None
    """First day on which the body no longer exists, ISO."""


def _read(name: str) -> str:
    return resources.files("corpus").joinpath("data", name).read_text(encoding="utf-8")


@cache
def _kinds() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_read("kinds.toml"))


@cache
def abbreviations() -> Mapping[str, tuple[str, ...]]:
    """Abbreviation → its readings, the likeliest first."""
    return {short: tuple(long) for short, long in json.loads(_read("abbreviations.json")).items()}


@cache
def body_codes() -> tuple[BodyCode, ...]:
    """Every class of bodies with a code of its own."""
    rows = json.loads(_read("bodies.json"))
    return tuple(
        BodyCode(
            row["code"], tuple(row["names"]), row["side"], row["level"],
            tuple(row.get("codes", ())), tuple(row.get("aliases", ())), row.get("until"),
        )
        for row in rows
    )  # fmt: skip


@cache
def _codes() -> Mapping[str, tuple[BodyCode, ...]]:
    found: dict[str, list[BodyCode]] = defaultdict(list)
    for body in body_codes():
        for key in dict.fromkeys(map(code_key, (body.code, *body.codes))):
            found[key].append(body)
    return {key: tuple(bodies) for key, bodies in found.items()}


def code_key(code: str) -> str:
    """The letters of a code as they are compared: case, Đ/D, dots, ampersands and dashes do not count.

    >>> code_key("BGD&ĐT") == code_key("bgd-đt"), code_key("TƯ") == code_key("TW")
    (True, True)
    """
    plain = code.replace("TƯ", "TW").replace("Tư", "TW").replace("T.Ư", "TW")
    return re.sub(r"[^a-z0-9]", "", letters.fold(plain))


def bodies_of_code(code: str) -> tuple[BodyCode, ...]:
    """The classes of bodies a code may stand for; a trailing term number (QH14) is ignored."""
    key = code_key(code)
    return _codes().get(key) or _codes().get(key.rstrip("0123456789"), ())


def name_key(name: str) -> str:
    """A printed name as it is compared: tone places, case and spacing do not count, diacritics do.

    >>> name_key("UỶ BAN  Nhân dân") == name_key("Ủy ban nhân dân")
    True
    """
    return " ".join(letters.tone_key(name[start:end]) for start, end in letters.syllables(name))


@cache
def _named() -> Mapping[str, Kind]:
    names = {}
    for slug, kind in _kinds().items():
        if slug != "roles":
            for name in (kind["label"], *kind.get("names", ())):
                names[name_key(name)] = Kind(slug)
    return names


@cache
def _of_abbr() -> dict[str, tuple[Kind, ...]]:
    found: dict[str, list[Kind]] = defaultdict(list)
    for slug, kind in _kinds().items():
        for abbr in kind.get("abbr", ()):
            found[abbr].append(Kind(slug))
    # «QĐ» and «TT» are printed for two types each; the commoner one comes first.
    first = {"QĐ": Kind.DECISION, "TT": Kind.CIRCULAR}
    return {a: tuple(sorted(kinds, key=lambda k: k != first.get(a))) for a, kinds in found.items()}


@cache
def _abbr_by_fold() -> Mapping[str, str]:
    return {letters.fold(abbr): abbr for abbr in reversed(_of_abbr())}


def kind_label(kind: Kind) -> str:
    """The printed name in sentence case: «Kế hoạch»."""
    return _kinds()[kind.value]["label"]


def kind_names() -> tuple[str, ...]:
    """Every printed name of a type, the longest first."""
    names = [n for s, k in _kinds().items() if s != "roles" for n in (k["label"], *k.get("names", ()))]
    return tuple(sorted(names, key=len, reverse=True))


@lru_cache(maxsize=4096)
def kind_named(text: str) -> Kind | None:
    """The type a printed name stands for, or None.

    >>> kind_named("KẾ HOẠCH").value, kind_named("kế hoạch 5 năm")
    ('ke-hoach', None)
    """
    return _named().get(name_key(text))


def kind_of_abbr(abbr: str) -> tuple[Kind, ...]:
    """The types an abbreviation in a symbol may stand for, the commonest first.

    >>> [kind.value for kind in kind_of_abbr("QĐ")]
    ['quyet-dinh', 'quy-dinh']
    """
    exact = _of_abbr().get(abbr)
    if exact or len(abbr) < 2:
        return exact or ()
    return _of_abbr().get(_abbr_by_fold().get(letters.fold(abbr), ""), ())


def type_abbrs() -> tuple[str, ...]:
    """Abbreviations of types as they stand in symbols."""
    return tuple(_of_abbr())


def role_label(role: Role) -> str:
    """Why a document is cited, in the reader's words."""
    return _kinds()["roles"][role.value]


@cache
def citation_words(table: str, entry: str) -> frozenset[str]:
    """A word list of `data/citation.toml`; pairs are parted by commas there, single words by blanks."""
    listed = tomllib.loads(_read("citation.toml"))[table][entry]
    parts = listed.split(",") if "," in listed else listed.split()
    return frozenset(" ".join(part.split()) for part in parts)
