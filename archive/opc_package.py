"""An Office package (ISO/IEC 29500-2): its parts, types and relationships, and whether it reads one way only."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archive import xmldsig
from archive.cms import Unparsed

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES, OWN = "[Content_Types].xml", "_rels/.rels"
SIGNATURES = "_xmlsignatures/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships/"
_OFFICE = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
           "http://purl.oclc.org/ooxml/officeDocument/relationships/")  # fmt: skip
_MAIN = (*(f"{base}officeDocument" for base in _OFFICE), "http://schemas.microsoft.com/visio/2010/relationships/document")
_ORIGIN, _SIGNATURE = f"{_PACKAGE}digital-signature/origin", f"{_PACKAGE}digital-signature/signature"
_ABOUT = (
    f"{_PACKAGE}metadata/core-properties", f"{_PACKAGE}metadata/thumbnail",
    *(f"{base}{kind}" for base in _OFFICE for kind in ("extended-properties", "custom-properties")),
    "http://purl.oclc.org/ooxml/officeDocument/relationships/extendedProperties",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties",
    "http://purl.oclc.org/ooxml/package/relationships/metadata/core-properties",
    "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels",
)  # fmt: skip
"""What Office itself leaves out of its signatures: properties, thumbnail, label."""
_USUAL = re.compile(r"docProps/(?:core|app|custom)\.xml|docProps/thumbnail\.\w+")
_LARGEST = 256 << 20
_LOCAL, _END = struct.Struct("<4s22xHH"), struct.Struct("<4s8xLLH")
_DESCRIPTOR, _ZIP64 = (12, 16, 20, 24), 76


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part, or of the package."""

    kind: str
    target: str
    """Name of the part; the address as it stands where `external`."""
    external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """An open package."""

    archive: zipfile.ZipFile

    def part(self, name: str) -> bytes | None:
        """The bytes of a part; None when it is not there. Raises `Unparsed` for one too large."""
        try:
            entry = self.archive.getinfo(name)
        except KeyError:
            return None
        if entry.file_size > _LARGEST:
            raise Unparsed(f"phần {name} quá lớn")
        return self.archive.read(entry)

    def parts(self) -> list[str]:
        """Names of all parts."""
        return [name for name in self.archive.namelist() if not name.endswith("/")]

    def content_type(self, name: str) -> str:
        """The declared type of a part; empty where none is declared."""
        types = xmldsig.parse(self.part(TYPES) or b"")
        ending = name.rpartition(".")[2].casefold()
        default = ""
        for one in types:
            if one.get("PartName", "").casefold() == f"/{name}".casefold():
                return one.get("ContentType", "")
            if one.get("Extension", "").casefold() == ending:
                default = one.get("ContentType", "")
        return default

    def relations(self, of: str = "") -> list[Relation]:
        """The relationships of a part, or of the package itself. Raises `Unparsed`."""
        folder, data = posixpath.dirname(of), self.part(_relations_of(of))
        return [_relation(one, folder) for one in xmldsig.parse(data).iter(RELATIONS + "Relationship")] if data else []


def _relations_of(part: str) -> str:
    folder, _, own = part.rpartition("/")
    return posixpath.join(folder, "_rels", f"{own}.rels")


def _relation(element: Any, folder: str) -> Relation:
    target, external = element.get("Target", ""), element.get("TargetMode", "Internal") != "Internal"
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
    return Relation(element.get("Type", ""), target, external)


def signature_parts(package: Package) -> list[str]:
    """Where the signatures lie, by their place and by the package's relationships; also such as are gone."""
    found = {name for name in package.parts() if name.startswith(SIGNATURES) and name.endswith(".xml")}
    for origin in (one.target for one in package.relations() if one.kind == _ORIGIN):
        found |= {one.target for one in package.relations(origin) if one.kind == _SIGNATURE and not one.external}
    return sorted(found)


def mains(package: Package) -> list[Relation]:
    """What the package says is its document: exactly one in an honest package."""
    return [one for one in package.relations() if one.kind in _MAIN]


def left_out(package: Package) -> set[str]:
    """Parts that no signature of Office covers, and that no part of the document shows."""
    own = package.relations()
    about = {one.target for one in own if one.kind in _ABOUT and not one.external}
    shown = {one.target for name in _related(package) for one in package.relations(name)}
    shown |= {one.target for one in own if one.kind not in (*_ABOUT, _ORIGIN)}
    origins = {one.target for one in own if one.kind == _ORIGIN}
    signing = {*origins, *signature_parts(package)}
    signing |= {one.target for name in signing for one in package.relations(name)}
    signing |= {_relations_of(name) for name in signing}
    signing |= {f"{SIGNATURES}origin.sigs", f"{SIGNATURES}_rels/origin.sigs.rels"}
    about |= {name for name in package.parts() if _USUAL.fullmatch(name)}
    return (about - shown) | signing | {TYPES, OWN}


def links_out(package: Package) -> list[str]:
    """Addresses outside from which the document draws pictures, templates or data; plain links do not count."""
    found = (one for name in _related(package) for one in package.relations(name))
    return sorted({one.target for one in found if one.external and not one.kind.endswith("/hyperlink")})


def _related(package: Package) -> Iterator[str]:
    """The parts of the document that have relationships."""
    for name in package.parts():
        folder, found, own = name.rpartition("_rels/")
        if found and own.endswith(".rels") and own != ".rels" and not name.startswith((SIGNATURES, "package/")):
            yield folder + own.removesuffix(".rels")


def ambiguity(path: Path, archive: zipfile.ZipFile) -> str | None:
    """What other readers of ZIP might see instead, in Vietnamese; None where there is nothing else to see."""
    names = archive.namelist()
    if len({name.casefold() for name in names}) != len(names):
        return "gói tệp có phần trùng tên"
    size = path.stat().st_size
    with path.open("rb") as stream:
        starts = sorted(archive.infolist(), key=lambda one: one.header_offset)
        follows = [one.header_offset for one in starts[1:]] + [archive.start_dir]
        at = 0
        for entry, follow in zip(starts, follows, strict=True):
            if entry.header_offset != at or not _fills(stream, entry, follow):
                return "gói tệp có dữ liệu nằm ngoài các phần được liệt kê"
            at = follow
        end = size - _END.size - len(archive.comment)
        stream.seek(max(0, end))
        sign, length, _, comment = _END.unpack(stream.read(_END.size).ljust(_END.size, b"\0"))
    gap = end - archive.start_dir - length
    if sign != b"PK\x05\x06" or comment or gap not in (0, _ZIP64):
        return "gói tệp có dữ liệu thêm sau mục lục"
    return None


def _fills(stream: Any, entry: zipfile.ZipInfo, follow: int) -> bool:
    """Whether an entry's own header and data reach up to what follows, under the name of the list."""
    stream.seek(entry.header_offset)
    _, name, extra = _LOCAL.unpack(stream.read(_LOCAL.size).ljust(_LOCAL.size, b"\0"))
    same = stream.read(name) == entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    left = follow - (entry.header_offset + _LOCAL.size + name + extra + entry.compress_size)
    return same and (left == 0 or (bool(entry.flag_bits & 8) and left in _DESCRIPTOR))
