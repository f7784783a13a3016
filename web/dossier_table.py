"""A list of dossiers (danh mục hồ sơ) out of a pasted table or an office file: lines with tabs or semicolons."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.errors import NotAllowed
from archive.filing import LONGEST, Planned
from archive.retention import Term
from corpus.text import fold, normalise

MOST = 2_000  # lines
_HEADS: Mapping[str, str] = {
    "code": r"so,? (?:va )?ky hieu|ky hieu|ma ho so|so ho so", "title": r"tieu de|ten ho so|de muc",
    "term": r"thoi han|thbq", "keeper": r"nguoi lap|nguoi phu trach|don vi lap|phu trach", "note": r"ghi chu",
}  # fmt: skip
_ORDER = ("code", "title", "term", "keeper", "note")
_ROMAN = re.compile(r"[IVXLC]+\s*[.)-]?\s+\S|[A-ZĐ]\s*[.)]\s+\S")
_COUNTED = re.compile(r"\(?\d{1,2}\)?")
_FOOT = re.compile(r"(?:ban )?danh muc (?:ho so )?nay (?:co|gom)|\d+ ho so bao quan|nguoi lap|tm\.|kt\.|tl\.")


@dataclass(frozen=True, slots=True)
class Read:
    """One line of the table as understood."""

    line: int
    """Counts from 1."""
    planned: Planned | None
    problem: str = ""
    """Why it cannot be taken, in Vietnamese."""
    words: str = ""
    """The line as it came."""


def read(text: str) -> tuple[Read, ...]:
    """The dossiers of a table; lines that cannot be taken say why. Heads, headings and empty lines are no dossiers."""
    rows = [_cells(line) for line in normalise(text).replace("\r\n", "\n").split("\n")[: MOST + 1]]
    if len(rows) > MOST:
        return (Read(MOST + 1, None, f"Danh mục dài quá {MOST} dòng. Xin chia làm nhiều lần."),)
    order, start = _order(rows)
    large = small = ""
    found: list[Read] = []
    for at, cells in enumerate(rows[start:], start + 1):
        said = {name: cells[place] for name, place in order.items() if place < len(cells)}
        filled = [cell for cell in cells if cell]
        if not filled or all(_COUNTED.fullmatch(cell) for cell in filled) or _FOOT.match(fold(filled[0])):
            continue
        heading = " ".join(filled) if _is_heading(filled) else ""
        if heading:
            large, small = (heading, "") if _ROMAN.match(heading) or not large else (large, heading)
            continue
        found.append(_read(at, said, "\n".join(filter(None, (large, small))), "\t".join(filled)))
    return _once(found)


def _is_heading(filled: Sequence[str]) -> bool:
    """Whether a line is only words, or words after a Roman number in a column of its own."""
    return len(filled) == 1 or (len(filled) == 2 and re.fullmatch(r"[IVXLC]+\.?", filled[0]) is not None)


def _cells(line: str) -> list[str]:
    if "\t" in line:
        parts: Sequence[str] = line.split("\t")
    else:
        parts = next(csv.reader([line], delimiter=";" if ";" in line else "|"), [])
    return [" ".join(part.split()) for part in parts]


def _order(rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], int]:
    """Which column is which, and where the dossiers begin."""
    for at, cells in enumerate(rows[:20]):
        found: dict[str, int] = {}
        for place, cell in enumerate(cells):
            name = next((n for n, head in _HEADS.items() if n not in found and re.search(head, fold(cell))), None)
            if name:
                found[name] = place
        if {"code", "title"} <= found.keys():
            return found, at + 1
    return {name: place for place, name in enumerate(_ORDER)}, 0


def _read(at: int, said: Mapping[str, str], heading: str, words: str) -> Read:
    try:
        term = Term.parse(said["term"]) if said.get("term") else None
    except NotAllowed as problem:
        return Read(at, None, problem.message("vi"), words)
    for name, called in (("code", "số, ký hiệu hồ sơ"), ("title", "tiêu đề hồ sơ")):
        if not said.get(name):
            return Read(at, None, f"Thiếu {called}.", words)
    long = next((name for name in LONGEST if len(said.get(name, "")) > LONGEST[name]), None)
    if long:
        return Read(at, None, f"Có ô dài quá {LONGEST[long]} chữ.", words)
    planned = Planned(
        said["code"], said["title"], heading, said.get("keeper", ""), term, said.get("note", "")
    )
    return Read(at, planned, "", words)


def _once(found: Iterable[Read]) -> tuple[Read, ...]:
    """The same code twice is a slip of whoever typed the list."""
    seen: dict[str, int] = {}
    checked = []
    for one in found:
        code = one.planned.code.casefold() if one.planned else ""
        if code and code in seen:
            one = Read(one.line, None, f"Số, ký hiệu trùng với dòng {seen[code]}.", one.words)
        elif code:
            seen[code] = one.line
        checked.append(one)
    return tuple(checked)
