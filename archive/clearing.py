"""Taking the words of a withdrawn paper out of what people recorded about it: titles, quotes, names of files, notes.

Records of the ledger keep their place, their hash and their leaf in the hash tree (`ledger.rewrite`); what they
say of the paper goes. Tables that are made from records are cleared in the same way, so both agree ever after.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import corrections, filed, ledger, registers
from archive.dossiers import Described
from archive.schema import correction, disposal, dossier_document, event, hold, register_line, saved_match

NAMELESS = "(văn bản đã rút)"
_BLANK = Described().to_json()
_EMPTY = ("issued_on", "passed_on", "due", "copies")  # of a line of a register, what is None where it is not known
_RECEIVED = ("received", "received-again", "recovered")

Said = dict[str, Any]


def cleared(kind: str, subject: str, said: Mapping[str, Any], document: str) -> Said:
    """What a record says, without the words of a paper; the same when it has none."""
    if kind == registers.RECOVERED:
        inner = cleared(said["kind"], subject, json.loads(said["details"]), document)
        return {**said, "details": filed.canonical(inner)}
    change = _CHANGES.get(kind)
    return change(subject, said, document) if change else dict(said)


def _received(subject: str, said: Mapping[str, Any], document: str) -> Said:
    return {**said, "name": NAMELESS} if subject == document else dict(said)


def _corrected(subject: str, said: Mapping[str, Any], document: str) -> Said:
    about = subject == document
    if not about and said["anchor"].get("paper") != document:
        return dict(said)
    return {**said, **_of_correction(said, about=about)}


def _of_correction(said: Mapping[str, Any], *, about: bool) -> Said:
    """Anchor, value and reading of a correction: all of it, or what another paper's task says of this one."""
    paper = said["anchor"].get("paper")
    if not about:
        anchor = {**said["anchor"], "passage": {}}
        value = {**said["value"], "quote": ""} if isinstance(said["value"], dict) else None
        return {"anchor": anchor, "value": value, "read": None}
    if paper is None:
        return {"anchor": {}, "value": None, "read": None}
    status = said["value"].get("status") if isinstance(said["value"], dict) else None
    value = {"status": status, "task": [], "wording": "", "quote": ""} if status else None
    return {"anchor": {"task": {}, "paper": paper, "passage": {}}, "value": value, "read": None}


def _registered(_subject: str, said: Mapping[str, Any], document: str) -> Said:
    return {**said, **_of_line(said)} if said["document"] == document else dict(said)


def _of_line(said: Mapping[str, Any]) -> Said:
    blank = {
        part: {name: None if name in _EMPTY else "" for name in said[part]} for part in ("paper", "handling")
    }
    return {**blank, "struck": None if said["struck"] is None else ""}


def _closed(_subject: str, said: Mapping[str, Any], document: str) -> Said:
    return {**said, "lines": {one: _BLANK if one == document else line for one, line in said["lines"].items()}}


def _noted(_subject: str, said: Mapping[str, Any], document: str) -> Said:
    return {**said, "note": ""} if said["document"] == document else dict(said)


def _reasoned(subject: str, said: Mapping[str, Any], document: str) -> Said:
    return {**said, "reason": NAMELESS} if subject == document else dict(said)


def _carried(_subject: str, said: Mapping[str, Any], document: str) -> Said:
    entries = [
        {**one, "note": "", "described": one["described"] and _BLANK} if one["document"] == document else one
        for one in said["entries"]
    ]
    return {**said, "entries": entries}


def _drawn(_subject: str, said: Mapping[str, Any], document: str) -> Said:
    entries = [
        {**entry, "lines": [
            {**line, "described": _BLANK} if line["document"] == document else line for line in entry["lines"]
        ]}
        for entry in said["entries"]
    ]  # fmt: skip
    return {**said, "entries": entries}


