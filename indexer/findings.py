"""What was worked out and stored: recording a document, and the questions the site asks of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, inspect, select

from archive import ledger
from archive.archive import Archive
from archive.database import alone, reader, writer
from archive.schema import job as job_table
from archive.viewer import Viewer
from corpus import number
from corpus.bodies import Register
from corpus.model import Heading, Page, Paper, Section, Span, Task
from indexer import (
    cards,
    choosing,
    columns,
    copies,
    coverage,
    document_view,
    effects,
    graph,
    linking,
    missing,
    papers,
    plan_view,
    proposals,
    recording,
    register,
    reverse_view,
    review_queue,
    reviewing,
    schema,
    stored_reading,
    task_moves,
)
from indexer.pipeline import Prepared
from indexer.views import Card, DocumentView, Facet, Filters, MissingLine, PlanView, ProposedMove


class Findings:
    """The derived tables of an archive. Every read takes the viewer it is for."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._columns: dict[Viewer, columns.Columns] = {}

    # Writing

    def prepare(self) -> bool:
        """Make the tables, or make them anew when their revision is another.

        True when all documents must be queued again; `prepared` says that they are.
        """
        with reader(self.archive.engine) as connection:
            if inspect(connection).has_table(schema.stamp.name) and _noted(connection, _REVISION) == _CURRENT:
                return False
        with writer(self.archive.engine) as connection:
            alone(connection, _LOCK)
            schema.metadata.create_all(connection)
            if _noted(connection, _REVISION) in (_CURRENT, _UNQUEUED):
                return _noted(connection, _REVISION) == _UNQUEUED
            schema.metadata.drop_all(connection)
            schema.metadata.create_all(connection)
            _note(connection, _REVISION, _UNQUEUED)
            return True

    def prepared(self) -> None:
        """Say that everything was queued for the new tables."""
        self.note(_REVISION, _CURRENT)

    def noted(self, name: str) -> str:
        """What `note` said last under this name; empty when nothing."""
        with reader(self.archive.engine) as connection:
            return _noted(connection, name) or ""

    def note(self, name: str, value: str) -> None:
        """Keep a word about the derived data for other processes and later ones."""
        with writer(self.archive.engine) as connection:
            _note(connection, name, value)

    def record(self, prepared: Prepared) -> None:
        """Store one document's reading, then its links and proposals, in one transaction. Repeatable."""
        with writer(self.archive.engine) as connection:
            keys = linking.own_keys(connection, prepared.document)
            again = proposals.reported_later(connection, prepared.document)
            recording.remove(connection, prepared.document)
            # A message or envelope repeats the number of what it carries: only the paper itself answers to it.
            own = linking.keys_of(prepared.analysis) if prepared.answers else {}
            recording.write(connection, prepared, own)
            copies.meet(connection, prepared.document)
            changed = linking.link(connection, prepared.document, keys=keys.union(*own.values()))
            pairs = proposals.affected(connection, prepared.document, changed)
            again |= proposals.reported_later(connection, prepared.document)
            proposals.propose(connection, pairs | again)
            for plan in reviewing.concerned(connection, prepared.document, pairs | again):
                reviewing.lay_on(connection, plan)

    def forget(self, document: str) -> None:
        """Remove all that was worked out of one document, and the links to it."""
        with writer(self.archive.engine) as connection:
            keys = linking.own_keys(connection, document)
            recording.remove(connection, document)
            copies.meet(connection, document)
            linking.link(connection, document, keys=keys)
            gone = schema.fulfilment
            connection.execute(delete(gone).where((gone.c.plan == document) | (gone.c.paper == document)))
            for plan in reviewing.concerned(connection, document, ()):
                reviewing.lay_on(connection, plan)

    # Reading

    def register(self) -> Register:
        """The register of bodies in force."""
        with reader(self.archive.engine) as connection:
            return register.of(connection)

    def issuing(self, viewer: Viewer) -> dict[str, int]:
        """How many documents each body issued, by its name as printed."""
        with reader(self.archive.engine) as connection:
            return cards.issuing(connection, viewer)

    def cards(self, viewer: Viewer, documents: Iterable[str]) -> dict[str, Card]:
        """By document id; those the viewer may not see are left out."""
        with reader(self.archive.engine) as connection:
            return cards.cards(connection, viewer, documents)

    def recent(self, viewer: Viewer, limit: int) -> tuple[Card, ...]:
        """The papers received last, newest first."""
        with reader(self.archive.engine) as connection:
            return cards.recent(connection, viewer, limit)

    def unfinished(self, viewer: Viewer) -> tuple[Card, ...]:
        """Papers that cannot be found yet: waiting, being read, unreadable."""
        with reader(self.archive.engine) as connection:
            return cards.unfinished(connection, viewer)

    def counts(self, viewer: Viewer) -> dict[str, int]:
        """`documents`, one entry for each `State`, and `unsearchable` (all that is not searchable)."""
        with reader(self.archive.engine) as connection:
            return cards.counts(connection, viewer)

    def unsearchable(self, viewer: Viewer) -> int:
        """`counts()["unsearchable"]`, faster: a search says it each time."""
        with reader(self.archive.engine) as connection:
            return cards.unsearchable(connection, viewer)

    def matching(self, viewer: Viewer, filters: Filters) -> set[str] | None:
        """Ids of the documents a search may give; None: all that are indexed."""
        with reader(self.archive.engine) as connection:
            return cards.matching(connection, viewer, filters)

    def facets(self, viewer: Viewer, documents: Collection[str]) -> dict[str, tuple[Facet, ...]]:
        """True counts over these documents, by kind, issuer, year, effect."""
        with reader(self.archive.engine) as connection:
            if len(documents) > columns.MANY:
                return self._known(connection, viewer).facets(list(documents))
            return cards.facets(connection, viewer, documents)

    def order(self, viewer: Viewer, documents: Collection[str], *, newest: bool) -> list[str]:
        """The documents by date of issue; those without a date last."""
        with reader(self.archive.engine) as connection:
            if len(documents) > columns.MANY:
                return self._known(connection, viewer).order(list(documents), newest=newest)
            return cards.by_date(connection, viewer, documents, newest=newest)

    def issuers(self, viewer: Viewer) -> tuple[str, ...]:
        """All bodies that issued a document, in order."""
        with reader(self.archive.engine) as connection:
            return self._known(connection, viewer).bodies

    def _known(self, connection: Connection, viewer: Viewer) -> columns.Columns:
        """The columns of all documents as they stand; read again when a job ended or anything was decided since."""
        ended = connection.execute(select(func.count(), func.max(job_table.c.finished_at))).one()
        notes = connection.execute(select(schema.stamp.c.name, schema.stamp.c.value)).all()
        stamp = (*ended, ledger.size(connection), frozenset(tuple(note) for note in notes))
        known = self._columns.get(viewer)
        if known is None or known.stamp != stamp:
            if len(self._columns) >= _VIEWERS:
                self._columns.clear()
            known = self._columns[viewer] = columns.read(connection, viewer, stamp)
        return known

    def numbered(self, viewer: Viewer, key: str) -> tuple[str, ...]:
        """Documents that carry a number (`corpus.number.key`), newest first."""
        with reader(self.archive.engine) as connection:
            return cards.numbered(connection, viewer, key)

    def citing(self, viewer: Viewer, key: str) -> tuple[str, ...]:
        """Documents that cite a number, held or not, newest first."""
        with reader(self.archive.engine) as connection:
            return cards.citing(connection, viewer, key)

    def near(self, viewer: Viewer, key: str, limit: int = 5) -> tuple[Card, ...]:
        """Documents whose numbers are nearest to one that is not held."""
        with reader(self.archive.engine) as connection:
            return cards.near(connection, viewer, key, limit)

    def answered(self, viewer: Viewer, documents: Collection[str]) -> dict[str, int]:
        """How many tasks each of these documents is proposed to answer."""
        with reader(self.archive.engine) as connection:
            return cards.answered(connection, viewer, documents)

    def passage_text(
        self, viewer: Viewer, document: str
    ) -> tuple[str, tuple[Section, ...], tuple[Page, ...]] | None:
        """Stored text, sections and pages of one document."""
        with reader(self.archive.engine) as connection:
            return document_view.text_of(connection, viewer, document)

    def stretches(
        self, viewer: Viewer, wanted: Mapping[str, Sequence[Span]]
    ) -> dict[str, document_view.Stretches]:
        """By document the stored text of some of its spans, the sections that meet them, and its pages."""
        with reader(self.archive.engine) as connection:
            return document_view.stretches(connection, viewer, wanted)

    def document(self, viewer: Viewer, document: str) -> DocumentView | None:
        """Everything the reader's page shows; None when not held, not read or not visible."""
        with reader(self.archive.engine) as connection:
            return document_view.document(connection, viewer, document, self.archive.settings.day)

    def identify(self, viewer: Viewer, wanted: str) -> tuple[Card, ...]:
        """The documents meant by an id or a number such as «05-KH/HU»."""
        with reader(self.archive.engine) as connection:
            found = cards.cards(connection, viewer, [wanted])
            if not found:
                ids = cards.numbered(connection, viewer, number.key(wanted))
                found = cards.cards(connection, viewer, ids)
            return tuple(found.values())

    def plans(
        self, viewer: Viewer, today: dt.date | None = None, *, on: dt.date | None = None
    ) -> tuple[PlanView, ...]:
        """Documents that give tasks, the most overdue first; `on`: those that stood on that day, as they stood."""
        with reader(self.archive.engine) as connection:
            return plan_view.plans(connection, viewer, today or self.archive.settings.day, on)

    def plan(
        self, viewer: Viewer, document: str, today: dt.date | None = None, *, on: dt.date | None = None,
        outline: bool = False,
    ) -> PlanView | None:  # fmt: skip
        """One plan's tasks with their evidence, `on` a day as they stood then; None when not held.

        `outline`: the tasks with their states alone.
        """
        with reader(self.archive.engine) as connection:
            day = today or self.archive.settings.day
            return plan_view.plan(connection, viewer, document, day, on, outline=outline)

    def review(
        self, viewer: Viewer, *, plan: str | None = None, paper: str | None = None
    ) -> tuple[review_queue.Item, ...]:
        """Proposals and decisions of a plan or of a paper, in the order of the tasks."""
        with reader(self.archive.engine) as connection:
            return review_queue.items(connection, viewer, plan=plan, paper=paper)

    def review_waiting(self, viewer: Viewer) -> tuple[tuple[Card, int, int], ...]:
        """Plans with something to decide: how many items wait, how many of them are doubtful again."""
        with reader(self.archive.engine) as connection:
            return review_queue.waiting(connection, viewer)

    def review_count(self, viewer: Viewer) -> int:
        """How many items wait for a person in all."""
        with reader(self.archive.engine) as connection:
            return review_queue.count(connection, viewer)

    def around(self, viewer: Viewer, document: str, span: Span) -> tuple[str, str]:
        """What stands before and after a passage; empty for a document that may not be seen."""
        with reader(self.archive.engine) as connection:
            seen = cards.cards(connection, viewer, [document])
            return review_queue.around(connection, document, span) if seen else ("", "")

    def choices(
        self, viewer: Viewer, plan: Card, task: Task, paper: str, at: int | None = None
    ) -> choosing.Passages | None:
        """The paragraphs of a paper for someone who looks for the answer to a task in it; None: none to be read."""
        with reader(self.archive.engine) as connection:
            return choosing.passages(connection, viewer, plan, task, paper, at)

    def chosen(self, document: str, key: str) -> Span | None:
        """The paragraph a form names, None for the whole paper. ValueError when other words stand there by now."""
        with reader(self.archive.engine) as connection:
            return choosing.chosen(connection, document, key)

    def paragraph(self, viewer: Viewer, document: str, at: int) -> tuple[Span, str] | None:
        """The paragraph at an offset and its words; None: none, or not to be seen."""
        with reader(self.archive.engine) as connection:
            return choosing.paragraph(connection, document, at) if cards.cards(connection, viewer, [document]) else None

    def near_plans(self, viewer: Viewer, document: str) -> tuple[Card, ...]:
        """Plans that a paper most likely answers, the newest first."""
        with reader(self.archive.engine) as connection:
            return choosing.near_plans(connection, viewer, document)

    def coverage(
        self, viewer: Viewer, document: str, today: dt.date | None = None
    ) -> tuple[reverse_view.Coverage, ...]:
        """How a report answers the plans it cites or answers: their tasks it answers and those it leaves out."""
        with reader(self.archive.engine) as connection:
            return reverse_view.coverage(connection, viewer, document, today or self.archive.settings.day)

    def proposed_moves(self, viewer: Viewer, document: str) -> tuple[ProposedMove, ...]:
        """Tasks of a replaced plan that may go on in the newer one; for a person to decide."""
        with reader(self.archive.engine) as connection:
            return task_moves.proposed(connection, viewer, document)

    def chains(
        self, viewer: Viewer, documents: Sequence[str], today: dt.date | None = None, *,
        known: Mapping[str, Mapping[str, int]] | None = None,
    ) -> tuple[coverage.Node, ...]:  # fmt: skip
        """What carries out each of these papers, down to the lowest level; `known`: summaries that are at hand."""
        with reader(self.archive.engine) as connection:
            return coverage.trees(connection, viewer, documents, today or self.archive.settings.day, known)

    def missing(self, viewer: Viewer, on: dt.date | None = None) -> tuple[MissingLine, ...]:
        """Documents that are cited and not held, the most cited first; `on`: by what stood on that day."""
        with reader(self.archive.engine) as connection:
            return missing.missing(connection, viewer, on)

    def neighbourhood(
        self, viewer: Viewer, document: str, on: dt.date | None = None
    ) -> graph.Neighbourhood | None:
        """What a document is based on and what came of it, on a day; None when not held or not visible."""
        with reader(self.archive.engine) as connection:
            return graph.neighbourhood(connection, viewer, document, on)

    def twins(self, viewer: Viewer, document: str) -> tuple[copies.Twin, ...]:
        """Papers that may be, or by a person's word are, versions of this document."""
        with reader(self.archive.engine) as connection:
            return copies.twins(connection, viewer, document)

    def effects(self, viewer: Viewer, document: str) -> tuple[effects.Effect, ...]:
        """What other papers did to a document: replaced, repealed, amended it."""
        with reader(self.archive.engine) as connection:
            return effects.effects(connection, viewer, document)

    def papers(self, viewer: Viewer, documents: Collection[str]) -> Mapping[str, tuple[Paper, ...]]:
        """Further documents in the files of these, where they hold several."""
        with reader(self.archive.engine) as connection:
            return papers.of(connection, cards.cards(connection, viewer, documents))

    def analysed(
        self, viewer: Viewer, document: str
    ) -> tuple[Heading, tuple[Section, ...], str, tuple[Paper, ...]] | None:
        """Heading, sections, text and further documents of one file: what its passages are cut from."""
        with reader(self.archive.engine) as connection:
            return document_view.analysed(connection, viewer, document)

    def passages(self) -> int:
        """About how many passages the index holds: one a section, one a document before its sections."""
        with reader(self.archive.engine) as connection:
            sections = connection.scalar(select(func.count()).select_from(schema.section)) or 0
            return sections + (connection.scalar(select(func.count()).select_from(schema.reading)) or 0)

    def laid(self, viewer: Viewer, document: str) -> dict[int, str | None]:
        """Where each correction in force was laid, by its number; None: its words are no longer found."""
        with reader(self.archive.engine) as connection:
            return document_view.laid(connection, viewer, document)

    def stored(self, viewer: Viewer, document: str) -> stored_reading.Stored | None:
        """What was read of a document's file, to be understood again; None when not read or not visible."""
        with reader(self.archive.engine) as connection:
            return stored_reading.stored(connection, viewer, document)

    def searchable(self, viewer: Viewer) -> tuple[str, ...]:
        """Ids of all documents whose reading is stored and whose job is done."""
        with reader(self.archive.engine) as connection:
            return cards.searchable(connection, viewer)


_LOCK = 0x66696E64  # keeps two processes on PostgreSQL from making the tables at once
_REVISION = "revision"
_VIEWERS = 16  # for whom columns are kept
_CURRENT = str(schema.REVISION)
_UNQUEUED = f"{_CURRENT}, not queued"


def _noted(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(schema.stamp.c.value).where(schema.stamp.c.name == name))


def _note(connection: Connection, name: str, value: str) -> None:
    connection.execute(delete(schema.stamp).where(schema.stamp.c.name == name))
    connection.execute(insert(schema.stamp), {"name": name, "value": value})
