"""Whatever a child does, the parent goes on and nothing is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from corpus.model import Finding
from indexer import sandbox
from indexer.ports import ReadFailure


def _code(function: object, *args: object, **limits: object) -> str:
    with pytest.raises(ReadFailure) as caught:
        sandbox.run(function, *args, **limits)  # type: ignore[arg-type]
    return caught.value.code


def _endless() -> None:
    while True:
        pass


def _asleep() -> None:
    time.sleep(60)


def _greedy() -> bytes:
    return bytes(400 << 20)


def _kill_self() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _parser_error() -> None:
    raise KeyError("phần thiếu")


def _where() -> str:
    Path("tệp tạm").write_text("x", encoding="utf-8")
    return str(Path.cwd())


def _start_and_leave() -> str:
    subprocess.Popen(["sleep", "61.5"])
    return "started"


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


def _evil() -> object:
    return _Evil()


def _finding() -> Finding:
    return Finding("x", "tìm thấy")


def _too_much_written() -> None:
    with Path("lớn").open("wb") as stream:
        stream.truncate(600 << 20)


def test_our_own_values_come_back() -> None:
    assert sandbox.run(_finding) == Finding("x", "tìm thấy")


def test_a_parser_that_never_ends_is_stopped() -> None:
    start = time.monotonic()
    assert _code(_endless, seconds=0.5) == "time-limit"
    assert _code(_asleep, seconds=0.5) == "time-limit"
    assert time.monotonic() - start < 5


def test_a_parser_that_wants_too_much_memory_is_told_so() -> None:
    assert _code(_greedy, memory_mib=300) == "memory-limit"


@pytest.mark.parametrize("function", [_kill_self, _parser_error])
def test_a_crash_is_a_finding(function: object) -> None:
    assert _code(function) == "crashed"


def test_files_cannot_grow_without_end() -> None:
    assert _code(_too_much_written) in ("too-large", "crashed")


def test_nothing_but_our_values_may_come_back() -> None:
    assert _code(_evil) == "crashed"


def test_the_working_folder_is_gone_afterwards() -> None:
    folder = sandbox.run(_where)
    assert folder.startswith(tempfile.gettempdir())
    assert not Path(folder).exists()


def test_there_is_no_network_where_the_system_allows_it() -> None:
    capabilities = Path("/proc/self/status").read_text(encoding="ascii").partition("CapEff:")[2].split()[0]
    if not int(capabilities, 16) & _MAY_UNSHARE:
        pytest.skip("this account may give its children no network of their own")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert not sandbox.run(_reaches, server.getsockname()[1])


_MAY_UNSHARE = 1 << 21  # CAP_SYS_ADMIN


def _reaches(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_programs_it_started_do_not_outlive_it() -> None:
    assert sandbox.run(_start_and_leave) == "started"
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 61.5" not in listed


def _missing_program() -> None:
    sandbox.program(["khong-co-chuong-trinh-nay"], seconds=1)


def _slow_program() -> None:
    sandbox.program(["sleep", "30"], seconds=0.3)


def test_a_missing_program_is_waited_for() -> None:
    assert _code(_missing_program) == "tool-missing"


def test_a_slow_program_is_stopped() -> None:
    assert _code(_slow_program) == "time-limit"


def _killed_while_reading(scratch: str) -> None:
    tempfile.tempdir = scratch
    sandbox.run(_asleep)


def test_what_a_killed_process_left_behind_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    killed = multiprocessing.get_context("fork").Process(target=_killed_while_reading, args=(str(scratch),))
    killed.start()
    for _ in range(500):
        if list(scratch.iterdir()):
            break
        time.sleep(0.01)
    killed.kill()
    killed.join()
    (left,) = scratch.iterdir()
    os.utime(left, (0, 0))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    for _ in range(100):  # the child of the killed process needs a moment to go too
        sandbox._sweep.cache_clear()
        sandbox.run(_finding)
        if not left.exists():
            break
        time.sleep(0.02)
    assert list(scratch.iterdir()) == []


def test_a_folder_in_use_is_not_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with sandbox._scratch() as folder:
        os.utime(folder, (0, 0))
        sandbox._sweep.cache_clear()
        sandbox.run(_finding)
        assert Path(folder).exists()
