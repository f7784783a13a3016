"""The register of bodies (danh mục cơ quan): one body with its names, the body above it, its time and its successors.

`data/places.toml` begins it with the provinces; what the office adds or changes comes on top. A name may belong to
several bodies, of two places or of two times: then only the day and the bodies around decide, or nothing does.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from corpus import bodyname, lexicon
from corpus.text import fold

ORGANS = re.compile(
    r"(?:ban thường vụ|ban chấp hành|thường trực|chủ tịch|phó chủ tịch|bí thư|chánh văn phòng)\s+"
    r"(?=(?:tỉnh|thành|huyện|quận|thị|đảng)\s+(?:ủy|uỷ)|ủy ban|uỷ ban|hội đồng|đảng bộ|hội\b)",
    re.IGNORECASE,
)
"""Organs and offices of a body, which speak for it."""


@dataclass(frozen=True, slots=True)
class RegisteredBody:
    """One body (cơ quan, tổ chức) of one place and time."""

    id: str
    name: str
    """In full, with its place."""
    aliases: tuple[str, ...] = ()
    """Other names it goes by, in full as well where they are to mean only it."""
    parent: str | None = None
    """Id of the body above it."""
    since: dt.date | None = None
    """First day on which it was there; None: not known, or always."""
    until: dt.date | None = None
    """First day on which it was no longer there; None: it is still there."""
    successors: tuple[str, ...] = ()
    """Ids of the bodies that took over."""

    def there(self, on: dt.date | None) -> bool:
        """Whether it may have been there on a day; True where no day is asked for."""
        return on is None or ((self.since is None or self.since <= on) and (self.until is None or on < self.until))


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """The name as it is compared: abbreviations opened, without the organ that speaks for the body.

    >>> key("UBND huyện Yên Hà") == key("Uỷ ban nhân dân huyện Yên Hà") == key("Chủ tịch UBND huyện Yên Hà")
    True
    """
    return lexicon.name_key(ORGANS.sub("", bodyname.open_abbreviations(name)))


class Register:
    """Bodies by name; built once for many questions."""

    def __init__(self, bodies: Iterable[RegisteredBody]) -> None:
        self.by_id: dict[str, RegisteredBody] = {body.id: body for body in bodies}
        self.by_name: dict[str, list[RegisteredBody]] = defaultdict(list)
        for body in sorted(self.by_id.values(), key=lambda one: one.id):
            for name in dict.fromkeys(map(key, (body.name, *body.aliases))):
                self.by_name[name].append(body)
        self.before: dict[str, set[str]] = defaultdict(set)
        for body in self.by_id.values():
            for successor in body.successors:
                self.before[successor].add(body.id)

    def named(
        self, name: str | None, *, on: dt.date | None = None, near: Collection[str] = ()
    ) -> tuple[RegisteredBody, ...]:
        """The bodies a name may mean on a day; of several, those under one of the bodies `near`, if any is."""
        found = [body for body in self.by_name.get(key(name), ()) if body.there(on)] if name else []
        close = [body for body in found if near and not self.above(body.id).isdisjoint(near)]
        return tuple(close or found)

    def one(
        self, name: str | None, *, parent: str | None = None, on: dt.date | None = None, near: Collection[str] = ()
    ) -> RegisteredBody | None:
        """The body a name means, given the name of the one above it; None when none does or several may."""
        over = {body.id for body in self.named(parent, on=on)}
        found = self.named(name, on=on, near=over or near)
        return found[0] if len(found) == 1 else None

    def above(self, id: str) -> frozenset[str]:
        """The bodies above one, and the one itself."""
        found: set[str] = set()
        while id in self.by_id and id not in found:
            found.add(id)
            id = self.by_id[id].parent or ""
        return frozenset(found)

    def under(self, id: str) -> frozenset[str]:
        """The bodies under one, and the one itself."""
        return frozenset(other for other in self.by_id if id in self.above(other)) | {id}

    def follows(self, later: str, earlier: str) -> bool:
        """Whether one body took over from another, at once or through others."""
        seen, waiting = {earlier}, [earlier]
        while waiting:
            for successor in self.by_id[waiting.pop()].successors:
                if successor == later:
                    return True
                if successor in self.by_id and successor not in seen:
                    seen.add(successor)
                    waiting.append(successor)
        return False

    def called(self, name: str) -> str:
        """The name in the register of the only body it can mean; the name itself where none or several can."""
        found = self.named(name)
        whole = found and not ORGANS.match(bodyname.open_abbreviations(name))
        return found[0].name if whole and len(found) == 1 else name

    def around(self, id: str) -> frozenset[str]:
        """The keys of every name whose meaning may change with this body: its own, those under it, before and after."""
        if id not in self.by_id:
            return frozenset()
        ids = {*self.under(id), *self.by_id[id].successors, *self.before[id]}
        return frozenset(
            key(name) for one in ids if (body := self.by_id.get(one)) for name in (body.name, *body.aliases)
        )


# -- what every register begins with


@cache
def _places() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("corpus").joinpath("data", "places.toml").read_text(encoding="utf-8"))


@cache
def provinces() -> tuple[RegisteredBody, ...]:
    """The committees, councils and people's committees of provinces that ended, and of those that took over."""
    ended = [(old, new, group["on"]) for group in _places()["ended"] for old, new in group["provinces"]]
    gone = {old: (new, on) for old, new, on in ended}
    names = dict.fromkeys([*gone, *(new for _, new, _ in ended)])
    return tuple(body for name in names for body in _of_province(name, *gone.get(name, (None, None))))


def _of_province(name: str, successor: str | None, until: dt.date | None) -> Iterator[RegisteredBody]:
    city = name in _places()["cities"]["names"]
    level, committee = ("thành phố", "Thành ủy") if city else ("tỉnh", "Tỉnh ủy")
    forms = {
        "uy": f"{committee} {name}", "ubnd": f"Ủy ban nhân dân {level} {name}",
        "hdnd": f"Hội đồng nhân dân {level} {name}",
    }  # fmt: skip
    since = _places()["cities"]["since"].get(name)
    for form, said in forms.items():
        after = (_id(successor, form),) if successor else ()
        yield RegisteredBody(_id(name, form), said, since=since, until=until, successors=after)


def _id(name: str, form: str) -> str:
    return f"{re.sub(r'[^a-z]+', '-', fold(name))}.{form}"


_DISTRICT = re.compile(r"(?<!\w)(?:huyện|quận|thị xã|thị (?:ủy|uỷ))(?!\w)", re.IGNORECASE)


def ended_with_district(name: str) -> tuple[dt.date, str] | None:
    """For a body of a district: the day on which its level ended, and what took over; None for any other body.

    >>> ended_with_district("Huyện ủy Yên Hà")[0].isoformat(), ended_with_district("Tỉnh ủy Lam Giang")
    ('2025-07-01', None)
    """
    opened = bodyname.open_abbreviations(name)
    if not _DISTRICT.search(opened):
        return None
    rules = _places()["district"]
    plain = lexicon.name_key(opened)
    for opening, successors in rules["successors"]:
        if plain.startswith(lexicon.name_key(opening)):
            return rules["until"], successors
    return rules["until"], ""
