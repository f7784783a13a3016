"""What is better: true BM25F over syllables and neighbouring pairs, the same for every engine.

Fields are normalised by length and weighted before saturation; scores added up by field make headings hurt.
Saturated, a heading that names ten things beside what was asked is worth almost as much as one that names only that;
so a word's share of the heading counts once more, hardly saturated.
The lengths fields are compared with are constants, so that a posting never depends on what else is indexed.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Protocol

from corpus import number
from indexer import tokens
from indexer.asked import Beside, Better, Group, Numbered, Options, Part, Plan, Spelled
from indexer.clauses import SENTENCE, Clause, Either, Phrase, Query, Run, Symbol
from indexer.ports import Passage
from indexer.tokens import Syllable

REVISION = 4
"""Raised whenever stored weights or terms change their meaning."""

HEADING, TITLE, BODY = 8.0, 4.0, 1.0  # weight of one mention in each field
PAIRS = 1.0  # weight of pairs against syllables
SYLLABLE_K1, SYLLABLE_B = 1.8, 0.8
PAIR_K1, PAIR_B = 0.75, 0.5
LINE_B = 1.0  # of a heading and a title: what a mention in them is worth is its share of the line
HEADED, HEADED_K1 = 1.0, 7.0  # a word's share of the heading counts once more: one that says just what was asked
BRIEFEST = 4.0  # tokens; a shorter heading is no more telling
REPEATED = 0.5  # a word twice in a sentence is not twice what it is about: its worth grows with this power
USUAL_HEADING, USUAL_TITLE, USUAL_BODY = 14.0, 24.0, 200.0  # tokens; mean lengths in judged collections

STEPS = 2  # weights are stored to half an octave: judged sets do not feel it, the index does
ELSEWHERE = 0.2  # what an unmarked syllable is worth in another spelling, when marks were typed around it
UNMARKED = 0.97  # the same when nothing was marked: all spellings are meant, the typed one comes first
UNLIKELY = 0.1  # least share of a spelling that the neighbours typed beside it make unlikely
COMMON = 0.5  # share of the passages; a word in more of them says nothing in a sentence
SLIGHT = 0.003  # share of the most a sentence can reach; mentions worth less decide nothing and are most of all
FEW = 2  # words; of so few none may lack
ENOUGH = 5  # passages with everything asked for; with fewer, those with most of it are shown too
LEADING = 0.3  # least share of the best score that still is an answer to a sentence
SYNONYM = 0.7  # what an abbreviation or its full form is worth when the other was typed
HINT = 0.4  # the same in a sentence, where both count
NUMBERED, CITING = 10_000.0, 1_000.0  # numbers first: above anything words can reach


@dataclass(frozen=True, slots=True)
class Weights:
    """Index terms of one passage; `level`s are weights before saturation, see `weight`."""

    syllable: Mapping[str, int]
    pair: Mapping[str, int]
    heading: Mapping[str, int]
    """Syllables of the heading, by their share of it."""
    symbol: Mapping[str, int]
    """1 for the document's own number, else 0."""
    word: Mapping[str, int]


def level(weight: float) -> int:
    """The step a weight is stored as."""
    return round(math.log2(weight) * STEPS)


def weight(stored: int) -> float:
    """The weight of a step.

    >>> weight(level(1.0)), weight(level(12.0)) / 12 < 1.1
    (1.0, True)
    """
    return 2 ** (stored / STEPS)


def _counted(text: str) -> tuple[Counter[str], Counter[str], int]:
    syllables: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    length = 0
    for run in tokens.runs(text):
        length += len(run)
        syllables.update([syllable.term for syllable in run])
        pairs.update(map(tokens.pair, run, run[1:]))
    return syllables, pairs, length


