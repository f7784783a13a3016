"""What a sheet that came back changes: what was exported, what the file says and what the archive says now.

A cell that the file left alone changes nothing, whatever the archive says by now; a cell that both changed in
different ways is a conflict for a person. Pure: rows in, differences out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from indexer.anchors import letters

Cells = Mapping[str, str]
"""Canonical text by key of the column; an empty cell may be left out."""


class Kind(StrEnum):
    """How a cell of the file differs."""

    CHANGED = "changed"
    EMPTIED = "emptied"
    """Something was there when it was exported: a slip is likely, as in merged cells."""
    CONFLICT = "conflict"
    """The archive changed it too, or nothing tells what was exported."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of the file; `cells` has a key for every column of the file, empty or not."""

    line: int
    id: str | None
    cells: Cells
    copied: bool = False
    """It bears the id of another row that is more like what was exported."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that the file would change."""

    id: str
    line: int
    key: str
    base: str | None
    """As exported; None: not known."""
    theirs: str
    """As the file says."""
    ours: str
    """As the archive says now."""
    kind: Kind


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything in which a file differs from what was exported."""

    cells: tuple[CellChange, ...] = ()
    new: tuple[FileRow, ...] = ()
    """Rows of no known task."""
    deleted: tuple[str, ...] = ()
    """Ids of tasks that were exported, are still there, and have no row in the file."""
    stale: tuple[FileRow, ...] = ()
    """Edited rows whose task the archive does not have any more."""

    def __bool__(self) -> bool:
        return bool(self.cells or self.new or self.deleted or self.stale)


def kind(base: str | None, theirs: str, ours: str) -> Kind | None:
    """How one cell differs; None: it changes nothing.

    >>> kind("a", "a", "b"), kind("a", "b", "b"), kind("a", "b", "a"), str(kind("a", "b", "c"))
    (None, None, <Kind.CHANGED: 'changed'>, 'conflict')
    """
    if theirs in (base, ours):
        return None
    if base is None or base != ours:
        return Kind.CONFLICT
    return Kind.CHANGED if theirs else Kind.EMPTIED


def compare(
    base: Mapping[str, Cells] | None, theirs: Sequence[FileRow], ours: Mapping[str, Cells], keys: Iterable[str]
) -> Comparison:
    """The differences in the columns `keys`; `base` None: what was exported is not known."""
    keys, known = tuple(keys), base or {}
    rows = matched(known, theirs, ours)
    cells: list[CellChange] = []
    new: list[FileRow] = []
    stale: list[FileRow] = []
    for row in rows:
        if row.id is None:
            new.append(row)
        elif row.id in ours:
            cells += _cells(row, row.id, known.get(row.id), ours[row.id], keys)
        elif any(row.cells[key] != known[row.id].get(key, "") for key in keys if key in row.cells):
            stale.append(row)
    there = {row.id for row in rows}
    deleted = tuple(id for id in known if id in ours and id not in there)
    return Comparison(tuple(cells), tuple(new), deleted, tuple(stale))


def _cells(
    row: FileRow, id: str, base: Cells | None, ours: Cells, keys: Iterable[str]
) -> Iterable[CellChange]:
    for key in keys:
        if key not in row.cells:  # the file has no such column
            continue
        before = base.get(key, "") if base is not None else None
        said, now = row.cells[key], ours.get(key, "")
        if found := kind(before, said, now):
            yield CellChange(id, row.line, key, before, said, now, found)


def matched(base: Mapping[str, Cells], theirs: Sequence[FileRow], ours: Mapping[str, Cells]) -> tuple[FileRow, ...]:
    """The file's rows, each with the id of its task or None: at most one row has an id.

    A row whose id is gone, as when its hidden column was deleted, is found by its words.
    """
    by_id: dict[str, list[FileRow]] = defaultdict(list)
    for row in theirs:
        if row.id is not None and (row.id in base or row.id in ours):
            by_id[row.id].append(row)
    chosen = {id: max(rows, key=lambda row: _alike(row, base.get(row.id or "", {}))) for id, rows in by_id.items()}
    titles = _by_words(base, ours, chosen)
    words = {row.line: letters(row.cells.get("wording", "")) for row in theirs if row.id not in chosen}
    times = Counter(words.values())
    found: list[FileRow] = []
    for row in theirs:
        if row.id in chosen and chosen[row.id] is row:
            found.append(row)
            continue
        copied = row.copied or row.id in chosen
        said = words.get(row.line, "")
        id = titles.get(said) if not copied and times[said] == 1 else None
        found.append(replace(row, id=id, copied=copied))
    return tuple(found)


def _alike(row: FileRow, base: Cells) -> int:
    return sum(text == base.get(key, "") for key, text in row.cells.items())


def _by_words(base: Mapping[str, Cells], ours: Mapping[str, Cells], taken: Collection[str]) -> dict[str, str]:
    """Ids of tasks that no row bears, by their words where only one task has them."""
    ids: dict[str, set[str]] = defaultdict(set)
    for rows in (base, ours):
        for id, cells in rows.items():
            if id not in taken and (words := letters(cells.get("wording", ""))):
                ids[words].add(id)
    return {words: next(iter(found)) for words, found in ids.items() if len(found) == 1}
