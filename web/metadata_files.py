"""Metadata of papers as files, XML and XLSX: written, and read back in a child that may break without us."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from corpus import metadata
from corpus.metadata import Field, Kind
from indexer import metadata_xml, sandbox
from indexer.describing import Description
from indexer.metadata_xml import BadXml
from indexer.ports import ReadFailure
from web import workbook
from web.workbook import BadWorkbook

LARGEST = 8 << 20
"""Bytes of a file that is read back."""
_SECONDS, _MEMORY = 20.0, 512
_ID = "Mã văn bản (id)"
_NAMED = re.compile(r"\(([A-Za-z.]{1,40})\)\s*$")
_COLUMNS = 60

Given = list[tuple[str, dict[str, str]]]
"""Papers of a file: document and the values given for it."""


class BadFile(ValueError):
    """A file of metadata that cannot be read; says so in Vietnamese."""


def xml_file(papers: Iterable[Description]) -> bytes:
    """The metadata of papers as XML."""
    return metadata_xml.write(
        (one.document, one.register.value if one.register else None, one.leaving()) for one in papers
    )


def xlsx_file(papers: Sequence[Description]) -> bytes:
    """The metadata of papers as a workbook: a row each, days and numbers as such."""
    asked = {name for one in papers for name in one.values}
    fields = [field for field in metadata.FIELDS if field.name in asked]
    rows: list[list[workbook.Value]] = [[_ID, *(f"{field.label} ({field.name})" for field in fields)]]
    for one in papers:
        leaving = one.leaving()
        rows.append([one.document, *(_cell(field, leaving.get(field.name, "")) for field in fields)])
    widths = [16, *(40 if field.longest > 100 else 18 for field in fields)]
    return workbook.write([workbook.Sheet("Dữ liệu đặc tả", rows, widths=widths, landscape=True)])


def _cell(field: Field, value: str) -> workbook.Value:
    if not value:
        return None
    if field.kind is Kind.DATE:
        return dt.date.fromisoformat(value)
    return int(value) if field.kind is Kind.NUMBER and value.isdigit() and len(value) < 16 else value


def read(data: bytes) -> Given:
    """The papers of an exported file, whichever of the two it is. Raises BadFile."""
    if len(data) > LARGEST:
        raise BadFile(f"Tệp lớn hơn {LARGEST >> 20} MB. Xin chia thành nhiều tệp.")
    if not data.strip():
        raise BadFile("Tệp rỗng. Xin chọn tệp XML hoặc XLSX xuất từ Vankho.")
    try:
        if data.startswith(b"PK"):
            problem, rows = sandbox.run(_rows, data, seconds=_SECONDS, memory_mib=_MEMORY)
            given = [] if problem else _of_rows(rows)
        else:
            problem, given = sandbox.run(_papers, data, seconds=_SECONDS, memory_mib=_MEMORY)
    except ReadFailure as failure:
        raise BadFile(f"Không đọc được tệp: {failure.detail}. Chưa đổi gì.") from failure
    if problem:
        raise BadFile(problem)
    seen = [document for document, _ in given]
    if len(set(seen)) < len(seen):
        twice = next(document for document in seen if seen.count(document) > 1)
        raise BadFile(f"Tệp có hai phần của cùng văn bản {twice}. Xin bỏ một phần.")
    return given


def _papers(data: bytes) -> tuple[str, Given]:
    """In the child: what of a file of XML may come back."""
    try:
        return "", metadata_xml.read(data)
    except BadXml as problem:
        return str(problem), []


def _rows(data: bytes) -> tuple[str, list[list[str]]]:
    """In the child: the rows of a workbook."""
    try:
        return "", workbook.read(data, rows=metadata_xml.MOST + 1, columns=_COLUMNS)
    except BadWorkbook as problem:
        return str(problem), []


def _of_rows(rows: list[list[str]]) -> Given:
    """Papers from rows whose first one names the fields."""
    head = rows[0] if rows else []
    names = [match[1] if (match := _NAMED.search(cell)) else "" for cell in head]
    if not names or names[0] != "id":
        raise BadFile(f"Dòng đầu của bảng tính phải là tên các trường, cột đầu là “{_ID}”.")
    known = {field.name: field for field in metadata.FIELDS}
    found = []
    for row in rows[1:]:
        if row and row[0].strip():
            cells = {name: cell for name, cell in zip(names[1:], row[1:], strict=False) if name}
            # A paper that came has no number of copies: a column of another register is empty for it.
            found.append((row[0].strip(), {n: c for n, c in cells.items() if c or n in known}))
    return found
