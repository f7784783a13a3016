"""Correcting what the machine read of a document: fields, sections, citations, and what a citation means.

Plain forms. A correction takes effect at once, is shown as its maker's, and is taken back by one button.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from archive import corrections
from archive.corrections import Subject
from corpus.lexicon import kind_label, role_label
from corpus.model import Kind, Role, Section, Span
from indexer import anchors, copies, correcting, overlay, worker
from indexer.views import CitationView, DocumentView
from web import correction_forms, correction_words, task_history
from web.context import service, viewer
from web.correction_forms import Misread
from web.preferences import YEAR

blueprint = Blueprint("corrections", __name__, url_prefix="/documents/<document>/corrections")

WAIT = 5.0  # seconds a page waits for a busy worker to work a correction in
EDITOR = "editor"
"""Cookie with the name of who corrected last in this browser."""
LONGEST_QUOTE = 400


@blueprint.get("")
def corrections_of(document: str) -> str:
    """The forms, doubtful things first, and everything that was corrected so far."""
    return page(_view(document))


def page(view: DocumentView, *, problems: tuple[str, ...] = (), typed: Mapping[str, str] | None = None) -> str:
    """The page; `typed` is what a refused form held, so that nothing has to be typed again."""
    document = view.card.document
    cited = [c for c in view.citations if not c.itself]
    return render_template(
        "corrections.html", view=view, card=view.card, problems=problems, typed=typed or {},
        fields=correction_forms.fields(view), kinds=sorted((kind_label(k), k.value) for k in Kind),
        unsure=[c for c in cited if c.possible], cited=[c for c in cited if not c.possible],
        opened=request.args.get("dan", type=int), section=request.args.get("muc"),
        roles=[(role.value, role_label(role)) for role in Role], levels=correction_forms.LEVELS,
        lines=told(document), alike=lambda one: len(alike(view, one)), editor=editor(),
        twins=service().findings.twins(viewer(), document), waiting=correcting.waiting(service()),
    )  # fmt: skip


def told(document: str) -> tuple[correction_words.Line, ...]:
    """The corrections of a document in words, newest first."""
    records = corrections.of(service().archive, viewer(), document)
    ids = {one.value["target"] for one in records if one.subject is Subject.LINK and one.value["target"]}
    ids |= {one.anchor["other"] for one in records if one.subject is Subject.VERSION}
    targets = service().findings.cards(viewer(), ids | task_history.documents(records))
    return correction_words.lines(records, service().findings.laid(viewer(), document), targets)


def editor() -> str:
    """Who corrected last in this browser; empty when nobody did."""
    try:
        return correction_forms.name(request.cookies.get(EDITOR, ""))
    except Misread:
        return ""


@blueprint.post("/fields")
def correct_fields(document: str) -> Response | tuple[str, int]:
    """Keep the fields that were changed in the form."""
    view = _view(document)

    def keep(by: str) -> list[corrections.Correction]:
        changed: dict[str, Any] = {}
        for name in correction_forms.FIELDS:
            typed = request.form.get(name, "").replace("\r\n", "\n").strip()
            if name in request.form and typed != request.form.get(f"was-{name}", "").replace("\r\n", "\n").strip():
                changed[name] = correction_forms.field(name, typed)
        if not changed:
            raise Misread("Chưa có ô nào được sửa.")
        return [
            _record(view, Subject.FIELD, {"field": name}, value, overlay.field_value(view.heading, name), by)
            for name, value in changed.items()
        ]

    return _kept(view, keep, "thong-tin")


@blueprint.post("/citations/<int:start>")
def correct_citation(document: str, start: int) -> Response | tuple[str, int]:
    """Say what a citation means, correct what it says, or say that it is none."""
    view = _view(document)
    found = next((c for c in view.citations if c.citation.span.start == start), None)
    if found is None:
        abort(404)

    def keep(by: str) -> list[corrections.Correction]:
        act = request.form.get("act")
        anchor, earlier = _cited_anchor(view, found), _earlier(document, Subject.CITATION, str(start))
        if act == "target":
            target = _target(found)
            others = alike(view, found) if request.form.get("all") else []
            return [_choose(view, one, target, by) for one in (found, *others)]
        value = {"drop": True} if act == "drop" else _added(earlier) | correction_forms.citation(request.form)
        read = {"text": found.citation.text, **overlay.citation_value(found.citation)}
        return [_record(view, Subject.CITATION, anchor, value, read, by)]

    return _kept(view, keep, "cho-dan")


def alike(view: DocumentView, found: CitationView) -> list[CitationView]:
    """Other citations of the same number and day that mean, as far as the machine can tell, the same."""
    if not found.citation.number:
        return []
    wanted = _identity(found)
    return [one for one in view.citations if one is not found and not one.itself and _identity(one) == wanted]


def _identity(one: CitationView) -> tuple[str, object, object, frozenset[str]]:
    cited = one.citation
    candidates = frozenset(target.document for target in (*one.possible, *filter(None, (one.target,))))
    return (cited.number or "").casefold(), cited.issued_on, one.target is None, candidates


def _choose(view: DocumentView, one: CitationView, target: str | None, by: str) -> corrections.Correction:
    read = {"text": one.citation.text, "target": one.target.number if one.target else None}
    return _record(view, Subject.LINK, _cited_anchor(view, one), {"target": target}, read, by)


def _cited_anchor(view: DocumentView, one: CitationView) -> Mapping[str, Any]:
    document, place = view.card.document, str(one.citation.span.start)
    earlier = _earlier(document, Subject.CITATION, place) or _earlier(document, Subject.LINK, place)
    text = anchors.Text.of(view.text)
    return earlier.anchor if earlier else overlay.cited_anchor(text, view.sections, one.citation)


def _target(found: CitationView) -> str | None:
    """The chosen document; None for none of those held. Raises `Misread`."""
    chosen = request.form.get("target", "")
    if chosen == "none":
        return None
    wanted = request.form.get("other", "").strip() if chosen in ("", "other") else chosen
    if not wanted:
        raise Misread(f"Xin chọn văn bản mà “{found.citation.text}” chỉ tới.")
    held = service().findings.identify(viewer(), wanted)
    if len(held) > 1:
        raise Misread(f"Kho có {len(held)} văn bản mang số “{wanted}”. Xin dán mã văn bản từ địa chỉ trang của nó.")
    for card in held:
        return card.document
    raise Misread(f"Không tìm thấy trong kho: “{wanted}”.")


@blueprint.post("/citations")
def add_citation(document: str) -> Response | tuple[str, int]:
    """A citation that the machine did not see, at the words given."""
    view = _view(document)

    def keep(by: str) -> list[corrections.Correction]:
        anchor, span = _words(view)
        quote = " ".join(span.of(view.text).split())
        value = {"add": True, "quote": quote, **correction_forms.citation(request.form)}
        if not value["number"]:
            raise Misread("Xin ghi số, ký hiệu của văn bản được dẫn.")
        return [_record(view, Subject.CITATION, {**anchor, "number": None}, value, None, by)]

    return _kept(view, keep, "cho-dan")


@blueprint.post("/sections")
def correct_section(document: str) -> Response | tuple[str, int]:
    """Give a section another id or title, take it away, or add one at the words given."""
    view = _view(document)

    def keep(by: str) -> list[corrections.Correction]:
        if request.form.get("act") == "add":
            level = request.form.get("level", "")
            if level not in list(correction_forms.LEVELS):
                raise Misread("Xin chọn cấp của mục.")
            value = {"add": True, "level": level, **correction_forms.section(request.form)}
            if any(section.id == value["id"] for section in view.sections):
                raise Misread(f"Văn bản đã có mục “{value['id']}”.")
            return [_record(view, Subject.SECTION, _words(view)[0], value, None, by)]
        section = _section(view)
        drop = request.form.get("act") == "drop"
        earlier = _earlier(document, Subject.SECTION, section.id)
        value = {"drop": True} if drop else _added(earlier) | correction_forms.section(request.form)
        read = {"id": section.id, "title": section.title}
        anchor = earlier.anchor if earlier else anchors.of_section(section)
        return [_record(view, Subject.SECTION, anchor, value, read, by)]

    return _kept(view, keep, "cac-muc")


def _earlier(document: str, subject: Subject, place: str) -> corrections.Correction | None:
    """The correction in force at a place: a further one has the same anchor, whatever the first one changed."""
    places = service().findings.laid(viewer(), document)
    every = corrections.standing(corrections.of(service().archive, viewer(), document))
    return next((one for one in every if one.subject is subject and places.get(one.id) == place), None)


def _added(earlier: corrections.Correction | None) -> dict[str, Any]:
    """What makes a citation or a section one that a person added."""
    if earlier is None or not earlier.value.get("add"):
        return {}
    return {name: earlier.value[name] for name in ("add", "quote", "level") if name in earlier.value}


@blueprint.post("/versions")
def decide_version(document: str) -> Response | tuple[str, int]:
    """Say whether another paper is a version of the same document."""
    view = _view(document)
    found = {twin.card.document: twin for twin in service().findings.twins(viewer(), document)}
    twin = found.get(request.form.get("other", ""))
    if twin is None:
        abort(404)

    def keep(by: str) -> list[corrections.Correction]:
        same = request.form.get("act") == "same"
        main = copies.main_of(view.card, twin.card)
        lesser = _view(twin.card.document) if same and main is view.card else view
        other = view.card if lesser is not view else twin.card
        return [_record(lesser, Subject.VERSION, {"other": other.document}, {"same": same}, None, by)]

    return _kept(view, keep, "ban-khac")


def _section(view: DocumentView) -> Section:
    wanted = request.form.get("section", "")
    found = next((section for section in view.sections if section.id == wanted), None)
    if found is None:
        raise Misread(f"Văn bản không có mục “{wanted}”.")
    return found


def _words(view: DocumentView) -> tuple[dict[str, Any], Span]:
    """The place of words quoted from the text. Raises `Misread`."""
    quote = request.form.get("quote", "")
    words = anchors.letters(quote[:LONGEST_QUOTE])
    text = anchors.Text.of(view.text)
    if not words or text.letters.count(words) != 1:
        said = "không có" if not words or words not in text.letters else "có nhiều hơn một lần"
        raise Misread(f"Chữ “{quote}” {said} trong văn bản. Xin chép đúng một đoạn chỉ có một lần.")
    span = text.span(text.letters.index(words), len(words))
    return anchors.of_words(text, view.sections, span), span


@blueprint.post("/<int:number>/undo")
def undo(document: str, number: int) -> Response | tuple[str, int]:
    """Take a correction back."""
    view = _view(document)
    if corrections.get(service().archive, viewer(), number).document != document:
        abort(404)

    def keep(by: str) -> list[corrections.Correction]:
        return [corrections.undo(service().archive, viewer(), number, by=by)]

    return _kept(view, keep, "da-sua")


def _view(document: str) -> DocumentView:
    view = service().findings.document(viewer(), document)
    if view is None:
        abort(404)
    return view


def _record(
    view: DocumentView, subject: Subject, anchor: Mapping[str, Any], value: Any, read: Any, by: str
) -> corrections.Correction:
    return corrections.record(
        service().archive, viewer(), view.card.document, subject=subject, anchor=anchor, value=value, read=read, by=by
    )


def _kept(
    view: DocumentView, keep: Callable[[str], list[corrections.Correction]], anchor: str
) -> Response | tuple[str, int]:
    """Keep what the form says and go back to the page; a form that cannot be understood comes back as typed."""
    try:
        by = correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))
        made = keep(by)
    except Misread as problem:
        return page(view, problems=(str(problem),), typed=request.form.to_dict()), 400
    worker.correct(service(), max(one.id for one in made), seconds=WAIT)
    back = url_for("corrections.corrections_of", document=view.card.document, _anchor=anchor)
    answer = redirect(back, 303)
    answer.set_cookie(EDITOR, by, max_age=YEAR, samesite="Lax", httponly=True)
    return answer
