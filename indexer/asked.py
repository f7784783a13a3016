"""A query spelled out for one state of an index: terms with what they are worth, and how they go together.

`ranking` makes it; every engine works it out by its own means, and all come to the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.tokens import Syllable


@dataclass(frozen=True, slots=True)
class Spelled:
    """One syllable or pair in all the spellings that are meant; a passage gets the best of them."""

    field: str
    terms: tuple[tuple[str, float], ...]
    """Index terms, each with its share of the worth."""
    worth: float
    k1: float
    least: float = 0.0
    """Mentions worth less than this are not looked at."""
    peak: float = math.inf
    """No stored weight is higher."""

    def gain(self, weight: float) -> float:
        """What a mention of this stored weight is worth in the spelling that was typed."""
        return self.worth * weight / (self.k1 + weight)

    @property
    def most(self) -> float:
        """No passage gets more."""
        most = self.worth * max((share for _, share in self.terms), default=0.0)
        return most if self.peak == math.inf else most * self.peak / (self.k1 + self.peak)


@dataclass(frozen=True, slots=True)
class Beside:
    """Syllables side by side: all parts must be there, and for three or more their order in the text decides."""

    parts: tuple[Spelled, ...]
    syllables: tuple[Syllable, ...]
    share: float = 1.0

    @property
    def verified(self) -> bool:
        """Whether the pairs alone do not prove it."""
        return len(self.syllables) > 2


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number or a day: index terms of the field `symbol`."""

    terms: tuple[str, ...]
    own: bool = False
    """Only documents that carry it."""


@dataclass(frozen=True, slots=True)
class Better:
    """What was typed, or another way to say it; a passage gets the best of them."""

    first: Group
    others: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """At least one of several groups; a passage gets the sum of those it has whole."""

    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What to find together; `extras` only add."""

    musts: tuple[Part, ...]
    extras: tuple[Part, ...] = ()
    sentence: bool = False
    """Whether no passage is expected to have everything: those with most of it answer."""

    @property
    def strict(self) -> tuple[Part, ...]:
        """What no passage may lack, even where most of the words are enough."""
        return tuple(part for part in self.musts if not isinstance(part, Spelled | Better))

    @property
    def loose(self) -> int:
        """How many words a passage may lack where most of them are enough."""
        return len(self.musts) - len(self.strict)


Part = Spelled | Beside | Numbered | Better | Options


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides what answers a query, and how well."""

    group: Group
    excluded: tuple[Group, ...] = ()
    """No passage of a document that has one of these whole answers."""
    place: str | None = None


def spelled(parts: Iterable[Part]) -> Iterator[Spelled]:
    """Every leaf that is a word or a pair."""
    for part in parts:
        match part:
            case Spelled():
                yield part
            case Beside():
                yield from part.parts
            case Better():
                yield from spelled((*part.first.musts, *part.first.extras, *part.others))
            case Options():
                for group in part.groups:
                    yield from spelled((*group.musts, *group.extras))
            case Numbered():
                pass
