"""A plan down the chain: the plans that carry it out, theirs in turn, each with its counts (tỉnh, huyện, xã)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from archive.viewer import Viewer
from corpus.model import Kind, Role
from indexer import cards, plan_view, schema
from indexer.linking import chunks
from indexer.views import Card

DEPTH = 4
"""Steps below a plan that are followed: from the centre to a commune."""
MOST = 2_000
"""Papers of one tree; a plan of the centre has more followers than anyone reads."""
_CARRIES = (Role.IMPLEMENTS, Role.BASIS)
"""Why one plan stands under another."""
_REPORTS = Kind.REPORT.value


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one plan, or of many together."""

    plans: int = 0
    tasks: int = 0
    done: int = 0
    overdue: int = 0
    reports: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.plans + other.plans, self.tasks + other.tasks, self.done + other.done,
            self.overdue + other.overdue, self.reports + other.reports,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """A plan, and the plans that carry it out."""

    card: Card
    own: Counts
    below: tuple[Node, ...]
    reports: tuple[Card, ...]
    """Reports on it, newest first; one on two plans stands under the lower one."""

    @property
    def under(self) -> Counts:
        """Everything below it together."""
        return sum((node.own + node.under for node in self.below), Counts())

    @property
    def leads_on(self) -> bool:
        """Whether there is anything below it."""
        return bool(self.below or self.reports)


def trees(
    connection: Connection, viewer: Viewer, roots: Sequence[str], today: dt.date,
    known: Mapping[str, Mapping[str, int]] | None = None,
) -> tuple[Node, ...]:  # fmt: skip
    """The trees below these papers; each plan stands once, under the first that is nearest to a root.

    A bounded number of queries, whatever the size of the trees. `known`: counts that were worked out already.
    """
    known = known or {}
    parents, order = _descend(connection, roots)
    held = cards.cards(connection, viewer, order)
    wanted = [one for one in order if one in held and one not in known]
    counted = {**known, **plan_view.summaries(connection, viewer, wanted, today)}
    reports = _reports(connection, viewer, list(held), order)
    children: dict[str, list[str]] = defaultdict(list)
    for document in order:
        # What stands under a paper that may not be seen is left out with it.
        if document in parents and document in held and parents[document] in held:
            children[parents[document]].append(document)

    def node(document: str) -> Node:
        said: Mapping[str, int] = counted.get(document, {})
        told = tuple(reports.get(document, ()))
        own = Counts(1, said.get("tasks", 0), said.get("fulfilled", 0), said.get("overdue", 0), len(told))
        return Node(held[document], own, tuple(map(node, _sorted(children[document], held))), told)

    return tuple(node(root) for root in roots if root in held)


def _sorted(documents: Iterable[str], held: dict[str, Card]) -> list[str]:
    return sorted(documents, key=lambda one: (held[one].issuer or "~", held[one].issued_on or dt.date.max, one))


def _descend(connection: Connection, roots: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The parent of each paper below, and all papers, level by level."""
    parents: dict[str, str] = {}
    order, level = list(dict.fromkeys(roots)), list(roots)
    seen = set(order)
    for _ in range(DEPTH):
        found = [pair for pair in _carrying(connection, level) if pair[0] not in seen]
        level = []
        for document, target in found:
            if document not in seen and len(order) < MOST:
                seen.add(document)
                parents[document] = target
                order.append(document)
                level.append(document)
        if not level:
            break
    return parents, order


def _carrying(connection: Connection, targets: Collection[str]) -> list[tuple[str, str]]:
    """Papers with tasks of their own that carry out one of these, or stand on it; who carries it out comes first."""
    link, cited, reading = schema.link, schema.citation, schema.reading
    joined = link.join(
        cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position)
    ).join(reading, reading.c.document == link.c.document)
    pairs: dict[tuple[str, str], int] = {}
    for batch in chunks(sorted(targets)):
        query = (
            select(link.c.document, link.c.target, cited.c.role)
            .select_from(joined)
            .where(
                link.c.target.in_(batch), link.c.chosen, cited.c.role.in_([role.value for role in _CARRIES]),
                reading.c.tasks > 0, reading.c.kind.is_not(None), reading.c.kind != _REPORTS,
            )
            .distinct()
        )  # fmt: skip
        for row in connection.execute(query):
            rank = _CARRIES.index(Role(row.role))
            pairs[row.document, row.target] = min(rank, pairs.get((row.document, row.target), rank))
    return sorted(pairs, key=lambda pair: (pairs[pair], pair))


def _reports(
    connection: Connection, viewer: Viewer, documents: Sequence[str], order: Sequence[str]
) -> dict[str, list[Card]]:
    """Reports by the plan they report on, rather than only name; of several such plans by the lowest."""
    link, cited, reading = schema.link, schema.citation, schema.reading
    joined = link.join(
        cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position)
    ).join(reading, reading.c.document == link.c.document)
    depth = {document: at for at, document in enumerate(order)}
    best: dict[str, tuple[bool, int, str]] = {}
    for batch in chunks(sorted(documents)):
        query = (
            select(link.c.document, link.c.target, cited.c.role)
            .select_from(joined)
            .where(link.c.target.in_(batch), link.c.chosen, reading.c.kind == _REPORTS)
            .distinct()
        )
        for row in connection.execute(query):
            rank = row.role in (Role.REPORTS.value, Role.IMPLEMENTS.value), depth[row.target], row.target
            best[row.document] = max(rank, best.get(row.document, rank))
    held = cards.cards(connection, viewer, best)
    found: dict[str, list[Card]] = defaultdict(list)
    for document, (_, _, target) in best.items():
        if document in held:
            found[target].append(held[document])
    for group in found.values():
        group.sort(key=lambda card: (card.issued_on or dt.date.min, card.document), reverse=True)
    return found
