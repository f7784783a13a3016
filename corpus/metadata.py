"""Fields of a paper's metadata (dữ liệu đặc tả): Nghị định 30/2020/NĐ-CP, Phụ lục VI, and what an archive adds.

A field's value is text of one form, so that equal values are equal texts: days as 2018-01-15, lists a line each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from corpus import dates, number
from corpus.text import normalise


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    LIST = "list"
    LONG = "long"
    """Text of several lines."""


class Home(StrEnum):
    """Where a field's value lives, and so where a change of it goes."""

    READING = "reading"
    """Read in the paper; a change is a correction of the reading."""
    REGISTER = "register"
    """A line of a register."""
    SAID = "said"
    """Only a person can say it, or say it otherwise than what is worked out."""
    FIXED = "fixed"
    """Given once and never changed."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field."""

    name: str
    """In the annex; a dot stands between a group and its part."""
    label: str
    kind: Kind
    longest: int
    home: Home
    of: str = "in out"
    """In which registers the field is asked for."""
    added: bool = False
    """Not in the annex: what an archive asks of a document (Thông tư 02/2019/TT-BNV)."""


_T, _N, _D, _L, _LONG = Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.LIST, Kind.LONG
_READ, _BOOK, _SAID = Home.READING, Home.REGISTER, Home.SAID

