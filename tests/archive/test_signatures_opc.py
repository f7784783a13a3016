"""Signed Office packages: parts, relationships and what was put beside them."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from archive import opc_signatures
from archive.verdicts import Report, Verdict
from tests.archive import pki

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
REL = "http://schemas.openxmlformats.org/package/2006/relationships"
SIG = "http://schemas.openxmlformats.org/package/2006/digital-signature"
TRANSFORM = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELS = "application/vnd.openxmlformats-package.relationships+xml"
METHODS = {"sha256": ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"),
           "sha1": (f"{DS}rsa-sha1", f"{DS}sha1")}  # fmt: skip

PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{RELS}"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>'
    ),
    "_rels/.rels": f'<Relationships xmlns="{REL}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>',
    "word/document.xml": "<document><p>Kế hoạch, kinh phí 1.000.000 đồng</p></document>",
    "word/styles.xml": "<styles/>",
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{REL}"><Relationship Id="rId1" Type="{OFFICE}/styles" '
    'Target="styles.xml"/></Relationships>',
    "docProps/core.xml": "<core/>",
}
RELATED = f'<Relationships xmlns="{REL}"><Relationship Id="rId1" Target="styles.xml" TargetMode="Internal" ' \
          f'Type="{OFFICE}/styles"></Relationship></Relationships>'  # fmt: skip


def digest(data: bytes, md: str) -> str:
    return base64.b64encode(hashlib.new(md, data).digest()).decode()


def reference(uri: str, data: bytes, md: str, transforms: str = "") -> str:
    inside = f"<Transforms>{transforms}</Transforms>" if transforms else ""
    return (f'<Reference URI="{uri}">{inside}<DigestMethod Algorithm="{METHODS[md][1]}"/>'
            f"<DigestValue>{digest(data, md)}</DigestValue></Reference>")  # fmt: skip


def canonical(xml: str) -> bytes:
    return etree.tostring(etree.fromstring(xml), method="c14n")


def signature(who: pki.Pair, md: str = "sha256") -> str:
    """What Office writes: a manifest of parts in an object that SignedInfo covers."""
    related = (
        f'<Transform Algorithm="{TRANSFORM}"><m:RelationshipReference xmlns:m="{SIG}" SourceId="rId1"/></Transform>'
        f'<Transform Algorithm="{C14N}"/>'
    )
    manifest = "".join([
        reference(f"/word/document.xml?ContentType={MAIN}", PARTS["word/document.xml"].encode(), md),
        reference("/word/styles.xml?ContentType=application/xml", PARTS["word/styles.xml"].encode(), md),
        reference(f"/word/_rels/document.xml.rels?ContentType={RELS}", RELATED.encode(), md, related),
    ])  # fmt: skip
    held = f'<Object xmlns="{DS}" Id="idPackageObject"><Manifest>{manifest}</Manifest></Object>'
    info = (f'<SignedInfo xmlns="{DS}"><CanonicalizationMethod Algorithm="{C14N}"/>'
            f'<SignatureMethod Algorithm="{METHODS[md][0]}"/>'
            f"{reference('#idPackageObject', canonical(held), md)}</SignedInfo>")  # fmt: skip
    chosen = hashes.SHA256() if md == "sha256" else hashes.SHA1()
    value = base64.b64encode(who.key.sign(canonical(info), padding.PKCS1v15(), chosen)).decode()
    certificate = base64.b64encode(who.der).decode()
    return (f'<Signature xmlns="{DS}">{info}<SignatureValue>{value}</SignatureValue><KeyInfo><X509Data>'
            f"<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo>{held}</Signature>")  # fmt: skip


def check(tmp_path: Path, parts: dict[str, str]) -> Report:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for part, text in parts.items():
            package.writestr(part, text)
    path = tmp_path / "van-ban.docx"
    path.write_bytes(stream.getvalue())
    return opc_signatures.verify(path, pki.trust(), at=pki.NOW)


def signed(who: pki.Pair = pki.PERSON, md: str = "sha256") -> dict[str, str]:
    return PARTS | {"_xmlsignatures/sig1.xml": signature(who, md)}


def test_a_good_signature_is_valid(tmp_path: Path) -> None:
    report = check(tmp_path, signed())
    assert report.verdict is Verdict.VALID, report.signatures[0].reason
    assert report.signatures[0].signer == "Trần Văn Lực"


def put(part: str, old: str, new: str) -> Callable[[dict[str, str]], object]:
    return lambda parts: parts.update({part: parts.get(part, old).replace(old, new)})


FONTS = f'<Relationship Id="rId2" Type="{OFFICE}/fonts" Target="x.xml"/></Relationships>'
CHANGES: list[tuple[Callable[[dict[str, str]], object], Verdict, str]] = [
    (put("word/document.xml", "1.000", "9.000"), Verdict.BROKEN, "document.xml"),
    (lambda parts: parts.pop("word/styles.xml"), Verdict.BROKEN, "styles.xml"),
    (put("word/media.xml", "<x/>", "<y/>"), Verdict.CHANGED, "word/media.xml"),
    (put("word/_rels/document.xml.rels", "</Relationships>", FONTS), Verdict.CHANGED, "liên kết thêm"),
    (put("[Content_Types].xml", MAIN, "text/plain"), Verdict.BROKEN, "document.xml"),
    (put("_rels/.rels", "word/document.xml", "docProps/core.xml"), Verdict.CHANGED, "core.xml"),
    (lambda parts: parts.update({"_xmlsignatures/sig1.xml": "<x"}), Verdict.UNCHECKED, "XML"),
    (put("docProps/core.xml", "<core/>", "<core>khác</core>"), Verdict.VALID, "nguyên vẹn"),
]


@pytest.mark.parametrize(("change", "verdict", "words"), CHANGES)
def test_each_change_is_named(tmp_path: Path, change, verdict: Verdict, words: str) -> None:
    parts = signed()
    change(parts)
    found = check(tmp_path, parts).signatures[0]
    assert found.verdict is verdict, found.reason
    assert words in found.reason


def test_the_signer_is_judged_as_in_a_pdf(tmp_path: Path) -> None:
    assert check(tmp_path, signed(pki.STRANGER)).verdict is Verdict.UNKNOWN_SIGNER
    assert check(tmp_path, signed(pki.EXPIRED)).verdict is Verdict.EXPIRED
    assert check(tmp_path, signed(md="sha1")).verdict is Verdict.WEAK


def test_a_changed_signature_value_is_broken(tmp_path: Path) -> None:
    parts = signed()
    other = signature(pki.SEAL).partition("<SignatureValue>")[2].partition("<")[0]
    ours = parts["_xmlsignatures/sig1.xml"].partition("<SignatureValue>")[2].partition("<")[0]
    parts["_xmlsignatures/sig1.xml"] = parts["_xmlsignatures/sig1.xml"].replace(ours, other)
    assert check(tmp_path, parts).verdict is Verdict.BROKEN


def test_a_package_without_signatures_is_unsigned(tmp_path: Path) -> None:
    assert check(tmp_path, PARTS).verdict is Verdict.UNSIGNED
