"""What a person corrected in the machine's reading (bản sửa), kept with what the machine had read.

Records are only added: taking a correction back is another record. What anchors and values mean is the
indexer's affair (`indexer.overlay`); here they are JSON.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import catalogue, journal, ledger
from archive.database import now, reader
from archive.errors import NotFound
from archive.schema import correction as table
from archive.schema import document as document_table
from archive.schema import event as event_table
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

CORRECTED = "corrected"
UNDONE = "correction-undone"


class Subject(StrEnum):
    """What is corrected."""

    FIELD = "field"
    SECTION = "section"
    CITATION = "citation"
    LINK = "link"
    VERSION = "version"
    """Whether the paper is a version (bản) of another one."""
    TASK = "task"
    """A task of the plan: its words, bodies and term; one added by hand, split, merged or dropped."""
    FULFILMENT = "fulfilment"
    """What a passage of a paper is worth as the answer to a task of the plan."""
    REGISTER = "register"
    """In which register a person puts the paper, whoever issued it; or that it needs none."""
    METADATA = "metadata"
    """A field of the paper's metadata (dữ liệu đặc tả) that cannot be read in it."""
    DOUBT = "doubt"
    """A doubt about its number or its day that a person has looked at and settled."""


NOT_READ = (Subject.FULFILMENT, Subject.REGISTER, Subject.METADATA, Subject.DOUBT)
"""What people say beside the reading: a correction of these changes nothing that was read."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One record: a correction, or the undoing of one."""

    id: int
    """The number of its record in the ledger: what was recorded later has a higher one."""
    document: str
    subject: Subject
    anchor: Mapping[str, Any]
    """Where in the reading; finds its place again after another reading."""
    value: Any
    read: Any
    """What the machine had read there; None: nothing."""
    at: dt.datetime
    by: str
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A correction that is to be recorded."""

    document: str
    subject: Subject
    anchor: Mapping[str, Any]
    value: Any
    read: Any
    """Counts only for the first one at an anchor: the machine's reading is what stood there before any person."""


def record(
    archive: Archive, viewer: Viewer, document: str, *, subject: Subject, anchor: Mapping[str, Any], value: Any,
    read: Any, by: str,
) -> Correction:  # fmt: skip
    """Keep a correction and its record in the ledger. Raises NotFound."""
    with journal.acting(archive) as connection:
        return add(connection, viewer, [Draft(document, subject, anchor, value, read)], by=by)[0]


def add(connection: Connection, viewer: Viewer, drafts: Sequence[Draft], *, by: str) -> tuple[Correction, ...]:
    """Keep corrections in the caller's transaction, in their order: all of them, or none if it fails. Raises NotFound.

    A bounded number of queries, however many there are.
    """
    ledger.lock(connection)  # before the numbers are taken: numbers come in the order of commits
    documents = list(dict.fromkeys(draft.document for draft in drafts))
    _require(connection, viewer, documents)
    before = _first_read(connection, documents, {draft.subject for draft in drafts})
    said: list[_Said] = []
    for draft in drafts:
        place = draft.document, draft.subject, _canonical(draft.anchor)
        read = before.setdefault(place, draft.read)
        said.append(_Said(draft.document, draft.subject, draft.anchor, draft.value, read, None))
    return _write(connection, said, CORRECTED, by)


def undo(archive: Archive, viewer: Viewer, correction: int, *, by: str) -> Correction:
    """Take a correction back: what stood before it stands again. Safe to repeat. Raises NotFound."""
    with journal.acting(archive) as connection:
        return take_back(connection, viewer, [correction], by=by)[0]


def take_back(
    connection: Connection, viewer: Viewer, numbers: Sequence[int], *, by: str
) -> tuple[Correction, ...]:
    """Take corrections back in the caller's transaction: all, or none if it fails. Safe to repeat. Raises NotFound."""
    ledger.lock(connection)
    wanted = list(dict.fromkeys(numbers))
    held = {row.id: _correction(row) for row in _chosen(connection, table.c.id, wanted)}
    for number in wanted:
        if number not in held or held[number].undoes is not None:
            raise NotFound(what=str(number))
    _require(connection, viewer, list(dict.fromkeys(one.document for one in held.values())))
    done = {row.undoes: _correction(row) for row in _chosen(connection, table.c.undoes, wanted)}
    said = [
        _Said(one.document, one.subject, one.anchor, one.value, one.read, one.id)
        for one in (held[number] for number in wanted if number not in done)
    ]
    done |= {one.undoes: one for one in _write(connection, said, UNDONE, by)}
    return tuple(done[number] for number in wanted)


def of(archive: Archive, viewer: Viewer, document: str) -> tuple[Correction, ...]:
    """Every record about a document, oldest first. Raises NotFound."""
    catalogue.get(archive, viewer, document)
    with reader(archive.engine) as connection:
        return held(connection, document)


def held(connection: Connection, document: str) -> tuple[Correction, ...]:
    """Every record about a document, oldest first; in the caller's transaction."""
    rows = connection.execute(sa.select(table).where(table.c.document == document).order_by(table.c.id))
    return tuple(map(_correction, rows))


def standing(records: Iterable[Correction]) -> tuple[Correction, ...]:
    """The corrections in force, oldest first: the last one at each anchor that was not taken back."""
    every = sorted(records, key=lambda one: one.id)
    gone = {one.undoes for one in every}
    last = {
        (one.subject, _canonical(one.anchor)): one for one in every if one.undoes is None and one.id not in gone
    }
    return tuple(sorted(last.values(), key=lambda one: one.id))


