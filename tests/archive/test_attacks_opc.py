"""Attacks on signed Office packages: what no signature covers, readers that disagree, references that lead astray."""

from __future__ import annotations

import base64
import warnings
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from archive import opc_signatures
from archive.verdicts import Report, Verdict
from tests.archive import pki
from tests.archive.test_signatures_opc import (
    C14N,
    DS,
    MAIN,
    METHODS,
    OFFICE,
    PARTS,
    REL,
    RELATED,
    RELS,
    SIG,
    TRANSFORM,
    canonical,
    reference,
    signature,
    signed,
)

PLACE = "_xmlsignatures/sig1.xml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
EVIL = "<document><p>Kế hoạch, kinh phí 9.000.000 đồng</p></document>"
GOOD = signed()
OWN, LINKS, TYPES = "_rels/.rels", "word/_rels/document.xml.rels", "[Content_Types].xml"


def packed(parts: dict[str, str] | list[tuple[str, str]]) -> bytes:
    stream = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as package:
        warnings.simplefilter("ignore")  # of names that come twice, which is the point
        for name, text in parts.items() if isinstance(parts, dict) else parts:
            package.writestr(name, text)
    return stream.getvalue()


def check(tmp_path: Path, package: bytes | dict[str, str]) -> Report:
    path = tmp_path / "van-ban.docx"
    path.write_bytes(package if isinstance(package, bytes) else packed(package))
    return opc_signatures.verify(path, pki.trust(), at=pki.NOW)


def said(report: Report) -> str:
    return report.reason or report.signatures[0].reason


def link(kind: str, target: str, number: int = 9, more: str = "") -> str:
    return f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"{more}/></Relationships>'


def linked(part: str, relationship: str, old: str = "</Relationships>") -> dict[str, str]:
    return {part: PARTS[part].replace(old, relationship)}


BOGUS = '<Relationship Id="a" Type="bogus/officeDocument" Target="word/document.xml"/><Relationship '
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
UI = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
MCE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
CHOICE = f'<m:AlternateContent xmlns:m="{MCE}"><m:Choice Requires="x">{link("x", "evil.xml")[:-16]}</m:Choice>' \
         "</m:AlternateContent></Relationships>"  # fmt: skip
UNCOVERED = [
    # Another document stands where signatures do not reach, and the package leads there.
    ({"docProps/evil.xml": EVIL, OWN: PARTS[OWN].replace("<Relationship ", BOGUS, 1).replace(
        'Target="word/document.xml"/></', 'Target="docProps/evil.xml"/></')}, "docProps/evil.xml"),
    ({"docProps/evil.xml": EVIL} | linked(OWN, link(STRICT, "docProps/evil.xml")), "2 nội dung chính"),
    ({"docProps/app.xml": EVIL} | linked(OWN, link(STRICT, "docProps/app.xml")), "2 nội dung chính"),
    (linked(OWN, link(f"{OFFICE}/officeDocument", "http://noi.khac/a.xml", more=' TargetMode="External"')),
     "http://noi.khac/a.xml"),
    ({"docProps/ui.xml": EVIL} | linked(OWN, link(UI, "docProps/ui.xml")), "docProps/ui.xml"),
    ({"docProps/anh.png": "x"}, "docProps/anh.png"),
    ({"_xmlsignatures/evil.docx": "x"}, "_xmlsignatures/evil.docx"),
    ({"[Content_Types].xml.bak": "x"}, "[Content_Types].xml.bak"),
    ({"_rels/.rels.xml": "x"}, "_rels/.rels.xml"),
    ({"word\\document.xml": EVIL}, "word\\document.xml"),
    ({"word/../word/a.xml": EVIL}, "word/../word/a.xml"),
    ({"word/%64ocument.xml": EVIL}, "word/%64ocument.xml"),
    (linked(LINKS, CHOICE), "liên kết thêm trong word/_rels/document.xml.rels"),
    ({"word/_rels/styles.xml.rels": f'<Relationships xmlns="{REL}"/>'}, "word/_rels/styles.xml.rels"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), UNCOVERED, ids=range(len(UNCOVERED)))
def test_what_no_signature_covers_is_named(tmp_path: Path, change: dict[str, str], words: str) -> None:
    report = check(tmp_path, GOOD | change)
    assert report.verdict is Verdict.CHANGED
    assert words in said(report)


# -- readers that disagree


def hidden() -> bytes:
    """Another document in front, which the list at the end does not name: readers of streams take that one."""
    front = packed({"word/document.xml": EVIL})
    return front[: front.index(b"PK\x01\x02")] + packed(GOOD)


