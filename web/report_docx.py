"""A report on a plan as a Word file, set as offices print it: Nghị định 30/2020/NĐ-CP, or the Party's own guide.

The only module outside the readers that knows python-docx, and it only writes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from web.filters import date
from web.plan_report import Letterhead, PlanReport, Result, Statement

_FONT = "Times New Roman"
BODY, TABLE = 14, 12
"""Sizes of the text and of tables, in points."""
STATE, MOTTO, PARTY = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ĐẢNG CỘNG SẢN VIỆT NAM",
)  # fmt: skip
UNCONFIRMED = "(*) Đoạn do máy đề xuất, chưa có người xác nhận."
_PROPERTY = 255  # characters of a property of the file
# Characters XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def report_docx(report: PlanReport) -> bytes:
    """The draft as a DOCX."""
    made = docx.Document()
    _page(made, report)
    _letterhead(made, report)
    _titles(made, report)
    _text(made, report.opening)
    _overview(made, report)
    _results(made, report)
    _silent(made, report)
    _figures(made, report)
    _written_by_hand(made, report)
    _sources(made, report)
    _closing(made, report.letterhead)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


# -- the sheet ---------------------------------------------------------------------------------------------


def _page(made: Document, report: PlanReport) -> None:
    """A4 with the margins of both guides, the page's number above from the second page on, the mark of a draft."""
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    normal: Any = made.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(BODY)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    normal.paragraph_format.space_after = Pt(0)
    section.different_first_page_header_footer = True
    _field(section.header.paragraphs[0], "PAGE")
    for footer in (section.first_page_footer, section.footer):
        day = date(report.today)
        words = f"DỰ THẢO do Vankho lập ngày {day} từ các văn bản trong kho; cần kiểm tra trước khi trình ký."
        _run(footer.paragraphs[0], words, size=10, italic=True)
        footer.paragraphs[0].alignment = ALIGN.CENTER
    made.core_properties.title = _clean(report.title)[:_PROPERTY]
    made.core_properties.author = "Vankho"


def _field(paragraph: Paragraph, code: str) -> None:
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(BODY)
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)


def _run(
    paragraph: Paragraph, text: str, *, size: float = BODY, bold: bool = False, italic: bool = False
) -> Paragraph:
    run = paragraph.add_run(_clean(text))
    run.font.name, run.font.size, run.bold, run.italic = _FONT, Pt(size), bold, italic
    return paragraph


def _line(
    cell: _Cell, text: str, *, size: float = BODY, bold: bool = False, italic: bool = False, first: bool = False
) -> None:
    """A centred line of a cell of the letterhead."""
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    _run(paragraph, text, size=size, bold=bold, italic=italic)


def _rule(cell_or_document: _Cell | Document, millimetres: float, between: float) -> None:
    """A rule in the middle of a column `between` millimetres wide: a line under an indented empty paragraph."""
    paragraph = cell_or_document.add_paragraph()
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm((between - millimetres) / 2)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.line_spacing = Pt(2), Pt(3)
    paragraph.paragraph_format.space_after = Pt(4)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _plain_table(made: Document, widths: Sequence[float]) -> Table:
    """A table without lines, which only places cells beside each other."""
    table = made.add_table(rows=1, cols=len(widths))
    _widths(table, widths)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        part = OxmlElement(f"w:{side}")
        part.set(qn("w:w"), "0")
        part.set(qn("w:type"), "dxa")
        margins.append(part)
    table._tbl.tblPr.append(margins)
    return table


def _widths(table: Table, widths: Sequence[float]) -> None:
    """LibreOffice goes by the table's grid, Word by its cells."""
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


# -- letterhead and title ------------------------------------------------------------------------------------

_LEFT, _RIGHT = 66.0, 98.0
"""Columns of the letterhead, in millimetres."""


