"""Every system call that writes, failing or the process dying at it: ingest, an annex, an act, checkpoint, backup.

By default a part of the places is tried, another one for each kind of fault; VANKHO_FAULTS=all tries every one.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from archive import (
    accept,
    annex,
    appraisal,
    backup,
    bags,
    catalogue,
    checkpoint,
    dossiers,
    filing,
    fixity,
    recovery,
    restore,
    settings,
)
from archive.archive import Archive
from archive.filing import Planned
from archive.viewer import GUEST, SYSTEM
from tests.faults import tracing

FAULTS = ("SIGKILL", "EIO", "ENOSPC")
ALL = os.environ.get("VANKHO_FAULTS") == "all"
STEPS = {"ingest": 7, "annex": 11, "act": 11, "checkpoint": 11, "backup": 37}
"""By default every so-many-th place is tried."""
DAY = dt.date(2017, 1, 3)
DATA = b"Thong bao so 4\n" * 100


def _accept(archive: Archive, data: bytes, name: str = "a.txt") -> str:
    return accept.accept(archive, GUEST, BytesIO(data), name=name, how="test").document


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """An archive with three papers, a checkpoint and an annex."""
    folder = tmp_path / "gốc"
    with Archive.open(settings.load(folder, environ={})) as archive:
        documents = [_accept(archive, b"%d" % n) for n in range(3)]
        annex.keep(archive, SYSTEM, documents[0], {"a.json": b"[]"}, why="x")
        checkpoint.make(archive)
        _accept(archive, b"3")
    return folder


def _fresh(base: Path, tmp_path: Path) -> Path:
    for left in ("kho", "sao lưu"):
        shutil.rmtree(tmp_path / left, ignore_errors=True)
    return shutil.copytree(base, tmp_path / "kho")


def _ingest(data: Path) -> str:
    with Archive.open(settings.load(data, environ={})) as archive:
        return _accept(archive, DATA, "Thông báo.txt")


def _keep(data: Path) -> str:
    with Archive.open(settings.load(data, environ={})) as archive:
        document = _accept(archive, b"1")
        annex.keep(archive, SYSTEM, document, {"signatures.json": b"[1]"}, why="Kiểm tra chữ ký")
    return document


def _act(data: Path) -> str:
    with Archive.open(settings.load(data, environ={})) as archive:
        return filing.start(archive, GUEST, Planned("01.TG", "Khuyến học"), year=2017, on=DAY, by="Thu")


def _checkpoint(data: Path) -> str:
    with Archive.open(settings.load(data, environ={})) as archive:
        made = checkpoint.make(archive)
    return str(made and made.number)


def _backup(data: Path) -> str:
    with Archive.open(settings.load(data, environ={})) as archive:
        made = backup.backup(archive, data.parent / "sao lưu")
    return "" if made.problems else str(made.path)  # a fault at reading an original is told, the rest is saved


def _ingested(data: Path, answer: str | None) -> None:
    with Archive.open(settings.load(data, environ={})) as archive:
        assert list(fixity.check(archive)) == []
        if answer:
            assert catalogue.original(archive, GUEST, answer).path.read_bytes() == DATA
        document = _accept(archive, DATA, "Thông báo.txt")
        assert catalogue.count(archive, GUEST) == 5
        assert catalogue.original(archive, GUEST, document).path.read_bytes() == DATA
        assert list(fixity.check(archive)) == [] and list(archive.store.staging.iterdir()) == []


def _kept(data: Path, answer: str | None) -> None:
    with Archive.open(settings.load(data, environ={})) as archive:
        assert list(fixity.check(archive)) == []
        if answer:
            assert annex.find(archive, GUEST, answer, "signatures.json") == b"[1]"
        document = _accept(archive, b"1")
        annex.keep(archive, SYSTEM, document, {"signatures.json": b"[1]"}, why="Kiểm tra chữ ký")
        kinds = [event.kind for event in catalogue.history(archive, GUEST, document)]
        assert kinds.count("attached") == 1
        assert list(fixity.check(archive)) == [] and list(archive.store.staging.iterdir()) == []


def _acted(data: Path, answer: str | None) -> None:
    """What was answered stands, and stands again without the catalogue."""
    with Archive.open(settings.load(data, environ={})) as archive:
        assert list(fixity.check(archive)) == []
        there = [one.id for one in dossiers.listed(archive, GUEST)]
        assert len(there) <= 1 and (answer is None or there == [answer])
        appraisal.hold(archive, GUEST, _accept(archive, b"1"), reason="x", by="Thu")  # the next act goes on after it
        assert list(archive.store.staging.iterdir()) == []
    for path in data.glob("catalogue.sqlite*"):
        path.unlink()
    recovery.from_store(settings.load(data, environ={}))
    with Archive.open(settings.load(data, environ={}), create=False) as archive:
        assert [one.id for one in dossiers.listed(archive, GUEST)] == there
        assert list(fixity.check(archive)) == []


def _checkpointed(data: Path, answer: str | None) -> None:
    with Archive.open(settings.load(data, environ={})) as archive:
        assert list(fixity.check(archive)) == []
        if answer:
            assert answer == "2" and checkpoint.read(archive.store, 2)
        made = checkpoint.make(archive)
        assert made and made.number == 2
        assert list(fixity.check(archive)) == [] and list(archive.store.staging.iterdir()) == []


def _backed_up(data: Path, answer: str | None) -> None:
    folder = data.parent / "sao lưu"
    finished = sorted(folder.glob("vankho-*"))
    for path in finished:  # whatever bears its name is whole
        assert bags.check(path).valid
    if answer:
        assert [str(path) for path in finished] == [answer]
        shutil.rmtree(answer)
    with Archive.open(settings.load(data, environ={})) as archive:
        assert list(fixity.check(archive)) == []
    for path in folder.glob("vankho-*"):
        shutil.rmtree(path)
    made = Path(_backup(data))
    assert [path.name for path in folder.iterdir()] == [made.name]
    loaded = settings.load(data.parent / "phục hồi", environ={})
    assert restore.restore(loaded, made).documents == 4
    shutil.rmtree(loaded.data)


WORK: dict[str, tuple[Callable[[Path], str], Callable[[Path, str | None], None]]] = {
    "ingest": (_ingest, _ingested),
    "annex": (_keep, _kept),
    "act": (_act, _acted),
    "checkpoint": (_checkpoint, _checkpointed),
    "backup": (_backup, _backed_up),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", WORK)
def test_a_fault_at_any_call_loses_nothing_and_leaves_nothing_half_written(
    base: Path, tmp_path: Path, name: str, fault: str
) -> None:
    tracing.required()
    work, verify = WORK[name]
    log = tmp_path / "log"
    data = _fresh(base, tmp_path)
    work(_fresh(base, tmp_path))  # so that everything is imported
    calls = tracing.counted(lambda: work(_fresh(base, tmp_path)), log)
    places = [(call, at) for call in tracing.CALLS for at in range(1, calls[call] + 1)]
    assert len(places) > 40
    tried, ended = 0, None
    for call, at in places if ALL else places[FAULTS.index(fault) :: STEPS[name]]:
        data = _fresh(base, tmp_path)
        ended = tracing.failing(lambda data=data: work(data), call, fault, at, log)
        assert "raw" not in (ended.error or ""), (call, at, ended)
        assert ended.killed or ended.error or ended.answer is not None, (call, at, ended)
        try:
            verify(data, ended.answer)
        except BaseException as error:
            raise AssertionError(f"{name}: {fault} at {call} number {at}: {ended}") from error
        tried += 1
    print(f"{name} {fault}: {tried} of {len(places)} places tried")


def test_every_byte_is_on_the_disk_before_its_name_and_before_the_answer(base: Path, tmp_path: Path) -> None:
    """Over the trace of a real ingest: what was written is fsynced before the rename, the folders after it,

    and the catalogue's log last of all.
    """
    tracing.required()
    data, log = _fresh(base, tmp_path), tmp_path / "log"
    _ingest(_fresh(base, tmp_path))
    data = _fresh(base, tmp_path)
    trace = ["-e", "trace=openat,write,pwrite64,fsync,fdatasync,rename,mkdir"]
    assert tracing.run(lambda: _ingest(data), trace, log).answer
    lines = log.read_text(errors="replace").splitlines()
    staging, root = f"{data}/staging", f"{data}/originals"
    moved = next(i for i, line in enumerate(lines) if line.startswith("rename(") and f'"{root}/' in line)
    source = _names(lines[moved])[0]
    open_before = {_path(line) for line in lines[:moved] if re.match(r"(write|pwrite64)\(", line)}
    synced = {_path(line): i for i, line in enumerate(lines[:moved]) if re.match(r"f(data)?sync\(", line)}
    written = {path for path in open_before if path and path.startswith(staging)}
    assert len(written) >= 6
    for path in written:
        last = max(i for i, line in enumerate(lines[:moved]) if line.startswith("write(") and _path(line) == path)
        assert synced.get(path, -1) > last, f"{path} was renamed before it was on the disk"
    assert any(path.startswith(source) for path in synced if path)
    commit = max(i for i, line in enumerate(lines) if "sync(" in line and "catalogue.sqlite-wal" in line)
    after = {_path(line): i for i, line in enumerate(lines[moved:], start=moved) if line.startswith("fsync(")}
    target = Path(_names(lines[moved])[1])
    for folder in (path for path in target.parents if path == Path(root) or Path(root) in path.parents):
        assert moved < after[str(folder)] < commit, f"{folder} was not on the disk before the row"


def _path(line: str) -> str | None:
    match = re.match(r"\w+\(\d+<([^>]*)>", line)
    return _decoded(match[1]) if match else None


def _names(line: str) -> list[str]:
    return [_decoded(name) for name in re.findall(r'"([^"]*)"', line)]


def _decoded(text: str) -> str:
    """strace prints what is not ASCII in octal."""
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1").decode()
