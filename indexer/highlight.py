"""Snippets: the stretch of the stored text that shows best why a passage was found, with marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus import dates, number
from corpus import text as letters
from indexer.clauses import Clause, Either, Phrase, Query, Run, Symbol
from indexer.tokens import BREAK, WORD, Syllable, Token, date_term, syllable

LENGTH = 260  # characters of a snippet
# Marked only beside another word that was asked for: alone they say nothing.
_FUNCTION = frozenset(
    re.findall(
        r"\w+",
        "và của các cho theo trong từ đến tại đối với về việc là được có những một này khi thì mà để do bị bởi "
        "nào gì như thế bao nhiêu hay hoặc ở ra vào trên dưới",
    )
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a text and what to mark in it."""

    start: int
    """Where it begins in the text given."""
    text: str
    marks: tuple[tuple[int, int], ...]
    """Offsets inside `text`, in order, not overlapping."""


def _leaves(clauses: Iterable[Clause]) -> Iterator[Run | Phrase | Symbol]:
    for clause in clauses:
        if isinstance(clause, Either):
            for option in clause.options:
                yield from _leaves(option)
        else:
            yield clause


def _sequences(query: Query) -> list[tuple[tuple[Syllable, ...], bool]]:
    """Stretches to look for, and whether each must be found whole."""
    found: list[tuple[tuple[Syllable, ...], bool]] = []
    for leaf in _leaves(query.clauses):
        if isinstance(leaf, Phrase):
            found.append((leaf.syllables, True))
        elif isinstance(leaf, Run):
            found.append((leaf.syllables, False))
            found += [(synonym.syllables, True) for synonym in leaf.synonyms]
    return found


def _same(wanted: Syllable, token: Token) -> bool:
    return wanted.key == token.syllable.key if wanted.marked else wanted.base == token.syllable.base


def _stretches(
    tokens: Sequence[Token], wanted: Sequence[Syllable], *, whole: bool
) -> Iterator[tuple[int, int]]:
    """Longest stretches of neighbouring tokens that stand in `wanted` in the same order."""
    places: dict[str, list[int]] = {}
    for i, one in enumerate(wanted):
        places.setdefault(one.base, []).append(i)
    at = 0
    while at < len(tokens):
        longest = 0
        for place in places.get(tokens[at].syllable.base, ()):
            length = 0
            while (
                at + length < len(tokens)
                and place + length < len(wanted)
                and (length == 0 or tokens[at + length].joined)
                and _same(wanted[place + length], tokens[at + length])
            ):
                length += 1
            longest = max(longest, length)
        if longest and (longest == len(wanted) or not whole):
            yield at, at + longest
        at += max(longest, 1)


def _symbols(text: str, query: Query) -> Iterator[tuple[int, int]]:
    symbols = [leaf for leaf in _leaves(query.clauses) if isinstance(leaf, Symbol)]
    if not symbols:
        return
    for span, value in number.find(text):
        key = number.key(value)
        if any(key.startswith(symbol.prefix) and symbol.means(key) for symbol in symbols):
            yield span.start, span.end
    for span, day in dates.find(text):
        if any(symbol.prefix == date_term(day.isoformat()) for symbol in symbols):
            yield span.start, span.end


def _near(text: str, sequences: Iterable[tuple[tuple[Syllable, ...], bool]]) -> list[Token]:
    """The tokens of a text that may be meant; a page has ten thousand others, which never become values."""
    bases = {one.base for wanted, _ in sequences for one in wanted}
    found: list[Token] = []
    before = -1  # where the token before ends, if it may be meant too
    for match in WORD.finditer(text):
        read = syllable(match.group())
        if read.base in bases:
            start = match.start()
            joined = before >= 0 and not BREAK.search(text, before, start)
            before = match.end()
            found.append(Token(read, start, before, joined))
        else:
            before = -1
    return found


def weigh(text: str, query: Query) -> list[tuple[int, int, float]]:
    """Everything worth marking in an NFC text: start, end and how much it shows."""
    sequences = _sequences(query)
    tokens = _near(text, sequences)
    found = [(start, end, 6.0) for start, end in _symbols(text, query)]
    for wanted, whole in sequences:
        for first, last in _stretches(tokens, wanted, whole=whole):
            start, end = tokens[first].start, tokens[last - 1].end
            dull = last - first == 1 and len(wanted) > 1 and text[start:end].lower() in _FUNCTION
            if not dull:
                found.append((start, end, float(last - first) ** 1.5))
    return _apart(found)


def _apart(found: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """In order, the longer of two that overlap."""
    kept: list[tuple[int, int, float]] = []
    for mark in sorted(found, key=lambda m: (m[0], -m[1])):
        if not kept or mark[0] >= kept[-1][1]:
            kept.append(mark)
        elif mark[1] - mark[0] > kept[-1][1] - kept[-1][0]:
            kept[-1] = mark
    return kept


def marks(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """What to mark in a short text, such as a title."""
    plain = text if letters.normalise(text) == text else None
    return tuple((start, end) for start, end, _ in weigh(plain, query)) if plain is not None else ()


def snippet(text: str, query: Query, *, length: int = LENGTH) -> Snippet:
    """The stretch of a passage with most of what was asked for; its beginning when nothing stands in it."""
    found = weigh(text, query)
    start, end = _window(text, found, length)
    shown = re.sub(r"\s", " ", text[start:end])
    inside = tuple((s - start, e - start) for s, e, _ in found if s >= start and e <= end)
    return Snippet(start, shown, inside)


def _window(text: str, found: Sequence[tuple[int, int, float]], length: int) -> tuple[int, int]:
    """Where the best stretch begins and ends, at spaces, a sentence's beginning where one is near."""
    best, first = -1.0, 0
    last, gathered = 0, 0.0
    for i, (start, _, worth) in enumerate(found):
        while last < len(found) and found[last][1] - start <= length * 3 // 4:
            gathered += found[last][2]
            last += 1
        if gathered > best + 1e-9:
            best, first = gathered, i
        gathered = gathered - worth if last > i else 0.0
        last = max(last, i + 1)
    anchor = found[first][0] if found else len(text) - len(text.lstrip())
    start = _beginning(text, anchor, length // 4) if found else anchor
    end = start + length
    if end >= len(text):
        return start, len(text.rstrip())
    reach = max([e for s, e, _ in found if s < end and s >= start], default=start)
    cut = text.rfind(" ", max(start + length // 2, min(reach, end)), end + 1)
    return start, cut if cut > 0 else max(end, reach)


def _beginning(text: str, anchor: int, reach: int) -> int:
    """The last sentence or line that begins at most `reach` before the anchor, else a word."""
    low = max(0, anchor - reach)
    if low == 0:
        return len(text) - len(text.lstrip())
    breaks = [m.end() for m in re.finditer(r"(?:[.;:!?]\s+|\n\s*)(?=\S)", text[low:anchor])]
    if breaks:
        return low + breaks[-1]
    space = text.find(" ", low, anchor)
    return space + 1 if space >= 0 else low
