"""A plan in a real browser: printed on one page, read by everyone, its tasks edited by hand."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import pdf_of

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def _plan(page: Page, served: str) -> str:
    page.goto(f"{served}/plans")
    page.locator("[data-row]", has=page.get_by_text("05-KH/HU", exact=True)).get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/plans/\w+$"))  # and until its styles are there
    return page.url


def test_the_matrix_prints_on_one_landscape_page_with_its_day(served: str, browser: Browser) -> None:
    page = browser.new_page(locale="vi-VN")
    _plan(page, served)
    printed = pypdfium2.PdfDocument(io.BytesIO(pdf_of(page)))
    assert len(printed) == 1
    width, height = printed[0].get_size()
    assert width > height and abs(width - 842) < 2
    text = printed[0].get_textpage().get_text_range()
    assert "in ngày 15/01/2018" in text and "Đọc văn bản" not in text and "Biểu đồ" not in text
    assert "6/6 xã" in text and re.search(r"Quá hạn\s+26 ngày", text)
    page.close()


def _pages(page: Page, served: str) -> list[str]:
    plan = _plan(page, served)
    page.goto(f"{plan}/tasks")
    task = page.locator(".task-row a").first.get_attribute("href")
    views = [f"{plan}?view={view}" for view in ("body", "period", "list", "chart", "chain")]
    return [*views, f"{plan}?cell=ii.4:1", f"{plan}/tasks", f"{served}{task}"]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_view_scrolls_sideways(width: int, served: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, locale="vi-VN")
    for address in _pages(page, served):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.close()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; it comes with npm")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_open_to_all(width: int, scheme: str, served: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="vi-VN")  # type: ignore[arg-type]
    for address in _pages(page, served):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))")
        assert found == [], address
    page.close()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_task_is_given_more_time_from_the_drawer_and_taken_back(
    script: bool, served: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=script, locale="vi-VN")
    page = context.new_page()
    plan = _plan(page, served)
    page.goto(f"{plan}?cell=iii.5:1")
    page.get_by_role("link", name="Sửa nhiệm vụ", exact=True).click()
    page.locator("summary", has_text="Bỏ khỏi danh sách").click()
    page.locator("summary", has_text="Gia hạn").click()
    form = page.locator("form", has=page.locator("input[name=until]"))
    form.locator("input[name=until]").fill("28/02/2018")
    form.locator("textarea[name=reason]").fill("Chờ số liệu của các xã")
    form.locator("input[name=by]").fill("Lê Thị Thu")
    form.get_by_role("button", name="Gia hạn").click()
    told = page.locator("#da-sua li").first
    expect(told).to_contain_text("Lê Thị Thu")
    expect(told).to_contain_text("Chờ số liệu của các xã")
    page.goto(f"{plan}?cell=iii.5:1")
    expect(page.locator(".drawer")).to_contain_text("hạn 28/02/2018")
    page.goto(f"{plan}/tasks")
    page.locator("#da-sua li").first.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#da-sua li").first).to_contain_text("đã hoàn tác")
    page.goto(f"{plan}?cell=iii.5:1")
    expect(page.locator(".drawer")).to_contain_text("Quá hạn 26 ngày")
    context.close()
