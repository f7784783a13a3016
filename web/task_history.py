"""Decisions on tasks told to people: what was there before, what is there now, who said so and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archive import corrections
from archive.corrections import Correction, Subject
from indexer import task_edits
from indexer.views import Card
from web.filters import date
from web.task_forms import LISTS, NAMES
from web.wording import place

NOTHING = "không có"
SHORT = 90
_ACTS = {
    "drop": "Bỏ nhiệm vụ", "parts": "Tách nhiệm vụ", "into": "Gộp nhiệm vụ", "moved": "Chuyển nhiệm vụ",
    "stays": "Giữ nhiệm vụ", "extended": "Gia hạn nhiệm vụ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a decision changed."""

    what: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Line:
    """One decision in a list."""

    id: int
    act: str
    """«Gia hạn nhiệm vụ»."""
    words: str
    """The task's, shortened."""
    changes: tuple[Change, ...]
    by: str
    at: dt.datetime
    stands: bool
    """Whether it is in force: neither taken back nor followed by another one on the same task."""
    lost: bool
    """Its task is no longer found in the text."""
    undone_by: str | None = None
    undone_at: dt.datetime | None = None


def lines(
    records: Iterable[Correction], places: Mapping[int, str | None], cards: Mapping[str, Card]
) -> tuple[Line, ...]:
    """Every decision on a plan's tasks, the newest first; undoings are told with what they undid."""
    every = [one for one in records if one.subject is Subject.TASK]
    undone = {one.undoes: one for one in every if one.undoes is not None}
    standing = {one.id for one in corrections.standing(every)}
    found: list[Line] = []
    for at, one in enumerate(every):
        if one.undoes is None:
            undoing, stands = undone.get(one.id), one.id in standing
            lost = stands and places.get(one.id, "") is None
            told = _changes(one, _before(one, every[:at]), cards)
            found.append(
                Line(
                    one.id, act(one), words(one), told, one.by, one.at, stands, lost,
                    undoing.by if undoing else None, undoing.at if undoing else None,
                )
            )  # fmt: skip
    return tuple(reversed(found))


def documents(records: Iterable[Correction]) -> set[str]:
    """Papers that decisions name: where a task went, what gives it more time."""
    values = [one.value for one in records if one.subject is Subject.TASK]
    found = {value["moved"]["plan"] for value in values if value.get("moved")}
    found |= {plan for value in values for plan in value.get("stays") or ()}
    return found | {value["source"] for value in values if value.get("source")}


def act(one: Correction) -> str:
    """What was done, in two words."""
    if "added" in one.anchor and not any(key in one.value for key in task_edits.WHOLE):
        return "Thêm nhiệm vụ"
    return next((said for key, said in _ACTS.items() if one.value.get(key)), "Sửa nhiệm vụ")


def words(one: Correction) -> str:
    """The words of the task, as read where they were read, shortened between words."""
    said = str((one.read or {}).get("wording") or one.value.get("wording") or "…")
    said = " ".join(said.split())
    return said if len(said) <= SHORT else said[:SHORT].rpartition(" ")[0] + "…"


def now(one: Correction, cards: Mapping[str, Card]) -> str:
    """Everything a decision settles, on one line."""
    if one.value.get("drop"):
        return "không phải một nhiệm vụ"
    told = _changes(one, {}, cards)
    return "; ".join(f"{change.what.lower()}: {change.now}" for change in told) or NOTHING


def read(one: Correction) -> str:
    """What the machine had read of what a decision settles."""
    known = {name: (one.read or {}).get(name) for name in NAMES if name in one.value}
    return "; ".join(f"{NAMES[name].lower()}: {_said(name, value)}" for name, value in known.items()) or NOTHING


def _before(one: Correction, earlier: Iterable[Correction]) -> Mapping[str, Any]:
    """What stood of a task when a decision was made."""
    same = [record for record in corrections.standing(earlier) if record.anchor == one.anchor]
    return {**(one.read or {}), **(same[-1].value if same else {})}


def _changes(one: Correction, before: Mapping[str, Any], cards: Mapping[str, Card]) -> tuple[Change, ...]:
    value = one.value
    if value.get("drop"):
        return (Change("Lý do", NOTHING, str(value["why"])),) if value.get("why") else ()
    if "parts" in value:
        said = "; ".join(f"({at}) {part.get('wording') or '…'}" for at, part in enumerate(value["parts"], 1))
        return (Change(f"Thành {len(value['parts'])} nhiệm vụ", str(before.get("wording") or NOTHING), said),)
    found = [
        Change(NAMES[name], _said(name, before.get(name)), _said(name, value[name]))
        for name in NAMES if name in value and value[name] != before.get(name)
    ]  # fmt: skip
    for key, what in (("extended", "Lý do gia hạn"), ("note", "Ghi chú")):
        if value.get(key) and value[key] != before.get(key):
            found.append(Change(what, str(before.get(key) or NOTHING), str(value[key])))
    if value.get("source") and value["source"] != before.get("source"):
        found.append(Change("Theo", NOTHING, _named(value["source"], cards)))
    if (moved := value.get("moved")) and moved != before.get("moved"):
        onto = ", ".join(filter(None, (_named(moved["plan"], cards), place(moved.get("section") or ""))))
        found.append(Change("Chuyển sang", NOTHING, f"{onto}: {moved['wording']}"))
    for plan in value.get("stays") or ():
        if plan not in (before.get("stays") or ()):
            found.append(Change("Không chuyển sang", NOTHING, _named(plan, cards)))
    return tuple(found)


def _said(name: str, value: Any) -> str:
    if not value:
        return NOTHING
    if name in LISTS:
        return "; ".join(map(str, value))
    if name == "section":
        return place(str(value)) or str(value)
    if name == "due":
        on = date(dt.date.fromisoformat(value["on"])) if value.get("on") else ""
        return str(value["raw"]) if on in str(value["raw"]) else f"{value['raw']} ({on})"
    return " ".join(str(value).split())


def _named(document: str, cards: Mapping[str, Card]) -> str:
    card = cards.get(document)
    return (card.number or card.name) if card else "văn bản không xem được"
