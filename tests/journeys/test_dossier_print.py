"""A year's list of dossiers pasted, kept and printed: what is shown is what comes out of the printer."""

from __future__ import annotations

import random
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import pdf_of

YEAR = 2016  # of no other test
TOPICS = ("xây dựng xã hội học tập", "công tác khuyến học, khuyến tài", "phòng, chống dịch bệnh", "cải cách hành chính",
          "quốc phòng, an ninh trên địa bàn huyện và các xã, thị trấn")  # fmt: skip


def _list() -> str:
    dice = random.Random(1)
    lines = ["Số và ký hiệu hồ sơ\tĐề mục và tiêu đề hồ sơ\tThời hạn bảo quản\tNgười lập hồ sơ"]
    for part in ("I. VĂN PHÒNG", "II. TUYÊN GIÁO"):
        lines.append(f"\t{part}")
        for n in range(35):
            title = f"Hồ sơ về việc {' và '.join(dice.sample(TOPICS, dice.randrange(1, 4)))}, năm {YEAR}"
            lines.append(f"{n + 1:02d}.{part[-2:]}\t{title}\t{dice.choice(('Vĩnh viễn', '10 năm'))}\tLê Thị Thu")
    return "\n".join(lines)


def _keep_list(page: Page, served: str) -> None:
    page.goto(f"{served}/dossiers/import")
    page.get_by_label("Người làm").fill("Lê Thị Thu")
    page.get_by_role("button", name="Ghi tên").click()
    page.get_by_label("Năm của danh mục").fill(str(YEAR))
    page.get_by_label("Hoặc dán bảng vào đây").fill(_list())
    page.get_by_role("button", name="Xem lại").click()
    page.get_by_role("button", name="Ghi 70 hồ sơ vào danh mục").click()
    expect(page.locator("h1")).to_have_text(f"70 hồ sơ năm {YEAR}")


def test_as_many_pages_are_printed_as_the_button_says(served: str, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page(locale="vi-VN")
    _keep_list(page, served)
    page.get_by_role("link", name="In danh mục").click()
    page.wait_for_url("**/print*")
    sheets = page.locator(".paper")
    count = sheets.count()
    assert count > 2
    expect(page.get_by_role("button", name=f"In {count} trang A4")).to_be_visible()
    # No sheet is fuller than A4: else it would have grown beyond its least height.
    assert page.eval_on_selector_all(".paper", "all => all.every(p => p.offsetHeight <= p.offsetWidth * 297 / 210 + 2)")
    (tmp_path / "danh-muc.pdf").write_bytes(pdf_of(page))
    printed = pypdfium2.PdfDocument(tmp_path / "danh-muc.pdf")
    try:
        assert len(printed) == count
        assert [round(size) for size in printed.get_page_size(0)] == [595, 842]
        texts = [printed[n].get_textpage().get_text_bounded() for n in range(count)]
    finally:
        printed.close()
    assert all("Đề mục và tiêu đề hồ sơ" in " ".join(text.split()) for text in texts)  # the head on every page
    assert "Vankho" not in texts[0] and "70 hồ sơ" in " ".join(texts[-1].split())
    page.close()
