"""Which dossier a paper may belong to, and why: the chain of one matter, the words of the titles.

Proposals only. A person puts a paper into a dossier, and what a person said does not belong is not proposed again.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, and_, func, select

from archive import dossiers
from archive.catalogue import visible
from archive.database import reader
from archive.dossiers import Dossier, State
from archive.schema import document as document_table
from archive.viewer import Viewer
from corpus.model import Role
from corpus.text import fold
from indexer import schema
from indexer.linking import chunks

if TYPE_CHECKING:
    from archive.archive import Archive

MOST = 3
"""Dossiers proposed for one paper."""
LEAST = 1.0
"""What a proposal must be worth: one plain citation of a paper that many cite is not enough."""
MENTION, CHAIN, ANSWER, TITLE, YEAR = 1.0, 3.0, 4.0, 4.0, 0.5
_GENERIC = frozenset(
    re.findall(
        r"\w+",
        "ho so ve viec ke hoach bao cao cong van quyet dinh chi thi thong nam giai doan thuc hien trien khai to chuc "
        "tac cua cac tren dia ban huyen xa tinh trong va cho den tu nhiem vu ket qua tap luu",
    )
)
"""Syllables that say what kind of paper it is, not what it is about."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A dossier that a paper may belong to, or a paper that may belong to a dossier."""

    document: str
    dossier: Dossier
    score: float
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Case:
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def add(self, worth: float, reason: str) -> None:
        self.score += worth
        if reason and reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(frozen=True, slots=True)
class _Edge:
    document: str
    other: str
    worth: float
    reason: str
    """With {number} for that of the other paper."""


def propose(
    archive: Archive, viewer: Viewer, documents: Collection[str]
) -> Mapping[str, tuple[Proposal, ...]]:
    """Open or planned dossiers for each of these papers, the likeliest first; a bounded number of queries."""
    held = dossiers.listed(archive, viewer, states=(State.PLANNED, State.OPEN))
    if not held or not documents:
        return {}
    no = dossiers.declined(archive, viewer, documents)
    with reader(archive.engine) as connection:
        edges = _edges(connection, documents)
        near = {edge.other for edge in edges}
        where = dossiers.around(connection, viewer, near | set(documents))
        read = _read(connection, viewer, near | set(documents))
        cited = _cited(connection, near | set(documents))
    cases: dict[tuple[str, str], _Case] = defaultdict(_Case)
    for edge in edges:
        for dossier in where.get(edge.other, ()):
            if dossier.state is State.OPEN and edge.other in read:
                cases[edge.document, dossier.id].add(*_weighed(edge, cited, read[edge.other]))
    _by_titles(cases, held, [read[one] for one in documents if one in read])
    lying = {(document, one.id) for document, some in where.items() for one in some}
    return _best(cases, held, lying | no)


def _best(
    cases: Mapping[tuple[str, str], _Case], held: Sequence[Dossier], but: Collection[tuple[str, str]]
) -> dict[str, tuple[Proposal, ...]]:
    known = {one.id: one for one in held}
    found: dict[str, list[Proposal]] = defaultdict(list)
    for (document, dossier), case in cases.items():
        if case.score >= LEAST and dossier in known and (document, dossier) not in but:
            found[document].append(Proposal(document, known[dossier], case.score, tuple(case.reasons)))
    return {
        document: tuple(sorted(some, key=lambda one: (-one.score, one.dossier.id))[:MOST])
        for document, some in found.items()
    }


def missing_from(archive: Archive, viewer: Viewer, dossier: str, *, limit: int = 10) -> tuple[Proposal, ...]:
    """Papers that may belong to a dossier and do not lie in it: those its papers cite, answer or are cited by."""
    one = dossiers.get(archive, viewer, dossier)
    inside = dossiers.memberships(archive, viewer, dossier)
    cases: dict[str, _Case] = defaultdict(_Case)
    with reader(archive.engine) as connection:
        edges = _edges(connection, inside)
        outside = {edge.other for edge in edges} - set(inside)
        read = _read(connection, viewer, outside | set(inside))
        cited = _cited(connection, outside | set(inside))
    for edge in edges:
        if edge.other in outside and edge.other in read and edge.document in read:
            turned = _Edge(edge.other, edge.document, edge.worth, _TURNED[edge.reason])
            cases[edge.other].add(*_weighed(turned, cited, read[edge.document]))
    pairs = {(document, dossier): case for document, case in cases.items()}
    _by_titles(pairs, [one], [read[document] for document in cases])
    no = dossiers.declined(archive, viewer, list(cases))
    found = [
        Proposal(document, one, case.score, tuple(case.reasons))
        for (document, _), case in pairs.items()
        if case.score >= LEAST and (document, dossier) not in no
    ]
    return tuple(sorted(found, key=lambda p: (-p.score, p.document))[:limit])


