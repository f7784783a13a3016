"""Acts on dossiers (lập hồ sơ): planning a year's list, opening, putting papers in, closing, opening again.

Every act has the name of who did it and its record in the ledger. What was closed changes only after it was
opened again, which is an act of its own with a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import catalogue, dossiers, filed, journal, ledger
from archive.dossiers import Described, Dossier, State, Unit
from archive.errors import NotAllowed, NotFound
from archive.fonds import OURS, Fonds, all_fonds
from archive.retention import Term
from archive.schema import dossier as table
from archive.viewer import Viewer
from corpus.text import normalise

if TYPE_CHECKING:
    from archive.archive import Archive

LONGEST = {"code": 60, "title": 1_000, "heading": 500, "keeper": 200, "note": 1_000}
_NAMES = {
    "code": "Số, ký hiệu hồ sơ", "title": "Tiêu đề", "heading": "Đề mục", "keeper": "Người lập", "note": "Ghi chú",
}  # fmt: skip
YEARS = range(1930, 2201)


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of a list of dossiers (danh mục hồ sơ)."""

    code: str
    title: str
    heading: str = ""
    keeper: str = ""
    term: Term | None = None
    note: str = ""
    unit: Unit = Unit.PAGE


def describe_fonds(archive: Archive, viewer: Viewer, one: Fonds, *, by: str) -> str:
    """Keep what is known of a fonds, a new one when its id is empty; gives the id."""
    if not one.name.strip():
        raise NotAllowed(reason="Xin ghi tên cơ quan hình thành phông.")
    details = {name: getattr(one, name) for name in ("name", "parent", "place", "party", "heir", "note")}
    details["ended_on"] = one.ended_on.isoformat() if one.ended_on else None
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        same = [o for o in all_fonds(connection).values() if o.name == one.name and o.id != one.id]
        if same:
            raise NotAllowed(reason=f"Đã có phông “{one.name}”. Xin sửa phông ấy, hoặc ghi tên khác.")
        subject = one.id or filed.identifier("ph")
        filed.act(connection, filed.FONDS, subject, details, by=by)
    return subject


def plan(
    archive: Archive, viewer: Viewer, lines: Sequence[Planned], *, year: int, by: str, fonds: str = OURS
) -> tuple[str, ...]:
    """Put lines into a year's list; gives their ids. All of them or, when one cannot be, none."""
    if not lines:
        raise NotAllowed(reason="Chưa có hồ sơ nào để đưa vào danh mục.")
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        _fitting_year(connection, year, fonds)
        taken = codes(connection, year, fonds)
        return tuple(_plan(connection, line, taken, year=year, fonds=fonds, by=by) for line in lines)


def start(
    archive: Archive, viewer: Viewer, line: Planned, *, year: int, on: dt.date, by: str, fonds: str = OURS
) -> str:
    """Open a dossier that no list foresaw; gives its id."""
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        _fitting_year(connection, year, fonds)
        made = _plan(connection, line, codes(connection, year, fonds), year=year, fonds=fonds, by=by)
        filed.act(connection, filed.OPENED, made, {"on": on.isoformat()}, by=by)
        return made


def open_(archive: Archive, viewer: Viewer, dossier: str, *, on: dt.date, by: str) -> None:
    """Open a planned dossier."""
    with journal.acting(archive) as connection:
        one = _locked(connection, viewer, dossier)
        if one.state is not State.PLANNED:
            raise NotAllowed(reason=f"{_capital(one.words)} đã mở rồi.")
        filed.act(connection, filed.OPENED, dossier, {"on": on.isoformat()}, by=by)


def drop(archive: Archive, viewer: Viewer, dossier: str, *, by: str) -> None:
    """Take a planned dossier out of its list."""
    with journal.acting(archive) as connection:
        one = _locked(connection, viewer, dossier)
        if one.state is not State.PLANNED:
            raise NotAllowed(reason=f"{_capital(one.words)} đã mở, không bỏ khỏi danh mục được nữa.")
        filed.act(connection, filed.DROPPED, dossier, {}, by=by)


