"""Signatures of Office packages (DOCX, XLSX, PPTX): ISO/IEC 29500-2, 13, over parts and relationships.

Whatever part or relationship no signature covers is named: what it adds was never signed.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archive import cms, signers, verdicts, xmldsig
from archive.cms import Unparsed
from archive.signers import Evidence, Judged
from archive.trust import Trust
from archive.verdicts import Changes, Report, Signature, Verdict
from archive.xmldsig import DS, XmlSignature

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TRANSFORM = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
_SIGNING = "{http://schemas.openxmlformats.org/package/2006/digital-signature}"
_ORIGIN = "_xmlsignatures/"
_TYPES = "[Content_Types].xml"
_ODF = "META-INF/documentsignatures.xml"
_UNSIGNED_BY_DESIGN = ("docProps/", _ORIGIN, _TYPES, "_rels/.rels")
"""What Office itself leaves out: properties, thumbnails, the signatures, the package's own relationships."""
_LARGEST = 256 << 20
_MOST = 5000


def verify(path: Path, trust: Trust, *, at: dt.datetime, known_since: dt.datetime | None = None) -> Report:
    """The signatures of a package; a file that is none has none."""
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            if _ODF in names:
                return Report(Verdict.UNCHECKED, (), at, "chưa biết kiểm tra chữ ký của tệp OpenDocument")
            signed = [name for name in names if name.startswith(_ORIGIN) and name.endswith(".xml")]
            if not signed:
                return Report(Verdict.UNSIGNED, (), at)
            if len(names) > _MOST or len({name.casefold() for name in names}) != len(names):
                return Report(Verdict.UNCHECKED, (), at, "gói tệp có quá nhiều phần hoặc có phần trùng tên")
            moment = min(at, known_since or at)
            found = tuple(_signature(_Package(package), name, trust, moment) for name in sorted(signed))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return Report(Verdict.UNCHECKED, (), at, "gói tệp hỏng hoặc có mật khẩu")
    return Report(verdicts.worst(found), found, at)


@dataclass(frozen=True, slots=True)
class _Package:
    archive: zipfile.ZipFile
    covered: set[str] = field(default_factory=set)
    """Parts whose digest was found right."""
    loose: list[str] = field(default_factory=list)
    """Relationship parts with entries that the signature does not name."""

    def part(self, name: str) -> bytes | None:
        """The bytes of a part; None when it is not there. Raises `Unparsed` for one too large."""
        try:
            entry = self.archive.getinfo(name)
        except KeyError:
            return None
        if entry.file_size > _LARGEST:
            raise Unparsed(f"phần {name} quá lớn")
        return self.archive.read(entry)


def _signature(package: _Package, name: str, trust: Trust, moment: dt.datetime) -> Signature:
    try:
        signature = xmldsig.read(package.part(name) or b"")
    except Unparsed as problem:
        return _signed(name, Judged(), None, Changes.UNKNOWN, Verdict.UNCHECKED, str(problem))
    judged = Judged()
    try:
        judged = _judged(signature, trust, moment)
        wrong = _differing(package, signature)
        genuine = xmldsig.value_holds(signature)
    except Unparsed as problem:
        return _signed(name, judged, None, Changes.UNKNOWN, Verdict.UNCHECKED, str(problem))
    if not genuine:
        reason = "giá trị chữ ký không phải do khóa của chứng thư này tạo ra"
        return _signed(name, judged, not wrong, Changes.UNKNOWN, Verdict.BROKEN, reason)
    if wrong:
        reason = "nội dung đã ký bị sửa: " + ", ".join(wrong[:5])
        return _signed(name, judged, False, Changes.UNKNOWN, Verdict.BROKEN, reason)
    missing = _uncovered(package)
    if missing:
        reason = "tệp có phần không nằm trong chữ ký: " + ", ".join(missing[:5])
        return _signed(name, judged, True, Changes.OTHER, Verdict.CHANGED, reason)
    return _signed(name, judged, True, Changes.NONE, judged.verdict, judged.reason)


def _signed(
    name: str, judged: Judged, intact: bool | None, changes: Changes, verdict: Verdict, reason: str
) -> Signature:
    coverage = None if intact is None else "revision" if changes is Changes.OTHER else "whole-file"
    return Signature(
        signer=judged.signer, organisation=judged.organisation, serial=judged.serial, signed_at=judged.signed_at,
        timestamped=judged.timestamped, intact=intact, trusted=judged.trusted, coverage=coverage, changes=changes,
        verdict=verdict, reason=reason[:1].upper() + reason[1:], field=name, issuer=judged.issuer,
        not_before=judged.not_before, not_after=judged.not_after, proved_at=judged.proved_at, notes=judged.notes,
        chain=judged.chain, proofs=judged.proofs,
    )  # fmt: skip


