"""Workbooks of Excel (.xlsx), written with typed cells and read back."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | dt.date | None
"""What a cell holds; a day stays a day, so that Excel sorts and counts it."""

_LONGEST = 32_000  # characters a cell of Excel can hold, less a little
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LINE = Side(style="thin")
_LINE_HEIGHT = 16.0  # points
_UNPACKED = 64 << 20  # bytes
_PARTS = 500


class BadWorkbook(ValueError):
    """A file that is no workbook we read; says so in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: lines of title, then a table whose head is bold, stays in sight and is printed on every page."""

    name: str
    rows: Sequence[Sequence[Value]]
    """The head first."""
    head: int = 1
    """Rows of the head."""
    title: Sequence[str] = ()
    widths: Sequence[float] = ()
    """Of the columns, in characters."""
    landscape: bool = False


def write(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of these sheets. What looks like a formula stays text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for sheet in sheets:
        _fill(book.create_sheet(_named(sheet.name, taken)), sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _named(wanted: str, taken: set[str]) -> str:
    """A name Excel takes, unlike those already given."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", wanted)[:31].strip() or "Trang"
    name, count = plain, 1
    while name.casefold() in taken:
        count += 1
        name = f"{plain[: 30 - len(str(count))]} {count}"
    taken.add(name.casefold())
    return name


def _fill(page: Worksheet, sheet: Sheet) -> None:
    for at, line in enumerate(sheet.title, 1):
        _put(page.cell(at, 1), line).font = Font(name="Times New Roman", size=13, bold=True)
    top = len(sheet.title) + 2 if sheet.title else 1
    for at, row in enumerate(sheet.rows):
        for column, value in enumerate(row, 1):
            cell = _put(page.cell(top + at, column), value)
            cell.font = Font(name="Times New Roman", size=12, bold=at < sheet.head)
            middle = "center" if at < sheet.head else None
            cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal=middle)
            cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
        page.row_dimensions[top + at].height = _LINE_HEIGHT * _lines(row, sheet.widths)
    for column, width in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = f"A{top + sheet.head}"
    page.print_title_rows = f"{top}:{top + sheet.head - 1}"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # made with the sheet


def _lines(row: Sequence[Value], widths: Sequence[float]) -> int:
    """Lines the tallest cell of a row takes, at most as many as Excel can show."""
    return min(25, max((
        sum(1 + int(len(line) * 1.05 / max(1.0, width - 1)) for line in value.split("\n"))
        for value, width in zip(row, widths, strict=False) if isinstance(value, str)
    ), default=1))  # fmt: skip


def _put(cell: Cell | Any, value: Value) -> Cell | Any:
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
        cell.value = text
        cell.data_type = "s"  # else «=1+1» would be a formula
        cell.quotePrefix = text.startswith(_FORMULA)
    elif value is not None:
        cell.value = value
        if isinstance(value, dt.date):
            cell.number_format = "dd/mm/yyyy"
    return cell


def read(data: bytes, *, rows: int, columns: int) -> list[list[str]]:
    """The first sheet as texts, days as 2018-01-15. Raises BadWorkbook, also where it is larger than allowed.

    For files from outside it is to be called in a child (`indexer.sandbox`).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except zipfile.BadZipFile:
        raise BadWorkbook("Tệp không phải là bảng tính XLSX. Xin chọn tệp .xlsx xuất từ Vankho.") from None
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise BadWorkbook("Bảng tính quá lớn. Xin chia thành nhiều tệp nhỏ hơn.")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        page = book.worksheets[0]
        found = [
            [_text(value) for value in row[: columns + 1]]
            for _, row in zip(range(rows + 1), page.iter_rows(values_only=True), strict=False)
        ]
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        raise BadWorkbook("Không đọc được bảng tính. Xin lưu lại bằng Excel rồi gửi lại.") from error
    if len(found) > rows or any(any(row[columns:]) for row in found):
        raise BadWorkbook(f"Bảng tính có hơn {rows} dòng hoặc {columns} cột. Xin chia thành nhiều tệp.")
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
