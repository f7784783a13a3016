"""A plan as a table of tasks by body, and the address of each of its cells.

A cell is named `<section>:<n>`: the n-th assignment within the section, in reading order.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus import concern
from corpus.model import Section
from corpus.sameness import Sense
from corpus.text import CAPITALS
from indexer import one_body
from indexer.views import EvidenceView, PlanView, ShareView, TaskState, TaskView
from web import labels

MOST_COLUMNS = 7  # what fits beside the drawer on a screen of 1280; the rest shares one column
OTHERS = "Cơ quan khác"
UNSAID = "Chưa rõ cơ quan"


_UNITS = {"xa": "xã", "huyen": "huyện", "tinh": "tỉnh"}
_EACH = re.compile(r"(?:các|từng|mỗi|tất cả các)\s+((?:xã|phường|thị trấn|đặc khu)\b.*)$", re.IGNORECASE)
_NAMED = re.compile(rf"\b(?:xã|phường|thị trấn|đặc khu)\s+[{CAPITALS}]")
COMMUNES = "xã"
"""Key of the column that all communes share."""


def unit_word(name: str) -> str:
    """What the members of a class are called: «xã» for «đảng ủy các xã, thị trấn», else «nơi»."""
    unit = concern.unit_of(name)
    return _UNITS.get(unit.split("|")[0], "nơi") if unit else "nơi"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One body's share of one task; `address` names its cell."""

    task: TaskView
    name: str
    """The body as the task names it; empty when the task names none."""
    address: str
    state: TaskState
    days: int
    evidence: tuple[EvidenceView, ...]
    lead: bool = True
    share: ShareView | None = None
    """What a leading body or class has done; None for a partner."""
    body: Sense = one_body.UNSAID
    """Equal where two names are one body's."""

    @property
    def short(self) -> str:
        """At most three words for its cell: «5/6 xã», «1 quá hạn», else those of its state."""
        share, unit = self.share, unit_word(self.name)
        if share is not None and share.behind:
            return f"{len(share.behind)} {unit} quá hạn"
        if share is not None and share.done is not None:
            return f"{share.done}/{share.of} {unit}" if share.of else f"{share.done} {unit} xong"
        return labels.task(self.state, self.days).short


@dataclass(frozen=True, slots=True)
class Row:
    """A task with what each column's bodies have to do; an empty tuple: not assigned."""

    task: TaskView
    cells: tuple[tuple[Assignment, ...], ...] = ()
    label: str = ""
    """The number its section is printed with."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under one outer heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table; `bodies` are the names over its columns."""

    bodies: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One state's share of the bar, in thousandths of its width."""

    state: TaskState
    count: int
    x: float
    width: float

    @property
    def css(self) -> str:
        """Class of its colour."""
        return "late" if self.state == TaskState.DONE_LATE else str(self.state)


def assignments(plan: PlanView) -> tuple[Assignment, ...]:
    """Every body's share of every task, partners after leads, in reading order."""
    counts: Counter[str] = Counter()
    found: list[Assignment] = []

    def address(view: TaskView) -> str:
        counts[view.task.section] += 1
        return f"{view.task.section}:{counts[view.task.section]}"

    for view in plan.tasks:
        for share in view.shares:
            place = address(view)
            body = plan.body(share.name) if share.name else one_body.UNSAID
            found.append(
                Assignment(view, share.name, place, share.state, share.days, share.evidence, share=share, body=body)
            )
        for name in view.task.partners:
            found.append(
                Assignment(
                    view, name, address(view), view.state, view.days, view.evidence, lead=False, body=plan.body(name)
                )
            )
    return tuple(found)


def _bodies(view: TaskView) -> int:
    return len(view.shares) + len(view.task.partners)


def addresses(tasks: Iterable[TaskView]) -> dict[int, str]:
    """By start of a task: the cell of its first body, among all tasks of its plan."""
    counts: Counter[str] = Counter()
    found: dict[int, str] = {}
    for view in tasks:
        found[view.task.span.start] = f"{view.task.section}:{counts[view.task.section] + 1}"
        counts[view.task.section] += _bodies(view)
    return found


def address(task: TaskView, tasks: Iterable[TaskView]) -> str:
    """The cell of a task's first body, among all tasks of its plan."""
    return addresses(tasks)[task.task.span.start]


def opened(given: Iterable[Assignment], wanted: str) -> Assignment | None:
    """The assignment with this address; a section alone means its first."""
    exact = next((one for one in given if one.address == wanted), None)
    return exact or next((one for one in given if one.task.task.section == wanted), None)


def matrix(plan: PlanView, sections: Sequence[Section], given: Sequence[Assignment] | None = None) -> Matrix:
    """Tasks by body; bodies in the order of how much they have to do. `given`: its assignments, where known."""
    given = assignments(plan) if given is None else given
    keys, bodies = _columns(given)
    by_task: dict[int, list[Assignment]] = defaultdict(list)
    for one in given:
        by_task[id(one.task)].append(one)
    printed = {section.id: section.label.strip(" .)") for section in sections}
    rows = [
        Row(view, _cells(by_task[id(view)], keys, len(bodies)), _label(view, printed))
        for view in plan.tasks
    ]
    return Matrix(bodies, _parts(rows, sections))


def _label(view: TaskView, printed: dict[str, str]) -> str:
    return "" if view.task.added else printed.get(view.task.section, "")


