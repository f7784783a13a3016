"""Files made for the tests of readers: what offices make, written by the programs that offices use."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image, ImageDraw, ImageFont

from indexer import reading

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")

PARAGRAPHS = (
    "Thực hiện Nghị quyết của Hội đồng nhân dân huyện về phát triển sự nghiệp giáo dục và đào tạo giai đoạn 2016 -"
    " 2020, Ủy ban nhân dân huyện xây dựng kế hoạch triển khai như sau:",
    "Tiếp tục nâng cao nhận thức của cán bộ, công chức, viên chức và nhân dân về vai trò, ý nghĩa của việc học tập"
    " thường xuyên, học tập suốt đời; đẩy mạnh công tác tuyên truyền trên các phương tiện thông tin đại chúng.",
    "Phòng Giáo dục và Đào tạo chủ trì, phối hợp với Hội Khuyến học, các xã, thị trấn tổ chức điều tra, thống kê số"
    " người mù chữ trong độ tuổi từ 15 đến 60; báo cáo kết quả trước ngày 30 tháng 9 năm 2016.",
    "Phấn đấu đến năm 2020 có ít nhất 95% số người trong độ tuổi biết chữ, trong đó ưu tiên phụ nữ, người khuyết tật"
    " và đồng bào các dân tộc thiểu số ở những thôn, bản đặc biệt khó khăn.",
    "Các cơ quan, đơn vị căn cứ chức năng, nhiệm vụ được giao, xây dựng kế hoạch cụ thể và tổ chức thực hiện"
    " nghiêm túc; định kỳ sáu tháng, hằng năm gửi báo cáo về Ủy ban nhân dân huyện để tổng hợp.",
)
"""Ordinary office Vietnamese with every kind of mark."""


def words(text: str) -> list[str]:
    """The words of a text, as the project's scorers count them."""
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def recall(text: str, expected: Iterable[str]) -> float:
    """Share of the expected words that a text has."""
    want = Counter(word for part in expected for word in words(part))
    return sum((want & Counter(words(text))).values()) / sum(want.values())


def pair_recall(text: str, expected: Iterable[str]) -> float:
    """Share of the expected neighbours that a text has as neighbours."""
    want: Counter[tuple[str, str]] = Counter()
    for part in expected:
        want.update(pairwise(words(part)))
    return sum((want & Counter(pairwise(words(text)))).values()) / sum(want.values())


def read(path: Path) -> str:
    """The text of a file by the reader the service uses."""
    return reading.read(path).text


def written(path: Path, paragraphs: Iterable[str], change: Callable[[Any], None] | None = None, *, font: str) -> Path:
    """A DOCX with these paragraphs; `change` may alter the document."""
    document: Any = docx.Document()
    document.styles["Normal"].font.name = font
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if change is not None:
        change(document)
    document.save(str(path))
    return path


def converted(path: Path, target: str) -> Path:
    """A file converted by LibreOffice, as an office would save it."""
    profile = (path.parent / "profile").as_uri()
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", target,
         "--outdir", str(path.parent), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return path.with_suffix(f".{target}")


def spaced_apart(document: Any) -> None:
    """Set the letters of every run apart, as the words of a title often are."""
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            spacing = OxmlElement("w:spacing")
            spacing.set(qn("w:val"), "100")  # twentieths of a point
            run._r.get_or_add_rPr().append(spacing)


def in_two_columns(document: Any) -> None:
    """Set the text in two columns."""
    columns = OxmlElement("w:cols")
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), "400")
    section = document.sections[0]._sectPr
    for old in section.findall(qn("w:cols")):
        section.remove(old)
    section.append(columns)


def zipped(path: Path, parts: dict[str, str | bytes]) -> Path:
    """A ZIP with these parts."""
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


_FONTS = (
    "/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
)


def font_file() -> str:
    """A font that has all Vietnamese letters."""
    found = next((name for name in _FONTS if Path(name).exists()), None)
    if found is None:
        pytest.skip("no font with Vietnamese letters is installed")
    return found


def font(points: float, dpi: float) -> ImageFont.FreeTypeFont:
    """That font in a size for pictures."""
    return ImageFont.truetype(font_file(), round(points * dpi / 72))


def scanned(lines: Iterable[str], *, dpi: float) -> Image.Image:
    """A picture of an A4 page with these lines."""
    scale = dpi / 72
    page = Image.new("RGB", (round(595 * scale), round(842 * scale)), "white")
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        pen.text((60 * scale, (60 + 20 * number) * scale), line, font=font(12.5, dpi), fill=(20, 20, 20))
    return page


def stamped(page: Image.Image, words: str, at: tuple[float, float], *, dpi: float) -> None:
    """Put a framed red stamp on a page, at points from the top left corner."""
    scale = dpi / 72
    pen = ImageDraw.Draw(page)
    x, y = at[0] * scale, at[1] * scale
    pen.rectangle((x, y, x + 120 * scale, y + 32 * scale), outline=(200, 30, 40), width=round(1.5 * scale))
    place = (x + 60 * scale, y + 16 * scale)
    pen.text(place, words, font=font(17, dpi), fill=(200, 30, 40), anchor="mm")


def wrapped(paragraphs: Iterable[str], width: int = 78) -> list[str]:
    """Paragraphs as the lines of a page."""
    lines: list[str] = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) >= width:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append(line)
    return lines
