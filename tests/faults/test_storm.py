"""A short storm of SIGKILLs; the long one is `python -m tests.faults.storm 500`."""

from __future__ import annotations

from pathlib import Path

from tests.faults import storm

KILLS = 6


def test_kills_of_site_and_worker_under_load_lose_nothing_acknowledged_and_double_nothing(tmp_path: Path) -> None:
    found = storm.run(KILLS, tmp_path)
    assert sum(found.kills.values()) >= KILLS and len(found.acknowledged) > 10, "the kills came too early"
    assert found.lost == [] and found.doubled == 0
    assert found.problems == [] and found.unread == 0
