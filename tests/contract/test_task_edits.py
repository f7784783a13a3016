"""Tasks edited by hand, moved to newer plans and followed down the chain, on both databases."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from archive import corrections
from archive.corrections import Correction, Subject
from archive.database import reader
from archive.viewer import GUEST
from corpus.model import Task
from indexer import anchors, proposals, reviewing, task_edits, worker
from indexer.coverage import Counts
from indexer.task_edits import Plan
from indexer.views import PlanView, TaskState, TaskView
from indexer.wiring import Service
from tests.contract.taking_in import add
from tests.web.papers import PLAN, REPORT

BY = "Lê Thị Thu"
NEWER = (
    PLAN.replace("Số 05-KH/HU", "Số 21-KH/HU").replace("ngày 30 tháng 9 năm 2016", "ngày 10 tháng 01 năm 2018")
    .replace("ban hành Kế hoạch như sau:", "ban hành Kế hoạch như sau. Kế hoạch này thay thế Kế hoạch số 05-KH/HU "
             "ngày 30/9/2016 của Ban Thường vụ Huyện ủy.").replace("95% thôn", "98% thôn")
)  # fmt: skip


NEWEST = (
    NEWER.replace("Số 21-KH/HU", "Số 33-KH/HU").replace("ngày 10 tháng 01 năm 2018", "ngày 12 tháng 01 năm 2018")
    .replace("thay thế Kế hoạch số 05-KH/HU ngày 30/9/2016", "thay thế Kế hoạch số 21-KH/HU ngày 10/01/2018")
    .replace("98% thôn", "99% thôn")
)  # fmt: skip


def _plan(issuer: str, number: str, day: str, implements: str, work: str) -> str:
    return f"""{issuer}\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: {number}\tYên Hà, ngày {day}

KẾ HOẠCH
về xây dựng xã hội học tập

Thực hiện {implements}, {issuer.capitalize()} ban hành Kế hoạch như sau:

I. NHIỆM VỤ
{work}

CHỦ TỊCH
Nguyễn Văn Nam
"""


PROVINCE = _plan(
    "ỦY BAN NHÂN DÂN TỈNH LAM GIANG", "142/KH-UBND", "05 tháng 9 năm 2016", "nhiệm vụ năm 2016",
    "1. Ủy ban nhân dân các huyện xây dựng kế hoạch xây dựng xã hội học tập, xong trước ngày 31/12/2016.\n"
    "2. Giao Sở Giáo dục và Đào tạo định kỳ 6 tháng, hằng năm báo cáo Ủy ban nhân dân tỉnh kết quả thực hiện "
    "trước ngày 20/6 và 20/12 hằng năm.",
)  # fmt: skip
DISTRICT = _plan(
    "ỦY BAN NHÂN DÂN HUYỆN YÊN HÀ", "86/KH-UBND", "24 tháng 10 năm 2016",
    "Kế hoạch số 142/KH-UBND ngày 05/9/2016 của Ủy ban nhân dân tỉnh Lam Giang",
    "1. Ủy ban nhân dân các xã, thị trấn kiện toàn trung tâm học tập cộng đồng, xong trước ngày 31/12/2016.",
)  # fmt: skip
COMMUNES = [
    _plan(
        f"ỦY BAN NHÂN DÂN XÃ {name}", f"{number}/KH-UBND", f"{number} tháng 11 năm 2016",
        "Kế hoạch số 86/KH-UBND ngày 24/10/2016 của Ủy ban nhân dân huyện Yên Hà",
        "1. Giao Công chức Văn hóa - Xã hội tham mưu kiện toàn trung tâm học tập cộng đồng, "
        "xong trước ngày 15/12/2016.",
    )
    for name, number in (("MỸ LÂM", 11), ("HÒA XUÂN", 12))
]  # fmt: skip
COMMUNE_REPORT = """ỦY BAN NHÂN DÂN XÃ MỸ LÂM\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 27/BC-UBND\tMỹ Lâm, ngày 12 tháng 12 năm 2016

BÁO CÁO
Kết quả thực hiện Kế hoạch số 11/KH-UBND

Thực hiện Kế hoạch số 11/KH-UBND ngày 11/11/2016 của Ủy ban nhân dân xã Mỹ Lâm, Ủy ban nhân dân xã báo cáo:

