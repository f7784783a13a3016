"""Word files: the final text, with what Word only works out when it shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

import docx
import pytest

from indexer import reading
from indexer.ports import ReadFailure
from tests.indexer.readers.making import zipped

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def _package(path: Path, body: str, **parts: str) -> Path:
    """A minimal DOCX; other parts by the kind of their relation."""
    relations = "".join(
        f'<Relationship Id="r{kind}" Type="{RELATION}{kind}" Target="{kind}.xml"/>' for kind in parts
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{RELATION}officeDocument"'
        ' Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
    }
    files |= {f"word/{kind}.xml": content for kind, content in parts.items()}
    return zipped(path, files)


def _p(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{escape(text)}</w:t></w:r></w:p>"


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


def _text(path: Path) -> str:
    return reading.read(path).text


NUMBERING = f"""<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def _numbered(level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'


def test_numbers_of_lists_are_worked_out(tmp_path: Path) -> None:
    body = (
        _p("Mục đích", _numbered(0)) + _p("Nâng cao", _numbered(1)) + _p("Tiếp tục", _numbered(1))
        + _p("Nhiệm vụ", _numbered(0)) + _p("Tổ chức", _numbered(1))
    )  # fmt: skip
    path = _package(tmp_path / "a", body, numbering=NUMBERING)
    assert _text(path).split("\n") == ["I. Mục đích", "1. Nâng cao", "2. Tiếp tục", "II. Nhiệm vụ", "1. Tổ chức"]


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Trước ngày </w:t></w:r><w:del><w:r><w:delText>15</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>30</w:t></w:r></w:ins><w:r><w:t>/9</w:t></w:r></w:p>"
    )
    assert _text(_package(tmp_path / "a", body)) == "Trước ngày 30/9"


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{_p('Trong khung')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>Ngoài khung</w:t></w:r></w:p>"
    )
    assert _text(_package(tmp_path / "a", body)).split("\n") == ["Ngoài khung", "Trong khung"]


def test_each_run_is_decoded_by_its_font(tmp_path: Path) -> None:
    body = (
        "<w:p>"
        f"<w:r><w:rPr>{_font('.VnTime')}</w:rPr><w:t>Uû ban nh©n d©n </w:t></w:r>"
        f"<w:r><w:rPr>{_font('VNI-Times')}</w:rPr><w:t>tænh Ñoàng Thaùp </w:t></w:r>"
        f"<w:r><w:rPr>{_font('Times New Roman')}</w:rPr><w:t>kính gửi</w:t></w:r></w:p>"
    )
    body_read = reading.read(_package(tmp_path / "a", body))
    assert body_read.text == "Uỷ ban nhân dân tỉnh Đồng Tháp kính gửi"
    assert body_read.encoding == "mixed"


def test_unicode_text_with_the_name_of_a_legacy_font_is_not_damaged(tmp_path: Path) -> None:
    body = _p("Ủy ban nhân dân tỉnh Đồng Tháp", run=_font(".VnTime"))
    read = reading.read(_package(tmp_path / "a", body))
    assert (read.text, read.encoding) == ("Ủy ban nhân dân tỉnh Đồng Tháp", "unicode")


def test_a_letterhead_in_the_header_stands_first_and_a_running_head_last(tmp_path: Path) -> None:
    header = f"<w:hdr {NAMESPACES}>{_p('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM')}</w:hdr>"
    footer = f"<w:ftr {NAMESPACES}>{_p('Lưu hành nội bộ')}{_p('2')}</w:ftr>"
    path = _package(tmp_path / "a", _p("BÁO CÁO"), header=header, footer=footer)
    assert _text(path).split("\n") == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BÁO CÁO", "Lưu hành nội bộ"]


def test_a_mark_of_secrecy_in_the_header_stands_first(tmp_path: Path) -> None:
    header = f"<w:hdr {NAMESPACES}>{_p('TỐI MẬT')}</w:hdr>"
    assert _text(_package(tmp_path / "a", _p("BÁO CÁO"), header=header)).startswith("TỐI MẬT\n")


def test_tables_and_notes_of_a_file_by_another_program(tmp_path: Path) -> None:
    document: Any = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("TT", "Nội\ndung", "1", "Việc"), strict=True):
        cell.text = text
    document.save(str(tmp_path / "a"))
    assert _text(tmp_path / "a") == "TT\tNội dung\n1\tViệc"


