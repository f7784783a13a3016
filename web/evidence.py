"""Evidence that a person adds: from a task to a passage of a paper, and from a paper to the task that it answers.

Finding is links and GET forms, saving one POST. What was added is a decision like those of the review: it takes effect
at once, is shown with its maker and taken back by one button.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from archive import corrections
from archive.corrections import Subject
from archive.errors import BadQuery
from indexer import anchors, choosing, reviewing
from indexer.choosing import Choice, Passages
from indexer.reviewing import Judgement
from indexer.views import Card, EvidenceView, Filters, PlanView, Results, TaskView
from web import correction_forms, matrix
from web.context import service, today, viewer
from web.correction_forms import Misread
from web.corrections import EDITOR, editor
from web.preferences import YEAR

blueprint = Blueprint("evidence", __name__)

STATUSES = {"fulfils": "Đã xong", "partial": "Một phần", "mentions": "Có nhắc tới"}
"""What a passage that is added may say of the task."""
SAID = {"fulfils": "đã xong", "partial": "một phần", "mentions": "có nhắc tới", "rejected": "không phải",
        "later": "để sau"}  # fmt: skip
FOUND = 10
FIRST = 8
"""Papers that are named before anything is searched."""
PART = 60
"""Paragraphs of a long paper that are shown at once."""


@blueprint.get("/plans/<document>/tasks/<int:start>/evidence")
def add(document: str, start: int) -> str:
    """Find the paper, then choose the passage."""
    view, task = _task(document, start)
    paper = request.args.get("paper", "")
    return _choose(view, task, paper) if paper else _find(view, task)


def _find(view: PlanView, task: TaskView) -> str:
    query = request.args.get("q", "").strip()
    page = max(1, request.args.get("page", 1, type=int))
    found, problem = _searched(query, page) if query else (None, "")
    return render_template(
        "evidence_find.html", plan=view, card=view.card, task=task, query=query, found=found, problem=problem,
        page=page, last=-(-found.total // FOUND) if found else 0, near=choosing.reporting(view, task)[:FIRST],
        address=matrix.address(task, view.tasks),
    )  # fmt: skip


def _searched(query: str, page: int) -> tuple[Results | None, str]:
    try:
        return service().search(
            viewer(), query, filters=Filters(), limit=FOUND, offset=(page - 1) * FOUND, shown=1
        ), ""
    except BadQuery as error:
        return None, error.message("vi")


@dataclass(frozen=True, slots=True)
class Part:
    """The paragraphs of one part of a long paper, or those that hold some words."""

    choices: Sequence[Choice]
    number: int
    last: int


def _part(every: Sequence[Choice], words: str, number: int) -> Part:
    wanted = anchors.letters(words)
    held = [one for one in every if wanted in anchors.letters(one.words)] if wanted else every
    last = max(1, -(-len(held) // PART))
    number = min(max(1, number), last)
    return Part(held[(number - 1) * PART : number * PART], number, last)


def _choose(view: PlanView, task: TaskView, paper: str, problem: str = "") -> str:
    at = request.values.get("at", type=int)
    found = service().findings.choices(viewer(), view.card, task.task, paper, at)
    if found is None or paper == view.card.document:
        abort(404)
    words = request.values.get("words", "").strip()
    part = _part(found.every, words, request.values.get("part", 1, type=int))
    typed = request.form.to_dict()
    if not typed and at is not None and found.likely:
        typed = {"passage": found.likely[0].key}
    return render_template(
        "evidence_choose.html", plan=view, card=view.card, task=task, found=found, paper=found.paper, words=words,
        part=part, at=at, problem=problem, typed=typed, statuses=STATUSES, said=SAID, editor=editor(),
        shown=_shown(found, part, words), query=request.values.get("q", ""),
        address=matrix.address(task, view.tasks),
    )  # fmt: skip


def _shown(found: Passages, part: Part, words: str) -> tuple[Sequence[Choice], Sequence[Choice]]:
    """The likely paragraphs, and the others; a search for words shows what holds them."""
    likely = () if words or part.number > 1 else found.likely
    return likely, [one for one in part.choices if one not in likely]


@blueprint.post("/plans/<document>/tasks/<int:start>/evidence")
def keep(document: str, start: int) -> Response | tuple[str, int]:
    """Record the passage as evidence and go back to the task."""
    view, task = _task(document, start)
    paper = request.form.get("paper", "")
    try:
        judged = _judgement(view, task, paper)
        by = correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))
    except Misread as problem:
        return _choose(view, task, paper, str(problem)), 400
    made = reviewing.decide(service().archive, viewer(), [judged], by=by)
    answer = _back(view, task, done=made[0].id)
    answer.set_cookie(EDITOR, by, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


def _judgement(view: PlanView, task: TaskView, paper: str) -> Judgement:
    key, status = request.form.get("passage", ""), request.form.get("status", "")
    # Tasks go by their place: a text read anew, or a colleague, may have put another task there meanwhile.
    if anchors.letters(request.form.get("of", "")) != anchors.letters(task.task.wording):
        raise Misread("Nhiệm vụ vừa được đọc lại hoặc sửa ở nơi khác. Xin xem lại nội dung hiện nay rồi chọn lại.")
    if not key:
        raise Misread("Chưa chọn đoạn nào. Xin chọn một đoạn, hoặc cả văn bản.")
    if status not in STATUSES:
        raise Misread("Xin chọn đoạn này cho thấy nhiệm vụ đã xong, xong một phần hay chỉ có nhắc tới.")
    try:
        span = service().findings.chosen(paper, key)
    except ValueError:
        raise Misread("Văn bản vừa được đọc lại, đoạn đã chọn nay khác. Xin chọn lại.") from None
    return Judgement(view.card.document, task.task.span.start, paper, span, status)


def _back(view: PlanView, task: TaskView, **more: Any) -> Response:
    cell = matrix.address(task, view.tasks)
    return redirect(
        url_for("plans.plan", document=view.card.document, cell=cell, _anchor="minh-chung", **more), 303
    )  # type: ignore[return-value]


@blueprint.post("/plans/<document>/evidence/undo")
def undo(document: str) -> Response:
    """Take one decision on evidence back, of this plan or an older one, and show the task again."""
    number = request.form.get("number", 0, type=int)
    one = corrections.get(service().archive, viewer(), number)
    if one.subject is not Subject.FULFILMENT:
        abort(404)
    try:
        by = correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))
    except Misread:
        abort(400)
    reviewing.undo(service().archive, viewer(), [number], by=by)
    cell = request.form.get("cell") or None
    answer = redirect(url_for("plans.plan", document=document, cell=cell, undone=number, _anchor="minh-chung"), 303)
    answer.set_cookie(EDITOR, by, max_age=YEAR, samesite="Lax", httponly=True)
    return answer  # type: ignore[return-value]


def just_decided(evidence: Sequence[EvidenceView]) -> EvidenceView | None:
    """The evidence whose decision the address names, as it does right after it was added."""
    number = request.args.get("done", type=int)
    return next((one for one in evidence if number is not None and one.decision == number), None)


def _task(document: str, start: int) -> tuple[PlanView, TaskView]:
    view = service().findings.plan(viewer(), document, today())
    if view is None:
        abort(404)
    found = next((one for one in view.tasks if one.task.span.start == start), None)
    return view, found or abort(404)


# -- from a paper


@blueprint.get("/documents/<document>/tasks")
def answered(document: str) -> str:
    """Which task a paper, or one passage of it, answers: first the plan, then its task."""
    findings = service().findings
    paper = findings.cards(viewer(), [document]).get(document)
    if paper is None:
        abort(404)
    at = request.args.get("at", type=int)
    passage = findings.paragraph(viewer(), document, at) if at is not None else None
    wanted = request.args.get("plan", "")
    view = findings.plan(viewer(), wanted, today()) if wanted else None
    if wanted and (view is None or wanted == document):
        abort(404)
    query = request.args.get("q", "").strip()
    plans, problem = _plans(query) if query and view is None else ((), "")
    return render_template(
        "evidence_tasks.html", paper=paper, at=at, passage=passage[1] if passage else "", plan=view, query=query,
        problem=problem, plans=[one for one in plans if one.document != document],
        near=findings.near_plans(viewer(), document) if view is None else (),
        tasks=choosing.tasks(view, paper, passage[1] if passage else "") if view else None,
    )  # fmt: skip


def _plans(query: str) -> tuple[Sequence[Card], str]:
    """Papers found that give tasks."""
    try:
        found = service().search(viewer(), query, filters=Filters(), limit=5 * FOUND, shown=1)
    except BadQuery as error:
        return (), error.message("vi")
    return [hit.card for hit in found.hits if hit.card.tasks], ""
