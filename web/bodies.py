"""The register of bodies: who they are, under whom, from when to when, and who took over."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from archive import bodies as archived
from corpus.bodies import Register, RegisteredBody, ended_with_district, key
from corpus.text import fold
from indexer import register, relinking, worker
from web import body_forms, correction_forms
from web.context import service, viewer
from web.correction_forms import Misread
from web.corrections import EDITOR, WAIT, editor
from web.filters import date
from web.preferences import YEAR

blueprint = Blueprint("bodies", __name__, url_prefix="/bodies")

SHOWN = 200
"""Lines of a table; what goes beyond is found by its name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One body in the table."""

    body: RegisteredBody
    period: str
    parent: str
    successors: tuple[str, ...]
    papers: int
    """Documents it issued, under any of its names."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A body that issued documents and is not in the register."""

    name: str
    papers: int
    ended: str
    """What is known of it by its level alone; empty when nothing is."""


@blueprint.get("")
def bodies() -> str:
    """Those the office spoke of or that issued documents; then those that are not in the register yet."""
    held, wanted = service().findings.register(), fold(request.args.get("q", "").strip())
    issued = service().findings.issuing(viewer())
    said = {one.body for one in archived.every(service().archive)}
    lines = [_line(held, body, issued) for body in held.by_id.values()]
    if wanted:
        lines = [line for line in lines if any(wanted in fold(name) for name in (line.body.name, *line.body.aliases))]
    own = [line for line in lines if wanted or line.papers or line.body.id in said]
    own.sort(key=lambda line: (-line.papers, line.body.name, line.period))
    unknown = [_unknown(name, count) for name, count in issued.items() if not held.named(name)]
    return render_template(
        "bodies.html", lines=own[:SHOWN], total=len(own), others=len(lines) - len(own), q=request.args.get("q", ""),
        unknown=[one for one in unknown if wanted in fold(one.name)][:SHOWN],
        waiting=relinking.waiting(service()),
    )  # fmt: skip


def _line(held: Register, body: RegisteredBody, issued: dict[str, int]) -> Line:
    names = {key(name) for name in (body.name, *body.aliases)}
    alone = {name: count for name, count in issued.items() if key(name) in names and len(held.named(name)) == 1}
    over = held.by_id.get(body.parent or "")
    after = tuple(body_forms.words(held, held.by_id[id]) for id in body.successors if id in held.by_id)
    return Line(body, body_forms.period(body), over.name if over else "", after, sum(alone.values()))


def _unknown(name: str, count: int) -> Unknown:
    rule = ended_with_district(name)
    if rule is None:
        return Unknown(name, count, "")
    until, successors = rule
    return Unknown(name, count, f"cấp huyện kết thúc {date(until)}" + (f", kế tục: {successors}" if successors else ""))


@blueprint.get("/new")
def new() -> str:
    """An empty form; `name` fills in a name seen in documents, and what its level says of it."""
    name = " ".join(request.args.get("name", "").split())[: body_forms.LONGEST]
    rule = ended_with_district(name) if name else None
    return _form(None, {"name": name, "until": date(rule[0]) if rule else ""})


@blueprint.get("/<body>")
def one(body: str) -> str:
    """The form of one body, and everything that was said of it."""
    held = service().findings.register()
    found = held.by_id.get(body)
    if found is None and not archived.history(service().archive, viewer(), body):
        abort(404)
    return _form(body, body_forms.shown(held, found) if found else {})


def _form(body: str | None, typed: dict[str, str], *, problem: str = "") -> str:
    held = service().findings.register()
    told = archived.history(service().archive, viewer(), body) if body else ()
    found = held.by_id.get(body or "")
    count = _line(held, found, service().findings.issuing(viewer())).papers if found else 0
    return render_template(
        "body.html", body=body, typed=typed, problem=problem, choices=body_forms.choices(held), found=found,
        editor=editor(), papers=count, waiting=relinking.waiting(service()),
        told=[(one, register.from_value(one.body, one.value) if one.value else None) for one in reversed(told)],
        period=body_forms.period,
    )  # fmt: skip


@blueprint.post("/new")
def add() -> Response | tuple[str, int]:
    """Keep a new body."""
    return _kept(None)


@blueprint.post("/<body>")
def change(body: str) -> Response | tuple[str, int]:
    """Keep what was changed, take the body out, or put back what was said before."""
    if body not in service().findings.register().by_id and not archived.history(service().archive, viewer(), body):
        abort(404)
    return _kept(body)


def _kept(body: str | None) -> Response | tuple[str, int]:
    try:
        by = correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))
        made = _record(body, by)
    except Misread as problem:
        return _form(body, request.form.to_dict(), problem=str(problem)), 400
    worker.correct(service(), made.id, seconds=WAIT)
    gone = made.value is None
    answer = redirect(url_for("bodies.bodies") if gone else url_for("bodies.one", body=made.body), 303)
    answer.set_cookie(EDITOR, by, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


def _record(body: str | None, by: str) -> archived.Record:
    """Keep what the form asks for. Raises `Misread`."""
    archive, held, act = service().archive, service().findings.register(), request.form.get("act", "")
    if body and act == "drop":
        if any(body == one.parent or body in one.successors for one in held.by_id.values()):
            raise Misread("Còn cơ quan khác ghi cơ quan này là cấp trên hoặc kế tục; xin sửa các cơ quan ấy trước.")
        return archived.record(archive, body, None, by=by)
    if body and act.isdigit():
        return archived.undo(archive, viewer(), body, int(act), by=by)
    id = body or archived.fresh()
    return archived.record(archive, id, register.to_value(body_forms.typed(held, id, request.form)), by=by)