I. KẾT QUẢ
1. Ủy ban nhân dân xã đã kiện toàn trung tâm học tập cộng đồng với 9 thành viên.

CHỦ TỊCH
Trần Thị Lan
"""


def _view(service: Service, document: str) -> PlanView:
    found = service.findings.plan(GUEST, document)
    assert found is not None
    return found


def _task(service: Service, document: str, words: str) -> TaskView:
    (found,) = [one for one in _view(service, document).tasks if words in " ".join(one.task.wording.split())]
    return found


def _edited(service: Service, document: str) -> Plan:
    read = service.findings.passage_text(GUEST, document)
    assert read is not None
    records = corrections.of(service.archive, GUEST, document)
    return Plan(document, anchors.Text.of(read[0]), read[1], records, service.findings.laid(GUEST, document))


def _worked_in(service: Service, made: Correction) -> Correction:
    assert worker.correct(service, made.id, seconds=0)
    return made


def _undo(service: Service, made: Correction) -> None:
    _worked_in(service, corrections.undo(service.archive, GUEST, made.id, by=BY))


def test_an_edit_stands_through_a_rebuild_whatever_arrives_and_is_taken_back(service: Service) -> None:
    (plan,) = add(service, PLAN)
    before = _view(service, plan)
    task = _task(service, plan, "kiện toàn").task
    archive = service.archive
    later = {"raw": "30/6/2018", "on": "2018-06-30", "recurs": None}
    first = _worked_in(service, task_edits.edit(archive, GUEST, _edited(service, plan), task, {"due": later}, by=BY))
    task = _task(service, plan, "kiện toàn").task
    second = _worked_in(
        service, task_edits.edit(archive, GUEST, _edited(service, plan), task, {"lead": ["Phòng Nội vụ"]}, by=BY)
    )
    assert second.anchor == first.anchor and second.read == first.read == task_edits.value(before.tasks[-1].task)
    add(service, REPORT, DISTRICT)
    worker.rebuild(service, progress=io.StringIO())
    held = _task(service, plan, "kiện toàn")
    assert (held.task.lead, held.task.due and held.task.due.on, held.state) == (
        ("Phòng Nội vụ",), dt.date(2018, 6, 30), TaskState.NOT_DUE,
    )  # fmt: skip
    _undo(service, second)
    assert _task(service, plan, "kiện toàn").task.lead == ("Ủy ban nhân dân huyện",)
    _undo(service, first)
    assert [one.task for one in _view(service, plan).tasks] == [one.task for one in before.tasks]


def test_an_added_task_finds_its_answers_whichever_comes_first(service: Service) -> None:
    said = {"wording": "Vận động xây dựng quỹ khuyến học", "section": "ii", "lead": ["Hội Khuyến học huyện"]}
    (plan,) = add(service, PLAN)
    _worked_in(service, task_edits.add(service.archive, GUEST, _edited(service, plan), said, by=BY))
    add(service, REPORT)
    found = _task(service, plan, "quỹ khuyến học")
    assert any("412 triệu" in one.quote for one in found.evidence) and found.task.added
    assert _view(service, plan).summary["tasks"] == 4


def test_corrections_of_tasks_come_back_from_the_ledger(service: Service) -> None:
    (plan,) = add(service, PLAN)
    task = _task(service, plan, "kiện toàn").task
    edited = task_edits.split(service.archive, GUEST, _edited(service, plan), task, ["Việc một", "Việc hai"], by=BY)
    _worked_in(service, edited)
    before = [one.task for one in _view(service, plan).tasks]
    with service.archive.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM correction"))
        assert corrections.relearn(connection) == 1
    worker.rebuild(service, progress=io.StringIO())
    assert [one.task for one in _view(service, plan).tasks] == before and len(before) == 4


def test_a_moved_task_is_counted_in_the_newer_plan_and_comes_back_when_that_is_gone(service: Service) -> None:
    plan, report, newer = add(service, PLAN, REPORT, NEWER)
    before = _view(service, plan).summary
    offered = service.findings.proposed_moves(GUEST, plan)
    one = next(move for move in offered if "98%" in move.onto.wording)
    assert service.findings.proposed_moves(GUEST, newer) == ()
    made = task_edits.move(
        service.archive, GUEST, _edited(service, plan), one.task, one.plan.document, one.onto, by=BY
    )
    _worked_in(service, made)
    assert _view(service, plan).summary["tasks"] == before["tasks"] - 1
    (goes_on,) = [view for view in _view(service, newer).tasks if view.origins]
    assert goes_on.origins[0].plan.document == plan
    assert report in {proof.card.document for proof in goes_on.evidence}
    listed = {view.card.document: view for view in service.findings.plans(GUEST)}
    assert listed[plan].summary == _view(service, plan).summary
    assert listed[newer].summary == _view(service, newer).summary
    service.findings.forget(newer)
    assert _view(service, plan).summary == before
    service.read_again([newer])
    assert _view(service, plan).summary["tasks"] == before["tasks"] - 1


def _read(service: Service, plan: str, words: str) -> Task:
    """A task of a plan, wherever it went."""
    with reader(service.archive.engine) as connection:
        return next(task for task in proposals.tasks_of(connection, [plan])[plan] if words in task.wording)


def _move(service: Service, plan: str, words: str, target: str, onto: str) -> Correction:
    task, aim = _read(service, plan, words), _read(service, target, onto)
    made = task_edits.move(service.archive, GUEST, _edited(service, plan), task, target, aim, by=BY)
    _worked_in(service, made)
    return made


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_task_is_followed_through_every_newer_plan(service: Service, newest_first: bool) -> None:
    plan, report, newer, newest = add(service, PLAN, REPORT, NEWER, NEWEST)
    wanted = next(view for view in _view(service, plan).tasks if "95%" in view.task.wording)
    item = next(i for i in service.findings.review(GUEST, plan=plan) if i.task.span == wanted.task.span and i.span)
    judged = reviewing.Judgement(plan, wanted.task.span.start, report, item.span, "partial")
    reviewing.decide(service.archive, GUEST, [judged], by=BY)
    steps = [(plan, "95%", newer, "98%"), (newer, "98%", newest, "99%")]
    made = [_move(service, *step) for step in (reversed(steps) if newest_first else steps)]
    (goes_on,) = [view for view in _view(service, newest).tasks if view.origins]
    assert [one.plan.document for one in goes_on.origins] == [newer, plan]
    assert [(one.decided_by, one.status.value) for one in goes_on.evidence if one.card.document == report][:1] == [
        (BY, "partial")
    ]
    (gone,) = _view(service, plan).moved
    assert (gone.plan.document, "99%" in gone.wording) == (newest, True), "it is found where it is now"
    assert not [view for view in _view(service, newer).tasks if view.origins]
    for one in (plan, newer, newest):
        assert _outline(service, one) == _in_full(service, one)
    answered = {one.plan.document: one for one in service.findings.coverage(GUEST, report)}
    assert goes_on.task in [one.task.task for one in answered[newest].answered], "the report is read against it too"
    corrections.undo(service.archive, GUEST, made[0].id, by=BY)
    _worked_in(service, made[0])


def _in_full(service: Service, plan: str) -> tuple[object, ...]:
    view = _view(service, plan)
    return view.summary, [(one.task, one.state, one.days) for one in view.tasks], view.silent, view.moved


def _outline(service: Service, plan: str) -> tuple[object, ...]:
    view = service.findings.plan(GUEST, plan, outline=True)
    assert view is not None and not any(one.evidence for one in view.tasks)
    return view.summary, [(one.task, one.state, one.days) for one in view.tasks], view.silent, view.moved


def test_states_alone_are_those_of_the_full_view_whatever_was_decided(service: Service) -> None:
    for texts in ((PROVINCE, DISTRICT, *COMMUNES, PLAN), (COMMUNE_REPORT, REPORT)):
        add(service, *texts)
    plans = [view.card.document for view in service.findings.plans(GUEST)]
    judged = [
        reviewing.Judgement(item.plan.document, item.task.span.start, item.paper.document, item.span, "fulfils")
        for plan in plans for item in service.findings.review(GUEST, plan=plan)
    ]  # fmt: skip
    assert len(plans) >= 4 and len(judged) >= 3
    assert any(len(one.task.lead) != 1 or "các" in one.task.lead[0] for p in plans for one in _view(service, p).tasks)
    for number, status in enumerate(("fulfils", "partial", "mentions", "rejected", "later")):
        some = [replace(one, status=status, span=None if at % 3 == number % 3 else one.span)
                for at, one in enumerate(judged)]  # fmt: skip
        assert [_outline(service, plan) for plan in plans] == [_in_full(service, plan) for plan in plans]
        reviewing.decide(service.archive, GUEST, some, by=BY)
    assert [_outline(service, plan) for plan in plans] == [_in_full(service, plan) for plan in plans]


def test_the_queries_of_a_chain_do_not_grow_with_its_plans(service: Service) -> None:
    add(service, PROVINCE, DISTRICT, *COMMUNES)
    add(service, COMMUNE_REPORT)
    root = next(view.card.document for view in service.findings.plans(GUEST) if view.card.number == "142/KH-UBND")
    counts = []
    for more in ((), [COMMUNES[0].replace("/KH-UBND", f"{n}/KH-UBND", 1).replace("XÃ ", f"XÃ {n}") for n in "ABCD"]):
        add(service, *more)
        seen: list[object] = []

        def note(*told: object, seen: list[object] = seen) -> None:
            seen.append(told)

        event.listen(service.archive.engine, "before_cursor_execute", note)
        (node,) = service.findings.chains(GUEST, [root])
        event.remove(service.archive.engine, "before_cursor_execute", note)
        counts.append((node.under.plans, len(seen)))
    assert counts[1][0] == counts[0][0] + 4 and counts[1][1] == counts[0][1], counts


def test_tasks_sent_in_a_circle_are_stopped_and_none_is_lost(service: Service) -> None:
    plan, _, newer, newest = add(service, PLAN, REPORT, NEWER, NEWEST)
    count = sum(_view(service, one).summary["tasks"] for one in (plan, newer, newest))
    _move(service, plan, "95%", newer, "98%")
    _move(service, newer, "98%", newest, "99%")
    made = corrections.record(
        service.archive, GUEST, newest, subject=Subject.TASK, read=None, by=BY,
        anchor=_edited(service, newest).anchor(_task(service, newest, "99%").task),
        value={"moved": {"plan": plan, "section": "ii.2", "wording": _read(service, plan, "95%").wording}},
    )  # fmt: skip
    _worked_in(service, made)
    assert sum(_view(service, one).summary["tasks"] for one in (plan, newer, newest)) == count - 2
    assert len(_task(service, newest, "99%").origins) == 2
    assert _view(service, newest).moved == ()


def test_a_plan_is_followed_down_to_the_communes(service: Service) -> None:
    for texts in ((PROVINCE, DISTRICT, *COMMUNES), (COMMUNE_REPORT,)):
        add(service, *texts)
    cards = service.findings.cards(GUEST, service.findings.searchable(GUEST))
    held = {card.number: card.document for card in cards.values()}
    (root,) = service.findings.chains(GUEST, [held["142/KH-UBND"]])
    (district,) = root.below
    assert district.card.number == "86/KH-UBND"
    assert [node.card.number for node in district.below] == ["12/KH-UBND", "11/KH-UBND"]
    my_lam = district.below[1]
    assert [card.number for card in my_lam.reports] == ["27/BC-UBND"]
    assert my_lam.own == Counts(plans=1, tasks=1, done=1, overdue=0, reports=1)
    assert root.under == Counts(plans=3, tasks=3, done=1, overdue=2, reports=1)
    assert root.under == district.own + district.under
    assert service.findings.chains(GUEST, ["khongco"]) == ()


def test_a_recurring_duty_has_its_periods_for_each_body(service: Service) -> None:
    (plan,) = add(service, PROVINCE)
    view = _task(service, plan, "báo cáo Ủy ban nhân dân tỉnh")
    days = [dt.date(2016, 12, 20), dt.date(2017, 6, 20), dt.date(2017, 12, 20), dt.date(2018, 6, 20)]
    (share,) = view.shares
    assert [one.due_on for one in share.periods] == days == [one.due_on for one in view.periods]
    states = [one.state for one in share.periods]
    assert states == [TaskState.OVERDUE] * 3 + [TaskState.NOT_DUE]
