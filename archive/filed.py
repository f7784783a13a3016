"""What each record of the ledger about dossiers does to their tables.

An act appends its record and lets it take effect here; after a loss the same records take the same effect
again. So the tables can never say anything that the ledger does not.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import ledger
from archive.database import now
from archive.schema import disposal, dossier, dossier_document, fonds, handover, hold
from archive.schema import event as event_table

PLANNED = "dossier-planned"
OPENED = "dossier-opened"
CHANGED = "dossier-changed"
DROPPED = "dossier-dropped"
FILED = "dossier-filed"
"""Papers were put into a dossier."""
TAKEN_OUT = "dossier-taken-out"
"""A paper was taken out of a dossier, or a person said that it does not belong there."""
NOTED = "dossier-noted"
"""What is said of a paper in a dossier: how many leaves, a note."""
ARRANGED = "dossier-arranged"
CLOSED = "dossier-closed"
REOPENED = "dossier-reopened"
TERMED = "dossier-termed"
CARRIED = "dossier-carried"
"""A dossier came whole in a package of another archive."""
FONDS = "fonds-described"
HELD = "hold-placed"
LIFTED = "hold-lifted"
HANDED = "dossiers-handed-over"
DRAWN = "disposal-drawn"
DECIDED = "disposal-decided"
GIVEN_UP = "disposal-given-up"
CARRIED_OUT = "disposal-carried-out"

Event = ledger.Event


def identifier(prefix: str) -> str:
    """A fresh id, unlike any document's."""
    return f"{prefix}-{secrets.token_hex(6)}"


def act(connection: Connection, kind: str, subject: str, details: Mapping[str, Any], *, by: str) -> Event:
    """Record an act and let it take effect, in the caller's transaction."""
    at = now()
    number = ledger.append(connection, actor=by, kind=kind, subject=subject, details=details, at=at)
    event = ledger.Event(number, at, by, kind, subject, json.loads(canonical(details)))
    _EFFECTS[kind](connection, event)
    return event


def relearn(connection: Connection) -> int:
    """Let the records take effect that are younger than what the tables tell of, as after a loss; gives how many."""
    tables = (dossier, dossier_document, fonds, hold, handover, disposal)
    known = max(connection.scalar(sa.select(sa.func.max(table.c.event))) or 0 for table in tables)
    query = sa.select(event_table).where(event_table.c.kind.in_(_EFFECTS), event_table.c.seq > known)
    rows = connection.execute(query.order_by(event_table.c.seq)).all()
    for row in rows:
        event = ledger.Event(row.seq, row.at, row.actor, row.kind, row.subject, ledger.said(row.details))
        _EFFECTS[row.kind](connection, event)
    return len(rows)


