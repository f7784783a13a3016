"""A walk over the store that can be stopped and taken up again, and does not outrun what the disk is needed for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path, PurePath

from archive.problem import Problem

_EVERY = 1.0  # seconds between two notes of how far it is


class Walk:
    """How far the reading of all objects is; with `notes` it survives a crash or a stop."""

    def __init__(
        self, notes: Path | None = None, *, rate: float = 0, seconds: float = 0,
        halt: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        """`rate`: MiB read in a second at most; `seconds`: when to stop for today; 0 is no limit.

        `halt` is asked too whether to stop.
        """
        self.notes = notes
        self.rate = rate
        self.seconds = seconds
        self.halt = halt
        self.objects = 0
        self.size = 0
        """Bytes."""
        self.complete = False
        """Whether every object was seen."""
        self.problems: list[Problem] = []
        """Those of objects, also of earlier parts of this round."""
        self._after: list[str] = []
        self._begun = self._noted = time.monotonic()
        self._read = 0
        self._resume()

    def _resume(self) -> None:
        if self.notes is None or not self.notes.exists():
            return
        try:
            said = json.loads(self.notes.read_text("utf-8"))
            self._after = [str(part) for part in said["after"]]
            self.objects, self.size = int(said["objects"]), int(said["size"])
            self.problems = [Problem(where, what) for where, what in said["problems"]]
        except (ValueError, KeyError, TypeError):
            self.notes.unlink()  # torn: the round begins anew

    def passed(self, path: PurePath) -> bool:
        """Whether an earlier part of this round saw this object."""
        return list(path.parts) <= self._after

    @property
    def counts(self) -> bool:
        """Whether the bytes read matter to it."""
        return bool(self.rate or self.notes)

    @property
    def over(self) -> bool:
        """Whether the time for today is used up."""
        return self.halt() or (bool(self.seconds) and time.monotonic() - self._begun >= self.seconds)

    def done(self, path: PurePath, size: int, problems: list[Problem]) -> None:
        """Note an object as seen; waits where it went faster than it may."""
        self._after = list(path.parts)
        self.objects += 1
        self.size += size
        self._read += size
        self.problems += problems
        if self.notes and time.monotonic() - self._noted >= _EVERY:
            self.note()
        if self.rate:
            ahead = self._read / (self.rate * 1024 * 1024) - (time.monotonic() - self._begun)
            if ahead > 0:
                time.sleep(ahead)

    def note(self) -> None:
        """Write down how far it is."""
        if self.notes is None:
            return
        said = {
            "after": self._after,
            "objects": self.objects,
            "size": self.size,
            "problems": [(problem.where, problem.what) for problem in self.problems],
        }
        draft = self.notes.with_name(self.notes.name + ".new")
        draft.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        draft.replace(self.notes)
        self._noted = time.monotonic()

    def finish(self) -> None:
        """The round is complete; the next begins anew."""
        self.complete = True
        if self.notes:
            self.notes.unlink(missing_ok=True)