def change(archive: Archive, viewer: Viewer, dossier: str, fields: Mapping[str, str], *, by: str) -> None:
    """Change what the list says of a dossier: code, title, heading, keeper, note, unit. Nothing new: nothing done."""
    with journal.acting(archive) as connection:
        one = _changeable(connection, viewer, dossier)
        said = {name: clean(name, value) for name, value in fields.items() if name != "unit"}
        if "unit" in fields:
            said["unit"] = Unit(fields["unit"]).value
        new = {name: value for name, value in said.items() if value != getattr(one, name)}
        if "code" in new and new["code"].casefold() in codes(connection, one.year, one.fonds) - {one.code.casefold()}:
            raise NotAllowed(reason=f"Danh mục năm {one.year} đã có hồ sơ {new['code']}.")
        if new:
            filed.act(connection, filed.CHANGED, dossier, {"fields": new}, by=by)


def put(archive: Archive, viewer: Viewer, dossier: str, documents: Sequence[str], *, by: str) -> tuple[str, ...]:
    """Put documents into an open dossier, after those in it; gives those that were not there yet."""
    wanted = tuple(dict.fromkeys(documents))
    known = {one.id for one in catalogue.documents(archive, viewer, ids=wanted)}
    if missing := [one for one in wanted if one not in known]:
        raise NotFound(what=missing[0])
    with journal.acting(archive) as connection:
        one = _changeable(connection, viewer, dossier)
        if one.state is State.PLANNED:
            raise NotAllowed(reason=f"{_capital(one.words)} chưa mở. Xin mở hồ sơ trước.")
        there = {entry.document for entry in dossiers.lying(connection, viewer, dossier)}
        new = [document for document in wanted if document not in there]
        if new:
            filed.act(connection, filed.FILED, dossier, {"documents": new}, by=by)
        return tuple(new)


def take_out(archive: Archive, viewer: Viewer, dossier: str, document: str, *, by: str) -> None:
    """Take a document out, or say that one does not belong: it is not proposed for this dossier again."""
    catalogue.get(archive, viewer, document)
    with journal.acting(archive) as connection:
        _changeable(connection, viewer, dossier)
        filed.act(connection, filed.TAKEN_OUT, dossier, {"document": document}, by=by)


def note(
    archive: Archive, viewer: Viewer, dossier: str, document: str, *, leaves: int | None, note: str, by: str
) -> None:
    """Say how many leaves a document takes in a dossier, and what is remarkable."""
    if leaves is not None and not 1 <= leaves <= 9_999:
        raise NotAllowed(reason=f"Số tờ “{leaves}” không đúng. Xin ghi số từ 1 đến 9999, hoặc để trống.")
    said = clean("note", note)
    with journal.acting(archive) as connection:
        _changeable(connection, viewer, dossier)
        entry = _entry(connection, viewer, dossier, document)
        if (entry.leaves, entry.note) != (leaves, said):
            details = {"document": document, "leaves": leaves, "note": said}
            filed.act(connection, filed.NOTED, dossier, details, by=by)


def arrange(archive: Archive, viewer: Viewer, dossier: str, documents: Sequence[str], *, by: str) -> None:
    """Give the documents of a dossier this order; it must name exactly those that lie in it."""
    with journal.acting(archive) as connection:
        _changeable(connection, viewer, dossier)
        there = [entry.document for entry in dossiers.lying(connection, viewer, dossier)]
        if sorted(documents) != sorted(there):
            raise NotAllowed(reason="Hồ sơ vừa có thay đổi. Xin tải lại trang rồi xếp lại.")
        if list(documents) != there:
            filed.act(connection, filed.ARRANGED, dossier, {"documents": list(documents)}, by=by)


def close(
    archive: Archive, viewer: Viewer, dossier: str, *, ended_on: dt.date, lines: Mapping[str, Described], by: str
) -> None:
    """Close a dossier (kết thúc hồ sơ) as its work ended on that day, which may be long before it was put together.

    `lines` is what its list says of each document now; a later reading changes nothing of it.
    """
    with journal.acting(archive) as connection:
        one = _changeable(connection, viewer, dossier)
        there = [entry.document for entry in dossiers.lying(connection, viewer, dossier)]
        if problem := _unfinished(one, there):
            raise NotAllowed(reason=problem)
        if set(there) != lines.keys():
            raise NotAllowed(reason="Hồ sơ vừa có thay đổi. Xin tải lại trang rồi kết thúc lại.")
        details = {"ended_on": ended_on.isoformat(), "lines": {d: lines[d].to_json() for d in there}}
        filed.act(connection, filed.CLOSED, dossier, details, by=by)


def _unfinished(one: Dossier, there: Collection[str]) -> str | None:
    """Why a dossier cannot be closed."""
    if one.state is State.PLANNED or not there:
        return f"{_capital(one.words)} chưa có văn bản nào, chưa kết thúc được."
    if one.decided is None:
        return f"{_capital(one.words)} chưa có thời hạn bảo quản. Xin định thời hạn rồi kết thúc."
    return None


