"""Signatures of Office packages (DOCX, XLSX, PPTX): ISO/IEC 29500-2, 13, over parts and relationships.

Whatever part or relationship no signature covers is named: what it adds was never signed.
"""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archive import byteranges, cms, opc_package, signers, verdicts, xmldsig
from archive.cms import Unparsed
from archive.opc_package import RELATIONS, Package
from archive.signers import Evidence, Judged
from archive.trust import Trust
from archive.verdicts import Changes, Report, Signature, Verdict
from archive.xmldsig import DS, XmlSignature

_TRANSFORM = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
_SIGNING = "{http://schemas.openxmlformats.org/package/2006/digital-signature}"
_ODF = "META-INF/documentsignatures.xml"
_MOST = 5000


def verify(path: Path, trust: Trust, *, at: dt.datetime, known_since: dt.datetime | None = None) -> Report:
    """The signatures of a package; a file that is none has none."""
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            if _ODF in names:
                return Report(Verdict.UNCHECKED, (), at, "chưa biết kiểm tra chữ ký của tệp OpenDocument")
            if len(names) > _MOST:
                return Report(Verdict.UNCHECKED, (), at, "gói tệp có quá nhiều phần")
            signed = opc_package.signature_parts(Package(package))
            if not signed:
                return Report(Verdict.UNSIGNED, (), at)
            doubt = opc_package.ambiguity(path, package)
            if doubt:
                reason = f"{doubt}: các trình đọc có thể thấy nội dung khác nhau"
                return Report(Verdict.UNCHECKED, (), at, reason)
            moment = min(at, known_since or at)
            found = tuple(_signature(_Covered(Package(package)), name, trust, moment) for name in signed)
    except Unparsed as problem:
        return Report(Verdict.UNCHECKED, (), at, f"chưa đọc được cấu trúc của gói tệp: {problem}")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return Report(Verdict.UNCHECKED, (), at, "gói tệp hỏng hoặc có mật khẩu")
    return Report(verdicts.worst(found), found, at)


@dataclass(frozen=True, slots=True)
class _Covered:
    """How far one signature covers a package."""

    package: Package
    covered: set[str] = field(default_factory=set)
    """Parts whose digest was found right."""
    loose: list[str] = field(default_factory=list)
    """What of a covered part the signature leaves open, in Vietnamese."""


def _signature(held: _Covered, name: str, trust: Trust, moment: dt.datetime) -> Signature:
    judged = Judged()
    try:
        data = held.package.part(name)
        if data is None:
            raise Unparsed("gói tệp khai báo có chữ ký nhưng phần chữ ký không còn")
        signature = xmldsig.read(data)
        judged = _judged(signature, trust, moment)
        wrong = _differing(held, signature)
        genuine = xmldsig.value_holds(signature)
        named = xmldsig.names_certificate(signature)
        missing = _uncovered(held)
        outside = opc_package.links_out(held.package)
    except Unparsed as problem:
        return _signed(name, judged, None, Changes.UNKNOWN, Verdict.UNCHECKED, str(problem))
    if not genuine or not named:
        reason = byteranges.FORGED if not genuine else byteranges.EXCHANGED
        return _signed(name, judged, not wrong, Changes.UNKNOWN, Verdict.BROKEN, reason)
    if wrong:
        reason = "nội dung đã ký bị sửa: " + ", ".join(wrong[:5])
        return _signed(name, judged, False, Changes.UNKNOWN, Verdict.BROKEN, reason)
    if missing:
        reason = "tệp có phần không nằm trong chữ ký: " + ", ".join(missing[:5])
        return _signed(name, judged, True, Changes.OTHER, Verdict.CHANGED, reason)
    if outside:
        note = f"văn bản lấy hình hoặc dữ liệu ở ngoài tệp, chữ ký không giữ được: {', '.join(outside[:3])}"
        judged = replace(judged, reason=f"{judged.reason}; {note}", notes=(*judged.notes, note))
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
        signature.certificate, evidence, weak=weak, claimed=xmldsig.signed_at(signature),
        proved=min(moment, stamp.at) if stamp else moment, stamped_at=stamp.at if stamp else None, doubt=doubt,
    )  # fmt: skip


def _differing(held: _Covered, signature: XmlSignature) -> list[str]:
    """Names of what no longer has the digest that was signed; notes what has."""
    wrong: list[str] = []
    for reference in xmldsig.references(signature.root):
        if not xmldsig.digest_matches(reference, xmldsig.inner_bytes(signature.root, reference)):
            wrong.append(reference.get("URI", ""))
    # Only manifests inside a signed object count: any other could have been put in later.
    for manifest in (one for element in xmldsig.covered(signature.root) for one in element.iter(DS + "Manifest")):
        for reference in manifest.findall(DS + "Reference"):
            address = reference.get("URI", "").partition("?")[0]
            if ":" in address or address.startswith("//"):
                raise Unparsed(f"chữ ký trỏ ra ngoài gói tệp: {address[:80]}")
            name = unquote(address).lstrip("/")
            if not _matches(held, reference, name):
                wrong.append(name)
            else:
                held.covered.add(name)
    return wrong


def _matches(held: _Covered, reference: Any, name: str) -> bool:
    data = held.package.part(name)
    if data is None:
        return False
    declared = reference.get("URI", "").partition("?ContentType=")[2]
    if not declared:
        held.loose.append(f"kiểu nội dung của {name}")
    elif declared.casefold() != held.package.content_type(name).casefold():
        return False
    for transform in xmldsig.transforms(reference):
        method = transform.get("Algorithm", "")
        if method == _TRANSFORM:
            data = _related(held, name, data, transform)
        else:
            data = xmldsig.canonical(xmldsig.parse(data), method)
    return xmldsig.digest_matches(reference, data)


def _related(held: _Covered, name: str, data: bytes, transform: Any) -> bytes:
    """The relationships a signature names, in the form that is digested (ISO/IEC 29500-2, 13.2.4.24)."""
    ids = {one.get("SourceId") for one in transform.findall(_SIGNING + "RelationshipReference")}
    types = {one.get("SourceType") for one in transform.findall(_SIGNING + "RelationshipsGroupReference")}
    root = xmldsig.parse(data)
    every = root.findall(RELATIONS + "Relationship")
    chosen = sorted(
        (one for one in every if one.get("Id") in ids or one.get("Type") in types), key=lambda one: one.get("Id", "")
    )
    # Whatever else stands there counts, in whatever wrapping: a reader may take it for a relationship.
    if len(chosen) < sum(1 for _ in root.iter("*")) - 1 and name != opc_package.OWN:
        held.loose.append(f"liên kết thêm trong {name}")
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


def _uncovered(held: _Covered) -> list[str]:
    """Parts of the document outside the signature, and relationships put beside the signed ones."""
    known = held.covered | opc_package.left_out(held.package)
    mains = opc_package.mains(held.package)
    missing = [one.target for one in mains if one.external or one.target not in held.covered]
    if len(mains) != 1:
        missing.insert(0, f"gói khai báo {len(mains)} nội dung chính")
    missing += [name for name in held.package.parts() if name not in known and name not in missing]
    return [*missing, *held.loose]
