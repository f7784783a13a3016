"""Sample papers as Word files: letterhead and closing in tables without borders, automatic numbers, legacy fonts."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from tests.samples.source import Block, Line, Paper

FONT = "Times New Roman"
LEGACY, LEGACY_CAPITALS = ".VnTime", ".VnTimeH"
WIDTH = 16.5  # centimetres of text on a page
SHARES = (0.41, 0.59)
"""Widths of the two columns of letterhead and closing."""
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP can hold
_LIST = 77  # id of our list; the ids of the template are small


def build(paper: Paper) -> bytes:
    """The DOCX; the same paper gives the same bytes."""
    made = _Writer(legacy=paper.way == "tcvn3")
    if paper.numbered:
        made.add_list()
    for block in paper.blocks:
        made.add(block)
    return _repeatable(made.document)


class _Writer:
    """Puts blocks into one document."""

    def __init__(self, *, legacy: bool) -> None:
        self.legacy = legacy
        self.document = Document()
        normal = self.document.styles["Normal"]
        normal.font.size = Pt(13)
        _set_font(normal.element.get_or_add_rPr(), LEGACY if legacy else FONT)
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(3), Cm(1.5)
        section.top_margin = section.bottom_margin = Cm(2)

    def add(self, block: Block) -> None:
        """Put a block at the end."""
        if block.kind == "page":
            self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif block.kind == "table":
            self._table(block)
        elif block.kind in ("letterhead", "closing"):
            self._columns(block)
        else:
            for line in block.left:
                self._fill(self.document.add_paragraph(), line, title=block.kind == "title")

    def add_list(self) -> None:
        """Define the numbers «I.» and «1.»; what is numbered does not hold them in its text."""
        numbering = self.document.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="%{depth + 1}."/><w:lvlJc w:val="left"/></w:lvl>'
            for depth, form in enumerate(("upperRoman", "decimal"))
        )
        abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_LIST}">{levels}</w:abstractNum>'
        numbering.insert(0, parse_xml(abstract))
        number = f'<w:num {nsdecls("w")} w:numId="{_LIST}"><w:abstractNumId w:val="{_LIST}"/></w:num>'
        numbering.append(parse_xml(number))

    def _columns(self, block: Block) -> None:
        rows = _two_rows(block) if block.kind == "letterhead" else [(block.left, block.right)]
        table = self._grid(len(rows), SHARES)
        for row, columns in zip(table.rows, rows, strict=True):
            for cell, lines, side in zip(row.cells, columns, ("left", "right"), strict=True):
                centred = block.kind == "letterhead" or side == "right"
                self._cell(cell, [replace(line, centred=centred) for line in lines], size=12)
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    def _table(self, block: Block) -> None:
        table = self._grid(len(block.rows), block.widths)
        table.style = "Table Grid"
        for number, (row, texts) in enumerate(zip(table.rows, block.rows, strict=True)):
            for cell, text in zip(row.cells, texts, strict=True):
                self._cell(cell, [Line(text, bold=number == 0, centred=number == 0)], size=12)
        self.document.add_paragraph()

    def _grid(self, rows: int, shares: Sequence[float]) -> Table:
        table = self.document.add_table(rows, len(shares))
        table.autofit = False
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Cm(WIDTH * share)
            for cell in column.cells:
                cell.width = Cm(WIDTH * share)
        return table

    def _cell(self, cell: _Cell, lines: list[Line], *, size: int) -> None:
        paragraph = cell.paragraphs[0]
        for number, line in enumerate(lines):
            paragraph = cell.add_paragraph() if number else paragraph
            self._fill(paragraph, line, title=True)
            paragraph.paragraph_format.space_after = Pt(0)
            for run in paragraph.runs:
                run.font.size = Pt(size)
            if not line.centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT

    def _fill(self, paragraph: Paragraph, line: Line, *, title: bool) -> None:
        shape = paragraph.paragraph_format
        shape.space_after = Pt(6)
        centred = line.centred or (title and paragraph._p.getparent().tag != qn("w:tc"))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.JUSTIFY
        if not title and not centred:
            shape.first_line_indent = Cm(1)
        if line.level:
            _number(paragraph, line.level - 1)
        for words, bold in ((line.lead, True), (line.text, line.bold)):
            for font, text in self._runs(words):
                run = paragraph.add_run(text)
                run.bold, run.italic = bold or None, line.italic or None
                if font:
                    _set_font(run._r.get_or_add_rPr(), font)

    def _runs(self, text: str) -> list[tuple[str | None, str]]:
        return legacy_runs(text) if self.legacy else [(None, text)] if text else []


def _two_rows(block: Block) -> list[tuple[Sequence[Line], Sequence[Line]]]:
    """Names above, number and day below, as most offices lay their letterhead out."""
    at = next(index for index, line in enumerate(block.left) if line.text.startswith("Số"))
    return [(block.left[:at], block.right[:-1]), (block.left[at:], block.right[-1:])]


def _set_font(properties, name: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{slot}"), name)


def _number(paragraph: Paragraph, depth: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = depth
    properties.get_or_add_numId().val = _LIST


@cache
def _codes() -> dict[str, str]:
    table = json.loads((resources.files("corpus") / "data" / "tcvn3.json").read_text(encoding="utf-8"))
    return {letter: code for code, letter in table["letters"].items()}


def legacy_runs(text: str) -> list[tuple[str | None, str]]:
    """The text in the codes of TCVN3 fonts; capitals without a code are small letters of the capitals' font."""
    codes = _codes()
    if text.isupper() and any(letter not in codes and not letter.isascii() for letter in text):
        return [(LEGACY_CAPITALS, _coded(text.lower()))]
    runs: list[tuple[str | None, str]] = []
    for letter in text:
        shown = letter.isascii() or letter in codes
        font, code = (LEGACY, codes.get(letter, letter)) if shown else (LEGACY_CAPITALS, codes[letter.lower()])
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + code)
        else:
            runs.append((font, code))
    return runs


def _coded(text: str) -> str:
    codes = _codes()
    return "".join(codes.get(letter, letter) for letter in text)


def _repeatable(document) -> bytes:
    """Save with fixed times in the properties and in the ZIP."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = "Vankho"
    properties.created = properties.modified = dt.datetime(2018, 1, 15)
    properties.comments = ""
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()
