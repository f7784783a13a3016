"""The ledger: who did what to which document, each record bound to the one before by its hash.

A record is appended in the transaction of what it records: neither is there without the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive.database import alone, now
from archive.problem import Problem
from archive.schema import event

ORIGIN = "0" * 64
"""What stands as `previous` in the first record."""

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
    lock(connection)
    last = connection.execute(
        sa.select(event.c.seq, event.c.hash).order_by(event.c.seq.desc()).limit(1)
    ).first()
    row = {
        "seq": last.seq + 1 if last else 1,
        "at": at or now(),
        "actor": actor,
        "kind": kind,
        "subject": subject,
        "details": _canonical(details),
        "previous": last.hash if last else ORIGIN,
    }
    connection.execute(event.insert().values(**row, hash=_hash(row)))
    return row["seq"]


def history(connection: Connection, subject: str) -> tuple[Event, ...]:
    """The records about one subject, oldest first."""
    rows = connection.execute(sa.select(event).where(event.c.subject == subject).order_by(event.c.seq))
    return tuple(Event(r.seq, r.at, r.actor, r.kind, r.subject, json.loads(r.details)) for r in rows)


def size(connection: Connection) -> int:
    """The number of the last record; 0 when there is none."""
    return connection.scalar(sa.select(sa.func.max(event.c.seq))) or 0


def records(
    connection: Connection, *, after: int = 0, upto: int | None = None, subject: str | None = None
) -> Iterator[str]:
    """Records as they are hashed, one line each, oldest first; streamed.

    A line's sha256 is the record's hash: whoever has the lines can check the chain without us.
    """
    query = sa.select(event).where(event.c.seq > after).order_by(event.c.seq)
    if upto is not None:
        query = query.where(event.c.seq <= upto)
    if subject is not None:
        query = query.where(event.c.subject == subject)
    with connection.execute(query.execution_options(yield_per=1000)) as rows:
        yield from (_record(row) for row in rows.mappings())


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
    for row in rows:
        where = f"sổ sự kiện, dòng {row['seq']}"
        if row["seq"] != expected:
            return Problem(f"sổ sự kiện, dòng {expected}", "dòng này đã mất")
        if row["previous"] != previous:
            return Problem(where, "không nối với dòng trước")
        if row["hash"] != _hash(row):
            return Problem(where, "nội dung đã bị sửa")
        previous, expected = row["hash"], expected + 1
    return None


def _hash(row: Mapping[Any, Any]) -> str:
    return hashlib.sha256(_record(row).encode()).hexdigest()


def _record(row: Mapping[Any, Any]) -> str:
    record = {name: row[name] for name in ("seq", "actor", "kind", "subject", "details", "previous")}
    record["at"] = row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    return _canonical(record)


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
