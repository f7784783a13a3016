"""Which words of a question only ask."""

from __future__ import annotations

import pytest

from indexer import query
from indexer.clauses import Run


def only_asking(typed: str) -> str:
    """The words that only ask, as they are compared."""
    (run,) = query.parse(typed).clauses
    assert isinstance(run, Run)
    return " ".join(run.syllables[i].base for i in sorted(run.asking))


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("Kinh phí khuyến học được cấp như thế nào?", "nhu the nao"),
        ("kinh phi khuyen hoc duoc cap nhu the nao", "nhu the nao"),
        ("Xin hỏi mức chi cho hội thi là bao nhiêu", "xin hoi la bao nhieu"),
        ("KINH PHÍ ĐÚNG HAY SAI", "dung hay sai"),
        ("Thời hạn nộp báo cáo là bao lâu", "la bao lau"),
        ("Quỹ khuyến học của xã có được nhận tài trợ của doanh nghiệp hay không?", "hay khong"),
        ("Hội nghị khuyến học khi nào", "khi nao"),
        ("Điều nào sau đây KHÔNG đúng về nhiệm vụ của hội khuyến học?", "nao sau day khong dung"),
        ("Việc nào dưới đây thuộc về hội khuyến học của xã?", "nao duoi day"),
        ("Hội khuyến học có các nhiệm vụ sau đây", ""),  # as the papers say it
        ("Bao nhiêu", ""),  # nothing else would be left to look for
        ("Thu và chi ra, sao kê hằng tháng của quỹ", ""),  # a comma parts it
        ("Thể não của trẻ em", ""),  # other marks, another word
        ("Hội khuyến học làm gì", "gi"),
        ("hoi khuyen hoc lam gi", ""),
        ("Hội khuyến học của xã có những nhiệm vụ gì", ""),  # of a sentence no passage has every word
    ],
)
def test_turns_that_only_ask_are_found(typed: str, asks: str) -> None:
    assert only_asking(typed) == asks
