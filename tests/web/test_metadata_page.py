"""Metadata: shown and edited, sent out as XML and XLSX; what comes back is looked at first, hostile files refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from archive import accept, corrections, office, registers
from archive.corrections import Subject
from archive.office import OwnBody
from archive.registers import Entry, Handling, Register
from archive.viewer import GUEST
from corpus import metadata
from indexer import metadata_xml, registering, worker
from indexer.wiring import Service
from tests.web.markup import parse
from tests.web.papers import PLAN, REPORT, Site, accepted, settings_in
from web import create_app, metadata_files, workbook

BY = "Lê Thị Thu"
LONG = REPORT.replace("12/BC-HKH", "13/BC-HKH").replace(
    "Kết quả công tác khuyến học, khuyến tài năm 2017", "Kết quả " + "công tác khuyến học, khuyến tài " * 18
)


@pytest.fixture
def own(tmp_path) -> Iterator[Site]:
    """The archive of the district committee, with two papers that came and one that went."""
    with Service.open(settings_in(tmp_path)) as service:
        ids = {
            name: accepted(service, f"{name}.txt", text.encode())
            for name, text in (("directive", LONG), ("plan", PLAN), ("report", REPORT))
        }
        worker.run(service, forever=False)
        office.name(service.archive, [OwnBody("Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang", "000.00.00.H41")], by=BY)
        for name, register in (("report", Register.IN), ("directive", Register.IN), ("plan", Register.OUT)):
            found = service.findings.analysed(GUEST, ids[name])
            assert found is not None
            kept = Handling("Ban Tuyên giáo", dt.date(2017, 12, 6), "Hà", 25, dt.date(2017, 12, 20), "bản 1")
            entry = Entry(dt.date(2017, 12, 6), registering.paper_of(found[0]), ids[name], kept)
            registers.enter(service.archive, GUEST, register, [entry], by=BY)
        app = create_app(service)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield Site(service, app.test_client(), **ids, hostile="", unreadable="")


def _form(site: Site, document: str) -> dict[str, str]:
    """The page's form as a browser would send it unchanged."""
    html = parse(site.client.get(f"/documents/{document}/metadata").text)
    fields = {e.attributes["name"]: e.attributes.get("value", "") for e in html.all("input") if "name" in e.attributes}
    fields |= {e.attributes["name"]: e.text for e in html.all("textarea")}
    return fields | {"Priority": next(e for e in html.all("option") if "selected" in e.attributes).attributes["value"]}


def _send(site: Site, data: bytes, name: str = "in", status: int = 200) -> str:
    form = {"file": (io.BytesIO(data), "a.xml")}
    answer = site.client.post(f"/registers/{name}/metadata?month=2017-12", data=form)
    assert answer.status_code == status, answer.text
    return answer.text


def _apply(site: Site, text: str, status: int = 303) -> str:
    said = parse(text).all("input", name="said")[0].attributes["value"]
    answer = site.client.post("/registers/in/metadata/apply?month=2017-12", data={"said": said, "by": BY})
    assert answer.status_code == status, answer.text
    return answer.text


def _words(text: str) -> str:
    return " ".join(parse(text).all("main")[0].text.split())


def _events(site: Site) -> int:
    return corrections.newest(site.service.archive)


def test_every_field_of_the_annex_is_on_the_page(own: Site) -> None:
    for document, register in ((own.report, "in"), (own.plan, "out")):
        text = _words(own.client.get(f"/documents/{document}/metadata").text)
        for field in metadata.asked(register):
            assert field.label in text, field.name


def test_a_form_sent_unchanged_keeps_nothing(own: Site) -> None:
    for document in (own.report, own.plan, own.directive):
        answer = own.client.post(f"/documents/{document}/metadata", data=_form(own, document) | {"by": BY})
        assert answer.status_code == 400 and "Chưa có trường nào được sửa" in answer.text
    assert _events(own) == 0


def test_what_a_person_writes_is_kept_shown_as_theirs_and_taken_back(own: Site) -> None:
    form = _form(own, own.report) | {"Keyword": "khuyến học", "Mode": "Hạn chế", "IssuedDate": "6/12/2017", "by": BY}
    assert own.client.post(f"/documents/{own.report}/metadata", data=form).status_code == 303
    text = _words(own.client.get(f"/documents/{own.report}/metadata").text)
    assert text.count(f"Do {BY} ghi") == 2
    assert _form(own, own.report)["IssuedDate"] == "06/12/2017"  # a correction of the reading
    told = _words(own.client.get(f"/documents/{own.report}/corrections").text)
    assert "Chế độ sử dụng" in told and "“Hạn chế”" in told and "Ngày ban hành do" in told
    (said, _) = corrections.in_force(own.service.archive, GUEST, Subject.METADATA)[own.report]
    own.client.post(f"/documents/{own.report}/corrections/{said.id}/undo", data={"by": BY})
    assert _form(own, own.report)["Keyword"] == ""


