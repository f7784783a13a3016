"""The neighbourhood of a document: a list first, then a drawing that says the same."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from indexer.graph import Neighbourhood
from web import drawing, effects
from web.context import service, viewer

blueprint = Blueprint("graph", __name__)

SIDES = (
    ((-1, "Văn bản này dựa trên"), (-2, "Xa hơn: các văn bản trên dựa trên")),
    ((1, "Từ văn bản này"), (2, "Xa hơn: từ các văn bản trên")),
)
"""The two columns of the list."""
Side = list[tuple[int, str, tuple[drawing.Group, ...]]]


@blueprint.get("/graph")
def graph() -> str:
    """`?doc=` an id or a number; without it, a form that asks for one."""
    wanted = request.args.get("doc", "").strip()
    if not wanted:
        return render_template("graph.html", near=None, wanted="", found=())
    found = service().findings.identify(viewer(), wanted)
    if len(found) != 1:
        return render_template("graph.html", near=None, wanted=wanted, found=found)
    on = effects.day()
    near = service().findings.neighbourhood(viewer(), found[0].document, on)
    if near is None:
        abort(404)
    cards = {node.card.document: node.card for node in near.nodes if node.card} | {near.card.document: near.card}
    return render_template(
        "graph.html", on=on, near=near, card=near.card, wanted=wanted, found=found, cards=cards, sides=sides(near),
        drawing=drawing.draw(near),
    )  # fmt: skip


def sides(near: Neighbourhood) -> list[Side]:
    """What stands in each column of the list: step, title, documents by role."""
    return [[(step, title, drawing.groups(near, step)) for step, title in side] for side in SIDES]
