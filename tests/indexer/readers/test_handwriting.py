"""Numbers and dates that a pen wrote on the paper before it was scanned."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from corpus.analyse import analyse
from corpus.model import Body
from indexer import reading
from tests.indexer.readers.making import PARAGRAPHS, font, needs_tesseract, scanned, wrapped

DPI = 300
BLUE, BLACK = (38, 62, 168), (30, 30, 34)
LINES = wrapped(PARAGRAPHS)


def _head(page: Image.Image, serial: str, day: str, ink: tuple[int, int, int]) -> Image.Image:
    """A letter's head as it is printed, with gaps, and figures written into them."""
    draw = ImageDraw.Draw(page)
    scale = DPI / 72
    for x, y, text, size in (
        (95, 62, "ỦY BAN NHÂN DÂN", 13), (95, 78, "HUYỆN YÊN HÀ", 13), (92, 110, "Số:", 13), (150, 110, "/TB-UBND", 13),
        (300, 62, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12), (360, 78, "Độc lập - Tự do - Hạnh phúc", 13),
        (330, 110, "Yên Hà, ngày", 13), (432, 110, "tháng 11 năm 2017", 13), (260, 140, "THÔNG BÁO", 14),
    ):  # fmt: skip
        draw.text((x * scale, y * scale), text, font=font(size, DPI), fill="black")
    _write(page, serial, (116, 106), ink)
    _write(page, day, (411, 106), ink)
    return page


def _write(page: Image.Image, figures: str, at: tuple[float, float], ink: tuple[int, int, int]) -> None:
    """Figures aslant and of uneven height, as by hand."""
    chance = random.Random(figures)
    left = at[0] * DPI / 72
    for figure in figures:
        size = round(chance.uniform(1.1, 1.3) * 14 * DPI / 72)
        glyph = Image.new("L", (size, 2 * size), 0)
        drawn = font(14 * chance.uniform(1, 1.15), DPI)
        ImageDraw.Draw(glyph).text((size // 5, size // 5), figure, font=drawn, fill=255)
        glyph = glyph.rotate(chance.uniform(-14, -4), Image.Resampling.BICUBIC)
        inked = Image.new("RGB", glyph.size, ink)
        page.paste(inked, (round(left), round(at[1] * DPI / 72 + chance.uniform(-6, 2)) - size // 5), glyph)
        left += 8.3 * DPI / 72


def _read(page: Image.Image, folder: Path) -> Body:
    page.save(folder / "a.jpg", quality=88, dpi=(DPI, DPI))
    return reading.read(folder / "a.jpg")


@needs_tesseract
@pytest.mark.parametrize(("serial", "day", "ink"), [("493", "13", BLUE), ("207", "26", BLACK)])
def test_a_written_number_and_day_are_read(tmp_path: Path, serial: str, day: str, ink: tuple[int, int, int]) -> None:
    body = _read(_head(scanned(["", "", "", "", "", "", "", "", *LINES], dpi=DPI), serial, day, ink), tmp_path)
    heading = analyse(body).heading
    assert heading.number == f"{serial}/TB-UBND"
    assert heading.issued_on is not None
    assert heading.issued_on.isoformat() == f"2017-11-{day}"


@needs_tesseract
def test_a_scrawl_is_no_number(tmp_path: Path) -> None:
    page = _head(scanned(["", "", "", "", "", "", "", "", *LINES], dpi=DPI), "", "13", BLUE)
    draw = ImageDraw.Draw(page)
    chance = random.Random(3)
    for _ in range(4):
        points = [(chance.uniform(490, 600), chance.uniform(440, 500)) for _ in range(5)]
        draw.line(points, fill=BLUE, width=7, joint="curve")
    heading = analyse(_read(page, tmp_path)).heading
    assert heading.number is None


@needs_tesseract
def test_a_printed_head_is_left_as_it_was_read(tmp_path: Path) -> None:
    lines = ["ỦY BAN NHÂN DÂN HUYỆN YÊN HÀ", "Số: 113/KH-UBND", "", "Yên Hà, ngày 05 tháng 7 năm 2016", "", *LINES]
    body = _read(scanned(lines, dpi=DPI), tmp_path)
    assert "Số: 113/KH-UBND" in body.text
    assert "Yên Hà, ngày 05 tháng 7 năm 2016" in body.text
    assert not [finding for finding in body.findings if finding.code == "handwritten"]
