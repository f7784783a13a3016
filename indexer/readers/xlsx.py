"""XLSX by streaming its XML: every sheet a page, its name the first line, each row a line of cells parted by tabs.

Empty cells keep their tab, so the place in the line is the column; the line's fragment gives the row.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from xml.sax.handler import ContentHandler

from corpus import encodings
from corpus.model import Body, Finding
from indexer.layout import Line, Sheet, compose
from indexer.ports import ReadFailure
from indexer.readers import media, symbols
from indexer.readers.package import Attributes, Package
from indexer.readers.runs import promised
from indexer.readers.runs import settled as decode
from indexer.readers.workbook import (
    Formats,
    FormatsHandler,
    Runs,
    SheetEntry,
    StringsHandler,
    WorkbookHandler,
    local,
    shown,
    unescaped,
    whole,
)

_LIMIT = 40_000_000  # characters of one file
_COLUMNS = 512
"""Columns read; beyond stand only stray cells."""
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_TRUTH = {"1": "TRUE", "0": "FALSE"}


class XlsxReader:
    """Reads Excel files of 2007 and later."""

    name = "xlsx"

    def accepts(self, media_type: str) -> bool:
        """XLSX and its relatives with macros or as templates."""
        return media_type == media.XLSX

    def read(self, path: Path, media_type: str) -> Body:
        """Visible sheets in order; a finding names the hidden ones."""
        return read_workbook(path, media_type, source="xlsx")


READER = XlsxReader()


Cell = tuple[tuple[str, bool], ...]
"""Pieces of a cell's text, and whether a font has settled how each was stored."""


@dataclass(slots=True)
class Row:
    """Cells of one row."""

    number: int
    cells: list[Cell]


def read_workbook(path: Path, media_type: str, *, source: str) -> Body:
    """The sheets of a workbook as a body."""
    with Package(path) as package:
        entries, tables, weight = sheets_of(package)
    hidden = [entry.name for entry in entries if entry.hidden]
    return _composed(tables, weight, media_type, source, hidden)


def sheets_of(
    package: Package, *, hidden: bool = False
) -> tuple[list[SheetEntry], list[tuple[SheetEntry, list[Row]]], Counter[str]]:
    """Every sheet's entry; the rows of those that are visible, or of all; the weight of legacy letters in them."""
    main = package.main_part("xl/workbook.xml")
    if main not in package:
        raise ReadFailure("truncated", "tệp XLSX không có phần nội dung")
    book = WorkbookHandler()
    package.parse(main, book)
    strings, formats = _strings(package, main), _formats(package, main)
    targets = package.targets(main, "worksheet")
    tables: list[tuple[SheetEntry, list[Row]]] = []
    weight: Counter[str] = Counter()
    left = _LIMIT
    for entry in book.sheets:
        target = targets.get(entry.relation)
        if (entry.hidden and not hidden) or target is None or target not in package:
            continue
        handler = _SheetHandler(strings, formats, weight, left=left, from_1904=book.from_1904)
        package.parse(target, handler)
        left = handler.left
        tables.append((entry, handler.rows))
    return book.sheets, tables, weight


def _strings(package: Package, main: str) -> list[Runs]:
    handler = StringsHandler()
    for kind, target in package.relations(main):
        if kind.endswith("/sharedStrings") and target in package:
            package.parse(target, handler)
    return handler.strings


def _formats(package: Package, main: str) -> Formats:
    handler = FormatsHandler()
    for kind, target in package.relations(main):
        if kind.endswith("/styles") and target in package:
            package.parse(target, handler)
    return handler.formats


def _composed(
    tables: list[tuple[SheetEntry, list[Row]]], weight: Counter[str], media_type: str, source: str, hidden: list[str]
) -> Body:
    weigh(tables, weight)
    sheets = []
    for number, (entry, rows) in enumerate(tables, 1):
        lines = [_line(row, weight) for row in rows]
        if lines:
            sheets.append(Sheet(number, (Line(" ".join(entry.name.split())), *lines), source=source))
    if not sheets:
        raise ReadFailure("no-text", "bảng tính không có ô nào có chữ")
    findings = [Finding("hidden-sheet", f"Không đọc trang tính ẩn: {', '.join(hidden)}.")] if hidden else []
    return compose(sheets, media_type, source=source, encoding=encodings.summary(weight), findings=findings)


def weigh(tables: list[tuple[SheetEntry, list[Row]]], weight: Counter[str]) -> None:
    """Letters that no font settled are decided by what the whole workbook holds."""
    for _, rows in tables:
        for row in rows:
            for text in (text for cell in row.cells for text, settled in cell if not settled):
                if (name := encodings.detect(text)) != "unicode" or encodings.legible(text):
                    weight[name] += encodings.telling(text)


