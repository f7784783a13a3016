"""PPTX by streaming its XML: every slide a page, paragraphs and table rows one a line, notes after the slide."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from xml.sax.handler import ContentHandler

from corpus import encodings
from corpus.model import Body
from indexer.layout import Line, Sheet, compose
from indexer.ports import ReadFailure
from indexer.readers import media, symbols
from indexer.readers.package import Attributes, Package
from indexer.readers.runs import promised, settled
from indexer.readers.workbook import local

_LIMIT = 10_000_000  # characters of one slide
_LAST_NUMBER = re.compile(r"(\d{1,6})\D*$")
_COUNTERS = frozenset({"sldNum", "hdr", "ftr", "dt"})
"""Placeholders that repeat on every slide."""


class PptxReader:
    """Reads PowerPoint files of 2007 and later."""

    name = "pptx"

    def accepts(self, media_type: str) -> bool:
        """PPTX and its relatives."""
        return media_type == media.PPTX

    def read(self, path: Path, media_type: str) -> Body:
        """Slides in the order shown."""
        return read_slides(path, media_type, source="pptx")


READER = PptxReader()


def read_slides(path: Path, media_type: str, *, source: str) -> Body:
    """The slides of a presentation as a body."""
    with Package(path) as package:
        weight = Counter[str]()
        slides = [_slide(package, part, weight) for part in _parts(package)]
    undecided = [line.text for slide in slides for line in slide if not line.settled]
    open_lines, encoding = encodings.unify(undecided, weight)
    rest = iter(open_lines)
    texts = [[line.text if line.settled else next(rest) for line in slide] for slide in slides]
    if not any(text.strip() for slide in texts for text in slide):
        raise ReadFailure("no-text", "bản trình chiếu không có chữ nào")
    sheets = [Sheet(number, tuple(map(Line, slide)), source=source) for number, slide in enumerate(texts, 1)]
    return compose(sheets, media_type, source=source, encoding=encoding)


def drawings(package: Package, part: str, weight: Counter[str]) -> list[str]:
    """The words of the diagrams that belong to a part, one box a line."""
    lines: list[str] = []
    for kind, target in package.relations(part):
        if kind.endswith("/diagramData") and target in package:
            handler = _Slide(weight)
            package.parse(target, handler)
            lines += [line.text for line in handler.lines if line.text.strip()]
    return lines


def _parts(package: Package) -> list[str]:
    """Names of the slides' parts in order."""
    main = package.main_part("ppt/presentation.xml")
    order = _Order()
    if main in package:
        package.parse(main, order)
    targets = package.targets(main, "slide")
    parts = [targets[name] for name in order.relations if name in targets]
    if not parts:
        parts = sorted((t for kind, t in package.relations(main) if kind.endswith("/slide")), key=_number)
    return [part for part in parts if part in package]


def _number(part: str) -> int:
    found = _LAST_NUMBER.search(part)
    return int(found[1]) if found else 0


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph or table row, and whether a font told how its letters are stored."""

    text: str
    settled: bool


def _slide(package: Package, part: str, weight: Counter[str]) -> list[_Text]:
    handler = _Slide(weight)
    package.parse(part, handler)
    lines = handler.lines + [_Text(line, True) for line in drawings(package, part, weight)]
    for kind, target in package.relations(part):
        if kind.endswith("/notesSlide") and target in package:
            notes = _Slide(weight)
            package.parse(target, notes)
            lines += notes.lines
    return lines


class _Order(ContentHandler):
    """Collects the slides' relations in the order shown."""

    def __init__(self) -> None:
        super().__init__()
        self.relations: list[str] = []

    def startElement(self, name: str, attrs: Attributes) -> None:
        if local(name) == "sldId":
            self.relations += [value for key, value in attrs.items() if key.endswith(":id")]


class _Slide(ContentHandler):
    """Collects a slide's paragraphs and table rows."""

    def __init__(self, weight: Counter[str]) -> None:
        super().__init__()
        self.weight = weight
        self.lines: list[_Text] = []
        self.settled = False
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.paragraph: list[tuple[str, str | None]] | None = None
        self.font: str | None = None
        self.taking = False
        self.repeats = False
        self.size = 0

    def startElement(self, name: str, attrs: Attributes) -> None:
        kind = local(name)
        if kind == "p" and name != "p:p":
            self.paragraph = []
        elif kind in ("r", "fld"):
            self.font = None
        elif kind == "latin" and self.paragraph is not None:
            self.font = attrs.get("typeface")
        elif kind == "t":
            self.taking = True
        elif kind == "br" and self.paragraph is not None:
            self.paragraph.append(("\n", None))
        elif kind == "tr":
            self.row = []
        elif kind == "tc":
            self.cell = []
        elif kind == "sp":
            self.repeats = False
        elif kind == "ph":
            self.repeats = attrs.get("type") in _COUNTERS

    def characters(self, content: str) -> None:
        if self.taking and self.paragraph is not None and not self.repeats:
            self.size += len(content)
            if self.size > _LIMIT:
                raise ReadFailure("too-large", "tệp có quá nhiều chữ")
            self.paragraph.append((content, self.font))

    def endElement(self, name: str) -> None:
        kind = local(name)
        if kind == "t":
            self.taking = False
        elif kind == "p" and self.paragraph is not None:
            fonts = groupby(self.paragraph, key=lambda piece: piece[1])
            text = "".join(self._decoded("".join(piece for piece, _ in group), font) for font, group in fonts)
            self.paragraph = None
            if self.cell is not None:
                self.cell.extend(text.split("\n"))
            else:
                self._take(text.split("\n"))
        elif kind == "tc" and self.cell is not None:
            if self.row is not None:
                self.row.append(" ".join(" ".join(self.cell).split()))
            self.cell = None
        elif kind == "tr" and self.row is not None:
            if any(self.row):
                self._take(["\t".join(self.row)])
            self.row = None

    def _take(self, lines: list[str]) -> None:
        self.lines += [_Text(line, self.settled) for line in lines]
        self.settled = False

    def _decoded(self, text: str, font: str | None) -> str:
        if (signs := symbols.table(font)) is not None:
            return text.translate(signs)
        stored = promised(font)
        if stored is None or not encodings.keeps_promise(text, stored):
            return text
        self.settled = True
        return settled(text, stored, self.weight)
