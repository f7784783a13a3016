"""SIGKILLs of the site and its worker at random moments while several people hand in papers over HTTP.

`python -m tests.faults.storm 500` kills so many times and prints what it found; a few kills are a test of the suite.
Every paper that was acknowledged must be there afterwards, each paper once, and everything must be sound.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from archive import catalogue, jobs, ledger, settings
from archive.database import reader
from archive.settings import Settings
from archive.viewer import SYSTEM
from indexer import checking, worker
from indexer.wiring import Service

CLIENTS = 4
PAUSE = 0.5  # seconds between two papers of one person
PAPER = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ MỸ LÂM\tĐộc lập - Tự do - Hạnh phúc
Số: {number}/TB-UBND\tMỹ Lâm, ngày 02 tháng 3 năm 2017

THÔNG BÁO
Kết quả vận động quỹ khuyến học đợt {number}
{more}
"""


@dataclass
class Storm:
    """What happened."""

    kills: Counter[str] = field(default_factory=Counter)
    """How often each was killed."""
    sent: int = 0
    acknowledged: dict[int, str] = field(default_factory=dict)
    """Number of the paper to the sha512 of its bytes."""
    lost: list[int] = field(default_factory=list)
    """Acknowledged and not there, or not as sent."""
    doubled: int = 0
    problems: list[str] = field(default_factory=list)
    unread: int = 0
    """Papers that were kept and could not be read in the end."""
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.problems or self.unread)


def paper(number: int) -> bytes:
    """A paper of its own for each number; every ninth is long, so that a kill finds it half sent or half read."""
    more = f"Thôn số {number} vận động học sinh trở lại trường.\n" * (4_000 if number % 9 == 0 else 3)
    return PAPER.format(number=number, more=more).encode()


class _Site:
    """`vankho serve` as a process that is killed and started again."""

    def __init__(self, loaded: Settings, log: Path) -> None:
        self.loaded = loaded
        self.log = log
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """A new process; whoever is left of the one before lives on."""
        command = [sys.executable, "-m", "web", "--data", str(self.loaded.data), "serve", "--port", str(self.port)]
        environ = {**os.environ, "VANKHO_LEASE": "3", "VANKHO_PATROL_HOURS": "0"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environ)

    def answers(self, within: float) -> bool:
        until = time.monotonic() + within
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                    return bool(json.load(answer)["ok"])
            except (OSError, HTTPException, ValueError):
                time.sleep(0.05)
        return False

    def workers(self) -> list[int]:
        """The worker processes of this archive, orphans too."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"work" in words and str(self.loaded.data).encode() in words:
                found.append(int(folder.name))
        return found

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def kill_workers(self) -> int:
        pids = self.workers()
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return len(pids)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _hand_in(site: _Site, storm: Storm, numbers: _Numbers, stop: threading.Event) -> None:
    """One person: sends a paper until it is acknowledged, then the next."""
    number, person = numbers.next(), _Person()
    while not stop.is_set():
        data = paper(number)
        try:
            storm.sent += 1
            acknowledged = person.send(site.port, f"TB {number}.txt", data)
        except (OSError, HTTPException):
            acknowledged = False
        if acknowledged:
            storm.acknowledged[number] = hashlib.sha512(data).hexdigest()
            number = numbers.next()
        stop.wait(PAUSE)


class _Numbers:
    def __init__(self) -> None:
        self._last, self._lock = 0, threading.Lock()

    def next(self) -> int:
        with self._lock:
            self._last += 1
            return self._last


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl) -> None:  # type: ignore[no-untyped-def]
        """None: the answer to the sending is what counts, not the page after it."""


class _Person:
    """Someone with a browser: the form's secret is read from the page once, and again when it is refused."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor())
        self._secret = ""

    def send(self, port: int, name: str, data: bytes) -> bool:
        """Send one file as the form does; whether it was acknowledged. OSError, HTTPException when cut off."""
        address = f"http://127.0.0.1:{port}"
        if not self._secret:
            with self._opener.open(f"{address}/upload", timeout=20) as page:
                found = re.search(rb'name="csrf_token" value="([^"]+)"', page.read())
            assert found, "no form"
            self._secret = found[1].decode()
        border = f"ranh-gioi-{hashlib.sha256(data).hexdigest()}"
        parts = (
            f'--{border}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self._secret}\r\n',
            f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n',
            "Content-Type: text/plain\r\n\r\n",
        )
        body = "".join(parts).encode() + data + f"\r\n--{border}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={border}"}
        request = urllib.request.Request(f"{address}/documents", body, headers, method="POST")
        try:
            self._opener.open(request, timeout=20).close()
        except urllib.error.HTTPError as answer:
            with answer:
                if answer.code == 303:
                    return True
            self._secret = ""
        return False


