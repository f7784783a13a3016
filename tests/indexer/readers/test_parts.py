"""What came inside other files: taken out whole, within limits, and no name ever becomes a path."""

from __future__ import annotations

import base64
import io
import struct
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from asn1crypto import cms

from indexer import reading
from indexer.ports import ReadFailure
from tests.indexer.readers.making import zipped

PDF = b"%PDF-1.4 of the letter"


def _parts(path: Path, folder: Path) -> list[tuple[str, bytes]]:
    folder.mkdir(exist_ok=True)
    return [(part.name, part.path.read_bytes()) for part in reading.parts(path, folder)]


def _refused(path: Path, folder: Path) -> str:
    folder.mkdir(exist_ok=True)
    with pytest.raises(ReadFailure) as caught:
        reading.parts(path, folder)
    return caught.value.code


def _zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _message() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "vanthu@xa.gov.vn", "noivu@huyen.gov.vn"
    message["Subject"] = "Báo cáo tháng 9"
    message.set_content("Kính gửi Phòng Nội vụ huyện,\nXã gửi báo cáo kèm theo.")
    message.add_alternative("<p>Kính gửi Phòng Nội vụ huyện</p>", subtype="html")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="Báo cáo tháng 9.pdf")
    return message


def _envelope(content: bytes) -> str:
    encoded = base64.encodebytes(content).decode()
    return f"""<?xml version="1.0" encoding="utf-8"?>
<edXML:edXML xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLEnvelope><edXML:edXMLHeader>
<edXML:MessageHeader><edXML:From><edXML:OrganId>H10.15</edXML:OrganId>
<edXML:OrganName>UBND huyện Lạc Dương</edXML:OrganName></edXML:From>
<edXML:To><edXML:OrganName>UBND xã Lát</edXML:OrganName></edXML:To>
<edXML:Code><edXML:CodeNumber>12</edXML:CodeNumber>
<edXML:CodeNotation>KH-UBND</edXML:CodeNotation></edXML:Code>
<edXML:PromulgationInfo><edXML:Place>Lạc Dương</edXML:Place>
<edXML:PromulgationDate>2018/03/05</edXML:PromulgationDate></edXML:PromulgationInfo>
<edXML:Subject>Kế hoạch xã hội học tập</edXML:Subject></edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope>
<edXML:AttachmentEncoded><edXML:Attachment><edXML:ContentId>c1</edXML:ContentId>
<edXML:AttachmentName>../12-KH.pdf</edXML:AttachmentName>
<edXML:ContentTransferEncoded>{encoded}</edXML:ContentTransferEncoded></edXML:Attachment></edXML:AttachmentEncoded>
</edXML:edXML>"""


def test_names_of_a_zip_never_become_paths(tmp_path: Path) -> None:
    names = ["../../etc/cron.d/x", "/abs/Kế hoạch.pdf", "..\\..\\y.doc", "CON", "a/b/c.txt"]
    path = zipped(tmp_path / "a", dict.fromkeys(names, "nội dung"))
    folder = tmp_path / "out"
    assert [name for name, _ in _parts(path, folder)] == ["x", "Kế hoạch.pdf", "y.doc", "CON", "c.txt"]
    assert sorted(file.name for file in folder.iterdir()) == ["0001", "0002", "0003", "0004", "0005"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "out"]


def test_links_folders_and_litter_are_no_documents(tmp_path: Path) -> None:
    link = ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("folder/", "")
        archive.writestr("__MACOSX/._a.pdf", "x")
        archive.writestr("empty.txt", "")
        archive.writestr("a.txt", "nội dung")
    assert _parts(tmp_path / "a", tmp_path / "out") == [("a.txt", "nội dung".encode())]


@pytest.mark.parametrize(
    ("stored", "name"),
    [
        ("Kế hoạch.txt".encode(), "Kế hoạch.txt"),
        (b"B\xe1o c\xe1o n\xe3m.txt", "Báo cáo năm.txt"),  # Windows-1258
        (b"K\xd5 ho\xb9ch.txt", "Kế hoạch.txt"),  # TCVN3
        ("Keá hoaïch.txt".encode("latin-1"), "Kế hoạch.txt"),  # VNI
        ("résumé.txt".encode("cp437"), "résumé.txt"),
    ],
)
def test_names_of_old_programs_are_read(tmp_path: Path, stored: bytes, name: str) -> None:
    plain = b"n" * len(stored)
    raw = _zip({plain.decode(): b"x"}).replace(plain, stored)
    (tmp_path / "a").write_bytes(raw)
    assert [found for found, _ in _parts(tmp_path / "a", tmp_path / "out")] == [name]


