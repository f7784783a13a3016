import hashlib
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import catalogue, fixity, ledger, ocfl
from archive.accept import Receipt
from archive.archive import Archive
from archive.viewer import GUEST
from tests.forging import unguard

Put = Callable[..., Receipt]


def _found(archive: Archive) -> list[str]:
    return [str(problem) for problem in fixity.check(archive)]


def _sql(archive: Archive, *statements: str) -> None:
    with archive.engine.begin() as connection:
        unguard(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_an_archive_as_received_has_no_problem(archive: Archive, put: Put) -> None:
    assert _found(archive) == []
    for n in range(5):
        put(b"%d" % n)
    assert _found(archive) == []


def test_every_flipped_bit_is_named_with_its_file(archive: Archive, put: Put) -> None:
    for n in range(3):
        put(b"van ban %d " % n * 50)
    files = sorted(path for path in archive.store.root.rglob("*") if path.is_file())
    assert len(files) == 3 * 7 + 3
    chance = random.Random(7)
    for path in files * 2:
        whole = path.read_bytes()
        harmed = bytearray(whole)
        harmed[chance.randrange(len(whole))] ^= 1 << chance.choice((*range(8), 5, 5, 5))  # 5: a letter's case
        _overwrite(path, bytes(harmed))
        problems = _found(archive)
        assert problems, path
        # A harmed inventory is named by what no longer agrees with it.
        place = path if path.parent.name == "content" or "urn%3a" not in str(path) else _object_of(path)
        assert any(str(place) in problem for problem in problems)
        _overwrite(path, whole)
    assert _found(archive) == []


def _object_of(path: Path) -> Path:
    return next(folder for folder in path.parents if folder.name.startswith("urn%3a"))


def _overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def test_a_missing_a_truncated_and_a_foreign_file_are_named(archive: Archive, put: Put) -> None:
    one, two, three = (put(text) for text in (b"one", b"two", b"three"))
    place = archive.store.original
    place(one.document, 1).unlink()
    _overwrite(place(two.document, 1), b"t")
    foreign = archive.store.place(three.document) / "v1" / "content" / "la.txt"
    foreign.write_bytes(b"x")
    loose = archive.store.root / "la.txt"
    loose.write_bytes(b"x")
    stray = archive.store.place(three.document).parent / "stray"
    stray.write_bytes(b"x")
    problems = "\n".join(_found(archive))
    for path in (place(one.document, 1), place(two.document, 1), foreign, stray, loose):
        assert str(path) in problems


def test_bytes_and_inventory_changed_together_differ_from_the_catalogue(archive: Archive, put: Put) -> None:
    document = put(b"abc").document
    place = archive.store.place(document)
    old, new = (hashlib.sha512(data).hexdigest() for data in (b"abc", b"abd"))
    old256, new256 = (hashlib.sha256(data).hexdigest() for data in (b"abc", b"abd"))
    _overwrite(place / "v1/content/original", b"abd")
    text = (place / "inventory.json").read_text().replace(old, new).replace(old256, new256).encode()
    for folder in (place, place / "v1"):
        _overwrite(folder / "inventory.json", text)
        digest = hashlib.sha512(text).hexdigest()
        _overwrite(folder / ocfl.SIDECAR, f"{digest} inventory.json\n".encode())
    assert _found(archive) == [
        f"{place / 'v1/content/original'}: không phải tệp đã tiếp nhận: mã băm khác với danh mục"
    ]


def test_an_object_of_someone_else_is_named(archive: Archive, put: Put) -> None:
    put(b"abc")
    place = archive.store.place(put(b"xyz").document)
    elsewhere = archive.store.root / "abc" / "def" / "012" / place.name
    elsewhere.parent.mkdir(parents=True)
    shutil.copytree(place, elsewhere)
    assert _found(archive) == [f"{elsewhere}: hồ sơ lạ, không do kho này ghi"]


def test_a_changed_row_differs_from_the_ledger(archive: Archive, put: Put) -> None:
    version = put(b"abc").version
    _sql(archive, "UPDATE version SET sha512 = 'ff'")
    assert f"danh mục, {version}: khác với dòng tiếp nhận trong sổ sự kiện" in _found(archive)


def test_a_ledger_cut_off_at_its_end_is_noticed(archive: Archive, put: Put) -> None:
    put(b"abc")
    version = put(b"xyz").version
    _sql(archive)
    raw = archive.engine.raw_connection()
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("DELETE FROM event WHERE seq = 2")
    raw.commit()
    raw.execute("PRAGMA foreign_keys=ON")
    raw.close()
    assert _found(archive) == [f"danh mục, {version}: sổ sự kiện không còn dòng tiếp nhận tệp này"]


def test_a_changed_record_of_the_ledger_is_named(archive: Archive, put: Put) -> None:
    put(b"abc")
    put(b"xyz")
    _sql(archive, "UPDATE event SET actor = 'Ai đó' WHERE seq = 1")
    assert _found(archive) == ["sổ sự kiện, dòng 1: nội dung đã bị sửa"]


def test_what_a_crash_left_without_a_row_is_recorded_as_its_receipt_says(archive: Archive, put: Put) -> None:
    first = put(b"abc", "một.docx")
    _sql(archive, *(f"DELETE FROM {table}" for table in ("job", "version", "document", "event")))
    assert fixity.sweep(archive) == (f"đã ghi lại {first.document} vào danh mục",)
    found = catalogue.get(archive, GUEST, first.document)
    assert (found.state, found.version.name, found.received_at) == ("queued", "một.docx", first.received_at)
    (event,) = catalogue.history(archive, GUEST, first.document)
    assert isinstance(event, ledger.Event) and (event.kind, event.actor) == ("recovered", "khách")
    assert fixity.sweep(archive) == () and _found(archive) == []


def test_a_draft_is_swept_when_its_process_is_gone_and_only_then(archive: Archive) -> None:
    code = (
        "import os, sys; from pathlib import Path; from archive.store import FileStore\n"
        "with FileStore(Path(sys.argv[1]), Path(sys.argv[2])).draft() as draft:\n"
        "    (draft / 'object').mkdir(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, archive.store.root, archive.store.staging], check=False)
    (litter,) = archive.store.staging.iterdir()
    with archive.store.draft() as draft:
        assert fixity.sweep(archive) == (f"đã xóa bản nháp bỏ dở {litter.name}",)
        assert draft.exists() and not litter.exists()
    assert not draft.exists()


@pytest.mark.parametrize("name", ["ocfl_layout.json", "0=ocfl_1.1"])
def test_a_harmed_root_is_named(archive: Archive, name: str) -> None:
    _overwrite(archive.store.root / name, b"x")
    assert [line.split(":")[0] for line in _found(archive)] == [str(archive.store.root / name)]
