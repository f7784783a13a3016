"""A page as people see it: the PNG beside the text, from a PDF or an image file."""

from __future__ import annotations

import io
from pathlib import Path

from indexer.ports import ReadFailure
from indexer.readers import media
from indexer.readers.sniff import sniff

_TALLEST = 4.0
"""Height over width from which a page is drawn smaller: a strip of a roll must not fill the memory."""


def render(path: Path, number: int, width: int) -> bytes:
    """PNG of one page (from 1), `width` pixels wide at most. Runs in the sandbox's child; raises `ReadFailure`."""
    media_type = sniff(path)
    if media_type == media.PDF:
        return _of_pdf(path, number, width)
    if media_type in media.IMAGES:
        return _of_picture(path, number, width)
    raise ReadFailure("unknown-type", "tệp này không có ảnh trang")


def _of_pdf(path: Path, number: int, width: int) -> bytes:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        raise ReadFailure("crashed", "không mở được tệp PDF") from problem
    if not 1 <= number <= len(document):
        raise ReadFailure("truncated", "tệp không có trang này")
    document.init_forms()
    page = document[number - 1]
    across, down = page.get_size()
    scale = width / max(across, down / _TALLEST, 1.0)
    bitmap = page.render(scale=scale, may_draw_forms=True)
    return _png(bitmap.to_pil())


def _of_picture(path: Path, number: int, width: int) -> bytes:
    from indexer.readers import raster

    picture = raster.frame(path, number).image
    picture.thumbnail((width, round(width * _TALLEST)))
    return _png(picture)


def _png(image) -> bytes:
    written = io.BytesIO()
    # Papers are black on white with a little red and blue: 64 colours are a third of the bytes.
    image.convert("RGB").quantize(64).save(written, "PNG")
    return written.getvalue()
