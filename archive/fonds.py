"""Fonds (phông lưu trữ): the bodies whose papers the archive keeps, some of which are no more."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive.database import reader
from archive.schema import fonds as table
from archive.viewer import Viewer
from corpus.text import fold

if TYPE_CHECKING:
    from archive.archive import Archive


@dataclass(frozen=True, slots=True)
class Fonds:
    """Whose papers they are (phông lưu trữ)."""

    id: str
    name: str
    parent: str
    """The body above it, as the head of a sheet names it."""
    place: str
    party: bool
    """Whether it heads its papers as a body of the Party does."""
    ended_on: dt.date | None
    """When the body ceased to be; its fonds takes in no new work."""
    heir: str
    """Who took over its papers."""
    note: str


OURS = ""
"""The fonds of dossiers that name none: the office itself."""


def fonds_of(archive: Archive, viewer: Viewer) -> dict[str, Fonds]:
    """Every fonds by id, those that still take in work first."""
    with reader(archive.engine) as connection:
        return all_fonds(connection)


def all_fonds(connection: Connection) -> dict[str, Fonds]:
    """The same, in the caller's transaction."""
    found = [_fonds(row) for row in connection.execute(sa.select(table))]
    return {one.id: one for one in sorted(found, key=lambda one: (one.ended_on is not None, fold(one.name)))}


def _fonds(row: sa.Row) -> Fonds:
    said: dict[str, Any] = json.loads(row.value)
    ended = said["ended_on"]
    return Fonds(**said | {"id": row.id, "ended_on": dt.date.fromisoformat(ended) if ended else None})
