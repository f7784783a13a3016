"""The registers of papers that came and went (sổ đăng ký văn bản đến, văn bản đi): one line a paper, numbered by year.

Numbers are given on entering, without gaps, each once: a line that was a mistake is struck and keeps its number.
Each change is a record of the ledger that holds the whole line, so the table can be made again from it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import catalogue, journal, ledger
from archive.database import now, reader
from archive.errors import LineChanged, NotFound, RegisterBegun
from archive.problem import Problem
from archive.schema import document as document_table
from archive.schema import event as event_table
from archive.schema import register_line as table
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

ENTERED, AMENDED, STRUCK, RESTORED = "registered", "register-amended", "register-struck", "register-restored"
RECOVERED = "record-recovered"
"""A record that recovery put back at the end of the ledger; it holds the record as it was."""


class Register(StrEnum):
    """Which of the two books."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says of itself, as it was when a person registered it."""

    issuer: str = ""
    number: str = ""
    issued_on: dt.date | None = None
    kind: str = ""
    """The printed name of its type: «Kế hoạch»."""
    title: str = ""
    signer: str = ""
    recipients: str = ""
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Handling:
    """What a person notes of where a paper went."""

    handler: str = ""
    """Of a paper that came, who deals with it (đơn vị hoặc người nhận); else who keeps the file copy."""
    passed_on: dt.date | None = None
    """Day of handing over (ngày chuyển)."""
    receipt: str = ""
    """Who signed for it (ký nhận)."""
    copies: int | None = None
    """Copies that went out (số lượng bản)."""
    due: dt.date | None = None
    """Term for dealing with it (thời hạn giải quyết), or for the answer."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to be entered; its number comes with the entering."""

    day: dt.date
    paper: Paper
    document: str | None = None
    handling: Handling = field(default_factory=Handling)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a register."""

    register: Register
    year: int
    number: int
    """Number of arrival (số đến); in the register of what went out, the place of the line."""
    document: str | None
    """None for a paper that is not held, or that its reader may not see."""
    day: dt.date
    paper: Paper
    handling: Handling
    struck: str | None
    """Why the line is void; None while it stands."""
    revised: int
    """The number of its last record in the ledger: another one means that someone changed the line."""
    at: dt.datetime
    """When it was entered."""
    by: str
    hidden: bool = False
    """Its paper is withdrawn or not for this viewer; then nothing is told of it but number and day."""


def enter(
    archive: Archive, viewer: Viewer, register: Register, entries: Sequence[Entry], *, by: str, first: int | None = None
) -> tuple[Line, ...]:
    """Enter papers in this order; each gets the next number of its year, however many clerks enter at once.

    A document that stands in the register keeps its line: safe to repeat. `first` is the number with which
    a year begins that has no line yet. Raises NotFound, RegisterBegun.
    """
    wanted = [entry.document for entry in entries if entry.document]
    _known(archive, viewer, wanted)
    with journal.acting(archive) as connection:
        ledger.lock(connection)  # before the numbers are taken
        standing = {line.document: line for line in _standing(connection, register, wanted)}
        years = {entry.day.year for entry in entries if not entry.document or entry.document not in standing}
        begun = {year: _last(connection, register, year) for year in years}
        for year, last in begun.items():
            if first is not None and last:
                raise RegisterBegun(year=year, number=last)
        numbers = {year: last or (first or 1) - 1 for year, last in begun.items()}
        made = []
        for entry in entries:
            line = standing.get(entry.document) if entry.document else None
            if line is None:
                numbers[entry.day.year] += 1
                line = _enter(connection, register, entry, numbers[entry.day.year], by)
                standing |= {entry.document: line} if entry.document else {}
            made.append(line)
    return tuple(made)


def amend(
    archive: Archive, viewer: Viewer, line: Line, *, by: str, day: dt.date | None = None, document: str | None = None,
    paper: Paper | None = None, handling: Handling | None = None,
) -> Line:  # fmt: skip
    """Change what a line says; its number stays, and so does its year. `line` is the line as the person saw it.

    Raises LineChanged when it is no longer so, NotFound; ValueError for a day of another year.
    """
    if day is not None and day.year != line.year:
        raise ValueError("a line stays in its year")
    _known(archive, viewer, [document] if document else [])
    changed = replace(
        line, day=day or line.day, document=document or line.document, paper=paper or line.paper,
        handling=handling or line.handling,
    )  # fmt: skip
    return line if changed == line else _change(archive, line, changed, AMENDED, by)


def changed_by(archive: Archive, line: Line) -> str:
    """Who wrote the line as it stands."""
    with reader(archive.engine) as connection:
        return _actor(connection, line.revised)


def _actor(connection: Connection, revised: int) -> str:
    return connection.scalar(sa.select(event_table.c.actor).where(event_table.c.seq == revised)) or "người khác"


def strike(archive: Archive, line: Line, *, why: str, by: str) -> Line:
    """Make a line void; its number is never given again. Raises LineChanged."""
    return _change(archive, line, replace(line, struck=why), STRUCK, by)


def restore(archive: Archive, line: Line, *, by: str) -> Line:
    """Take a striking back. Raises LineChanged."""
    return line if line.struck is None else _change(archive, line, replace(line, struck=None), RESTORED, by)


def get(archive: Archive, viewer: Viewer, register: Register, year: int, number: int) -> Line:
    """One line. Raises NotFound."""
    wanted = table.c.register == register, table.c.year == year, table.c.number == number
    for line in _read(archive, viewer, *wanted):
        return line
    raise NotFound(what=f"{number}/{year}")


def between(
    archive: Archive, viewer: Viewer, register: Register, since: dt.date, until: dt.date
) -> tuple[Line, ...]:
    """The lines of these days, both included, by year and number."""
    return _read(archive, viewer, table.c.register == register, table.c.day >= since, table.c.day <= until)


def of(archive: Archive, viewer: Viewer, documents: Iterable[str]) -> dict[str, tuple[Line, ...]]:
    """The standing lines of some documents that the viewer may see, by document."""
    wanted, found = list(documents), {}
    for at in range(0, len(wanted), 500):
        chosen = table.c.document.in_(wanted[at : at + 500])
        for line in _read(archive, viewer, chosen, table.c.struck.is_(None)):
            if line.document:
                found[line.document] = (*found.get(line.document, ()), line)
    return found


def months(archive: Archive, register: Register) -> tuple[dt.date, ...]:
    """The first day of each month that has a line, the newest first."""
    query = sa.select(table.c.day).where(table.c.register == register).distinct()
    with reader(archive.engine) as connection:
        return tuple(sorted({day.replace(day=1) for day in connection.scalars(query)}, reverse=True))


def last_number(archive: Archive, register: Register, year: int) -> int:
    """The last number given; 0 for a year without lines."""
    with reader(archive.engine) as connection:
        return _last(connection, register, year)


def relearn(connection: Connection) -> int:
    """Bring the table to what the ledger tells, as after a loss; gives how many lines changed."""
    held = {(row.register, row.year, row.number): row.revised for row in connection.execute(sa.select(table))}
    later = {key: row for key, row in _told_lines(connection).items() if row["revised"] > held.get(key, 0)}
    for key, row in later.items():
        connection.execute(table.delete().where(_at(*key)))
        connection.execute(table.insert().values(row))
    return len(later)


def check(archive: Archive) -> Iterator[Problem]:
    """Lines that are not as the ledger tells them."""
    with reader(archive.engine) as connection:
        told = _told_lines(connection)
        held = {(row["register"], row["year"], row["number"]): dict(row) for row in _every(connection)}
    for key in sorted(told.keys() | held.keys()):
        if held.get(key) != told.get(key):
            register, year, number = key
            what = "dòng này đã mất" if key not in held else "khác với sổ sự kiện"
            yield Problem(f"sổ văn bản {'đến' if register == Register.IN else 'đi'} năm {year}, số {number}", what)


def _every(connection: Connection) -> Sequence[Mapping[Any, Any]]:
    return connection.execute(sa.select(table)).mappings().all()


def _told_lines(connection: Connection) -> dict[tuple[str, int, int], dict[str, Any]]:
    """The last state of each line, as the ledger tells it."""
    kinds = (ENTERED, AMENDED, STRUCK, RESTORED)
    query = sa.select(event_table).where(event_table.c.kind.in_((*kinds, RECOVERED))).order_by(event_table.c.seq)
    rows: dict[tuple[str, int, int], dict[str, Any]] = {}
    for event in connection.execute(query):
        said = ledger.said(event.details)
        if event.kind == RECOVERED:
            if said["kind"] not in kinds:
                continue
            said = ledger.said(said["details"])
        rows[said["register"], said["year"], said["number"]] = _row(said, event.seq)
    return rows


def _known(archive: Archive, viewer: Viewer, documents: Sequence[str]) -> None:
    found = {one.id for one in catalogue.documents(archive, viewer, ids=documents)} if documents else set()
    for document in documents:
        if document not in found:
            raise NotFound(what=document)


def _standing(connection: Connection, register: Register, documents: Sequence[str]) -> list[Line]:
    chosen = table.c.register == register, table.c.document.in_(documents), table.c.struck.is_(None)
    return [_line(row) for row in connection.execute(sa.select(table).where(*chosen))] if documents else []


def _last(connection: Connection, register: Register, year: int) -> int:
    query = sa.select(sa.func.max(table.c.number)).where(table.c.register == register, table.c.year == year)
    return connection.scalar(query) or 0


def _enter(connection: Connection, register: Register, entry: Entry, number: int, by: str) -> Line:
    line = Line(
        register, entry.day.year, number, entry.document, entry.day, entry.paper, entry.handling, struck=None,
        revised=0, at=now(), by=by,
    )  # fmt: skip
    line = replace(line, revised=_tell(connection, line, ENTERED, by))
    connection.execute(table.insert().values(_row(_told(line), line.revised)))
    return line


def _change(archive: Archive, line: Line, changed: Line, kind: str, by: str) -> Line:
    if line.hidden:
        raise NotFound(what=f"{line.number}/{line.year}")
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        where = _at(line.register, line.year, line.number)
        row = connection.execute(sa.select(table).where(where)).first()
        if row is None:
            raise NotFound(what=f"{line.number}/{line.year}")
        if row.revised != line.revised:
            raise LineChanged(number=line.number, by=_actor(connection, row.revised))
        changed = replace(changed, revised=_tell(connection, changed, kind, by))
        connection.execute(table.update().where(where).values(_row(_told(changed), changed.revised)))
    return changed


def _at(register: str, year: int, number: int) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.register == register, table.c.year == year, table.c.number == number)


def _tell(connection: Connection, line: Line, kind: str, by: str) -> int:
    subject = line.document or f"register:{line.register.value}:{line.year}"
    return ledger.append(connection, actor=by, kind=kind, subject=subject, details=_told(line))


def _told(line: Line) -> dict[str, Any]:
    """The whole line as a record of the ledger tells it."""
    return {
        "register": line.register.value, "year": line.year, "number": line.number, "document": line.document,
        "day": line.day.isoformat(), "paper": _plain(asdict(line.paper)), "handling": _plain(asdict(line.handling)),
        "struck": line.struck, "at": line.at.isoformat(timespec="microseconds"), "entered_by": line.by,
    }  # fmt: skip


def _row(said: Mapping[str, Any], revised: int) -> dict[str, Any]:
    return {
        **said, "day": dt.date.fromisoformat(said["day"]), "at": dt.datetime.fromisoformat(said["at"]),
        "revised": revised, **{name: _json(said[name]) for name in ("paper", "handling")},
    }  # fmt: skip


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _read(archive: Archive, viewer: Viewer, *conditions: sa.ColumnElement[bool]) -> tuple[Line, ...]:
    """Lines by year and number; those of papers not for this viewer, or withdrawn, without what the papers say."""
    gone = sa.exists().where(event_table.c.kind == ledger.WITHDRAWN, event_table.c.subject == table.c.document)
    seen = sa.and_(document_table.c.id == table.c.document, catalogue.visible(viewer))
    hidden = sa.and_(table.c.document.is_not(None), sa.or_(document_table.c.id.is_(None), gone))
    query = sa.select(table, hidden.label("hidden")).select_from(table.outerjoin(document_table, seen))
    query = query.where(*conditions).order_by(table.c.year, table.c.number)
    with reader(archive.engine) as connection:
        return tuple(_line(row, hidden=bool(row.hidden)) for row in connection.execute(query))


def _line(row: sa.Row, *, hidden: bool = False) -> Line:
    paper, handling = json.loads(row.paper), json.loads(row.handling)
    line = Line(
        Register(row.register), row.year, row.number, row.document, row.day,
        Paper(**paper | {"issued_on": _date(paper["issued_on"])}),
        Handling(**handling | {name: _date(handling[name]) for name in ("passed_on", "due")}),
        row.struck, row.revised, row.at, row.entered_by,
    )  # fmt: skip
    if not hidden:
        return line
    return replace(line, document=None, paper=Paper(), handling=Handling(), struck=line.struck and "", hidden=True)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
