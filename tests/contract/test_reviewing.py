"""What people say of evidence, on both databases: it counts, survives, is in doubt only when words change."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from archive import corrections
from archive.database import reader
from archive.viewer import GUEST
from corpus.model import Body, Span
from indexer import correcting, review_queue, reviewing, worker
from indexer.review_queue import Item
from indexer.reviewing import Judgement
from indexer.views import EvidenceView, PlanView, TaskState
from indexer.wiring import Service
from tests.contract.taking_in import add
from tests.contract.test_task_edits import DISTRICT, PROVINCE
from tests.web.papers import DIRECTIVE, PLAN, REPORT

BY = "Lê Thị Thu"


def _plan(service: Service, plan: str) -> PlanView:
    view = service.findings.plan(GUEST, plan)
    assert view is not None
    return view


def _evidence(service: Service, plan: str) -> list[EvidenceView]:
    return [one for task in _plan(service, plan).tasks for one in task.evidence]


def _items(service: Service, plan: str) -> tuple[Item, ...]:
    with reader(service.archive.engine) as connection:
        return review_queue.items(connection, GUEST, plan=plan)


def _waiting(service: Service) -> int:
    with reader(service.archive.engine) as connection:
        return review_queue.count(connection, GUEST)


def _decide(service: Service, item: Item, status: str) -> int:
    assert item.span is not None
    judged = Judgement(item.plan.document, item.task.span.start, item.paper.document, item.span, status)
    return reviewing.decide(service.archive, GUEST, [judged], by=BY)[0].id


def _read_as(service: Service, changes: dict[str, str]) -> None:
    """From now on files are read with other words, as by another reader or a better scan."""
    before = service.steps.read

    def read(path, progress) -> Body:
        body = before(path, progress)
        text = body.text
        for old, new in changes.items():
            assert len(old) == len(new), "pages and fragments keep their places"
            text = text.replace(old, new)
        return replace(body, text=text)

    service.steps = replace(service.steps, read=read)


def test_a_decision_counts_and_names_who_made_it(service: Service) -> None:
    _, plan, _ = add(service, DIRECTIVE, PLAN, REPORT)
    waiting = _waiting(service)
    item = _items(service, plan)[0]
    _decide(service, item, "partial")
    decided = [one for one in _evidence(service, plan) if one.decided_by]
    assert [(one.decided_by, one.status.value) for one in decided] == [(BY, "partial")]
    assert _waiting(service) == waiting - 1
    assert _items(service, plan)[0].waits == "decided"


def test_what_was_rejected_is_no_evidence_and_comes_back_when_undone(service: Service) -> None:
    _, plan, _ = add(service, DIRECTIVE, PLAN, REPORT)
    before, summary = _evidence(service, plan), _plan(service, plan).summary
    number = _decide(service, _items(service, plan)[0], "rejected")
    assert len(_evidence(service, plan)) == len(before) - 1
    assert _items(service, plan)[0].said is not None
    reviewing.undo(service.archive, GUEST, [number], by=BY)
    assert _evidence(service, plan) == before
    assert _plan(service, plan).summary == summary


def test_what_was_put_off_stays_a_proposal(service: Service) -> None:
    _, plan, _ = add(service, DIRECTIVE, PLAN, REPORT)
    before = _evidence(service, plan)
    _decide(service, _items(service, plan)[0], "later")
    assert _evidence(service, plan) == before
    assert _items(service, plan)[0].waits == "later"


def test_a_later_decision_replaces_the_one_before_and_undoing_it_brings_that_back(service: Service) -> None:
    _, plan, _ = add(service, DIRECTIVE, PLAN, REPORT)
    _decide(service, _items(service, plan)[0], "rejected")
    second = _decide(service, _items(service, plan)[0], "fulfils")
    assert [one.said.status for one in _items(service, plan) if one.said] == ["fulfils"]
    reviewing.undo(service.archive, GUEST, [second], by=BY)
    assert [one.said.status for one in _items(service, plan) if one.said] == ["rejected"]


def test_a_person_may_add_evidence_that_was_not_proposed(service: Service) -> None:
    _, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    text = service.findings.passage_text(GUEST, report)
    assert text is not None
    proposed = {(item.task.span.start, item.paper.document) for item in _items(service, plan)}
    task = next(t.task for t in _plan(service, plan).tasks if (t.task.span.start, report) not in proposed)
    at = text[0].index("BÁO CÁO")
    judged = Judgement(plan, task.span.start, report, Span(at, at + 7), "mentions")
    reviewing.decide(service.archive, GUEST, [judged], by=BY)
    added = [one for one in _evidence(service, plan) if one.quote == "BÁO CÁO"]
    assert [(one.decided_by, one.card.document) for one in added] == [(BY, report)]


def test_decisions_survive_a_rebuild_in_any_order(service: Service) -> None:
    directive, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    _decide(service, _items(service, plan)[0], "fulfils")
    expected = _evidence(service, plan)
    for order in permutations((directive, plan, report)):
        for document in (directive, plan, report):
            service.findings.forget(document)
        assert _plan_or_none(service, plan) is None
        for document in order:
            service.read_again([document])
        assert _evidence(service, plan) == expected


def _plan_or_none(service: Service, plan: str) -> PlanView | None:
    view = service.findings.plan(GUEST, plan)
    return view if view and view.tasks else None


def test_a_decision_recorded_by_a_process_that_died_is_laid_later(service: Service) -> None:
    _, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    item = _items(service, plan)[0]
    number = _decide(service, item, "fulfils")
    with service.archive.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM judged")
    assert not [one for one in _evidence(service, plan) if one.decided_by]
    assert correcting.waiting(service)
    worker.run(service, forever=False)
    assert [one.decided_by for one in _evidence(service, plan) if one.decided_by] == [BY]
    assert correcting.done(service) >= number
    assert report


@pytest.mark.parametrize(
    ("changes", "doubtful"),
    [
        ({"chi hội khuyến học": "chi hội khuyến tài"}, True),  # other words
        ({"95% thôn": "59% thôn"}, True),  # a figure of the task is another
        ({"trước ngày 31/12/2017": "trước ngày 31/12/2018"}, True),  # its term is another
        ({"Giao Hội Khuyến học huyện": "Giao Hội Khuyến tài huyện"}, True),  # another body
        ({"phát triển\ntổ chức": "phát triển tổ chức"}, False),  # a line broken elsewhere
        ({"hoàn thành": "HOÀN THÀNH"}, False),  # capitals
        ({"hoàn": "hòan"}, False),  # the old place of the mark
        ({"chi hội khuyến học": "chỉ hội khuyến học"}, True),  # another tone is another word
        ({"người dân hiểu": "người dân hiếu"}, False),  # of another task
    ],
)
def test_a_decision_is_doubtful_exactly_when_words_of_its_task_changed(
    service: Service, changes: dict[str, str], doubtful: bool
) -> None:
    _, plan, _ = add(service, DIRECTIVE, PLAN, REPORT)
    item = next(i for i in _items(service, plan) if "95%" in i.wording)
    _decide(service, item, "fulfils")
    _read_as(service, changes)
    service.read_again([plan])
    said = [i.said for i in _items(service, plan) if i.said]
    assert [one.suspect for one in said] == [doubtful]
    assert said[0].was_task == item.wording
    states = [task.state for task in _plan(service, plan).tasks if task.task.span.start == item.task.span.start]
    assert (states == [TaskState.SUSPECT]) is doubtful


def test_a_decision_is_doubtful_when_words_of_the_passage_changed(service: Service) -> None:
    _, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    item = next(i for i in _items(service, plan) if "95%" in i.wording)
    _decide(service, item, "fulfils")
    word = next(word for word in item.quote.split() if word.isdigit() or len(word) > 4)
    _read_as(service, {word: "x" * len(word)})
    service.read_again([report])
    suspects = [i for i in _items(service, plan) if i.waits == "suspect"]
    assert len(suspects) == 1
    _decide(service, suspects[0], "fulfils")
    assert not [i for i in _items(service, plan) if i.waits == "suspect"]


def test_the_ledger_tells_every_decision(service: Service) -> None:
    _, plan, _ = add(service, DIRECTIVE, PLAN, REPORT)
    number = _decide(service, _items(service, plan)[0], "rejected")
    reviewing.undo(service.archive, GUEST, [number], by="Trần Văn An")
    told = corrections.of(service.archive, GUEST, plan)
    assert [(one.by, one.undoes) for one in told] == [(BY, None), ("Trần Văn An", number)]
    assert told[0].value["status"] == "rejected"
    assert told[0].read["status"]


def _whole(service: Service, plan: str, paper: str) -> tuple[int, Judgement]:
    """Say that a whole paper is what a task asks for; the decision's number and what was said."""
    proposed = {(item.task.span.start, item.paper.document) for item in _items(service, plan)}
    task = next(t.task for t in _plan(service, plan).tasks if (t.task.span.start, paper) not in proposed)
    judged = Judgement(plan, task.span.start, paper, None, "fulfils")
    return reviewing.decide(service.archive, GUEST, [judged], by=BY)[0].id, judged


