"""One finished state of a Whoosh index, as ranking reads it: whole posting lists, kept while warm."""

from __future__ import annotations

import pickle
import re
import struct
import zlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nsmallest
from itertools import accumulate
from pathlib import Path
from sys import intern
from typing import Any

from whoosh import index
from whoosh.index import EmptyIndexError, IndexError
from whoosh.reading import SegmentReader, TermNotFound

from indexer import ranking, weighing
from indexer.clauses import Query
from indexer.engines import generations
from indexer.ports import Candidate, Ranked
from indexer.tokens import Syllable

READ_ERRORS = (
    OSError, ValueError, KeyError, EOFError, AssertionError, struct.error, zlib.error, pickle.UnpicklingError,
    EmptyIndexError, IndexError,
)  # fmt: skip
"""What Whoosh raises on files that are not what it wrote."""

LOWEST = -200  # below every level: Whoosh stores the distance from it
_WARM = 1_500_000  # postings kept in memory, about 100 MB at most


class Leaf:
    """One segment: immutable files, and the passages removed from it since."""

    def __init__(self, reader: SegmentReader, base: int) -> None:
        self.reader = reader
        self.base = base
        self.size = reader.doc_count_all()
        self.removed = frozenset(reader.segment().deleted_docs())
        owners = reader.column_reader("owner", translate=False)
        self.owners = [owner.decode() for owner in owners] if self.size else []
        self._columns: dict[str, Any] = {}

    def read(self, field: str, term: str, into: dict[int, int]) -> None:
        """Add the levels of a term; straight from the blocks, ten times as fast as Whoosh's own cursor."""
        terms = self.reader._terms
        try:
            info = terms.term_info(field, term.encode())
        except TermNotFound:
            return
        base, removed = self.base, self.removed
        blocks = [info.inlined_postings()[:2]] if info.is_inlined() else self._blocks(field, term.encode())
        for numbers, weights in blocks:
            levels = map(_level, weights)
            if removed:
                into.update((base + n, v) for n, v in zip(numbers, levels, strict=True) if n not in removed)
            else:
                into.update(zip((base + n for n in numbers), levels, strict=True))

    def _blocks(self, field: str, term: bytes) -> Iterator[tuple[Iterable[int], Sequence[float]]]:
        matcher = self.reader._terms.matcher(field, term, self.reader.schema[field].format)
        while matcher.is_active():
            matcher._read_data()
            gaps, weights = matcher._data[:2]
            same = [1.0 if weights is None else weights] * len(gaps)
            yield accumulate(gaps), weights if isinstance(weights, tuple) else same
            matcher._next_block()

    def counted(self, field: str, prefix: bytes) -> Iterator[tuple[str, int]]:
        """Its terms that begin so, with the number of passages that have each."""
        terms = self.reader._terms
        for name, term in terms.terms_from(field, prefix):
            if name != field or not term.startswith(prefix):
                return
            found = term.decode()
            yield found, self.held(field, found)

    def held(self, field: str, term: str) -> int:
        """How many of its passages have a term."""
        if self.removed:
            found: dict[int, int] = {}
            self.read(field, term, found)
            return len(found)
        try:
            return self.reader._terms.term_info(field, term.encode()).doc_frequency()
        except TermNotFound:
            return 0

    def column(self, name: str, number: int) -> bytes:
        """A stored value of one passage."""
        found = self._columns.get(name)
        if found is None:  # opening one reads where every value begins: once, not for each value
            found = self._columns[name] = self.reader.column_reader(name, translate=False)
        return bytes(found[number - self.base])


def _level(stored: float) -> int:
    return int(stored) + LOWEST


