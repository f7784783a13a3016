"""Links and proposals made anew for the papers that name a body of which the office said something else.

What is still to be done follows from numbers alone, as with corrections: nothing is lost when a worker dies.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from archive import bodies as archived
from archive.database import reader, writer
from corpus.bodies import key
from corpus.model import Analysis
from indexer import linking, papers, proposals, register, schema
from indexer.linking import chunks

if TYPE_CHECKING:
    from indexer.wiring import Service

log = logging.getLogger(__name__)

DONE = "bodies"
"""Name of the note of the last record of a body that was worked in."""


def done(service: Service) -> int:
    """The number of the last record that was worked in."""
    return int(service.findings.noted(DONE) or 0)


def waiting(service: Service) -> bool:
    """Whether something was said of a body that links do not follow yet."""
    return archived.newest(service.archive) > done(service)


def apply(service: Service) -> None:
    """Link again every paper that names a body spoken of since the last time. Only who may write the index calls it."""
    before, newest = done(service), archived.newest(service.archive)
    told = archived.every(service.archive)
    then = register.laid((one.body, one.value) for one in told if one.id <= before)
    now = register.laid((one.body, one.value) for one in told)
    changed = {one.body for one in told if one.id > before}
    keys = {name for body in changed for stood in (then, now) for name in stood.around(body)}
    engine = service.archive.engine
    with reader(engine) as connection:
        documents = naming(connection, keys)
    log.info("linking %d papers again: bodies changed", len(documents))
    for document in documents:
        try:
            with writer(engine) as connection:
                link_again(connection, document)
        except Exception:  # the worker's edge: one paper must not keep the others from being linked
            log.exception("linking %s again failed", document)
    service.findings.note(DONE, str(newest))


# -- where bodies are named


def names(analysis: Analysis) -> set[str]:
    """The keys of every body a file names: its issuers, those of what it cites, those it gives work to."""
    found: set[str | None] = set()
    for heading in papers.headings(analysis).values():
        found |= {heading.issuer, heading.parent_issuer}
    found |= {citation.issuer for citation in analysis.citations}
    for task in analysis.tasks:
        found |= {*task.lead, *task.partners, *task.report_to}
    return {key(name)[:160] for name in found if name}


def keep_names(connection: Connection, document: str, analysis: Analysis) -> None:
    """Write them down for `naming`."""
    rows = [{"document": document, "key": name} for name in sorted(names(analysis))]
    if rows:
        connection.execute(insert(schema.body_name), rows)


def naming(connection: Connection, keys: set[str]) -> list[str]:
    """Documents that name a body under one of these keys, in order."""
    table, found = schema.body_name, set()
    for batch in chunks(sorted(name[:160] for name in keys)):
        found |= set(connection.scalars(select(table.c.document).where(table.c.key.in_(batch)).distinct()))
    return sorted(found)


def link_again(connection: Connection, document: str) -> None:
    """Links of a document and to it, and the proposals that hang on them and on its bodies' names."""
    changed = linking.link(connection, document, keys=linking.own_keys(connection, document))
    proposals.propose(connection, proposals.affected(connection, document, changed))
