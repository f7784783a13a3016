"""The registers' pages: columns as the decree has them, entering, changing, striking, doubts, files."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from archive import corrections, office, registers
from archive.corrections import Subject
from archive.office import OwnBody
from archive.registers import Entry, Handling, Paper, Register
from archive.viewer import GUEST
from indexer import worker
from indexer.wiring import Service
from tests.web.markup import Markup, parse
from tests.web.papers import DIRECTIVE, PLAN, REPORT, Site, accepted, settings_in
from web import create_app

BY = "Lê Thị Thu"
IN = [
    "Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu văn bản", "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản", "Đơn vị hoặc người nhận", "Ngày chuyển", "Ký nhận", "Ghi chú",
]  # fmt: skip
OUT = [
    "Số, ký hiệu văn bản", "Ngày tháng văn bản", "Tên loại và trích yếu nội dung văn bản", "Người ký",
    "Nơi nhận văn bản", "Đơn vị, người nhận bản lưu", "Số lượng bản", "Ngày chuyển", "Ký nhận", "Ghi chú",
]  # fmt: skip
DAY = dt.date(2018, 1, 11)


@pytest.fixture
def own(tmp_path) -> Iterator[Site]:
    """The archive of the district committee."""
    with Service.open(settings_in(tmp_path)) as service:
        ids = {
            name: accepted(service, f"{name}.txt", text.encode())
            for name, text in (("directive", DIRECTIVE), ("plan", PLAN), ("report", REPORT))
        }
        worker.run(service, forever=False)
        office.name(service.archive, [OwnBody("Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang", "000.00.00.H41")], by=BY)
        app = create_app(service)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield Site(service, app.test_client(), **ids, hostile="", unreadable="")


def _get(site: Site, address: str) -> Markup:
    answer = site.client.get(address)
    assert answer.status_code == 200, answer.text
    return parse(answer.text)


def _post(site: Site, address: str, status: int = 303, **form: object) -> str:
    answer = site.client.post(address, data={"by": BY, **form})
    assert answer.status_code == status, answer.text
    return answer.text


def _lines(site: Site, register: Register = Register.IN) -> tuple[registers.Line, ...]:
    days = dt.date(2000, 1, 1), dt.date(2100, 1, 1)
    return registers.between(site.service.archive, GUEST, register, *days)


def _enter(site: Site, *papers: Paper, document: str | None = None) -> tuple[registers.Line, ...]:
    entries = [Entry(DAY, paper, document) for paper in papers]
    return registers.enter(site.service.archive, GUEST, Register.IN, entries, by=BY)


def _cells(html: Markup) -> list[str]:
    return [" ".join(e.text.split()) for e in html.all("td")]


def _month(site: Site) -> str:
    received = site.service.findings.cards(GUEST, [site.report])[site.report].received_at
    return f"{received + dt.timedelta(hours=7):%Y-%m}"


def test_the_columns_are_those_of_the_decree(own: Site) -> None:
    for name, columns in (("in", IN), ("out", OUT)):
        html = _get(own, f"/registers/{name}?month=2018-01")
        assert [e.text for e in html.all("th")] == columns
        assert [e.text for e in html.all("td")][:10] == [f"({n})" for n in range(1, 11)]
    html = _get(own, "/registers/in?month=2018-01&view=tracking")
    assert [e.text for e in html.all("th")] == [
        "Số đến", "Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản",
        "Đơn vị hoặc người nhận", "Thời hạn giải quyết", "Tiến độ giải quyết", "Số, ký hiệu văn bản trả lời", "Ghi chú",
    ]  # fmt: skip
    assert own.client.get("/registers").location == "/registers/in"


def test_what_waits_is_entered_in_the_order_of_its_coming(own: Site) -> None:
    html = _get(own, f"/registers/in?month={_month(own)}")
    picks = html.all("input", name="document")
    assert [e.attributes["value"] for e in picks] == [own.directive, own.report]
    assert not any("checked" in e.attributes for e in picks)  # years old: not the day's post
    form = {"document": [own.report, own.directive], "act": "enter", "first": "31"}
    _post(own, f"/registers/in/enter?month={_month(own)}", **form)
    assert [(line.number, line.document, line.by) for line in _lines(own)] == [
        (31, own.directive, BY), (32, own.report, BY),
    ]  # fmt: skip
    html = _get(own, f"/registers/in?month={_month(own)}")
    assert "12/BC-HKH" in _cells(html) and not html.all("section", id="cho")
    assert "từ số 31 đến số 32" in html.all("div", class_="above")[0].text


def test_nothing_is_entered_without_a_name_or_a_choice(own: Site) -> None:
    address = f"/registers/in/enter?month={_month(own)}"
    assert "Xin ghi tên" in _post(own, address, 400, by="", document=own.report, act="enter")
    assert "Chưa chọn văn bản" in _post(own, address, 400, act="enter")
    assert "từ 1 đến" in _post(own, address, 400, document=own.report, act="enter", first="nhiều")
    assert _lines(own) == ()


def test_a_paper_that_needs_no_register_stops_waiting_and_says_so(own: Site) -> None:
    address = f"/registers/in/enter?month={_month(own)}"
    _post(own, address, document=own.directive, act="elsewhere", into="none")
    html = _get(own, f"/registers/in?month={_month(own)}")
    assert [e.attributes["value"] for e in html.all("input", name="document")] == [own.report]
    told = _get(own, f"/documents/{own.directive}/corrections").all("section", id="da-sua")[0].text
    assert "Sổ văn bản" in told and "không cần vào sổ" in told
    assert "Xin chọn sổ" in _post(own, address, 400, document=own.report, act="elsewhere", into="x")


def test_one_paper_is_entered_after_a_look_and_its_page_says_so(own: Site) -> None:
    html = _get(own, f"/registers/in/new?doc={own.report}")
    assert html.all("input", id="o-number")[0].attributes["value"] == "12/BC-HKH"
    assert html.all("input", id="o-day")[0].attributes["value"] == "15/01/2018"
    form = {"doc": own.report, "day": "11/01/2018", "handler": "Ban Tuyên giáo", "passed_on": "12/1/2018"}
    _post(own, "/registers/in/new", **form, note="hạn 20/01")
    html = _get(own, "/registers/in?month=2018-01")
    assert _cells(html)[10:] == [
        "11/01", "1", "Hội Khuyến học huyện Yên Hà", "12/BC-HKH", "05/12/2017",
        "Báo cáo Kết quả công tác khuyến học, khuyến tài năm 2017", "Ban Tuyên giáo", "12/01", "", "hạn 20/01",
    ]  # fmt: skip
    said = _get(own, f"/documents/{own.report}").all("ul", class_="registered")[0].text
    assert "Số đến 1, ngày 11/01/2018, chuyển Ban Tuyên giáo" in " ".join(said.split())
    html = _get(own, f"/registers/in/new?doc={own.report}")
    assert "đã ở sổ văn bản đến" in " ".join(html.all("p", class_="note")[0].text.split())


REFUSED = (
    ({"day": "16/01/2018"}, "không thể sau hôm nay"), ({"day": ""}, "Xin ghi ngày đến"),
    ({"day": "nay"}, "Chưa hiểu ngày"), ({"passed_on": "1/2/2018"}, "Ngày chuyển không thể sau"),
    ({"urgency": "tối mật"}, "sổ riêng"), ({"title": "MẬT"}, "sổ riêng"), ({"title": "x" * 3000}, "dài quá"),
    ({"title": "", "number": ""}, "Xin ghi số"),
)  # fmt: skip


def test_what_cannot_stand_in_the_register_comes_back_as_typed(own: Site) -> None:
    for form, told in REFUSED:
        given = {"day": "11/01/2018", "title": "trên giấy", "handler": "Ban Tổ chức", **form}
        answer = _post(own, "/registers/in/new", 400, **given)
        assert told in answer
        assert parse(answer).all("input", id="o-handler")[0].attributes["value"] == "Ban Tổ chức"
    assert _lines(own) == ()


def test_a_paper_on_paper_has_its_line_and_is_joined_to_its_file_later(own: Site) -> None:
    _post(own, "/registers/in/new", day="11/01/2018", issuer="Hội Khuyến học", number="12/BC-HKH", title="Báo cáo năm")
    (line,) = _lines(own)
    assert line.document is None
    form = {"revised": line.revised, "day": "11/01/2018", "act": "keep"}
    assert "Không tìm thấy" in _post(own, "/registers/in/2018/1", 400, **form, document="99/XX-YY")
    _post(own, "/registers/in/2018/1", **form, document="12/BC-HKH")
    assert _lines(own)[0].document == own.report


def test_a_line_keeps_what_was_registered_and_shows_what_is_read_now(own: Site) -> None:
    _enter(own, Paper("Hội Khuyến học", "12/BC-HKH", dt.date(2017, 12, 5), "Báo cáo", "x"), document=own.report)
    said = _get(own, "/registers/in/2018/1").all("fieldset")[1].text
    assert "Nay đọc trong văn bản: Hội Khuyến học huyện Yên Hà" in said and said.count("Nay đọc") == 2
    assert "Hội Khuyến học" in _cells(_get(own, "/registers/in?month=2018-01"))


def test_a_line_is_changed_struck_and_restored_but_never_renumbered(own: Site) -> None:
    _enter(own, Paper(title="một"), Paper(title="hai"))
    html = _get(own, "/registers/in/2018/1")
    seen = html.all("input", name="revised")[0].attributes["value"]
    _post(own, "/registers/in/2018/1", revised=seen, day="12/01/2018", handler="Ban Tổ chức", act="keep")
    assert (_lines(own)[0].handling.handler, _lines(own)[0].paper.title) == ("Ban Tổ chức", "một")
    answer = _post(own, "/registers/in/2018/1", 409, revised=seen, day="13/01/2018", handler="ai khác", act="keep")
    assert f"vừa được {BY} sửa" in answer
    assert parse(answer).all("input", id="o-handler")[0].attributes["value"] == "Ban Tổ chức"
    now = _lines(own)[0].revised
    assert "trong năm ấy" in _post(own, "/registers/in/2018/1", 400, revised=now, day="13/01/2017", act="keep")
    assert "lý do" in _post(own, "/registers/in/2018/1", 400, revised=now, day="12/01/2018", act="strike")
    _post(own, "/registers/in/2018/1", revised=now, day="12/01/2018", act="strike", why="ghi nhầm")
    html = _get(own, "/registers/in?month=2018-01")
    assert html.all("tr", class_="void")[0].attributes["id"] == "so-1" and "Hủy: ghi nhầm" in _cells(html)
    _post(own, "/registers/in/2018/1", revised=_lines(own)[0].revised, day="12/01/2018", act="restore")
    assert [(line.number, line.struck) for line in _lines(own)] == [(1, None), (2, None)]


def test_a_doubt_is_shown_in_both_places_and_settled_by_a_person(own: Site) -> None:
    found = own.service.findings.analysed(GUEST, own.report)
    assert found is not None
    paper = Paper("Hội Khuyến học huyện Yên Hà", "12/BC-HKH", dt.date(2018, 1, 20), "Báo cáo", "kết quả")
    _enter(own, paper, document=own.report)
    html = _get(own, "/registers/in?month=2018-01")
    (line,) = html.all("li", class_="doubt")
    assert "đề ngày sau ngày đến 11/01/2018" in " ".join(line.text.split())
    assert "Ngày ký sau ngày đến" in _get(own, f"/documents/{own.report}").all("ul", class_="registered")[0].text
    form = {name: html.all("input", name=name)[0].attributes["value"] for name in ("document", "about", "back")}
    _post(own, "/registers/doubts", **form, note="đóng dấu nhầm ngày")
    html = _get(own, "/registers/in?month=2018-01")
    assert f"{BY} đã xem" in " ".join(html.all("li", class_="doubt")[0].text.split())
    assert not html.all("p", class_="note")  # nothing left to look at
    assert "Ngày ký" not in _get(own, f"/documents/{own.report}").all("ul", class_="registered")[0].text
    (settled,) = corrections.in_force(own.service.archive, GUEST, Subject.DOUBT)[own.report]
    _post(own, "/registers/doubts", **form, undo=settled.id)
    assert corrections.in_force(own.service.archive, GUEST, Subject.DOUBT) == {}
    assert own.client.post("/registers/doubts", data={**form, "by": BY, "about": "{}"}).status_code == 400
    assert own.client.post("/registers/doubts", data={**form, "by": BY, "back": "//evil"}).location == "/registers/in"


def test_long_registers_are_cut_into_sheets_that_say_which_they_are(own: Site) -> None:
    _enter(own, *(Paper("Ủy ban nhân dân xã", f"{n:02}/BC-UBND", DAY, "Báo cáo", "tình hình " * 9) for n in range(40)))
    html = _get(own, "/registers/in?month=2018-01")
    sheets = html.all("section", class_="paper")
    assert len(sheets) > 3 and f"Trang 2/{len(sheets)}" in sheets[1].text
    assert len(html.all("table", class_="book")) == len(sheets) == len(html.all("tr", class_="numbers"))
    assert f"In {len(sheets)} trang A4 ngang" in html.all("button", class_="primary")[0].text
    assert [e.attributes["id"] for e in html.all("tr") if e.attributes.get("id")] == [f"so-{n}" for n in range(1, 41)]


def test_the_word_file_and_the_workbook_hold_the_same_table(own: Site) -> None:
    hostile = Paper("=1+1", "<b>05</b>", dt.date(2018, 1, 9), "Báo cáo", "a & b\x0b")
    _enter(own, hostile, Paper(title="hai"))
    registers.strike(own.service.archive, _lines(own)[1], why="nhầm", by=BY)
    answer = own.client.get("/registers/in.docx?month=2018-01")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        for name in package.namelist():
            ElementTree.fromstring(package.read(name))
        text = package.read("word/document.xml").decode()
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    table = ElementTree.fromstring(text).findall(f".//{word}tbl")[1]
    rows = [["".join(cell.itertext()) for cell in row.findall(f"{word}tc")] for row in table.findall(f"{word}tr")]
    assert rows[0] == IN and rows[2][1:4] == ["1", "=1+1", "<b>05</b>"] and len(rows) == 4
    assert text.count("<w:tblHeader/>") == 2 and text.count("<w:cantSplit/>") == 4
    answer = own.client.get("/registers/in.xlsx?month=2018-01")
    page = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert page.title == "Văn bản đến tháng 01-2018"
    values = [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]
    assert values[0] == IN
    assert values[2][:5] == [dt.datetime(2018, 1, 11), 1, "=1+1", "<b>05</b>", dt.datetime(2018, 1, 9)]
    assert page["C6"].data_type == "s" and "so-van-ban-den-2018-01.xlsx" in answer.headers["Content-Disposition"]


def test_an_office_without_a_name_is_asked_for_it_first(own: Site) -> None:
    office.name(own.service.archive, [], by=BY)
    html = _get(own, f"/registers/in?month={_month(own)}")
    assert "Chưa khai tên cơ quan" in html.all("p", class_="note")[0].text and not html.all("section", id="cho")
    assert "Hội Khuyến học huyện Yên Hà" in [e.text for e in _get(own, "/registers/office").all("li")]
    for wrong in ({"names": ""}, {"names": "x", "code": "có dấu"}, {"names": "\n".join("x" * 30)}):
        _post(own, "/registers/office", 400, **wrong)
    names = "UBND huyện Yên Hà\n Hội Khuyến học  huyện Yên Hà "
    _post(own, "/registers/office", names=names, parent="UBND tỉnh", code="H41.1")
    assert office.bodies(own.service.archive) == (
        OwnBody("UBND huyện Yên Hà", "UBND tỉnh", "H41.1"), OwnBody("Hội Khuyến học huyện Yên Hà"),
    )  # fmt: skip
    assert own.report in _get(own, "/registers/out?month=2017-12").all("input", name="document")[0].attributes["value"]


ANSWER = REPORT.replace("12/BC-HKH", "15/HKH-VP").replace("05 tháng 12 năm 2017", "14 tháng 01 năm 2018").replace(
    "Thực hiện Kế hoạch số 05-KH/HU ngày 30/9/2016 của Ban Thường vụ Huyện ủy,",
    "Phúc đáp Chỉ thị số 19-CT/TU ngày 24/8/2016 của Ban Thường vụ Tỉnh ủy,",
)  # fmt: skip


def test_what_came_is_followed_until_it_is_answered(own: Site) -> None:
    accepted(own.service, "answer.txt", ANSWER.encode())
    worker.run(own.service, forever=False)
    for due, document in ((12, own.directive), (20, None), (13, None), (None, None)):
        kept = Handling("Ban Tổ chức", due=dt.date(2018, 1, due) if due else None)
        paper = Paper("Tỉnh ủy", "19-CT/TU", dt.date(2016, 8, 24), "Chỉ thị", "x")
        registers.enter(own.service.archive, GUEST, Register.IN, [Entry(DAY, paper, document, kept)], by=BY)
    cells = _cells(_get(own, "/registers/in?month=2018-01&view=tracking"))[7:]
    assert cells[1] == "Chỉ thị số 19-CT/TU ngày 24/8/2016 của Tỉnh ủy"
    assert cells[4::7] == ["Đã trả lời ngày 14/01/2018, quá hạn 2 ngày", "Còn 5 ngày", "Quá hạn 2 ngày", ""]
    assert cells[5::7] == ["15/HKH-VP", "", "", ""] and cells[3] == "12/01/2018"
    answer = own.client.get("/registers/in.xlsx?month=2018-01&view=tracking")
    assert "so-theo-doi-van-ban-den" in answer.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(answer.data)).worksheets[0]["D6"].value == dt.datetime(2018, 1, 12)


def test_months_and_years_that_are_none_are_not_found(own: Site) -> None:
    for month in ("2018-13", "18", "abcd", "2018-1-1", "0001", "9999-12", "²018"):
        assert own.client.get(f"/registers/in?month={month}").status_code == 404, month
    assert own.client.get("/registers/in/2018/9").status_code == 404
    assert own.client.get("/registers/in/new?doc=khongco").status_code == 404
    assert "Sổ đăng ký văn bản đi, năm 2016" in _get(own, "/registers/out?month=2016").all("h1")[0].text


def test_the_cover_says_from_which_number_to_which(own: Site) -> None:
    _enter(own, Paper(title="một"), Paper(title="hai"))
    said = _get(own, "/registers/in?month=2018&view=cover").all("section", class_="cover")[0].text
    for words in ("HUYỆN ỦY YÊN HÀ", "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", "Năm: 2018", "Từ số 1 đến số 2", "Quyển số"):
        assert words in said


def test_pages_are_sound(own: Site) -> None:
    _enter(own, Paper("<i>x</i>", "1", None, "", "<script>alert(1)</script>"))
    addresses = (
        "/registers/in?month=2018-01", f"/registers/in?month={_month(own)}", "/registers/in/2018/1",
        "/registers/office", "/registers/out?month=2016", f"/registers/out/new?doc={own.plan}", "/registers/in/new",
        "/registers/in/metadata",
    )  # fmt: skip
    for address in addresses:
        text = own.client.get(address).text
        html = parse(text)
        assert len(html.all("h1")) == 1 and len(set(html.ids())) == len(html.ids()), address
        assert "<script>alert" not in text and "style=" not in text
        named = {e.attributes["for"] for e in html.all("label") if "for" in e.attributes}
        for field in html.all("input"):
            if field.attributes.get("type") not in ("hidden", "checkbox", "radio"):
                assert field.attributes["id"] in named or field.attributes["id"] == "find", address