def _judged(signature: XmlSignature, trust: Trust, moment: dt.datetime) -> Judged:
    evidence = Evidence(trust, signature.others, trust.crls, trust.ocsps)
    stamp, doubt = None, None
    held = xmldsig.token(signature.root)
    if held is not None:
        stamp = cms.stamp(*held)
        if stamp is None or not signers.stamp_trusted(stamp.signed, moment, evidence):
            stamp, doubt = None, "dấu thời gian của nơi cấp chưa được tin cậy nên không tính"
    weak = signature.weak
    if weak is None and any(map(xmldsig.weak_digest, signature.root.iter(DS + "Reference"))):
        weak = "SHA-1"
    return signers.settle(
        signature.certificate, evidence, weak=weak, claimed=xmldsig.signed_at(signature.root),
        proved=min(moment, stamp.at) if stamp else moment, stamped_at=stamp.at if stamp else None, doubt=doubt,
    )  # fmt: skip


def _differing(package: _Package, signature: XmlSignature) -> list[str]:
    """Names of what no longer has the digest that was signed; notes what has."""
    wrong: list[str] = []
    signed: list[Any] = []
    for reference in xmldsig.only(signature.root, DS + "SignedInfo").findall(DS + "Reference"):
        if not xmldsig.digest_matches(reference, xmldsig.inner_bytes(signature.root, reference)):
            wrong.append(reference.get("URI", ""))
        signed.append(xmldsig.inner(signature.root, reference))
    # Only manifests inside a signed object count: any other could have been put in later.
    for manifest in (one for element in signed for one in element.iter(DS + "Manifest")):
        for reference in manifest.findall(DS + "Reference"):
            name = unquote(reference.get("URI", "").partition("?")[0]).lstrip("/")
            if not _matches(package, reference, name):
                wrong.append(name)
            else:
                package.covered.add(name)
    return wrong


def _matches(package: _Package, reference: Any, name: str) -> bool:
    data = package.part(name)
    if data is None:
        return False
    declared = reference.get("URI", "").partition("?ContentType=")[2]
    if declared and declared.casefold() != _content_type(package, name).casefold():
        return False
    for transform in xmldsig.transforms(reference):
        method = transform.get("Algorithm", "")
        if method == _TRANSFORM:
            data = _related(package, name, data, transform)
        else:
            data = xmldsig.canonical(xmldsig.parse(data), method)
    return xmldsig.digest_matches(reference, data)


def _content_type(package: _Package, name: str) -> str:
    types = xmldsig.parse(package.part(_TYPES) or b"")
    ending = name.rpartition(".")[2].casefold()
    default = ""
    for one in types:
        if one.get("PartName", "").casefold() == f"/{name}".casefold():
            return one.get("ContentType", "")
        if one.get("Extension", "").casefold() == ending:
            default = one.get("ContentType", "")
    return default


def _related(package: _Package, name: str, data: bytes, transform: Any) -> bytes:
    """The relationships a signature names, in the form that is digested (ISO/IEC 29500-2, 13.2.4.24)."""
    ids = {one.get("SourceId") for one in transform.findall(_SIGNING + "RelationshipReference")}
    types = {one.get("SourceType") for one in transform.findall(_SIGNING + "RelationshipsGroupReference")}
    root = xmldsig.parse(data)
    every = root.findall(_RELATIONS + "Relationship")
    chosen = sorted(
        (one for one in every if one.get("Id") in ids or one.get("Type") in types), key=lambda one: one.get("Id", "")
    )
    if len(chosen) < len(every) and name != "_rels/.rels":
        package.loose.append(name)
    for child in list(root):
        root.remove(child)
    root.text = None
    for one in chosen:
        for child in list(one):
            one.remove(child)
        one.text = one.tail = None
        if "TargetMode" not in one.attrib:
            one.set("TargetMode", "Internal")
        root.append(one)
    return xmldsig.canonical(root, xmldsig.INCLUSIVE)


def _uncovered(package: _Package) -> list[str]:
    """Parts of the document outside the signature, and relationships put beside the signed ones."""
    missing = [
        name
        for name in package.archive.namelist()
        if not name.endswith("/") and name not in package.covered and not name.startswith(_UNSIGNED_BY_DESIGN)
    ]
    main = _main(package)
    if main not in package.covered and main not in missing:
        missing.insert(0, main or "nội dung chính")
    return [*missing, *(f"liên kết thêm trong {name}" for name in package.loose)]


def _main(package: _Package) -> str:
    """The part that the package says is its document."""
    for one in xmldsig.parse(package.part("_rels/.rels") or b""):
        if one.get("Type", "").endswith("/officeDocument"):
            return posixpath.normpath(one.get("Target", "").lstrip("/"))
    return ""