class Snapshot:
    """`weighing.Postings` and `ranking.Vocabulary` over the segments of one state; for one thread at a time."""

    def __init__(self, generation: Path, leaves: Sequence[Leaf]) -> None:
        self.generation = generation
        self.leaves = leaves
        self.total = sum(leaf.size - len(leaf.removed) for leaf in leaves)
        self._owners: list[str] = [owner for leaf in leaves for owner in leaf.owners]
        self._of: dict[str, list[int]] = {}
        for number in self.everything():
            self._of.setdefault(self._owners[number], []).append(number)
        self._warm: OrderedDict[Hashable, Mapping[int, float]] = OrderedDict()
        self._size = 0
        self._spellings: dict[tuple[str, str], Mapping[str, int]] = {}

    @classmethod
    def read(cls, generation: Path) -> Snapshot:
        """Open the newest state in a folder."""
        reader: Any = index.open_dir(str(generation)).reader()
        leaves = [(leaf, base) for leaf, base in reader.leaf_readers() if isinstance(leaf, SegmentReader)]
        return cls(generation, [Leaf(leaf, base) for leaf, base in leaves])

    def close(self) -> None:
        """Release the files."""
        for leaf in self.leaves:
            leaf.reader.close()

    def contents(self) -> dict[str, object]:
        """What the manifest says of this state."""
        names = [leaf.reader.segment().segment_id() for leaf in self.leaves]
        files = [path for path in self.generation.iterdir() if any(name in path.name for name in names)]
        known = generations.files_of(self.generation)
        return {"passages": self.total, "documents": len(self._of), "files": generations.fingerprints(files, known)}

    # What ranking asks

    def everything(self) -> Collection[int]:
        """All passages."""
        return [leaf.base + n for leaf in self.leaves for n in range(leaf.size) if n not in leaf.removed]

    def beginning(self, field: str, prefix: str) -> Sequence[str]:
        """Every term of a field that begins so, in order."""
        return list(self.counted(field, prefix))

    def counted(self, field: str, prefix: str) -> Mapping[str, int]:
        """Every term of a field that begins so, in order, with the number of passages that have each."""
        found: dict[str, int] = {}
        for leaf in self.leaves:
            for term, held in leaf.counted(field, prefix.encode()):
                found[term] = found.get(term, 0) + held
        return {term: found[term] for term in sorted(found) if found[term]}

    def variants(self, field: str, base: str) -> Mapping[str, int]:
        """Every spelling of a base; few, and asked for often."""
        found = self._spellings.get((field, base))
        if found is None:
            found = self._spellings[field, base] = self.counted(field, base + "|")
        return found

    def held(self, field: str, term: str) -> int:
        """How many passages have a term."""
        return sum(leaf.held(field, term) for leaf in self.leaves)

    def postings(self, field: str, term: str) -> Mapping[int, int]:
        """Stored level by passage."""
        found: dict[int, int] = {}
        for leaf in self.leaves:
            leaf.read(field, term, found)
        return found

    def kept(self, key: Hashable, make: Callable[[], Mapping[int, float]]) -> Mapping[int, float]:
        """What `make` gives; the ones asked for last are kept."""
        found = self._warm.get(key)
        if found is not None:
            self._warm.move_to_end(key)
            return found
        found = self._warm[key] = make()
        self._size += len(found)
        while self._size > _WARM and len(self._warm) > 1:
            self._size -= len(self._warm.popitem(last=False)[1])
        return found

    def holding(self, passages: Iterable[int], phrase: Sequence[Syllable]) -> set[int]:
        """Those of the passages in which the syllables stand side by side."""
        pattern = re.compile(rf"(?m)(?:^| ){' '.join(self._spelling(s) for s in phrase)}(?: |$)")
        if not all(syllable.marked for syllable in phrase):
            return {n for n in passages if pattern.search(self._tokens(n))}
        said = " ".join(syllable.key for syllable in phrase)  # most lack it: looking for one text is faster
        return {n for n in passages if said in (found := self._tokens(n)) and pattern.search(found)}

    def _spelling(self, syllable: Syllable) -> str:
        if syllable.marked:
            return re.escape(syllable.key)
        keys = {term.partition("|")[2] or syllable.base for term in self.variants("syllable", syllable.base)}
        return f"(?:{'|'.join(map(re.escape, sorted(keys)))})"

    def _leaf(self, number: int) -> Leaf:
        return next(leaf for leaf in reversed(self.leaves) if leaf.base <= number)

    def _tokens(self, number: int) -> str:
        stored = self._leaf(number).column("tokens", number)
        return zlib.decompress(stored).decode() if stored else ""

    def _place(self, number: int) -> list[str]:
        return self._leaf(number).column("place", number).decode().split("\t")

    def placed(self, place: str) -> set[int]:
        """Passages of a section, and of the sections in it."""
        inside = place + "."
        return {n for n, section in self._sections.items() if section == place or section.startswith(inside)}

    @cached_property
    def _sections(self) -> Mapping[int, str]:
        """The section of each passage; names that repeat are one text in memory."""
        return {number: intern(self._place(number)[1]) for number in self.everything()}

    def siblings(self, passages: Collection[int]) -> set[int]:
        """All passages of the documents of these passages."""
        return {n for owner in {self._owners[i] for i in passages} for n in self._of[owner]}

    # What the engine gives

    def documents(self) -> set[str]:
        """Ids of all documents."""
        return set(self._of)

    def held_of(self, documents: Iterable[str]) -> set[str]:
        """Those of the documents that are held."""
        return {document for document in documents if document in self._of}

    def answer(self, query: Query) -> Scores:
        """Scores of all matching passages."""
        return Scores(self, weighing.scores(ranking.plan(query, self), self))

    def owner(self, number: int) -> str:
        """The document of a passage."""
        return self._owners[number]

    def numbers(self, document: str) -> Sequence[int]:
        """The passages of a document."""
        return self._of.get(document, ())

    def candidate(self, number: int, score: float) -> Candidate:
        """A passage with its place."""
        passage, section, start, end = self._place(number)
        return Candidate(passage, self._owners[number], section, int(start), int(end), score)


class Scores:
    """The answer of a snapshot to one query."""

    def __init__(self, snapshot: Snapshot, scores: Mapping[int, float]) -> None:
        self._snapshot = snapshot
        self._scores = scores

    def best(self, *, limit: int, within: Collection[str] | None) -> list[Candidate]:
        """Best passages first; equal ones by document and place."""
        owner, scores = self._snapshot.owner, self._scores
        allowed = scores if within is None else [n for n in scores if owner(n) in within]
        ordered = nsmallest(limit, allowed, key=lambda n: (-round(scores[n], 6), owner(n), n))
        return [self._snapshot.candidate(n, scores[n]) for n in ordered]

    def grouped(self, *, within: Collection[str] | None, first: int | None = None) -> Ranked:
        """Documents, best first; equal ones by id. All are in order: every score is known here."""
        owners = list(map(self._snapshot.owner, self._scores))
        best: dict[str, float] = {}
        known = best.get
        for document, score in zip(owners, self._scores.values(), strict=True):
            if score > known(document, -1.0):
                best[document] = score
        if within is not None:
            best = {document: score for document, score in best.items() if document in within}
        return Ranked.of(best, Counter(owners), digits=6)

    def best_of(self, documents: Collection[str], *, each: int) -> dict[str, list[Candidate]]:
        """Best passages of each document; equal ones in the order of the text."""
        found: dict[str, list[Candidate]] = {}
        scores = self._scores
        for document in documents:
            numbers = [n for n in self._snapshot.numbers(document) if n in scores]
            numbers.sort(key=lambda n: (-round(scores[n], 6), n))
            found[document] = [self._snapshot.candidate(n, scores[n]) for n in numbers[:each]]
        return found
