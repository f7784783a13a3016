"""Whose archive this is: the bodies in whose name papers go out (cơ quan, tổ chức), as people say.

The list stands in the ledger alone, as its last record of this kind says.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive import journal, ledger
from archive.database import reader
from archive.schema import event

if TYPE_CHECKING:
    from archive.archive import Archive

NAMED = "office-named"
SUBJECT = "office"


@dataclass(frozen=True, slots=True)
class OwnBody:
    """A body whose outgoing papers are the office's own; the first of a list heads its printed sheets."""

    name: str
    """As its letterhead has it, with its place: «Văn phòng Huyện ủy Yên Hà»."""
    parent: str = ""
    """The body above it (cơ quan chủ quản)."""
    code: str = ""
    """Identifier of the body (mã định danh), as in «000.00.00.H41»."""


def bodies(archive: Archive) -> tuple[OwnBody, ...]:
    """The office's own bodies; none until a person has named one."""
    query = sa.select(event.c.details).where(event.c.subject == SUBJECT, event.c.kind == NAMED)
    with reader(archive.engine) as connection:
        details = connection.scalar(query.order_by(event.c.seq.desc()).limit(1))
    return tuple(OwnBody(**one) for one in json.loads(details)["bodies"]) if details else ()


def name(archive: Archive, own: Sequence[OwnBody], *, by: str) -> None:
    """Say which bodies are the office's own, in place of what was said before. Safe to repeat."""
    if bodies(archive) == tuple(own):
        return
    with journal.acting(archive) as connection:
        details = {"bodies": [asdict(one) for one in own]}
        ledger.append(connection, actor=by, kind=NAMED, subject=SUBJECT, details=details)
