"""Parts of a zipped office file, within limits on their number, size and ratio; parsed as streamed, defused XML."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from indexer.ports import ReadFailure

Attributes: TypeAlias = "AttributesImpl[str]"

_ENTRIES = 10_000
_READ = 64 << 20  # bytes of a part that is read whole
_PART = 512 << 20  # bytes a single part may have unpacked
_RATIO, _RATIO_FROM = 200, 64 << 20  # a part this large may not be packed this tight
DEPTH = 5000
_CHUNK = 1 << 16

_FORMATS = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_USUAL = {
    f"{_FORMATS}wordprocessingml/2006/main": "w",
    f"{_STRICT}wordprocessingml/main": "w",
    f"{_FORMATS}officeDocument/2006/relationships": "r",
    f"{_STRICT}officeDocument/relationships": "r",
    f"{_FORMATS}officeDocument/2006/math": "m",
    f"{_STRICT}officeDocument/math": "m",
    f"{_FORMATS}drawingml/2006/main": "a",
    f"{_STRICT}drawingml/main": "a",
    f"{_FORMATS}markup-compatibility/2006": "mc",
}
"""Prefixes by which readers know elements; programs that write XML anew give others."""

_BROKEN = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, KeyError, IndexError)


class Package:
    """An open zipped office file; part names are matched without regard to case or slashes."""

    def __init__(self, path: Path) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except _BROKEN as problem:
            raise ReadFailure("truncated", "tệp nén hỏng hoặc bị cắt cụt") from problem
        entries = self.zip.infolist()
        if len(entries) > _ENTRIES:
            raise ReadFailure("bad-archive", f"tệp nén có {len(entries)} thành phần, quá {_ENTRIES}")
        self.parts = {_name(entry.filename): entry for entry in entries}

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self.zip.close()

    def __contains__(self, name: str) -> bool:
        return _name(name) in self.parts

    def parse(self, name: str, handler: ContentHandler) -> None:
        """Send the events of one part to a handler; DTDs and entities are refused, nothing is fetched."""
        with self._opened(name) as part:
            parse(part, handler)

    def bytes(self, name: str) -> bytes:
        """The content of one part."""
        with self._opened(name) as part:
            return part.read(_READ)

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        entry = self.parts[_name(name)]
        if entry.flag_bits & 1:
            raise ReadFailure("encrypted", "tệp có mật khẩu")
        _refuse_bomb(entry)
        try:
            with self.zip.open(entry) as part:
                yield part
        except (*_BROKEN, RuntimeError, zlib.error) as problem:
            raise ReadFailure("truncated", "tệp nén hỏng hoặc bị cắt cụt") from problem

    def main_part(self, default: str) -> str:
        """Name of the part that holds the text, as the package's relations say."""
        targets = self.relations("")
        for kind, target in targets:
            if kind.endswith("/officeDocument") and target in self:
                return target
        return default

    def relations(self, part: str) -> list[tuple[str, str]]:
        """Types and targets inside the package of a part's relations; `""` for the package itself."""
        folder = posixpath.dirname(part)
        return [(kind, _inside(folder, target)) for _, kind, target in self._relations(part)]

    def targets(self, part: str, kind: str) -> dict[str, str]:
        """Targets inside the package of relations of one kind, by the relation's id."""
        folder = posixpath.dirname(part)
        found = (relation for relation in self._relations(part) if relation[1].endswith(f"/{kind}"))
        return {name: _inside(folder, target) for name, _, target in found}

    def _relations(self, part: str) -> list[tuple[str, str, str]]:
        folder, name = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{name}.rels")
        if source not in self:
            return []
        found = _Relations()
        self.parse(source, found)
        return found.relations

    def repeated(self) -> list[str]:
        """Names that more than one entry bears: programs differ in which they show."""
        seen = Counter(entry.filename for entry in self.zip.infolist())
        return [name for name, count in seen.items() if count > 1]


