"""Words of letterheads and signature blocks, from `data/offices.toml`, and questions about them."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

from corpus import lexicon
from corpus import text as letters

_GLUED = re.compile(rf"[{letters.CAPITALS}]{{8,14}}")


@cache
def table() -> dict[str, list[str] | str]:
    """The word lists as they stand in the file."""
    source = resources.files("corpus").joinpath("data", "offices.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def _starts(name: str) -> frozenset[str]:
    return frozenset(lexicon.name_key(entry) for entry in table()[name])


@cache
def _folded_starts(name: str) -> frozenset[str]:
    return frozenset(letters.fold(entry) for entry in table()[name])


@cache
def _no_starts(name: str) -> tuple[frozenset[str], int]:
    """Beginnings that only look like an entry, and the syllables of the longest."""
    entries = table().get(f"not_{name}", [])
    return frozenset(map(lexicon.name_key, entries)), max((len(entry.split()) for entry in entries), default=0)


@cache
def _longest(name: str) -> int:
    return max(len(entry.split()) for entry in table()[name])


@lru_cache(maxsize=4096)
def opening(text: str, name: str, *, folded: bool = False) -> int:
    """How many syllables at the start of a text are an entry of a list; 0 when none is.

    >>> opening("PHÓ GIÁM ĐỐC SỞ", "offices"), opening("Như trên", "offices")
    (3, 0)
    """
    spans = letters.syllables(text[:80])[: _longest(name)]
    if folded:
        words = [letters.fold(text[a:b]) for a, b in spans]
        known = _folded_starts(name)
    else:
        words = [letters.tone_key(text[a:b]) for a, b in spans]
        known = _starts(name)
    for count in range(len(words), 0, -1):
        if " ".join(words[:count]) in known:
            return 0 if _only_looks_so(text, name) else count
    return 0


def _only_looks_so(text: str, name: str) -> bool:
    """«Tổ chức …» begins with «Tổ» and is no body."""
    refused, longest = _no_starts(name)
    words = [letters.tone_key(text[a:b]) for a, b in letters.syllables(text[:80])[:longest]]
    return any(" ".join(words[:count]) in refused for count in range(2, len(words) + 1))


def unglued(text: str) -> str:
    """Capitals with the spaces that a lost line break swallowed, where only one cut gives two syllables.

    >>> unglued("PHÓ TỔNG THANH TRATHƯỜNG TRỰC"), unglued("VKSNDTC")
    ('PHÓ TỔNG THANH TRA THƯỜNG TRỰC', 'VKSNDTC')
    """
    return _GLUED.sub(lambda match: _unglued(match.group()), text)


def _unglued(word: str) -> str:
    if letters.is_syllable(word):
        return word
    cuts = [at for at in range(2, len(word) - 1) if all(map(letters.is_syllable, (word[:at], word[at:])))]
    return f"{word[: cuts[0]]} {word[cuts[0] :]}" if len(cuts) == 1 else word


@cache
def _by_fold(name: str) -> dict[str, str]:
    return {letters.fold(entry): entry for entry in reversed(table()[name])}


def respelt(text: str, name: str) -> str:
    """A text in capitals with its opening entry in the letters of the list, where OCR lost marks.

    >>> respelt("PHO GIÁM ĐÓC SỞ", "offices")
    'PHÓ GIÁM ĐỐC SỞ'
    """
    if opening(text, name) or not (count := opening(text, name, folded=True)):
        return text
    spans = letters.syllables(text[:80])[:count]
    entry = _by_fold(name)[" ".join(letters.fold(text[a:b]) for a, b in spans)]
    return text[: spans[0][0]] + entry.upper() + text[spans[-1][1] :]


@cache
def _provinces() -> dict[str, str]:
    return _by_fold("provinces")


def province(name: str) -> str:
    """A province's name in its own letters, where OCR or a keyboard lost marks; any other name as it is.

    >>> province("Lám Đông"), province("Định Hóa")
    ('Lâm Đồng', 'Định Hóa')
    """
    return _provinces().get(letters.fold(" ".join(name.split())), name)


def is_province(folded: str) -> bool:
    """Say whether folded letters are the name of a province, past or present."""
    return folded in _provinces()


@cache
def _surnames() -> frozenset[str]:
    return frozenset(letters.tone_key(name) for name in str(table()["surnames"]).split())


@cache
def _families() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name in str(table()["surnames"]).split():
        found.setdefault(letters.fold(name), set()).add(name)
    return {folded: next(iter(names)) for folded, names in found.items() if len(names) == 1}


def family_name(syllable: str) -> str:
    """A family name in its own letters where only one has these; any other syllable as it is.

    >>> family_name("Đồ"), family_name("Nguyên"), family_name("Đông")
    ('Đỗ', 'Nguyễn', 'Đông')
    """
    if letters.tone_key(syllable) in _surnames():
        return syllable
    return _families().get(letters.fold(syllable), syllable)


@cache
def _titles() -> re.Pattern[str]:
    names = sorted(table()["titles"], key=len, reverse=True)
    return re.compile(rf"^(?:(?:{'|'.join(map(re.escape, names))})(?:[.,:\s]+|$))+", re.IGNORECASE)


def without_title(name: str) -> str:
    """A person's name without rank or degree.

    >>> without_title("Đại tá Trần Văn A"), without_title("PGS.TS. Lê B C")
    ('Trần Văn A', 'Lê B C')
    """
    return _titles().sub("", name).strip(" .,")


def is_person(text: str) -> bool:
    """Say whether a piece is a personal name: two to six capitalised syllables, the first a family name."""
    words = without_title(text).split()
    if not 2 <= len(words) <= 6 or any(c in '.,;:()/"“0123456789' for c in "".join(words)):
        return False
    if not all(word[0].isupper() for word in words) or opening(text, "offices") or opening(text, "bodies") > 1:
        return False
    if letters.tone_key(words[0]) not in _surnames():
        return False
    if text.isupper() and (opening(text, "bodies") or words[0] == "PHÓ"):
        return False  # «VỤ CẢI CÁCH HÀNH CHÍNH» is the rest of an office
    plausible = sum(letters.is_syllable(word) for word in words)
    return plausible * 2 >= len(words)
