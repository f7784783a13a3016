"""Taking out of the derived data what was destroyed: the reading, the links, the index.

The archive removes the bytes and leaves a tombstone (`archive.disposal`); what was worked out of them goes
here, at once or, when another process writes the index, by the worker. What is left to do shows in the
tables themselves, so nothing is lost when either dies.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from archive.catalogue import visible
from archive.database import reader, settle
from archive.schema import document as document_table
from archive.schema import job
from archive.viewer import Viewer
from archive.withdrawal import DESTROYED
from indexer import schema
from indexer.linking import chunks
from indexer.ports import IndexUnusable

if TYPE_CHECKING:
    from indexer.wiring import Service

log = logging.getLogger(__name__)


def left(service: Service) -> tuple[str, ...]:
    """Destroyed documents of which a reading is still stored."""
    r = schema.reading
    query = select(r.c.document).join(job, job.c.document == r.c.document).where(job.c.code == DESTROYED)
    with reader(service.archive.engine) as connection:
        return tuple(connection.scalars(query.distinct().order_by(r.c.document)))


def apply(service: Service) -> int:
    """Forget what is left; gives how many. Only who may write the index calls it."""
    documents = left(service)
    if not documents:
        return 0
    for engine in (service.building, _engine(service)):
        if engine is not None:
            engine.drop(set(documents))
    for document in documents:  # last: until then the worker knows that there is something to do
        service.findings.forget(document)
    if not settle(service.archive.engine):
        log.info("SQLite's log is in use; what was forgotten leaves it when it is written over")
    return len(documents)


def _engine(service: Service):
    """The index that answers; None when it is to be made again anyway, without what was destroyed."""
    try:
        return service.engine
    except IndexUnusable:
        return None


def inside(service: Service, viewer: Viewer, documents: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Files of the archive that hold a copy of these documents and are not among them, by document.

    A paper that came in a ZIP or a message has its bytes there too: to destroy the one alone destroys nothing.
    """
    part, found = schema.part, {}
    query = select(part.c.held, part.c.document).join(document_table, document_table.c.id == part.c.document)
    with reader(service.archive.engine) as connection:
        for batch in chunks(documents):
            rows = connection.execute(query.where(part.c.held.in_(batch), visible(viewer)).distinct())
            for row in rows:
                if row.document not in documents:
                    found.setdefault(row.held, []).append(row.document)
    return {document: tuple(sorted(some)) for document, some in found.items()}
