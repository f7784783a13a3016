"""Which task of a newer plan goes on with which of the older one."""

from __future__ import annotations

import pytest

from corpus.dates import due
from corpus.model import Span, Task
from corpus.succession import successors

KHUYEN_HOC, GIAO_DUC, DAI = "Hội Khuyến học huyện", "Phòng Giáo dục và Đào tạo", "Đài Truyền thanh huyện"


def _task(wording: str, *lead: str) -> Task:
    return Task("ii", wording, Span(0, 1), lead, due=due(wording, None))


NEW = [
    _task(f"{KHUYEN_HOC} phát triển tổ chức hội, phấn đấu 98% thôn, khu phố có chi hội khuyến học", KHUYEN_HOC),
    _task(f"{GIAO_DUC} tập huấn cho cán bộ, giáo viên trung tâm học tập cộng đồng", GIAO_DUC),
    _task(f"{DAI} mở chuyên mục học tập suốt đời trên sóng phát thanh", DAI),
]


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        # the same work with another target
        (_task(f"{KHUYEN_HOC} phát triển tổ chức hội ở cơ sở, 80% thôn, khu phố có chi hội khuyến học", KHUYEN_HOC), 0),
        (_task(f"{GIAO_DUC} tổ chức tập huấn cho cán bộ trung tâm học tập cộng đồng trong quý II/2016", GIAO_DUC), 1),
        # another body does it now: the words alone say so
        (_task("Phòng Văn hóa mở chuyên mục học tập suốt đời trên sóng phát thanh", "Phòng Văn hóa"), 2),
        # the same body, other work: its name in both must not count
        (_task(f"{KHUYEN_HOC} phối hợp với {GIAO_DUC} trao học bổng cho học sinh vượt khó", KHUYEN_HOC), None),
        # words that every plan has
        (_task("Ban Tuyên giáo theo dõi, đôn đốc việc thực hiện Kế hoạch này", "Ban Tuyên giáo"), None),
    ],
)  # fmt: skip
def test_only_the_same_work_goes_on(old: Task, expected: int | None) -> None:
    found = successors([old], NEW)
    assert (found[0].position if found else None) == expected


def test_two_tasks_as_like_are_none() -> None:
    twice = [NEW[1], _task(f"{GIAO_DUC} tập huấn cho cán bộ, giáo viên trung tâm học tập cộng đồng", GIAO_DUC)]
    old = _task(f"{GIAO_DUC} tập huấn cho cán bộ trung tâm học tập cộng đồng", GIAO_DUC)
    assert successors([old], [*twice, NEW[0]]) == {}
    assert successors([old], []) == {} and successors([], NEW) == {}


def test_the_reason_says_what_is_alike_and_what_is_not() -> None:
    old = _task(f"{GIAO_DUC} tập huấn cho cán bộ trung tâm học tập cộng đồng trong quý II/2016", GIAO_DUC)
    new = _task(f"{GIAO_DUC} tập huấn cho cán bộ trung tâm học tập cộng đồng trong quý II/2018", GIAO_DUC)
    reason = successors([old], [new])[0].reason
    assert "cùng cơ quan chủ trì" in reason and "hạn khác" in reason
