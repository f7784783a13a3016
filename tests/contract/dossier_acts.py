"""Dossiers for tests: papers of an archive, lines, and every table that acts on dossiers change."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

from archive import accept, dossiers, filing, rows, schema
from archive.archive import Archive
from archive.database import reader
from archive.dossiers import Described
from archive.filing import Planned
from archive.retention import Term
from archive.viewer import GUEST

BY = "Lê Thị Thu"
DAY = dt.date(2017, 12, 29)
TABLES = (
    schema.fonds, schema.dossier, schema.dossier_document, schema.hold, schema.handover, schema.disposal,
)  # fmt: skip


def paper(archive: Archive, text: str) -> str:
    """Take in one paper."""
    stream = io.BytesIO(text.encode())
    return accept.accept(archive, GUEST, stream, name=f"{text}.txt", how="test").document


def opened(archive: Archive, code: str = "03.TG", *, term: str | None = "5", papers: Sequence[str] = ()) -> str:
    """An open dossier of 2017 with these papers in it."""
    line = Planned(code, f"Xây dựng xã hội học tập, {code}", term=Term(term) if term else None)
    made = filing.start(archive, GUEST, line, year=2017, on=dt.date(2017, 1, 3), by=BY)
    filing.put(archive, GUEST, made, papers, by=BY)
    return made


def closed(archive: Archive, code: str = "03.TG", *, term: str = "5", papers: Sequence[str] = ()) -> str:
    """The same, closed at the end of 2017."""
    made = opened(archive, code, term=term, papers=papers)
    close(archive, made)
    return made


def close(archive: Archive, dossier: str) -> None:
    """Close a dossier with a line for each of its papers."""
    lines = {
        one: Described(number=f"{n}-KH/HU", issued_on=DAY, title=f"Kế hoạch {n}")
        for n, one in enumerate(dossiers.memberships(archive, GUEST, dossier), 1)
    }
    filing.close(archive, GUEST, dossier, ended_on=DAY, lines=lines, by=BY)


def tables(archive: Archive) -> list[str]:
    """Every row that acts on dossiers made."""
    with reader(archive.engine) as connection:
        return list(rows.dump(connection, TABLES))
