"""Checks the signatures of a file in the sandbox, with pictures of its revisions: what `verify` and the worker call.

The verdict is archive's; the parsers of pages it needs are ours, so this is where both meet.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from archive import signatures, trust
from archive.signatures import Terms
from archive.verdicts import Report, Verdict
from indexer import sandbox
from indexer.ports import ReadFailure
from indexer.readers import revisions

SECONDS = 30.0
MEMORY = 2048  # MiB of address space


def check(
    path: Path, roots: trust.Trust, *, known_since: dt.datetime | None = None, at: dt.datetime | None = None,
    seconds: float = SECONDS, memory_mib: int = MEMORY,
) -> Report:  # fmt: skip
    """The report on a file's signatures; whatever the file does to its parsers, it is «could-not-check» at worst.

    `known_since` is when the archive received these very bytes, `at` the moment asked about (default now).
    """
    at = at or dt.datetime.now(dt.UTC)
    if not may_be_signed(path):
        return Report(Verdict.UNSIGNED, (), at)
    terms = Terms(trust=roots, at=at, known_since=known_since, compare=revisions.Comparer())
    try:
        return Report.from_json(sandbox.run(_verified, path.resolve(), terms, seconds=seconds, memory_mib=memory_mib))
    except ReadFailure as failure:
        return Report(Verdict.UNCHECKED, (), at, f"chưa kiểm tra được: {failure.detail}")
    except (KeyError, ValueError, TypeError):
        return Report(Verdict.UNCHECKED, (), at, "chưa kiểm tra được: trình kiểm tra trả lời không đúng dạng")


_SIGNABLE = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def may_be_signed(path: Path) -> bool:
    """Whether it is of a format that holds signatures: text and pictures need no child process to say no."""
    with path.open("rb") as stream:
        head = stream.read(1024)
    return head.startswith(_SIGNABLE) or _SIGNABLE[0] in head


def _verified(path: Path, terms: Terms) -> dict[str, Any]:
    """Plain values only, so that nothing but them can come back from the child."""
    return signatures.verify(path, terms).to_json()
