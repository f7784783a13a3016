"""Terms and what the table proposes for a title; the decision is a person's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from archive import retention
from archive.errors import NotAllowed
from archive.retention import Term

TODAY = dt.date(2026, 1, 15)
PROPOSED = (
    ("Kế hoạch, báo cáo công tác năm 2026 của Huyện ủy", "vinh-vien"),
    ("Kế hoạch, báo cáo công tác quý, 6 tháng đầu năm 2026", "20"),
    ("Báo cáo công tác tháng của các phòng", "10"),
    ("Đề án xây dựng xã hội học tập giai đoạn 2021-2030", "vinh-vien"),
    ("Công văn trao đổi về công tác quy hoạch", "5"),
    ("Hồ sơ quy hoạch cán bộ nhiệm kỳ 2025-2030", "10"),
    ("Phiếu tín nhiệm quy hoạch cán bộ", "5"),
    ("Hồ sơ đấu thầu mua sắm máy tính", "20"),
    ("Hồ sơ dự thầu không trúng thầu", "5"),
    ("TẬP LƯU VĂN BẢN ĐI NĂM 2026", "vinh-vien"),
    ("Sổ đăng ký văn bản đến năm 2026", "20"),
    ("Tập văn bản gửi chung đến các cơ quan về văn thư, lưu trữ", "hieu-luc"),
    ("Báo cáo của các cơ quan khác gửi để biết", "5"),
)


@pytest.mark.parametrize(("title", "term"), PROPOSED)
def test_the_most_telling_rule_comes_first(title: str, term: str, tmp_path: Path) -> None:
    found = retention.propose(title, retention.rules(tmp_path), on=TODAY)
    assert found and found[0].rule.term.value == term, [(p.rule.id, p.words) for p in found]


def test_a_title_that_no_rule_knows_gets_no_proposal(tmp_path: Path) -> None:
    assert retention.propose("Hồ sơ đám cưới", retention.rules(tmp_path), on=TODAY) == ()


def test_words_are_whole_words(tmp_path: Path) -> None:
    """«sổ» is not part of «số»; «năm» not of «nămg»."""
    assert retention.propose("Số văn bản đến", retention.rules(tmp_path), on=TODAY) == ()


def test_each_day_has_the_rules_that_held_on_it(tmp_path: Path) -> None:
    title, rules = "Hồ sơ quy hoạch cán bộ", retention.rules(tmp_path)
    for day, term, basis in (
        (dt.date(2022, 1, 1), "20", "Thông tư 09/2011/TT-BNV"),
        (dt.date(2023, 2, 14), "20", "Thông tư 09/2011/TT-BNV"),
        (dt.date(2023, 2, 15), "10", "Thông tư 10/2022/TT-BNV"),
    ):
        (found,) = retention.propose(title, rules, on=day)
        assert (found.rule.term.value, found.rule.basis.name) == (term, basis)


def test_the_offices_own_rules_take_the_place_of_the_shipped(tmp_path: Path) -> None:
    (tmp_path / retention.OWN).write_text(
        '[[basis]]\nid = "qd"\nname = "Quyết định 12-QĐ/HU"\n'
        '[[rule]]\nid = "phieu-tin-nhiem"\nabout = "Phiếu"\nwords = ["phiếu tín nhiệm"]\nterm = "10"\nbasis = "qd"\n'
        '[[rule]]\nid = "dam-cuoi"\nabout = "Việc riêng"\nwords = ["đám cưới"]\nterm = "1"\nbasis = "tt10"\n',
        encoding="utf-8",
    )
    rules = retention.rules(tmp_path)
    votes = retention.propose("Phiếu tín nhiệm quy hoạch cán bộ", rules, on=TODAY)[0].rule
    assert (votes.term, votes.basis.name) == (Term("10"), "Quyết định 12-QĐ/HU")
    assert retention.propose("Hồ sơ đám cưới", rules, on=TODAY)[0].rule.basis.id == "tt10"


@pytest.mark.parametrize(
    "text",
    ["[[rule]]\nid = 1\n", "x", '[[rule]]\nid="a"\nabout=""\nwords=["b"]\nterm="200"\nbasis="tt10"'],
)
def test_rules_of_an_office_that_cannot_be_read_are_named(text: str, tmp_path: Path) -> None:
    (tmp_path / retention.OWN).write_text(text, encoding="utf-8")
    with pytest.raises(NotAllowed):
        retention.rules(tmp_path)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("Vĩnh viễn", "vinh-vien"), ("VV", "vinh-vien"), ("10 năm", "10"), (" 05 năm ", "5"), ("70", "70"),
     ("Đến khi văn bản hết hiệu lực", "hieu-luc")],
)  # fmt: skip
def test_terms_are_read_as_people_write_them(typed: str, value: str) -> None:
    assert Term.parse(typed).value == value
    assert Term.parse(Term(value).words).value == value


@pytest.mark.parametrize("typed", ["", "lâu dài", "0", "71", "-5", "10 tháng", "²"])
def test_what_is_no_term_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(NotAllowed, match="ví dụ “10 năm”"):
        Term.parse(typed)


def test_every_rule_names_what_it_rests_on(tmp_path: Path) -> None:
    rules = retention.rules(tmp_path)
    assert len(rules) > 10 and all(rule.about and rule.basis.name and rule.words for rule in rules)


def test_a_figure_of_the_earlier_circular_is_compared_only_where_its_row_is_named(tmp_path: Path) -> None:
    table = retention.rules(tmp_path)
    earlier = [rule for rule in table if rule.basis.id == "tt09"]
    assert all(rule.checked == bool(rule.row) for rule in earlier)
    compared = {rule.id: rule.term.value for rule in earlier if rule.checked}
    assert compared["ke-hoach-ky"] == "20" and compared["quy-hoach-can-bo"] == "20"
    assert compared["quy-che-to-chuc"] == "vinh-vien" and "so-di" not in compared and len(compared) == 12
    assert next(rule for rule in table if rule.id == "quy-che-to-chuc").row == "Phụ lục I, mục 3"
