"""Checking what one OCFL inventory says, without looking at the files it names.

The codes are those of https://ocfl.io/1.1/spec/validation-codes.html.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.problem import Problem

SPECS = {
    "https://ocfl.io/1.0/spec/#inventory": "1.0",
    "https://ocfl.io/1.1/spec/#inventory": "1.1",
}
ALGORITHMS = ("sha512", "sha256")
VERSION = re.compile(r"v0{0,20}[1-9][0-9]{0,8}")

_KEYS = {"id", "type", "digestAlgorithm", "head", "contentDirectory", "fixity", "manifest", "versions"}
_VERSION_KEYS = {"created", "state", "message", "user"}
_CREATED = re.compile(
    r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)", re.I
)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.I)


@dataclass(slots=True)
class Report:
    """What was found so far; grows while checking."""

    errors: list[tuple[str, Problem]] = field(default_factory=list)
    warnings: list[tuple[str, Problem]] = field(default_factory=list)

    def error(self, code: str, where: object, what: str) -> None:
        """Note a breach of a MUST."""
        self.errors.append((code, Problem(str(where), what)))

    def warn(self, code: str, where: object, what: str) -> None:
        """Note a breach of a SHOULD."""
        self.warnings.append((code, Problem(str(where), what)))


class Inventory:
    """What could be understood of an inventory; what is not as it must be is left out and reported."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.id: object = data.get("id")
        self.spec: str | None = SPECS.get(data["type"]) if isinstance(data.get("type"), str) else None
        algorithm = data.get("digestAlgorithm")
        self.algorithm: str | None = algorithm if algorithm in ALGORITHMS else None
        self.head: object = data.get("head")
        self.has_head: bool = "head" in data
        self.names_content: bool = "contentDirectory" in data
        named = data.get("contentDirectory", "content")
        self.content: str = named if isinstance(named, str) else "content"
        self.manifest: dict[str, list[str]] = _table(data.get("manifest"))
        fixity = data.get("fixity")
        blocks = fixity.items() if isinstance(fixity, dict) else ()
        self.fixity: dict[str, dict[str, list[str]]] = {name: _table(block) for name, block in blocks}
        versions = data.get("versions")
        self.versions: dict[str, dict[str, Any]] = versions if isinstance(versions, dict) else {}

    @property
    def named(self) -> str | None:
        """The id where it is text, as it must be."""
        return self.id if isinstance(self.id, str) and _encodable(self.id) else None

    def paths(self) -> set[str]:
        """All content paths of the manifest."""
        return {path for paths in self.manifest.values() for path in paths}

    def state(self, name: str) -> dict[str, str]:
        """Logical path to digest of one version."""
        version = self.versions.get(name)
        table = _table(version.get("state")) if isinstance(version, dict) else {}
        return {path: digest for digest, paths in table.items() for path in paths}


def _table(value: object) -> dict[str, list[str]]:
    """The well-formed part of a block of digests and paths."""
    items = value.items() if isinstance(value, dict) else ()
    return {
        digest: [path for path in paths if isinstance(path, str)]
        for digest, paths in items
        if isinstance(paths, list)
    }


