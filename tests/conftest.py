"""Real services on temporary folders: no part of ours is replaced in any test."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from archive import accept, settings
from archive.viewer import SYSTEM
from indexer import worker
from indexer.wiring import Service

DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages in the language of most users, whatever the machine's LANG."""
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """An empty archive with its index."""
    loaded = replace(settings.load(tmp_path / "kho", environ={}), today="2018-01-15")
    with Service.open(loaded) as opened:
        yield opened


@pytest.fixture
def add(service: Service) -> Callable[..., str]:
    """Take in one text as a file, read and index it; gives the document id."""

    def add_text(text: str, name: str = "van-ban.txt", *, work: bool = True) -> str:
        stream = BytesIO(text.encode())
        receipt = accept.accept(service.archive, SYSTEM, stream, name=name, how="test")
        if work:
            worker.run(service, forever=False)
        return receipt.document

    return add_text


@pytest.fixture
def shared_data() -> Path:
    """The project's measurement data; tests on it skip where it is absent."""
    if not DATA.is_dir():
        pytest.skip("no shared data here")
    return DATA


@pytest.fixture(scope="session")
def s3_service() -> Iterator[str]:
    """The address of a private S3 service; it lives as long as the tests."""
    from tests import weed  # here, as most tests need no such service

    with weed.serving() as address:
        yield address


@pytest.fixture
def bucket(s3_service: str) -> str:
    """An address in it where nothing is yet."""
    return f"s3://kho/{uuid.uuid4().hex}"
