"""Workbooks: what is written comes back typed, nothing becomes a formula, hostile files are refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import load_workbook

from web import workbook
from web.workbook import BadWorkbook, Sheet

DAY = dt.date(2018, 1, 15)


def test_days_and_numbers_stay_days_and_numbers() -> None:
    rows = [["Ngày", "Số", "Chữ"], [DAY, 31, "05"], [None, None, "a\x00b"]]
    data = workbook.write([Sheet("Sổ", rows, widths=[12, 8])])
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    found = [[cell.value for cell in row] for row in page.iter_rows()]
    assert found == [["Ngày", "Số", "Chữ"], [dt.datetime(2018, 1, 15), 31, "05"], [None, None, "ab"]]
    assert page.freeze_panes == "A2" and page.print_title_rows == "$1:$1"
    assert workbook.read(data, rows=5, columns=5) == [["Ngày", "Số", "Chữ"], ["2018-01-15", "31", "05"], ["", "", "ab"]]


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(\"http://x\")", "+84", "-5", "@SUM(A1)", "\t=1"])
def test_nothing_becomes_a_formula(text: str) -> None:
    cell = load_workbook(io.BytesIO(workbook.write([Sheet("a", [[text]])]))).worksheets[0]["A1"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


def test_the_table_stands_under_its_title_with_a_head_of_two_rows() -> None:
    data = workbook.write([Sheet("a", [["x"], ["(1)"], ["y"]], head=2, title=["Sổ", "Năm"], landscape=True)])
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    assert [page.cell(row, 1).value for row in range(1, 7)] == ["Sổ", "Năm", None, "x", "(1)", "y"]
    assert page.freeze_panes == "A6" and page.print_title_rows == "$4:$5"
    assert page.page_setup.orientation == "landscape"


def test_sheets_get_names_that_excel_takes() -> None:
    data = workbook.write([Sheet(name, [["x"]]) for name in ("a/b: tháng [1]", "A/B: tháng [1]", "", "dài " * 20)])
    names = load_workbook(io.BytesIO(data)).sheetnames
    assert len({name.casefold() for name in names}) == 4 and all(0 < len(name) <= 31 for name in names)


def test_a_row_of_long_text_is_as_tall_as_its_lines() -> None:
    data = workbook.write([Sheet("a", [["x", "y"], ["chữ " * 20, "y"]], widths=[20, 20])])
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    assert page.row_dimensions[2].height == 5 * page.row_dimensions[1].height


def _zip(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"PK\x03\x04 broken", b"<xml/>", _zip("xl/worksheets/sheet1.xml", bytes(70 << 20)), _zip("a.txt", b"x"),
        _zip("[Content_Types].xml", b'<!DOCTYPE a [<!ENTITY b "c">]><Types>&b;</Types>'),
    ],
    ids=["empty", "cut", "no zip", "bomb", "no workbook", "entity"],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(BadWorkbook):
        workbook.read(data, rows=10, columns=10)


def test_a_workbook_larger_than_allowed_is_refused() -> None:
    data = workbook.write([Sheet("a", [["x", "y"]] * 4)])
    assert len(workbook.read(data, rows=4, columns=2)) == 4
    for limits in ({"rows": 3, "columns": 2}, {"rows": 4, "columns": 1}):
        with pytest.raises(BadWorkbook, match="hơn"):
            workbook.read(data, **limits)
