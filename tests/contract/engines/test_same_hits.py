"""Whoosh and tantivy give the same: equal sets of hits, equal order but for ties, on several hundred queries."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import pytest

from corpus import text as letters
from indexer import evaluation, query
from indexer.engines import choice
from indexer.ports import Candidate, Engine, Passage

HERE = Path(__file__).parents[3]
READINGS = HERE / "corpus" / "samples" / "readings"
ARTICLES = HERE.parent / "shared" / "data" / "retrieval" / "alqac22" / "corpus.jsonl.gz"
PHRASES = (
    "khuyến học", "khuyến tài", "xã hội học tập", "báo cáo", "bảo cáo", "bao cao su", "kế hoạch",
    "kể hoạch", "hòa giải", "hoà giải", "Ủy ban nhân dân", "UBND", "phòng chống bão lũ",
    "cạo vét kênh mương", "học bổng", "gia đình học tập", "dòng họ", "kinh phí", "chủ trì", "phối hợp",
    "đánh giá", "đánh gia súc", "nước sạch", "thi đua khen thưởng", "trường học", "trưởng thôn", "công an",
    "công ăn việc làm", "đại hội", "thủy lợi", "thuỷ lợi", "kỹ thuật", "kĩ thuật", "Điều 5 khoản 2",
    "năm 2016", "19-CT/TU", "11/KH-UBND", "111/KH-UBND", "11-KH/HU", "ngày 5/7/2016", "30/9/2017",
)  # fmt: skip
JOINTS = (" ", " và ", ", ", "; ", ". ", "\n", " của ", " theo ")
NUMBERS = ("11/KH-UBND", "40/BC-UBND", "05-KH/HU", "820/QĐ-UBND", None, None)
SECTIONS = ("", "i", "ii", "ii.3", "ii.3.b", "d5")


def _text(rng: random.Random, phrases: int) -> str:
    return "".join(rng.choice(PHRASES) + rng.choice(JOINTS) for _ in range(phrases))


def generated(rng: random.Random) -> Iterator[Passage]:
    """A few hundred passages made of the same phrases: what tells them apart is what ranking looks at."""
    for document in range(60):
        number, title = rng.choice(NUMBERS), _text(rng, 3)
        for place in range(rng.randint(1, 6)):
            text = _text(rng, rng.randint(2, 60))
            heading = _text(rng, 2) if rng.random() < 0.4 else ""
            name = f"d{document}"
            yield Passage(
                f"{name}#{place}", name, rng.choice(SECTIONS), heading, title, text, number=number, start=place * 1000,
                end=place * 1000 + len(text),
            )  # fmt: skip


def real() -> Iterator[Passage]:
    """Articles of laws, where the project's measurement data are at hand; else the papers of the demonstration."""
    if ARTICLES.is_file():
        for entry in islice(evaluation.entries(ARTICLES), 400):
            yield from evaluation.cut(entry)
        return
    for path in sorted(READINGS.glob("*.json")):
        reading = json.loads(path.read_text(encoding="utf-8"))
        yield from evaluation.cut({"id": path.stem, "text": reading["text"]})


def asked(rng: random.Random, held: list[Passage]) -> Iterator[str]:
    """Words, phrases, exclusions, alternatives, sentences, numbers; with marks and without."""
    for _ in range(45):
        words = rng.choice(held).text.split()
        at = rng.randrange(max(1, len(words) - 14))
        short, sentence = " ".join(words[at : at + rng.randint(1, 4)]), " ".join(words[at : at + 13])
        plain = " ".join("".join(c if c.isalnum() else " " for c in short).split()) or "học"
        yield plain
        yield letters.fold(plain)
        yield f'"{plain}"'
        yield f'"{letters.fold(plain)}"'
        yield f"{plain} -{rng.choice(PHRASES[:20])}"
        yield f"{plain} OR {rng.choice(PHRASES[:20])}"
        yield f'{rng.choice(PHRASES[:30])} "{plain}"'
        yield f"{plain} là gì"
        yield f'"{plain}, {rng.choice(PHRASES[:20])}" -"{rng.choice(PHRASES[:20])}; {rng.choice(PHRASES[:20])}"'
        yield "".join(c if c.isalnum() else " " for c in sentence) or "học tập"
        yield letters.fold("".join(c if c.isalnum() else " " for c in sentence)) or "hoc tap"
    yield from ("11/KH-UBND", "KH 11", "số 11", "11-KH/HU", "số:11/KH-UBND", "số 11/KH-UBND ngày 5/7/2016", "5/7/2016")
    yield from ("mục:II.3 học", "mục:ii khuyến học", 'UBND "học tập" -báo', "ubnd", "uy ban nhan dan", "từ:2016")


