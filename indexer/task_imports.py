"""Edited sheets that were taken into a plan: what each made, what was changed since, and each undone as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive import catalogue, corrections, imports, ledger
from archive.corrections import Correction, Draft, Subject
from archive.database import reader
from archive.errors import ArchiveError, NotFound
from archive.imports import Import
from archive.viewer import Viewer
from indexer import reviewing

if TYPE_CHECKING:
    from archive.archive import Archive


class ChangedSince(ArchiveError):
    """An import of which something was changed later: undoing it would undo that too, unseen."""

    http_status = 409
    vi = (
        "Chưa hoàn tác được lần nhập này: {count} chỗ của nó đã được sửa tiếp sau khi nhập. "
        "Xin hoàn tác các chỗ ấy trước."
    )
    en = "This import cannot be undone yet: {count} things of it were changed since. Undo those first."

    def __init__(self, later: Sequence[Correction]) -> None:
        super().__init__(count=len(later))
        self.later = tuple(later)


@dataclass(frozen=True, slots=True)
class Imported:
    """One import as it stands now."""

    told: Import
    made: int
    """Corrections it made."""
    left: tuple[Correction, ...]
    """Those that nobody took back."""
    later: tuple[Correction, ...]
    """What stands of others since then and hangs on them."""


def record(archive: Archive, viewer: Viewer, document: str, said: Sequence[Draft], *, by: str) -> list[Correction]:
    """Record everything that is taken in of one sheet, as one act. Raises NotFound, NothingRecorded."""
    with reviewing.deciding(archive, len(said)) as connection:
        made = reviewing.add(connection, viewer, said, by=by)
        if made:
            imports.note(connection, document, made, by=by)
    return list(made)


def of(archive: Archive, viewer: Viewer, document: str) -> tuple[Imported, ...]:
    """The imports into a plan, the latest first. Raises NotFound."""
    catalogue.get(archive, viewer, document)
    with reader(archive.engine) as connection:
        records = corrections.held(connection, document)
        return tuple(_imported(one, records) for one in reversed(imports.held(connection, document)))


def undo(archive: Archive, viewer: Viewer, document: str, number: int, *, by: str) -> tuple[Correction, ...]:
    """Take back everything that is left of one import, or nothing: what stood before it stands again.

    Safe to repeat: of what was taken back there is nothing left. Raises NotFound, ChangedSince, NothingRecorded.
    """
    catalogue.get(archive, viewer, document)
    with reviewing.deciding(archive, 1) as connection:
        ledger.lock(connection)  # nobody changes anything between the look and the act
        told = next((one for one in imports.held(connection, document) if one.id == number), None)
        if told is None:
            raise NotFound(what=str(number))
        found = _imported(told, corrections.held(connection, document))
        if found.later:
            raise ChangedSince(found.later)
        if not found.left:
            return ()
        made = reviewing.take_back(connection, viewer, [one.id for one in found.left], by=by)
        imports.note_undone(connection, document, told, by=by)
    return made


def _imported(told: Import, records: Sequence[Correction]) -> Imported:
    gone = {one.undoes for one in records}
    made = told.made(records)
    left = tuple(one for one in made if one.id not in gone)
    since = [one for one in records if one.id > told.last and one.undoes is None and one.id not in gone]
    return Imported(told, len(made), left, tuple(one for one in since if any(_hangs(one, on) for on in left)))


def _hangs(later: Correction, on: Correction) -> bool:
    """Whether a later word would lose what it is about: it is said in the same place, or of a task that was added."""
    if (later.subject, later.anchor) == (on.subject, on.anchor):
        return True
    if on.subject is not Subject.TASK or "added" not in on.anchor:
        return False
    place = later.value.get("at") if later.subject is Subject.FULFILMENT else None
    return (place or {}).get("task") == on.anchor or (
        later.subject is Subject.TASK and later.value.get("into") == on.anchor
    )
