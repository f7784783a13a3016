"""Corrections told to people: what was corrected, by whom, what the machine had read, whether it still stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive import corrections
from archive.corrections import Correction, Subject
from corpus import lexicon
from corpus.model import Role
from indexer.views import Card
from web import beside_words, task_history, task_words
from web.correction_forms import FIELDS, shown_value
from web.filters import date
from web.wording import place

NOTHING = "không có"


@dataclass(frozen=True, slots=True)
class Line:
    """One correction in a list."""

    id: int
    subject: str
    where: str
    """What was corrected: «Số, ký hiệu», «chỗ dẫn “…”», «mục II.3»."""
    now: str
    read: str
    """Empty for what is said beside the reading."""
    by: str
    at: dt.datetime
    stands: bool
    """Whether it is in force: neither taken back nor followed by another one of the same place."""
    lost: bool
    """Its place is no longer found in the text."""
    undone_by: str | None = None
    undone_at: dt.datetime | None = None


def lines(
    records: Iterable[Correction], places: Mapping[int, str | None], targets: Mapping[str, Card]
) -> tuple[Line, ...]:
    """Every correction, the newest first; undoings are told with what they undid."""
    every = tuple(records)
    undone = {one.undoes: one for one in every if one.undoes is not None}
    standing = {one.id for one in corrections.standing(every)}
    made = [one for one in every if one.undoes is None]
    return tuple(
        _line(one, undone.get(one.id), targets, stands=one.id in standing, lost=places.get(one.id, "") is None)
        for one in reversed(made)
    )


def _line(
    one: Correction, undoing: Correction | None, targets: Mapping[str, Card], *, stands: bool, lost: bool
) -> Line:
    of_tasks = one.subject in task_words.SUBJECTS
    return Line(
        id=one.id, subject=one.subject.value, where=task_words.where(one) if of_tasks else _where(one),
        now=task_words.now(one) if of_tasks else _now(one, targets),
        read=task_words.read(one) if of_tasks else _read(one), by=one.by, at=one.at,
        stands=stands, lost=stands and lost,
        undone_by=undoing.by if undoing else None, undone_at=undoing.at if undoing else None,
    )  # fmt: skip


def _where(one: Correction) -> str:
    if one.subject is Subject.TASK:
        return f"{task_history.act(one)} “{task_history.words(one)}”"
    if one.subject is Subject.FIELD:
        return FIELDS.get(str(one.anchor["field"]), str(one.anchor["field"]))
    if one.subject is Subject.SECTION:
        named = one.anchor.get("id") or one.value.get("id")
        return f"Mục “{place(str(named)) or named}”"
    if one.subject is Subject.VERSION:
        return "Bản khác"
    if one.subject in corrections.NOT_READ:
        return beside_words.where(one)
    said = one.value.get("quote") or (one.read or {}).get("text") or one.anchor.get("number") or "…"
    return f"Chỗ dẫn “{said}”" if one.subject is Subject.CITATION else f"Văn bản mà “{said}” chỉ tới"


def _now(one: Correction, targets: Mapping[str, Card]) -> str:
    value = one.value
    if one.subject is Subject.TASK:
        return task_history.now(one, targets)
    if one.subject in corrections.NOT_READ:
        return beside_words.now(one) or NOTHING
    if one.subject is Subject.FIELD:
        return shown_value(str(one.anchor["field"]), value) or NOTHING
    if one.subject is Subject.VERSION:
        card = targets.get(str(one.anchor["other"]))
        named = (card.number or card.name) if card else "văn bản không xem được"
        return f"một bản của {named}" if value["same"] else f"không phải một bản của {named}"
    if one.subject is Subject.LINK:
        card = targets.get(value["target"] or "")
        named = (card.number or card.name) if card else "văn bản không xem được"
        return named if value["target"] else "không phải văn bản nào trong kho"
    if value.get("drop"):
        return "không phải viện dẫn" if one.subject is Subject.CITATION else "không phải một mục"
    if one.subject is Subject.SECTION:
        return ", ".join(filter(None, (place(value["id"]) or value["id"], value.get("title"))))
    return _cited(value)


def _read(one: Correction) -> str:
    if one.subject is Subject.FIELD:
        return shown_value(str(one.anchor["field"]), one.read) or NOTHING
    if one.subject is Subject.TASK:
        return task_history.read(one)
    if one.subject in corrections.NOT_READ:
        return ""
    if not one.read:
        return NOTHING
    if one.subject is Subject.LINK:
        return str(one.read.get("target") or "chưa chọn văn bản nào")
    if one.subject is Subject.SECTION:
        return ", ".join(filter(None, (place(one.read["id"]) or one.read["id"], one.read.get("title"))))
    return _cited(one.read)


def _cited(value: Mapping[str, str | None]) -> str:
    issued = value.get("issued_on")
    day = f"ngày {date(dt.date.fromisoformat(issued))}" if issued else None
    role = lexicon.role_label(Role(value["role"])).lower() if value.get("role") else None
    return ", ".join(filter(None, (value.get("number") or "không có số", day, role)))
