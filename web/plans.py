"""Plans: all by urgency, and one as the state of every task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for

from corpus.model import Kind, Section
from indexer.coverage import Node
from indexer.views import EvidenceView, PlanView, TaskState
from web import charts, effects, matrix, reporting
from web import evidence as added
from web.context import service, today, viewer
from web.corrections import editor
from web.matrix import Assignment, Matrix

blueprint = Blueprint("plans", __name__, url_prefix="/plans")

VIEWS = {
    "body": "Theo cơ quan", "period": "Theo kỳ", "list": "Danh sách", "chart": "Biểu đồ", "chain": "Các cấp thực hiện",
}  # fmt: skip
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
        last=-(-len(held) // PAGE), finished=finished, segments=matrix.segments,
    )  # fmt: skip


@blueprint.get("/<document>")
def plan(document: str) -> str:
    """One plan by body, by period or as a list; `cell` opens the drawer of one assignment."""
    on = effects.day()
    chosen = request.args.get("view", "body") if request.args.get("view") in VIEWS else "body"
    alone = chosen == "chain" and not request.args.get("cell")
    held = service().findings.plan(viewer(), document, today(), on=on, outline=alone)
    read = service().findings.passage_text(viewer(), document)
    if held is None or read is None:
        abort(404)
    text, sections, _ = read
    given, state = matrix.assignments(held), _state(held)
    opened = matrix.opened(given, request.args.get("cell", ""))
    return render_template(
        "plan.html", on=on, plan=held, card=held.card, view=chosen, views=VIEWS, sentence=sentence(held),
        segments=matrix.segments(held.tasks), sections=sections, text=text,
        table=_table(held, sections, given, state) if chosen in ("body", "list") else None, state=state,
        opened=opened, addresses=matrix.addresses(held.tasks), cells=_cells(),
        reads=url_for("documents.read", document=document),
        proposed=service().findings.proposed_moves(viewer(), document), said=added.SAID, editor=editor(),
        evidence=sorted(opened.evidence, key=lambda one: one.decided_by is None) if opened else (),
        just=added.just_decided(opened.evidence) if opened else None,
        followed=_followed(opened.evidence) if opened else (), **_more(chosen, held, given, state),
    )  # fmt: skip


def _cells() -> str:
    """This page's address up to that of a cell: made once, not once for each of a thousand cells."""
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "cell"]
    return f"{request.path}?{urlencode([*arguments, ('cell', '')])}"


def _state(held: PlanView) -> TaskState | None:
    """The one that the reader narrowed the rows to, where there are any in it."""
    wanted = request.args.get("state", "")
    return next((task.state for task in held.tasks if task.state == wanted), None)


def _table(
    held: PlanView, sections: Sequence[Section], given: Sequence[Assignment], state: TaskState | None
) -> Matrix:
    whole = matrix.matrix(held, sections, given)
    return replace(whole, parts=matrix.only(whole.parts, state))


def _more(
    chosen: str, held: PlanView, given: Sequence[Assignment], state: TaskState | None
) -> dict[str, object]:
    """What only one of the views needs."""
    if chosen == "period":
        duties = reporting.duties(held) if state is None else ()
        return {"periods": matrix.only(matrix.periods(held), state), "duties": duties}
    if chosen == "chart":
        return {"bodies_chart": charts.by_body(given), "months_chart": charts.by_month(held)}
    if chosen == "chain":
        document = held.card.document
        known = {document: held.summary} if held.today == today() else {}
        return {"root": next(iter(service().findings.chains(viewer(), [document], today(), known=known)), None)}
    return {}


def _followed(evidence: Sequence[EvidenceView]) -> tuple[Node, ...]:
    """The papers among the evidence that others carry out in turn, with what came of them."""
    given = (one.card for one in evidence if one.card.tasks and one.card.kind != Kind.REPORT)
    plans = list(dict.fromkeys(card.document for card in given))
    return service().findings.chains(viewer(), plans, today()) if plans else ()


def finished(plan: PlanView) -> int:
    """How many of its tasks are done."""
    return sum(task.state in DONE for task in plan.tasks)


def sentence(plan: PlanView) -> str:
    """Where the plan stands, in one sentence."""
    done = finished(plan)
    count = plan.summary["tasks"]
    if not count:
        return "Không thấy nhiệm vụ nào được giao trong văn bản này."
    overdue = f", {plan.summary['overdue']} quá hạn" if plan.summary["overdue"] else ""
    if not done:
        return f"{count} nhiệm vụ, chưa thấy báo cáo hoàn thành nhiệm vụ nào trong kho{overdue}."
    return f"{done} trên {count} nhiệm vụ đã hoàn thành{overdue}."
