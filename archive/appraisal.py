"""What people decide about keeping (xác định giá trị): terms, what is held back, what is handed over."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import catalogue, dossiers, filed, journal, ledger
from archive.database import reader
from archive.dossiers import Dossier, State
from archive.errors import NotAllowed, NotFound
from archive.retention import HANDED_IN, Term
from archive.schema import handover as handover_table
from archive.schema import hold as hold_table
from archive.viewer import Viewer
from corpus.text import normalise

if TYPE_CHECKING:
    from archive.archive import Archive

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Hold:
    """Something that may not be destroyed, whatever its term (giữ lại)."""

    id: int
    subject: str
    """A dossier or a document."""
    reason: str
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a hand-over (bên giao, bên nhận)."""

    body: str
    person: str
    office: str


@dataclass(frozen=True, slots=True)
class Handed:
    """One dossier as it stood when it was handed over: a line of the list that goes with the minutes."""

    dossier: str
    code: str
    title: str
    heading: str
    span: str
    """Time of its papers, as printed: «24/8/2016 - 22/12/2017»."""
    term: str
    documents: int
    leaves: int | None
    unit: str
    files: int


@dataclass(frozen=True, slots=True)
class Minutes:
    """What minutes of a hand-over (biên bản giao nhận) say beside their list."""

    on: dt.date
    giver: Party
    receiver: Party
    block: str
    """Name of the block of papers (tên khối tài liệu)."""
    condition: str
    boxes: str = ""
    metres: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over of dossiers to the archive."""

    id: str
    minutes: Minutes
    lines: tuple[Handed, ...]
    at: dt.datetime
    by: str


def decide(archive: Archive, viewer: Viewer, dossier: str, term: Term, *, basis: str, reason: str, by: str) -> None:
    """Decide how long a dossier is kept. The last decision counts; all stay in the ledger."""
    said = words(reason, "lý do")
    with journal.acting(archive) as connection:
        one = _standing(connection, viewer, dossier)
        if one.disposal:
            raise NotAllowed(
                reason="Hồ sơ đang nằm trong danh mục hết giá trị. Xin bỏ danh mục ấy trước khi đổi thời hạn."
            )
        details = {"term": term.value, "basis": " ".join(normalise(basis).split())[:LONGEST], "reason": said}
        filed.act(connection, filed.TERMED, dossier, details, by=by)


def hold(archive: Archive, viewer: Viewer, subject: str, *, reason: str, by: str) -> int:
    """Hold a dossier or a document back from destruction; gives the number of the hold."""
    said = words(reason, "lý do giữ lại")
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        _there(archive, connection, viewer, subject)
        return filed.act(connection, filed.HELD, subject, {"reason": said}, by=by).seq


def lift(archive: Archive, viewer: Viewer, number: int, *, reason: str, by: str) -> None:
    """Lift a hold. NotFound when it does not stand."""
    said = words(reason, "lý do thôi giữ")
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        query = sa.select(hold_table).where(hold_table.c.id == number, hold_table.c.lifted.is_(None))
        row = connection.execute(query).first()
        if row is None:
            raise NotFound(what=str(number))
        _there(archive, connection, viewer, row.subject)
        filed.act(connection, filed.LIFTED, row.subject, {"hold": number, "reason": said}, by=by)


def holds(archive: Archive, viewer: Viewer, subjects: Iterable[str]) -> Mapping[str, tuple[Hold, ...]]:
    """The holds that stand on these dossiers and documents; those without any are left out."""
    with reader(archive.engine) as connection:
        return holding(connection, subjects)


def holding(connection: Connection, subjects: Iterable[str]) -> Mapping[str, tuple[Hold, ...]]:
    """The same, in the caller's transaction."""
    found: dict[str, list[Hold]] = {}
    for batch in dossiers.batches(dict.fromkeys(subjects)):
        query = sa.select(hold_table).where(hold_table.c.subject.in_(batch), hold_table.c.lifted.is_(None))
        for row in connection.execute(query.order_by(hold_table.c.id)):
            found.setdefault(row.subject, []).append(Hold(row.id, row.subject, row.reason, row.at, row.by))
    return {subject: tuple(some) for subject, some in found.items()}


