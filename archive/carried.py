"""Dossiers in packages: what a package tells of them so that another archive has them as they are here.

One line of `metadata/dossiers.jsonl` for each: the dossier, what lies in it in order, who decided its term, what is
held back, and the acts that led there. Taking one in is an act of its own, whose record holds all of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import appraisal, dossiers, filed, filing, journal, ledger
from archive.database import moment, reader
from archive.dossiers import Described, Dossier, State, Unit
from archive.errors import BadBag, NotAllowed
from archive.fonds import OURS, Fonds, all_fonds
from archive.retention import Term
from archive.schema import dossier as table
from archive.schema import event as event_table
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

FILE = "metadata/dossiers.jsonl"
STATES = (State.OPEN, State.CLOSED)
"""What can be carried: a line of a list has nothing in it, and what was destroyed has nothing left."""
_IDENTIFIER = re.compile(r"(hs|ph)-[0-9a-f]{12}")
_LONGEST = 2_000
_MANY = 50  # dossiers looked at together
_HISTORY = ("seq", "at", "actor", "kind", "hash")


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of one dossier of a package."""

    dossier: str
    words: str
    """How it is called in a sentence."""
    state: str
    """`new`, `duplicate` or `refused`."""
    reason: str | None = None
    """Vietnamese: why it was refused, or what of it is missing."""


def lines(archive: Archive, viewer: Viewer, some: Sequence[Dossier], *, office: str) -> Iterator[str]:
    """A line for each of these dossiers, of the office of this name."""
    ordered = sorted(some, key=lambda one: one.planned)  # so that the lists there have the order of those here
    for at in range(0, len(ordered), _MANY):
        chosen = ordered[at : at + _MANY]
        with reader(archive.engine) as connection:
            yield from _lines(connection, viewer, chosen, office)


def _lines(connection: Connection, viewer: Viewer, some: Sequence[Dossier], office: str) -> Iterator[str]:
    lying = dossiers.lying_in(connection, viewer, [one.id for one in some])
    every = [entry.document for entries in lying.values() for entry in entries]
    held = appraisal.holding(connection, [*(one.id for one in some), *every])
    fonds = all_fonds(connection)
    history = _histories(connection, [one.id for one in some])
    for one in some:
        entries = lying.get(one.id, ())
        subjects = (one.id, *(entry.document for entry in entries))
        told = {
            "dossier": _dossier(one), "office": office, "fonds": _fonds(fonds.get(one.fonds)),
            "entries": [_entry(entry) for entry in entries],
            "holds": [_hold(hold) for subject in subjects for hold in held.get(subject, ())],
            "history": history.get(one.id, []),
        }  # fmt: skip
        yield json.dumps(told, ensure_ascii=False, sort_keys=True)


def _histories(connection: Connection, some: Collection[str]) -> Mapping[str, list[dict[str, Any]]]:
    """The acts on each, oldest first, without what they say: who, when, what kind, and the record's hash."""
    event, found = event_table, {}
    query = sa.select(*(event.c[name] for name in _HISTORY), event.c.subject).where(event.c.subject.in_(some))
    for row in connection.execute(query.order_by(event.c.seq)):
        told = {name: row._mapping[name] for name in _HISTORY} | {"at": moment(row.at)}
        found.setdefault(row.subject, []).append(told)
    return found


def _dossier(one: Dossier) -> dict[str, Any]:
    same = ("id", "fonds", "year", "code", "title", "heading", "keeper", "note")
    term = None
    if one.decided:
        term = asdict(one.decided) | {"term": one.decided.term.value, "at": one.decided.at.isoformat()}
    days = {name: day.isoformat() if (day := getattr(one, name)) else None for name in ("opened_on", "ended_on")}
    return {
        **{name: getattr(one, name) for name in same}, "unit": one.unit.value, "state": one.state.value,
        "term": term, "handed_over": one.handover is not None, **days,
    }  # fmt: skip