WHOLE = packed(GOOD)
UNCLEAR = [
    (WHOLE + b"junk", "sau mục lục"),
    (WHOLE[:-2] + b"\x05\x00hello", "sau mục lục"),
    (WHOLE + packed({"word/document.xml": EVIL} | {PLACE: GOOD[PLACE]}), "nằm ngoài các phần"),
    (packed(GOOD | {"word/document.xml": EVIL}) + WHOLE, "nằm ngoài các phần"),
    (b"PK\x03\x04junk" + WHOLE, "nằm ngoài các phần"),
    (hidden(), "nằm ngoài các phần"),
    (packed([*GOOD.items(), ("word/document.xml", EVIL)]), "trùng tên"),
    (packed(GOOD | {"Word/Document.xml": EVIL}), "trùng tên"),
    (WHOLE.replace(b"word/styles.xml", b"word/stylez.xml", 1), "nằm ngoài các phần"),
]


@pytest.mark.parametrize(("package", "words"), UNCLEAR, ids=range(len(UNCLEAR)))
def test_a_package_that_reads_two_ways_is_not_judged(tmp_path: Path, package: bytes, words: str) -> None:
    report = check(tmp_path, package)
    assert report.verdict is Verdict.UNCHECKED
    assert words in said(report)


def test_a_package_written_as_a_stream_is_as_good(tmp_path: Path) -> None:
    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in GOOD.items():
            package.writestr(name, text)
    assert check(tmp_path, pipe.getvalue()).verdict is Verdict.VALID


# -- the signature's own XML


def made(parts: list[str], *, info: str = "", held: str = "", who: pki.Pair = pki.PERSON, shown: bytes = b"") -> str:
    """A signature over these references of a manifest; `info` goes into SignedInfo, `held` into the signed object."""
    inside = f'<Object xmlns="{DS}" Id="idPackageObject"><Manifest>{"".join(parts)}</Manifest>{held}</Object>'
    covered = (f'<SignedInfo xmlns="{DS}"><CanonicalizationMethod Algorithm="{C14N}"/>'
               f'<SignatureMethod Algorithm="{METHODS["sha256"][0]}"/>'
               f"{reference('#idPackageObject', canonical(inside), 'sha256')}{info}</SignedInfo>")  # fmt: skip
    value = base64.b64encode(who.key.sign(canonical(covered), padding.PKCS1v15(), hashes.SHA256())).decode()
    certificate = base64.b64encode(shown or who.der).decode()
    return (f'<Signature xmlns="{DS}">{covered}<SignatureValue>{value}</SignatureValue><KeyInfo><X509Data>'
            f"<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo>{inside}</Signature>")  # fmt: skip


def part(address: str, name: str, transforms: str = "") -> str:
    return reference(address, PARTS[name].encode(), "sha256", transforms)


CHOSEN = f'<Transform Algorithm="{TRANSFORM}"><m:RelationshipReference xmlns:m="{SIG}" SourceId="rId1"/></Transform>' \
         f'<Transform Algorithm="{C14N}"/>'  # fmt: skip
DOCUMENT = part(f"/word/document.xml?ContentType={MAIN}", "word/document.xml")
STYLES = part("/word/styles.xml?ContentType=application/xml", "word/styles.xml")
RELATIONS = reference(f"/{LINKS}?ContentType={RELS}", RELATED.encode(), "sha256", CHOSEN)
ALL = [DOCUMENT, STYLES, RELATIONS]
XSLT = '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>'
XPATH = '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>false()</XPath></Transform>'
TIME = f'<x:SigningTime xmlns:x="{XADES}">1999-01-01T00:00:00Z</x:SigningTime>'
TWICE = GOOD[PLACE].replace("</Signature>", '<Object Id="idPackageObject"/></Signature>')
LATER = made([DOCUMENT]).replace(
    "</Signature>", f'<Object Id="o2"><Manifest>{STYLES}{RELATIONS}</Manifest></Object></Signature>')  # fmt: skip
ASTRAY = [
    (made(ALL), Verdict.VALID, "nguyên vẹn"),
    (made([]), Verdict.CHANGED, "word/document.xml"),
    (made([part("/docProps/core.xml?ContentType=application/xml", "docProps/core.xml")]), Verdict.CHANGED, "document"),
    (made([DOCUMENT]), Verdict.CHANGED, "word/styles.xml"),
    (made([part("/word/document.xml", "word/document.xml"), STYLES, RELATIONS]), Verdict.CHANGED, "kiểu nội dung"),
    (LATER, Verdict.CHANGED, "word/styles.xml"),
    (made([part("/word/document.xml", "word/document.xml", XSLT), STYLES, RELATIONS]), Verdict.UNCHECKED, "chuẩn hóa"),
    (made([part("/word/document.xml", "word/document.xml", XPATH), STYLES, RELATIONS]), Verdict.UNCHECKED, "chuẩn hóa"),
    (made([*ALL, part("http://noi.khac/a.xml", "word/styles.xml")]), Verdict.UNCHECKED, "trỏ ra ngoài gói"),
    (made([*ALL, part("file:///etc/hostname", "word/styles.xml")]), Verdict.UNCHECKED, "trỏ ra ngoài gói"),
    (made([*ALL, part("//noi.khac/a.xml", "word/styles.xml")]), Verdict.UNCHECKED, "trỏ ra ngoài gói"),
    (made(ALL, info=part("http://noi.khac/", "word/styles.xml")), Verdict.UNCHECKED, "không rõ ràng"),
    (made(ALL, info=part("", "word/styles.xml")), Verdict.UNCHECKED, "không rõ ràng"),
    (TWICE, Verdict.UNCHECKED, "không rõ ràng"),
    ('<!DOCTYPE a [<!ENTITY b "c">]>' + GOOD[PLACE], Verdict.UNCHECKED, "DTD"),
    (GOOD[PLACE].replace("X509Certificate", "KeyName"), Verdict.UNCHECKED, "chứng thư nào"),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "verdict", "words"), ASTRAY, ids=range(len(ASTRAY)))
