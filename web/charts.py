"""Where a plan stands as two drawings a leader reads at a glance: by body, and by month of term; free of HTML.

A state is a shape, a colour and a word: every piece of a drawing carries its icon, and all figures stand in a
table below it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.views import PlanView, TaskState
from web import labels
from web.matrix import UNSAID, Assignment, column_names

WIDTH = 600
NAME = 186
"""Units of the drawing for the names of bodies."""
SAID = 140
"""And for what is said at the end of a bar."""
ROW, THICK = 34, 22
STEP = 22
"""Side of a block that stands for one task, with the space after it."""
TALL = 8
"""Blocks above one another; a fuller month has narrower ones, each for several tasks."""
LABEL = 58
"""Room for the name of a month or a quarter."""
MOST_MONTHS = 36
"""More months than this are drawn as quarters."""
_DONE = (TaskState.DONE, TaskState.DONE_LATE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one state."""

    state: TaskState
    count: int
    x: float
    y: float
    width: float
    height: float

    @property
    def css(self) -> str:
        """Class of its colour."""
        return "late" if self.state == TaskState.DONE_LATE else str(self.state)

    @property
    def icon(self) -> str:
        """Symbol of its shape."""
        return labels.task(self.state).icon

    @property
    def roomy(self) -> bool:
        """Whether the shape fits into it."""
        return self.width >= 13 and self.height >= 13


@dataclass(frozen=True, slots=True)
class Line:
    """One bar or column: its name, its pieces, and the same in words."""

    name: str
    words: str
    pieces: tuple[Piece, ...]
    counts: tuple[tuple[TaskState, int], ...]
    x: float = 0.0
    y: float = 0.0
    said: str = ""
    """At the end of a bar: «3/5 xong, 1 quá hạn»."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing; `states` are those that occur, in the order of the tally."""

    height: float
    lines: tuple[Line, ...]
    states: tuple[TaskState, ...]
    today: float | None = None
    """Where today stands among months."""
    left_out: int = 0
    """Tasks without a day, which have no place among months."""
    quarters: bool = False
    """Quarters stand for months."""
    slanting: bool = False
    """The names of the columns are longer than the columns are wide."""


def by_body(given: Sequence[Assignment]) -> Chart:
    """What each leading body has to do, those with most overdue first."""
    names = column_names(given)
    counted: dict[str, Counter[TaskState]] = defaultdict(Counter)
    for one in given:
        if one.lead:
            counted[names[one.name] or UNSAID][one.state] += 1
    ranked = sorted(counted.items(), key=lambda item: (-item[1][TaskState.OVERDUE], -item[1].total(), item[0]))
    most = max((counts.total() for counts in counted.values()), default=1)
    unit = min((WIDTH - NAME - SAID) / most, 44)
    lines = [_bar(name, counts, unit, number * ROW) for number, (name, counts) in enumerate(ranked)]
    return Chart(len(lines) * ROW, tuple(lines), _states(counted.values()))


def _bar(name: str, counts: Counter[TaskState], unit: float, y: float) -> Line:
    pieces: list[Piece] = []
    x = float(NAME)
    for state, count in _ordered(counts):
        pieces.append(Piece(state, count, round(x, 1), y, round(count * unit - 2, 1), THICK))
        x += count * unit
    done, late = sum(counts[state] for state in _DONE), counts[TaskState.OVERDUE]
    said = f"{done}/{counts.total()} xong" + (f", {late} quá hạn" if late else "")
    return Line(name, _words(counts), tuple(pieces), _ordered(counts), round(x + 8, 1), y, said)


def by_month(plan: PlanView) -> Chart:
    """The tasks by the month of their term, or by quarter where there are many months; each task a block."""
    dated = [(view.due.on, view.state) for view in plan.tasks if view.due is not None and view.due.on is not None]
    left_out = len(plan.tasks) - len(dated)
    if not dated:
        return Chart(0, (), (), left_out=left_out)
    first, last = min(day for day, _ in dated), max(day for day, _ in dated)
    size = 1 if _months(last) - _months(first) < MOST_MONTHS else 3
    start = _months(first) // size
    columns = _months(last) // size - start + 1
    counted: list[Counter[TaskState]] = [Counter() for _ in range(columns)]
    for day, state in dated:
        counted[_months(day) // size - start][state] += 1
    wide = min(WIDTH / columns, 64.0)
    each = max(1, -(-max(counts.total() for counts in counted) // TALL))
    lines = [
        _column(_named(start + at, size), counts, at * wide, wide, each)
        for at, counts in enumerate(counted)
    ]
    now = (_months(plan.today) / size - start + (plan.today.day / 31) / size) * wide
    today = round(now, 1) if 0 <= now <= columns * wide else None
    return Chart(TALL * STEP, tuple(lines), _states(counted), today, left_out, size > 1, wide < LABEL)


def _column(name: str, counts: Counter[TaskState], x: float, wide: float, each: int) -> Line:
    pieces: list[Piece] = []
    side = min(STEP - 2, wide - 2)
    y = TALL * STEP
    for state, count in _ordered(counts):
        while count > 0:
            held = min(each, count)
            y -= STEP * held / each
            pieces.append(
                Piece(state, held, round(x + (wide - side) / 2, 1), round(y, 1), round(side, 1),
                      round(STEP * held / each - 2, 1))
            )  # fmt: skip
            count -= held
    return Line(name, _words(counts), tuple(pieces), _ordered(counts), round(x + wide / 2, 1), TALL * STEP)


def _months(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _named(number: int, size: int) -> str:
    """«9/2016» or «QIII/2016»."""
    if size == 1:
        return f"{number % 12 + 1}/{number // 12}"
    return f"Q{('I', 'II', 'III', 'IV')[number % 4]}/{number // 4}"


def _ordered(counts: Counter[TaskState]) -> tuple[tuple[TaskState, int], ...]:
    return tuple((state, counts[state]) for state in labels.TALLY if counts[state])


def _states(counted: Iterable[Counter[TaskState]]) -> tuple[TaskState, ...]:
    total: Counter[TaskState] = sum(counted, Counter())
    return tuple(state for state, _ in _ordered(total))


def _words(counts: Counter[TaskState]) -> str:
    return ", ".join(f"{labels.counted(state).words.lower()} {count}" for state, count in _ordered(counts))
