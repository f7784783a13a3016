"""Marks that recognition lost, put back where only one word of the dictionary fits beside its neighbour.

«tô chức» becomes «tổ chức». Marks are only added, never taken away, and never where the reading is sure.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from corpus import offices, text

_SURE = 0.96
"""Confidence from which a word stands as it was read."""
_NAME = 3
"""Syllables of a name; two may be a place («Đồ Sơn»)."""
_EDGE = ".,;:()[]“”\"'-–/"
_ENDS = (".", ",", ";", ":", ")")
_MOTTO = ("Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập", "Tự do", "Hạnh phúc")
_TITLE = re.compile(r"[^\W\d_]+")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A word as recognised; confidence 0…1."""

    text: str
    confidence: float


@cache
def _pairs() -> Mapping[Pair, frozenset[Pair]]:
    """Neighbouring syllables of known words, by their letters without marks."""
    pairs: dict[Pair, set[Pair]] = {}
    for entry in _entries():
        syllables = _TITLE.findall(unicodedata.normalize("NFC", entry).lower())
        for pair in pairwise(syllables):
            pairs.setdefault((text.fold(pair[0]), text.fold(pair[1])), set()).add(pair)
    return {key: frozenset(found) for key, found in pairs.items()}


def _entries() -> Iterator[str]:
    yield from _MOTTO
    for names in offices.table().values():
        if isinstance(names, list):
            yield from names
    # The word list that comes with the word segmenter; only the file is read, the library stays unloaded.
    found = importlib.util.find_spec("underthesea")
    if found and found.origin:
        words = Path(found.origin).parent / "corpus" / "data" / "Viet74K.txt"
        if words.exists():
            yield from words.read_text(encoding="utf-8").splitlines()


def load() -> None:
    """Read the dictionary now, so that children forked later share it."""
    _pairs()


def respell(line: Sequence[Reading]) -> list[str]:
    """The words of a line, lost marks put back."""
    named = _named(line)
    if named:
        return named
    cores = [word.text.strip(_EDGE).lower() for word in line]
    bound = [not word.text.endswith(_ENDS) for word in line]
    known = _confirmed(cores, bound)
    result = []
    for i, word in enumerate(line):
        core = cores[i]
        if not known[i] and core.isalpha() and word.confidence < _SURE:
            fitting = {new for new in _fitting(cores, bound, i) if _adds_marks(core, new)}
            if len(fitting) == 1:
                cores[i] = fitting.pop()
        result.append(_cased(word.text, core, cores[i]))
    return result


def _named(line: Sequence[Reading]) -> list[str] | None:
    """A line that is somebody's name alone, as it was read; only the family name, of which there are few, is put right.

    The dictionary has no say: it would make «Đồ Ngọc» a fool.
    """
    words = [word.text for word in line]
    name = offices.without_title(" ".join(words)).split()
    at = len(words) - len(name)
    if len(name) < _NAME or words[at:] != name:
        return None
    family = offices.family_name(name[0]) if line[at].confidence < _SURE else name[0]
    mended = [_cased(name[0], name[0].lower(), family.lower()), *name[1:]]
    return [*words[:at], *mended] if offices.is_person(" ".join(mended)) else None


def _confirmed(cores: Sequence[str], bound: Sequence[bool]) -> list[bool]:
    known = [False] * len(cores)
    for i in range(len(cores) - 1):
        if bound[i] and (cores[i], cores[i + 1]) in _like(cores[i], cores[i + 1]):
            known[i] = known[i + 1] = True
    return known


def _like(first: str, second: str) -> Iterable[Pair]:
    return _pairs().get((text.fold(first), text.fold(second)), frozenset())


def _fitting(cores: Sequence[str], bound: Sequence[bool], i: int) -> Iterator[str]:
    if i + 1 < len(cores) and bound[i]:
        yield from (a for a, b in _like(cores[i], cores[i + 1]) if b == cores[i + 1])
    if i > 0 and bound[i - 1]:
        yield from (b for a, b in _like(cores[i - 1], cores[i]) if a == cores[i - 1])


def _marks(word: str) -> int:
    return len(unicodedata.normalize("NFD", word)) - len(word) + word.count("đ")


def _adds_marks(old: str, new: str) -> bool:
    return _marks(new) > _marks(old) or not text.is_syllable(old)


def _cased(word: str, old: str, new: str) -> str:
    """`word` with its letters `old` replaced, capitals and punctuation kept."""
    if old == new:
        return word
    start = word.lower().find(old)
    printed = word[start : start + len(old)]
    if printed.isupper() and len(printed) > 1:
        new = new.upper()
    elif printed[:1].isupper():
        new = new.capitalize()
    return word[:start] + new + word[start + len(old) :]