def test_a_whole_paper_is_evidence_under_its_title_from_its_own_day(service: Service) -> None:
    _, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    number, judged = _whole(service, plan, report)
    (found,) = [one for one in _evidence(service, plan) if one.whole]
    card = service.findings.cards(GUEST, [report])[report]
    assert (found.quote, found.done_on, found.decided_by) == (card.title, card.issued_on, BY)
    assert (found.added, found.decision, found.section, found.page) == (True, number, None, None)
    view = next(one for one in _plan(service, plan).tasks if one.task.span.start == judged.task_start)
    assert view.state in (TaskState.DONE, TaskState.DONE_LATE)
    assert judged.task_start in {one.task.span.start for one in service.findings.document(GUEST, report).answers}  # type: ignore[union-attr]
    assert service.findings.answered(GUEST, [report])[report] == len(_plan(service, plan).tasks) - sum(
        not any(e.card.document == report for e in one.evidence) for one in _plan(service, plan).tasks
    )
    again = reviewing.decide(service.archive, GUEST, [replace(judged, status="partial")], by=BY)
    assert [one.status.value for one in _evidence(service, plan) if one.whole] == ["partial"], "replaced, not added"
    reviewing.undo(service.archive, GUEST, [again[0].id, number], by=BY)
    assert not [one for one in _evidence(service, plan) if one.whole]


