import json
from collections.abc import Callable, Iterator
from pathlib import Path

import bagit
import pytest

from archive import annex, bags, catalogue, fixity, package, settings
from archive.accept import Receipt
from archive.archive import Archive
from archive.errors import AlreadyThere, BadBag, NotFound
from archive.viewer import GUEST, SYSTEM

Put = Callable[..., Receipt]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(settings.load(tmp_path / "other", environ={})) as opened:
        yield opened


def _filled(archive: Archive, put: Put) -> list[str]:
    names = ("Kế hoạch.docx", "thư mục/100% xong.pdf", "..", "a\\b.txt")
    documents = [put(b"content %d" % n, name).document for n, name in enumerate(names)]
    annex.keep(archive, SYSTEM, documents[0], {"signatures.json": b"[]"}, why="Kiểm tra chữ ký")
    return documents


def test_the_whole_archive_goes_into_a_valid_package_and_comes_out_the_same(
    archive: Archive, other: Archive, put: Put, tmp_path: Path
) -> None:
    documents = _filled(archive, put)
    made = package.export(archive, GUEST, tmp_path / "gói")
    assert made.documents == 4 and bagit.Bag(str(made.path)).is_valid()
    assert (made.path / "data" / documents[0] / ".vankho" / "signatures.json").read_bytes() == b"[]"
    lines = (made.path / package.EVENTS).read_text().splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["received"] * 4 + ["attached"]
    taken = package.take(other, GUEST, made.path)
    assert sorted(one.document or "" for one in taken) == sorted(documents)
    for document in documents:
        here, there = (catalogue.get(a, GUEST, document).version for a in (archive, other))
        assert (here.name, here.sha512, there.how) == (there.name, there.sha512, "bag")
    assert list(fixity.check(other)) == []
    again = package.take(other, GUEST, made.path)
    assert {one.state for one in again} == {"duplicate"} and catalogue.count(other, GUEST) == 4


def test_some_documents_with_what_a_dossier_says_of_them(archive: Archive, put: Put, tmp_path: Path) -> None:
    documents = _filled(archive, put)
    made = package.export(
        archive, GUEST, tmp_path / "hs", documents=documents[:2],
        info={"External-Identifier": "HS-01/2016"}, extra={"ho-so.xml": b"<hoSo/>"},
    )  # fmt: skip
    assert made.documents == 2 and (made.path / "metadata" / "ho-so.xml").read_bytes() == b"<hoSo/>"
    assert "External-Identifier: HS-01/2016" in (made.path / "bag-info.txt").read_text()
    assert bags.check(made.path).valid
    with pytest.raises(NotFound):
        package.export(archive, GUEST, tmp_path / "x", documents=["none"])
    with pytest.raises(AlreadyThere):
        package.export(archive, GUEST, tmp_path / "hs")


def test_a_package_of_another_software_is_taken_in_file_by_file(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "foreign"
    (folder / "báo cáo").mkdir(parents=True)
    (folder / "báo cáo" / "một.txt").write_text("một")
    (folder / "hai.txt").write_text("hai")
    (folder / "trống.txt").touch()
    bagit.make_bag(str(folder), checksums=["md5"])
    taken = {one.path: one for one in package.take(archive, GUEST, folder)}
    assert {path: one.state for path, one in taken.items()} == {
        "data/báo cáo/một.txt": "new",
        "data/hai.txt": "new",
        "data/trống.txt": "refused",
    }
    document = taken["data/báo cáo/một.txt"].document
    assert document and catalogue.get(archive, GUEST, document).version.name == "báo cáo/một.txt"
    assert list(fixity.check(archive)) == []


def test_of_a_package_that_is_not_valid_nothing_is_taken(archive: Archive, put: Put, tmp_path: Path) -> None:
    _filled(archive, put)
    made = package.export(archive, GUEST, tmp_path / "gói")
    before = catalogue.count(archive, GUEST)
    victim = next(path for path in (made.path / "data").rglob("*.docx"))
    victim.chmod(0o644)
    victim.write_bytes(b"other")
    with pytest.raises(BadBag):
        package.take(archive, GUEST, made.path)
    assert catalogue.count(archive, GUEST) == before


def test_an_original_that_was_harmed_is_not_passed_on(archive: Archive, put: Put, tmp_path: Path) -> None:
    place = archive.store.original(put(b"abc").document, 1)
    place.chmod(0o644)
    place.write_bytes(b"abd")
    with pytest.raises(BadBag):
        package.export(archive, GUEST, tmp_path / "gói")
    assert not (tmp_path / "gói").exists()
