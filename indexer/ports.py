"""What the indexer needs from its adapters: readers, engines. Adapters are named only in `wiring`."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, overload

from corpus.model import Body

if TYPE_CHECKING:
    from indexer.clauses import Query


class ReadFailure(Exception):
    """A file that cannot be read; `code` is stable, `detail` is the Vietnamese reason.

    Codes: `empty`, `encrypted`, `truncated`, `unknown-type`, `no-text`, `too-large`, `time-limit`,
    `memory-limit`, `crashed`, `tool-missing` (kept as «chờ công cụ»), `bad-archive`.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class Secret(ReadFailure):
    """A paper stamped with a degree of secrecy: it may not be kept; `detail` is the degree."""

    def __init__(self, degree: str) -> None:
        super().__init__("secret", degree)


class Reader(Protocol):
    """Turns one kind of file into a `Body`. Runs inside the sandbox's child process."""

    name: str

    def accepts(self, media_type: str) -> bool:
        """Whether it reads files of this type (as found by content, never by name)."""
        ...

    def read(self, path: Path, media_type: str) -> Body:
        """The body, or `ReadFailure`."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed and found: one section's own text, small enough to be an answer."""

    id: str
    """`<document>#<section id>`; unique in the index."""
    document: str
    section: str
    """Section id; empty for text before the first section."""
    heading: str
    """Titles from the outermost section down to this one."""
    title: str
    """The document's number and title."""
    text: str
    words: tuple[str, ...] = ()
    """Words by the Vietnamese segmenter, syllables joined by `_`."""
    number: str | None = None
    """The document's own number, as printed."""
    start: int = 0
    """Where `text` begins in the document's text."""
    end: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that matches, with the score of our ranking."""

    passage: str
    document: str
    section: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A document that matches: its best passage's score, and how many of its passages match."""

    document: str
    score: float
    passages: int


class Ranked(Sequence[Scored]):
    """Documents that match, best first, as columns: a common word matches a hundred thousand, a page shows ten."""

    __slots__ = ("documents", "passages", "scores")

    def __init__(self, documents: list[str], scores: Iterable[float], passages: Iterable[int]) -> None:
        self.documents = documents
        self.scores = array("d", scores)
        self.passages = array("L", passages)

    @classmethod
    def of(cls, best: Mapping[str, float], counts: Mapping[str, int], *, digits: int) -> Ranked:
        """By the best score of each document, equal ones (to so many digits) by id."""
        ordered = sorted([(-round(score, digits), document) for document, score in best.items()])
        documents = [document for _, document in ordered]
        return cls(documents, map(best.__getitem__, documents), map(counts.__getitem__, documents))

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Scored]:
        return map(Scored, self.documents, self.scores, self.passages)

    @overload
    def __getitem__(self, at: int) -> Scored: ...
    @overload
    def __getitem__(self, at: slice) -> Ranked: ...
    def __getitem__(self, at: int | slice) -> Scored | Ranked:
        if isinstance(at, slice):
            return Ranked(self.documents[at], self.scores[at], self.passages[at])
        return Scored(self.documents[at], self.scores[at], self.passages[at])

    def arranged(self, documents: Iterable[str]) -> Ranked:
        """These of the documents, in this order."""
        place = {document: i for i, document in enumerate(self.documents)}
        order = [place[document] for document in documents]
        kept = [self.documents[i] for i in order]
        return Ranked(kept, map(self.scores.__getitem__, order), map(self.passages.__getitem__, order))


class IndexUnusable(Exception):
    """The index cannot be read as it is and must be built again; `reason` is `missing`, `torn` or `old`."""

    def __init__(self, reason: str, where: str) -> None:
        super().__init__(reason, where)
        self.reason = reason
        self.where = where


class Engine(Protocol):
    """A search index over passages: one process writes, any number read and see each finished write.

    What words mean is in `tokens` and `query`, what is better in `ranking`; so every engine gives the same.
    """

    def put(self, passages: Iterable[Passage], *, documents: Collection[str]) -> None:
        """Make `passages` the whole of what is indexed for `documents`; durable on return. Repeatable."""
        ...

    def drop(self, documents: Collection[str]) -> None:
        """Remove every passage of these documents; durable on return."""
        ...

    def search(
        self, query: Query, *, limit: int, within: Collection[str] | None = None
    ) -> Sequence[Candidate]:
        """Best passages first; `within` limits to documents (filters and rights), None: all."""
        ...

    def documents(
        self, query: Query, *, within: Collection[str] | None = None, first: int | None = None
    ) -> Ranked:
        """Every document with a matching passage, best first.

        With `first` only so many need be in order: those after them may come in any, with a score of 0.
        """
        ...

    def passages(
        self, query: Query, documents: Collection[str], *, each: int
    ) -> Mapping[str, Sequence[Candidate]]:
        """The best matching passages of these documents, at most `each` of one."""
        ...

    def known(self, field: str, prefix: str) -> Mapping[str, int]:
        """Terms of a field that begin with `prefix`, in order, with the number of passages that have each.

        Fields: `syllable`, `pair` (terms of `tokens.term`), `symbol`, `word`.
        """
        ...

    def held(self) -> Iterator[str]:
        """Ids of all documents in the index."""
        ...

    def fresh(self) -> Engine:
        """An empty index beside this one, to be filled and then published; this one goes on answering."""
        ...

    def publish(self) -> None:
        """Make this index the one that readers use, in one step."""
        ...

    def close(self) -> None:
        """Release files and memory."""
        ...
