"""What is to be decided of a task that went on in a newer plan is asked there, once, on both databases."""

from __future__ import annotations

import pytest

from archive import corrections
from archive.corrections import Correction
from archive.database import reader
from archive.viewer import GUEST
from corpus.model import Task
from indexer import anchors, review_queue, reviewing, task_edits, worker
from indexer.review_queue import Item
from indexer.reviewing import Judgement
from indexer.task_edits import Plan
from indexer.views import EvidenceView, TaskView
from indexer.wiring import Service
from tests.contract.taking_in import add
from tests.contract.test_task_edits import NEWER, NEWEST
from tests.web.papers import PLAN, REPORT

BY = "Lê Thị Thu"
LATER = (
    REPORT.replace("12/BC-HKH", "03/BC-HKH").replace("05 tháng 12 năm 2017", "14 tháng 01 năm 2018")
    .replace("68/74", "71/74")
)  # fmt: skip


def _task(service: Service, plan: str, words: str) -> Task:
    read = service.findings.document(GUEST, plan)
    assert read is not None
    return next(view.task for view in read.tasks if words in view.task.wording)


def _move(service: Service, plan: str, words: str, target: str, onto: str) -> Correction:
    read = service.findings.passage_text(GUEST, plan)
    assert read is not None
    records = corrections.of(service.archive, GUEST, plan)
    edited = Plan(plan, anchors.Text.of(read[0]), read[1], records, service.findings.laid(GUEST, plan))
    task, aim = _task(service, plan, words), _task(service, target, onto)
    made = task_edits.move(service.archive, GUEST, edited, task, target, aim, by=BY)
    worker.correct(service, made.id, seconds=5)
    return made


def _view(service: Service, plan: str, words: str) -> TaskView:
    found = service.findings.plan(GUEST, plan)
    assert found is not None
    return next(view for view in found.tasks if words in view.task.wording)


def _evidence(service: Service, plan: str, words: str) -> list[EvidenceView]:
    return list(_view(service, plan, words).evidence)


def _open(service: Service, plan: str) -> list[Item]:
    return list(review_queue.shown(service.findings.review(GUEST, plan=plan), "open"))


def _counted(service: Service) -> int:
    """What waits, which every page of the site must count alike."""
    with reader(service.archive.engine) as connection:
        count = review_queue.count(connection, GUEST)
    waiting = service.findings.review_waiting(GUEST)
    assert sum(number for _, number, _ in waiting) == count
    for card, number, _ in waiting:
        assert len(_open(service, card.document)) == number
    return count


def _decide(service: Service, item: Item, status: str) -> int:
    return reviewing.decide(
        service.archive, GUEST, [Judgement(*item.place, item.paper.document, item.span, status)], by=BY
    )[0].id


def test_open_proposals_wait_under_the_newest_plan(service: Service) -> None:
    plan, report, newer, newest = add(service, PLAN, REPORT, NEWER, NEWEST)
    before, count = _open(service, plan), _counted(service)
    assert before and all(item.paper.document == report for item in before)
    _move(service, plan, "95%", newer, "98%")
    _move(service, newer, "98%", newest, "99%")
    assert not [item for item in _open(service, plan) if "95%" in item.task.wording]
    assert not _open(service, newer)
    moved = [item for item in _open(service, newest) if item.older]
    assert [item.quote for item in moved] == [item.quote for item in before if "95%" in item.task.wording]
    for item in moved:
        assert "99%" in item.wording and item.plan.document == newest
        assert item.older is not None and item.older.document == plan and "95%" in item.older_wording
    assert _counted(service) == count
    assert [item.plan.document for item in service.findings.review(GUEST, paper=report)] == [newest] * len(before)


