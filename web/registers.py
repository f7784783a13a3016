"""The registers of papers that came and went: sheets as printed, what waits to be entered, what is doubtful."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from archive import corrections, office, registers
from archive.corrections import Subject
from archive.errors import LineChanged, NotFound, RegisterBegun
from archive.office import OwnBody
from archive.registers import Entry, Handling, Line, Paper, Register
from corpus.numbering import Code
from indexer import registering
from web import correction_forms, paper_files, register_forms, register_words
from web.context import service, today, viewer
from web.correction_forms import Misread
from web.corrections import EDITOR, editor
from web.preferences import YEAR
from web.register_table import TRACKING, WORDS, Printed, word_file, workbook_file

blueprint = Blueprint("registers", __name__, url_prefix="/registers")

_BOOK = '<any("in", "out"):name>'
_FILES = {"in": "so-van-ban-den", "out": "so-van-ban-di", TRACKING: "so-theo-doi-van-ban-den"}
FIRST_YEAR = 1945


@dataclass(frozen=True, slots=True)
class Span:
    """The days shown: a month or a year."""

    since: dt.date
    until: dt.date

    @property
    def value(self) -> str:
        """As the address has it: «2017-12», «2017»."""
        return f"{self.since:%Y}" if self.year else f"{self.since:%Y-%m}"

    @property
    def year(self) -> bool:
        """Whether it is a whole year."""
        return (self.since.month, self.until.month) == (1, 12)

    def beside(self, step: int) -> str:
        """The month or year before or after."""
        if self.year:
            return str(self.since.year + step)
        months = self.since.year * 12 + self.since.month - 1 + step
        return f"{months // 12}-{months % 12 + 1:02}"


def span(value: str) -> Span:
    """The days of «2017-12» or «2017». ValueError for anything else."""
    year, _, month = value.partition("-")
    if not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= 9998):
        raise ValueError(value)
    if not month:
        return Span(dt.date(int(year), 1, 1), dt.date(int(year), 12, 31))
    first = dt.date.fromisoformat(f"{year}-{month}-01")
    return Span(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))


def shown(register: Register) -> Span:
    """The days asked for; by default the newest month with a line."""
    wanted = request.args.get("month", "")
    if wanted:
        try:
            return span(wanted)
        except ValueError:
            abort(404)
    months = registers.months(service().archive, register)
    return span(f"{months[0] if months else today():%Y-%m}")


@blueprint.get("")
def registers_page() -> Answer:
    """The register of what came."""
    return redirect(url_for("registers.book", name="in"))


@blueprint.get(f"/{_BOOK}")
def book(name: str) -> str:
    """One register of a month or a year."""
    return page(Register(name))


def page(register: Register, *, problems: tuple[str, ...] = ()) -> str:
    """The page; `problems` say what of a form was not understood."""
    days, own = shown(register), own_bodies()
    printed = printed_of(register, days)
    archive = service().archive
    return render_template(
        "register.html", register=register, days=days, book=printed, sheets=printed.sheets(), own=own,
        cover=request.args.get("view") == "cover", words=WORDS, problems=problems, editor=editor(), typed=request.form,
        months=registers.months(archive, register),
        queue=registering.waiting(archive, viewer(), register, own, days.since, days.until) if own else None,
        doubts=_doubts(printed.lines, own), begun=registers.last_number(archive, register, days.since.year),
    )  # fmt: skip


def _doubts(lines: tuple[Line, ...], own: tuple[OwnBody, ...]) -> list[register_words.Told]:
    by_name = {registering.name_of(line): line for line in lines}
    found = registering.doubts(service().archive, viewer(), lines, own)
    return [register_words.tell(one, by_name) for one in found]


def told(document: str) -> dict[str, Any]:
    """What the page of a document says of the registers: its lines, and doubts about its number and days."""
    lines = registers.of(service().archive, viewer(), [document]).get(document, ())
    own, by_name = own_bodies(), dict.fromkeys([document], lines[0]) if lines else {}
    found = registering.doubts(service().archive, viewer(), lines, own, [document])
    card = service().findings.cards(viewer(), [document])[document]
    ours = registering.went_out(card.issuer, registering.keys(own))
    return {
        "registered": lines, "doubts": [register_words.tell(one, by_name) for one in found],
        "belongs": (Register.OUT if ours else Register.IN) if own and not lines else None,
    }  # fmt: skip


def own_bodies() -> tuple[OwnBody, ...]:
    """The office's own bodies."""
    return office.bodies(service().archive)