def weigh(passage: Passage) -> Weights:
    """Everything an index stores to find and rank a passage."""
    syllable: defaultdict[str, float] = defaultdict(float)
    pair: defaultdict[str, float] = defaultdict(float)
    heading = _counted(passage.heading)
    for (singles, doubles, length), boost, usual, bs in (
        (heading, HEADING, USUAL_HEADING, (LINE_B, LINE_B)),
        (_counted(passage.title), TITLE, USUAL_TITLE, (LINE_B, LINE_B)),
        (_counted(passage.text), BODY, USUAL_BODY, (SYLLABLE_B, PAIR_B)),
    ):
        share = length / usual
        for found, counts, b in zip((syllable, pair), (singles, doubles), bs, strict=True):
            for term, count in counts.items():
                found[term] += boost / (1 - b + b * share) * count
    headed = dict.fromkeys(heading[0], USUAL_HEADING / max(heading[2], BRIEFEST))
    return Weights(
        _levels(syllable), _levels(pair), _levels(headed), _symbols(passage), dict.fromkeys(passage.words, 0)
    )


def _levels(weights: Mapping[str, float]) -> dict[str, int]:
    return {term: level(found) for term, found in weights.items()}


def _symbols(passage: Passage) -> dict[str, int]:
    found = dict.fromkeys(tokens.symbols(f"{passage.heading}\n\n{passage.text}"), 0)
    if passage.number:
        found[number.key(passage.number)] = 1
    return found


class Vocabulary(Protocol):
    """What ranking asks of an index to spell a query out."""

    @property
    def total(self) -> int:
        """Passages held."""
        ...

    def variants(self, field: str, base: str) -> Mapping[str, int]:
        """Every term `base|…` of a field, with the number of passages that have it."""
        ...

    def held(self, field: str, term: str) -> int:
        """How many passages have a term."""
        ...

    def beginning(self, field: str, prefix: str) -> Sequence[str]:
        """Every term of a field that begins so, in order."""
        ...


def idf(held: float, total: int) -> float:
    """How much a term tells that `held` of `total` passages have."""
    return math.log(1 + max(0.0, total - held + 0.5) / (held + 0.5))


Meant = dict[str, tuple[float, int]]
"""Index terms that are meant, each with its share of the worth and the number of passages that have it."""


def _meant(vocabulary: Vocabulary, field: str, wanted: Sequence[Syllable], other: float) -> Meant:
    """What was typed with marks is meant with these only."""
    typed = tokens.term(*wanted)
    if all(s.marked for s in wanted):
        held = vocabulary.held(field, typed)
        return {typed: (1.0, held)} if held else {}
    found: Meant = {}
    for term, held in vocabulary.variants(field, " ".join(s.base for s in wanted)).items():
        keys = _keys(term, wanted)
        if all(key == s.key for key, s in zip(keys, wanted, strict=True) if s.marked):
            found[term] = (1.0 if term == typed else other, held)
    return found


def _keys(term: str, wanted: Sequence[Syllable]) -> list[str]:
    return term.partition("|")[2].split() or [s.base for s in wanted]


def _spelled(vocabulary: Vocabulary, field: str, meant: Meant) -> Spelled:
    single = field == "syllable"
    held = min(sum(share * held for share, held in meant.values()), vocabulary.total)
    worth = idf(held, vocabulary.total) * (1.0 if single else PAIRS)
    terms = tuple((term, share) for term, (share, _) in sorted(meant.items()))
    return Spelled(field, terms, worth, SYLLABLE_K1 if single else PAIR_K1)


def _find(vocabulary: Vocabulary, field: str, wanted: Sequence[Syllable], other: float) -> Spelled:
    return _spelled(vocabulary, field, _meant(vocabulary, field, wanted, other))


def _other(syllables: Iterable[Syllable]) -> float:
    return ELSEWHERE if any(s.marked for s in syllables) else UNMARKED


