"""A table as a file that an office opens: CSV for Vietnamese Excel, XLSX, DOCX."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Table = Sequence[Sequence[str]]
"""Rows of cells; the first row is the head."""
# Characters XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_000  # characters a cell of Excel can hold, less a little


def csv_file(table: Table) -> bytes:
    """UTF-8 with its mark, semicolons between cells: what Excel set to Vietnamese opens with a double click."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows([[_harmless(cell) for cell in row] for row in table])
    return "\ufeff".encode() + stream.getvalue().encode()


def _harmless(cell: str) -> str:
    """Text that Excel would take for a formula stays text."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _xml(text: str) -> str:
    return escape(_CONTROL.sub("", text))


def _zipped(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content)
    return stream.getvalue()


_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OPENXML = "application/vnd.openxmlformats-officedocument."


def _types(parts: dict[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{_OPENXML}{kind}+xml"/>' for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for i, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}relationships">{found}</Relationships>'


def xlsx_file(table: Table) -> bytes:
    """One sheet; the head is bold and stays in sight."""
    rows = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{_column(c)}{r}" s="{1 if r == 1 else 0}" t="inlineStr">'
            f'<is><t xml:space="preserve">{_xml(cell[:_LONGEST])}</t></is></c>'
            for c, cell in enumerate(row)
        )
        + "</row>"
        for r, row in enumerate(table, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    sheet = (
        f'<worksheet xmlns="{main}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="{max(1, len(table[0]))}" width="24" '
        f'customWidth="1"/></cols><sheetData>{rows}</sheetData></worksheet>'
    )
    font = '<font><sz val="12"/><name val="Times New Roman"/></font>'
    styles = (
        f'<styleSheet xmlns="{main}"><fonts count="2">{font}{font.replace("<font>", "<font><b/>")}</fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
        '<xf fontId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
        '<xf fontId="1" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
        "</cellXfs></styleSheet>"
    )
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets><sheet name="Vankho" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>"
    )
    return _zipped({
        "[Content_Types].xml": _types({
            "/xl/workbook.xml": "spreadsheetml.sheet.main", "/xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
            "/xl/styles.xml": "spreadsheetml.styles",
        }),
        "_rels/.rels": _relations({"xl/workbook.xml": "officeDocument"}),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relations({"worksheets/sheet1.xml": "worksheet", "styles.xml": "styles"}),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": styles,
    })  # fmt: skip


def _column(number: int) -> str:
    """Name of a column, from 0.

    >>> _column(0), _column(25), _column(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def docx_file(table: Table, *, title: str) -> bytes:
    """A4 across, a title and the table; its head is repeated on every page, and rows are not split."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    rows = "".join(
        f'<w:tr><w:trPr><w:cantSplit/>{"<w:tblHeader/>" if r == 0 else ""}</w:trPr>'
        + "".join(f"<w:tc><w:tcPr/>{_paragraph(cell, size=22, bold=r == 0)}</w:tc>" for cell in row)
        + "</w:tr>"
        for r, row in enumerate(table)
    )
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "<w:gridCol/>" * len(table[0])
    document = (
        f'<w:document xmlns:w="{main}"><w:body>{_paragraph(title, size=28, bold=True)}'
        f"<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>{sides}</w:tblBorders></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl><w:p/>"
        '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        '<w:pgMar w:top="1134" w:right="851" w:bottom="1134" w:left="1134"/></w:sectPr></w:body></w:document>'
    )
    return _zipped({
        "[Content_Types].xml": _types({"/word/document.xml": "wordprocessingml.document.main"}),
        "_rels/.rels": _relations({"word/document.xml": "officeDocument"}),
        "word/document.xml": document,
    })  # fmt: skip


def _paragraph(text: str, *, size: int, bold: bool) -> str:
    font = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:p><w:r><w:rPr>{font}{weight}<w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{_xml(text)}</w:t></w:r></w:p>'
    )
