"""Lists of dossiers as offices keep them: columns in any order, headings between, slips named by their line."""

from __future__ import annotations

import pytest

from web import dossier_table

WITH_ORDINALS = """DANH MỤC HỒ SƠ NĂM 2026
STT;Tên hồ sơ;Ký hiệu;THBQ;Người phụ trách
I;VĂN PHÒNG
1;Báo cáo năm;01.VP;Vĩnh viễn;Lò Văn An
"""
CASES = (
    # (table, code, title, heading, term, keeper of its first dossier)
    ("01.TG\tKế hoạch\t10 năm\tLê Thị Thu", "01.TG", "Kế hoạch", "", "10", "Lê Thị Thu"),
    ("01.TG;Kế hoạch;;Lê Thị Thu", "01.TG", "Kế hoạch", "", None, "Lê Thị Thu"),
    ("I. VĂN PHÒNG\n1. Tổng hợp\n01.VP | Báo cáo | vĩnh viễn", "01.VP", "Báo cáo", "I. VĂN PHÒNG\n1. Tổng hợp",
     "vinh-vien", ""),
    (WITH_ORDINALS, "01.VP", "Báo cáo năm", "I VĂN PHÒNG", "vinh-vien", "Lò Văn An"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "code", "title", "heading", "term", "keeper"), CASES)
def test_a_table_is_read_as_people_lay_it_out(
    text: str, code: str, title: str, heading: str, term: str | None, keeper: str
) -> None:
    one = dossier_table.read(text)[-1].planned
    assert one is not None
    assert (one.code, one.title, one.heading, one.keeper) == (code, title, heading, keeper)
    assert (one.term.value if one.term else None) == term


@pytest.mark.parametrize(
    ("line", "problem"),
    [("\tKế hoạch\t10 năm", "Thiếu số, ký hiệu hồ sơ."), ("02.TG\t\t10 năm", "Thiếu tiêu đề hồ sơ."),
     ("01.tg\tKhác\t5", "Số, ký hiệu trùng với dòng 1."), ("03\tx\tmãi mãi", "Chưa hiểu thời hạn bảo quản “mãi mãi”"),
     ("04\t" + "x" * 1001, "Có ô dài quá 1000 chữ.")],
)  # fmt: skip
def test_a_slip_is_named_with_its_line(line: str, problem: str) -> None:
    found = dossier_table.read(f"01.TG\tKế hoạch\t10 năm\n{line}")
    assert [(one.line, one.planned) for one in found][1] == (2, None)
    assert found[1].problem.startswith(problem)


def test_feet_and_empty_lines_are_no_dossiers() -> None:
    text = "01\tMột\n\n\t\t\nBản danh mục này có 01 hồ sơ\n(1)\t(2)\n"
    assert [one.planned.code for one in dossier_table.read(text) if one.planned] == ["01"]
    assert dossier_table.read("") == ()


def test_what_is_too_long_is_not_cut_silently() -> None:
    text = "\n".join(f"{n}\tx" for n in range(dossier_table.MOST + 5))
    (one,) = dossier_table.read(text)
    assert "Danh mục dài quá 2000 dòng" in one.problem
