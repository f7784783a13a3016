"""Which task of a newer plan goes on with which task of the plan it replaces: proposals for a person.

A plan that replaces another repeats most of its tasks in other words and with other terms. Only a task that is
clearly the most alike is proposed; two as good are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus import similarity
from corpus.concern import Concern, best
from corpus.model import Task

ENOUGH = 0.34
"""Least likeness of two tasks that have a body in common."""
APART = 0.6
"""Least likeness of two tasks of different bodies: the words alone must say it."""
CLEARLY = 0.08
"""How much more alike a task must be than the next one."""


@dataclass(frozen=True, slots=True)
class Successor:
    """A task of the newer plan, by its position among that plan's tasks."""

    position: int
    likeness: float
    """0…1: the share of telling words in common."""
    reason: str
    """In words, parts joined by semicolons."""


def successors(old: Sequence[Task], new: Sequence[Task]) -> dict[int, Successor]:
    """By position of the older plan's task: the newer plan's task that goes on with it."""
    weighed = [_weights(task) for task in new]
    found: dict[int, Successor] = {}
    for number, task in enumerate(old):
        mine = _weights(task)
        ranked = sorted(((_likeness(mine, other), -at) for at, other in enumerate(weighed)), reverse=True)
        if ranked and (made := _clear(task, new, ranked)):
            found[number] = made
    return found


def _clear(task: Task, new: Sequence[Task], ranked: Sequence[tuple[float, int]]) -> Successor | None:
    likeness, at = ranked[0]
    other = new[-at]
    same = any(best(other.lead, name) is not Concern.NONE for name in task.lead)
    if likeness < (ENOUGH if same else APART):
        return None
    if len(ranked) > 1 and ranked[1][0] > likeness - CLEARLY:
        return None
    said = [f"giống {round(100 * likeness)}% lời", "cùng cơ quan chủ trì" if same else "khác cơ quan chủ trì"]
    if task.due and other.due and task.due.raw != other.due.raw:
        said.append("hạn khác")
    return Successor(-at, likeness, "; ".join(said))


def _weights(task: Task) -> dict[str, float]:
    """The words of a task without its bodies; those that every assignment shares nearly without weight."""
    words = frozenset[str]().union(*similarity.content(task).clauses)
    return {term: similarity.weight_of(term) for term in words}


def _likeness(one: dict[str, float], other: dict[str, float]) -> float:
    together = sum(weight for term, weight in one.items() if term in other)
    return 2 * together / ((sum(one.values()) + sum(other.values())) or 1)
