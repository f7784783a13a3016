"""The worker: takes jobs one after another, indexes in batches. One at a time writes the index."""

from __future__ import annotations

import ctypes
import fcntl
import json
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from archive import annex, bodies, checkpoint, corrections, jobs, trust
from archive.errors import ArchiveError
from archive.viewer import SYSTEM
from indexer import alerts, containers, correcting, destroying, rebuilding, relinking, withdrawing
from indexer.conversions import TOGETHER
from indexer.night import LOOK, Night
from indexer.pipeline import Prepared, Stopwatch, prepare
from indexer.ports import IndexUnusable, ReadFailure, Secret

if TYPE_CHECKING:
    from indexer.wiring import Service

log = logging.getLogger(__name__)

SEAL = 3600.0  # seconds between looks at the day's checkpoint
IDLE = 0.25  # seconds between looks at an empty queue
BATCH_DOCUMENTS = 64
BATCH_PASSAGES = 4_000
BATCH_SECONDS = 2.0  # a document never waits longer than this for the rest of its batch


def _give_back() -> None:
    """Return freed memory to the system, where the C library can: glibc keeps what one long paper needed for hours."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def name() -> str:
    """Who holds a lease: host and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


@contextmanager
def _writing(service: Service, *, wait: bool) -> Iterator[bool]:
    """Hold the right to write the index; False when another process has it and `wait` is off."""
    service.settings.data.mkdir(parents=True, exist_ok=True)
    with (service.settings.data / "worker.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


class Batch:
    """Documents stored and not yet indexed: one commit for many is six times as fast as one each."""

    def __init__(self, service: Service, on_done: Callable[[int], object]) -> None:
        self.service = service
        self.on_done = on_done
        self.pending: dict[str, tuple[jobs.Job, Prepared, Stopwatch]] = {}
        """By document: a lease that ran out during a long reading brings the same paper again."""
        self.since = 0.0

    @property
    def full(self) -> bool:
        """Whether it should be written now."""
        passages = sum(len(prepared.passages) for _, prepared, _ in self.pending.values())
        late = bool(self.pending) and time.monotonic() - self.since > BATCH_SECONDS
        return late or len(self.pending) >= BATCH_DOCUMENTS or passages >= BATCH_PASSAGES

    def add(self, job: jobs.Job, prepared: Prepared, watch: Stopwatch) -> None:
        """Keep a stored document for the next write."""
        if not self.pending:
            self.since = time.monotonic()
        self.pending[prepared.document] = (job, prepared, watch)

    def flush(self) -> int:
        """Index all, then finish their jobs; gives how many."""
        if not self.pending:
            return 0
        start = time.perf_counter()
        self._index()
        share = (time.perf_counter() - start) / len(self.pending)
        for job, _, watch in self.pending.values():
            jobs.finish(self.service.archive, job, {**watch.seconds, "index": share})
        count = len(self.pending)
        self.pending.clear()
        _give_back()
        self.on_done(count)
        return count

    def _index(self) -> None:
        """Into the index that answers; while another is built beside it, into that, and new papers into both."""
        passages = [p for _, prepared, _ in self.pending.values() for p in prepared.passages]
        documents = set(self.pending)
        building = self.service.building
        if building is None:
            self.service.engine.put(passages, documents=documents)
            alerts.note(self.service, documents)
            return
        building.put(passages, documents=documents)
        try:
            new = documents - set(self.service.engine.held())
            self.service.engine.put([p for p in passages if p.document in new], documents=new)
            alerts.note(self.service, new)
        except IndexUnusable:
            log.info("the old index cannot be read; the new one will answer")


def handle(service: Service, job: jobs.Job, batch: Batch) -> int:
    """Do one job up to the index; a file that cannot be read is a failed job, not an error. Gives 1 if failed."""
    if service.conversions.lacks(service.original(job)):
        coming = jobs.coming(service.archive, TOGETHER - 1)
        service.conversions.foresee([service.original(job), *coming])
        jobs.renew(service.archive, job)
    try:
        prepared = _prepared(service, job)
    except ReadFailure as failure:
        if isinstance(failure, Secret):
            withdrawing.withdraw(service, job.document, service.original(job))
        else:
            service.findings.forget(job.document)
            withdrawing.drop(service, job.document)
            jobs.fail(service.archive, job, code=failure.code, detail=failure.detail)
        batch.on_done(1)
        return 1
    watch = Stopwatch()
    watch.seconds.update(prepared.seconds)
    with watch.stage("store"):
        service.findings.record(prepared)
        _keep_report(service, prepared)
        jobs.survived(service.archive, job)
    batch.add(job, prepared, watch)
    log.info("read %s in %.2f s", job.document, sum(watch.seconds.values()))
    return 0


def _prepared(service: Service, job: jobs.Job) -> Prepared:
    """Everything worked out of one original; what came inside it is handed in on the way."""

    def progress(done: int, pages: int) -> None:
        jobs.progress(service.archive, job, f"đang nhận dạng trang {done + 1} trên {pages}")

    prepared = prepare(
        service.steps, service.original(job), document=job.document, version=job.version,
        received_at=job.received_at, progress=progress,
    )  # fmt: skip
    held, found = containers.unpack(service, job, prepared.body)
    body = replace(prepared.body, findings=(*prepared.body.findings, *found))
    parts = tuple((part.name, part.document) for part in held)
    return replace(prepared, body=body, parts=parts, alone=not containers.is_container(body))


def _keep_report(service: Service, prepared: Prepared) -> None:
    """Keep what the signatures were at receipt with the original, once: in forty years nobody can find it out again."""
    if not prepared.signatures.signatures:
        return
    if annex.find(service.archive, SYSTEM, prepared.document, annex.SIGNATURES) is None:
        report = json.dumps(prepared.signatures.to_json(), ensure_ascii=False, indent=1).encode()
        files = {annex.SIGNATURES: report}
        annex.keep(service.archive, SYSTEM, prepared.document, files, why="Kết quả kiểm tra chữ ký khi nhận")


def _step(service: Service, batch: Batch, worker: str) -> tuple[bool, int]:
    """Take and do one job; (whether there was one, how many documents are finished)."""
    for document in jobs.abandon(service.archive):
        service.findings.forget(document)
        withdrawing.drop(service, document)
    if correcting.waiting(service) or relinking.waiting(service):
        done = batch.flush()  # what waits there was read before the correction
        _catch_up(service)
        return True, done
    destroying.apply(service)
    job = jobs.claim(service.archive, worker)
    if job is None:
        return False, batch.flush()
    try:
        done = handle(service, job, batch)
    except Exception as error:  # the worker's edge: the error goes on the job, the next file goes on
        log.exception("job of %s failed", job.document)
        jobs.fail(service.archive, job, code="internal", detail=f"lỗi chương trình: {type(error).__name__}")
        return True, 1
    return True, done + (batch.flush() if batch.full else 0)


def _drain(service: Service, on_done: Callable[[int], object], *, forever: bool) -> int:
    worker = name()
    batch = Batch(service, on_done)
    finished = 0
    sealed = looked = 0.0
    with closing(Night(service)) as night:
        while True:
            busy, done = _step(service, batch, worker)
            finished += done
            if busy:
                continue
            rebuilding.finish(service)
            withdrawing.finish(service)
            if not forever:
                return finished
            if service.findings.noted(rebuilding.INDEX) == rebuilding.BROKEN:
                rebuilding.refill(service)
            sealed = _seal(service, sealed)
            if not looked or time.monotonic() - looked >= LOOK:
                looked = time.monotonic()
                night.look()
            time.sleep(IDLE)


def _seal(service: Service, before: float) -> float:
    """Once an hour see to the day's checkpoint of the ledger; gives when that was done last."""
    if before and time.monotonic() - before < SEAL:
        return before
    try:
        tsa, roots = service.settings.tsa, trust.load(service.settings.trust).roots
        checkpoint.daily(service.archive, tsa=tsa, roots=roots)
    except ArchiveError as error:  # a full disk is said where papers come in; the worker goes on
        log.warning("no checkpoint: %s", error.message("en"))
    return time.monotonic()


def run(service: Service, *, forever: bool) -> int:
    """Work until the queue is empty, or for ever; waits for its turn. Gives how many were finished."""
    with _writing(service, wait=True):
        service.prepare_derived()
        return _drain(service, lambda _count: None, forever=forever)


def run_if_free(service: Service, *, on_done: Callable[[int], object]) -> bool:
    """Empty the queue if no other worker does; whether it could."""
    with _writing(service, wait=False) as free:
        if free:
            service.prepare_derived()
            _drain(service, on_done, forever=False)
        return free


def _catch_up(service: Service) -> None:
    """Work in what people said since the last time; only who may write the index calls it."""
    if correcting.waiting(service):
        correcting.apply(service)
    if relinking.waiting(service):
        relinking.apply(service)


def _behind(service: Service, number: int) -> bool:
    """Whether something that was said up to this record is not worked in yet."""
    corrected, registered = corrections.newest(service.archive), bodies.newest(service.archive)
    return correcting.done(service) < min(number, corrected) or relinking.done(service) < min(number, registered)


def correct(service: Service, number: int, *, seconds: float) -> bool:
    """Work in what people said up to this record of the ledger, or wait for the worker that does; whether it did."""
    until = time.monotonic() + seconds
    while _behind(service, number):
        with _writing(service, wait=False) as free:
            if free:
                _catch_up(service)
                return True
        if time.monotonic() > until:
            return False
        time.sleep(IDLE / 5)
    return True


def destroy(service: Service) -> bool:
    """Forget now what was destroyed, or leave it to the worker that writes the index; whether it is done."""
    with _writing(service, wait=False) as free:
        if free:
            destroying.apply(service)
    return not destroying.left(service)


def rebuild(service: Service, *, progress: IO[str], engine: str | None = None) -> int:
    """Work out everything again from the originals; the old index answers until the new one is whole.

    `engine` changes the search engine.
    """
    with _writing(service, wait=True):
        service.prepare_derived()
        if service.building is None or engine:
            rebuilding.begin(service, engine=engine)
        total = service.findings.counts(SYSTEM)["documents"]
        return _drain(service, rebuilding.progress_on(progress, total), forever=False)
