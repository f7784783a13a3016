"""One finished state of a tantivy index: plans as its queries, and what they find."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur
from tantivy import Query as Asked

from indexer import ranking
from indexer.asked import Beside, Better, Group, Numbered, Options, Part, Plan, Spelled
from indexer.clauses import Query
from indexer.engines import generations
from indexer.ports import Candidate, Scored
from indexer.ranking import CITING, ENOUGH, FEW, LEADING, NUMBERED
from indexer.tokens import Syllable

LEVEL = "^"  # parts a term from its level
_LEVELLED = ("syllable", "pair", "symbol")
_FEW = 1_000  # hits asked for first; most questions have no more that are good enough
_MANY = 64  # documents; the names of more are not made part of a query
Hits = list[tuple[float, Any]]


def identity(document: str) -> int:
    """A document as a number in a fast field."""
    return int.from_bytes(hashlib.blake2b(document.encode(), digest_size=8).digest(), "big") >> 1


class Snapshot:
    """`ranking.Vocabulary` over one state, and the maker of its answers."""

    def __init__(self, generation: Path, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self.generation = generation
        self.schema = schema
        self.searcher = searcher
        self.total: int = searcher.num_docs
        # Deleted passages are counted in lists until segments are merged; then every count looks at each passage.
        self._live = Asked.all_query() if searcher.doc_freq("any", "x") > self.total else None
        self._terms: dict[tuple[str, str], dict[str, dict[int, int]]] = {}

    # What ranking asks

    def counted(self, field: str, prefix: str) -> dict[str, int]:
        """Terms of a field that begin so, in order, with the number of passages that have each."""
        found = self.levels(field, prefix)
        return {term: sum(found[term].values()) for term in sorted(found)}

    def levels(self, field: str, prefix: str) -> Mapping[str, Mapping[int, int]]:
        """Terms that begin so; by term the levels it has, each with its passages."""
        known = self._terms.get((field, prefix))
        if known is None:
            known = {}
            wanted = prefix.replace(" ", "_") if field == "pair" else prefix
            listed = self.searcher.terms_with_prefix(field, wanted, filter_query=self._live)
            for stored, held in listed:
                term, _, level = stored.rpartition(LEVEL) if field in _LEVELLED else (stored, "", 0)
                if held:
                    known.setdefault(term.replace("_", " ") if field == "pair" else term, {})[int(level)] = held
            self._terms[field, prefix] = known
        return known

    def variants(self, field: str, base: str) -> Mapping[str, int]:
        """Every spelling of a base."""
        return self.counted(field, base + "|")

    def held(self, field: str, term: str) -> int:
        """How many passages have a term."""
        return sum(self._of(field, term).values())

    def beginning(self, field: str, prefix: str) -> Sequence[str]:
        """Every term of a field that begins so, in order."""
        return sorted(self.levels(field, prefix))

    def _of(self, field: str, term: str) -> Mapping[int, int]:
        """The levels of one term; from what is known of its base, where that was asked for."""
        base = term.partition("|")[0] + "|"
        known = self._terms.get((field, base)) or self.levels(field, term + LEVEL)
        return known.get(term, {})

    @cached_property
    def owners(self) -> dict[int, str]:
        """Documents by `identity`."""
        return {identity(document): document for document in self.counted("document", "")}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {document: owner for owner, document in self.owners.items()}

    def numbers_of(self, documents: Collection[str]) -> set[int]:
        """Identities of those that are held."""
        return {self._numbers[document] for document in documents if document in self._numbers}

    def documents(self) -> Collection[str]:
        """Ids of all documents."""
        return self.owners.values()

    # Plans as queries

    def _terms_worth(self, field: str, term: str, worth: float) -> Asked:
        text = term.replace(" ", "_")
        return Asked.const_score_query(Asked.term_query(self.schema, field, text, "basic"), worth)

    def _lists(self, part: Spelled, share: float = 1.0) -> list[Asked]:
        return [
            self._terms_worth(part.field, f"{term}{LEVEL}{level}", share * of_typed * part.gain(ranking.weight(level)))
            for term, of_typed in part.terms
            for level in self._of(part.field, term)
        ]

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
            self._terms_worth("symbol", f"{term}{LEVEL}{own}", NUMBERED if own else CITING)
            for term in part.terms
            for own in self._of("symbol", term)
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

    def find(self, asked: Asked, limit: int) -> tuple[Hits, int]:
        """The best hits, and how many there are in all."""
        found: Any = self.searcher.search(asked, limit=max(1, min(limit, self.total)), count=True)
        return found.hits[:limit], found.count

    def all(self, asked: Asked) -> Hits:
        """Every hit, best first."""
        hits, count = self.find(asked, _FEW)
        return hits if count <= len(hits) else self.find(asked, count)[0]

    def leading(self, asked: Asked, *, limit: int | None) -> Hits:
        """The hits that score at least the share LEADING of the best; with a limit, so many of them."""
        hits, count = self.find(asked, limit or _FEW)
        if hits and limit is None and count > len(hits) and hits[-1][0] >= LEADING * hits[0][0]:
            hits = self.find(asked, count)[0]
        return [hit for hit in hits if hit[0] >= LEADING * hits[0][0]]

    def owners_of(self, hits: Hits) -> list[int]:
        """The document of each hit."""
        return self.searcher.fast_field_values("owner", [address for _, address in hits])  # type: ignore[return-value]

    def limited(self, asked: Asked, plan: Plan, within: Collection[str] | None) -> Asked:
        """The query without what is excluded, in the place and the documents asked for."""
        parts = [(Occur.Must, asked)]
        if plan.place:
            parts.append((Occur.Must, self._set("place", [plan.place])))
        if within is not None:
            parts.append((Occur.Must, self._set("document", within)))
        for excluded in plan.excluded:
            gone = {self.owners[owner] for owner in self.owners_of(self.all(self.whole(excluded)))}
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
        documents = len(self.owners)
        return {"passages": self.total, "documents": documents, "files": generations.fingerprints(files, known)}

    @property
    def _segments(self) -> set[str]:
        meta = (self.generation / "meta.json").read_text(encoding="utf-8")
        return {found.replace("-", "") for found in re.findall(r'"segment_id":\s*"([0-9a-f-]+)"', meta)}

    def close(self) -> None:
        """Nothing to release: tantivy does it when the value goes."""


class Found:
    """The answer of a snapshot to one query; nothing is looked for before it is asked for."""

    def __init__(self, snapshot: Snapshot, plan: Plan) -> None:
        self._snapshot = snapshot
        self._plan = plan
        self._hits: dict[frozenset[str] | None, Hits] = {}

    @cached_property
    def _loose(self) -> bool:
        """Whether passages with most of the words answer beside the few that have all."""
        group = self._plan.group
        if group.sentence or group.loose <= FEW:
            return False
        return self._snapshot.find(self._snapshot.whole(group), ENOUGH)[1] < ENOUGH

    def _all(self, within: Collection[str] | None) -> Hits:
        """Every hit, best first."""
        key = None if within is None else frozenset(within)
        if key is not None and len(key) > _MANY:
            return self._among(key)
        if key not in self._hits:
            snapshot, group = self._snapshot, self._plan.group
            hits = self._leading(within, limit=None) if group.sentence or self._loose else []
            if not group.sentence:
                whole = snapshot.all(snapshot.limited(snapshot.whole(group), self._plan, within))
                hits = _united(whole, hits) if hits else whole
            self._hits[key] = hits
        return self._hits[key]

    def _among(self, documents: frozenset[str]) -> Hits:
        """Every hit in many documents: looking each hit up is faster than a query with all their names."""
        if documents not in self._hits:
            allowed = self._snapshot.numbers_of(documents)
            hits = self._all(None)
            owners = self._snapshot.owners_of(hits)
            self._hits[documents] = [hit for owner, hit in zip(owners, hits, strict=True) if owner in allowed]
        return self._hits[documents]

    def _leading(self, within: Collection[str] | None, *, limit: int | None) -> Hits:
        """The hits that score at least the share LEADING of the best, decided before anything is narrowed."""
        snapshot = self._snapshot
        most = snapshot.most(self._plan.group)
        limited = snapshot.limited(most, self._plan, within)
        if limited is most:
            return snapshot.leading(most, limit=limit)
        best = snapshot.find(most, 1)[0]
        least = LEADING * best[0][0] if best else 0.0
        return [hit for hit in snapshot.all(limited) if hit[0] >= least]

    def _some(self, limit: int, within: Collection[str] | None) -> Hits:
        """The best hits."""
        many = within is not None and len(within) > _MANY
        if None in self._hits or limit > _FEW or self._loose or many:
            return self._all(within)
        if self._plan.group.sentence:
            return self._leading(within, limit=limit)
        snapshot = self._snapshot
        return snapshot.find(snapshot.limited(snapshot.whole(self._plan.group), self._plan, within), limit)[0]

    def best(self, *, limit: int, within: Collection[str] | None) -> list[Candidate]:
        """Best passages first; equal ones by document and place."""
        hits = self._some(limit, within)[:limit]
        return sorted((self._snapshot.candidate(*hit) for hit in hits), key=_order)

    def grouped(self, *, within: Collection[str] | None) -> list[Scored]:
        """Documents, best first; equal ones by id."""
        hits = self._all(within)
        best: dict[int, float] = {}
        counts: dict[int, int] = {}
        for owner, (score, _) in zip(self._snapshot.owners_of(hits), hits, strict=True):
            best.setdefault(owner, score)
            counts[owner] = counts.get(owner, 0) + 1
        owners = self._snapshot.owners
        found = [Scored(owners[owner], score, counts[owner]) for owner, score in best.items()]
        return sorted(found, key=lambda scored: (-round(scored.score, 3), scored.document))

    def best_of(self, documents: Collection[str], *, each: int) -> dict[str, list[Candidate]]:
        """Best passages of each document; equal ones in the order of the text."""
        found: dict[str, list[Candidate]] = {document: [] for document in documents}
        wanted = {identity(document): document for document in documents}
        hits = self._all(frozenset(documents))
        for owner, hit in zip(self._snapshot.owners_of(hits), hits, strict=True):
            found[wanted[owner]].append(self._snapshot.candidate(*hit))
        return {document: sorted(best, key=_order)[:each] for document, best in found.items()}


def _order(candidate: Candidate) -> tuple[float, str, int, str]:
    return -round(candidate.score, 3), candidate.document, candidate.start, candidate.passage


def any_of(asked: Sequence[Asked]) -> Asked:
    """What one of several finds, scores added up."""
    if len(asked) == 1:
        return asked[0]
    return Asked.boolean_query([(Occur.Should, each) for each in asked]) if asked else Asked.empty_query()


def _best_of(asked: Sequence[Asked]) -> Asked:
    """What one of several finds, at the best score."""
    if len(asked) == 1:
        return asked[0]
    return Asked.disjunction_max_query(list(asked)) if asked else Asked.empty_query()


def _united(whole: Hits, leading: Hits) -> Hits:
    seen = {(address.segment_ord, address.doc) for _, address in leading}
    more = [hit for hit in whole if (hit[1].segment_ord, hit[1].doc) not in seen]
    return sorted([*leading, *more], key=lambda hit: -hit[0]) if more else leading


def _pattern(syllable: Syllable) -> str:
    """The spellings of a syllable in the field `spoken`, where a term is its base, a bar and its key."""
    base, key = (re.sub(r"(\W)", r"\\\1", part) for part in (syllable.base, syllable.key))
    return rf"{base}\|{key}" if syllable.marked else rf"{base}\|.*"
