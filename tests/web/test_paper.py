"""Cutting sheets into pages: nothing lost, nothing twice, nothing over the edge."""

from __future__ import annotations

import random

import pytest

from web import paper
from web.paper import BOTTOM, LONG, TOP, Column, Grid, Head, Row, Sheet, Signs, para

WORDS = ("xây", "dựng", "xã", "hội", "học", "tập", "giai đoạn", "2016-2020", "Ban", "Thường", "vụ", "Huyện", "ủy")
COLUMNS = (Column("STT", 11), Column("Tiêu đề", 110), Column("Ghi chú", 44))
HEAD = Head("TỈNH ỦY LAM GIANG", "HUYỆN ỦY YÊN HÀ", True, "Yên Hà", None)


def _sheet(rows: tuple[Row, ...]) -> Sheet:
    return Sheet("x", HEAD, (para("MỤC LỤC", style="title"), Grid(COLUMNS, rows), para("Cộng."), Signs((("A", "B"),))))


@pytest.mark.parametrize("seed", range(30))
def test_every_row_stands_on_one_page_and_every_page_holds(seed: int) -> None:
    dice = random.Random(seed)
    rows = tuple(
        Row((f"Đề mục {n}",), heading=True) if dice.random() < 0.2
        else Row((str(n), " ".join(dice.choices(WORDS, k=dice.randrange(1, 90))), ""))
        for n in range(dice.randrange(1, 80))
    )  # fmt: skip
    sheet = _sheet(rows)
    pages = paper.pages(sheet)
    grids = [block for page in pages for block in page if isinstance(block, Grid)]
    assert tuple(row for grid in grids for row in grid.rows) == rows
    assert [block for page in pages for block in page if not isinstance(block, Grid)] == [
        block for block in sheet.blocks if not isinstance(block, Grid)
    ]
    for number, page in enumerate(pages):
        used = sum(paper._height(block, sheet.breadth) for block in page)
        assert used + (paper._head_height(HEAD) if number == 0 else 0) <= LONG - TOP - BOTTOM
    assert not any(grid.rows[-1].heading for grid in grids[:-1])  # no heading at the foot of a page
    assert any(isinstance(block, Grid) for block in pages[-1])  # what is signed is never alone on a page


def test_a_row_higher_than_a_page_does_not_stop_the_others() -> None:
    rows = (Row(("1", " ".join([*WORDS] * 90), "")), Row(("2", "x", "")), Row(("3", " ".join([*WORDS] * 90), "")))
    pages = paper.pages(_sheet(rows))
    assert tuple(row for page in pages for block in page if isinstance(block, Grid) for row in block.rows) == rows


def test_a_sheet_of_one_page_is_one_page() -> None:
    assert len(paper.pages(_sheet((Row(("1", "x", "")),)))) == 1
    assert len(paper.pages(Sheet("x", None, ()))) == 1
