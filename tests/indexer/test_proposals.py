"""Proposals are kept for papers that cite the plan and for those that only come from its bodies."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from sqlalchemy import select

from archive.viewer import SYSTEM
from indexer import schema
from indexer.views import TaskState
from indexer.wiring import Service

PLAN = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN SƠN LỘC\tĐộc lập - Tự do - Hạnh phúc
Số: 21/KH-UBND\tSơn Lộc, ngày 05 tháng 3 năm 2017

KẾ HOẠCH
Phát triển văn hóa đọc năm 2017

I. NHIỆM VỤ
1. Phòng Văn hóa và Thông tin luân chuyển sách giữa các thư viện xã, hoàn thành trước ngày 30/9/2017.
2. Ủy ban nhân dân các xã xây dựng kế hoạch thực hiện của địa phương trước ngày 30/4/2017.
3. Phòng Giáo dục và Đào tạo mở ngày hội đọc sách ở các trường, báo cáo Ủy ban nhân dân huyện hằng năm.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Lê Văn Bình
"""
UNCITED = """UBND HUYỆN SƠN LỘC\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHÒNG VĂN HÓA VÀ THÔNG TIN\tĐộc lập - Tự do - Hạnh phúc
Số: 40/BC-VHTT\tSơn Lộc, ngày 20 tháng 9 năm 2017

BÁO CÁO
Kết quả phát triển văn hóa đọc năm 2017

I. KẾT QUẢ
1. Phòng đã luân chuyển 3.200 cuốn sách giữa các thư viện xã.

TRƯỞNG PHÒNG

Trần Thị Mai
"""
COMMUNE = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ AN BÌNH\tĐộc lập - Tự do - Hạnh phúc
Số: 09/KH-UBND\tAn Bình, ngày 20 tháng 4 năm 2017

KẾ HOẠCH
Phát triển văn hóa đọc trên địa bàn xã An Bình năm 2017

Thực hiện Kế hoạch số 21/KH-UBND ngày 05/3/2017 của Ủy ban nhân dân huyện Sơn Lộc, Ủy ban nhân dân xã An Bình \
xây dựng kế hoạch như sau:
1. Công chức Văn hóa - Xã hội mở tủ sách ở 5 thôn trước ngày 30/8/2017.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Ngô Văn Tám
"""
ELSEWHERE = UNCITED.replace("SƠN LỘC", "TÂN SƠN").replace("Sơn Lộc", "Tân Sơn").replace("40/BC", "41/BC")
PAPERS = {"plan": PLAN, "uncited": UNCITED, "commune": COMMUNE, "elsewhere": ELSEWHERE}


def _proposed(service: Service, ids: dict[str, str]) -> set[tuple[str, str, str]]:
    named = {document: name for name, document in ids.items()}
    with service.archive.engine.connect() as connection:
        rows = connection.execute(select(schema.fulfilment))
        return {(named[row.paper], row.task, row.quote) for row in rows if row.plan == ids["plan"]}


@pytest.mark.parametrize("order", [*itertools.permutations(PAPERS)][::5])
def test_papers_of_the_bodies_asked_are_found_in_any_order(
    order: tuple[str, ...], service: Service, add: Callable[..., str]
) -> None:
    ids = {name: add(PAPERS[name], f"{name}.txt") for name in order}
    assert _proposed(service, ids) == {
        ("uncited", "i.1", "Phòng đã luân chuyển 3.200 cuốn sách giữa các thư viện xã."),
        ("commune", "i.2", "Phát triển văn hóa đọc trên địa bàn xã An Bình năm 2017"),
    }


def test_the_plan_shows_what_each_body_has_done(service: Service, add: Callable[..., str]) -> None:
    ids = {name: add(text, f"{name}.txt") for name, text in PAPERS.items()}
    view = service.findings.plan(SYSTEM, ids["plan"])
    assert view is not None
    books, communes, schools = view.tasks
    assert (books.state, communes.state, schools.state) == (TaskState.DONE, TaskState.PARTIAL, TaskState.OVERDUE)
    (share,) = communes.shares
    assert (share.done, [member.name for member in share.members]) == (1, ["Ủy ban nhân dân xã An Bình"])
    assert [str(period.due_on) for period in schools.periods] == ["2017-12-31", "2018-12-31"]


def test_a_paper_that_goes_takes_its_proposals_along(service: Service, add: Callable[..., str]) -> None:
    ids = {name: add(text, f"{name}.txt") for name, text in PAPERS.items()}
    service.findings.forget(ids["commune"])
    assert {paper for paper, _, _ in _proposed(service, ids)} == {"uncited"}


def test_reading_again_changes_nothing(service: Service, add: Callable[..., str]) -> None:
    ids = {name: add(text, f"{name}.txt") for name, text in PAPERS.items()}
    before = _proposed(service, ids)
    service.read_again(list(ids.values()))
    assert _proposed(service, ids) == before