def test_evidence_a_person_added_survives_a_rebuild_in_any_order(service: Service) -> None:
    directive, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    _whole(service, plan, report)
    expected = _evidence(service, plan)
    for order in permutations((directive, plan, report)):
        for document in (directive, plan, report):
            service.findings.forget(document)
        for document in order:
            service.read_again([document])
        assert _evidence(service, plan) == expected


@pytest.mark.parametrize(
    ("changes", "doubtful"),
    [
        ({"Số: 12/BC-HKH": "Số: 13/BC-HKH"}, True),  # another paper's number
        ({"ngày 05 tháng 12": "ngày 06 tháng 12"}, True),  # another day
        ({"68/74": "71/74"}, False),  # a figure of its text: it is still that paper
        ({"Hội Khuyến học huyện": "HỘI KHUYẾN HỌC HUYỆN"}, False),  # capitals
    ],
)
def test_a_whole_paper_is_doubtful_when_it_is_another_paper(
    service: Service, changes: dict[str, str], doubtful: bool
) -> None:
    _, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    _whole(service, plan, report)
    for old in changes:
        assert old in REPORT
    _read_as(service, changes)
    service.read_again([report])
    assert [one.suspect for one in _evidence(service, plan) if one.whole] == [doubtful]
    (item,) = [one for one in _items(service, plan) if one.whole]
    assert item.waits == ("suspect" if doubtful else "decided") and item.open


def test_a_paragraph_chosen_by_hand_stays_whole_where_a_part_of_it_was_proposed(service: Service) -> None:
    _, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    item = _items(service, plan)[0]
    found = service.findings.choices(GUEST, item.plan, item.task, report)
    assert found is not None and item.span is not None
    choice = next(one for one in found.every if one.span.start <= item.span.start < one.span.end)
    assert choice in found.likely and choice.said == item.proposed
    wider = Span(choice.span.start, choice.span.end + 30)
    judged = Judgement(plan, item.task.span.start, report, wider, "fulfils")
    reviewing.decide(service.archive, GUEST, [judged], by=BY)
    text = service.findings.passage_text(GUEST, report)
    assert text is not None
    assert [one.quote for one in _evidence(service, plan) if one.decided_by] == [" ".join(wider.of(text[0]).split())]
    assert len(_items(service, plan)) == 1, "it decides the proposal too"


def test_who_takes_the_whole_paper_decides_the_proposal_of_its_title(service: Service) -> None:
    province, district = add(service, PROVINCE, DISTRICT)
    product = next(item for item in _items(service, province) if item.paper.document == district)
    waiting = _waiting(service)
    judged = Judgement(province, product.task.span.start, district, None, "fulfils")
    reviewing.decide(service.archive, GUEST, [judged], by=BY)
    (found,) = [one for one in _evidence(service, province) if one.card.document == district]
    assert (found.whole, found.decided_by, found.added) == (True, BY, True)
    assert _waiting(service) == waiting - 1


def test_a_mention_that_a_person_adds_leaves_the_state_as_it_was(service: Service) -> None:
    _, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    item = _items(service, plan)[0]
    before = {view.task.span.start: view.state for view in _plan(service, plan).tasks}
    text = service.findings.passage_text(GUEST, report)
    assert text is not None
    at = text[0].index("Quỹ khuyến học")
    judged = Judgement(plan, item.task.span.start, report, Span(at, at + 14), "mentions")
    reviewing.decide(service.archive, GUEST, [judged], by=BY)
    assert {view.task.span.start: view.state for view in _plan(service, plan).tasks} == before
    assert before[item.task.span.start] not in (TaskState.OVERDUE, TaskState.NOT_DUE)
