"""Engines by the names of the setting; a library is loaded only when its engine is chosen."""

from __future__ import annotations

from pathlib import Path

from indexer.engines.generational import GenerationalEngine

NAMES = ("whoosh", "tantivy")
MANY = 30_000  # sections from which on `tantivy` is the better choice


def engine(name: str, folder: Path, *, building: bool = False) -> GenerationalEngine:
    """Open or begin the index of an engine; raises `IndexUnusable`, and ValueError for an unknown name."""
    if name == "whoosh":
        from indexer.engines.whoosh_engine import WhooshEngine

        return WhooshEngine(folder, building=building)
    if name == "tantivy":
        from indexer.engines.tantivy_engine import TantivyEngine

        return TantivyEngine(folder, building=building)
    raise ValueError(f"{name}: {', '.join(NAMES)}")
