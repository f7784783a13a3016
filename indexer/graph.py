"""The neighbourhood of a document: what it is based on and what came of it, one and two steps away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from archive.viewer import Viewer
from corpus.model import Role
from indexer import cards, document_view, schema
from indexer.linking import chunks
from indexer.views import Card

MOST = 200
"""Documents of a second step; what goes beyond is counted, and found from the page of the one between."""
GROUNDS = (Role.BASIS, Role.IMPLEMENTS, Role.GUIDES, Role.APPROVES, Role.CONTINUES, Role.AMENDS, Role.REPLACES)
"""Why a document's own sources matter to what is built on it."""
ORDER = (
    Role.BASIS, Role.IMPLEMENTS, Role.GUIDES, Role.APPROVES, Role.CONTINUES, Role.REPLACES, Role.REPEALS,
    Role.RECALLS, Role.AMENDS, Role.CORRECTS, Role.REMINDS, Role.ANSWERS, Role.REPORTS, Role.MENTIONS,
)  # fmt: skip
"""Of several roles between two documents the first counts."""


@dataclass(frozen=True, slots=True)
class Node:
    """One document near another."""

    step: int
    """-1: cited, -2: cited by those; 1: citing, 2: citing those."""
    role: Role
    card: Card | None
    """None: cited and not held, or one of several possible."""
    words: str = ""
    """How the text names it, where it is not held or not sure."""
    issued_on: dt.date | None = None
    possible: int = 0
    """How many documents the citation may mean, where that is not decided."""
    via: str | None = None
    """At the second step, the document between."""

    @property
    def year(self) -> int | None:
        """Year of issue."""
        return self.issued_on.year if self.issued_on else None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A document and what surrounds it; each neighbour once, at its nearest step."""

    card: Card
    nodes: tuple[Node, ...]
    left_out: int = 0
    """Documents of the second step beyond `MOST`."""

    def at(self, step: int) -> tuple[Node, ...]:
        """The nodes of one step, by role and date."""
        return tuple(node for node in self.nodes if node.step == step)


def neighbourhood(
    connection: Connection, viewer: Viewer, document: str, on: dt.date | None = None
) -> Neighbourhood | None:
    """None when the document is not held or not for this viewer. A bounded number of queries.

    With `on`, only through documents that stood on that day.
    """
    card = cards.cards(connection, viewer, [document]).get(document)
    if card is None:
        return None
    stood = cards.in_force(connection, viewer, on) if on else None
    before, unsure = _cited(connection, viewer, document)
    before = _standing(before, stood)
    after = _standing(_nearest(_citing(connection, [document]), {document, *before}), stood)
    known = {document, *before, *after}
    above = _standing(_nearest(_sources(connection, list(before)), known), stood)
    below = _standing(_nearest(_followers(connection, list(after)), known | above.keys()), stood)
    held = cards.cards(connection, viewer, {*known, *above, *below})
    first = [(-1, before), (1, after)]
    second = [(-2, above), (2, below)]
    near = [node for step, found in first for node in _nodes(step, found, held)]
    far = [node for step, found in second for node in _nodes(step, found, held)]
    every = sorted((*near, *unsure, *far[:MOST]), key=_place)
    return Neighbourhood(card, tuple(every), max(0, len(far) - MOST))


_Found = dict[str, tuple[Role, str | None]]


def _standing(found: _Found, stood: Collection[str] | None) -> _Found:
    """Those that stood on the day asked for; all where none was."""
    return found if stood is None else {document: said for document, said in found.items() if document in stood}


def _cited(connection: Connection, viewer: Viewer, document: str) -> tuple[_Found, list[Node]]:
    """Documents cited, and what is cited and not held or not sure, each once."""
    held: list[tuple[str, Role, str | None]] = []
    unsure: dict[str, Node] = {}
    for one in document_view.citations(connection, viewer, document):
        citation = one.citation
        if one.target:
            held.append((one.target.document, citation.role, None))
        elif not one.itself and (citation.number or one.possible):
            named = (citation.number or citation.text).casefold()
            node = Node(-1, citation.role, None, citation.text, citation.issued_on, len(one.possible))
            before = unsure.get(named)
            if before is None or _rank(node.role) < _rank(before.role):
                unsure[named] = node
    return _nearest(held, {document}), list(unsure.values())


def _nearest(found: Iterable[tuple[str, Role, str | None]], known: Collection[str]) -> _Found:
    """Each new document once, under the role that says most."""
    best: _Found = {}
    for document, role, via in found:
        if document not in known and (document not in best or _rank(role) < _rank(best[document][0])):
            best[document] = (role, via)
    return best


def _rank(role: Role) -> int:
    return ORDER.index(role)


def _citing(connection: Connection, documents: Collection[str]) -> Iterator[tuple[str, Role, str]]:
    link, cited = schema.link, schema.citation
    joined = link.join(cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position))
    for batch in chunks(documents):
        query = (
            select(link.c.document, cited.c.role, link.c.target)
            .select_from(joined)
            .where(link.c.target.in_(batch), link.c.chosen)
            .distinct()
            .order_by(link.c.document, link.c.target)
        )
        for row in connection.execute(query):
            yield row.document, Role(row.role), row.target


def _followers(connection: Connection, documents: Collection[str]) -> Iterator[tuple[str, Role, str]]:
    """Who acts upon these documents; a mere mention leads nowhere."""
    return (found for found in _citing(connection, documents) if found[1] is not Role.MENTIONS)


def _sources(connection: Connection, documents: Collection[str]) -> Iterator[tuple[str, Role, str]]:
    """What these documents stand on."""
    link, cited = schema.link, schema.citation
    joined = link.join(cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position))
    wanted = [role.value for role in GROUNDS]
    for batch in chunks(documents):
        query = (
            select(link.c.target, cited.c.role, link.c.document)
            .select_from(joined)
            .where(link.c.document.in_(batch), link.c.chosen, cited.c.role.in_(wanted))
            .distinct()
            .order_by(link.c.target, link.c.document)
        )
        for row in connection.execute(query):
            yield row.target, Role(row.role), row.document


def _nodes(step: int, found: _Found, held: dict[str, Card]) -> Iterator[Node]:
    for document, (role, via) in found.items():
        card = held.get(document)
        if card is not None:
            between = via if abs(step) == 2 else None
            yield Node(step, role, card, issued_on=card.issued_on, via=between)


def _place(node: Node) -> tuple[int, int, dt.date, str]:
    name = node.card.document if node.card else node.words
    return node.step, _rank(node.role), node.issued_on or dt.date.max, name