def _headed(vocabulary: Vocabulary, single: Spelled) -> Spelled:
    """A word in headings; few spellings of it stand in any.

    It is worth the mean of how rare it is in all and in headings: what few texts say may head many of these.
    """
    if len(single.terms) == 1:
        held: Mapping[str, int] = {term: vocabulary.held("heading", term) for term, _ in single.terms}
    else:
        bases = {term.partition("|")[0] for term, _ in single.terms}
        held = {term: n for base in bases for term, n in vocabulary.variants("heading", base).items()}
    terms = tuple((term, share) for term, share in single.terms if held.get(term))
    rare = idf(min(sum(share * held[term] for term, share in terms), vocabulary.total), vocabulary.total)
    worth = HEADED * math.sqrt(single.worth * rare)
    return Spelled("heading", terms, worth, HEADED_K1, peak=weight(level(USUAL_HEADING / BRIEFEST)))


def _phrase(vocabulary: Vocabulary, syllables: Sequence[Syllable], *, share: float = 1.0) -> Beside:
    """Syllables side by side."""
    other = _other(syllables)
    singles = tuple(_find(vocabulary, "syllable", [s], other) for s in syllables)
    pairs = tuple(_find(vocabulary, "pair", pair, other) for pair in pairwise(syllables))
    return Beside((*singles, *pairs), tuple(syllables), share)


def _likely(run: Run, singles: Sequence[Meant], pairs: Mapping[int, Meant]) -> list[Meant]:
    """Spellings of words typed without marks, weighted by how often they stand beside what was typed beside them.

    «bao cao» is about «báo cáo» far more often than about «bao» or «bảo»: the pairs of the archive say so.
    """
    found: list[Meant] = []
    for i, spellings in enumerate(singles):
        likely = dict.fromkeys(spellings, 1.0)
        for side, at in ((1, i), (0, i + 1)):
            beside: dict[str, int] = defaultdict(int)
            for term, (_, held) in pairs.get(at, {}).items():
                beside[_keys(term, run.syllables[at - 1 : at + 1])[side]] += held
            total = sum(beside.values())
            for term in likely if total else ():
                key = _keys(term, run.syllables[i : i + 1])[0]
                likely[term] *= (beside.get(key, 0) + 0.5) / (total + 0.5 * len(likely))
        most = max(likely.values(), default=1.0)
        found.append({
            term: (share * (UNLIKELY + (1 - UNLIKELY) * likely[term] / most), held)
            for term, (share, held) in spellings.items()
        })  # fmt: skip
    return found


def _run(vocabulary: Vocabulary, run: Run) -> tuple[list[Part], list[Part]]:
    """What must or should be there, and the pairs that only add."""
    other, plain = _other(run.syllables), not any(s.marked for s in run.syllables)
    sentence = len(run.syllables) > SENTENCE
    if sentence:
        run = run.read_out
    syllables = run.syllables
    meant = [_meant(vocabulary, "syllable", [s], other) for s in syllables]
    beside = {
        i: _meant(vocabulary, "pair", syllables[i - 1 : i + 1], other)
        for i in range(1, len(syllables))
        if run.joined[i]
    }
    if plain:
        meant = _likely(run, meant, beside)
    singles = [_spelled(vocabulary, "syllable", spellings) for spellings in meant]
    pairs = {i: _spelled(vocabulary, "pair", spellings) for i, spellings in beside.items()}
    if sentence:
        return _sentence(vocabulary, run, singles, pairs)
    return _few(vocabulary, run, singles, pairs)


def _few(
    vocabulary: Vocabulary, run: Run, singles: Sequence[Spelled], pairs: dict[int, Spelled]
) -> tuple[list[Part], list[Part]]:
    """Of few words a passage has all, or another way to say them; those that only ask may lack."""
    parts: list[Part] = []
    extras: list[Part] = [_headed(vocabulary, single) for i, single in enumerate(singles) if i not in run.asking]
    at = 0
    for (start, end), synonyms in groupby(run.synonyms, key=lambda synonym: (synonym.start, synonym.end)):
        if run.asking & set(range(start, end)):
            extras += [_phrase(vocabulary, synonym.syllables, share=HINT) for synonym in synonyms]
            continue
        parts += [single for i, single in enumerate(singles[at:start], at) if i not in run.asking]
        inside = [pairs.pop(i) for i in range(start + 1, end) if i in pairs]
        others = tuple(_phrase(vocabulary, synonym.syllables, share=SYNONYM) for synonym in synonyms)
        parts.append(Better(Group(tuple(singles[start:end]), tuple(inside)), others))
        at = end
    parts += [single for i, single in enumerate(singles[at:], at) if i not in run.asking]
    return parts, [*extras, *(singles[i] for i in sorted(run.asking)), *pairs.values()]