def cell_text(cell: Cell, weight: Counter[str]) -> str:
    """What a cell says, in Unicode, its lines kept."""
    return "".join(text if settled else _decided(text, weight) for text, settled in cell)


def _line(row: Row, weight: Counter[str]) -> Line:
    texts = [" ".join(cell_text(cell, weight).split()) for cell in row.cells]
    return Line("\t".join(texts), (0.0, float(row.number - 1), float(len(texts)), float(row.number)))


def _decided(text: str, weight: Counter[str]) -> str:
    if encodings.legible(text):
        return text
    name = encodings.detect_among(text, weight)
    return encodings.DECODERS[name](text) if name in encodings.DECODERS else text


class _SheetHandler(ContentHandler):
    """Collects the rows of one sheet that hold anything."""

    def __init__(
        self, strings: list[Runs], formats: Formats, weight: Counter[str], *, left: int, from_1904: bool
    ) -> None:
        super().__init__()
        self.strings, self.formats, self.weight = strings, formats, weight
        self.left, self.from_1904 = left, from_1904
        self.rows: list[Row] = []
        self.row = Row(0, [])
        self.column = 0
        self.style = 0
        self.kind = "n"
        self.value: list[str] | None = None
        self.inline = StringsHandler()
        self.within = False
        """Whether inside the text of a cell that holds its own."""

    def startElement(self, name: str, attrs: Attributes) -> None:
        kind = local(name)
        if kind == "c":
            self._cell(attrs)
        elif kind == "row":
            number = whole(attrs.get("r")) or self.row.number + 1
            self.row = Row(number, [])
            self.column = 0
        elif kind == "v":
            self.value = []
        elif kind == "is":
            self.within = True
        if self.within:
            self.inline.startElement(name, attrs)

    def _cell(self, attrs: Attributes) -> None:
        address = _ADDRESS.fullmatch(attrs.get("r", ""))
        self.column = column(address[1]) if address else self.column + 1
        self.style, self.kind = whole(attrs.get("s")), attrs.get("t", "n")

    def characters(self, content: str) -> None:
        if self.value is not None:
            self.value.append(content)
        elif self.within:
            self.inline.characters(content)

    def endElement(self, name: str) -> None:
        kind = local(name)
        if self.within:
            self.inline.endElement(name)
        if kind == "v" and self.value is not None:
            value, self.value = "".join(self.value), None
            self._take(value)
        elif kind == "is":
            self.within = False
            self._put(self._read(tuple(self.inline.runs)))
        elif kind == "row" and any(self.row.cells):
            self.rows.append(self.row)

    def _take(self, value: str) -> None:
        if self.kind == "s":
            index = whole(value.strip())
            if index < len(self.strings):
                self._put(self._read(self.strings[index]))
        elif self.kind == "str":
            self._put(self._read(((unescaped(value), None),)))
        elif self.kind == "b":
            self._put(((_TRUTH.get(value.strip(), value), True),))
        elif self.kind in ("e", "d"):
            self._put(((value, True),))
        else:
            number = shown(value.strip(), self.formats.form(self.style), from_1904=self.from_1904)
            self._put(((number, True),))

    def _read(self, runs: Runs) -> Cell:
        """The pieces of a cell, those in legacy fonts decoded; neighbours that no font settles are one."""
        pieces: list[tuple[str, bool]] = []
        own = self.formats.font(self.style)
        for font, group in groupby(runs, key=lambda run: run[1] or own):
            text, stored, signs = "".join(text for text, _ in group), promised(font), symbols.table(font)
            settled = signs is not None or (stored is not None and encodings.keeps_promise(text, stored))
            if signs is not None:
                text = text.translate(signs)
            elif settled and stored:
                text = decode(text, stored, self.weight)
            if pieces and pieces[-1][1] == settled and encodings.legible(pieces[-1][0]) == encodings.legible(text):
                text = pieces.pop()[0] + text
            pieces.append((text, settled))
        return tuple(pieces)

    def _put(self, cell: Cell) -> None:
        self.left -= sum(len(text) for text, _ in cell)
        if self.left < 0:
            raise ReadFailure("too-large", "tệp có quá nhiều chữ")
        if not 0 < self.column <= _COLUMNS or not any(text.strip() for text, _ in cell):
            return
        cells = self.row.cells
        cells.extend([()] * (self.column - 1 - len(cells)))
        if len(cells) < self.column:
            cells.append(cell)
        elif not cells[self.column - 1]:  # some programs write cells in no order
            cells[self.column - 1] = cell


def column(letters: str) -> int:
    """Number of a column by its letters.

    >>> column("A"), column("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
