"""Reading the files of OCFL objects: what costs most when everything is read again, so as few calls as can be."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20
_NOT_PLAIN = {errno.ENOENT, errno.ELOOP, errno.ENXIO, errno.ENOTDIR}
HASHES = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "blake2b-160": lambda: hashlib.blake2b(digest_size=20),
    "blake2b-256": lambda: hashlib.blake2b(digest_size=32),
    "blake2b-384": lambda: hashlib.blake2b(digest_size=48),
    "blake2b-512": hashlib.blake2b,
}
"""The digest algorithms of the specification and its extensions."""


def read(path: Path) -> bytes | None:
    """The bytes of a plain file; None when it is not there or is something else. As few system calls as can be."""
    try:
        # Without O_NONBLOCK a pipe would never open.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in _NOT_PLAIN:
            return None
        raise
    with open(descriptor, "rb") as file:  # noqa: PTH123
        return file.read() if stat.S_ISREG(os.fstat(descriptor).st_mode) else None


def digests(path: Path, algorithms: set[str]) -> dict[str, str]:
    """The digests of a file by these algorithms, read once."""
    hashes: dict[str, Any] = {name: HASHES[name]() for name in algorithms}
    with path.open("rb", buffering=0) as file:
        # One buffer for the whole file: making a new one for each piece costs as much as reading it.
        buffer = memoryview(bytearray(min(_CHUNK, os.fstat(file.fileno()).st_size + 1)))
        while size := file.readinto(buffer):
            for one in hashes.values():
                one.update(buffer[:size])
    return {name: one.hexdigest() for name, one in hashes.items()}
