"""The workbook of a plan: what is in it, and that it survives the programs that edit it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from archive import corrections
from archive.corrections import Subject
from archive.viewer import GUEST
from indexer import task_import, task_rows, task_upload, worker
from indexer.task_import import Proposal
from indexer.task_rows import COLUMNS, STATES, TaskSheet, task_value
from indexer.wiring import Service
from tests.web import office
from tests.web.papers import PLAN, REPORT
from web.task_book import COUNTS, HEAD, KEYS, TASKS, task_book

FIRST = HEAD + 1
PLACES = {column.key: at for at, column in enumerate(COLUMNS, 1)}
DANGEROUS = PLAN.replace("Giao Hội Khuyến học huyện chủ trì", "=HYPERLINK(A1) Giao Hội Khuyến học huyện chủ trì")


@pytest.fixture
def sheet(service: Service, add: Callable[..., str]) -> TaskSheet:
    """A plan with a report that answers one of its tasks."""
    plan = add(PLAN, "ke-hoach.txt")
    add(REPORT, "bao-cao.txt")
    return told(service, plan)


def told(service: Service, plan: str) -> TaskSheet:
    found = task_rows.sheet(service, GUEST, plan)
    assert found is not None
    return found


@pytest.fixture
def book(sheet: TaskSheet, tmp_path: Path) -> Path:
    """Its workbook."""
    path = tmp_path / "nhiem-vu.xlsx"
    path.write_bytes(task_book(sheet))
    return path


def proposed(service: Service, sheet: TaskSheet, path: Path) -> Proposal:
    upload = task_upload.read(path, seconds=60, memory_mib=512)
    return task_import.propose(service, GUEST, told(service, sheet.card.document), upload)


def tasks_of(path: Path) -> Worksheet:
    found = openpyxl.load_workbook(path)[TASKS]
    assert isinstance(found, Worksheet)
    return found


def test_days_are_days_and_counts_are_formulas(sheet: TaskSheet, book: Path) -> None:
    tasks = tasks_of(book)
    due = tasks.cell(FIRST + 1, PLACES["due"])
    assert due.value == dt.datetime(2017, 12, 31) and due.number_format == "dd/mm/yyyy"
    assert tasks.cell(FIRST + 1, PLACES["issued_on"]).value == dt.datetime(2017, 12, 5)
    counts = openpyxl.load_workbook(book)[COUNTS]
    assert counts["B3"].value == f"=COUNTIF('{TASKS}'!$H:$H,A3)" and PLACES["state"] == 8
    assert [counts.cell(line, 1).value for line in range(3, 3 + len(STATES))] == list(STATES.values())


def test_the_sheet_is_made_for_paper_and_for_typing(sheet: TaskSheet, book: Path) -> None:
    tasks = tasks_of(book)
    assert tasks.page_setup.orientation == "landscape" and tasks.page_setup.paperSize == 9
    assert tasks.print_title_rows == f"${HEAD}:${HEAD}" and tasks.freeze_panes == f"D{FIRST}"
    assert tasks.row_dimensions[KEYS].hidden and tasks.column_dimensions["R"].hidden
    (choices,) = tasks.data_validations.dataValidation
    assert choices.formula1 == f'"{",".join(STATES.values())}"'
    assert len(choices.formula1) <= 257  # Excel takes no longer list
    coloured = [rule.formula for rules in tasks.conditional_formatting for rule in rules.rules]
    assert sorted(coloured) == sorted([f'"{word}"'] for word in STATES.values())
    assert openpyxl.load_workbook(book)["_vankho"].sheet_state == "veryHidden"


def test_text_that_looks_like_a_formula_stays_text(service: Service, add: Callable[..., str], tmp_path: Path) -> None:
    plan = told(service, add(DANGEROUS))
    typed = {"lead": ["-1+1"], "deliverable": "+84 236", "note": "@SUM(1;2)"}
    row = next(row for row in plan.rows if row.cells["wording"].startswith("="))
    corrections.record(
        service.archive, GUEST, plan.card.document, subject=Subject.TASK, anchor=row.anchor, value=typed,
        read=task_value(row.task), by="x",
    )  # fmt: skip
    worker.run(service, forever=False)
    plan = told(service, plan.card.document)
    path = tmp_path / "x.xlsx"
    path.write_bytes(task_book(plan))
    (dangerous,) = [row for row in plan.rows if row.cells["wording"].startswith("=")]
    line = FIRST + plan.rows.index(dangerous)
    for key in ("wording", *typed):
        cell = tasks_of(path).cell(line, PLACES[key])
        assert cell.data_type == "s" and cell.quotePrefix, cell.value
    with zipfile.ZipFile(path) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    edited = office.edit(path, tmp_path / "lai.xlsx", profile=tmp_path / "profile")
    assert not proposed(service, plan, edited)


def test_a_book_nobody_edited_changes_nothing(service: Service, sheet: TaskSheet, book: Path) -> None:
    assert not proposed(service, sheet, book)


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_saved_by_libreoffice_it_changes_nothing(
    service: Service, sheet: TaskSheet, book: Path, tmp_path: Path, ending: str
) -> None:
    edited = office.edit(book, tmp_path / f"lai.{ending}", profile=tmp_path / "profile")
    found = proposed(service, sheet, edited)
    assert not found and len(found.upload.rows) == len(sheet.rows)
    assert found.upload.base is not None and not found.upload.base.damaged


def test_libreoffice_counts_what_the_site_counts(sheet: TaskSheet, book: Path, tmp_path: Path) -> None:
    edited = office.edit(book, tmp_path / "lai.xlsx", profile=tmp_path / "profile")
    counts = openpyxl.load_workbook(edited, data_only=True)[COUNTS]
    for line, word in enumerate(STATES.values(), 3):
        assert counts.cell(line, 2).value == sum(row.cells["state"] == word for row in sheet.rows)
    assert counts.cell(3 + len(STATES), 2).value == len(sheet.rows)
    lines = range(len(STATES) + 7, len(STATES) + 10)
    bodies = {counts.cell(line, 1).value: counts.cell(line, 2).value for line in lines}
    leads = [name for row in sheet.rows for name in row.cells["lead"].split("; ")]
    assert bodies == {name: leads.count(name) for name in leads}


def test_sorted_and_rearranged_by_libreoffice_it_changes_nothing(
    service: Service, sheet: TaskSheet, book: Path, tmp_path: Path
) -> None:
    last = HEAD + len(sheet.rows) - 1
    acts = f"""
      Sort(sheet, 2, {HEAD}, {last}, 17)
      sheet.Columns.insertByIndex(3, 1)
      sheet.Columns.removeByIndex(PLACE, 1)
    """.replace("PLACE", str(PLACES["others"]))
    edited = office.edit(book, tmp_path / "lai.xlsx", acts, profile=tmp_path / "profile")
    order = [row.id for row in task_upload.read(edited, seconds=60, memory_mib=512).rows]
    assert sorted(order) == sorted(row.id for row in sheet.rows) and order != [row.id for row in sheet.rows]
    assert not proposed(service, sheet, edited)
    due = tasks_of(edited).cell(FIRST, PLACES["due"] + 1)
    assert isinstance(due.value, dt.datetime | None) and due.number_format.lower() == "dd/mm/yyyy"


def test_what_a_clerk_types_in_libreoffice_is_understood(
    service: Service, sheet: TaskSheet, book: Path, tmp_path: Path
) -> None:
    acts = f"""
      sheet.getCellByPosition({PLACES["due"] - 1}, {HEAD + 1}).String = "30/6/2018"
      sheet.getCellByPosition({PLACES["lead"] - 1}, {HEAD + 1}).String = "Hội Khuyến học huyện; Phòng Nội vụ"
      sheet.Rows.insertByIndex({HEAD + 2}, 1)
      sheet.getCellByPosition({PLACES["wording"] - 1}, {HEAD + 2}).String = "Lập quỹ khuyến học ở từng thôn"
      sheet.Rows.removeByIndex({HEAD}, 1)
    """
    found = proposed(service, sheet, office.edit(book, tmp_path / "lai.xlsx", acts, profile=tmp_path / "profile"))
    assert {(one.id, one.key): (one.base, one.theirs) for one in found.cells} == {
        (sheet.rows[1].id, "due"): ("2017-12-31", "2018-06-30"),
        (sheet.rows[1].id, "lead"): ("Hội Khuyến học huyện", "Hội Khuyến học huyện; Phòng Nội vụ"),
    }
    assert [row.cells["wording"] for row in found.new] == ["Lập quỹ khuyến học ở từng thôn"]
    assert [row.id for row in found.deleted] == [sheet.rows[0].id]


def test_without_its_hidden_column_rows_are_found_by_their_words(
    service: Service, sheet: TaskSheet, book: Path, tmp_path: Path
) -> None:
    opened = openpyxl.load_workbook(book)
    opened[TASKS].delete_cols(len(COLUMNS) + 1)
    opened.save(tmp_path / "lai.xlsx")
    assert not proposed(service, sheet, tmp_path / "lai.xlsx")


def test_without_its_hidden_sheet_every_difference_is_for_a_person(
    service: Service, sheet: TaskSheet, book: Path, tmp_path: Path
) -> None:
    opened = openpyxl.load_workbook(book)
    del opened["_vankho"]
    opened[TASKS].cell(FIRST, PLACES["partners"]).value = "Phòng Nội vụ"
    opened.save(tmp_path / "lai.xlsx")
    found = proposed(service, sheet, tmp_path / "lai.xlsx")
    assert [(one.key, one.kind.value) for one in found.cells] == [("partners", "conflict")]
    assert not found.deleted


def test_the_sheet_of_another_plan_is_refused(
    service: Service, add: Callable[..., str], sheet: TaskSheet, book: Path
) -> None:
    other = add(PLAN.replace("05-KH/HU", "06-KH/HU"))
    upload = task_upload.read(book, seconds=60, memory_mib=512)
    with pytest.raises(task_upload.BadSheet, match="kế hoạch khác"):
        task_import.propose(service, GUEST, told(service, other), upload)


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _hostile(book: Path, name: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(book) as parts:
        return _zip({one: change(parts.read(one)) if one == name else parts.read(one) for one in parts.namelist()})


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda xml: xml.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1), "khai báo XML"),
        (lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + b" " * (80 << 20)), "bom nén"),
        (lambda xml: xml[: len(xml) // 2], "hỏng"),
        (
            lambda xml: xml.replace(
                b"</sheetData>",
                b"".join(b'<row r="%d"><c r="C%d" t="str"><v>x</v></c></row>' % (n, n) for n in range(100, 25_000))
                + b"</sheetData>",
            ),
            "hơn 20000 hàng",
        ),
    ],
)
def test_a_hostile_workbook_is_refused_in_one_sentence(
    book: Path, tmp_path: Path, change: Callable[[bytes], bytes], said: str
) -> None:
    path = tmp_path / "xau.xlsx"
    path.write_bytes(_hostile(book, SHEET, change))
    with pytest.raises(task_upload.BadSheet, match=said):
        task_upload.read(path, seconds=30, memory_mib=256)


def test_a_sheet_said_to_be_huge_is_read_as_what_it_holds(service: Service, sheet: TaskSheet, book: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>'
    book.write_bytes(_hostile(book, SHEET, lambda xml: xml.replace(b"</sheetData>", far)))
    assert not proposed(service, sheet, book)


@pytest.mark.parametrize("content", [b"%PDF-1.4", b"", b"PK\x03\x04garbage", "TT;Nội dung".encode()])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(task_upload.BadSheet):
        task_upload.read(path, seconds=30, memory_mib=256)
