"""Dossiers as a package for another archive (gói hồ sơ nộp lưu, SIP): papers, metadata, and the lists people read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive import appraisal, bags, carried, dossiers, office, package
from archive.appraisal import Handed
from archive.database import now
from archive.dossiers import Dossier
from archive.errors import NotAllowed, NotFound
from archive.fonds import OURS, Fonds, fonds_of
from archive.package import Exported
from archive.viewer import Viewer
from corpus.text import fold
from indexer import dossier_xml, submission
from indexer.dossier_xml import Reference, Said
from web import dossier_lines, dossier_sheets, paper_docx
from web.dossier_lines import Line
from web.paper import headed

if TYPE_CHECKING:
    from indexer.wiring import Service

MAP = "package.xml"
LIST = "muc-luc-ho-so.docx"
README = "DOC-TRUOC.txt"
_TOLD = """GÓI HỒ SƠ NỘP LƯU

Cơ quan giao: {office}
Gồm {dossiers} hồ sơ, {documents} văn bản.

{list}: mục lục hồ sơ, tài liệu nộp lưu.
dossiers/<hồ sơ>/muc-luc-van-ban.docx: mục lục văn bản trong hồ sơ.
dossiers/<hồ sơ>/dossier.xml: dữ liệu đặc tả của hồ sơ và từng văn bản (Nghị định 30/2020/NĐ-CP, Phụ lục VI), kèm chỗ
của tệp trong gói và mã băm SHA-512.
{map}: sơ đồ của gói: phông, các hồ sơ, chỗ của dữ liệu từng hồ sơ.
{schema}: lược đồ XSD của các tệp XML.
dossiers.jsonl, documents.jsonl, events.jsonl: để một văn khố khác dùng Vankho nhận lại hồ sơ như ở đây.

