"""What happens to one file after it is safe: read, analyse, segment, store, index. Knows no adapter.

Every step may be repeated: a worker that dies anywhere is followed by another that does the job again.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from archive.verdicts import Report
from corpus import secrecy
from corpus.analyse import analyse
from corpus.model import Analysis, Body
from indexer.overlay import Overlaid, Overlay, untouched
from indexer.passages import passages
from indexer.ports import Passage, Secret

log = logging.getLogger(__name__)

WORDED = 8_000  # characters: about four pages

STAGES = ("read", "analyse", "segment", "store", "index")
"""Names under which each job's seconds are kept."""


Progress = Callable[[int, int], None]
"""Told how many pages are recognised, of how many."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The adapters a pipeline needs."""

    read: Callable[[Path, Progress | None], Body]
    """The body of a file, or `ReadFailure`."""
    verify: Callable[[Path, dt.datetime, str], Report]
    """The report on a file's digital signatures, given since when the archive has held it, as which document."""
    segment: Callable[[str], tuple[str, ...]]
    """The Vietnamese words of a text."""
    overlay: Overlay = untouched
    """The analysis as people corrected it, given the document, its body and what was read out of it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One document, worked out and not yet stored."""

    document: str
    version: str
    body: Body
    analysis: Analysis
    passages: tuple[Passage, ...]
    signatures: Report
    seconds: Mapping[str, float]
    overlaid: Overlaid | None = None
    """Where people's corrections were laid, and what they decided of citations; `analysis` has them in it."""
    parts: tuple[tuple[str, str], ...] = ()
    """Name and document of each file that came inside this one."""
    alone: bool = True
    """Whether it is a paper itself, which others may cite; a container only carries them."""

    @property
    def answers(self) -> bool:
        """Whether citations may mean it: neither a container nor a lesser version of another paper."""
        return self.alone and (self.overlaid is None or self.overlaid.answers)


def worded(found: Sequence[Passage], segment: Callable[[str], tuple[str, ...]]) -> tuple[Passage, ...]:
    """The passages with their words, as far as `WORDED` characters into the text.

    Words serve suggestions while typing, for which a paper's opening is enough; cutting all of them was half
    the time of taking a long text in.
    """
    done: list[Passage] = []
    left = WORDED
    for passage in found:
        done.append(replace(passage, words=segment(passage.text)) if left > 0 else passage)
        left -= len(passage.text)
    return tuple(done)


class Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def prepare(
    steps: Steps,
    path: Path,
    *,
    document: str,
    version: str,
    received_at: dt.datetime,
    progress: Progress | None = None,
) -> Prepared:
    """Read and understand one original. Pure but for the reading; raises `ReadFailure`, and `Secret`."""
    watch = Stopwatch()
    with watch.stage("read"):
        body = steps.read(path, progress)
        degree = secrecy.of_body(body)
        if degree:
            raise Secret(degree)
        report = steps.verify(path, received_at, document)
    return understand(steps, body, report, document=document, version=version, watch=watch)


def understand(
    steps: Steps, body: Body, report: Report, *, document: str, version: str, watch: Stopwatch
) -> Prepared:
    """Understand a body that was read, now or earlier, with people's corrections laid over it."""
    with watch.stage("analyse"):
        overlaid = steps.overlay(document, body, analyse(body))
        analysis = overlaid.analysis
        found = passages(document, analysis.heading, analysis.sections, body.text, analysis.papers)
    with watch.stage("segment"):
        found = worded(found, steps.segment)
    return Prepared(document, version, body, analysis, found, report, watch.seconds, overlaid)
