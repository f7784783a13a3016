"""A plan's tasks out and in: as a workbook, a report, a calendar; and an edited workbook back, for a person to decide.

Nothing of an uploaded sheet is kept before it is confirmed: what it changes travels signed in the page's form.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from archive.corrections import Correction
from archive.errors import ArchiveError
from indexer import task_import, task_imports, task_records, task_rows, task_upload, worker
from indexer.task_evidence import STATUSES
from indexer.task_import import Proposal
from indexer.task_imports import ChangedSince
from indexer.task_rows import TaskSheet
from indexer.task_upload import BadSheet, Upload
from indexer.views import Card, PlanView
from web import correction_forms, plan_files, sheet_words
from web.context import service, today, viewer
from web.correction_forms import Misread
from web.corrections import EDITOR, WAIT, editor, told
from web.preferences import YEAR

blueprint = Blueprint("task_exchange", __name__, url_prefix="/plans")

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ics": "text/calendar; charset=utf-8",
}
LARGEST = 20 << 20
"""Bytes of a sheet that is taken in."""
LONGEST_FORM = 3 << 20
"""Characters of what travels in the form."""
_SALT = "task-sheet"
_NAMES = {"xlsx": "Theo doi", "docx": "Bao cao ket qua", "ics": "Thoi han"}


@blueprint.get("/<document>.<any(xlsx, docx, ics):form>")
def download(document: str, form: str) -> Response:
    """The plan's tasks as a workbook, the draft of a report on them, or their terms as a calendar."""
    card = _plan(document).card
    if form == "ics":
        link = url_for("plans.plan", document="", _external=True)
        content = plan_files.calendar(service(), document, viewer(), link)
    else:
        content = plan_files.FORMS[form](service(), document, viewer())
    return attached(content, form, f"{_NAMES[form]} {card.number or card.name}")


def attached(content: bytes, form: str, name: str) -> Response:
    """A file to be saved under a name."""
    response = Response(content, content_type=TYPES[form])
    plain = "".join(letter if letter.isalnum() or letter in " ._" else "-" for letter in name)[:80]
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"vankho.{form}\"; filename*=UTF-8''" + quote(f"{plain}.{form}")
    )
    return response


@blueprint.get("/<document>/import")
def ask(document: str) -> str:
    """The form that takes an edited sheet; after one was recorded, what was recorded."""
    return _form(_plan(document).card)


def _form(card: Card, problem: str = "", later: Sequence[Correction] = ()) -> str:
    every = task_imports.of(service().archive, viewer(), card.document)
    just = request.args.get("made", 0, type=int)
    changed = {one.id for one in later}
    return render_template(
        "sheet_import.html", card=card, problem=problem, limit=LARGEST >> 20, editor=editor(), imports=every,
        made=next((one for one in every if one.told.id == just and one.left), None), undone="undone" in request.args,
        later=[line for line in told(card.document) if line.id in changed],
    )  # fmt: skip


@blueprint.post("/<document>/import")
def compare(document: str) -> str | tuple[str, int]:
    """What an uploaded sheet would change; nothing is recorded."""
    sheet, file = _sheet(document), request.files.get("sheet")
    if file is None or not file.filename:
        return _form(sheet.card, "Chưa có tệp nào được chọn. Xin chọn bảng đã sửa rồi gửi."), 400
    try:
        proposal = task_import.propose(service(), viewer(), sheet, received(file.stream))
        return _changes(proposal)
    except ArchiveError as problem:
        return _form(sheet.card, problem.message("vi")), problem.http_status


def received(stream: IO[bytes]) -> Upload:
    """What an uploaded file says. Raises `BadSheet`."""
    settings = service().settings
    with tempfile.TemporaryDirectory(prefix="vankho-sheet-") as folder:
        path = Path(folder) / "sheet"
        with path.open("wb") as copy:
            size = 0
            while chunk := stream.read(1 << 20):
                size += len(chunk)
                if size > LARGEST:
                    raise BadSheet(reason=f"tệp lớn hơn {LARGEST >> 20} MB")
                copy.write(chunk)
        return task_upload.read(path, seconds=settings.read_seconds, memory_mib=settings.read_memory)


def _changes(proposal: Proposal, problem: str = "", typed: str = "") -> str:
    sealed = _seal().dumps([proposal.sheet.card.document, proposal.seen(), task_import.pending(proposal)])
    text = sealed.decode() if isinstance(sealed, bytes) else sealed
    if len(text) > LONGEST_FORM:
        raise BadSheet(reason="bảng có quá nhiều chỗ sửa cho một lần; xin sửa và nhập từng phần")
    return render_template(
        "sheet_changes.html", card=proposal.sheet.card, proposal=proposal, groups=sheet_words.groups(proposal),
        sealed=text, problem=problem, typed={"by": typed}, editor=editor(), statuses=STATUSES,
    )  # fmt: skip


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or b"", salt=_SALT)


@blueprint.post("/<document>/import/apply")
def apply(document: str) -> Response | str | tuple[str, int]:
    """Record what was ticked, unless the plan was changed since the page was shown: then it is shown again."""
    try:
        of, seen, value = _seal().loads(request.form.get("sheet", ""))
    except BadData:
        abort(400)
    if of != document:
        abort(400)
    proposal = task_import.propose(service(), viewer(), _sheet(document), task_import.resumed(value))
    typed = request.form.get("by", "")
    if proposal.seen() != seen:
        return _changes(proposal, "Kế hoạch vừa được sửa ở nơi khác; xin xem lại các thay đổi rồi ghi.", typed), 409
    chosen = sheet_words.chosen(proposal, request.form)
    try:
        by = correction_forms.name(typed or request.cookies.get(EDITOR, ""))
        if not chosen:
            raise Misread("Chưa chọn thay đổi nào.")
    except Misread as misread:
        return _changes(proposal, str(misread), typed), 400
    task_records.record(service().archive, viewer(), proposal, chosen, by=by)
    latest = task_imports.of(service().archive, viewer(), document)[0]
    return _done(document, latest.told.last, by, made=latest.told.id)


def _done(document: str, number: int, by: str, *, made: int | None = None, undone: int | None = None) -> Response:
    """Back to the page of imports, when what was recorded up to this number is worked in."""
    worker.correct(service(), number, seconds=WAIT)
    answer = redirect(url_for("task_exchange.ask", document=document, made=made, undone=undone), 303)
    answer.set_cookie(EDITOR, by, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@blueprint.post("/<document>/import/undo")
def undo(document: str) -> Response | tuple[str, int]:
    """Take a whole import back; refused, with what stands in the way, when something of it was changed since."""
    card, number = _plan(document).card, request.form.get("number", 0, type=int)
    try:
        by = correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))
        made = task_imports.undo(service().archive, viewer(), document, number, by=by)
    except Misread as misread:
        return _form(card, str(misread)), 400
    except ChangedSince as changed:
        return _form(card, changed.message("vi"), changed.later), changed.http_status
    return _done(document, max((one.id for one in made), default=0), by, undone=1)


def _plan(document: str) -> PlanView:
    plan = service().findings.plan(viewer(), document, today())
    if plan is None:
        abort(404)
    return plan


def _sheet(document: str) -> TaskSheet:
    sheet = task_rows.sheet(service(), viewer(), document, today())
    if sheet is None:
        abort(404)
    return sheet
