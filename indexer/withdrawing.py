"""Withdrawing a paper that turned out secret: what was worked out of it goes with it, from every place.

The archive removes its bytes and the words that people recorded (`archive.withdrawal`); here go the reading, the
proposals that quote it, converted copies, and the index, which is made anew where it knew the paper: an engine that
drops a document leaves its words in the files until they are merged.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from archive import withdrawal
from archive.database import settle
from archive.viewer import SYSTEM
from indexer import rebuilding
from indexer.engines import generations
from indexer.ports import IndexUnusable

if TYPE_CHECKING:
    from indexer.wiring import Service

log = logging.getLogger(__name__)

WORDS = "words"
"""Name of the note that the index has words of a paper that is no more."""
_LEFT = "left"


def withdraw(service: Service, document: str, original: Path) -> None:
    """Withdraw a document; `original` is where its bytes are. Only who may write the index calls it.

    Safe to repeat. `finish` goes on where the index is to be made anew.
    """
    if original.exists():
        service.conversions.forget(original)
    if _indexed(service, document):
        service.findings.note(WORDS, _LEFT)  # before the paper goes, so that a crash does not forget it
    read = service.findings.cards(SYSTEM, [document]).get(document)
    words = [word for word in (read.number, read.title) if word] if read else []
    service.findings.forget(document)
    drop(service, document)
    withdrawal.withdraw(service.archive, SYSTEM, document, words=words)
    settle(service.archive.engine)


def drop(service: Service, document: str) -> None:
    """Take a document out of every index."""
    if service.building is not None:
        service.building.drop({document})
    try:
        service.engine.drop({document})
    except IndexUnusable:
        log.info("the old index cannot be read; nothing to take out of it")


def finish(service: Service) -> None:
    """Make the index anew if it has words of a withdrawn paper; nothing to do while all is read again anyway."""
    if service.findings.noted(WORDS) == _LEFT and service.building is None:
        rebuilding.refill(service)
        generations.leave_none_but_current(service.settings.index)
        service.findings.note(WORDS, "")


def _indexed(service: Service, document: str) -> bool:
    try:
        return document in set(service.engine.held())
    except IndexUnusable:
        return True
