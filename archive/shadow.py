"""What a reader sees of the signed revision against what the file shows now: the questions and the answers.

The pictures are made and compared by whoever calls, since parsers of pages live elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """Where something may have been added on a page: a field filled in, a later signature."""

    page: int
    """From 1."""
    box: tuple[float, float, float, float]
    """Left, bottom, right, top in the page's own units."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pages (from 1) that show something else than when they were signed."""

    count_signed: int
    count_now: int
    differing: tuple[int, ...] = ()
    """Differences outside the areas."""
    covered: tuple[int, ...] = ()
    """Within the areas, something that was to be seen when signed no longer is."""


Compare = Callable[[bytes, bytes, Sequence[Area]], Comparison]
"""Takes the signed revision, the file as it is, and the areas; raises `NotCompared`."""


class NotCompared(Exception):
    """The pictures could not be made; says nothing about whether they differ."""


def objections(comparison: Comparison) -> tuple[str, ...]:
    """What speaks against the file still showing what was signed, in Vietnamese.

    >>> objections(Comparison(2, 2))
    ()
    """
    found = []
    if comparison.count_signed != comparison.count_now:
        found.append(f"khi ký có {comparison.count_signed} trang, nay hiện {comparison.count_now} trang")
    if comparison.differing:
        found.append(f"{pages(comparison.differing)} hiện khác với lúc ký")
    if comparison.covered:
        found.append(f"{pages(comparison.covered)} có chữ đã ký bị che hoặc thay")
    return tuple(found)


def pages(numbers: Sequence[int]) -> str:
    """Page numbers as people write them.

    >>> pages([1, 2, 7])
    'trang 1, 2, 7'
    """
    shown = ", ".join(map(str, numbers[:8]))
    return f"trang {shown}" + (f" và {len(numbers) - 8} trang nữa" if len(numbers) > 8 else "")
