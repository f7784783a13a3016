"""The draft of a report on a plan: its words, and how it is set."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.shared import Mm

from archive.viewer import GUEST
from corpus.analyse import analyse
from corpus.model import Kind
from indexer import reading
from indexer.wiring import Service
from tests.web.papers import PLAN, REPORT
from web import plan_files, plan_report
from web.plan_report import PlanReport

STATE_PLAN = PLAN.replace(
    "HUYỆN ỦY YÊN HÀ\tĐẢNG CỘNG SẢN VIỆT NAM\n*\tYên Hà,",
    "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nHUYỆN YÊN HÀ\tĐộc lập - Tự do - Hạnh phúc\nYên Hà,",
)
for party, state in (
    ("Số 05-KH/HU", "Số: 05/KH-UBND"), ("- Lưu VPHU.", "- Lưu: VT, VX."),
    ("T/M BAN THƯỜNG VỤ", "TM. ỦY BAN NHÂN DÂN"),
):  # fmt: skip
    STATE_PLAN = STATE_PLAN.replace(party, state)


def report_of(service: Service, document: str) -> PlanReport:
    plan, read = service.findings.plan(GUEST, document), service.findings.analysed(GUEST, document)
    assert plan is not None and read is not None
    return plan_report.plan_report(plan, read[0], read[1])


def opened(service: Service, document: str) -> Document:
    return docx.Document(io.BytesIO(plan_files.report(service, document)))


def words_of(made: Document) -> str:
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in made.paragraphs)])


def test_every_statement_has_its_source(service: Service, add: Callable[..., str]) -> None:
    plan = add(PLAN)
    add(REPORT)
    report = report_of(service, plan)
    said = [one for part in report.parts for result in part.results for one in result.statements]
    assert said and all("12/BC-HKH ngày 05/12/2017" in one.source for one in said)
    assert any("mục I.1, trang 1" in one.source for one in said)
    text = words_of(opened(service, plan))
    assert all(f"({one.source})." in text for one in said)
    assert plan_report.name(service.findings.cards(GUEST, [plan])[plan]) in text
    assert "68/74 thôn" in text and "chưa có người xác nhận" in text


def test_what_is_silent_is_said(service: Service, add: Callable[..., str]) -> None:
    report = report_of(service, add(PLAN))
    assert len(report.silent) == sum(len(part.results) for part in report.parts)
    assert "không tìm thấy kết quả trong kho" in report.summary
    assert report.figures == () and report.sources == ()


def test_a_report_that_answers_nothing_is_named(service: Service, add: Callable[..., str]) -> None:
    plan = add(PLAN)
    add(re.sub(r"I\. KẾT QUẢ.*?CHỦ TỊCH", "I. KẾT QUẢ\n1. Trụ sở hội đã được sơn lại.\n\nCHỦ TỊCH", REPORT, flags=re.S))
    assert any("12/BC-HKH" in one for one in report_of(service, plan).unanswering)


def test_the_partys_layout_for_a_party_plan(service: Service, add: Callable[..., str]) -> None:
    made = opened(service, add(PLAN))
    left, right = made.tables[0].rows[0].cells
    assert "HUYỆN ỦY YÊN HÀ" in left.text and left.text.endswith("*\nSố       -BC/HU")
    assert right.text.startswith("ĐẢNG CỘNG SẢN VIỆT NAM") and "Yên Hà, ngày " in right.text
    closing = made.tables[-1].rows[0].cells
    assert closing[0].text.startswith("Nơi nhận:") and closing[0].text.endswith("- Lưu VPHU.")
    assert "- Hội Khuyến học huyện," in closing[0].text and "T/M BAN THƯỜNG VỤ" in closing[1].text
    assert any(p.text.startswith("kết quả thực hiện Kế hoạch số 05-KH/HU") for p in made.paragraphs)


def test_the_states_layout_for_a_plan_of_the_state(service: Service, add: Callable[..., str]) -> None:
    made = opened(service, add(STATE_PLAN))
    left, right = made.tables[0].rows[0].cells
    assert left.text.startswith("ỦY BAN NHÂN DÂN\nHUYỆN YÊN HÀ") and "Số:       /BC-UBND" in left.text
    assert right.text.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    closing = made.tables[-1].rows[0].cells
    assert "- Hội Khuyến học huyện;" in closing[0].text and closing[0].text.endswith("- Lưu: VT, VX.")


def test_a_long_subject_is_set_whole(service: Service, add: Callable[..., str]) -> None:
    long = "xây dựng xã hội học tập " * 14
    made = opened(service, add(PLAN.replace("xây dựng xã hội học tập giai đoạn", f"{long}giai đoạn")))
    assert f"{long}giai đoạn 2016-2020" in words_of(made)


def test_the_sheet_is_a4_in_times_and_marked_as_a_draft(service: Service, add: Callable[..., str]) -> None:
    made = opened(service, add(PLAN))
    section = made.sections[0]
    sides = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    assert [round((side or 0) / Mm(1)) for side in sides] == [210, 297, 30, 20]
    assert {run.font.name for paragraph in made.paragraphs for run in paragraph.runs} == {"Times New Roman"}
    for footer in (section.footer, section.first_page_footer):
        assert "DỰ THẢO do Vankho lập ngày 15/01/2018" in footer.paragraphs[0].text
    assert "PAGE" in section.header._element.xml and "PAGE" not in section.first_page_header._element.xml


@pytest.mark.parametrize(
    ("paper", "motto", "kind"),
    [(PLAN, "ĐẢNG CỘNG SẢN VIỆT NAM", "05-KH/HU"), (STATE_PLAN, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "05/KH-UBND")],
)
def test_printed_by_libreoffice_it_is_read_as_a_report(
    service: Service, add: Callable[..., str], tmp_path: Path, paper: str, motto: str, kind: str
) -> None:
    path = tmp_path / "bao-cao.docx"
    path.write_bytes(plan_files.report(service, add(paper)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for file in (path, path.with_suffix(".pdf")):
        body = reading.read(file)
        assert re.search(rf"(^|[\t ]){motto}([\t ]|$)", body.text, re.MULTILINE)  # on one line
        heading = analyse(body).heading
        assert heading.kind is Kind.REPORT and heading.issuer in ("Huyện ủy Yên Hà", "Ủy ban nhân dân huyện Yên Hà")
        assert heading.title is not None and kind in heading.title and heading.draft
