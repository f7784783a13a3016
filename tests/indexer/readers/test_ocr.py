"""Scans: text by recognition, stamps out of the way of it, marks of secrecy seen all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from corpus import secrecy
from indexer import reading
from indexer.ports import ReadFailure
from indexer.readers import raster
from tests.indexer.readers.making import PARAGRAPHS, needs_tesseract, recall, scanned, stamped, wrapped

LINES = wrapped(PARAGRAPHS)
HEAD = ["ỦY BAN NHÂN DÂN HUYỆN LẠC DƯƠNG", "Số: 12/KH-UBND", "", "", "", "KẾ HOẠCH"]


@needs_tesseract
def test_a_clean_scan_is_read(tmp_path: Path) -> None:
    scanned(LINES * 2, dpi=300).save(tmp_path / "a.png", dpi=(300, 300))
    body = reading.read(tmp_path / "a.png")
    assert recall(body.text, LINES * 2) >= 0.98
    assert body.source == "ocr"
    assert (body.pages[0].confidence or 0) > 0.9


@needs_tesseract
def test_a_poor_scan_is_read(tmp_path: Path) -> None:
    page = scanned(LINES * 2, dpi=200)
    stamped(page, "ĐẾN", (80, 150), dpi=200)
    page = page.rotate(1.7, resample=Image.Resampling.BICUBIC, fillcolor="white")
    noise = Image.effect_noise(page.size, 45).convert("RGB")
    Image.blend(page, noise, 0.18).save(tmp_path / "a.jpg", quality=70, dpi=(200, 200))
    assert recall(reading.read(tmp_path / "a.jpg").text, LINES * 2) >= 0.93


@needs_tesseract
def test_every_page_of_a_tiff_is_read_and_told(tmp_path: Path) -> None:
    first, second = scanned(LINES[:6], dpi=200), scanned(LINES[6:12], dpi=200)
    first.save(tmp_path / "a.tiff", save_all=True, append_images=[second], dpi=(200, 200))
    told: list[tuple[int, int]] = []
    body = reading.read(tmp_path / "a.tiff", progress=lambda done, of: told.append((done, of)))
    assert [page.number for page in body.pages] == [1, 2]
    assert told == [(0, 2), (1, 2)]
    assert recall(body.pages[1].span.of(body.text), LINES[6:12]) >= 0.95


@needs_tesseract
@pytest.mark.parametrize("mark", ["MẬT", "TUYỆT MẬT"])
def test_a_red_mark_of_secrecy_is_seen(tmp_path: Path, mark: str) -> None:
    page = scanned(HEAD + LINES, dpi=200)
    stamped(page, mark, (70, 108), dpi=200)
    page.save(tmp_path / "a.jpg", quality=80, dpi=(200, 200))
    found = secrecy.find(reading.read(tmp_path / "a.jpg").text)
    assert found is not None
    assert found[0].upper() == mark


@needs_tesseract
def test_another_red_stamp_is_no_mark_of_secrecy(tmp_path: Path) -> None:
    page = scanned(HEAD + LINES, dpi=200)
    stamped(page, "KHẨN", (70, 108), dpi=200)
    page.save(tmp_path / "a.jpg", quality=80, dpi=(200, 200))
    assert secrecy.find(reading.read(tmp_path / "a.jpg").text) is None


@needs_tesseract
def test_only_pages_without_text_are_recognised(tmp_path: Path) -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    scanned(LINES[:8], dpi=200).save(tmp_path / "page.png")
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    for number in range(20):
        canvas.drawString(60, 780 - 14 * number, "Bao cao tinh hinh thuc hien nhiem vu nam hoc cua nha truong")
    canvas.showPage()
    canvas.drawImage(ImageReader(str(tmp_path / "page.png")), 0, 0, 595, 842)
    canvas.save()
    body = reading.read(tmp_path / "a.pdf")
    assert [page.source for page in body.pages] == ["text-layer", "ocr"]
    assert recall(body.pages[1].span.of(body.text), LINES[:8]) >= 0.95


def test_without_the_program_a_scan_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    scanned(LINES[:3], dpi=100).save(tmp_path / "a.png")
    with pytest.raises(ReadFailure) as caught:
        reading.read(tmp_path / "a.png")
    assert caught.value.code == "tool-missing"


def test_the_original_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    scanned(LINES[:3], dpi=100).save(path)
    before = path.read_bytes(), path.stat().st_mtime_ns
    reading.read(path) if _tesseract() else None
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def _tesseract() -> bool:
    import shutil

    return shutil.which("tesseract") is not None


@pytest.mark.parametrize("angle", [-3.0, 0.0, 2.2])
def test_skew_is_measured(angle: float) -> None:
    page = scanned(LINES, dpi=100).rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor="white")
    assert raster.skew(page) == pytest.approx(-angle, abs=0.3)


def test_coloured_ink_is_told_from_black(tmp_path: Path) -> None:
    page = scanned(LINES, dpi=100)
    plain = raster.Picture(page, 100, 595, 842)
    assert raster.stamps_of(plain) is None
    stamped(page, "MẬT", (70, 20), dpi=100)
    ink = raster.stamps_of(raster.Picture(page, 100, 595, 842))
    assert ink is not None
    assert ink.image.histogram()[0] > 0


def _transparent(page: Image.Image) -> Image.Image:
    """Black ink on nothing, as programs that cut out pages save them."""
    ink = Image.new("RGBA", page.size, (0, 0, 0, 0))
    ink.putalpha(page.convert("L").point([255 - value for value in range(256)]))
    return ink


def _deep(page: Image.Image) -> Image.Image:
    """The page in 16 bits of grey."""
    return page.convert("I").point(lambda value: value * 256).convert("I;16")


@pytest.mark.parametrize("change", [_transparent, _deep])
def test_pictures_of_other_depths_are_neither_white_nor_black(
    tmp_path: Path, change: Callable[[Image.Image], Image.Image]
) -> None:
    page = scanned(LINES[:6], dpi=100)
    change(page).save(tmp_path / "a.png", dpi=(100, 100))
    darkest, lightest = raster.frame(tmp_path / "a.png", 1).image.convert("L").getextrema()
    assert darkest < 40 and lightest > 240


def test_of_a_moving_picture_the_first_is_taken(tmp_path: Path) -> None:
    pages = [scanned([line], dpi=50) for line in LINES[:3]]
    pages[0].save(tmp_path / "a.gif", save_all=True, append_images=pages[1:])
    body = reading.glance(tmp_path / "a.gif")
    assert len(body.pages) == 1
    assert [finding.code for finding in body.findings] == ["moving-picture"]


def test_a_picture_too_small_for_letters_is_told_so(tmp_path: Path) -> None:
    Image.new("L", (3000, 1)).save(tmp_path / "a.png")
    with pytest.raises(ReadFailure) as caught:
        reading.read(tmp_path / "a.png")
    assert caught.value.code == "no-text"


def test_a_picture_larger_than_any_page_is_reduced_and_keeps_its_size_in_points(tmp_path: Path) -> None:
    Image.new("1", (8000, 11000), 1).save(tmp_path / "a.png", dpi=(800, 800))
    picture = raster.frame(tmp_path / "a.png", 1)
    assert picture.image.width < 8000
    assert (round(picture.width), round(picture.height)) == (720, 990)
