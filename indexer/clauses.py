"""What was asked, as values: runs of words, phrases, numbers, alternatives. Made by `query`, used by `ranking`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain

from indexer.tokens import Syllable
from indexer.views import Filters

SENTENCE = 8  # syllables; longer stretches of free words are sentences, of which no passage has every word


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another way to say the syllables `start`…`end` of a run."""

    start: int
    end: int
    syllables: tuple[Syllable, ...]
    shown: str
    reading: bool = False
    """Whether an abbreviation was typed, and this is all it can stand for."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words as typed: all of them at best, most of them when that finds little; neighbours count more."""

    syllables: tuple[Syllable, ...]
    joined: tuple[bool, ...]
    """By syllable: nothing but space stands before it."""
    synonyms: tuple[Synonym, ...] = ()
    """In order, not overlapping."""
    asking: frozenset[int] = frozenset()
    """Syllables that only ask («… như thế nào»): in a sentence they tell nothing, elsewhere they may lack."""

    @property
    def read_out(self) -> Run:
        """The same with every abbreviation read out, and typed as another way to say that."""
        readings = {synonym.start: synonym.syllables for synonym in self.synonyms if synonym.reading}
        if not readings:
            return self
        said = [readings.get(i, (syllable,)) for i, syllable in enumerate(self.syllables)]
        places = [0, *accumulate(map(len, said))]
        return Run(
            tuple(chain.from_iterable(said)),
            tuple(before or n > 0 for before, words in zip(self.joined, said, strict=True) for n in range(len(words))),
            tuple(
                Synonym(
                    places[synonym.start], places[synonym.end],
                    self.syllables[synonym.start : synonym.end] if synonym.reading else synonym.syllables,
                    synonym.shown,
                )
                for synonym in self.synonyms
            ),
            frozenset(places[i] for i in self.asking),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """Syllables side by side, in this order."""

    syllables: tuple[Syllable, ...]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A number or date as the index has it; only a serial and a type for «KH 11»."""

    prefix: str
    type: str | None = None
    """Key of the type when body and year are open; None: `prefix` is the whole."""
    own: bool = False
    """Only documents that carry it, not those that cite it."""

    def means(self, term: str) -> bool:
        """Whether an index term that begins with `prefix` is meant."""
        if self.type is None:
            return term == self.prefix or (self.prefix.endswith("/") and not term.startswith("@"))
        return term.split("/")[2:3] == [self.type]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of several; each option is everything in it."""

    options: tuple[tuple[Clause, ...], ...]


Clause = Run | Phrase | Symbol | Either


@dataclass(frozen=True, slots=True)
class Query:
    """A query, ready for any engine."""

    text: str
    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    filters: Filters = field(default_factory=Filters)
    signers: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()
    """Codes or titles of dossiers to search in."""
    place: str | None = None
    """Id of the section to search in."""
    issued_on: dt.date | None = None
    """Day named beside a number: the document of that day comes first."""

    @property
    def also(self) -> tuple[str, ...]:
        """Synonyms that are searched with it, as shown."""
        return tuple(dict.fromkeys(s.shown for run in runs(self.clauses) for s in run.synonyms))

    @property
    def numbers(self) -> tuple[Symbol, ...]:
        """Complete numbers that were asked for."""
        return tuple(c for c in self.clauses if isinstance(c, Symbol) and not c.prefix.startswith("@"))


def runs(clauses: Sequence[Clause]) -> Iterator[Run]:
    """Every run, those inside alternatives too."""
    for clause in clauses:
        if isinstance(clause, Run):
            yield clause
        elif isinstance(clause, Either):
            for option in clause.options:
                yield from runs(option)
