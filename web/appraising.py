"""Terms that are over, lists for destruction and their two further acts; handing dossiers over to the archive."""

from __future__ import annotations

import datetime as dt
from functools import partial

from flask import Blueprint, Response, render_template, request, url_for

from archive import appraisal, disposal, dossiers, retention
from archive.appraisal import Handed, HandOver, Minutes, Party
from archive.disposal import Disposal
from archive.dossiers import Dossier, State
from archive.settings import HANOI
from indexer import destroying, worker
from web import acts, dossier_lines, dossier_sheets, paper_files
from web import dossiers as pages
from web.acts import Answer, said
from web.context import service, today, viewer
from web.correction_forms import Misread
from web.corrections import editor
from web.filters import date
from web.paper import Sheet

blueprint = Blueprint("appraising", __name__, url_prefix="/dossiers")


# Terms


@blueprint.get("/retention")
def terms() -> str:
    """Closed dossiers by what their term says, the lists drawn up so far, the table of rules."""
    return _terms()


def _terms(problem: str = "") -> str:
    archive = service().archive
    closed = dossiers.listed(archive, viewer(), states=(State.CLOSED,))
    over = [one for one in closed if one.last_day and one.last_day < today() and not one.disposal]
    stopped = disposal.obstacles(archive, viewer(), [one.id for one in over], on=today())
    undecided = dossiers.listed(archive, viewer(), states=(State.OPEN, State.CLOSED))
    return render_template(
        "retention.html", problem=problem, over=over, stopped=stopped, lists=disposal.listed(archive, viewer()),
        undecided=[one for one in undecided if one.decided is None], rules=retention.rules(service().settings.data),
        editor=editor(), typed=request.form, own=retention.OWN, closed=len(closed), today=today(),
    )  # fmt: skip


@blueprint.post("/retention")
def draw_up() -> Answer:
    """Draw up a list of the chosen dossiers."""

    def act(by: str) -> str:
        chosen = request.form.getlist("dossier")
        reasons = dict.fromkeys(chosen, said("reason"))
        spared = request.form.getlist("spared")
        made = disposal.draw_up(
            service().archive, viewer(), reasons, title=said("title"), on=today(), by=by, spared=spared
        )
        return url_for(".disposed", listed=made)

    return acts.done(act, _terms)


@blueprint.get("/disposals/<listed>")
def disposed(listed: str) -> str:
    """One list: what it holds, how far it is, the next act."""
    return _disposed(listed)


def _disposed(listed: str, problem: str = "") -> str:
    one = disposal.get(service().archive, viewer(), listed)
    documents = {line.document for entry in one.entries for line in entry.lines}
    decision = one.decision.said["document"] if one.decision else ""
    return render_template(
        "disposal.html", problem=problem, one=one, editor=editor(), typed=request.form, today=today(),
        cards=service().findings.cards(viewer(), [decision] if decision else []), decision=decision,
        inside=destroying.inside(service(), viewer(), one.condemned) if one.state != "done" else {},
        titled=dossier_lines.titled, count=len(documents),
    )  # fmt: skip


@blueprint.post("/disposals/<listed>")
def proceed(listed: str) -> Answer:
    """Name the decision, give the list up, or record the minutes: only those destroy."""
    archive = service().archive

    def act(by: str) -> str:
        what = said("act")
        if what == "decide":
            disposal.decide(archive, viewer(), listed, decision=_decision(said("decision")), by=by)
        elif what == "give-up":
            disposal.give_up(archive, viewer(), listed, reason=said("reason"), by=by)
        elif what == "destroy":
            _destroy(listed, by)
        return url_for(".disposed", listed=listed)

    disposal.get(archive, viewer(), listed)
    return acts.done(act, partial(_disposed, listed))


def _decision(wanted: str) -> str:
    found = service().findings.identify(viewer(), wanted) if wanted else ()
    if len(found) != 1:
        several = f"Kho có {len(found)} văn bản mang số “{wanted}”" if found else f"Kho chưa có văn bản “{wanted}”"
        raise Misread(f"{several}. Xin tải quyết định tiêu hủy lên kho, rồi ghi đúng số hoặc mã của văn bản ấy.")
    return found[0].document


def _destroy(listed: str, by: str) -> None:
    if said("sure") != "1":
        raise Misread("Xin đánh dấu vào ô xác nhận: tiêu hủy không hoàn tác được.")
    present = tuple(" ".join(line.split()) for line in said("present").splitlines() if line.strip())
    minutes = disposal.Minutes(acts.day("on"), said("place"), present, said("how"))
    disposal.carry_out(service().archive, viewer(), listed, minutes, on=today(), by=by)
    worker.destroy(service())


@blueprint.get("/disposals/<listed>/print")
def disposal_print(listed: str) -> str:
    """The list, or the minutes, as they print."""
    one, chosen, sheet = _disposal_sheet(listed)
    kinds = {"danh-muc": "Danh mục hết giá trị", "bien-ban": "Biên bản tiêu hủy"}
    tabs = [(words, url_for(".disposal_print", listed=listed, to=kind), kind == chosen)
            for kind, words in kinds.items()]  # fmt: skip
    files = {f: url_for(".disposal_file", listed=listed, to=chosen, form=f) for f in paper_files.forms(sheet)}
    crumbs = [("Hồ sơ", url_for("dossiers.listing")), ("Thời hạn bảo quản", url_for(".terms")),
              (one.title, url_for(".disposed", listed=listed))]  # fmt: skip
    return paper_files.shown(sheet, title=sheet.name, crumbs=crumbs, tabs=tabs, files=files)


