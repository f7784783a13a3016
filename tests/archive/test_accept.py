import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import event

from archive import accept, catalogue, fixity, objects, ocfl, ocfl_check
from archive.accept import Receipt, clean_name, identities
from archive.archive import Archive
from archive.errors import Damaged, EmptyFile, Unreadable
from archive.store import object_id
from archive.viewer import GUEST
from tests.forging import unguard

Put = Callable[..., Receipt]


def _staged(archive: Archive) -> list[str]:
    return [path.name for path in archive.store.staging.iterdir()]


def test_an_original_is_a_valid_object_that_tells_who_brought_it(archive: Archive, put: Put) -> None:
    receipt = put(b"abc", "thu\u031b mu\u031b\u0323c/Kế hoạch.docx")
    place = archive.store.place(receipt.document)
    found = ocfl_check.validate(archive.store.root)
    assert (found.valid, found.warnings, found.problems) == (True, (), ())
    inventory = ocfl.read_inventory(place)
    assert inventory["id"] == f"urn:vankho:document:{receipt.document}"
    names = {name for names in inventory["versions"]["v1"]["state"].values() for name in names}
    assert names == {"thư mực/Kế hoạch.docx", ".vankho/receipt.json"}
    told = json.loads((place / "v1/content/receipt.json").read_text())
    assert told == {
        "name": "thư mực/Kế hoạch.docx",
        "how": "web",
        "received_by": "khách",
        "received_at": receipt.received_at.isoformat(timespec="microseconds"),
        "size": 3,
        "sha512": receipt.sha512,
        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    }


def test_originals_are_read_only_and_no_staging_is_left(archive: Archive, put: Put) -> None:
    receipt = put(b"abc")
    for path in archive.store.place(receipt.document).rglob("*"):
        assert path.is_dir() or not stat.S_IMODE(path.stat().st_mode) & 0o222
    assert _staged(archive) == []


def test_every_byte_is_on_the_disk_before_its_name_and_every_name_before_the_row(
    archive: Archive, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, str]] = []
    fsync, rename = os.fsync, os.rename

    def noted_fsync(descriptor: int) -> None:
        fsync(descriptor)
        done.append(("fsync", str(Path(f"/proc/self/fd/{descriptor}").readlink())))

    def noted_rename(source: object, target: object) -> None:
        rename(source, target)  # type: ignore[call-overload]
        done.append(("rename", f"{source} {target}"))

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "rename", noted_rename)
    event.listen(archive.engine, "commit", lambda _: done.append(("commit", "")))
    document = put(b"abc").document
    root, place = archive.store.root, archive.store.place(document)
    moved = next(i for i, (what, where) in enumerate(done) if what == "rename" and str(root) in where)
    source, target = (Path(part) for part in done[moved][1].split())
    before = {where for what, where in done[:moved] if what == "fsync"}
    after = done[moved + 1 :]
    built = source.parent / "object"  # where the object lay while it was written
    assert {str(built / path.relative_to(place)) for path in place.rglob("*")} | {str(built)} <= before
    between = [source / path.relative_to(target) for path in place.parents if path.is_relative_to(target)]
    assert {str(path) for path in between} <= before
    names = [str(folder) for folder in place.parents if folder.is_relative_to(root)]
    last = max(i for i, step in enumerate(after) if step == ("commit", ""))
    assert {("fsync", name) for name in names} <= set(after[:last])


def test_ids_come_from_the_content_alone(archive: Archive, put: Put) -> None:
    assert put(b"abc").document == "vpqkb8ckc5xb"


def test_an_id_is_made_of_letters_that_are_not_misread() -> None:
    ids = list(identities("0123456789abcdef" * 8))
    assert [len(one) for one in ids[:3]] == [12, 16, 20]
    assert all(one.startswith(ids[0]) for one in ids)
    assert not set("".join(ids)) & set("ilou")
    assert len(ids[-1]) <= 102


