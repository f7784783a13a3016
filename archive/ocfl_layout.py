"""Where OCFL objects lie below their storage root: extension 0003 with its usual settings."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

LAYOUT = "0003-hash-and-id-n-tuple-storage-layout"
LAYOUT_CONFIG = {
    "extensionName": LAYOUT,
    "digestAlgorithm": "sha256",
    "tupleSize": 3,
    "numberOfTuples": 3,
}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def object_path(object_id: str) -> PurePosixPath:
    """Where an object lies below the storage root (extension 0003, sha256, three tuples of three).

    >>> str(object_path("object-01"))
    '3c0/ff4/240/object-01'
    >>> str(object_path("..hor/rib:le-$id"))
    '487/326/d8c/%2e%2ehor%2frib%3ale-%24id'
    """
    digest = hashlib.sha256(object_id.encode()).hexdigest()
    encoded = "".join(c if c in _PLAIN else "".join(f"%{byte:02x}" for byte in c.encode()) for c in object_id)
    folder = encoded if len(encoded) <= 100 else f"{encoded[:100]}-{digest}"
    return PurePosixPath(digest[0:3], digest[3:6], digest[6:9], folder)
