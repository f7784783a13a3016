"""An edited sheet against the archive: what it would change, for a person to decide; nothing is recorded here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from archive.viewer import Viewer
from indexer import anchors, task_compare
from indexer.task_base import Base, BaseRow
from indexer.task_compare import CellChange, FileRow
from indexer.task_evidence import Decision, Papers
from indexer.task_rows import (
    ANSWER_KEYS,
    BY_KEY,
    OUR_KEYS,
    TASK_KEYS,
    Answer,
    Form,
    TaskRow,
    TaskSheet,
    begins,
    day,
)
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


def propose(service: Service, viewer: Viewer, sheet: TaskSheet, upload: Upload) -> Proposal:
    """What a file would change in this plan. Raises `BadSheet` for the sheet of another plan."""
    if upload.base is not None and upload.base.document != sheet.card.document:
        raise BadSheet(reason="bảng được xuất từ một kế hoạch khác; xin nhập ở trang của kế hoạch đó")
    upload = _settled(upload, sheet)
    told = {id: row.cells for id, row in upload.base.rows.items()} if upload.base is not None else None
    ours = {row.id: row.cells for row in sheet.rows}
    found = task_compare.compare(told, upload.rows, ours, TASK_KEYS)
    unclear = tuple(one for one in found.cells if _unclear(one))
    decisions = _decisions(service, viewer, sheet, upload, (*found.new, *found.stale))
    decided = {one.line for one in decisions}
    others = task_compare.compare(told, upload.rows, ours, OUR_KEYS).cells if told is not None else ()
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


def _settled(upload: Upload, sheet: TaskSheet) -> Upload:
    """The same file under the ids that tasks have now, each row with the id of its task or none."""
    ours = {row.id: row.cells for row in sheet.rows}
    if upload.base is None:
        return replace(upload, rows=task_compare.matched({}, upload.rows, ours))
    ids = _moved(upload.base, sheet)
    base = {ids.get(id, id): row for id, row in upload.base.rows.items()}
    rows = [replace(row, id=ids.get(row.id or "", row.id)) for row in upload.rows]
    matched = task_compare.matched({id: row.cells for id, row in base.items()}, rows, ours)
    return replace(upload, base=replace(upload.base, rows=base), rows=matched)


def _moved(base: Base, sheet: TaskSheet) -> dict[str, str]:
    """New ids of tasks that were exported under others: the plan was read anew, and its anchors are others."""
    held = {row.id for row in sheet.rows}
    lost = {id: row for id, row in base.rows.items() if id not in held and "words" in row.anchor}
    if not lost:
        return {}
    letters = anchors.Text.of(sheet.text)
    places = {begins(letters, row.task.span): row.id for row in sheet.rows if row.task and not row.task.added}
    spans = {id: anchors.find_words(row.anchor, letters, sheet.sections) for id, row in lost.items()}
    return {id: places[span.start] for id, span in spans.items() if span is not None and span.start in places}


def _decisions(
    service: Service, viewer: Viewer, sheet: TaskSheet, upload: Upload, unknown: Iterable[FileRow]
) -> tuple[Decision, ...]:
    """What the rows say about evidence, those of new tasks too."""
    held = {row.id: row for row in sheet.rows}
    base = upload.base.rows if upload.base is not None else {}
    papers = Papers(service, viewer, sheet)
    pairs = [(held.get(row.id or ""), row) for row in upload.rows]
    known = [papers.decision(task, row, base.get(task.id)) for task, row in pairs if task is not None]
    new = [papers.of_new(row) for row in unknown if any(row.cells.get(key) for key in ANSWER_KEYS[1:])]
    return tuple(one for one in (*known, *new) if one is not None)


# -- between the page that shows a proposal and the one that confirms it ---------------------------------------


def pending(proposal: Proposal) -> dict[str, Any]:
    """What of a file is needed to propose the same again, as JSON: rows without an edit are only named."""
    upload = proposal.upload
    base = upload.base.rows if upload.base is not None else {}
    plain = {row.id for row in upload.rows if row.id and row.id in base and not _edited(row, base[row.id])}
    told = {
        id: [row.anchor, *([{}, None] if id in plain else [row.cells, asdict(row.answer) if row.answer else None])]
        for id, row in base.items()
    }
    rows = [[row.line, row.id, {} if row.id in plain else row.cells, row.copied] for row in upload.rows]
    head = [upload.base.document, upload.base.day, upload.base.damaged] if upload.base is not None else None
    return {"head": head, "base": told, "rows": rows, "notes": [upload.missing, upload.unknown, upload.skipped]}


def _edited(row: FileRow, base: BaseRow) -> bool:
    keys = (*TASK_KEYS, *ANSWER_KEYS, *OUR_KEYS)
    return any(row.cells[key] != base.cells.get(key, "") for key in keys if key in row.cells)


def resumed(value: Mapping[str, Any]) -> Upload:
    """What `pending` gave, as an upload again."""
    base = None
    if value["head"] is not None:
        rows = {
            id: BaseRow(anchor, cells, Answer(**answer) if answer else None)
            for id, (anchor, cells, answer) in value["base"].items()
        }
        document, exported, damaged = value["head"]
        base = Base(document, exported, rows, damaged)
    missing, unknown, skipped = value["notes"]
    return Upload(
        base, tuple(FileRow(*row) for row in value["rows"]), tuple(missing), tuple(unknown),
        tuple((line, text) for line, text in skipped),
    )  # fmt: skip
