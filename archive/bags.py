"""BagIt packages (RFC 8493): written in one go and durable, checked with every byte read; nothing is ever fetched.

The only module that knows the bagit library. What the packages hold is said by `package` and `backup`.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import bagit

from archive import bag_rules, disk, ocfl
from archive.database import now
from archive.errors import AlreadyThere, Unreadable
from archive.objects import Source
from archive.problem import Problem
from archive.settings import HANOI

PARTIAL = ".dang-ghi"
"""Where a package is built, beside the place it gets; what a crash left there is used again."""

_CHUNK = 1 << 20
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_STRICT = re.compile(rb"BagIt-Version: \d+\.\d+\r?\nTag-File-Character-Encoding: \S+(\r?\n)?")
_VERSION = re.compile(rb"BagIt-Version\s*:\s*(\d+)\.\d+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a package is whole."""

    valid: bool
    errors: tuple[str, ...]
    """Stable codes of ours, each once."""
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]


class Writer:
    """A package while it is written; use `writing`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.size = 0
        """Bytes of the payload."""
        self._payload: dict[str, str] = {}
        self._tags: dict[str, str] = {}

    def add(self, path: str, stream: Source, *, sha512: str | None = None) -> str:
        """Copy a stream into the payload; gives its sha512. What lies there already with this digest stays."""
        target = self._target(f"data/{path}")
        if sha512 and target.is_file() and digest(target) == sha512:
            found = sha512
        else:
            target.unlink(missing_ok=True)
            found = _copy(stream, target)
        self._payload[f"data/{path}"] = found
        self.size += target.stat().st_size
        return found

    def payload(self, path: str) -> Path:
        """Where to write a file of the payload oneself; `add_written` afterwards."""
        target = self._target(f"data/{path}")
        target.unlink(missing_ok=True)
        return target

    def add_written(self, path: str) -> None:
        """Count in what was written at `payload(path)`."""
        target = self.folder / "data" / path
        self._payload[f"data/{path}"] = digest(target)
        self.size += target.stat().st_size

    def tag(self, name: str, data: bytes) -> None:
        """A file that describes the payload."""
        self._describe(name, [data])

    def tag_lines(self, name: str, lines: Iterable[str]) -> None:
        """A file of lines that describes the payload; streamed."""
        self._describe(name, (f"{line}\n".encode() for line in lines))

    def tag_parts(self, name: str, parts: Iterable[bytes]) -> None:
        """A file in pieces that describes the payload; streamed."""
        self._describe(name, parts)

    def _describe(self, name: str, parts: Iterable[bytes]) -> None:
        target = self._target(name)
        target.unlink(missing_ok=True)
        digest = hashlib.sha512()
        with target.open("xb") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        self._tags[name] = digest.hexdigest()

    def add_lines(self, path: str, lines: Iterable[str]) -> None:
        """A file of lines in the payload; streamed."""
        with self.payload(path).open("xb") as file:
            file.writelines(f"{line}\n".encode() for line in lines)
        self.add_written(path)

    def _target(self, path: str) -> Path:
        target = self.folder / path
        if path in self._payload or path in self._tags:
            raise AlreadyThere(path=path)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def close(self, info: Mapping[str, str]) -> None:
        """Write the manifests; the package is durable on return, what does not belong to it is gone."""
        (self.folder / "data").mkdir(exist_ok=True)
        told = {
            **info,
            "Bag-Software-Agent": "Vankho",
            "Bagging-Date": now().astimezone(HANOI).date().isoformat(),
            "Payload-Oxum": f"{self.size}.{len(self._payload)}",
        }
        self.tag("bagit.txt", _DECLARATION)
        self.tag("bag-info.txt", "".join(f"{k}: {' '.join(v.split())}\n" for k, v in told.items()).encode())
        self.tag("manifest-sha512.txt", _manifest(self._payload))
        tags = dict(self._tags)
        self.tag("tagmanifest-sha512.txt", _manifest(tags))
        self._clear()
        ocfl.sync_tree(self.folder)

    def _clear(self) -> None:
        kept = {*self._payload, *self._tags}
        for place, _, names in os.walk(self.folder, topdown=False):
            for name in names:
                if Path(place, name).relative_to(self.folder).as_posix() not in kept:
                    Path(place, name).unlink()
            if Path(place) != self.folder / "data" and not any(Path(place).iterdir()):
                Path(place).rmdir()


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write a package that appears at `target` when `close` was called and the block ended, whole or not at all.

    Raises AlreadyThere, DiskFull, NoRight, StorageFailure.
    """
    with disk.watched(target):
        if target.exists():
            raise AlreadyThere(path=target)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.parent / PARTIAL
        partial.mkdir(exist_ok=True)
        guard = os.open(partial, os.O_RDONLY)
        try:
            _lock(guard, partial)
            yield Writer(partial)
            partial.rename(target)
            ocfl.sync(target.parent)
        finally:
            os.close(guard)


