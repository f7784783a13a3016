"""Passages weighed against each other: a task takes its best ones, and a passage goes to the tasks it fits best."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.bars import Bars
from corpus.model import Span
from corpus.statements import Statement

MOST = 6
"""Passages proposed for one task by one paper."""


@dataclass(slots=True)
class Match:
    """A passage that may answer a task, and how surely."""

    task: int
    statement: Statement
    likeness: float
    shared: tuple[str, ...]
    whole: str = ""
    """Why the paper itself is the product the task asks for; empty when it is not."""
    about: bool = False
    """The paper is about the very body the task names."""
    beneath: bool = False
    """It stands under a heading that names the task, and may say it in other words."""


def chosen(matches: Sequence[Match], bars: Bars) -> list[Match]:
    """Each task's best passages, and each passage only for the tasks it fits best."""
    by_task: dict[int, float] = defaultdict(float)
    by_passage: dict[Span, float] = defaultdict(float)
    for match in matches:
        if not (match.whole or match.beneath):
            by_task[match.task] = max(by_task[match.task], match.likeness)
            by_passage[match.statement.span] = max(by_passage[match.statement.span], match.likeness)
    kept = [
        match
        for match in matches
        if match.whole
        or match.beneath
        or match.about
        or (
            match.likeness >= _rival(match, bars) * by_task[match.task]
            and match.likeness >= _share(match, bars) * by_passage[match.statement.span]
        )
    ]
    kept.sort(key=lambda match: (match.task, match.beneath, -match.likeness, match.statement.span.start))
    counted: Counter[int] = Counter()
    taken: dict[tuple[int, Span], Match] = {}
    for match in kept:
        key = (match.task, match.statement.whole)
        faint = match.likeness < bars.plain and not (match.about or match.beneath)
        most = 2 if faint else MOST + 2 * match.beneath + 2 * bool(match.whole)
        if key in taken or counted[match.task] >= most:
            continue
        counted[match.task] += 1
        taken[key] = match
    return list(taken.values())


def _share(match: Match, bars: Bars) -> float:
    return bars.passage_rival if match.likeness >= bars.plain else bars.faint_share


def _rival(match: Match, bars: Bars) -> float:
    if match.likeness < bars.plain:
        return bars.faint_rival
    return bars.counted_rival if match.statement.counted else bars.task_rival
