"""Destroying dossiers whose term is over (tiêu hủy tài liệu hết giá trị): a list, a decision, minutes.

Nothing is ever destroyed by itself. A person draws up the list; the decision is a document of this archive;
only the minutes remove the bytes, and by then the whole is in the ledger and sealed by a checkpoint. What
stays is the tombstone of each document and the list with its lines.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import appraisal, catalogue, checkpoint, dossiers, filed, journal, ledger, objects, withdrawal
from archive.appraisal import words
from archive.database import reader
from archive.dossiers import Described, Dossier, State
from archive.errors import NotAllowed, NotFound
from archive.retention import PERMANENT
from archive.schema import disposal as table
from archive.schema import event
from archive.viewer import SYSTEM, Viewer

if TYPE_CHECKING:
    from archive.archive import Archive


@dataclass(frozen=True, slots=True)
class Line:
    """One document of a dossier on the list."""

    document: str
    spared: bool
    """It stays in the archive, as the list says."""
    described: Described


@dataclass(frozen=True, slots=True)
class Entry:
    """One dossier on the list."""

    dossier: str
    code: str
    year: int
    title: str
    term: str
    ended_on: dt.date
    reason: str
    """Why it is without further value (lý do loại)."""
    lines: tuple[Line, ...]

    @property
    def condemned(self) -> tuple[str, ...]:
        """The documents that lose their bytes."""
        return tuple(line.document for line in self.lines if not line.spared)


@dataclass(frozen=True, slots=True)
class Signed:
    """Something done: by whom, when, with what."""

    by: str
    at: dt.datetime
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Disposal:
    """A list of dossiers without further value (danh mục tài liệu hết giá trị) and how far it is."""

    id: str
    title: str
    entries: tuple[Entry, ...]
    state: str
    """`drawn`, `decided`, `done` or `given-up`."""
    at: dt.datetime
    by: str
    decision: Signed | None
    """Said: `document`."""
    minutes: Signed | None
    given_up: Signed | None

    @property
    def condemned(self) -> tuple[str, ...]:
        """The documents that lose their bytes, each once."""
        return tuple(dict.fromkeys(one for entry in self.entries for one in entry.condemned))


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the minutes of a destruction (biên bản tiêu hủy) say."""

    on: dt.date
    place: str
    present: tuple[str, ...]
    """Name and office of each who took part."""
    how: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a dossier cannot be destroyed, in a sentence that says what to do."""

    sentence: str
    document: str | None = None
    """The document that stands in the way; to spare it takes the obstacle away."""


def get(archive: Archive, viewer: Viewer, disposal: str) -> Disposal:
    """One list, or NotFound."""
    with reader(archive.engine) as connection:
        return held(connection, disposal)


def held(connection: Connection, disposal: str) -> Disposal:
    """The same, in the caller's transaction."""
    row = connection.execute(sa.select(table).where(table.c.id == disposal)).first()
    if row is None:
        raise NotFound(what=disposal)
    return _disposal(row)


def listed(archive: Archive, viewer: Viewer) -> tuple[Disposal, ...]:
    """All lists, the latest first."""
    with reader(archive.engine) as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.at.desc(), table.c.id)).all()
    return tuple(map(_disposal, rows))


def of_document(archive: Archive, viewer: Viewer, document: str) -> Disposal | None:
    """The list by which a document was destroyed; None when it was not."""
    query = sa.select(event.c.details).where(event.c.kind == withdrawal.DESTROYED, event.c.subject == document)
    with reader(archive.engine) as connection:
        said = connection.scalar(query)
        return held(connection, json.loads(said)["disposal"]) if said else None


def obstacles(
    archive: Archive, viewer: Viewer, some: Collection[str], *, on: dt.date
) -> Mapping[str, tuple[Obstacle, ...]]:
    """Why dossiers cannot be put on a list together that day; those that nothing hinders are left out."""
    with reader(archive.engine) as connection:
        found = _obstacles(connection, dossiers.several(connection, viewer, some), on=on, spared=())
        return {dossier: obstacles for dossier, obstacles in found.items() if obstacles}


def draw_up(
    archive: Archive, viewer: Viewer, reasons: Mapping[str, str], *, title: str, on: dt.date, by: str,
    spared: Collection[str] = (),
) -> str:  # fmt: skip
    """Draw up a list of dossiers, each with the reason; gives its id. NotAllowed names the first obstacle.

    Documents in `spared` stay in the archive although their dossier goes.
    """
    called = words(title, "tên danh mục")
    if not reasons:
        raise NotAllowed(reason="Chưa chọn hồ sơ nào.")
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        some = dossiers.several(connection, viewer, reasons)
        for one in some:
            if one.disposal:
                raise NotAllowed(reason=f"{_named(one)} đã nằm trong một danh mục hết giá trị.")
        _refuse(_all(_obstacles(connection, some, on=on, spared=spared)))
        lying = dossiers.lying_in(connection, SYSTEM, reasons)
        entries = [_entry(one, lying[one.id], words(reasons[one.id], "lý do loại"), spared) for one in some]
        made = filed.identifier("th")
        details = {"title": called, "entries": [_told(entry) for entry in entries]}
        filed.act(connection, filed.DRAWN, made, details, by=by)
        return made