def printed_of(register: Register, days: Span) -> Printed:
    """The register of these days, as far as the viewer may see its papers; `?view=tracking` follows what came."""
    archive = service().archive
    lines = registers.between(archive, viewer(), register, days.since, days.until)
    following = register is Register.IN and request.args.get("view") == TRACKING
    documents = [line.document for line in lines if line.document]
    answers = registering.answers(archive, viewer(), documents) if following else None
    return Printed(register, days.since, days.until, lines, own_bodies(), today(), answers)


@blueprint.get(f"/{_BOOK}.<any(docx, xlsx, pdf):form>")
def file(name: str, form: str) -> Response:
    """The register as a Word file, a workbook, or pages to print and bind."""
    days = shown(Register(name))
    printed = printed_of(Register(name), days)
    content = workbook_file(printed) if form == "xlsx" else word_file(printed)
    answer = make_response(paper_files.pdf_of(content) if form == "pdf" else content)
    answer.content_type = paper_files.TYPES[form]
    named = f"{_FILES[printed.shape]}-{days.value}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{named}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


# Entering


@blueprint.post(f"/{_BOOK}/enter")
def enter(name: str) -> Answer | tuple[str, int]:
    """Enter the chosen papers that wait, in the order of the list; or say that they need no register."""
    register, chosen = Register(name), request.form.getlist("document")
    days, archive = shown(register), service().archive
    try:
        by = _by()
        if not chosen:
            raise Misread("Chưa chọn văn bản nào.")
        if request.form.get("act") == "elsewhere":
            return signed(_put_elsewhere(chosen, request.form.get("into", ""), by), by)
        queue = registering.waiting(archive, viewer(), register, own_bodies(), days.since, days.until)
        entries = [_entry(one, register) for one in queue.shown if one.card.document in chosen]
        made = registers.enter(archive, viewer(), register, entries, by=by, first=register_forms.first(request.form))
    except (Misread, RegisterBegun) as problem:
        return page(register, problems=(str(problem),)), 400
    target = f"{made[-1].day:%Y-%m}" if made and not days.year else days.value
    return signed(url_for("registers.book", name=name, month=target), by)


def _entry(one: registering.Waiting, register: Register) -> Entry:
    return Entry(one.day, one.paper, one.card.document, Handling(passed_on=None))


def _put_elsewhere(chosen: list[str], into: str, by: str) -> str:
    if into not in (*Register, registering.NOWHERE):
        raise Misread("Xin chọn sổ.")
    for document in chosen:
        corrections.record(
            service().archive, viewer(), document, subject=Subject.REGISTER, anchor={}, value={"register": into},
            read=None, by=by,
        )  # fmt: skip
    return _back()


@blueprint.route(f"/{_BOOK}/new", methods=["GET", "POST"])
def new(name: str) -> str | Answer | tuple[str, int]:
    """Enter one paper, held (`?doc=`) or not, after looking at what it says."""
    register, document = Register(name), request.values.get("doc") or None
    paper, day = _before(register, document)
    if request.method == "GET":
        return _form(register, None, document=document, paper=paper, day=day)
    try:
        by = _by()
        entry = Entry(
            register_forms.entered_on(request.form, register, today()), register_forms.paper(request.form, paper),
            document, register_forms.handling(request.form, Handling(), today()),
        )  # fmt: skip
        if not (entry.paper.title or entry.paper.number):
            raise Misread("Xin ghi số, ký hiệu hoặc trích yếu của văn bản.")
        first = register_forms.first(request.form)
        (line,) = registers.enter(service().archive, viewer(), register, [entry], by=by, first=first)
    except (Misread, RegisterBegun) as problem:
        return _form(register, None, document=document, paper=paper, day=day, problems=(str(problem),)), 400
    return signed(url_for("registers.book", name=name, month=f"{line.day:%Y-%m}", _anchor=f"so-{line.number}"), by)


def _before(register: Register, document: str | None) -> tuple[Paper, dt.date | None]:
    """What is known of a paper before anyone has typed."""
    if document is None:
        return Paper(), today() if register is Register.IN else None
    found = service().findings.analysed(viewer(), document)
    if found is None:
        raise NotFound(what=document)
    paper = registering.paper_of(found[0])
    return paper, today() if register is Register.IN else paper.issued_on


@blueprint.route(f"/{_BOOK}/<int:year>/<int:number>", methods=["GET", "POST"])
def line(name: str, year: int, number: int) -> str | Answer | tuple[str, int]:
    """One line: what it says, changed by a form; struck, or taken back."""
    found = registers.get(service().archive, viewer(), Register(name), year, number)
    if found.hidden:
        abort(404)
    if request.method == "GET":
        return _form(found.register, found, document=found.document, paper=found.paper, day=found.day)
    try:
        by = _by()
        changed = _changed(found, by)
    except (Misread, LineChanged) as problem:
        # What someone else wrote meanwhile is shown, not what was typed over it.
        overtaken = isinstance(problem, LineChanged)
        given = {"document": found.document, "paper": found.paper, "day": found.day, "typed": not overtaken}
        return _form(found.register, found, **given, problems=(str(problem),)), 409 if overtaken else 400
    month = f"{changed.day:%Y-%m}"
    return signed(url_for("registers.book", name=name, month=month, _anchor=f"so-{number}"), by)


