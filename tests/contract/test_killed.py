"""Clients killed in the middle of a transaction, on both databases; the long run is in tests/faults."""

import os
import random
import signal
import time
from io import BytesIO

from archive import accept, catalogue, fixity, jobs
from archive.archive import Archive
from archive.settings import Settings
from archive.viewer import GUEST

FILES = 60


def _child(loaded: Settings, numbers: list[int], pipe: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        with Archive.open(loaded) as archive:
            for n in numbers:
                receipt = accept.accept(archive, GUEST, BytesIO(b"%d" % n), name="a.txt", how="test")
                os.write(pipe, receipt.document.encode())  # 12 letters: one write, whole or not at all
            os.write(pipe, b"-" * 12)
    finally:
        os._exit(0)


def test_killed_clients_lose_nothing_acknowledged_and_double_nothing(loaded: Settings) -> None:
    chance = random.Random(2019)
    inside, outside = os.pipe()
    for n in range(25):
        pids = [_child(loaded, chance.sample(range(FILES), FILES), outside) for _ in range(2)]
        time.sleep(chance.uniform(0.02, 0.3) if n % 5 else 2)  # a busy machine has hardly begun after a third
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    os.close(outside)
    with os.fdopen(inside, "rb") as pipe:
        told = pipe.read().decode()
    acknowledged = {told[i : i + 12] for i in range(0, len(told), 12)} - {"-" * 12}
    assert acknowledged
    with Archive.open(loaded) as archive:
        assert acknowledged <= {document.id for document in catalogue.documents(archive, GUEST)}
        assert list(fixity.check(archive)) == []
        for n in range(FILES):
            accept.accept(archive, GUEST, BytesIO(b"%d" % n), name="a.txt", how="test")
        assert catalogue.count(archive, GUEST) == FILES == sum(jobs.counts(archive, GUEST).values())
        assert list(fixity.check(archive)) == []
