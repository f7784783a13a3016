"""Page images of originals, rendered in the sandbox: a PDF from outside must never take the site down."""

from __future__ import annotations

from pathlib import Path

from archive.settings import Settings
from indexer import sandbox
from indexer.ports import ReadFailure
from indexer.readers import media, shown

SHOWN = media.IMAGES | {media.PDF}
"""Types of originals whose pages can be shown as pictures."""
MOST_PAGES = 5_000
SECONDS = 20


def render(path: Path, number: int, width: int, *, settings: Settings) -> bytes | None:
    """PNG of one page, `width` pixels wide; None when the original has no such page."""
    try:
        return sandbox.run(shown.render, path, number, width, seconds=SECONDS, memory_mib=settings.read_memory)
    except ReadFailure:
        return None
