"""What is stored comes back equal, whole values compared."""

from __future__ import annotations

import datetime as dt

from corpus.model import (
    Body,
    Citation,
    Due,
    Evidence,
    Finding,
    Fragment,
    Heading,
    Kind,
    Page,
    Role,
    Signatory,
    Span,
    Task,
)
from indexer import records


def test_a_heading_comes_back_equal() -> None:
    heading = Heading(
        signatories=(Signatory("Trần Văn Hòa", "THỨ TRƯỞNG", "KT. BỘ TRƯỞNG"), Signatory("Phạm Thị Mai")),
        kind=Kind.PLAN, kind_printed="Kế hoạch", number="05-KH/HU", issued_on=dt.date(2016, 9, 30),
        recipients=("Tỉnh ủy (b/c)",), evidence={"number": Evidence(Span(3, 9), 0.9), "place": Evidence(None, 0.2)},
        end=120, close=None,
    )  # fmt: skip
    assert records.heading_from_json(records.heading_to_json(heading)) == heading


def test_a_citation_comes_back_equal() -> None:
    citation = Citation(
        Span(1, 5), "QĐ 89", Kind.DECISION, "89/QĐ-TTg", None, dt.date(2013, 1, 9), None, "Thủ tướng Chính phủ",
        None, Role.IMPLEMENTS, "ii.1", None,
    )  # fmt: skip
    assert records.citation_from_json(records.citation_to_json(citation)) == citation


def test_a_task_comes_back_equal() -> None:
    due = Due("trước ngày 25/6 và 25/11 hằng năm", None, "half-yearly", ((6, 25), (11, 25)))
    task = Task("iii.5", "báo cáo kết quả", Span(4, 90), ("Ban Tuyên giáo",), (), ("Huyện ủy",), None, due)
    assert records.task_from_json(records.task_to_json(task)) == task


def test_findings_and_layout_come_back_equal() -> None:
    findings = (Finding("low-text-quality", "chữ mờ", Span(0, 4)), Finding("x"))
    assert records.findings_from_json(records.findings_to_json(findings)) == findings
    body = Body(
        "abcd", "application/pdf", "ocr", pages=(Page(1, Span(0, 4), 595.0, 842.0, "ocr", 0.91),),
        fragments=(Fragment(Span(0, 4), 1, (10.0, 20.5, 100.0, 32.0)),),
    )  # fmt: skip
    assert records.layout_from_bytes(records.layout_to_bytes(body)) == (body.pages, body.fragments)
