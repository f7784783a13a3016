"""Both stores of originals, a folder and a bucket of a real S3 service: the same work, the same promises."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import ocfl as oracle
import pytest

from archive import (
    accept,
    annex,
    appraisal,
    backup,
    catalogue,
    checkpoint,
    filing,
    fixity,
    journal,
    objects,
    ocfl,
    package,
    patrol,
    recovery,
    resealing,
    restore,
    rows,
    s3,
    schema,
    settings,
    withdrawal,
)
from archive.archive import Archive, open_copy, open_store
from archive.database import reader
from archive.errors import AlreadyThere, StoreUnreachable
from archive.ocfl_inventory import Report
from archive.s3_store import S3Store
from archive.settings import Settings
from archive.store import FileStore
from archive.viewer import GUEST, SYSTEM
from tests.contract.dossier_acts import opened

TEXT = "Kế hoạch phát triển hội khuyến học. ".encode() * 300


@pytest.fixture(params=["folder", "s3"])
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an archive that is not there yet."""
    return _settings(request.param, request, tmp_path / "kho")


def _settings(kind: str, request: pytest.FixtureRequest, data: Path) -> Settings:
    originals = request.getfixturevalue("bucket") if kind == "s3" else ""
    return replace(settings.load(data, environ={}), originals=originals and f"{originals}/{data.name}")


@pytest.fixture
def archive(loaded: Settings) -> Iterator[Archive]:
    """An empty archive on either store."""
    with Archive.open(loaded) as opened:
        yield opened


def _put(archive: Archive, *numbers: int) -> list[str]:
    return [
        accept.accept(archive, GUEST, BytesIO(TEXT + b"%d" % n), name=f"Kế hoạch {n}.txt", how="test").document
        for n in numbers
    ]


def _filled(archive: Archive) -> list[str]:
    documents = _put(archive, *range(4))
    annex.keep(archive, SYSTEM, documents[0], {"signatures.json": b"[]"}, why="Kiểm tra chữ ký")
    annex.keep(archive, SYSTEM, documents[0], {"signatures.json": b"[1]"}, why="Kiểm tra lại")
    checkpoint.make(archive)
    return documents


def _copied(archive: Archive, target: Path) -> Path:
    """The store as someone would download it."""
    if isinstance(archive.store, S3Store):
        for key in archive.store.bucket.files():
            (target / key.name).parent.mkdir(parents=True, exist_ok=True)
            assert archive.store.bucket.fetch(key.name, target / key.name)
    else:
        shutil.copytree(archive.store.where(), target)
    return target


def _harm(archive: Archive, path: str, data: bytes | None) -> None:
    """Overwrite or remove a file of the store behind its back."""
    if isinstance(archive.store, S3Store):
        archive.store.bucket.delete([path]) if data is None else archive.store.bucket.put(path, data)
        return
    place = Path(archive.store.where(path))
    place.unlink(missing_ok=True)
    if data is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def _problems(archive: Archive) -> list[str]:
    return [str(problem) for problem in fixity.check(archive)]


def test_a_downloaded_copy_is_valid_by_our_judgement_and_another_programs(
    archive: Archive, tmp_path: Path
) -> None:
    _filled(archive)
    root = _copied(archive, tmp_path / "bản tải")
    found = ocfl.validate(root)
    assert found.problems == () and found.warnings == ()
    judge = oracle.StorageRoot(root=str(root))
    assert judge.validate(log_warnings=True), judge.errors
    assert judge.good_objects == judge.num_objects == 5


def test_what_is_put_is_there_once_and_is_read_back(archive: Archive) -> None:
    one, two = _put(archive, 1, 2)
    assert _put(archive, 1) == [one] and catalogue.count(archive, GUEST) == 2
    assert catalogue.original(archive, GUEST, one).path.read_bytes() == TEXT + b"1"
    assert sorted(archive.store.held()) == sorted([one, two])
    assert archive.store.holds(objects.at(one)) and not archive.store.holds(objects.at("0000"))
    assert archive.store.path(archive.store.where(objects.at(one) / "v1")) == objects.at(one) / "v1"
    assert archive.store.path("/elsewhere") is None
    assert _problems(archive) == []


