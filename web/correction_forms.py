"""What a person typed into the forms of corrections, as values that the archive keeps; and their names in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus import dates, lexicon
from corpus.analyse import DOUBTFUL
from corpus.model import Heading, Kind, Level, Role
from corpus.text import normalise
from indexer import overlay
from indexer.views import DocumentView
from web.filters import date

FIELDS = {
    "number": "Số, ký hiệu", "issued_on": "Ngày ban hành", "kind": "Tên loại", "issuer": "Cơ quan ban hành",
    "parent_issuer": "Cơ quan cấp trên", "title": "Trích yếu", "signer": "Người ký", "office": "Chức vụ",
    "capacity": "Quyền hạn ký", "place": "Địa danh", "addressees": "Kính gửi", "recipients": "Nơi nhận",
    "urgency": "Độ khẩn",
}  # fmt: skip
NEEDED = ("number", "issued_on")
"""Fields whose absence a person should look at."""
LEVELS = {
    Level.ANNEX: "Phụ lục", Level.PART: "Phần", Level.CHAPTER: "Chương", Level.DIVISION: "Mục",
    Level.SUBDIVISION: "Tiểu mục", Level.ARTICLE: "Điều", Level.ROMAN: "I, II, III", Level.CLAUSE: "1, 2, 3 hoặc khoản",
    Level.SUBCLAUSE: "1.1", Level.POINT: "a, b, c",
}  # fmt: skip
LONGEST = {"number": 120, "by": 80}
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of the form."""

    name: str
    label: str
    shown: str
    """As the input has it: lists one to a line, days as people write them."""
    quote: str | None
    page: int | None
    doubtful: bool
    sure: int | None
    """Confidence in percent; None where nothing was read."""


def fields(view: DocumentView) -> tuple[FieldLine, ...]:
    """The fields of a document's heading, doubtful ones first."""
    lines = [_line(view, name) for name in FIELDS]
    return tuple(sorted(lines, key=lambda line: not line.doubtful))


def _line(view: DocumentView, name: str) -> FieldLine:
    evidence = view.heading.evidence.get(name)
    span = evidence.span if evidence else None
    shown = shown_field(view.heading, name)
    missing = name in NEEDED and not shown and evidence is None
    return FieldLine(
        name=name, label=FIELDS[name], shown=shown,
        quote=" ".join(span.of(view.text).split()) if span else None,
        page=next((p.number for p in view.pages if p.real and span and p.span.start <= span.start < p.span.end), None),
        doubtful=missing or (evidence is not None and evidence.confidence < DOUBTFUL),
        sure=round(100 * evidence.confidence) if evidence else None,
    )  # fmt: skip


def shown_field(heading: Heading, name: str) -> str:
    """A field as its input shows it."""
    return shown_value(name, overlay.field_value(heading, name), lines=True)


def shown_value(name: str, value: Any, *, lines: bool = False) -> str:
    """A field's value as people read it; empty for nothing."""
    if not value:
        return ""
    if isinstance(value, list):
        return ("\n" if lines else "; ").join(value)
    if name == "issued_on":
        return date(dt.date.fromisoformat(value))
    if name == "kind" and not lines:
        return lexicon.kind_label(Kind(value))
    return str(value)


class Misread(ValueError):
    """Something typed that cannot be understood; says so in Vietnamese."""


def field(name: str, typed: str) -> Any:
    """What a person typed for a field, as a correction's value. Raises `Misread`."""
    typed = normalise(typed.replace("\r\n", "\n")).strip()
    if len(typed) > LONGEST.get(name, _LONGEST):
        raise Misread(f"{FIELDS[name]} dài quá {LONGEST.get(name, _LONGEST)} chữ.")
    if name in overlay.LISTS:
        return [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    if not typed:
        return None
    if name == "issued_on":
        return day(typed)
    if name == "kind":
        return _kind(typed)
    return "".join(typed.split()) if name == "number" else " ".join(typed.split())


def _kind(typed: str) -> str:
    try:
        return Kind(typed).value
    except ValueError:
        raise Misread(f"Không có tên loại “{typed}”.") from None


def day(typed: str) -> str | None:
    """A day as people write it, in ISO; None for nothing. Raises `Misread`."""
    if not typed.strip():
        return None
    try:
        return dt.date.fromisoformat(typed.strip()).isoformat()
    except ValueError:
        found = dates.read(typed)
    if found is None:
        raise Misread(f"Chưa hiểu ngày “{typed}”. Ví dụ đúng: 30/9/2016")
    return found.isoformat()


def name(typed: str) -> str:
    """The name of who corrects. Raises `Misread`."""
    said = " ".join(normalise(typed).split())
    if not said or len(said) > LONGEST["by"] or not any(letter.isalpha() for letter in said):
        raise Misread("Xin ghi tên người sửa.")
    return said


def citation(form: Mapping[str, str]) -> dict[str, Any]:
    """Number, date and role of a citation as typed. Raises `Misread`."""
    role = form.get("role", "")
    if role not in list(Role):
        raise Misread("Xin chọn quan hệ của chỗ dẫn.")
    number = "".join(normalise(form.get("number", "")).split())
    if len(number) > LONGEST["number"]:
        raise Misread("Số, ký hiệu dài quá 120 chữ.")
    return {"number": number or None, "issued_on": day(form.get("issued_on", "")), "role": role}


def section(form: Mapping[str, str]) -> dict[str, Any]:
    """Id and title of a section as typed. Raises `Misread`."""
    named = form.get("id", "").strip().lower()
    if not named or len(named) > 80 or any(not (part and part.replace("~", "").isalnum()) for part in named.split(".")):
        raise Misread(f"Chưa hiểu mã mục “{named}”. Ví dụ đúng: ii.3, d5.k2, pl1")
    return {"id": named, "title": " ".join(normalise(form.get("title", "")).split())[:_LONGEST]}
