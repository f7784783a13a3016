"""Dossiers and their papers as XML, piece by piece, and the schema (XSD) that these files keep to.

Elements are the fields of Nghị định 30/2020/NĐ-CP, Phụ lục VI. What a field cannot hold is shortened or left out,
and the attribute `shortened` or `unfit` names it: the archive keeps it whole.
"""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus import dossier_metadata, metadata
from corpus.metadata import Field, Kind

NAMESPACE = "urn:vankho:submission:1"
SCHEMA = "vankho-submission.xsd"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Characters XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LISTED = "OrganName"


@dataclass(frozen=True, slots=True)
class File:
    """Where in the package the bytes of a paper are."""

    path: str
    name: str
    media_type: str
    size: int
    sha512: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a dossier."""

    document: str
    register: str | None
    values: Mapping[str, str]
    file: File | None
    """None when its bytes are not in the archive any more."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something that a person decided of a dossier: its term, or that something is held back."""

    what: str
    """`Decision` or `Hold`."""
    subject: str
    by: str
    at: dt.datetime
    words: str
    basis: str = ""


def dossier(
    identifier: str, fonds: tuple[str, str], values: Mapping[str, str], said: Sequence[Said], papers: Iterable[Paper]
) -> Iterator[bytes]:
    """One dossier with its papers in order; `fonds`: id and name."""
    root = ET.Element("Dossier", {"xmlns": NAMESPACE, "id": identifier})
    _fields(root, dossier_metadata.FIELDS, values)
    ET.SubElement(root, "Fonds", {"id": fonds[0]} if fonds[0] else {}).text = _clean(fonds[1])
    for one in said:
        told = {"subject": one.subject, "by": _clean(one.by), "at": one.at.isoformat(timespec="seconds")}
        told |= {"basis": _clean(one.basis)} if one.basis else {}
        ET.SubElement(root, one.what, told).text = _clean(one.words)
    ET.indent(root)
    yield (_HEAD + _open(root) + "  <Documents>\n").encode()
    for paper in papers:
        yield _paper(paper).encode()
    yield b"  </Documents>\n</Dossier>\n"


def _open(root: ET.Element) -> str:
    """An element and its children, without its end."""
    whole = ET.tostring(root, encoding="unicode")
    return whole.removesuffix(f"</{root.tag}>")


def _paper(paper: Paper) -> str:
    one = ET.Element("Document", {"id": paper.document} | ({"register": paper.register} if paper.register else {}))
    _fields(one, metadata.FIELDS, paper.values)
    if paper.file:
        file = paper.file
        told = {"path": file.path, "name": file.name, "mediaType": file.media_type, "size": str(file.size)}
        ET.SubElement(one, "File", {name: _clean(text) for name, text in told.items()} | {"sha512": file.sha512})
    ET.indent(one)
    return "".join(f"    {line}\n" for line in ET.tostring(one, encoding="unicode").split("\n"))


def _fields(parent: ET.Element, fields: Sequence[Field], values: Mapping[str, str]) -> None:
    """The fields that have a value, in their order, and which of them are not whole."""
    shortened, unfit = [], []
    for field in fields:
        value = _clean(values.get(field.name, "")).strip()
        if not value:
            continue
        if not _fits(field, value):
            unfit.append(field.name)
            continue
        short = metadata.shortened(field, value)
        if short != value:
            shortened.append(field.name)
        _put(parent, field, short)
    for name, some in (("shortened", shortened), ("unfit", unfit)):
        if some:
            parent.set(name, " ".join(some))


def _fits(field: Field, value: str) -> bool:
    if field.kind is Kind.NUMBER:
        return value.isascii() and value.isdigit() and len(value) <= field.longest
    if field.kind is not Kind.DATE:
        return True
    try:
        return bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _put(parent: ET.Element, field: Field, value: str) -> None:
    group, _, part = field.name.partition(".")
    if field.kind is Kind.LIST:
        above = ET.SubElement(parent, group)
        for line in filter(None, value.split("\n")):
            ET.SubElement(above, _LISTED).text = line
        return
    if part:
        found = parent.find(group)
        parent = found if found is not None else ET.SubElement(parent, group)
    ET.SubElement(parent, part or group).text = value


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)


# The package as a whole


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a package has a dossier."""

    identifier: str
    code: str
    year: int
    title: str
    documents: int
    href: str


def submission(
    office: str, at: dt.datetime, fonds: Iterable[Mapping[str, str]], dossiers: Iterable[Reference]
) -> Iterator[bytes]:
    """The map of a package: whose papers, which dossiers, where each is told of."""
    root = ET.Element(
        "Submission", {"xmlns": NAMESPACE, "office": _clean(office), "at": at.isoformat(timespec="seconds")}
    )
    for one in fonds:
        ET.SubElement(root, "Fonds", {name: _clean(value) for name, value in one.items() if value})
    root.text = "\n  " if len(root) else "\n"
    for one in root:
        one.tail = "\n  " if one is not root[-1] else "\n"
    yield (_HEAD + _closing(root)).encode()
    for one in dossiers:
        told = {
            "id": one.identifier, "code": _clean(one.code), "year": str(one.year), "documents": str(one.documents),
            "href": one.href,
        }  # fmt: skip
        element = ET.Element("Dossier", told)
        element.text = _clean(one.title)
        yield f"  {ET.tostring(element, encoding='unicode')}\n".encode()
    yield b"</Submission>\n"


def _closing(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode").removesuffix("</Submission>")


# The schema

_TEXTS = {Kind.TEXT, Kind.LONG, Kind.LIST}
_XSD = """<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{namespace}" targetNamespace="{namespace}"
  elementFormDefault="qualified">
  <xs:annotation><xs:documentation xml:lang="vi">Gói hồ sơ nộp lưu của Vankho. Trường: Nghị định 30/2020/NĐ-CP, \
