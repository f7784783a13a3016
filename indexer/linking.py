"""Links from citations to the documents they mean.

Order of arrival never matters: what a document answers to and what it cites meet under the same lookup keys
(`corpus.resolve`), and whichever comes second finds the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select, update

from corpus import resolve
from corpus.model import Analysis, Citation, Heading
from indexer import papers, records, register, schema

CHUNK = 400
"""Values in one IN list; SQLite's limit is far higher, but plans are made once per length."""

T = TypeVar("T")
Place = tuple[str, int]
"""(document, position) of a citation."""
Held = tuple[str, str]
"""(document, section of a further document in its file, or `papers.FIRST`)."""
_OF_FILE = "#"
"""Parts the two in the name by which resolution knows a further document; no id of a document has it."""


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Lists of at most `CHUNK` values."""
    rest = iter(values)
    while batch := list(islice(rest, CHUNK)):
        yield batch


def keys_of(analysis: Analysis) -> dict[str, set[str]]:
    """The lookup keys each document of a file answers to, by the section that holds it."""
    return {paper: set(resolve.own_keys(heading)) for paper, heading in papers.headings(analysis).items()}


def own_keys(connection: Connection, document: str) -> set[str]:
    """The lookup keys a recorded document answers to."""
    key = schema.document_key
    return set(connection.scalars(select(key.c.key).where(key.c.document == document)))


def link(connection: Connection, document: str, *, keys: Collection[str]) -> set[tuple[str, str]]:
    """Resolve the citations of `document`, and all others that meet it under `keys`, again.

    `keys` are its own keys, those before a re-reading included. Safe to repeat. Gives the
    (citing, target) pairs whose choice changed.
    """
    places = _meeting(connection, document, keys)
    changed: set[tuple[str, str]] = set()
    for batch in chunks(sorted({citing for citing, _ in places})):
        positions = {place for place in places if place[0] in set(batch)}
        changed |= _resolve_again(connection, positions)
    return changed


def _meeting(connection: Connection, document: str, keys: Collection[str]) -> set[Place]:
    """Citations of the document, and citations elsewhere under one of its keys."""
    cited, key = schema.citation, schema.citation_key
    own = select(cited.c.document, cited.c.position).where(cited.c.document == document)
    places = {(row[0], row[1]) for row in connection.execute(own)}
    for batch in chunks(sorted(keys)):
        others = select(key.c.document, key.c.position).where(key.c.key.in_(batch)).distinct()
        places |= {(row[0], row[1]) for row in connection.execute(others)}
    return places


def _resolve_again(connection: Connection, places: set[Place]) -> set[tuple[str, str]]:
    citing = {document for document, _ in places}
    citations = _citations(connection, citing, places)
    keys = _keys(connection, citing, places)
    holders = _holders(connection, {key for group in keys.values() for key in group})
    wanted = citing | {document for group in holders.values() for document, _ in group}
    known = _known(connection, wanted)
    decided = _decided(connection, citing)
    bodies = register.of(connection)
    rows: list[dict[str, object]] = []
    itself: list[Place] = []
    for place, citation in sorted(citations.items()):
        if place in decided:
            rows += _decided_rows(place, *decided[place])
            continue
        candidates = {held for key in keys.get(place, ()) for held in holders.get(key, ())}
        own = known.get((place[0], papers.name(citation)), known[place[0], papers.FIRST])
        answer = resolve.resolve(citation, own, [known[held] for held in sorted(candidates)], bodies)
        if answer.itself:
            itself.append(place)
        rows += _link_rows(place, answer)
    return _replace_links(connection, places, rows, itself)


def _link_rows(place: Place, answer: resolve.Resolution) -> list[dict[str, object]]:
    rows: dict[str, dict[str, object]] = {}
    for name, score, reason in answer.ranked:  # of two documents in one file the likelier
        target, _, paper = name.partition(_OF_FILE)
        row = {
            "document": place[0], "position": place[1], "target": target, "score": score, "reason": reason,
            "chosen": name == answer.chosen, "paper": paper,
        }  # fmt: skip
        rows.setdefault(target, row)
    return list(rows.values())


def _decided(connection: Connection, citing: set[str]) -> Mapping[Place, tuple[str | None, str]]:
    """What people chose for citations of these documents, and who."""
    table = schema.decided
    return {
        (row.document, row.position): (row.target, row.by)
        for batch in chunks(sorted(citing))
        for row in connection.execute(select(table).where(table.c.document.in_(batch)))
    }


def _decided_rows(place: Place, target: str | None, by: str) -> list[dict[str, object]]:
    """A person's choice stands whatever else arrives; none when they said it is none of those held."""
    if target is None:
        return []
    reason = f"do {by} xác nhận"
    return [
        {
            "document": place[0], "position": place[1], "target": target, "score": 1.0, "reason": reason,
            "chosen": True, "paper": papers.FIRST,
        }
    ]  # fmt: skip


