"""The metadata of papers (dữ liệu đặc tả): worked out of the reading and the registers, with what people say of them.

A change goes where the value lives: a correction of the reading, a line of a register, or a record of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from archive import corrections, registers
from archive.catalogue import visible
from archive.corrections import Correction, Subject
from archive.database import reader
from archive.office import OwnBody
from archive.registers import Line, Register
from archive.schema import document as document_table
from archive.viewer import Viewer
from corpus import lexicon, metadata
from corpus.metadata import BadValue, Field, Home
from corpus.model import Heading
from indexer import overlay, records, registering, schema
from indexer.linking import chunks

if TYPE_CHECKING:
    from archive.archive import Archive

_HEADING = {
    "TypeName": "kind", "IssuedDate": "issued_on", "OrganName": "issuer", "Subject": "title",
    "SignerInfo.Position": "office", "SignerInfo.FullName": "signer", "To": "recipients", "Priority": "urgency",
}  # fmt: skip
"""Fields that are a heading's field; `CodeNumber` and `CodeNotation` are two halves of one."""
_HALVES = ("CodeNumber", "CodeNotation")


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in one field."""

    text: str = ""
    """In the field's one form (`corpus.metadata`); empty for nothing."""
    said_by: str | None = None
    """Who said so, where a person did."""
    worked: str = ""
    """What stands there when nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Description:
    """The metadata of one paper."""

    document: str
    register: Register | None
    """In whose register it stands, or would stand as far as its issuer says; None when nothing says so."""
    line: Line | None
    heading: Heading
    values: Mapping[str, Value]
    """By name of the field, in the order of the annex."""

    def leaving(self) -> dict[str, str]:
        """The values as they leave the archive, each as long as its field."""
        return {name: metadata.shortened(metadata.BY_NAME[name], one.text) for name, one in self.values.items()}


def describe(
    archive: Archive, viewer: Viewer, documents: Iterable[str], own: Sequence[OwnBody]
) -> dict[str, Description]:
    """The metadata of these papers, in the order asked for; those not read or not visible are left out."""
    wanted = list(dict.fromkeys(documents))
    lines = registers.of(archive, viewer, wanted)
    said = corrections.in_force(archive, viewer, Subject.METADATA, wanted)
    with reader(archive.engine) as connection:
        rows = {row.document: row for row in _rows(connection, viewer, wanted)}
    return {
        document: _description(rows[document], lines.get(document, ()), said.get(document, ()), own)
        for document in wanted
        if document in rows
    }


def _rows(connection: Connection, viewer: Viewer, documents: Sequence[str]):
    r, d = schema.reading, document_table
    query = select(r.c.document, r.c.heading, r.c.pages, r.c.source, r.c.verdict).join(d, d.c.id == r.c.document)
    for batch in chunks(documents):
        yield from connection.execute(query.where(r.c.document.in_(batch), visible(viewer)))


def _description(row: Any, lines: Sequence[Line], said: Sequence[Correction], own: Sequence[OwnBody]) -> Description:
    heading = records.heading_from_json(row.heading)
    line = lines[0] if lines else None
    register = line.register if line else _register(heading, own)
    told = {str(one.anchor["field"]): one for one in said}
    worked = {**_read(heading), **_booked(line), **_worked(row, heading, line, register, own)}
    values = {}
    for field in metadata.asked(register):
        one, plain = told.get(field.name), metadata.usual(field, worked.get(field.name, ""))
        values[field.name] = Value(str(one.value), one.by, plain) if one else Value(plain, worked=plain)
    return Description(row.document, register, line, heading, values)


def _register(heading: Heading, own: Sequence[OwnBody]) -> Register | None:
    if not own or not heading.issuer:
        return None
    return Register.OUT if registering.went_out(heading.issuer, registering.keys(own)) else Register.IN


def _read(heading: Heading) -> dict[str, str]:
    kind = heading.kind_printed or (lexicon.kind_label(heading.kind) if heading.kind else "")
    serial, notation = metadata.parted(heading.number or "")
    return {
        "TypeName": kind, "CodeNumber": serial, "CodeNotation": notation, "IssuedDate": _day(heading.issued_on),
        "OrganName": heading.issuer or "", "Subject": heading.title or "", "SignerInfo.Position": heading.office or "",
        "SignerInfo.FullName": heading.signer or "", "To": "\n".join(heading.recipients),
        "Priority": metadata.priority(heading.urgency or ""),
    }  # fmt: skip


def _booked(line: Line | None) -> dict[str, str]:
    if line is None:
        return {}
    kept = line.handling
    return {
        "ArrivalDate": _day(line.day), "ArrivalNumber": str(line.number), "ToPlaces": kept.handler,
        "IssuedAmount": "" if kept.copies is None else str(kept.copies), "DueDate": _day(kept.due),
        "Description": kept.note,
    }  # fmt: skip


def _worked(
    row: Any, heading: Heading, line: Line | None, register: Register | None, own: Sequence[OwnBody]
) -> dict[str, str]:
    code = own[0].code if own else ""
    worked = {"FileCode.OrganId": code, "Language": "Tiếng Việt", "PageAmount": str(row.pages or "")}
    day = heading.issued_on or (line.day if line else None)
    worked["FileCode.FileCatalog"] = str(day.year) if day else ""
    if register is Register.OUT and code and heading.number and heading.issued_on:
        worked["DocCode"] = f"{code},{heading.issued_on:%Y/%m/%d},{heading.number}"  # as QCVN 102:2016/BTTTT writes it
    if row.source == "ocr":
        worked["ConfidenceLevel"] = "Số hóa"
    elif row.verdict != "unsigned":
        worked["ConfidenceLevel"] = "Gốc điện tử"
    return worked


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def changes(description: Description, given: Mapping[str, str]) -> dict[str, str]:
    """What of the given values differs from what stands, each in its field's form. Raises BadValue.

    A value that is what the archive lets out, shortened or not, is no change; fields that are not given stay.
    """
    found, leaving = {}, description.leaving()
    for name, typed in given.items():
        field = metadata.BY_NAME.get(name)
        if field is None or name not in description.values:
            raise BadValue(f"Văn bản này không có trường “{name[:60]}”.")
        standing = description.values[name].text, leaving[name]
        if typed.strip() not in standing and (value := metadata.read(field, typed)) not in standing:
            _check(description, field, value)
            found[name] = value
    return found


def _check(description: Description, field: Field, value: str) -> None:
    """Whether a value may be changed so. Raises BadValue."""
    if field.home is Home.FIXED:
        raise BadValue(f"{field.label} do sổ cấp, không sửa được.")
    if field.home is Home.REGISTER and description.line is None:
        raise BadValue(f"{field.label}: văn bản chưa vào sổ. Xin vào sổ trước.")
    if field.name == "TypeName" and value and lexicon.kind_named(value) is None:
        raise BadValue(f"{field.label}: không có tên loại “{value[:60]}”.")
    if field.name == "ArrivalDate" and description.line and value[:4] != str(description.line.year):
        raise BadValue(f"{field.label}: số đến {description.line.number} thuộc sổ năm {description.line.year}.")


def apply(
    archive: Archive, viewer: Viewer, description: Description, changed: Mapping[str, str], *, by: str
) -> int | None:
    """Keep changes (`changes`); gives the number of the last correction of the reading among them.

    Raises LineChanged, then nothing is kept; NotFound.
    """
    _amend(archive, viewer, description, changed, by)
    last = None
    for name, value in _heading_changes(description, changed).items():
        read = overlay.field_value(description.heading, name)
        said = {"subject": Subject.FIELD, "anchor": {"field": name}, "value": value, "read": read}
        last = corrections.record(archive, viewer, description.document, **said, by=by).id
    for name, value in changed.items():
        if metadata.BY_NAME[name].home is Home.SAID:
            said = {"anchor": {"field": name}, "value": value, "read": description.values[name].worked}
            corrections.record(archive, viewer, description.document, subject=Subject.METADATA, **said, by=by)
    return last


def _amend(
    archive: Archive, viewer: Viewer, description: Description, changed: Mapping[str, str], by: str
) -> None:
    line = description.line
    if line is None or not any(metadata.BY_NAME[name].home is Home.REGISTER for name in changed):
        return
    kept = line.handling
    if "ToPlaces" in changed:
        kept = replace(kept, handler=changed["ToPlaces"])
    if "IssuedAmount" in changed:
        kept = replace(kept, copies=int(changed["IssuedAmount"]) if changed["IssuedAmount"] else None)
    if "DueDate" in changed:
        kept = replace(kept, due=dt.date.fromisoformat(changed["DueDate"]) if changed["DueDate"] else None)
    day = dt.date.fromisoformat(changed["ArrivalDate"]) if "ArrivalDate" in changed else None
    registers.amend(archive, viewer, line, day=day, handling=kept, by=by)


def _heading_changes(description: Description, changed: Mapping[str, str]) -> dict[str, Any]:
    """Fields of the heading with their new values, as corrections hold them."""
    found: dict[str, Any] = {}
    for name, value in changed.items():
        if name in _HEADING:
            found[_HEADING[name]] = _heading_value(name, value)
    if any(half in changed for half in _HALVES):
        serial, notation = (changed.get(half, description.values[half].text) for half in _HALVES)
        found["number"] = metadata.joined(serial, notation, description.heading.number or "") or None
    return found


def _heading_value(name: str, value: str) -> Any:
    if name == "To":
        return value.split("\n") if value else []
    if name == "Priority":
        return metadata.urgency(value) or None
    if name == "TypeName":
        kind = lexicon.kind_named(value) if value else None
        return kind.value if kind else None
    return value or None
