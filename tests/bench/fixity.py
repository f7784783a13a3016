"""Reading all originals again against the disk's own speed: ratios to `cat` and `sha512sum` of the same files."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from archive import objects, ocfl, ocfl_check

OBJECTS = int(os.environ.get("VANKHO_BENCH_OBJECTS", "10000"))
BYTES = 100_000  # of an original, on average; a scan has more, a DOCX less
RECEIPT = {"name": "Kế hoạch.pdf", "how": "bench", "received_by": "bench"}


def _fill(root: Path) -> list[Path]:
    """Objects as the store writes them, without waiting for the disk at each."""
    ocfl.initialise(root)
    chance, made = random.Random(7), []
    for number in range(OBJECTS):
        data = chance.randbytes(int(BYTES * chance.uniform(0.1, 1.9)))
        document = f"{number:012}"
        place = root / objects.at(document)
        (place / "v1" / "content").mkdir(parents=True)
        digests = {"sha512": hashlib.sha512(data).hexdigest(), "sha256": hashlib.sha256(data).hexdigest()}
        at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC).isoformat()
        receipt = {**RECEIPT, **digests, "received_at": at, "size": len(data)}
        text = objects.receipt_text(receipt)
        contents, message = objects.received(receipt, text)
        inventory = ocfl.text(ocfl.inventory_after(objects.object_id(document), {}, contents, message))
        files = {"v1/content/original": data, objects.RECEIPT_PATH: text, ocfl.OBJECT_DECLARATION: b"ocfl_object_1.1\n"}
        for folder in ("", "v1/"):
            files |= {f"{folder}inventory.json": inventory, f"{folder}{ocfl.SIDECAR}": ocfl.sidecar(inventory)}
        for name, content in files.items():
            (place / name).write_bytes(content)
        made.append(place)
    os.sync()
    return sorted(made)


def _forget(root: Path) -> None:
    """Let what follows come from the disk."""
    for place, _, names in os.walk(root):
        for name in names:
            descriptor = os.open(Path(place, name), os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _timed(root: Path, work: Callable[[], object]) -> float:
    _forget(root)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _valid(place: Path) -> bool:
    return ocfl_check.validate_object(place).valid


def _checked(places: list[Path], pool: Callable[[], Executor], *, chunk: int = 16) -> None:
    with pool() as workers:
        assert all(workers.map(_valid, places, chunksize=chunk))


def _ahead(places: list[Path]) -> None:
    """Two readers, and the kernel told of what comes next."""
    with ThreadPoolExecutor(2) as readers:
        for begin in range(0, len(places), 64):
            group = places[begin : begin + 64]
            for place in group:
                descriptor = os.open(place / "v1/content/original", os.O_RDONLY)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_WILLNEED)
                os.close(descriptor)
            assert all(readers.map(_valid, group))


def run() -> Iterator[tuple[str, str, str]]:
    """Seconds, and the speed as a share of `cat`'s in the same run."""
    with tempfile.TemporaryDirectory(prefix="vankho-fixity-") as folder:
        root = Path(folder) / "originals"
        places = _fill(root)
        size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
        shell = f"find '{root}' -type f -print0 | xargs -0"
        yield f"{OBJECTS} objects", f"{size >> 20} MiB", ""
        by_inode = sorted(places, key=lambda place: (place / "v1/content/original").stat().st_ino)
        ways: dict[str, Callable[[], object]] = {
            "sha512sum, one process": lambda: _shell(f"{shell} sha512sum"),
            "one reader": lambda: [_valid(place) for place in places],
            "two threads": lambda: _checked(places, lambda: ThreadPoolExecutor(2)),
            "four threads": lambda: _checked(places, lambda: ThreadPoolExecutor(4)),
            "two threads, readahead asked for": lambda: _ahead(places),
            "two threads, by inode": lambda: _checked(by_inode, lambda: ThreadPoolExecutor(2)),
            "two processes": lambda: _checked(places, lambda: ProcessPoolExecutor(2)),
            "two processes, by inode": lambda: _checked(by_inode, lambda: ProcessPoolExecutor(2)),
        }
        for name, work in ways.items():
            # The disk's own speed changes with what else is done on it: asked anew before each way.
            cat = _timed(root, lambda: _shell(f"{shell} cat"))
            took = _timed(root, work)
            yield name, f"{took:.1f} s, cat {cat:.1f} s: {cat / took:.0%}", "at least 70 %"


def _shell(words: str) -> None:
    subprocess.run(f"{words} > /dev/null", shell=True, check=True)
