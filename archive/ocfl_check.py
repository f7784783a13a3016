"""Checking OCFL objects and storage roots, 1.0 and 1.1, every byte read (https://ocfl.io/1.1/spec/).

What the inventories say in themselves is checked in `ocfl_inventory`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import Unreadable
from archive.ocfl_files import HASHES, digests, read
from archive.ocfl_inventory import VERSION, Inventory, Report, parse
from archive.ocfl_layout import LAYOUT, LAYOUT_CONFIG, object_path
from archive.problem import Problem

_OBJECT = re.compile(r"0=(ocfl_object_(1\.[01]))")
_ROOT = re.compile(r"0=(ocfl_(1\.[01]))")
_SIDECAR = re.compile(rb"([0-9A-Fa-f]+)[ \t]+inventory\.json\s*")

# https://ocfl.github.io/extensions/
_EXTENSIONS = {
    "initial",
    "0001-digest-algorithms",
    "0002-flat-direct-storage-layout",
    "0003-hash-and-id-n-tuple-storage-layout",
    "0004-hashed-n-tuple-storage-layout",
    "0005-mutable-head",
    "0006-flat-omit-prefix-storage-layout",
    "0007-n-tuple-omit-prefix-storage-layout",
    "0008-schema-registry",
    "0009-digest-algorithms",
    "0010-differential-n-tuple-omit-prefix-storage-layout",
    "0011-direct-clean-path-layout",
}


@dataclass(frozen=True, slots=True)
class Validation:
    """The verdict on an object or a storage root."""

    valid: bool
    errors: tuple[str, ...]
    """Codes of the specification, each once, in order."""
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]
    """The errors one by one, with the place of each."""


def validate(path: Path) -> Validation:
    """Check an object, or a storage root with all its objects. Raises Unreadable."""
    names = _names(path)
    report = Report()
    if any(name.startswith("0=ocfl_") and not name.startswith("0=ocfl_object_") for name in names):
        _check_root(path, report)
    else:
        _Object(path, report).check()
    return _verdict(report)


def validate_object(path: Path) -> Validation:
    """Check one object."""
    report = Report()
    _Object(path, report).check()
    return _verdict(report)


def _verdict(report: Report) -> Validation:
    return Validation(
        valid=not report.errors,
        errors=tuple(sorted({code for code, _ in report.errors})),
        warnings=tuple(sorted({code for code, _ in report.warnings})),
        problems=tuple(Problem(p.where, f"{p.what} ({code})") for code, p in report.errors),
    )


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise Unreadable(path=folder, reason=error.strerror or error) from error


def objects(root: Path, report: Report | None = None) -> Iterator[Path]:
    """The objects below a storage root; what is there besides is reported."""
    report = report or Report()
    for name in _names(root):
        path = root / name
        if path.is_symlink():
            report.error("E090", path, "liên kết không được phép trong kho")
        elif path.is_dir() and name != "extensions":
            yield from _below(path, report)


def _below(folder: Path, report: Report) -> Iterator[Path]:
    names = _names(folder)
    if any(name.startswith("0=ocfl_object_") for name in names):
        yield folder
        return
    if not names:
        report.error("E073", folder, "thư mục rỗng")
    for name in names:
        path = folder / name
        if path.is_symlink():
            report.error("E090", path, "liên kết không được phép trong kho")
        elif path.is_dir():
            yield from _below(path, report)
        else:
            report.error("E072", path, "tệp không thuộc hồ sơ nào")


def check_root_files(root: Path, report: Report) -> str | None:
    """Check the declaration and the layout of a storage root; its version of the specification."""
    names = [name for name in _names(root) if name.startswith("0=ocfl_")]
    if not names:
        report.error("E069", root, "thiếu tệp khai báo kho OCFL")
        return None
    if len(names) > 1:
        report.error("E076", root, "có hơn một tệp khai báo kho OCFL")
    match = _ROOT.fullmatch(names[-1])
    if match is None:
        report.error("E079", root / names[-1], "không phải OCFL 1.0 hay 1.1")
        return None
    if read(root / names[-1]) != f"{match[1]}\n".encode():
        report.error("E080", root / names[-1], "nội dung tệp khai báo sai")
    _check_layout(root / "ocfl_layout.json", report)
    return match[2]


def _check_layout(path: Path, report: Report) -> None:
    if not path.exists():
        return
    try:
        layout = json.loads(path.read_bytes())
    except ValueError:
        layout = None
    if not isinstance(layout, dict) or not {"extension", "description"} <= layout.keys():
        report.error("E070", path, "phải có hai khóa extension và description")
    elif not isinstance(layout["extension"], str):
        report.error("E071", path, "extension phải là tên một phần mở rộng")


def _check_root(root: Path, report: Report) -> None:
    spec = check_root_files(root, report)
    placed = _layout(root) == LAYOUT_CONFIG
    for path in objects(root, report):
        held = _Object(path, report)
        held.check()
        if spec and held.spec and held.spec > spec:
            report.error("E081", path, "hồ sơ theo bản đặc tả mới hơn kho")
        if placed and held.inventory and held.inventory.named and path != root / object_path(held.inventory.named):
            report.error("E083", path, "hồ sơ không nằm ở chỗ cách bố trí của kho quy định")
    extensions = root / "extensions"
    for name in _names(extensions) if extensions.is_dir() else ():
        if name not in _EXTENSIONS:
            report.warn("W016", extensions / name, "phần mở rộng chưa đăng ký")


def _layout(root: Path) -> object:
    try:
        return json.loads((root / "extensions" / LAYOUT / "config.json").read_bytes())
    except (OSError, ValueError):
        return None



class _Object:
    """One object while it is checked."""

    def __init__(self, path: Path, report: Report) -> None:
        self.path = path
        self.report = report
        self.spec: str | None = None
        self.inventory: Inventory | None = None
        self.present: list[str] = []
        """Content paths found in the version folders looked at so far."""
        self.expected: dict[str, set[tuple[str, str, str]]] = {}
        """Content path to what is said of it: code, algorithm, digest."""

    def check(self) -> None:
        """Check everything."""
        entries = {entry.name: entry for entry in os.scandir(self.path)}
        self._declaration([name for name in entries if name.startswith("0=")])
        folders = sorted(
            (name for name in entries if VERSION.fullmatch(name) and entries[name].is_dir()),
            key=lambda name: int(name[1:]),
        )
        text = read(self.path / "inventory.json")
        if text is None:
            self.report.error("E063", self.path, "thiếu inventory.json")
        else:
            self.inventory = self._inventory(self.path, text)
        self._entries(entries, folders)
        if self.inventory is not None and text is not None:
            self._against_folders(self.inventory, folders, text)
        self._extensions()

    def _declaration(self, names: list[str]) -> None:
        if len(names) != 1:
            self.report.error("E003", self.path, "phải có đúng một tệp khai báo hồ sơ OCFL")
        for name in names:
            match = _OBJECT.fullmatch(name)
            if match is None:
                self.report.error("E006", self.path / name, "không phải OCFL 1.0 hay 1.1")
            elif read(self.path / name) != f"{match[1]}\n".encode():
                self.report.error("E007", self.path / name, "nội dung tệp khai báo sai")
            self.spec = match[2] if match else self.spec

    def _entries(self, entries: Mapping[str, os.DirEntry[str]], folders: list[str]) -> None:
        sidecar = f"inventory.json.{self.inventory.algorithm}" if self.inventory else None
        files = {"inventory.json", sidecar}
        for name, entry in entries.items():
            if entry.is_symlink():
                self.report.error("E090", entry.path, "liên kết không được phép trong kho")
            elif entry.is_dir() and name not in (*folders, "extensions", "logs"):
                self.report.error("E001", entry.path, "thư mục không thuộc hồ sơ")
            elif not entry.is_dir() and name not in files and not name.startswith("0=ocfl_object_"):
                self.report.error("E001", entry.path, "tệp không thuộc hồ sơ")

    def _inventory(self, folder: Path, text: bytes) -> Inventory | None:
        where = str(folder / "inventory.json")
        inventory = parse(text, where, self.report)
        if inventory is None:
            return None
        if inventory.algorithm:
            self._sidecar(folder / f"inventory.json.{inventory.algorithm}", inventory.algorithm, text)
        elif not any(folder.glob("inventory.json.*")):
            self.report.error("E058", where, "thiếu tệp mã băm đi kèm")
        if folder == self.path and self.spec and inventory.spec and inventory.spec != self.spec:
            self.report.error("E038", where, "type không khớp tệp khai báo hồ sơ")
        return inventory

    def _sidecar(self, path: Path, algorithm: str, text: bytes) -> None:
        found = read(path)
        if found is None:
            self.report.error("E058", path, "thiếu tệp mã băm đi kèm")
        elif not (match := _SIDECAR.fullmatch(found)):
            self.report.error("E061", path, "phải có dạng: MÃ-BĂM inventory.json")
        elif match[1].decode().lower() != hashlib.new(algorithm, text).hexdigest():
            self.report.error("E060", path, "mã băm của inventory.json không khớp")

    def _against_folders(self, inventory: Inventory, folders: list[str], text: bytes) -> None:
        for name in inventory.versions.keys() - set(folders):
            self.report.error("E010", self.path / name, "thiếu thư mục của bản này")
        for name in set(folders) - inventory.versions.keys():
            self.report.error("E046", self.path / name, "thư mục của bản không có trong inventory.json")
        present = self.present
        spec = "1.0"
        for name in folders:
            present += self._version(name, inventory)
            own = read(self.path / name / "inventory.json")
            if own is None:
                self.report.warn("W010", self.path / name, "nên có inventory.json")
            elif name != folders[-1] or own != text:
                spec = self._older(name, own, inventory, spec=spec, present=present, last=name == folders[-1])
        if inventory.spec and inventory.spec < spec:
            self.report.error("E103", self.path, "theo bản đặc tả cũ hơn bản trước nó")
        self._promises(inventory, self.path, present)
        self._digests()

    def _version(self, name: str, inventory: Inventory) -> list[str]:
        """Check what lies in a version's folder; its content paths."""
        folder = self.path / name
        sidecars = {f"inventory.json.{algorithm}" for algorithm in ("sha512", "sha256", "md5", "sha1")}
        contents: list[str] = []
        for entry in os.scandir(folder):
            if entry.is_symlink():
                self.report.error("E090", entry.path, "liên kết không được phép trong kho")
            elif entry.is_dir() and entry.name == inventory.content:
                contents += self._contents(Path(entry.path))
            elif entry.is_dir():
                self.report.warn("W002", entry.path, "không nên có thư mục khác trong thư mục của bản")
            elif entry.name != "inventory.json" and entry.name not in sidecars:
                self.report.error("E015", entry.path, "tệp nằm ngoài thư mục nội dung")
        return contents

    def _contents(self, folder: Path) -> Iterator[str]:
        empty = True
        for name in self._content_files(str(folder)):
            empty = False
            if name is not None:
                yield name
        if empty:
            self.report.warn("W003", folder, "không nên có thư mục nội dung rỗng")

    def _content_files(self, folder: str) -> Iterator[str | None]:
        """Content paths of the files below a folder; None for what is reported instead."""
        for entry in os.scandir(folder):
            if entry.is_symlink():
                self.report.error("E090", entry.path, "liên kết không được phép trong kho")
                yield None
            elif entry.is_dir():
                found = list(self._content_files(entry.path))
                if not found:
                    self.report.error("E024", entry.path, "thư mục rỗng")
                yield from found or [None]
            else:
                yield entry.path[len(str(self.path)) + 1 :]

    def _older(
        self, name: str, text: bytes, newest: Inventory, *, spec: str, present: list[str], last: bool
    ) -> str:
        """Check a version's own inventory against the root's; its version of the specification."""
        folder = self.path / name
        own = self._inventory(folder, text)
        if last:
            self.report.error("E064", folder, "inventory.json khác với bản ở gốc hồ sơ")
        if own is None:
            return spec
        if own.id != newest.id:
            self.report.error("E037", folder, "id khác với bản ở gốc hồ sơ")
        if own.head != name:
            self.report.error("E040", folder, f"head phải là {name}")
        if own.content != newest.content:
            self.report.error("E019", folder, "contentDirectory đổi giữa các bản")
        if own.spec and own.spec < spec:
            self.report.error("E103", folder, "theo bản đặc tả cũ hơn bản trước nó")
        for block in own.versions:
            self._same_state(block, own, newest, folder)
        self._promises(own, folder, present)
        return own.spec or spec

    def _same_state(self, name: str, own: Inventory, newest: Inventory, folder: Path) -> None:
        then, now = own.state(name), newest.state(name)
        if then.keys() != now.keys() or not all(
            _same_content(own, then[path], newest, now[path]) for path in then
        ):
            self.report.error("E066", folder, f"trạng thái của {name} khác với bản ở gốc hồ sơ")
        mine, theirs = own.versions[name], newest.versions.get(name)
        if isinstance(mine, dict) and isinstance(theirs, dict) and _described(mine) != _described(theirs):
            self.report.warn("W011", folder, f"mô tả của {name} khác với bản ở gốc hồ sơ")

    def _promises(self, inventory: Inventory, folder: Path, present: list[str]) -> None:
        """Note what an inventory says of the content; `present` are the files of its time."""
        paths = inventory.paths()
        for path in set(present) - paths:
            self.report.error("E023", self.path / path, f"tệp không có trong {folder.name}/inventory.json")
        for path in paths - set(present):
            self.report.error("E092", self.path / path, "tệp đã mất")
        for digest, listed in inventory.manifest.items():
            for path in listed:
                self.expected.setdefault(path, set()).add(("E092", inventory.algorithm or "", digest.lower()))
        for algorithm, block in inventory.fixity.items():
            for digest, listed in block.items():
                for path in listed:
                    self.expected.setdefault(path, set()).add(("E093", algorithm, digest.lower()))
                    if path not in paths or path not in present:
                        self.report.error("E093", self.path / path, "fixity nêu tệp không có")

    def _digests(self) -> None:
        present = set(self.present)
        for path, promises in sorted(self.expected.items()):
            if path not in present:
                continue  # reported already
            file = self.path / path
            found = digests(file, {algorithm for _, algorithm, _ in promises} & HASHES.keys())
            for code, algorithm, digest in promises:
                if found.get(algorithm, digest) != digest:
                    self.report.error(code, file, f"nội dung không khớp mã băm {algorithm}")

    def _extensions(self) -> None:
        folder = self.path / "extensions"
        for entry in os.scandir(folder) if folder.is_dir() else ():
            if not entry.is_dir() or entry.is_symlink():
                self.report.error("E067", entry.path, "chỉ thư mục của phần mở rộng được nằm ở đây")
            elif entry.name not in _EXTENSIONS:
                self.report.warn("W013", entry.path, "phần mở rộng chưa đăng ký")


def _described(block: dict[str, Any]) -> list[Any]:
    return [block.get(key) for key in ("created", "message", "user")]


def _same_content(own: Inventory, then: str, newest: Inventory, now: str) -> bool:
    if own.algorithm == newest.algorithm:
        return then.lower() == now.lower()
    return set(own.manifest.get(then, ())) <= set(newest.manifest.get(now, ()))
