"""An edited sheet's changes in words, grouped as a person decides them; and what the person ticked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from corpus.model import Span, Task
from indexer.task_compare import CellChange, FileRow, Kind
from indexer.task_evidence import STATUSES, Decision
from indexer.task_import import Proposal
from indexer.task_records import Chosen
from indexer.task_rows import ANSWER_KEYS, BY_KEY, TASK_KEYS, Form, TaskRow
from web import wording
from web.filters import date

EMPTY = "để trống"
UNKNOWN = "không rõ"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell's change."""

    name: str
    """Of its form field."""
    task: str
    place: str
    line: int
    column: str
    base: str
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a row says about evidence."""

    name: str
    task: str
    line: int
    said: tuple[tuple[str, str, str], ...]
    """Column, before and after, of the cells that the file changed."""
    decision: Decision
    status: str
    """Chosen beforehand; empty: the person has to choose."""


@dataclass(frozen=True, slots=True)
class Row:
    """A new or deleted row: its form field's value, its words, and its other cells by column."""

    value: str
    task: str
    line: int
    cells: tuple[tuple[str, str], ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """Everything, in the order of the page."""

    conflicts: tuple[Cell, ...]
    changed: tuple[Cell, ...]
    evidence: tuple[Evidence, ...]
    emptied: tuple[Cell, ...]
    new: tuple[Row, ...]
    deleted: tuple[Row, ...]
    left: tuple[str, ...]
    """What is not taken in, a sentence each."""


def groups(proposal: Proposal) -> Groups:
    """The changes of a proposal as the page shows them."""
    return Groups(
        conflicts=_cells(proposal, Kind.CONFLICT), changed=_cells(proposal, Kind.CHANGED),
        evidence=tuple(_evidence(proposal, one) for one in proposal.decisions if one.passage is not None),
        emptied=_cells(proposal, Kind.EMPTIED),
        new=tuple(_new(row) for row in proposal.new) + tuple(
            _new(row, "Nhiệm vụ này không còn trong kho từ khi xuất bảng.") for row in proposal.stale
        ),
        deleted=tuple(_deleted(row) for row in proposal.deleted), left=tuple(_left(proposal)),
    )  # fmt: skip


def chosen(proposal: Proposal, form: MultiDict[str, str]) -> Chosen:
    """What the form ticks; a conflict that was not decided is left as it is."""
    ticked = set(form.getlist("cell")) | {_name(one) for one in proposal.cells if form.get(_name(one)) == "theirs"}
    decided = {one.line: form.get(f"evidence-{one.line}", "") for one in proposal.decisions}
    return Chosen(
        cells={(one.id, one.key) for one in proposal.cells if _name(one) in ticked},
        decisions={line: status for line, status in decided.items() if status in STATUSES},
        new={row.line for row in (*proposal.new, *proposal.stale) if str(row.line) in form.getlist("new")},
        deleted={row.id for row in proposal.deleted if row.id in form.getlist("deleted")},
    )  # fmt: skip


def shown(key: str, text: str) -> str:
    """A cell as people write it."""
    if not text:
        return EMPTY
    if BY_KEY[key].form in (Form.DUE, Form.DAY):
        try:
            return date(dt.date.fromisoformat(text))
        except ValueError:
            return text
    return text


def title(cells: Mapping[str, str]) -> str:
    """What a task is called in a list."""
    lead, partners = (tuple(cells.get(key, "").split("; ")) if cells.get(key) else () for key in ("lead", "partners"))
    task = Task("", cells.get("wording", ""), Span(0, 0), lead, partners)
    return wording.wording_title(task) or "Nhiệm vụ không có nội dung"


def _name(one: CellChange) -> str:
    return f"{one.id}:{one.key}"


def _cells(proposal: Proposal, kind: Kind) -> tuple[Cell, ...]:
    rows = {row.id: row for row in proposal.sheet.rows}
    return tuple(_cell(one, rows[one.id]) for one in proposal.cells if one.kind is kind)


def _cell(one: CellChange, row: TaskRow) -> Cell:
    return Cell(
        name=_name(one), task=title(row.cells), place=row.cells.get("place", ""), line=one.line,
        column=BY_KEY[one.key].title, base=shown(one.key, one.base) if one.base is not None else UNKNOWN,
        theirs=shown(one.key, one.theirs), ours=shown(one.key, one.ours),
    )  # fmt: skip


def _evidence(proposal: Proposal, one: Decision) -> Evidence:
    cells = one.row.cells if one.row else _new_cells(proposal, one.line)
    before = one.base if one.base is not None else one.ours
    said = tuple(
        (BY_KEY[key].title, shown(key, before.get(key, "")), shown(key, one.theirs[key])) for key in one.changed
    )
    status = "" if one.conflict else one.status or ""
    return Evidence(f"evidence-{one.line}", title(cells), one.line, said, one, status)


def _new_cells(proposal: Proposal, line: int) -> Mapping[str, str]:
    return next(row.cells for row in (*proposal.new, *proposal.stale) if row.line == line)


def _new(row: FileRow, remark: str = "") -> Row:
    keys = [key for key in (*TASK_KEYS, *ANSWER_KEYS) if key != "wording" and row.cells.get(key)]
    cells = tuple((BY_KEY[key].title, shown(key, row.cells[key])) for key in keys)
    copied = "Hàng này chép từ một hàng khác của bảng." if row.copied else ""
    return Row(str(row.line), row.cells.get("wording", ""), row.line, cells, remark or copied)


def _deleted(row: TaskRow) -> Row:
    keys = [key for key in ("lead", "due", "state") if key in row.cells]
    cells = tuple((BY_KEY[key].title, shown(key, row.cells[key])) for key in keys)
    return Row(row.id, row.cells.get("wording", ""), 0, cells)


def _left(proposal: Proposal) -> Iterator[str]:
    upload = proposal.upload
    for one in proposal.decisions:
        if one.passage is None:
            said = ", ".join(f"{BY_KEY[key].title}: “{shown(key, one.theirs[key])}”" for key in one.changed)
            yield f"Hàng {one.line} ({said}): {one.problem}"
    for one in proposal.unclear:
        if one.key == "wording":
            yield f"Hàng {one.line}: nội dung nhiệm vụ bị xóa trắng; muốn bỏ nhiệm vụ, xin xóa cả hàng."
        else:
            column = BY_KEY[one.key].title
            yield f"Hàng {one.line}, cột “{column}”: chưa hiểu ngày “{one.theirs}”. Ví dụ đúng: 30/9/2016"
    for one in proposal.ignored:
        column = BY_KEY[one.key].title
        yield f"Hàng {one.line}, cột “{column}” do Vankho tính, không nhập: “{shown(one.key, one.theirs)}”."
    for line, text in upload.skipped:
        yield f"Hàng {line} không có nội dung nhiệm vụ: “{text}”."
    if upload.unknown:
        yield f"Cột không có trong mẫu, không nhập: {', '.join(upload.unknown)}."
    if upload.missing:
        yield f"Cột đã bị bỏ khỏi bảng, không so: {', '.join(upload.missing)}."
    if upload.base is None:
        yield "Phần ẩn của bảng đã mất: không biết khi xuất mỗi ô ghi gì, nên mọi chỗ khác với kho đều cần chọn."
    elif upload.base.damaged:
        yield f"Phần ẩn của bảng hỏng ở {upload.base.damaged} hàng: các hàng ấy được coi như không rõ khi xuất ghi gì."


def as_json(told: Groups, recorded: int) -> dict[str, Any]:
    """`trace --import --json`."""
    return {
        "recorded": recorded,
        **{name: [_cell_json(one) for one in getattr(told, name)] for name in ("conflicts", "changed", "emptied")},
        "evidence": [
            {"row": one.line, "task": one.task, "quote": one.decision.passage.quote, "status": one.status or None,
             "document": one.decision.passage.paper.document, "conflict": one.decision.conflict}
            for one in told.evidence if one.decision.passage
        ],
        "new": [{"row": one.line, "wording": one.task} for one in told.new],
        "deleted": [{"wording": one.task} for one in told.deleted], "left": list(told.left),
    }  # fmt: skip


def _cell_json(one: Cell) -> dict[str, Any]:
    return {
        "row": one.line, "task": one.task, "column": one.column, "exported": one.base, "sheet": one.theirs,
        "archive": one.ours,
    }  # fmt: skip


def in_words(told: Groups, recorded: int) -> str:
    """The changes for a terminal."""
    lines = [f"Đã ghi {recorded} bản sửa."] if recorded else ["Chưa ghi gì."]
    lines += [
        f"cần chọn: hàng {one.line}, {one.column}: bảng “{one.theirs}”, kho “{one.ours}”, khi xuất “{one.base}”"
        for one in told.conflicts
    ]
    lines += [f"changed: hàng {one.line}, {one.column}: “{one.base}” → “{one.theirs}”" for one in told.changed]
    lines += [
        f"evidence: hàng {one.line}: {STATUSES.get(one.status, 'chưa rõ')}: “{one.decision.passage.quote}”"
        for one in told.evidence if one.decision.passage
    ]  # fmt: skip
    lines += [f"emptied: hàng {one.line}, {one.column}: “{one.base}” bị xóa trắng" for one in told.emptied]
    lines += [f"new: hàng {one.line}: {one.task}" for one in told.new]
    lines += [f"deleted: {one.task}" for one in told.deleted]
    lines += [f"không nhập: {said}" for said in told.left]
    return "\n".join(lines if len(lines) > 1 or recorded else ["Bảng không khác kho ở chỗ nào."])
