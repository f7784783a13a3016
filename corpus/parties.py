"""Coarse keys under which a plan and a paper that cites nothing can meet: bodies asked, bodies that speak.

Two bodies that `concern` calls the same or member and class share a key; the converse need not hold.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from corpus.assignees import head_at, reading
from corpus.concern import classes, heirs, stem
from corpus.model import Heading, Task

_LONG = re.compile(r"uy ban nhan dan|hoi dong nhan dan|ban thuong vu|ban chi dao|lien hiep hoi|ban quan ly")
_WORDS = 2


def asked(heading: Heading, tasks: Sequence[Task]) -> frozenset[str]:
    """Keys of the bodies that a plan's tasks name, and of its own issuer; empty without tasks."""
    if not tasks:
        return frozenset()
    names = {name for task in tasks for name in (*task.lead, *task.partners)}
    names |= {heir for name in names for heir in heirs(name, dt.date.max)}
    keys = {key for name in names for key in (_key(stem(name)), *classes(name))}
    return frozenset((keys | {_key(stem(heading.issuer or ""))}) - {""})


def speaks(heading: Heading, opening: str = "") -> frozenset[str]:
    """Keys of a paper's issuer, of the classes it belongs to, and of the bodies its title and address name.

    `opening`: the cover of a file without letterhead, read for names as the title is.
    """
    found: set[str] = set()
    if heading.issuer:
        found.add(_key(stem(heading.issuer)))
        found.update(classes(heading.issuer, member=True))
    for words in (heading.title or "", *heading.addressees, opening):
        found.update(_key(stem(name)) for name in _named(words))
    return frozenset(found - {""})


def _key(name: str) -> str:
    words = name.split()
    if not words:
        return ""
    count = 4 if _LONG.match(name) else _WORDS
    return " ".join(words[:count])


def _named(words: str) -> Iterator[str]:
    """Where a body's name may begin in a title; the key needs its first words only."""
    line = reading(words)
    for start in re.finditer(r"(?<!\w)\w", line.text):
        if line.text[start.start()].isupper() and head_at(line, start.start()):
            yield " ".join(line.text[start.start() :].split()[: 9])