@pytest.mark.parametrize("status", ["fulfils", "rejected"])
def test_what_is_decided_there_counts_there_and_is_undone_there(service: Service, status: str) -> None:
    plan, _, newer = add(service, PLAN, REPORT, NEWER)
    _move(service, plan, "95%", newer, "98%")
    evidence, count = _evidence(service, newer, "98%"), _counted(service)
    item = _open(service, newer)[0]
    number = _decide(service, item, status)
    assert _counted(service) == count - 1 and item.key not in {one.key for one in _open(service, newer)}
    now = [one.status.value for one in _evidence(service, newer, "98%") if one.quote == item.quote]
    assert now == (["fulfils"] if status == "fulfils" else [])
    reviewing.undo(service.archive, GUEST, [number], by=BY)
    assert _evidence(service, newer, "98%") == evidence and _counted(service) == count


def test_what_was_decided_before_the_move_is_kept(service: Service) -> None:
    plan, _, newer = add(service, PLAN, REPORT, NEWER)
    item = next(one for one in _open(service, plan) if "95%" in one.task.wording)
    _decide(service, item, "fulfils")
    count = _counted(service)
    _move(service, plan, "95%", newer, "98%")
    decided = review_queue.shown(service.findings.review(GUEST, plan=newer), "decided")
    assert [(one.quote, one.said and one.said.by) for one in decided] == [(item.quote, BY)]
    assert _counted(service) == count
    assert [one.decided_by for one in _evidence(service, newer, "98%") if one.quote == item.quote] == [BY]


def test_a_report_proposed_for_both_plans_is_one_question(service: Service) -> None:
    plan, _, newer, later = add(service, PLAN, REPORT, NEWER, LATER)
    quotes = {item.quote for item in service.findings.review(GUEST, paper=later) if "98%" in item.wording}
    twice = [item for item in service.findings.review(GUEST, paper=later) if item.quote in quotes]
    assert len(twice) == 2 * len(quotes) > 0, "it is proposed for both"
    _move(service, plan, "95%", newer, "98%")
    asked = [item for item in _open(service, newer) if item.paper.document == later and item.quote in quotes]
    assert sorted(item.quote for item in asked) == sorted(quotes) and not any(item.older for item in asked)
    count = _counted(service)
    _decide(service, asked[0], "rejected")
    assert _counted(service) == count - 1
    assert asked[0].quote not in {one.quote for one in _evidence(service, newer, "98%")}


@pytest.mark.parametrize("status", ["partial", "rejected", "later"])
def test_who_decided_for_the_older_plan_is_not_asked_again(service: Service, status: str) -> None:
    plan, _, newer, later = add(service, PLAN, REPORT, NEWER, LATER)
    item = next(
        one for one in service.findings.review(GUEST, paper=later)
        if one.plan.document == plan and "95%" in one.task.wording
    )  # fmt: skip
    _decide(service, item, status)
    _move(service, plan, "95%", newer, "98%")
    _counted(service)
    assert item.quote not in {one.quote for one in _open(service, newer)}
    found = [one.decided_by for one in _evidence(service, newer, "98%") if one.quote == item.quote]
    assert found == {"partial": [BY], "rejected": [], "later": [None]}[status]


def test_a_task_that_comes_back_brings_its_questions_along(service: Service) -> None:
    plan, _, newer = add(service, PLAN, REPORT, NEWER)
    before = [item.key for item in _open(service, plan)]
    made = _move(service, plan, "95%", newer, "98%")
    corrections.undo(service.archive, GUEST, made.id, by=BY)
    worker.run(service, forever=False)
    assert [item.key for item in _open(service, plan)] == before
    _counted(service)


def test_counts_of_a_plan_and_of_its_page_agree(service: Service) -> None:
    plan, _, newer, _ = add(service, PLAN, REPORT, NEWER, LATER)
    _move(service, plan, "95%", newer, "98%")
    _decide(service, _open(service, newer)[0], "rejected")
    listed = {view.card.document: view.summary for view in service.findings.plans(GUEST)}
    for document in (plan, newer):
        whole = service.findings.plan(GUEST, document)
        light = service.findings.plan(GUEST, document, outline=True)
        assert whole is not None and light is not None
        assert whole.summary == light.summary == listed[document]
