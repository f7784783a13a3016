"""Evidence of plans' tasks as their pages show it: what is proposed under what people said of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, Row, select

from archive.viewer import Viewer
from corpus.model import FulfilmentStatus
from corpus.shares import Answer
from corpus.standing import Proof
from indexer import cards, reviewing, schema, task_states
from indexer.linking import chunks
from indexer.moved_evidence import Proposal
from indexer.task_states import known_by
from indexer.views import Card, EvidenceView

_STATUS = {status.value: status for status in FulfilmentStatus}
_SHOWN = (
    "plan", "paper", "position", "task_start", "section", "page", "quote", "status", "score", "reason", "done_on",
    "copied",
)  # fmt: skip
WHOLE = "cả văn bản là kết quả của nhiệm vụ"
"""Why a whole paper is evidence, as `reason` says it."""


def evidence(
    connection: Connection, viewer: Viewer, documents: Collection[str], until: dt.date | None,
    settled: Collection[Proposal],
) -> dict[str, dict[int, list[EvidenceView]]]:  # fmt: skip
    """By plan, then by the start of the task; best first. `settled`: as for `task_states.evidence`."""
    table = schema.fulfilment
    rows: list[Row] = []
    for batch in chunks(sorted(documents)):
        query = select(*(table.c[name] for name in _SHOWN)).where(table.c.plan.in_(batch))
        rows += connection.execute(query.order_by(table.c.score.desc(), table.c.paper)).all()
    said = [row for laid in reviewing.judged(connection, documents).values() for row in laid]
    every = cards.cards(connection, viewer, {row[1] for row in rows} | {row.paper for row in said})
    held = {document: card for document, card in every.items() if known_by(card, until)}
    decided = {(row.plan, row.paper, row.position): row for row in said}
    found: dict[str, dict[int, list[EvidenceView]]] = defaultdict(lambda: defaultdict(list))
    # Taken apart at once: a plan has ten thousand of them, and nearly all are undecided.
    for row in rows:
        plan, paper, position, start, section, page, quote, status, score, reason, done_on, copied = row
        card = held.get(paper)
        if card is None or (settled and (plan, paper, position) in settled):
            continue
        judged = decided.get((plan, paper, position)) if decided else None
        if judged is None:
            found[plan][start].append(
                EvidenceView(
                    card, section, page, quote, _STATUS[status], score, reason, done_on=done_on, copied=copied
                )
            )
        elif judged.status != "rejected":
            found[plan][start].append(_decided_view(row, card, judged))
    for row in said:
        if row.position is None and row.task_start is not None and row.status in _STATUS and row.paper in held:
            found[row.plan][row.task_start].append(_added_view(row, held[row.paper]))
    return found


def _decided_view(row: Row, card: Card, judged: Row) -> EvidenceView:
    said = judged if judged.status in _STATUS else None
    # Who chose a passage by hand chose its words; they may be more than what was proposed of it.
    place = said if said and said.added else row
    return EvidenceView(
        card=card, section=place.section, page=place.page, quote=place.quote,
        status=_STATUS[said.status if said else row.status], score=row.score,
        reason=WHOLE if said and said.whole else row.reason, whole=bool(said and said.whole),
        decided_by=said.by if said else None, done_on=place.done_on,
        # A person who looked at a copied passage and confirmed it takes it for new.
        copied=row.copied and said is None, suspect=bool(said and said.suspect), added=bool(said and said.added),
        decision=said.correction if said else None, decided_at=said.at if said else None,
    )  # fmt: skip


def _added_view(row: Row, card: Card) -> EvidenceView:
    """Evidence that a person added, or that is no longer proposed since it was confirmed."""
    return EvidenceView(
        card=card, section=row.section, page=row.page, quote=row.quote, status=_STATUS[row.status], score=1.0,
        reason=WHOLE if row.whole else "", decided_by=row.by, suspect=row.suspect, done_on=row.done_on,
        whole=row.whole, added=row.added, decision=row.correction, decided_at=row.at,
    )  # fmt: skip


def proof(one: EvidenceView) -> Proof:
    """What a passage shows."""
    return task_states.proof(one.card, one.status, one.decided_by, one.done_on, copied=one.copied, suspect=one.suspect)


def answer(one: EvidenceView) -> Answer:
    """What a passage shows, with the words and the body it comes from."""
    return Answer(proof(one), one.card.issuer or "", one.quote)