def run(kills: int, folder: Path, *, seed: int = 2016) -> Storm:
    """Kill so many times, then look whether every promise was kept."""
    begun = time.monotonic()
    loaded = settings.load(folder / "kho", environ={"VANKHO_LEASE": "3"})
    storm, site, chance = Storm(), _Site(loaded, folder / "log"), random.Random(seed)
    stop, numbers = threading.Event(), _Numbers()
    people = [
        threading.Thread(target=_hand_in, args=(site, storm, numbers, stop), daemon=True) for _ in range(CLIENTS)
    ]
    try:
        site.start()
        assert site.answers(60), (folder / "log").read_text(errors="replace")[-2000:]
        for person in people:
            person.start()
        while sum(storm.kills.values()) < kills:
            _strike(site, storm, chance)
            print(f"\r{dict(storm.kills)}, {len(storm.acknowledged)} acknowledged", end="", file=sys.stderr, flush=True)
        site.answers(30)
        time.sleep(1)
    finally:
        stop.set()
        for person in people:
            person.join(timeout=30)
        site.kill()
        site.kill_workers()
    _look(loaded, storm)
    storm.seconds = time.monotonic() - begun
    return storm


def _strike(site: _Site, storm: Storm, chance: random.Random) -> None:
    """One SIGKILL, or two at once: of the site, of the worker, of both; sometimes while they start."""
    if chance.random() < 0.8:
        site.answers(30)
        time.sleep(chance.uniform(0.0, 0.6))
    else:
        time.sleep(chance.uniform(0.0, 1.2))
    what = chance.choice(("site", "worker", "worker", "both"))
    if what != "worker":
        site.kill()
        storm.kills["site"] += 1
    if what != "site":
        storm.kills["worker"] += site.kill_workers()
    if what != "worker":
        site.start()


def _look(loaded: Settings, storm: Storm) -> None:
    """Let a last worker finish, then compare what is there with what was acknowledged."""
    time.sleep(loaded.lease)
    with Service.open(loaded) as service:
        worker.run(service, forever=False)
        # A job over which three workers happened to die is given up, then asked for again.
        jobs.requeue(service.archive, codes=["crashed"])
        worker.run(service, forever=False)
        held = {one.version.sha512: one for one in catalogue.documents(service.archive, SYSTEM)}
        for number, sha512 in storm.acknowledged.items():
            one = held.get(sha512)
            if one is None or service.archive.store.original(one.id, 1).read_bytes() != paper(number):
                storm.lost.append(number)
        storm.doubled = catalogue.count(service.archive, SYSTEM) - len(held)
        with reader(service.archive.engine) as connection:
            kinds = Counter(
                (said["subject"], said["kind"])
                for said in map(json.loads, ledger.records(connection))
                if said["kind"] in ("received", "recovered")
            )
        entered = Counter(document for document, _ in kinds.elements())
        storm.doubled += sum(count - 1 for count in entered.values())
        storm.problems = [str(problem) for problem in checking.check(service)]
        storm.unread = sum(one.state != "done" for one in held.values())


def main(words: list[str]) -> int:
    """The command line: how many kills."""
    kills = int(words[0]) if words else 500
    with tempfile.TemporaryDirectory(prefix="vankho-storm-") as folder:
        storm = run(kills, Path(folder))
    print(f"kills: {dict(storm.kills)}, requests: {storm.sent}, acknowledged papers: {len(storm.acknowledged)}")
    print(f"lost: {len(storm.lost)}, doubled: {storm.doubled}, problems: {len(storm.problems)}, unread: {storm.unread}")
    for problem in storm.problems[:20]:
        print(f"  {problem}")
    print(f"{storm.seconds:.0f} s")
    return 0 if storm.clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
