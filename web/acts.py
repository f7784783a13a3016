"""What every form on dossiers shares: done under a name, refused with a sentence on the very page it was sent from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import redirect, request
from werkzeug.wrappers import Response

from archive.errors import NotAllowed
from web import correction_forms
from web.context import today
from web.correction_forms import Misread
from web.corrections import EDITOR
from web.preferences import YEAR

Answer = Response | tuple[str, int]


def done(act: Callable[[str], str], again: Callable[[str], str]) -> Answer:
    """Do an act under the name in the form and go where it says; `again` shows a refusal's sentence."""
    try:
        by = name()
        where = act(by)
    except Misread as problem:
        return again(str(problem)), 400
    except NotAllowed as problem:
        return again(problem.message("vi")), problem.http_status
    answer = redirect(where, 303)
    answer.set_cookie(EDITOR, by, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


def name() -> str:
    """Who does it: as typed, else who did something last in this browser. Raises `Misread`."""
    typed = request.form.get("by", "") or request.cookies.get(EDITOR, "")
    try:
        return correction_forms.name(typed)
    except Misread:
        raise Misread("Xin ghi họ tên người làm.") from None


def said(field: str) -> str:
    """What a field of the form says, without blanks around it."""
    return request.form.get(field, "").replace("\r\n", "\n").strip()


def day(field: str) -> dt.date:
    """A day of the form, today when empty. Raises `Misread`."""
    typed = correction_forms.day(said(field))
    return dt.date.fromisoformat(typed) if typed else today()


def number(field: str) -> int | None:
    """A whole number of the form; None when empty. Raises `Misread`."""
    typed = said(field)
    if not typed:
        return None
    if not (typed.isdecimal() and typed.isascii() and len(typed) < 7):
        raise Misread(f"Chưa hiểu số “{typed}”. Xin ghi bằng chữ số.")
    return int(typed)
