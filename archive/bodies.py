"""What the office says of bodies (danh mục cơ quan): names, the body above, from when to when, who took over.

Records are only added: the last one of a body stands, and an earlier one is put back by another record. What
the names mean for citations is the indexer's affair.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import journal, ledger
from archive.database import now, reader
from archive.errors import NotFound
from archive.schema import body as table
from archive.schema import event as event_table

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.viewer import Viewer

KIND = "body-recorded"


@dataclass(frozen=True, slots=True)
class Record:
    """One record about a body."""

    id: int
    """The number of its record in the ledger: what was recorded later has a higher one."""
    body: str
    value: Mapping[str, Any] | None
    """JSON, as `indexer.register` writes it; None: the body was taken out of the register."""
    at: dt.datetime
    by: str


def fresh() -> str:
    """An id for a body that is new."""
    return secrets.token_hex(8)


def record(archive: Archive, body: str, value: Mapping[str, Any] | None, *, by: str) -> Record:
    """Keep what is said of a body, with its record in the ledger."""
    with journal.acting(archive) as connection:
        ledger.lock(connection)  # before the number is taken: numbers come in the order of commits
        at = now()
        number = ledger.append(connection, actor=by, kind=KIND, subject=body, details={"value": value}, at=at)
        row = {"id": number, "body": body, "value": _canonical(value), "at": at, "recorded_by": by}
        connection.execute(table.insert().values(row))
    return Record(number, body, value, at, by)


def undo(archive: Archive, viewer: Viewer, body: str, number: int, *, by: str) -> Record:
    """Put back what was said of a body before this record. Raises NotFound."""
    told = history(archive, viewer, body)
    at = next((place for place, one in enumerate(told) if one.id == number), None)
    if at is None:
        raise NotFound(what=str(number))
    return record(archive, body, told[at - 1].value if at else None, by=by)


def history(archive: Archive, _viewer: Viewer, body: str) -> tuple[Record, ...]:
    """Every record about a body, oldest first; the register is for everyone who may see the archive."""
    with reader(archive.engine) as connection:
        rows = connection.execute(sa.select(table).where(table.c.body == body).order_by(table.c.id))
        return tuple(map(_record, rows))


def standing(connection: Connection) -> tuple[tuple[str, str], ...]:
    """(body, its value as canonical JSON) of every body the office spoke of; in the caller's transaction."""
    last = sa.select(sa.func.max(table.c.id)).group_by(table.c.body)
    query = sa.select(table.c.body, table.c.value).where(table.c.id.in_(last)).order_by(table.c.body)
    return tuple((row.body, row.value) for row in connection.execute(query))


def newest(archive: Archive) -> int:
    """The number of the last record; 0 when there is none."""
    with reader(archive.engine) as connection:
        return connection.scalar(sa.select(sa.func.max(table.c.id))) or 0


def every(archive: Archive) -> tuple[Record, ...]:
    """Every record of every body, oldest first."""
    with reader(archive.engine) as connection:
        return tuple(map(_record, connection.execute(sa.select(table).order_by(table.c.id))))


def relearn(connection: Connection) -> int:
    """Put back the rows that the ledger tells of and the table lacks, as after a loss; gives how many."""
    there = sa.select(table.c.id)
    query = sa.select(event_table).where(event_table.c.kind == KIND, event_table.c.seq.not_in(there))
    rows = [
        {
            "id": event.seq, "body": event.subject, "at": event.at, "recorded_by": event.actor,
            "value": _canonical(json.loads(event.details)["value"]),
        }
        for event in connection.execute(query.order_by(event_table.c.seq)).all()
    ]  # fmt: skip
    if rows:
        connection.execute(table.insert(), rows)
    return len(rows)


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _record(row: sa.Row) -> Record:
    return Record(row.id, row.body, json.loads(row.value), row.at, row.recorded_by)