def _columns(given: Sequence[Assignment]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Column by name of body, and the names over the columns."""
    weights: Counter[str | Sense] = Counter()
    keyed = _keys(given)
    for one in given:
        weights[keyed[one.name]] += 100 if one.lead else 1
    ranked = [key for key, _ in weights.most_common()]
    whole = ranked if len(ranked) <= MOST_COLUMNS + 1 else ranked[:MOST_COLUMNS]
    # In the order in which the plan names them, which is the order of its own table of bodies; communes last.
    shown = sorted((key for key in dict.fromkeys(keyed.values()) if key in whole), key=lambda key: key == COMMUNES)
    called = _called(given, keyed)
    columns = {name: shown.index(key) if key in whole else len(shown) for name, key in keyed.items()}
    titles = [called[key] or UNSAID for key in shown]
    return columns, tuple(titles + ([OTHERS] if len(whole) < len(ranked) else []))


def column_names(given: Sequence[Assignment]) -> dict[str, str]:
    """By name of a body as tasks give it: how its column is called, whichever columns are shown."""
    keyed = _keys(given)
    called = _called(given, keyed)
    return {name: called[key] for name, key in keyed.items()}


def _called(given: Sequence[Assignment], keyed: Mapping[str, str | Sense]) -> dict[str | Sense, str]:
    """What each column is called."""
    names: dict[Sense, Counter[str]] = defaultdict(Counter)
    for one in given:
        if isinstance(key := keyed[one.name], Sense):
            names[key][one.name] += 1
    called: dict[str | Sense, str] = {**one_body.titles(names)}
    return called | ({COMMUNES: _communes(given)} if COMMUNES in keyed.values() else {})


def _keys(given: Iterable[Assignment]) -> dict[str, str | Sense]:
    """What a body's column goes by; communes fold into one where the plan speaks of them as a class."""
    held = {one.name: one.body for one in given}
    classes = {name for name in held if _of_communes(name)}
    folded = classes | {name for name in held if classes and _NAMED.search(name)}
    return {name: COMMUNES if name in folded else body for name, body in held.items()}


def _of_communes(name: str) -> bool:
    """Whether a name is a class of bodies of communes: «UBND các xã, thị trấn», «Đảng ủy cấp xã»."""
    return unit_word(name) == "xã"


def _communes(given: Iterable[Assignment]) -> str:
    """«6 xã, thị trấn», or «các xã, thị trấn» where no paper counts them."""
    known = [one for one in given if _of_communes(one.name)]
    said = Counter(found[1] for one in known if (found := _EACH.search(one.name))).most_common(1)
    words = said[0][0] if said else "xã"  # «UBND cấp xã»
    counts = [one.share.of for one in known if one.share is not None and one.share.of]
    return f"{max(counts)} {words}" if counts else f"các {words}"


def _cells(
    given: Iterable[Assignment], keys: Mapping[str, int], count: int
) -> tuple[tuple[Assignment, ...], ...]:
    cells: list[list[Assignment]] = [[] for _ in range(count)]
    for one in given:
        cells[keys[one.name]].append(one)
    return tuple(map(tuple, cells))


def _parts(rows: Sequence[Row], sections: Sequence[Section]) -> tuple[Part, ...]:
    """Rows under the outermost section of each task, as the plan prints its heading."""
    known = {section.id: section for section in sections}
    parts: list[tuple[str, list[Row]]] = []
    for row in rows:
        top = _outermost(known.get(row.task.task.section), known)
        title = f"{top.label}. {top.title}".strip(". ") if top and top.id != row.task.task.section else ""
        if not parts or parts[-1][0] != title:
            parts.append((title, []))
        parts[-1][1].append(row)
    return tuple(Part(title, tuple(group)) for title, group in parts)


def _outermost(section: Section | None, known: dict[str, Section]) -> Section | None:
    while section is not None and section.parent in known:
        section = known[section.parent]
    return section


def only(parts: Iterable[Part], state: TaskState | None) -> tuple[Part, ...]:
    """The rows in this state, without the parts that have none; None: every row."""
    if state is None:
        return tuple(parts)
    kept = (Part(part.title, tuple(row for row in part.rows if row.task.state is state)) for part in parts)
    return tuple(part for part in kept if part.rows)


def segments(tasks: Sequence[TaskView]) -> tuple[Segment, ...]:
    """The bar: each state's share, in the order of the tally."""
    counts = Counter(task.state for task in tasks)
    shown = [(state, counts[state]) for state in labels.TALLY if counts[state]]
    found: list[Segment] = []
    x = 0.0
    for state, count in shown:
        width = 1000 * count / len(tasks)
        found.append(Segment(state, count, round(x, 1), round(max(width - 3, 1), 1)))
        x += width
    return tuple(found)


def periods(plan: PlanView) -> tuple[Part, ...]:
    """The tasks by when they are due: by year of the deadline, then recurring, then without one."""
    groups: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for view in plan.tasks:
        groups[_period(view)].append(Row(view))
    return tuple(
        Part(title, tuple(sorted(rows, key=lambda r: (r.task.due.on if r.task.due else None) or plan.today)))
        for (_, title), rows in sorted(groups.items())
    )


def _period(view: TaskView) -> tuple[int, str]:
    due = view.due
    if due is None:
        return 9_999, "Không ghi hạn"
    if due.on is not None:
        quarter = (due.on.month + 2) // 3
        return due.on.year * 4 + quarter, f"Quý {('I', 'II', 'III', 'IV')[quarter - 1]}/{due.on.year}"
    return (9_997, "Định kỳ, thường xuyên") if due.recurs else (9_998, "Hạn ghi bằng lời")
