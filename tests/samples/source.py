"""The source form of a sample paper: a UTF-8 text cut into blocks by lines that begin with `@`.

`@paper NAME [: WAY]` names the file to make and, where the suffix does not say it, the way: `tcvn3`, `scan` or
`signed SIGNER`. `@numbered` gives the paper Word's automatic numbers. The blocks: `@letterhead` (left cell, a line
`|`, right cell), `@title`, `@body`, `@table WIDTHS` (cells parted by ` | `), `@closing` (Nơi nhận, a line `|`,
signature), `@page` (a new page). One line is one paragraph; `**…**` is bold, `_…_` italic, `= ` centres, and in a
numbered paper `%1 ` and `%2 ` stand for «I.» and «1.».
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BLOCKS = ("letterhead", "title", "body", "table", "closing", "page")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph and how it looks."""

    text: str
    bold: bool = False
    italic: bool = False
    centred: bool = False
    level: int = 0
    """1 and 2: numbered by the program that shows the file; 0: as written."""
    lead: str = ""
    """Bold words before the rest of the text: «Điều 1.»."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a paper; `left` holds everything where the block has one column only."""

    kind: str
    left: tuple[Line, ...] = ()
    right: tuple[Line, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()
    """Shares of the width of the page."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One sample paper."""

    name: str
    way: str
    detail: str
    numbered: bool
    blocks: tuple[Block, ...]


def load(path: Path) -> Paper:
    """Read one source; ValueError names the line that is not understood."""
    name, way, detail, numbered = "", "", "", False
    blocks: list[tuple[str, str, list[str]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("@"):
            if blocks:
                blocks[-1][2].append(line)
            elif line.strip():
                raise ValueError(f"{path.name}:{number}: a line before the first block")
            continue
        word, _, rest = line[1:].partition(" ")
        if word == "paper":
            name, _, last = rest.partition(" : ")
            way, _, detail = last.partition(" ")
        elif word == "numbered":
            numbered = True
        elif word in BLOCKS:
            blocks.append((word, rest, []))
        else:
            raise ValueError(f"{path.name}:{number}: unknown block @{word}")
    return Paper(name, way, detail, numbered, tuple(_block(*block) for block in blocks))


def _block(kind: str, rest: str, lines: list[str]) -> Block:
    if kind == "table":
        rows = tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines if line.strip())
        shares = [float(share) for share in rest.split()]
        return Block(kind, rows=rows, widths=tuple(share / sum(shares) for share in shares))
    columns: list[list[Line]] = [[], []]
    side = 0
    for line in lines:
        if line == "|":
            side = 1
        elif line.strip() or (kind == "closing" and side):
            columns[side].append(_line(line))
    return Block(kind, tuple(columns[0]), tuple(columns[1]))


def _line(text: str) -> Line:
    level = int(text[1]) if text[:1] == "%" else 0
    text = text[3:] if level else text
    centred = text.startswith("= ")
    text = text[2:] if centred else text
    bold = len(text) > 4 and text.startswith("**") and text.endswith("**")
    text = text[2:-2] if bold else text
    lead = text[2 : text.index("**", 2)] if text.startswith("**") else ""
    text = text[len(lead) + 4 :] if lead else text
    italic = len(text) > 2 and text.startswith("_") and text.endswith("_")
    return Line(text[1:-1] if italic else text, bold, italic, centred, level, lead)
