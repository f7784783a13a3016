"""Plain text and HTML, in whatever letters they were saved: UTF-8, UTF-16, Windows-1258, TCVN3, VNI, VIQR."""

from __future__ import annotations

from pathlib import Path

from corpus import encodings
from corpus.model import Body
from indexer.layout import Line, Sheet, compose
from indexer.ports import ReadFailure
from indexer.readers import charset, media, page

_LIMIT = 64 << 20


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
        text = charset.decoded(path.read_bytes())
        lines, encoding = page.lines(text) if media_type == media.HTML else unicode_lines(text)
        if not any(line.strip() for line in lines):
            raise ReadFailure("no-text", "tệp không có chữ nào")
        source = "html" if media_type == media.HTML else "text"
        sheet = Sheet(1, tuple(map(Line, lines)), source=source)
        return compose([sheet], media_type, encoding=encoding)


READER = TextReader()


def unicode_lines(text: str) -> tuple[list[str], str]:
    """Each line decoded by its own statistics; a short line follows its neighbours when alone it says nothing."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return encodings.unify(lines)
