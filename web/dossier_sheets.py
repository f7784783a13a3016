"""The papers of dossiers in the forms of Nghị định 30/2020/NĐ-CP, Phụ lục V, and those of their destruction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from archive.appraisal import Handed, HandOver, Party
from archive.disposal import Disposal, Entry
from archive.dossiers import Dossier, Unit
from archive.fonds import Fonds
from archive.retention import PERMANENT, Term
from web import dossier_lines
from web.dossier_lines import Line, titled
from web.filters import date
from web.paper import Block, Column, Grid, Head, Para, Row, Sheet, Signs, bold, italic, para, written

SIGNED = "(Ký, ghi rõ họ tên)"
NO_DAY = "ngày … tháng … năm ……"
LEAVES = {Unit.SHEET: "tờ", Unit.PAGE: "trang"}


def contents(dossier: Dossier, lines: Sequence[Line], head: Head) -> Sheet:
    """List of the documents in a dossier (mục lục văn bản trong hồ sơ)."""
    unit = LEAVES[dossier.unit]
    columns = (
        Column("STT", 11, "center"), Column("Số, ký hiệu", 30), Column("Ngày tháng", 21, "center"),
        Column("Tên loại và trích yếu nội dung", 50), Column("Tác giả", 25),
        Column(f"{unit.capitalize()} số", 15, "center"), Column("Ghi chú", 13, "center"),
    )  # fmt: skip
    rows = tuple(
        Row((str(n), one.number or "", date(one.issued_on), titled(one), one.issuer or "", line.leaves, line.note))
        for n, line in enumerate(lines, 1)
        for one in (line.described,)
    )
    whole = dossier_lines.total(lines)
    counted = f", {whole:02d} {unit}" if whole else ""
    return Sheet(
        f"Mục lục văn bản hồ sơ {dossier.code}", head,
        (
            para(bold("MỤC LỤC VĂN BẢN TRONG HỒ SƠ"), style="title"),
            para("Số và ký hiệu hồ sơ: ", bold(dossier.code), *_kept(dossier), style="under"),
            para(italic(dossier.title), style="under"),
            Grid(columns, rows),
            para(f"Mục lục này gồm {len(lines):02d} văn bản{counted}."),
            Signs((("", ""), ("NGƯỜI LẬP HỒ SƠ", SIGNED))),
        ),
    )  # fmt: skip


def _kept(dossier: Dossier) -> tuple[str | tuple[str, str], ...]:
    return (". Thời hạn bảo quản: ", bold(dossier.decided.term.words)) if dossier.decided else ()


def cover(dossier: Dossier, lines: Sequence[Line], fonds: Fonds | None, office: str) -> Sheet:
    """Cover of a dossier (bìa hồ sơ)."""
    found = dossier_lines.span(lines)
    whole = dossier_lines.total(lines)
    body = fonds.name if fonds else office
    term = dossier.decided.term.words if dossier.decided else "…………"
    leaves = f", {whole:02d} {LEAVES[dossier.unit]}" if whole else ""
    between = f"Từ ngày {date(found[0])} đến ngày {date(found[1])}" if found else "Từ ngày ………… đến ngày …………"
    blocks: list[Block] = [
        *([para(fonds.parent.upper(), style="under")] if fonds and fonds.parent else []),
        para(bold(body.upper()), style="under"),
        para(dossier.heading.split("\n")[0] if dossier.heading else "", style="under"),
        para("", style="space"), para("", style="space"), para("", style="space"),
        para(bold("HỒ SƠ"), style="title"),
        para("Số và ký hiệu: ", bold(dossier.code), style="under"),
        para("", style="space"),
        para(bold(dossier.title), style="under"),
        para("", style="space"),
        para(between, style="under"),
        para(f"Gồm {len(lines):02d} văn bản{leaves}", style="under"),
        para("", style="space"), para("", style="space"), para("", style="space"), para("", style="space"),
        para("Phông: ", fonds.name if fonds else "…………", style="item"),
        para("Mục lục số: …………", style="item"),
        para("Hồ sơ số: …………", style="item"),
        para("Thời hạn bảo quản: ", bold(term), style="item"),
    ]  # fmt: skip
    return Sheet(f"Bìa hồ sơ {dossier.code}", None, tuple(blocks), framed=True)


def year_list(year: int, some: Sequence[Dossier], head: Head) -> Sheet:
    """A year's list of dossiers (danh mục hồ sơ)."""
    columns = (
        Column("Số và ký hiệu hồ sơ", 24, "center"), Column("Đề mục và tiêu đề hồ sơ", 65),
        Column("Thời hạn bảo quản", 24, "center"), Column("Người lập hồ sơ", 32), Column("Ghi chú", 20),
    )  # fmt: skip
    ever = sum(one.decided is not None and one.decided.term.value == PERMANENT for one in some)
    return Sheet(
        f"Danh mục hồ sơ năm {year}", head,
        (
            para(bold("DANH MỤC HỒ SƠ"), style="title"),
            para(bold(f"Năm {year}"), style="under"),
            para(italic("(Ban hành kèm theo Quyết định số ……… ngày … tháng … năm ……)"), style="under"),
            Grid(columns, tuple(_by_heading(some))),
            para(f"Bản danh mục hồ sơ này có {len(some):02d} hồ sơ, bao gồm:"),
            para(f"{ever:02d} hồ sơ bảo quản vĩnh viễn;", style="item"),
            para(f"{len(some) - ever:02d} hồ sơ bảo quản có thời hạn.", style="item"),
            Signs((("", ""), ("QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ", "(Chữ ký, dấu; họ và tên)"))),
        ),
    )  # fmt: skip


