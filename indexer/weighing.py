"""A plan worked out over whole posting lists in memory: scores of all passages that answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.asked import Beside, Better, Group, Numbered, Options, Part, Plan, Spelled
from indexer.ranking import CITING, ENOUGH, FEW, LEADING, NUMBERED, weight
from indexer.tokens import Syllable


class Postings(Protocol):
    """What is asked of an engine that gives whole posting lists; passages are numbers."""

    def postings(self, field: str, term: str) -> Mapping[int, int]:
        """Stored level by passage."""
        ...

    def holding(self, passages: Iterable[int], phrase: Sequence[Syllable]) -> set[int]:
        """Those of the passages in which the syllables stand side by side."""
        ...

    def placed(self, place: str) -> set[int]:
        """Passages of the section named so, and of the sections in it."""
        ...

    def siblings(self, passages: Collection[int]) -> set[int]:
        """All passages of the documents of these passages."""
        ...

    def kept(self, key: Hashable, make: Callable[[], Mapping[int, float]]) -> Mapping[int, float]:
        """What `make` gives, kept as long as this state of the index is in use and there is room."""
        ...

    def everything(self) -> Collection[int]:
        """All passages."""
        ...


@dataclass(frozen=True, slots=True)
class _Gains:
    """What a part is worth, by passage."""

    by_passage: Mapping[int, float]
    most: float
    strict: bool


def scores(plan: Plan, index: Postings) -> dict[int, float]:
    """Score by passage, for every passage that answers."""
    group = plan.group
    musts = [_gains(index, part) for part in group.musts]
    extras = [_gains(index, part) for part in group.extras]
    if group.sentence:
        found = _leading(musts, extras)
    else:
        found = _all([g.by_passage for g in musts]) if musts else set(index.everything())
        if group.loose > FEW and len(found) < ENOUGH:
            found |= _leading(musts, extras)
    if plan.place:
        found &= index.placed(plan.place)
    for excluded in plan.excluded:
        found -= index.siblings(_all([_part(index, part) for part in excluded.musts]))
    return _sum((g.by_passage for g in (*musts, *extras)), found)


def _gains(index: Postings, part: Part) -> _Gains:
    found = _part(index, part)
    loose = isinstance(part, Spelled | Better)
    most = part.most if isinstance(part, Spelled) else max(found.values(), default=0.0)
    return _Gains(found, most, not loose)


def _part(index: Postings, part: Part) -> Mapping[int, float]:
    match part:
        case Spelled():
            return index.kept(part, lambda: _spelled(index, part))
        case Beside():
            return index.kept(part, lambda: _beside(index, part)) if part.verified else _beside(index, part)
        case Numbered():
            return _numbered(index, part)
        case Better():
            gains = _group(index, part.first)
            for other in part.others:
                for i, gain in _beside(index, other).items():
                    gains[i] = max(gains.get(i, 0.0), gain)
            return gains
        case Options():
            total: dict[int, float] = {}
            for group in part.groups:
                for i, gain in _group(index, group).items():
                    total[i] = total.get(i, 0.0) + gain
            return total


def _spelled(index: Postings, part: Spelled) -> dict[int, float]:
    found: dict[int, float] = {}
    for term, share in part.terms:
        levels = index.postings(part.field, term)
        # Few distinct weights are stored: a table is faster than the formula.
        table = {stored: share * part.gain(weight(stored)) for stored in set(levels.values())}
        gains = zip(levels, map(table.__getitem__, levels.values()), strict=True)
        if part.least:
            gains = (one for one in gains if one[1] >= part.least)
        if not found:
            found = dict(gains)
        else:
            for i, gain in gains:
                if gain > found.get(i, 0.0):
                    found[i] = gain
    return found


def _beside(index: Postings, part: Beside) -> dict[int, float]:
    parts = [_part(index, spelled) for spelled in part.parts]
    found = _all(parts)
    if part.verified:
        found = index.holding(found, part.syllables)
    return {i: gain * part.share for i, gain in _sum(parts, found).items()}


def _numbered(index: Postings, part: Numbered) -> dict[int, float]:
    gains: dict[int, float] = {}
    for term in part.terms:
        for i, own in index.postings("symbol", term).items():
            if own or not part.own:
                gains[i] = max(gains.get(i, 0.0), NUMBERED if own else CITING)
    return gains


def _group(index: Postings, group: Group) -> dict[int, float]:
    """Gains of the passages that have everything in the group."""
    musts = [_part(index, part) for part in group.musts]
    return _sum([*musts, *(_part(index, part) for part in group.extras)], _all(musts))


def _all(gains: Iterable[Mapping[int, float]]) -> set[int]:
    """Passages that are in every mapping."""
    ordered = sorted(gains, key=len)
    found = set(ordered[0]) if ordered else set()
    for other in ordered[1:]:
        found &= other.keys()
    return found


def _sum(mappings: Iterable[Mapping[int, float]], among: Iterable[int]) -> dict[int, float]:
    """Gains added up for the passages `among`."""
    total = dict.fromkeys(among, 0.0)
    for gains in mappings:
        _add(gains, total)
    return total


def _leading(musts: Sequence[_Gains], extras: Sequence[_Gains]) -> set[int]:
    """Passages that score at least the share LEADING of the best, found without looking at all of them.

    Lists are added up from the most telling one on. Once all that are left cannot lift a passage that is in
    none of the first to the share, they only add to those already seen: the outcome is exact.
    """
    lists = sorted((*musts, *extras), key=lambda gains: -gains.most)
    rest = sum(gains.most for gains in lists)
    strict = [gains.by_passage for gains in musts if gains.strict]
    scores = dict.fromkeys(_all(strict), 0.0)
    complete, reached = bool(strict), 0.0
    for gains in lists:
        if complete:
            _add(gains.by_passage, scores)
            continue
        get = scores.get
        for i, gain in gains.by_passage.items():
            scores[i] = get(i, 0.0) + gain
        rest -= gains.most
        reached += gains.most  # no score is higher: only then is it worth the while to look for the best
        complete = rest < LEADING * reached and rest < LEADING * max(scores.values(), default=0.0)
    best = max(scores.values(), default=0.0)
    return {i for i, score in scores.items() if score >= LEADING * best}


def _add(gains: Mapping[int, float], scores: dict[int, float]) -> None:
    """Add gains to the passages already in `scores`."""
    if len(gains) < len(scores):
        for i, gain in gains.items():
            if i in scores:
                scores[i] += gain
    else:
        get = gains.get
        for i in scores:
            gain = get(i)
            if gain is not None:
                scores[i] += gain
