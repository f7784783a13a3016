"""Puts the parts together: the only place that names readers and engines."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Collection
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive import accept, fixity, jobs, proofs, rounds, trust
from archive.archive import Archive
from archive.errors import IndexRebuilding
from archive.settings import Settings
from archive.store import Source
from archive.verdicts import Report
from archive.viewer import Viewer
from corpus.model import Body
from indexer import correcting, door, filed_under, reading, rebuilding, signing, tokens, worker
from indexer.conversions import Conversions
from indexer.engines import choice
from indexer.findings import Findings
from indexer.pipeline import Progress, Steps
from indexer.ports import Engine, IndexUnusable
from indexer.search import SHOWN, search
from indexer.views import Filters, Results

TOOLS = ("soffice", "tesseract")
"""Outside programs; without them some files are kept as «chờ công cụ»."""


class Service:
    """An open archive with what was worked out of it; use `open`, and as a context manager."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.settings = archive.settings
        self.findings = Findings(archive)
        self.conversions = Conversions(self.settings.data / "converted")
        self.steps = Steps(
            read=self._read,
            verify=self._verify,
            segment=tokens.words,
            overlay=partial(correcting.laid, archive),
        )
        self._engine: Engine | None = None
        self.building: Engine | None = None
        """The index being filled beside the one that answers, while everything is read again."""

    @classmethod
    def open(cls, settings: Settings) -> Service:
        """Open or make the archive, its derived tables and its index. Raises what `Archive.open` does."""
        service = cls(Archive.open(settings))
        try:
            if service.findings.prepare():
                jobs.requeue(service.archive)
                service.findings.prepared()
        except BaseException:
            service.close()
            raise
        return service

    def accept(self, viewer: Viewer, stream: Source, *, name: str, how: str) -> accept.Receipt:
        """Keep a file that may be kept and queue it for reading; raises what `archive.accept` does, SecretMark too."""
        return accept.accept(self.archive, viewer, stream, name=name, how=how, inspect=self._inspect)

    def _inspect(self, path: Path) -> None:
        limits = {"seconds": self.settings.read_seconds, "memory_mib": self.settings.read_memory}
        door.inspect(path, **limits, conversions=self.conversions)

    def _read(self, path: Path, progress: Progress | None) -> Body:
        limits = {"seconds": self.settings.read_seconds, "memory_mib": self.settings.read_memory}
        try:
            return reading.read(path, progress=progress, conversions=self.conversions, **limits)
        finally:
            self.conversions.forget(path)

    def _verify(self, path: Path, known_since: dt.datetime, document: str) -> Report:
        held = proofs.kept(self.archive, document) if signing.may_be_signed(path) else None
        trusted = proofs.helped(trust.load(self.settings.trust), held)
        return signing.check(path, trusted, known_since=known_since)

    @property
    def engine(self) -> Engine:
        """The index that answers; raises `IndexUnusable` while it has to be built again."""
        if self._engine is None:
            self._engine = choice.engine(self.engine_name, self.settings.index)
        return self._engine

    @property
    def engine_name(self) -> str:
        """The engine of the index in use."""
        return self.settings.engine or self.findings.noted(rebuilding.ENGINE) or choice.NAMES[0]

    def beside(self, name: str | None = None) -> Engine:
        """An empty index beside the one in use, or in place of one that cannot be opened."""
        return choice.engine(name or self.engine_name, self.settings.index, building=True)

    def reopen(self) -> None:
        """Forget the open index: another one was put in its place."""
        if self._engine is not None:
            self._engine.close()
        self._engine = None

    def prepare_derived(self) -> None:
        """What a worker does before its first job: finish what crashes left, mend the index.

        Only the process that holds the right to write calls it.
        """
        fixity.sweep(self.archive)
        self.conversions.sweep()
        if all(map(shutil.which, TOOLS)):
            jobs.requeue(self.archive, codes=("tool-missing",))
        rebuilding.resume(self)

    def original(self, job: jobs.Job) -> Path:
        """The bytes of a job's version; read, never written."""
        return job.path

    def search(
        self, viewer: Viewer, query: str, *, filters: Filters, limit: int, offset: int = 0, sort: str = "best",
        shown: int = SHOWN,
    ) -> Results:  # fmt: skip
        """A page of results with `shown` passages each. Raises `BadQuery`, `IndexRebuilding` while it is made again."""
        narrowed = {
            "filters": filters, "limit": limit, "offset": offset, "sort": sort, "shown": shown,
            "filed": partial(filed_under.of, self.archive), "dossiers": self.filed_under,
        }  # fmt: skip
        try:
            return search(self.findings, self.engine, viewer, query, **narrowed)
        except IndexUnusable:
            self.reopen()  # another process may have swapped in an index of another engine
        try:
            return search(self.findings, self.engine, viewer, query, **narrowed)
        except IndexUnusable as unusable:
            self.findings.note(rebuilding.INDEX, rebuilding.BROKEN)
            raise IndexRebuilding() from unusable

    def filed_under(self, viewer: Viewer, dossier: str) -> set[str]:
        """Documents that lie in a dossier named by its code or words of its title."""
        return filed_under.documents(self.archive, viewer, dossier)

    def read_again(self, documents: Collection[str]) -> None:
        """Read these documents again now, as after an upgrade; their places in the archive stay."""
        jobs.requeue(self.archive, documents=documents)
        worker.run(self, forever=False)

    def status(self, viewer: Viewer) -> dict[str, Any]:
        """Counts of documents and jobs, and the seconds spent in each stage of reading."""
        stages = {
            timing.stage: {
                "jobs": timing.jobs,
                "mean_ms": round(1000 * timing.mean, 1),
                "longest_ms": round(1000 * timing.longest, 1),
            }
            for timing in jobs.timings(self.archive)
        }
        return {
            "documents": self.findings.counts(viewer),
            "jobs": jobs.counts(self.archive, viewer),
            "stages": stages,
            "index": rebuilding.state(self),
            "rounds": rounds.last(self.archive).told(),
        }

    def close(self) -> None:
        """Release files and connections."""
        for engine in (self._engine, self.building):
            if engine is not None:
                engine.close()
        self._engine = self.building = None
        self.archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
