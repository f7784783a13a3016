"""Plans: all by urgency, and one as the state of every task."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from indexer.views import PlanView, TaskState
from web import effects, matrix
from web.context import service, today, viewer

blueprint = Blueprint("plans", __name__, url_prefix="/plans")

VIEWS = {"body": "Theo cơ quan", "period": "Theo kỳ", "list": "Danh sách"}
PAGE = 30
DONE = (TaskState.DONE, TaskState.DONE_LATE)


@blueprint.get("")
def plans() -> str:
    """Every document that gives tasks, the most overdue first."""
    on = effects.day()
    held = service().findings.plans(viewer(), today(), on=on)
    page = max(1, request.args.get("page", 1, type=int))
    return render_template(
        "plans.html", on=on, plans=held[(page - 1) * PAGE : page * PAGE], total=len(held), page=page,
        last=-(-len(held) // PAGE), sentence=sentence, segments=matrix.segments,
    )  # fmt: skip


@blueprint.get("/<document>")
def plan(document: str) -> str:
    """One plan by body, by period or as a list; `cell` opens the drawer of one assignment."""
    on = effects.day()
    held = service().findings.plan(viewer(), document, today(), on=on)
    read = service().findings.passage_text(viewer(), document)
    if held is None or read is None:
        abort(404)
    text, sections, _ = read
    chosen = request.args.get("view", "body") if request.args.get("view") in VIEWS else "body"
    return render_template(
        "plan.html", on=on, plan=held, card=held.card, view=chosen, views=VIEWS, sentence=sentence(held),
        segments=matrix.segments(held.tasks), table=matrix.matrix(held, sections), sections=sections,
        periods=matrix.periods(held), text=text,
        opened=matrix.opened(matrix.assignments(held), request.args.get("cell", "")),
    )  # fmt: skip


def sentence(plan: PlanView) -> str:
    """Where the plan stands, in one sentence."""
    done = sum(task.state in DONE for task in plan.tasks)
    count = plan.summary["tasks"]
    if not count:
        return "Không thấy nhiệm vụ nào được giao trong văn bản này."
    overdue = f", {plan.summary['overdue']} quá hạn" if plan.summary["overdue"] else ""
    if not done:
        return f"{count} nhiệm vụ, chưa thấy báo cáo hoàn thành nhiệm vụ nào trong kho{overdue}."
    return f"{done} trên {count} nhiệm vụ đã hoàn thành{overdue}."