def decide(archive: Archive, viewer: Viewer, disposal: str, *, decision: str, by: str) -> None:
    """Say by which document of the archive the destruction was decided."""
    catalogue.get(archive, viewer, decision)
    if decision in withdrawal.documents(archive):
        raise NotAllowed(reason="Quyết định ấy không còn trong kho. Xin tải quyết định lên rồi chọn lại.")
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        one = held(connection, disposal)
        if one.state not in ("drawn", "decided"):
            raise NotAllowed(reason="Danh mục này đã xong, không ghi quyết định được nữa.")
        if decision in one.condemned:
            raise NotAllowed(reason="Quyết định tiêu hủy không thể nằm trong số văn bản bị tiêu hủy.")
        filed.act(connection, filed.DECIDED, disposal, {"document": decision}, by=by)


def give_up(archive: Archive, viewer: Viewer, disposal: str, *, reason: str, by: str) -> None:
    """Give a list up: its dossiers stay."""
    said = words(reason, "lý do bỏ danh mục")
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        if held(connection, disposal).state not in ("drawn", "decided"):
            raise NotAllowed(reason="Danh mục này đã xong, không bỏ được nữa.")
        filed.act(connection, filed.GIVEN_UP, disposal, {"reason": said}, by=by)


def carry_out(
    archive: Archive, viewer: Viewer, disposal: str, minutes: Minutes, *, on: dt.date, by: str
) -> tuple[str, ...]:
    """Record the minutes and remove the bytes of what is on the list; gives the documents.

    NotAllowed, and nothing is done, when no decision is recorded or when anything now stands against it.
    A crash after the record leaves bytes that `withdrawal.finish` removes.
    """
    if len([one for one in minutes.present if one.strip()]) < 2:
        raise NotAllowed(reason="Biên bản tiêu hủy cần ít nhất hai người tham gia. Xin ghi mỗi người một dòng.")
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        one = held(connection, disposal)
        _refuse(_stopped(archive, connection, viewer, one, on))
        gone = withdrawal.gone(connection)
        doomed = tuple(document for document in one.condemned if document not in gone)
        said = asdict(minutes) | {"on": minutes.on.isoformat(), "documents": list(doomed)}
        filed.act(connection, filed.CARRIED_OUT, disposal, said, by=by)
        for document in doomed:
            details = {"disposal": disposal, "decision": one.decision.said["document"] if one.decision else None}
            ledger.append(connection, actor=by, kind=withdrawal.DESTROYED, subject=document, details=details)
            withdrawal.blank(connection, document, kind=withdrawal.DESTROYED)
    checkpoint.make(archive)  # sealed beside the originals before anything of them goes
    for document in doomed:
        withdrawal.remove(archive, document)
    return doomed


def _stopped(
    archive: Archive, connection: Connection, viewer: Viewer, one: Disposal, on: dt.date
) -> Iterable[str]:
    """What stands against carrying a list out."""
    if one.state == "done":
        yield "Danh mục này đã tiêu hủy xong."
    if one.state == "given-up":
        yield "Danh mục này đã bỏ."
    if one.decision is None:
        yield "Chưa có quyết định tiêu hủy. Xin tải quyết định lên kho rồi ghi vào danh mục này."
        return
    if not archive.store.holds(objects.at(one.decision.said["document"])):
        yield "Quyết định tiêu hủy không còn trong kho. Xin ghi lại quyết định."
    some = dossiers.several(connection, viewer, [entry.dossier for entry in one.entries])
    spared = {line.document for entry in one.entries for line in entry.lines if line.spared}
    yield from _all(_obstacles(connection, some, on=on, spared=spared))
    lying = dossiers.lying_in(connection, SYSTEM, [dossier.id for dossier in some])
    for entry in one.entries:
        if {held.document for held in lying.get(entry.dossier, ())} != {line.document for line in entry.lines}:
            yield f"Hồ sơ {entry.code} năm {entry.year} không còn như khi lập danh mục. Xin bỏ danh mục và lập lại."


