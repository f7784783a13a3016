"""Dossiers handed in as a package: what it tells keeps to its schema, and another archive has them as they were."""

from __future__ import annotations

import datetime as dt
import io
import os
import resource
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import bagit
import pytest
from click.testing import CliRunner
from lxml import etree

from archive import accept, appraisal, bags, dossiers, filing, fixity, office, package, withdrawal
from archive.archive import Archive
from archive.dossiers import Described
from archive.errors import NotAllowed, NotFound
from archive.filing import Planned
from archive.fonds import Fonds
from archive.office import OwnBody
from archive.registers import Entry, Paper, Register, enter
from archive.retention import Term
from archive.viewer import GUEST, SYSTEM
from indexer import dossier_xml, worker
from indexer.wiring import Service
from tests.web.papers import DIRECTIVE, PLAN, REPORT, Site, accepted, settings_in
from web import cli, create_app, submission

BY, DAY = "Lê Thị Thu", dt.date(2017, 12, 29)
NS = f"{{{dossier_xml.NAMESPACE}}}"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Site]:
    """A site of its own, with a closed dossier of three papers."""
    with Service.open(settings_in(tmp_path)) as service:
        ids = {
            name: accepted(service, f"{name}.txt", text.encode())
            for name, text in (("directive", DIRECTIVE), ("plan", PLAN), ("report", REPORT))
        }
        worker.run(service, forever=False)
        app = create_app(service)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield Site(service, app.test_client(), **ids, hostile="", unreadable="")


def _dossier(archive: Archive, papers: Sequence[str], code: str = "03/TG", **said: str) -> str:
    line = Planned(code, "Xây dựng xã hội học tập", heading="I. TUYÊN GIÁO", keeper=BY, note=said.get("note", ""))
    one = filing.start(archive, GUEST, line, year=2017, on=DAY, by=BY, fonds=said.get("fonds", ""))
    filing.put(archive, GUEST, one, papers, by=BY)
    appraisal.decide(archive, GUEST, one, Term("20"), basis="Thông tư 10/2022/TT-BNV", reason="theo bảng", by=BY)
    return one


def _closed(site: Site) -> str:
    archive = site.service.archive
    office.name(archive, [OwnBody("Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang", "000.00.01.H99")], by=BY)
    enter(archive, GUEST, Register.IN, [Entry(DAY, Paper(title="Báo cáo"), site.report)], by=BY)
    place = Fonds("", "Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang", "Yên Hà", True, DAY, "Tỉnh ủy", "")
    fonds = filing.describe_fonds(archive, GUEST, place, by=BY)
    one = _dossier(archive, [site.report, site.directive, site.plan], fonds=fonds, note="2 tập")
    appraisal.hold(archive, GUEST, site.plan, reason="đang thanh tra", by=BY)
    lines = {
        document: Described("05-KH/HU", dt.date(2016, 3, n + 1), title=f"Văn bản {n}", pages=n + 1)
        for n, document in enumerate(dossiers.memberships(archive, GUEST, one))
    }
    filing.close(archive, GUEST, one, ended_on=DAY, lines=lines, by=BY)
    return one


def _export(site: Site, some: Sequence[str], target: Path) -> Path:
    held = [dossiers.get(site.service.archive, GUEST, one) for one in some]
    return submission.export(site.service, GUEST, held, target).path


def _checked(path: Path) -> list[etree._Element]:
    """Every file of XML in a package, each as its schema wants it."""
    schema = etree.XMLSchema(etree.parse(str(path / "metadata" / dossier_xml.SCHEMA)))
    found = [etree.parse(str(one)) for one in sorted(path.rglob("*.xml"))]
    for one in found:
        schema.assertValid(one)
    return [one.getroot() for one in found]


