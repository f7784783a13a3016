"""The ledger: who did what to which document, each record bound to the one before by its hash.

A record is appended in the transaction of what it records: neither is there without the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive.database import alone, now
from archive.merkle import leaf
from archive.problem import Problem
from archive.schema import event

ORIGIN = "0" * 64
"""What stands as `previous` in the first record."""

WITHDRAWN = "withdrawn"
"""The record of a paper withdrawn as secret."""
DESTROYED = "destroyed"
"""The record of a document destroyed by a decision; its details name the list."""
GONE = (WITHDRAWN, DESTROYED)
"""Kinds of records by which a document's bytes were removed for good."""
CLEARED = "words-cleared"
"""The record that took a withdrawn paper's words out of others; it names each, and the hash of what is left of it."""
_MARK = "cleared"
"""In the details of a record that lost words: its hash and its leaf as they were, and which record took them."""
_LOCK = 0x76616E6B  # any number no other part of the service locks on


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the ledger."""

    seq: int
    """Counts from 1 without gaps."""
    at: dt.datetime
    actor: str
    kind: str
    """What was done: `received`, `received-again` …"""
    subject: str
    """Usually the document's id."""
    details: Mapping[str, Any]


def lock(connection: Connection) -> None:
    """Let no one else write to the ledger until this transaction ends; safe to repeat."""
    alone(connection, _LOCK)


def append(
    connection: Connection,
    *,
    actor: str,
    kind: str,
    subject: str,
    details: Mapping[str, Any],
    at: dt.datetime | None = None,
) -> int:
    """Add a record in the caller's transaction (`database.writer`); returns its number."""
    return append_all(connection, [(subject, details)], actor=actor, kind=kind, at=at)[0]


def append_all(
    connection: Connection,
    told: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    actor: str,
    kind: str,
    at: dt.datetime | None = None,
) -> range:
    """Add records (subject, details) of one act in the caller's transaction, in their order; returns their numbers."""
    lock(connection)
    last = connection.execute(
        sa.select(event.c.seq, event.c.hash).order_by(event.c.seq.desc()).limit(1)
    ).first()
    number, previous, moment = last.seq if last else 0, last.hash if last else ORIGIN, at or now()
    rows: list[dict[str, Any]] = []
    for seq, (subject, details) in enumerate(told, number + 1):
        row = {
            "seq": seq, "at": moment, "actor": actor, "kind": kind, "subject": subject,
            "details": _canonical(details), "previous": previous,
        }  # fmt: skip
        previous = _hash(row)
        rows.append({**row, "hash": previous})
    restore(connection, rows)
    return range(number + 1, number + 1 + len(rows))


def history(connection: Connection, subject: str) -> tuple[Event, ...]:
    """The records about one subject, oldest first."""
    rows = connection.execute(sa.select(event).where(event.c.subject == subject).order_by(event.c.seq))
    return tuple(Event(r.seq, r.at, r.actor, r.kind, r.subject, said(r.details)) for r in rows)


def said(details: str) -> dict[str, Any]:
    """What a record says; of one that lost words, what is left."""
    found = json.loads(details)
    found.pop(_MARK, None)
    return found


def whole(connection: Connection, subject: str) -> list[int]:
    """The records about a subject that say all that they said when they were written."""
    rows = connection.execute(sa.select(event.c.seq, event.c.details).where(event.c.subject == subject))
    return sorted(row.seq for row in rows if _mark(row.details) is None)


def leaf_of(line: str) -> bytes:
    """The leaf of a record in the hash tree, given as `records` gives it; one that lost words has the one it had."""
    mark = _mark(json.loads(line)["details"])
    return bytes.fromhex(mark["leaf"]) if mark else leaf(line.encode())


def _mark(details: str) -> Mapping[str, Any] | None:
    """What a record that lost words keeps of what it was; in text, a quotation mark is never alone."""
    if f'"{_MARK}":{{' not in details:
        return None
    return json.loads(details).get(_MARK)


