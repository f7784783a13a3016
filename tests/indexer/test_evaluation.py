"""`evaluate`: judged sets are read, indexed and asked by the site's own code."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from indexer import evaluation
from indexer.engines import choice

ENTRIES = [
    {"id": "a+1", "title": "Điều 1. Học bổng", "text": "Học sinh nghèo được cấp học bổng.", "doc_title": "Quy chế"},
    {"id": "b c+2", "title": "Điều 2. Kinh phí", "text": "Kinh phí do ngân sách bảo đảm. " * 100},
    {"id": "d", "title": "", "text": ""},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = "\n".join(json.dumps(entry, ensure_ascii=False) for entry in ENTRIES)
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    extra = {"id": "e", "title": "Thi đua", "text": "Khen thưởng hằng năm."}
    (tmp_path / "extra.jsonl").write_text(json.dumps(extra) + "\n" + json.dumps(ENTRIES[0]), encoding="utf-8")
    asked = [{"id": "q1", "text": "Ai được cấp học bổng?"}, {"id": "q2", "text": "Kinh phí lấy từ đâu"}]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("q1\ta+1\t1\nq2\tb c+2\t1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", choice.NAMES)
@pytest.mark.parametrize("without_marks", [False, True])
def test_right_answers_are_counted(folder: Path, tmp_path: Path, name: str, without_marks: bool) -> None:
    engine = choice.engine(name, tmp_path / name)
    found = evaluation.evaluate(engine, evaluation.load(folder), without_marks=without_marks)
    assert (found["queries"], found["recall@1"], found["mrr@10"], found["ndcg@10"]) == (2, 1.0, 1.0, 1.0)
    assert found["index_per_s"] > 0 and found["p95_ms"] >= found["p50_ms"] > 0
    assert set(engine.held()) == {"a+1", "b c+2", "d", "e"}


def test_a_folder_without_its_parts_is_named(tmp_path: Path, folder: Path) -> None:
    (folder / "qrels.tsv").unlink()
    with pytest.raises(evaluation.NotJudged, match=str(folder)):
        evaluation.load(folder)
