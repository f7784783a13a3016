"""Objects as they lie in a bucket: which there are, what belongs to each, and a copy of one at one moment."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from archive.errors import StoreUnreachable
from archive.s3 import Bucket, Key

INVENTORY = "inventory.json"
PATIENCE = 3600.0
"""Seconds after which what is unfinished is called so: until then its writer may be alive, on any machine."""
DEPTH = 4
"""Names of an object's path: three tuples, and its own."""
_TRIES = 5
_BROUGHT = re.compile(r"v\d+/content/tmp\w+/")


def groups(bucket: Bucket) -> Iterator[tuple[PurePosixPath, list[Key]]]:
    """Each object's path with its files, in order; a file outside of objects stands alone."""
    keys = (key for key in bucket.files() if not _of_root(key.name))
    for parts, group in groupby(keys, key=lambda key: PurePosixPath(key.name).parts[:DEPTH]):
        yield PurePosixPath(*parts), list(group)


def _of_root(name: str) -> bool:
    return "/" not in name or name.startswith("extensions/")


def names(path: PurePosixPath, keys: list[Key]) -> set[str]:
    """What these files are called within their object."""
    return {key.name.removeprefix(f"{path}/") for key in keys if key.name != str(path)}


def inventory(bucket: Bucket, path: PurePosixPath) -> dict[str, Any]:
    """The inventory in an object's root. Raises FileNotFoundError, and ValueError when it is none."""
    data = bucket.get(f"{path}/{INVENTORY}")
    if data is None:
        raise FileNotFoundError(f"{bucket.address}/{path}")
    return json.loads(data)


def listed(bucket: Bucket, path: PurePosixPath) -> set[str] | None:
    """The content that an object's newest version names; None when that cannot be said."""
    try:
        return {one for paths in inventory(bucket, path)["manifest"].values() for one in paths}
    except FileNotFoundError:
        return set()
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def fetch(bucket: Bucket, path: PurePosixPath, place: Path) -> None:
    """Copy an object, as it was at one moment. Raises FileNotFoundError when there is none."""
    for _ in range(_TRIES):
        keys = _settled(bucket, path)
        if not keys:
            raise FileNotFoundError(f"{bucket.address}/{path}")
        shutil.rmtree(place, ignore_errors=True)
        if all(_fetch_file(bucket, key, path, place) for key in keys) and keys == _settled(bucket, path):
            return
        time.sleep(0.2)  # someone is writing to it
    raise StoreUnreachable(path=f"{bucket.address}/{path}", reason="hồ sơ đang đổi, chưa đọc được trọn")


def _settled(bucket: Bucket, path: PurePosixPath) -> list[Key]:
    """The files of an object, without those that someone may be writing for a version not decided yet."""
    keys = list(bucket.files(f"{path}/"))
    brought = [key for key in keys if _BROUGHT.match(key.name, len(f"{path}/")) and not key.older(PATIENCE)]
    if not brought:
        return keys
    known = listed(bucket, path) or set()
    return [key for key in keys if key not in brought or key.name.removeprefix(f"{path}/") in known]


def _fetch_file(bucket: Bucket, key: Key, path: PurePosixPath, place: Path) -> bool:
    target = place / PurePosixPath(key.name).relative_to(path)
    if ".." in target.parts:
        raise StoreUnreachable(path=f"{bucket.address}/{key.name}", reason="tên tệp không dùng được")
    target.parent.mkdir(parents=True, exist_ok=True)
    return bucket.fetch(key.name, target)