FIELDS = (
    Field("FileCode.OrganId", "Mã định danh của cơ quan lập danh mục hồ sơ", _T, 13, _SAID),
    Field("FileCode.FileCatalog", "Năm hình thành hồ sơ", _N, 4, _SAID),
    Field("FileCode.FileNotation", "Số và ký hiệu hồ sơ", _T, 20, _SAID),
    Field("DocOrdinal", "Số thứ tự văn bản trong hồ sơ", _N, 3, _SAID),
    Field("TypeName", "Tên loại văn bản", _T, 100, _READ),
    Field("CodeNumber", "Số của văn bản", _T, 11, _READ),
    Field("CodeNotation", "Ký hiệu của văn bản", _T, 30, _READ),
    Field("IssuedDate", "Ngày, tháng, năm văn bản", _D, 10, _READ),
    Field("OrganName", "Tên cơ quan, tổ chức ban hành văn bản", _T, 200, _READ),
    Field("Subject", "Trích yếu nội dung", _T, 500, _READ),
    Field("Language", "Ngôn ngữ", _T, 30, _SAID),
    Field("PageAmount", "Số trang của văn bản", _N, 3, _SAID),
    Field("Description", "Ghi chú", _LONG, 500, _SAID),
    Field("ArrivalDate", "Ngày, tháng, năm đến", _D, 10, _BOOK, "in"),
    Field("ArrivalNumber", "Số đến", _N, 10, Home.FIXED, "in"),
    Field("SignerInfo.Position", "Chức vụ của người ký văn bản", _T, 100, _READ),
    Field("SignerInfo.FullName", "Họ và tên người ký văn bản", _T, 50, _READ),
    Field("To", "Tên cơ quan, tổ chức nhận văn bản", _L, 200, _READ, "out"),
    Field("Priority", "Mức độ khẩn", _N, 1, _READ),
    Field("IssuedAmount", "Số lượng bản phát hành", _N, 3, _BOOK, "out"),
    Field("ToPlaces", "Đơn vị hoặc người nhận", _T, 1000, _BOOK, "in"),
    Field("TraceHeaderList", "Ý kiến phân phối, chỉ đạo, trạng thái xử lý văn bản", _LONG, 20_000, _SAID, "in"),
    Field("DueDate", "Thời hạn giải quyết, hạn trả lời văn bản", _D, 10, _BOOK),
    Field("DocCode", "Mã định danh văn bản", _T, 60, _SAID, added=True),
    Field("InforSign", "Ký hiệu thông tin", _T, 30, _SAID, added=True),
    Field("Keyword", "Từ khóa", _T, 100, _SAID, added=True),
    Field("Mode", "Chế độ sử dụng", _T, 20, _SAID, added=True),
    Field("ConfidenceLevel", "Mức độ tin cậy", _T, 30, _SAID, added=True),
    Field("Autograph", "Bút tích", _LONG, 2000, _SAID, added=True),
    Field("Format", "Tình trạng vật lý", _T, 50, _SAID, added=True),
)
BY_NAME = {field.name: field for field in FIELDS}
URGENCY = ("", "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "HỎA TỐC HẸN GIỜ")
"""By its number in `Priority` (QCVN 102:2016/BTTTT); secret papers are not held, so it is urgency alone."""
LINES = 200
"""Lines a list may have."""


class BadValue(ValueError):
    """A value that its field cannot hold; says so in Vietnamese."""


def asked(register: str | None) -> tuple[Field, ...]:
    """The fields of a paper in this register; of one in none, those that both ask for."""
    return tuple(field for field in FIELDS if (register or "in out") in field.of)


def read(field: Field, typed: str) -> str:
    """What a person or a file gives for a field, in the field's one form; empty for nothing. Raises BadValue.

    >>> read(BY_NAME["IssuedDate"], "15/01/2018"), read(BY_NAME["Subject"], " xây  dựng ")
    ('2018-01-15', 'xây dựng')
    """
    typed = normalise(typed.replace("\r\n", "\n").replace("\r", "\n")).strip()
    typed = "".join(letter for letter in typed if letter in "\n\t" or letter.isprintable())
    if not typed:
        return ""
    if field.kind is Kind.DATE:
        return _day(field, typed)
    if field.kind is Kind.NUMBER:
        if not (typed.isascii() and typed.isdigit()) or len(typed.lstrip("0")) > field.longest:
            told = f"xin ghi số có nhiều nhất {field.longest} chữ số, không phải “{typed[:40]}”."
            raise BadValue(f"{field.label}: {told}")
        if field.name == "Priority" and int(typed) >= len(URGENCY):
            raise BadValue(f"{field.label}: xin ghi từ 0 đến {len(URGENCY) - 1}.")
        return str(int(typed))
    lines = [" ".join(line.split()) for line in typed.split("\n")]
    if field.kind is Kind.LIST:
        return _list(field, [line for line in lines if line])
    text = ("\n" if field.kind is Kind.LONG else " ").join(lines).strip()
    if len(text) > 20 * field.longest:
        raise BadValue(f"{field.label} dài quá {20 * field.longest} chữ.")
    return text


def _day(field: Field, typed: str) -> str:
    try:
        return dt.date.fromisoformat(typed).isoformat()
    except ValueError:
        found = dates.read(typed)
    if found is None:
        raise BadValue(f"{field.label}: chưa hiểu ngày “{typed[:40]}”. Ví dụ đúng: 30/9/2016")
    return found.isoformat()


def _list(field: Field, lines: list[str]) -> str:
    if len(lines) > LINES or any(len(line) > 20 * field.longest for line in lines):
        raise BadValue(f"{field.label}: quá dài; nhiều nhất {LINES} dòng.")
    return "\n".join(lines)


def usual(field: Field, worked: str) -> str:
    """What was read or worked out, in the field's one form; as it is where the field could not hold it."""
    try:
        return read(field, worked)
    except BadValue:
        return worked


def shortened(field: Field, value: str) -> str:
    """A value as the annex lets it leave: no longer than its field; the archive itself keeps it whole."""
    if field.kind in (Kind.NUMBER, Kind.DATE):
        return value  # part of a number is another number
    if field.kind is Kind.LIST:
        return "\n".join(line[: field.longest].rstrip() for line in value.split("\n"))
    return value[: field.longest].rstrip()


def parted(printed: str) -> tuple[str, str]:
    """Number and notation (số; ký hiệu) of a paper's full number.

    >>> parted("05-KH/HU"), parted("12/BC-HKH"), parted("30/2020/NĐ-CP")
    (('05', 'KH/HU'), ('12', 'BC-HKH'), ('30', '2020/NĐ-CP'))
    """
    try:
        serial = number.parse(printed).serial
    except ValueError:
        return "", printed
    rest = printed[len(serial) :] if printed.startswith(serial) else ""
    return (serial, rest[1:]) if rest[:1] in ("-", "/") else ("", printed)


def joined(serial: str, notation: str, like: str) -> str:
    """The full number of a number and a notation, written as `like` is: «05-KH/HU» or «12/BC-HKH».

    >>> joined("06", "KH/HU", "05-KH/HU"), joined("06", "KH/HU", ""), joined("7", "BC-HKH", "")
    ('06-KH/HU', '06-KH/HU', '7/BC-HKH')
    """
    if not serial or not notation:
        return serial or notation
    old, _ = parted(like)
    mark = like[len(old)] if old else "-" if "/" in notation and not notation[:4].isdigit() else "/"
    return f"{serial}{mark}{notation}"


def urgency(priority: str) -> str:
    """The mark of urgency for a `Priority`; empty for none."""
    return URGENCY[int(priority or 0)]


def priority(mark: str) -> str:
    """The `Priority` of a mark of urgency, as printed.

    >>> priority("Hoả tốc"), priority("THƯỢNG KHẨN"), priority("")
    ('3', '2', '0')
    """
    words = normalise(mark).upper().replace("HOẢ", "HỎA").split()
    found = [level for level, name in enumerate(URGENCY) if name and words[: len(name.split())] == name.split()]
    return str(max(found, default=0))
