"""What Outlook packs into `winmail.dat` (TNEF, MS-OXTNEF): the files attached, under the names their sender gave."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from indexer.readers import charset

SIGNATURE = struct.pack("<I", 0x223E9F78)
_BEGINS, _TITLE, _DATA, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_LONG_NAME = 0x3707
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
"""Bytes that values of a property's type take; other types tell their length."""
_WIDE, _TYPES_OF_LENGTH = 0x1F, (0x1E, 0x1F, 0x0D, 0x102)


def files(data: bytes) -> list[tuple[str, bytes]]:
    """Name and content of each file; what is damaged ends the list."""
    found: list[tuple[str, bytes]] = []
    name, content = "", b""
    for kind, value in _attributes(data):
        if kind == _BEGINS:
            found.append((name, content))
            name, content = "", b""
        elif kind == _TITLE:
            name = name or charset.named(value.rstrip(b"\0"))
        elif kind == _DATA:
            content = value
        elif kind == _PROPERTIES:
            name = _long_name(value) or name
    return [(name, content) for name, content in (*found, (name, content)) if content]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 6 if data.startswith(SIGNATURE) else len(data)
    while position + 9 <= len(data):
        _, kind, size = struct.unpack_from("<BII", data, position)
        yield kind, data[position + 9 : position + 9 + size]
        position += 11 + size


def _long_name(data: bytes) -> str:
    """The name among the properties of a file; "" where they cannot be followed."""
    position = 4
    try:
        for _ in range(min(struct.unpack_from("<I", data)[0], 1000)):
            kind, identity = struct.unpack_from("<HH", data, position)
            position = _past_name(data, position + 4) if identity >= 0x8000 else position + 4
            if kind in _FIXED:
                position += _FIXED[kind]
            elif kind in _TYPES_OF_LENGTH:
                _, size = struct.unpack_from("<II", data, position)
                value = data[position + 8 : position + 8 + size]
                if identity == _LONG_NAME:
                    return value.decode("utf-16-le", "replace").rstrip("\0") if kind == _WIDE else _narrow(value)
                position += 8 + -(-size // 4) * 4
            else:
                return ""
    except struct.error:
        return ""
    return ""


def _narrow(value: bytes) -> str:
    return charset.named(value.rstrip(b"\0"))


def _past_name(data: bytes, position: int) -> int:
    """Where the value of a property begins that has a name of its own."""
    (kind,) = struct.unpack_from("<I", data, position + 16)
    if not kind:
        return position + 24
    (size,) = struct.unpack_from("<I", data, position + 20)
    return position + 24 + -(-size // 4) * 4
