"""Corrections of tasks, and what people said of passages as their answers, told to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.corrections import Correction, Subject
from indexer.task_evidence import STATUSES
from indexer.task_rows import BY_KEY, due_of, due_text
from web.sheet_words import EMPTY, shown

SUBJECTS = (Subject.FULFILMENT,)
_KEYS = ("wording", "lead", "partners", "due", "deliverable", "report_to", "note")


def where(one: Correction) -> str:
    """What was corrected."""
    if one.subject is Subject.TASK:
        words = one.value.get("wording") or (one.read or {}).get("wording") or "…"
        return f"Nhiệm vụ “{_short(str(words))}”"
    return f"Minh chứng “{_short(str(one.value.get('quote') or '…'))}”"


def now(one: Correction) -> str:
    """What it was corrected to."""
    if one.subject is Subject.FULFILMENT:
        return STATUSES.get(str(one.value.get("status")), "chưa rõ").lower()
    if one.value.get("drop"):
        return "không phải một nhiệm vụ"
    return _told(one.value)


def read(one: Correction) -> str:
    """What the machine had read."""
    if one.subject is Subject.FULFILMENT:
        said = STATUSES.get(str((one.read or {}).get("status")))
        return said.lower() if said else "không đề xuất"
    if not one.read:
        return "không có"
    return _told({key: value for key, value in one.read.items() if key in one.value or one.value.get("drop")})


def _told(value: Mapping[str, Any]) -> str:
    said = []
    for key in _KEYS:
        if key in value:
            text = due_text(due_of(value[key])) if key == "due" else value[key]
            text = "; ".join(text) if isinstance(text, list) else str(text or "")
            said.append(f"{BY_KEY[key].title.lower()}: {shown(key, text)}")
    if value.get("extended"):
        said.append(f"lý do gia hạn: {value['extended']}")
    return ", ".join(said) or EMPTY


def _short(words: str) -> str:
    """The beginning of a long text, cut between words."""
    return words if len(words) <= 90 else words[:90].rpartition(" ")[0] + "…"
