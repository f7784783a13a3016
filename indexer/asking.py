"""What a question is asked with, as against what it asks about.

Papers hardly ever say «như thế nào» or «bao nhiêu»: being rare there, these words would count as the most telling
ones, and lift the few passages that happen to have them. Only turns that mean nothing else, typed without marks too,
are listed. A single word may be part of what is asked about («một hình thức nào đó»): it only need not be found, where
all words typed should be.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from corpus import text as letters
from indexer.clauses import SENTENCE
from indexer.tokens import Syllable, syllable

TURNS = (
    "như thế nào", "thế nào", "ra sao", "bao nhiêu", "là bao nhiêu", "bao lâu", "là bao lâu",
    "đúng hay sai", "là đúng hay sai", "là gì", "vui lòng", "xin hỏi", "cho tôi hỏi", "hay không", "khi nào",
    *(f"nào {place} đây{claim}" for place in ("sau", "dưới")
      for claim in ("", " đúng", " là đúng", " không đúng", " là không đúng", " sai", " là sai")),
)  # fmt: skip
WORDS = ("gì", "nào", "đâu", "mấy")  # as written: without marks they are other words


@cache
def _turns() -> frozenset[tuple[str, ...]]:
    """Keys of the syllables of each turn, with marks and without."""
    written = [words for turn in TURNS for words in (turn, letters.fold(turn))]
    return frozenset(tuple(syllable(word).key for word in words.split()) for words in written)


def find(syllables: Sequence[Syllable], joined: Sequence[bool]) -> frozenset[int]:
    """Places of the syllables that only ask; none where nothing else would be left."""
    if len(syllables) > SENTENCE:
        found = _in_turns(syllables, joined)
    else:
        words = {syllable(word).key for word in WORDS}
        found = _in_turns(syllables, joined) | {i for i, s in enumerate(syllables) if s.key in words}
    return frozenset(found) if len(found) < len(syllables) else frozenset()


def _in_turns(syllables: Sequence[Syllable], joined: Sequence[bool]) -> set[int]:
    longest = max(map(len, _turns()))
    found: set[int] = set()
    at = 0
    while at < len(syllables):
        for end in range(min(at + longest, len(syllables)), at, -1):
            if all(joined[at + 1 : end]) and tuple(s.key for s in syllables[at:end]) in _turns():
                found.update(range(at, end))
                at = end
                break
        else:
            at += 1
    return found
