"""Tables of tasks: TT | Nội dung | Chủ trì | Phối hợp | Thời gian | Sản phẩm, cells separated by tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.assignees import alternation, lexicon, reading, split_bodies
from corpus.model import Span


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds a task; `span` is the cell with its wording."""

    span: Span
    wording: str
    lead: tuple[str, ...]
    partners: tuple[str, ...]
    report_to: tuple[str, ...]
    due: str
    deliverable: str | None
    has_lead_column: bool
    assigns: bool
    """The table has a column for who does the work, so it assigns wherever it stands."""


@cache
def _roles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    # Order matters: «Cơ quan phối hợp thực hiện» is a partner, «Thời gian thực hiện» a deadline.
    order = ("number", "partners", "due", "deliverable", "report_to", "lead", "content")
    columns = lexicon()["columns"]
    return tuple((role, re.compile(r"(?<!\w)" + alternation(columns[role]))) for role in order)


def columns(cells: Sequence[str]) -> Mapping[str, int]:
    """Column of each role when the cells are a header of tasks; empty otherwise.

    >>> columns(["TT", "Nội dung", "Cơ quan chủ trì", "Phối hợp", "Thời gian"])["lead"]
    2
    """
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if len(cell) > 80:
            return {}
        role = _role(cell)
        if role:
            found.setdefault(role, index)
    if "content" not in found and "deliverable" in found and "lead" in found:
        found["content"] = found.pop("deliverable")
    return (
        found if "content" in found and len(found) > 1 and found.keys() & {"lead", "partners", "due"} else {}
    )


def _role(cell: str) -> str | None:
    words = reading(" ".join(cell.split())).marked
    if words in lexicon()["columns"]["number"]:
        return "number"
    return next((role for role, known in _roles() if role != "number" and known.search(words)), None)


def read(text: str, rows: Sequence[Span]) -> Iterator[Row]:
    """The tasks of consecutive table lines; rows before a header and group titles give none."""
    roles: Mapping[str, int] = {}
    for span in rows:
        cells = _cells(text, span)
        header = columns([cell.of(text) for cell in cells])
        if header:
            roles = header
        elif roles:
            row = _row(text, cells, roles)
            if row:
                yield row


def _cells(text: str, line: Span) -> list[Span]:
    cells, start = [], line.start
    for part in line.of(text).split("\t"):
        left = len(part) - len(part.lstrip())
        cells.append(Span(start + left, max(start + left, start + len(part.rstrip()))))
        start += len(part) + 1
    return cells


def _row(text: str, cells: Sequence[Span], roles: Mapping[str, int]) -> Row | None:
    def cell(role: str) -> str:
        at = roles.get(role)
        return " ".join(cells[at].of(text).split()) if at is not None and at < len(cells) else ""

    wording = cell("content")
    others = [cell(role) for role in roles if role not in ("content", "number")]
    if len(wording) < 4 or not any(others) or set(others) == {wording} or wording.isdigit():
        return None
    return Row(
        cells[roles["content"]],
        wording,
        bodies(cell("lead")),
        bodies(cell("partners")),
        bodies(cell("report_to")),
        cell("due"),
        cell("deliverable") or None,
        "lead" in roles,
        "lead" in roles or "partners" in roles,
    )


def bodies(cell: str) -> tuple[str, ...]:
    """The bodies a cell or an attribute names; a name the grammar does not know is kept whole."""
    return split_bodies(cell) if re.search(r"\w", cell) else ()
