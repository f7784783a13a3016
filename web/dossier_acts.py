"""The forms of one dossier: what lies in it, its term, opening, closing, holding back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, request, url_for

from archive import appraisal, dossiers, filing
from archive.errors import NotAllowed
from archive.retention import Term
from web import acts, dossier_lines
from web import dossiers as pages
from web.acts import Answer, said
from web.context import service, today, viewer
from web.correction_forms import Misread

blueprint = Blueprint("dossier_acts", __name__, url_prefix="/dossiers/<dossier>")


@blueprint.post("/papers")
def put(dossier: str) -> Answer:
    """Put the document of this number or id into the dossier; a planned one is opened with it."""

    def act(by: str) -> str:
        file(dossier, _named(said("paper")), by=by)
        return _back(dossier, "van-ban")

    return _done(dossier, act)


def file(dossier: str, document: str, *, by: str) -> None:
    """Put a document into a dossier, opening one that was only planned."""
    archive = service().archive
    if dossiers.get(archive, viewer(), dossier).state is dossiers.State.PLANNED:
        filing.open_(archive, viewer(), dossier, on=today(), by=by)
    filing.put(archive, viewer(), dossier, [document], by=by)


def _named(wanted: str) -> str:
    """The one document meant by a number or an id. Raises `Misread`."""
    if not wanted:
        raise Misread("Xin ghi số, ký hiệu hoặc mã của văn bản.")
    found = service().findings.identify(viewer(), wanted)
    if len(found) > 1:
        raise Misread(f"Kho có {len(found)} văn bản mang số “{wanted}”. Xin dán mã văn bản từ địa chỉ trang của nó.")
    for card in found:
        return card.document
    raise Misread(f"Không tìm thấy trong kho: “{wanted}”.")


@blueprint.post("/papers/<document>")
def paper(dossier: str, document: str) -> Answer:
    """Note the leaves of a document, move it, take it out; or say that a proposed one does not belong."""
    archive = service().archive

    def act(by: str) -> str:
        what = said("act")
        if what == "note":
            filing.note(
                archive, viewer(), dossier, document, leaves=acts.number("leaves"), note=said("note"), by=by
            )
        elif what in ("up", "down"):
            filing.arrange(archive, viewer(), dossier, _moved(dossier, document, what), by=by)
        elif what == "out":
            filing.take_out(archive, viewer(), dossier, document, by=by)
        elif what == "in":
            file(dossier, document, by=by)
        else:
            abort(400)
        return _back(dossier, f"vb-{document}" if what in ("note", "up", "down") else "van-ban")

    return _done(dossier, act)


def _moved(dossier: str, document: str, way: str) -> list[str]:
    """The documents with one moved a place up or down."""
    order = list(dossiers.memberships(service().archive, viewer(), dossier))
    if document not in order:
        abort(404)
    at = order.index(document)
    to = max(at - 1, 0) if way == "up" else min(at + 1, len(order) - 1)
    order.insert(to, order.pop(at))
    return order


@blueprint.post("/by-day")
def by_day(dossier: str) -> Answer:
    """Order the documents by their day of issue; those without a day stay at the end."""

    def act(by: str) -> str:
        lines = dossier_lines.of(dossiers.get(service().archive, viewer(), dossier))
        dated = sorted(lines, key=lambda line: (line.described.issued_on is None, str(line.described.issued_on)))
        order = [line.entry.document for line in dated]
        filing.arrange(service().archive, viewer(), dossier, order, by=by)
        return _back(dossier, "van-ban")

    return _done(dossier, act)


@blueprint.post("/fields")
def change(dossier: str) -> Answer:
    """Change what the list says of the dossier."""

    def act(by: str) -> str:
        fields = {name: said(name) for name in ("code", "title", "heading", "keeper", "note", "unit")}
        if fields["unit"] not in list(dossiers.Unit):
            abort(400)
        filing.change(service().archive, viewer(), dossier, fields, by=by)
        return _back(dossier, "thong-tin")

    return _done(dossier, act)


@blueprint.post("/term")
def decide_term(dossier: str) -> Answer:
    """Decide how long it is kept: a proposed term, or another one."""

    def act(by: str) -> str:
        chosen, _, basis = said("chosen").partition("|")
        if chosen in ("", "other"):
            chosen, basis = said("term"), said("basis")
        if not chosen:
            raise Misread("Xin chọn hoặc ghi thời hạn bảo quản.")
        appraisal.decide(
            service().archive, viewer(), dossier, Term.parse(chosen), basis=basis, reason=said("reason"), by=by
        )
        return _back(dossier, "thoi-han")

    return _done(dossier, act)


@blueprint.post("/state")
def set_state(dossier: str) -> Answer:
    """Open, close, open again, or take out of the list."""
    archive = service().archive

    def act(by: str) -> str:
        what = said("act")
        if what == "open":
            filing.open_(archive, viewer(), dossier, on=acts.day("on"), by=by)
        elif what == "close":
            held = dossiers.get(archive, viewer(), dossier)
            lines = {line.entry.document: line.described for line in dossier_lines.of(held)}
            filing.close(archive, viewer(), dossier, ended_on=_past("on"), lines=lines, by=by)
        elif what == "reopen":
            filing.reopen(archive, viewer(), dossier, reason=said("reason"), by=by)
        elif what == "drop":
            filing.drop(archive, viewer(), dossier, by=by)
            return url_for("dossiers.listing")
        else:
            abort(400)
        return _back(dossier)

    return _done(dossier, act)


def _past(field: str) -> dt.date:
    """A day of the form that is not still to come. Raises `Misread`."""
    day = acts.day(field)
    if day > today():
        raise Misread(f"Ngày {day:%d/%m/%Y} chưa tới. Xin ghi ngày công việc đã kết thúc.")
    return day


@blueprint.post("/holds")
def hold(dossier: str) -> Answer:
    """Hold the dossier, or a document in it, back from destruction; or lift a hold."""
    archive = service().archive

    def act(by: str) -> str:
        number = acts.number("lift")
        if number is not None:
            appraisal.lift(archive, viewer(), number, reason=said("reason"), by=by)
            return _back(dossier, "giu-lai")
        subject = said("document") or dossier
        if subject != dossier and subject not in dossiers.memberships(archive, viewer(), dossier):
            raise NotAllowed(reason="Văn bản ấy không nằm trong hồ sơ này.")
        appraisal.hold(archive, viewer(), subject, reason=said("reason"), by=by)
        return _back(dossier, "giu-lai")

    return _done(dossier, act)


def _done(dossier: str, act: Callable[[str], str]) -> Answer:
    dossiers.get(service().archive, viewer(), dossier)  # NotFound before anything else
    return acts.done(act, partial(pages.page, dossier, typed=request.form.to_dict()))


def _back(dossier: str, anchor: str | None = None) -> str:
    return url_for("dossiers.one", dossier=dossier, _anchor=anchor)
