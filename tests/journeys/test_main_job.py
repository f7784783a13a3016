"""One walk through the three jobs: search, open the plan, follow a citation, hand a paper in, find it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

NEW = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHÒNG NỘI VỤ\tĐộc lập - Tự do - Hạnh phúc
Số: 07/TB-PNV\tYên Hà, ngày 12 tháng 01 năm 2018

THÔNG BÁO
Về lịch trực cơ quan dịp Tết Nguyên đán Mậu Tuất

Phòng Nội vụ thông báo lịch trực cơ quan dịp Tết Nguyên đán Mậu Tuất năm 2018.

TRƯỞNG PHÒNG
Đỗ Văn Minh
"""


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_search_open_the_plan_follow_a_citation_upload_and_find(
    script: bool, served: str, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=script, locale="vi-VN")
    page = context.new_page()
    page.goto(served)
    page.locator("main input[name=q]").first.fill("xay dung xa hoi hoc tap")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("mark").first).to_be_visible()
    _open_plan(page)
    _follow_citation(page)
    _see_tasks(page, served)
    _hand_in_and_find(page, served, tmp_path, script=script)
    context.close()


def _open_plan(page: Page) -> None:
    page.locator("[data-row]", has_text="05-KH/HU").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("xã hội học tập")
    expect(page.locator("main")).to_contain_text("Chỉ thị số 19-CT/TU")


def _follow_citation(page: Page) -> None:
    page.locator(".body a", has_text=re.compile(r"19\s*-\s*CT/TU")).first.click()
    card = page.locator("#dan")
    expect(card).to_be_visible()
    card.get_by_role("link", name="Mở văn bản").click()
    expect(page.locator("main")).to_contain_text("19-CT/TU")
    expect(page.locator("#nhac-toi")).to_be_visible()


def _see_tasks(page: Page, served: str) -> None:
    page.goto(f"{served}/plans")
    page.locator("[data-row]", has=page.get_by_text("05-KH/HU", exact=True)).get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("9 nhiệm vụ")
    page.locator("a.cell").first.click()
    expect(page.locator("#minh-chung")).to_be_visible()


def _hand_in_and_find(page: Page, served: str, folder: Path, *, script: bool) -> None:
    paper = folder / "lich truc.txt"
    paper.write_text(NEW.replace("07/TB-PNV", f"{7 + script:02}/TB-PNV"), encoding="utf-8")
    page.goto(f"{served}/upload")
    page.locator("input[type=file]").first.set_input_files(paper)
    if not script:  # with it, choosing a file sends it
        page.get_by_role("button", name=re.compile("Tải lên|Gửi")).first.click()
    expect(page).to_have_url(re.compile("received="))
    for _ in range(60):
        if page.locator("main").get_by_text("Tìm được", exact=True).count():
            break
        page.wait_for_timeout(500)
        page.goto(page.url)
    page.goto(f"{served}/?q=lịch+trực+Tết")
    expect(page.locator("[data-row]").first).to_contain_text("TB-PNV")
