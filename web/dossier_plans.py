"""Lists of dossiers: one added, many taken from a table; papers that lie in no dossier yet; fonds."""

from __future__ import annotations

import datetime as dt
import tempfile
from functools import partial
from pathlib import Path

from flask import Blueprint, abort, render_template, request, url_for

from archive import dossiers, filing
from archive.dossiers import State, Unit
from archive.errors import NotAllowed
from archive.filing import Planned
from archive.fonds import OURS, Fonds, fonds_of
from archive.retention import Term
from indexer import gathering, reading
from indexer.ports import ReadFailure
from web import acts, correction_forms, dossier_acts, dossier_table, preferences
from web.acts import Answer, said
from web.context import service, today, viewer
from web.correction_forms import Misread
from web.corrections import editor

blueprint = Blueprint("dossier_plans", __name__, url_prefix="/dossiers")

PAGE = 20
LARGEST = 5 << 20  # bytes of a file with a list


@blueprint.post("/name")
def known_as() -> Answer:
    """Remember who works in this browser, and back to the page."""
    return acts.done(lambda _by: preferences.back(), _unfiled)


@blueprint.get("/new")
def new() -> str:
    """The form of one dossier."""
    return _form()


def _form(problem: str = "") -> str:
    return render_template(
        "dossier_new.html", problem=problem, typed=request.form, editor=editor(), today=today(),
        fonds=fonds_of(service().archive, viewer()), document=request.values.get("document", ""),
    )  # fmt: skip


@blueprint.post("/new")
def add() -> Answer:
    """Put one dossier into a year's list, or open it at once; with the document it is made for."""

    def act(by: str) -> str:
        term = Term.parse(said("term")) if said("term") else None
        unit = Unit(said("unit")) if said("unit") in list(Unit) else Unit.PAGE
        line = Planned(said("code"), said("title"), said("heading"), said("keeper"), term, said("note"), unit)
        told = {"year": _year(), "fonds": said("fonds") or OURS, "by": by}
        archive, document = service().archive, said("document")
        if said("act") == "plan" and not document:
            (made,) = filing.plan(archive, viewer(), [line], **told)
        else:
            made = filing.start(archive, viewer(), line, on=acts.day("on"), **told)
        if document:
            filing.put(archive, viewer(), made, [document], by=by)
        return url_for("dossiers.one", dossier=made)

    return acts.done(act, _form)


def _year() -> int:
    year = acts.number("year")
    if year is None:
        raise Misread("Xin ghi năm của danh mục hồ sơ.")
    return year


@blueprint.get("/import")
def import_form() -> str:
    """Where a list is pasted or chosen."""
    return _import()


def _import(problem: str = "", *, rows: tuple[dossier_table.Read, ...] = (), text: str = "") -> str:
    good = [row.planned for row in rows if row.planned]
    return render_template(
        "dossier_import.html", problem=problem, typed=request.form, rows=rows, text=text or said("text"),
        good=good, bad=len(rows) - len(good), editor=editor(), today=today(),
        fonds=fonds_of(service().archive, viewer()),
    )  # fmt: skip


@blueprint.post("/import")
def import_() -> Answer:
    """Show how a list was understood; take it once a person says that this is right."""
    try:
        text = _given()
    except Misread as problem:
        return _import(str(problem)), 400
    rows = dossier_table.read(text)
    if said("act") != "keep" or not rows or any(row.problem for row in rows):
        problem = "" if rows else "Chưa thấy hồ sơ nào. Mỗi dòng cần có số, ký hiệu và tiêu đề."
        return _import(problem, rows=rows, text=text), 200 if rows else 400

    def act(by: str) -> str:
        planned = [row.planned for row in rows if row.planned]
        filing.plan(service().archive, viewer(), planned, year=_year(), fonds=said("fonds") or OURS, by=by)
        return url_for("dossiers.listing", nam=_year())

    return acts.done(act, lambda problem: _import(problem, rows=rows, text=text))


