"""A sheet of paper as DOCX: the same head, table and places to sign, to be worked on in an office program."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from web.paper import (
    ASIDE,
    BODY,
    BOTTOM,
    LEFT,
    LONG,
    RIGHT,
    SHORT,
    TABLE,
    TOP,
    Block,
    Grid,
    Head,
    Para,
    Row,
    Run,
    Sheet,
    Signs,
)

# Characters XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STYLES = {
    "title": ("center", 14), "under": ("center", BODY), "body": ("both", BODY), "item": ("both", BODY),
    "right": ("right", BODY), "space": ("left", BODY),
}  # fmt: skip


def write(sheets: Sequence[Sheet]) -> bytes:
    """One document of these sheets, each on a new page."""
    body = "".join(_sheet(one, last=place == len(sheets)) for place, one in enumerate(sheets, 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
        f'<Override PartName="/word/header1.xml" ContentType="{_WORD}.header+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/header" Target="header1.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}"><w:body>{body}</w:body></w:document>',
        "word/header1.xml": f'<w:hdr xmlns:w="{_MAIN}">{_PAGE}</w:hdr>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content)
    return stream.getvalue()


def _sheet(sheet: Sheet, *, last: bool) -> str:
    section = _section(sheet)
    inner = (_head(sheet.head, sheet.breadth) if sheet.head else "") + "".join(
        _block(block, sheet.breadth) for block in sheet.blocks
    )
    return inner + (section if last else f"<w:p><w:pPr>{section}</w:pPr></w:p>")


def _section(sheet: Sheet) -> str:
    width, height = (LONG, SHORT) if sheet.wide else (SHORT, LONG)
    across = ' w:orient="landscape"' if sheet.wide else ""
    sides = "".join(f'<w:{side} w:val="double" w:sz="6" w:space="8" w:color="000000"/>' for side in _SIDES[:4])
    frame = f"<w:pgBorders>{sides}</w:pgBorders>" if sheet.framed else ""
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="r1"/>'
        f'<w:pgSz w:w="{_twips(width)}" w:h="{_twips(height)}"{across}/><w:pgMar w:top="{_twips(TOP)}" '
        f'w:right="{_twips(RIGHT)}" w:bottom="{_twips(BOTTOM)}" w:left="{_twips(LEFT)}" w:header="567" w:footer="567" '
        f'w:gutter="0"/>{frame}<w:pgNumType w:start="1"/><w:titlePg/></w:sectPr>'
    )


def _head(head: Head, breadth: float) -> str:
    left = [_line(head.parent)] if head.parent else []
    left += [_line(head.body, "b"), _line("*") if head.party else _rule()]
    right = [_line(words, "b") for words in head.motto] + [_rule(), _line(head.dated, "i")]
    return _table([["".join(left), "".join(right)]], [breadth * 0.42, breadth * 0.58], lined=False) + _line("")


def _rule() -> str:
    return _line("_______________", size=8)


def _block(block: Block, breadth: float) -> str:
    if isinstance(block, Para):
        return _paragraph(block)
    if isinstance(block, Signs):
        cells = ["".join((_line(who, "b"), *(_line(part, "i") for part in how.split("\n")), *[_line("")] * 4))
                 for who, how in block.columns]  # fmt: skip
        share = breadth / len(block.columns)
        return _line("") + _table([cells], [share] * len(block.columns), lined=False) + _line("", size=2)
    return _grid(block) + _line("", size=6)


def _grid(grid: Grid) -> str:
    widths = [column.width for column in grid.columns]
    head = _row([_line(c.head, "b", size=TABLE) for c in grid.columns], widths, head=True)
    return _bound(head + "".join(_grid_row(row, grid, widths) for row in grid.rows), widths, lined=True)


def _grid_row(row: Row, grid: Grid, widths: Sequence[float]) -> str:
    if row.heading:
        words = _line(row.cells[0], "b", size=TABLE, align="left")
        span = f'<w:tcPr><w:tcW w:w="{_twips(sum(widths))}" w:type="dxa"/><w:gridSpan w:val="{len(widths)}"/></w:tcPr>'
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>{span}{words}</w:tc></w:tr>"
    pairs = zip(row.cells, grid.columns, strict=True)
    return _row([_cell(cell, column.align) for cell, column in pairs], widths)


def _cell(words: str, align: str) -> str:
    return "".join(_line(part, size=TABLE, align=align) for part in words.split("\n"))


def _table(rows: Iterable[Sequence[str]], widths: Sequence[float], *, lined: bool) -> str:
    return _bound("".join(_row(cells, widths) for cells in rows), widths, lined=lined)


_CELL = (
    f'<w:tblCellMar><w:left w:w="{round(ASIDE * 56.7)}" w:type="dxa"/>'
    f'<w:right w:w="{round(ASIDE * 56.7)}" w:type="dxa"/></w:tblCellMar>'
)
# Else the lines of a table stand outside the margins, by what is between them and the words.
_INSIDE = f'<w:tblInd w:w="{round(ASIDE * 56.7)}" w:type="dxa"/>'
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _bound(rows: str, widths: Sequence[float], *, lined: bool) -> str:
    value = "single" if lined else "nil"
    sides = "".join(f'<w:{side} w:val="{value}" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/>{_INSIDE if lined else ""}'
        f"<w:tblBorders>{sides}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/>{_CELL if lined else ""}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _row(cells: Sequence[str], widths: Sequence[float], *, head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inner}</w:tr>"


def _paragraph(one: Para) -> str:
    align, size = _STYLES[one.style]
    indent = '<w:ind w:firstLine="567"/>' if one.style in ("body", "item") else ""
    layout = f'<w:pPr><w:spacing w:before="40" w:after="40"/>{indent}<w:jc w:val="{align}"/></w:pPr>'
    return f"<w:p>{layout}{''.join(_run(run, size) for run in one.runs)}</w:p>"


def _line(words: str, how: str = "", *, size: float = BODY, align: str = "center") -> str:
    layout = f'<w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="{align}"/></w:pPr>'
    return f"<w:p>{layout}{_run((words, how), size) if words else ''}</w:p>"


def _run(run: Run, size: float) -> str:
    words, how = run
    font = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    weight = {"b": "<w:b/>", "i": "<w:i/>"}.get(how, "")
    text = escape(_CONTROL.sub("", words))
    return (
        f'<w:r><w:rPr>{font}{weight}<w:sz w:val="{round(2 * size)}"/></w:rPr>'
        f'<w:t xml:space="preserve">{text}</w:t></w:r>'
    )


# Above the text in the middle, not on the first page (Nghị định 30/2020/NĐ-CP, Phụ lục I).
_PAGE = (
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:fldSimple w:instr=" PAGE ">'
    f"{_run(('2', ''), BODY)}</w:fldSimple></w:p>"
)


def _twips(millimetres: float) -> int:
    return round(millimetres * 56.7)
