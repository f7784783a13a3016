"""What the office says of bodies changes links, filters and proposals, whenever it is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from archive import bodies, jobs
from archive.viewer import SYSTEM
from indexer import relinking, schema, worker
from indexer.views import Filters
from indexer.wiring import Service

HEAD = """{above}\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
{body}\tĐộc lập - Tự do - Hạnh phúc
Số: {number}\t{place}, ngày {day}

{kind}
{title}

{text}

Nơi nhận:\tTM. ỦY BAN NHÂN DÂN
- Lưu: VT.\tCHỦ TỊCH
\tTrần Quang Minh
"""


def paper(**said: str) -> str:
    return HEAD.format(**{"above": "ỦY BAN NHÂN DÂN", "kind": "QUYẾT ĐỊNH", "title": "Về việc kiện toàn đội", **said})


OURS = paper(
    above="UBND HUYỆN YÊN HÀ", body="ỦY BAN NHÂN DÂN XÃ TÂN LẬP", number="12/QĐ-UBND", place="Tân Lập",
    day="01 tháng 3 năm 2024", text="Điều 1. Kiện toàn đội văn nghệ thôn Bãi.",
)  # fmt: skip
THEIRS = OURS.replace("YÊN HÀ", "SƠN LỘC").replace("thôn Bãi", "thôn Đồi")
CITING = paper(
    above="UBND TỈNH LAM GIANG", body="ỦY BAN NHÂN DÂN HUYỆN YÊN HÀ", number="40/KH-UBND", place="Yên Hà",
    day="09 tháng 9 năm 2024", kind="KẾ HOẠCH", title="Phát triển văn nghệ cơ sở",
    text="I. Nhiệm vụ\n\n1. Nhân rộng mô hình của Quyết định số 12/QĐ-UBND của UBND xã Tân Lập.\n\n"
    "2. Hội KH huyện chủ trì, phối hợp với các xã thành lập chi hội khuyến học ở tất cả các thôn "
    "trước ngày 31/12/2024.",
)  # fmt: skip
REPORT = paper(
    above="UBND HUYỆN YÊN HÀ", body="HỘI KHUYẾN HỌC", number="12/BC-HKH", place="Yên Hà", day="05 tháng 12 năm 2024",
    kind="BÁO CÁO", title="Kết quả công tác khuyến học năm 2024",
    text="Thực hiện Kế hoạch số 40/KH-UBND ngày 09/9/2024 của Ủy ban nhân dân huyện Yên Hà, Hội báo cáo:\n\n"
    "I. Kết quả\n\n1. Đã thành lập chi hội khuyến học ở 74/74 thôn, đạt 100%.",
)  # fmt: skip
PAPERS = {"ours": OURS, "theirs": THEIRS, "citing": CITING, "report": REPORT}


def entry(name: str, **said: object) -> dict[str, object]:
    return {"name": name, "aliases": [], "parent": None, "since": None, "until": None, "successors": [], **said}


BODIES = {
    "d": entry("Ủy ban nhân dân huyện Yên Hà", until="2025-07-01"),
    "n": entry("Ủy ban nhân dân huyện Sơn Lộc", until="2025-07-01"),
    "c": entry("Ủy ban nhân dân xã Tân Lập", parent="d"),
    "o": entry("Ủy ban nhân dân xã Tân Lập", parent="n"),
    "k": entry("Hội Khuyến học huyện Yên Hà", aliases=["Hội KH huyện"], parent="d"),
}


def say(service: Service) -> None:
    for body, value in BODIES.items():
        bodies.record(service.archive, body, value, by="Lê Thị Thu")


def links(service: Service, ids: dict[str, str]) -> set[tuple[str, str, bool, str]]:
    named = {document: name for name, document in ids.items()}
    with service.archive.engine.connect() as connection:
        return {
            (named[row.document], named[row.target], row.chosen, row.reason)
            for row in connection.execute(select(schema.link))
        }


def proposed(service: Service, ids: dict[str, str]) -> set[tuple[str, str, float]]:
    with service.archive.engine.connect() as connection:
        return {(row.plan, row.paper, row.score) for row in connection.execute(select(schema.fulfilment))}


def chosen(service: Service, ids: dict[str, str]) -> set[tuple[str, str]]:
    return {(citing, target) for citing, target, is_chosen, _ in links(service, ids) if is_chosen}


def test_of_two_communes_of_one_name_the_register_tells_which_is_meant(
    service: Service, add: Callable[..., str]
) -> None:
    ids = {name: add(text, f"{name}.txt") for name, text in PAPERS.items()}
    assert ("citing", "ours") not in chosen(service, ids)
    say(service)
    assert relinking.waiting(service)
    worker.run(service, forever=False)
    assert not relinking.waiting(service)
    assert ("citing", "ours") in chosen(service, ids)
    assert ("citing", "theirs") not in {pair[:2] for pair in links(service, ids)}


@pytest.mark.parametrize("order", [("ours", "theirs", "citing", "report"), ("report", "citing", "theirs", "ours")])
def test_it_does_not_matter_whether_bodies_or_papers_come_first(
    order: tuple[str, ...], service: Service, add: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    ids = {name: add(PAPERS[name], f"{name}.txt") for name in order}
    say(service)
    worker.run(service, forever=False)
    after = links(service, ids), proposed(service, ids)
    jobs.requeue(service.archive)  # everything read again, with the bodies there from the beginning
    worker.run(service, forever=False)
    assert (links(service, ids), proposed(service, ids)) == after


def test_taking_back_what_was_said_brings_the_links_back(service: Service, add: Callable[..., str]) -> None:
    ids = {name: add(text, f"{name}.txt") for name, text in PAPERS.items()}
    before = links(service, ids)
    say(service)
    worker.run(service, forever=False)
    assert links(service, ids) != before
    for body in BODIES:
        bodies.record(service.archive, body, None, by="Lê Thị Thu")
    worker.run(service, forever=False)
    assert links(service, ids) == before


def test_a_body_asked_by_another_name_is_the_one_that_reports(service: Service, add: Callable[..., str]) -> None:
    ids = {name: add(text, f"{name}.txt") for name, text in PAPERS.items()}
    say(service)
    worker.run(service, forever=False)
    plan = service.findings.plan(SYSTEM, ids["citing"])
    assert plan is not None
    task = next(task for task in plan.tasks if "chi hội khuyến học" in task.task.wording)
    assert task.task.lead == ("Hội Khuyến học huyện Yên Hà",)
    assert [evidence.card.document for evidence in task.evidence] == [ids["report"]]


def test_facets_and_filters_know_one_body_by_all_its_names(service: Service, add: Callable[..., str]) -> None:
    first = add(REPORT, "a.txt")
    second = add(REPORT.replace("HỘI KHUYẾN HỌC", "HỘI KHUYẾN HỌC YÊN HÀ").replace("12/BC", "13/BC"), "b.txt")
    value = {**BODIES["k"], "aliases": ["Hội Khuyến học Yên Hà huyện Yên Hà", "Hội Khuyến học Yên Hà"]}
    bodies.record(service.archive, "k", value, by="Lê Thị Thu")
    worker.run(service, forever=False)
    facets = service.findings.facets(SYSTEM, [first, second])["issuer"]
    assert [(facet.value, facet.count) for facet in facets] == [("Hội Khuyến học huyện Yên Hà", 2)]
    for asked in ("Hội Khuyến học huyện Yên Hà", "Hội Khuyến học Yên Hà"):
        assert service.findings.matching(SYSTEM, Filters(issuers=(asked,))) == {first, second}
