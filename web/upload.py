"""Handing in papers, and where each of them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from archive.errors import ArchiveError
from indexer.views import Card, State
from web.context import service, viewer

blueprint = Blueprint("upload", __name__)

UNDER_WAY = (State.WAITING, State.READING)
NEEDS_PERSON = (State.UNREADABLE, State.REFUSED, State.TOOL_MISSING)
SHOWN_RECENT = 20
MOST_IN_ADDRESS = 150


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not kept, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paper in the list, `again` when it was handed in before."""

    card: Card
    again: bool = False


@blueprint.get("/upload")
def upload() -> str:
    """The form, and the papers just handed in or not yet findable."""
    return page(())


@blueprint.get("/upload/rows")
def rows() -> str:
    """Only the list: what a page that stays open asks for while papers are being read."""
    return render_template("upload_rows.html", **listing())


@blueprint.post("/documents")
def hand_in() -> Response | tuple[str, int]:
    """Keep every file; those that could not be kept are named at once."""
    kept: list[tuple[str, str]] = []
    refused: list[Refusal] = []
    status = 400
    for file in request.files.getlist("files"):
        try:
            kept += [take(file)] if file.filename else []
        except ArchiveError as error:
            refused.append(Refusal(file.filename or "", error.message("vi")))
            status = max(status, error.http_status)
    if refused or not kept:
        return page(refused, kept, nothing=not kept and not refused), status
    return redirect(url_for("upload.upload", **address(kept)), 303)


def take(file: FileStorage) -> tuple[str, str]:
    """Hand one file to the archive: («received» or «duplicate», document)."""
    receipt = service().accept(viewer(), file.stream, name=file.filename or "", how="web")
    return ("duplicate" if receipt.state == "duplicate" else "received"), receipt.document


def address(kept: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Parameters that bring the list back; those left out of a long one stand under «chưa tìm được»."""
    named: dict[str, Any] = {}
    for how, document in kept[:MOST_IN_ADDRESS]:
        named.setdefault(how, []).append(document)
    return named


def page(refused: Sequence[Refusal], kept: Sequence[tuple[str, str]] = (), *, nothing: bool = False) -> str:
    """The whole page."""
    limit = service().settings.max_upload
    return render_template("upload.html", refused=refused, nothing=nothing, limit=limit, **listing(kept))


def listing(kept: Sequence[tuple[str, str]] = ()) -> dict[str, object]:
    """The papers to show: those named, or the last ones received; all that cannot be found yet."""
    named = address(kept) or {k: request.args.getlist(k) for k in ("received", "duplicate")}
    wanted = [*named.get("received", ()), *named.get("duplicate", ())]
    findings = service().findings
    cards = findings.cards(viewer(), wanted)
    again = set(named.get("duplicate", ())) - set(named.get("received", ()))
    batch = sorted((Line(card, card.document in again) for card in cards.values()), key=_order)
    unfinished = [Line(c) for c in findings.unfinished(viewer()) if c.document not in cards]
    recent = () if wanted else [Line(c) for c in findings.recent(viewer(), SHOWN_RECENT)]
    seen = {line.card.document for line in unfinished}
    return {
        "batch": batch, "unfinished": sorted(unfinished, key=_order), "kept": named,
        "recent": [line for line in recent if line.card.document not in seen],
        "busy": any(line.card.state in UNDER_WAY for line in (*batch, *unfinished)),
        "found": sum(line.card.state == State.SEARCHABLE for line in batch),
    }  # fmt: skip


def _order(line: Line) -> int:
    """Those that need a person first, then those under way, then the rest."""
    if line.card.state in NEEDS_PERSON and not line.again:
        return 0
    return 1 if line.card.state in UNDER_WAY else 2