Tệp gốc như khi tiếp nhận nằm trong data/. Cả gói theo BagIt (RFC 8493): kiểm tra bằng sha512sum hoặc bất cứ phần mềm
nào đọc được BagIt.
"""


@dataclass(slots=True)
class _Writing:
    """A package while it is written: what its parts share."""

    service: Service
    viewer: Viewer
    some: tuple[Dossier, ...]
    handed: dict[str, Handed]

    @property
    def fonds(self) -> dict[str, Fonds]:
        return fonds_of(self.service.archive, self.viewer)

    def lines(self, one: Dossier) -> tuple[Line, ...]:
        entries = dossiers.entries(self.service.archive, self.viewer, one.id)
        cards = self.service.findings.cards(self.viewer, [entry.document for entry in entries])
        return dossier_lines.lines(one, entries, cards)


def of_fonds(service: Service, viewer: Viewer, wanted: str) -> list[Dossier]:
    """The dossiers of a fonds, by its name or id, that can go into a package. NotFound when there is no such fonds."""
    known = fonds_of(service.archive, viewer)
    said = fold(wanted)
    ids = [one.id for one in known.values() if wanted == one.id or said == fold(one.name)]
    if not ids and said == fold(service.settings.office):
        ids = [OURS]
    if not ids:
        raise NotFound(what=wanted)
    some = dossiers.listed(service.archive, viewer, fonds=ids[0], states=carried.STATES)
    return sorted(some, key=lambda one: one.planned)


def export(service: Service, viewer: Viewer, some: Sequence[Dossier], target: Path) -> Exported:
    """Write a package of these dossiers. NotAllowed names the first that cannot go; raises what `package.export` does.

    Everything that grows with the dossiers is written piece by piece.
    """
    for one in some:
        if one.state not in carried.STATES:
            why = "chưa mở, trong hồ sơ chưa có văn bản" if one.state is dossiers.State.PLANNED else "không còn văn bản"
            raise NotAllowed(reason=f"Hồ sơ {one.code} năm {one.year} {why}. Xin bỏ hồ sơ ấy ra.")
    if not some:
        raise NotAllowed(reason="Chưa có hồ sơ nào để đưa vào gói.")
    archive = service.archive
    found = {document for one in some for document in dossiers.memberships(archive, viewer, one.id)}
    writing = _Writing(service, viewer, tuple(some), {})
    name = service.settings.office
    info = {
        "Source-Organization": name, "Bag-Group-Identifier": "SIP",
        "External-Identifier": some[0].id if len(some) == 1 else f"{len(some)} hồ sơ",
        "External-Description": _described(some, len(found)),
    }  # fmt: skip
    return package.export(
        archive, viewer, target, documents=found, info=info, extra=_parts(writing, len(found)),
        subjects=[one.id for one in some],
    )  # fmt: skip


def _described(some: Sequence[Dossier], documents: int) -> str:
    if len(some) == 1:
        return f"Hồ sơ {some[0].code} năm {some[0].year}: {some[0].title} ({documents} văn bản)"
    return f"{len(some)} hồ sơ, {documents} văn bản"


def _parts(writing: _Writing, documents: int) -> dict[str, bytes | Iterable[bytes]]:
    """The files of `metadata/`, made when they are written; the lists of dossiers last, as they need the others."""
    some, name = writing.some, writing.service.settings.office
    lines = carried.lines(writing.service.archive, writing.viewer, some, office=name)
    told = _TOLD.format(
        office=name, dossiers=len(some), documents=documents, list=LIST, map=MAP, schema=dossier_xml.SCHEMA
    )
    parts: dict[str, bytes | Iterable[bytes]] = {
        README: told.encode(), dossier_xml.SCHEMA: dossier_xml.schema(),
        "dossiers.jsonl": (f"{line}\n".encode() for line in lines),
    }  # fmt: skip
    for one in some:
        parts[f"{folder(one)}/dossier.xml"] = _dossier(writing, one)
        parts[f"{folder(one)}/muc-luc-van-ban.docx"] = _contents(writing, one)
    return parts | {MAP: _map(writing), LIST: _list(writing)}


def folder(one: Dossier) -> str:
    """Where a package tells of a dossier."""
    code = re.sub(r"[^\w.-]", "_", one.code)
    return bags.safe_name(f"dossiers/{code}-{one.id}")


def _dossier(writing: _Writing, one: Dossier) -> Iterator[bytes]:
    archive, viewer = writing.service.archive, writing.viewer
    lines, own = writing.lines(one), office.bodies(archive)
    writing.handed[one.id] = dossier_lines.handed(one, lines)
    described = [line.described for line in lines]
    values = submission.values(one, own[0].code if own else "", described, leaves=dossier_lines.total(lines))
    fonds = writing.fonds.get(one.fonds)
    papers = submission.papers(archive, viewer, own, one, [(line.entry, line.described) for line in lines])
    named = (fonds.id, fonds.name) if fonds else ("", writing.service.settings.office)
    yield from dossier_xml.dossier(one.id, named, values, _said(writing, one, lines), papers)


def _said(writing: _Writing, one: Dossier, lines: Sequence[Line]) -> list[Said]:
    """Who decided its term and why, and what is held back."""
    subjects = [one.id, *(line.entry.document for line in lines)]
    held = appraisal.holds(writing.service.archive, writing.viewer, subjects)
    decided = one.decided
    term = [Said("Decision", one.id, decided.by, decided.at, decided.reason, decided.basis)] if decided else []
    return term + [
        Said("Hold", subject, hold.by, hold.at, hold.reason) for subject in subjects for hold in held.get(subject, ())
    ]


def _contents(writing: _Writing, one: Dossier) -> Iterator[bytes]:
    head = headed(writing.fonds.get(one.fonds), writing.service.settings.office, writing.service.settings.day)
    yield paper_docx.write([dossier_sheets.contents(one, writing.lines(one), head)])


def _map(writing: _Writing) -> Iterator[bytes]:
    known = writing.fonds
    fonds = [known[one] for one in dict.fromkeys(one.fonds for one in writing.some) if one in known]
    told = [
        {"id": one.id, "name": one.name, "parent": one.parent, "place": one.place, "heir": one.heir, "note": one.note,
         "endedOn": one.ended_on.isoformat() if one.ended_on else ""}
        for one in fonds
    ]  # fmt: skip
    references = (
        Reference(one.id, one.code, one.year, one.title, one.documents, f"{folder(one)}/dossier.xml")
        for one in writing.some
    )
    yield from dossier_xml.submission(writing.service.settings.office, now(), told, references)


def _list(writing: _Writing) -> Iterator[bytes]:
    day = writing.service.settings.day
    head = headed(writing.fonds.get(writing.some[0].fonds), writing.service.settings.office, day)
    lines = [writing.handed[one.id] for one in writing.some]
    yield paper_docx.write([dossier_sheets.listed(lines, day.year, head)])
