"""One service per data folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from archive import disk
from archive.errors import AlreadyServing
from archive.settings import Settings


@contextmanager
def serving(settings: Settings) -> Iterator[None]:
    """Be the one that serves this data; AlreadyServing when another process is. Freed even by kill -9."""
    path = settings.data / "serving.lock"
    with disk.watched(path):
        settings.data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "?"
            raise AlreadyServing(path=settings.data, pid=pid) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
