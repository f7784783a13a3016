"""What is taken away from a search: suggestions, lists as files, feeds of new matches, numbers held or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for

from corpus import number
from corpus.text import normalise
from indexer import suggestions
from indexer.views import Card, Hit
from web import sheets
from web.context import service, today, viewer
from web.filters import date
from web.search import COLUMNS, filters
from web.wording import subject

blueprint = Blueprint("lists", __name__)

MOST = 1_000  # documents in one file
FEED = 50  # documents in a feed
PASTED = 2_000  # lines of a pasted list
WIDTHS = {
    "number": 18, "date": 12, "kind": 14, "issuer": 24, "title": 40, "signer": 18, "place": 16,
    "passage": 50, "link": 24,
}  # fmt: skip
"""Of the columns of a list, in characters."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("/suggest")
def suggest() -> Response:
    """Lines for the list below the box."""
    found = suggestions.suggest(service().findings, service().engine, viewer(), request.args.get("q", ""))
    return jsonify([{"kind": s.kind, "query": s.query, "shown": s.shown, "note": s.note} for s in found])


# Lists as files


@blueprint.get("/export.<any(csv, xlsx, docx):form>")
def export(form: str) -> Response:
    """The documents found, as a table with the chosen columns. Raises `BadQuery`."""
    query, columns, table, total = _table()
    widths = [WIDTHS[name] for name in columns]
    if form == "csv":
        content = sheets.csv_file(table)
    elif form == "xlsx":
        content = sheets.xlsx_file(table, widths=widths)
    else:
        content = sheets.docx_file(table, title=_heading(query, len(table) - 1, total), widths=widths)
    response = Response(content, content_type=TYPES[form])
    name = re.sub(r"[^\w-]+", " ", query).strip()[:60] or "ket qua"
    response.headers["Content-Disposition"] = f"attachment; filename=\"vankho.{form}\"; filename*=UTF-8''" + quote(
        f"{name}.{form}"
    )
    return response


@blueprint.get("/print")
def printed() -> str:
    """The same table as it prints. Raises `BadQuery`."""
    query, _, table, total = _table()
    words = [[sheets.printed(cell) for cell in row] for row in table]
    return render_template("printed.html", table=words, heading=_heading(query, len(table) - 1, total), query=query)


def _table() -> tuple[str, list[str], sheets.Table, int]:
    """The query, the chosen columns, the documents found under a head of them, and how many there are in all."""
    query = request.args.get("q", "").strip()
    columns = [name for name in COLUMNS if name in request.args.getlist("column")] or list(COLUMNS)
    sort = request.args.get("sort", "best")
    found = service().search(
        viewer(), query, filters=filters(), limit=MOST, shown=1,
        sort=sort if sort in ("newest", "oldest") else "best",
    )
    table: list[list[sheets.Cell]] = [[COLUMNS[name] for name in columns]]
    table += [[_cells(hit)[name] for name in columns] for hit in found.hits]
    return query, columns, table, found.total


def _heading(query: str, shown: int, total: int) -> str:
    counted = f"{shown} trong {total}" if total > shown else str(total)
    return f"Kết quả tìm “{query}”: {counted} văn bản, ngày {date(today())}"


def _cells(hit: Hit) -> dict[str, sheets.Cell]:
    card = hit.card
    best = hit.passages[0] if hit.passages else None
    page = f"trang {best.page}" if best and best.page else ""
    return {
        "number": card.number or "", "date": card.issued_on, "kind": card.kind_label or "",
        "issuer": card.issuer or "", "signer": card.signer or "",
        "title": subject(card.title) if card.title else card.name,
        "place": ", ".join(filter(None, (best.place if best else "", page))),
        "passage": best.snippet if best else "",
        "link": url_for("documents.read", document=card.document, _external=True),
    }  # fmt: skip


# New matches, followed with any reader


@blueprint.get("/feed.atom")
def feed() -> Response:
    """The newest documents that answer a query, as Atom. Raises `BadQuery`."""
    query = request.args.get("q", "").strip()
    found = service().search(viewer(), query, filters=filters(), limit=MOST, sort="newest", shown=1)
    hits = sorted(found.hits, key=lambda hit: hit.card.received_at, reverse=True)[:FEED]
    updated = hits[0].card.received_at if hits else datetime(2000, 1, 1, tzinfo=UTC)
    text = render_template("feed.xml", query=query, hits=hits, updated=updated)
    return Response(text, content_type="application/atom+xml; charset=utf-8")


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser searches here from its address bar."""
    return Response(
        render_template("opensearch.xml"), content_type="application/opensearchdescription+xml; charset=utf-8"
    )


# A pasted list of numbers


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the pasted list."""

    typed: str
    read: str | None
    """The number seen in it."""
    held: tuple[Card, ...]
    mentions: int
    """Documents that cite it, where it is not held."""


@blueprint.route("/held", methods=["GET", "POST"])
def held() -> str:
    """Which numbers of a list are held."""
    pasted = request.form.get("numbers", "") if request.method == "POST" else request.args.get("numbers", "")
    typed = [line.strip() for line in normalise(pasted).splitlines() if line.strip()]
    if len(typed) > PASTED:
        abort(413)
    lines = [_line(line) for line in typed]
    return render_template("held.html", pasted=pasted, lines=lines, found=sum(bool(line.held) for line in lines))


def _line(typed: str) -> Line:
    seen = [value for _, value in number.find(typed) if value.body]
    if not seen:
        return Line(typed, None, (), 0)
    findings, key = service().findings, number.key(seen[0])
    documents = findings.numbered(viewer(), key)
    if documents:
        return Line(typed, str(seen[0]), tuple(findings.cards(viewer(), documents).values()), 0)
    return Line(typed, str(seen[0]), (), len(findings.citing(viewer(), key)))
