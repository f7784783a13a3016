"""PDF by pypdf: slower and without geometry, but it opens some files that pdfium refuses."""

from __future__ import annotations

from pathlib import Path

import pypdf
from pypdf.errors import PyPdfError

from corpus.model import Body
from indexer.layout import Line, Sheet, compose
from indexer.ports import ReadFailure
from indexer.readers import media

_PAGES = 2000


class PypdfReader:
    """Fallback for PDF."""

    name = "pypdf"

    def accepts(self, media_type: str) -> bool:
        """PDF only."""
        return media_type == media.PDF

    def read(self, path: Path, media_type: str) -> Body:
        """Lines of every page, without boxes."""
        try:
            document = pypdf.PdfReader(path, strict=False)
            if document.is_encrypted and not document.decrypt(""):
                raise ReadFailure("encrypted", "tệp có mật khẩu")
            if len(document.pages) > _PAGES:
                raise ReadFailure("too-large", f"tệp PDF có {len(document.pages)} trang, quá {_PAGES} trang")
            sheets = [_sheet(page, number) for number, page in enumerate(document.pages, 1)]
        except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as problem:
            raise ReadFailure("truncated", "tệp PDF hỏng hoặc bị cắt cụt") from problem
        body = compose(sheets, media_type)
        if not body.text.strip():
            raise ReadFailure("no-text", "tệp PDF không có chữ nào đọc được")
        return body


READER = PypdfReader()


def _sheet(page: pypdf.PageObject, number: int) -> Sheet:
    box = page.mediabox
    lines = tuple(Line(text) for text in page.extract_text().splitlines())
    return Sheet(number, lines, float(box.width), float(box.height))
