"""Taking in 567 legal texts, then a hundred searches: the main job as one process does it."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from archive import settings
from archive.viewer import SYSTEM
from indexer.views import Filters
from indexer.wiring import Service

TEXTS = Path(__file__).parents[3] / "shared" / "data" / "vbpl"
ASKED = (
    "khuyến học", "khuyen hoc", "ngân sách nhà nước", "bảo vệ môi trường", "xử phạt vi phạm hành chính",
    "đất đai", "bồi thường hỗ trợ tái định cư", '"hội đồng nhân dân"', "lệ phí", "quy hoạch sử dụng đất",
    "cán bộ công chức", "giáo dục mầm non", "thuế giá trị gia tăng", "30/2020/NĐ-CP", "an toàn giao thông",
    "loại:quyết định phí", "chế độ phụ cấp", "hộ nghèo", "bảo hiểm y tế", "phòng cháy chữa cháy",
)  # fmt: skip

Row = tuple[str, object, str]


def run() -> Iterator[Row]:
    """Rows (what, figure, target)."""
    if not TEXTS.is_dir():
        yield "texts", "not here", ""
        return
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "kho"
        yield from _ingest(data)
        yield from _search(data)
        yield from _check(data)


def _ingest(data: Path) -> Iterator[Row]:
    start = time.perf_counter()
    command = [sys.executable, "-m", "web", "--data", str(data), "ingest", str(TEXTS), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    lines = json.loads(done.stdout)
    found = sum(line["state"] == "searchable" for line in lines)
    yield "texts searchable", f"{found} of {len(lines)}", "all"
    yield "documents/s, taken in to searchable", round(found / seconds, 1), ""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield "peak memory of the process, MiB", round(peak), "≤ 350 beside the child"
    text = sum(path.stat().st_size for path in TEXTS.rglob("*.txt"))
    index = sum(path.stat().st_size for path in (data / "index").rglob("*") if path.is_file())
    yield "index, share of the text", round(index / text, 2), "≤ 1.2"


def _search(data: Path) -> Iterator[Row]:
    with Service.open(settings.load(data, environ=os.environ)) as service:
        took = []
        for round_ in range(6):
            for query in ASKED:
                start = time.perf_counter()
                service.search(SYSTEM, query, filters=Filters(), limit=10)
                if round_:
                    took.append((time.perf_counter() - start) * 1000)
        yield "search p50, ms (100 searches)", round(statistics.median(took), 1), ""
        yield "search p95, ms", round(statistics.quantiles(took, n=20)[-1], 1), ""


def _check(data: Path) -> Iterator[Row]:
    done = subprocess.run([sys.executable, "-m", "web", "--data", str(data), "check"], capture_output=True, check=False)
    yield "check ends with", done.returncode, "0"
