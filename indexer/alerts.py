"""Telling of new matches: which documents just indexed answer a search that somebody keeps."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from archive import saved
from archive.errors import BadQuery
from archive.viewer import SYSTEM, Viewer
from indexer import narrowing
from indexer.search import matching

if TYPE_CHECKING:
    from indexer.wiring import Service

log = logging.getLogger(__name__)


def save(
    service: Service, viewer: Viewer, *, name: str, asked: Mapping[str, Sequence[str]], by: str
) -> saved.Saved:  # fmt: skip
    """Keep a search; what answers it today is not new. Raises `BadQuery`, and `IndexUnusable`."""
    said = {key: asked[key] for key in ("q", *narrowing.NAMES) if any(asked.get(key, ()))}
    answering = answers(service, viewer, said)
    return saved.record(service.archive, viewer, name=name, asked=said, answering=answering, by=by)


def answers(
    service: Service, viewer: Viewer, asked: Mapping[str, Sequence[str]], *, among: set[str] | None = None
) -> list[str]:  # fmt: skip
    """Documents that answer a saved search, best first; `among` some only. Raises `BadQuery`."""
    query, filters = next(iter(asked.get("q", ())), ""), narrowing.read(asked)
    found = matching(
        service.findings, service.engine, viewer, query, filters=filters, among=among, dossiers=service.filed_under
    )
    return found[1].documents


def note(service: Service, documents: Collection[str]) -> None:
    """Keep which of these documents, just indexed, answer which search. Safe to repeat."""
    for search in saved.every(service.archive, SYSTEM) if documents else ():
        try:
            found = answers(service, SYSTEM, search.asked, among=set(documents))
        except BadQuery:  # the language of queries changed since; its page says so
            log.warning("saved search %d cannot be asked any more", search.id)
            continue
        saved.met(service.archive, search.id, found)
