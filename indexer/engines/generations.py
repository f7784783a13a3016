"""Generations of an index on disk: `gen-000001`, … and `current`, a pointer that is replaced in one step.

An index is a cache: what is missing, torn or of another format is said, and built again beside the old one.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.shredding import shred_tree
from indexer.ports import IndexUnusable

MANIFEST = "manifest.json"


def current(folder: Path) -> Path | None:
    """The folder of the generation in use; None where no index was ever made."""
    try:
        name = (folder / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnusable("torn", str(folder / "current")) from error
    if not name.startswith("gen-") or not (folder / name).is_dir():
        raise IndexUnusable("missing", str(folder / "current"))
    return folder / name


def begin(folder: Path) -> Path:
    """A new, empty generation after all others; leftovers of interrupted builds are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = sorted(int(path.name[4:]) for path in folder.glob("gen-*") if path.name[4:].isdigit())
    made = folder / f"gen-{(numbers[-1] if numbers else 0) + 1:06d}"
    made.mkdir()
    return made


def publish(generation: Path) -> None:
    """Make it the current one; the one before stays for readers that have it open, older ones go."""
    folder = generation.parent
    _replace(folder / "current", generation.name)
    older = sorted(path for path in folder.glob("gen-*") if path.name < generation.name)
    for path in older[:-1]:
        shutil.rmtree(path, ignore_errors=True)


def leave_none_but_current(folder: Path) -> None:
    """Overwrite and remove the others, whoever has them open: they hold words that may not stay."""
    held = current(folder)
    for path in folder.glob("gen-*") if held else ():
        if path != held:
            shred_tree(path)


def write_manifest(generation: Path, values: dict[str, object]) -> None:
    """Say what the generation holds, after its files are on disk."""
    for path in generation.iterdir():
        if path.name != MANIFEST and path.is_file():
            _sync(path)
    _sync(generation)
    _replace(generation / MANIFEST, json.dumps(values, sort_keys=True))


Fingerprints = dict[str, list[int]]
"""Size and checksum by file name."""


def fingerprints(files: Iterable[Path], known: Mapping[str, list[int]]) -> Fingerprints:
    """Of files that are written once and never changed; those of `known` that are still as long are not read again."""
    found: Fingerprints = {}
    for path in files:
        size = path.stat().st_size
        before = known.get(path.name)
        found[path.name] = before if before and before[0] == size else [size, _checksum(path)]
    return found


def files_of(generation: Path) -> Fingerprints:
    """What the manifest says of the files; nothing where it cannot be read."""
    try:
        values = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values.get("files", {}) if isinstance(values, dict) else {}


def check(generation: Path, *, expected: Mapping[str, object], deep: bool) -> None:
    """Raise `IndexUnusable` when the manifest or a file is not what was written; `deep` reads the files too."""
    path = generation / MANIFEST
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise IndexUnusable("missing", str(path)) from error
    except (OSError, ValueError) as error:
        raise IndexUnusable("torn", str(path)) from error
    if not isinstance(values, dict) or any(values.get(name) != value for name, value in expected.items()):
        raise IndexUnusable("old", str(path))
    for name, (size, checksum) in values.get("files", {}).items():
        file = generation / name
        # Merged segments are gone when a writer died before it could say so; the engine misses what it needs.
        if not file.exists():
            continue
        if file.stat().st_size != size or (deep and _checksum(file) != checksum):
            raise IndexUnusable("torn", str(file))


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            found = zlib.crc32(block, found)
    return found


def stamp(folder: Path) -> tuple[object, ...]:
    """Changes whenever another state of the index is to be read; costs two looks at the disk."""
    generation = current(folder)
    if generation is None:
        return ()
    try:
        found = (generation / MANIFEST).stat()
    except FileNotFoundError as error:
        raise IndexUnusable("missing", str(generation / MANIFEST)) from error
    return generation.name, found.st_ino, found.st_mtime_ns, found.st_size


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".new")
    with temporary.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