def parse(text: bytes, where: str, report: Report) -> Inventory | None:
    """Check an inventory's text; None when it is not a JSON object at all."""
    try:
        data = json.loads(text.decode("utf-8"), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        report.error("E033", where, "không phải là JSON")
        return None
    if not isinstance(data, dict):
        report.error("E033", where, "không phải là đối tượng JSON")
        return None
    inventory = Inventory(data)
    _keys(data, where, report)
    _manifest(data, inventory, where, report)
    _versions(data, inventory, where, report)
    _fixity(data, inventory, where, report)
    return inventory


class _Pairs(dict[str, Any]):
    """A JSON object that remembers which keys it was given twice."""

    def __init__(self, items: list[tuple[str, Any]]) -> None:
        super().__init__(items)
        self.doubled = len(items) != len(self)


def _keys(data: Mapping[str, Any], where: str, report: Report) -> None:
    for key in ("id", "type", "digestAlgorithm", "head"):
        if key not in data:
            report.error("E036", where, f"thiếu khóa {key}")
    for key in data.keys() - _KEYS:
        report.error("E102", where, f"khóa lạ {key}")
    if isinstance(data, _Pairs) and data.doubled:
        report.error("E033", where, "một khóa có hai lần: các trình đọc có thể thấy hai nội dung khác nhau")
    identifier = data.get("id", "urn:x")
    if not isinstance(identifier, str) or not identifier or not _encodable(identifier):
        report.error("E037", where, "id phải là chuỗi Unicode không rỗng")
    elif not _URI.fullmatch(identifier):
        report.warn("W005", where, "id nên là URI")
    if "type" in data and (not isinstance(data["type"], str) or data["type"] not in SPECS):
        report.error("E038", where, "type không phải của OCFL 1.0 hay 1.1")
    if data.get("digestAlgorithm", "sha512") not in ALGORITHMS:
        report.error("E025", where, "digestAlgorithm phải là sha512 hoặc sha256")
    elif data.get("digestAlgorithm") == "sha256":
        report.warn("W004", where, "nên dùng sha512")
    content = data.get("contentDirectory", "content")
    if not isinstance(content, str) or "/" in content or not content:
        report.error("E017", where, "contentDirectory phải là tên một thư mục con")
    elif content in (".", ".."):
        report.error("E018", where, "contentDirectory không được là . hay ..")


def _encodable(text: str) -> bool:
    """Whether it is text at all: an escape in JSON can write half a character."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _manifest(data: Mapping[str, Any], inventory: Inventory, where: str, report: Report) -> None:
    if "manifest" not in data:
        report.error("E041", where, "thiếu khối manifest")
        return
    if not isinstance(data["manifest"], dict):
        report.error("E106" if inventory.spec == "1.1" else "E041", where, "manifest phải là đối tượng")
        return
    _block(data["manifest"], where, report, shape="E092", double="E096")
    paths = [path for paths in inventory.manifest.values() for path in paths]
    _content_paths(paths, where, report)
    for path in _conflicts(paths):
        report.error("E101", where, f"đường dẫn nội dung trùng hoặc chồng nhau: {path}")
    for path in paths:
        if not VERSION.fullmatch(path.split("/")[0]) or path.split("/")[1:2] != [inventory.content]:
            report.error("E042", where, f"đường dẫn không nằm trong thư mục nội dung của một bản: {path}")
    if inventory.spec == "1.1":
        used = {digest for name in inventory.versions for digest in inventory.state(name).values()}
        for digest in inventory.manifest.keys() - used:
            report.error("E107", where, f"mã băm không bản nào dùng: {digest}")


def _block(block: Mapping[str, Any], where: str, report: Report, *, shape: str, double: str) -> None:
    """A block of digests, each with a list of paths; each digest once, in whatever case."""
    seen: set[str] = set()
    for digest, paths in block.items():
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            report.error(shape, where, f"mã băm {digest} phải có danh sách đường dẫn")
        if digest.lower() in seen:
            report.error(double, where, f"mã băm {digest} có hai lần")
        seen.add(digest.lower())
    if isinstance(block, _Pairs) and block.doubled:
        report.error(double, where, "một mã băm có hai lần")


def _content_paths(paths: Iterable[str], where: str, report: Report) -> None:
    for path in paths:
        if path.startswith("/") or path.endswith("/"):
            report.error("E100", where, f"đường dẫn nội dung bắt đầu hoặc kết thúc bằng /: {path}")
        if _odd(path):
            report.error("E099", where, f"đường dẫn nội dung có phần rỗng, . hoặc ..: {path}")


def _odd(path: str) -> bool:
    return any(part in ("", ".", "..") for part in path.strip("/").split("/")) or "//" in path


def _conflicts(paths: Iterable[str]) -> Iterator[str]:
    """Paths given twice, and paths that are a folder of another."""
    seen: set[str] = set()
    for path in paths:
        if path in seen:
            yield path
        seen.add(path)
    folders = {path[:i] for path in seen for i, letter in enumerate(path) if letter == "/"}
    yield from seen & folders


def _versions(data: Mapping[str, Any], inventory: Inventory, where: str, report: Report) -> None:
    if "versions" not in data:
        report.error("E043", where, "thiếu khối versions")
    elif not isinstance(data["versions"], dict):
        report.error("E044", where, "versions phải là đối tượng")
    elif not data["versions"]:
        report.error("E008", where, "không có bản nào")
    else:
        _sequence(inventory, where, report)
    for name, block in inventory.versions.items():
        place = f"{where}, {name}"
        if isinstance(block, dict):
            _version(block, inventory, place, report)
        else:
            report.error("E047", place, "bản phải là đối tượng")


def _sequence(inventory: Inventory, where: str, report: Report) -> None:
    names = [name for name in inventory.versions if VERSION.fullmatch(name)]
    for name in inventory.versions.keys() - set(names):
        report.error("E046", where, f"tên bản sai: {name}")
    if not names:
        return
    numbers = sorted(int(name[1:]) for name in names)
    if numbers[0] != 1:
        report.error("E009", where, "số bản phải bắt đầu từ 1")
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        report.error("E010", where, "số bản không liên tục")
    if any(name[1] == "0" for name in names):
        report.warn("W001", where, "số bản không nên có số 0 ở đầu")
        if any(name[1] != "0" for name in names):
            report.error("E011", where, "số bản có số 0 ở đầu thì bản nào cũng phải có")
            report.error("E013", where, "bản mới không theo cách đặt tên của các bản trước")
        if len({len(name) for name in names}) > 1:
            report.error("E012", where, "số bản có độ dài khác nhau")
    newest = max(names, key=lambda name: int(name[1:]))
    if inventory.head != newest and inventory.has_head:
        report.error("E040", where, f"head phải là {newest}")


def _version(block: Mapping[str, Any], inventory: Inventory, where: str, report: Report) -> None:
    for key in ("created", "state"):
        if key not in block:
            report.error("E048", where, f"thiếu khóa {key}")
    for key in block.keys() - _VERSION_KEYS:
        report.error("E102", where, f"khóa lạ {key}")
    if "created" in block and not _is_moment(block["created"]):
        report.error("E049", where, "created không theo RFC 3339")
    if not isinstance(block.get("message", ""), str):
        report.error("E094", where, "message phải là chuỗi")
    if "message" not in block or "user" not in block:
        report.warn("W007", where, "nên có message và user")
    if "user" in block:
        _user(block["user"], where, report)
    if "state" in block:
        _state(block["state"], inventory, where, report)


def _is_moment(value: object) -> bool:
    match = isinstance(value, str) and _CREATED.fullmatch(value)
    try:
        return bool(match and dt.date.fromisoformat(match[1]))
    except ValueError:
        return False


def _user(user: object, where: str, report: Report) -> None:
    if not isinstance(user, dict) or not isinstance(user.get("name"), str) or not user["name"]:
        report.error("E054", where, "user phải có name")
        return
    for key in user.keys() - {"name", "address"}:
        report.error("E102", where, f"khóa lạ {key}")
    if "address" not in user:
        report.warn("W008", where, "user nên có address")
    elif not isinstance(user["address"], str) or not _URI.fullmatch(user["address"]):
        report.warn("W009", where, "address nên là URI")


def _state(state: object, inventory: Inventory, where: str, report: Report) -> None:
    if not isinstance(state, dict):
        report.error("E050", where, "state phải là đối tượng")
        return
    for digest in state.keys() - inventory.manifest.keys():
        report.error("E050", where, f"mã băm không có trong manifest: {digest}")
    _block(state, where, report, shape="E051", double="E050")
    paths = [path for paths in _table(state).values() for path in paths]
    for path in paths:
        if path.startswith("/") or path.endswith("/"):
            report.error("E053", where, f"đường dẫn bắt đầu hoặc kết thúc bằng /: {path}")
        if _odd(path):
            report.error("E052", where, f"đường dẫn có phần rỗng, . hoặc ..: {path}")
    for path in _conflicts(paths):
        report.error("E095", where, f"đường dẫn trùng hoặc chồng nhau: {path}")


def _fixity(data: Mapping[str, Any], inventory: Inventory, where: str, report: Report) -> None:
    fixity = data.get("fixity", {})
    if not isinstance(fixity, dict):
        report.error("E111" if inventory.spec == "1.1" else "E057", where, "fixity phải là đối tượng")
        return
    for name, block in fixity.items():
        if not isinstance(block, dict):
            report.error("E057", where, f"fixity {name} phải là đối tượng")
            continue
        _block(block, where, report, shape="E057", double="E097")
        _content_paths((path for paths in _table(block).values() for path in paths), where, report)
