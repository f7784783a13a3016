"""What the archive holds, as far as a viewer may know: documents, their versions, the state of their work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive import ledger
from archive.database import reader
from archive.errors import NotFound
from archive.schema import document, job, version
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

_MANY = 500  # ids in one query: SQLite takes a bounded number of parameters


@dataclass(frozen=True, slots=True)
class Version:
    """One file of a document (bản, tệp nhận được)."""

    id: str
    document: str
    number: int
    """Counts from 1."""
    name: str
    """As received, NFC."""
    how: str
    size: int
    """Bytes."""
    sha512: str
    sha256: str
    received_at: dt.datetime
    received_by: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a list (văn bản): its newest version and how far its processing is."""

    id: str
    received_at: dt.datetime
    """When its first version came."""
    version: Version
    state: str
    """`queued`, `running`, `done` or `failed`."""
    code: str | None
    """Why it failed; stable."""
    detail: str | None
    """Why it failed; for people."""


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes as received, to be served or read, never written."""

    path: Path
    name: str
    size: int
    sha512: str
    received_at: dt.datetime


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition on `schema.document` that every query made for this viewer carries.

    For now everyone sees every document.
    """
    return sa.true()


def documents(
    archive: Archive,
    viewer: Viewer,
    *,
    ids: Collection[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Document, ...]:
    """Documents, the latest received first; `ids` limits to these. One query."""
    query = (
        _listing(viewer).order_by(document.c.received_at.desc(), document.c.id).limit(limit).offset(offset)
    )
    if ids is not None:
        query = query.where(document.c.id.in_(ids))
    with reader(archive.engine) as connection:
        return tuple(_document(row) for row in connection.execute(query))


def ids(archive: Archive, viewer: Viewer, wanted: Collection[str] | None = None) -> list[str]:
    """The ids of all documents that the viewer may see, or of these, sorted. NotFound when one is not there."""
    query = sa.select(document.c.id).where(visible(viewer))
    with reader(archive.engine) as connection:
        if wanted is None:
            return sorted(connection.scalars(query))
        found: set[str] = set()
        some = sorted(set(wanted))
        for at in range(0, len(some), _MANY):
            found.update(connection.scalars(query.where(document.c.id.in_(some[at : at + _MANY]))))
    for one in some:
        if one not in found:
            raise NotFound(what=one)
    return some


def count(archive: Archive, viewer: Viewer) -> int:
    """How many documents the viewer may see."""
    with reader(archive.engine) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(document).where(visible(viewer))) or 0


def get(archive: Archive, viewer: Viewer, document_id: str) -> Document:
    """One document, or NotFound."""
    with reader(archive.engine) as connection:
        row = connection.execute(_listing(viewer).where(document.c.id == document_id)).first()
    if row is None:
        raise NotFound(what=document_id)
    return _document(row)


def versions(archive: Archive, viewer: Viewer, document_id: str) -> tuple[Version, ...]:
    """All versions of a document, oldest first; NotFound when there is none to see."""
    query = (
        sa.select(version)
        .join(document, document.c.id == version.c.document)
        .where(visible(viewer), document.c.id == document_id)
        .order_by(version.c.number)
    )
    with reader(archive.engine) as connection:
        rows = connection.execute(query).all()
    if not rows:
        raise NotFound(what=document_id)
    return tuple(_version(row) for row in rows)


def original(archive: Archive, viewer: Viewer, document_id: str) -> Original:
    """The bytes of a document's newest version; NotFound when there is none to see."""
    newest = versions(archive, viewer, document_id)[-1]
    path = archive.store.original(newest.document, newest.number)
    return Original(path, newest.name, newest.size, newest.sha512, newest.received_at)


def holding(archive: Archive, viewer: Viewer, digest: str) -> str | None:
    """The document that has the file with this sha512 or sha256 (hex), None when not held."""
    column = version.c.sha512 if len(digest) == 128 else version.c.sha256
    query = (
        sa.select(document.c.id)
        .join(version, version.c.document == document.c.id)
        .where(visible(viewer), column == digest.lower())
    )
    with reader(archive.engine) as connection:
        return connection.scalar(query)


def history(archive: Archive, viewer: Viewer, document_id: str) -> tuple[ledger.Event, ...]:
    """What the ledger says of a document, oldest first; NotFound when there is none to see."""
    get(archive, viewer, document_id)
    with reader(archive.engine) as connection:
        return ledger.history(connection, document_id)


def _listing(viewer: Viewer) -> sa.Select:
    newest = (
        sa.select(version.c.document, sa.func.max(version.c.number).label("number"))
        .group_by(version.c.document)
        .subquery()
    )
    return (
        sa.select(
            version,
            document.c.received_at.label("first_received_at"),
            job.c.state,
            job.c.code,
            job.c.detail,
        )
        .join(document, document.c.id == version.c.document)
        .join(newest, sa.and_(newest.c.document == version.c.document, newest.c.number == version.c.number))
        .join(job, job.c.version == version.c.id)
        .where(visible(viewer))
    )


def _document(row: sa.Row) -> Document:
    return Document(row.document, row.first_received_at, _version(row), row.state, row.code, row.detail)


def _version(row: sa.Row) -> Version:
    return Version(
        id=row.id,
        document=row.document,
        number=row.number,
        name=row.name,
        how=row.how,
        size=row.size,
        sha512=row.sha512,
        sha256=row.sha256,
        received_at=row.received_at,
        received_by=row.received_by,
    )
