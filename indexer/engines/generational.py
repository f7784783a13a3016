"""What every engine on a folder of generations has in common: opening, noticing damage, building beside, swapping."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self

from indexer import ranking
from indexer.clauses import Query
from indexer.engines import generations
from indexer.ports import Candidate, IndexUnusable, Passage, Ranked

_REMEMBERED = 4  # queries whose answer is kept: a page asks the same one several times


class Answer(Protocol):
    """What one state of an index answers to one query."""

    def best(self, *, limit: int, within: Collection[str] | None) -> list[Candidate]:
        """Best passages first; equal ones by document and place."""
        ...

    def grouped(self, *, within: Collection[str] | None, first: int | None) -> Ranked:
        """Documents, best first; equal ones by id. After the first (None: all) in any order, with a score of 0."""
        ...

    def best_of(self, documents: Collection[str], *, each: int) -> dict[str, list[Candidate]]:
        """Best passages of each document; equal ones in the order of the text."""
        ...


class State(Protocol):
    """One finished state of an index."""

    def answer(self, query: Query) -> Answer:
        """What it answers."""
        ...

    def documents(self) -> Collection[str]:
        """Ids of all documents."""
        ...

    def held_of(self, documents: Iterable[str]) -> set[str]:
        """Those of the documents that are held."""
        ...

    def counted(self, field: str, prefix: str) -> Mapping[str, int]:
        """Terms of a field that begin so, with the number of passages that have each."""
        ...

    def contents(self) -> dict[str, object]:
        """What the manifest says of this state: its files above all."""
        ...

    def close(self) -> None:
        """Release files."""
        ...


class GenerationalEngine(ABC):
    """`indexer.ports.Engine` on a folder of generations. One process may write; every one may read."""

    name: str
    format: int
    """Raised whenever what is stored changes its shape."""
    errors: tuple[type[Exception], ...]
    """What the library raises on files that are not what it wrote."""

    def __init__(self, folder: Path, *, building: bool = False) -> None:
        """Open the index in `folder`, or begin one where there never was any; raises `IndexUnusable`.

        `building` begins an empty one beside whatever is there, sound or not: fill it, then publish it.
        """
        self.folder = folder
        self._lock = threading.RLock()
        self._state: State | None = None
        self._stamp: tuple[object, ...] = ()
        self._answers: OrderedDict[Query, Answer] = OrderedDict()
        self._building = self._begin() if building else None
        if not building:
            if generations.current(folder) is None:
                generations.publish(self._begin())
            self._open()

    # What each engine does its own way

    @abstractmethod
    def _make(self, generation: Path) -> None:
        """Write an empty index."""

    @abstractmethod
    def _read(self, generation: Path) -> State:
        """Open the newest state."""

    @abstractmethod
    def _change(self, generation: Path, gone: Collection[str], passages: Sequence[Passage]) -> None:
        """Remove the documents `gone` and add the passages, in one step."""

    # Reading

    @property
    def _expected(self) -> dict[str, object]:
        return {"engine": self.name, "format": self.format, "ranking": ranking.REVISION}

    @property
    def _generation(self) -> Path:
        found = self._building or generations.current(self.folder)
        if found is None:
            raise IndexUnusable("missing", str(self.folder))
        return found

    def _begin(self) -> Path:
        made = generations.begin(self.folder)
        self._make(made)
        generations.write_manifest(made, {**self._expected, "files": {}})
        return made

    def _open(self) -> State:
        """The newest finished state; a look at the disk decides whether it is the one at hand."""
        if self._building:
            if self._state is None:
                self._state = self._read(self._building)
            return self._state
        stamp = generations.stamp(self.folder)
        if self._state is None or stamp != self._stamp:
            generation = self._generation
            generations.check(generation, expected=self._expected, deep=self._state is None)
            try:
                fresh = self._read(generation)
            except self.errors as error:
                raise IndexUnusable("torn", str(generation)) from error
            self._state, self._stamp = fresh, stamp
            self._answers.clear()
        return self._state

    def _answer(self, query: Query) -> Answer:
        state = self._open()
        found = self._answers.get(query)
        if found is None:
            found = self._answers[query] = state.answer(query)
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return found

    def search(self, query: Query, *, limit: int, within: Collection[str] | None = None) -> Sequence[Candidate]:
        """Best passages first; equal ones by document and place."""
        with self._lock, _torn(self):
            return self._answer(query).best(limit=limit, within=within)

    def documents(
        self, query: Query, *, within: Collection[str] | None = None, first: int | None = None
    ) -> Ranked:
        """Every document with a matching passage, best first; after the first (None: all) in any order."""
        with self._lock, _torn(self):
            return self._answer(query).grouped(within=within, first=first)

    def passages(self, query: Query, documents: Collection[str], *, each: int) -> Mapping[str, Sequence[Candidate]]:
        """The best matching passages of these documents."""
        with self._lock, _torn(self):
            return self._answer(query).best_of(documents, each=each)

    def known(self, field: str, prefix: str) -> Mapping[str, int]:
        """Terms of a field that begin with `prefix`, in order, with the number of passages that have each."""
        with self._lock, _torn(self):
            return self._open().counted(field, prefix)

    def held(self) -> Iterator[str]:
        """Ids of all documents in the index."""
        with self._lock, _torn(self):
            return iter(sorted(self._open().documents()))

    # Writing

    def put(self, passages: Iterable[Passage], *, documents: Collection[str]) -> None:
        """Make `passages` the whole of what is indexed for `documents`; durable on return."""
        given = list(passages)
        stray = {passage.document for passage in given} - set(documents)
        if stray:
            raise ValueError(f"passages of documents not named: {sorted(stray)}")
        self._write(documents, given)

    def drop(self, documents: Collection[str]) -> None:
        """Remove every passage of these documents; durable on return."""
        self._write(documents, [])

    def _write(self, documents: Collection[str], passages: Sequence[Passage]) -> None:
        with self._lock, _torn(self):
            old = self._open().held_of(documents)
            if not old and not passages:
                return
            generation = self._generation
            self._change(generation, sorted(old), passages)
            self._state = self._read(generation)
            generations.write_manifest(generation, {**self._expected, **self._state.contents()})
            self._stamp = () if self._building else generations.stamp(self.folder)
            self._answers.clear()

    # Building beside

    def fresh(self) -> Self:
        """An empty index beside this one; fill it, then publish it."""
        return type(self)(self.folder, building=True)

    def publish(self) -> None:
        """Make this index the one that readers use, in one step."""
        with self._lock:
            if self._building is not None:
                generations.publish(self._building)
                self._building = None

    def close(self) -> None:
        """Release files and memory; the next use opens them again."""
        with self._lock:
            if self._state is not None:
                self._state.close()
            self._state, self._stamp = None, ()
            self._answers.clear()


class _torn:
    """What an engine's library raises on damaged files, said as `IndexUnusable`."""

    def __init__(self, engine: GenerationalEngine) -> None:
        self._engine = engine

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, self._engine.errors):
            raise IndexUnusable("torn", str(self._engine.folder)) from error
