"""Evidence as far as the state of a task needs it: without place, reasons and all else that is only shown.

The counts of a whole chain of plans come from tens of thousands of passages, which nobody looks at there.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, Row, select

from archive.viewer import Viewer
from corpus import periods
from corpus.model import FulfilmentStatus
from corpus.shares import Answer
from corpus.standing import Proof
from indexer import cards, reviewing, schema
from indexer.linking import chunks
from indexer.moved_evidence import Proposal
from indexer.views import Card

_STATUS = {status.value: status for status in FulfilmentStatus}
_NEEDED = ("plan", "paper", "position", "task_start", "status", "done_on", "copied")


class Seen(NamedTuple):
    """A passage that answers a task."""

    document: str
    quote: str
    """Empty where it tells nothing of the state: of a task of one body."""
    answer: Answer


def proof(
    card: Card, status: FulfilmentStatus, decided_by: str | None, done_on: dt.date | None, *, copied: bool,
    suspect: bool,
) -> Proof:  # fmt: skip
    """What a passage shows. A report that tells of work done by its own day cannot show it was late."""
    return Proof(
        status, card.issued_on, decided_by, done_on, _covered(card.title), copied, done_on is not None, suspect
    )


_covered = lru_cache(maxsize=2_000)(periods.covered)


def known_by(card: Card, until: dt.date | None) -> bool:
    """Whether a paper may have been there on that day; one without a date may."""
    return until is None or card.issued_on is None or card.issued_on <= until


def evidence(
    connection: Connection, viewer: Viewer, documents: Collection[str], until: dt.date | None,
    telling: Mapping[str, Collection[int]], settled: Collection[Proposal] = (),
) -> Mapping[str, Mapping[int, Sequence[Seen]]]:  # fmt: skip
    """By plan, then by the start of the task; in the order in which `plan_view` shows it.

    `telling`: the tasks of which quotes are needed, as those of several bodies or of a class of them. `settled`:
    proposals that count for nothing, as their passage counts for the newer plan's task.
    """
    table = schema.fulfilment
    rows = []
    for batch in chunks(sorted(documents)):
        query = select(*(table.c[name] for name in _NEEDED)).where(table.c.plan.in_(batch))
        rows += connection.execute(query.order_by(table.c.score.desc(), table.c.paper)).all()
    said = [row for laid in reviewing.judged(connection, documents).values() for row in laid]
    every = cards.cards(connection, viewer, {row[1] for row in rows} | {row.paper for row in said})
    held = {document: card for document, card in every.items() if known_by(card, until)}
    decided = {(row.plan, row.paper, row.position): row for row in said}
    quotes = _quotes(connection, telling)
    found: dict[str, dict[int, list[Seen]]] = defaultdict(lambda: defaultdict(list))
    # Without their quotes most passages of a paper show the same: one value for them all spares the collector.
    same: dict[tuple[str, str, dt.date | None, bool, str], Seen] = {}
    for plan, paper, position, start, status, done_on, copied in rows:
        card = held.get(paper)
        if card is None or (plan, paper, position) in settled:
            continue
        quote = quotes.get((plan, paper, position), "")
        judged = decided.get((plan, paper, position)) if decided else None
        if judged is None or judged.status == "later":
            key = paper, status, done_on, copied, quote
            if key not in same:
                shown = proof(card, _STATUS[status], None, done_on, copied=copied, suspect=False)
                same[key] = Seen(paper, quote, Answer(shown, card.issuer or "", quote))
            found[plan][start].append(same[key])
        elif judged.status in _STATUS:
            place = (judged.quote, judged.done_on) if judged.added else (quote, done_on)
            found[plan][start].append(_said(judged, card, *place))
    for row in said:
        card = held.get(row.paper)
        if row.position is None and row.task_start is not None and row.status in _STATUS and card is not None:
            found[row.plan][row.task_start].append(_said(row, card, row.quote, row.done_on))
    return found


def _said(row: Row, card: Card, quote: str, done_on: dt.date | None) -> Seen:
    shown = proof(card, _STATUS[row.status], row.by, done_on, copied=False, suspect=row.suspect)
    return Seen(row.paper, quote, Answer(shown, card.issuer or "", quote))


def _quotes(connection: Connection, telling: Mapping[str, Collection[int]]) -> dict[tuple[str, str, int], str]:
    """The words of the passages of these tasks; a number of queries that follows that of plans by the hundred."""
    table = schema.fulfilment
    found: dict[tuple[str, str, int], str] = {}
    for batch in chunks(sorted(plan for plan, starts in telling.items() if starts)):
        starts = sorted({start for plan in batch for start in telling[plan]})
        for some in chunks(starts):
            query = select(table.c.plan, table.c.paper, table.c.position, table.c.quote)
            for plan, paper, position, quote in connection.execute(
                query.where(table.c.plan.in_(batch), table.c.task_start.in_(some))
            ):
                found[plan, paper, position] = quote
    return found