BOMB = '<!DOCTYPE x [<!ENTITY a "lol">]>'


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (BOMB + f"<w:document {NAMESPACES}/>", "bad-archive"),
        (f"<w:document {NAMESPACES}>" + "<w:x>" * 6000, "bad-archive"),
        (f"<w:document {NAMESPACES}><w:body>", "truncated"),
        (f"<w:document {NAMESPACES}/>", "no-text"),
    ],
    ids=["entities", "depth", "cut off", "nothing"],
)
def test_hostile_and_broken_files_end_with_a_reason(tmp_path: Path, document: str, code: str) -> None:
    path = zipped(tmp_path / "a", {"[Content_Types].xml": "<Types/>", "word/document.xml": document})
    with pytest.raises(ReadFailure) as caught:
        reading.read(path)
    assert caught.value.code == code


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def _field(code: str, result: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}{code}{marks[1]}{_run(result)}{marks[2]}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # A letter and its mark, or the letters of one word, may stand in runs of their own.
        (_paragraph(*(_run(code, _font("VNI-Times")) for code in "nhaân daân")), "nhân dân"),
        (_paragraph(*(_run(code, _font(".VnTime")) for code in ("KÕ HO", "¹", "CH"))), "KẾ HOẠCH"),
        (_paragraph(_run("báo cáo", _font(".VnTime"))), "báo cáo"),  # Unicode typed over the font's name
        (_paragraph(_run("hiện "), _run("ẩn", '<w:rStyle w:val="hidden"/>'), _run("ra")), "hiện ra"),
        (_paragraph(_run("\uf0b3 5", _font("Symbol")), _run(" a"), _run("a", _font("Symbol"))), "≥ 5 aα"),
        (_paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', _run(" có")), "☑ có"),
        (_paragraph(_field(_field("", "Nam"), "Ông"), _run(" Bình")), "Ông Bình"),
        (_paragraph(_run("sè", '<w:rFonts w:hAnsiTheme="minorHAnsi"/>')), "số"),
    ],
)
def test_text_is_what_word_shows(tmp_path: Path, body: str, expected: str) -> None:
    styles = (
        f'<w:styles {NAMESPACES}><w:style w:type="character" w:styleId="hidden"><w:rPr><w:vanish/></w:rPr></w:style>'
        "</w:styles>"
    )
    theme = '<a:theme xmlns:a="urn:a"><a:minorFont><a:latin typeface=".VnTime"/></a:minorFont></a:theme>'
    assert _text(_package(tmp_path / "a.docx", body, styles=styles, theme=theme)) == expected


def test_a_list_may_differ_from_its_pattern_and_never_begin_again(tmp_path: Path) -> None:
    numbering = NUMBERING.replace('"%2."/>', '"%2."/><w:lvlRestart w:val="0"/>').replace(
        "</w:num></w:num", '</w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1">'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="vietnameseCounting"/><w:lvlText w:val="Điều %2."/></w:lvl>'
        "</w:lvlOverride></w:num></w:num",
    )  # fmt: skip
    other = _numbered(1).replace('numId w:val="1"', 'numId w:val="2"')
    body = "".join(_p("x", _numbered(level)) for level in (0, 1, 0, 1)) + _p("x", other)
    assert _text(_package(tmp_path / "a.docx", body, numbering=numbering)) == "I. x\n1. x\nII. x\n2. x\nĐiều ba. x"


@pytest.mark.parametrize("prefix", ["ns0:", ""])
def test_prefixes_of_another_program_are_understood(tmp_path: Path, prefix: str) -> None:
    document = f"<w:document {NAMESPACES}><w:body>{_p('Kế hoạch')}</w:body></w:document>"
    document = document.replace("<w:", f"<{prefix}").replace("</w:", f"</{prefix}")
    document = document.replace(" xmlns:w=", f" xmlns{':' if prefix else ''}{prefix[:-1]}=", 1)
    path = _package(tmp_path / "a.docx", "")
    assert _text(zipped(path, {"[Content_Types].xml": "<Types/>", "word/document.xml": document})) == "Kế hoạch"


def test_pages_put_into_the_text_stand_in_their_places(tmp_path: Path) -> None:
    path = _package(tmp_path / "a.docx", _p("Trước") + '<w:altChunk r:id="c"/>' + _p("Sau"))
    with ZipFile(path) as old:
        files: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    files["word/_rels/document.xml.rels"] = (
        f'<Relationships><Relationship Id="c" Type="{RELATION}aFChunk" Target="/word/c.html"/></Relationships>'
    )
    files["word/c.html"] = "<html><body><p>Phần ghép</p></body></html>"
    assert _text(zipped(path, files)) == "Trước\nPhần ghép\nSau"
