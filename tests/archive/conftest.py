"""A real archive on a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from archive import accept, settings
from archive.archive import Archive
from archive.viewer import GUEST
from tests.archive import authority

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


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of the time-stamping service."""
    folder = tmp_path_factory.mktemp("pki") / "tsa"
    authority.make(folder)
    return folder


@pytest.fixture
def tsa(authority_folder: Path) -> Iterator[str]:
    """The address of a time-stamping service."""
    with authority.serving(authority_folder) as address:
        yield address
