"""What a clerk needs of the readings to keep the registers: which papers are to be entered where, and what is doubtful.

A paper of one of the office's own bodies went out, any other came in; a person may say otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, select

from archive import corrections
from archive.catalogue import visible
from archive.corrections import Subject
from archive.database import reader
from archive.office import OwnBody
from archive.registers import Line, Paper, Register
from archive.schema import document as document_table
from archive.schema import register_line
from archive.settings import HANOI
from archive.viewer import Viewer
from corpus import bodyname, lexicon, number, numbering
from corpus.model import Heading, Role
from corpus.numbering import Code, Doubt, Issued
from indexer import cards, records, schema
from indexer.linking import chunks
from indexer.views import Card

if TYPE_CHECKING:
    from archive.archive import Archive

SHOWN = 50
"""Papers to be entered that are shown at once."""
RECENT = dt.timedelta(days=60)
"""How old a paper may be on its arrival."""
NOWHERE = "none"
"""What a person says of a paper that needs no register."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A held paper that stands in no register yet."""

    card: Card
    paper: Paper
    day: dt.date
    """Day of receipt here, or day of the paper that went out."""
    internal: bool = False
    """From one of the office's own bodies to another."""

    @property
    def likely(self) -> bool:
        """Whether it looks like the day's post: an old paper taken into the archive later is mostly none."""
        issued = self.paper.issued_on
        return bool(self.paper.issuer and issued and self.day - issued <= RECENT)