def _by_heading(some: Iterable[Dossier]) -> Iterable[Row]:
    large = ""
    for heading, group in groupby(some, key=lambda one: one.heading):
        parts = heading.split("\n") if heading else []
        for depth, words in enumerate(parts):
            if depth or words != large:
                yield Row((words,), heading=True)
        large = parts[0] if parts else ""
        for one in group:
            term = one.decided.term.words if one.decided else ""
            yield Row((one.code, one.title, term, one.keeper, one.note))


def handed_list(one: HandOver, head: Head) -> Sheet:
    """List of dossiers handed over (mục lục hồ sơ, tài liệu nộp lưu)."""
    return listed(one.lines, one.minutes.on.year, head)


def listed(lines: Sequence[Handed], year: int, head: Head) -> Sheet:
    """The same, of any dossiers."""
    columns = (
        Column("STT", 11, "center"), Column("Số, ký hiệu hồ sơ", 24), Column("Tiêu đề hồ sơ", 52),
        Column("Thời gian tài liệu", 26, "center"), Column("Thời hạn bảo quản", 20, "center"),
        Column("Số tờ/ trang", 16, "center"), Column("Ghi chú", 16),
    )  # fmt: skip
    rows = tuple(
        Row((str(n), line.code, line.title, line.span, Term(line.term).words if line.term else "",
             f"{line.leaves} {LEAVES[Unit(line.unit)]}" if line.leaves else "", f"{line.files} tệp"))
        for n, line in enumerate(lines, 1)
    )  # fmt: skip
    count = len(lines)
    return Sheet(
        "Mục lục hồ sơ, tài liệu nộp lưu", head,
        (
            para(bold("MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU"), style="title"),
            para(bold(f"Năm {year}"), style="under"),
            Grid(columns, rows),
            para(f"Mục lục này gồm {count:02d} hồ sơ (đơn vị bảo quản)."),
            para("Viết bằng chữ: ", italic(f"{counted(count)} hồ sơ (đơn vị bảo quản).")),
            Signs((("", ""), ("NGƯỜI LẬP", "(Ký, ghi rõ họ tên, chức vụ)"))),
        ),
    )  # fmt: skip


def handed_minutes(one: HandOver, head: Head) -> Sheet:
    """Minutes of a hand-over (biên bản giao nhận hồ sơ, tài liệu)."""
    said = one.minutes
    files, leaves = sum(line.files for line in one.lines), [line.leaves for line in one.lines]
    spans = sorted({line.span for line in one.lines if line.span})
    paper = bool(said.boxes or said.metres)
    blocks: list[Block] = [
        para(bold("BIÊN BẢN"), style="title"),
        para(bold("Giao nhận hồ sơ, tài liệu"), style="under"),
        para("Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;"),
        para(f"Hôm nay, {written(said.on)}, chúng tôi gồm:"),
        *_side("BÊN GIAO", said.giver),
        *_side("BÊN NHẬN", said.receiver),
        para("Thống nhất lập biên bản giao nhận tài liệu với những nội dung như sau:"),
        para(f"1. Tên khối tài liệu giao nộp: {said.block}."),
        para(f"2. Thời gian của hồ sơ, tài liệu: {_between(spans)}."),
        para("3. Số lượng tài liệu:"),
        para("a) Đối với hồ sơ, tài liệu giấy:", style="item"),
        para(f"- Tổng số hộp (cặp): {said.boxes or 'không'};", style="item"),
        para(f"- Tổng số hồ sơ (đơn vị bảo quản): {f'{len(one.lines):02d}' if paper else 'không'}. "
             f"Quy ra mét giá: {said.metres or 'không'}.", style="item"),
        para("b) Đối với hồ sơ, tài liệu điện tử:", style="item"),
        para(f"- Tổng số hồ sơ: {len(one.lines):02d};", style="item"),
        para(f"- Tổng số tệp tin trong hồ sơ: {files:02d}"
             + (f" ({sum(n for n in leaves if n)} tờ, trang)." if all(leaves) else "."), style="item"),
        para(f"4. Tình trạng tài liệu giao nộp: {said.condition}."),
        para("5. Mục lục hồ sơ, tài liệu nộp lưu kèm theo."),
        para("Biên bản này được lập thành hai bản; bên giao giữ một bản, bên nhận giữ một bản."),
        Signs((("ĐẠI DIỆN BÊN GIAO", SIGNED), ("ĐẠI DIỆN BÊN NHẬN", SIGNED))),
    ]  # fmt: skip
    return Sheet("Biên bản giao nhận hồ sơ, tài liệu", head, tuple(blocks))


