"""Edited sheets that were taken in (các lần nhập bảng): the ledger names which corrections one import made, as one act.

It has no table: the ledger's records say everything, and survive whatever it survives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from archive import ledger
from archive.corrections import Correction

IMPORTED = "sheet-imported"
UNDONE = "sheet-import-undone"


@dataclass(frozen=True, slots=True)
class Import:
    """One sheet, taken into one document."""

    id: int
    """The number of its record in the ledger."""
    first: int
    last: int
    """Numbers of its first and last correction; all between are its own."""
    at: dt.datetime
    by: str
    undone_at: dt.datetime | None = None
    undone_by: str | None = None

    def made(self, records: Sequence[Correction]) -> tuple[Correction, ...]:
        """Its corrections, of all those of its document."""
        return tuple(one for one in records if self.first <= one.id <= self.last)


def note(connection: Connection, document: str, made: Sequence[Correction], *, by: str) -> int:
    """Say, in the transaction that made them, that these corrections are one import; gives its number."""
    details = {"first": made[0].id, "last": made[-1].id}
    return ledger.append(connection, actor=by, kind=IMPORTED, subject=document, details=details)


def note_undone(connection: Connection, document: str, one: Import, *, by: str) -> int:
    """Say, in the transaction that takes its corrections back, that an import was undone as a whole."""
    return ledger.append(connection, actor=by, kind=UNDONE, subject=document, details={"import": one.id})


def held(connection: Connection, document: str) -> tuple[Import, ...]:
    """The imports into a document, oldest first; in the caller's transaction."""
    history = ledger.history(connection, document)
    undone = {event.details["import"]: event for event in history if event.kind == UNDONE}
    return tuple(
        Import(
            event.seq, event.details["first"], event.details["last"], event.at, event.actor,
            undone[event.seq].at if event.seq in undone else None,
            undone[event.seq].actor if event.seq in undone else None,
        )
        for event in history if event.kind == IMPORTED
    )  # fmt: skip