def canonical(value: Any) -> str:
    """Equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _day(said: str | None) -> dt.date | None:
    return dt.date.fromisoformat(said) if said else None


def _planned(connection: Connection, event: Event) -> None:
    said = event.details
    term = _term(event, said["term"]) if said["term"] else None
    row = {name: said[name] for name in ("fonds", "year", "code", "title", "heading", "keeper", "note", "unit")}
    connection.execute(
        dossier.insert().values(
            id=event.subject, state="planned", term=term, planned=event.seq, event=event.seq, **row
        )
    )


def _opened(connection: Connection, event: Event) -> None:
    _set(connection, event, state="open", opened_on=_day(event.details["on"]))


def _changed(connection: Connection, event: Event) -> None:
    _set(connection, event, **event.details["fields"])


def _dropped(connection: Connection, event: Event) -> None:
    _set(connection, event, state="dropped")


def _set(connection: Connection, event: Event, **values: Any) -> None:
    connection.execute(dossier.update().where(dossier.c.id == event.subject).values(**values, event=event.seq))


def _filed(connection: Connection, event: Event) -> None:
    table, documents = dossier_document, event.details["documents"]
    connection.execute(table.delete().where(table.c.dossier == event.subject, table.c.document.in_(documents)))
    last = _last(connection, event.subject)
    connection.execute(
        table.insert(),
        [
            {"dossier": event.subject, "document": one, "belongs": True, "position": last + i, "leaves": None,
             "note": "", "described": None, "at": event.at, "by": event.actor, "event": event.seq}
            for i, one in enumerate(documents, 1)
        ],
    )  # fmt: skip
    _set(connection, event)


def _last(connection: Connection, subject: str) -> int:
    table = dossier_document
    query = sa.select(sa.func.max(table.c.position)).where(table.c.dossier == subject, table.c.belongs)
    return connection.scalar(query) or 0


def _taken_out(connection: Connection, event: Event) -> None:
    table, document = dossier_document, event.details["document"]
    connection.execute(table.delete().where(table.c.dossier == event.subject, table.c.document == document))
    row = {"dossier": event.subject, "document": document, "belongs": False, "position": 0, "leaves": None, "note": "",
           "described": None, "at": event.at, "by": event.actor, "event": event.seq}  # fmt: skip
    connection.execute(table.insert().values(row))
    left = sa.select(table.c.document).where(table.c.dossier == event.subject, table.c.belongs)
    _number(connection, event.subject, connection.scalars(left.order_by(table.c.position)).all())
    _set(connection, event)


def _arranged(connection: Connection, event: Event) -> None:
    _number(connection, event.subject, event.details["documents"])
    _set(connection, event)


def _number(connection: Connection, subject: str, documents: Any) -> None:
    table = dossier_document
    here = sa.and_(table.c.dossier == subject, table.c.document == sa.bindparam("which"))
    rows = [{"which": document, "place": position} for position, document in enumerate(documents, 1)]
    if rows:
        connection.execute(table.update().where(here).values(position=sa.bindparam("place")), rows)


def _noted(connection: Connection, event: Event) -> None:
    table, said = dossier_document, event.details
    here = sa.and_(table.c.dossier == event.subject, table.c.document == said["document"], table.c.belongs)
    connection.execute(table.update().where(here).values(leaves=said["leaves"], note=said["note"]))
    _set(connection, event)


def _closed(connection: Connection, event: Event) -> None:
    table, said = dossier_document, event.details
    here = sa.and_(table.c.dossier == event.subject, table.c.document == sa.bindparam("which"), table.c.belongs)
    rows = [{"which": document, "line": canonical(line)} for document, line in said["lines"].items()]
    connection.execute(table.update().where(here).values(described=sa.bindparam("line")), rows)
    _set(connection, event, state="closed", ended_on=_day(said["ended_on"]))


def _reopened(connection: Connection, event: Event) -> None:
    table = dossier_document
    connection.execute(table.update().where(table.c.dossier == event.subject).values(described=None))
    _set(connection, event, state="open", ended_on=None)


def _termed(connection: Connection, event: Event) -> None:
    _set(connection, event, term=_term(event, event.details))


def _term(event: Event, said: Mapping[str, Any]) -> str:
    told = {name: said[name] for name in ("term", "basis", "reason")}
    return canonical({**told, "by": event.actor, "at": event.at.isoformat(timespec="microseconds")})


def _described(connection: Connection, event: Event) -> None:
    connection.execute(fonds.delete().where(fonds.c.id == event.subject))
    connection.execute(
        fonds.insert().values(id=event.subject, value=canonical(event.details), event=event.seq)
    )


def _carried(connection: Connection, event: Event) -> None:
    said, term = event.details["dossier"], event.details["dossier"]["term"]
    same = ("fonds", "year", "code", "title", "heading", "keeper", "note", "unit", "state")
    days = {name: _day(said[name]) for name in ("opened_on", "ended_on")}
    connection.execute(
        dossier.insert().values(
            id=event.subject, term=canonical(term) if term else None, planned=event.seq, event=event.seq, **days,
            **{name: said[name] for name in same},
        )
    )  # fmt: skip
    rows = [
        {"dossier": event.subject, "document": one["document"], "belongs": True, "position": position,
         "leaves": one["leaves"], "note": one["note"], "at": dt.datetime.fromisoformat(one["at"]), "by": one["by"],
         "described": canonical(one["described"]) if one["described"] else None, "event": event.seq}
        for position, one in enumerate(event.details["entries"], 1)
    ]  # fmt: skip
    if rows:
        connection.execute(dossier_document.insert(), rows)


def _held(connection: Connection, event: Event) -> None:
    placed = event.details.get("placed") or {"by": event.actor, "at": event.at.isoformat()}
    connection.execute(
        hold.insert().values(
            id=event.seq, subject=event.subject, reason=event.details["reason"], by=placed["by"],
            at=dt.datetime.fromisoformat(placed["at"]), event=event.seq,
        )
    )  # fmt: skip


def _lifted(connection: Connection, event: Event) -> None:
    told = {"by": event.actor, "at": event.at.isoformat(timespec="microseconds"), "reason": event.details["reason"]}
    here = hold.c.id == event.details["hold"]
    connection.execute(hold.update().where(here).values(lifted=canonical(told), event=event.seq))


def _handed(connection: Connection, event: Event) -> None:
    row = {"id": event.subject, "value": canonical(event.details), "at": event.at, "by": event.actor}
    connection.execute(handover.insert().values(**row, event=event.seq))
    _mark(connection, event.details["dossiers"], handover=event.subject)


def _drawn(connection: Connection, event: Event) -> None:
    value = canonical({**event.details, "state": "drawn", "decision": None, "minutes": None, "given_up": None})
    row = {"id": event.subject, "value": value, "at": event.at, "by": event.actor}
    connection.execute(disposal.insert().values(**row, event=event.seq))
    _mark(connection, [one["dossier"] for one in event.details["entries"]], disposal=event.subject)


def _decided(connection: Connection, event: Event) -> None:
    _proceed(connection, event, state="decided", decision=_signed(event))


def _given_up(connection: Connection, event: Event) -> None:
    value = _proceed(connection, event, state="given-up", given_up=_signed(event))
    _mark(connection, [one["dossier"] for one in value["entries"]], disposal=None)


def _carried_out(connection: Connection, event: Event) -> None:
    value = _proceed(connection, event, state="done", minutes=_signed(event))
    _mark(connection, [one["dossier"] for one in value["entries"]], state="destroyed")


def _signed(event: Event) -> dict[str, Any]:
    return {**event.details, "by": event.actor, "at": event.at.isoformat(timespec="microseconds")}


def _proceed(connection: Connection, event: Event, **news: Any) -> dict[str, Any]:
    before = connection.scalar(sa.select(disposal.c.value).where(disposal.c.id == event.subject))
    if before is None:  # its beginning was lost with a checkpoint; what is left is not to stop a recovery
        return {"entries": []}
    value = {**json.loads(before), **news}
    change = disposal.update().where(disposal.c.id == event.subject)
    connection.execute(change.values(value=canonical(value), event=event.seq))
    return value


def _mark(connection: Connection, dossiers: Any, **values: Any) -> None:
    connection.execute(dossier.update().where(dossier.c.id.in_(dossiers)).values(**values))


_EFFECTS: Mapping[str, Callable[[Connection, Event], None]] = {
    PLANNED: _planned, OPENED: _opened, CHANGED: _changed, DROPPED: _dropped, FILED: _filed, TAKEN_OUT: _taken_out,
    NOTED: _noted, ARRANGED: _arranged, CLOSED: _closed, REOPENED: _reopened, TERMED: _termed, CARRIED: _carried,
    FONDS: _described,
    HELD: _held, LIFTED: _lifted, HANDED: _handed, DRAWN: _drawn, DECIDED: _decided, GIVEN_UP: _given_up,
    CARRIED_OUT: _carried_out,
}  # fmt: skip
KINDS = tuple(_EFFECTS)
"""Every kind of act on dossiers."""
