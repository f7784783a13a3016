"""Runs a parser in a forked child with limits on memory, time, files and network: whatever it reads, we survive.

The answer comes back over a pipe and may hold only our own values; outside programs are started by `program`.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import fcntl
import gc
import io
import logging
import os
import pickle
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn, TypeVar

from indexer.ports import ReadFailure

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

SECONDS = 60.0
MEMORY = 1024  # MiB of address space for a parser in Python
PROGRAM_MEMORY = 6144  # MiB of address space for LibreOffice or Tesseract: most of it is mapped, never touched
_FILES = 256
_WRITTEN = 512  # MiB in one file the child may write
_ANSWER = 256  # MiB that may come back
_CHUNK = 1 << 20
_PREFIX = "vankho-read-"
_YOUNG = 120.0  # seconds
_MIB = 1 << 20

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_OURS = ("corpus.model", "indexer.ports", "indexer.layout")
"""Modules whose values may come back from the child."""


def run(
    function: Callable[..., Answer],
    *args: object,
    seconds: float = SECONDS,
    memory_mib: int = MEMORY,
    programs_mib: int | None = None,
) -> Answer:
    """Call `function(*args)` in a child and return its answer, or raise `ReadFailure`.

    The child works in a folder of its own that is removed afterwards, so paths must be absolute.
    `programs_mib` is the limit of outside programs where the function starts any.
    """
    _kernel()
    _sweep(Path(tempfile.gettempdir()))
    with _scratch() as folder:
        receive, send = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(receive)
            _work(send, folder, (seconds, memory_mib, programs_mib or memory_mib), function, args)
        os.close(send)
        try:
            answer, in_time = _receive(receive, time.monotonic() + seconds)
        finally:
            os.close(receive)
            status = _end(child)
    if not in_time:
        raise ReadFailure("time-limit", f"đọc quá {seconds:.0f} giây")
    return _opened(answer, status, seconds)


@contextlib.contextmanager
def _scratch() -> Iterator[str]:
    """A folder for one child, locked for as long as this process or the child lives."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(lock)


@cache
def _sweep(parent: Path) -> None:
    """Remove what a process that was killed left behind: folders of ours that nobody holds locked."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            status = folder.lstat()
            # A folder this young may not be locked yet.
            if status.st_uid != os.geteuid() or time.time() - status.st_mtime < _YOUNG:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(lock)


def program(argv: Sequence[str], *, seconds: float, folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run an outside program inside the child, with the memory limit meant for programs; kill it when time is up."""
    if shutil.which(argv[0]) is None:
        raise ReadFailure("tool-missing", f"chờ công cụ: {Path(argv[0]).name}")
    try:
        return subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, cwd=folder, check=False,
            preexec_fn=_raise_memory_limit,  # the child has one thread
        )
    except subprocess.TimeoutExpired as problem:
        raise ReadFailure("time-limit", f"đọc quá {seconds:.0f} giây") from problem


def _raise_memory_limit() -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


# -- in the child -----------------------------------------------------------------------------------------


def _work(
    send: int, folder: str, limits: tuple[float, int, int], function: Callable[..., object], args: tuple
) -> NoReturn:
    """Confine this process, do the work, write the answer, and end without returning to the caller's stack."""
    try:
        _confine(folder, *limits)
        answer = _attempt(function, args)
        with open(send, "wb") as pipe:
            pickle.dump(answer, pipe, protocol=5)
    except BaseException:  # the edge of this process: nothing may run on in the caller's frames
        os._exit(1)
    os._exit(0)


def _attempt(function: Callable[..., object], args: tuple) -> tuple[str, object]:
    try:
        return "answer", function(*args)
    except ReadFailure as failure:
        return "failure", (failure.code, failure.detail)
    except MemoryError:
        return "failure", ("memory-limit", "đọc tệp cần quá nhiều bộ nhớ")
    except Exception as problem:  # a parser may raise anything at all
        return "error", f"{type(problem).__name__}: {problem}"[:500]


def _confine(folder: str, seconds: float, memory_mib: int, programs_mib: int) -> None:
    os.setsid()
    gc.freeze()  # what came with the fork is never freed here; looking through it would copy its pages
    faulthandler.disable()  # the traces of a crashing parser are nobody's news
    libc = _kernel()
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # No network where the kernel lets us; where it does not, the readers still open none.
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_DFL)
    empty = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(empty, standard)
    os.chdir(folder)
    tempfile.tempdir = folder
    os.environ["TMPDIR"] = folder
    _limit(seconds, memory_mib, programs_mib)


def _limit(seconds: float, memory_mib: int, programs_mib: int) -> None:
    cpu = int(seconds) + 1
    # What the parent has mapped (models, indexes) is in the child too and costs nothing: the limit is on top of it.
    memory = _mapped() + memory_mib * _MIB
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, max(memory, programs_mib * _MIB)),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, _WRITTEN * _MIB, _WRITTEN * _MIB),
        (resource.RLIMIT_NOFILE, _FILES, _FILES),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        ceiling = resource.getrlimit(what)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(what, (soft, hard))


def _mapped() -> int:
    """Bytes of address space this process has now."""
    return int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()


@cache
def _kernel() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


# -- in the parent ----------------------------------------------------------------------------------------


def _receive(pipe: int, deadline: float) -> tuple[bytes, bool]:
    """What the child wrote, and whether it ended in time."""
    chunks, size = [], 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            return b"", False
        chunk = os.read(pipe, _CHUNK)
        if not chunk:
            return b"".join(chunks), True
        size += len(chunk)
        if size > _ANSWER * _MIB:
            raise ReadFailure("too-large", "nội dung tệp quá lớn")
        chunks.append(chunk)


def _end(child: int) -> int:
    """Kill what is left of the child and its programs; the exit code, negative for a signal."""
    ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        # After the answer the child only has to leave; a moment's grace keeps its exit code true.
        for _ in range(500):
            time.sleep(0.0001)
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                break
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


class _Opener(pickle.Unpickler):
    """Unpickles only our own values: a parser taken over by its file must not reach the parent."""

    def find_class(self, module: str, name: str) -> object:
        if module in _OURS and not name.startswith("_") and "." not in name:
            return getattr(sys.modules[module], name)
        raise pickle.UnpicklingError(f"{module}.{name} may not come back from a reader")


def _opened(answer: bytes, status: int, seconds: float) -> Answer:  # type: ignore[type-var]
    if not answer:
        raise _death(status, seconds)
    try:
        outcome, value = _Opener(io.BytesIO(answer)).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, ValueError, TypeError, KeyError) as problem:
        raise ReadFailure("crashed", "trình đọc hỏng giữa chừng") from problem
    if outcome == "answer":
        return value
    if outcome == "failure":
        code, detail = value
        raise ReadFailure(str(code), str(detail))
    log.info("reader failed: %s", value)
    raise ReadFailure("crashed", "tệp hỏng hoặc không đúng định dạng")


def _death(status: int, seconds: float) -> ReadFailure:
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return ReadFailure("time-limit", f"đọc quá {seconds:.0f} giây")
    if status == -signal.SIGXFSZ:
        return ReadFailure("too-large", "nội dung tệp quá lớn")
    return ReadFailure("crashed", "trình đọc hỏng giữa chừng")
