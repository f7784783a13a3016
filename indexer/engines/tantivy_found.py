"""What a tantivy index answers to one query; nothing is looked for before it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import cached_property
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING

from indexer.asked import Plan
from indexer.engines.tantivy_terms import Hits
from indexer.ports import Candidate, Ranked
from indexer.ranking import ENOUGH, FEW, LEADING

if TYPE_CHECKING:
    from indexer.engines.tantivy_state import Snapshot

FIRST = 1_000  # hits asked for first; most questions have no more that are good enough
_MANY = 1_000  # documents; the names of more are not made part of a query


class Found:
    """The answer of a snapshot to one query; nothing is looked for before it is asked for."""

    def __init__(self, snapshot: Snapshot, plan: Plan) -> None:
        self._snapshot = snapshot
        self._plan = plan
        self._hits: dict[frozenset[str] | None, Hits] = {}
        self._owners: dict[frozenset[str] | None, list[str]] = {}

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
                hits = _united(whole, hits)
            self._hits[key] = hits
        return self._hits[key]

    def _among(self, documents: frozenset[str]) -> Hits:
        """Every hit in many documents: looking each hit up is faster than a query with all their names."""
        if documents not in self._hits:
            hits = self._all(None)
            owners = self._snapshot.owners_of(hits)
            self._hits[documents] = [hit for owner, hit in zip(owners, hits, strict=True) if owner in documents]
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
        if None in self._hits or limit > FIRST:
            return self._all(within)
        if within is not None and len(within) > _MANY:
            return self._all(within) if self._loose else self._first(limit, within)
        snapshot, group = self._snapshot, self._plan.group
        leading = self._leading(within, limit=limit) if group.sentence or self._loose else []
        if group.sentence:
            return leading
        return _united(snapshot.find(snapshot.limited(snapshot.whole(group), self._plan, within), limit)[0], leading)

    def _first(self, limit: int, within: Collection[str]) -> Hits:
        """The best hits in many documents, looked up from the best hit of all on."""
        snapshot, sentence = self._snapshot, self._plan.group.sentence
        wanted = (snapshot.most if sentence else snapshot.whole)(self._plan.group)
        asked = snapshot.limited(wanted, self._plan, None)
        if sentence and asked is not wanted:
            return self._all(within)

        def kept(hits: Hits) -> Hits:
            return [hit for owner, hit in zip(snapshot.owners_of(hits), hits, strict=True) if owner in within]

        hits = snapshot.until(asked, lambda hits: (sentence and below(hits)) or len(kept(hits)) >= limit)
        return kept([hit for hit in hits if not sentence or hit[0] >= LEADING * hits[0][0]])

    def best(self, *, limit: int, within: Collection[str] | None) -> list[Candidate]:
        """Best passages first; equal ones by document and place."""
        hits = self._some(limit, within)[:limit]
        return sorted((self._snapshot.candidate(*hit) for hit in hits), key=_order)

    def grouped(self, *, within: Collection[str] | None, first: int | None) -> Ranked:
        """Documents, best first; equal ones by id. After the first (None: all) in any order, with a score of 0."""
        if first is not None and (partly := self._partly(within, first)):
            return partly
        key = None if within is None else frozenset(within)
        hits, owners = self._all(within), self._owned(key)
        # From the last hit to the first: what stays for a document is its best.
        best = dict(zip(reversed(owners), map(itemgetter(0), reversed(hits)), strict=True))
        return Ranked.of(best, Counter(owners), digits=3)

    def _partly(self, within: Collection[str] | None, first: int) -> Ranked | None:
        """The first documents in order and the rest counted; None where it is as well to find every hit.

        A common word is in a hundred thousand passages, and a page shows ten documents.
        """
        snapshot, group = self._snapshot, self._plan.group
        if group.sentence or self._loose or None in self._hits:
            return None
        many = within is not None and len(within) > _MANY
        asked = snapshot.limited(snapshot.whole(group), self._plan, None if many else within)
        hits = snapshot.find(asked, FIRST)[0]
        best = self._surely(hits, within)
        if len(hits) < FIRST or len(best) < first:
            return None
        counts = snapshot.counts(asked)
        if within is not None:
            counts = {document: count for document, count in counts.items() if document in within}
        head = Ranked.of(best, counts, digits=3)
        tail = [document for document in counts if document not in best]
        passages = [*head.passages, *map(counts.__getitem__, tail)]
        return Ranked(head.documents + tail, [*head.scores, *repeat(0.0, len(tail))], passages)

    def _surely(self, hits: Hits, within: Collection[str] | None) -> dict[str, float]:
        """The documents that come before all that have no hit among these, the first hits; each with its best score."""
        if not hits:
            return {}
        least = round(hits[-1][0], 3)
        best: dict[str, float] = {}
        for owner, hit in zip(self._snapshot.owners_of(hits), hits, strict=True):
            if round(hit[0], 3) > least and (within is None or owner in within):
                best.setdefault(owner, hit[0])
        return best

    def _owned(self, key: frozenset[str] | None) -> list[str]:
        """The document of each hit found for a key."""
        if key not in self._owners:
            self._owners[key] = self._snapshot.owners_of(self._hits[key])
        return self._owners[key]

    def best_of(self, documents: Collection[str], *, each: int) -> dict[str, list[Candidate]]:
        """Best passages of each document; equal ones in the order of the text."""
        wanted = frozenset(documents)
        # A page asks after everything was found for its list: looking that through is faster than asking again.
        key = next((key for key in self._owners if key is None or wanted <= key), wanted)
        hits = self._hits[key] if key in self._hits else self._all(wanted)
        found: dict[str, Hits] = {document: [] for document in documents}
        for owner, hit in zip(self._owned(key), hits, strict=True):
            if owner in wanted:
                found[owner].append(hit)
        return {document: self._first_of(best, each) for document, best in found.items()}

    def _first_of(self, hits: Hits, each: int) -> list[Candidate]:
        """The first candidates; only those as good as the last of them are read from the index."""
        least = round(hits[each - 1][0], 3) if 0 < each <= len(hits) else 0.0
        some = [self._snapshot.candidate(*hit) for hit in hits if round(hit[0], 3) >= least]
        return sorted(some, key=_order)[:each]


def below(hits: Hits) -> bool:
    """Whether the last of the hits scores less than the share LEADING of the first."""
    return hits[-1][0] < LEADING * hits[0][0]


def _order(candidate: Candidate) -> tuple[float, str, int, str]:
    return -round(candidate.score, 3), candidate.document, candidate.start, candidate.passage


def _united(whole: Hits, leading: Hits) -> Hits:
    """Hits of both, each once, best first."""
    if not leading:
        return whole
    seen = {(address.segment_ord, address.doc) for _, address in leading}
    more = [hit for hit in whole if (hit[1].segment_ord, hit[1].doc) not in seen]
    return sorted([*leading, *more], key=lambda hit: -hit[0]) if more else leading
