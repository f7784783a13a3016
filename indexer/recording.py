"""The rows of one document's reading: written together, removed together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, delete, insert

from corpus import number, resolve
from corpus.model import Citation
from indexer import papers, records, relinking, schema
from indexer.pipeline import Prepared


def remove(connection: Connection, document: str) -> None:
    """Its own rows; links of others to it are made again by `link`."""
    for table in (*schema.BY_DOCUMENT, schema.link):
        connection.execute(delete(table).where(table.c.document == document))


def write(connection: Connection, prepared: Prepared, keys: Mapping[str, Collection[str]]) -> None:
    """All that was worked out of one file; `keys` are the numbers that each document in it answers to."""
    document, analysis = prepared.document, prepared.analysis
    connection.execute(insert(schema.reading), _reading(prepared))
    for table, rows in zip((schema.decided, schema.laid, schema.task_move), _overlay_rows(prepared), strict=True):
        _insert_all(connection, table, rows)
    _insert_parts(connection, prepared)
    versions = prepared.overlaid.versions if prepared.overlaid else {}
    said = [{"document": document, "other": other, "same": same} for other, same in versions.items()]
    _insert_all(connection, schema.version_of, said)
    answers: list[dict[str, object]] = [
        {"document": document, "paper": paper, "key": key} for paper, own in keys.items() for key in sorted(own)
    ]
    _insert_all(connection, schema.document_key, answers)
    held = [{"document": document, **papers.columns(paper)} for paper in analysis.papers]
    _insert_all(connection, schema.paper, held)
    _insert_all(
        connection,
        schema.section,
        [
            {
                "document": document, "position": i, "id": s.id, "label": s.label, "level": s.level.value,
                "title": s.title, "start": s.span.start, "stop": s.span.end, "parent": s.parent,
            }
            for i, s in enumerate(analysis.sections)
        ],
    )  # fmt: skip
    _insert_citations(connection, document, analysis.citations)
    relinking.keep_names(connection, document, analysis)
    _insert_all(
        connection,
        schema.task,
        [
            {
                "document": document, "position": i, "value": records.task_to_json(t), "section": t.section,
                "start": t.span.start,
            }
            for i, t in enumerate(analysis.tasks)
        ],
    )  # fmt: skip


def _insert_citations(connection: Connection, document: str, citations: Sequence[Citation]) -> None:
    _insert_all(
        connection,
        schema.citation,
        [
            {
                "document": document, "position": i, "value": records.citation_to_json(c),
                "role": c.role.value, "number_key": number.key(c.number) if c.number else None, "paper": papers.name(c),
                "section": c.section, "whole": c.place is None, "itself": False,
            }
            for i, c in enumerate(citations)
        ],
    )  # fmt: skip
    _insert_all(
        connection,
        schema.citation_key,
        [
            {"document": document, "position": i, "key": key}
            for i, c in enumerate(citations)
            for key in sorted(set(resolve.cited_keys(c)))
        ],
    )


def _insert_parts(connection: Connection, prepared: Prepared) -> None:
    rows = [
        {"document": prepared.document, "position": i, "name": name, "held": held}
        for i, (name, held) in enumerate(prepared.parts)
    ]
    _insert_all(connection, schema.part, rows)


def _overlay_rows(prepared: Prepared) -> tuple[list[dict[str, object]], ...]:
    """Rows of `decided`, `laid` and `task_move`."""
    document, overlaid = prepared.document, prepared.overlaid
    if overlaid is None:
        return [], [], []
    decided = [
        {"document": document, "position": position, "target": target, "by": by}
        for position, (target, by) in overlaid.decided.items()
    ]
    laid = [
        {"document": document, "correction": number, "place": place} for number, place in overlaid.places.items()
    ]
    moved = [
        {
            "document": document, "start": move.start, "plan": move.plan, "section": move.section, "onto": move.onto,
            "by": move.by, "correction": move.correction,
        }
        for move in overlaid.moves
    ]  # fmt: skip
    return decided, laid, moved


def _insert_all(connection: Connection, table, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _reading(prepared: Prepared) -> dict[str, object]:
    body, heading = prepared.body, prepared.analysis.heading
    issued = heading.issued_on
    return {
        "document": prepared.document, "version": prepared.version, "text": body.text,
        "layout": records.layout_to_bytes(body), "media_type": body.media_type, "source": body.source,
        "encoding": body.encoding, "heading": records.heading_to_json(heading),
        "findings": records.findings_to_json((*body.findings, *prepared.analysis.findings)),
        "kind": heading.kind.value if heading.kind else None, "number": heading.number,
        "number_key": number.key(heading.number) if heading.number else None,
        "issued_on": issued, "year": issued.year if issued else None, "issuer": heading.issuer,
        "title": heading.title, "signer": records.signers(heading), "pages": body.paged,
        "tasks": len(prepared.analysis.tasks), "verdict": prepared.signatures.verdict.value,
        "signatures": records.dump(prepared.signatures.to_json()),
    }  # fmt: skip