def test_what_cannot_be_kept_comes_back_as_typed(own: Site) -> None:
    form = _form(own, own.report) | {"PageAmount": "vài", "Keyword": "khuyến học", "by": BY}
    answer = own.client.post(f"/documents/{own.report}/metadata", data=form)
    assert answer.status_code == 400 and "chữ số" in answer.text
    html = parse(answer.text)
    assert html.all("input", id="o-PageAmount")[0].attributes["value"] == "vài"
    assert html.all("input", id="o-Keyword")[0].attributes["value"] == "khuyến học"
    assert _events(own) == 0


def test_what_is_sent_out_and_taken_in_again_changes_nothing(own: Site) -> None:
    changed = _form(own, own.report) | {"TraceHeaderList": "Chuyển Ban Tuyên giáo.\nXong.", "Language": "", "by": BY}
    own.client.post(f"/documents/{own.report}/metadata", data=changed)
    before = _events(own)
    for form in ("xml", "xlsx"):
        for name, month in (("in", "2017-12"), ("out", "2017-12")):
            exported = own.client.get(f"/registers/{name}/metadata.{form}?month={month}")
            assert exported.status_code == 200
            assert "Tệp không đổi gì" in _send(own, exported.data, name)
        single = own.client.get(f"/documents/{own.report}/metadata.{form}")
        assert "Tệp không đổi gì" in _send(own, single.data)
    assert _events(own) == before


def test_too_long_a_subject_is_cut_on_its_way_out_and_kept_whole_here(own: Site) -> None:
    title = own.service.findings.cards(GUEST, [own.directive])[own.directive].title
    assert title and len(title) > 500
    root = ElementTree.fromstring(own.client.get(f"/documents/{own.directive}/metadata.xml").data)
    subject = root.find(".//{urn:vankho:metadata:1}Subject")
    assert subject is not None and subject.text and title.startswith(subject.text) and len(subject.text) <= 500
    assert "khi xuất tệp sẽ cắt bớt" in own.client.get(f"/documents/{own.directive}/metadata").text


def test_the_xml_has_the_names_of_the_annex(own: Site) -> None:
    root = ElementTree.fromstring(own.client.get(f"/documents/{own.plan}/metadata.xml").data)
    (paper,) = root
    local = [child.tag.rpartition("}")[2] for child in paper]
    assert local[:8] == [
        "FileCode", "DocOrdinal", "TypeName", "CodeNumber", "CodeNotation", "IssuedDate", "OrganName", "Subject",
    ]  # fmt: skip
    space = "{urn:vankho:metadata:1}"
    assert [e.text for e in paper.findall(f"{space}FileCode/*")] == ["000.00.00.H41", "2016", None]
    assert paper.findtext(f"{space}SignerInfo/{space}FullName") == "Trần Văn Lực"
    assert paper.findtext(f"{space}To/{space}OrganName") == "Thường trực Tỉnh ủy (để b/c)"
    assert paper.findtext(f"{space}IssuedAmount") == "25"


def test_an_import_shows_what_it_would_change_before_it_does(own: Site) -> None:
    data = own.client.get("/registers/in/metadata.xml?month=2017-12").data.decode()
    data = data.replace("<Keyword />", "<Keyword>khuyến học</Keyword>").replace("<CodeNumber>12<", "<CodeNumber>15<")
    data = data.replace("<ToPlaces>Ban Tuyên giáo<", "<ToPlaces>Ban Dân vận<")
    text = _send(own, data.encode())
    assert "Tệp sẽ đổi 2 văn bản" in _words(text) and "Số của văn bản: 12 → 15" in _words(text)
    assert _events(own) == 0 and "12/BC-HKH" in _words(own.client.get(f"/documents/{own.report}").text)
    _apply(own, text)
    assert "15/BC-HKH" in _words(own.client.get(f"/documents/{own.report}").text)
    line = registers.get(own.service.archive, GUEST, Register.IN, 2017, 1)
    assert line.handling.handler == "Ban Dân vận" and line.handling.note == "bản 1"
    assert "Tệp không đổi gì" in _send(own, data.encode())


def test_a_workbook_edited_in_excel_is_taken_the_same_way(own: Site) -> None:
    book = load_workbook(io.BytesIO(own.client.get("/registers/in/metadata.xlsx?month=2017-12").data))
    page = book.worksheets[0]
    heads = {str(cell.value).rpartition("(")[2].rstrip(")"): cell.column for cell in page[1]}
    assert page.cell(2, heads["IssuedDate"]).value == dt.datetime(2017, 12, 5)
    page.cell(2, heads["IssuedDate"]).value = dt.date(2017, 12, 4)
    page.cell(3, heads["PageAmount"]).value = 7
    stream = io.BytesIO()
    book.save(stream)
    text = _send(own, stream.getvalue())
    assert "05/12/2017 → 04/12/2017" in _words(text) and "Số trang của văn bản: (trống) → 7" in _words(text)
    _apply(own, text)
    assert _form(own, own.report)["IssuedDate"] == "04/12/2017" and _form(own, own.directive)["PageAmount"] == "7"


