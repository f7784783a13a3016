"""Text files and pages of the web, in the encodings of twenty-five years."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import reading
from indexer.ports import ReadFailure
from indexer.readers.charset import REPLACED

TEXT = "Ủy ban nhân dân huyện Lạc Dương xây dựng kế hoạch phát triển giáo dục"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "unicode"),
        (TEXT.encode("utf-8-sig"), "unicode"),
        (TEXT.encode("utf-16"), "unicode"),
        (TEXT.encode("utf-16-be"), "unicode"),
        ("U\u0309y ban nha\u0302n da\u0302n huye\u0323\u0302n La\u0323c Du\u031bo\u031bng".encode(), "unicode"),
        (b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"), "unicode"),
        (TEXT.encode("utf-7"), "unicode"),
        (b"U?y ban nha^n da^n huye^.n La.c Du+o+ng xa^y du+.ng ke^' hoa.ch", "unicode"),  # VIQR
        (TEXT.encode().decode("latin-1").encode(), "unicode"),  # encoded twice
        (b"\xd2y ban nh\xe2n d\xe2n huy\xea\xf2n", "unicode"),  # Windows-1258 with combining tones
        ("Uû ban nh©n d©n huyÖn L¹c D\xad¬ng".encode("latin-1"), "tcvn3"),
        ("UÛy ban nhaân daân huyeän Laïc Döông".encode("latin-1"), "vni"),
    ],
)
def test_every_encoding_becomes_unicode(tmp_path: Path, data: bytes, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    body = reading.read(tmp_path / "a.txt")
    assert "nhân dân huyện" in body.text
    assert body.encoding == encoding


def test_a_page_gives_what_a_browser_shows(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<html><head><title>Công báo</title><style>p{}</style></head><body><script>x='ẩn'</script>"
        "<p>Điều&nbsp;1.<br>Phạm vi</p><table><tr><td>STT</td><td>Nội dung</td></tr></table></body></html>",
        encoding="utf-8",
    )
    assert reading.read(tmp_path / "a.html").text == "Công báo\nĐiều 1.\nPhạm vi\nSTT\tNội dung"


def test_an_empty_file_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(ReadFailure) as caught:
        reading.read(tmp_path / "a.txt")
    assert caught.value.code == "empty"


def test_a_damaged_letter_costs_no_other_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(f"{TEXT}\n{TEXT}".encode().replace("ế".encode(), b"\xe1\xbb", 1))
    body = reading.read(tmp_path / "a.txt")
    assert body.text == f"{TEXT.replace('ế', REPLACED)}\n{TEXT}"
    assert [finding.code for finding in body.findings] == ["lost-letters"]


def test_lines_of_several_encodings_in_one_file_are_each_read(tmp_path: Path) -> None:
    old = "Uû ban nh©n d©n huyÖn L¹c D\xad¬ng".encode("latin-1")
    (tmp_path / "a.txt").write_bytes(b"\n".join((TEXT.encode(), old, TEXT.encode())))
    assert reading.read(tmp_path / "a.txt").text == f"{TEXT}\nUỷ ban nhân dân huyện Lạc Dương\n{TEXT}"


def test_typographic_signs_of_windows_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Uû ban nh©n d©n huyÖn “L¹c D\xad¬ng” – 2016…".encode("cp1252"))
    assert reading.read(tmp_path / "a.txt").text == "Uỷ ban nhân dân huyện “Lạc Dương” – 2016…"


@pytest.mark.parametrize("page", [TEXT, f"<html><body>{TEXT}</body></html>"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_wide_letters_hide_no_page(tmp_path: Path, page: str, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(page.encode(encoding))
    assert reading.read(tmp_path / "a.txt").text == TEXT


def test_what_only_begins_as_text_is_not_given_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"A" * 5000 + bytes(range(256)) * 500)
    with pytest.raises(ReadFailure) as caught:
        reading.read(tmp_path / "a.txt")
    assert caught.value.code == "no-text"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('Ủy ban <font face=".VnTime">nh©n d©n huyÖn</font> Lạc Dương', "Ủy ban nhân dân huyện Lạc Dương"),
        ("Ủy ban <span style='font-family:\"VNI-Times\"'>nhaân daân</span> huyện", "Ủy ban nhân dân huyện"),
        ("<p class=a>sè</p>", "số"),
        ("<li class=MsoNormal>sè<li>số", "số\nsố"),
        ('<font face=".VnTime">Thông báo</font><br><font face=".VnTime">báo cáo</font>', "Thông báo\nbáo cáo"),
        ('Hội <b>nghị</b><p style="display:none">ẩn<p hidden>ẩn<p>tổng kết', "Hội nghị\ntổng kết"),
        ("<pre>x  y\nz</pre>", "x y\nz"),
    ],
)
def test_fonts_of_a_page_tell_how_letters_were_stored(tmp_path: Path, body: str, expected: str) -> None:
    style = '<style>li.MsoNormal, .a {font-size:14pt; font-family:".VnTime","serif"}</style>'
    (tmp_path / "a.html").write_text(f"<html><head>{style}</head><body>{body}</body></html>", encoding="utf-8")
    assert reading.read(tmp_path / "a.html").text == expected
