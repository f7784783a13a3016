"""What is taken away from a search: lists as files, feeds, suggestions, a pasted list of numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from tests.web.papers import Site

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_list_opens_in_vietnamese_excel(site: Site) -> None:
    answer = site.client.get("/export.csv?q=khuyến+học&column=number&column=title")
    assert answer.data.startswith("\ufeff".encode()) and "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Số, ký hiệu", "Trích yếu"]
    assert {row[0] for row in rows[1:]} >= {"12/BC-HKH", "19-CT/TU"}


@pytest.mark.parametrize(("form", "part"), [("xlsx", "xl/worksheets/sheet1.xml"), ("docx", "word/document.xml")])
def test_office_files_hold_the_same_rows(site: Site, form: str, part: str) -> None:
    answer = site.client.get(f"/export.{form}?q=khuyến+học")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    words = "\n".join(parts[part].itertext())
    assert "12/BC-HKH" in words and "Trích yếu" in words


def test_a_cell_is_never_a_formula() -> None:
    from web import sheets

    assert sheets.csv_file([["=1+1", "@x", "-5", "thường"]]).decode("utf-8-sig").strip() == "'=1+1;'@x;'-5;thường"
    book = load_workbook(io.BytesIO(sheets.xlsx_file([["a\x00<b>&", "=1"]], widths=(9, 9))))
    assert [(cell.value, cell.data_type) for cell in book.worksheets[0][1]] == [("a<b>&", "s"), ("=1", "s")]


def test_days_of_a_list_are_days_in_excel(site: Site) -> None:
    book = load_workbook(io.BytesIO(site.client.get("/export.xlsx?q=05-KH/HU&column=number&column=date").data))
    number, issued_on = book.worksheets[0][2]
    assert (number.value, issued_on.value) == ("05-KH/HU", dt.datetime(2016, 9, 30))
    assert issued_on.number_format == "dd/mm/yyyy"


def test_new_matches_are_a_feed(site: Site) -> None:
    answer = site.client.get("/feed.atom?q=khuyến+học")
    feed = ElementTree.fromstring(answer.data)
    assert answer.mimetype == "application/atom+xml"
    assert len(feed.findall(f"{ATOM}entry")) >= 2
    moments = [entry.findtext(f"{ATOM}updated") or "" for entry in feed.findall(f"{ATOM}entry")]
    assert moments == sorted(moments, reverse=True)


def test_a_query_nobody_can_run_is_explained(site: Site) -> None:
    for address in ("/export.csv?q=từ:abc", "/feed.atom?q=", "/?q=từ:abc"):
        answer = site.client.get(address)
        assert answer.status_code in (200, 400)
        assert "Ví dụ đúng" in answer.get_data(as_text=True)


def test_browsers_are_told_how_to_search_here(site: Site) -> None:
    described = ElementTree.fromstring(site.client.get("/opensearch.xml").data)
    assert any("{searchTerms}" in (url.get("template") or "") for url in described)
    assert "/opensearch.xml" in site.client.get("/").get_data(as_text=True)


def test_suggestions_are_given_while_typing(site: Site) -> None:
    found = json.loads(site.client.get("/suggest?q=05-K").data)
    assert ("number", "05-KH/HU") in {(line["kind"], line["query"]) for line in found}
    assert json.loads(site.client.get("/suggest?q=").data) == []


def test_a_pasted_list_says_what_is_held(site: Site) -> None:
    page = site.client.get("/held").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    pasted = "Kế hoạch số 05-KH/HU\n11-CT/TW\n777/QĐ-UBND\nkhông có số\n"
    answer = site.client.post("/held", data={"csrf_token": token[1], "numbers": pasted})
    text = answer.get_data(as_text=True)
    assert "Kho có 1 trong 4 văn bản" in text
    assert text.count("Chưa có</span>") == 2 and "văn bản nhắc tới" in text and "Không thấy số" in text


def test_another_spelling_is_offered_where_nothing_is_found(site: Site) -> None:
    assert ">khuyến học</a>?" in site.client.get("/?q=khuyển+học").get_data(as_text=True)


@pytest.mark.parametrize("typed", ['"', "-", "OR", "loại:", "%00", "<script>", "hồ sơ:1", "a" * 3000, "(" * 99])
def test_no_query_breaks_the_page(site: Site, typed: str) -> None:
    for address in ("/", "/export.csv", "/feed.atom", "/suggest"):
        answer = site.client.get(address, query_string={"q": typed})
        assert answer.status_code < 500, address


def test_a_list_prints_with_the_chosen_columns(site: Site) -> None:
    page = site.client.get("/print?q=khuyến+học&column=number&column=title").get_data(as_text=True)
    assert re.findall(r'<th scope="col">([^<]+)</th>', page) == ["Số, ký hiệu", "Trích yếu"]
    assert "12/BC-HKH" in page and "Kết quả tìm “khuyến học”: " in page
    assert "Ví dụ đúng" in site.client.get("/print?q=từ:abc").get_data(as_text=True)
