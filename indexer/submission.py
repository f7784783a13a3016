"""Papers of dossiers as a package for another archive tells of them (gói hồ sơ nộp lưu)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from archive import bags, catalogue, objects, withdrawal
from archive.database import reader
from archive.dossiers import Described, Dossier, Entry, Unit
from archive.office import OwnBody
from archive.viewer import Viewer
from corpus import metadata
from indexer import describing, schema
from indexer.dossier_xml import File, Paper

if TYPE_CHECKING:
    from archive.archive import Archive

_PAGE = 200  # papers looked at together


def values(
    dossier: Dossier, code: str, some: Sequence[Described], *, leaves: int | None, languages: Sequence[str] = ()
) -> dict[str, str]:
    """The metadata of a dossier; `code`: identifier of the body, `leaves`: how many, None where one is not counted."""
    days = [one.issued_on for one in some if one.issued_on]
    began = min(filter(None, [*days, dossier.opened_on]), default=None)
    counted = str(leaves) if leaves else ""
    return {
        "FileCode.OrganId": code, "FileCode.FileCatalog": str(dossier.year), "FileCode.FileNotation": dossier.code,
        "Title": dossier.title, "Maintenance": dossier.decided.term.words if dossier.decided else "",
        "Creator": dossier.keeper, "Language": "; ".join(languages) or "Tiếng Việt", "StartDate": _day(began),
        "EndDate": _day(dossier.ended_on), "DocTotal": str(len(some)), "Description": dossier.note,
        ("PageTotal" if dossier.unit is Unit.PAGE else "SheetTotal"): counted, "Heading": dossier.heading,
        "State": "đã kết thúc" if dossier.ended_on else "đang mở", "LastDay": _day(dossier.last_day),
    }  # fmt: skip


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def papers(
    archive: Archive, viewer: Viewer, own: Sequence[OwnBody], dossier: Dossier,
    lines: Sequence[tuple[Entry, Described]],
) -> Iterator[Paper]:  # fmt: skip
    """The papers of a dossier in order. What its list says of each stands before what is read of it now."""
    gone = withdrawal.documents(archive)
    for at in range(0, len(lines), _PAGE):
        batch = lines[at : at + _PAGE]
        wanted = [entry.document for entry, _ in batch]
        described = describing.describe(archive, viewer, wanted, own)
        files = _files(archive, viewer, [one for one in wanted if one not in gone])
        for entry, said in batch:
            found = described.get(entry.document)
            register = found.register.value if found and found.register else None
            read = {name: one.text for name, one in found.values.items()} if found else {}
            told = read | _listed(said) | _placed(dossier, entry, own)
            yield Paper(entry.document, register, told, files.get(entry.document))


def _listed(said: Described) -> dict[str, str]:
    """What the list of the dossier says; nothing where it says nothing."""
    serial, notation = metadata.parted(said.number or "")
    told = {
        "TypeName": said.kind or "", "CodeNumber": serial, "CodeNotation": notation, "IssuedDate": _day(said.issued_on),
        "OrganName": said.issuer or "", "Subject": said.title or "", "PageAmount": str(said.pages or ""),
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _placed(dossier: Dossier, entry: Entry, own: Sequence[OwnBody]) -> dict[str, str]:
    """Its place in this dossier; it may have others in others."""
    told = {
        "FileCode.OrganId": own[0].code if own else "", "FileCode.FileCatalog": str(dossier.year),
        "FileCode.FileNotation": dossier.code, "DocOrdinal": str(entry.position),
    }  # fmt: skip
    return told | ({"Description": entry.note} if entry.note else {})


def _files(archive: Archive, viewer: Viewer, documents: Sequence[str]) -> Mapping[str, File]:
    r = schema.reading
    with reader(archive.engine) as connection:
        query = select(r.c.document, r.c.media_type).where(r.c.document.in_(documents))
        types = {row.document: row.media_type for row in connection.execute(query)}
    held = catalogue.documents(archive, viewer, ids=documents, limit=_PAGE) if documents else ()
    return {
        one.id: File(
            path=f"data/{one.id}/{bags.safe_name(objects.logical_name(one.version.name))}", name=one.version.name,
            media_type=types.get(one.id, "application/octet-stream"), size=one.version.size, sha512=one.version.sha512,
        )
        for one in held
    }  # fmt: skip
