"""What became of a document, in words; and the archive as of a day (`?on=YYYY-MM-DD`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, has_request_context, request

from corpus import dates
from corpus.model import Role
from indexer.effects import Effect
from indexer.views import Card, DocumentView
from web.context import service, viewer

SAID = {
    Role.REPLACES: "bị thay thế bởi", Role.REPEALS: "bị bãi bỏ bởi", Role.RECALLS: "bị thu hồi bởi",
    Role.AMENDS: "được sửa đổi, bổ sung bởi", Role.CORRECTS: "được đính chính bởi",
}  # fmt: skip
KEEPING = ("documents.read", "search.home", "missing.missing", "plans.plans", "plans.plan", "graph.graph")
"""Pages that show the archive as of a day; links between them keep the day."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the archive knows of a document's effect, now or as of a day."""

    on: dt.date | None
    card: Card
    """As it would have been shown that day."""
    done: tuple[Effect, ...]
    """What was done to it, until the day when there is one."""
    later: tuple[Effect, ...] = ()
    """What was done after that day."""
    early: bool = False
    """That day it was not issued yet."""

    @property
    def ended(self) -> bool:
        """Whether something did away with the whole of it."""
        return any(effect.ends for effect in self.done)


def day() -> dt.date | None:
    """The day the reader asked for; None when none or one that nobody can read."""
    given = request.args.get("on", "").strip()
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        return dates.read(given)


def standing(view: DocumentView) -> Standing:
    """The effect of a document as the page shows it."""
    found, on = service().findings.effects(viewer(), view.card.document), day()
    if on is None:
        return Standing(None, view.card, found)
    done = tuple(effect for effect in found if effect.by(on))
    ending = next((effect.card for effect in done if effect.ends), None)
    card = replace(
        view.card, replaced_by=ending.document if ending else None, replaced_by_number=ending.number if ending else None
    )
    early = view.card.issued_on is not None and view.card.issued_on > on
    return Standing(on, card, done, tuple(effect for effect in found if not effect.by(on)), early)


def until(view: DocumentView, on: dt.date | None) -> DocumentView:
    """The document among the papers that were there on a day; those without a date may have been."""
    if on is None:
        return view
    incoming = tuple(one for one in view.incoming if _there(one.card, on))
    answers = tuple(one for one in view.answers if _there(one.plan, on))
    return replace(view, incoming=incoming, answers=answers)


def _there(card: Card, on: dt.date) -> bool:
    return card.issued_on is None or card.issued_on <= on


def said(effect: Effect) -> str:
    """«bị thay thế bởi»."""
    return SAID[effect.role]


def ending(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Those that do away with the whole document."""
    return tuple(effect for effect in effects if effect.ends)


def keep_day(endpoint: str, values: dict[str, Any]) -> None:
    """Links between pages that can show a day keep the one that was asked for."""
    if endpoint in KEEPING and has_request_context() and request.method == "GET" and request.args.get("on"):
        values.setdefault("on", request.args["on"])


def register(app: Flask) -> None:
    """Make the words known to templates, and let links keep the day."""
    app.jinja_env.filters["effect_said"] = said
    app.url_defaults(keep_day)