def _letterhead(made: Document, report: PlanReport) -> None:
    head = report.letterhead
    left, right = _plain_table(made, (_LEFT, _RIGHT)).rows[0].cells
    day = f"{head.place}, ngày      tháng      năm {report.today.year}"
    parent, issuer = head.parent.upper(), head.issuer.upper()
    size = 14 if head.party else 13
    if parent:
        _line(left, parent, size=size, first=True)
    for at, words in enumerate(_broken(issuer)):
        _line(left, words, size=size, bold=True, first=not parent and at == 0)
    if head.party:
        _line(left, "*")
        _line(left, head.symbol)
        _line(right, PARTY, size=15, bold=True, first=True)
        _rule(right, 72, _RIGHT)
    else:
        _rule(left, 25, _LEFT)
        _line(left, head.symbol, size=13)
        _line(right, STATE, size=13, bold=True, first=True)
        _line(right, MOTTO, size=14, bold=True)
        _rule(right, 62, _RIGHT)
    _line(right, day, italic=True)


def _broken(issuer: str) -> list[str]:
    """A council's or committee's place stands on a line of its own."""
    kinds = ("ỦY BAN NHÂN DÂN ", "UỶ BAN NHÂN DÂN ", "HỘI ĐỒNG NHÂN DÂN ")
    kind = next((kind for kind in kinds if issuer.startswith(kind)), "")
    return [kind.strip(), issuer[len(kind) :]] if kind else [issuer]


def _titles(made: Document, report: PlanReport) -> None:
    party = report.letterhead.party
    name = made.add_paragraph()
    name.alignment = ALIGN.CENTER
    name.paragraph_format.space_before = Pt(18)
    _run(name, "BÁO CÁO", size=15 if party else 14, bold=True)
    title = made.add_paragraph()
    title.alignment = ALIGN.CENTER
    # The Party's subject goes on from «BÁO CÁO», so it begins with a small letter.
    _run(title, report.title[:1].lower() + report.title[1:] if party else report.title, bold=True)
    if party:
        mark = made.add_paragraph()
        mark.alignment = ALIGN.CENTER
        _run(mark, "-----")
    else:
        _rule(made, 40, 160)
    title.paragraph_format.space_after = Pt(6)


# -- the text ------------------------------------------------------------------------------------------------


def _text(made: Document, text: str, *, bold: bool = False, italic: bool = False, keep: bool = False) -> Paragraph:
    """A paragraph of running text: justified, its first line indented."""
    paragraph = made.add_paragraph()
    form = paragraph.paragraph_format
    paragraph.alignment = ALIGN.JUSTIFY
    form.first_line_indent, form.space_before, form.space_after = Mm(12.7), Pt(3), Pt(3)
    form.keep_with_next = keep
    return _run(paragraph, text, bold=bold, italic=italic)


def _overview(made: Document, report: PlanReport) -> None:
    _text(made, "I. TÌNH HÌNH CHUNG", bold=True, keep=True)
    _text(made, report.summary)
    if report.tallies:
        _text(made, "Kết quả theo cơ quan chủ trì:", keep=True)
        head = ("Cơ quan chủ trì", "Được giao", "Hoàn thành đúng hạn", "Hoàn thành quá hạn",
                "Chưa xong, trong hạn hoặc không hạn", "Quá hạn", "Tỷ lệ hoàn thành")  # fmt: skip
        rows = [
            (one.body, str(one.given), str(one.done), str(one.late), str(one.running), str(one.overdue), one.share)
            for one in report.tallies
        ]
        _table(made, head, rows, (46, 16, 19, 19, 24, 16, 20))


def _results(made: Document, report: PlanReport) -> None:
    _text(made, "II. KẾT QUẢ THỰC HIỆN TỪNG NHIỆM VỤ", bold=True, keep=True)
    for part in report.parts:
        if part.title:
            _text(made, f"Phần “{part.title}” của văn bản giao nhiệm vụ", italic=True, keep=True)
        for result in part.results:
            _result(made, result)
    if any(not said.confirmed for part in report.parts for one in part.results for said in one.statements):
        _text(made, UNCONFIRMED, italic=True)


def _result(made: Document, result: Result) -> None:
    _text(made, f"{result.number}. {result.title}", bold=True, keep=True)
    _text(made, f"{result.who}; {result.due}. Tình trạng: {result.state}.", italic=True, keep=True)
    for said in result.statements:
        _statement(made, said)
    if not result.statements:
        _text(made, "- Không tìm thấy trong kho văn bản nào nói về kết quả của nhiệm vụ này.")


