"""Metadata of papers as XML: elements are the fields of Nghị định 30/2020/NĐ-CP, Phụ lục VI."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Safe

from corpus import metadata
from corpus.metadata import Kind

ROOT, PAPER, ENTRY = "Documents", "Document", "OrganName"
NAMESPACE = "urn:vankho:metadata:1"
MOST = 5000
"""Papers in one file."""
_LONGEST = 64  # characters of an id


class BadXml(ValueError):
    """A file that is no metadata of ours; says so in Vietnamese."""


def write(papers: Iterable[tuple[str, str | None, Mapping[str, str]]]) -> bytes:
    """A file of (document, register, values by field)."""
    root = ET.Element(ROOT, {"xmlns": NAMESPACE})
    for document, register, values in papers:
        paper = ET.SubElement(root, PAPER, {"id": document} | ({"register": register} if register else {}))
        for name, value in values.items():
            _put(paper, name, value)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _put(paper: ET.Element, name: str, value: str) -> None:
    group, _, part = name.partition(".")
    if metadata.BY_NAME[name].kind is Kind.LIST:
        parent = ET.SubElement(paper, name)
        for line in filter(None, value.split("\n")):
            ET.SubElement(parent, ENTRY).text = line
        return
    parent = paper
    if part:
        found = paper.find(group)
        parent = found if found is not None else ET.SubElement(paper, group)
    ET.SubElement(parent, part or group).text = value


def read(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """The papers of a file: document and the values it gives. Raises BadXml.

    Entities, document types and everything they could draw in are refused. For files from outside it is to be
    called in a child (`indexer.sandbox`).
    """
    try:
        root = Safe.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadXml("Tệp XML có khai báo DTD hoặc thực thể, không nhận vì không an toàn.") from error
    except (ET.ParseError, ValueError, LookupError) as error:
        raise BadXml("Không đọc được tệp XML. Xin chọn tệp xuất từ Vankho.") from error
    if _local(root) != ROOT:
        raise BadXml(f"Tệp XML không phải dữ liệu đặc tả: phần tử gốc phải là “{ROOT}”.")
    papers = list(root)
    if len(papers) > MOST:
        raise BadXml(f"Tệp có hơn {MOST} văn bản. Xin chia thành nhiều tệp.")
    return [_paper(paper) for paper in papers]


def _paper(paper: ET.Element) -> tuple[str, dict[str, str]]:
    document = paper.get("id", "")
    if _local(paper) != PAPER or not document or len(document) > _LONGEST:
        raise BadXml(f"Tệp XML có phần tử “{_local(paper)[:40]}” không phải “{PAPER}” có mã văn bản (id).")
    values: dict[str, str] = {}
    for element in paper:
        name = _local(element)
        known = metadata.BY_NAME.get(name)
        if known and known.kind is Kind.LIST:
            values[name] = "\n".join(" ".join((one.text or "").split()) for one in element)
        elif len(element):
            values |= {f"{name}.{_local(part)}": part.text or "" for part in element}
        elif known or (element.text or "").strip():
            values[name] = element.text or ""
    return document, values


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]
