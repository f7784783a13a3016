"""The metadata of papers (dữ liệu đặc tả): shown and edited, sent out as files and taken in after a look."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from archive.errors import LineChanged
from archive.registers import Register
from corpus import metadata
from corpus.metadata import BadValue, Field, Home
from indexer import describing, worker
from indexer.describing import Description
from indexer.views import Card
from web import correction_forms, metadata_files, registers
from web.context import service, viewer
from web.correction_forms import Misread
from web.corrections import EDITOR, WAIT, editor
from web.filters import date
from web.metadata_files import BadFile
from web.registers import own_bodies, shown, signed

blueprint = Blueprint("metadata", __name__)

_TYPES = {
    "xml": "application/xml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BOOK = '/registers/<any("in", "out"):name>/metadata'
_FORMS = "<any(xml, xlsx):form>"
MOST_CHANGES = 1000
"""In one import."""
_MOST_TEXT = 400_000  # letters of all changes together, below what a form may carry


@dataclass(frozen=True, slots=True)
class Change:
    """What an import would change of one paper."""

    card: Card
    fields: tuple[tuple[Field, str, str], ...]
    """Field, what stands, what would stand."""


def described(documents: list[str]) -> dict[str, Description]:
    """The metadata of these papers."""
    return describing.describe(service().archive, viewer(), documents, own_bodies())


def _one(document: str) -> Description:
    found = described([document]).get(document)
    if found is None:
        abort(404)
    return found


@blueprint.get("/documents/<document>/metadata")
def metadata_of(document: str) -> str:
    """The fields of one paper, each with where it comes from."""
    return page(_one(document))


def page(description: Description, problems: tuple[str, ...] = ()) -> str:
    """The form; what was typed and not understood stands in it again."""
    fields = [(field, description.values[field.name]) for field in metadata.asked(description.register)]
    return render_template(
        "metadata.html", description=description, problems=problems, typed=request.form, editor=editor(),
        card=service().findings.cards(viewer(), [description.document])[description.document],
        groups=(
            ("Nghị định 30/2020/NĐ-CP, Phụ lục VI", [pair for pair in fields if not pair[0].added]),
            ("Dữ liệu lưu trữ", [pair for pair in fields if pair[0].added]),
        ),
        fixed=lambda field: field.home is Home.FIXED or (field.home is Home.REGISTER and description.line is None),
        urgency=metadata.URGENCY, words=metadata_words,
    )  # fmt: skip


@blueprint.post("/documents/<document>/metadata")
def keep(document: str) -> Answer | tuple[str, int]:
    """Keep the fields that were changed in the form."""
    description = _one(document)
    given = {name: request.form[name] for name in description.values if name in request.form}
    was = {name: request.form.get(f"was-{name}", "") for name in given}
    typed = {name: value for name, value in given.items() if _plain(value) != _plain(was[name])}
    try:
        by = _by()
        changed = describing.changes(description, typed)
        if not changed:
            raise Misread("Chưa có trường nào được sửa.")
        _apply([(description, changed)], by)
    except (Misread, BadValue, LineChanged) as problem:
        return page(description, (str(problem),)), 400
    return signed(url_for("metadata.metadata_of", document=document), by)


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").strip()


def _by() -> str:
    return correction_forms.name(request.form.get("by", "") or request.cookies.get(EDITOR, ""))


def _apply(changed: list[tuple[Description, dict[str, str]]], by: str) -> None:
    """Keep changes and wait for what was corrected of readings to be worked in."""
    made = [describing.apply(service().archive, viewer(), one, values, by=by) for one, values in changed]
    if any(made):
        worker.correct(service(), max(filter(None, made)), seconds=WAIT)


@blueprint.get(f"/documents/<document>/metadata.{_FORMS}")
def file_of(document: str, form: str) -> Response:
    """The metadata of one paper as a file."""
    return _file([_one(document)], form, f"du-lieu-dac-ta-{document}")


@blueprint.get(f"{_BOOK}.{_FORMS}")
def file(name: str, form: str) -> Response:
    """The metadata of the papers of a register as a file."""
    days = shown(Register(name))
    return _file(list(described(_documents(name)).values()), form, f"du-lieu-dac-ta-{name}-{days.value}")


def _documents(name: str) -> list[str]:
    lines = registers.printed_of(Register(name), shown(Register(name))).lines
    return [line.document for line in lines if line.document and line.struck is None]


def _file(papers: list[Description], form: str, named: str) -> Response:
    data = metadata_files.xml_file(papers) if form == "xml" else metadata_files.xlsx_file(papers)
    answer = make_response(data)
    answer.content_type = _TYPES[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{named}.{form}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


# Taken in


@blueprint.get(_BOOK)
def exchange(name: str) -> str:
    """Metadata of a register's papers: files to take, and the form that takes one in."""
    return _exchange(name)