def _side(called: str, side: Party) -> tuple[Para, ...]:
    office = f". Chức vụ: {side.office}" if side.office else ""
    return (
        para(bold(f"{called}: "), side.body),
        para(f"Đại diện: Ông (bà) {side.person}{office}.", style="item"),
    )


def _between(spans: Sequence[str]) -> str:
    return "; ".join(spans) if spans else "…………"


def worthless(one: Disposal, head: Head) -> Sheet:
    """List of what is without further value (danh mục tài liệu hết giá trị)."""
    columns = (
        Column("Số TT", 12, "center"), Column("Số, ký hiệu hồ sơ", 24), Column("Tiêu đề hồ sơ", 50),
        Column("Số văn bản", 16, "center"), Column("Thời hạn bảo quản", 22, "center"), Column("Lý do loại", 27),
        Column("Ghi chú", 14),
    )  # fmt: skip
    rows = tuple(
        Row((str(n), f"{entry.code}\nnăm {entry.year}", entry.title, str(len(entry.condemned)), _until(entry),
             entry.reason, _spared(entry)))
        for n, entry in enumerate(one.entries, 1)
    )  # fmt: skip
    return Sheet(
        "Danh mục tài liệu hết giá trị", head,
        (
            para(bold("DANH MỤC TÀI LIỆU HẾT GIÁ TRỊ"), style="title"),
            para(italic(one.title), style="under"),
            Grid(columns, rows),
            para(f"Danh mục này gồm {len(one.entries):02d} hồ sơ, {len(one.condemned):02d} văn bản."),
            Signs((("NGƯỜI LẬP", SIGNED), ("TM. HỘI ĐỒNG XÁC ĐỊNH GIÁ TRỊ TÀI LIỆU", "CHỦ TỊCH\n" + SIGNED))),
        ),
    )  # fmt: skip


def _until(entry: Entry) -> str:
    return f"{Term(entry.term).words}, từ năm {entry.ended_on.year}"


def _spared(entry: Entry) -> str:
    count = sum(line.spared for line in entry.lines)
    return f"để lại {count}" if count else ""


def destroyed(one: Disposal, decision: str, head: Head) -> Sheet:
    """Minutes of a destruction (biên bản tiêu hủy); with dots for what is not known yet."""
    said = one.minutes.said if one.minutes else {}
    on = written(dt.date.fromisoformat(said["on"])) if said else NO_DAY
    present = said.get("present") or ["……………………………", "……………………………"]
    blocks: list[Block] = [
        para(bold("BIÊN BẢN"), style="title"),
        para(bold("Về việc tiêu hủy tài liệu hết giá trị"), style="under"),
        para(f"Căn cứ {decision or f'Quyết định số …………… {NO_DAY}'} về việc tiêu hủy tài liệu hết giá trị;"),
        para(f"Hôm nay, {on}, tại {said.get('place') or '……………'}, chúng tôi gồm:"),
        *(para(f"{n}. {name}", style="item") for n, name in enumerate(present, 1)),
        para(f"Đã tiến hành tiêu hủy {len(one.entries):02d} hồ sơ, gồm {len(one.condemned):02d} văn bản, theo danh mục "
             f"“{one.title}” kèm theo."),
        para(f"Phương pháp tiêu hủy: {said.get('how') or '……………'}. Tệp gốc được ghi đè rồi xóa khỏi kho; dấu vết của "
             "từng văn bản và danh mục này được giữ lại trong kho."),
        para("Biên bản này được lập thành hai bản, lưu trong hồ sơ tiêu hủy tài liệu."),
        Signs((("ĐẠI DIỆN CƠ QUAN", SIGNED), ("NGƯỜI TIÊU HỦY", SIGNED))),
    ]  # fmt: skip
    return Sheet("Biên bản tiêu hủy tài liệu", head, tuple(blocks))


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def counted(number: int) -> str:
    """A number in words, up to 9999.

    >>> counted(5), counted(15), counted(21), counted(105), counted(240), counted(1005)
    ('Năm', 'Mười lăm', 'Hai mươi mốt', 'Một trăm linh năm', 'Hai trăm bốn mươi', 'Một nghìn không trăm linh năm')
    """
    words = _spoken(number)
    return words[:1].upper() + words[1:]


def _spoken(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
        tail = {0: "", 1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(ones, _DIGITS[ones])
        return f"{head} {tail}".strip()
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        head = f"{_DIGITS[hundreds]} trăm"
        return f"{head} linh {_DIGITS[rest]}" if 0 < rest < 10 else f"{head} {_spoken(rest)}" if rest else head
    thousands, rest = divmod(number, 1000)
    head = f"{_spoken(thousands)} nghìn"
    if rest and rest < 100:
        head += " không trăm linh" if rest < 10 else " không trăm"
    return f"{head} {_spoken(rest)}" if rest else head
