"""Word files before 2007, RTF and OpenDocument, by LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import reading
from indexer.ports import ReadFailure
from tests.indexer.readers.making import PARAGRAPHS, converted, needs_office, written


@needs_office
@pytest.mark.parametrize("target", ["doc", "rtf", "odt"])
def test_every_paragraph_is_read(tmp_path: Path, target: str) -> None:
    body = reading.read(converted(written(tmp_path / "a.docx", PARAGRAPHS, font="Noto Serif"), target))
    assert body.text.split("\n") == list(PARAGRAPHS)
    assert body.source == target


@needs_office
def test_legacy_fonts_survive_the_conversion(tmp_path: Path) -> None:
    path = written(tmp_path / "a.docx", ["Uû ban nh©n d©n huyÖn L¹c D\xad¬ng"], font=".VnTime")
    body = reading.read(converted(path, "doc"))
    assert (body.text, body.encoding) == ("Uỷ ban nhân dân huyện Lạc Dương", "tcvn3")


@needs_office
def test_nothing_of_the_program_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    (tmp_path / "a").write_bytes(b"{\\rtf1\\ansi Xin chao}")
    assert reading.read(tmp_path / "a").text == "Xin chao"
    assert list(scratch.iterdir()) == []


def test_without_the_program_a_file_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a").write_bytes(b"{\\rtf1\\ansi Xin chao}")
    with pytest.raises(ReadFailure) as caught:
        reading.read(tmp_path / "a")
    assert caught.value.code == "tool-missing"


@needs_office
@pytest.mark.parametrize(
    ("directory", "flags", "code"),
    [("Root Entry", b"\x13", "encrypted"), ("", b"\x12", "truncated")],  # the program takes the second for plain text
)
def test_an_old_file_that_cannot_be_opened_says_why(tmp_path: Path, directory: str, flags: bytes, code: str) -> None:
    head = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(30, b"\0") + b"\x09").ljust(512, b"\0")
    names = directory.encode("utf-16-le").ljust(128, b"\0") + "WordDocument".encode("utf-16-le")
    stream = b"\xec\xa5" + bytes(9) + flags
    (tmp_path / "a").write_bytes(head + names.ljust(512, b"\0") + stream.ljust(512, b"\0"))
    with pytest.raises(ReadFailure) as caught:
        reading.read(tmp_path / "a")
    assert caught.value.code == code


@needs_office
def test_rtf_behind_a_line_end_is_not_given_out_as_markup(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbf\r\n{\\rtf1\\ansi{\\fonttbl{\\f0 .VnTime;}}\\f0 b\\'b8o c\\'b8o}")
    assert reading.read(tmp_path / "a").text == "báo cáo"


@needs_office
def test_a_workbook_of_2003_in_xml_is_read(tmp_path: Path) -> None:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    (tmp_path / "a").write_text(
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        '<Worksheet ss:Name="Giao"><Table><Row><Cell><Data ss:Type="String">Kế hoạch</Data></Cell></Row></Table>'
        "</Worksheet></Workbook>",
        encoding="utf-8",
    )
    assert reading.read(tmp_path / "a").text == "Giao\nKế hoạch"
