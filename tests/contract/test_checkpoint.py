"""Checkpoints of the ledger, on both databases."""

import json
from io import BytesIO

import pytest
import sqlalchemy as sa

from archive import accept, checkpoint, corrections, fixity, ledger, merkle, ocfl_check
from archive.archive import Archive
from archive.database import reader, writer
from archive.schema import event
from archive.store import ours
from archive.viewer import GUEST
from tests.forging import unguard


def _put(archive: Archive, *numbers: int) -> list[str]:
    return [
        accept.accept(archive, GUEST, BytesIO(b"%d" % n), name="a.txt", how="test").document for n in numbers
    ]


def _lines(archive: Archive) -> list[str]:
    with reader(archive.engine) as connection:
        return list(ledger.records(connection))


def test_a_checkpoint_holds_the_records_and_the_root_over_them(archive: Archive) -> None:
    _put(archive, 1, 2, 3)
    lines = _lines(archive)
    made = checkpoint.make(archive)
    assert made and (made.number, made.first, made.size) == (1, 1, 3)
    assert made.root == merkle.Tree(merkle.leaf(line.encode()) for line in lines).root().hex()
    held = archive.store.attached(checkpoint.identifier(1), checkpoint.EVENTS) or b""
    assert held.decode().splitlines() == lines
    assert ocfl_check.validate(archive.store.object(checkpoint.identifier(1))).valid
    assert checkpoint.newest(archive.store) == made
    assert list(fixity.check(archive)) == []


def test_the_next_one_goes_on_where_it_ended_and_there_is_none_without_news(archive: Archive) -> None:
    assert checkpoint.make(archive) is None
    _put(archive, 1, 2, 3)
    checkpoint.make(archive)
    assert checkpoint.make(archive) == checkpoint.newest(archive.store)
    assert checkpoint.daily(archive) is None
    _put(archive, 4, 5)
    second = checkpoint.make(archive)
    assert second and (second.number, second.first, second.size) == (2, 4, 6)
    leaves = [merkle.leaf(line.encode()) for line in _lines(archive)[:6]]
    assert second.root == merkle.Tree(leaves).root().hex()
    assert list(fixity.check(archive)) == []


def test_a_long_ledger_makes_several(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "MOST", 4)
    _put(archive, *range(10))
    checkpoint.make(archive)
    # The checkpoints' own records take their places too.
    assert [(c.first, c.size) for c in checkpoint.every(archive.store)] == [(1, 4), (5, 8), (9, 12)]
    assert list(fixity.check(archive)) == []


def test_the_paper_can_be_printed(archive: Archive) -> None:
    _put(archive, 1)
    made = checkpoint.make(archive)
    assert made
    paper = checkpoint.paper(made)
    assert made.root.replace(" ", "")[:4] in paper and made.sha256 in paper and "MỐC SỔ SỰ KIỆN SỐ 1" in paper


def _forge(archive: Archive, seq: int) -> None:
    """Change a record and mend every hash after it, as someone with all rights could."""
    with writer(archive.engine) as connection:
        unguard(connection)
        connection.execute(event.update().where(event.c.seq == seq).values(actor="Ai đó"))
        previous = None
        for row in connection.execute(sa.select(event).order_by(event.c.seq)).mappings().all():
            changed = dict(row) | ({"previous": previous} if previous else {})
            previous = ledger._hash(changed)
            values = {"previous": changed["previous"], "hash": previous}
            connection.execute(event.update().where(event.c.seq == row["seq"]).values(values))


def test_a_ledger_forged_throughout_differs_from_its_checkpoint_and_the_record_is_named(
    archive: Archive,
) -> None:
    _put(archive, 1, 2, 3)
    checkpoint.make(archive)
    _put(archive, 4, 5)
    checkpoint.make(archive)
    _forge(archive, 5)
    with reader(archive.engine) as connection:
        assert ledger.first_broken(connection) is None
    found = [str(problem) for problem in fixity.check(archive)]
    assert found == ["sổ sự kiện, dòng 5: khác với dòng đã chốt ở mốc số 2"]


def test_a_ledger_cut_short_behind_a_checkpoint_is_noticed(archive: Archive) -> None:
    _put(archive, 1, 2)
    checkpoint.make(archive)
    with writer(archive.engine) as connection:
        unguard(connection)
        for table in ("job", "version", "document", "event"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    found = [str(problem) for problem in checkpoint.check(archive)]
    assert found == ["sổ sự kiện, dòng 1: dòng này đã mất: mốc số 1 có đến dòng 2"]


def test_a_lost_checkpoint_is_named(archive: Archive) -> None:
    _put(archive, 1)
    checkpoint.make(archive)
    _put(archive, 2)
    checkpoint.make(archive)
    place = archive.store.object(checkpoint.identifier(2))
    place.rename(archive.settings.data / "away")
    for folder in list(place.parents)[:3]:
        if not any(folder.iterdir()):
            folder.rmdir()
    found = [str(problem) for problem in fixity.check(archive)]
    assert found == [f"{place}: mất mốc số 2 của sổ sự kiện"]


def test_a_checkpoint_whose_record_a_crash_prevented_is_recorded_later(archive: Archive) -> None:
    _put(archive, 1)
    made = checkpoint.make(archive)
    assert made
    with writer(archive.engine) as connection:
        unguard(connection)
        connection.execute(event.delete().where(event.c.kind == "checkpoint"))
    assert list(fixity.check(archive)) == []
    checkpoint.make(archive)
    last = json.loads(_lines(archive)[-1])
    assert (last["kind"], json.loads(last["details"])["root"]) == ("checkpoint", made.root)
    assert ours("x") == ".vankho/x"


def test_what_people_decide_is_sealed_within_the_hour_and_receipts_once_a_day(archive: Archive) -> None:
    document = _put(archive, 1)[0]
    assert checkpoint.daily(archive) and checkpoint.daily(archive) is None
    _put(archive, 2)
    assert checkpoint.daily(archive) is None, "the objects tell of what was received"
    corrections.record(
        archive, GUEST, document, subject=corrections.Subject.FIELD, anchor={"field": "number"},
        value="05-KH/HU", read=None, by="Lò Thị Mai",
    )  # fmt: skip
    made = checkpoint.daily(archive)
    assert made and made.number == 2 and checkpoint.daily(archive) is None
