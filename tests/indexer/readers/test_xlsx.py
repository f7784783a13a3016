"""Workbooks: rows as lines of cells, as a person sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import reading
from indexer.layout import Sheet, sheets_of
from indexer.ports import ReadFailure
from tests.indexer.readers.making import converted, needs_office, zipped

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FORM = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_FORM}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_FORM}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_FORM}.styles+xml"/>'
    f'<Override PartName="/xl/strings.xml" ContentType="{_FORM}.sharedStrings+xml"/></Types>'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
STYLES = f"""<styleSheet {MAIN}><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/></numFmts>
<fonts><font><name val="Arial"/></font><font><name val=".VnTime"/></font></fonts>
<cellXfs><xf fontId="0" numFmtId="0"/><xf fontId="0" numFmtId="164"/><xf fontId="0" numFmtId="9"/>
<xf fontId="1" numFmtId="0"/></cellXfs></styleSheet>"""


def _workbook(path: Path, rows: str, *, strings: str = "", second: str = "") -> Path:
    """A minimal workbook; `second` is the content of a hidden sheet."""
    hidden = '<sheet name="Ẩn" r:id="r2" state="veryHidden"/>' if second else ""
    relation = f'<Relationship Id="%s" Type="{RELATION}/%s" Target="%s"/>'
    wanted = [("r1", "worksheet", "s1.xml"), ("r2", "worksheet", "s2.xml"), ("r3", "styles", "styles.xml")]
    links = "".join(relation % one for one in [*wanted, ("r4", "sharedStrings", "strings.xml")])
    return zipped(
        path,
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS
            + relation % ("a", "officeDocument", "xl/workbook.xml")
            + "</Relationships>",
            "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATION}"><sheets>'
            f'<sheet name="Nhiệm vụ" r:id="r1"/>{hidden}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f"{RELATIONS}{links}</Relationships>",
            "xl/s1.xml": f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>",
            "xl/s2.xml": f"<worksheet {MAIN}><sheetData>{second}</sheetData></worksheet>",
            "xl/styles.xml": STYLES,
            "xl/strings.xml": f"<sst {MAIN}>{strings}</sst>",
        },
    )


def _inline(address: str, text: str, style: int = 0) -> str:
    return f'<c r="{address}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_rows_keep_the_places_of_their_cells(tmp_path: Path) -> None:
    rows = (
        f'<row r="2">{_inline("A2", "TT")}{_inline("B2", "Nội dung")}{_inline("D2", "Thời hạn")}</row>'
        f'<row r="5"><c r="A5"><v>1</v></c>{_inline("B5", "Rà soát  hộ&#10;nghèo")}'
        '<c r="D5" s="1"><v>42643</v></c></row>'
    )
    body = reading.read(_workbook(tmp_path / "a", rows))
    assert body.text.split("\n") == [
        "Nhiệm vụ",
        "TT\tNội dung\t\tThời hạn",
        "1\tRà soát hộ nghèo\t\t30/09/2016",
    ]
    assert body.source == "xlsx"


def test_the_place_of_a_line_is_its_row(tmp_path: Path) -> None:
    body = reading.read(_workbook(tmp_path / "a", f'<row r="7">{_inline("A7", "Việc")}{_inline("B7", "Hạn")}</row>'))
    fragment = body.fragments[-1]
    assert fragment.span.of(body.text) == "Việc\tHạn"
    assert fragment.box == (0.0, 6.0, 2.0, 7.0)  # columns A to B of row 7


def test_numbers_are_shown_as_a_person_sees_them(tmp_path: Path) -> None:
    row = (
        '<row r="1"><c r="A1" s="2"><v>0.955</v></c><c r="B1"><v>1250000</v></c><c r="C1"><v>0.333333333333333</v></c>'
        '<c r="D1" t="b"><v>1</v></c><c r="E1" t="e"><v>#N/A</v></c><c r="F1" t="str"><v>Đạt</v></c></row>'
    )
    assert reading.read(_workbook(tmp_path / "a", row)).text.split("\n")[1] == (
        "95.5%\t1250000\t0.3333333333\tTRUE\t#N/A\tĐạt"
    )


def test_legacy_fonts_of_cells_and_of_pieces_are_decoded(tmp_path: Path) -> None:
    strings = (
        "<si><t>Sè hé nghÌo</t></si>"
        '<si><r><rPr><rFont val=".VnTime"/></rPr><t>Thµnh phè </t></r><r><t>Đà Lạt</t></r></si>'
    )
    row = '<row r="1"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert reading.read(_workbook(tmp_path / "a", row, strings=strings)).text.split("\n")[1] == (
        "Số hộ nghèo\tThành phố Đà Lạt"
    )


def test_hidden_sheets_are_told_not_read(tmp_path: Path) -> None:
    row = f'<row r="1">{_inline("A1", "Thấy")}</row>'
    body = reading.read(_workbook(tmp_path / "a", row, second=f'<row r="1">{_inline("A1", "Giấu")}</row>'))
    assert "Giấu" not in body.text
    assert [finding.code for finding in body.findings] == ["hidden-sheet"]


def test_an_empty_workbook_has_no_text(tmp_path: Path) -> None:
    with pytest.raises(ReadFailure) as caught:
        reading.read(_workbook(tmp_path / "a", ""))
    assert caught.value.code == "no-text"


@needs_office
@pytest.mark.parametrize("target", ["xls", "ods"])
def test_workbooks_of_other_forms_are_read_alike(tmp_path: Path, target: str) -> None:
    rows = f'<row r="1">{_inline("A1", "Nội dung")}{_inline("C1", "Cơ quan chủ trì")}</row>'
    body = reading.read(converted(_workbook(tmp_path / "a.xlsx", rows), target))
    assert body.text == "Nhiệm vụ\nNội dung\t\tCơ quan chủ trì"
    assert body.source == target


def test_sheets_are_pages(tmp_path: Path) -> None:
    body = reading.read(_workbook(tmp_path / "a", f'<row r="1">{_inline("A1", "Việc")}</row>'))
    assert [(type(sheet), sheet.number, sheet.source) for sheet in sheets_of(body)] == [(Sheet, 1, "xlsx")]


def test_cells_in_any_order_and_with_escaped_characters_are_read(tmp_path: Path) -> None:
    row = f'<row r="1">{_inline("C1", "ba")}{_inline("A1", "một_x000D_&#10;hai")}{_inline("B1", "_x005F_x000D_")}</row>'
    assert reading.read(_workbook(tmp_path / "a", row)).text.split("\n")[1:] == ["một hai\t_x000D_\tba"]


def test_pieces_of_one_font_are_decoded_together(tmp_path: Path) -> None:
    pieces = "".join(f'<r><rPr><rFont val="VNI-Times"/></rPr><t>{code}</t></r>' for code in "nhaân daân")
    cells = f'<c r="A1" t="s"><v>0</v></c>{_inline("B1", "báo cáo", 3)}'  # Unicode typed over a legacy font's name
    path = _workbook(tmp_path / "a", f'<row r="1">{cells}</row>', strings=f"<si>{pieces}</si>")
    assert reading.read(path).text.split("\n")[1:] == ["nhân dân\tbáo cáo"]
