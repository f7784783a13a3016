"""A neighbourhood as a drawing: columns by step, boxes by role and year, lines between boxes; free of HTML.

A column with few documents shows each of them; a full one shows the first of each group and «+n», which leads
to the list where all of them stand. So the drawing stays readable however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus import lexicon
from corpus.model import Role
from indexer.graph import Neighbourhood, Node
from indexer.views import Card
from web.filters import date
from web.wording import capital, short_name

WIDTH = 1220
GAP = 56
LINE = 20
PADDING = 8
SPACE = 12
FEW = 9
"""So many documents in a column are shown one by one."""
SHOWN = 3
"""Documents shown of a group."""
MOST_GROUPS = 9
"""More than this many years and roles in a column: the years of one role are one group."""
LETTER = 7.6
"""Widest mean of a letter, in units of the drawing, at 14 units of size."""
HEADS = {
    -2: "Căn cứ xa hơn", -1: "Văn bản này dựa trên", 0: "Văn bản này", 1: "Từ văn bản này", 2: "Kéo theo",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words in a box."""

    words: str
    css: str = ""
    document: str | None = None
    """Where the line leads, when it has a document of its own."""
    squeezed: bool = False
    """Too long for its box: drawn narrower, never cut."""


@dataclass(slots=True)
class Box:
    """One document, or a group of them."""

    lines: list[Line]
    css: str
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    document: str | None = None
    """Where the whole box leads."""
    label: str = ""
    """What it is, in full, for those who cannot see it."""
    more: int = 0
    """Documents that are only in the list."""
    anchor: str = ""
    """Where in the list."""
    members: frozenset[str] = frozenset()
    step: int = 0
    via: frozenset[str] = frozenset()

    @property
    def height(self) -> float:
        return PADDING * 2 + LINE * (len(self.lines) + bool(self.more))


