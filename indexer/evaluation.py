"""How well and how fast search answers, on questions whose answers people have judged.

The site's own code does everything: passages are cut, weighed and put as always, and what is asked goes through
`query.parse`, an engine and `highlight`. Each entry of the judged collection stands for one document.
"""

from __future__ import annotations

import gzip
import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import BadQuery
from corpus import text as letters
from indexer import highlight, passages
from indexer import query as queries
from indexer.ports import Engine, Passage

DEPTH = 100  # results that are judged
SHOWN = 10  # results that are highlighted, as on a page
_BATCH = 20_000  # passages written at once


@dataclass(frozen=True, slots=True)
class Judged:
    """A collection with its questions."""

    entries: tuple[Path, ...]
    questions: tuple[tuple[str, str], ...]
    """Id and wording."""
    answers: Mapping[str, frozenset[str]]
    """Ids of the right entries by question."""


class NotJudged(ValueError):
    """A folder that lacks a part of a judged set; the message names it."""


def load(folder: Path, *, corpus: Path | None = None) -> Judged:
    """Read a judged set; `corpus` takes the collection from elsewhere. Raises `NotJudged`."""
    files = [corpus or _either(folder, "corpus.jsonl")]
    extra = _either(folder, "extra.jsonl")
    if extra is not None:
        files.append(extra)
    answers: defaultdict[str, set[str]] = defaultdict(set)
    try:
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
            question, entry, grade = line.split("\t")
            if int(grade) > 0:
                answers[question].add(entry)
        questions = tuple((str(line["id"]), str(line["text"])) for line in entries(folder / "queries.jsonl"))
        missing = [path for path in files if path is None or not path.is_file()]
    except (OSError, ValueError, KeyError) as error:
        raise NotJudged(f"{folder}: {error}") from error
    if missing or not questions:
        raise NotJudged(f"{folder}: corpus.jsonl[.gz], queries.jsonl")
    judged = {question: frozenset(found) for question, found in answers.items()}
    return Judged(tuple(path for path in files if path), questions, judged)


def _either(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def entries(path: Path) -> Iterator[dict[str, object]]:
    """The lines of a file, packed or not."""
    with path.open("rb") as stored:
        for line in gzip.GzipFile(fileobj=stored) if path.suffix == ".gz" else stored:
            if line.strip():
                yield json.loads(line)


def cut(entry: Mapping[str, object]) -> Iterator[Passage]:
    """The passages of one entry, cut as those of a section are."""
    document, text = str(entry["id"]), letters.normalise(str(entry.get("text") or ""))
    title = str(entry.get("doc_title") or entry.get("doc_number") or "")
    number = str(entry.get("doc_number") or "") or None
    heading = letters.normalise(str(entry.get("title") or ""))
    for place, (start, end) in enumerate(passages.stretches(text) or [(0, 0)]):
        yield Passage(
            f"{document}#{place}", document, "", heading, letters.normalise(title), text[start:end],
            number=number, start=start, end=end,
        )  # fmt: skip


def fill(engine: Engine, judged: Judged, *, progress: Callable[[int], object]) -> tuple[int, dict[str, str]]:
    """Index a collection; gives how many passages there are, and the texts by entry."""
    texts: dict[str, str] = {}
    waiting: list[Passage] = []
    count = 0
    for path in judged.entries:
        for entry in entries(path):
            if str(entry["id"]) in texts:
                continue
            texts[str(entry["id"])] = letters.normalise(str(entry.get("text") or ""))
            waiting += cut(entry)
            if len(waiting) >= _BATCH:
                count += _put(engine, waiting)
                progress(count)
    return count + _put(engine, waiting), texts


def _put(engine: Engine, waiting: list[Passage]) -> int:
    engine.put(waiting, documents={passage.document for passage in waiting})
    count = len(waiting)
    waiting.clear()
    return count


def ask(engine: Engine, texts: Mapping[str, str], wording: str) -> tuple[str, ...]:
    """Entries that answer, best first, after all a page of results needs was worked out."""
    try:
        asked = queries.parse(wording)
    except BadQuery:
        return ()
    found = [scored.document for scored in engine.documents(asked)[:DEPTH]]
    for document, best in engine.passages(asked, found[:SHOWN], each=1).items():
        for candidate in best:
            highlight.snippet(texts[document][candidate.start : candidate.end], asked)
    return tuple(found)


def evaluate(
    engine: Engine, judged: Judged, *, without_marks: bool = False, progress: Callable[[int], object] = lambda _: None
) -> dict[str, float]:
    """Index the collection in an empty engine, ask everything, and measure."""
    begun = time.perf_counter()
    count, texts = fill(engine, judged, progress=progress)
    seconds = time.perf_counter() - begun
    figures: defaultdict[str, float] = defaultdict(float)
    times: list[float] = []
    asked = [(question, wording) for question, wording in judged.questions if judged.answers.get(question)]
    for question, wording in asked:
        typed = letters.fold(letters.normalise(wording)) if without_marks else wording
        begun = time.perf_counter()
        found = ask(engine, texts, typed)
        times.append((time.perf_counter() - begun) * 1000)
        for name, figure in measures(found, judged.answers[question]).items():
            figures[name] += figure / len(asked)
    result: dict[str, float] = {"queries": len(asked)}
    result |= {name: round(figure, 4) for name, figure in figures.items()}
    result |= {"p50_ms": round(percentile(times, 50), 2), "p95_ms": round(percentile(times, 95), 2)}
    return result | {"index_per_s": round(count / seconds, 1)}


def measures(found: Sequence[str], right: frozenset[str]) -> dict[str, float]:
    """Recall, reciprocal rank and gain of one answer.

    >>> measures(["b", "a"], frozenset("a"))["mrr@10"]
    0.5
    """
    hits = [entry in right for entry in found]
    gain = sum(1 / math.log2(place + 2) for place, hit in enumerate(hits[:10]) if hit)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(right))))
    return {
        "recall@1": sum(hits[:1]) / len(right), "recall@10": sum(hits[:10]) / len(right),
        "recall@100": sum(hits[:100]) / len(right),
        "mrr@10": next((1 / (place + 1) for place, hit in enumerate(hits[:10]) if hit), 0.0),
        "ndcg@10": gain / ideal,
    }  # fmt: skip


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of a hundred do not exceed.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 50), percentile([], 95)
    (2.0, 0.0)
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)] if ordered else 0.0


def size(folder: Path) -> float:
    """Megabytes of all files below a folder."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 2)
