"""Tokens of a text: syllables with their tones, pairs of neighbours, symbols and dates, words.

A term is `base|key`: the folded letters, a bar, and the letters with their marks (nothing where there are none).
So one range of the index holds every spelling of a base, and one entry the spelling somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from corpus import dates, number
from corpus import text as letters

WORD = re.compile(r"[^\W_]+")
"""One token."""
# A line break joins (the lines of a paragraph in a PDF); a blank line, a table cell or punctuation parts.
BREAK = re.compile(r"[^\w\s]|_|\t|\n[^\S\n]*\n")
_DATE = "@"
_SYMBOLIC = re.compile(r"\d\s?[-/]|\bngày\s+\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Syllable:
    """One token as it is compared."""

    base: str
    """Folded letters, i for a final y that may be either."""
    key: str
    """The same with marks and tone: `corpus.text.tone_key`."""
    marked: bool = field(init=False, compare=False)
    """Whether it was written with any mark."""
    term: str = field(init=False, compare=False)
    """Its term in an index."""

    def __post_init__(self) -> None:
        marked = self.key != self.base
        object.__setattr__(self, "marked", marked)
        object.__setattr__(self, "term", f"{self.base}|{self.key if marked else ''}")


@dataclass(frozen=True, slots=True)
class Token:
    """A syllable at its place."""

    syllable: Syllable
    start: int
    end: int
    joined: bool
    """Only space stands between it and the token before."""


@lru_cache(maxsize=100_000)
def syllable(token: str) -> Syllable:
    """How one token is compared.

    >>> syllable("Uỷ") == syllable("ỦY"), syllable("lý").base == syllable("LI").base, syllable("đ").marked
    (True, True, True)
    """
    key = letters.tone_key(letters.normalise(token))
    base = letters.fold(key)
    # The tone is the digit at the end; a number keeps its digits.
    toned = len(key) > 1 and key[-1] in "12345" and not token[-1].isdigit()
    return Syllable(base[:-1] if toned else base, key)


def term(*syllables: Syllable) -> str:
    """The index term of a syllable or of neighbours.

    >>> term(syllable("báo"), syllable("cáo")), term(syllable("2016"))
    ('bao cao|bao2 cao2', '2016|')
    """
    if len(syllables) == 1:
        return syllables[0].term
    base = " ".join([s.base for s in syllables])
    if any(s.marked for s in syllables):
        return f"{base}|{' '.join([s.key for s in syllables])}"
    return base + "|"


def pair(first: Syllable, second: Syllable) -> str:
    """`term` of two neighbours, for the many of a text."""
    if first.marked or second.marked:
        return f"{first.base} {second.base}|{first.key} {second.key}"
    return f"{first.base} {second.base}|"


def runs(text: str) -> Iterator[list[Syllable]]:
    """Stretches of tokens with nothing but space between them; `text` must be NFC."""
    for stretch in BREAK.split(text):
        found = WORD.findall(stretch)
        if found:
            yield [syllable(token) for token in found]


def tokenise(text: str) -> tuple[Token, ...]:
    """Every token with its place; `text` must be NFC."""
    found: list[Token] = []
    before = 0
    for match in WORD.finditer(text):
        joined = bool(found) and not BREAK.search(text, before, match.start())
        found.append(Token(syllable(match.group()), match.start(), match.end(), joined))
        before = match.end()
    return tuple(found)


def symbols(text: str) -> tuple[str, ...]:
    """Numbers of documents (`corpus.number.key`) and full dates (`@2016-07-05`) in a text.

    >>> symbols("Kế hoạch số 05-KH/HU ngày 5/7/2016")
    ('5//kh/hu', '@2016-07-05')
    """
    if not _SYMBOLIC.search(text):
        return ()
    found = [number.key(value) for _, value in number.find(text) if value.body]
    return tuple(found + [date_term(day.isoformat()) for _, day in dates.find(text)])


def date_term(day: str) -> str:
    """The term of a full date, given as YYYY-MM-DD."""
    return _DATE + day


# Words. The segmenter was trained on oà, oé, uý; written òa, óe, úy most words are not seen.

_MOVED = {f"{old}a": f"o{new}" for new, old in zip("àáảãạ", "òóỏõọ", strict=True)}
_MOVED |= {f"{old}e": f"o{new}" for new, old in zip("èéẻẽẹ", "òóỏõọ", strict=True)}
_MOVED |= {f"{old}y": f"u{new}" for new, old in zip("ỳýỷỹỵ", "ùúủũụ", strict=True)}
_OLD_PLACE = re.compile(rf"(?<!q)(?:{'|'.join(_MOVED)})(?![^\W\d_])", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
# Symbols, dates and figures: the segmenter splits them.
_CUT = re.compile(r"\S*\d\S*|[^\W\d_]+(?:[-/&][^\W\d_]+)+")
_SEGMENT = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_LONGEST = 2_000  # characters handed over at once; memory grows with the length of a line


@cache
def _segmenter() -> Callable[[str], list[str]]:
    from underthesea import word_tokenize  # slow to load, needed by the worker only

    return lambda line: list(word_tokenize(line, use_token_normalize=False))


def _new_place(match: re.Match[str]) -> str:
    return _MOVED[match.group().lower()]


def _pieces(line: str) -> Iterator[str]:
    """The line, in pieces of bounded length cut at spaces where there are any."""
    while len(line) > _LONGEST:
        at = line.rfind(" ", 1, _LONGEST) if " " in line[1:_LONGEST] else _LONGEST
        yield line[:at]
        line = line[at:]
    yield line


@lru_cache(maxsize=20_000)
def _line_words(line: str) -> tuple[str, ...]:
    plain = _CUT.sub(" , ", line.lower())
    written: dict[str, str] = {}
    for match in _OLD_PLACE.finditer(plain):
        written[_new_place(match)] = match.group()
    moved = _OLD_PLACE.sub(_new_place, plain)
    found = [w for piece in _pieces(moved) if _LETTER.search(piece) for w in _segmenter()(piece)]
    back = re.compile(rf"(?:{'|'.join(written)})(?![^\W\d_])") if written else None
    return tuple(
        (back.sub(lambda m: written[m.group()], word) if back else word).replace(" ", "_")
        for word in found
        if _SEGMENT.fullmatch(word)
    )


def words(text: str) -> tuple[str, ...]:
    """Words of a text in lower case, syllables joined by `_`; symbols, dates and figures are left out."""
    found: list[str] = []
    for line in letters.normalise(text).split("\n"):
        if _LETTER.search(line):
            found += _line_words(" ".join(line.split()))
    return tuple(found)
