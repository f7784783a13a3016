"""`vankho check`: the archive against itself, and the index against the archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archive import fixity
from archive.viewer import SYSTEM
from indexer.ports import IndexUnusable

if TYPE_CHECKING:
    from indexer.wiring import Service

REBUILD = "chạy “vankho reindex”"


def check(service: Service) -> Iterator[fixity.Problem]:
    """Everything that is wrong: originals, ledger, catalogue; then what the index lacks or has too much."""
    yield from fixity.check(service.archive)
    try:
        indexed = set(service.engine.held())
    except IndexUnusable as unusable:
        yield fixity.Problem(f"chỉ mục: {unusable.where}", f"không mở được ({unusable.reason}); {REBUILD}")
        return
    searchable = set(service.findings.searchable(SYSTEM))
    for document in sorted(searchable - indexed):
        yield fixity.Problem(f"chỉ mục: {document}", f"đã đọc nhưng chưa có trong chỉ mục; {REBUILD}")
    for document in sorted(indexed - searchable):
        yield fixity.Problem(f"chỉ mục: {document}", f"còn trong chỉ mục, không có trong danh mục; {REBUILD}")
