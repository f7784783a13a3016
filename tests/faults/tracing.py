"""Work done in a process of its own under strace: which system calls it makes, and what if the n-th of them fails."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.errors import ArchiveError

CALLS = ("openat", "mkdir", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename", "unlink", "rmdir")
_ANYONE = -1
_PR_SET_PTRACER = 0x59616D61


@dataclass(frozen=True, slots=True)
class Ended:
    """How the work ended."""

    answer: str | None
    """What it returned; None when it did not get that far."""
    error: str | None
    """The archive error's class, `raw …` when it was none."""
    killed: bool


def required() -> None:
    """Skip where there is no strace, or no right to use it."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed (Debian: strace); `make test` installs it")


def run(work: Callable[[], str], options: list[str], log: Path) -> Ended:
    """Do `work` in a child that strace watches from its first call on."""
    go_out, go_in = os.pipe()
    said_out, said_in = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(go_in)
        _child(work, go_out, said_in)
    os.close(go_out)
    os.close(said_in)
    command = ["strace", "-p", str(pid), "-y", "-o", str(log), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr
        line = tracer.stderr.readline()
        if "attached" not in line:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            pytest.skip(f"no right to trace: {line.strip()}")
        os.write(go_in, b".")
        with os.fdopen(said_out, "rb") as pipe:
            said = pipe.read().decode()
        _, status = os.waitpid(pid, 0)
    os.close(go_in)
    kind, _, text = said.partition(" ")
    return Ended(text if kind == "ok" else None, text if kind == "error" else None, os.WIFSIGNALED(status))


def _child(work: Callable[[], str], go: int, said: int) -> None:
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANYONE, 0, 0, 0)
        os.read(go, 1)
        try:
            told = f"ok {work()}"
        except ArchiveError as error:
            told = f"error {type(error).__name__}"
        except BaseException as error:
            told = f"error raw {error!r}"
        # Twice, as the injected fault may fall on this very call.
        _tell(said, told) or _tell(said, told)
    finally:
        os._exit(0)


def _tell(said: int, told: str) -> bool:
    try:
        os.write(said, told.encode())
    except OSError:
        return False
    return True


def counted(work: Callable[[], str], log: Path) -> Counter[str]:
    """How often each call is made when nothing fails."""
    ended = run(work, ["-e", f"trace={','.join(CALLS)}"], log)
    assert ended.answer is not None, ended
    names = (re.match(r"(\w+)\(", line) for line in log.read_text(errors="replace").splitlines())
    return Counter(match[1] for match in names if match)


def failing(work: Callable[[], str], call: str, fault: str, at: int, log: Path) -> Ended:
    """Do the work with the `at`-th use of a call failing: `fault` is an error's name or SIGKILL."""
    what = f"signal={fault}" if fault.startswith("SIG") else f"error={fault}"
    return run(work, ["-e", f"trace={call}", "-e", f"inject={call}:{what}:when={at}"], log)
