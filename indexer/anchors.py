"""Finding a place of a text again after the text was read anew: by its words, its section, what stands around it.

An anchor that fits two places equally well finds neither.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from corpus import sections as outline
from corpus.model import Section, Span
from corpus.text import fold

AROUND = 24
"""Letters before and after the words that tell one place from another."""
NEAR = 8
"""So many of them in a row already speak for a place."""
ALIKE = 0.6
"""How much of a section's title must remain for its id alone to find it."""
MUCH = 0.8
"""How much of long words must remain to be found without standing as they were."""
LONGEST = 600
"""Letters that are compared."""
CLEARLY = 0.1
"""How much more alike they must be than any other words."""


def letters(text: str) -> str:
    """What remains of words when marks, case, spaces and punctuation are read differently.

    >>> letters("Chỉ thị số 19 - CT/TU")
    'chithiso19cttu'
    """
    return "".join(letter for letter in fold(text) if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Text:
    """A text's letters, each with its offset; made once for all anchors of a document."""

    size: int
    letters: str
    offsets: tuple[int, ...]

    @staticmethod
    def of(text: str) -> Text:
        """Take the letters out of an NFC text."""
        held = [(letter, at) for at, letter in enumerate(fold(text)) if letter.isalnum()]
        return Text(len(text), "".join(letter for letter, _ in held), tuple(at for _, at in held))

    def span(self, at: int, length: int) -> Span:
        """Where letters stand in the text."""
        return Span(self.offsets[at], self.offsets[at + length - 1] + 1)


@dataclass(frozen=True, slots=True)
class _Place:
    """One occurrence of the words: which letter it begins at, and what an anchor says of it."""

    at: int
    section: str | None
    nth: int
    before: str
    after: str


def of_words(text: Text, sections: Sequence[Section], span: Span) -> dict[str, Any]:
    """The anchor of a stretch of text. ValueError when it has no letters."""
    first = bisect_right(text.offsets, span.start - 1)
    last = bisect_right(text.offsets, span.end - 1)
    words = text.letters[first:last]
    if not words:
        raise ValueError("nothing to hold on to")
    places = _places(text, sections, words)
    here = next(place for place in places if place.at == first)
    return {
        "words": words, "section": here.section, "nth": here.nth, "only": len(places) == 1,
        "before": here.before, "after": here.after,
    }  # fmt: skip


def find_words(anchor: Mapping[str, Any], text: Text, sections: Sequence[Section]) -> Span | None:
    """Where the words stand now; None when they are gone or two places fit equally well."""
    words = str(anchor["words"])
    places = _places(text, sections, words)
    if not places:
        return None
    if len(places) == 1 and anchor["only"]:
        return text.span(places[0].at, len(words))
    # Where nothing around the words is as it was, the place meant is gone and this is another one.
    ranked = sorted(((_fit(anchor, place), place.at) for place in places if _around(anchor, place)), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return text.span(ranked[0][1], len(words))


def _places(text: Text, sections: Sequence[Section], words: str) -> list[_Place]:
    found: list[_Place] = []
    seen: dict[str | None, int] = {}
    outlined = outline.Places(sections)
    at = text.letters.find(words)
    while at >= 0:
        name = outlined.id(text.offsets[at])
        stop = at + len(words)
        around = text.letters[max(0, at - AROUND) : at], text.letters[stop : stop + AROUND]
        found.append(_Place(at, name, seen.get(name, 0), *around))
        seen[name] = seen.get(name, 0) + 1
        at = text.letters.find(words, at + 1)
    return found


def _fit(anchor: Mapping[str, Any], place: _Place) -> int:
    same = anchor["section"] == place.section
    return _around(anchor, place) + 2 * same + (same and anchor["nth"] == place.nth)


def _around(anchor: Mapping[str, Any], place: _Place) -> int:
    before = _common(str(anchor["before"])[::-1], place.before[::-1])
    return before + _common(str(anchor["after"]), place.after)


def _common(one: str, other: str) -> int:
    """2: the same letters; 1: the nearest of them are the same."""
    if one == other:
        return 2
    return int(len(one) >= NEAR and one[:NEAR] == other[:NEAR])


def most_alike(words: str, others: Mapping[str, str]) -> str | None:
    """The only one of these letters that is much the same as `words`; None when two are or none is."""
    ranked = sorted(((_ratio(words, other), number) for number, other in enumerate(others.values())), reverse=True)
    if not ranked or ranked[0][0] < MUCH or (len(ranked) > 1 and ranked[1][0] > ranked[0][0] - CLEARLY):
        return None
    return list(others)[ranked[0][1]]


def _ratio(one: str, other: str) -> float:
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one[:LONGEST], other[:LONGEST], autojunk=False)
    # The quick bounds spare most of the work: of hundreds of tasks only a few are near.
    if matcher.real_quick_ratio() < MUCH - CLEARLY or matcher.quick_ratio() < MUCH - CLEARLY:
        return 0.0
    return matcher.ratio()


def of_section(section: Section) -> dict[str, Any]:
    """The anchor of a section: its id and its title."""
    return {"id": section.id, "title": letters(section.title)}


def find_section(anchor: Mapping[str, Any], sections: Sequence[Section]) -> Section | None:
    """The section meant: under its id with a title that is much the same, else the only one with that title."""
    for section in sections:
        if section.id == anchor["id"] and _alike(str(anchor["title"]), letters(section.title)):
            return section
    titled = [s for s in sections if anchor["title"] and letters(s.title) == anchor["title"]]
    return titled[0] if len(titled) == 1 else None


def _alike(one: str, other: str) -> bool:
    return one == other or SequenceMatcher(None, one[:200], other[:200], autojunk=False).ratio() >= ALIKE
