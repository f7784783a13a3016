"""Words of a withdrawn paper in sentences of others (cần rà soát): titles of dossiers, kept searches.

What people typed there stands for more than the paper and is not changed by a machine; where it repeats the
paper's number or title is recorded, without a word of it, and shown to a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import filed, ledger
from archive.database import reader
from archive.schema import correction, dossier, dossier_document, event, register_line, saved_search, version
from corpus.text import fold, normalise

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.viewer import Viewer

LEFT = "words-to-review"
_RUN = 8
"""Syllables in a row that are the paper's: the usual openings of titles are shorter."""
_SHORTEST = 4
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Remnants:
    """Where a person has to look."""

    dossiers: tuple[tuple[str, str], ...] = ()
    """Id and title; only those that nobody changed since."""
    searches: tuple[tuple[int, str], ...] = ()
    """Number and name; only those that are still kept."""

    def __bool__(self) -> bool:
        return bool(self.dossiers or self.searches)


def note(connection: Connection, document: str, words: Iterable[str], *, by: str) -> None:
    """Record where the number and the title of a paper stand in the words of others, before they are forgotten.

    `words` are what is known of them beside the records. Nothing is recorded where there is nothing.
    """
    runs = {run for one in (*words, *_told(connection, document)) for run in _runs(one)}
    found = {
        "dossiers": [one.id for one in _dossiers(connection) if _holds(f"{one.title}\n{one.note}", runs)],
        "searches": [one.id for one in _searches(connection) if _holds(f"{one.name}\n{_asked(one.asked)}", runs)],
    }
    if any(found.values()):
        ledger.append(connection, actor=by, kind=LEFT, subject=document, details=found)


def of(archive: Archive, viewer: Viewer, document: str) -> Remnants:
    """What a person has yet to look at for a withdrawn paper. For now every viewer may see it."""
    with reader(archive.engine) as connection:
        query = sa.select(event.c.seq, event.c.details).where(event.c.kind == LEFT, event.c.subject == document)
        record = connection.execute(query.order_by(event.c.seq.desc()).limit(1)).first()
        if record is None:
            return Remnants()
        said = ledger.said(record.details)
        changed = sa.select(event.c.subject).where(event.c.kind == filed.CHANGED, event.c.seq > record.seq)
        open_ = _dossiers(connection, dossier.c.id.in_(said["dossiers"]), dossier.c.id.not_in(changed))
        kept = _searches(connection, saved_search.c.id.in_(said["searches"]))
        return Remnants(tuple((one.id, one.title) for one in open_), tuple((one.id, one.name) for one in kept))


def _dossiers(connection: Connection, *wanted: sa.ColumnElement[bool]) -> Iterable[Any]:
    query = sa.select(dossier.c.id, dossier.c.title, dossier.c.note).where(*wanted).order_by(dossier.c.planned)
    return connection.execute(query).all()


def _searches(connection: Connection, *wanted: sa.ColumnElement[bool]) -> Iterable[Any]:
    query = sa.select(saved_search.c.id, saved_search.c.name, saved_search.c.asked).where(*wanted)
    return connection.execute(query.order_by(saved_search.c.id)).all()


def _asked(text: str) -> str:
    return "\n".join(value for values in json.loads(text).values() for value in values)


def _told(connection: Connection, document: str) -> Iterator[str]:
    """What the records call the paper."""
    for name in connection.scalars(sa.select(version.c.name).where(version.c.document == document)):
        yield PurePath(name).stem
    fields = sa.select(correction.c.anchor, correction.c.value).where(correction.c.document == document)
    for anchor, value in connection.execute(fields):
        if json.loads(anchor).get("field") in ("title", "number"):
            yield json.loads(value)
    for table, column in ((register_line, register_line.c.paper), (dossier_document, dossier_document.c.described)):
        for held in connection.scalars(sa.select(column).where(table.c.document == document, column.is_not(None))):
            said = json.loads(held)
            yield from (said.get("title"), said.get("number"))


def _syllables(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(normalise(text))))


def _runs(said: object) -> Iterator[tuple[str, ...]]:
    """The stretches by which a title or a number is known again; none of what is too short to tell."""
    words = _syllables(said) if isinstance(said, str) else ()
    numbered = len(words) > 1 and any(word.isdigit() for word in words)
    if len(words) < _SHORTEST and not numbered:
        return
    length = min(len(words), _RUN)
    yield from (words[at : at + length] for at in range(len(words) - length + 1))


def _holds(text: str, runs: set[tuple[str, ...]]) -> bool:
    words = _syllables(text)
    lengths = {len(run) for run in runs}
    return any(words[at : at + length] in runs for length in lengths for at in range(len(words) - length + 1))