def parse(stream: IO[bytes], handler: ContentHandler) -> None:
    """Send the events of an XML stream to a handler; DTDs and entities are refused, nothing is fetched."""
    parser = _Parser(forbid_dtd=True)
    parser.setContentHandler(handler)
    left = _PART
    try:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ReadFailure("bad-archive", "tệp nén phình quá lớn khi mở")
            parser.feed(chunk)
        parser.close()
    except DefusedXmlException as problem:
        raise ReadFailure("bad-archive", "tệp chứa khai báo XML không được phép") from problem
    except (SAXException, LookupError, UnicodeError) as problem:
        raise ReadFailure("truncated", "XML trong tệp hỏng hoặc bị cắt cụt") from problem


class _Parser(DefusedExpatParser):
    """Hands events to the handler without a call of its own for each: half the time of a large file.

    Attributes come as the dictionary expat makes, which has what handlers use of `AttributesImpl`.
    """

    _parser: Any

    def reset(self) -> None:
        """Begin a document."""
        super().reset()
        handler = self.getContentHandler()
        self._listen(handler.startElement, handler.endElement)
        if type(handler).characters is not ContentHandler.characters:
            self._parser.CharacterDataHandler = handler.characters

    def _listen(self, start: Callable[[str, Any], None], end: Callable[[str], None]) -> None:
        """Set the handlers; the first element tells whether the file has prefixes of its own."""
        silent = type(self.getContentHandler()).endElement is ContentHandler.endElement

        def first(name: str, attrs: dict[str, str]) -> None:
            own = _prefixes(attrs)
            named = (lambda name: _renamed(name, own)) if own else None
            self._parser.StartElementHandler = _renaming(start, own) if named else start
            if not silent:
                self._parser.EndElementHandler = (lambda name: end(named(name))) if named else end
            self._parser.StartElementHandler(name, attrs)

        self._parser.StartElementHandler = first
        self._parser.EndElementHandler = self._parser.CharacterDataHandler = None


def _prefixes(attrs: dict[str, str]) -> dict[str, str]:
    """Prefixes of a file that are not those everybody uses, and the usual ones."""
    found = {}
    for name, namespace in attrs.items():
        usual = _USUAL.get(namespace) if name.partition(":")[0] == "xmlns" else None
        prefix = name.partition(":")[2]
        if usual and prefix != usual:
            found[prefix] = usual
    return found


def _renamed(name: str, prefixes: dict[str, str]) -> str:
    prefix, _, local = name.rpartition(":")
    usual = prefixes.get(prefix)
    return f"{usual}:{local}" if usual else name


def _renaming(start: Callable[[str, Any], None], prefixes: dict[str, str]) -> Callable[[str, Any], None]:
    named = {prefix: usual for prefix, usual in prefixes.items() if prefix}  # the default is not for attributes

    def renamed(name: str, attrs: dict[str, str]) -> None:
        start(_renamed(name, prefixes), {_renamed(key, named): value for key, value in attrs.items()})

    return renamed


def _inside(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_bomb(entry: zipfile.ZipInfo) -> None:
    if entry.file_size > _PART:
        raise ReadFailure("bad-archive", "tệp nén phình quá lớn khi mở")
    if entry.file_size > _RATIO_FROM and entry.file_size > _RATIO * max(1, entry.compress_size):
        raise ReadFailure("bad-archive", "tệp nén chặt bất thường (bom nén)")


class _Relations(ContentHandler):
    """Collects the internal relations: id, type, target."""

    def __init__(self) -> None:
        super().__init__()
        self.relations: list[tuple[str, str, str]] = []

    def startElement(self, name: str, attrs: Attributes) -> None:
        if name.endswith("Relationship") and attrs.get("TargetMode") != "External":
            self.relations.append((attrs.get("Id", ""), attrs.get("Type", ""), attrs.get("Target", "")))