def hand_over(
    archive: Archive, viewer: Viewer, lines: Sequence[Handed], minutes: Minutes, *, by: str
) -> str:
    """Hand closed dossiers over to the archive of the body (nộp lưu); gives the id of the hand-over.

    `lines` is how they stand now; the minutes are printed from it ever after.
    """
    for side, who in (("giao", minutes.giver), ("nhận", minutes.receiver)):
        if not who.body.strip() or not who.person.strip():
            raise NotAllowed(reason=f"Xin ghi tên đơn vị và người đại diện bên {side}.")
    with journal.acting(archive) as connection:
        ledger.lock(connection)
        if not lines:
            raise NotAllowed(reason="Chưa chọn hồ sơ nào để giao nộp.")
        for one in dossiers.several(connection, viewer, [line.dossier for line in lines]):
            if problem := unfit(one):
                raise NotAllowed(reason=problem)
        made = filed.identifier("gn")
        details = {
            "dossiers": [line.dossier for line in lines], "lines": [asdict(line) for line in lines],
            "minutes": asdict(minutes) | {"on": minutes.on.isoformat()},
        }  # fmt: skip
        filed.act(connection, filed.HANDED, made, details, by=by)
        return made


def unfit(one: Dossier) -> str | None:
    """Why a dossier cannot be handed over."""
    if one.state is not State.CLOSED:
        return f"Hồ sơ {one.code} năm {one.year} chưa kết thúc, chưa giao nộp được."
    if one.handover:
        return f"Hồ sơ {one.code} năm {one.year} đã giao nộp rồi."
    if one.disposal:
        return f"Hồ sơ {one.code} năm {one.year} đang nằm trong danh mục hết giá trị."
    if one.decided and not one.decided.term.handed_in:
        return (
            f"Hồ sơ {one.code} năm {one.year} bảo quản {one.decided.term.words}: chỉ nộp lưu hồ sơ từ "
            f"{HANDED_IN} năm trở lên."
        )
    return None


def handed(archive: Archive, viewer: Viewer, handover: str) -> HandOver:
    """One hand-over; NotFound when there is none."""
    query = sa.select(handover_table).where(handover_table.c.id == handover)
    with reader(archive.engine) as connection:
        row = connection.execute(query).first()
    if row is None:
        raise NotFound(what=handover)
    return _handed(row)


def handovers(archive: Archive, viewer: Viewer) -> tuple[HandOver, ...]:
    """All hand-overs, the latest first."""
    query = sa.select(handover_table).order_by(handover_table.c.at.desc())
    with reader(archive.engine) as connection:
        return tuple(_handed(row) for row in connection.execute(query))


def _handed(row: sa.Row) -> HandOver:
    said = json.loads(row.value)
    told: dict[str, Any] = dict(said["minutes"])
    told |= {"on": dt.date.fromisoformat(told["on"]), "giver": Party(**told["giver"]),
             "receiver": Party(**told["receiver"])}  # fmt: skip
    return HandOver(row.id, Minutes(**told), tuple(Handed(**line) for line in said["lines"]), row.at, row.by)


def words(typed: str, what: str) -> str:
    """What a person wrote, in one line. NotAllowed when it is empty or too long."""
    said = " ".join(normalise(typed).split())
    if not said:
        raise NotAllowed(reason=f"Xin ghi {what}.")
    if len(said) > LONGEST:
        raise NotAllowed(reason=f"Phần {what} dài quá {LONGEST} chữ.")
    return said


def _standing(connection: Connection, viewer: Viewer, dossier: str) -> Dossier:
    ledger.lock(connection)
    one = dossiers.held(connection, viewer, dossier)
    if one.state in (State.DESTROYED, State.DROPPED):
        raise NotAllowed(reason="Hồ sơ không còn, chỉ để tra cứu.")
    return one


def _there(archive: Archive, connection: Connection, viewer: Viewer, subject: str) -> None:
    """NotFound unless it is a dossier or a document that the viewer may see."""
    try:
        dossiers.held(connection, viewer, subject)
    except NotFound:
        catalogue.get(archive, viewer, subject)
