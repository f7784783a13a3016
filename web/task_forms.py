"""What a person typed into the forms of tasks, as values of `indexer.task_edits`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from corpus import dates
from corpus.model import Due, Section, Task
from corpus.text import normalise
from indexer import task_edits
from web.correction_forms import Misread, day
from web.filters import date

NAMES = {
    "wording": "Nội dung", "section": "Mục", "lead": "Chủ trì", "partners": "Phối hợp", "report_to": "Báo cáo cho",
    "deliverable": "Sản phẩm", "due": "Hạn",
}  # fmt: skip
LISTS = ("lead", "partners", "report_to")
LONGEST = 4_000
MOST_PARTS = 20


def shown(task: Task) -> dict[str, str]:
    """A task as its inputs show it: lists one to a line."""
    lists = {name: "\n".join(getattr(task, name)) for name in LISTS}
    words = " ".join(task.wording.split())
    due = shown_due(task.due)
    return {"wording": words, "section": task.section, "deliverable": task.deliverable or "", "due": due} | lists


def shown_due(due: Due | None) -> str:
    """A term as its input shows it; what was typed there is understood the same again."""
    return " ".join(due.raw.split()) if due else ""


def changes(form: Mapping[str, str], issued_on: dt.date | None, sections: Iterable[Section]) -> dict[str, Any]:
    """The fields that were changed in the form. Raises `Misread`."""
    known = {section.id for section in sections}
    found: dict[str, Any] = {}
    for name in task_edits.FIELDS:
        typed = _lines(form.get(name, ""))
        if name in form and typed != _lines(form.get(f"was-{name}", "")):
            found[name] = field(name, typed, issued_on, known)
    return found


def added(form: Mapping[str, str], issued_on: dt.date | None, sections: Iterable[Section]) -> dict[str, Any]:
    """A whole task. Raises `Misread`."""
    known = {section.id for section in sections}
    return {name: field(name, _lines(form.get(name, "")), issued_on, known) for name in task_edits.FIELDS}


def field(name: str, typed: str, issued_on: dt.date | None, sections: Iterable[str]) -> Any:
    """One field as a correction tells of it. Raises `Misread`."""
    if len(typed) > LONGEST:
        raise Misread(f"{NAMES[name]} dài quá {LONGEST} chữ.")
    if name in LISTS:
        return list(dict.fromkeys(" ".join(line.split()) for line in typed.splitlines() if line.strip()))
    words = " ".join(typed.split())
    if name == "wording" and not any(letter.isalpha() for letter in words):
        raise Misread("Xin ghi nội dung nhiệm vụ.")
    if name == "section" and words and words not in sections:
        raise Misread(f"Văn bản không có mục “{words}”.")
    if name == "due":
        return task_edits.due_value(term(words, issued_on))
    return words if name in ("wording", "section") else words or None


def term(words: str, issued_on: dt.date | None) -> Due | None:
    """A term as people write it; words without a day stay words. Raises `Misread` for a day that is none.

    >>> term("trước ngày 15/12 hằng năm", None).days, term("", None)
    (((12, 15),), None)
    """
    if not words:
        return None
    try:
        on = dt.date.fromisoformat(day(words) or "")
        return Due(words, on)
    except Misread:
        pass
    if understood := dates.due(words, issued_on):
        return Due(words, understood.on, understood.recurs, understood.days)
    if any(letter.isdigit() for letter in words):
        raise Misread(f"Chưa hiểu hạn “{words}”. Ví dụ đúng: trước ngày 30/9/2018; trước ngày 15/12 hằng năm")
    return Due(words)


def extension(form: Mapping[str, str]) -> dict[str, Any]:
    """A later term and why; the paper that says so is looked up by who asks. Raises `Misread`."""
    on, reason = day(form.get("until", "")), " ".join(normalise(form.get("reason", "")).split())
    if on is None:
        raise Misread("Xin ghi hạn mới. Ví dụ đúng: 30/6/2018")
    if not reason or len(reason) > LONGEST:
        raise Misread("Xin ghi lý do gia hạn.")
    due = task_edits.due_value(Due(date(dt.date.fromisoformat(on)), dt.date.fromisoformat(on)))
    return {"due": due, "extended": reason}


def parts(typed: str) -> list[str]:
    """The wordings of the tasks that one is cut into: a line each. Raises `Misread`."""
    found = [" ".join(line.split()) for line in _lines(typed).splitlines() if any(map(str.isalpha, line))]
    if not 2 <= len(found) <= MOST_PARTS:
        raise Misread(f"Xin ghi mỗi nhiệm vụ trên một dòng, từ 2 đến {MOST_PARTS} nhiệm vụ.")
    if len({" ".join(part.casefold().split()) for part in found}) < len(found):
        raise Misread("Hai dòng giống hệt nhau. Xin ghi mỗi nhiệm vụ một lần.")
    return found


def _lines(typed: str) -> str:
    return normalise(typed).replace("\r\n", "\n").strip()
