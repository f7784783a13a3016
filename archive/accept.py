"""Taking a file in: when `accept` returns, its bytes and its place in the catalogue survive any crash."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import jobs, ledger, objects, withdrawal
from archive.database import now, reader, writer
from archive.errors import Damaged, Destroyed, EmptyFile, SecretMark
from archive.objects import Digests, Source
from archive.schema import document as document_table
from archive.schema import version as version_table
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u: they are misread on paper
_SHORTEST = 12


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told."""

    document: str
    version: str
    state: str
    """`new` or `duplicate`: the archive had these very bytes."""
    received_at: dt.datetime
    """When they first came."""
    sha512: str
    size: int
    """Bytes."""


def accept(
    archive: Archive,
    viewer: Viewer,
    stream: Source,
    *,
    name: str,
    how: str,
    inspect: Callable[[Path], None] | None = None,
) -> Receipt:
    """Keep a file and queue it for reading; safe to repeat, also after a crash at any moment.

    `name` is the file's name as received, `how` the way it came (`web`, `cli`, `watch`). `inspect` sees the
    file before it is kept and may raise SecretMark. Raises that, Destroyed, EmptyFile, DiskFull, NoRight,
    StorageFailure, Unreadable; then nothing was kept.
    """
    name = clean_name(name)
    with archive.store.draft() as draft:
        digests = objects.take(draft, stream, name)
        if not digests.size:
            raise EmptyFile(name=name)
        if inspect is not None:
            _inspected(archive, viewer, objects.taken(draft), how, inspect)
        note = {
            "name": name,
            "how": how,
            "received_by": viewer.name,
            "received_at": now().isoformat(timespec="microseconds"),
            "size": digests.size,
            "sha512": digests.sha512,
            "sha256": digests.sha256,
        }
        document = _known(archive, viewer, digests, how) or _store(archive, draft, digests, note)
    return _record(archive, document, note)


def recover(archive: Archive, document: str) -> Receipt | None:
    """Record an object that a crash left without its row, as its receipt says; None when it is not whole.

    Safe to repeat, and while others accept.
    """
    note = archive.store.receipt(document)
    if note is None or not archive.store.secure(document, note["sha512"]):
        return None
    return _record(archive, document, note, kind="recovered")


def clean_name(name: str) -> str:
    r"""A file's name as it is kept: NFC, no control characters, valid UTF-8.

    >>> clean_name("Ke\u0302\u0301 hoạch\x00.doc")
    'Kế hoạch.doc'
    """
    valid = "".join("\ufffd" if unicodedata.category(c) == "Cs" else c for c in name)
    return "".join(c for c in unicodedata.normalize("NFC", valid) if unicodedata.category(c) != "Cc")


def identities(sha512: str) -> Iterator[str]:
    """The ids a document with these bytes may have, in order; longer where another has the shorter.

    >>> next(identities("ff" * 64))
    'zzzzzzzzzzzz'
    """
    bits = int(sha512, 16) << 3  # 515 bits: 103 letters
    letters = "".join(_LETTERS[(bits >> shift) & 31] for shift in range(510, -1, -5))
    yield from (letters[:length] for length in range(_SHORTEST, len(letters), 4))


def _inspected(
    archive: Archive, viewer: Viewer, path: Path, how: str, inspect: Callable[[Path], None]
) -> None:
    try:
        inspect(path)
    except SecretMark:
        withdrawal.shred(path)
        withdrawal.refuse(archive, viewer, how=how)
        raise


def _known(archive: Archive, viewer: Viewer, digests: Digests, how: str) -> str | None:
    query = sa.select(version_table.c.document, version_table.c.number)
    with reader(archive.engine) as connection:
        row = connection.execute(query.where(version_table.c.sha512 == digests.sha512)).first()
        fates = withdrawal.fates(connection, row.document) if row else ()
    if withdrawal.WITHDRAWN in fates:
        withdrawal.refuse(archive, viewer, how=how)
        raise SecretMark(mark="mật")
    if row and fates:
        raise Destroyed(document=row.document)
    # A row whose bytes are gone is no reason to refuse them: they are put back below.
    return row.document if row and archive.store.has_original(row.document, row.number) else None


def _store(archive: Archive, draft: Path, digests: Digests, note: dict[str, Any]) -> str:
    for document in identities(digests.sha512):
        if not archive.store.holds(objects.at(document)) and archive.store.put(draft, document, digests, note):
            return document
        if _adopt(archive, document, note):
            return document
    raise AssertionError("two files with one sha512")


def _adopt(archive: Archive, document: str, note: dict[str, Any]) -> bool:
    """Go on with an object that a crash, or another process, left without its row; False when not ours."""
    receipt = archive.store.receipt(document)
    if receipt and receipt["sha512"] != note["sha512"]:
        return False
    if receipt is None or not archive.store.secure(document, note["sha512"]):
        raise Damaged(where=archive.store.where(objects.at(document)), reason="không còn đúng như khi tiếp nhận")
    note.update(receipt)
    return True


def _record(archive: Archive, document: str, note: dict[str, Any], *, kind: str = "received") -> Receipt:
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        row = connection.execute(
            sa.select(version_table).where(version_table.c.sha512 == note["sha512"])
        ).first()
        if row is None:
            return _record_new(connection, document, note, kind)
        if (row.received_at, row.name) == (dt.datetime.fromisoformat(note["received_at"]), note["name"]):
            return _receipt(row, "new")  # a check running beside us found the object and recorded it for us
        ledger.append(
            connection,
            actor=note["received_by"],
            kind="received-again",
            subject=row.document,
            details={"version": row.id, "name": note["name"], "how": note["how"]},
        )
        jobs.try_again(connection, row.document)
    return _receipt(row, "duplicate")


def _receipt(row: sa.Row, state: str) -> Receipt:
    return Receipt(row.document, row.id, state, row.received_at, row.sha512, row.size)


def _record_new(connection: Connection, document: str, note: dict[str, Any], kind: str) -> Receipt:
    at = dt.datetime.fromisoformat(note["received_at"])
    version = f"{document}.1"
    actor = note["received_by"]
    seq = ledger.append(
        connection,
        actor=actor,
        kind=kind,
        subject=document,
        details={
            "version": version,
            **{key: note[key] for key in ("name", "how", "size", "sha512", "sha256")},
        },
        at=at,
    )
    connection.execute(document_table.insert().values(id=document, received_at=at, received_by=actor))
    columns = {**note, "received_at": at}
    connection.execute(
        version_table.insert().values(id=version, document=document, number=1, event=seq, **columns)
    )
    jobs.enqueue(connection, document=document, version=version, at=now())
    return Receipt(document, version, "new", at, note["sha512"], note["size"])
