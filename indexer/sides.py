"""Documents as they are read now, to lay what people said of them: plans with their tasks, papers with their passages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, Row, select

from corpus import meaning
from corpus import sections as outline
from corpus.model import Heading, Page, Section, Span, Task, page_at
from indexer import anchors, proposals, records, schema
from indexer.linking import chunks


@dataclass(frozen=True)
class Side:
    """One document; what takes time to work out is worked out when it is asked for."""

    row: Row
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        return self.row.text

    @cached_property
    def letters(self) -> anchors.Text:
        return anchors.Text.of(self.row.text)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        return records.layout_from_bytes(self.row.layout)[0]

    @cached_property
    def heading(self) -> Heading:
        return records.heading_from_json(self.row.heading)

    @property
    def subject(self) -> str:
        """What the whole paper is called: its title, else its number."""
        return self.heading.title or self.heading.number or ""

    @cached_property
    def about(self) -> tuple[str, ...]:
        """Which paper it is, as words are compared: other words there, and it is another paper."""
        told = self.heading
        day = told.issued_on.isoformat() if told.issued_on else ""
        return meaning.words(" ; ".join((told.kind or "", told.number or "", day, told.issuer or "", told.title or "")))

    def page(self, span: Span) -> int | None:
        """The page on which a passage begins."""
        return page_at(self.pages, span.start)

    def section(self, span: Span) -> str | None:
        """Id of the section in which a passage begins."""
        found = outline.innermost(self.sections, span.start)
        return found.id if found else None


class Sides:
    """Documents, each looked up once; those that are known beforehand in a bounded number of queries."""

    def __init__(self, connection: Connection, documents: Iterable[str] = ()) -> None:
        self.connection = connection
        self.sides: dict[str, Side | None] = {}
        self.given: dict[str, tuple[Task, ...]] = {}
        self.load(documents)

    def load(self, documents: Iterable[str]) -> None:
        """Read these now, all together."""
        wanted = sorted({document for document in documents if document not in self.sides})
        table, section = schema.reading, schema.section
        for batch in chunks(wanted):
            self.sides |= dict.fromkeys(batch)
            held: dict[str, list[Row]] = defaultdict(list)
            query = select(section).where(section.c.document.in_(batch)).order_by(section.c.position)
            for row in self.connection.execute(query):
                held[row.document].append(row)
            columns = (table.c.document, table.c.text, table.c.layout, table.c.heading)
            for row in self.connection.execute(select(*columns).where(table.c.document.in_(batch))):
                self.sides[row.document] = Side(row, proposals.sections_from(held[row.document]))

    def __getitem__(self, document: str) -> Side | None:
        """None: not read."""
        self.load([document])
        return self.sides[document]

    def tasks(self, plan: str) -> tuple[Task, ...]:
        """In text order."""
        if plan not in self.given:
            self.given[plan] = proposals.tasks_of(self.connection, [plan]).get(plan, ())
        return self.given[plan]

    def task(self, plan: str, start: int) -> Task | None:
        """The task that begins there."""
        return next((task for task in self.tasks(plan) if task.span.start == start), None)


def words_of(task: Task, text: str) -> str:
    """A task's words as its document has them, or as a person put them."""
    return task.wording if task.by or task.added else task.span.of(text)