def _statement(made: Document, said: Statement) -> None:
    mark = "" if said.confirmed else " (*)"
    remark = f" [{said.remark}]" if said.remark else ""
    end = "" if said.quote.endswith((".", ";", ":", "…")) else "."
    paragraph = _text(made, f"- “{said.quote}{end}”{mark}{remark} ")
    _run(paragraph, f"({said.source}).", size=BODY - 1, italic=True)


def _silent(made: Document, report: PlanReport) -> None:
    _text(made, "III. NHIỆM VỤ CHƯA THẤY KẾT QUẢ TRONG KHO", bold=True, keep=True)
    for result in report.silent:
        _text(made, f"- Nhiệm vụ {result.number}: {result.title} ({result.who}; {result.due}; {result.state.lower()}).")
    if not report.silent:
        _text(made, "Nhiệm vụ nào cũng có văn bản trong kho nói tới.")
    if report.unanswering:
        _text(made, "Báo cáo trong kho có dẫn văn bản giao nhiệm vụ mà chưa thấy trả lời nhiệm vụ nào:", keep=True)
        for source in report.unanswering:
            _text(made, f"- {source}.")


def _figures(made: Document, report: PlanReport) -> None:
    if not report.figures:
        return
    _text(made, "IV. SỐ LIỆU TRONG CÁC VĂN BẢN", bold=True, keep=True)
    rows = [
        (str(at), "; ".join(one.figures), str(one.task), one.source) for at, one in enumerate(report.figures, 1)
    ]
    _table(made, ("TT", "Số liệu", "Nhiệm vụ số", "Nguồn"), rows, (11, 62, 20, 67))


def _written_by_hand(made: Document, report: PlanReport) -> None:
    """What no archive knows: left to who drafts."""
    numbers = ("V", "VI") if report.figures else ("IV", "V")
    headings = ("HẠN CHẾ, NGUYÊN NHÂN", "NHIỆM VỤ THỜI GIAN TỚI; KIẾN NGHỊ, ĐỀ XUẤT")
    for number, words in zip(numbers, headings, strict=True):
        _text(made, f"{number}. {words}", bold=True, keep=True)
        _text(made, "[Phần này do người soạn thảo viết.]", italic=True)


def _sources(made: Document, report: PlanReport) -> None:
    if report.sources:
        _text(made, "Văn bản đã dùng để lập dự thảo này:", bold=True, keep=True)
        for at, source in enumerate(report.sources, 1):
            end = "." if at < len(report.sources) or report.letterhead.party else "./."
            _text(made, f"({at}) {source}{end}")


def _table(made: Document, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
    """A table with lines; its head is repeated on every page and no row is split."""
    table = made.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    _widths(table, widths)
    for at, texts in enumerate((head, *rows)):
        row = table.add_row()
        marks = ["w:cantSplit"] + (["w:tblHeader"] if at == 0 else [])
        for mark in marks:
            row._tr.get_or_add_trPr().append(OxmlElement(mark))
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            short = len(text) < 8
            paragraph.alignment = ALIGN.CENTER if at == 0 or short else ALIGN.LEFT
            _run(paragraph, text, size=TABLE, bold=at == 0)
    made.add_paragraph().paragraph_format.line_spacing = Pt(6)


# -- the closing ---------------------------------------------------------------------------------------------


def _closing(made: Document, head: Letterhead) -> None:
    """Who receives it, and the signature left blank."""
    left, right = _plain_table(made, (80, 80)).rows[0].cells
    first = left.paragraphs[0]
    _run(first, "Nơi nhận:", size=14 if head.party else 12, bold=not head.party, italic=not head.party)
    first.runs[0].underline = head.party
    mark = "," if head.party else ";"
    for at, name in enumerate(head.recipients):
        end = "." if at == len(head.recipients) - 1 else mark
        _run(left.add_paragraph(), f"- {name.rstrip(' ,;.')}{end}", size=12 if head.party else 11)
    _line(right, head.capacity or "……………………", bold=True, first=True)
    _line(right, "(Chức vụ của người ký)", italic=True, size=13)
    for _ in range(3):
        _line(right, "")
    _line(right, "(Họ và tên)", italic=True, size=13)
