"""The page of documents that others cite and the archive does not hold."""

from __future__ import annotations

from flask import Blueprint, render_template

from web import effects
from web.context import service, viewer

blueprint = Blueprint("missing", __name__)


@blueprint.get("/missing")
def missing() -> str:
    """Most cited first."""
    on = effects.day()
    return render_template("missing.html", on=on, lines=service().findings.missing(viewer(), on))