def test_a_package_tells_of_the_dossier_and_each_paper_as_the_annex_wants_it(own: Site, tmp_path: Path) -> None:
    one = _closed(own)
    path = _export(own, [one], tmp_path / "gói")
    assert bagit.Bag(str(path)).is_valid()
    told, overview = _checked(path)
    values = {child.tag.removeprefix(NS): child.text for child in told if len(child) == 0}
    code = [child.text for child in told[0]]
    assert code == ["000.00.01.H99", "2017", "03/TG"]
    assert values | {"Title": "Xây dựng xã hội học tập", "Maintenance": "20 năm", "Creator": BY, "DocTotal": "3",
                     "Language": "Tiếng Việt", "StartDate": "2016-03-01", "EndDate": "2017-12-29", "PageTotal": "6",
                     "Description": "2 tập", "Heading": "I. TUYÊN GIÁO", "State": "đã kết thúc",
                     "LastDay": "2037-12-31", "Fonds": "Huyện ủy Yên Hà", "Decision": "theo bảng",
                     "Hold": "đang thanh tra"} == values  # fmt: skip
    papers = told.findall(f"{NS}Documents/{NS}Document")
    assert [paper.get("id") for paper in papers] == [own.report, own.directive, own.plan]
    assert [paper.findtext(f"{NS}DocOrdinal") for paper in papers] == ["1", "2", "3"]
    first = {child.tag.removeprefix(NS): child.text for child in papers[0]}
    assert (first["Subject"], first["CodeNumber"], first["CodeNotation"], first["IssuedDate"], first["PageAmount"]) == (
        "Văn bản 0", "05", "KH/HU", "2016-03-01", "1"
    )  # as the list was closed, whatever is read now
    assert (papers[0].get("register"), first["ArrivalNumber"], first["ArrivalDate"]) == ("in", "1", "2017-12-29")
    for paper in papers:
        file = paper.find(f"{NS}File")
        assert file is not None and bags.digest(path / file.get("path", "")) == file.get("sha512")
        assert file.get("mediaType") == "text/plain"
    assert overview.tag == f"{NS}Submission" and overview.findtext(f"{NS}Dossier") == "Xây dựng xã hội học tập"
    href = overview.find(f"{NS}Dossier").get("href")  # type: ignore[union-attr]
    assert (path / "metadata" / str(href)).is_file()


def test_the_lists_go_along_as_people_read_them(own: Site, tmp_path: Path) -> None:
    path = _export(own, [_closed(own)], tmp_path / "gói")
    (contents,) = path.rglob("muc-luc-van-ban.docx")
    for file, words in ((contents, "MỤC LỤC VĂN BẢN TRONG HỒ SƠ"),
                        (path / "metadata" / submission.LIST, "MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU")):  # fmt: skip
        text = zipfile.ZipFile(file).read("word/document.xml").decode()
        assert words in text and "03/TG" in text
    assert "Gồm 1 hồ sơ, 3 văn bản." in (path / "metadata" / submission.README).read_text()


@pytest.mark.parametrize("name", ["gói", "gói.zip", "gói.tar"])
def test_an_empty_archive_has_the_dossiers_as_they_were(own: Site, tmp_path: Path, name: str) -> None:
    one = _closed(own)
    two = _dossier(own.service.archive, [own.plan], "04.TG")
    path = _export(own, [one, two], tmp_path / name)
    with Archive.open(settings_in(tmp_path / "nơi khác")) as other:
        taken = package.take(other, SYSTEM, path)
        assert [done.state for done in taken] == ["new"] * 5
        for dossier in (one, two):
            here, there = (dossiers.get(held, GUEST, dossier) for held in (own.service.archive, other))
            assert (here.decided, here.opened_on, here.ended_on, here.heading, here.state, here.fonds) == (
                there.decided, there.opened_on, there.ended_on, there.heading, there.state, there.fonds
            )  # fmt: skip
            assert dossiers.entries(own.service.archive, GUEST, dossier) == dossiers.entries(other, GUEST, dossier)
        assert list(fixity.check(other)) == []


def test_what_a_field_cannot_hold_is_shortened_and_named(own: Site, tmp_path: Path) -> None:
    archive = own.service.archive
    one = _dossier(archive, [own.plan, own.report], "05." + "X" * 40)
    filing.change(archive, GUEST, one, {"title": "Rất dài " * 100, "keeper": "Ban Chỉ đạo " * 5}, by=BY)
    lines = {own.plan: Described(number="05-KH/HU", title="\x0b" + "dài " * 200, pages=12_345), own.report: Described()}
    filing.close(archive, GUEST, one, ended_on=DAY, lines=lines, by=BY)
    told, _ = _checked(_export(own, [one], tmp_path / "gói"))
    assert told.get("shortened") == "FileCode.FileNotation Title Creator"
    paper = told.find(f"{NS}Documents/{NS}Document")
    assert paper is not None
    assert (paper.get("shortened"), paper.get("unfit")) == ("FileCode.FileNotation Subject", "PageAmount")
    assert len(paper.findtext(f"{NS}Subject") or "") <= 500


