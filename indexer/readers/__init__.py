"""One module per foreign library; each reader turns one kind of file into a `Body`, inside the sandbox."""

from __future__ import annotations

from importlib import import_module

from indexer.ports import Reader
from indexer.readers import media
from indexer.readers.sniff import sniff

__all__ = ["all_readers", "sniff"]

_MODULES: tuple[tuple[str, frozenset[str]], ...] = (
    ("text", frozenset({media.TEXT, media.HTML})),
    ("pdf", frozenset({media.PDF})),
    ("pypdf_reader", frozenset({media.PDF})),
    ("docx", frozenset({media.DOCX})),
    ("xlsx", frozenset({media.XLSX})),
    ("pptx", frozenset({media.PPTX})),
    ("office", media.OFFICE),
    ("image", media.IMAGES),
    ("eml", frozenset({media.EML})),
    ("edxml", frozenset({media.EDXML})),
    ("archive", frozenset({media.ZIP})),
)
"""In the order in which readers of one type are tried. Foreign libraries load with the module of a type met."""


def all_readers(media_type: str | None = None) -> tuple[Reader, ...]:
    """Every reader, or those that read a type."""
    names = [name for name, accepted in _MODULES if media_type is None or media_type in accepted]
    return tuple(import_module(f"indexer.readers.{name}").READER for name in names)