@dataclass(frozen=True, slots=True)
class Column:
    """A step: its name over its boxes."""

    x: float
    width: float
    words: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to be drawn."""

    width: float
    height: float
    columns: tuple[Column, ...]
    edges: tuple[str, ...] = ()
    """Paths between this document and its neighbours, from the left box to the right one."""
    far: tuple[str, ...] = ()
    """Paths of the second step."""


@dataclass(frozen=True, slots=True)
class Group:
    """Documents of one step and role, as the list shows them."""

    step: int
    role: Role
    nodes: tuple[Node, ...]

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"nhom{self.step}-{self.role.value}"

    @property
    def label(self) -> str:
        """«Căn cứ»."""
        return capital(lexicon.role_label(self.role))


def groups(near: Neighbourhood, step: int) -> tuple[Group, ...]:
    """The documents of a step by role."""
    return tuple(
        Group(step, role, tuple(nodes)) for role, nodes in groupby(near.at(step), key=lambda node: node.role)
    )


def draw(near: Neighbourhood) -> Drawing:
    """Place everything."""
    steps = [step for step in HEADS if step == 0 or near.at(step)]
    width = min(320.0, (WIDTH - GAP * (len(steps) - 1)) / len(steps))
    letters = int((width - 2 * PADDING) / LETTER)
    filled = {step: [_self(near.card, letters)] if step == 0 else _boxes(near, step, letters) for step in steps}
    tallest = max(_tall(boxes) for boxes in filled.values())
    columns: list[Column] = []
    for index, step in enumerate(steps):
        x = index * (width + GAP)
        y = 2 * LINE + (tallest - _tall(filled[step])) / 2
        for box in filled[step]:
            box.x, box.y, box.width = x, y, width
            y += box.height + SPACE
        columns.append(Column(x, width, HEADS[step], tuple(filled[step])))
    total = len(steps) * width + GAP * (len(steps) - 1)
    return Drawing(total, tallest + 2 * LINE + SPACE, tuple(columns), *_edges(columns))


def _tall(boxes: Sequence[Box]) -> float:
    return sum(box.height for box in boxes) + SPACE * max(0, len(boxes) - 1)


def _self(card: Card, letters: int) -> Box:
    return Box(_about(card, letters, issuer=True), "self", label=named(card), members=frozenset({card.document}))


def _boxes(near: Neighbourhood, step: int, letters: int) -> list[Box]:
    if len(near.at(step)) <= FEW:
        return [_single(node, group, letters) for group in groups(near, step) for node in group.nodes]
    by_year = [
        (group, list(nodes))
        for group in groups(near, step)
        for _, nodes in groupby(group.nodes, key=lambda node: node.year)
    ]
    if len(by_year) > MOST_GROUPS:
        by_year = [(group, list(group.nodes)) for group in groups(near, step)]
    return [_grouped(group, nodes, letters) for group, nodes in by_year]


def _single(node: Node, group: Group, letters: int) -> Box:
    lines = [Line(part, "role") for part in _wrapped(group.label, letters)]
    if node.card is None:
        lines += [Line(part, "unheld") for part in _wrapped(node.words, letters)]
        lines.append(Line(f"{node.possible} khả năng" if node.possible else "kho chưa có", "soft"))
        return Box(lines, "unheld", label=node.words, anchor=group.anchor, step=node.step)
    lines += _about(node.card, letters, issuer=True)
    return Box(
        lines, "held", document=node.card.document, label=f"{group.label}: {named(node.card)}", step=node.step,
        anchor=group.anchor, members=frozenset({node.card.document}), via=_via([node]),
    )  # fmt: skip


def _grouped(group: Group, nodes: Sequence[Node], letters: int) -> Box:
    years = sorted({node.year for node in nodes if node.year})
    span = "" if not years else f" {years[0]}" if len(years) == 1 else f" {years[0]}–{years[-1]}"
    lines = [Line(part, "role") for part in _wrapped(f"{group.label}{span} ({len(nodes)})", letters)]
    shown = nodes if len(nodes) == SHOWN + 1 else nodes[:SHOWN]  # «+1» takes as much room as the one it hides
    for node in shown:
        if node.card is None:
            lines += [Line(part, "unheld") for part in _wrapped(node.words, letters)]
        else:
            lines += _about(node.card, letters, issuer=False)
    return Box(
        lines, "group", label=f"{group.label}{span}: {len(nodes)} văn bản", more=len(nodes) - len(shown),
        anchor=group.anchor, step=group.step, via=_via(nodes),
        members=frozenset(node.card.document for node in nodes if node.card),
    )  # fmt: skip


def _via(nodes: Sequence[Node]) -> frozenset[str]:
    return frozenset(node.via for node in nodes if node.via)


def named(card: Card) -> str:
    """«Kế hoạch số 05-KH/HU ngày 30/9/2016 của …»."""
    number = f"{card.kind_label or 'Văn bản'} số {card.number}" if card.number else card.title or card.name
    day = f" ngày {date(card.issued_on)}" if card.issued_on else ""
    return f"{number}{day}" + (f" của {card.issuer}" if card.issuer else "")


def _about(card: Card, letters: int, *, issuer: bool) -> list[Line]:
    """Number and day, on one line where they fit; the issuer under them."""
    day = date(card.issued_on)
    name = card.number or card.title or card.name
    whole = f"{name} · {day}" if day else name
    if len(whole) <= letters:
        lines = [Line(whole, "name", card.document)]
    else:
        parts = [name] if card.number else _wrapped(name, letters)
        lines = [Line(part, "name", card.document, len(part) > letters) for part in parts]
        lines += [Line(day, "name", card.document)] if day else []
    if issuer and card.issuer:
        lines += [Line(part, "soft") for part in _wrapped(short_name(card.issuer), letters)]
    return lines


def _wrapped(words: str, letters: int) -> list[str]:
    """Words in lines of at most so many letters; a longer word has a line of its own."""
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _edges(columns: Sequence[Column]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    boxes = [box for column in columns for box in column.boxes]
    centre = next(box for box in boxes if box.css == "self")
    holder = {member: box for box in boxes for member in box.members}
    near: list[str] = []
    far: list[str] = []
    for box in boxes:
        if box is centre:
            continue
        ends = [centre] if abs(box.step) == 1 else _distinct(holder[via] for via in sorted(box.via) if via in holder)
        for end in ends:
            left, right = (box, end) if box.step < 0 else (end, box)
            (near if end is centre else far).append(_curve(left, right))
    return tuple(near), tuple(far)


def _distinct(boxes: Iterable[Box]) -> list[Box]:
    found: list[Box] = []
    for box in boxes:
        if not any(box is other for other in found):
            found.append(box)
    return found


def _curve(left: Box, right: Box) -> str:
    x0, y0 = left.x + left.width, left.y + left.height / 2
    x1, y1 = right.x, right.y + right.height / 2
    middle = (x0 + x1) / 2
    return f"M{x0:.0f} {y0:.0f}C{middle:.0f} {y0:.0f} {middle:.0f} {y1:.0f} {x1:.0f} {y1:.0f}"
