"""At the door: whether a file may be kept at all. What it says is read in the sandbox, before anything is stored."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from archive.errors import SecretMark
from corpus import secrecy
from indexer import reading
from indexer.conversions import Conversions
from indexer.ports import ReadFailure
from indexer.readers import media

log = logging.getLogger(__name__)


def inspect(path: Path, *, seconds: float, memory_mib: int, conversions: Conversions | None = None) -> None:
    """Raise SecretMark for a file whose text, or that of a file in it, bears a mark of secrecy on its first page.

    Scans are not recognised here: that takes minutes, so the worker finds their marks and withdraws them.
    A file that cannot be read is no matter of the door: the worker will say why.
    """
    try:
        body = reading.glance(path, seconds=seconds, memory_mib=memory_mib, conversions=conversions)
        found = secrecy.of_body(body)
        if found is None and body.media_type in media.CONTAINERS:
            found = _mark_inside(path, seconds=seconds, memory_mib=memory_mib)
    except ReadFailure as failure:
        log.info("not read at the door: %s", failure.code)
        return
    if found:
        if conversions is not None:
            conversions.forget(path)
        raise SecretMark(mark=found.upper())


def _mark_inside(path: Path, *, seconds: float, memory_mib: int) -> str | None:
    with tempfile.TemporaryDirectory(prefix="vankho-") as folder:
        for part in reading.parts(path, Path(folder), seconds=seconds, memory_mib=memory_mib):
            try:
                found = secrecy.of_body(reading.glance(part.path, seconds=seconds, memory_mib=memory_mib))
            except ReadFailure:
                continue
            if found:
                return found
    return None
