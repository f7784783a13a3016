"""Making the index again beside the one in use: after damage from what is stored, or all from the originals.

What has begun is noted in the derived tables, so that a worker killed in the middle is followed by one that
begins again; nothing that was taken in meanwhile is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

from archive import jobs
from archive.viewer import SYSTEM
from indexer.passages import passages
from indexer.pipeline import worded
from indexer.ports import Engine, IndexUnusable, Passage

if TYPE_CHECKING:
    from indexer.wiring import Service

log = logging.getLogger(__name__)

ENGINE = "engine"
"""Name of the note about the engine of the index in use."""
NEXT = "next engine"
INDEX = "index"
"""Name of the note about the index in the derived tables."""
SOUND, BROKEN, REBUILDING = "", "broken", "rebuilding"
BATCH = 4_000  # passages written at once


def state(service: Service) -> str:
    """`sound`, `rebuilding`, or why the index cannot be read: `missing`, `torn`, `old`."""
    if service.findings.noted(INDEX) == REBUILDING:
        return "rebuilding"
    try:
        service.engine.held()
    except IndexUnusable as unusable:
        return unusable.reason
    return "sound"


def begin(service: Service, *, engine: str | None = None) -> None:
    """Queue every document to be read again into a new index; the old one answers until `finish`.

    `engine` is the one of the new index, by default that of the old one.
    """
    service.findings.note(NEXT, engine or service.engine_name)
    service.findings.note(INDEX, REBUILDING)
    jobs.requeue(service.archive)
    service.building = service.beside(engine)


def finish(service: Service) -> None:
    """Make the new index the one that answers."""
    if service.building is None:
        return
    service.building.publish()
    service.building.close()
    service.building = None
    service.findings.note(ENGINE, service.findings.noted(NEXT))
    service.findings.note(INDEX, SOUND)
    service.reopen()


def resume(service: Service) -> None:
    """Begin again a rebuilding that was cut off; fill a damaged or incomplete index from what is stored."""
    if service.findings.noted(INDEX) == REBUILDING:
        log.warning("reading everything again: the last rebuilding did not end")
        begin(service, engine=service.findings.noted(NEXT) or None)
    elif not complete(service):
        refill(service)


def complete(service: Service) -> bool:
    """Whether the index can be read and holds exactly the documents whose reading is stored."""
    if service.findings.noted(INDEX) == BROKEN:
        return False
    try:
        return set(service.engine.held()) == set(service.findings.searchable(SYSTEM))
    except IndexUnusable:
        return False


def refill(service: Service) -> int:
    """Fill a new index from the stored texts, without reading the originals, and swap; gives how many."""
    log.warning("making the index again from the stored texts")
    made = service.beside()
    documents = service.findings.searchable(SYSTEM)
    waiting: dict[str, list[Passage]] = {}
    for document in documents:
        waiting[document] = _passages(service, document)
        if sum(map(len, waiting.values())) >= BATCH:
            _put(made, waiting)
    _put(made, waiting)
    made.publish()
    made.close()
    service.findings.note(INDEX, SOUND)
    service.reopen()
    return len(documents)


def _put(engine: Engine, waiting: dict[str, list[Passage]]) -> None:
    engine.put([p for found in waiting.values() for p in found], documents=set(waiting))
    waiting.clear()


def _passages(service: Service, document: str) -> list[Passage]:
    stored = service.findings.analysed(SYSTEM, document)
    if stored is None:
        return []
    heading, sections, text, papers = stored
    return list(worded(passages(document, heading, sections, text, papers), service.steps.segment))


def progress_on(stream: IO[str], total: int) -> Callable[[int], Any]:
    """A counter for people, one line that is written over."""
    done = 0

    def count(number: int) -> None:
        nonlocal done
        done += number
        stream.write(f"\r{done}/{total}")
        stream.flush()

    return count
