"""SIGKILL between any two requests to the S3 service: an object is there whole, or not at all, and can be sent again.

By default a part of the places is tried; VANKHO_FAULTS=all tries every one.
"""

from __future__ import annotations

import os
import shutil
import signal
import uuid
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from archive import accept, annex, backup, catalogue, checkpoint, fixity, objects, restore, s3, settings, withdrawal
from archive.archive import Archive
from archive.settings import Settings
from archive.viewer import GUEST, SYSTEM
from tests import weed

STEP = 1 if os.environ.get("VANKHO_FAULTS") == "all" else 5
"""Every so-many-th request is one to die at."""
DATA = b"Thong bao so 4\n" * 100


@pytest.fixture
def base(s3_service: str, tmp_path: Path) -> Settings:
    """An archive with two papers, a checkpoint and an annex, to be copied for every kill."""
    loaded = _at(tmp_path / "gốc")
    with Archive.open(loaded) as archive:
        one, _ = _accept(archive, b"1"), _accept(archive, b"2")
        annex.keep(archive, SYSTEM, one, {"a.json": b"[]"}, why="x")
        checkpoint.make(archive)
        _accept(archive, b"3")
        backup.backup(archive, tmp_path / "sao lưu")
    return loaded


def _at(data: Path) -> Settings:
    return replace(settings.load(data, environ={}), originals=f"s3://{weed.BUCKET}/{uuid.uuid4().hex}")


def _accept(archive: Archive, data: bytes) -> str:
    return accept.accept(archive, GUEST, BytesIO(data), name="Thông báo.txt", how="test").document


def _fresh(tmp_path: Path, number: int) -> Settings:
    loaded = _at(tmp_path / f"kho {number}")
    (saved,) = (tmp_path / "sao lưu").iterdir()
    restore.restore(loaded, saved)
    return loaded


def _ingest(archive: Archive) -> None:
    _accept(archive, DATA)


def _keep(archive: Archive) -> None:
    document = _accept(archive, b"1")
    annex.keep(archive, SYSTEM, document, {"signatures.json": b"[1]"}, why="Kiểm tra chữ ký")


def _seal(archive: Archive) -> None:
    checkpoint.make(archive)


def _withdraw(archive: Archive) -> None:
    withdrawal.withdraw(archive, SYSTEM, _accept(archive, b"2"))


def _heal(archive: Archive) -> None:
    path = objects.at(_accept(archive, b"1"))
    with archive.store.draft() as draft, archive.store.reading(path) as place:
        built = shutil.copytree(place, draft / "built")
        archive.store.replace(path, built, archive.settings.data / uuid.uuid4().hex)


WORK: dict[str, Callable[[Archive], None]] = {
    "ingest": _ingest, "annex": _keep, "checkpoint": _seal, "withdrawal": _withdraw, "replacement": _heal,
}  # fmt: skip


class _Dying:
    """Lets so many requests through and dies before, or after, the next."""

    def __init__(self, client: Any, left: int, *, after: bool) -> None:
        self._client, self.left, self.after, self.seen = client, left, after, 0

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        if name in ("get_paginator", "close"):
            return call

        def counted(**options: Any) -> Any:
            self.seen += 1
            last = self.seen > self.left
            if last and not self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return call(**options)
            finally:  # «not there» is an answer too
                if last:
                    os.kill(os.getpid(), signal.SIGKILL)

        return counted


def _child(loaded: Settings, work: Callable[[Archive], None], left: int, *, after: bool) -> tuple[bool, int]:
    """Do the work in a process of its own; whether it was killed, and how many requests it made."""
    inside, outside = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            with Archive.open(loaded) as archive:
                bucket: s3.Bucket = archive.store.bucket  # type: ignore[attr-defined]
                bucket._client = dying = _Dying(bucket._client, left, after=after)
                work(archive)
                os.write(outside, b"%d" % dying.seen)
            os._exit(0)
        except BaseException as error:
            os.write(2, f"child: {error!r}\n".encode())
            os._exit(1)
    os.close(outside)
    _, status = os.waitpid(pid, 0)
    with os.fdopen(inside, "rb") as pipe:
        said = pipe.read()
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status), int(said or 0)


@pytest.mark.parametrize("name", WORK)
def test_a_kill_between_any_two_requests_loses_nothing_and_leaves_nothing_half_written(
    base: Settings, tmp_path: Path, name: str
) -> None:
    work = WORK[name]
    killed, requests = _child(_fresh(tmp_path, 0), work, 10_000, after=False)
    assert not killed and requests > 5
    for number in range(requests % STEP, requests + 1, STEP):
        last = number == requests
        loaded = _fresh(tmp_path, number + 1)
        assert _child(loaded, work, number - last, after=last)[0]
        try:
            _whole(loaded, work)
        except BaseException as error:
            raise AssertionError(f"{name}: killed at request {number} of {requests}") from error


def _whole(loaded: Settings, work: Callable[[Archive], None]) -> None:
    with Archive.open(loaded) as archive:
        assert [str(p) for p in fixity.check(archive)] == []
        assert list(archive.store.staging.iterdir()) == []
        if work is _withdraw:
            return
        work(archive)
        assert [str(p) for p in fixity.check(archive)] == []
        documents = catalogue.documents(archive, GUEST)
        assert len({d.version.sha512 for d in documents}) == len(documents)
        assert sorted(archive.store.held()) == sorted(d.id for d in documents)
        assert catalogue.count(archive, GUEST) == (4 if work is _ingest else 3)