_CHANGES: Mapping[str, Callable[[str, Mapping[str, Any], str], Said]] = {
    **dict.fromkeys(_RECEIVED, _received),
    **dict.fromkeys((corrections.CORRECTED, corrections.UNDONE), _corrected),
    **dict.fromkeys((registers.ENTERED, registers.AMENDED, registers.STRUCK, registers.RESTORED), _registered),
    filed.CLOSED: _closed, filed.NOTED: _noted, filed.HELD: _reasoned, filed.LIFTED: _reasoned,
    filed.CARRIED: _carried, filed.DRAWN: _drawn,
}  # fmt: skip

_TABLES = (correction, register_line, dossier_document, hold, disposal)


def row(table: str, values: Mapping[str, Any], document: str) -> dict[str, Any]:
    """A row of a table without the words of a paper; the same when it has none."""
    same = dict(values)
    if table == disposal.name:
        return same | {"value": _again(_drawn("", json.loads(same["value"]), document), same["value"])}
    if table == correction.name:
        about = same["document"] == document
        said = {name: json.loads(same[name]) for name in ("anchor", "value", "read")}
        if not about and said["anchor"].get("paper") != document:
            return same
        return same | {name: _json(value) for name, value in _of_correction(said, about=about).items()}
    if (same.get("subject") if table == hold.name else same.get("document")) != document:
        return same
    if table == register_line.name:
        said = {name: json.loads(same[name]) for name in ("paper", "handling")} | {"struck": same["struck"]}
        blank = _of_line(said)
        return same | {name: _json(blank[name]) for name in ("paper", "handling")} | {"struck": blank["struck"]}
    if table == dossier_document.name:
        return same | {"note": "", "described": same["described"] and filed.canonical(_BLANK)}
    if table == hold.name:
        lifted = same["lifted"] and filed.canonical(json.loads(same["lifted"]) | {"reason": NAMELESS})
        return same | {"reason": NAMELESS, "lifted": lifted}
    return same


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _again(said: Said, before: str) -> str:
    """Text as it was when nothing of it changed."""
    return before if said == json.loads(before) else filed.canonical(said)


def line(text: str, document: str) -> str:
    """A dumped row (`rows.dump`) without the words of a paper."""
    if document not in text:
        return text
    told = json.loads(text)
    if told["table"] == saved_match.name and told["row"]["document"] == document:
        return ""
    new = row(told["table"], told["row"], document)
    return text if new == told["row"] else json.dumps(told | {"row": new}, ensure_ascii=False, sort_keys=True)


def apply(connection: Connection, document: str, *, by: int) -> dict[int, str]:
    """Clear records and tables in the caller's transaction, on behalf of the record `by`, which is to come.

    Gives the sha256 of each changed record as it reads now. Safe to repeat: then nothing changes.
    """
    said = sa.or_(event.c.subject == document, event.c.details.contains(document, autoescape=True))
    changed = {}
    for one in connection.execute(sa.select(event).where(said).order_by(event.c.seq)).all():
        before = ledger.said(one.details)
        after = cleared(one.kind, one.subject, before, document)
        if after != before:
            changed[one.seq] = ledger.rewrite(connection, one, after, by=by)
    for table in _TABLES:
        _clear_table(connection, table, document)
    connection.execute(saved_match.delete().where(saved_match.c.document == document))
    return changed


def _clear_table(connection: Connection, table: sa.Table, document: str) -> None:
    texts = [column for column in table.c if column.name in ("document", "subject", "anchor", "value")]
    wanted = sa.or_(*(column.contains(document, autoescape=True) for column in texts))
    for found in connection.execute(sa.select(table).where(wanted)).mappings().all():
        new = row(table.name, {str(name): value for name, value in found.items()}, document)
        changes = {name: value for name, value in new.items() if value != found[name]}
        if changes:
            here = sa.and_(*(column == found[column.name] for column in table.primary_key.columns))
            connection.execute(table.update().where(here).values(changes))