def in_force(
    archive: Archive, viewer: Viewer, subject: Subject, documents: Iterable[str] | None = None
) -> dict[str, tuple[Correction, ...]]:
    """The corrections of one subject in force, by document; `documents` limits to these."""
    query = (
        sa.select(table)
        .join(document_table, document_table.c.id == table.c.document)
        .where(table.c.subject == subject, catalogue.visible(viewer))
        .order_by(table.c.id)
    )
    wanted = None if documents is None else list(dict.fromkeys(documents))
    batches = [None] if wanted is None else [wanted[at : at + 500] for at in range(0, len(wanted), 500)]
    found: dict[str, list[Correction]] = {}
    with reader(archive.engine) as connection:
        for batch in batches:
            chosen = query if batch is None else query.where(table.c.document.in_(batch))
            for one in map(_correction, connection.execute(chosen)):
                found.setdefault(one.document, []).append(one)
    return {document: kept for document, records in found.items() if (kept := standing(records))}


def get(archive: Archive, viewer: Viewer, correction: int) -> Correction:
    """One record; NotFound where there is none to see."""
    with reader(archive.engine) as connection:
        row = connection.execute(sa.select(table).where(table.c.id == correction)).first()
    if row is None:
        raise NotFound(what=str(correction))
    catalogue.get(archive, viewer, row.document)
    return _correction(row)


def newest(archive: Archive) -> int:
    """The number of the last record; 0 when there is none."""
    with reader(archive.engine) as connection:
        return connection.scalar(sa.select(sa.func.max(table.c.id))) or 0


def since(archive: Archive, number: int, *subjects: Subject) -> tuple[str, ...]:
    """Documents with a record after this number: of one of these subjects; none given: that bears on their reading."""
    chosen = table.c.subject.in_(subjects) if subjects else table.c.subject.not_in(NOT_READ)
    with reader(archive.engine) as connection:
        query = sa.select(table.c.document).where(table.c.id > number, chosen)
        return tuple(connection.scalars(query.distinct().order_by(table.c.document)))


def relearn(connection: Connection) -> int:
    """Put back the rows that the ledger tells of and the table lacks, as after a loss; gives how many."""
    there = sa.select(table.c.id)
    query = sa.select(event_table).where(event_table.c.kind.in_((CORRECTED, UNDONE)), event_table.c.seq.not_in(there))
    rows = [
        {
            "id": event.seq, "document": event.subject, "at": event.at, "corrected_by": event.actor,
            **{name: said[name] for name in ("subject", "undoes")},
            **{name: _canonical(said[name]) for name in ("anchor", "value", "read")},
        }
        for event in connection.execute(query.order_by(event_table.c.seq)).all()
        for said in (json.loads(event.details),)
    ]  # fmt: skip
    if rows:
        connection.execute(table.insert(), rows)
    return len(rows)


def _require(connection: Connection, viewer: Viewer, documents: Sequence[str]) -> None:
    """Raises NotFound for a document that is not there for this viewer."""
    seen: set[str] = set()
    for batch in _batches(documents):
        query = sa.select(document_table.c.id).where(document_table.c.id.in_(batch), catalogue.visible(viewer))
        seen.update(connection.scalars(query))
    for document in documents:
        if document not in seen:
            raise NotFound(what=document)


def _first_read(
    connection: Connection, documents: Sequence[str], subjects: Iterable[Subject]
) -> dict[tuple[str, Subject, str], Any]:
    """What the machine had read at each place that was corrected before, undone or not."""
    found: dict[tuple[str, Subject, str], Any] = {}
    kinds = sorted(subject.value for subject in subjects)
    for batch in _batches(documents):
        query = sa.select(table.c.document, table.c.subject, table.c.anchor, table.c.read)
        query = query.where(table.c.document.in_(batch), table.c.subject.in_(kinds)).order_by(table.c.id)
        for row in connection.execute(query):
            found[row.document, Subject(row.subject), row.anchor] = json.loads(row.read)
    return found


def _chosen(connection: Connection, column: sa.Column[Any], values: Sequence[int]) -> Iterator[sa.Row]:
    for batch in _batches(values):
        yield from connection.execute(sa.select(table).where(column.in_(batch)))


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[at : at + 500] for at in range(0, len(values), 500))


class _Said(NamedTuple):
    document: str
    subject: Subject
    anchor: Mapping[str, Any]
    value: Any
    read: Any
    undoes: int | None


def _write(connection: Connection, said: Sequence[_Said], kind: str, by: str) -> tuple[Correction, ...]:
    if not said:
        return ()
    at = now()
    told = [
        (one.document, {"subject": one.subject.value} | {name: getattr(one, name) for name in _TOLD}) for one in said
    ]
    numbers = ledger.append_all(connection, told, actor=by, kind=kind, at=at)
    rows = [
        {
            "id": number, "document": one.document, "subject": one.subject.value, "anchor": _canonical(one.anchor),
            "value": _canonical(one.value), "read": _canonical(one.read), "at": at, "corrected_by": by,
            "undoes": one.undoes,
        }
        for number, one in zip(numbers, said, strict=True)
    ]  # fmt: skip
    connection.execute(table.insert(), rows)
    return tuple(
        Correction(number, one.document, one.subject, one.anchor, one.value, one.read, at, by, one.undoes)
        for number, one in zip(numbers, said, strict=True)
    )


_TOLD = ("anchor", "value", "read", "undoes")


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _correction(row: sa.Row) -> Correction:
    return Correction(
        id=row.id, document=row.document, subject=Subject(row.subject), anchor=json.loads(row.anchor),
        value=json.loads(row.value), read=json.loads(row.read), at=row.at, by=row.corrected_by, undoes=row.undoes,
    )  # fmt: skip
