"""Pictures of pages (JPEG, PNG, TIFF, BMP, GIF): measured here, recognised page by page afterwards."""

from __future__ import annotations

from pathlib import Path

from corpus.model import Body, Finding
from indexer.layout import Sheet, compose
from indexer.readers import media, raster
from indexer.readers.ocr import UNREAD


class ImageReader:
    """Tells the pages of an image file; their text comes from OCR."""

    name = "image"

    def accepts(self, media_type: str) -> bool:
        """Pictures."""
        return media_type in media.IMAGES

    def read(self, path: Path, media_type: str) -> Body:
        """A body of unread pages."""
        sizes = raster.count(path)
        sheets = [Sheet(number, (), width, height, UNREAD) for number, (width, height) in enumerate(sizes, 1)]
        moving = [Finding("moving-picture", "Ảnh động: chỉ đọc hình đầu tiên.")] if raster.moves(path) else []
        return compose(sheets, media_type, source="ocr", findings=moving)


READER = ImageReader()