def reopen(archive: Archive, viewer: Viewer, dossier: str, *, reason: str, by: str) -> None:
    """Open a closed dossier again."""
    said = clean("note", reason)
    if not said:
        raise NotAllowed(reason="Xin ghi lý do mở lại hồ sơ.")
    with journal.acting(archive) as connection:
        one = _locked(connection, viewer, dossier)
        if one.state is not State.CLOSED:
            raise NotAllowed(reason=f"{_capital(one.words)} chưa kết thúc, không cần mở lại.")
        if one.disposal:
            raise NotAllowed(
                reason=f"{_capital(one.words)} đang nằm trong danh mục hết giá trị. Xin bỏ danh mục ấy trước."
            )
        filed.act(connection, filed.REOPENED, dossier, {"reason": said}, by=by)


def _plan(
    connection: Connection, line: Planned, taken: set[str], *, year: int, fonds: str, by: str
) -> str:
    said = {name: clean(name, getattr(line, name)) for name in LONGEST}
    if said["code"].casefold() in taken:
        raise NotAllowed(reason=f"Danh mục năm {year} đã có hồ sơ {said['code']}. Xin dùng số, ký hiệu khác.")
    taken.add(said["code"].casefold())
    term = None
    if line.term:
        term = {"term": line.term.value, "basis": "", "reason": f"theo danh mục hồ sơ năm {year}"}
    details = {**said, "year": year, "fonds": fonds, "unit": line.unit.value, "term": term}
    made = filed.identifier("hs")
    filed.act(connection, filed.PLANNED, made, details, by=by)
    return made


def clean(name: str, typed: str) -> str:
    """What the list says of a dossier under this name (`LONGEST`), in its one form. NotAllowed when it cannot be."""
    lines = [" ".join(line.split()) for line in normalise(typed).splitlines()]
    said = "\n".join(line for line in lines if line) if name == "heading" else " ".join(" ".join(lines).split())
    if len(said) > LONGEST[name]:
        raise NotAllowed(reason=f"{_NAMES[name]} dài quá {LONGEST[name]} chữ.")
    if name in ("code", "title") and not said:
        raise NotAllowed(reason=f"Xin ghi {_NAMES[name].lower()}.")
    return said


def _fitting_year(connection: Connection, year: int, fonds: str) -> None:
    if year not in YEARS:
        raise NotAllowed(reason=f"Năm {year} không đúng. Xin ghi năm của danh mục, ví dụ 2026.")
    if fonds == OURS:
        return
    one = all_fonds(connection).get(fonds)
    if one is None:
        raise NotFound(what=fonds)
    if one.ended_on and year > one.ended_on.year:
        raise NotAllowed(
            reason=f"{one.name} đã kết thúc hoạt động ngày {one.ended_on:%d/%m/%Y}: phông chỉ nhận hồ sơ đến năm "
            f"{one.ended_on.year}. Hồ sơ mới xin lập ở phông của cơ quan kế thừa."
        )


def codes(connection: Connection, year: int, fonds: str) -> set[str]:
    """The codes of a year's list, in small letters."""
    held = sa.and_(table.c.year == year, table.c.fonds == fonds, table.c.state != State.DROPPED)
    return {code.casefold() for code in connection.scalars(sa.select(table.c.code).where(held))}


def _locked(connection: Connection, viewer: Viewer, dossier: str) -> Dossier:
    """The dossier as nobody changes it until this transaction ends."""
    ledger.lock(connection)
    one = dossiers.held(connection, viewer, dossier)
    if one.state is State.DROPPED:
        raise NotFound(what=dossier)
    return one


def _changeable(connection: Connection, viewer: Viewer, dossier: str) -> Dossier:
    one = _locked(connection, viewer, dossier)
    if one.state is State.CLOSED:
        raise NotAllowed(reason=f"{_capital(one.words)} đã kết thúc. Xin mở lại hồ sơ, ghi lý do, rồi sửa.")
    if one.state is State.DESTROYED:
        raise NotAllowed(reason=f"{_capital(one.words)} đã tiêu hủy, chỉ còn để tra cứu.")
    return one


def _entry(connection: Connection, viewer: Viewer, dossier: str, document: str) -> dossiers.Entry:
    for entry in dossiers.lying(connection, viewer, dossier):
        if entry.document == document:
            return entry
    raise NotFound(what=document)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
