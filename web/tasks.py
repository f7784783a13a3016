"""Editing the tasks of a plan by hand: corrected, extended, split, merged, dropped, added, moved to a newer plan.

Plain forms. A decision takes effect at once, is shown with its maker, and is taken back by one button.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from archive import corrections
from archive.corrections import Correction
from corpus.model import Task
from indexer import anchors, correcting, task_edits, worker
from indexer.task_edits import Plan
from indexer.views import PlanView, ProposedMove
from web import correction_forms, task_forms, task_history
from web.context import service, today, viewer
from web.correction_forms import Misread
from web.corrections import EDITOR, WAIT, editor
from web.preferences import YEAR

blueprint = Blueprint("tasks", __name__, url_prefix="/plans/<document>/tasks")

_Keep = Callable[[str], Correction]


@blueprint.get("")
def tasks(document: str) -> str:
    """All tasks, what may go on in a newer plan, one more task, and everything decided so far."""
    return _page(*_plan(document))


@blueprint.get("/<int:start>")
def task(document: str, start: int) -> str:
    """The forms of one task."""
    view, plan = _plan(document)
    return _page(view, plan, opened=_task(view, start))


def _page(
    view: PlanView, plan: Plan, *, opened: Task | None = None, problem: str = "", typed: dict[str, str] | None = None
) -> str:
    records = tuple(plan.records)
    named = service().findings.cards(viewer(), task_history.documents(records))
    lines = task_history.lines(records, plan.places, named)
    if opened is not None:
        standing = plan.standing(opened)
        same = {one.id for one in records if standing and one.anchor == standing.anchor}
        lines = tuple(line for line in lines if line.id in same)
    return render_template(
        "tasks.html", plan=view, card=view.card, sections=plan.sections, lines=lines, opened=opened,
        shown=task_forms.shown(opened) if opened else {}, names=task_forms.NAMES, problem=problem, typed=typed or {},
        others=[one.task for one in view.tasks if opened is None or one.task.span != opened.span],
        proposed=() if opened else service().findings.proposed_moves(viewer(), view.card.document),
        editor=editor(), waiting=correcting.waiting(service()),
    )  # fmt: skip


@blueprint.post("")
def add(document: str) -> Response | tuple[str, int]:
    """One more task."""
    view, plan = _plan(document)

    def keep(by: str) -> Correction:
        said = task_forms.added(request.form, view.card.issued_on, plan.sections)
        return task_edits.add(service().archive, viewer(), plan, said, by=by)

    return _kept(view, plan, keep)


@blueprint.post("/<int:start>")
def edit(document: str, start: int) -> Response | tuple[str, int]:
    """Keep what one of the forms of a task says."""
    view, plan = _plan(document)
    opened = _task(view, start)
    keep = {
        "correct": _correct, "extend": _extend, "split": _split, "merge": _merge, "drop": _drop,
    }.get(request.form.get("act", ""))  # fmt: skip
    if keep is None:
        abort(400)

    def kept(by: str) -> Correction:
        # Tasks go by their place: a text read anew, or a colleague, may have put another task there meanwhile.
        if anchors.letters(request.form.get("of", opened.wording)) != anchors.letters(opened.wording):
            raise Misread("Nhiệm vụ vừa được đọc lại hoặc sửa ở nơi khác. Xin xem lại nội dung hiện nay rồi sửa tiếp.")
        return keep(view, plan, opened, by)

    return _kept(view, plan, kept, opened)


def _correct(view: PlanView, plan: Plan, opened: Task, by: str) -> Correction:
    changed = task_forms.changes(request.form, view.card.issued_on, plan.sections)
    if not changed:
        raise Misread("Chưa có ô nào được sửa.")
    return task_edits.edit(service().archive, viewer(), plan, opened, changed, by=by)


def _extend(_view: PlanView, plan: Plan, opened: Task, by: str) -> Correction:
    said = task_forms.extension(request.form)
    if wanted := request.form.get("source", "").strip():
        said["source"] = _source(wanted)
    return task_edits.edit(service().archive, viewer(), plan, opened, {"source": None, **said}, by=by)


def _source(wanted: str) -> str:
    held = service().findings.identify(viewer(), wanted)
    if len(held) > 1:
        raise Misread(f"Kho có {len(held)} văn bản mang số “{wanted}”. Xin dán mã văn bản từ địa chỉ trang của nó.")
    for card in held:
        return card.document
    raise Misread(f"Không tìm thấy trong kho: “{wanted}”. Xin tải văn bản đó lên, hoặc để trống ô này.")


def _split(_view: PlanView, plan: Plan, opened: Task, by: str) -> Correction:
    wordings = task_forms.parts(request.form.get("parts", ""))
    return task_edits.split(service().archive, viewer(), plan, opened, wordings, by=by)


def _merge(view: PlanView, plan: Plan, opened: Task, by: str) -> Correction:
    wanted = request.form.get("other", "")
    other = next((one.task for one in view.tasks if str(one.task.span.start) == wanted), None)
    if other is None or other.span == opened.span:
        raise Misread("Xin chọn nhiệm vụ để gộp vào.")
    return task_edits.merge(service().archive, viewer(), plan, opened, other, by=by)


def _drop(_view: PlanView, plan: Plan, opened: Task, by: str) -> Correction:
    why = " ".join(request.form.get("why", "").split())[: task_forms.LONGEST]
    return task_edits.drop(service().archive, viewer(), plan, opened, why, by=by)


@blueprint.post("/moves")
def decide_move(document: str) -> Response | tuple[str, int]:
    """Let a task go on in the newer plan, or say that it does not."""
    view, plan = _plan(document)
    proposed = next(filter(_asked, service().findings.proposed_moves(viewer(), document)), None)
    act = request.form.get("act")
    if proposed is None or act not in ("accept", "refuse"):
        abort(404)

    def keep(by: str) -> Correction:
        archive, target = service().archive, proposed.plan.document
        if act == "accept":
            return task_edits.move(archive, viewer(), plan, proposed.task, target, proposed.onto, by=by)
        return task_edits.stay(archive, viewer(), plan, proposed.task, target, by=by)

    return _kept(view, plan, keep)


def _asked(one: ProposedMove) -> bool:
    """Whether the form speaks of this proposal, as it still is."""
    said = (request.form.get("task", ""), request.form.get("plan", ""), request.form.get("onto", ""))
    return said == (str(one.task.span.start), one.plan.document, str(one.onto.span.start))


@blueprint.post("/undo/<int:number>")
def undo(document: str, number: int) -> Response | tuple[str, int]:
    """Take a decision back."""
    view, plan = _plan(document)
    if corrections.get(service().archive, viewer(), number).document != document:
        abort(404)
    return _kept(view, plan, lambda by: corrections.undo(service().archive, viewer(), number, by=by))


def _plan(document: str) -> tuple[PlanView, Plan]:
    findings = service().findings
    view, read = findings.plan(viewer(), document, today()), findings.passage_text(viewer(), document)
    if view is None or read is None:
        abort(404)
    text, sections, _ = read
    records = corrections.of(service().archive, viewer(), document)
    return view, Plan(document, anchors.Text.of(text), sections, records, findings.laid(viewer(), document))


def _task(view: PlanView, start: int) -> Task:
    found = next((one.task for one in view.tasks if one.task.span.start == start), None)
    return found or abort(404)


def _kept(view: PlanView, plan: Plan, keep: _Keep, opened: Task | None = None) -> Response | tuple[str, int]:
    """Keep what the form says and go back to the list; a form that cannot be understood comes back as typed."""
    try:
        by = correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))
        made = keep(by)
    except Misread as problem:
        typed: dict[str, Any] = request.form.to_dict()
        return _page(view, plan, opened=opened, problem=str(problem), typed=typed), 400
    worker.correct(service(), made.id, seconds=WAIT)
    answer = redirect(url_for("tasks.tasks", document=view.card.document, _anchor="da-sua"), 303)
    answer.set_cookie(EDITOR, by, max_age=YEAR, samesite="Lax", httponly=True)
    return answer
