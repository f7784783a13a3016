import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import annex, backup, catalogue, checkpoint, fixity, ledger, patrol
from archive.accept import Receipt
from archive.archive import Archive
from archive.database import reader
from archive.store import FileStore
from archive.viewer import GUEST, SYSTEM
from archive.walk import Walk

Put = Callable[..., Receipt]


def _flip(path: Path, chance: random.Random) -> bytes:
    whole = path.read_bytes()
    harmed = bytearray(whole)
    harmed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    _write(path, bytes(harmed))
    return whole


def _write(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def test_three_hundred_flipped_bits_are_named_one_and_all(archive: Archive, put: Put) -> None:
    for n in range(12):
        document = put(b"van ban %d " % n * 200).document
        if n % 3 == 0:
            annex.keep(archive, SYSTEM, document, {"signatures.json": b"[%d]" % n}, why="Kiểm tra chữ ký")
    checkpoint.make(archive)
    files = sorted(p for p in archive.store.root.rglob("*") if p.is_file() and p.stat().st_size)
    chance = random.Random(300)
    missed = []
    for _ in range(300):
        path = chance.choice(files)
        whole = _flip(path, chance)
        place = next((f for f in path.parents if f.name.startswith("urn%3a")), path)
        if not any(str(place) in problem.where for problem in fixity.check(archive)):
            missed.append(path)
        _write(path, whole)
    assert missed == [] and list(fixity.check(archive)) == []


def test_a_round_is_taken_up_where_it_stopped_and_its_problems_are_kept(archive: Archive, put: Put) -> None:
    documents = [put(b"%d" % n).document for n in range(6)]
    places = sorted(archive.store.place(document) for document in documents)
    victim = places[0] / "v1" / "content" / "original"
    _write(victim, b"x")
    notes = archive.settings.data / patrol.NOTES
    walk = Walk(notes)
    for problem in fixity.check(archive, walk=walk):
        assert str(places[0]) in problem.where
        break  # as if the power failed here
    walk.seconds = 1e-9
    list(fixity.check(archive, walk=walk))
    assert notes.exists()
    found = patrol.patrol(archive)
    assert found.complete and {str(victim)} <= {problem.where for problem in found.problems}
    assert not notes.exists()
    (event,) = (e for e in _events(archive) if e.kind == "checked")
    assert event.details["objects"] == 6 and event.details["problems"]


def _events(archive: Archive) -> tuple[ledger.Event, ...]:

    with reader(archive.engine) as connection:
        return ledger.history(connection, "archive")


def test_objects_seen_already_are_not_read_again(archive: Archive, put: Put) -> None:
    for n in range(4):
        put(b"%d" % n)
    notes = archive.settings.data / patrol.NOTES
    first = Walk(notes)
    seen = sorted(archive.store.root.glob("*/*/*/urn*"))
    for path in seen[:2]:
        first.done(path.relative_to(archive.store.root), 1, [])
    first.note()
    second = Walk(notes)
    assert [second.passed(path.relative_to(archive.store.root)) for path in seen] == [True, True, False, False]
    notes.write_text("{torn")
    assert not Walk(notes).passed(seen[0].relative_to(archive.store.root))


def test_the_rate_is_kept(archive: Archive, put: Put) -> None:
    put(b"x" * 300_000)
    begun = time.monotonic()
    assert patrol.patrol(archive, rate=1).problems == ()
    assert time.monotonic() - begun > 0.25


@pytest.fixture
def second(archive: Archive, put: Put, tmp_path: Path) -> Path:
    """A backup's originals, and a version added since."""
    for n in range(4):
        put(b"%d" % n)
    checkpoint.make(archive)
    made = backup.backup(archive, tmp_path / "b")
    annex.keep(archive, SYSTEM, put(b"0").document, {"signatures.json": b"[]"}, why="x")
    return made.path / "data" / backup.ORIGINALS


def test_what_was_harmed_is_healed_from_a_second_copy(archive: Archive, put: Put, second: Path) -> None:
    one, two, three = (put(b"%d" % n).document for n in range(3))
    _write(archive.store.original(one, 1), b"x")
    shutil.rmtree(archive.store.place(two))
    (archive.store.place(three) / "v1" / "content" / "foreign").write_bytes(b"x")
    _write(archive.store.object(checkpoint.identifier(1)) / "inventory.json", b"{}")
    problems = list(fixity.check(archive))
    said = list(patrol.heal(archive, problems, FileStore(second, archive.store.staging)))
    assert len(said) == 4 and all("đã thay" in line for line in said)
    assert list(fixity.check(archive)) == []
    assert annex.find(archive, GUEST, one, "signatures.json") == b"[]"  # younger than the second copy
    assert len(list((archive.settings.data / patrol.HARMED).iterdir())) == 3
    assert [e.kind for e in catalogue.history(archive, GUEST, two)][-1] == "healed"


def test_a_second_copy_that_is_harmed_too_is_not_used(archive: Archive, put: Put, second: Path) -> None:
    place = archive.store.original(put(b"1").document, 1)
    _write(place, b"x")
    _write(second / place.relative_to(archive.store.root), b"x")
    problems = list(fixity.check(archive))
    (said,) = patrol.heal(archive, problems, FileStore(second, archive.store.staging))
    assert "không dùng được" in said and place.read_bytes() == b"x"
