"""What people said beside the reading, in words: the register of a paper, its metadata, a doubt that was settled."""

from __future__ import annotations

from archive.corrections import Correction, Subject
from corpus import metadata
from corpus.numbering import Code

REGISTERS = {"in": "văn bản đến", "out": "văn bản đi", "none": "không cần vào sổ"}
DOUBTS = {
    Code.TWICE: "Trùng số", Code.GAP: "Khuyết số", Code.BACK: "Ngày lùi", Code.LATE: "Ngày ký sau ngày đến",
    Code.ARRIVAL: "Ngày đến lùi",
}  # fmt: skip


def where(one: Correction) -> str:
    """What was said something of."""
    if one.subject is Subject.METADATA:
        name = str(one.anchor["field"])
        return metadata.BY_NAME[name].label if name in metadata.BY_NAME else name
    return "Sổ văn bản" if one.subject is Subject.REGISTER else DOUBTS[Code(one.anchor["code"])]


def now(one: Correction) -> str:
    """What was said of it."""
    if one.subject is Subject.METADATA:
        return str(one.value)
    if one.subject is Subject.REGISTER:
        return REGISTERS[one.value["register"]]
    return f"đã xem, {one.value['note']}" if one.value.get("note") else "đã xem"
