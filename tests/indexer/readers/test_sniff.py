"""The type of a file is told by its content, whatever its name says."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.readers import media
from indexer.readers.sniff import sniff
from tests.indexer.readers.making import zipped

TYPES = "[Content_Types].xml"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", media.PDF),
        (b"\xef\xbb\xbf  rubbish before %PDF-1.4", media.PDF),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", media.JPEG),
        (b"II*\x00\x08\x00\x00\x00", media.TIFF),
        (b"{\\rtf1\\ansi Xin ch\\'e0o}", media.RTF),
        ("Kế hoạch số 12/KH-UBND".encode(), media.TEXT),
        (b"\xef\xbb\xbf\r\n{\\rtf1\\ansi Xin}", media.RTF),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', media.XLSML),
        ("Kế hoạch".encode("utf-16"), media.TEXT),
        ("Kế hoạch số 12/KH-UBND".encode("utf-16-le"), media.TEXT),
        ("Uû ban nh©n d©n tØnh".encode("latin-1"), media.TEXT),
        (b"<!DOCTYPE html><html><body>Xin</body></html>", media.HTML),
        (b"From: a@b.vn\r\nTo: c@d.vn\r\nSubject: Bao cao\r\n\r\nKinh gui", media.EML),
        (b"Received: from x\r\n by y\r\nDate: Mon, 5 Mar 2018 08:00:00 +0700\r\n\r\nKinh gui", media.EML),
        (b"From: phong noi vu\nkinh gui cac xa", media.TEXT),  # a letter that only begins like a message
        (b'<?xml version="1.0"?><edXML:edXML xmlns:edXML="http://x/QCVN_102_2016"><a/></edXML:edXML>', media.EDXML),
        (b'<?xml version="1.0"?><note/>', media.XML),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07", media.UNKNOWN),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n<html>", media.EML),
        (b"Rar!\x1a\x07\x01\x00" + bytes(100), media.RAR),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), media.SEVEN_ZIP),
        (bytes(257) + b"ustar\x00" + bytes(100), media.TAR),
        (b"MZ\x90" + bytes(300), media.UNKNOWN),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", media.WEBP),
        (b"\x00\x00\x00\x18ftypheic" + bytes(20), media.HEIC),
    ],
)
def test_by_the_first_bytes(tmp_path: Path, content: bytes, media_type: str) -> None:
    (tmp_path / "a.docx").write_bytes(content)
    assert sniff(tmp_path / "a.docx") == media_type


@pytest.mark.parametrize(
    ("parts", "media_type"),
    [
        ({TYPES: "", "word/document.xml": ""}, media.DOCX),
        ({TYPES: "", "word/document2.xml": ""}, media.DOCX),
        ({TYPES: "", "xl/workbook.xml": ""}, media.XLSX),
        ({TYPES: "", "ppt/presentation.xml": ""}, media.PPTX),
        ({"_rels/.rels": "", "word/document.xml": ""}, media.DOCX),
        ({TYPES: "", "word/_rels/document.xml.rels": "", "word/styles.xml": ""}, media.DOCX),  # lost its main part
        ({"mimetype": media.ODT, "content.xml": ""}, media.ODT),
        ({"mimetype": media.ODT, "META-INF/manifest.xml": "<manifest:encryption-data/>"}, media.ENCRYPTED),
        ({"word/document.xml": "", "a.pdf": ""}, media.ZIP),  # files zipped together, no office package
        ({"a.pdf": ""}, media.ZIP),
    ],
)
def test_by_the_parts_of_a_package(tmp_path: Path, parts: dict[str, str | bytes], media_type: str) -> None:
    assert sniff(zipped(tmp_path / "a.pdf", parts)) == media_type
