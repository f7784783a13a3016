"""A plan's tasks as a workbook (XLSX): the sheet offices keep, its counts as formulas, and what was exported hidden.

It only writes: what comes back is read by `indexer.task_upload`.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from indexer import task_base, task_upload
from indexer.task_rows import BY_KEY, COLUMNS, PRINTED, STATES, Column, Form, TaskRow, TaskSheet
from indexer.views import TaskState

TASKS, COUNTS = "Nhiệm vụ", "Tổng hợp"
KEYS, HEAD = 4, 5
"""Rows of the hidden keys of the columns and of the head."""
SPARE = 300
"""Rows below the last task that are formatted for new ones."""
DAY = "dd/mm/yyyy"
_LINE = 15  # points
_FONT = "Times New Roman"
_LONGEST = 32_000  # characters a cell of Excel can hold, less a little
# Characters XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLOURS = {
    TaskState.DONE: ("155A31", "E5F1E8"), TaskState.DONE_LATE: ("155A31", "E5F1E8"),
    TaskState.PARTIAL: ("764700", "FAEFD6"), TaskState.ONGOING: ("0B4A82", "E6EFF7"),
    TaskState.OVERDUE: ("9A1B1B", "FBE8E5"), TaskState.SUSPECT: ("592C80", "F0E9F6"),
    TaskState.NOT_DUE: ("4C483F", "EDEAE2"), TaskState.NO_DUE: ("4C483F", "EDEAE2"),
}  # fmt: skip
"""Ink and ground of each state, as on the site."""
_EDGE = Side(style="thin", color="807A6D")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_CENTRED = (Form.DUE, Form.DAY, Form.COUNT, Form.STATE)


def task_book(sheet: TaskSheet) -> bytes:
    """The workbook of a plan."""
    book = Workbook()
    tasks = book.active
    assert isinstance(tasks, Worksheet)
    tasks.title = TASKS
    _titles(tasks, sheet)
    _head(tasks)
    for line, row in enumerate(sheet.rows, HEAD + 1):
        _row(tasks, line, row)
    _dressed(tasks, HEAD + len(sheet.rows))
    _counts(book.create_sheet(COUNTS), sheet)
    hidden = book.create_sheet(task_base.NAME)
    for line, cells in enumerate(task_base.written(sheet), 1):
        for column, text in enumerate(cells, 1):
            _put(_at(hidden, line, column), text)
    hidden.sheet_state = "veryHidden"
    book.calculation.fullCalcOnLoad = True
    book.properties.title = named(sheet)
    book.properties.creator = "Vankho"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def named(sheet: TaskSheet) -> str:
    """«Kế hoạch số 05-KH/HU», or the name of its file."""
    card = sheet.card
    return f"{card.kind_label or 'Văn bản'} số {card.number}" if card.number else card.name


def _at(sheet: Worksheet, line: int, column: int) -> Cell:
    cell = sheet.cell(line, column)
    assert isinstance(cell, Cell)  # a merged one has no value
    return cell


def _put(cell: Cell, text: str) -> None:
    """Text that stays text: what looks like a formula is marked, also for when a person edits the cell."""
    cell.value = _CONTROL.sub("", text)[:_LONGEST]
    cell.data_type = "s"
    if text.startswith(_FORMULA):
        cell.quotePrefix = True


def _titles(tasks: Worksheet, sheet: TaskSheet) -> None:
    card = sheet.card
    issued = f"ngày {card.issued_on:%d/%m/%Y}" if card.issued_on else ""
    by = f"của {card.issuer}" if card.issuer else ""
    lines = (
        f"THEO DÕI KẾT QUẢ THỰC HIỆN {named(sheet).upper()}",
        ", ".join(filter(None, (card.title or "", issued, by))),
        f"Tính đến ngày {sheet.today:%d/%m/%Y}. Sửa xong, nhập lại bảng này trên trang của kế hoạch; xin giữ cột ẩn.",
    )
    for line, (text, size) in enumerate(zip(lines, (14, 12, 11), strict=True), 1):
        cell = _at(tasks, line, 1)
        _put(cell, text)
        cell.font = Font(_FONT, size, bold=line == 1, italic=line == 3)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        tasks.merge_cells(start_row=line, start_column=1, end_row=line, end_column=PRINTED)
        tasks.row_dimensions[line].height = (24, 20 * max(1, -(-len(text) // 150)), 18)[line - 1]


def _head(tasks: Worksheet) -> None:
    """The keys, which move with their columns, and the words above them."""
    hidden = len(COLUMNS) + 1
    for at, column in enumerate(COLUMNS, 1):
        _put(_at(tasks, KEYS, at), task_upload.KEY_MARK + column.key)
        _put(_at(tasks, HEAD, at), column.title)
        tasks.column_dimensions[get_column_letter(at)].width = column.width
    _put(_at(tasks, KEYS, hidden), task_upload.KEY_MARK + task_upload.ID)
    _put(_at(tasks, HEAD, hidden), "Mã Vankho")
    for at in range(1, hidden + 1):
        cell = _at(tasks, HEAD, at)
        cell.font = Font(_FONT, 11, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.fill = PatternFill("solid", "ECE9E1")
        cell.border = _BOX
    tasks.row_dimensions[KEYS].hidden = True
    tasks.row_dimensions[HEAD].height = 48
    tasks.column_dimensions[get_column_letter(hidden)].hidden = True


def _row(tasks: Worksheet, line: int, row: TaskRow) -> None:
    for at, column in enumerate(COLUMNS, 1):
        _cell(_at(tasks, line, at), column, row.cells.get(column.key, ""))
    _put(_at(tasks, line, len(COLUMNS) + 1), row.id)
    lines = max(_lines(row.cells.get(column.key, ""), column) for column in COLUMNS[:PRINTED])
    tasks.row_dimensions[line].height = min(409, _LINE * lines + 4)  # the most a row can have


def _lines(text: str, column: Column) -> int:
    """Lines of a wrapped cell: LibreOffice gives a row no height of its own when it opens a file."""
    parts = text.split("; " if column.form is Form.BODIES else "\n")
    return sum(max(1, -(-len(part) * 5 // (column.width * 6))) for part in parts)


def _cell(cell: Cell, column: Column, text: str) -> None:
    day = _day(text) if column.form in (Form.DUE, Form.DAY) else None
    if day is not None:
        cell.value = day
    elif column.form is Form.COUNT and text.isdigit():
        cell.value = int(text)
    elif text:
        _put(cell, text.replace("; ", ";\n") if column.form is Form.BODIES else text)
    _style(cell, column)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _style(cell: Cell, column: Column) -> None:
    centred = "center" if column.form in _CENTRED else None
    cell.font = Font(_FONT, 11)
    # Further evidence is long and not printed: wrapped, it would make every row as high.
    cell.alignment = Alignment(horizontal=centred, vertical="top", wrap_text=column.key != "others")
    cell.border = _BOX
    if column.form in (Form.DUE, Form.DAY):
        cell.number_format = DAY


def _dressed(tasks: Worksheet, last: int) -> None:
    """What is true of the whole sheet: colours, choices, and how it is printed."""
    state = get_column_letter(_place("state"))
    for line in range(last + 1, last + 21):
        for at, column in enumerate(COLUMNS, 1):
            if column.form in (Form.DUE, Form.DAY):
                _at(tasks, line, at).number_format = DAY
    cells = f"{state}{HEAD + 1}:{state}{last + SPARE}"
    for value, (ink, ground) in _COLOURS.items():
        rule = CellIsRule(
            operator="equal", formula=[f'"{STATES[value]}"'], font=Font(color=ink, bold=True),
            fill=PatternFill(bgColor=ground, fill_type="solid"),
        )  # fmt: skip
        tasks.conditional_formatting.add(cells, rule)
    choices = DataValidation("list", formula1=f'"{",".join(STATES.values())}"', allow_blank=True)
    choices.errorTitle, choices.error = "Trạng thái", "Xin chọn một trạng thái trong danh sách."
    tasks.add_data_validation(choices)
    choices.add(cells)
    tasks.freeze_panes = _at(tasks, HEAD + 1, _place("lead"))
    tasks.auto_filter.ref = f"A{HEAD}:{get_column_letter(len(COLUMNS) + 1)}{max(last, HEAD + 1)}"
    tasks.print_title_rows = f"{HEAD}:{HEAD}"
    tasks.print_area = f"A1:{get_column_letter(PRINTED)}{max(last, HEAD + 1)}"
    _paper(tasks)


def _paper(tasks: Worksheet) -> None:
    tasks.page_setup.orientation = "landscape"
    tasks.page_setup.paperSize = 9  # A4
    tasks.page_setup.fitToWidth, tasks.page_setup.fitToHeight = 1, 0
    if tasks.sheet_properties.pageSetUpPr is not None:
        tasks.sheet_properties.pageSetUpPr.fitToPage = True
    margins = tasks.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 0.6, 0.4, 0.6, 0.7  # inches
    margins.footer = 0.3
    if tasks.oddFooter is not None and tasks.oddFooter.right is not None:
        tasks.oddFooter.right.text = "Trang &P/&N"
        tasks.oddFooter.right.font = f"{_FONT},Regular"


def _place(key: str) -> int:
    return COLUMNS.index(BY_KEY[key]) + 1


def _counts(counts: Worksheet, sheet: TaskSheet) -> None:
    """Counts by state, and by leading body, as formulas over the sheet of tasks."""
    _by_state(counts)
    _by_body(counts, len(STATES) + 5, sheet)
    for at, width in enumerate((44, 12, *(13 for _ in STATES), 30), 1):
        counts.column_dimensions[get_column_letter(at)].width = width
    counts.freeze_panes = "B1"
    _paper(counts)


def _by_state(counts: Worksheet) -> None:
    letter = get_column_letter(_place("state"))
    total = 3 + len(STATES)
    _heading(counts, 1, "TỔNG HỢP THEO TRẠNG THÁI")
    _line(counts, 2, ("Trạng thái", "Số nhiệm vụ", "Tỷ lệ"), bold=True)
    for line, word in enumerate(STATES.values(), 3):
        share = f"=IF(B${total}=0,0,B{line}/B${total})"
        _line(counts, line, (word, f"=COUNTIF('{TASKS}'!${letter}:${letter},A{line})", share))
    _line(counts, total, ("Cộng", f"=SUM(B3:B{total - 1})", f"=SUM(C3:C{total - 1})"), bold=True)
    for line in range(3, total + 1):
        _at(counts, line, 3).number_format = "0.0%"


def _by_body(counts: Worksheet, first: int, sheet: TaskSheet) -> None:
    """By whole names between semicolons, all those that one body goes by in this plan.

    «Hội Khuyến học» is not counted where another body whose name begins with it leads.
    """
    last = HEAD + len(sheet.rows) + SPARE
    lead, state = (
        f"'{TASKS}'!${letter}${HEAD + 1}:${letter}${last}"
        for letter in (get_column_letter(_place(key)) for key in ("lead", "state"))
    )
    names = f'";"&SUBSTITUTE(SUBSTITUTE({lead},CHAR(10),""),"; ",";")&";"'
    _heading(counts, first, "TỔNG HỢP THEO CƠ QUAN CHỦ TRÌ")
    also = ("Cũng ghi là",) if any(sheet.bodies.values()) else ()
    _line(counts, first + 1, ("Cơ quan chủ trì", "Được giao", *STATES.values(), *also), bold=True)
    counts.row_dimensions[first + 1].height = 2 * _LINE + 4
    for line, (body, others) in enumerate(sheet.bodies.items(), first + 2):
        cells = ("A", *(get_column_letter(3 + len(STATES) + n) for n in range(len(others))))
        leads = "+".join(f'ISNUMBER(FIND(";"&${cell}{line}&";",{names}))' for cell in cells)
        leads = f"SIGN({leads})"  # once, also where a task names the body twice
        each = (
            f"=SUMPRODUCT({leads}*({state}={get_column_letter(3 + n)}${first + 1}))" for n in range(len(STATES))
        )
        _line(counts, line, (body, f"=SUMPRODUCT({leads}*1)", *each))
        for at, name in enumerate(others, 3 + len(STATES)):
            cell = _at(counts, line, at)
            _put(cell, name)
            cell.font = Font(_FONT, 11)
            cell.alignment = Alignment(vertical="top", wrap_text=True)


def _heading(counts: Worksheet, line: int, text: str) -> None:
    _put(_at(counts, line, 1), text)
    _at(counts, line, 1).font = Font(_FONT, 13, bold=True)


def _line(counts: Worksheet, line: int, cells: Iterable[str], *, bold: bool = False) -> None:
    """Cells of the counts; only those we wrote as formulas are formulas, and only after the first column."""
    for at, text in enumerate(cells, 1):
        cell = _at(counts, line, at)
        if at > 1 and text.startswith("="):
            cell.value = text
        else:
            _put(cell, text)
        cell.font = Font(_FONT, 11, bold=bold)
        cell.border = _BOX
        cell.alignment = Alignment(horizontal="center" if at > 1 else None, vertical="top", wrap_text=True)
