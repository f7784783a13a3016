"""Dossiers that go out in a package and come in elsewhere as they were; on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bagit
import pytest

from archive import appraisal, bags, carried, catalogue, dossiers, filed, filing, fixity, package, settings
from archive.archive import Archive
from archive.database import reader, writer
from archive.dossiers import Dossier
from archive.errors import BadBag
from archive.filing import Planned
from archive.fonds import Fonds, fonds_of
from archive.retention import Term
from archive.settings import Settings
from archive.viewer import GUEST
from tests.contract.dossier_acts import BY, DAY, TABLES, close, opened, paper, tables

PLACE = Fonds("", "Huyện ủy Yên Hà", "Tỉnh ủy Đông Lâm", "Yên Hà", True, DAY, "Văn phòng Tỉnh ủy", "đã kết thúc")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(settings.load(tmp_path / "other", environ={})) as opened_:
        yield opened_


def _filled(archive: Archive) -> list[str]:
    """A closed dossier of a fonds that is no more, one still open of the office itself; they share a paper."""
    first, second, third = (paper(archive, f"Kế hoạch {n}") for n in range(3))
    fonds = filing.describe_fonds(archive, GUEST, PLACE, by=BY)
    line = Planned("02.TG", "Xây dựng xã hội học tập", heading="I. TUYÊN GIÁO", keeper=BY, note="2 tập")
    one = filing.start(archive, GUEST, line, year=2017, on=DAY, by=BY, fonds=fonds)
    filing.put(archive, GUEST, one, [first, second, third], by=BY)
    filing.arrange(archive, GUEST, one, [third, first, second], by=BY)
    filing.note(archive, GUEST, one, first, leaves=4, note="bản sao", by=BY)
    appraisal.decide(archive, GUEST, one, Term("20"), basis="Thông tư 10/2022/TT-BNV", reason="theo bảng", by=BY)
    appraisal.hold(archive, GUEST, one, reason="đang thanh tra", by=BY)
    appraisal.hold(archive, GUEST, second, reason="đang đối chiếu", by=BY)
    close(archive, one)
    return [one, opened(archive, "03.TG", papers=[second])]


def _export(archive: Archive, some: list[str], target: Path) -> Path:
    held = [dossiers.get(archive, GUEST, one) for one in some]
    papers = {document for one in some for document in dossiers.memberships(archive, GUEST, one)}
    lines = (f"{line}\n".encode() for line in carried.lines(archive, GUEST, held, office="Văn khố"))
    extra = {"dossiers.jsonl": lines}
    return package.export(archive, GUEST, target, documents=papers, extra=extra, subjects=some).path


def _same(one: Dossier) -> Dossier:
    return replace(one, planned=0)


@pytest.mark.parametrize("name", ["gói", "gói.zip", "gói.tar"])
def test_a_dossier_comes_in_as_it_went_out(archive: Archive, other: Archive, tmp_path: Path, name: str) -> None:
    some = _filled(archive)
    path = _export(archive, some, tmp_path / name)
    taken = package.take(other, GUEST, path)
    assert [(one.dossier, one.state, one.path) for one in taken if one.dossier] == [
        (some[0], "new", "hồ sơ 02.TG năm 2017"), (some[1], "new", "hồ sơ 03.TG năm 2017"),
    ]  # fmt: skip
    for one in some:
        here, there = (dossiers.get(held, GUEST, one) for held in (archive, other))
        assert _same(here) == _same(there)
        assert dossiers.entries(archive, GUEST, one) == dossiers.entries(other, GUEST, one)
        subjects = [one, *dossiers.memberships(archive, GUEST, one)]
        kept = [[(h.reason, h.by, h.at) for some in appraisal.holds(held, GUEST, subjects).values() for h in some]
                for held in (archive, other)]  # fmt: skip
        assert kept[0] == kept[1] != []
    assert fonds_of(archive, GUEST) == fonds_of(other, GUEST)
    assert [one.code for one in dossiers.listed(other, GUEST)] == [one.code for one in dossiers.listed(archive, GUEST)]
    assert list(fixity.check(other)) == []
    came = dossiers.history(other, GUEST, some[0])[0]
    assert came.kind == filed.CARRIED and came.details["office"] == "Văn khố"
    acts = [event.kind for event in dossiers.history(archive, GUEST, some[0])]
    assert [one["kind"] for one in came.details["history"]] == acts
    with writer(other.engine) as connection:  # and again from the ledger alone
        before = tables(other)
        for table in TABLES:
            connection.execute(table.delete())
        filed.relearn(connection)
    assert tables(other) == before


def test_the_acts_of_a_dossier_go_along_as_the_ledger_has_them(archive: Archive, tmp_path: Path) -> None:
    some = _filled(archive)
    path = _export(archive, some[:1], tmp_path / "gói")
    assert bagit.Bag(str(path)).is_valid()
    kinds = [json.loads(line)["kind"] for line in (path / package.EVENTS).read_text().splitlines()]
    assert filed.ARRANGED in kinds and filed.CLOSED in kinds and "received" in kinds


def test_taking_it_in_twice_changes_nothing(archive: Archive, other: Archive, tmp_path: Path) -> None:
    path = _export(archive, _filled(archive), tmp_path / "gói")
    package.take(other, GUEST, path)
    before = tables(other)
    assert {one.state for one in package.take(other, GUEST, path)} == {"duplicate"}
    assert tables(other) == before


def test_a_code_that_is_taken_here_refuses_the_dossier_and_not_its_papers(
    archive: Archive, other: Archive, tmp_path: Path
) -> None:
    some = _filled(archive)
    opened(other, "03.TG")
    taken = {one.dossier: one for one in package.take(other, GUEST, _export(archive, some, tmp_path / "gói"))}
    assert (taken[some[0]].state, taken[some[1]].state) == ("new", "refused")
    assert "đã có hồ sơ 03.TG khác" in (taken[some[1]].reason or "")
    assert catalogue.count(other, GUEST) == 3


def test_the_papers_of_another_office_become_a_fonds_of_their_own(archive: Archive, tmp_path: Path) -> None:
    _, own = _filled(archive)
    path = _export(archive, [own], tmp_path / "gói")
    elsewhere = settings.load(tmp_path / "other", environ={"VANKHO_OFFICE": "Lưu trữ tỉnh Đông Lâm"})
    with Archive.open(elsewhere) as other:
        package.take(other, GUEST, path)
        fonds = fonds_of(other, GUEST)
        assert fonds[dossiers.get(other, GUEST, own).fonds].name == "Văn khố"


def test_papers_that_are_not_in_the_package_are_named(archive: Archive, other: Archive, tmp_path: Path) -> None:
    one, _ = _filled(archive)
    held = dossiers.get(archive, GUEST, one)
    lines = (f"{line}\n".encode() for line in carried.lines(archive, GUEST, [held], office="Văn khố"))
    first = dossiers.memberships(archive, GUEST, one)[0]
    made = package.export(archive, GUEST, tmp_path / "gói", documents=[first], extra={"dossiers.jsonl": lines})
    taken = package.take(other, GUEST, made.path)
    assert taken[-1].reason == "thiếu 2 văn bản không có trong gói"
    assert dossiers.memberships(other, GUEST, one) == (first,)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "destroyed"}, {"year": 99}, {"year": "2017"}, {"id": "x' OR 1"}, {"code": ""}, {"title": "x" * 1001},
        {"unit": "kg"}, {"term": {"term": "mãi"}}, {"opened_on": "hôm qua"}, {"note": None},
    ],
)  # fmt: skip
def test_a_package_that_tells_nonsense_of_dossiers_leaves_nothing(
    archive: Archive, other: Archive, tmp_path: Path, change: dict
) -> None:
    path = _export(archive, _filled(archive), tmp_path / "gói")
    lines = [json.loads(line) for line in (path / carried.FILE).read_text().splitlines()]
    lines[1]["dossier"] |= change
    _rewritten(path, "".join(f"{json.dumps(line)}\n" for line in lines))
    with pytest.raises(BadBag, match=r"dossiers\.jsonl"):
        package.take(other, GUEST, path)
    assert catalogue.count(other, GUEST) == 0 and tables(other) == []


@pytest.mark.parametrize("text", ["không phải JSON\n", "[]\n", '{"dossier": 1}\n', "null\n"])
def test_lines_that_are_none_are_refused(archive: Archive, other: Archive, tmp_path: Path, text: str) -> None:
    path = _export(archive, _filled(archive), tmp_path / "gói")
    _rewritten(path, text)
    with pytest.raises(BadBag):
        package.take(other, GUEST, path)
    assert catalogue.count(other, GUEST) == 0


def _rewritten(path: Path, text: str) -> None:
    """Put another text in the place of what tells of dossiers, and make the package valid again."""
    before = bags.digest(path / carried.FILE)
    (path / carried.FILE).write_text(text)
    manifest = path / "tagmanifest-sha512.txt"
    manifest.write_text(manifest.read_text().replace(before, bags.digest(path / carried.FILE)))
    assert bags.check(path).valid


def test_a_bag_that_tells_of_no_dossiers_comes_in(archive: Archive, loaded: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "khác"
    folder.mkdir()
    (folder / "Thông báo.txt").write_text("Thông báo số 4")
    bagit.make_bag(str(folder), {"Source-Organization": "Phần mềm khác"})
    taken = package.take(archive, GUEST, folder)
    assert [(one.state, one.dossier) for one in taken] == [("new", None)]
    with reader(archive.engine) as connection:
        assert dossiers.several(connection, GUEST, []) == ()
