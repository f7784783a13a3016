"""Deciding with the keyboard alone, as someone does who has forty to look at."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect


def _waiting(page: Page) -> int:
    return int(page.locator("header .count").inner_text())


def test_one_key_decides_and_z_takes_it_back(served: str, browser: Browser) -> None:
    context = browser.new_context(locale="vi-VN")
    page = context.new_page()
    page.goto(f"{served}/review")
    before = _waiting(page)
    page.get_by_label("Người xem").fill("Lê Thị Thu")
    page.get_by_role("button", name="Không phải").click()
    expect(page.get_by_text("Đã ghi")).to_be_visible()
    assert _waiting(page) == before - 1
    page.keyboard.press("2")  # the name is known from now on
    expect(page.get_by_text("“một phần”")).to_be_visible()
    assert _waiting(page) == before - 2
    page.keyboard.press("z")
    expect(page.get_by_text("Đã ghi")).to_have_count(0)
    assert _waiting(page) == before - 1
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, width
    context.close()
