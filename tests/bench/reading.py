"""How fast files are read on one core: PDF pages, Word files, scanned pages; and what the parent needs beside."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from indexer import reading
from tests.indexer.readers.making import PARAGRAPHS, font_file, scanned, wrapped

Row = tuple[str, str, str]
"""What is measured, the figure, the target."""

_PAGES = 200
_LONG = 2000
_DOCUMENTS = 60


def run() -> list[Row]:
    """Make files of each kind, read them, and give one row for each figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # The first file of a kind loads the library; a service that runs has it loaded.
        reading.read(_pdf(folder / "warm.pdf", 1))
        reading.read(_word(folder / "warm.docx"))
        rows = [_pdf_rows(folder), _long_rows(folder), _word_rows(folder), _scan_rows(folder)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [*rows, ("memory of the service beside the readers", f"{peak} MiB", "≤ 350 MiB")]


def _busy(work: Callable[[], object]) -> float:
    """Seconds that processors were busy with some work, its children's too: as on one core that does nothing else."""
    start = os.times()
    work()
    end = os.times()
    return sum(end[:4]) - sum(start[:4])


def _pdf_rows(folder: Path) -> Row:
    path = _pdf(folder / "a.pdf", _PAGES)
    seconds = _busy(lambda: reading.read(path))
    return "born-digital PDF", f"{_PAGES / seconds:.0f} pages/s", "≥ 100 pages/s"


def _long_rows(folder: Path) -> Row:
    path = _pdf(folder / "long.pdf", _LONG)
    seconds = _busy(lambda: reading.read(path))
    return f"PDF of {_LONG} pages", f"{seconds:.1f} s", "≤ 60 s"


def _word_rows(folder: Path) -> Row:
    path = _word(folder / "a.docx")
    seconds = _busy(lambda: [reading.read(path) for _ in range(_DOCUMENTS)])
    return "DOCX", f"{_DOCUMENTS / seconds:.0f} documents/s", "≥ 60 documents/s"


def _scan_rows(folder: Path) -> Row:
    if shutil.which("tesseract") is None:
        return "scanned page", "Tesseract is not installed", "≤ 5 s"
    scanned(wrapped(PARAGRAPHS) * 2, dpi=300).save(folder / "a.png", dpi=(300, 300))
    return "scanned page", f"{_busy(lambda: reading.read(folder / 'a.png')):.1f} s", "≤ 5 s"


def _pdf(path: Path, pages: int) -> Path:
    pdfmetrics.registerFont(TTFont("Vietnamese", font_file()))
    canvas = Canvas(str(path), pagesize=(595, 842))
    lines = (wrapped(PARAGRAPHS) * 3)[:40]
    for number in range(1, pages + 1):
        canvas.setFont("Vietnamese", 11)
        canvas.drawString(290, 815, str(number))
        for place, line in enumerate(lines):
            canvas.drawString(60, 780 - 18 * place, line)
        canvas.showPage()
    canvas.save()
    return path


def _word(path: Path) -> Path:
    """A letter of three pages with a table."""
    document: Any = docx.Document()
    # The library's template brings a hundred table styles, ten times what the files of offices have in all.
    for style in [style for style in document.styles if style.type == WD_STYLE_TYPE.TABLE][1:]:
        style.delete()
    for paragraph in PARAGRAPHS * 4:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=20, cols=4)
    for row in table.rows:
        for cell, text in zip(row.cells, ("1", PARAGRAPHS[2][:80], "Phòng Nội vụ", "Quý III"), strict=True):
            cell.text = text
    document.save(str(path))
    return path