def _fonds(one: Fonds | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return asdict(one) | {"ended_on": one.ended_on.isoformat() if one.ended_on else None}


def _entry(entry: dossiers.Entry) -> dict[str, Any]:
    return {
        "document": entry.document, "leaves": entry.leaves, "note": entry.note, "by": entry.by,
        "at": entry.at.isoformat(), "described": entry.described.to_json() if entry.described else None,
    }  # fmt: skip


def _hold(hold: appraisal.Hold) -> dict[str, Any]:
    return {"subject": hold.subject, "reason": hold.reason, "by": hold.by, "at": hold.at.isoformat()}


# Taken in


def read(path: Path, digests: Collection[str]) -> Iterator[Mapping[str, Any]]:
    """What a package tells of dossiers, each in the form acts have here; nothing when it tells of none.

    Raises BadBag: who looks through all of it first takes in nothing of a package that tells nonsense.
    """
    if FILE not in digests:
        return
    try:
        with (path / FILE).open(encoding="utf-8") as lines:
            for line in lines:
                yield _understood(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBag(path=path, reason=f"{FILE} không đọc được") from error
    except NotAllowed as error:
        raise BadBag(path=path, reason=f"{FILE}: {error.message('vi')}") from error


def _understood(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """One line, every value of it looked at: it may come from anywhere."""
    said, fonds = told["dossier"], told["fonds"]
    if State(said["state"]) not in STATES or said["year"] not in filing.YEARS:
        raise ValueError("no dossier that can be carried")
    clean = {name: filing.clean(name, said[name]) for name in filing.LONGEST}
    term = said["term"] and {
        "term": Term.parse(said["term"]["term"]).value, "by": _short(said["term"]["by"]),
        **{name: _short(said["term"][name]) for name in ("basis", "reason")}, "at": _instant(said["term"]["at"]),
    }  # fmt: skip
    return {
        "dossier": {
            "id": _identifier(said["id"]), "year": said["year"], **clean, "unit": Unit(said["unit"]).value,
            "state": said["state"], "opened_on": _day(said["opened_on"]), "ended_on": _day(said["ended_on"]),
            "term": term or None,
        },
        "office": _short(told["office"]), "fonds": _understood_fonds(fonds) if fonds else None,
        "entries": [_understood_entry(entry) for entry in told["entries"]],
        "holds": [
            {"subject": _short(one["subject"]), "reason": _short(one["reason"]), "by": _short(one["by"]),
             "at": _instant(one["at"])}
            for one in told["holds"]
        ],
        "history": [
            {"seq": int(one["seq"]), "at": _instant(one["at"]), **{n: _short(one[n]) for n in _HISTORY[2:]}}
            for one in told["history"]
        ],
    }  # fmt: skip


def _understood_fonds(said: Mapping[str, Any]) -> dict[str, Any]:
    words = {name: _short(said[name]) for name in ("name", "parent", "place", "heir", "note")}
    return {"id": _identifier(said["id"]), **words, "party": bool(said["party"]), "ended_on": _day(said["ended_on"])}


def _understood_entry(said: Mapping[str, Any]) -> dict[str, Any]:
    leaves, described = said["leaves"], said["described"]
    if leaves is not None and not 1 <= int(leaves) <= 9_999:
        raise ValueError("leaves")
    return {
        "document": _short(said["document"]), "leaves": leaves, "note": filing.clean("note", said["note"]),
        "by": _short(said["by"]), "at": _instant(said["at"]),
        "described": Described.from_json(described).to_json() if described else None,
    }  # fmt: skip


def _identifier(said: Any) -> str:
    if not isinstance(said, str) or not _IDENTIFIER.fullmatch(said):
        raise ValueError("no id of ours")
    return said


def _short(said: Any) -> str:
    if not isinstance(said, str) or len(said) > _LONGEST or "\0" in said:
        raise ValueError("no words")
    return said


def _day(said: str | None) -> str | None:
    return dt.date.fromisoformat(said).isoformat() if said else None


def _instant(said: str) -> str:
    at = dt.datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def take(
    archive: Archive, viewer: Viewer, told: Mapping[str, Any], known: Mapping[str, str], *, package: str
) -> Carried:
    """Put one dossier here as it was there; `known` gives the ids here of the package's documents.

    A dossier that is here already stays as it is: safe to repeat.
    """
    said = told["dossier"]
    words = f"hồ sơ {said['code']} năm {said['year']}"
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        if connection.scalar(sa.select(table.c.id).where(table.c.id == said["id"])) is not None:
            return Carried(said["id"], words, "duplicate")
        fonds = _fonds_here(archive, connection, told, by=viewer.name)
        if said["code"].casefold() in filing.codes(connection, said["year"], fonds):
            reason = f"Danh mục năm {said['year']} ở đây đã có hồ sơ {said['code']} khác. Xin đổi số, ký hiệu hồ sơ ấy."
            return Carried(said["id"], words, "refused", reason)
        held = {known[one["document"]]: one for one in told["entries"] if one["document"] in known}
        entries = [{**one, "document": document} for document, one in held.items()]
        missing = [one["document"] for one in told["entries"] if one["document"] not in known]
        details = {
            **{name: told[name] for name in ("office", "history")}, "dossier": {**said, "fonds": fonds},
            "entries": entries, "missing": missing, "package": package,
        }  # fmt: skip
        filed.act(connection, filed.CARRIED, said["id"], details, by=viewer.name)
        _hold_back(connection, told["holds"], {said["id"]: said["id"], **known}, by=viewer.name)
    lacks = f"thiếu {len(missing)} văn bản không có trong gói" if missing else None
    return Carried(said["id"], words, "new", lacks)


def _fonds_here(archive: Archive, connection: Connection, told: Mapping[str, Any], *, by: str) -> str:
    """The fonds it belongs to here, described if it is new; another office's own papers are a fonds of that office."""
    said = told["fonds"]
    if said is None:
        if told["office"] == archive.settings.office:
            return OURS
        said = {"id": _made_of(told["office"]), "name": told["office"], "parent": "", "place": "", "party": False,
                "ended_on": None, "heir": "", "note": ""}  # fmt: skip
    for one in all_fonds(connection).values():
        if said["id"] == one.id or said["name"] == one.name:
            return one.id
    filed.act(connection, filed.FONDS, said["id"], {n: v for n, v in said.items() if n != "id"}, by=by)
    return said["id"]


def _made_of(office: str) -> str:
    return f"ph-{hashlib.sha256(office.encode()).hexdigest()[:12]}"


def _hold_back(
    connection: Connection, holds: Sequence[Mapping[str, Any]], known: Mapping[str, str], *, by: str
) -> None:
    """What was held back there is held back here, as the same people said; each once."""
    wanted = [{**one, "subject": known[one["subject"]]} for one in holds if one["subject"] in known]
    standing = appraisal.holding(connection, [one["subject"] for one in wanted])
    for one in wanted:
        if all(held.reason != one["reason"] or held.by != one["by"] for held in standing.get(one["subject"], ())):
            details = {"reason": one["reason"], "placed": {"by": one["by"], "at": one["at"]}}
            filed.act(connection, filed.HELD, one["subject"], details, by=by)
