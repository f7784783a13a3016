"""Search on judged questions and at size: Whoosh, tantivy and SQLite FTS5 side by side on the same sections."""

from __future__ import annotations

import random
import re
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from corpus import text as letters
from indexer import evaluation, highlight, query
from indexer.clauses import SENTENCE, Query
from indexer.engines import choice
from indexer.evaluation import Judged, measures, percentile
from indexer.ports import Candidate, Engine, Passage
from tests.bench import sized

DATA = Path(__file__).parents[3] / "shared" / "data" / "retrieval"
WHOOSH_SECTIONS, TANTIVY_SECTIONS = 10_000, 20_000
FTS5 = "SQLite FTS5"
TARGETS = {
    "zalo": (0.94, 0.82), "drill": (0.89, 0.81), "alqac25": (0.97, 0.90), "alqac22": (None, None),
    "vlsp23": (None, None), "virhe4qa": (None, None),
}  # fmt: skip
Row = tuple[str, str, str]


def run(*, large: bool = False) -> list[Row]:
    """Rows of name, figure and target; `large` also measures 200,000 sections, which takes half an hour."""
    if not DATA.is_dir():
        return [("search", "no judged sets here", "")]
    rows = list(quality("alqac25"))
    rows += speed("whoosh", WHOOSH_SECTIONS, "≤ 30 ms")
    rows += speed("tantivy", WHOOSH_SECTIONS, "")
    rows += speed(FTS5, WHOOSH_SECTIONS, "")
    rows += speed("tantivy", TANTIVY_SECTIONS, "")
    rows += site("whoosh", WHOOSH_SECTIONS, "≤ 80 ms")
    rows += upload("whoosh")
    if large:
        rows += speed("tantivy", 200_000, "≤ 15 ms, ≤ ×4 of 20,000")
        rows += speed(FTS5, 200_000, "")
        rows += site("tantivy", 200_000, "≤ 60 ms")
    return rows


def site(name: str, count: int, target: str) -> Iterator[Row]:
    """Pages of results over HTTP, as `vankho serve` gives them."""
    with tempfile.TemporaryDirectory() as folder:
        sized.make(Path(folder), sections(count), engine=name)
        held = list(islice(sections(count), 2_000))
        queries = sized.typed(held, [wording for _, wording in judged("zalo").questions])
        with sized.served(Path(folder), engine=name) as port:
            first, again = sized.timed(port, queries), sized.timed(port, queries)
            keys = [begun for query in queries for begun in (query[:1], query[:3], query[:6], query)]
            offered = sized.timed(port, keys, page="/suggest")
    label = f"{name}, {count:,} sections: page over HTTP"
    yield f"{label}, p50 / p95 cold", f"{percentile(first, 50):.0f} / {percentile(first, 95):.0f} ms", ""
    yield f"{label}, p50 / p95 warm", f"{percentile(again, 50):.0f} / {percentile(again, 95):.0f} ms", target
    yield f"{name}, {count:,} sections: suggestions over HTTP, p95", f"{percentile(offered, 95):.0f} ms", "≤ 50 ms"


def upload(name: str) -> Iterator[Row]:
    """How long after it is sent a paper of ten pages is found."""
    with tempfile.TemporaryDirectory() as folder, sized.served(Path(folder), engine=name) as port:
        times = [sized.until_found(port, number) for number in range(5)]
    yield "DOCX of ten pages: sent to found, median of 5", f"{percentile(times, 50):.2f} s", "≤ 2 s"


def judged(name: str) -> Judged:
    """One of the judged sets; the two large ones share a collection."""
    shared = DATA / "corpus.dev.jsonl.gz"
    return evaluation.load(DATA / name, corpus=shared if name in ("zalo", "drill") else None)


# Quality


def quality(name: str) -> Iterator[Row]:
    """Recall and reciprocal rank of both engines, with marks and without, and of SQLite's own ranking."""
    held = judged(name)
    recall, rank = TARGETS[name]
    target = f"≥ {recall} / {rank}" if recall else "≥ FTS5"
    for engine_name in choice.NAMES:
        with tempfile.TemporaryDirectory() as folder:
            engine = choice.engine(engine_name, Path(folder) / "index")
            _, texts = evaluation.fill(engine, held, progress=lambda _: None)
            for unmarked in (False, True):
                found = _asked(held, lambda typed, e=engine, t=texts: evaluation.ask(e, t, typed), unmarked=unmarked)
                label = "không dấu" if unmarked else "có dấu"
                yield f"{name} {engine_name} {label} recall@10 / mrr@10", found, target
            engine.close()
    yield f"{name} SQLite FTS5 recall@10 / mrr@10", _asked(held, _fts5(held), unmarked=False), ""


def _asked(held: Judged, ask: Callable[[str], Sequence[str]], *, unmarked: bool) -> str:
    total = {"recall@10": 0.0, "mrr@10": 0.0}
    times: list[float] = []
    for question, wording in held.questions:
        typed = letters.fold(letters.normalise(wording)) if unmarked else wording
        begun = time.perf_counter()
        found = ask(typed)
        times.append((time.perf_counter() - begun) * 1000)
        for name, figure in measures(found, held.answers[question]).items():
            if name in total:
                total[name] += figure / len(held.questions)
    return f"{total['recall@10']:.3f} / {total['mrr@10']:.3f} (p95 {percentile(times, 95):.1f} ms)"