Phụ lục VI; phần lưu trữ thêm ghi (+).</xs:documentation></xs:annotation>
  <xs:element name="Submission"><xs:complexType><xs:sequence>
    <xs:element name="Fonds" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:attribute name="id" type="xs:NMTOKEN"/><xs:attribute name="name" type="xs:string" use="required"/>
      <xs:attribute name="parent" type="xs:string"/><xs:attribute name="place" type="xs:string"/>
      <xs:attribute name="endedOn" type="xs:date"/><xs:attribute name="heir" type="xs:string"/>
      <xs:attribute name="note" type="xs:string"/></xs:complexType></xs:element>
    <xs:element name="Dossier" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:simpleContent>
      <xs:extension base="xs:string"><xs:attribute name="id" type="xs:NMTOKEN" use="required"/>
      <xs:attribute name="code" type="xs:string" use="required"/><xs:attribute name="year" type="xs:gYear" \
use="required"/>
      <xs:attribute name="documents" type="xs:nonNegativeInteger" use="required"/>
      <xs:attribute name="href" type="xs:anyURI" use="required"/></xs:extension></xs:simpleContent></xs:complexType>
    </xs:element></xs:sequence>
    <xs:attribute name="office" type="xs:string" use="required"/>
    <xs:attribute name="at" type="xs:dateTime" use="required"/></xs:complexType></xs:element>
  <xs:element name="Dossier"><xs:complexType><xs:sequence>
{dossier}
    <xs:element name="Fonds"><xs:complexType><xs:simpleContent><xs:extension base="xs:string">
      <xs:attribute name="id" type="xs:NMTOKEN"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
    <xs:element name="Decision" type="Said" minOccurs="0"/>
    <xs:element name="Hold" type="Said" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="Documents"><xs:complexType><xs:sequence>
      <xs:element name="Document" type="Document" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
    </xs:element></xs:sequence>
    <xs:attribute name="id" type="xs:NMTOKEN" use="required"/><xs:attribute name="shortened" type="xs:NMTOKENS"/>
    <xs:attribute name="unfit" type="xs:NMTOKENS"/></xs:complexType></xs:element>
  <xs:complexType name="Said"><xs:simpleContent><xs:extension base="xs:string">
    <xs:attribute name="subject" type="xs:NMTOKEN" use="required"/><xs:attribute name="by" type="xs:string" \
use="required"/>
    <xs:attribute name="at" type="xs:dateTime" use="required"/><xs:attribute name="basis" type="xs:string"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="Document"><xs:sequence>
{paper}
    <xs:element name="File" minOccurs="0"><xs:complexType><xs:attribute name="path" type="xs:string" use="required"/>
      <xs:attribute name="name" type="xs:string" use="required"/><xs:attribute name="mediaType" type="xs:string" \
use="required"/>
      <xs:attribute name="size" type="xs:nonNegativeInteger" use="required"/><xs:attribute name="sha512" \
use="required">
      <xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[0-9a-f]{{128}}"/></xs:restriction>
      </xs:simpleType></xs:attribute></xs:complexType></xs:element></xs:sequence>
    <xs:attribute name="id" type="xs:NMTOKEN" use="required"/><xs:attribute name="register"><xs:simpleType>
      <xs:restriction base="xs:NMTOKEN"><xs:enumeration value="in"/><xs:enumeration value="out"/></xs:restriction>
    </xs:simpleType></xs:attribute>
    <xs:attribute name="shortened" type="xs:NMTOKENS"/><xs:attribute name="unfit" type="xs:NMTOKENS"/>
  </xs:complexType>
</xs:schema>
"""


def schema() -> bytes:
    """The schema, made of the very fields that are written."""
    parts = {"dossier": dossier_metadata.FIELDS, "paper": metadata.FIELDS}
    return _XSD.format(
        namespace=NAMESPACE, **{name: "\n".join(_elements(fields)) for name, fields in parts.items()}
    ).encode()


def _elements(fields: Sequence[Field]) -> Iterator[str]:
    groups: dict[str, list[Field]] = {}
    for field in fields:
        groups.setdefault(field.name.partition(".")[0], []).append(field)
    for group, some in groups.items():
        if "." not in some[0].name and some[0].kind is not Kind.LIST:
            yield _element(some[0].name, some[0])
            continue
        many = ' maxOccurs="unbounded"' if some[0].kind is Kind.LIST else ""
        yield f'    <xs:element name="{group}" minOccurs="0"><xs:complexType><xs:sequence>'
        for field in some:
            yield _element(_LISTED if many else field.name.partition(".")[2], field, many)
        yield "    </xs:sequence></xs:complexType></xs:element>"


def _element(name: str, field: Field, many: str = "") -> str:
    label = f"{field.label}{' (+)' if field.added else ''}"
    told = f"<xs:annotation><xs:documentation>{label}</xs:documentation></xs:annotation>"
    if field.kind is Kind.DATE:
        return f'    <xs:element name="{name}" type="xs:date" minOccurs="0">{told}</xs:element>'
    limit = "maxLength" if field.kind in _TEXTS else "totalDigits"
    base = "xs:string" if field.kind in _TEXTS else "xs:nonNegativeInteger"
    kind = f'<xs:restriction base="{base}"><xs:{limit} value="{field.longest}"/></xs:restriction>'
    return (
        f'    <xs:element name="{name}" minOccurs="0"{many}>{told}<xs:simpleType>{kind}</xs:simpleType></xs:element>'
    )