def _lock(guard: int, partial: Path) -> None:
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AlreadyThere(path=partial) from error


def remove(path: Path) -> None:
    """Remove what an interrupted writing left; nothing when there is nothing."""
    if path.exists():
        shutil.rmtree(path)


def safe_name(path: str) -> str:
    r"""A path as every manifest and file system takes it; the exact name belongs into the metadata.

    >>> safe_name("a%b\n/c.pdf")
    'a_b_/c.pdf'
    """
    return re.sub(r"[%\r\n\x00-\x1f\\]", "_", unicodedata.normalize("NFC", path))


def _copy(stream: Source, target: Path) -> str:
    digest = hashlib.sha512()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def digest(path: Path) -> str:
    """The sha512 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()


def _manifest(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()


def entries(path: Path) -> dict[str, dict[str, str]]:
    """What a valid package's manifests promise: name on the disk from its root to algorithm and digest."""
    bag = _opened(path)
    present = set(bag.payload_files())  # asked for its effect too: it notes how names lie on the disk
    names = {name: name if name in present else bag.normalized_filesystem_names.get(name, name) for name in bag.entries}
    return {names[name]: dict(digests) for name, digests in bag.entries.items()}


def _opened(path: Path) -> bagit.Bag:
    bag = bagit.Bag(str(path))
    bag.normalized_filesystem_names = bag_rules.Names(path)
    bag_rules.unescape(bag)
    return bag


def check(path: Path) -> Verdict:
    """Whether a package is valid, every byte read. Raises Unreadable when there is no folder."""
    if not path.is_dir():
        raise Unreadable(path=path, reason="không phải là thư mục của một gói BagIt")
    problems = [*_declaration(path), *_strange(path)]
    warnings: list[str] = []
    if not problems:
        # What the library finds comes back as an exception; its log would say it twice.
        logging.getLogger("bagit").disabled = True
        problems += _library(path, warnings)
    codes = tuple(sorted({code for code, _ in problems}))
    return Verdict(not problems, codes, tuple(sorted(set(warnings))), tuple(problem for _, problem in problems))


def _declaration(path: Path) -> Iterator[tuple[str, Problem]]:
    file = path / "bagit.txt"
    if not file.is_file() or file.is_symlink():
        yield "no-declaration", Problem(str(file), "thiếu tệp khai báo gói BagIt")
        return
    data = file.read_bytes()[:1000]
    version = _VERSION.search(data)
    if version and int(version[1]) >= 1 and not _STRICT.fullmatch(data):
        yield "bad-declaration", Problem(str(file), "tệp khai báo không đúng dạng của BagIt 1.0")


def _strange(path: Path) -> Iterator[tuple[str, Problem]]:
    """Links could lead out of the package, and a pipe would never end."""
    for place, folders, names in os.walk(path):
        for name in folders + names:
            entry = Path(place, name)
            mode = entry.lstat().st_mode
            if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
                yield "not-a-file", Problem(str(entry), "không phải là tệp thường")


def _library(path: Path, warnings: list[str]) -> Iterator[tuple[str, Problem]]:
    try:
        bag = _opened(path)
        _drop_twins(bag, warnings)
        yield from bag_rules.look(bag)
        bag.validate()
    except bagit.BagValidationError as error:
        if not error.details:
            yield "invalid", Problem(str(path), bag_rules.told(error))
        for detail in error.details:
            yield _named(path, detail)
    except bagit.BagError as error:
        yield "invalid", Problem(str(path), bag_rules.told(error))
    except (ValueError, LookupError, OSError) as error:  # the library takes some things for granted
        yield "unreadable", Problem(str(path), f"không đọc được: {error}")


def _named(path: Path, detail: bagit.ManifestErrorDetail) -> tuple[str, Problem]:
    where = str(path / detail.path)
    if isinstance(detail, bagit.ChecksumMismatch):
        return "checksum", Problem(where, f"nội dung không khớp mã băm {detail.algorithm}")
    if isinstance(detail, bagit.FileMissing):
        return "missing-file", Problem(where, "có trong danh sách nhưng không có trong gói")
    return "unlisted-file", Problem(where, "có trong gói nhưng không có trong danh sách")


def _drop_twins(bag: bagit.Bag, warnings: list[str]) -> None:
    """Let one file stand for two names that another file system cannot tell apart, if their digests agree."""
    there = {_folded(name): name for name in bag.entries if (Path(bag.path) / name).is_file()}
    for name in list(bag.entries):
        twin = there.get(_folded(name))
        if twin and twin != name and not (Path(bag.path) / name).exists() and _same(bag, name, twin):
            del bag.entries[name]
            warnings.append("names-alike")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _same(bag: bagit.Bag, name: str, twin: str) -> bool:
    return bag.entries[name] == bag.entries[twin]
