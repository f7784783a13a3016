"""Evidence added by hand in a real browser: with the keyboard alone, without JavaScript, open to all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NAME = "Lê Thị Thu"


def _task(page: Page, served: str) -> str:
    """The plan's page with the drawer of one task open."""
    page.goto(f"{served}/plans")
    page.locator("[data-row]", has=page.get_by_text("05-KH/HU", exact=True)).get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/plans/\w+$"))
    page.goto(f"{page.url}?cell=ii.1:1")
    return page.url


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on what a selector names, as a person does."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"the focus never came to {wanted}")


def test_with_the_keyboard_alone_a_passage_becomes_evidence_and_is_taken_back(served: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    _task(page, served)
    before = page.locator(".drawer h3").count()
    _tab_to(page, '.drawer a[href$="/evidence"]')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Thêm minh chứng: văn bản nào?")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.closest('[role=search]') !== null")
    _tab_to(page, "#tim")
    page.keyboard.type("10/BC-HKH")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    _tab_to(page, "a[data-open]")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Thêm minh chứng: đoạn nào trả lời nhiệm vụ?")
    _tab_to(page, "input[name=passage]")
    page.keyboard.press("ArrowDown")
    words = page.locator("label:has(input:checked) .said-text").inner_text()
    _tab_to(page, "input[name=status]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.name") == "by":
        page.keyboard.type(NAME)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".drawer .note.good")).to_contain_text("Đã thêm minh chứng “một phần”")
    drawer = page.locator(".drawer")
    expect(drawer).to_contain_text(" ".join(words.split()))
    expect(drawer).to_contain_text(f"{NAME} thêm “một phần”")
    assert page.locator(".drawer h3").count() == before + 1
    page.keyboard.press("z")
    expect(page.locator(".drawer .note")).to_contain_text("Đã hoàn tác")
    expect(page.locator(".drawer h3")).to_have_count(before)
    page.close()


def test_without_javascript_a_paper_leads_to_its_task(served: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{served}/?q=10/BC-HKH")
    page.locator("article h2 a").first.click()
    section = page.locator(".permalink").nth(2)
    section.click()
    page.get_by_role("link", name="Đoạn này trả lời nhiệm vụ nào?").click()
    page.locator("a[data-open]", has_text="05-KH/HU").click()
    page.locator("main a[data-open]").first.click()
    assert page.locator("input[name=passage]:checked").count() == 1
    page.get_by_label("Có nhắc tới").check()
    page.get_by_label("Người thêm").fill(NAME)
    page.get_by_role("button", name="Thêm minh chứng").click()
    expect(page.locator(".drawer .note.good")).to_contain_text("Đã thêm minh chứng “có nhắc tới”")
    page.locator(".drawer .undo button").first.click()
    expect(page.locator(".drawer .note")).to_contain_text("Đã hoàn tác")
    context.close()


def _pages(page: Page, served: str) -> list[str]:
    drawer = _task(page, served)
    add = f"{served}{page.locator('.drawer a[href$=evidence]').first.get_attribute('href')}"
    page.goto(f"{add}?q=10/BC-HKH")
    choose = f"{served}{page.locator('a[data-open]').first.get_attribute('href')}"
    found = re.search(r"paper=(\w+)", choose)
    assert found
    tasks = f"{served}/documents/{found[1]}/tasks"
    plan = drawer.split("/plans/")[1].split("?")[0]
    return [add, f"{add}?q=khuyến+học", choose, f"{choose}&words=chi+hội", tasks, f"{tasks}?plan={plan}&at=600", drawer]


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; it comes with npm")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_is_open_to_all(width: int, scheme: str, served: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="vi-VN")  # type: ignore[arg-type]
    for address in _pages(page, served):
        page.goto(address)
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))")
        assert found == [], address
    page.close()


@pytest.mark.parametrize("width", [390, 320])
def test_no_step_scrolls_sideways(width: int, served: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, locale="vi-VN")
    for address in _pages(page, served):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.close()
