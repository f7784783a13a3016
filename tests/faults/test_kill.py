"""SIGKILL at random moments: nothing acknowledged is lost, nothing is there twice."""

import os
import random
import select
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import sqlalchemy as sa

from archive import accept, catalogue, fixity, jobs, schema, settings
from archive.archive import Archive
from archive.database import reader
from archive.viewer import GUEST

FILES = 400
KILLS = 120


def _content(number: int) -> bytes:
    """Small files and some of a megabyte, so that a kill finds every step at work."""
    head = f"Kế hoạch số {number}\n".encode()
    return head * (60_000 if number % 7 == 0 else 1 + number % 50)


def _fork(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException as error:
        os.write(2, f"child: {error!r}\n".encode())
        os._exit(1)


def _accepting(loaded: settings.Settings, numbers: list[int], pipe: int) -> Callable[[], None]:
    def work() -> None:
        with Archive.open(loaded) as archive:
            for n in numbers:
                stream = BytesIO(_content(n))
                receipt = accept.accept(archive, GUEST, stream, name=f"Kế hoạch {n}.txt", how="test")
                os.write(pipe, f"{n} {receipt.document}\n".encode())

    return work


def _kill(pids: list[int], after: float) -> None:
    time.sleep(after)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _told(pipe: int) -> dict[int, str]:
    """The acknowledgements in the pipe; a line cut off by the kill was not given."""
    data = b""
    while select.select([pipe], [], [], 0)[0] and (chunk := os.read(pipe, 1 << 16)):
        data += chunk
    lines = [line.split() for line in data.decode().split("\n")[:-1]]
    return {int(number): document for number, document in lines}


def test_killing_those_who_accept_loses_nothing_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    loaded = settings.load(tmp_path / "kho", environ={})
    chance = random.Random(2016)
    acknowledged: dict[int, str] = {}
    started: set[int] = set()
    inside, outside = os.pipe()
    for kill in range(KILLS):
        # Two at once on overlapping files; what one acknowledged the other may send again.
        parts = [chance.sample(range(FILES), 60) for _ in range(2)]
        pids = [_fork(_accepting(loaded, part, outside)) for part in parts]
        started.update(*parts)
        # The first kills fall into the making of the archive itself.
        _kill(pids, after=chance.uniform(0, 0.02 if kill < 20 else 0.25))
        acknowledged |= _told(inside)
    os.close(inside)
    os.close(outside)
    assert len(acknowledged) > FILES / 4, "the kills came too early to show anything"
    with Archive.open(loaded) as archive:
        _holds(archive, acknowledged)
        assert len({d.version.sha512 for d in catalogue.documents(archive, GUEST)}) == catalogue.count(
            archive, GUEST
        )
        fixity.sweep(archive)
        assert list(fixity.check(archive)) == []
        assert list(archive.store.staging.iterdir()) == []
        _holds(archive, acknowledged)
        # Sending everything again leaves each file there once.
        for n in range(FILES):
            accept.accept(archive, GUEST, BytesIO(_content(n)), name=f"Kế hoạch {n}.txt", how="test")
        assert catalogue.count(archive, GUEST) == FILES == sum(jobs.counts(archive, GUEST).values())
        assert sorted(archive.store.held()) == sorted(d.id for d in catalogue.documents(archive, GUEST))
        assert list(fixity.check(archive)) == []


def _holds(archive: Archive, acknowledged: dict[int, str]) -> None:
    held = {document.id: document for document in catalogue.documents(archive, GUEST)}
    for number, document in acknowledged.items():
        assert held[document].state == "queued"
        assert archive.store.original(document, 1).read_bytes() == _content(number)


def test_killing_workers_leaves_every_job_done_once(tmp_path: Path) -> None:
    loaded = replace(settings.load(tmp_path / "kho", environ={}), lease=0)
    with Archive.open(loaded) as archive:
        for n in range(150):
            accept.accept(archive, GUEST, BytesIO(b"%d" % n), name="a.txt", how="test")
    inside, outside = os.pipe()

    def work() -> None:
        with Archive.open(replace(loaded, lease=60)) as archive:
            while job := jobs.claim(archive, "w"):
                time.sleep(0.002)
                if jobs.finish(archive, job, {"read": 0.002}):
                    os.write(outside, f"{job.id} {job.document}\n".encode())

    chance = random.Random(2017)
    finished: list[int] = []
    for _ in range(30):
        _kill([_fork(work), _fork(work)], after=chance.uniform(0.01, 0.05))
        finished += _told(inside)
        _expire(loaded)
    with Archive.open(loaded) as archive:
        assert len(finished) == len(set(finished)) > 0
        # A job over which three workers happened to die is given up, then asked for again.
        jobs.abandon(archive)
        jobs.requeue(archive, codes=["crashed"])
        while job := jobs.claim(archive, "last"):
            assert job.id not in finished
            assert jobs.finish(archive, job, {})
        assert jobs.counts(archive, GUEST) == {"queued": 0, "running": 0, "done": 150, "failed": 0}
    os.close(inside)
    os.close(outside)


def _expire(loaded: settings.Settings) -> None:
    """As if the lease of the killed had run out."""
    engine = sa.create_engine(loaded.database)
    with engine.begin() as connection:
        connection.execute(schema.job.update().values(lease_until=None))
        connection.exec_driver_sql(
            "UPDATE job SET lease_until = '2000-01-01T00:00:00.000000Z' WHERE state = 'running'"
        )
    engine.dispose()


def test_a_kill_during_a_write_of_the_catalogue_leaves_the_ledger_whole(tmp_path: Path) -> None:
    loaded = settings.load(tmp_path / "kho", environ={})
    chance = random.Random(2018)
    inside, outside = os.pipe()
    told: dict[int, str] = {}
    for _ in range(20):
        pids = [_fork(_accepting(loaded, [1, 2, 3] * 40, outside)) for _ in range(3)]
        _kill(pids, after=chance.uniform(0.03, 0.1))
        told |= _told(inside)
    os.close(inside)
    os.close(outside)
    with Archive.open(loaded) as archive:
        assert list(fixity.check(archive)) == []
        assert set(told) <= {1, 2, 3} and catalogue.count(archive, GUEST) <= 3
        with reader(archive.engine) as connection:
            events = connection.scalar(sa.select(sa.func.max(schema.event.c.seq)))
        assert events and events > 20
