"""Word files: the final text, with what Word only works out when it shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

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
