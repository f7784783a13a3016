"""Envelopes of the national document exchange (.edxml, QCVN 102:2016/BTTTT): what they say about the document.

The document itself is among the attachments, which are documents of their own (`parts`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from xml.sax.handler import ContentHandler

from corpus.model import Body
from indexer.layout import Line, Sheet, compose
from indexer.ports import ReadFailure
from indexer.readers import media
from indexer.readers.package import DEPTH, Attributes, parse
from indexer.readers.workbook import local

_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Mã định danh văn bản", ("MessageHeader", "DocumentId")),
    ("Số", ("MessageHeader", "Code", "CodeNumber")),
    ("Ký hiệu", ("MessageHeader", "Code", "CodeNotation")),
    ("Nơi ban hành", ("PromulgationInfo", "Place")),
    ("Ngày ban hành", ("PromulgationInfo", "PromulgationDate")),
    ("Loại văn bản", ("DocumentType", "TypeName")),
    ("Trích yếu", ("MessageHeader", "Subject")),
    ("Nội dung", ("MessageHeader", "Content")),
    ("Cơ quan ban hành", ("From", "OrganName")),
    ("Cơ quan chủ quản", ("From", "OrganizationInCharge")),
    ("Nơi nhận", ("To", "OrganName")),
    ("Quyền hạn ký", ("SignerInfo", "Competence")),
    ("Chức vụ", ("SignerInfo", "Position")),
    ("Người ký", ("SignerInfo", "FullName")),
    ("Hạn trả lời", ("MessageHeader", "DueDate")),
    ("Nơi gửi", ("ToPlaces", "Place")),
    ("Phụ lục", ("Appendixes", "Appendix")),
    ("Phúc đáp văn bản", ("ResponseFor", "Code")),
    ("Phúc đáp văn bản", ("ResponseFor", "DocumentId")),
    ("Lý do", ("Bussiness", "BussinessDocReason")),
    ("Nội dung phản hồi", ("Status", "Description")),
    ("Tệp kèm", ("Attachment", "AttachmentName")),
    ("Tệp kèm", ("Reference", "AttachmentName")),
)
"""Labels and the ends of the paths they stand at, in the order shown."""
_DATES = ("Ngày ban hành", "Hạn trả lời")
_VALUE = 20_000  # characters of one field


class EdxmlReader:
    """Reads the metadata of an envelope."""

    name = "edxml"

    def accepts(self, media_type: str) -> bool:
        """Envelopes of the national document exchange."""
        return media_type == media.EDXML

    def read(self, path: Path, media_type: str) -> Body:
        """One labelled line for each piece of metadata."""
        handler = _Metadata()
        with path.open("rb") as stream:
            parse(stream, handler)
        lines = [Line(line) for line in handler.lines()]
        if not lines:
            raise ReadFailure("no-text", "gói tin không có thông tin văn bản")
        return compose([Sheet(1, tuple(lines), source="edxml")], media_type, source="edxml")


READER = EdxmlReader()


class _Metadata(ContentHandler):
    """Collects the values of known fields; the contents of attachments are passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.text: list[str] = []
        self.size = 0
        self.values: dict[str, list[str]] = {}

    def startElement(self, name: str, attrs: Attributes) -> None:
        if len(self.path) > DEPTH:
            raise ReadFailure("bad-archive", "XML lồng nhau quá sâu")
        self.path.append(local(name))
        self.text, self.size = [], 0

    def characters(self, content: str) -> None:
        if self.size < _VALUE:
            self.text.append(content)
            self.size += len(content)

    def endElement(self, name: str) -> None:
        value = " ".join("".join(self.text).split())
        label = next((label for label, end in _FIELDS if tuple(self.path[-len(end) :]) == end), None)
        if label and value and value not in self.values.setdefault(label, []):
            self.values[label].append(_day(value) if label in _DATES else value)
        self.text, self.size = [], 0
        self.path.pop()

    def lines(self) -> list[str]:
        """The labelled lines."""
        labels = dict.fromkeys(label for label, _ in _FIELDS)
        return [f"{label}: {value}" for label in labels for value in self.values.get(label, [])]


def _day(value: str) -> str:
    """A day as Vietnamese offices write it; the standard has 2015/09/30."""
    parts = value.replace("-", "/").split("/")
    return "/".join(reversed(parts)) if len(parts) == 3 and all(part.isdigit() for part in parts) else value


class Sink(Protocol):
    """Takes base64 text."""

    def write(self, text: str, /) -> None:
        """Take the next piece."""
        ...


class Attachments(ContentHandler):
    """Sends the contents of attachments where `begin`, given the name, says."""

    def __init__(self, begin: Callable[[str], AbstractContextManager[Sink]]) -> None:
        super().__init__()
        self.begin = begin
        self.within = 0
        self.name = ""
        self.naming = False
        self.open: AbstractContextManager[Sink] | None = None
        self.sink: Sink | None = None

    def startElement(self, name: str, attrs: Attributes) -> None:
        kind = local(name)
        if kind == "Attachment":
            self.within += 1
            self.name = ""
        elif self.within and kind == "AttachmentName":
            self.naming, self.name = True, ""
        elif self.within and kind in ("ContentTransferEncoded", "Content") and self.open is None:
            self.open = self.begin(self.name.strip() or "tệp kèm")
            self.sink = self.open.__enter__()

    def characters(self, content: str) -> None:
        if self.sink is not None:
            self.sink.write(content)
        elif self.naming and len(self.name) < 1000:
            self.name += content

    def endElement(self, name: str) -> None:
        kind = local(name)
        if kind == "AttachmentName":
            self.naming = False
        elif kind == "Attachment":
            self.within -= 1
        elif self.open is not None and kind in ("ContentTransferEncoded", "Content"):
            self.open.__exit__(None, None, None)
            self.open = self.sink = None
