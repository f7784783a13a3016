"""SIGKILL while papers are taken in, read, linked and indexed: what was promised is found, once each."""

from __future__ import annotations

import io
import os
import random
import signal
import time
from pathlib import Path

from archive import settings
from archive.viewer import SYSTEM
from indexer import checking, tokens
from indexer.views import Filters
from indexer.wiring import Service
from web import intake

KILLS = 60
PAPERS = 40

PAPER = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ MỸ LÂM\tĐộc lập - Tự do - Hạnh phúc
Số: {number}/KH-UBND\tMỹ Lâm, ngày {day:02} tháng 3 năm 2017

KẾ HOẠCH
Phát triển tổ chức hội khuyến học năm 2017, đợt {number}

Thực hiện Kế hoạch số {before}/KH-UBND ngày {before_day:02}/3/2017 của Ủy ban nhân dân xã Mỹ Lâm.

I. NHIỆM VỤ
1. Hội Khuyến học xã thành lập chi hội ở thôn số {number}, hoàn thành trước ngày 30/6/2017.
{more}
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lê Văn Hòa
"""


def _papers(folder: Path) -> list[Path]:
    """Plans that cite each other; some long, so that a kill finds every step at work."""
    folder.mkdir()
    made = []
    for number in range(1, PAPERS + 1):
        more = "2. Các thôn vận động học sinh trở lại trường.\n" * (1 if number % 5 else 200)
        before = number - 1 or PAPERS
        text = PAPER.format(
            number=number, day=number % 28 + 1, before=before, before_day=before % 28 + 1, more=more
        )
        path = folder / f"{number:02}.txt"
        path.write_text(text, encoding="utf-8")
        made.append(path)
    return made


def _ingest(loaded: settings.Settings, paths: list[Path]) -> None:
    with Service.open(loaded) as service:
        taken = intake.take(service, paths, progress=io.StringIO())
        intake.finish(service, taken, progress=io.StringIO())


def _killed_after(loaded: settings.Settings, paths: list[Path], seconds: float) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            _ingest(loaded, paths)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _answers(service: Service) -> dict[str, list[tuple[str | None, int]]]:
    """What searches give, by number: ids differ from archive to archive."""
    found = {}
    for query in ("khuyến học", "thôn số 7", "7/KH-UBND", "học sinh trở lại trường"):
        results = service.search(SYSTEM, query, filters=Filters(), limit=100)
        found[query] = sorted((hit.card.number, len(hit.passages) + hit.more) for hit in results.hits)
    return found


def test_sixty_kills_of_ingest_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    paths = _papers(tmp_path / "giay")
    tokens.words("nạp sẵn bộ tách từ cho các tiến trình con")
    loaded = settings.load(tmp_path / "kho", environ={"VANKHO_LEASE": "3"})
    chance = random.Random(2017)
    for _ in range(KILLS):
        part = chance.sample(paths, 12)
        _killed_after(loaded, part, chance.uniform(0.02, 0.7))
    _ingest(loaded, paths)

    undisturbed = settings.load(tmp_path / "yen", environ={})
    _ingest(undisturbed, paths)
    with Service.open(loaded) as killed, Service.open(undisturbed) as calm:
        assert list(checking.check(killed)) == []
        unfinished = [(card.name, card.state, card.reason) for card in killed.findings.unfinished(SYSTEM)]
        assert unfinished == []
        assert killed.findings.counts(SYSTEM)["searchable"] == PAPERS
        assert _answers(killed) == _answers(calm)
