"""The review of evidence (rà soát): one passage beside one task, four equal answers; or many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from archive import corrections
from archive.errors import NotFound
from corpus import meaning
from indexer import review_queue, reviewing
from indexer.review_queue import Item
from indexer.reviewing import Judgement
from indexer.views import Card
from web import correction_forms, errors, shared_words
from web.context import service, viewer
from web.correction_forms import Misread
from web.corrections import EDITOR
from web.preferences import YEAR

Difference = tuple[tuple[meaning.Piece, ...], tuple[meaning.Piece, ...]]
"""A text before and after, in pieces."""

blueprint = Blueprint("review", __name__, url_prefix="/review")

ANSWERS = {
    "fulfils": ("Đã xong", "done"), "partial": ("Một phần", "partial"), "rejected": ("Không phải", "close"),
    "later": ("Để sau", "ongoing"),
}  # fmt: skip
"""The four buttons: words and icon; keys 1 to 4 in this order."""
SAID = {
    "fulfils": "đã xong", "partial": "một phần", "mentions": "có nhắc tới", "rejected": "không phải",
    "later": "để sau",
}  # fmt: skip
SHOWN = {"open": "Chờ xem", "suspect": "Cần rà soát lại", "later": "Để sau", "decided": "Đã xem", "all": "Tất cả"}
NEXT = 8
MOST = 500


@dataclass(frozen=True, slots=True)
class Queue:
    """The items asked for, and where in them the reader is."""

    every: tuple[Item, ...]
    """All of the plan or paper, decided or not."""
    items: Sequence[Item]
    at: int

    @property
    def current(self) -> Item | None:
        return self.items[self.at] if self.items else None

    @property
    def waiting(self) -> int:
        return len(review_queue.shown(self.every, "open"))


def narrowed() -> dict[str, Any]:
    """The parameters that say which queue it is."""
    names = ("plan", "paper", "show")
    return {name: value for name in names if (value := request.values.get(name, ""))}


@blueprint.get("")
def review() -> str:
    """One item with what follows it; without a plan or a paper, the plan in which most waits."""
    waiting = service().findings.review_waiting(viewer())
    where = _narrowed_or_first(waiting)
    queue = _queue(where, request.args.get("at", "") or _of_task(where))
    item = queue.current
    around = service().findings.around(viewer(), item.paper.document, item.span) if item and item.span else ("", "")
    return render_template(
        "review.html", queue=queue, item=item, where=where, waiting=waiting, answers=ANSWERS, said=SAID, shown=SHOWN,
        around=around, marked=_marked(item) if item else None, changed=_changed(item) if item else None,
        done=_done(), editor=request.cookies.get(EDITOR, ""), next_items=_following(queue), typed={},
    )  # fmt: skip


def _narrowed_or_first(waiting: Sequence[tuple[Card, int, int]]) -> dict[str, Any]:
    where = narrowed()
    if not where.get("plan") and not where.get("paper") and waiting:
        where["plan"] = waiting[0][0].document
    return where


def _of_task(where: dict[str, Any]) -> str:
    """The key of the first item of the task that `?task=` names by where it begins."""
    start = request.args.get("task", type=int)
    every = service().findings.review(viewer(), plan=where.get("plan")) if start is not None else ()
    return next((item.key for item in every if item.task.span.start == start), "")


def _queue(where: dict[str, Any], at: str) -> Queue:
    every = service().findings.review(viewer(), plan=where.get("plan"), paper=where.get("paper"))
    show = where.get("show", "open")
    items = review_queue.shown(every, show if show in SHOWN else "open")
    place = next((i for i, item in enumerate(items) if item.key == at), None)
    if place is None and at:
        # It was decided meanwhile: the one that came after it is next.
        order = [item.key for item in every]
        after = set(order[order.index(at) :]) if at in order else set()
        place = next((i for i, item in enumerate(items) if item.key in after), 0)
    return Queue(every, items, place or 0)


def _following(queue: Queue) -> Sequence[Item]:
    start = max(0, min(queue.at, len(queue.items) - NEXT))
    return queue.items[start : start + NEXT]


def _marked(item: Item) -> tuple[tuple[meaning.Piece, ...], tuple[meaning.Piece, ...]]:
    return shared_words.marked(item.wording, item.quote, (*item.task.lead, *item.task.partners))


def _changed(item: Item) -> tuple[Difference, Difference] | None:
    """What a doubtful decision was made on against what stands now: (task before, now), (passage before, now)."""
    if item.said is None or not item.said.suspect:
        return None
    return (
        meaning.difference(item.said.was_task, item.older_wording or item.wording),
        meaning.difference(item.said.was_quote, "" if item.lost else item.quote),
    )


@dataclass(frozen=True, slots=True)
class Done:
    """The decisions made last: their numbers, what they say, and of one alone what it is about."""

    numbers: str
    count: int
    said: str
    section: str
    paper: Card | None


def _done() -> Done | None:
    numbers = _numbers(request.args.get("done", ""))
    if not numbers:
        return None
    try:
        first = corrections.get(service().archive, viewer(), numbers[0])
    except NotFound:
        return None
    paper, place = str(first.anchor.get("paper", "")), first.value.get("at", {}).get("task", {})
    return Done(
        ",".join(map(str, numbers)), len(numbers), SAID.get(first.value.get("status", ""), ""),
        str(place.get("section") or ""), service().findings.cards(viewer(), [paper]).get(paper),
    )  # fmt: skip


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.isdigit()][:MOST]


@blueprint.post("")
def decide() -> Response | tuple[str, int]:
    """Record one answer and go to the next item."""
    where = narrowed()
    queue = _queue(where, request.form.get("key", ""))
    item = next((one for one in queue.every if one.key == request.form.get("key")), None)
    if item is None or not item.open:
        abort(404)
    made = _decided([item], request.form.get("status", ""))
    return made if isinstance(made, tuple) else _back(made, {**where, "at": item.key})


def _decided(items: Iterable[Item], status: str) -> list[int] | tuple[str, int]:
    if status not in ANSWERS and status != "mentions":
        abort(400)
    try:
        by = _name()
    except Misread as problem:
        return errors.page(400, str(problem), "Xin quay lại trang trước, ghi tên người xem rồi chọn lại.")
    judged = [
        Judgement(*item.place, item.paper.document, item.span, status)
        for item in items if item.open
    ]  # fmt: skip
    return [one.id for one in reviewing.decide(service().archive, viewer(), judged, by=by)]


def _name() -> str:
    return correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))


def _back(numbers: Sequence[int], where: dict[str, Any]) -> Response:
    done = {"done": ",".join(map(str, numbers))} if numbers else {}
    answer = redirect(url_for("review.review", **{**where, **done}), 303)
    answer.set_cookie(EDITOR, _name(), max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@blueprint.post("/undo")
def undo() -> Response:
    """Take decisions back, all that one act made."""
    numbers = _numbers(request.form.get("done", ""))
    reviewing.undo(service().archive, viewer(), numbers, by=_name())
    return _back((), {**narrowed(), "at": request.form.get("key", "")})


@blueprint.route("/many", methods=["GET", "POST"])
def many() -> str | Response | tuple[str, int]:
    """Choose many items, see what would be recorded, then record it."""
    where = _narrowed_or_first(service().findings.review_waiting(viewer()))
    queue = _queue({**where, "show": "open"}, "")
    items = [item for item in queue.items if item.span is not None][:MOST]
    if request.method == "GET":
        least = request.args.get("least", 0, type=int)
        return render_template(
            "review_many.html", items=[i for i in items if 100 * i.score >= least], where=where, answers=ANSWERS,
            said=SAID, least=least, chosen=None, status="", editor=request.cookies.get(EDITOR, ""), typed={},
        )  # fmt: skip
    keys = set(request.form.getlist("key"))
    chosen = [item for item in items if item.key in keys]
    status = request.form.get("status", "")
    if not chosen or status not in ANSWERS:
        return redirect(url_for("review.many", **where), 303)
    if "confirm" not in request.form:
        return render_template(
            "review_many.html", items=chosen, where=where, answers=ANSWERS, said=SAID, least=0, chosen=chosen,
            status=status, editor=request.cookies.get(EDITOR, ""), typed={},
        )  # fmt: skip
    made = _decided(chosen, status)
    return made if isinstance(made, tuple) else _back(made, where)
