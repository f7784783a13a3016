"""The numbered parts of a document (phần, chương, mục, điều, khoản, điểm) and how a reader names them.

Ids are paths of labels. `p1` Phần thứ nhất, `ch2` Chương II, `ch2.m1` Mục 1, `d5.k2.b` điểm b khoản 2 Điều 5,
`ii.3.1` mục 3.1 under II, `mb.ii` II under B, `ii.n1` an item (1) or 1), `r3` row 3 of a table of tasks.
Articles and chapters are numbered through a document, so their ids leave out what they stand in.
Annexes are `pl1` (`pl` without number), forms in them `pl1.mau3`, an attached regulation or plan `kt1`;
a label that comes again under one parent, as where a numbering restarts, is marked `~2`.
Dashes make no sections: nothing in them survives an edit.
Of several documents in one file the second is `vb2`, its parts `vb2.ii.3` (`papers`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus import attachments, labels, quotations
from corpus.attachments import Part
from corpus.labels import SCHEMES, STRONG, Label, Reading, Value
from corpus.model import Heading, Level, Section, Span
from corpus.pieces import shouted

_THROUGH = ("article", "chapter")
"""Numbered through a document, whatever they stand in."""
_HOLDERS = ("clause", "decimal", "roman", "capital", "article", "chapter", "row clause", "row decimal")
"""Schemes whose number a decimal label repeats: 3.1 stands in 3."""


def extract(text: str, heading: Heading) -> tuple[Section, ...]:
    """Sections in text order, outer before inner; the closing block belongs to none of the main text."""
    quotes = quotations.quoted(text)
    found: list[Section] = []
    taken: dict[str, int] = {}
    annex: str | None = None
    for part in attachments.parts(text, heading):
        read = list(labels.read(text, part.body, part.stop, quotes))
        root = _Node("", "", 0, (), -1)
        if part.label:
            parent = annex if part.form else None
            root = _Node(_unique(_join(parent or "", part.token), taken), "", 0, (), len(found))
            annex = annex if part.form else root.id
            found.append(_opened(text, part, root.id, parent, read))
        _Outline(text, part, root, found, taken).build(read)
    return tuple(found)


def _opened(text: str, part: Part, id: str, parent: str | None, read: Sequence[Label]) -> Section:
    """The section of a whole annex or attached document, titled by the lines under its label."""
    stop = next((label.start for label in read if not label.doubtful), part.stop)
    head = Label(part.start, part.body, part.label, ())
    words = labels.title(text, head, stop, width=0)
    title = re.split(r"\(\s*(?:Ban hành\s+)?[Kk]èm theo", words)[0].strip(" .:(–-")
    return Section(id, part.label, Level.ANNEX, title, Span(part.start, part.end), parent)


class Places:
    """The innermost section at an offset, found fast for offsets asked in any order."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self.sections = sorted(sections, key=lambda section: (section.span.start, -section.span.end))
        self.starts = [section.span.start for section in self.sections]
        self.around: list[int] = []
        """For each section the one that is open around its start; -1 for none."""
        opened: list[int] = []
        for at, section in enumerate(self.sections):
            while opened and self.sections[opened[-1]].span.end <= section.span.start:
                opened.pop()
            self.around.append(opened[-1] if opened else -1)
            opened.append(at)

    def at(self, offset: int) -> Section | None:
        """The smallest section that holds an offset; None outside every section."""
        at = bisect_right(self.starts, offset) - 1
        while at >= 0 and self.sections[at].span.end <= offset:
            at = self.around[at]
        return self.sections[at] if at >= 0 else None

    def id(self, offset: int) -> str | None:
        """The id of the section `at` gives."""
        section = self.at(offset)
        return section.id if section else None


def innermost(sections: Sequence[Section], offset: int) -> Section | None:
    """The smallest section that holds one offset; `Places` answers for many."""
    return Places(sections).at(offset)


