"""One document: its text to read, its page images, its untouched original."""

from __future__ import annotations

import datetime as dt
import mimetypes
from io import BytesIO
from pathlib import Path

from flask import Blueprint, abort, render_template, request, send_file
from werkzeug.wrappers import Response

from archive import catalogue, disposal, dossiers, remnants, withdrawal
from archive.errors import BadQuery
from indexer import highlight, reproving
from indexer import query as queries
from indexer.reverse_view import Coverage
from indexer.views import CitationView, DocumentView, State, TaskState
from web import corrections, effects, flow, imaging, registers, signature_words
from web.context import service, today, viewer

blueprint = Blueprint("documents", __name__, url_prefix="/documents")

IMAGE_WIDTHS = {1: 840, 2: 1340, 3: 2000}
"""Pixels by step of zoom: twice the column's width, for sharp screens."""
SHOWN_INCOMING = 8
_SAFE = (
    "application/pdf", "application/msword", "application/vnd.", "image/png", "image/jpeg", "image/tiff",
    "text/plain",
)  # fmt: skip


@blueprint.get("/<document>")
def read(document: str) -> str:
    """The reader's page; a paper not read yet shows where it stands."""
    view = service().findings.document(viewer(), document)
    if view is None:
        return _unread(document)
    standing = effects.standing(view)
    view = effects.until(view, standing.on)
    query = request.args.get("q", "").strip()
    marks = searched(view.text, query)
    opened = request.args.get("dan", type=int)
    return render_template(
        "document.html", view=view, card=standing.card, standing=standing, query=query, opened=opened, marks=marks,
        text=flow.flow(view, marks=marks, opened=opened), tree=flow.tree(view, marks),
        cited=cited(view), signature_facts=signature_words.facts, image=_image(view), shown_incoming=SHOWN_INCOMING,
        corrected=[line for line in corrections.told(document) if line.stands and line.read],
        verdicts=reproving.changes(service(), document), editor=corrections.editor(),
        twins=service().findings.twins(viewer(), document), **registers.told(document),
        filed=dossiers.of_documents(service().archive, viewer(), [document]).get(document, ()),
        covered=_covered(document, standing.on),
        done=sum(task.state in (TaskState.DONE, TaskState.DONE_LATE) for task in view.tasks),
    )  # fmt: skip


def _covered(document: str, on: dt.date | None) -> list[Coverage]:
    """How it answers plans; `on` a day those issued until then."""
    found = service().findings.coverage(viewer(), document, on or today())
    return [one for one in found if on is None or (one.plan.issued_on and one.plan.issued_on <= on)]


def searched(text: str, query: str) -> tuple[tuple[int, int], ...]:
    """What to mark for someone who comes from a search: what shows best, not each common word of it."""
    try:
        found = highlight.weigh(text, queries.parse(query)) if query else []
    except BadQuery:
        return ()
    best = max((worth for _, _, worth in found), default=0.0)
    return tuple((start, end) for start, end, worth in found if worth * 2 >= best)


def _unread(document: str) -> str:
    card = service().findings.cards(viewer(), [document]).get(document)
    if card is None:
        abort(404)
    fate = disposal.of_document(service().archive, viewer(), document) if card.state is State.DESTROYED else None
    gone = card.state in (State.DESTROYED, State.REFUSED)
    original = None if gone else _original(document)
    left = remnants.of(service().archive, viewer(), document) if card.state is State.REFUSED else None
    return render_template("unread.html", card=card, original=original, fate=fate, left=left)


@blueprint.get("/<document>/original")
def original(document: str) -> Response:
    """The bytes as received: always a download, never shown inside the site; `?ban_ky=N` what signature N covers."""
    held = _original(document)
    if "ban_ky" in request.args:
        return _signed_revision(document, held)
    answer = send_file(
        held.path, mimetype=media_type(held.name), as_attachment=True, download_name=held.name,
        conditional=True, etag=held.sha512, last_modified=held.received_at, max_age=0,
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _signed_revision(document: str, held: catalogue.Original) -> Response:
    """The first bytes of the original, as they were when signature N was put to them."""
    view = service().findings.document(viewer(), document)
    number = request.args.get("ban_ky", 0, type=int)
    signatures = view.signatures.signatures if view else ()
    length = signatures[number - 1].signed_bytes if 1 <= number <= len(signatures) else None
    if length is None:
        abort(404)
    with held.path.open("rb") as stream:
        signed = BytesIO(stream.read(length))
    name = f"{Path(held.name).stem} (bản đã ký {number}){Path(held.name).suffix}"
    answer = send_file(signed, mimetype=media_type(held.name), as_attachment=True, download_name=name, max_age=0)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.get("/<document>/pages/<int:number>.png")
def page(document: str, number: int) -> Response:
    """One page of a PDF as an image."""
    held = _original(document)
    width = IMAGE_WIDTHS.get(request.args.get("co", 1, type=int), IMAGE_WIDTHS[1])
    if not 1 <= number <= imaging.MOST_PAGES:
        abort(404)
    image = imaging.render(held.path, number, width, settings=service().settings)
    if image is None:
        abort(404)
    return send_file(
        BytesIO(image), mimetype="image/png", conditional=True, max_age=86_400,
        etag=f"{held.sha512[:40]}-{number}-{width}",
    )  # fmt: skip


def _original(document: str) -> catalogue.Original:
    held = catalogue.original(service().archive, viewer(), document)
    if held is None or (not held.path.exists() and document in withdrawal.documents(service().archive)):
        abort(404)
    return held


def media_type(name: str) -> str:
    """The type to send an original with; what a browser might run is sent as plain bytes."""
    guessed = mimetypes.guess_type(name)[0] or ""
    return guessed if guessed.startswith(_SAFE) else "application/octet-stream"


def _image(view: DocumentView) -> dict[str, int] | None:
    """Which page is shown beside the text; None when the original has no page images."""
    count = len(view.pages)
    if view.media_type not in imaging.SHOWN or not count:
        return None
    wanted = request.args.get("trang", 1, type=int)
    zoom = request.args.get("co", 1, type=int)
    return {"number": min(max(wanted, 1), count), "count": count, "zoom": min(max(zoom, 1), 3)}


def cited(view: DocumentView) -> tuple[tuple[CitationView, int], ...]:
    """Each cited document once, held ones first as the text names them, with how often it is cited."""
    groups: dict[str, list[CitationView]] = {}
    for citation in view.citations:
        if not citation.itself:
            groups.setdefault(_same(citation), []).append(citation)
    best = [(_fullest(group), len(group)) for group in groups.values()]
    return tuple(sorted(best, key=lambda pair: (pair[0].target is None, not pair[0].possible)))


def _same(citation: CitationView) -> str:
    if citation.target:
        return citation.target.document
    named = citation.citation.number or citation.citation.text
    return f"{named.casefold()} {citation.citation.issued_on or citation.citation.year or ''}"


def _fullest(group: list[CitationView]) -> CitationView:
    """The one whose reason says most: «căn cứ» rather than a mere mention."""
    return next((c for c in group if c.citation.role != "vien-dan"), group[0])

