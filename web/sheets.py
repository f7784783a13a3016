"""A list as a file that an office opens: CSV for Vietnamese Excel, XLSX, DOCX."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence

from web import wordfile, workbook
from web.filters import date

Cell = str | dt.date | None
Table = Sequence[Sequence[Cell]]
"""Rows of cells; the first row is the head."""
_MARGINS = (20.0, 15.0, 20.0, 20.0)  # millimetres: top, right, bottom, left
_ACROSS = 297.0 - _MARGINS[1] - _MARGINS[3]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(table: Table) -> bytes:
    """UTF-8 with its mark, semicolons between cells: what Excel set to Vietnamese opens with a double click."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows([[_harmless(printed(cell)) for cell in row] for row in table])
    return "\ufeff".encode() + stream.getvalue().encode()


def printed(cell: Cell) -> str:
    """A cell in words; a day as 05/07/2016."""
    return date(cell) if isinstance(cell, dt.date) else cell or ""


def _harmless(cell: str) -> str:
    """Text that Excel would take for a formula stays text."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def xlsx_file(table: Table, *, widths: Sequence[float]) -> bytes:
    """One sheet whose head stays in sight, days as days; widths in characters."""
    return workbook.write([workbook.Sheet("Vankho", table, widths=widths, landscape=True)])


def docx_file(table: Table, *, title: str, widths: Sequence[float]) -> bytes:
    """A4 across, a title and the table; its head is repeated on every page. Widths in any unit: they fill the page."""
    head, *rows = [[printed(cell) for cell in row] for row in table]
    shares = [width * _ACROSS / sum(widths) for width in widths]
    return wordfile.write(wordfile.Table((title,), (), [head], rows, shares), margins=_MARGINS)