def _changed(found: Line, by: str) -> Line:
    """Do what the form asks. The line must be as the person saw it."""
    archive, form = service().archive, request.form
    seen = form.get("revised", "")
    if seen != str(found.revised):
        raise LineChanged(number=found.number, by=registers.changed_by(archive, found))
    if form.get("act") == "strike":
        why = register_forms.text(form, "why", "Lý do")
        if not why:
            raise Misread("Xin ghi lý do hủy dòng này.")
        return registers.strike(archive, found, why=why, by=by)
    if form.get("act") == "restore":
        return registers.restore(archive, found, by=by)
    return registers.amend(
        archive, viewer(), found, by=by, day=register_forms.entered_on(form, found.register, today(), found),
        document=_document(form.get("document", "")) if not found.document else None,
        paper=register_forms.paper(form, found.paper),
        handling=register_forms.handling(form, found.handling, today()),
    )  # fmt: skip


def _document(wanted: str) -> str | None:
    """The held paper that a line without one is about, by number or id. Raises Misread."""
    if not wanted.strip():
        return None
    held = service().findings.identify(viewer(), wanted.strip())
    if len(held) != 1:
        said = "Không tìm thấy trong kho" if not held else f"Kho có {len(held)} văn bản mang số"
        raise Misread(f"{said}: “{wanted}”. Xin dán mã văn bản từ địa chỉ trang của nó.")
    return held[0].document


def _form(
    register: Register, found: Line | None, *, document: str | None, paper: Paper, day: dt.date | None,
    problems: tuple[str, ...] = (), typed: bool = True,
) -> str:  # fmt: skip
    cards = service().findings.cards(viewer(), [document] if document else [])
    reading = service().findings.analysed(viewer(), document) if found and document else None
    standing = registers.of(service().archive, viewer(), [document] if document else [])
    year = (day or today()).year
    return render_template(
        "register_line.html", register=register, line=found, document=document, card=cards.get(document or ""),
        paper=paper, day=day, handling=found.handling if found else Handling(), labels_of=register_forms.PAPER,
        typed=request.form if typed else {}, problems=problems, words=WORDS, editor=editor(), own=own_bodies(),
        standing=[one for one in standing.get(document or "", ()) if found is None],
        next=registers.last_number(service().archive, register, year), year=year,
        read_now=registering.paper_of(reading[0]) if reading else None,
    )  # fmt: skip


# The office, and doubts settled


@blueprint.route("/office", methods=["GET", "POST"])
def office_page() -> str | Answer | tuple[str, int]:
    """Which bodies are the office's own."""
    if request.method == "GET":
        return _office()
    try:
        by = _by()
        office.name(service().archive, register_forms.own(request.form), by=by)
    except Misread as problem:
        return _office((str(problem),)), 400
    return signed(url_for("registers.book", name="in"), by)


def _office(problems: tuple[str, ...] = ()) -> str:
    issuers = registering.issuers(service().archive, viewer())
    own = own_bodies()
    return render_template(
        "register_office.html", own=own, issuers=issuers, problems=problems, typed=request.form, editor=editor()
    )


@blueprint.post("/doubts")
def settle() -> Answer:
    """Keep that a person has looked at a doubt and lets it stand; or take that back."""
    document, back = request.form.get("document", ""), _back()
    anchor = register_words.anchor(request.form.get("about", ""))
    if anchor is None or anchor["code"] not in list(Code):
        abort(400)
    try:
        by = _by()
    except Misread as problem:
        abort(400, str(problem))
    undone = request.form.get("undo", type=int)
    if undone is not None:
        corrections.undo(service().archive, viewer(), undone, by=by)
    else:
        note = register_forms.text(request.form, "note", "Ghi chú")
        corrections.record(
            service().archive, viewer(), document, subject=Subject.DOUBT, anchor=anchor, value={"note": note},
            read=None, by=by,
        )  # fmt: skip
    return signed(back, by)


def _back() -> str:
    """Where the form was, on this site."""
    back = request.form.get("back", "")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else url_for("registers.book", name="in")


def _by() -> str:
    return correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))


def signed(target: str, by: str) -> Answer:
    """Go on, and remember who it was."""
    answer = redirect(target, 303)
    answer.set_cookie(EDITOR, by, max_age=YEAR, samesite="Lax", httponly=True)
    return answer