def _fts5(held: Judged) -> Callable[[str], Sequence[str]]:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table s using fts5(id unindexed, h, t, b, tokenize='unicode61')")
    rows = (
        (e["id"], e.get("title") or "", e.get("doc_title") or "", e.get("text") or "")
        for path in held.entries
        for e in evaluation.entries(path)
    )
    connection.executemany("insert into s values (?, ?, ?, ?)", rows)

    def ask(typed: str) -> Sequence[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", typed))
        found = connection.execute("select id from s where s match ? order by bm25(s) limit 100", (words,))
        return [row[0] for row in found]

    return ask


# Speed


def sections(count: int) -> Iterator[Passage]:
    """Real sections; beyond what is held they come again under other names."""
    given = 0
    again = 0
    while given < count:
        for entry in evaluation.entries(DATA / "corpus.dev.jsonl.gz"):
            for passage in evaluation.cut({**entry, "id": f"{entry['id']}~{again}"}):
                yield passage
                given += 1
                if given == count:
                    return
        again += 1


def mix(held: Sequence[Passage], count: int = 200) -> list[tuple[Query, set[str] | None]]:
    """As many single words, two to four words, phrases, filtered searches and questions."""
    rng = random.Random(1)
    questions = [wording for _, wording in judged("zalo").questions]
    documents = sorted({passage.document for passage in held})
    made: list[tuple[Query, set[str] | None]] = []
    while len(made) < count:
        words = re.findall(r"[^\W\d_]+", rng.choice(held).text)
        if len(words) < 8:
            continue
        at = rng.randrange(len(words) - 4)
        some = " ".join(words[at : at + rng.randint(2, 4)])
        within = set(rng.sample(documents, len(documents) // 5))
        made += [
            (query.parse(words[at]), None), (query.parse(some), None), (query.parse(f'"{some}"'), None),
            (query.parse(some), within), (query.parse(rng.choice(questions)), None),
        ]  # fmt: skip
    return made


def speed(name: str, count: int, target: str) -> Iterator[Row]:
    """Latency of a mix, all of it with ten highlighted hits; size and memory."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Fts5(Path(folder) / "index") if name == FTS5 else choice.engine(name, Path(folder) / "index")
        held = list(islice(sections(count), 2_000))
        texts: dict[str, str] = {}
        written = _fill(engine, count, texts)
        label = f"{name}, {count:,} sections"
        yield f"{label}: indexed per second", f"{count / written[1]:.0f}", ""
        size = evaluation.size(Path(folder))
        yield f"{label}: index / text", f"{size / written[0] * 1e6:.2f}", "≤ 1.2"
        asked = mix(held)
        engine.close()
        before = _memory()
        first = [_timed(engine, texts, *one) for one in asked]
        again = [_timed(engine, texts, *one) for one in asked]
        yield f"{label}: p50 / p95 cold", f"{percentile(first, 50):.1f} / {percentile(first, 95):.1f} ms", ""
        yield f"{label}: p50 / p95 warm", f"{percentile(again, 50):.1f} / {percentile(again, 95):.1f} ms", target
        yield f"{label}: memory for searching", f"{_memory() - before:.0f} MB", "≤ ×6 from 20,000 to 200,000"
        engine.close()


class Fts5:
    """SQLite's full-text search as it comes, on the same passages: what the engines are measured against."""

    def __init__(self, path: Path) -> None:
        path.mkdir()
        self._connection = sqlite3.connect(path / "fts5.sqlite")
        self._connection.execute(
            "create virtual table s using fts5(id unindexed, d unindexed, h, t, b, tokenize='unicode61')"
        )

    def put(self, passages: Iterable[Passage], *, documents: Collection[str]) -> None:
        """Add passages."""
        rows = ((p.id, p.document, p.heading, p.title, p.text) for p in passages)
        with self._connection:
            self._connection.executemany("insert into s values (?, ?, ?, ?, ?)", rows)

    def search(self, asked: Query, *, limit: int, within: Collection[str] | None = None) -> list[Candidate]:
        """The best passages; words as typed, side by side where quoted."""
        typed = asked.text.rpartition(" ")[0]  # without the mark that makes each query one of its own
        words = re.findall(r"\w+", typed)
        wanted = f'"{" ".join(words)}"' if typed.startswith('"') else (
            " OR " if len(words) > SENTENCE else " "
        ).join(f'"{word}"' for word in words)  # fmt: skip
        query = "select id, d from s where s match ? order by bm25(s)"
        found = ((i, d) for i, d in self._connection.execute(query, (wanted,)) if within is None or d in within)
        return [Candidate(i, d, "", 0, 0, 0.0) for i, d in islice(found, limit)]

    def close(self) -> None:
        """Nothing to forget."""


def _fill(engine: Engine | Fts5, count: int, texts: dict[str, str]) -> tuple[int, float]:
    """Bytes of text, and seconds."""
    total, seconds = 0, 0.0
    held = sections(count)
    while batch := list(islice(held, 10_000)):
        texts |= {p.id: p.text for p in batch}
        total += sum(len((p.heading + p.title + p.text).encode()) for p in batch)
        begun = time.perf_counter()
        engine.put(batch, documents={p.document for p in batch})
        seconds += time.perf_counter() - begun
    return total, seconds


def _timed(engine: Engine | Fts5, texts: dict[str, str], asked: Query, within: set[str] | None) -> float:
    begun = time.perf_counter()
    # A query of its own each time: nothing comes from what was answered before.
    fresh = Query(f"{asked.text} {begun}", asked.clauses, asked.excluded)
    for candidate in engine.search(fresh, limit=10, within=within):
        highlight.snippet(texts[candidate.passage], fresh)
    return (time.perf_counter() - begun) * 1000


def _memory() -> float:
    """Resident memory in MB, at this moment."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6
