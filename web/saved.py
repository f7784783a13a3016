"""Searches that people keep: new matches are counted, listed and given as a feed, until the search is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from archive import saved
from archive.saved import Saved
from corpus.lexicon import kind_label
from corpus.model import Kind
from corpus.text import normalise
from indexer import alerts, narrowing
from indexer.views import Card
from web import correction_forms
from web.context import service, viewer
from web.correction_forms import Misread
from web.corrections import EDITOR, editor
from web.filters import date
from web.preferences import YEAR
from web.search import EFFECTS, years_in_words

blueprint = Blueprint("saved", __name__, url_prefix="/saved")

SHOWN = 50  # documents on a page and in a feed
LONGEST = 120  # characters of a name


@blueprint.get("")
def searches() -> str:
    """All that are kept, those with new matches counted."""
    return _page()


def _page(*, problem: str = "", typed: Mapping[str, Sequence[str]] | None = None) -> str:
    kept = saved.every(service().archive, viewer())
    new = saved.new(service().archive, viewer())
    rows = sorted(kept, key=lambda one: -new.get(one.id, 0))  # those without new ones stay newest first
    return render_template(
        "saved.html", rows=rows, new=new, words=words, problem=problem, typed=typed or {}, editor=editor()
    )


@blueprint.post("")
def save() -> Answer | tuple[str, int]:
    """Keep the search that the form carries. Raises `BadQuery`."""
    asked = request.form.to_dict(flat=False)
    try:
        by = correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))
        name = _name(request.form.get("name", "") or request.form.get("q", ""))
    except Misread as problem:
        return _page(problem=str(problem), typed=asked), 400
    made = alerts.save(service(), viewer(), name=name, asked=asked, by=by)
    return _signed(url_for("saved.one", search=made.id), by)


def _name(typed: str) -> str:
    """What a search is called. Raises `Misread`."""
    said = " ".join(normalise(typed).split())
    if not said or len(said) > LONGEST:
        raise Misread(f"Xin đặt tên cho câu tìm, không quá {LONGEST} chữ cái.")
    return said


def _signed(back: str, by: str) -> Answer:
    answer = redirect(back, 303)
    answer.set_cookie(EDITOR, by, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@blueprint.get("/<int:search>")
def one(search: int) -> str:
    """The documents that came to answer a search last, the new ones marked."""
    kept = saved.get(service().archive, viewer(), search)
    new, old = _found(kept)
    count = saved.new(service().archive, viewer()).get(search, 0)
    return render_template(
        "saved_one.html", search=kept, said=words(kept.asked), address=address(kept), new=new, old=old, count=count,
        editor=editor(), query=kept.asked.get("q", ("",))[0],
    )  # fmt: skip


def _found(kept: Saved) -> tuple[list[Card], list[Card]]:
    matches = saved.found(service().archive, viewer(), kept.id, limit=SHOWN)
    cards = service().findings.cards(viewer(), [match.document for match in matches])
    there = [match for match in matches if match.document in cards]
    new, old = ([cards[match.document] for match in there if match.new is wanted] for wanted in (True, False))
    return new, old


@blueprint.post("/<int:search>/seen")
def seen(search: int) -> Answer:
    """Somebody looked at what is new."""
    saved.seen(service().archive, viewer(), search)
    return redirect(url_for("saved.searches"), 303)


@blueprint.post("/<int:search>/drop")
def drop(search: int) -> Answer | tuple[str, int]:
    """Keep a search no longer."""
    try:
        by = correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))
    except Misread as problem:
        return _page(problem=str(problem)), 400
    saved.drop(service().archive, viewer(), search, by=by)
    return _signed(url_for("saved.searches"), by)


@blueprint.get("/<int:search>/feed.atom")
def feed(search: int) -> Response:
    """The documents that came to answer a search, the newest first, as Atom."""
    kept = saved.get(service().archive, viewer(), search)
    matches = saved.found(service().archive, viewer(), search, limit=SHOWN)
    cards = service().findings.cards(viewer(), [match.document for match in matches])
    updated = max([match.met_at for match in matches], default=kept.at)
    text = render_template(
        "saved_feed.xml", search=kept, address=address(kept), cards=cards, updated=updated,
        matches=[match for match in matches if match.document in cards],
    )  # fmt: skip
    return Response(text, content_type="application/atom+xml; charset=utf-8")


def address(kept: Saved) -> str:
    """The page of results of a search."""
    asked: dict[str, Any] = {name: list(values) for name, values in kept.asked.items()}
    return url_for("search.home", **asked)


def words(asked: Mapping[str, Sequence[str]]) -> list[str]:
    """What narrows a search, in words."""
    filters = narrowing.read(asked)
    said = [kind_label(Kind(kind)) for kind in filters.kinds if kind in list(Kind)]
    said += [*filters.issuers, *(f"người ký {name}" for name in filters.signers)]
    said += [f"hồ sơ {code}" for code in filters.dossiers]
    said += [years_in_words(filters.years)] if filters.years else []
    said += [EFFECTS[effect] for effect in filters.effects]
    days = (("từ ngày", filters.since), ("đến ngày", filters.until), ("xem theo ngày", filters.on))
    return said + [f"{before} {date(day)}" for before, day in days if day]