def test_a_large_file_goes_in_parts_and_comes_back_whole(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "PART", 5 << 20)
    data = bytes(range(256)) * (12 << 12)
    receipt = accept.accept(archive, GUEST, BytesIO(data), name="a.bin", how="test")
    assert catalogue.original(archive, GUEST, receipt.document).path.read_bytes() == data
    assert _problems(archive) == []


def test_what_is_attached_makes_versions_and_the_newest_is_found(archive: Archive) -> None:
    document, *_ = _filled(archive)
    assert annex.find(archive, SYSTEM, document, "signatures.json") == b"[1]"
    identifier = objects.object_id(document)
    message = ocfl.Message(accept.now(), "a", "urn:a", "x")
    assert archive.store.attach(identifier, {objects.ours("signatures.json"): b"[1]"}, message) == 3
    with archive.store.reading(objects.at(document)) as place:
        assert ocfl.versions(place) == (1, 2, 3)
        kept = objects.files(place)
        assert {name: path.read_bytes() for name, path in kept.items()}[objects.ours("signatures.json")] == b"[1]"
    assert not archive.store.create(checkpoint.identifier(1), {"a": b"b"}, message)


def test_writers_at_once_make_one_object_and_one_version_each(archive: Archive, loaded: Settings) -> None:
    """Each with a connection of its own, as on machines of their own."""
    document = _put(archive, 0)[0]
    made: list[object] = []

    def write(number: int) -> None:
        with Archive.open(loaded) as other:
            message = ocfl.Message(accept.now(), "a", "urn:a", "x")
            made.append(("same", _put(other, 77)[0]))
            made.append(("created", other.store.create("urn:x", {"a": b"%d" % number}, message)))
            made.append(("version", other.store.attach(objects.object_id(document), {f"n{number}": b"x"}, message)))

    with ThreadPoolExecutor(6) as writers:
        list(writers.map(write, range(6)))
    assert len({what for kind, what in made if kind == "same"}) == 1
    assert sorted(what for kind, what in made if kind == "created") == [False] * 5 + [True]
    assert sorted(what for kind, what in made if kind == "version") == [2, 3, 4, 5, 6, 7]
    with archive.store.reading(objects.at(document)) as place:
        assert {f"n{number}" for number in range(6)} < objects.files(place).keys()
        assert ocfl.validate(place).valid
    assert [p for p in _problems(archive) if "hồ sơ lạ" not in p] == []
    assert catalogue.count(archive, GUEST) == 2


HARMS = ["v1/content/original", "v1/content/receipt.json", "v1/inventory.json", "inventory.json", "0=ocfl_object_1.1"]


@pytest.mark.parametrize("name", HARMS)
@pytest.mark.parametrize("data", [b"x", None])
def test_what_is_harmed_is_named_and_healed_from_a_second_store(
    archive: Archive, tmp_path: Path, name: str, data: bytes | None
) -> None:
    documents = _filled(archive)
    second = _copied(archive, tmp_path / "bản hai")
    path = objects.at(documents[1])
    _harm(archive, f"{path}/{name}", data)
    problems = list(fixity.check(archive))
    if data is None and name == "inventory.json" and isinstance(archive.store, S3Store):
        assert problems == []  # as if its writer had died before the last file: it is written
        return
    assert problems and any(archive.store.where(path) in problem.where for problem in problems)
    with closing(open_copy(archive.settings, str(second))) as store:
        (said,) = patrol.heal(archive, problems, store)
    assert "đã thay" in said and _problems(archive) == []
    assert catalogue.original(archive, GUEST, documents[1]).path.read_bytes() == TEXT + b"1"


def test_what_is_foreign_in_the_store_is_named(archive: Archive) -> None:
    document = _put(archive, 1)[0]
    foreign = (f"{objects.at(document)}/v1/content/la.txt", "la.txt", "abc/la.txt", "extensions/la.txt")
    for path in foreign:
        _harm(archive, path, b"x")
    told = "\n".join(_problems(archive))
    for path in foreign:
        assert archive.store.where(path) in told


