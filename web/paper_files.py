"""Sheets on their way out: shown as pages that print as they stand, or sent as DOCX, XLSX or PDF."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from flask import Response, render_template

from archive.errors import ArchiveError
from indexer import sandbox
from indexer.ports import ReadFailure
from indexer.readers import office
from web import paper, paper_docx, workbook
from web.context import service
from web.paper import Para, Sheet

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_DAY = re.compile(r"(\d{2})/(\d{1,2})/(\d{4})")
_CHARACTERS = 0.57  # characters to a millimetre of a column


class NoPdf(ArchiveError):
    """The machine has no office program to make a PDF, or it failed; the DOCX is there."""

    http_status = 503
    vi = "Chưa làm được PDF: {reason}. Xin tải DOCX, hoặc in trang này thành PDF."
    en = "No PDF could be made: {reason}. Take the DOCX, or print the page as PDF."


def forms(sheet: Sheet) -> tuple[str, ...]:
    """The kinds of file a sheet can be sent as: a workbook where it has a table."""
    return ("docx", "xlsx", "pdf") if sheet.grid else ("docx", "pdf")


def shown(
    sheet: Sheet, *, title: str, crumbs: Sequence[tuple[str, str]], tabs: Sequence[tuple[str, str, bool]],
    files: Mapping[str, str],
) -> str:  # fmt: skip
    """The page with the sheet as it prints. `tabs`: words, address, whether it is the one shown."""
    return render_template(
        "paper.html", sheet=sheet, pages=paper.pages(sheet), title=title, crumbs=crumbs, tabs=tabs, files=files
    )


def sent(sheet: Sheet, form: str) -> Response:
    """A sheet as a file to save."""
    content = {"docx": docx, "xlsx": xlsx, "pdf": pdf}[form](sheet)
    answer = Response(content, content_type=TYPES[form])
    name = re.sub(r"[^\w.-]+", " ", sheet.name).strip()
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"vankho.{form}\"; filename*=UTF-8''{quote(f'{name}.{form}')}"
    )
    return answer


def docx(sheet: Sheet) -> bytes:
    """As DOCX."""
    return paper_docx.write([sheet])


def xlsx(sheet: Sheet) -> bytes:
    """Its table as a workbook, with the lines above it and those below; days and numbers as such."""
    grid = sheet.grid
    if grid is None:
        return workbook.write([])
    at = sheet.blocks.index(grid)
    above = [block.text for block in sheet.blocks[:at] if isinstance(block, Para)]
    below = [(block.text,) for block in sheet.blocks[at:] if isinstance(block, Para)]
    head = tuple(column.head for column in grid.columns)
    rows = [head, *(tuple(map(_typed, row.cells)) for row in grid.rows), *below]
    widths = [round(column.width * _CHARACTERS, 1) for column in grid.columns]
    return workbook.write([workbook.Sheet(sheet.name, rows, title=above, widths=widths, landscape=sheet.wide)])


def _typed(cell: str) -> workbook.Value:
    found = _DAY.fullmatch(cell)
    if found:
        return dt.date(int(found[3]), int(found[2]), int(found[1]))
    return int(cell) if cell.isdecimal() and cell.isascii() and len(cell) < 6 and not cell.startswith("0") else cell


def pdf(sheet: Sheet) -> bytes:
    """As PDF. Raises NoPdf."""
    return pdf_of(docx(sheet))


def pdf_of(document: bytes) -> bytes:
    """A DOCX of ours as PDF, by the office program. Raises NoPdf."""
    with tempfile.TemporaryDirectory(prefix="vankho-") as folder:
        made = Path(folder) / "in.docx"
        made.write_bytes(document)
        try:
            return sandbox.run(
                office.to_pdf, made, seconds=office.SECONDS, memory_mib=service().settings.read_memory,
                programs_mib=sandbox.PROGRAM_MEMORY,
            )  # fmt: skip
        except ReadFailure as failure:
            raise NoPdf(reason=failure.detail) from failure