def rewrite(connection: Connection, row: Any, left: Mapping[str, Any], *, by: int) -> str:
    """Leave a record only this to say, on behalf of the record `by`; gives the sha256 of its line as it is now.

    Its hash and its leaf stay what they were, so the chain and the checkpoints over it hold.
    """
    was = dict(row._mapping)
    mark = _mark(row.details) or {"hash": row.hash, "leaf": leaf(_record(was).encode()).hex()}
    details = _canonical({**left, _MARK: {"hash": mark["hash"], "leaf": mark["leaf"], "by": by}})
    connection.execute(event.update().where(event.c.seq == row.seq).values(details=details))
    return hashlib.sha256(_record({**was, "details": details}).encode()).hexdigest()


def size(connection: Connection) -> int:
    """The number of the last record; 0 when there is none."""
    return connection.scalar(sa.select(sa.func.max(event.c.seq))) or 0


def records(
    connection: Connection, *, after: int = 0, upto: int | None = None, subject: str | None = None
) -> Iterator[str]:
    """Records as they are hashed, one line each, oldest first; streamed.

    A line's sha256 is the record's hash: whoever has the lines can check the chain without us. One that lost the
    words of a withdrawn paper names the hash it had.
    """
    query = sa.select(event).where(event.c.seq > after).order_by(event.c.seq)
    if upto is not None:
        query = query.where(event.c.seq <= upto)
    if subject is not None:
        query = query.where(event.c.subject == subject)
    with connection.execute(query.execution_options(yield_per=1000)) as rows:
        yield from (_record(row) for row in rows.mappings())


def lines(data: bytes) -> list[str]:
    """The lines of a file of records or rows; what parts lines elsewhere (U+2028 in a title) does not here."""
    return [line for line in data.decode().split("\n") if line]


def parse(line: str) -> dict[str, Any]:
    """The row whose record is this line. ValueError when no record of ours reads so."""
    row = json.loads(line)
    try:
        row["at"] = dt.datetime.fromisoformat(row["at"])
        same = _record(row) == line
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a record: {line[:80]}") from error
    if not same:
        raise ValueError(f"not a record as it was written: {line[:80]}")
    return {**row, "hash": _hash(row)}


def restore(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put records back as they were, into a ledger that ends where they begin."""
    for group in _groups(rows, 1000):
        connection.execute(event.insert(), group)


def _groups(rows: Iterable[Mapping[str, Any]], most: int) -> Iterator[list[Mapping[str, Any]]]:
    rows = iter(rows)
    while group := list(islice(rows, most)):
        yield group


def first_broken(connection: Connection) -> Problem | None:
    """The first record that was changed, removed or put in; None when the chain holds."""
    query = sa.select(event).order_by(event.c.seq).execution_options(yield_per=1000)
    with connection.execute(query) as rows:
        return _first_broken(dict(row) for row in rows.mappings())


def _first_broken(rows: Iterable[Mapping[Any, Any]]) -> Problem | None:
    previous, expected = ORIGIN, 1
    lacking: dict[int, tuple[int, str]] = {}
    for row in rows:
        where = f"sổ sự kiện, dòng {row['seq']}"
        if row["seq"] != expected:
            return Problem(f"sổ sự kiện, dòng {expected}", "dòng này đã mất")
        if row["previous"] != previous:
            return Problem(where, "không nối với dòng trước")
        if row["hash"] != _hash(row):
            return Problem(where, "nội dung đã bị sửa")
        if mark := _mark(row["details"]):
            lacking[row["seq"]] = mark["by"], hashlib.sha256(_record(row).encode()).hexdigest()
        if row["kind"] == CLEARED:
            named = {(row["seq"], digest) for digest in said(row["details"])["lines"].values()}
            lacking = {seq: one for seq, one in lacking.items() if one not in named}
        previous, expected = row["hash"], expected + 1
    return Problem(f"sổ sự kiện, dòng {min(lacking)}", "nội dung đã bị sửa") if lacking else None


def _hash(row: Mapping[Any, Any]) -> str:
    mark = _mark(row["details"])
    return mark["hash"] if mark else hashlib.sha256(_record(row).encode()).hexdigest()


def _record(row: Mapping[Any, Any]) -> str:
    record = {name: row[name] for name in ("seq", "actor", "kind", "subject", "details", "previous")}
    record["at"] = row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    return _canonical(record)


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