def _obstacles(
    connection: Connection, some: Sequence[Dossier], *, on: dt.date, spared: Collection[str]
) -> dict[str, tuple[Obstacle, ...]]:
    """What stands against destroying these dossiers together, by dossier.

    Looked for on behalf of the whole service: what a person may not see is needed all the same.
    """
    lying = dossiers.lying_in(connection, SYSTEM, [one.id for one in some])
    doomed = {one.id: [e for e in lying.get(one.id, ()) if e.document not in spared] for one in some}
    every = [entry.document for entries in doomed.values() for entry in entries]
    held_back = appraisal.holding(connection, [*doomed, *every])
    elsewhere, decisions = dossiers.around(connection, SYSTEM, every), _decisions(connection)
    found: dict[str, tuple[Obstacle, ...]] = {}
    for one in some:
        said = [*_of_dossier(one, on), *_held_back(_named(one), held_back.get(one.id, ()))]
        against = [Obstacle(sentence) for sentence in said]
        for entry in doomed[one.id]:
            document, name = entry.document, _name(entry)
            said = [*_held_back(f"{name} trong hồ sơ {one.code}", held_back.get(document, ()))]
            said += _needed(name, [other for other in elsewhere.get(document, ()) if other.id not in doomed])
            if document in decisions:
                said.append(f"{name} là quyết định của danh mục tiêu hủy “{decisions[document]}”, phải giữ. "
                            "Xin để lại văn bản ấy.")  # fmt: skip
            against += [Obstacle(sentence, document) for sentence in said]
        found[one.id] = tuple(against)
    return found


def _name(entry: dossiers.Entry) -> str:
    """A document as people know it, and its id."""
    number = entry.described.number if entry.described else None
    return f"Văn bản {number} (mã {entry.document})" if number else f"Văn bản {entry.document}"


def _held_back(what: str, holds: Iterable[appraisal.Hold]) -> Iterable[str]:
    return (f"{what} đang được giữ lại: {hold.reason} ({hold.by}). Xin thôi giữ trước." for hold in holds)


def _needed(what: str, others: Iterable[Dossier]) -> Iterable[str]:
    """Other dossiers that stay keep what lies in them."""
    return (
        f"{what} còn nằm trong {other.words}. Xin để lại văn bản ấy, hoặc đưa ra khỏi hồ sơ kia trước."
        for other in others
        if other.state is not State.DESTROYED
    )


def _all(found: Mapping[str, tuple[Obstacle, ...]]) -> Iterable[str]:
    return (obstacle.sentence for obstacles in found.values() for obstacle in obstacles)


def _decisions(connection: Connection) -> dict[str, str]:
    """Documents by which destructions were decided, with the title of the list."""
    lists = map(_disposal, connection.execute(sa.select(table)).all())
    return {one.decision.said["document"]: one.title for one in lists if one.decision and one.state != "given-up"}


def _of_dossier(one: Dossier, on: dt.date) -> Iterable[str]:
    if one.state is not State.CLOSED:
        yield f"{_named(one)} chưa kết thúc." if one.state is not State.DESTROYED else f"{_named(one)} đã tiêu hủy."
    elif one.decided is None:
        yield f"{_named(one)} chưa có thời hạn bảo quản."
    elif one.decided.term.value == PERMANENT:
        yield f"{_named(one)} bảo quản vĩnh viễn, không được tiêu hủy."
    elif one.last_day is None:
        yield f"{_named(one)} bảo quản đến khi hết hiệu lực: xin định số năm khi văn bản trong hồ sơ đã hết hiệu lực."
    elif one.last_day >= on:
        yield f"{_named(one)} còn trong thời hạn bảo quản đến hết năm {one.last_day.year}."


def _refuse(found: Iterable[str]) -> None:
    for sentence in found:
        raise NotAllowed(reason=sentence)


def _named(one: Dossier) -> str:
    return f"Hồ sơ {one.code} năm {one.year}"


def _entry(one: Dossier, lying: Sequence[dossiers.Entry], reason: str, spared: Collection[str]) -> Entry:
    assert one.decided and one.ended_on  # `_of_dossier` refuses others
    lines = tuple(Line(held.document, held.document in spared, held.described or Described()) for held in lying)
    return Entry(one.id, one.code, one.year, one.title, one.decided.term.value, one.ended_on, reason, lines)


def _told(entry: Entry) -> dict[str, Any]:
    lines = [
        {"document": line.document, "spared": line.spared, "described": line.described.to_json()}
        for line in entry.lines
    ]
    return asdict(entry) | {"ended_on": entry.ended_on.isoformat(), "lines": lines}


def _disposal(row: sa.Row) -> Disposal:
    said = json.loads(row.value)
    return Disposal(
        id=row.id, title=said["title"], entries=tuple(_read(one) for one in said["entries"]), state=said["state"],
        at=row.at, by=row.by, decision=_signed(said["decision"]), minutes=_signed(said["minutes"]),
        given_up=_signed(said["given_up"]),
    )  # fmt: skip


def _read(said: Mapping[str, Any]) -> Entry:
    lines: Sequence[Mapping[str, Any]] = said["lines"]
    read = tuple(Line(one["document"], one["spared"], Described.from_json(one["described"])) for one in lines)
    return Entry(**{**said, "ended_on": dt.date.fromisoformat(said["ended_on"]), "lines": read})


def _signed(said: Mapping[str, Any] | None) -> Signed | None:
    if said is None:
        return None
    rest = {name: value for name, value in said.items() if name not in ("by", "at")}
    return Signed(said["by"], dt.datetime.fromisoformat(said["at"]), rest)
