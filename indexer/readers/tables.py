"""Workbooks as tables: every sheet, hidden ones too, as rows of cells. Runs inside the sandbox's child process."""

from __future__ import annotations

from pathlib import Path

from indexer.ports import ReadFailure
from indexer.readers import media, office
from indexer.readers.package import Package
from indexer.readers.sniff import sniff
from indexer.readers.xlsx import cell_text, sheets_of, weigh

Cells = tuple[str, ...]
Table = tuple[str, bool, tuple[tuple[int, Cells], ...]]
"""Name of a sheet, whether it is hidden, and its rows that hold anything by their number from 1."""
MOST_ROWS = 20_000
"""Rows of all sheets together; a sheet of work that people edit by hand has hundreds."""
_CONVERTED = {media.XLS: "in.xls", media.ODS: "in.ods"}
_SECONDS = 50.0


def read_tables(path: Path) -> tuple[Table, ...]:
    """The sheets of a file of Excel or LibreOffice, in order; dates as dd/mm/yyyy. Raises `ReadFailure`."""
    kind = sniff(path)
    if kind in _CONVERTED:
        office.require("xlsx")
        path = office.convert(path, _CONVERTED[kind], "xlsx", seconds=_SECONDS)
    elif kind == media.ENCRYPTED:
        raise ReadFailure("encrypted", "tệp có mật khẩu")
    elif kind != media.XLSX:
        raise ReadFailure("unknown-type", "đây không phải bảng tính của Excel hoặc LibreOffice")
    with Package(path) as package:
        _, tables, weight = sheets_of(package, hidden=True)
    if sum(len(rows) for _, rows in tables) > MOST_ROWS:
        raise ReadFailure("too-large", f"bảng có hơn {MOST_ROWS} hàng")
    weigh(tables, weight)
    return tuple(
        (
            entry.name,
            entry.hidden,
            tuple((row.number, tuple(cell_text(cell, weight) for cell in row.cells)) for row in rows),
        )
        for entry, rows in tables
    )
