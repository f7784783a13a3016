"""Text files and pages of the web, in the encodings of twenty-five years."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import reading
from indexer.ports import ReadFailure

TEXT = "Ủy ban nhân dân huyện Lạc Dương xây dựng kế hoạch phát triển giáo dục"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "unicode"),
        (TEXT.encode("utf-8-sig"), "unicode"),
        (TEXT.encode("utf-16"), "unicode"),
        (TEXT.encode("utf-16-be"), "unicode"),
        ("U\u0309y ban nha\u0302n da\u0302n huye\u0323\u0302n La\u0323c Du\u031bo\u031bng".encode(), "unicode"),
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
