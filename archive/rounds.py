"""When everything was checked last, as the ledger tells."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archive.database import reader
from archive.schema import event
from archive.settings import HANOI

if TYPE_CHECKING:
    from archive.archive import Archive

SUBJECT = "archive"
FILES = "checked"
"""Every byte was read."""
SIGNATURES = "signatures-checked"
"""Every signature was judged."""
CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Round:
    """A round that was finished."""

    at: dt.datetime
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rounds:
    """The last of each kind; None: not yet."""

    files: Round | None
    signatures: Round | None
    checkpoint: Round | None

    def told(self) -> dict[str, Any]:
        """As `status --json` prints it."""
        held = {"files": self.files, "signatures": self.signatures, "checkpoint": self.checkpoint}
        return {name: one and _told(one) for name, one in held.items()}


def _told(one: Round) -> dict[str, Any]:
    """When, and the numbers of a round; of lists their length."""
    counts = {name: len(value) if isinstance(value, list) else value for name, value in one.details.items()}
    numbers = {name: value for name, value in counts.items() if isinstance(value, int)}
    return {"at": one.at.astimezone(HANOI).isoformat(), **numbers}


def last(archive: Archive) -> Rounds:
    """The last round of each kind that was finished."""
    with reader(archive.engine) as connection:
        return Rounds(
            _newest(connection, event.c.subject == SUBJECT, event.c.kind == FILES),
            _newest(connection, event.c.subject == SUBJECT, event.c.kind == SIGNATURES),
            _newest(connection, event.c.kind == CHECKPOINT),
        )


def _newest(connection: sa.Connection, *wanted: sa.ColumnElement[bool]) -> Round | None:
    query = sa.select(event.c.at, event.c.details).where(*wanted).order_by(event.c.seq.desc()).limit(1)
    row = connection.execute(query).first()
    return Round(row.at, json.loads(row.details)) if row else None
