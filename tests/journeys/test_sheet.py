"""A clerk takes the sheet of a plan home, writes a note into it, brings it back, and undoes all of it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.sync_api import Browser, expect

from indexer.task_rows import COLUMNS
from web.task_book import HEAD, TASKS

NOTE = [column.key for column in COLUMNS].index("note") + 1


def test_a_sheet_goes_out_and_comes_back(browser: Browser, served: str, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(f"{served}/plans")
    page.get_by_role("link", name="Xây dựng xã hội học tập giai đoạn 2016-2020").first.click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Tải XLSX").click()
    path = tmp_path / coming.value.suggested_filename
    coming.value.save_as(path)
    book = openpyxl.load_workbook(path)
    book[TASKS].cell(HEAD + 1, NOTE).value = "đã nhắc bằng điện thoại"
    book.save(path)
    page.get_by_role("link", name="Nhập bảng đã sửa").click()
    page.get_by_label("Chọn bảng đã sửa").set_input_files(path)
    page.get_by_role("button", name="So với kho").click()
    expect(page.get_by_role("heading", name="Đã đổi (1)")).to_be_visible()
    page.get_by_label("Người sửa").fill("Lê Thị Thu")
    page.get_by_role("button", name="Ghi các thay đổi đã chọn").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi 1 bản sửa.")
    page.get_by_role("link", name="xem và hoàn tác các bản sửa").click()
    expect(page.get_by_text("ghi chú: đã nhắc bằng điện thoại")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Hoàn tác cả lần nhập").click()
    expect(page.get_by_role("status")).to_contain_text("Đã hoàn tác cả lần nhập")
    expect(page.get_by_role("button", name="Hoàn tác cả lần nhập")).to_have_count(0)
    page.get_by_label("Chọn bảng đã sửa").set_input_files(path)
    page.get_by_role("button", name="So với kho").click()
    expect(page.get_by_text("đã nhắc bằng điện thoại")).to_be_visible()  # it is a change again
    page.close()
