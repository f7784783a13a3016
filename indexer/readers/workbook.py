"""What a workbook says beside its cells: shared strings, fonts and formats of styles, names of its sheets."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from xml.sax.handler import ContentHandler

from indexer.ports import ReadFailure
from indexer.readers.package import Attributes

Runs = tuple[tuple[str, str | None], ...]
"""Pieces of a cell's text with the font each names, None: the cell's."""

_LIMIT = 40_000_000  # characters of one file
_DATE_FORMATS = frozenset({14, 15, 16, 17, 22, 27, 30, 31, 36, 50, 57})  # ECMA-376 part 1, 18.8.30
_TIME_FORMATS = frozenset({18, 19, 20, 21, 45, 46, 47})
_PERCENT_FORMATS = frozenset({9, 10})
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DATED = re.compile(r"[dy]", re.IGNORECASE)
_TIMED = re.compile(r"h|s", re.IGNORECASE)


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


def unescaped(text: str) -> str:
    """Characters that XML cannot hold, which workbooks write by their number (ECMA-376 part 1, 22.9.2.19).

    >>> unescaped("dòng một_x000D_ dòng hai, _x005F_x000D_")
    'dòng một\\r dòng hai, _x000D_'
    """
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


@dataclass(slots=True)
class SheetEntry:
    """One sheet as the workbook lists it."""

    name: str
    relation: str
    hidden: bool


class WorkbookHandler(ContentHandler):
    """Collects the sheets in order from `workbook.xml`."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[SheetEntry] = []
        self.from_1904 = False

    def startElement(self, name: str, attrs: Attributes) -> None:
        kind = local(name)
        if kind == "sheet":
            relation = next((value for key, value in attrs.items() if key.endswith(":id")), "")
            hidden = attrs.get("state", "visible") != "visible"
            self.sheets.append(SheetEntry(attrs.get("name", ""), relation, hidden))
        elif kind == "workbookPr":
            self.from_1904 = attrs.get("date1904") in ("1", "true")


class StringsHandler(ContentHandler):
    """Collects the shared strings; phonetic guides are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[Runs] = []
        self.runs: list[tuple[str, str | None]] = []
        self.font: str | None = None
        self.text: list[str] | None = None
        self.guides = 0
        self.size = 0

    def startElement(self, name: str, attrs: Attributes) -> None:
        kind = local(name)
        if kind in ("si", "is"):
            self.runs = []
        elif kind == "r":
            self.font = None
        elif kind == "rFont":
            self.font = attrs.get("val")
        elif kind == "rPh":
            self.guides += 1
        elif kind == "t" and not self.guides:
            self.text = []

    def characters(self, content: str) -> None:
        if self.text is not None:
            self.size += len(content)
            if self.size > _LIMIT:
                raise ReadFailure("too-large", "tệp có quá nhiều chữ")
            self.text.append(content)

    def endElement(self, name: str) -> None:
        kind = local(name)
        if kind == "t" and self.text is not None:
            self.runs.append((unescaped("".join(self.text)), self.font))
            self.text = None
        elif kind == "r":
            self.font = None
        elif kind == "rPh":
            self.guides -= 1
        elif kind == "si":
            self.strings.append(tuple(self.runs))


@dataclass(slots=True)
class Formats:
    """Font and form of number by a cell's style."""

    fonts: list[str | None] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    cells: list[tuple[int, int]] = field(default_factory=list)
    """Font and number format of each style."""
    forms: dict[int, str] = field(default_factory=dict)

    def font(self, style: int) -> str | None:
        """The font of a cell."""
        index = self.cells[style][0] if style < len(self.cells) else 0
        return self.fonts[index] if index < len(self.fonts) else None

    def form(self, style: int) -> str:
        """`date`, `time`, `moment`, `percent` or `number`."""
        code = self.cells[style][1] if style < len(self.cells) else 0
        if code not in self.forms:
            self.forms[code] = _form(code, self.codes.get(code))
        return self.forms[code]


def _form(number: int, code: str | None) -> str:
    if code is None:
        if number in _DATE_FORMATS:
            return "moment" if number == 22 else "date"
        if number in _TIME_FORMATS:
            return "time"
        return "percent" if number in _PERCENT_FORMATS else "number"
    bare = _QUOTED.sub("", code.split(";", 1)[0][:200])
    dated, timed = _DATED.search(bare), _TIMED.search(bare)
    if dated:
        return "moment" if timed else "date"
    return "time" if timed and "general" not in bare.lower() else "percent" if "%" in bare else "number"


class FormatsHandler(ContentHandler):
    """Fills `Formats` from `styles.xml`."""

    def __init__(self) -> None:
        super().__init__()
        self.formats = Formats()
        self.section = ""

    def startElement(self, name: str, attrs: Attributes) -> None:
        kind = local(name)
        if kind in ("fonts", "cellXfs", "cellStyleXfs", "dxfs"):
            self.section = kind
        elif kind == "font" and self.section == "fonts":
            self.formats.fonts.append(None)
        elif kind == "name" and self.section == "fonts" and self.formats.fonts:
            self.formats.fonts[-1] = attrs.get("val")
        elif kind == "numFmt" and not self.section.startswith("dxf"):
            self.formats.codes[whole(attrs.get("numFmtId"))] = attrs.get("formatCode", "")
        elif kind == "xf" and self.section == "cellXfs":
            self.formats.cells.append((whole(attrs.get("fontId")), whole(attrs.get("numFmtId"))))

    def endElement(self, name: str) -> None:
        if local(name) == self.section:
            self.section = ""


def whole(text: str | None) -> int:
    """A number of a list, 0 where there is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def shown(value: str, form: str, *, from_1904: bool = False) -> str:
    """A stored number as a person sees it; dates as Vietnamese offices write them.

    >>> shown("42643", "date"), shown("0.125", "percent"), shown("0.1", "number"), shown("12.0", "number")
    ('30/09/2016', '12.5%', '0.1', '12')
    """
    try:
        number = float(value)
    except ValueError:
        return value
    if form in ("date", "time", "moment"):
        return _moment(number + (1462 if from_1904 else 0), form) or _plain(number)
    return _plain(number * 100) + "%" if form == "percent" else _plain(number)


def _plain(number: float) -> str:
    """As a spreadsheet shows it: ten digits, but all of a whole number."""
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e21 else f"{number:.10g}"


def _moment(days: float, form: str) -> str | None:
    if not 0 <= days < 2_958_466:  # the year 10000
        return None
    # Day 60 is the 29 February 1900 that never was.
    moment = dt.datetime(1899, 12, 30 if days > 60 else 31) + dt.timedelta(seconds=round(days * 86_400))
    if form == "time":
        return f"{moment:%H:%M}"
    day = f"{moment.day:02d}/{moment.month:02d}/{moment.year:04d}"
    return f"{day} {moment:%H:%M}" if form == "moment" and (moment.hour or moment.minute) else day
