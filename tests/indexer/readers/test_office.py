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
