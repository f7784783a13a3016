"""The terms of one finished state of a tantivy index: what ranking asks of it, and lists of passages by term."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import tantivy
from tantivy import Occur
from tantivy import Query as Asked

LEVEL = "^"  # parts a term from its level
_LEVELLED = ("syllable", "pair", "heading", "symbol")
_COMMON = 30_000  # passages; of a term in more, the deleted ones are counted faster by its levels
Hits = list[tuple[float, Any]]
Levels = Mapping[str, Mapping[int, int]]
"""By term the levels it has, each with its passages."""


def identity(document: str) -> int:
    """A document as a number in a fast field."""
    return int.from_bytes(hashlib.blake2b(document.encode(), digest_size=8).digest(), "big") >> 1


class Owners(dict[int, str]):
    """Documents by `identity`: the same for every state of an index, and read again only when one is not known."""

    def __init__(self) -> None:
        self.searcher: tantivy.Searcher | None = None
        """Of the newest state."""

    def __missing__(self, number: int) -> str:
        if self.searcher is not None:
            listed = self.searcher.terms_with_prefix("document", "")
            self.update({identity(document): document for document, _ in listed})
        if number not in self:
            raise KeyError(number)
        return self[number]


class Terms:
    """`ranking.Vocabulary` over one state, and its passages by term."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher, owners: Owners) -> None:
        self.schema = schema
        self.searcher = searcher
        self.owners = owners
        owners.searcher = searcher
        self.total: int = searcher.num_docs
        # Deleted passages are counted in lists until segments are merged; then every count looks at each passage.
        self._live = Asked.all_query() if searcher.doc_freq("any", "x") > self.total else None
        self._terms: dict[tuple[str, str], Levels] = {}
        self._single: dict[tuple[str, str], Mapping[int, int]] = {}
        self._held: dict[tuple[str, str], int] = {}

    # What ranking asks

    def counted(self, field: str, prefix: str) -> dict[str, int]:
        """Terms of a field that begin so, in order, with the number of passages that have each."""
        found = self.levels(field, prefix)
        return {term: sum(found[term].values()) for term in sorted(found)}

    def levels(self, field: str, prefix: str) -> Levels:
        """Terms that begin so; by term the levels it has, each with its passages."""
        known = self._terms.get((field, prefix))
        if known is None:
            known = self._terms[field, prefix] = self._listed(field, prefix, self._live)
        return known

    def _listed(self, field: str, prefix: str, live: Asked | None) -> Levels:
        """As they stand in the index; without `live` the numbers include deleted passages."""
        found: dict[str, dict[int, int]] = {}
        wanted = prefix.replace(" ", "_") if field == "pair" else prefix
        for stored, held in self.searcher.terms_with_prefix(field, wanted, filter_query=live):
            term, _, level = stored.rpartition(LEVEL) if field in _LEVELLED else (stored, "", 0)
            if held:
                found.setdefault(term.replace("_", " ") if field == "pair" else term, {})[int(level)] = held
        return found

    def variants(self, field: str, base: str) -> Mapping[str, int]:
        """Every spelling of a base."""
        return self.counted(field, base + "|")

    def held(self, field: str, term: str) -> int:
        """How many passages have a term; deleted ones do not count."""
        found = self._held.get((field, term))
        if found is None:
            found = self._held[field, term] = self._counted_live(field, term)
        return found

    def _counted_live(self, field: str, term: str) -> int:
        levels = self.levels_of(field, term)
        if self._live is None or not levels or (field, _base(term)) in self._terms:
            return sum(levels.values())
        if sum(levels.values()) > _COMMON:
            return sum(self._listed(field, term + LEVEL, self._live).get(term, {}).values())
        return self.find(any_of([self.list_of(field, term, level) for level in levels]), 1)[1]

    def beginning(self, field: str, prefix: str) -> Sequence[str]:
        """Every term of a field that begins so, in order."""
        return sorted(self.levels(field, prefix))

    def levels_of(self, field: str, term: str) -> Mapping[int, int]:
        """The levels of one term; from what is known of its base, where that was asked for.

        The numbers of passages may include deleted ones: a level that only those have finds nothing.
        """
        known = self._terms.get((field, _base(term)))
        if known is not None:
            return known.get(term, {})
        found = self._single.get((field, term))
        if found is None:
            found = self._single[field, term] = self._listed(field, term + LEVEL, None).get(term, {})
        return found

    def documents(self) -> Collection[str]:
        """Ids of all documents."""
        listed = self.searcher.terms_with_prefix("document", "", filter_query=self._live)
        return {document for document, held in listed if held}

    def held_of(self, documents: Iterable[str]) -> set[str]:
        """Those of the documents that are held."""
        asked = ((document, Asked.term_query(self.schema, "document", document)) for document in documents)
        return {document for document, query in asked if self.find(query, 1)[1]}

    def list_of(self, field: str, term: str, level: int) -> Asked:
        """The passages that have a term at a level."""
        return Asked.term_query(self.schema, field, f"{term}{LEVEL}{level}".replace(" ", "_"), "basic")

    def find(self, asked: Asked, limit: int) -> tuple[Hits, int]:
        """The best hits, and how many there are in all."""
        found: Any = self.searcher.search(asked, limit=max(1, min(limit, self.total)), count=True)
        return found.hits[:limit], found.count


def any_of(asked: Sequence[Asked]) -> Asked:
    """What one of several finds, scores added up."""
    if len(asked) == 1:
        return asked[0]
    return Asked.boolean_query([(Occur.Should, each) for each in asked]) if asked else Asked.empty_query()


def _base(term: str) -> str:
    """How every spelling of a term's base begins."""
    return term.partition("|")[0] + "|"
