"""Papers that people corrected, worked out again from their stored text and indexed anew.

What is still to be done follows from numbers alone: corrections have rising numbers, and the last one whose
paper was worked out again is noted with the derived tables. So nothing is lost when a worker dies.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from archive import corrections
from archive.corrections import Subject
from archive.viewer import SYSTEM
from corpus.model import Analysis, Body
from indexer import alerts, containers, overlay, reviewing
from indexer.overlay import Overlaid
from indexer.pipeline import Prepared, Stopwatch, understand
from indexer.ports import IndexUnusable

if TYPE_CHECKING:
    from archive.archive import Archive
    from indexer.wiring import Service

log = logging.getLogger(__name__)

DONE = "corrections"
"""Name of the note of the last correction that was worked in."""
OF_ANALYSIS = ("secret-mark", "doubtful-field")
"""Findings that come from understanding a text; all others come from reading the file."""


def laid(archive: Archive, document: str, body: Body, analysis: Analysis) -> Overlaid:
    """The analysis of a document under the corrections in force."""
    records = corrections.of(archive, SYSTEM, document)
    return overlay.lay(body, analysis, corrections.standing(records))


def done(service: Service) -> int:
    """The number of the last correction that was worked in."""
    return int(service.findings.noted(DONE) or 0)


def waiting(service: Service) -> bool:
    """Whether a paper was corrected and not yet worked out again."""
    return corrections.newest(service.archive) > done(service)


def apply(service: Service) -> None:
    """Work out again every paper corrected since the last time. Only who may write the index calls it."""
    before, newest = done(service), corrections.newest(service.archive)
    # What is said of evidence changes no reading; it was laid when it was said, unless that process died.
    reviewing.lay(service.archive, corrections.since(service.archive, before, Subject.FULFILMENT))
    for document in corrections.since(service.archive, before):
        try:
            again(service, document)
        except Exception:  # the worker's edge: one paper must not keep the others from being corrected
            log.exception("correcting %s failed", document)
    service.findings.note(DONE, str(newest))


def again(service: Service, document: str) -> None:
    """Understand one document's stored text again and index it; nothing when it was not read yet."""
    prepared = _prepared(service, document)
    if prepared is None:
        return
    service.findings.record(prepared)
    for engine in filter(None, (service.building, service.engine)):
        try:
            engine.put(prepared.passages, documents={document})
        except IndexUnusable:
            log.info("the index cannot be read; it will be made again with this correction in it")
            return
    alerts.note(service, {document})


def _prepared(service: Service, document: str) -> Prepared | None:
    stored = service.findings.stored(SYSTEM, document)
    if stored is None:
        return None
    body = replace(stored.body, findings=tuple(f for f in stored.body.findings if f.code not in OF_ANALYSIS))
    prepared = understand(
        service.steps, body, stored.signatures, document=document, version=stored.version, watch=Stopwatch()
    )
    return replace(prepared, parts=stored.parts, alone=not containers.is_container(body))
