"""What the worker does by night beside its jobs: every byte and every signature checked again, harm healed.

A thread of its own, slow by intent; what it does can be cut off at any moment and goes on the next night.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from contextlib import closing
from typing import TYPE_CHECKING

from archive import patrol, rounds
from archive.archive import open_copy
from archive.database import now
from archive.errors import ArchiveError
from archive.settings import HANOI, Settings
from indexer import reproving

if TYPE_CHECKING:
    from indexer.wiring import Service

log = logging.getLogger(__name__)

LOOK = 60.0
"""Seconds between looks at the clock."""


def window(settings: Settings, at: dt.datetime) -> tuple[dt.datetime, dt.datetime] | None:
    """Begin and end of the night that `at` lies in; None by day, or when there is no patrol.

    >>> from pathlib import Path
    >>> at = dt.datetime(2024, 5, 2, 2, tzinfo=HANOI)
    >>> begin, end = window(Settings(Path(), "", patrol_hour=23, patrol_hours=5), at)
    >>> f"{begin:%d %H} {end:%d %H}"
    '01 23 02 04'
    """
    local = at.astimezone(HANOI)
    begin = local.replace(hour=settings.patrol_hour % 24, minute=0, second=0, microsecond=0)
    begin -= dt.timedelta(days=begin > local)
    end = begin + dt.timedelta(hours=min(settings.patrol_hours, 24))
    return (begin, end) if begin <= local < end else None


class Night:
    """The thread that goes on rounds; `close` it before the service."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._halt = threading.Event()
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        """Begin tonight's rounds when it is time and they are not done."""
        if self._thread is not None and self._thread.is_alive():
            return
        night = window(self.service.settings, now())
        if night and _due(self.service, night[0]):
            self._thread = threading.Thread(target=self._run, args=(night[1],), name="night", daemon=True)
            self._thread.start()

    def _run(self, until: dt.datetime) -> None:
        try:
            go(self.service, until, self._halt)
        except ArchiveError as error:  # the thread's edge: said in the log and by `doctor`, tried the next night
            log.warning("no patrol: %s", error.message("en"))
        except Exception:
            log.exception("the patrol failed")

    def close(self) -> None:
        """Let the rounds rest where they are."""
        self._halt.set()
        if self._thread is not None:
            self._thread.join(timeout=30)


def _due(service: Service, begin: dt.datetime) -> bool:
    """Whether a round was not finished since the night began."""
    done = rounds.last(service.archive)
    return any(one is None or one.at < begin for one in (done.files, done.signatures))


def go(service: Service, until: dt.datetime, halt: threading.Event) -> None:
    """Go on with both rounds until they are done, the night ends or `halt` is set."""
    settings, archive = service.settings, service.archive
    begin = now()

    def over() -> bool:
        return halt.is_set() or now() >= until

    done = rounds.last(archive)
    if done.files is None or done.files.at < until - dt.timedelta(hours=settings.patrol_hours):
        found = patrol.patrol(archive, rate=settings.patrol_rate, halt=over)
        for problem in found.problems:
            log.warning("%s", problem)
        if settings.copy and found.problems:
            with closing(open_copy(settings, settings.copy)) as second:
                for line in patrol.heal(archive, found.problems, second):
                    log.warning("%s", line)
    reproving.go_on(service, over)
    log.info("patrol from %s to %s", begin, now())
