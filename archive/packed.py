"""Packages as one file: BagIt folders in .zip or .tar, written and unpacked piece by piece.

What others packed may hold anything: nothing but plain files and folders below the place given is ever made.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from archive import disk, ocfl
from archive.errors import AlreadyThere, BadBag, DiskFull, Unreadable

_ZIP, _TAR = (".zip",), (".tar", ".tar.gz", ".tgz")
_CHUNK = 1 << 20
_MOST = 1_000_000  # files in one package
_SPARE = 64 << 20  # bytes of the disk that stay free
_UTF8 = 0x800  # flag of a zip entry whose name is UTF-8


def is_packed(path: Path) -> bool:
    """Whether a name is that of a package in one file.

    >>> is_packed(Path("goi.tar.gz")), is_packed(Path("goi"))
    (True, False)
    """
    return path.name.lower().endswith((*_ZIP, *_TAR))


def name(path: Path) -> str:
    """The name of such a package without its ending.

    >>> name(Path("x/gói.tar.gz")), name(Path("gói.zip")), name(Path("gói 1.2"))
    ('gói', 'gói', 'gói 1.2')
    """
    ending = next((one for one in (*_ZIP, *_TAR) if path.name.lower().endswith(one)), "")
    return path.name[: len(path.name) - len(ending)]


def pack(folder: Path, target: Path) -> None:
    """Put a folder into one file, below the file's own name; the file appears whole or not at all, durable."""
    partial = target.with_name(target.name + ".dang-ghi")
    with disk.watched(target):
        if target.exists():
            raise AlreadyThere(path=target)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        top = PurePosixPath(name(target))
        if target.name.lower().endswith(_ZIP):
            _zip(partial, ((path, str(top / path.relative_to(folder))) for path in files))
        else:
            mode = "w:" if target.name.lower().endswith(".tar") else "w:gz"
            with tarfile.open(partial, mode, format=tarfile.PAX_FORMAT) as out:
                for path in files:
                    out.add(path, str(top / path.relative_to(folder)), recursive=False, filter=_nobody)
        ocfl.sync(partial)
        partial.rename(target)
        ocfl.sync(target.parent)


def _zip(partial: Path, files: Iterator[tuple[Path, str]]) -> None:
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as out:
        for path, inside in files:
            entry = zipfile.ZipInfo.from_file(path, inside, strict_timestamps=False)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as file, out.open(entry, "w", force_zip64=True) as piece:
                shutil.copyfileobj(file, piece, _CHUNK)


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the accounts of this machine."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


@contextmanager
def unpacked(path: Path, scratch: Path) -> Iterator[Path]:
    """The folder of a package, which is unpacked below `scratch` for as long as the block runs if it is one file.

    Raises BadBag, DiskFull, Unreadable.
    """
    if path.is_dir() or not is_packed(path):
        yield path
        return
    scratch.mkdir(parents=True, exist_ok=True)
    with disk.watched(scratch), tempfile.TemporaryDirectory(prefix="goi-", dir=scratch) as made:
        folder = Path(made)
        room = _Room(shutil.disk_usage(folder).free - _SPARE)
        try:
            if path.name.lower().endswith(_ZIP):
                _unzip(path, folder, room)
            else:
                _untar(path, folder, room)
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, NotImplementedError) as error:
            raise BadBag(path=path, reason="tệp nén hỏng hoặc bị cắt cụt") from error
        yield _top(folder)


@dataclass(slots=True)
class _Room:
    """How much may still be written; what a package says of itself is not believed."""

    left: int
    files: int = 0

    def take(self, size: int, path: Path) -> None:
        self.left -= size
        if self.left < 0:
            raise DiskFull(path=path)

    def count(self, path: Path) -> None:
        self.files += 1
        if self.files > _MOST:
            raise BadBag(path=path, reason=f"có hơn {_MOST} tệp")


def _unzip(path: Path, folder: Path, room: _Room) -> None:
    with _opened(path) as file, zipfile.ZipFile(file) as packed:
        for entry in packed.infolist():
            room.count(path)
            inside = _zip_name(entry)
            if entry.is_dir():
                _place(path, folder, inside).mkdir(parents=True, exist_ok=True)
                continue
            kind = entry.external_attr >> 28
            if kind not in (0, 8) or entry.flag_bits & 1:
                raise BadBag(path=path, reason=f"«{inside}» không phải tệp thường hoặc có mật khẩu")
            with packed.open(entry) as piece:
                _pour(piece, _place(path, folder, inside), room)


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; where it does not say that it is UTF-8 it may be all the same."""
    if not entry.flag_bits & _UTF8:
        try:
            return entry.filename.encode("cp437").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return entry.filename
    return entry.filename


def _untar(path: Path, folder: Path, room: _Room) -> None:
    with _opened(path) as file, tarfile.open(fileobj=file, mode="r|*") as packed:
        for entry in packed:
            room.count(path)
            if entry.isdir():
                _place(path, folder, entry.name).mkdir(parents=True, exist_ok=True)
                continue
            piece = packed.extractfile(entry) if entry.isreg() else None
            if piece is None:
                raise BadBag(path=path, reason=f"«{entry.name}» không phải tệp thường")
            with piece:
                _pour(piece, _place(path, folder, entry.name), room)


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise Unreadable(path=path, reason=error.strerror or error) from error


def _place(path: Path, folder: Path, inside: str) -> Path:
    """Where an entry goes. Raises BadBag when that would be outside."""
    parts = PurePosixPath(inside).parts
    if not parts or inside.startswith("/") or ".." in parts or "\0" in inside:
        raise BadBag(path=path, reason=f"có tên tệp trỏ ra ngoài gói: «{inside}»")
    return folder.joinpath(*parts)


def _pour(piece: IO[bytes], target: Path, room: _Room) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadBag(path=target.name, reason="có hai tệp cùng tên") from error
    with os.fdopen(descriptor, "wb") as out:
        while chunk := piece.read(_CHUNK):
            room.take(len(chunk), target)
            out.write(chunk)


def _top(folder: Path) -> Path:
    """The package itself: what was unpacked, or the one folder in it."""
    if (folder / "bagit.txt").exists():
        return folder
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
