"""Light or dark, keys on or off: kept in cookies of the browser, set through plain forms."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

blueprint = Blueprint("preferences", __name__)

YEAR = 365 * 24 * 3600  # seconds
CHOICES = {"theme": ("dark", "light"), "keys": ("on", "off")}


@blueprint.get("/keys")
def keys() -> str:
    """The keys, and the switch that turns them off (WCAG 2.1.4)."""
    return render_template("keys.html")


@blueprint.post("/preferences")
def choose() -> Response:
    """Remember the choices that were sent and go back to where they were made."""
    answer = redirect(back())
    for name, allowed in CHOICES.items():
        if request.form.get(name) in allowed:
            answer.set_cookie(name, request.form[name], max_age=YEAR, samesite="Lax", httponly=True)
    return answer


def back() -> str:
    """The page that was left, only ever one of ours."""
    left = urlsplit(request.referrer or "")
    if left.netloc != request.host or left.path.startswith("//"):
        return url_for("search.home")
    return left.path + (f"?{left.query}" if left.query else "")
