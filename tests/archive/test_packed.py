"""Packages as one file: they carry what the folder carries, and nothing they hold can reach beyond their place."""

from __future__ import annotations

import io
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import bagit
import pytest

from archive import bags, catalogue, fixity, package, packed, settings
from archive.accept import Receipt
from archive.archive import Archive
from archive.errors import AlreadyThere, BadBag, DiskFull, Unreadable
from archive.viewer import GUEST

Put = Callable[..., Receipt]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(settings.load(tmp_path / "other", environ={})) as opened:
        yield opened


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz", ".ZIP"])
def test_a_package_in_one_file_comes_out_the_same(
    archive: Archive, other: Archive, put: Put, tmp_path: Path, ending: str
) -> None:
    documents = [put(b"content %d" % n, name).document for n, name in enumerate(("Kế hoạch.docx", "a/b.pdf"))]
    made = package.export(archive, GUEST, tmp_path / "ra" / f"gói{ending}", extra={"ho-so.json": b"{}"})
    assert made.documents == 2 and [path.name for path in (tmp_path / "ra").iterdir()] == [f"gói{ending}"]
    assert {one.document for one in package.take(other, GUEST, made.path)} == set(documents)
    for document in documents:
        assert catalogue.original(other, GUEST, document).name == catalogue.original(archive, GUEST, document).name
    assert list(other.store.staging.iterdir()) == [] and list(fixity.check(other)) == []
    with packed.unpacked(made.path, tmp_path / "mở") as folder:
        assert bagit.Bag(str(folder)).is_valid() and (folder / "metadata" / "ho-so.json").read_bytes() == b"{}"
        assert folder.name == "gói"
    with pytest.raises(AlreadyThere):
        package.export(archive, GUEST, made.path)


def test_ordinary_programs_unpack_what_we_packed(archive: Archive, put: Put, tmp_path: Path) -> None:
    put(b"abc", "Kế hoạch.docx")
    unzip = [sys.executable, "-m", "zipfile", "-e", "a.zip", "x"]
    for name, command in (("a.zip", unzip), ("a.tar", ["tar", "xf", "a.tar"])):
        package.export(archive, GUEST, tmp_path / name)
        subprocess.run(command, cwd=tmp_path, check=True)
    assert bags.check(tmp_path / "x" / "a").valid and bags.check(tmp_path / "a").valid


def _bag(folder: Path) -> Path:
    """As another program makes it: md5 and sha1, a file name in Vietnamese, the bag not below a folder."""
    folder.mkdir()
    (folder / "Báo cáo quý I.txt").write_text("Kết quả thực hiện.")
    bagit.make_bag(str(folder), {"Source-Organization": "Sở Nội vụ"}, checksums=["md5", "sha1"])
    return folder


@pytest.mark.parametrize("below", ["", "goi-nop-luu/"])
def test_another_programs_package_is_taken_in(other: Archive, tmp_path: Path, below: str) -> None:
    folder = _bag(tmp_path / "bag")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        for path in folder.rglob("*"):
            entry = _Plain(f"{below}{path.relative_to(folder)}" + "/" * path.is_dir())
            out.writestr(entry, b"" if path.is_dir() else path.read_bytes())
    (taken,) = package.take(other, GUEST, tmp_path / "a.zip")
    assert taken.state == "new" and taken.document
    assert catalogue.original(other, GUEST, taken.document).name == "Báo cáo quý I.txt"


class _Plain(zipfile.ZipInfo):
    """Its name as programs write it that know no flag for UTF-8: the bytes are UTF-8 all the same."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(), self.flag_bits


HOSTILE_TAR = {
    "outside": lambda entry: setattr(entry, "name", "../ra.txt"),
    "absolute": lambda entry: setattr(entry, "name", "/tmp/ra.txt"),
    "link": lambda entry: (setattr(entry, "type", tarfile.SYMTYPE), setattr(entry, "linkname", "/etc/passwd")),
    "hard link": lambda entry: (setattr(entry, "type", tarfile.LNKTYPE), setattr(entry, "linkname", "../x")),
    "pipe": lambda entry: setattr(entry, "type", tarfile.FIFOTYPE),
    "device": lambda entry: setattr(entry, "type", tarfile.CHRTYPE),
}


@pytest.mark.parametrize("kind", HOSTILE_TAR)
def test_a_hostile_tar_is_refused_and_nothing_is_taken(other: Archive, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as out:
        entry = tarfile.TarInfo("bagit.txt")
        HOSTILE_TAR[kind](entry)
        out.addfile(entry, io.BytesIO(b""))
    with pytest.raises(BadBag):
        package.take(other, GUEST, path)
    assert catalogue.count(other, GUEST) == 0 and list(other.store.staging.iterdir()) == []
    assert not (tmp_path / "ra.txt").exists()


def test_a_hostile_zip_is_refused(other: Archive, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("data/x")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    for number, entry in enumerate((zipfile.ZipInfo("../ra.txt"), zipfile.ZipInfo("/ra.txt"), link)):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as out:
            out.writestr(entry, b"/etc/passwd")
        with pytest.raises(BadBag):
            package.take(other, GUEST, path)
    with pytest.warns(UserWarning), zipfile.ZipFile(tmp_path / "twice.zip", "w") as out:
        out.writestr("bagit.txt", b"1")
        out.writestr("bagit.txt", b"2")
    with pytest.raises(BadBag, match="hai tệp cùng tên"):
        package.take(other, GUEST, tmp_path / "twice.zip")


def test_a_file_cut_short_or_missing_is_one_clear_line(
    archive: Archive, other: Archive, put: Put, tmp_path: Path
) -> None:
    put(b"abc" * 5000)
    for ending in (".zip", ".tar", ".tar.gz"):
        made = package.export(archive, GUEST, tmp_path / f"a{ending}").path
        made.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
        with pytest.raises(BadBag) as raised:
            package.take(other, GUEST, made)
        assert "\n" not in str(raised.value)
        with pytest.raises(Unreadable):
            package.take(other, GUEST, tmp_path / f"không có{ending}")
    assert catalogue.count(other, GUEST) == 0


def test_a_package_that_swells_beyond_the_disk_is_stopped(
    other: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "bom.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("data/x", bytes(20 << 20))
    assert (tmp_path / "bom.zip").stat().st_size < 100_000
    monkeypatch.setattr(packed, "_SPARE", shutil.disk_usage(tmp_path).free - (5 << 20))
    with pytest.raises(DiskFull):
        package.take(other, GUEST, tmp_path / "bom.zip")
    assert list(other.store.staging.iterdir()) == []


def test_memory_stays_small_however_large_the_package(archive: Archive, put: Put, tmp_path: Path) -> None:
    put(bytes(200 << 20), "lớn.bin")
    code = (
        "import sys, resource; from pathlib import Path\n"
        "from archive import package, packed, settings; from archive.archive import Archive\n"
        "from archive.viewer import GUEST\n"
        "with Archive.open(settings.load(Path(sys.argv[1]), environ={})) as archive:\n"
        "    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "    for name in ('a.zip', 'a.tar'):\n"
        "        made = package.export(archive, GUEST, Path(sys.argv[2]) / name)\n"
        "        package.take(archive, GUEST, made.path)\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    words = [sys.executable, "-c", code, str(archive.settings.data), str(tmp_path)]
    grown = int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    assert grown < 60 << 10, f"{grown} KiB more"
