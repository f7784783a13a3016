"""The flow of a DOCX part as lines: paragraphs, table rows, text boxes, in the final state of tracked changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from xml.sax.handler import ContentHandler

from corpus import encodings
from indexer.ports import ReadFailure
from indexer.readers import symbols
from indexer.readers.docx_styles import Lists, Styles, font_of, is_on, number
from indexer.readers.package import DEPTH, Attributes
from indexer.readers.runs import Run, promised, settle

CAPITALS_AS_DRAWN = False
"""Whether runs in a font like .VnTimeH become capitals. Their letters are stored small, and independent
transcripts keep them so; search and headings do not depend on case."""

_LIMIT = 40_000_000  # characters of one file
_UNSEEN = (
    "w:del w:moveFrom w:rPrChange w:pPrChange w:tblPrChange w:trPrChange w:tcPrChange w:sectPrChange"
    " w:tblGridChange w:numberingChange w:rt w:instrText w:delText w:delInstrText w:sectPr"
)
_SKIPPED = frozenset(_UNSEEN.split())
"""Elements whose content no reader of the final paper sees."""


@dataclass(slots=True)
class _Run:
    """Properties of the run being read."""

    font: str | None = None
    style: str | None = None
    caps: bool | None = None
    hidden: bool | None = None


@dataclass(slots=True)
class _Paragraph:
    """A paragraph being read."""

    style: str | None = None
    list_id: str | None = None
    level: int | None = None
    joins_next: bool = False
    parts: list[Run] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    """Lines of text boxes anchored here."""
    run: _Run | None = None
    in_properties: bool = False


@dataclass(slots=True)
class _Table:
    """A table being read."""

    lines: list[str] = field(default_factory=list)
    row: list[list[str]] = field(default_factory=list)
    """The lines of each cell."""
    cell: list[str] | None = None
    deleted: bool = False


_STACKED = 90  # characters of the longest line in a cell that only stacks lines


def _row_lines(row: list[list[str]]) -> list[str]:
    """One line for a row of data; letterheads and signature blocks keep the lines that stand under each other."""
    filled = [cell for cell in row if cell]
    stacked = len(filled) == 2 and any(len(cell) > 2 for cell in filled)
    if not stacked or any(len(line) > _STACKED for cell in filled for line in cell):
        return ["\t".join(" ".join(cell) for cell in row)]
    left, right = filled
    return [*left[:-1], f"{left[-1]}\t{right[0]}", *right[1:]]


class Flow(ContentHandler):
    """Turns the events of a part into `lines`."""

    def __init__(self, styles: Styles, lists: Lists) -> None:
        super().__init__()
        self.styles, self.lists = styles, lists
        self.lines: list[str] = []
        self.weight: Counter[str] = Counter()
        """Letters by how they were stored."""
        self.sinks: list[list[str]] = [self.lines]
        self.paragraphs: list[_Paragraph] = []
        self.tables: list[_Table | None] = []
        self.choices: list[bool] = []
        self.skip = 0
        self.taking = False
        self.size = 0
        self.pending = ""
        self.level = 0
        self.fields: list[bool] = []
        """Of each field we are in, whether its result has begun; before stands its code."""
        self.chunks: list[tuple[int, str]] = []
        """Other files that belong before a line, by their relation."""
        self.starts = {
            "w:p": self._p, "w:r": self._r, "w:t": self._t, "m:t": self._t, "w:tab": self._tab, "w:br": self._br,
            "w:cr": self._br, "w:noBreakHyphen": self._hyphen, "w:softHyphen": self._soft, "w:sym": self._sym,
            "w:pPr": self._ppr, "w:pStyle": self._pstyle, "w:numId": self._numid, "w:ilvl": self._ilvl,
            "w:rFonts": self._fonts, "w:rStyle": self._rstyle, "w:caps": self._caps, "w:vanish": self._vanish,
            "w:tbl": self._tbl, "w:tr": self._tr, "w:tc": self._tc, "w:txbxContent": self._box,
            "mc:AlternateContent": self._alternate, "mc:Choice": self._choice, "w:trPr": self._trpr,
            "w:fldChar": self._field, "w:altChunk": self._chunk,
        }  # fmt: skip
        self.ends = {
            "w:p": self._end_p, "w:r": self._end_r, "w:t": self._end_t, "m:t": self._end_t, "w:pPr": self._end_ppr,
            "w:tbl": self._end_tbl, "w:tr": self._end_tr, "w:tc": self._end_tc, "w:txbxContent": self._end_box,
            "mc:AlternateContent": self._end_alternate, "w:trPr": self._end_trpr,
        }  # fmt: skip
        self.in_row_properties = False

    # SAX

    def startElement(self, name: str, attrs: Attributes) -> None:
        if self.skip:
            self.skip += 1
        elif name in _SKIPPED:
            self._deleted_mark(name)
            self.skip = 1
        elif name == "mc:Fallback" and self.choices and self.choices[-1]:
            self.skip = 1
        else:
            self.level += 1
            if self.level > DEPTH:
                raise ReadFailure("bad-archive", "XML lồng nhau quá sâu")
            start = self.starts.get(name)
            if start is not None:
                start(attrs)

    def endElement(self, name: str) -> None:
        if self.skip:
            self.skip -= 1
            return
        self.level -= 1
        end = self.ends.get(name)
        if end is not None:
            end()

    def characters(self, content: str) -> None:
        if self.taking and not self.skip:
            self._add(content)

    # text

    def _add(self, text: str) -> None:
        if not self.paragraphs:
            return
        paragraph = self.paragraphs[-1]
        run = paragraph.run or _Run()
        if self._unseen(paragraph, run):
            return
        self.size += len(text)
        if self.size > _LIMIT:
            raise ReadFailure("too-large", "tệp có quá nhiều chữ")
        font = self.styles.named(run.font) if run.font else self.styles.font(paragraph.style, run.style)
        caps = run.caps if run.caps is not None else self.styles.caps(paragraph.style, run.style)
        if (signs := symbols.table(font)) is not None:
            paragraph.parts.append(Run(text.translate(signs), "unicode"))
        else:
            drawn = CAPITALS_AS_DRAWN and encodings.of_font(font)[1]
            paragraph.parts.append(Run(text, promised(font), caps or drawn))

    def _unseen(self, paragraph: _Paragraph, run: _Run) -> bool:
        """Whether a run is hidden, or the result of a field that stands in the code of another."""
        hidden = run.hidden if run.hidden is not None else self.styles.hidden(paragraph.style, run.style)
        return hidden or not all(self.fields[:-1])

    def _raw(self, text: str) -> None:
        if self.paragraphs and not self._unseen(self.paragraphs[-1], self.paragraphs[-1].run or _Run()):
            self.paragraphs[-1].parts.append(Run(text, "unicode"))

    def _field(self, attrs: Attributes) -> None:
        kind = attrs.get("w:fldCharType")
        if kind == "begin":
            self.fields.append(False)
        elif kind == "separate" and self.fields:
            self.fields[-1] = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _chunk(self, attrs: Attributes) -> None:
        if len(self.sinks) == 1:
            self.chunks.append((len(self.lines), attrs.get("r:id", "")))

    def _t(self, attrs: Attributes) -> None:
        self.taking = True

    def _end_t(self) -> None:
        self.taking = False

    def _tab(self, attrs: Attributes) -> None:
        # The same name describes tab stops inside paragraph properties.
        if self.paragraphs and self.paragraphs[-1].run and not self.paragraphs[-1].in_properties:
            self._raw("\t")

    def _br(self, attrs: Attributes) -> None:
        self._raw("\n")

    def _hyphen(self, attrs: Attributes) -> None:
        self._raw("-")

    def _soft(self, attrs: Attributes) -> None:
        self._add("\u00ad")  # the letter ư of TCVN3, else nothing

    def _sym(self, attrs: Attributes) -> None:
        try:
            code = int(attrs.get("w:char", ""), 16)
        except ValueError:
            return
        if 0x20 <= code <= 0xFFFD:
            self._raw(chr(code).translate(symbols.table(attrs.get("w:font")) or {}))

    # properties

    def _ppr(self, attrs: Attributes) -> None:
        if self.paragraphs:
            self.paragraphs[-1].in_properties = True

    def _end_ppr(self) -> None:
        if self.paragraphs:
            self.paragraphs[-1].in_properties = False

    def _pstyle(self, attrs: Attributes) -> None:
        if self.paragraphs:
            self.paragraphs[-1].style = attrs.get("w:val")

    def _numid(self, attrs: Attributes) -> None:
        if self.paragraphs and self.paragraphs[-1].in_properties:
            self.paragraphs[-1].list_id = attrs.get("w:val")

    def _ilvl(self, attrs: Attributes) -> None:
        if self.paragraphs and self.paragraphs[-1].in_properties:
            self.paragraphs[-1].level = number(attrs.get("w:val"), 0)

    def _of_run(self) -> _Run | None:
        if not self.paragraphs or self.paragraphs[-1].in_properties:
            return None
        return self.paragraphs[-1].run

    def _fonts(self, attrs: Attributes) -> None:
        if run := self._of_run():
            run.font = font_of(attrs) or run.font

    def _rstyle(self, attrs: Attributes) -> None:
        if run := self._of_run():
            run.style = attrs.get("w:val")

    def _caps(self, attrs: Attributes) -> None:
        if run := self._of_run():
            run.caps = is_on(attrs)

    def _vanish(self, attrs: Attributes) -> None:
        if run := self._of_run():
            run.hidden = is_on(attrs)

    def _deleted_mark(self, name: str) -> None:
        """A deleted paragraph mark joins two paragraphs; a deleted row goes."""
        if name not in ("w:del", "w:moveFrom"):
            return
        if self.in_row_properties and self.tables and self.tables[-1]:
            self.tables[-1].deleted = True
        elif self.paragraphs and self.paragraphs[-1].in_properties:
            self.paragraphs[-1].joins_next = True

    # blocks

    def _p(self, attrs: Attributes) -> None:
        self.paragraphs.append(_Paragraph())

    def _r(self, attrs: Attributes) -> None:
        if self.paragraphs:
            self.paragraphs[-1].run = _Run()

    def _end_r(self) -> None:
        if self.paragraphs:
            self.paragraphs[-1].run = None

    def _end_p(self) -> None:
        if not self.paragraphs:
            return
        paragraph = self.paragraphs.pop()
        text = self.pending + settle(paragraph.parts, self.weight)
        self.pending = ""
        if paragraph.joins_next:
            self.pending = text
            self.sinks[-1].extend(paragraph.boxes)
            return
        self.sinks[-1].extend((self._label(paragraph, text) + text).split("\n"))
        self.sinks[-1].extend(paragraph.boxes)

    def _label(self, paragraph: _Paragraph, text: str) -> str:
        list_id, level = self.styles.list_of(paragraph.style)
        list_id = paragraph.list_id if paragraph.list_id is not None else list_id
        level = paragraph.level if paragraph.level is not None else level
        if not text.strip() and not paragraph.list_id:
            return ""
        return self.lists.label(list_id, level, paragraph.style, self.styles)

    def _box(self, attrs: Attributes) -> None:
        self.sinks.append([])
        self.tables.append(None)

    def _end_box(self) -> None:
        self.tables.pop()
        lines = self.sinks.pop()
        if self.paragraphs:
            self.paragraphs[-1].boxes.extend(lines)
        else:
            self.sinks[-1].extend(lines)

    def _alternate(self, attrs: Attributes) -> None:
        self.choices.append(False)

    def _choice(self, attrs: Attributes) -> None:
        if self.choices:
            self.choices[-1] = True

    def _end_alternate(self) -> None:
        if self.choices:
            self.choices.pop()

    # tables

    def _tbl(self, attrs: Attributes) -> None:
        self.tables.append(_Table())

    def _tr(self, attrs: Attributes) -> None:
        if self.tables and (table := self.tables[-1]):
            table.row, table.deleted = [], False

    def _trpr(self, attrs: Attributes) -> None:
        self.in_row_properties = True

    def _end_trpr(self) -> None:
        self.in_row_properties = False

    def _tc(self, attrs: Attributes) -> None:
        self.sinks.append([])

    def _end_tc(self) -> None:
        if len(self.sinks) < 2:
            return
        lines = [" ".join(line.split()) for line in self.sinks.pop() if line.strip()]
        if self.tables and (table := self.tables[-1]):
            table.row.append(lines)
        else:
            self.sinks[-1].append(" ".join(lines))

    def _end_tr(self) -> None:
        if self.tables and (table := self.tables[-1]) and not table.deleted and any(table.row):
            table.lines.extend(_row_lines(table.row))

    def _end_tbl(self) -> None:
        if self.tables and (table := self.tables.pop()):
            self.sinks[-1].extend(table.lines)
