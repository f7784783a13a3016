"""A full or failing disk, a folder without rights: a clear line, and nothing half-written."""

import errno
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from archive import accept, catalogue, fixity, settings
from archive.archive import Archive
from archive.errors import ArchiveError, DiskFull, NoRight, NotAFolder, StorageFailure
from archive.viewer import GUEST

CALLS = ["open", "fsync", "mkdir", "rename"]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(settings.load(tmp_path / "kho", environ={})) as opened:
        yield opened


def _put(archive: Archive, data: bytes) -> accept.Receipt:
    return accept.accept(archive, GUEST, BytesIO(data), name="Kế hoạch.txt", how="test")


def _clean(archive: Archive) -> bool:
    return list(archive.store.staging.iterdir()) == [] and list(fixity.check(archive)) == []


class _Failing:
    """Makes one system call fail, once, at its n-th use below a folder."""

    def __init__(self, call: str, at: int, code: int) -> None:
        self.real, self.left, self.code = getattr(os, call), at, code

    def __call__(self, *args: object, **options: object) -> object:
        self.left -= 1
        if self.left == 0:
            raise OSError(self.code, os.strerror(self.code))
        return self.real(*args, **options)

    @property
    def struck(self) -> bool:
        return self.left <= 0


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("code", "told"), [(errno.ENOSPC, DiskFull), (errno.EIO, StorageFailure), (errno.EACCES, NoRight)]
)
def test_a_fault_at_any_call_is_told_and_leaves_nothing_half_written(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, call: str, code: int, told: type[ArchiveError]
) -> None:
    _put(archive, b"first")
    at, fault = 0, None
    for at in range(1, 100):
        data = f"{call} {code} {at}".encode()
        failing = _Failing(call, at, code)
        with monkeypatch.context() as patch:
            patch.setattr(os, call, failing)
            fault = _fault(lambda data=data: _put(archive, data))
        if not failing.struck:
            break
        if fault is not None:
            assert isinstance(fault, told)
            assert list(archive.store.staging.iterdir()) == []
        else:  # the fault fell into clearing up after the file was safe: the next sweep does it
            assert data in _bytes(archive)
        if at % 2:
            assert list(fixity.check(archive)) == []  # which records an object that was whole already
        assert _put(archive, data).document in {d.id for d in catalogue.documents(archive, GUEST)}
    assert fault is None and 1 < at < 99
    assert catalogue.count(archive, GUEST) == at + 1
    assert list(fixity.check(archive)) == []
    assert list(archive.store.staging.iterdir()) == []


def _bytes(archive: Archive) -> list[bytes]:
    return [archive.store.original(d.id, 1).read_bytes() for d in catalogue.documents(archive, GUEST)]


def _fault(work: Callable[[], object]) -> ArchiveError | None:
    try:
        work()
    except ArchiveError as error:
        return error
    return None


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk; the limit on file size below stands in for it")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("size", [1, 700, 30_000, 1_000_000])
def test_a_disk_that_fills_up_keeps_what_was_acknowledged_and_nothing_else(small: Path, size: int) -> None:
    kept: dict[str, bytes] = {}
    with Archive.open(settings.load(small / "kho", environ={})) as archive:
        data = b""
        with pytest.raises(DiskFull) as raised:
            for n in range(10_000):
                data = b"%d " % n * size
                kept[_put(archive, data).document] = data
        assert "đầy" in raised.value.message("vi") and kept
        assert list(archive.store.staging.iterdir()) == []
        assert {d.id for d in catalogue.documents(archive, GUEST)} == set(kept)
        subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
        assert _put(archive, data).state == "new"
        for document, whole in kept.items():
            assert archive.store.original(document, 1).read_bytes() == whole
        assert _clean(archive)


def test_a_limit_on_file_size_is_a_full_disk(archive: Archive) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = _put(archive, b"small")
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))
    try:
        with pytest.raises(DiskFull):
            _put(archive, b"large" * 1_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [d.id for d in catalogue.documents(archive, GUEST)] == [kept.document]
    assert _clean(archive)


def test_a_catalogue_that_cannot_grow_is_a_full_disk_and_the_file_is_taken_later(archive: Archive) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    _put(archive, b"small")
    log = Path(f"{archive.settings.data}/catalogue.sqlite-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 5_000, before[1]))
    n = 0
    try:
        with pytest.raises((DiskFull, StorageFailure)):
            for n in range(100):
                _put(archive, b"%d" % n)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    held = catalogue.count(archive, GUEST)
    assert _put(archive, b"%d" % n).state == "new"
    assert catalogue.count(archive, GUEST) == held + 1 and _clean(archive)


def _as_nobody(work: Callable[[], object]) -> str:
    """What `work` raises when done by a user without rights."""
    inside, outside = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            work()
            os.write(outside, b"nothing")
        except BaseException as error:
            os.write(outside, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    os.close(outside)
    os.waitpid(pid, 0)
    with os.fdopen(inside, "rb") as pipe:
        return pipe.read().decode()


def test_a_folder_without_rights_is_one_clear_line(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    said = _as_nobody(lambda: Archive.open(settings.load(closed / "kho", environ={})))
    assert said.startswith("NoRight: Không có quyền ghi vào ") and "\n" not in said


def test_a_file_where_the_archive_should_be_is_one_clear_line(tmp_path: Path) -> None:
    place = tmp_path / "kho"
    place.write_text("x")
    with pytest.raises(NotAFolder) as raised:
        Archive.open(settings.load(place, environ={}))
    assert str(place) in str(raised.value)
