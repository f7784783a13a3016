"""A real archive on a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from archive import accept, settings
from archive.archive import Archive
from archive.viewer import GUEST

Put = Callable[..., accept.Receipt]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive on SQLite."""
    with Archive.open(settings.load(tmp_path / "kho", environ={})) as opened:
        yield opened


@pytest.fixture
def put(archive: Archive) -> Put:
    """Take in some bytes."""

    def put_bytes(data: bytes, name: str = "Kế hoạch.docx") -> accept.Receipt:
        return accept.accept(archive, GUEST, BytesIO(data), name=name, how="web")

    return put_bytes