_CITES, _CITED, _ANSWERS, _ANSWERED = (
    "dẫn {number}", "được {number} dẫn", "trả lời nhiệm vụ của {number}", "giao nhiệm vụ mà {number} trả lời",
)  # fmt: skip
_TURNED = {_CITES: _CITED, _CITED: _CITES, _ANSWERS: _ANSWERED, _ANSWERED: _ANSWERS}


def _edges(connection: Connection, documents: Iterable[str]) -> list[_Edge]:
    """What joins these papers to others: sure citations both ways, tasks given and answered."""
    link, cited, done = schema.link, schema.citation, schema.fulfilment
    joined = link.join(cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position))
    cites = select(link.c.document, link.c.target, cited.c.role).select_from(joined).where(link.c.chosen)
    found = set()
    for batch in chunks(documents):
        for row in connection.execute(cites.where(link.c.document.in_(batch)).distinct()):
            found.add(_Edge(row.document, row.target, _worth(row.role), _CITES))
        for row in connection.execute(cites.where(link.c.target.in_(batch)).distinct()):
            found.add(_Edge(row.target, row.document, _worth(row.role), _CITED))
        pairs = select(done.c.paper, done.c.plan).distinct()
        for row in connection.execute(pairs.where(done.c.paper.in_(batch))):
            found.add(_Edge(row.paper, row.plan, ANSWER, _ANSWERS))
        for row in connection.execute(pairs.where(done.c.plan.in_(batch))):
            found.add(_Edge(row.plan, row.paper, ANSWER, _ANSWERED))
    best: dict[tuple[str, str], _Edge] = {}
    for edge in sorted(found, key=lambda e: (e.worth, e.reason)):
        if edge.document != edge.other:
            best[edge.document, edge.other] = edge
    return sorted(best.values(), key=lambda e: (-e.worth, e.document, e.other))


def _worth(role: str) -> float:
    return MENTION if role == Role.MENTIONS.value else CHAIN


def _weighed(edge: _Edge, cited: Mapping[str, int], other: Row) -> tuple[float, str]:
    """A paper that everything cites, as a law, joins nothing."""
    often = max(cited.get(edge.document, 0), cited.get(edge.other, 0))
    return edge.worth / math.log2(2 + often), edge.reason.format(number=other.number or other.title or other.document)


def _read(connection: Connection, viewer: Viewer, documents: Iterable[str]) -> dict[str, Row]:
    r = schema.reading
    columns = (r.c.document, r.c.number, r.c.title, r.c.year)
    joined = r.join(document_table, document_table.c.id == r.c.document)
    query = select(*columns).select_from(joined).where(visible(viewer))
    found = {}
    for batch in chunks(documents):
        found |= {row.document: row for row in connection.execute(query.where(r.c.document.in_(batch)))}
    return found


def _cited(connection: Connection, documents: Iterable[str]) -> dict[str, int]:
    """By how many papers each is cited."""
    link = schema.link
    counted = select(link.c.target, func.count(link.c.document.distinct()).label("number")).where(link.c.chosen)
    found = {}
    for batch in chunks(documents):
        rows = connection.execute(counted.where(link.c.target.in_(batch)).group_by(link.c.target))
        found |= {row.target: row.number for row in rows}
    return found


def _by_titles(cases: dict[tuple[str, str], _Case], held: Sequence[Dossier], papers: Iterable[Row]) -> None:
    """What titles share, by pairs of syllables: a pair that many dossiers have tells little."""
    pairs = {one.id: _pairs(one.title) for one in held}
    often = Counter(pair for some in pairs.values() for pair in some)
    rare = {pair: 1 / count for pair, count in often.items()}
    for paper in papers:
        shown = _pairs(paper.title or "")
        for one in held:
            shared = pairs[one.id].keys() & shown.keys()
            whole = sum(rare[pair] for pair in pairs[one.id])
            part = sum(rare[pair] for pair in shared) / whole if whole else 0.0
            if part > 0.3 and len(shared) > 1:
                words = _said(one.title, [pairs[one.id][pair] for pair in shared])
                cases[paper.document, one.id].add(TITLE * part, f"cùng nói về “{words}”")
            if paper.year == one.year and (paper.document, one.id) in cases:
                cases[paper.document, one.id].add(YEAR, f"cùng năm {one.year}")


def _pairs(title: str) -> dict[str, tuple[int, int]]:
    """Neighbouring syllables that say what a title is about, each with its place."""
    found = [(m.start(), m.end(), fold(m.group())) for m in re.finditer(r"[^\W\d_]+", title)]
    return {
        f"{a} {b}": (start, end)
        for (start, _, a), (_, end, b) in pairwise(found)
        if not (a in _GENERIC and b in _GENERIC) and not re.search(r"[,;:.()]", title[start:end])
    }


def _said(title: str, places: Iterable[tuple[int, int]]) -> str:
    """The longest run of a title that is covered by these places."""
    best, run = (0, 0), (0, 0)
    for start, end in sorted(places):
        run = (run[0], end) if start < run[1] else (start, end)
        best = max(best, run, key=lambda one: one[1] - one[0])
    return " ".join(title[best[0] : best[1]].split())