def test_a_signature_that_leads_astray_is_not_followed(tmp_path: Path, xml: str, verdict: Verdict, words: str) -> None:
    report = check(tmp_path, PARTS | {PLACE: xml})
    assert report.verdict is verdict, said(report)
    assert words in said(report)


def test_a_time_that_was_not_signed_is_not_shown(tmp_path: Path) -> None:
    forged = made(ALL).replace("</Signature>", f"<Object>{TIME}</Object></Signature>")
    assert check(tmp_path, PARTS | {PLACE: forged}).signatures[0].signed_at is None
    honest = check(tmp_path, PARTS | {PLACE: made(ALL, held=TIME)}).signatures[0]
    assert honest.signed_at and honest.signed_at.year == 1999
    assert "ngoài thời hạn chứng thư" in honest.reason


def test_the_certificate_is_the_one_that_the_signer_named(tmp_path: Path) -> None:
    digest = reference("", pki.PERSON.der, "sha256").partition(">")[2].removesuffix("</Reference>")
    named = f'<x:SigningCertificate xmlns:x="{XADES}"><x:Cert><x:CertDigest>{digest}</x:CertDigest></x:Cert>' \
            "</x:SigningCertificate>"  # fmt: skip
    assert check(tmp_path, PARTS | {PLACE: made(ALL, held=named)}).verdict is Verdict.VALID
    other = pki.issue("Tên Khác", pki.SUB, 3)  # another name on the same key
    report = check(tmp_path, PARTS | {PLACE: made(ALL, held=named, shown=other.der)})
    assert report.verdict is Verdict.BROKEN and "người ký đã ghi" in said(report)


def test_pictures_from_outside_are_told(tmp_path: Path) -> None:
    outside = f'<Relationship Id="rId1" Target="http://noi.khac/a.png" TargetMode="External" Type="{OFFICE}/%s">' \
              "</Relationship></Relationships>"  # fmt: skip
    for kind, told in (("image", True), ("hyperlink", False)):
        links = f'<Relationships xmlns="{REL}">{outside % kind}'
        relations = reference(f"/{LINKS}?ContentType={RELS}", links.encode(), "sha256", CHOSEN)
        report = check(tmp_path, PARTS | {LINKS: links, PLACE: made([DOCUMENT, STYLES, relations])})
        assert report.verdict is Verdict.VALID, said(report)
        assert ("http://noi.khac/a.png" in said(report)) == told


def test_signatures_are_found_where_the_package_says(tmp_path: Path) -> None:
    # Where .NET puts them.
    folder = "package/services/digital-signature"
    held = {f"{folder}/xml-signature/a.psdsxs": GOOD[PLACE], f"{folder}/origin.psdsor": "",
            f"{folder}/_rels/origin.psdsor.rels": f'<Relationships xmlns="{REL}">'
            + link(f"{PACKAGE}/digital-signature/signature", "xml-signature/a.psdsxs"),
            } | linked(OWN, link(f"{PACKAGE}/digital-signature/origin", f"{folder}/origin.psdsor"))  # fmt: skip
    assert check(tmp_path, PARTS | held).verdict is Verdict.VALID
    held.pop(f"{folder}/xml-signature/a.psdsxs")
    report = check(tmp_path, PARTS | held)
    assert report.verdict is Verdict.UNCHECKED and "không còn" in said(report)


def test_the_worst_of_two_signatures_decides(tmp_path: Path) -> None:
    both = GOOD | {"_xmlsignatures/sig2.xml": signature(pki.SEAL)}
    assert check(tmp_path, both).verdict is Verdict.VALID
    forged = signature(pki.SEAL).replace("<SignatureValue>", "<SignatureValue>AAAA")
    assert check(tmp_path, both | {"_xmlsignatures/sig2.xml": forged}).verdict is Verdict.BROKEN
    assert check(tmp_path, both | {TYPES: PARTS[TYPES].replace(MAIN, "text/plain")}).verdict is Verdict.BROKEN
