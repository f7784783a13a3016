"""Dossiers: the list of a year, one dossier with its documents, and the sheets that are printed of it."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for

from archive import appraisal, dossiers, retention
from archive.dossiers import Dossier, State
from archive.fonds import fonds_of
from indexer import gathering
from web import dossier_lines, dossier_sheets, dossier_words, paper_files, submission
from web.context import service, today, viewer
from web.corrections import editor
from web.dossier_lines import Line
from web.paper import Head, Sheet, headed

blueprint = Blueprint("dossiers", __name__, url_prefix="/dossiers")

STATES: Mapping[str, tuple[str, tuple[State, ...]]] = {
    "": ("Tất cả", tuple(one for one in State if one is not State.DROPPED)),
    "mo": ("Đang mở", (State.OPEN,)), "du-kien": ("Chưa mở", (State.PLANNED,)),
    "ket-thuc": ("Đã kết thúc", (State.CLOSED,)), "tieu-huy": ("Đã tiêu hủy", (State.DESTROYED,)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Dossiers of a list under one heading."""

    headings: tuple[str, ...]
    dossiers: tuple[Dossier, ...]


@blueprint.get("")
def listing() -> str:
    """The dossiers of a year, or those that a few words find in all years."""
    archive, words = service().archive, request.args.get("q", "").strip()
    years = dossiers.years(archive, viewer())
    year = request.args.get("nam", type=int) or (next(iter(years), today().year) if not words else None)
    state = request.args.get("loai", "") if request.args.get("loai") in STATES else ""
    some = dossiers.listed(archive, viewer(), year=year, states=STATES[state][1], words=words)
    unfiled, _ = dossiers.unfiled(archive, viewer(), limit=0)
    return render_template(
        "dossiers.html", years=years, year=year, state=state, states=STATES, words=words, count=len(some),
        groups=grouped(some), fonds=fonds_of(archive, viewer()), unfiled=unfiled,
    )  # fmt: skip


def grouped(some: tuple[Dossier, ...]) -> tuple[Group, ...]:
    """Dossiers that follow each other under the same heading."""
    found = groupby(some, key=lambda one: (one.year, one.heading))
    return tuple(Group(tuple(heading.split("\n")) if heading else (), tuple(group)) for (_, heading), group in found)


@blueprint.get("/<dossier>")
def one(dossier: str) -> str:
    """One dossier: what lies in it, what may belong to it, and every act that is possible now."""
    return page(dossier)


def page(dossier: str, problem: str = "", *, typed: Mapping[str, str] | None = None) -> str:
    """The page; `problem` is why an act was refused, `typed` what its form held."""
    archive = service().archive
    held = dossiers.get(archive, viewer(), dossier)
    if held.state is State.DROPPED:
        abort(404)
    lines = dossier_lines.of(held)
    open_ = held.state is State.OPEN
    proposed = gathering.missing_from(archive, viewer(), dossier) if open_ else ()
    cards = service().findings.cards(viewer(), [p.document for p in proposed])
    rules = retention.rules(service().settings.data)
    holds = appraisal.holds(archive, viewer(), [dossier, *(line.entry.document for line in lines)])
    history = dossiers.history(archive, viewer(), dossier)
    return render_template(
        "dossier.html", dossier=held, lines=lines, fonds=fonds_of(archive, viewer()).get(held.fonds),
        proposed=[(p, cards[p.document]) for p in proposed if p.document in cards], holds=holds, problem=problem,
        terms=retention.propose(held.title, rules, on=today()), typed=typed or {}, editor=editor(),
        uncounted=dossier_lines.uncounted(lines),
        history=dossier_words.told(history, {line.entry.document: line.described.number for line in lines}),
        titled=dossier_lines.titled, called=dossier_lines.called,
        changed=sum(line.changed for line in lines), ended=_ended(lines), today=today(),
    )  # fmt: skip


def _ended(lines: tuple[Line, ...]) -> Any:
    """When the work may have ended: the day of the last paper."""
    found = dossier_lines.span(lines)
    return found[1] if found else today()


