"""What a clerk types into the forms of the registers, as values that the archive keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from archive.office import OwnBody
from archive.registers import Handling, Line, Paper, Register
from corpus import secrecy
from corpus.text import normalise
from web.correction_forms import Misread, day

PAPER = {
    "issuer": "Tác giả", "number": "Số, ký hiệu văn bản", "issued_on": "Ngày tháng văn bản", "kind": "Tên loại",
    "title": "Trích yếu nội dung", "signer": "Người ký", "recipients": "Nơi nhận văn bản", "urgency": "Độ khẩn",
}  # fmt: skip
_LONGEST = 2000
_MOST_COPIES = 9999
OWN = 20
"""Bodies an office may name as its own."""


def text(form: Mapping[str, str], name: str, label: str) -> str:
    """A field of one line. Raises Misread."""
    said = " ".join(normalise(form.get(name, "")).split())
    if len(said) > _LONGEST:
        raise Misread(f"{label} dài quá {_LONGEST} chữ.")
    return said


def date(form: Mapping[str, str], name: str) -> dt.date | None:
    """A day; None for nothing. Raises Misread."""
    found = day(normalise(form.get(name, "")))
    return dt.date.fromisoformat(found) if found else None


def paper(form: Mapping[str, str], before: Paper) -> Paper:
    """What the paper says; fields that the form lacks stay. Raises Misread."""
    found = {
        name: date(form, name) if name == "issued_on" else text(form, name, label)
        for name, label in PAPER.items()
        if name in form
    }
    after = replace(before, **found)
    # Nghị định 30/2020/NĐ-CP, Điều 22.4: secret papers have a register of their own, which is not kept here.
    if any(secrecy.of_line(said) for said in (after.urgency.upper(), after.title, after.kind)):
        raise Misread("Văn bản mật phải đăng ký vào sổ riêng, không ghi trên hệ thống này.")
    return after


def handling(form: Mapping[str, str], before: Handling, today: dt.date) -> Handling:
    """Where the paper went; fields that the form lacks stay. Raises Misread."""
    after = replace(
        before,
        handler=text(form, "handler", "Đơn vị hoặc người nhận") if "handler" in form else before.handler,
        receipt=text(form, "receipt", "Ký nhận") if "receipt" in form else before.receipt,
        note=text(form, "note", "Ghi chú") if "note" in form else before.note,
        passed_on=date(form, "passed_on") if "passed_on" in form else before.passed_on,
        due=date(form, "due") if "due" in form else before.due,
        copies=_count(form["copies"]) if "copies" in form else before.copies,
    )
    if after.passed_on and after.passed_on > today:
        raise Misread("Ngày chuyển không thể sau hôm nay.")
    return after


def _count(typed: str) -> int | None:
    typed = typed.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()) or int(typed[:9]) > _MOST_COPIES:
        raise Misread(f"Số lượng bản: xin ghi một số từ 0 đến {_MOST_COPIES}.")
    return int(typed)


def entered_on(form: Mapping[str, str], register: Register, today: dt.date, line: Line | None = None) -> dt.date:
    """The day under which a paper stands in the register. Raises Misread."""
    found = date(form, "day")
    if found is None:
        raise Misread("Xin ghi ngày đến." if register is Register.IN else "Xin ghi ngày tháng văn bản.")
    if found > today:
        raise Misread("Ngày vào sổ không thể sau hôm nay.")
    if line and found.year != line.year:
        raise Misread(f"Số {line.number} thuộc sổ năm {line.year}; ngày phải trong năm ấy.")
    return found


def first(form: Mapping[str, str]) -> int | None:
    """With which number a year begins; None for 1, or for a year that has begun. Raises Misread."""
    typed = form.get("first", "").strip()
    if not typed or typed == "1":
        return None
    if not (typed.isascii() and typed.isdigit()) or not 1 <= int(typed[:9]) <= 999_999:
        raise Misread("Số đến đầu tiên: xin ghi một số từ 1 đến 999999.")
    return int(typed)


def own(form: Mapping[str, str]) -> list[OwnBody]:
    """The office's own bodies, a line each; parent and identifier belong to the first. Raises Misread."""
    names = [" ".join(line.split()) for line in normalise(form.get("names", "")).splitlines() if line.strip()]
    if not names or len(names) > OWN or any(len(name) > 200 for name in names):
        raise Misread(f"Xin ghi tên cơ quan, mỗi tên một dòng, nhiều nhất {OWN} tên.")
    code = "".join(form.get("code", "").split())
    if len(code) > 13 or not all(letter.isascii() and (letter.isalnum() or letter == ".") for letter in code):
        raise Misread("Mã định danh: nhiều nhất 13 chữ, ví dụ 000.00.00.H41")
    parent = text(form, "parent", "Cơ quan cấp trên")
    return [OwnBody(name, parent if at == 0 else "", code if at == 0 else "") for at, name in enumerate(names)]
