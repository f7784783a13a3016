"""A sample paper as a scan: its pages printed, laid a little askew on the glass, grey, grainy, without text."""

from __future__ import annotations

import io
import random

import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

DPI = 200
GRAIN = 0.07  # share of noise in each pixel
QUALITY = 38  # of the JPEG, as office scanners set it


def build(printed: bytes, seed: int = 2012) -> bytes:
    """An image-only PDF of a PDF's pages; the same input gives the same picture."""
    chance = random.Random(seed)
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    with pypdfium2.PdfDocument(printed) as document:
        for page in document:
            picture = page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
            canvas.drawImage(ImageReader(io.BytesIO(_jpeg(picture, chance))), 0, 0, *A4)
            canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _jpeg(picture: Image.Image, chance: random.Random) -> bytes:
    askew = picture.rotate(chance.uniform(-0.7, 0.7), resample=Image.Resampling.BICUBIC, fillcolor=250)
    grain = Image.frombytes("L", askew.size, chance.randbytes(askew.width * askew.height))
    stream = io.BytesIO()
    Image.blend(askew, grain, GRAIN).save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()
