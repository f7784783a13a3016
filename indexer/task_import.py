"""An edited sheet against the archive: what it would change, for a person to decide; nothing is recorded here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archive.viewer import Viewer
from indexer import anchors, task_compare
from indexer.task_base import Base, BaseRow
from indexer.task_compare import CellChange, FileRow
from indexer.task_evidence import Decision, Papers
from indexer.task_rows import ANSWER_KEYS, BY_KEY, OUR_KEYS, TASK_KEYS, Form, TaskRow, TaskSheet, day
from indexer.task_upload import BadSheet, Upload

if TYPE_CHECKING:
    from indexer.wiring import Service

_LIKE_A_DAY = re.compile(r"\d{1,4}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{1,4})?")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything a file would change in a plan."""

    sheet: TaskSheet
    upload: Upload
    cells: tuple[CellChange, ...] = ()
    """Of tasks; those of evidence are decisions."""
    decisions: tuple[Decision, ...] = ()
    new: tuple[FileRow, ...] = ()
    deleted: tuple[TaskRow, ...] = ()
    stale: tuple[FileRow, ...] = ()
    unclear: tuple[CellChange, ...] = ()
    """Cells that cannot be understood: a day that is none, a task without words."""
    ignored: tuple[CellChange, ...] = ()
    """Typed into columns that the machine works out."""

    def __bool__(self) -> bool:
        return bool(
            self.cells or self.decisions or self.new or self.deleted or self.stale or self.unclear or self.ignored
        )

    def of_kind(self, *kinds: str) -> tuple[CellChange, ...]:
        """The cells of these kinds."""
        return tuple(one for one in self.cells if one.kind in kinds)

    def seen(self) -> str:
        """A fingerprint of the archive's side: another one means that it was changed since."""
        ours = [(row.id, sorted(row.cells.items()), row.answer) for row in self.sheet.rows]
        return hashlib.sha256(repr(ours).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Sides:
    """What was exported and what the file says, under the ids that tasks have now."""

    base: Mapping[str, BaseRow] | None
    rows: tuple[FileRow, ...]


def propose(service: Service, viewer: Viewer, sheet: TaskSheet, upload: Upload) -> Proposal:
    """What a file would change in this plan. Raises `BadSheet` for the sheet of another plan."""
    if upload.base is not None and upload.base.document != sheet.card.document:
        raise BadSheet(reason="bảng được xuất từ một kế hoạch khác; xin nhập ở trang của kế hoạch đó")
    sides = _sides(upload, sheet)
    told = {id: row.cells for id, row in sides.base.items()} if sides.base is not None else None
    ours = {row.id: row.cells for row in sheet.rows}
    found = task_compare.compare(told, sides.rows, ours, TASK_KEYS)
    unclear = tuple(one for one in found.cells if _unclear(one))
    decisions = _decisions(service, viewer, sheet, sides, (*found.new, *found.stale))
    decided = {one.line for one in decisions}
    others = task_compare.compare(told, sides.rows, ours, OUR_KEYS).cells if told is not None else ()
    return Proposal(
        sheet, upload, tuple(one for one in found.cells if one not in unclear), decisions, found.new,
        tuple(row for row in sheet.rows if row.id in found.deleted), found.stale, unclear,
        tuple(one for one in others if one.base != one.theirs and not (one.key == "page" and one.line in decided)),
    )  # fmt: skip


def _unclear(one: CellChange) -> bool:
    if one.key == "wording":
        return not one.theirs
    like = BY_KEY[one.key].form is Form.DUE and _LIKE_A_DAY.fullmatch(one.theirs)
    return bool(like) and day(one.theirs) is None


def _sides(upload: Upload, sheet: TaskSheet) -> _Sides:
    if upload.base is None:
        return _Sides(None, upload.rows)
    ids = _moved(upload.base, sheet)
    rows = tuple(replace(row, id=ids.get(row.id or "", row.id)) for row in upload.rows)
    return _Sides({ids.get(id, id): row for id, row in upload.base.rows.items()}, rows)


def _moved(base: Base, sheet: TaskSheet) -> dict[str, str]:
    """New ids of tasks that were exported under others: the plan was read anew, and its anchors are others."""
    held = {row.id for row in sheet.rows}
    lost = {id: row for id, row in base.rows.items() if id not in held and "words" in row.anchor}
    if not lost:
        return {}
    places = {row.task.span.start: row.id for row in sheet.rows if row.task}
    letters = anchors.Text.of(sheet.text)
    spans = {id: anchors.find_words(row.anchor, letters, sheet.sections) for id, row in lost.items()}
    return {id: places[span.start] for id, span in spans.items() if span is not None and span.start in places}


def _decisions(
    service: Service, viewer: Viewer, sheet: TaskSheet, sides: _Sides, unknown: Iterable[FileRow]
) -> tuple[Decision, ...]:
    """What the rows say about evidence, those of new tasks too."""
    held = {row.id: row for row in sheet.rows}
    told = {id: row.cells for id, row in (sides.base or {}).items()}
    matched = task_compare.matched(told, sides.rows, {row.id: row.cells for row in sheet.rows})
    papers = Papers(service, viewer, sheet)
    found: list[Decision | None] = []
    for row in matched:
        if row.id in held:
            base = (sides.base or {}).get(row.id)
            found.append(papers.decision(held[row.id], row, base))
    found += [papers.of_new(row) for row in unknown if any(row.cells.get(key) for key in ANSWER_KEYS[1:])]
    return tuple(one for one in found if one is not None)