def _citations(connection: Connection, citing: set[str], places: set[Place]) -> dict[Place, Citation]:
    table = schema.citation
    query = select(table.c.document, table.c.position, table.c.value).where(table.c.document.in_(citing))
    return {
        (row.document, row.position): records.citation_from_json(row.value)
        for row in connection.execute(query)
        if (row.document, row.position) in places
    }


def _keys(connection: Connection, citing: set[str], places: set[Place]) -> Mapping[Place, list[str]]:
    table = schema.citation_key
    found: dict[Place, list[str]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.document.in_(citing))):
        if (row.document, row.position) in places:
            found[row.document, row.position].append(row.key)
    return found


def _holders(connection: Connection, keys: set[str]) -> Mapping[str, list[Held]]:
    table = schema.document_key
    found: dict[str, list[Held]] = defaultdict(list)
    for batch in chunks(sorted(keys)):
        for row in connection.execute(select(table).where(table.c.key.in_(batch))):
            found[row.key].append((row.document, row.paper))
    return found


def known(document: str, heading: Heading) -> resolve.Known:
    """What resolution knows of a document from its heading."""
    return resolve.Known(
        document=document, number=heading.number, kind=heading.kind, issued_on=heading.issued_on,
        issuer=heading.issuer, title=heading.title, place=heading.place, parent_issuer=heading.parent_issuer,
    )  # fmt: skip


def known_documents(connection: Connection, documents: Collection[str]) -> dict[str, resolve.Known]:
    """By document id; of a file that holds several, the first."""
    return {document: one for (document, paper), one in _known(connection, documents).items() if not paper}


def _known(connection: Connection, documents: Collection[str]) -> dict[Held, resolve.Known]:
    table = schema.reading
    found: dict[Held, resolve.Known] = {}
    for batch in chunks(sorted(documents)):
        for row in connection.execute(select(table.c.document, table.c.heading).where(table.c.document.in_(batch))):
            found[row.document, papers.FIRST] = known(row.document, records.heading_from_json(row.heading))
    for document, further in papers.of(connection, documents).items():
        for paper in further:
            found[document, paper.section] = known(f"{document}{_OF_FILE}{paper.section}", paper.heading)
    return found


def _replace_links(
    connection: Connection, places: set[Place], rows: Sequence[dict[str, object]], itself: Sequence[Place]
) -> set[tuple[str, str]]:
    table = schema.link
    citing = sorted({document for document, _ in places})
    before: set[tuple[str, str]] = set()
    for row in connection.execute(select(table).where(table.c.document.in_(citing))):
        if (row.document, row.position) in places and row.chosen:
            before.add((row.document, row.target))
    by_document: dict[str, list[int]] = defaultdict(list)
    for document, position in sorted(places):
        by_document[document].append(position)
    for document, positions in by_document.items():
        _clear(connection, document, positions)
    if rows:
        connection.execute(insert(table), list(rows))
    _mark_itself(connection, itself)
    after = {(str(row["document"]), str(row["target"])) for row in rows if row["chosen"]}
    return before ^ after


def _clear(connection: Connection, document: str, positions: Sequence[int]) -> None:
    table, cited = schema.link, schema.citation
    for batch in chunks(positions):
        connection.execute(
            delete(table).where(table.c.document == document, table.c.position.in_(batch))
        )
        connection.execute(
            update(cited)
            .where(cited.c.document == document, cited.c.position.in_(batch), cited.c.itself.is_(True))
            .values(itself=False)
        )


def _mark_itself(connection: Connection, places: Sequence[Place]) -> None:
    table = schema.citation
    by_document: dict[str, list[int]] = defaultdict(list)
    for document, position in places:
        by_document[document].append(position)
    for document, positions in by_document.items():
        for batch in chunks(positions):
            connection.execute(
                update(table)
                .where(table.c.document == document, table.c.position.in_(batch))
                .values(itself=True)
            )
