"""What a person chose of an edited sheet, recorded as corrections of the plan; what they left out changes nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.archive import Archive
from archive.corrections import Correction, Draft
from archive.database import reader
from archive.viewer import Viewer
from corpus import dates
from corpus.model import Due
from indexer import reviewing, task_edits, task_imports
from indexer.task_compare import CellChange, FileRow
from indexer.task_evidence import STATUSES
from indexer.task_import import Proposal
from indexer.task_rows import BY_KEY, TASK_KEYS, Form, TaskRow, due_value


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be recorded."""

    cells: Collection[tuple[str, str]] = ()
    """Id of the task and key of the column."""
    decisions: Mapping[int, str] = field(default_factory=dict)
    """By line of the file: what is said of its passage."""
    new: Collection[int] = ()
    """Lines of the file that become tasks."""
    deleted: Collection[str] = ()
    """Ids of tasks that are none any more."""

    def __bool__(self) -> bool:
        return bool(self.cells or self.decisions or self.new or self.deleted)


def record(archive: Archive, viewer: Viewer, proposal: Proposal, chosen: Chosen, *, by: str) -> list[Correction]:
    """Record what was chosen in one transaction: all of it, or nothing when it fails.

    Safe to repeat with the same file: what was recorded differs no more. Raises `NothingRecorded`.
    """
    plan = proposal.sheet.edits
    if plan is None:
        return []
    with reader(archive.engine) as connection:
        decided = reviewing.drafts(connection, _judged(proposal, chosen))
    said = [*_edits(plan, proposal, chosen), *decided]
    return task_imports.record(archive, viewer, proposal.sheet.card.document, said, by=by)


def _edits(plan: task_edits.Plan, proposal: Proposal, chosen: Chosen) -> Iterator[Draft]:
    issued_on = proposal.sheet.card.issued_on
    for row, cells in _by_task(proposal, chosen):
        if row.task is not None:
            yield task_edits.edited(plan, row.task, _changes(plan.said(row.task), cells, issued_on))
    for row in proposal.deleted:
        if row.task and row.id in chosen.deleted:
            yield task_edits.dropped(plan, row.task, "")
    for file in (*proposal.new, *proposal.stale):
        if file.line in chosen.new:
            yield task_edits.added(plan, added_value(proposal, file))


def _judged(proposal: Proposal, chosen: Chosen) -> list[reviewing.Judgement]:
    """A passage for a row that was no task yet is offered again with the next import, when it is one."""
    return [
        reviewing.Judgement(
            proposal.sheet.card.document, one.row.task.span.start, one.passage.paper.document, one.passage.span, status
        )
        for one in proposal.decisions
        if one.row and one.row.task and one.passage and (status := chosen.decisions.get(one.line, "")) in STATUSES
    ]  # fmt: skip


def _by_task(proposal: Proposal, chosen: Chosen) -> list[tuple[TaskRow, list[CellChange]]]:
    found: dict[str, list[CellChange]] = defaultdict(list)
    for one in proposal.cells:
        if (one.id, one.key) in chosen.cells:
            found[one.id].append(one)
    return [(row, found[row.id]) for row in proposal.sheet.rows if row.id in found]


def _changes(said: Mapping[str, Any], cells: list[CellChange], issued_on: dt.date | None) -> dict[str, Any]:
    """What these cells change of a task; a new term with a note is an extension for that reason."""
    texts = {one.key: one.theirs for one in cells}
    changes = {key: value_of(key, text, issued_on) for key, text in texts.items() if key != "note"}
    if "note" in texts:
        changes["extended" if "due" in texts or "extended" in said else "note"] = texts["note"]
    return changes


def added_value(proposal: Proposal, file: FileRow) -> dict[str, Any]:
    """A row of the file as a task; it belongs where the rows above it in the file belong."""
    issued_on = proposal.sheet.card.issued_on
    value: dict[str, Any] = {
        key: value_of(key, file.cells.get(key, ""), issued_on) for key in TASK_KEYS if key != "note"
    }
    sections = {row.id: row.section for row in proposal.sheet.rows}
    places = {row.cells.get("place", ""): row.section for row in proposal.sheet.rows}
    above = [row for row in proposal.upload.rows if row.line < file.line and row.id in sections]
    near = sections[above[-1].id or ""] if above else ""
    value["section"] = places.get(file.cells.get("place", ""), near)
    return value | ({"note": file.cells["note"]} if file.cells.get("note") else {})


def value_of(key: str, text: str, issued_on: dt.date | None) -> Any:
    """A cell as corrections tell of it.

    >>> value_of("due", "2018-06-30", None)
    {'raw': '30/06/2018', 'on': '2018-06-30', 'recurs': None}
    >>> value_of("lead", "Hội Khuyến học; Phòng Tài chính", None)
    ['Hội Khuyến học', 'Phòng Tài chính']
    """
    form = BY_KEY[key].form
    if form is Form.BODIES:
        return [name for name in text.split("; ") if name]
    if form is Form.DUE:
        return due_value(_due(text, issued_on)) if text else None
    return text or None


def _due(text: str, issued_on: dt.date | None) -> Due:
    try:
        on = dt.date.fromisoformat(text)
    except ValueError:
        understood = dates.due(text, issued_on)
        return Due(text, understood.on if understood else None, understood.recurs if understood else None)
    return Due(f"{on:%d/%m/%Y}", on)