def _sentence(
    vocabulary: Vocabulary, run: Run, singles: Sequence[Spelled], pairs: Mapping[int, Spelled]
) -> tuple[list[Part], list[Part]]:
    """Of a sentence no passage has every word: a synonym adds, and replaces nothing."""
    asks = run.asking
    told = {i: single for i, single in enumerate(singles) if i not in asks}
    tell = _telling(told, vocabulary)
    telling = _once((run.syllables[i], told[i]) for i in tell)
    headed = _once((run.syllables[i], _headed(vocabulary, told[i])) for i in tell)
    beside = _once((run.syllables[i - 1 : i + 1], pair) for i, pair in pairs.items() if not asks & {i - 1, i})
    least = SLIGHT * sum(one.most for one in (*telling, *beside))
    musts, extras = ([replace(one, least=least) for one in many] for many in (telling, (*beside, *headed)))
    others = (_phrase(vocabulary, synonym.syllables, share=HINT) for synonym in run.synonyms)
    return list(musts), [*extras, *others]


def _once(found: Iterable[tuple[Hashable, Spelled]]) -> list[Spelled]:
    """Each word once, worth more the more often it was said; a spelling is as likely as where it is likeliest."""
    said: dict[Hashable, list[Spelled]] = {}
    for word, one in found:
        said.setdefault(word, []).append(one)
    return [_together(many) if len(many) > 1 else many[0] for many in said.values()]


def _together(many: Sequence[Spelled]) -> Spelled:
    shares: dict[str, float] = {}
    for term, share in (spelling for one in many for spelling in one.terms):
        shares[term] = max(share, shares.get(term, 0.0))
    return replace(many[0], terms=tuple(sorted(shares.items())), worth=many[0].worth * len(many) ** REPEATED)


def _telling(singles: Mapping[int, Spelled], vocabulary: Vocabulary) -> Collection[int]:
    """The words of a sentence without those that stand everywhere; their pairs still count."""
    least = idf(COMMON * vocabulary.total, vocabulary.total)
    found = [i for i, single in singles.items() if single.worth >= least]
    return found if len(found) > FEW else singles


def _symbol(vocabulary: Vocabulary, symbol: Symbol) -> Numbered:
    return Numbered(tuple(t for t in vocabulary.beginning("symbol", symbol.prefix) if symbol.means(t)), own=symbol.own)


def _group(vocabulary: Vocabulary, clauses: Sequence[Clause]) -> Group:
    musts: list[Part] = []
    extras: list[Part] = []
    for clause in clauses:
        match clause:
            case Run():
                parts, pairs = _run(vocabulary, clause)
                musts += parts
                extras += pairs
            case Phrase():
                musts.append(_phrase(vocabulary, clause.syllables))
            case Symbol():
                musts.append(_symbol(vocabulary, clause))
            case Either():
                musts.append(Options(tuple(_group(vocabulary, option) for option in clause.options)))
    group = Group(tuple(musts), tuple(extras))
    long = any(isinstance(clause, Run) and len(clause.syllables) > SENTENCE for clause in clauses)
    return replace(group, sentence=long or group.loose > SENTENCE)


def plan(query: Query, vocabulary: Vocabulary) -> Plan:
    """The query, spelled out for one state of an index."""
    return Plan(
        _group(vocabulary, query.clauses),
        tuple(_group(vocabulary, [clause]) for clause in query.excluded),
        query.place,
    )
