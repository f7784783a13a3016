"""Dossiers through their pages: lists taken in, papers filed, sheets that print, destruction in three acts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest

from archive import dossiers, fixity
from archive.fonds import fonds_of
from archive.viewer import GUEST
from indexer import worker
from indexer.views import Filters
from indexer.wiring import Service
from tests.web.markup import Markup, parse
from tests.web.papers import DIRECTIVE, PLAN, REPORT, Site, accepted, settings_in
from web import create_app

BY = "Lê Thị Thu"
LIST = """Số và ký hiệu hồ sơ\tĐề mục và tiêu đề hồ sơ\tThời hạn bảo quản\tNgười lập hồ sơ\tGhi chú
(1)\t(2)\t(3)\t(4)\t(5)
\tI. TUYÊN GIÁO
01.TG\tKế hoạch, báo cáo năm 2017\tVĩnh viễn\tLò Văn An
03.TG\tHồ sơ về việc xây dựng xã hội học tập\t5 năm\tLê Thị Thu
Bản danh mục hồ sơ này có 02 hồ sơ
"""
DECISION = """HUYỆN ỦY YÊN HÀ\tĐẢNG CỘNG SẢN VIỆT NAM
*\tYên Hà, ngày 10 tháng 01 năm 2018
Số 77-QĐ/HU

QUYẾT ĐỊNH
về việc tiêu hủy tài liệu hết giá trị