def test_two_contents_that_share_the_short_id_get_two_documents(archive: Archive, put: Put) -> None:
    short = put(b"abc").document
    other = "vpqkb8ckc5xb"
    assert short == other
    wanted = next(identities(_sha512(b"xyz")))
    with archive.store.draft() as draft:  # the place of «xyz» is held by other bytes
        digests = objects.take(draft, BytesIO(b"other"), "x")
        note = {
            "name": "x",
            "how": "web",
            "received_by": "a",
            "received_at": "2016-09-30T00:00:00.000000+00:00",
        }
        note |= {"size": 5, "sha512": digests.sha512, "sha256": digests.sha256}
        assert archive.store.put(draft, wanted, digests, note)
    receipt = put(b"xyz")
    assert len(receipt.document) == 16 and receipt.document.startswith(wanted)
    assert catalogue.original(archive, GUEST, receipt.document).path.read_bytes() == b"xyz"


def _sha512(data: bytes) -> str:
    return hashlib.sha512(data).hexdigest()


def test_an_empty_file_is_refused_and_leaves_nothing(archive: Archive, put: Put) -> None:
    with pytest.raises(EmptyFile) as raised:
        put(b"", "trống.pdf")
    assert "trống.pdf" in str(raised.value)
    assert catalogue.count(archive, GUEST) == 0
    assert _staged(archive) == [] and list(archive.store.held()) == []


class _Torn:
    """A sender that breaks off."""

    def __init__(self, error: Exception) -> None:
        self.error, self.sent = error, False

    def read(self, size: int, /) -> bytes:
        if self.sent:
            raise self.error
        self.sent = True
        return b"half of it"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(5, "Input/output error"), Unreadable),
        (ConnectionResetError(), Unreadable),
        (KeyError("x"), KeyError),
    ],
)
def test_a_sender_that_breaks_off_leaves_nothing(
    archive: Archive, error: Exception, told: type[Exception]
) -> None:
    with pytest.raises(told):
        accept.accept(archive, GUEST, _Torn(error), name="a.pdf", how="web")
    assert _staged(archive) == [] and list(archive.store.held()) == []
    assert catalogue.count(archive, GUEST) == 0


def test_an_object_left_without_its_row_is_adopted_with_its_first_receipt(archive: Archive, put: Put) -> None:
    first = put(b"abc", "một.docx")
    _forget(archive)
    again = put(b"abc", "hai.docx")
    assert again == first
    assert catalogue.get(archive, GUEST, first.document).version.name == "một.docx"
    assert list(fixity.check(archive)) == []


def test_an_object_that_was_harmed_is_not_adopted(archive: Archive, put: Put) -> None:
    place = archive.store.original(put(b"abc").document, 1)
    _forget(archive)
    place.chmod(0o644)
    place.write_bytes(b"abd")
    with pytest.raises(Damaged):
        put(b"abc")
    assert catalogue.count(archive, GUEST) == 0


def test_an_original_that_is_gone_comes_back_when_sent_again(archive: Archive, put: Put) -> None:
    first = put(b"abc")
    _remove(archive, first.document)
    assert [problem.what for problem in fixity.check(archive)] == [
        f"mất bản gốc của văn bản {first.document}"
    ]
    again = put(b"abc")
    assert (again.state, again.document) == ("duplicate", first.document)
    assert list(fixity.check(archive)) == []


def _forget(archive: Archive) -> None:
    """As after a crash between the rename and the commit."""
    with archive.engine.begin() as connection:
        unguard(connection)
        for table in ("job", "version", "document", "event"):
            connection.exec_driver_sql(f"DELETE FROM {table}")


def _remove(archive: Archive, document: str) -> None:
    place = archive.store.place(document)
    shutil.rmtree(place)
    for parent in list(place.parents)[:3]:
        parent.rmdir()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Kế hoạch.docx", "Kế hoạch.docx"),
        ("Ke\u0302\u0301 hoạch", "Kế hoạch"),
        ("a\r\nb\x00", "ab"),
        ("x\udcff", "x\ufffd"),
        ("\ud800", "\ufffd"),  # half a surrogate pair, as JSON from outside may hold
    ],
)
def test_names_are_kept_in_nfc_and_without_what_no_file_system_holds(name: str, kept: str) -> None:
    assert clean_name(name) == kept


def test_the_object_id_is_a_urn() -> None:
    assert object_id("abc") == "urn:vankho:document:abc"
