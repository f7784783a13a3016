"""Writing objects of the Oxford Common File Layout 1.1 (https://ocfl.io/1.1/spec/), every byte fsynced.

Where an object lies is said by `ocfl_layout`; how objects are checked (`validate`) by `ocfl_check`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.ocfl_check import Validation as Validation
from archive.ocfl_check import validate as validate
from archive.ocfl_layout import LAYOUT, LAYOUT_CONFIG
from archive.ocfl_layout import object_path as object_path

ROOT_DECLARATION = "0=ocfl_1.1"
OBJECT_DECLARATION = "0=ocfl_object_1.1"
TYPE = "https://ocfl.io/1.1/spec/#inventory"
ALGORITHM = "sha512"
SIDECAR = f"inventory.json.{ALGORITHM}"


@dataclass(frozen=True, slots=True)
class Content:
    """One file of a version."""

    logical: str
    """Its path as people know it."""
    path: str
    """Its path below the version's `content/`."""
    sha512: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Message:
    """Who made a version, when and why."""

    created: dt.datetime
    user: str
    address: str
    """A URI for the user."""
    message: str


def initialise(root: Path) -> None:
    """Make `root` a storage root; safe to repeat, also after a crash midway."""
    for name, data in root_files().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        _replace(root / name, data)
    extension = root / "extensions" / LAYOUT
    for folder in (extension, extension.parent, root, root.parent):
        sync(folder)


def root_files() -> dict[str, bytes]:
    """What a storage root of ours holds besides objects: path below the root, and bytes."""
    about = "Mỗi hồ sơ OCFL nằm theo ba nhóm ba ký tự của sha256 và mã đã mã hoá phần trăm."
    return {
        f"extensions/{LAYOUT}/config.json": text(LAYOUT_CONFIG),
        "ocfl_layout.json": text({"extension": LAYOUT, "description": about}),
        ROOT_DECLARATION: b"ocfl_1.1\n",  # last: its presence says that the rest is there
    }


def create(folder: Path, object_id: str, contents: Sequence[Content], message: Message) -> None:
    """Turn a folder that holds the files of `v1/content/` into an object, durable on return.

    The folder lies in staging; putting it in its place afterwards takes one rename.
    """
    head = inventory_after(object_id, {}, contents, message)
    write(folder / OBJECT_DECLARATION, b"ocfl_object_1.1\n")
    for place in (folder / "v1", folder):
        _write_inventory(place, head)
    sync_tree(folder)


def add_version(target: Path, staged: Path, contents: Sequence[Content], message: Message) -> int:
    """Add a version whose files lie in `staged/content/`; returns its number, durable on return.

    `contents` is the whole state of the new version; what it holds already is not stored twice and
    need not be in `staged`. A crash leaves the object as it was, or with its new version whole and the
    copies of the inventory in the object's root old: `repair` mends that.
    """
    repair(target)
    held = read_inventory(target)
    inventory = inventory_after(held["id"], held, contents, message)
    _write_inventory(staged, inventory)
    sync_tree(staged)
    staged.rename(target / inventory["head"])
    sync(target)
    _copy_head(target, inventory["head"])
    return int(inventory["head"][1:])


def repair(target: Path) -> bool:
    """Finish the adding of a version that a crash cut short; whether there was anything to finish."""
    newest = max(versions(target))
    number = f"v{newest}"
    names = ("inventory.json", SIDECAR)
    if all((target / n).read_bytes() == (target / number / n).read_bytes() for n in names):
        return False
    _copy_head(target, number)
    return True


def versions(target: Path) -> tuple[int, ...]:
    """The numbers of the version folders of an object that we wrote."""
    return tuple(sorted(int(p.name[1:]) for p in target.iterdir() if re.fullmatch(r"v[1-9]\d*", p.name)))


def read_inventory(folder: Path) -> dict[str, Any]:
    """The inventory in an object's root or in one of its versions."""
    return json.loads((folder / "inventory.json").read_bytes())


def _copy_head(target: Path, number: str) -> None:
    for name in ("inventory.json", SIDECAR):
        _replace(target / name, (target / number / name).read_bytes())
    sync(target)


def inventory_after(
    object_id: str, held: Mapping[str, Any], contents: Sequence[Content], message: Message
) -> dict[str, Any]:
    """The inventory of an object of which `held` is the one so far, after a version of these contents."""
    number = f"v{len(held.get('versions', {})) + 1}"
    manifest = {digest: list(paths) for digest, paths in held.get("manifest", {}).items()}
    fixity = {digest: list(paths) for digest, paths in held.get("fixity", {}).get("sha256", {}).items()}
    state: dict[str, list[str]] = {}
    for content in contents:
        state.setdefault(content.sha512, []).append(content.logical)
        if content.sha512 not in manifest:
            path = f"{number}/content/{content.path}"
            manifest[content.sha512] = [path]
            fixity[content.sha256] = [path]
    versions = dict(held.get("versions", {}))
    versions[number] = {
        "created": message.created.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "message": message.message,
        "user": {"name": message.user, "address": message.address},
        "state": state,
    }
    return {
        "id": object_id,
        "type": TYPE,
        "digestAlgorithm": ALGORITHM,
        "head": number,
        "contentDirectory": "content",
        "fixity": {"sha256": fixity},
        "manifest": manifest,
        "versions": versions,
    }


def _write_inventory(folder: Path, inventory: Mapping[str, Any]) -> None:
    data = text(inventory)
    write(folder / "inventory.json", data)
    write(folder / SIDECAR, sidecar(data))


def sidecar(inventory: bytes) -> bytes:
    """What stands beside an inventory of these bytes."""
    return f"{hashlib.sha512(inventory).hexdigest()} inventory.json\n".encode()


def text(value: Mapping[str, Any]) -> bytes:
    """An inventory, or another file of ours, as it is written."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def write(path: Path, data: bytes) -> None:
    """Make a read-only file that is not there yet; not durable before its folder's `sync_tree`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    write(draft, data)
    sync(draft)
    draft.replace(path)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """`sync` all files, then their folders from the innermost out, then `folder`."""
    for place, _, files in os.walk(folder, topdown=False):
        for name in files:
            sync(Path(place, name))
        sync(Path(place))
