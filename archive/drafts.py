"""Drafts (bản nháp): folders to build objects in, and the locks by which the dead are told from the living."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive import disk, ocfl
from archive.errors import ArchiveError

TARGET = "target"
"""In a draft: which object it goes to, so that a crash midway can be mended."""

log = logging.getLogger(__name__)


class Drafts:
    """The drafts below one folder; `mend` finishes or forgets what a draft was doing to a store."""

    def __init__(self, folder: Path, mend: Callable[[Path], None]) -> None:
        self.folder = folder
        self.mend = mend

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A folder to build one object in; whatever is left of it afterwards is removed."""
        with disk.watched(self.folder):
            folder, guard = self._guarded()
            try:
                yield folder
            finally:
                self._clear(folder)
                os.close(guard)

    def _clear(self, draft: Path) -> None:
        try:
            self.mend(draft)
        except (OSError, ArchiveError) as error:
            # The disk fails at this very moment; the draft stays, and the next sweep mends what it names.
            log.warning("left %s to the next sweep: %s", draft.name, error)
        else:
            shutil.rmtree(draft, ignore_errors=True)

    def _guarded(self) -> tuple[Path, int]:
        while True:
            folder = Path(tempfile.mkdtemp(dir=self.folder))
            try:
                guard = os.open(folder, os.O_RDONLY)
            except FileNotFoundError:
                continue  # a sweep came between the two lines
            except OSError:
                folder.rmdir()
                raise
            fcntl.flock(guard, fcntl.LOCK_EX)
            if folder.exists():
                return folder, guard
            os.close(guard)

    def sweep(self) -> tuple[Path, ...]:
        """Remove the drafts of processes that are no more; drafts being built are left alone.

        What such a process was doing to an object is finished or forgotten, never left half done.
        """
        with disk.watched(self.folder):
            return tuple(folder for folder in sorted(self.folder.iterdir()) if self._abandoned(folder))

    def _abandoned(self, folder: Path) -> bool:
        try:
            guard = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            self.mend(folder)
            shutil.rmtree(folder, ignore_errors=True)
            return True
        finally:
            os.close(guard)

    def note(self, draft: Path, target: object) -> None:
        """Write down which object a draft goes to, durable on return."""
        (draft / TARGET).unlink(missing_ok=True)
        ocfl.write(draft / TARGET, str(target).encode())
        for path in (draft / TARGET, draft, self.folder):
            ocfl.sync(path)


def target(draft: Path) -> str | None:
    """Which object a draft goes to; None when it did not get that far."""
    return (draft / TARGET).read_text() if (draft / TARGET).is_file() else None


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Be the only one who changes this object; whoever checks or copies it waits."""
    with _locked(place, fcntl.LOCK_EX):
        yield


@contextmanager
def unchanging(place: Path) -> Iterator[None]:
    """Keep those who would change this object waiting."""
    with _locked(place, fcntl.LOCK_SH):
        yield


@contextmanager
def _locked(place: Path, how: int) -> Iterator[None]:
    guard = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(guard, how)
        yield
    finally:
        os.close(guard)