def place(sections: Sequence[Section], id: str) -> str:
    """What a reader calls a section: «điểm b khoản 2 Điều 5», «mục II.3», «Phụ lục I, mục II»; "" if unknown."""
    known = {section.id: section for section in sections}
    chain: list[Section] = []
    section = known.get(id)
    while section is not None and section not in chain:
        chain.append(section)
        section = known.get(section.parent) if section.parent else None
    outer = [_outer_name(one) for one in reversed(chain) if one.level in _OUTER]
    inner = _inner_name([one for one in chain if one.level not in _OUTER])
    return ", ".join([*outer, *inner])


_OUTER = (Level.PAPER, Level.ANNEX)


def _outer_name(section: Section) -> str:
    if section.level is Level.PAPER:
        return section.label
    attached = section.id.startswith("kt")
    if attached and shouted(section.label):
        return f"{section.label.capitalize()} kèm theo"
    name = re.sub(r"^(?:PHỤ LỤC|MẪU SỐ|MẪU|BIỂU)", lambda found: found.group().capitalize(), section.label)
    return f"{name} kèm theo" if attached and "kèm theo" not in name else name


def _inner_name(chain: Sequence[Section]) -> list[str]:
    """Small to large, as Nghị định 30/2020/NĐ-CP, Phụ lục II, V.7 wants it; `chain` innermost first."""
    rows: list[str] = []
    small: list[str] = []
    path: list[str] = []
    large: list[str] = []
    for at, one in enumerate(chain):
        above = chain[at + 1].level if at + 1 < len(chain) else None
        if one.level is Level.ARTICLE:
            return [" ".join([*_dotted("dòng", rows), *small, *_dotted("mục", path), one.label])]
        if one.level is Level.ROW:
            rows.insert(0, one.label)
        elif one.level is Level.POINT:
            small.append(f"điểm {one.label}")
        elif one.level is Level.CLAUSE and above is Level.ARTICLE:
            small.append(f"khoản {one.label}")
        elif one.level in (Level.ROMAN, Level.CLAUSE, Level.SUBCLAUSE) or len(one.label) == 1:
            path.insert(0, one.label)
        else:
            large.append(one.label)
    own = " ".join([*_dotted("dòng", rows), *small, *_dotted("mục", path)])
    return [", ".join(filter(None, [own, " ".join(large)]))] if chain else []


def _dotted(word: str, path: Sequence[str]) -> list[str]:
    """«II.3.1» from II, 3, 3.1: what a label repeats of the one above is said once."""
    joined: list[str] = []
    for label in path:
        if joined and label.startswith(joined[-1] + "."):
            joined[-1] = label
        else:
            joined.append(label)
    return [f"{word} {'.'.join(joined)}"] if joined else []


@dataclass(slots=True)
class _Node:
    """An open section, and the last label of each scheme in it."""

    id: str
    scheme: str
    rank: float
    value: Value
    index: int
    """Place in the list of sections; -1 for the running text itself."""
    last: dict[str, Value] = field(default_factory=dict)


def _join(parent: str, token: str) -> str:
    return f"{parent}.{token}" if parent else token


def _unique(id: str, taken: dict[str, int]) -> str:
    taken[id] = taken.get(id, 0) + 1
    if taken[id] == 1:
        return id
    return _unique(f"{id}~{taken[id]}", taken)


