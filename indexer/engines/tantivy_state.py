"""One finished state of a tantivy index: plans as its queries."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur
from tantivy import Query as Asked

from indexer import ranking
from indexer.asked import Beside, Better, Group, Numbered, Options, Part, Plan, Spelled
from indexer.clauses import Query
from indexer.engines import generations
from indexer.engines.tantivy_found import FIRST, Found, below
from indexer.engines.tantivy_terms import Hits, Owners, Terms, any_of
from indexer.ports import Candidate
from indexer.ranking import CITING, LEADING, NUMBERED
from indexer.tokens import Syllable

_MOSTLY = 10_000  # hits, where all are wanted; more are asked for again
_GROWTH = 8  # times as many the next time


class Snapshot(Terms):
    """One state, and the maker of its answers."""

    def __init__(self, generation: Path, schema: tantivy.Schema, searcher: tantivy.Searcher, owners: Owners) -> None:
        super().__init__(schema, searcher, owners)
        self.generation = generation

    # Plans as queries

    def _worth(self, field: str, term: str, level: int, worth: float) -> Asked:
        return Asked.const_score_query(self.list_of(field, term, level), worth)

    def _lists(self, part: Spelled, share: float = 1.0) -> list[Asked]:
        worths = (
            (term, level, of_typed * part.gain(ranking.weight(level)))
            for term, of_typed in part.terms
            for level in self.levels_of(part.field, term)
        )
        told = (one for one in worths if one[2] >= part.least)
        return [self._worth(part.field, term, level, worth * share) for term, level, worth in told]

    def _spelled(self, part: Spelled, share: float = 1.0) -> Asked:
        lists = self._lists(part, share)
        return any_of(lists) if len(part.terms) == 1 else _best_of(lists)

    def _part(self, part: Part) -> Asked:
        match part:
            case Spelled():
                return self._spelled(part)
            case Beside():
                return self._beside(part)
            case Numbered():
                return self._numbered(part)
            case Better():
                return _best_of([self.whole(part.first), *map(self._beside, part.others)])
            case Options():
                return any_of([self.whole(group) for group in part.groups])

    def _beside(self, part: Beside) -> Asked:
        parts = [(Occur.Must, self._spelled(spelled, part.share)) for spelled in part.parts]
        if part.verified:
            words: list[str | tuple[int, str]] = [_pattern(syllable) for syllable in part.syllables]
            said = Asked.regex_phrase_query(self.schema, "spoken", words)
            parts.append((Occur.Must, Asked.const_score_query(said, 0.0)))
        return Asked.boolean_query(parts) if parts else Asked.empty_query()

    def _numbered(self, part: Numbered) -> Asked:
        lists = [
            self._worth("symbol", term, own, NUMBERED if own else CITING)
            for term in part.terms
            for own in self.levels_of("symbol", term)
            if own or not part.own
        ]
        return _best_of(lists)

    def whole(self, group: Group) -> Asked:
        """Passages that have everything in the group."""
        if not group.musts:
            return Asked.const_score_query(Asked.all_query(), 0.0)
        parts = [(Occur.Must, self._part(part)) for part in group.musts]
        return Asked.boolean_query([*parts, *((Occur.Should, self._part(part)) for part in group.extras)])

    def most(self, group: Group) -> Asked:
        """Passages that have everything strict, and anything of the rest."""
        parts = [(Occur.Must, self._part(part)) for part in group.strict]
        for part in (*(p for p in group.musts if p not in group.strict), *group.extras):
            # One flat union is worked through three times as fast as a union of unions.
            flat = isinstance(part, Spelled) and len(part.terms) == 1
            lists = self._lists(part) if flat and isinstance(part, Spelled) else [self._part(part)]
            parts += [(Occur.Should, each) for each in lists]
        return Asked.boolean_query(parts) if parts else Asked.empty_query()

    # Finding

    def all(self, asked: Asked) -> Hits:
        """Every hit, best first."""
        hits, count = self.find(asked, _MOSTLY)
        return hits if count <= len(hits) else self.find(asked, count)[0]

    def until(self, asked: Asked, enough: Callable[[Hits], bool]) -> Hits:
        """The best hits, in growing numbers until they are enough: every hit is a value, and most are not needed."""
        limit = FIRST
        while True:
            hits, count = self.find(asked, limit)
            if len(hits) >= count or enough(hits):
                return hits
            limit *= _GROWTH

    def leading(self, asked: Asked, *, limit: int | None) -> Hits:
        """The hits that score at least the share LEADING of the best; with a limit, so many of them."""
        hits = self.find(asked, limit)[0] if limit else self.until(asked, below)
        return [hit for hit in hits if hit[0] >= LEADING * hits[0][0]]

    def owners_of(self, hits: Hits) -> list[str]:
        """The document of each hit."""
        numbers = self.searcher.fast_field_values("owner", list(map(itemgetter(1), hits)))
        return list(map(self.owners.__getitem__, numbers))  # type: ignore[arg-type]

    def counts(self, asked: Asked) -> dict[str, int]:
        """How many passages of each document are hits; without making each hit a value."""
        wanted = {"owners": {"terms": {"field": "owner", "size": self.total + 1}}}
        buckets = self.searcher.aggregate(asked, wanted)["owners"]["buckets"]
        return {self.owners[bucket["key"]]: bucket["doc_count"] for bucket in buckets}

    def limited(self, asked: Asked, plan: Plan, within: Collection[str] | None) -> Asked:
        """The query without what is excluded, in the place and the documents asked for."""
        parts = [(Occur.Must, asked)]
        if plan.place:
            parts.append((Occur.Must, self._set("place", [plan.place])))
        if within is not None:
            parts.append((Occur.Must, self._set("document", within)))
        for excluded in plan.excluded:
            gone = set(self.owners_of(self.all(self.whole(excluded))))
            parts.append((Occur.MustNot, self._set("document", gone)))
        return asked if len(parts) == 1 else Asked.boolean_query(parts)

    def _set(self, field: str, values: Collection[str]) -> Asked:
        return Asked.const_score_query(Asked.term_set_query(self.schema, field, sorted(values)), 0.0)

    def candidate(self, score: float, address: Any) -> Candidate:
        """A passage with its place."""
        owner, start = (self.searcher.fast_field_values(name, [address])[0] for name in ("owner", "start"))
        stored = self.searcher.doc(address).to_dict()["stored"][0]
        passage, section, end = stored.split("\t")
        return Candidate(passage, self.owners[int(owner or 0)], section, int(start or 0), int(end), score)

    def answer(self, query: Query) -> Found:
        """What it answers."""
        return Found(self, ranking.plan(query, self))

    def contents(self) -> dict[str, object]:
        """What the manifest says of this state."""
        files = [path for path in self.generation.iterdir() if path.stem.split(".")[0] in self._segments]
        known = generations.files_of(self.generation)
        return {"passages": self.total, "files": generations.fingerprints(files, known)}

    @property
    def _segments(self) -> set[str]:
        meta = (self.generation / "meta.json").read_text(encoding="utf-8")
        return {found.replace("-", "") for found in re.findall(r'"segment_id":\s*"([0-9a-f-]+)"', meta)}

    def close(self) -> None:
        """Let go of the files: tantivy does it when no value holds them."""
        self.owners.searcher = None
        self.owners.clear()


def _best_of(asked: Sequence[Asked]) -> Asked:
    """What one of several finds, at the best score."""
    if len(asked) == 1:
        return asked[0]
    return Asked.disjunction_max_query(list(asked)) if asked else Asked.empty_query()


def _pattern(syllable: Syllable) -> str:
    """The spellings of a syllable in the field `spoken`, where a term is its base, a bar and its key."""
    base, key = (re.sub(r"(\W)", r"\\\1", part) for part in (syllable.base, syllable.key))
    return rf"{base}\|{key}" if syllable.marked else rf"{base}\|.*"
