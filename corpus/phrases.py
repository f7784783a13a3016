"""What a passage and a task say in the same words, as a clerk would read it: whole words, no scraps of two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from corpus import similarity
from corpus.figures import figures
from corpus.text import fold

MOST = 3
"""Phrases shown."""
COUNTED = 5
"""Words after a figure that may have been cut."""
LONGEST = 14
"""Syllables of one phrase shown in a reason."""

_SMALL = frozenset(
    re.split(
        r"\s+",
        "các việc của và cho trong về với để tại theo những một trên là đã được có đến từ khi như này đó do bằng bởi ra"
        " vào ở thì mà hoặc cũng còn sẽ nhất đối rất số ngày năm",
    )
)
"""Words that only join; as written, for «đồ» and «độ» are none."""
_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*%?|[^\W\d_]+")
_BREAK = re.compile(r"[.;:!?()\"“”\n]")


@cache
def _words() -> frozenset[str]:
    """Pairs of syllables, without marks, that stand together in a word: `data/words.txt`."""
    lines = resources.files("corpus").joinpath("data/words.txt").read_text("utf-8").splitlines()
    found: set[str] = set()
    for line in lines:
        first, colon, others = line.partition(":")
        if colon and not line.startswith("#"):
            found.update(f"{first} {other}" for other in others.split())
    return frozenset(found)


def shared(work: str, passage: str) -> tuple[str, ...]:
    """The longest runs of words that two texts share, as the passage prints them; those that tell most first.

    >>> shared("giải quyết thủ tục hành chính phi địa giới", "Kết quả phê duyệt, giải quyết thủ tục hành chính đạt 95%")
    ('giải quyết thủ tục hành chính',)
    """
    said = [_printed(passage[low:high]) for low, high in runs(work, passage)]
    kept: list[str] = []
    for run in sorted(dict.fromkeys(said), key=lambda run: (-_telling(run), -len(run))):
        if not any(fold(run) in fold(other) for other in kept):
            kept.append(run)
    return tuple(kept[:MOST])


def runs(work: str, passage: str) -> tuple[tuple[int, int], ...]:
    """Where the passage uses the words of the task: stretches of whole words that tell something, in text order."""
    asked = _Asked.of(work)
    found: list[tuple[int, int]] = []
    start = 0
    for stop in (*_BREAK.finditer(passage), None):
        end = stop.start() if stop else len(passage)
        found += [(start + low, start + high) for low, high in _runs(passage[start:end], asked)]
        start = stop.end() if stop else end
    return tuple((low, high) for low, high in found if _telling(passage[low:high]))


def _printed(run: str) -> str:
    words = run.split()
    text = " ".join(words[:LONGEST]) + "…" * (len(words) > LONGEST)
    return text.lower() if text.isupper() else text


@dataclass(frozen=True, slots=True)
class _Asked:
    """Pairs of syllables of a task, without marks."""

    pairs: frozenset[str]
    opening_inside: frozenset[str]
    """Those that begin with the second half of a word: «hóa dữ» of «số hóa dữ liệu»."""
    closing_inside: frozenset[str]
    """Those that end with the first half of a word."""

    @staticmethod
    @lru_cache(maxsize=2_000)
    def of(work: str) -> _Asked:
        opening: set[str] = set()
        closing: set[str] = set()
        for piece in _BREAK.split(fold(work)):
            bare = _TOKEN.findall(piece)
            for at in range(len(bare) - 1):
                if not _joined(bare, at):
                    pair = f"{bare[at]} {bare[at + 1]}"
                    opening.update([pair] * _joined(bare, at - 1))
                    closing.update([pair] * _joined(bare, at + 1))
        return _Asked(frozenset(similarity.terms(work)), frozenset(opening), frozenset(closing))


def figure(passage: str) -> str | None:
    """The first figure of a passage with what it counts, cut between words.

    >>> figure("đã tiếp nhận 17.523 hồ sơ cấp phiếu Lý lịch tư pháp")
    '17.523 hồ sơ cấp phiếu'
    """
    found = next(iter(figures(passage)), None)
    words = found.split() if found else []
    if len(words) > COUNTED and not _joined([fold(word) for word in words], len(words) - 2):
        words = words[:-1]
    return " ".join(words) or None


def _telling(run: str) -> int:
    """How many pairs of a run show what it is about."""
    words = [match.group().lower() for match in _TOKEN.finditer(run)]
    return sum(
        similarity.tells(fold(f"{one} {other}")) for one, other in pairwise(words) if _SMALL.isdisjoint((one, other))
    )


def _runs(piece: str, asked: _Asked) -> Iterator[tuple[int, int]]:
    places = [match.span() for match in _TOKEN.finditer(piece)]
    words = [piece[low:high].lower() for low, high in places]
    bare = [fold(word) for word in words]
    pairs = [f"{one} {other}" for one, other in pairwise(bare)]
    start = 0
    while start < len(bare):
        end = start
        while end < len(pairs) and pairs[end] in asked.pairs:
            end += 1
        low, high = _whole_words(words, bare, start, end, asked)
        if low < high:
            yield places[low][0], places[high][1]
        start = end + 1


def _whole_words(words: Sequence[str], bare: Sequence[str], low: int, high: int, asked: _Asked) -> tuple[int, int]:
    """A run without small words and halves of words, of either text, at its ends: inclusive bounds."""
    while low < high:
        half = _joined(bare, low - 1) or f"{bare[low]} {bare[low + 1]}" in asked.opening_inside
        if not (words[low] in _SMALL or (half and not _joined(bare, low))):
            break
        low += 1
    while low < high:
        half = _joined(bare, high) or f"{bare[high - 1]} {bare[high]}" in asked.closing_inside
        if not (words[high] in _SMALL or (half and not _joined(bare, high - 1))):
            break
        high -= 1
    return low, high


def _joined(bare: Sequence[str], at: int) -> bool:
    """Whether the syllables at `at` and after it stand in one word."""
    return 0 <= at < len(bare) - 1 and f"{bare[at]} {bare[at + 1]}" in _words()
