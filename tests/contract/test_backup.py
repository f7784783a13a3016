"""Backup and restore, on both databases and from each to the other."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import bagit
import pytest
import sqlalchemy as sa

from archive import (
    accept,
    annex,
    backup,
    catalogue,
    checkpoint,
    corrections,
    fixity,
    jobs,
    migrations,
    package,
    restore,
    rows,
    schema,
    settings,
    withdrawal,
)
from archive.archive import Archive
from archive.database import reader, writer
from archive.errors import AlreadyThere, BadBackup
from archive.settings import Settings
from archive.viewer import GUEST, SYSTEM


def _put(archive: Archive, *numbers: int) -> list[str]:
    return [
        accept.accept(archive, GUEST, BytesIO(b"%d" % n * 1000), name=f"Kế hoạch {n}.txt", how="test").document
        for n in numbers
    ]


def _filled(archive: Archive) -> list[str]:
    documents = _put(archive, *range(8))
    annex.keep(archive, SYSTEM, documents[0], {"signatures.json": b"[]"}, why="Kiểm tra chữ ký")
    checkpoint.make(archive)
    corrections.record(
        archive, GUEST, documents[1], subject=corrections.Subject.FIELD, anchor={"field": "number"},
        value="05-KH/HU", read=None, by="Lò Thị Mai",
    )  # fmt: skip
    _put(archive, 3)
    return documents


def _state(archive: Archive) -> list[str]:
    """Everything but the queue, as lines."""
    kept = [table for table in schema.metadata.sorted_tables if table is not schema.job]
    with reader(archive.engine) as connection:
        return list(rows.dump(connection, kept))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Another machine: nothing there, and a database of either kind."""
    loaded = settings.load(tmp_path / "máy khác" / "kho", environ={})
    if request.param == "sqlite":
        yield loaded
        return
    server = request.getfixturevalue("postgresql")
    admin = sa.create_engine(
        f"{server}/postgres".replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE other")
    yield replace(loaded, database=f"{server}/other")
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE other WITH (FORCE)")
    admin.dispose()


def test_what_is_restored_on_an_empty_machine_equals_what_was_saved(
    archive: Archive, empty: Settings, tmp_path: Path
) -> None:
    documents = _filled(archive)
    made = backup.backup(archive, tmp_path / "sao lưu")
    assert (made.documents, made.problems) == (8, ()) and bagit.Bag(str(made.path)).is_valid()
    assert list(fixity.check(archive)) == []
    done = restore.restore(empty, made.path)
    assert (done.documents, done.events) == (8, made.events)
    with Archive.open(empty, create=False) as other:
        assert _state(other) == _state(archive)
        for document in documents:
            assert catalogue.original(other, GUEST, document).path.read_bytes()
        assert annex.find(other, GUEST, documents[0], "signatures.json") == b"[]"
        assert jobs.counts(other, GUEST)["queued"] == 8
        assert list(fixity.check(other)) == []
        assert _put(other, 100) and jobs.counts(other, GUEST)["queued"] == 9
    with pytest.raises(AlreadyThere):
        restore.restore(empty, made.path)


def test_a_backup_under_load_is_of_one_moment(archive: Archive, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        n = 0
        while not stop.is_set():
            (document,) = _put(archive, n := n + 1)
            annex.keep(archive, SYSTEM, document, {"a.json": b"%d" % n}, why="x")
            if n % 5 == 0:
                checkpoint.make(archive)

    thread = threading.Thread(target=work)
    _put(archive, 0)
    thread.start()
    try:
        made = [backup.backup(archive, tmp_path / f"b{n}") for n in range(3)]
    finally:
        stop.set()
        thread.join()
    for n, one in enumerate(made):
        assert one.problems == ()
        loaded = settings.load(tmp_path / f"r{n}", environ={})
        assert restore.restore(loaded, one.path).events == one.events
        with Archive.open(loaded) as other:
            assert list(fixity.check(other)) == []
            assert catalogue.count(other, GUEST) == one.documents


def test_tables_the_archive_did_not_make_are_worked_out_again(archive: Archive, tmp_path: Path) -> None:
    _put(archive, 1)
    with writer(archive.engine) as connection:
        connection.exec_driver_sql("CREATE TABLE derived (x INTEGER)")
    made = backup.backup(archive, tmp_path / "b")
    loaded = settings.load(tmp_path / "r", environ={})
    restore.restore(loaded, made.path)
    with Archive.open(loaded) as other, reader(other.engine) as connection:
        assert not sa.inspect(connection).has_table("derived")


def test_a_harmed_backup_is_refused_and_nothing_is_left(archive: Archive, tmp_path: Path) -> None:
    _filled(archive)
    made = backup.backup(archive, tmp_path / "b")
    victim = next((made.path / "data" / "originals").rglob("original"))
    victim.chmod(0o644)
    victim.write_bytes(b"x")
    loaded = settings.load(tmp_path / "r", environ={})
    with pytest.raises(BadBackup):
        restore.restore(loaded, made.path)
    assert not loaded.data.exists() and sorted(p.name for p in tmp_path.iterdir() if p.name[0] == "r") == []


def test_a_backup_of_a_newer_version_is_refused_in_words(archive: Archive, tmp_path: Path) -> None:
    _put(archive, 1)
    made = backup.backup(archive, tmp_path / "b")
    about = json.loads((made.path / backup.ABOUT).read_text()) | {"revision": "9999"}
    (made.path / backup.ABOUT).unlink()
    (made.path / backup.ABOUT).write_text(json.dumps(about))
    (made.path / "tagmanifest-sha512.txt").unlink()
    with pytest.raises(BadBackup) as raised:
        restore.restore(settings.load(tmp_path / "r", environ={}), made.path)
    assert "mới hơn" in str(raised.value)


def test_an_original_that_is_harmed_is_saved_as_it_is_and_named(archive: Archive, tmp_path: Path) -> None:
    documents = _filled(archive)
    place = archive.store.original(documents[2], 1)
    place.chmod(0o644)
    place.write_bytes(b"x")
    shutil.rmtree(archive.store.place(documents[3]))
    made = backup.backup(archive, tmp_path / "b")
    named = "\n".join(map(str, made.problems))
    assert str(place) in named and str(archive.store.place(documents[3])) in named
    assert len(made.problems) == 3  # also that the original is not the one of the catalogue


def test_an_interrupted_restore_is_taken_up_again(archive: Archive, empty: Settings, tmp_path: Path) -> None:
    _filled(archive)
    made = backup.backup(archive, tmp_path / "b")
    with pytest.raises(KeyError), restore.building(empty) as folder:
        restore.put_originals(empty, made.path / "data" / "originals", folder)
        restore._put_catalogue(empty, made.path, backup.read_about(made.path), folder)
        raise KeyError
    assert not empty.data.exists()
    restore.restore(empty, made.path)
    with Archive.open(empty, create=False) as other:
        assert _state(other) == _state(archive) and list(fixity.check(other)) == []


def test_a_backup_of_an_older_version_restores_in_this_one(
    loaded: Settings, empty: Settings, tmp_path: Path
) -> None:
    old = Archive(loaded)
    old.store.prepare()
    with writer(old.engine) as connection:
        migrations.run(connection, "0001")
    documents = _put(old, 1, 2, 3)
    made = backup.backup(old, tmp_path / "b")
    old.close()
    assert backup.read_about(made.path).revision == "0001"
    assert restore.restore(empty, made.path).documents == 3
    with Archive.open(empty, create=False) as other:
        with reader(other.engine) as connection:
            assert migrations.current(connection) == schema.REVISION
        assert {d.id for d in catalogue.documents(other, GUEST)} == set(documents)
        assert list(fixity.check(other)) == []
        _put(other, 4)


def test_what_was_withdrawn_is_not_missed(archive: Archive, empty: Settings, tmp_path: Path) -> None:
    documents = _put(archive, 1, 2)
    withdrawal.withdraw(archive, SYSTEM, documents[0])
    made = backup.backup(archive, tmp_path / "b")
    assert made.problems == ()
    assert package.export(archive, GUEST, tmp_path / "gói").documents == 1
    restore.restore(empty, made.path)
    with Archive.open(empty, create=False) as other:
        assert _state(other) == _state(archive) and list(fixity.check(other)) == []