@dataclass(frozen=True, slots=True)
class Queue:
    """The papers to be entered into one register: the first of them, and how many there are."""

    shown: tuple[Waiting, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A doubt with what a person needs to decide it."""

    doubt: Doubt
    cards: dict[str, Card] = field(default_factory=dict)
    """The held papers among those it names."""
    settled: corrections.Correction | None = None


def keys(own: Iterable[OwnBody]) -> frozenset[str]:
    """Under which the names of the office's own bodies are compared."""
    return frozenset(bodyname.key(body.name) for body in own)


def went_out(issuer: str | None, own: Collection[str]) -> bool:
    """Whether a paper of this body is the office's own; `own` as `keys` gives it."""
    return issuer is not None and bodyname.key(issuer) in own


def paper_of(heading: Heading) -> Paper:
    """What a paper says of itself, for a line of a register."""
    kind = heading.kind_printed or (lexicon.kind_label(heading.kind) if heading.kind else "")
    return Paper(
        issuer=heading.issuer or "", number=heading.number or "", issued_on=heading.issued_on, kind=kind,
        title=heading.title or "", signer=heading.signer or "", urgency=heading.urgency or "",
        recipients="; ".join((*heading.addressees, *(one for one in heading.recipients if not _same(one)))),
    )  # fmt: skip


def _same(recipient: str) -> bool:
    """«Như trên» and the file copy (Lưu) are no recipients."""
    return bodyname.key(recipient).startswith(("như trên", "như điều", "lưu"))


def waiting(
    archive: Archive, viewer: Viewer, register: Register, own: Sequence[OwnBody], since: dt.date, until: dt.date
) -> Queue:
    """Papers of these days that stand in no register and belong into this one, the oldest first.

    A paper that came counts by the day it was received here, one that went out by its own day.
    """
    named = keys(own)
    said = corrections.in_force(archive, viewer, Subject.REGISTER)
    decided = {document: str(records_[-1].value["register"]) for document, records_ in said.items()}
    with reader(archive.engine) as connection:
        rows = [
            row for row in connection.execute(_unregistered(viewer, register, since, until))
            if _into(row, decided.get(row.document), named) == register
        ]  # fmt: skip
        shown = [row.document for row in rows[:SHOWN]]
        held = cards.cards(connection, viewer, shown)
        headings = _headings(connection, shown)
    found = [_waiting(held[one], headings[one], register, named) for one in shown if one in held]
    return Queue(tuple(found), len(rows))


def _headings(connection: Connection, documents: Sequence[str]) -> dict[str, Heading]:
    r = schema.reading
    query = select(r.c.document, r.c.heading).where(r.c.document.in_(documents))
    return {row.document: records.heading_from_json(row.heading) for row in connection.execute(query)}


def _into(row: Row, decided: str | None, own: Collection[str]) -> str:
    return decided or (Register.OUT if went_out(row.issuer, own) else Register.IN)


def _unregistered(viewer: Viewer, register: Register, since: dt.date, until: dt.date):
    r, d = schema.reading, document_table
    query = select(r.c.document, r.c.issuer).join(d, d.c.id == r.c.document)
    query = query.where(
        visible(viewer), *_alone(r.c.document),
        ~exists().where(register_line.c.document == r.c.document, register_line.c.struck.is_(None)),
    )  # fmt: skip
    if register is Register.OUT:
        return query.where(r.c.issued_on.between(since, until)).order_by(r.c.issued_on, r.c.number, r.c.document)
    start, end = (dt.datetime.combine(day, dt.time(), HANOI) for day in (since, until + dt.timedelta(days=1)))
    return query.where(d.c.received_at >= start, d.c.received_at < end).order_by(d.c.received_at, d.c.id)


def _alone(document: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    """Neither an envelope that only carries papers, nor a further version of a paper that is there."""
    part, other = schema.part, schema.version_of
    return ~exists().where(part.c.document == document), ~exists().where(other.c.document == document, other.c.same)


def _waiting(card: Card, heading: Heading, register: Register, own: Collection[str]) -> Waiting:
    day = card.issued_on if register is Register.OUT else None
    return Waiting(
        card, paper_of(heading), day or card.received_at.astimezone(HANOI).date(),
        internal=register is Register.OUT and internal(heading, own),
    )  # fmt: skip


def internal(heading: Heading, own: Collection[str]) -> bool:
    """Whether a paper of the office is meant for its own bodies only."""
    named = [one for one in (*heading.addressees, *heading.recipients) if not _same(one)]
    return bool(named) and all(bodyname.key(one.partition("(")[0]) in own for one in named)


def answers(archive: Archive, viewer: Viewer, documents: Sequence[str]) -> dict[str, tuple[Card, ...]]:
    """The held papers that answer (phúc đáp) each of these, the oldest first."""
    link, cited, d = schema.link, schema.citation, document_table
    joined = link.join(cited, and_(cited.c.document == link.c.document, cited.c.position == link.c.position))
    query = select(link.c.target, link.c.document).select_from(joined.join(d, d.c.id == link.c.document)).distinct()
    query = query.where(link.c.chosen, cited.c.role == Role.ANSWERS.value, visible(viewer))
    with reader(archive.engine) as connection:
        pairs = [
            (row.target, row.document)
            for batch in chunks(documents)
            for row in connection.execute(query.where(link.c.target.in_(batch)))
        ]
        held = cards.cards(connection, viewer, sorted({answer for _, answer in pairs}))
    found: dict[str, list[Card]] = {}
    for document, answer in pairs:
        if answer in held:
            found.setdefault(document, []).append(held[answer])
    oldest = dt.date.max
    return {
        document: tuple(sorted(group, key=lambda card: (card.issued_on or oldest, card.document)))
        for document, group in found.items()
    }


def issuers(archive: Archive, viewer: Viewer, limit: int = 40) -> tuple[str, ...]:
    """Who issued the held papers, the most frequent first: among them are the office's own bodies."""
    r, d = schema.reading, document_table
    query = select(r.c.issuer).select_from(r.join(d, d.c.id == r.c.document))
    query = query.where(visible(viewer), r.c.issuer.is_not(None)).group_by(r.c.issuer)
    query = query.order_by(func.count().desc(), r.c.issuer).limit(limit)
    with reader(archive.engine) as connection:
        return tuple(connection.scalars(query))


# Doubts


def name_of(line: Line) -> str:
    """How doubts call the paper of a line: its document, or the line where none is held."""
    return line.document or f"{line.register.value}:{line.year}:{line.number}"


def anchor(doubt: Doubt) -> dict[str, object]:
    """Where the settling of a doubt is kept, on its paper."""
    others = {*doubt.others, doubt.name} if doubt.code is Code.TWICE else doubt.others  # one for all that share it
    return {"code": doubt.code.value, "others": sorted(others), "missing": [list(run) for run in doubt.missing]}


def doubts(
    archive: Archive, viewer: Viewer, lines: Sequence[Line], own: Sequence[OwnBody], extra: Iterable[str] = ()
) -> tuple[Doubtful, ...]:
    """What is doubtful about the papers of these lines, and of other documents, in the order of the lines."""
    standing = [line for line in lines if line.struck is None and not line.hidden]
    names = dict.fromkeys([*map(name_of, standing), *extra])
    unheld = [issued for line in standing if not line.document and (issued := _issued_of(line))]
    with reader(archive.engine) as connection:
        same = _of_one_number(connection, viewer, [name for name in names if ":" not in name], unheld)
        ours = _ours(connection, viewer, own, same, names)
    found = chain(_late(standing), _arrival(standing), numbering.twice(same), numbering.order([*ours, *unheld]))
    places = {name: at for at, name in enumerate(names)}
    wanted = sorted((doubt for doubt in found if doubt.name in places), key=lambda doubt: places[doubt.name])
    # Papers of one number make one doubt, told at the last of them: the one that came when the number was taken.
    last = {str(anchor(doubt)) if doubt.code is Code.TWICE else str(doubt): doubt for doubt in wanted}
    return _told(archive, viewer, sorted(last.values(), key=lambda doubt: places[doubt.name]))


def _told(archive: Archive, viewer: Viewer, found: Sequence[Doubt]) -> tuple[Doubtful, ...]:
    documents = {name for doubt in found for name in (doubt.name, *doubt.others) if ":" not in name}
    with reader(archive.engine) as connection:
        held = cards.cards(connection, viewer, sorted(documents))
    said = corrections.in_force(archive, viewer, Subject.DOUBT, documents)
    return tuple(Doubtful(doubt, _among(held, (doubt.name, *doubt.others)), _settled(doubt, said)) for doubt in found)


def _among(held: Mapping[str, Card], names: Iterable[str]) -> dict[str, Card]:
    return {name: held[name] for name in names if name in held}


def _settled(doubt: Doubt, said: Mapping[str, Sequence[corrections.Correction]]) -> corrections.Correction | None:
    about = anchor(doubt)
    every = chain.from_iterable(said.get(name, ()) for name in (doubt.name, *doubt.others))
    return next((one for one in every if one.anchor == about), None)


def _late(lines: Iterable[Line]) -> Iterable[Doubt]:
    for line in lines:
        if line.register is Register.IN and line.paper.issued_on and line.paper.issued_on > line.day:
            yield Doubt(Code.LATE, name_of(line))


def _arrival(lines: Iterable[Line]) -> Iterable[Doubt]:
    latest: Line | None = None
    for line in lines:
        if line.register is not Register.IN:
            continue
        if latest and line.year == latest.year and line.day < latest.day:
            yield Doubt(Code.ARRIVAL, name_of(line), (name_of(latest),))
        else:
            latest = line


def _issued_of(line: Line) -> Issued | None:
    paper = line.paper
    if not (paper.number and paper.issuer and paper.issued_on):
        return None
    return Issued(name_of(line), paper.number, paper.issuer, paper.issued_on)


def _numbered(viewer: Viewer):
    r, d = schema.reading, document_table
    query = select(r.c.document, r.c.number, r.c.issuer, r.c.issued_on).join(d, d.c.id == r.c.document)
    complete = r.c.number.is_not(None), r.c.issuer.is_not(None), r.c.issued_on.is_not(None)
    return query.where(visible(viewer), *complete, *_alone(r.c.document))


def _of_one_number(
    connection: Connection, viewer: Viewer, documents: Sequence[str], unheld: Sequence[Issued]
) -> list[Issued]:
    """These papers and all that share a number with one of them, whatever their body and year."""
    r, found = schema.reading, list(unheld)
    shared = {number.key(one.number) for one in unheld}
    for batch in chunks(documents):
        query = select(r.c.number_key).where(r.c.document.in_(batch), r.c.number_key.is_not(None))
        shared.update(connection.scalars(query))
    for batch in chunks(sorted(shared)):
        found += (Issued(*row) for row in connection.execute(_numbered(viewer).where(r.c.number_key.in_(batch))))
    return found


def _ours(
    connection: Connection, viewer: Viewer, own: Sequence[OwnBody], asked: Iterable[Issued], names: Collection[str]
) -> list[Issued]:
    """What the office's own bodies issued in the years of the papers asked about, and in those before.

    Party numbers run on from one year into the next.
    """
    r, named = schema.reading, keys(own)
    years = sorted({one.issued_on.year for one in asked if one.name in names and went_out(one.issuer, named)})
    if not years:
        return []
    years = sorted({*years, *(year - 1 for year in years)})
    found = (Issued(*row) for row in connection.execute(_numbered(viewer).where(r.c.year.in_(years))))
    return [issued for issued in found if went_out(issued.issuer, named)]