# Sheets


@blueprint.get("/<dossier>/print")
def printed(dossier: str) -> str:
    """A sheet of the dossier exactly as it prints; `to` says which."""
    held, chosen, sheet = _sheet(dossier)
    kinds = {"bia": "Bìa", "muc-luc": "Mục lục văn bản"}
    tabs = [(words, url_for(".printed", dossier=dossier, to=kind), kind == chosen) for kind, words in kinds.items()]
    if held.handover:
        tabs.append(("Biên bản giao nhận", url_for("appraising.handed_print", handover=held.handover), False))
    files = {form: url_for(".as_file", dossier=dossier, to=chosen, form=form) for form in paper_files.forms(sheet)}
    crumbs = [("Hồ sơ", url_for(".listing")), (f"Năm {held.year}", url_for(".listing", nam=held.year)),
              (held.code, url_for(".one", dossier=dossier))]  # fmt: skip
    title = f"Hồ sơ {held.code}: {dossier_lines.called(held.title)}"
    return paper_files.shown(sheet, title=title, crumbs=crumbs, tabs=tabs, files=files)


@blueprint.get("/<dossier>/print.<any(docx, xlsx, pdf):form>")
def as_file(dossier: str, form: str) -> Response:
    """The same sheet as a file."""
    return paper_files.sent(_sheet(dossier)[2], form)


def _sheet(dossier: str) -> tuple[Dossier, str, Sheet]:
    held = dossiers.get(service().archive, viewer(), dossier)
    lines = dossier_lines.of(held)
    fonds = fonds_of(service().archive, viewer()).get(held.fonds)
    if request.args.get("to") == "bia":
        return held, "bia", dossier_sheets.cover(held, lines, fonds, service().settings.office)
    return held, "muc-luc", dossier_sheets.contents(held, lines, head(held.fonds, today()))


def head(fonds: str, on: dt.date) -> Head:
    """The head of a sheet of that day."""
    known = fonds_of(service().archive, viewer())
    return headed(known.get(fonds), service().settings.office, on)


@blueprint.get("/<dossier>/package.zip")
def packed(dossier: str) -> Response:
    """The dossier as a package for another archive: its papers, their metadata, its list."""
    held = dossiers.get(service().archive, viewer(), dossier)
    with tempfile.TemporaryDirectory(prefix="goi-", dir=service().settings.data) as folder:
        made = submission.export(service(), viewer(), [held], Path(folder) / f"{held.id}.zip")
        # Opened before its folder goes: the bytes stay for as long as they are sent.
        answer = send_file(made.path.open("rb"), mimetype="application/zip", conditional=False)
    name = re.sub(r"[^\w.-]+", " ", f"Hồ sơ {held.code} năm {held.year}").strip()
    answer.headers["Content-Disposition"] = f"attachment; filename=\"ho-so.zip\"; filename*=UTF-8''{quote(name)}.zip"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/years/<int:year>/print")
def year_printed(year: int) -> str:
    """The list of dossiers of a year, as it prints."""
    sheet = _year_sheet(year)
    fonds = request.args.get("phong") or None
    files = {form: url_for(".year_file", year=year, form=form, phong=fonds) for form in paper_files.forms(sheet)}
    crumbs = [("Hồ sơ", url_for(".listing")), (f"Năm {year}", url_for(".listing", nam=year))]
    return paper_files.shown(sheet, title=f"Danh mục hồ sơ năm {year}", crumbs=crumbs, tabs=[], files=files)


@blueprint.get("/years/<int:year>/print.<any(docx, xlsx, pdf):form>")
def year_file(year: int, form: str) -> Response:
    """The same as a file."""
    return paper_files.sent(_year_sheet(year), form)


def _year_sheet(year: int) -> Sheet:
    fonds = request.args.get("phong", "")
    some = dossiers.listed(service().archive, viewer(), year=year, fonds=fonds if fonds else None)
    if not some:
        abort(404)
    return dossier_sheets.year_list(year, some, head(fonds or some[0].fonds, today()))
