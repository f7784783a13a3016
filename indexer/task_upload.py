"""An edited sheet of tasks as a file gives it: rows by the columns we know, and what else stands in it.

Read in the sandbox; only plain values come back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from indexer import sandbox, task_base
from indexer.anchors import letters
from indexer.ports import ReadFailure
from indexer.readers.tables import Cells, Table, read_tables
from indexer.task_compare import FileRow
from indexer.task_rows import ANSWER_KEYS, BY_KEY, COLUMNS, TASK_KEYS, Answer, canonical

KEY_MARK = "#"
"""Begins the keys of columns in the hidden row above the head, which move with their columns."""
ID = "id"
_HEAD_WITHIN = 60
"""Rows among which the head is looked for."""
_TITLES = {letters(column.title): column.key for column in COLUMNS} | {
    letters(title): key
    for title, key in (
        ("STT", "tt"), ("Nội dung", "wording"), ("Nhiệm vụ", "wording"), ("Nội dung công việc", "wording"),
        ("Chủ trì", "lead"), ("Đơn vị chủ trì", "lead"), ("Phối hợp", "partners"), ("Đơn vị phối hợp", "partners"),
        ("Thời hạn", "due"), ("Thời gian hoàn thành", "due"), ("Hạn hoàn thành", "due"),
        ("Sản phẩm, kết quả đầu ra", "deliverable"), ("Kết quả", "quote"), ("Minh chứng", "quote"),
        ("Mã Vankho", ID),
    )
}  # fmt: skip
_ENOUGH = 3
"""Known titles that make a row the head."""
_SHOWN = 200


class BadSheet(ArchiveError):
    """An uploaded file that is no sheet of tasks we can read."""

    http_status = 400
    vi = "Không nhập được bảng: {reason}. Chưa có gì bị thay đổi."
    en = "The sheet cannot be taken in: {reason}. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file says."""

    base: task_base.Base | None
    """What was exported; None when its hidden sheet is gone."""
    rows: tuple[FileRow, ...]
    missing: tuple[str, ...] = ()
    """Titles of columns that people may edit and the file has no more."""
    unknown: tuple[str, ...] = ()
    """Titles of columns that are not ours and hold something."""
    skipped: tuple[tuple[int, str], ...] = ()
    """Rows without a wording or an id: their number and what they say."""


def read(path: Path, *, seconds: float, memory_mib: int) -> Upload:
    """What a file says. Raises `BadSheet`."""
    try:
        lines, rows, missing, unknown, skipped = sandbox.run(
            _in_child, Path(path).resolve(), seconds=seconds, memory_mib=memory_mib,
            programs_mib=sandbox.PROGRAM_MEMORY,
        )  # fmt: skip
    except ReadFailure as failure:
        raise BadSheet(reason=failure.detail) from failure
    base = None
    if lines is not None:
        document, day, told, damaged = lines
        base = task_base.Base(document, day, {id: _base_row(*one) for id, *one in told}, damaged)
    return Upload(base, tuple(FileRow(line, id, dict(cells)) for line, id, cells in rows), missing, unknown, skipped)


def _base_row(anchor: str, cells: Mapping[str, str], answer: Sequence[Any] | None) -> task_base.BaseRow:
    return task_base.BaseRow(json.loads(anchor), cells, Answer(*answer) if answer else None)


# -- in the child -----------------------------------------------------------------------------------------


def _in_child(path: Path) -> tuple[Any, ...]:
    """Plain values only: our own classes of this module may not come back."""
    tables = read_tables(path)
    hidden = next((rows for name, _, rows in tables if name.strip() == task_base.NAME), None)
    base = task_base.read(cells for _, cells in hidden) if hidden else None
    told = None
    if base is not None:
        rows = [
            (id, json.dumps(row.anchor), dict(row.cells), _plain(row.answer)) for id, row in base.rows.items()
        ]
        told = (base.document, base.day, rows, base.damaged)
    return (told, *_understood(tables))


def _plain(answer: Answer | None) -> tuple[str, str, str, bool, bool] | None:
    return (answer.paper, answer.quote, answer.status, answer.decided, answer.whole) if answer else None


def _understood(tables: Sequence[Table]) -> tuple[Any, ...]:
    for name, _, rows in sorted(tables, key=lambda table: table[1]):
        if name.strip() == task_base.NAME:
            continue
        for at, (_, cells) in enumerate(rows[:_HEAD_WITHIN]):
            if _keyed(cells):
                return _with_head(_keys(cells), rows[at + 1][1] if at + 1 < len(rows) else (), rows[at + 2 :])
        for at, (_, cells) in enumerate(rows[:_HEAD_WITHIN]):
            titled = [_TITLES.get(letters(cell), "") for cell in cells]
            if "wording" in titled and len(set(filter(None, titled))) >= _ENOUGH:
                return _with_head(titled, cells, rows[at + 1 :])
    raise ReadFailure("unknown-type", "không thấy hàng đầu đề có cột “Nội dung nhiệm vụ”")


def _keyed(cells: Cells) -> bool:
    return sum(cell.startswith(KEY_MARK) and cell[1:] in (*BY_KEY, ID) for cell in cells) >= _ENOUGH


def _keys(cells: Cells) -> list[str]:
    return [cell[1:] if cell.startswith(KEY_MARK) and cell[1:] in (*BY_KEY, ID) else "" for cell in cells]


def _with_head(keys: Sequence[str], head: Cells, rows: Sequence[tuple[int, Cells]]) -> tuple[Any, ...]:
    places = {key: at for at, key in reversed(list(enumerate(keys))) if key}
    if "wording" not in places:
        raise ReadFailure("unknown-type", "bảng không còn cột “Nội dung nhiệm vụ”")
    found, skipped = [], []
    for line, cells in rows:
        said = {key: canonical(key, _at(cells, at)) for key, at in places.items() if key != ID}
        id = _at(cells, places[ID]).strip() or None if ID in places else None
        if _TITLES.get(letters(said["wording"])) == "wording":
            continue  # the head again
        if said["wording"] or id:
            found.append((line, id, said))
        elif any(cell.strip() for cell in cells):
            skipped.append((line, " | ".join(cell.strip() for cell in cells if cell.strip())[:_SHOWN]))
    missing = tuple(BY_KEY[key].title for key in (*TASK_KEYS, *ANSWER_KEYS) if key not in places)
    return found, missing, _unknown(places, head, rows), tuple(skipped)


def _unknown(places: Mapping[str, int], head: Cells, rows: Sequence[tuple[int, Cells]]) -> tuple[str, ...]:
    ours = set(places.values())
    holding = sorted({at for _, cells in rows for at, cell in enumerate(cells) if at not in ours and cell.strip()})
    return tuple(" ".join(_at(head, at).split())[:_SHOWN] or f"cột thứ {at + 1}" for at in holding)


def _at(cells: Cells, place: int) -> str:
    return cells[place] if place < len(cells) else ""
