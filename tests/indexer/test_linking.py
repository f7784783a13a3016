"""Links and proposals do not depend on the order in which papers arrive."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import pytest
from sqlalchemy import select

from archive.viewer import SYSTEM
from indexer import schema
from indexer.wiring import Service

PLAN = """HUYỆN ỦY YÊN HÀ\tĐẢNG CỘNG SẢN VIỆT NAM
*\tYên Hà, ngày 30 tháng 9 năm 2016
Số 05-KH/HU

KẾ HOẠCH
thực hiện Chỉ thị số 19-CT/TU về xây dựng xã hội học tập

Thực hiện Chỉ thị số 19-CT/TU ngày 24/8/2016 của Ban Thường vụ Tỉnh ủy về xây dựng xã hội học tập, Ban Thường vụ \
Huyện ủy ban hành kế hoạch như sau:

I. Nhiệm vụ

1. Hội Khuyến học huyện chủ trì, phối hợp với các xã thành lập chi hội khuyến học ở tất cả các thôn, hoàn thành \
trước ngày 31/12/2017.

T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ

Trần Văn Lực
"""

DIRECTIVE = """TỈNH ỦY LAM GIANG\tĐẢNG CỘNG SẢN VIỆT NAM
*\tLam Giang, ngày 24 tháng 8 năm 2016
Số 19-CT/TU

CHỈ THỊ
về xây dựng xã hội học tập giai đoạn 2016-2020

Ban Thường vụ Tỉnh ủy yêu cầu các cấp ủy thực hiện tốt các nhiệm vụ sau.

T/M BAN THƯỜNG VỤ
BÍ THƯ

Lê Văn An
"""

REPORT = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HỘI KHUYẾN HỌC\tĐộc lập - Tự do - Hạnh phúc
Số: 12/BC-HKH\tYên Hà, ngày 05 tháng 12 năm 2017

BÁO CÁO
Kết quả công tác khuyến học năm 2017

Thực hiện Kế hoạch số 05-KH/HU ngày 30/9/2016 của Ban Thường vụ Huyện ủy Yên Hà, Hội Khuyến học huyện báo cáo như sau:

I. Kết quả thực hiện

1. Năm 2017 Hội đã thành lập chi hội khuyến học ở 74/74 thôn, đạt 100% kế hoạch.

TM. BAN CHẤP HÀNH
CHỦ TỊCH

Phạm Thị Hoa
"""

PAPERS = {"plan": PLAN, "directive": DIRECTIVE, "report": REPORT}


def _state(service: Service, ids: dict[str, str]) -> tuple[set, set]:
    named = {document: name for name, document in ids.items()}
    with service.archive.engine.connect() as connection:
        links = {
            (named[row.document], row.position, named[row.target], row.chosen)
            for row in connection.execute(select(schema.link))
        }
        answers = {
            (named[row.plan], row.task, named[row.paper], row.quote)
            for row in connection.execute(select(schema.fulfilment))
        }
    return links, answers


@pytest.mark.parametrize("order", list(itertools.permutations(PAPERS)))
def test_links_do_not_depend_on_the_order_of_arrival(
    order: tuple[str, ...], service: Service, add: Callable[..., str]
) -> None:
    ids = {name: add(PAPERS[name], f"{name}.txt") for name in order}
    links, answers = _state(service, ids)
    chosen = {(citing, target) for citing, _, target, is_chosen in links if is_chosen}
    assert {("plan", "directive"), ("report", "plan")} <= chosen
    assert {(plan, paper) for plan, _, paper, _ in answers} == {("plan", "report")}


def test_reading_a_paper_again_changes_nothing(service: Service, add: Callable[..., str]) -> None:
    ids = {name: add(text, f"{name}.txt") for name, text in PAPERS.items()}
    before = _state(service, ids)
    service.read_again(set(ids.values()))
    assert _state(service, ids) == before


def test_a_paper_that_is_cited_twice_under_one_number_is_not_chosen(
    service: Service, add: Callable[..., str]
) -> None:
    add(DIRECTIVE, "a.txt")
    add(DIRECTIVE.replace("Lê Văn An", "Lê Văn Bình"), "b.txt")
    plan = add(PLAN, "plan.txt")
    view = service.findings.document(SYSTEM, plan)
    assert view is not None
    cited = next(c for c in view.citations if c.citation.number == "19-CT/TU")
    assert cited.target is None
    assert len(cited.possible) == 2


def test_evidence_that_came_later_counts_for_nothing_on_a_day(service: Service, add: Callable[..., str]) -> None:
    ids = {name: add(text, f"{name}.txt") for name, text in PAPERS.items()}

    def answering(day: dt.date) -> set[str]:
        view = service.findings.plan(SYSTEM, ids["plan"], on=day)
        assert view is not None and view.today == day
        return {evidence.card.document for task in view.tasks for evidence in task.evidence}

    assert answering(dt.date(2017, 12, 4)) == set()
    assert answering(dt.date(2017, 12, 5)) == {ids["report"]}

    def listed(day: dt.date) -> set[str]:
        return {view.card.document for view in service.findings.plans(SYSTEM, on=day)}

    assert listed(dt.date(2016, 9, 29)) == {ids["directive"]}
    assert listed(dt.date(2016, 9, 30)) == {ids["directive"], ids["plan"]}
