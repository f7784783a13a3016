"""Judging signatures again with what was kept at receipt, and telling when a verdict is another one than before."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archive import annex, catalogue, ledger, proofs, rounds, trust
from archive.database import reader, writer
from archive.schema import event
from archive.verdicts import Report, Verdict
from archive.viewer import SYSTEM
from indexer import records, schema, signing

if TYPE_CHECKING:
    from indexer.wiring import Service

log = logging.getLogger(__name__)

KIND = "signature-verdict"
"""A record that a document's signatures are judged otherwise than before."""
NEWEST = "signatures-again.json"
"""Name of the report kept when the verdict changed; that of the receipt stays beside it."""
NOTES = "signatures.json"
"""In the data folder: how far the round is."""


@dataclass(frozen=True, slots=True)
class Again:
    """One part of a round over all signed documents."""

    complete: bool
    documents: int
    """Judged in this round so far."""
    changed: int


def judge(service: Service, document: str) -> bool:
    """Judge a document's signatures again; whether the verdict is another one than before.

    A change is recorded in the ledger and its report kept with the original. That something could not be
    checked this time, as the machine was busy, changes nothing.
    """
    receipt = proofs.kept(service.archive, document)
    if receipt is None:
        return False
    original = catalogue.original(service.archive, SYSTEM, document)
    terms = proofs.helped(trust.load(service.settings.trust), receipt)
    found = signing.check(original.path, terms, known_since=original.received_at)
    before = last(service, document) or _told(receipt)
    if found.verdict is Verdict.UNCHECKED and before["verdict"] != Verdict.UNCHECKED:
        log.warning("signatures of %s could not be checked: %s", document, found.reason)
        return False
    _show(service, document, found)
    if before["verdict"] == _told(found)["verdict"] and before["signatures"] == _told(found)["signatures"]:
        return False
    _record(service, document, before, found)
    return True


def _told(report: Report) -> dict[str, Any]:
    """What a record says of a report."""
    return {
        "verdict": str(report.verdict),
        "signatures": [str(one.verdict) for one in report.signatures],
        "reasons": [one.reason for one in report.signatures if one.verdict is report.verdict],
    }


def last(service: Service, document: str) -> dict[str, Any] | None:
    """What the newest record of a changed verdict says; None when it never changed."""
    query = sa.select(event.c.details).where(event.c.subject == document, event.c.kind == KIND)
    with reader(service.archive.engine) as connection:
        found = connection.scalar(query.order_by(event.c.seq.desc()).limit(1))
    return json.loads(found) if found else None


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that became another one."""

    at: dt.datetime
    before: str
    verdict: str


def changes(service: Service, document: str) -> tuple[Change, ...]:
    """When the verdict on a document's signatures changed since its receipt, oldest first."""
    query = sa.select(event.c.at, event.c.details).where(event.c.subject == document, event.c.kind == KIND)
    with reader(service.archive.engine) as connection:
        rows = [(row.at, json.loads(row.details)) for row in connection.execute(query.order_by(event.c.seq))]
    return tuple(Change(at, said["before"], said["verdict"]) for at, said in rows)


def _record(service: Service, document: str, before: dict[str, Any], found: Report) -> None:
    report = json.dumps(found.to_json(), ensure_ascii=False, indent=1).encode()
    annex.keep(service.archive, SYSTEM, document, {NEWEST: report}, why="Kết quả kiểm tra lại chữ ký")
    details = {**_told(found), "before": before["verdict"]}
    with writer(service.archive.engine) as connection:
        ledger.append(connection, actor=SYSTEM.name, kind=KIND, subject=document, details=details)
    log.warning("signatures of %s: %s, before: %s", document, found.verdict, before["verdict"])


def _show(service: Service, document: str, found: Report) -> None:
    """Let the document's page show this report."""
    reading = schema.reading
    values = {"verdict": str(found.verdict), "signatures": records.dump(found.to_json())}
    with writer(service.archive.engine) as connection:
        connection.execute(reading.update().where(reading.c.document == document).values(**values))


def go_on(service: Service, over: Callable[[], bool]) -> Again:
    """Judge all signed documents again, from where the last call stopped, until `over` says so."""
    notes = service.settings.data / NOTES
    after, done, changed = _noted(notes)
    while batch := _signed(service, after):
        for document in batch:
            if over():
                return Again(False, done, changed)
            changed += judge(service, document)
            done, after = done + 1, document
            _note(notes, (after, done, changed))
    with writer(service.archive.engine) as connection:
        details = {"documents": done, "changed": changed}
        ledger.append(connection, actor=SYSTEM.name, kind=rounds.SIGNATURES, subject=rounds.SUBJECT, details=details)
    notes.unlink(missing_ok=True)
    return Again(True, done, changed)


def _signed(service: Service, after: str) -> list[str]:
    """The next documents with signatures, by id."""
    reading = schema.reading
    wanted = (reading.c.verdict != str(Verdict.UNSIGNED), reading.c.document > after)
    query = sa.select(reading.c.document).where(*wanted).order_by(reading.c.document).limit(100)
    with reader(service.archive.engine) as connection:
        return list(connection.scalars(query))


def _noted(notes: Path) -> tuple[str, int, int]:
    try:
        after, done, changed = json.loads(notes.read_text("utf-8"))
        return str(after), int(done), int(changed)
    except (FileNotFoundError, ValueError, TypeError):
        return "", 0, 0  # torn, or a new round


def _note(notes: Path, said: tuple[str, int, int]) -> None:
    draft = notes.with_name(notes.name + ".new")
    draft.write_text(json.dumps(said), "utf-8")
    draft.replace(notes)