T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ
Trần Văn Lực
"""


@pytest.fixture
def own(tmp_path) -> Iterator[Site]:
    """A site of its own."""
    with Service.open(settings_in(tmp_path)) as service:
        ids = {
            name: accepted(service, f"{name}.txt", text.encode())
            for name, text in (("directive", DIRECTIVE), ("plan", PLAN), ("report", REPORT), ("hostile", DECISION))
        }
        worker.run(service, forever=False)
        app = create_app(service)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield Site(service, app.test_client(), **ids, unreadable="")


def _page(site: Site, address: str, code: int = 200) -> Markup:
    answer = site.client.get(address)
    assert answer.status_code == code, answer.text
    return parse(answer.text)


def _done(site: Site, address: str, **fields: object) -> str:
    answer = site.client.post(address, data={"by": BY, **fields})
    assert answer.status_code == 303, re.findall(r'role="alert">(.*?)</p>', answer.text, re.DOTALL)
    return answer.location


def _refused(site: Site, address: str, **fields: object) -> str:
    answer = site.client.post(address, data={"by": BY, **fields})
    assert answer.status_code in (400, 409), answer.status_code
    return " ".join(parse(answer.text).all("p", role="alert")[0].text.split())


def _listed(site: Site, year: int = 2017) -> str:
    """Take the list in; gives the id of 03.TG."""
    _done(site, "/dossiers/import", text=LIST, year=year, act="keep")
    (one,) = dossiers.named(site.service.archive, GUEST, "03.TG")
    return one.id


def test_a_list_is_shown_as_understood_before_it_is_kept(own: Site) -> None:
    answer = own.client.post("/dossiers/import", data={"text": LIST, "year": "2017"})
    html = parse(answer.text)
    assert answer.status_code == 200 and html.all("h2", id="xem-lai")[0].text == "Đọc được 2 hồ sơ"
    assert dossiers.listed(own.service.archive, GUEST) == ()
    one = _listed(own)
    held = dossiers.get(own.service.archive, GUEST, one)
    assert (held.heading, held.keeper, held.decided and held.decided.term.value) == ("I. TUYÊN GIÁO", BY, "5")
    html = _page(own, "/dossiers")
    assert html.all("h1")[0].text == "2 hồ sơ năm 2017"
    assert [row.attributes["class"] for row in html.all("tr", class_="part")] == ["part"]
    assert "đã có hồ sơ 01.TG" in _refused(own, "/dossiers/import", text=LIST, year="2017", act="keep")


def test_a_list_with_a_line_that_cannot_be_read_is_not_kept(own: Site) -> None:
    text = LIST.replace("5 năm", "lâu dài") + "01.TG\tTrùng số\t5 năm\n"
    answer = own.client.post("/dossiers/import", data={"by": BY, "text": text, "year": "2017", "act": "keep"})
    said = " ".join(parse(answer.text).all("section")[0].text.split())
    assert "Chưa hiểu thời hạn bảo quản “lâu dài”" in said and "trùng với dòng 4" in said
    assert dossiers.listed(own.service.archive, GUEST) == ()


def test_a_workbook_of_the_office_is_read_too(own: Site) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in LIST.splitlines():
        sheet.append([cell or None for cell in line.split("\t")])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    answer = own.client.post(
        "/dossiers/import", data={"year": "2017", "file": (stream, "danh mục.xlsx")}, content_type="multipart/form-data"
    )
    assert "Đọc được 2 hồ sơ" in answer.text


def test_papers_are_proposed_with_reasons_and_filed_only_by_a_person(own: Site) -> None:
    one = _listed(own)
    html = _page(own, "/dossiers/unfiled")
    assert html.all("h1")[0].text == "4 văn bản chưa vào hồ sơ"
    assert "cùng nói về “xây dựng xã hội học tập”" in html.all("p", class_="reasons")[0].text
    _done(own, f"/dossiers/for/{own.plan}", dossier=one, act="in", back="unfiled", page=1)
    html = _page(own, f"/dossiers/{one}")  # opened with its first paper
    proposed = html.all("section", aria_labelledby="de-xuat")[0].text
    assert "12/BC-HKH" in proposed and "05-KH/HU" in proposed
    _done(own, f"/dossiers/{one}/papers/{own.report}", act="out")
    assert "12/BC-HKH" not in own.client.get(f"/dossiers/{one}").text.split('id="thoi-han"')[0]
    assert "Hồ sơ 03.TG" in own.client.get(f"/documents/{own.plan}").text
    assert "Đang nằm trong 1 hồ sơ" in own.client.get(f"/dossiers/for/{own.plan}").text
    assert "Không tìm thấy trong kho: “99/KH”" in _refused(own, f"/dossiers/{one}/papers", paper="99/KH")


def test_nothing_is_done_without_a_name(own: Site) -> None:
    one = _listed(own)
    stranger = own.client.application.test_client()
    answer = stranger.post(f"/dossiers/{one}/papers", data={"paper": "05-KH/HU"})
    assert answer.status_code == 400 and "Xin ghi họ tên người làm" in answer.text


def _filled(site: Site) -> str:
    one = _listed(site)
    for document in (site.report, site.plan, site.directive):
        _done(site, f"/dossiers/{one}/papers/{document}", act="in")
    _done(site, f"/dossiers/{one}/by-day")
    for document, leaves in ((site.directive, 4), (site.plan, 4), (site.report, 9)):
        _done(site, f"/dossiers/{one}/papers/{document}", act="note", leaves=leaves, note="")
    return one


def test_the_sheet_has_the_columns_of_the_decree_and_counts_its_leaves(own: Site) -> None:
    one = _filled(own)
    html = _page(own, f"/dossiers/{one}/print")
    grid = "|".join(" ".join(cell.text.split()) for cell in html.all("th"))
    assert grid == "STT|Số, ký hiệu|Ngày tháng|Tên loại và trích yếu nội dung|Tác giả|Trang số|Ghi chú"
    cells = [" ".join(cell.text.split()) for cell in html.all("td")]
    assert cells[:7] == ["1", "19-CT/TU", "24/8/2016", "Chỉ thị về xây dựng xã hội học tập", cells[4], "01-04", ""]
    assert cells[5::7] == ["01-04", "05-08", "09-17"]
    said = html.all("section", class_="paper")[0].text
    assert "Mục lục này gồm 03 văn bản, 17 trang." in said and "NGƯỜI LẬP HỒ SƠ" in said
    assert "In 1 trang A4" in html.all("button", class_="primary")[0].text
    assert "HỒ SƠ" in _page(own, f"/dossiers/{one}/print?to=bia").all("section", class_="framed")[0].text


def test_sheets_are_sent_as_files_that_office_programs_open(own: Site) -> None:
    one = _filled(own)
    book = openpyxl.load_workbook(io.BytesIO(own.client.get(f"/dossiers/{one}/print.xlsx").data)).active
    assert book is not None
    rows = [[cell.value for cell in row] for row in book.iter_rows()]
    head = next(at for at, row in enumerate(rows) if row[0] == "STT")
    assert rows[head + 1][1] == "19-CT/TU" and rows[head + 1][2].isoformat() == "2016-08-24T00:00:00"
    assert rows[head + 1][0] == 1
    word = zipfile.ZipFile(io.BytesIO(own.client.get(f"/dossiers/{one}/print.docx").data)).read("word/document.xml")
    assert "MỤC LỤC VĂN BẢN TRONG HỒ SƠ".encode() in word and b"<w:tblHeader/>" in word
    pdf = own.client.get(f"/dossiers/{one}/print.pdf?to=bia")
    assert pdf.status_code == 200 and pdf.data.startswith(b"%PDF"), pdf.text[:400]
    assert own.client.get("/dossiers/years/2017/print.xlsx").status_code == 200
    assert "DANH MỤC HỒ SƠ" in own.client.get("/dossiers/years/2017/print").text
    assert own.client.get("/dossiers/years/1999/print").status_code == 404


def test_a_closed_dossier_refuses_and_says_how_to_go_on(own: Site) -> None:
    one = _filled(own)
    _done(own, f"/dossiers/{one}/state", act="close", on="29/12/2017")
    said = _refused(own, f"/dossiers/{one}/papers/{own.report}", act="out")
    assert said == "Hồ sơ 03.TG năm 2017 đã kết thúc. Xin mở lại hồ sơ, ghi lý do, rồi sửa."
    html = _page(own, f"/dossiers/{one}")
    assert "đến hết năm 2022" in html.all("div", class_="badges")[0].text
    _done(own, f"/dossiers/{one}/state", act="reopen", reason="thiếu báo cáo")
    assert "mở lại hồ sơ: thiếu báo cáo" in own.client.get(f"/dossiers/{one}").text


def test_what_is_corrected_after_closing_does_not_change_the_closed_list(own: Site) -> None:
    one = _filled(own)
    _done(own, f"/dossiers/{one}/state", act="close", on="29/12/2017")
    before = _page(own, f"/dossiers/{one}/print").all("main")[0].text
    sent = {"by": BY, "number": "06-KH/HU", "was-number": "05-KH/HU"}
    assert own.client.post(f"/documents/{own.plan}/corrections/fields", data=sent).status_code == 303
    assert "05-KH/HU" in before and _page(own, f"/dossiers/{one}/print").all("main")[0].text == before
    assert "1 văn bản nay đọc khác" in own.client.get(f"/dossiers/{one}").text


def test_a_term_is_proposed_with_its_basis_and_decided_with_a_reason(own: Site) -> None:
    made = _done(own, "/dossiers/new", year=2017, code="09.TG", title="Phiếu tín nhiệm quy hoạch cán bộ", act="open")
    html = _page(own, made)
    radio = html.all("input", type="radio")[0].attributes["value"]
    assert radio == "20|Thông tư 09/2011/TT-BNV"  # in force on the day of the site
    assert "Xin ghi lý do" in _refused(own, f"{made}/term", chosen=radio, reason="")
    assert "Chưa hiểu thời hạn" in _refused(own, f"{made}/term", chosen="other", term="lâu", reason="x")
    _done(own, f"{made}/term", chosen=radio, reason="phiếu đã kiểm xong")
    said = " ".join(_page(own, made).all("section", aria_labelledby="thoi-han")[0].text.split())
    assert "20 năm" in said and "phiếu đã kiểm xong; căn cứ Thông tư 09/2011/TT-BNV" in said


def test_a_hand_over_makes_minutes_and_their_list(own: Site) -> None:
    one = _filled(own)
    _done(own, f"/dossiers/{one}/state", act="close", on="29/12/2017")
    sides = {"giver-body": "Ban Tuyên giáo", "giver-person": BY, "receiver-body": "Lưu trữ cơ quan"}
    assert "người đại diện bên nhận" in _refused(own, "/dossiers/handover", dossier=one, **sides)
    made = _done(own, "/dossiers/handover", dossier=one, **sides, **{"receiver-person": "Trần Thị Mai"})
    said = " ".join(_page(own, made).all("section", class_="paper")[0].text.split())
    assert "BIÊN BẢN Giao nhận hồ sơ, tài liệu" in said and "Tổng số hồ sơ: 01" in said and "Tổng số tệp tin" in said
    listed = " ".join(_page(own, f"{made}?to=muc-luc").all("section", class_="paper")[0].text.split())
    assert "24/8/2016 - 05/12/2017" in listed and "Viết bằng chữ: Một hồ sơ" in listed
    assert "đã giao nộp rồi" in _refused(own, "/dossiers/handover", dossier=one, **sides, **{"receiver-person": "x"})


def test_papers_are_destroyed_by_list_decision_and_minutes_only(own: Site, tmp_path) -> None:
    one = _filled(own)
    _done(own, f"/dossiers/{one}/state", act="close", on="29/12/2017")
    assert "Chưa có hồ sơ nào hết thời hạn" in own.client.get("/dossiers/retention").text
    object.__setattr__(own.service.settings, "today", "2023-01-02")  # five years later
    assert "1 hồ sơ đã hết thời hạn" in own.client.get("/dossiers/retention").text
    made = _done(own, "/dossiers/retention", dossier=one, title="Đợt 1", reason="hết hạn")
    minutes = {"act": "destroy", "present": "Lê Thị Thu\nLò Văn An", "place": "Kho"}
    assert "đánh dấu vào ô xác nhận" in _refused(own, made, **minutes)
    assert "Chưa có quyết định" in _refused(own, made, **minutes, sure="1")
    assert "Kho chưa có văn bản “1-QĐ/HU”" in _refused(own, made, act="decide", decision="1-QĐ/HU")
    _done(own, made, act="decide", decision="77-QĐ/HU")
    assert own.service.archive.store.place(own.plan).exists()
    _done(own, made, **minutes, sure="1")
    assert set(own.service.archive.store.held()) == {own.hostile}
    assert own.client.get(f"/documents/{own.plan}/original").status_code == 404
    tomb = _page(own, f"/documents/{own.plan}")
    assert "Đã tiêu hủy" in tomb.all("span", class_="badge")[0].text and "Đợt 1" in tomb.all("main")[0].text
    assert own.service.search(GUEST, '"quỹ khuyến học đạt"', filters=Filters(), limit=3).total == 0
    said = " ".join(_page(own, f"{made}/print?to=bien-ban").all("section", class_="paper")[0].text.split())
    assert "Căn cứ Quyết định số 77-QĐ/HU ngày 10/01/2018" in said and "Lò Văn An" in said
    assert "05-KH/HU" in own.client.get(f"/dossiers/{one}/print").text  # the list stays
    assert list(fixity.check(own.service.archive)) == []
    again = own.client.post("/documents", data={"files": (io.BytesIO(PLAN.encode()), "lại.txt")})
    assert again.status_code == 409 and "đã được tiêu hủy theo quyết định" in again.text


def test_a_hold_is_placed_and_lifted_on_the_page(own: Site) -> None:
    one = _filled(own)
    _done(own, f"/dossiers/{one}/holds", document=own.plan, reason="thanh tra tỉnh")
    html = _page(own, f"/dossiers/{one}")
    assert "Giữ lại: thanh tra tỉnh" in " ".join(html.all("ol", class_="filed")[0].text.split())
    number = html.all("input", name="lift")[0].attributes["value"]
    _done(own, f"/dossiers/{one}/holds", lift=number, reason="xong")
    assert "thanh tra" not in _page(own, f"/dossiers/{one}").all("ol", class_="filed")[0].text
    assert "không nằm trong hồ sơ" in _refused(own, f"/dossiers/{one}/holds", document=own.hostile, reason="x")


def test_fonds_head_their_sheets_and_refuse_later_years(own: Site) -> None:
    _done(own, "/dossiers/fonds", name="Huyện ủy Yên Hà", parent="Tỉnh ủy Lam Giang", place="Yên Hà", party="1",
          ended_on="1/7/2025")  # fmt: skip
    (fonds,) = fonds_of(own.service.archive, GUEST).values()
    _done(own, "/dossiers/import", text=LIST, year="2017", fonds=fonds.id, act="keep")
    lines = [p.text for p in _page(own, "/dossiers/years/2017/print").all("p")]
    at = lines.index("TỈNH ỦY LAM GIANG")
    assert lines[at : at + 4] == ["TỈNH ỦY LAM GIANG", "HUYỆN ỦY YÊN HÀ", "*", "ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert "Yên Hà, ngày 15 tháng 01 năm 2018" in lines
    said = _refused(own, "/dossiers/new", year="2026", code="1", title="x", fonds=fonds.id)
    assert "đã kết thúc hoạt động ngày 01/07/2025" in said


def test_what_people_write_is_never_markup(own: Site) -> None:
    hostile = '<script>alert(1)</script>"x'
    made = _done(own, "/dossiers/new", year=2017, code="9", title=hostile, keeper=hostile, act="open")
    _done(own, f"{made}/papers/{own.plan}", act="in")
    _done(own, f"{made}/papers/{own.plan}", act="note", leaves="", note=hostile)
    for address in ("/dossiers", made, f"{made}/print", "/dossiers/years/2017/print", "/dossiers/unfiled"):
        assert "<script>alert" not in own.client.get(address).text


@pytest.mark.parametrize(
    "address", ["/dossiers/hs-khongco", "/dossiers/hs-khongco/print", "/dossiers/disposals/x", "/dossiers/for/x",
                "/dossiers/handover/x/print"]
)  # fmt: skip
def test_what_is_not_there_is_not_found(own: Site, address: str) -> None:
    assert own.client.get(address).status_code == 404
