"""The queue: one job per version, claimed by lease, so that a killed worker's job goes to the next."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import catalogue
from archive.database import now, reader, writer
from archive.schema import document as document_table
from archive.schema import job as table
from archive.schema import version as version_table
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

STATES = ("queued", "running", "done", "failed")
STAGES = ("read", "analyse", "segment", "index", "store")

ATTEMPTS = 3
"""So many workers may die over a job before it is given up as `crashed`."""

CRASHED = "Chương trình đọc bị dừng đột ngột nhiều lần khi xử lý tệp này; bản gốc vẫn được giữ nguyên."

FINAL = ("secret", "destroyed")
"""Reasons of documents whose bytes are gone for good (`withdrawal`)."""

PASSING = ("crashed", "internal", "time-limit", "memory-limit", "tool-missing")
"""Reasons that may not hold at another try: a paper that is handed in again is read again."""

_FREE = {"lease": None, "lease_until": None, "worker": None}


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; valid until its lease ends."""

    id: int
    document: str
    version: str
    path: Path
    """The original; read, never written."""
    name: str
    """The file's name as received."""
    received_at: dt.datetime
    attempts: int
    """1 at the first claim."""
    lease: str


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one stage took over all finished jobs."""

    stage: str
    jobs: int
    mean: float
    """Seconds."""
    longest: float
    """Seconds."""


def enqueue(connection: Connection, *, document: str, version: str, at: dt.datetime) -> None:
    """Queue a new version in the transaction that records it."""
    connection.execute(
        table.insert().values(version=version, document=document, state="queued", attempts=0, queued_at=at)
    )


def claim(archive: Archive, worker: str) -> Job | None:
    """The next job, leased for `settings.lease` seconds; None when there is nothing to do.

    A job whose lease ran out is taken over, unless `ATTEMPTS` workers died over it: see `abandon`.
    """
    if not _waiting(archive):
        return None
    with writer(archive.engine) as connection:
        found = connection.execute(_next()).first()
        if found is None:
            return None
        lease = secrets.token_hex(16)
        connection.execute(
            table.update()
            .where(table.c.id == found.id)
            .values(
                state="running",
                attempts=found.attempts + 1,
                worker=worker,
                lease=lease,
                lease_until=now() + dt.timedelta(seconds=archive.settings.lease),
            )
        )
    path = archive.store.original(found.document, found.number)
    return Job(
        found.id, found.document, found.version, path, found.name, found.received_at, found.attempts + 1, lease
    )


def coming(archive: Archive, limit: int) -> tuple[Path, ...]:
    """The originals of the next jobs, for work that is cheaper done for many at once; none is claimed."""
    query = (
        sa.select(table.c.document, version_table.c.number)
        .join(version_table, version_table.c.id == table.c.version)
        .where(table.c.state == "queued")
        .order_by(table.c.queued_at, table.c.id)
        .limit(limit)
    )
    with reader(archive.engine) as connection:
        rows = connection.execute(query).all()
    return tuple(archive.store.original(row.document, row.number) for row in rows)


def _takeable() -> sa.ColumnElement[bool]:
    return sa.or_(table.c.state == "queued", sa.and_(_expired(), table.c.attempts < ATTEMPTS))


def _waiting(archive: Archive, wanted: sa.ColumnElement[bool] | None = None) -> bool:
    """Whether it is worth becoming a writer; an idle worker asks this all day."""
    query = sa.select(table.c.id).where(_takeable() if wanted is None else wanted).limit(1)
    with reader(archive.engine) as connection:
        return connection.scalar(query) is not None


def _expired() -> sa.ColumnElement[bool]:
    return sa.and_(table.c.state == "running", table.c.lease_until < now())


def _deadly() -> sa.ColumnElement[bool]:
    return sa.and_(_expired(), table.c.attempts >= ATTEMPTS)


def abandon(archive: Archive) -> tuple[str, ...]:
    """Fail as `crashed` the jobs over which `ATTEMPTS` workers died; gives their documents."""
    if not _waiting(archive, _deadly()):
        return ()
    values = {"state": "failed", "code": "crashed", "detail": CRASHED, "finished_at": now()}
    with writer(archive.engine) as connection:
        documents = connection.scalars(sa.select(table.c.document).where(_deadly()).with_for_update()).all()
        connection.execute(table.update().where(table.c.document.in_(documents), _deadly()).values(**values, **_FREE))
    return tuple(documents)


def _next() -> sa.Select:
    columns = (table.c.id, table.c.document, table.c.version, table.c.attempts)
    return (
        sa.select(*columns, version_table.c.name, version_table.c.number, version_table.c.received_at)
        .join(version_table, version_table.c.id == table.c.version)
        .where(_takeable())
        .order_by(table.c.queued_at, table.c.id)
        .limit(1)
        .with_for_update(of=table, skip_locked=True)  # SQLite leaves this out: its writer is alone anyway
    )


def renew(archive: Archive, job: Job) -> bool:
    """Lengthen the lease; False when the job is no longer ours and its work must be dropped."""
    until = now() + dt.timedelta(seconds=archive.settings.lease)
    return _change(archive, job, lease_until=until)


def progress(archive: Archive, job: Job, detail: str) -> bool:
    """Say how far it is, and lengthen the lease; False when the job is no longer ours."""
    until = now() + dt.timedelta(seconds=archive.settings.lease)
    return _change(archive, job, detail=detail, lease_until=until)


def survived(archive: Archive, job: Job) -> bool:
    """The dangerous part is over: what kills the worker from here on was not this file. Renews the lease."""
    until = now() + dt.timedelta(seconds=archive.settings.lease)
    return _change(archive, job, attempts=0, lease_until=until)


def finish(archive: Archive, job: Job, timings: Mapping[str, float]) -> bool:
    """Mark it done with the seconds each stage took; False when the job is no longer ours."""
    seconds = {f"{stage}_seconds": timings.get(stage) for stage in STAGES}
    return _change(archive, job, state="done", code=None, detail=None, finished_at=now(), **seconds, **_FREE)


def fail(archive: Archive, job: Job, code: str, detail: str) -> bool:
    """Mark it failed, with the reason people see; False when the job is no longer ours."""
    return _change(archive, job, state="failed", code=code, detail=detail, finished_at=now(), **_FREE)


def release(archive: Archive, job: Job) -> bool:
    """Give it back unfinished, as a worker does that is asked to stop; not counted as an attempt."""
    return _change(archive, job, state="queued", attempts=job.attempts - 1, **_FREE)


def _change(archive: Archive, job: Job, **values: object) -> bool:
    held = sa.and_(table.c.id == job.id, table.c.state == "running", table.c.lease == job.lease)
    with writer(archive.engine) as connection:
        return connection.execute(table.update().where(held).values(**values)).rowcount == 1


def requeue(
    archive: Archive, *, documents: Collection[str] | None = None, codes: Collection[str] | None = None
) -> int:
    """Queue again the jobs of these documents (None: all), or those that failed with one of `codes`.

    Returns how many. A job that is running starts anew; what its worker reports then counts no more.
    """
    wanted = []
    if documents is not None:
        wanted.append(table.c.document.in_(documents))
    if codes is not None:
        wanted.append(sa.and_(table.c.state == "failed", table.c.code.in_(codes)))
    values = {"state": "queued", "attempts": 0, "code": None, "detail": None}
    with writer(archive.engine) as connection:
        change = table.update().where(*wanted, ~_final()).values(**values, queued_at=now(), **_FREE)
        return connection.execute(change).rowcount


def _final() -> sa.ColumnElement[bool]:
    """Jobs of documents whose bytes are gone for good: there is nothing to read again."""
    return sa.and_(table.c.state == "failed", sa.func.coalesce(table.c.code, "").in_(FINAL))


def try_again(connection: Connection, document: str) -> None:
    """Queue a job that failed for a passing reason, in the transaction that records another receipt.

    Of one that is still to be done, the workers that died over it are forgotten.
    """
    failed = sa.and_(table.c.document == document, table.c.state == "failed", table.c.code.in_(PASSING))
    values = {"state": "queued", "attempts": 0, "code": None, "detail": None, "queued_at": now()}
    connection.execute(table.update().where(failed).values(**values, **_FREE))
    waiting = sa.and_(table.c.document == document, table.c.state.in_(("queued", "running")))
    connection.execute(table.update().where(waiting).values(attempts=0))


def counts(archive: Archive, viewer: Viewer) -> dict[str, int]:
    """How many jobs of documents the viewer may see are in each state; every state is named."""
    query = (
        sa.select(table.c.state, sa.func.count().label("number"))
        .join(document_table, document_table.c.id == table.c.document)
        .where(catalogue.visible(viewer))
        .group_by(table.c.state)
    )
    with reader(archive.engine) as connection:
        found = {row.state: row.number for row in connection.execute(query)}
    return {state: found.get(state, 0) for state in STATES}


def timings(archive: Archive) -> tuple[Timing, ...]:
    """How long each stage took, in the order of the stages."""
    columns = [table.c[f"{stage}_seconds"] for stage in STAGES]
    figures = [part for c in columns for part in (sa.func.count(c), sa.func.avg(c), sa.func.max(c))]
    with reader(archive.engine) as connection:
        row = connection.execute(sa.select(*figures)).one()
    cells = [row[i : i + 3] for i in range(0, len(row), 3)]
    return tuple(
        Timing(s, n, mean or 0.0, longest or 0.0) for s, (n, mean, longest) in zip(STAGES, cells, strict=True)
    )
