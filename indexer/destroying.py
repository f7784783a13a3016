"""Taking out of the derived data what was destroyed: the reading, the links, the index.

The archive removes the bytes and leaves a tombstone (`archive.disposal`); what was worked out of them goes
here, at once or, when another process writes the index, by the worker. What is left to do shows in the
tables themselves, so nothing is lost when either dies.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import select

from archive.database import reader, settle
from archive.schema import job
from archive.withdrawal import DESTROYED
from indexer import schema
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