def _exchange(
    name: str, *, problems: tuple[str, ...] = (), changes: tuple[Change, ...] | None = None, said: str = ""
) -> str:
    days = shown(Register(name))
    return render_template(
        "metadata_exchange.html", register=Register(name), days=days, papers=len(_documents(name)), problems=problems,
        changes=changes, said=said, editor=editor(), typed=request.form, words=registers.WORDS,
        printed=metadata_words,
    )  # fmt: skip


def metadata_words(field: Field, value: str) -> str:
    """A value as people read it."""
    if field.name == "Priority":
        return metadata.URGENCY[int(value)].lower() if value not in ("", "0") else "thường"
    if field.kind is metadata.Kind.DATE and value:
        return date(dt.date.fromisoformat(value))
    return value


@blueprint.post(_BOOK)
def look(name: str) -> str | tuple[str, int]:
    """Show what a file would change; nothing is changed yet."""
    sent = request.files.get("file")
    try:
        given = metadata_files.read(sent.stream.read(metadata_files.LARGEST + 1) if sent else b"")
    except BadFile as problem:
        return _exchange(name, problems=(str(problem),)), 400
    changed, problems = _compared(dict(given))
    said = json.dumps(
        {one.document: {n: [one.values[n].text, v] for n, v in values.items()} for one, values in changed},
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    if sum(len(values) for _, values in changed) > MOST_CHANGES or len(said) > _MOST_TEXT:
        told = f"Tệp đổi quá nhiều cho một lần (tối đa {MOST_CHANGES} chỗ). Xin chia thành nhiều tệp."
        return _exchange(name, problems=(told,)), 400
    return _exchange(name, problems=tuple(problems), changes=_shown(changed), said=said if changed else "")


def _compared(given: Mapping[str, Mapping[str, str]]) -> tuple[list[tuple[Description, dict[str, str]]], list[str]]:
    """What the given values change, and what of them cannot be taken."""
    held, changed, problems = described(list(given)), [], []
    for document, values in given.items():
        if document not in held:
            problems.append(f"{document}: văn bản này không có trong kho.")
            continue
        asked = {n: v for n, v in values.items() if v or n in held[document].values}
        try:
            found = describing.changes(held[document], asked)
        except BadValue as problem:
            problems.append(f"{document}: {problem} Văn bản này không được đổi.")
            continue
        if found:
            changed.append((held[document], found))
    return changed, problems


def _shown(changed: list[tuple[Description, dict[str, str]]]) -> tuple[Change, ...]:
    cards = service().findings.cards(viewer(), [one.document for one, _ in changed])
    return tuple(
        Change(cards[one.document], tuple((metadata.BY_NAME[n], one.values[n].text, v) for n, v in values.items()))
        for one, values in changed
        if one.document in cards
    )


@blueprint.post(f"{_BOOK}/apply")
def apply(name: str) -> Answer | tuple[str, int]:
    """Make the changes that were shown; none of them when something was changed since."""
    said = _said(request.form.get("said", ""))
    if said is None:
        abort(400)
    try:
        by = _by()
        changed, problems = _compared({one: {n: now for n, (_, now) in values.items()} for one, values in said.items()})
        moved = [one for one, values in changed if any(one.values[n].text != said[one.document][n][0] for n in values)]
        if problems or moved:
            raise BadFile("Có văn bản vừa được người khác sửa. Chưa đổi gì; xin gửi lại tệp để xem lại.")
        _apply(changed, by)
    except LineChanged as problem:
        told = f"{problem} Văn bản đứng trước trong tệp đã được ghi; xin gửi lại tệp để xem phần còn lại."
        return _exchange(name, problems=(told,)), 409
    except (Misread, BadFile) as problem:
        return _exchange(name, problems=(str(problem),)), 400
    return signed(url_for("metadata.exchange", name=name, month=shown(Register(name)).value), by)


def _said(text: str) -> dict[str, dict[str, list[str]]] | None:
    """The changes that a form brings back; None where they are none of ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    pairs = [
        pair for values in (found.values() if isinstance(found, dict) else [None])
        for pair in (values.values() if isinstance(values, dict) else [None])
    ]  # fmt: skip
    good = all(isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair) for pair in pairs)
    return found if good and len(pairs) <= MOST_CHANGES else None
