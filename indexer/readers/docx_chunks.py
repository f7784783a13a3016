"""Other files that a DOCX shows as part of its text (`w:altChunk`): HTML and plain text, put in their places."""

from __future__ import annotations

from corpus.model import Finding
from indexer.readers import charset, page
from indexer.readers.docx_flow import Flow
from indexer.readers.package import Package

_KINDS = {"html": True, "htm": True, "xhtml": True, "txt": False}
"""Endings of the parts read, and whether they are HTML."""


def insert(package: Package, main: str, flow: Flow) -> None:
    """Put the lines of each such file where the text names it."""
    targets = package.targets(main, "aFChunk")
    for position, relation in reversed(flow.chunks):
        part = targets.get(relation, "")
        if part in package and _ending(part) in _KINDS:
            text = charset.decoded(package.bytes(part))
            flow.lines[position:position] = page.lines(text)[0] if _KINDS[_ending(part)] else text.splitlines()


def unread(package: Package, main: str) -> list[Finding]:
    """A word about files shown as part of the text that are of another kind."""
    others = [part for part in package.targets(main, "aFChunk").values() if _ending(part) not in _KINDS]
    return [Finding("part-unread", f"Tệp có {len(others)} phần ghép vào không đọc được.")] if others else []


def _ending(part: str) -> str:
    return part.rpartition(".")[2].lower()