def _given() -> str:
    """The text pasted, or that of the file chosen as the sandboxed readers give it. Raises `Misread`."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return said("text")
    data = sent.stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Misread("Tệp danh mục quá lớn. Xin gửi riêng bảng danh mục.")
    if Path(sent.filename).suffix.lower() in (".csv", ".txt", ".tsv"):
        return data.decode("utf-8-sig", "replace")
    with tempfile.TemporaryDirectory(prefix="vankho-") as folder:
        path = Path(folder) / "danh-muc"
        path.write_bytes(data)
        try:
            settings = service().settings
            return reading.read(path, seconds=settings.read_seconds, memory_mib=settings.read_memory).text
        except ReadFailure as failure:
            raise Misread(f"Không đọc được tệp danh mục: {failure.detail}. Xin dán bảng vào ô bên dưới.") from failure


@blueprint.get("/unfiled")
def unfiled() -> str:
    """Papers in no dossier, each with where it may belong."""
    return _unfiled()


def _unfiled(problem: str = "") -> str:
    archive, page = service().archive, max(1, request.args.get("page", 1, type=int))
    count, documents = dossiers.unfiled(archive, viewer(), limit=PAGE, offset=(page - 1) * PAGE)
    cards = service().findings.cards(viewer(), documents)
    return render_template(
        "dossier_unfiled.html", problem=problem, count=count, cards=cards, page=page, last=-(-count // PAGE),
        proposed=gathering.propose(archive, viewer(), documents), editor=editor(),
    )  # fmt: skip


@blueprint.get("/for/<document>")
def choose(document: str) -> str:
    """Into which dossier a document goes: those it lies in, those proposed, any other."""
    return _choose(document)


def _choose(document: str, problem: str = "") -> str:
    archive, words = service().archive, request.args.get("q", "").strip()
    card = service().findings.cards(viewer(), [document]).get(document)
    if card is None:
        abort(404)
    lies = dossiers.of_documents(archive, viewer(), [document]).get(document, ())
    found = dossiers.listed(archive, viewer(), states=(State.OPEN, State.PLANNED), words=words)
    return render_template(
        "dossier_choose.html", problem=problem, card=card, lies=lies, words=words, editor=editor(),
        proposed=gathering.propose(archive, viewer(), [document]).get(document, ()),
        others=[one for one in found if one not in lies][:PAGE], more=len(found) > PAGE,
    )  # fmt: skip


@blueprint.post("/for/<document>")
def put(document: str) -> Answer:
    """Put a document into the chosen dossier, or say that it does not belong there; then back to where it was asked."""
    dossier = said("dossier")

    def act(by: str) -> str:
        if said("act") == "out":
            filing.take_out(service().archive, viewer(), dossier, document, by=by)
        else:
            dossier_acts.file(dossier, document, by=by)
        if said("back") == "unfiled":
            return url_for(".unfiled", page=acts.number("page"))
        return url_for(".choose", document=document)

    return acts.done(act, _unfiled if said("back") == "unfiled" else partial(_choose, document))


@blueprint.get("/fonds")
def fonds() -> str:
    """Whose papers the archive keeps, and the form of one."""
    return _fonds()


def _fonds(problem: str = "") -> str:
    known = fonds_of(service().archive, viewer())
    return render_template(
        "dossier_fonds.html", problem=problem, fonds=known, typed=request.form, editor=editor(),
        chosen=known.get(request.values.get("id", "")),
    )  # fmt: skip


@blueprint.post("/fonds")
def describe() -> Answer:
    """Keep what is known of a fonds."""

    def act(by: str) -> str:
        if said("id") and said("id") not in fonds_of(service().archive, viewer()):
            raise NotAllowed(reason="Không có phông ấy. Xin tải lại trang.")
        ended = correction_forms.day(said("ended_on"))
        one = Fonds(
            id=said("id"), name=" ".join(said("name").split()), parent=said("parent"), place=said("place"),
            party=said("party") == "1", ended_on=dt.date.fromisoformat(ended) if ended else None, heir=said("heir"),
            note=said("note"),
        )  # fmt: skip
        filing.describe_fonds(service().archive, viewer(), one, by=by)
        return url_for(".fonds")

    return acts.done(act, _fonds)