@blueprint.get("/disposals/<listed>/print.<any(docx, xlsx, pdf):form>")
def disposal_file(listed: str, form: str) -> Response:
    """The same as a file."""
    return paper_files.sent(_disposal_sheet(listed)[2], form)


def _disposal_sheet(listed: str) -> tuple[Disposal, str, Sheet]:
    one = disposal.get(service().archive, viewer(), listed)
    done = request.args.get("to") == "bien-ban" and one.minutes
    on = dt.date.fromisoformat(done.said["on"]) if done else one.at.astimezone(HANOI).date()
    head = pages.head(dossiers.get(service().archive, viewer(), one.entries[0].dossier).fonds, on)
    if request.args.get("to") == "bien-ban":
        return one, "bien-ban", dossier_sheets.destroyed(one, _decision_words(one), head)
    return one, "danh-muc", dossier_sheets.worthless(one, head)


def _decision_words(one: Disposal) -> str:
    """The decision as the minutes name it."""
    if one.decision is None:
        return ""
    document = one.decision.said["document"]
    card = service().findings.cards(viewer(), [document]).get(document)
    if card is None or not card.number:
        return ""
    on = f" ngày {date(card.issued_on)}" if card.issued_on else ""
    return f"{card.kind_label or 'Văn bản'} số {card.number}{on}"


# Handing over


@blueprint.get("/handover")
def handover() -> str:
    """Closed dossiers to hand over, the minutes' form, and what was handed over."""
    return _handover()


def _handover(problem: str = "") -> str:
    archive = service().archive
    closed = dossiers.listed(archive, viewer(), states=(State.CLOSED,))
    ready = [one for one in closed if appraisal.unfit(one) is None]
    return render_template(
        "handover.html", problem=problem, ready=ready, made=appraisal.handovers(archive, viewer()), editor=editor(),
        typed=request.form, chosen=request.form.getlist("dossier"), today=today(), overdue=_overdue,
    )  # fmt: skip


def _overdue(one: Dossier) -> bool:
    """Whether the year within which a dossier is to be handed in is over (Nghị định 30/2020/NĐ-CP, Điều 30)."""
    return one.ended_on is not None and (today() - one.ended_on).days > 365


@blueprint.post("/handover")
def hand_over() -> Answer:
    """Hand the chosen dossiers over."""

    def act(by: str) -> str:
        chosen = request.form.getlist("dossier")
        some = dossiers.listed(service().archive, viewer(), ids=chosen) if chosen else ()
        minutes = Minutes(
            acts.day("on"), _party("giver"), _party("receiver"), said("block") or "hồ sơ, tài liệu của đơn vị",
            said("condition") or "đầy đủ, đọc được", said("boxes"), said("metres"),
        )  # fmt: skip
        made = appraisal.hand_over(service().archive, viewer(), [_line(one) for one in some], minutes, by=by)
        return url_for(".handed_print", handover=made)

    return acts.done(act, _handover)


def _party(side: str) -> Party:
    return Party(*(" ".join(said(f"{side}-{part}").split()) for part in ("body", "person", "office")))


def _line(one: Dossier) -> Handed:
    return dossier_lines.handed(one, dossier_lines.of(one))


@blueprint.get("/handover/<handover>/print")
def handed_print(handover: str) -> str:
    """The minutes, or their list, as they print."""
    one, chosen, sheet = _handed_sheet(handover)
    kinds = {"bien-ban": "Biên bản giao nhận", "muc-luc": "Mục lục nộp lưu"}
    tabs = [(words, url_for(".handed_print", handover=handover, to=kind), kind == chosen)
            for kind, words in kinds.items()]  # fmt: skip
    files = {f: url_for(".handed_file", handover=handover, to=chosen, form=f) for f in paper_files.forms(sheet)}
    crumbs = [("Hồ sơ", url_for("dossiers.listing")), ("Giao nộp", url_for(".handover"))]
    count = len(one.lines)
    return paper_files.shown(sheet, title=f"Giao nộp {count} hồ sơ", crumbs=crumbs, tabs=tabs, files=files)


@blueprint.get("/handover/<handover>/print.<any(docx, xlsx, pdf):form>")
def handed_file(handover: str, form: str) -> Response:
    """The same as a file."""
    return paper_files.sent(_handed_sheet(handover)[2], form)


def _handed_sheet(handover: str) -> tuple[HandOver, str, Sheet]:
    one = appraisal.handed(service().archive, viewer(), handover)
    head = pages.head(dossiers.get(service().archive, viewer(), one.lines[0].dossier).fonds, one.minutes.on)
    if request.args.get("to") == "muc-luc":
        return one, "muc-luc", dossier_sheets.handed_list(one, head)
    return one, "bien-ban", dossier_sheets.handed_minutes(one, head)