def test_an_object_that_is_lost_is_named_and_taken_in_again(archive: Archive) -> None:
    document = _put(archive, 1)[0]
    if isinstance(archive.store, S3Store):
        archive.store.bucket.purge(str(objects.at(document)))
    else:
        shutil.rmtree(archive.store.where(objects.at(document)))
    assert any("mất bản gốc" in problem for problem in _problems(archive))
    assert not archive.store.has_original(document, 1)
    assert _put(archive, 1) == [document] and _problems(archive) == []


def test_what_is_withdrawn_leaves_no_bytes_anywhere(archive: Archive, tmp_path: Path) -> None:
    document, other = _put(archive, 1, 2)
    catalogue.original(archive, GUEST, document)  # on S3 this makes a copy here
    withdrawal.withdraw(archive, SYSTEM, document)
    assert not archive.store.left(objects.at(document))
    root = _copied(archive, tmp_path / "bản tải")
    places = [path for folder in (root, archive.settings.data) for path in folder.rglob("*") if path.is_file()]
    assert [path for path in places if (TEXT + b"1") in path.read_bytes()] == []
    assert catalogue.original(archive, GUEST, other).path.read_bytes() == TEXT + b"2"
    assert _problems(archive) == []


def _state(archive: Archive) -> list[str]:
    kept = [table for table in schema.metadata.sorted_tables if table is not schema.job]
    with reader(archive.engine) as connection:
        return list(rows.dump(connection, kept))


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_backup_restores_into_either_store(
    archive: Archive, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    documents = _filled(archive)
    withdrawal.withdraw(archive, SYSTEM, documents[3])
    made = backup.backup(archive, tmp_path / "sao lưu")
    assert made.problems == ()
    target = _settings(kind, request, tmp_path / "máy khác")
    assert restore.restore(target, made.path).documents == 4
    with Archive.open(target, create=False) as other:
        assert _state(other) == _state(archive) and _problems(other) == []
        assert catalogue.original(other, GUEST, documents[0]).path.read_bytes() == TEXT + b"0"
        assert annex.find(other, GUEST, documents[0], "signatures.json") == b"[1]"
    with pytest.raises(AlreadyThere):
        restore.restore(target, made.path)
    if kind == "s3":  # the same place, another archive
        with pytest.raises(AlreadyThere):
            small = _settings("folder", request, tmp_path / "nhỏ")
            with Archive.open(small) as one:
                _put(one, 99)
                other_backup = backup.backup(one, tmp_path / "sao lưu 2")
            restore.restore(replace(target, data=tmp_path / "máy thứ ba"), other_backup.path)


def test_the_catalogue_is_made_again_from_the_store_alone(archive: Archive, loaded: Settings) -> None:
    documents = _filled(archive)
    withdrawal.withdraw(archive, SYSTEM, documents[2])
    checkpoint.make(archive)
    before = [line for line in _state(archive) if '"event"' not in line]
    archive.close()
    for path in loaded.data.glob("catalogue.sqlite*"):
        path.unlink()
    if loaded.originals:
        shutil.rmtree(loaded.data)  # this machine is lost, the bucket is not
    done = recovery.from_store(loaded)
    assert (done.documents, done.anew, done.problems) == (3, 0, ())
    with Archive.open(loaded, create=False) as again:
        assert [line for line in _state(again) if '"event"' not in line] == before
        assert _problems(again) == []


def test_a_package_is_written_from_either_store(archive: Archive, tmp_path: Path) -> None:
    _filled(archive)
    made = package.export(archive, GUEST, tmp_path / "gói")
    assert made.documents == 4
    with Archive.open(settings.load(tmp_path / "kho khác", environ={})) as other:
        assert {one.state for one in package.take(other, GUEST, made.path)} == {"new"}


def test_objects_come_in_order_of_their_path(archive: Archive) -> None:
    _filled(archive)
    found = list(archive.store.objects(Report()))
    assert found == sorted(found) and len(found) == 5


def _on_s3(bucket: str, tmp_path: Path) -> Settings:
    return replace(settings.load(tmp_path / "kho", environ={}), originals=f"{bucket}/một mình")


def test_copies_of_originals_make_room_for_each_other(bucket: str, tmp_path: Path) -> None:
    with Archive.open(_on_s3(bucket, tmp_path)) as archive:
        assert isinstance(archive.store, S3Store)
        archive.store.copies.room = 2 * len(TEXT) + 10
        documents = _put(archive, *range(5))
        for document in documents:
            path = archive.store.original(document, 1)
            assert path.read_bytes().startswith(TEXT)
            _age(path)
        assert len(list(archive.store.copies.folder.iterdir())) == 2


def _age(path: Path) -> None:
    os.utime(path, (1, 1))


def test_a_service_without_conditions_is_written_by_one_machine_in_turns(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(_on_s3(bucket, tmp_path)) as archive:
        assert isinstance(archive.store, S3Store) and archive.store.decides
        archive.store._decides = False
        document = _filled(archive)[0]
        assert annex.find(archive, SYSTEM, document, "signatures.json") == b"[1]" and _problems(archive) == []


def test_a_service_that_is_away_or_refuses_is_one_clear_line(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = _on_s3(bucket, tmp_path)
    with pytest.raises(StoreUnreachable, match="không-có"):
        Archive.open(replace(loaded, originals="s3://không-có/kho"))
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    with pytest.raises(StoreUnreachable) as raised:
        Archive.open(loaded)
    assert "\n" not in str(raised.value) and "AWS_" in str(raised.value)


def test_an_address_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="VANKHO_ORIGINALS"):
        settings.load(tmp_path, environ={"VANKHO_ORIGINALS": "/srv/kho"})


def test_without_the_library_the_command_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['boto3'] = None\n"
        "from archive.archive import open_store; from archive import settings; from pathlib import Path\n"
        "from archive.errors import NoS3\n"
        "try: open_store(settings.load(Path(sys.argv[1]), environ={'VANKHO_ORIGINALS': 's3://a/b'}))\n"
        "except NoS3 as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "pip install 'vankho[s3]'" in done.stdout and "Chưa cài" in done.stdout


def test_boto_is_not_loaded_where_originals_lie_in_a_folder() -> None:
    code = "import sys, web.cli, indexer.wiring, archive.recovery; print('boto3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_store_named_by_settings_is_the_one_opened(bucket: str, tmp_path: Path) -> None:
    with closing(open_store(_on_s3(bucket, tmp_path))) as store:
        assert isinstance(store, S3Store) and not store.ready
    with closing(open_store(settings.load(tmp_path / "kho", environ={}))) as store:
        assert isinstance(store, FileStore)


def _held_bytes(archive: Archive) -> bytes:
    """The bytes of every file of every object."""
    found = []
    for path in list(archive.store.objects(Report())):
        with archive.store.reading(path) as place:
            found += [file.read_bytes() for file in sorted(place.rglob("*")) if file.is_file()]
    return b"".join(found)


def test_acts_are_told_and_the_words_of_a_withdrawn_paper_taken_out(archive: Archive) -> None:
    (document,) = _put(archive, 1)
    dossier = opened(archive, papers=[document])
    assert len(list(journal.held(archive.store))) == 2
    appraisal.hold(archive, GUEST, document, reason="lời không được để lại", by="Thu")
    checkpoint.make(archive)
    filing.note(archive, GUEST, dossier, document, leaves=1, note="lời không được để lại", by="Thu")
    assert list(journal.held(archive.store)) and list(fixity.check(archive)) == []
    before = next(checkpoint.every(archive.store)).statement
    assert "lời không được để lại".encode() in _held_bytes(archive)
    withdrawal.withdraw(archive, SYSTEM, document)
    assert "lời không được để lại".encode() not in _held_bytes(archive)
    assert next(checkpoint.every(archive.store)).statement == before
    assert list(journal.held(archive.store)) == [] and list(fixity.check(archive)) == []
    assert not (archive.settings.data / resealing.PENDING).exists()
