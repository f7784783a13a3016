"""The catalogue made again from the store alone, on both databases."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import (
    accept,
    annex,
    bodies,
    catalogue,
    checkpoint,
    corrections,
    fixity,
    ledger,
    recovery,
    rows,
    schema,
    withdrawal,
)
from archive.archive import Archive
from archive.database import reader
from archive.errors import AlreadyThere, NoArchive
from archive.settings import Settings
from archive.viewer import GUEST, SYSTEM
from tests.contract.taking_in import lose


def _put(archive: Archive, *numbers: int) -> list[str]:
    return [
        accept.accept(archive, GUEST, BytesIO(b"%d" % n), name=f"Kế hoạch {n}.txt", how="test").document
        for n in numbers
    ]


def _state(archive: Archive, *tables: sa.Table) -> list[str]:
    with reader(archive.engine) as connection:
        return list(rows.dump(connection, tables))


def _records(archive: Archive) -> list[str]:
    with reader(archive.engine) as connection:
        return list(ledger.records(connection))


def test_with_a_checkpoint_everything_is_as_it_was(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        documents = _put(archive, *range(6))
        annex.keep(archive, SYSTEM, documents[0], {"signatures.json": b"[]"}, why="Kiểm tra chữ ký")
        checkpoint.make(archive)
        _put(archive, 2)
        checkpoint.make(archive)
        sealed = _records(archive)[:-1]  # the record of the last checkpoint is not in it
        before = _state(archive, schema.document, schema.version)
    lose(loaded)
    done = recovery.from_store(loaded)
    assert (done.documents, done.anew, done.problems) == (6, 0, ())
    with Archive.open(loaded, create=False) as archive:
        assert _state(archive, schema.document, schema.version) == before
        found = _records(archive)
        assert found[: len(sealed)] == sealed and '"catalogue-recovered"' in found[-1]
        assert list(fixity.check(archive)) == []


def test_what_came_after_the_last_checkpoint_is_taken_from_the_objects(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        _put(archive, 1, 2)
        checkpoint.make(archive)
        third, fourth, fifth = _put(archive, 3, 4, 5)
        annex.keep(archive, SYSTEM, third, {"signatures.json": b"[]"}, why="x")
        before = _state(archive, schema.document)
        known = _records(archive)[:2]
    lose(loaded)
    done = recovery.from_store(loaded)
    assert (done.documents, done.anew) == (5, 3)
    with Archive.open(loaded, create=False) as archive:
        assert _state(archive, schema.document) == before
        assert _records(archive)[:2] == known
        for document in (third, fourth, fifth):
            kinds = [event.kind for event in catalogue.history(archive, GUEST, document)]
            assert "recovered" in kinds
        assert list(fixity.check(archive)) == []


def test_without_any_checkpoint_the_receipts_are_enough(loaded: Settings, tmp_path: Path) -> None:
    with Archive.open(loaded) as archive:
        (document,) = _put(archive, 1)
        before = catalogue.get(archive, GUEST, document).version
    lose(loaded)
    shutil.move(loaded.originals_folder, tmp_path / "originals")
    shutil.rmtree(loaded.data)
    done = recovery.from_store(loaded, tmp_path / "originals")
    assert (done.documents, done.anew) == (1, 1)
    with Archive.open(loaded, create=False) as archive:
        assert catalogue.get(archive, GUEST, document).version == before
        assert list(fixity.check(archive)) == []


def test_a_catalogue_that_is_there_is_not_overwritten(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        _put(archive, 1)
    with pytest.raises(AlreadyThere):
        recovery.from_store(loaded)


def test_without_originals_there_is_nothing_to_begin_with(loaded: Settings, tmp_path: Path) -> None:
    with pytest.raises(NoArchive):
        recovery.from_store(loaded)
    with pytest.raises(NoArchive):
        recovery.from_store(loaded, tmp_path)


def test_what_was_withdrawn_stays_a_tombstone(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        one, two = _put(archive, 1, 2)
        withdrawal.withdraw(archive, SYSTEM, one)
        before = _state(archive, schema.document, schema.version)
    lose(loaded)
    recovery.from_store(loaded)
    with Archive.open(loaded, create=False) as archive:
        assert _state(archive, schema.document, schema.version) == before
        assert catalogue.get(archive, GUEST, one).state == "failed" and catalogue.get(archive, GUEST, two)
        assert list(fixity.check(archive)) == []


def test_what_people_decided_is_as_it_was(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        one, two = _put(archive, 1, 2)
        for document in (one, two):
            corrections.record(
                archive, GUEST, document, subject=corrections.Subject.FIELD, anchor={"field": "number"},
                value="05-KH/HU", read=None, by="Lò Thị Mai",
            )  # fmt: skip
        bodies.record(archive, "d", {"name": "Ủy ban nhân dân huyện Yên Hà"}, by="Lò Thị Mai")
        checkpoint.make(archive)
        before = _state(archive, schema.correction), _state(archive, schema.body)
        assert all(before)
    lose(loaded)
    recovery.from_store(loaded)
    with Archive.open(loaded, create=False) as archive:
        assert (_state(archive, schema.correction), _state(archive, schema.body)) == before
        assert corrections.of(archive, GUEST, one)[0].value == "05-KH/HU"
