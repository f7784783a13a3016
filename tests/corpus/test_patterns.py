"""No pattern of `corpus` can be made to run away: each against texts made to make it try everything.

Processor time is counted, not the clock, and a pattern that takes too much is stopped in the middle: nothing hangs.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import corpus
from corpus import assignees

SIZE = 3_000
"""Characters of a text: a pattern that goes back over all of it for each character takes far beyond the limit."""
LIMIT = 5.0  # seconds of processor time; what goes back twice over the text takes a tenth of it
UNITS = (
    " ", "\n", "\t", "a", "A", "Đ", "ă", "0", ".", ",", "-", "–", "…", "_", "(", "“", "/", "1 ", "1.", "1/", "- ", "a ",
    "A ", "Á b ", "1, 2, ", "I. ", ": ", "; ", "; a", "a; ", "số ", "Số: ", "ngày ", "ngày 1 tháng 1 ", "Điều 1 ",
    "của ", "và ", "Kế hoạch ", "Ủy ban ", "UBND ", "Sở Nội vụ, ", "TM. ", "KT.CHỦ TỊCH ", "Nơi nhận: ",
    "thực hiện các ", "kèm theo ", "sửa đổi, bổ sung ", "(sau đây gọi là ", "a) ", "12/KH-UBND ", "Số: 1/",
    "I\n", "- a\n", "1. A\n", "\n\n", " \n",
)  # fmt: skip
_CALLS = {"compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer"}


class RanAwayError(AssertionError):
    """A pattern took more than its time."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Stop what takes more processor time; matching looks at signals on its way."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise RanAwayError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def modules() -> Iterator[Any]:
    for module in pkgutil.iter_modules(corpus.__path__, "corpus."):
        yield importlib.import_module(module.name)


def held(value: object) -> Iterator[re.Pattern[str]]:
    """Patterns in a value, however deep in tuples and tables."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from held(one)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from held(one)


def made(module: Any) -> Iterator[re.Pattern[str]]:
    """Patterns that cached functions without parameters give."""
    for value in vars(module).values():
        if hasattr(value, "cache_info") and value.__module__ == module.__name__:
            returns = inspect.signature(value).return_annotation
            if "Pattern" in str(returns) and not inspect.signature(value).parameters:
                yield from held(value())


def written(module: Any) -> Iterator[re.Pattern[str]]:
    """Patterns written where they are used: `re.search(r"…", words)`."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if not (isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re"):
            continue
        first = node.args[0] if isinstance(node, ast.Call) and node.args else None
        if called.attr in _CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield re.compile(first.value)


def every() -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for module in modules():
        for pattern in (*held(list(vars(module).values())), *made(module), *written(module)):
            found.setdefault(f"{pattern.pattern}|{pattern.flags}", pattern)
    for section, lists in assignees.lexicon().items():
        for name, words in lists.items() if isinstance(lists, dict) else ():
            if isinstance(words, list) and all(isinstance(word, str) for word in words):
                pattern = assignees.pattern(section, name)
                found.setdefault(f"{pattern.pattern}|{pattern.flags}", pattern)
    return found


def own_words(pattern: re.Pattern[str]) -> Iterator[str]:
    """The words a pattern itself looks for, which lead it farthest in."""
    plain = re.sub(r"\\[sS](?:\{\d+,?\d*\}|[*+?])?|\[ \\t\][*+?]?", " ", pattern.pattern)
    runs = re.findall(r"[^\W\d_][\w ]{1,24}", re.sub(r"\\[a-zA-Z]", "|", plain))
    yield from dict.fromkeys(f"{run.strip()} " for run in runs[:12])


PATTERNS = every()


def test_the_patterns_of_every_module_are_found() -> None:
    assert len(PATTERNS) > 300
    assert any("kèm" in key for key in PATTERNS) and any("Nơi|NƠI" in key for key in PATTERNS)


def test_one_that_runs_away_is_stopped() -> None:
    with pytest.raises(RanAwayError), bounded(0.2):
        re.search(r"(?:a+)+b", "a" * 200)


def runs_away(pattern: re.Pattern[str], unit: str) -> bool:
    text = (unit * (SIZE // len(unit) + 1))[:SIZE] + "\x00"
    try:
        with bounded(LIMIT):
            pattern.search(text)
            pattern.fullmatch(text)
    except RanAwayError:
        return True
    return False


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=[str(number) for number in range(len(PATTERNS))])
def test_no_pattern_runs_away(pattern: re.Pattern[str]) -> None:
    assert [unit for unit in (*UNITS, *own_words(pattern)) if runs_away(pattern, unit)] == [], pattern.pattern
