"""DOCX by streaming its XML: final text with list numbers, tables row by row, notes, text boxes, fonts per run."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.sax.handler import ContentHandler

from corpus import encodings, secrecy
from corpus.model import Body, Finding
from indexer.layout import Line, Sheet, compose, is_page_number
from indexer.ports import ReadFailure
from indexer.readers import docx_chunks as chunks
from indexer.readers import media
from indexer.readers.docx_flow import Flow
from indexer.readers.docx_styles import ListHandler, Lists, StyleHandler, Styles, ThemeHandler
from indexer.readers.package import Attributes, Package
from indexer.readers.pptx import drawings

_MAIN = "word/document.xml"
_LETTERHEAD = re.compile("cộng h(?:òa|oà) xã hội chủ nghĩa việt nam|đảng cộng sản việt nam", re.IGNORECASE)


class DocxReader:
    """Reads Word files of 2007 and later. Comments are left out."""

    name = "docx"

    def accepts(self, media_type: str) -> bool:
        """DOCX and its relatives with macros or as templates: the content is the same."""
        return media_type == media.DOCX

    def read(self, path: Path, media_type: str) -> Body:
        """Paragraphs and table rows, one a line; notes, headers and footers at the end."""
        return read_document(path, media_type, source="docx")


READER = DocxReader()


def read_document(path: Path, media_type: str, *, source: str) -> Body:
    """The paragraphs of a Word file as a body."""
    with Package(path) as package:
        lines, encoding = read_lines(package)
        repeated = package.repeated()
        unread = chunks.unread(package, package.main_part(_MAIN))
    if not any(line.strip() for line in lines):
        raise ReadFailure("no-text", "tệp không có chữ nào")
    findings = [Finding("repeated-part", f"Tệp có hai phần cùng tên: {repeated[0][:80]}.")] if repeated else []
    findings += unread
    sheet = Sheet(1, tuple(map(Line, lines)), source=source)
    return compose([sheet], media_type, source=source, encoding=encoding, findings=findings)


def read_lines(package: Package) -> tuple[list[str], str]:
    """The lines of a DOCX and how its letters were stored."""
    main = package.main_part(_MAIN)
    if main not in package:
        raise ReadFailure("truncated", "tệp DOCX không có phần nội dung")
    related = {kind.rsplit("/", 1)[-1]: target for kind, target in package.relations(main)}
    styles = _styles(package, related.get("styles"))
    styles.theme = _theme(package, related.get("theme"))
    lists = _lists(package, related.get("numbering"))
    flow = Flow(styles, lists)
    package.parse(main, flow)
    weight = Counter(flow.weight)
    edges = _edges(package, main, styles, lists)
    chunks.insert(package, main, flow)
    lines = [*edges.above, *flow.lines, *drawings(package, main, weight)]
    for notes in ("footnotes", "endnotes"):
        if (part := related.get(notes)) and part in package:
            handler = _Notes(Flow(styles, lists))
            package.parse(part, handler)
            lines += handler.flow.lines
            weight += handler.flow.weight
    return [*lines, *edges.below], encodings.summary(weight)


@dataclass(frozen=True, slots=True)
class _Edges:
    """Lines of headers and footers: those that belong before the text, and the rest."""

    above: list[str]
    below: list[str]


def _edges(package: Package, main: str, styles: Styles, lists: Lists) -> _Edges:
    """What headers and footers say beside page numbers, each line once."""
    above: list[str] = []
    below: list[str] = []
    for kind, target in package.relations(main):
        name = kind.rsplit("/", 1)[-1]
        if name not in ("header", "footer") or target not in package:
            continue
        flow = Flow(styles, lists)
        package.parse(target, flow)
        lines = [line for line in flow.lines if line.strip() and not is_page_number(line)]
        # A letterhead kept in the header, or a mark of secrecy, stands before the text; a running head does not.
        first = name == "header" and any(_LETTERHEAD.search(line) or secrecy.of_line(line) for line in lines)
        place = above if first else below
        place += [line for line in lines if line not in place]
    return _Edges(above, below)


def _styles(package: Package, part: str | None) -> Styles:
    handler = StyleHandler()
    if part and part in package:
        package.parse(part, handler)
    return handler.styles


def _theme(package: Package, part: str | None) -> dict[str, str]:
    handler = ThemeHandler()
    if part and part in package:
        package.parse(part, handler)
    return handler.fonts


def _lists(package: Package, part: str | None) -> Lists:
    handler = ListHandler()
    if part and part in package:
        package.parse(part, handler)
    return handler.lists


class _Notes(ContentHandler):
    """Passes on the notes but not the separators Word keeps among them."""

    def __init__(self, flow: Flow) -> None:
        super().__init__()
        self.flow = flow
        self.separator = False

    def startElement(self, name: str, attrs: Attributes) -> None:
        if name in ("w:footnote", "w:endnote"):
            self.separator = attrs.get("w:type") in ("separator", "continuationSeparator", "continuationNotice")
        if not self.separator:
            self.flow.startElement(name, attrs)

    def endElement(self, name: str) -> None:
        if not self.separator:
            self.flow.endElement(name)
        if name in ("w:footnote", "w:endnote"):
            self.separator = False

    def characters(self, content: str) -> None:
        if not self.separator:
            self.flow.characters(content)
