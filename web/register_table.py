"""The registers in the shape of Nghị định 30/2020/NĐ-CP, Phụ lục IV: columns, cells, sheets as they are printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.office import OwnBody
from archive.registers import Line, Register
from indexer.views import Card
from web import paging, wordfile, workbook
from web.filters import date

SIZE = 11
"""Of the table's letters, in points."""
MARGINS = (15.0, 15.0, 15.0, 25.0)
"""Top, right, bottom, left of the sheet in millimetres; the left one is for the binding."""
_LINE = SIZE * 1.25 * paging.POINT
_PADDED = 2.6  # millimetres of a cell's padding and rule
_SIDES = 3.2  # and beside its text
_ROOM = 210 - MARGINS[0] - 18  # the foot and what is below it take 18
_ABOVE = 7.5  # below the lines above the table, each of which takes:
_ABOVE_LINE = SIZE * 1.09 * 1.35 * paging.POINT
_NUMBERS = 5.0  # the row «(1) (2) …»
_SHORT = ("Ngày đến", "Ngày chuyển")
"""Days of the register's own year: the year stands above the table."""
_HIDDEN = "(văn bản không xem được)"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    head: str
    width: float
    """Millimetres; the columns of a table come to 257."""
    centred: bool = False


TRACKING = "tracking"
"""The book that follows what came until it is dealt with (sổ theo dõi giải quyết văn bản đến)."""
COLUMNS = {
    # Phụ lục IV, mục VI
    "in": (
        Column("Ngày đến", 16, True), Column("Số đến", 13, True), Column("Tác giả", 34),
        Column("Số, ký hiệu văn bản", 33), Column("Ngày tháng văn bản", 23, True),
        Column("Tên loại và trích yếu nội dung văn bản", 59), Column("Đơn vị hoặc người nhận", 29),
        Column("Ngày chuyển", 17, True), Column("Ký nhận", 16, True), Column("Ghi chú", 17, True),
    ),
    # Phụ lục IV, mục VIII
    TRACKING: (
        Column("Số đến", 15, True),
        Column("Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản", 84),
        Column("Đơn vị hoặc người nhận", 38), Column("Thời hạn giải quyết", 24, True),
        Column("Tiến độ giải quyết", 38), Column("Số, ký hiệu văn bản trả lời", 34), Column("Ghi chú", 24, True),
    ),
    # Phụ lục IV, mục I
    "out": (
        Column("Số, ký hiệu văn bản", 33), Column("Ngày tháng văn bản", 23, True),
        Column("Tên loại và trích yếu nội dung văn bản", 57), Column("Người ký", 26), Column("Nơi nhận văn bản", 36),
        Column("Đơn vị, người nhận bản lưu", 22), Column("Số lượng bản", 14, True), Column("Ngày chuyển", 16, True),
        Column("Ký nhận", 14, True), Column("Ghi chú", 16, True),
    ),
}  # fmt: skip
WORDS = {Register.IN: "văn bản đến", Register.OUT: "văn bản đi"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its cells as printed."""

    line: Line
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A register of some days, ready to be shown, printed or sent."""

    register: Register
    since: dt.date
    until: dt.date
    lines: tuple[Line, ...]
    own: tuple[OwnBody, ...]
    today: dt.date
    answers: Mapping[str, Sequence[Card]] | None = None
    """By document, the papers that answered it; given, it is the book that follows what came."""

    @property
    def shape(self) -> str:
        """`in`, `out` or `tracking`: which columns it has."""
        return self.register.value if self.answers is None else TRACKING

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns."""
        return COLUMNS[self.shape]

    @property
    def left(self) -> tuple[str, ...]:
        """Whose register it is, as on a letterhead."""
        if not self.own:
            return ("TÊN CƠ QUAN, TỔ CHỨC",)
        return tuple(name.upper() for name in (self.own[0].parent, self.own[0].name) if name)

    @property
    def title(self) -> str:
        """«SỔ ĐĂNG KÝ VĂN BẢN ĐẾN»."""
        kept = "SỔ ĐĂNG KÝ" if self.answers is None else "SỔ THEO DÕI GIẢI QUYẾT"
        return f"{kept} {WORDS[self.register].upper()}"

    @property
    def reach(self) -> str:
        """«Năm 2018, từ số 31 đến số 37»; of what went out, from which day to which."""
        if not self.lines:
            return self.period.capitalize()
        if self.register is Register.IN and self.since.year == self.until.year:
            return f"Năm {self.since.year}, từ số {self.lines[0].number} đến số {self.lines[-1].number}"
        days = [line.day for line in self.lines]
        return f"Năm {self.since.year}, từ ngày {date(min(days))} đến ngày {date(max(days))}"

    @property
    def period(self) -> str:
        """«tháng 01/2018», or «năm 2018»."""
        whole = (self.since.month, self.until.month) == (1, 12)
        return f"năm {self.since.year}" if whole else f"tháng {self.since:%m/%Y}"

    @property
    def foot(self) -> str:
        """What stands at the foot of each sheet."""
        return f"In ngày {date(self.today)} từ Vankho"

    def rows(self) -> list[Row]:
        """All lines as printed."""
        heads = [column.head for column in self.columns]
        return [
            Row(line, tuple(
                short(value, line.year) if head in _SHORT and isinstance(value, dt.date) else printed(value)
                for head, value in zip(heads, self.cells(line), strict=True)
            ))
            for line in self.lines
        ]  # fmt: skip

    def cells(self, line: Line) -> tuple[workbook.Value, ...]:
        """The cells of a line, typed, in the order of its columns."""
        if self.answers is None:
            return cells(line)
        return followed(line, self.answers.get(line.document or "", ()), self.today)

    def sheets(self) -> list[list[Row]]:
        """The rows of each sheet; a register without lines is one empty sheet."""
        rows = self.rows()
        room = _ROOM - self._height([column.head for column in self.columns], bold=True) - _NUMBERS
        above = _ABOVE + _ABOVE_LINE * sum(paging.lines(line, 125, SIZE * 1.09, bold=True) for line in self.left)
        ranges = paging.sheets([self._height(row.cells) for row in rows], first=room - above, rest=room)
        return [[rows[at] for at in one] for one in ranges]

    def _height(self, texts: Sequence[str], *, bold: bool = False) -> float:
        lines = (
            paging.lines(text, column.width - _SIDES, SIZE, bold=bold)
            for text, column in zip(texts, self.columns, strict=True)
        )
        return max(lines) * _LINE + _PADDED


def short(day: dt.date | None, year: int) -> str:
    """A day in a register of its year: «11/01»; with its year where that is another one."""
    if day is None:
        return ""
    return f"{day:%d/%m}" if day.year == year else date(day)


def cells(line: Line) -> tuple[workbook.Value, ...]:
    """The ten cells of a line, typed, in the order of its columns."""
    paper, kept = line.paper, line.handling
    subject = _HIDDEN if line.hidden else subject_of(line)
    note = "; ".join(filter(None, (_void(line), kept.note, paper.urgency.capitalize())))
    if line.register is Register.IN:
        return (
            line.day, line.number, paper.issuer, paper.number, paper.issued_on, subject, kept.handler,
            kept.passed_on, kept.receipt, note,
        )  # fmt: skip
    return (
        paper.number, paper.issued_on, subject, paper.signer, paper.recipients, kept.handler, kept.copies,
        kept.passed_on, kept.receipt, note,
    )  # fmt: skip


def followed(line: Line, answers: Sequence[Card], today: dt.date) -> tuple[workbook.Value, ...]:
    """The seven cells of a line in the book that follows what came."""
    paper = line.paper
    day = f"ngày {date(paper.issued_on)}" if paper.issued_on else ""
    named = " ".join(filter(None, (paper.kind or "Văn bản", paper.number and f"số {paper.number}", day)))
    said = _HIDDEN if line.hidden else f"{named} của {paper.issuer}" if paper.issuer else named
    numbers = "; ".join(card.number or "không số" for card in answers)
    note = "; ".join(filter(None, (_void(line), line.handling.note)))
    return line.number, said, line.handling.handler, line.handling.due, _progress(line, answers, today), numbers, note


def _progress(line: Line, answers: Sequence[Card], today: dt.date) -> str:
    """How far it is, as far as the papers show: answered, in time or late; else overdue or open."""
    due, days = line.handling.due, [card.issued_on for card in answers if card.issued_on]
    if line.hidden or line.struck is not None:
        return ""
    if answers:
        late = (min(days) - due).days if days and due else 0
        told = f"Đã trả lời ngày {date(min(days))}" if days else "Đã trả lời"
        return f"{told}, quá hạn {late} ngày" if late > 0 else told
    if due is None:
        return ""
    return f"Quá hạn {(today - due).days} ngày" if today > due else f"Còn {(due - today).days} ngày"


def subject_of(line: Line) -> str:
    """«Kế hoạch xây dựng xã hội học tập»: type and subject as one phrase."""
    return " ".join(filter(None, (line.paper.kind, line.paper.title)))


def _void(line: Line) -> str:
    if line.struck is None:
        return ""
    return f"Hủy: {line.struck}" if line.struck else "Hủy"


def printed(value: workbook.Value) -> str:
    """A cell as it is printed."""
    if isinstance(value, dt.date):
        return date(value)
    return "" if value is None else str(value)


def word_file(book: Printed) -> bytes:
    """The register as a Word file."""
    rows = book.rows()
    table = wordfile.Table(
        left=book.left, right=(book.title, book.reach),
        head=([column.head for column in book.columns], [f"({at})" for at in range(1, len(book.columns) + 1)]),
        rows=[row.cells for row in rows], widths=[column.width for column in book.columns],
        centred=[at for at, column in enumerate(book.columns) if column.centred], foot=book.foot,
        void=[at for at, row in enumerate(rows) if row.line.struck is not None],
    )  # fmt: skip
    return wordfile.write(table, margins=MARGINS)


def workbook_file(book: Printed) -> bytes:
    """The register as a workbook, days and numbers as such."""
    head = [[column.head for column in book.columns], [f"({at})" for at in range(1, len(book.columns) + 1)]]
    sheet = workbook.Sheet(
        name=f"{WORDS[book.register].capitalize()} {book.period.replace('/', '-')}", head=2,
        rows=[*head, *map(book.cells, book.lines)], title=(" · ".join(book.left), f"{book.title}. {book.reach}"),
        widths=[max(11.5, column.width / 1.9) for column in book.columns], landscape=True,
    )  # fmt: skip
    return workbook.write([sheet])