def test_archives_inside_archives_are_taken_apart(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(_zip({"trong.zip": _zip({"a.pdf": PDF}), "b.txt": b"hai"}))
    assert _parts(tmp_path / "a", tmp_path / "out") == [("a.pdf", PDF), ("b.txt", b"hai")]


def test_archives_nested_without_end_are_refused(tmp_path: Path) -> None:
    data = b"x"
    for _ in range(8):
        data = _zip({"n.zip": data})
    (tmp_path / "a").write_bytes(data)
    assert _refused(tmp_path / "a", tmp_path / "out") == "bad-archive"


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(_zip({"bom": bytes(64 << 20)}))
    assert _refused(tmp_path / "a", tmp_path / "out") == "bad-archive"


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a", {f"{number}.txt": "x" for number in range(1001)})
    assert _refused(path, tmp_path / "out") == "bad-archive"


def test_an_archive_with_a_password_is_told_so(tmp_path: Path) -> None:
    data = bytearray(_zip({"a.txt": b"x" * 100}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    (tmp_path / "a").write_bytes(data)
    assert _refused(tmp_path / "a", tmp_path / "out") == "encrypted"


def test_a_message_gives_its_text_and_its_attachments(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(_message().as_bytes())
    body = reading.read(tmp_path / "a")
    assert body.text.split("\n") == [
        "Từ: vanthu@xa.gov.vn",
        "Đến: noivu@huyen.gov.vn",
        "Chủ đề: Báo cáo tháng 9",
        "Kính gửi Phòng Nội vụ huyện,",
        "Xã gửi báo cáo kèm theo.",
        "Tệp kèm: Báo cáo tháng 9.pdf",
    ]
    assert _parts(tmp_path / "a", tmp_path / "out") == [("Báo cáo tháng 9.pdf", PDF)]


def test_a_forwarded_message_is_a_part_and_so_is_what_it_carries(tmp_path: Path) -> None:
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "a@b.vn", "Chuyển tiếp"
    outer.set_content("Xin chuyển.")
    outer.add_attachment(_message())
    (tmp_path / "a").write_bytes(outer.as_bytes())
    assert [name for name, _ in _parts(tmp_path / "a", tmp_path / "out")] == ["thư.eml", "Báo cáo tháng 9.pdf"]


@pytest.mark.parametrize("content", [PDF, _zip({"12-KH.pdf": PDF})], ids=["plain", "zipped"])
def test_an_envelope_gives_its_metadata_and_the_document(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_text(_envelope(content), encoding="utf-8")
    lines = reading.read(tmp_path / "a").text.split("\n")
    for line in (
        "Số: 12", "Ký hiệu: KH-UBND", "Ngày ban hành: 05/03/2018", "Trích yếu: Kế hoạch xã hội học tập",
        "Cơ quan ban hành: UBND huyện Lạc Dương", "Nơi nhận: UBND xã Lát", "Tệp kèm: ../12-KH.pdf",
    ):  # fmt: skip
        assert line in lines
    assert not any("JVBERi" in line for line in lines)
    assert _parts(tmp_path / "a", tmp_path / "out") == [("12-KH.pdf", PDF)]


def test_an_envelope_whose_content_is_damaged_is_told_so(tmp_path: Path) -> None:
    broken = _envelope(PDF).replace("JVBE", "J*?E")
    (tmp_path / "a").write_text(broken, encoding="utf-8")
    assert _refused(tmp_path / "a", tmp_path / "out") == "truncated"


def test_an_ordinary_file_has_no_parts(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(PDF)
    assert _parts(tmp_path / "a", tmp_path / "out") == []


def test_a_zip_shows_what_it_holds(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a", {"Kế hoạch.pdf": "x", "phụ lục/1.xlsx": "x"})
    assert reading.read(path).text == "Tệp nén gồm:\nKế hoạch.pdf\nphụ lục/1.xlsx"


SAVED_PAGE = """From: <Saved by a browser>
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----b"

------b
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://yenha.example/thong-bao

<html><meta charset=3Dutf-8><body><p>Th=C3=B4ng b=C3=A1o s=E1=BB=91 12/TB-UBND</p></body></html>
------b
Content-Type: text/css
Content-Location: https://yenha.example/site.css

p {{ color: red }}
------b
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://yenha.example/logo.png

{picture}
------b--
"""


def test_a_page_saved_with_its_pictures_is_its_text(tmp_path: Path) -> None:
    text = SAVED_PAGE.format(picture=base64.b64encode(b"\x89PNG").decode())
    (tmp_path / "a.mht").write_text(text.replace("\n", "\r\n"))
    body = reading.read(tmp_path / "a.mht")
    assert "Thông báo số 12/TB-UBND" in body.text and "color" not in body.text and "logo" not in body.text
    assert list(_parts(tmp_path / "a.mht", tmp_path / "out")) == []


@pytest.mark.parametrize("start", [b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08"])
def test_archives_that_are_not_opened_say_what_to_do(tmp_path: Path, start: bytes) -> None:
    (tmp_path / "a").write_bytes(start + bytes(100))
    with pytest.raises(ReadFailure, match="xin giải nén"):
        reading.read(tmp_path / "a")


def _letter(subject: bytes, name: bytes, kind: bytes = b"text/plain") -> bytes:
    return (
        b"From: a@lacduong.vn\r\nTo: b@lacduong.vn\r\nSubject: " + subject + b"\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: " + kind + b"\r\n"
        b"Content-Disposition: attachment; " + name + b"\r\n\r\nNoi dung\r\n--x--\r\n"
    )


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (b"B\xb8o c\xb8o", b'filename="B\xb8o c\xb8o.txt"'),  # TCVN3, as it stands
        (b"B\xe1o c\xe1o", b'filename="B\xe1o c\xe1o.txt"'),  # Windows-1258
        (b"=?x-tcvn?Q?B=B8o_c=B8o?=", b"filename*=x-tcvn''B%B8o%20c%B8o.txt"),  # a set nobody knows
        (b"=?iso-8859-1?B?QrhvIGO4bw==?=", b'filename="=?iso-8859-1?B?QrhvIGO4by50eHQ=?="'),  # a set that is not true
        (b"=?utf-8?Q?B=C3=A1o_c=C3?=\r\n =?utf-8?Q?=A1o?=", b"filename*=utf-8''B%C3%A1o%20c%C3%A1o.txt"),  # cut
    ],
)
def test_subjects_and_names_are_read_in_whatever_letters(tmp_path: Path, subject: bytes, name: bytes) -> None:
    (tmp_path / "a").write_bytes(_letter(subject, name))
    assert "Chủ đề: Báo cáo\nTệp kèm: Báo cáo.txt" in reading.read(tmp_path / "a").text
    assert [found for found, _ in _parts(tmp_path / "a", tmp_path / "out")] == ["Báo cáo.txt"]


def test_text_whose_set_of_letters_is_not_true_is_read(tmp_path: Path) -> None:
    head = b"From: a@lacduong.vn\r\nTo: b@lacduong.vn\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    (tmp_path / "a").write_bytes(head + "Ủy ban nhân dân huyện".encode())
    assert reading.read(tmp_path / "a").text.endswith("Ủy ban nhân dân huyện")


def test_a_field_of_hundreds_of_thousands_of_addresses_costs_little(tmp_path: Path) -> None:
    head = b"From: a@lacduong.vn\r\nTo: " + b"x@lacduong.vn," * 50_000
    (tmp_path / "a").write_bytes(head + b"\r\nSubject: x\r\n\r\nNoi dung")
    assert reading.read(tmp_path / "a", seconds=10).text.endswith("Noi dung")


def _attribute(kind: int, data: bytes) -> bytes:
    return struct.pack("<BII", 2, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def test_what_outlook_packs_is_taken_out(tmp_path: Path) -> None:
    long = "Kế hoạch năm.txt\0".encode("utf-16-le")
    properties = struct.pack("<IHHI", 2, 3, 0x3705, 1) + struct.pack("<HHII", 0x1F, 0x3707, 1, len(long)) + long
    packed = struct.pack("<IH", 0x223E9F78, 1) + b"".join(
        _attribute(kind, data)
        for kind, data in (
            (0x00069002, bytes(14)), (0x00018010, b"KEHOAC~1.TXT\0"), (0x0006800F, b"So 1"),
            (0x00069005, properties), (0x00069002, bytes(14)), (0x00018010, b"b.txt\0"), (0x0006800F, b"So 2"),
        )
    )  # fmt: skip
    letter = _message()
    letter.add_attachment(packed, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    (tmp_path / "a").write_bytes(letter.as_bytes())
    assert _parts(tmp_path / "a", tmp_path / "out")[-2:] == [("Kế hoạch năm.txt", b"So 1"), ("b.txt", b"So 2")]


def test_a_message_packed_with_its_signature_is_read(tmp_path: Path) -> None:
    inner = _letter(b"x", b"filename=a.txt").partition(b"MIME-Version: 1.0\r\n")[2]
    signed = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": {
                "version": "v1", "digest_algorithms": [], "signer_infos": [],
                "encap_content_info": {"content_type": "data", "content": inner},
            },
        }
    )  # fmt: skip
    outer = b"From: a@lacduong.vn\r\nTo: b@lacduong.vn\r\nContent-Type: application/pkcs7-mime; name=smime.p7m\r\n"
    body = base64.encodebytes(signed.dump())
    (tmp_path / "a").write_bytes(outer + b"Content-Transfer-Encoding: base64\r\n\r\n" + body)
    assert _parts(tmp_path / "a", tmp_path / "out") == [("a.txt", b"Noi dung")]