def _step(last: Value, value: Value) -> int:
    """How far a label is from the one before it: 1 next, 0 the same, more with a gap; -1 not a sequel."""
    if len(last) != len(value) or last[:-1] != value[:-1] or value[-1] < last[-1]:
        return -1
    if value[-1] == last[-1]:
        return 0
    return max(1, value[-1] // 100 - last[-1] // 100)


def _next(scheme: str, last: Value, value: Value) -> bool:
    step = _step(last, value)
    # Lists lettered without đ: d) is followed by e).
    return step == 1 or (step == 2 and scheme == "letter" and last[-1] // 100 == 4)


def _holds(node: _Node, value: Value) -> bool:
    size = len(node.value)
    return node.scheme in _HOLDERS and 0 < size < len(value) and node.value == value[:size]


def _first(value: Value) -> bool:
    return value[-1] in (100, 101)


class _Outline:
    """Decides which labels of one part are believed, and nests them."""

    def __init__(self, text: str, part: Part, root: _Node, found: list[Section], taken: dict[str, int]) -> None:
        self.text = text
        self.part = part
        self.root = root
        self.stack = [root]
        self.found = found
        self.taken = taken
        self.width = labels.wrap_width(text[part.start : min(part.stop, part.start + 200_000)])
        self.later: dict[Reading, int] = {}
        self.ahead: list[dict[str, Value]] = []
        self.next_roman: list[Value] = []

    def build(self, read: Sequence[Label]) -> None:
        """Add the sections of the part to `found`."""
        self._look_ahead(read)
        first = len(self.found)
        believed: list[Label] = []
        for at, label in enumerate(read):
            chosen = self._place(at, label)
            if chosen is not None:
                self._open(label, *chosen)
                believed.append(label)
        self._close(0, self.part.stop)
        stops = [*(label.start for label in believed[1:]), self.part.stop]
        for at, (label, stop) in enumerate(zip(believed, stops, strict=False), first):
            title = label.title or labels.title(self.text, label, stop, width=self.width)
            one = self.found[at]
            self.found[at] = Section(one.id, one.label, one.level, title, one.span, one.parent)

    def _look_ahead(self, read: Sequence[Label]) -> None:
        """For each label the next of its schemes before an outer one; and where each comes last."""
        following: dict[str, Value] = {}
        roman: Value = ()
        for at in range(len(read) - 1, -1, -1):
            label = read[at]
            self.ahead.append({scheme: following[scheme] for scheme, _ in label.readings if scheme in following})
            self.next_roman.append(roman)
            roman = label.readings[0][1] if label.readings[0][0] == "roman" and not label.doubtful else roman
            following[label.readings[0][0]] = label.readings[0][1]
            self.later.setdefault(label.readings[0], at)
            if not label.doubtful:
                rank = SCHEMES[label.readings[0][0]][0]
                for scheme in [one for one in following if SCHEMES[one][0] > rank]:
                    del following[scheme]
        self.ahead.reverse()
        self.next_roman.reverse()

    def _place(self, at: int, label: Label) -> tuple[int, Reading] | None:
        """The depth of the parent and the reading believed; None when it is no label."""
        if label.title is not None:
            return self._under(at, label.readings[0]), label.readings[0]
        return self._sequel(at, label) or self._beginning(at, label) or self._gap(at, label)

    def _sequel(self, at: int, label: Label) -> tuple[int, Reading] | None:
        """The next number of a sequence that is open."""
        for depth in range(len(self.stack) - 1, -1, -1):
            for scheme, value in label.readings:
                last = self.stack[depth].last.get(scheme)
                if last is not None and _next(scheme, last, value):
                    return (self._under(at, (scheme, value)) if scheme in _THROUGH else depth), (scheme, value)
        return None

    def _beginning(self, at: int, label: Label) -> tuple[int, Reading] | None:
        """The first number of a sequence; a second run under one parent only when it goes on."""
        for reading in label.readings:
            scheme, value = reading
            if not _first(value):
                continue
            depth = self._under(at, reading)
            goes_on = scheme in self.ahead[at] and _next(scheme, value, self.ahead[at][scheme])
            before = (self.root if scheme in _THROUGH else self.stack[depth]).last.get(scheme)
            again = before is not None and before[:-1] == value[:-1]
            if goes_on or not (again or label.doubtful or scheme in ("capital", "small")):
                return depth, reading
        return None

    def _gap(self, at: int, label: Label) -> tuple[int, Reading] | None:
        """A number out of sequence: one before it was not read."""
        if label.doubtful:
            return None
        scheme, value = reading = label.readings[0]
        goes_on = scheme in self.ahead[at] and _next(scheme, value, self.ahead[at][scheme])
        depth, last = self._nearest(at, reading)
        if last is None:
            return (depth, reading) if self._orphan(at, reading, goes_on=goes_on) else None
        step = _step(last, value)
        if step == 0:
            return (depth, reading) if goes_on else None
        missed = (*last[:-1], (last[-1] // 100 + 1) * 100)
        if scheme in STRONG:
            believed = 1 < step <= 5 and self.later.get((scheme, missed), -1) < at
        else:
            believed = 1 < step <= 3 and self.ahead[at].get(scheme) != missed
        return (depth, reading) if believed else None

    def _nearest(self, at: int, reading: Reading) -> tuple[int, Value | None]:
        scheme, value = reading
        if scheme in _THROUGH:
            return self._under(at, reading), self.root.last.get(scheme)
        for depth in range(len(self.stack) - 1, -1, -1):
            last = self.stack[depth].last.get(scheme)
            if last is not None and _step(last, value) >= 0:
                return depth, last
        return self._under(at, reading), None

    def _orphan(self, at: int, reading: Reading, *, goes_on: bool) -> bool:
        """A sequence whose beginning was not read."""
        scheme, value = reading
        number = value[-1] // 100
        if scheme in STRONG:
            return self.later.get((scheme, (100,)), -1) < at
        if scheme == "decimal":
            return number <= 3 and _holds(self.stack[self._under(at, reading)], value)
        return goes_on and number <= (3 if scheme in ("clause", "roman") else 2)

    def _under(self, at: int, reading: Reading) -> int:
        """Depth of what a label stands in when it opens there."""
        scheme, value = reading
        if scheme.endswith("decimal"):
            for depth in range(len(self.stack) - 1, 0, -1):
                if _holds(self.stack[depth], value):
                    return depth
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.stack[depth].scheme == scheme:
                return depth - 1
        articles = [depth for depth, node in enumerate(self.stack) if node.scheme == "article"]
        if scheme == "roman" and articles:
            return articles[-1]  # a decision whose Điều 1 prints a whole scheme: I, II, III
        romans = [depth for depth, node in enumerate(self.stack) if node.scheme == "roman"]
        if scheme == "capital" and romans and self.next_roman[at] != (100,):
            return romans[-1]  # A, B inside III: what comes next is IV, not another I
        rank = SCHEMES[scheme][0] + len(value) / 100
        return max((d for d, node in enumerate(self.stack) if node.rank < rank), default=0)

    def _open(self, label: Label, depth: int, reading: Reading) -> None:
        scheme, value = reading
        self._close(depth + 1, label.start)
        parent = self.stack[-1]
        (self.root if scheme in _THROUGH else parent).last[scheme] = value
        rank, level, _ = SCHEMES[scheme]
        token = labels.token(scheme, value)
        if scheme == "clause" and parent.scheme == "article":
            token = f"k{token}"
        if scheme.endswith("decimal") and _holds(parent, value):
            tail = value[len(parent.value) :]
            token = labels.token(scheme, tail)
            level = Level.CLAUSE if parent.scheme in ("roman", "capital") and len(tail) == 1 else level
        id = self._id(scheme, token, parent)
        node = _Node(id, scheme, rank + len(value) / 100, value, len(self.found))
        self.stack.append(node)
        span = Span(label.start, self.part.stop)
        self.found.append(Section(id, label.printed, level, "", span, parent.id or None))

    def _id(self, scheme: str, token: str, parent: _Node) -> str:
        if scheme in _THROUGH:
            through = _join(self.root.id, token)
            if through not in self.taken:
                return _unique(through, self.taken)
        return _unique(_join(parent.id, token), self.taken)

    def _close(self, depth: int, end: int) -> None:
        """Close what is open from a depth on."""
        for node in self.stack[max(depth, 1) :]:
            one = self.found[node.index]
            while end > one.span.start and self.text[end - 1].isspace():
                end -= 1
            span = Span(one.span.start, end)
            self.found[node.index] = Section(one.id, one.label, one.level, one.title, span, one.parent)
        del self.stack[max(depth, 1) :]