def same(one: list[Candidate], two: list[Candidate]) -> bool:
    """Whether two answers are equal but for the order of ties."""
    if {c.passage for c in one} != {c.passage for c in two}:
        return False
    score = {c.passage: c.score for c in two}
    within = all(abs(c.score - score[c.passage]) <= 1e-3 + 1e-5 * abs(c.score) for c in one)
    falling = [score[c.passage] for c in one]
    return within and all(b <= a + 2e-3 for a, b in pairwise(falling))


@pytest.fixture(scope="module", params=["generated", "real", "after changes"])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Engine], list[Passage]]:
    rng = random.Random(request.param)
    held = list(real() if request.param == "real" else generated(rng))
    engines: list[Engine] = [choice.engine(name, tmp_path_factory.mktemp(name)) for name in choice.NAMES]
    for engine in engines:
        engine.put(held, documents={p.document for p in held})
    if request.param == "after changes":
        changed = [p for p in held if int(p.document[1:]) % 3 == 0 and not p.id.endswith("#0")]
        for engine in engines:
            engine.put(changed, documents={p.document for p in held if int(p.document[1:]) % 3 == 0})
            engine.drop({"d1", "d4", "d7"})
        held = changed
    return engines, held


def test_every_engine_gives_the_same_hits(pair: tuple[list[Engine], list[Passage]]) -> None:
    (first, second), held = pair
    queries = list(asked(random.Random(5), held))
    assert len(queries) >= 300
    differing = []
    for typed in queries:
        parsed = query.parse(typed)
        one, two = (list(engine.search(parsed, limit=10_000)) for engine in (first, second))
        grouped = [{s.document: s.passages for s in engine.documents(parsed)} for engine in (first, second)]
        if not same(one, two) or grouped[0] != grouped[1]:
            differing.append(typed)
    assert differing == []


@pytest.mark.parametrize("name", choice.NAMES)
def test_the_first_documents_are_those_of_the_whole_order(name: str, tmp_path: Path) -> None:
    """Of words in thousands of passages, many of them as good as each other; some deleted."""
    held = list(generated(random.Random(7)))
    more = [replace(held[n % len(held)], id=f"m{n}#0", document=f"m{n // 3}", section=f"s{n}") for n in range(3_600)]
    engine, another = choice.engine(name, tmp_path), choice.engine(name, tmp_path)
    engine.put(more, documents={p.document for p in more})
    engine.drop({f"m{n}" for n in range(0, 1_200, 9)})
    some, left_open = {f"m{n}" for n in range(1_100)}, False
    for typed in ("học", "khuyến học", "hoc tap", "báo cáo OR kế hoạch", "học -tài", '"học tập"'):
        for within in (None, some, set(sorted(some)[::7])):
            whole = another.documents(query.parse(typed), within=within)
            partly = engine.documents(query.parse(typed), within=within, first=10)
            assert list(partly[:10]) == list(whole[:10]), typed
            counted, again = (dict(zip(r.documents, r.passages, strict=True)) for r in (whole, partly))
            assert counted == again, typed
            left_open |= list(partly.documents) != list(whole.documents)
    assert left_open == (name == "tantivy")


def test_filters_and_best_passages_are_the_same(pair: tuple[list[Engine], list[Passage]]) -> None:
    (first, second), held = pair
    some = sorted({p.document for p in held})[::2]
    for typed in asked(random.Random(6), held):
        parsed = query.parse(typed)
        one, two = (list(engine.search(parsed, limit=10_000, within=set(some))) for engine in (first, second))
        assert same(one, two), typed
        best = [engine.passages(parsed, some, each=99) for engine in (first, second)]
        assert all(same(list(best[0][d]), list(best[1][d])) for d in some), typed