def test_a_paper_whose_bytes_are_gone_is_told_of_without_a_file(own: Site, tmp_path: Path) -> None:
    one = _closed(own)
    withdrawal.withdraw(own.service.archive, SYSTEM, own.directive)
    path = _export(own, [one], tmp_path / "gói")
    told, _ = _checked(path)
    files = [paper.find(f"{NS}File") is not None for paper in told.iter(f"{NS}Document")]
    assert files == [True, False, True] and bags.check(path).valid


def test_a_dossier_without_papers_of_its_own_cannot_go(own: Site, tmp_path: Path) -> None:
    archive = own.service.archive
    (planned,) = filing.plan(archive, GUEST, [Planned("09.TG", "Chưa mở")], year=2017, by=BY)
    with pytest.raises(NotAllowed, match="chưa mở"):
        _export(own, [planned], tmp_path / "gói")
    with pytest.raises(NotAllowed, match="Chưa có hồ sơ nào"):
        _export(own, [], tmp_path / "gói")
    with pytest.raises(NotFound):
        submission.of_fonds(own.service, GUEST, "Không có")
    assert not (tmp_path / "gói").exists()


def test_the_page_of_a_dossier_offers_the_same_package(own: Site, tmp_path: Path) -> None:
    one = _closed(own)
    address = f"/dossiers/{one}/package.zip"
    assert f'href="{address}"' in own.client.get(f"/dossiers/{one}").text
    with own.client.get(address) as answer:
        assert answer.status_code == 200 and "H%E1%BB%93%20s%C6%A1" in answer.headers["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            packed.extractall(tmp_path / "mở")
    (folder,) = (tmp_path / "mở").iterdir()
    assert bags.check(folder).valid and len(_checked(folder)) == 2
    assert not list(own.service.settings.data.glob("goi-*"))
    (planned,) = filing.plan(own.service.archive, GUEST, [Planned("09.TG", "Chưa mở")], year=2017, by=BY)
    assert own.client.get(f"/dossiers/{planned}/package.zip").status_code == 409
    assert "package.zip" not in own.client.get(f"/dossiers/{planned}").text


def test_the_command_writes_dossiers_and_fonds(own: Site, tmp_path: Path) -> None:
    one = _closed(own)
    _dossier(own.service.archive, [own.plan], "04.TG")
    data = str(own.service.settings.data)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli.cli, ["--data", data, *words], catch_exceptions=False, obj={})
        return done.exit_code, done.output

    code, told = run("export", str(tmp_path / "một.zip"), "--dossier", "03/TG", "--json")
    assert code == 0 and '"documents": 3' in told
    code, _ = run("export", str(tmp_path / "phông"), "--fonds", "huyện ủy yên hà")
    assert code == 0 and [path.name for path in (tmp_path / "phông" / "metadata" / "dossiers").iterdir()] == [
        f"03_TG-{one}"
    ]
    code, told = run("--data", str(tmp_path / "nhận"), "import", str(tmp_path / "một.zip"))
    assert code == 0 and f"hồ sơ 03/TG năm 2017: {one}" in told and "3 tệp, 1 hồ sơ" in told
    assert run("export", str(tmp_path / "x"), own.plan, "--dossier", "03/TG")[0] != 0


def test_a_large_dossier_needs_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    """Papers of a quarter of a megabyte: 20 of them, then 300, each count written by a process of its own."""
    with Service.open(settings_in(tmp_path)) as service:
        archive = service.archive
        streams = [io.BytesIO(n.to_bytes(4, "big") * 65_536) for n in range(300)]
        papers = [accept.accept(archive, GUEST, one, name="x.bin", how="test").document for one in streams]
        small, large = _dossier(archive, papers[:20], "01.TG"), _dossier(archive, papers, "02.TG")

    def peak(one: str, name: str) -> int:
        """Kilobytes that the process grew by."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            with Service.open(settings_in(tmp_path)) as service:
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                held = dossiers.get(service.archive, GUEST, one)
                submission.export(service, GUEST, [held], tmp_path / name)
                after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            os.write(writing, str(after - before).encode())
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        return int(os.read(reading, 100))

    few, many = peak(small, "nhỏ.zip"), peak(large, "lớn.zip")
    print(f"grew by {few} kB for 20 papers, {many} kB for 300")
    assert many < few + 12_000  # the papers themselves are 73 MB
    assert (tmp_path / "lớn.zip").exists()
