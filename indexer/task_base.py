"""What was exported, written into a hidden sheet of the file, so that the file alone can say what was changed in it.

A line for the whole sheet, then one for each task: its id, a fingerprint of all its values, and the values.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from indexer.task_rows import BY_KEY, Answer, TaskSheet

NAME = "_vankho"
"""Of the hidden sheet."""
MARK = "vankho-tasks-1"
_CHUNK = 30_000  # characters: a cell holds 32,767
_LARGEST = 2_000_000  # bytes of one unpacked row


@dataclass(frozen=True, slots=True)
class BaseRow:
    """One task as it was exported."""

    anchor: Mapping[str, Any]
    cells: Mapping[str, str]
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Base:
    """A sheet as it was exported."""

    document: str
    day: str
    """For which standings were computed, ISO."""
    rows: Mapping[str, BaseRow]
    damaged: int = 0
    """Rows whose values do not fit their fingerprint."""


def written(sheet: TaskSheet) -> list[list[str]]:
    """The lines of the hidden sheet."""
    lines = [[MARK, sheet.card.document, sheet.today.isoformat()]]
    for row in sheet.rows:
        answer = asdict(row.answer) if row.answer else None
        said = json.dumps({"anchor": row.anchor, "cells": row.cells, "answer": answer}, sort_keys=True)
        packed = "z" + base64.urlsafe_b64encode(zlib.compress(said.encode(), 9)).decode()
        parts = [packed[at : at + _CHUNK] for at in range(0, len(packed), _CHUNK)]
        lines.append([row.id, _fingerprint(sheet.card.document, row.id, said), *parts])
    return lines


def _fingerprint(document: str, id: str, said: str) -> str:
    return hashlib.sha256(f"{document}\n{id}\n{said}".encode()).hexdigest()


def read(lines: Iterable[Sequence[str]]) -> Base | None:
    """The lines of `written` again; None when they are not ours. Whatever the file says, it only gives values."""
    first, *rest = [tuple(cell.strip() for cell in line) for line in lines] or [()]
    if len(first) < 3 or first[0] != MARK:
        return None
    rows: dict[str, BaseRow] = {}
    damaged = 0
    for line in rest:
        row = _row(first[1], line)
        if row is None:
            damaged += 1
        else:
            rows[line[0]] = row
    return Base(first[1], first[2], rows, damaged)


def _row(document: str, line: Sequence[str]) -> BaseRow | None:
    id, fingerprint, *parts = (*line, "", "")[: max(2, len(line))]
    try:
        packed = base64.urlsafe_b64decode("".join(parts)[1:])
        said = zlib.decompressobj().decompress(packed, _LARGEST).decode()
        if _fingerprint(document, id, said) != fingerprint:
            return None
        value = json.loads(said)
        cells = {key: str(text) for key, text in value["cells"].items() if key in BY_KEY}
        return BaseRow(_anchor(value["anchor"]), cells, _answer(value["answer"]))
    except (binascii.Error, zlib.error, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _anchor(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """An anchor that `anchors` can look for, whoever wrote it. KeyError, TypeError or ValueError for none."""
    if "added" in value:
        return {"added": str(value["added"])}
    texts = {name: str(value[name]) for name in ("words", "before", "after")}
    section = None if value["section"] is None else str(value["section"])
    return texts | {"section": section, "nth": int(value["nth"]), "only": bool(value["only"])}


def _answer(value: Mapping[str, Any] | None) -> Answer | None:
    if value is None:
        return None
    whole = bool(value.get("whole"))  # sheets exported earlier do not say
    return Answer(str(value["paper"]), str(value["quote"]), str(value["status"]), bool(value["decided"]), whole)
