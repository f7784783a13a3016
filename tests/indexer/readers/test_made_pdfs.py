"""PDFs made by LibreOffice from Vietnamese text, with what makes such files hard to read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.indexer.readers.making import (
    PARAGRAPHS,
    converted,
    in_two_columns,
    needs_office,
    pair_recall,
    read,
    recall,
    spaced_apart,
    written,
)

pytestmark = needs_office

TEXT = PARAGRAPHS * 3
DECOMPOSED = tuple(unicodedata.normalize("NFD", paragraph) for paragraph in TEXT)
PLAIN, POOR = "Noto Serif", "Liberation Serif"
"""A font with all Vietnamese letters, and one without: each missing letter comes from another font."""


@pytest.mark.parametrize(
    ("paragraphs", "change", "font", "target"),
    [
        pytest.param(TEXT, None, POOR, 1.0, id="fallback fonts"),
        pytest.param(DECOMPOSED, None, PLAIN, 1.0, id="decomposed letters"),
        pytest.param(DECOMPOSED, None, POOR, 1.0, id="decomposed letters and fallback fonts"),
        pytest.param(TEXT, spaced_apart, PLAIN, 0.9, id="letters set apart"),
        pytest.param(TEXT, spaced_apart, POOR, 0.9, id="letters set apart and fallback fonts"),
        pytest.param(TEXT, in_two_columns, PLAIN, 0.99, id="two columns"),
        pytest.param(TEXT, in_two_columns, POOR, 0.99, id="two columns and fallback fonts"),
    ],
)
def test_words_are_read(
    tmp_path: Path, paragraphs: tuple[str, ...], change: Callable[[Any], None] | None, font: str, target: float
) -> None:
    text = read(converted(written(tmp_path / "a.docx", paragraphs, change, font=font), "pdf"))
    assert recall(text, TEXT) >= target
    assert pair_recall(text, TEXT) >= target - 0.02


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    text = read(converted(written(tmp_path / "a.docx", TEXT, in_two_columns, font=PLAIN), "pdf"))
    one_line = " ".join(text.split())
    assert PARAGRAPHS[2] in one_line
    assert one_line.index(PARAGRAPHS[0]) < one_line.index(PARAGRAPHS[4])


def _tasks(document: Any) -> None:
    table = document.add_table(rows=0, cols=4)
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


ROWS = [("TT", "Nội dung công việc", "Cơ quan chủ trì", "Thời hạn hoàn thành")] + [
    (str(number), PARAGRAPHS[number % 5][:90], "Phòng Giáo dục và Đào tạo", f"Trước ngày {number}/9/2016")
    for number in range(1, 13)
]


@pytest.mark.parametrize("font", [PLAIN, POOR])
def test_tables_are_read_row_by_row(tmp_path: Path, font: str) -> None:
    text = read(converted(written(tmp_path / "a.docx", PARAGRAPHS[:1], _tasks, font=font), "pdf"))
    expected = [cell for row in ROWS for cell in row]
    assert recall(text, expected) >= 0.99
    one_line = " ".join(text.split())
    places = [one_line.index(f"{number}/9/2016") for number in range(1, 13)]
    assert places == sorted(places)


def test_every_word_knows_its_place_on_the_page(tmp_path: Path) -> None:
    from indexer import reading

    body = reading.read(converted(written(tmp_path / "a.docx", TEXT, font=PLAIN), "pdf"))
    assert body.pages[0].width == pytest.approx(612, abs=20)
    for fragment in body.fragments:
        x0, y0, x1, y1 = fragment.box
        page = body.pages[fragment.page - 1]
        assert 0 <= x0 < x1 <= page.width
        assert 0 <= y0 < y1 <= page.height
