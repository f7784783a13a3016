"""What RFC 8493 asks of a package and the bagit library does not look at; the library's own words in Vietnamese.

Works on the library's open bag and does not name the library.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.problem import Problem

Found = tuple[str, Problem]

_ESCAPED = re.compile(r"%(25|0[AD])", re.I)
_LETTERS = {"25": "%", "0A": "\n", "0D": "\r"}
_SAID = (
    ("No manifest files found", "không có danh sách tệp (manifest) nào"),
    ("is unsafe", "danh sách có đường dẫn dẫn ra ngoài gói"),
    ("multiple times", "danh sách kê một tệp nhiều lần"),
    ("Unsupported bag version", "gói theo bản BagIt chưa biết"),
    ("Bag version numbers", "số bản BagIt không đúng dạng"),
    ("Unsupported encoding", "bảng mã khai báo chưa biết"),
    ("Missing required tag", "tệp khai báo thiếu mục bắt buộc"),
    ("invalid tag", "tệp mô tả gói có dòng không đúng dạng"),
    ("Expected data directory", "thiếu thư mục data của gói"),
    ("Malformed URL", "fetch.txt có địa chỉ không đúng dạng"),
    ("byte-order mark", "tệp khai báo có dấu BOM ở đầu"),
)


class Names(dict[str, str]):
    """Names of files as they lie on the disk, by what a list calls them: the very name goes before a similar one."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root

    def get(self, key: str, default: Any = None) -> Any:
        """The name on the disk."""
        exact = os.path.lexists(self._root / key)
        return key if exact else super().get(unicodedata.normalize("NFC", key), default)


def unescape(bag: Any) -> None:
    """Read names as RFC 8493 (2.1.3) writes them, with `%25`, `%0A` and `%0D`, where no file has them as they stand."""
    root = Path(bag.path)
    for name in list(bag.entries):
        plain = _ESCAPED.sub(lambda found: _LETTERS[found[1].upper()], name)
        there = os.path.lexists(root / plain) and not os.path.lexists(root / name)
        if plain != name and there and plain not in bag.entries:
            bag.entries[plain] = bag.entries.pop(name)
            bag.normalized_manifest_names[unicodedata.normalize("NFC", plain)] = plain


def look(bag: Any) -> Iterator[Found]:
    """Breaches of the rules that the library lets pass."""
    root, payload = Path(bag.path), bag.payload_entries()
    yield from _sums(bag, root)
    for listed in map(Path, bag.manifest_files()):
        algorithm = listed.stem.removeprefix("manifest-")
        if bag.version_info >= (1, 0) and any(algorithm not in digests for digests in payload.values()):
            yield "incomplete-manifest", Problem(str(listed), "không kê đủ các tệp của gói như danh sách kia")
        if any(not name.startswith("data/") for name in _names(listed, bag.encoding)):
            yield "outside-payload", Problem(str(listed), "kê tệp nằm ngoài thư mục data")
    yield from _twins(bag, root, payload)
    yield from _holes(bag, root, payload)


def _sums(bag: Any, root: Path) -> Iterator[Found]:
    """Looked at here, as the library stops at a wrong sum and names no file."""
    sizes = [(root / name).stat().st_size for name in bag.payload_files()]
    told = [bag.info.pop(key) for key in list(bag.info) if key.casefold() == "payload-oxum"]
    values = [value for one in told for value in (one if isinstance(one, list) else [one])]
    if any(value.strip() != f"{sum(sizes)}.{len(sizes)}" for value in values):
        yield "payload-oxum", Problem(str(root), "số tệp hoặc số byte khác với Payload-Oxum")


def _names(listed: Path, encoding: str) -> Iterator[str]:
    for line in listed.read_text(encoding).lstrip("\ufeff").splitlines():
        parts = line.strip().split(None, 1)
        if len(parts) == 2 and not line.startswith("#"):
            yield os.path.normpath(parts[1].lstrip("*"))


def _twins(bag: Any, root: Path, payload: dict[str, Any]) -> Iterator[Found]:
    """Files beside a listed one whose name differs in the form of its letters only: the library takes both for one."""
    there = [name for name in payload if os.path.lexists(root / name)]
    known = {unicodedata.normalize("NFC", name) for name in there}
    for name in bag.payload_files():
        if name not in payload and unicodedata.normalize("NFC", name) in known:
            yield "unlisted-file", Problem(str(root / name), "có trong gói nhưng không có trong danh sách")


def _holes(bag: Any, root: Path, payload: dict[str, Any]) -> Iterator[Found]:
    try:
        fetched = [os.path.normpath(name) for _, _, name in bag.fetch_entries()]
    except ValueError:
        yield "fetch", Problem(str(root / "fetch.txt"), "fetch.txt có dòng không đúng dạng")
        return
    for name in fetched:
        if name not in payload:
            yield "fetch", Problem(str(root / name), "có trong fetch.txt nhưng không có trong danh sách")
        elif not os.path.lexists(root / name):
            words = "phải tải về theo fetch.txt trước khi nhập; kho không tự tải gì"
            yield "missing-file", Problem(str(root / name), words)


def told(error: Exception) -> str:
    """What the library says of a package, in Vietnamese where we know the words."""
    words = next((ours for theirs, ours in _SAID if theirs in str(error)), None)
    return words or f"không đúng quy tắc BagIt: {error}"