def test_an_import_that_was_overtaken_changes_nothing(own: Site) -> None:
    data = own.client.get("/registers/in/metadata.xml?month=2017-12").data.decode()
    text = _send(own, data.replace("<Keyword />", "<Keyword>một</Keyword>").encode())
    own.client.post(f"/documents/{own.report}/metadata", data=_form(own, own.report) | {"Keyword": "hai", "by": BY})
    before = _events(own)
    assert "vừa được người khác sửa" in _apply(own, text, 400)
    assert _events(own) == before
    for said in ("", "[]x", '{"a": 1}', '{"a": {"Keyword": ["x"]}}', '{"a": {"Keyword": ["", 5]}}'):
        answer = own.client.post("/registers/in/metadata/apply?month=2017-12", data={"said": said, "by": BY})
        assert answer.status_code == 400


def test_what_an_import_may_not_change_is_told_and_left(own: Site) -> None:
    data = own.client.get("/registers/in/metadata.xml?month=2017-12").data.decode()
    data = data.replace("<ArrivalNumber>1<", "<ArrivalNumber>9<").replace(own.directive, "khongco")
    words = _words(_send(own, data.encode()))
    assert f"{own.report}: Số đến do sổ cấp" in words and "khongco: văn bản này không có trong kho" in words
    assert "Tệp không đổi gì" in words


BOMB = b'<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><Documents>&b;</Documents>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><Documents>&a;</Documents>'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (BOMB, "DTD hoặc thực thể"), (OUTSIDE, "DTD hoặc thực thể"),
        (b"<!DOCTYPE html><Documents/>", "DTD hoặc thực thể"), (b"<Documents>", "Không đọc được tệp XML"),
        (b"", "Tệp rỗng"), (b"<a/>", "phần tử gốc"), (b"\xff\xfe<", "Không đọc"),
        (b"<Documents><Document/></Documents>", "mã văn bản"), (b"<Documents><Paper id='x'/></Documents>", "Paper"),
        (b"<Documents>" + b"<Document id='x'/>" * 2 + b"</Documents>", "hai phần của cùng văn bản"),
        (b"<Documents>" + b"<Document id='x'/>" * (metadata_xml.MOST + 1) + b"</Documents>", "hơn 5000"),
        (b"<Documents>" + b"<a>" * 100_000, "Không đọc được"), (b"PK\x03\x04", "XLSX"),
        (workbook.write([workbook.Sheet("a", [["Tên", "Số"]])]), "Dòng đầu"),
    ],
)  # fmt: skip
def test_files_that_are_hostile_or_not_ours_are_refused_in_one_sentence(data: bytes, told: str) -> None:
    with pytest.raises(metadata_files.BadFile, match=told):
        metadata_files.read(data)


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(metadata_files.BadFile, match="lớn hơn 8 MB"):
        metadata_files.read(b" " * (metadata_files.LARGEST + 1))


def test_what_was_refused_is_said_on_the_page_and_nothing_is_changed(own: Site) -> None:
    assert "DTD hoặc thực thể" in _words(_send(own, BOMB, status=400))
    answer = own.client.post("/registers/in/metadata?month=2017-12", data={})
    assert answer.status_code == 400 and "Tệp rỗng" in answer.text
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for part in range(20):
            package.writestr(f"xl/worksheets/sheet{part}.xml", bytes(8 << 20))
    assert "quá lớn" in _words(_send(own, stream.getvalue(), status=400))


def test_values_from_outside_are_shown_as_text(own: Site) -> None:
    data = own.client.get("/registers/in/metadata.xml?month=2017-12").data.decode()
    text = _send(own, data.replace("<Keyword />", "<Keyword>&lt;script&gt;x&lt;/script&gt;</Keyword>").encode())
    assert "<script>x" not in text and "&lt;script&gt;x" in text
    _apply(own, text)
    assert "<script>x" not in own.client.get(f"/documents/{own.report}/metadata").text


def test_every_value_comes_back_through_xml_as_it_went(own: Site) -> None:
    values = {field.name: "a\nb & <c> “d”" if field.kind in ("list", "long") else "x < y" for field in metadata.FIELDS}
    ((document, found),) = metadata_xml.read(metadata_xml.write([("abc", "in", values)]))
    assert document == "abc" and found == values


def test_an_unread_paper_has_no_metadata_page(own: Site) -> None:
    unread = accept.accept(own.service.archive, GUEST, io.BytesIO(b"later"), name="a.txt", how="test").document
    for document in (unread, "khongco"):
        assert own.client.get(f"/documents/{document}/metadata").status_code == 404
    assert re.search("Dữ liệu đặc tả", own.client.get(f"/documents/{own.report}").text)
