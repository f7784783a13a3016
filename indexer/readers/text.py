"""Plain text and HTML, in whatever letters they were saved: UTF-8, UTF-16, Windows-1258, TCVN3, VNI."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from corpus import encodings
from corpus.model import Body
from indexer.layout import Line, Sheet, compose
from indexer.ports import ReadFailure
from indexer.readers import media

_LIMIT = 64 << 20
_BLOCKS = (
    "address article aside blockquote br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main"
    " nav ol p pre section table tr ul title"
)
_BLOCK = frozenset(_BLOCKS.split())
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SILENT = frozenset({"script", "style", "template", "noscript"})
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{3,20})", re.IGNORECASE)


class TextReader:
    """Reads text files; the standard library is enough."""

    name = "text"
    memory_mib = 1024

    def accepts(self, media_type: str) -> bool:
        """Plain text and HTML."""
        return media_type in (media.TEXT, media.HTML)

    def read(self, path: Path, media_type: str) -> Body:
        """The text as Unicode, one line each as the file has them."""
        if path.stat().st_size > _LIMIT:
            raise ReadFailure("too-large", "tệp văn bản lớn quá 64 MB")
        text = decoded_bytes(path.read_bytes())
        if media_type == media.HTML:
            text = visible(text)
        lines, encoding = unicode_lines(text)
        if not any(line.strip() for line in lines):
            raise ReadFailure("no-text", "tệp không có chữ nào")
        source = "html" if media_type == media.HTML else "text"
        sheet = Sheet(1, tuple(map(Line, lines)), source=source)
        return compose([sheet], media_type, encoding=encoding)


READER = TextReader()


def decoded_bytes(data: bytes) -> str:
    """The characters of the file; legacy fonts' codes come out as Latin-1 characters."""
    for mark, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    if b"\0" in data[:4096]:
        little = data[1:4096:2].count(0) >= data[0:4096:2].count(0)
        return data.decode("utf-16-le" if little else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _single_byte(data)


def _single_byte(data: bytes) -> str:
    """Windows-1258 when its words are Vietnamese, else Latin-1, which legacy decoding starts from."""
    declared = _CHARSET.search(data[:2048])
    western = data.decode("latin-1")
    vietnamese = data.decode("cp1258", "replace")
    if declared and declared.group(1).lower() in (b"windows-1258", b"cp1258"):
        return vietnamese
    sample = slice(0, 20_000)
    return vietnamese if encodings.quality(vietnamese[sample]) > encodings.quality(_best(western[sample])) else western


def _best(text: str) -> str:
    name = encodings.detect(text)
    return encodings.DECODERS[name](text) if name in encodings.DECODERS else text


def unicode_lines(text: str) -> tuple[list[str], str]:
    """Each line decoded by its own statistics; a short line follows its neighbours when alone it says nothing."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return encodings.unify(lines)


class _Page(HTMLParser):
    """Collects what a browser would show, one block to a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BLOCK:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _BLOCK:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def visible(text: str) -> str:
    """What a browser would show of HTML, a block to a line."""
    page = _Page()
    page.feed(text)
    page.close()
    shown = "".join(page.parts)
    return "\n".join(line.strip(" ").removeprefix("\t") for line in shown.split("\n") if line.strip())
