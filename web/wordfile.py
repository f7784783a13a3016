"""A Word file (.docx) of one table across an A4 page: head repeated on every page, rows never split, pages numbered."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_MAIN = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MM = 56.6929  # twentieths of a point


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what stands above it, left and right."""

    left: Sequence[str]
    """Lines above the table at the left, centred; the last one bold."""
    right: Sequence[str]
    """Lines above it at the right; the first one bold."""
    head: Sequence[Sequence[str]]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    """Of the columns, in millimetres; on paper they come to the width of the page within its margins."""
    centred: Sequence[int] = ()
    """Columns whose cells are centred, from 0."""
    foot: str = ""
    """At the foot of each page, before its number."""
    void: Sequence[int] = ()
    """Rows that are struck through but for their last cell, from 0."""


def write(table: Table, *, margins: tuple[float, float, float, float]) -> bytes:
    """The file; margins are top, right, bottom, left in millimetres."""
    top, right, bottom, left = (round(side * _MM) for side in margins)
    section = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="r2"/>'
        f'<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="0" w:footer="340"/>'
        "</w:sectPr>"
    )
    gap = '<w:p><w:pPr><w:spacing w:after="60"/></w:pPr></w:p>'
    body = f"{_above(table)}{gap}{_grid(table)}"
    after = '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    document = f'<w:document {_MAIN} xmlns:r="{_OFFICE}"><w:body>{body}{after}{section}</w:body></w:document>'
    return _packed({"word/document.xml": document, "word/footer1.xml": _footer(table.foot, sum(table.widths))})


def _packed(parts: dict[str, str]) -> bytes:
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
        f'<Override PartName="/word/footer1.xml" ContentType="{_TYPE}.footer+xml"/></Types>'
    )
    relation = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    relation += f'<Relationship Id="%s" Type="{_OFFICE}/%s" Target="%s"/>'
    every = {
        "[Content_Types].xml": types,
        "_rels/.rels": relation % ("r1", "officeDocument", "word/document.xml") + "</Relationships>",
        "word/_rels/document.xml.rels": relation % ("r2", "footer", "footer1.xml") + "</Relationships>",
        **parts,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in every.items():
            package.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content)
    return stream.getvalue()


def _above(table: Table) -> str:
    half = round(sum(table.widths) / 2 * _MM)
    left = "".join(_line(line, 26, bold=line is table.left[-1]) for line in table.left)
    right = "".join(_line(line, 26, bold=line is table.right[0]) for line in table.right)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{half}" w:type="dxa"/></w:tcPr>{lines or "<w:p/>"}</w:tc>'
        for lines in (left, right)
    )
    column = f'<w:gridCol w:w="{half}"/>'
    wide = f'<w:tblPr><w:tblW w:w="{2 * half}" w:type="dxa"/></w:tblPr>'
    return f"<w:tbl>{wide}<w:tblGrid>{column * 2}</w:tblGrid><w:tr>{cells}</w:tr></w:tbl>"


def _grid(table: Table) -> str:
    widths = [round(width * _MM) for width in table.widths]
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = [_row(row, widths, range(len(row)), bold=at == 0, head=True) for at, row in enumerate(table.head)]
    rows += [_row(row, widths, table.centred, void=at in table.void) for at, row in enumerate(table.rows)]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        # Else the lines of the table stand outside the margins, by what is between them and the words.
        f'<w:tblInd w:w="70" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(
    row: Sequence[str], widths: Sequence[int], centred: Sequence[int], *, bold: bool = False, head: bool = False,
    void: bool = False,
) -> str:  # fmt: skip
    middle = '<w:vAlign w:val="center"/>' if head else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{middle}</w:tcPr>'
        f"{_line(cell, 22, bold=bold, centred=at in centred, struck=void and at < len(row) - 1)}</w:tc>"
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return f'<w:tr><w:trPr><w:cantSplit/>{"<w:tblHeader/>" if head else ""}</w:trPr>{cells}</w:tr>'


def _line(text: str, size: int, *, bold: bool = False, centred: bool = True, struck: bool = False) -> str:
    """A paragraph; `size` in half points."""
    side = '<w:jc w:val="center"/>' if centred else ""
    return f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{side}</w:pPr>{_run(text, size, bold, struck)}</w:p>'


def _run(text: str, size: int, bold: bool = False, struck: bool = False) -> str:
    font = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    said = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(_CONTROL.sub("", line))}</w:t>' for line in text.split("\n")
    )
    marks = ("<w:b/>" if bold else "") + ("<w:strike/>" if struck else "")
    return f'<w:r><w:rPr>{font}{marks}<w:sz w:val="{size}"/></w:rPr>{said}</w:r>'


def _footer(foot: str, width: float) -> str:
    def field(name: str) -> str:
        return f'<w:fldSimple w:instr=" {name} ">{_run("1", 20)}</w:fldSimple>'

    tab = f'<w:pPr><w:tabs><w:tab w:val="right" w:pos="{round(width * _MM)}"/></w:tabs></w:pPr>'
    return (
        f"<w:ftr {_MAIN}><w:p>{tab}{_run(foot, 20)}<w:r><w:tab/></w:r>{_run('Trang ', 20)}{field('PAGE')}"
        f"{_run('/', 20)}{field('NUMPAGES')}</w:p></w:ftr>"
    )
