"""Registers in a real browser: what is printed is what the screen shows, sheet for sheet; accessible in all sizes."""

from __future__ import annotations

import datetime as dt
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from archive import office, registers
from archive.office import OwnBody
from archive.registers import Entry, Handling, Paper, Register
from archive.viewer import GUEST
from indexer import worker
from indexer.wiring import Service
from tests.journeys.conftest import pdf_of
from tests.web.papers import DIRECTIVE, PLAN, REPORT, accepted, settings_in
from web import create_app

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DAY = dt.date(2018, 1, 11)
WORDS = (
    "Công văn", "v/v", "tổ chức các hoạt động kỷ niệm 88 năm Ngày thành lập Đảng Cộng sản Việt Nam (03/02/1930 -",
    "03/02/2018)", "NGHIÊNGNGHIÊNGNGHIÊNGNGHIÊNGNGHIÊNGNGHIÊNG", "ưỡ" * 30, "năm 2017", "trên địa bàn huyện",
)  # fmt: skip


def _entry(n: int) -> Entry:
    """A line unlike the others: short and long words, in every column."""
    some = [" ".join(WORDS[(n + k) % len(WORDS)] for k in range(n * step % 5 + 1)) for step in (1, 2, 3)]
    paper = Paper(some[0], f"{n:04}/QĐ-UBND-KGVX", DAY, "Quyết định", some[1], "Nguyễn Thị Thanh Hương", some[2])
    note = "đến muộn" * (n % 3)
    return Entry(DAY, paper, None, Handling("Ban Tuyên giáo" * (n % 4), DAY, "Hà", 12, None, note))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a site with registers of several sheets."""
    with Service.open(settings_in(tmp_path_factory.mktemp("so"))) as service:
        for name, text in (("directive", DIRECTIVE), ("plan", PLAN), ("report", REPORT)):
            accepted(service, f"{name}.txt", text.encode())
        worker.run(service, forever=False)
        office.name(service.archive, [OwnBody("Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang")], by="Thu")
        for register in Register:
            registers.enter(service.archive, GUEST, register, [_entry(n) for n in range(60)], by="Thu")
        server = make_server("127.0.0.1", 0, create_app(service), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", ["in", "out", "in?view=tracking"])
def test_each_sheet_is_one_printed_page_with_its_head(site: str, browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{site}/registers/{name}{'&' if '?' in name else '?'}month=2018-01")
    sheets = page.locator(".paper").count()
    assert sheets > 3
    printed = pypdf.PdfReader(io.BytesIO(pdf_of(page)))
    assert len(printed.pages) == sheets
    found = []
    for number, sheet in enumerate(printed.pages, 1):
        text = " ".join(sheet.extract_text().split())
        assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == (842, 595)
        assert "(1)" in text and ("(7)" in text) and f"Trang {number}/{sheets}" in text and "In ngày 15/01/2018" in text
        found += [n for n in range(60) if f"{n:04}/QĐ" in text]
    assert found == list(range(60))
    page.close()


@pytest.mark.parametrize("name", ["in", "out"])
def test_the_screen_shows_the_sheet_as_it_is_printed(site: str, browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{site}/registers/{name}?month=2018-01")
    sizes = page.locator(".paper").evaluate_all("all => all.map(e => [e.offsetWidth, e.offsetHeight])")
    assert {(width, height) for width, height in sizes} == {(1123, 794)}  # A4 at 96 dots an inch: none runs over
    page.set_viewport_size({"width": 390, "height": 800})
    widths = page.locator(".paper").evaluate_all("all => all.map(e => e.offsetWidth / e.offsetHeight)")
    assert all(abs(ratio - 297 / 210) < 0.02 for ratio in widths)
    page.close()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_never_scroll_sideways(site: str, browser: Browser, width: int, scheme) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True, locale="vi-VN"
    )
    page = context.new_page()
    for path in (
        "/registers/in?month=2018-01", "/registers/out?month=2016", "/registers/in?month=2018-01&view=cover",
        "/registers/in?month=2018-01&view=tracking", "/registers/in/2018/1", "/registers/office", "/registers/in/new",
        "/registers/in/metadata",
    ):  # fmt: skip
        page.goto(site + path)
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run().then(found => found.violations.map(one => one.id))")
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
