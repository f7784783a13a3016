"""Everything one sheet changed is undone in one step, or refused with what was changed since, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from archive import corrections, fixity, imports, ledger, recovery
from archive.corrections import Correction, Subject
from archive.database import reader
from archive.errors import NotFound
from archive.settings import Settings
from archive.viewer import GUEST
from corpus.model import Span
from indexer import reviewing, task_edits, task_import, task_imports, task_records, task_rows, worker
from indexer.reviewing import Judgement
from indexer.task_compare import FileRow
from indexer.task_imports import ChangedSince, Imported
from indexer.task_rows import TaskSheet
from indexer.task_upload import Upload
from indexer.views import PlanView
from indexer.wiring import Service
from tests.contract.taking_in import add, lose
from tests.web.papers import PLAN, REPORT

BY, OTHER = "Lê Thị Thu", "Trần Văn An"
NEW = {"wording": "Tổng kết phong trào khuyến học", "lead": "Hội Khuyến học huyện"}


def _sheet(service: Service, plan: str) -> TaskSheet:
    found = task_rows.sheet(service, GUEST, plan)
    assert found is not None
    return found


def _import(service: Service, plan: str, cells: Mapping[str, str], *, row: int = 1, new: bool = False) -> Imported:
    """Take in a sheet in which the cells of one task are others, and a row is new."""
    sheet = _sheet(service, plan)
    rows = [
        FileRow(n, one.id, {**one.cells, **(cells if n == row else {})}) for n, one in enumerate(sheet.rows)
    ]
    upload = Upload(None, (*rows, *([FileRow(99, None, NEW)] if new else ())))
    proposal = task_import.propose(service, GUEST, sheet, upload)
    # Without the exported sheet each cell that differs is a question; all of them are answered.
    chosen = task_records.Chosen(cells={(one.id, one.key) for one in proposal.cells}, new={99} if new else set())
    made = task_records.record(service.archive, GUEST, proposal, chosen, by=BY)
    worker.correct(service, made[-1].id, seconds=5)
    return task_imports.of(service.archive, GUEST, plan)[0]


def _undo(service: Service, plan: str, one: Imported) -> tuple[Correction, ...]:
    made = task_imports.undo(service.archive, GUEST, plan, one.told.id, by=OTHER)
    worker.run(service, forever=False)
    return made


def _plan(service: Service, plan: str) -> PlanView:
    found = service.findings.plan(GUEST, plan)
    assert found is not None
    return found


def _events(service: Service, plan: str) -> list[tuple[str, str]]:
    with reader(service.archive.engine) as connection:
        return [(event.kind, event.actor) for event in ledger.history(connection, plan)]


def test_everything_of_it_goes_and_the_ledger_says_so(service: Service) -> None:
    plan, _ = add(service, PLAN, REPORT)
    before = _plan(service, plan)
    one = _import(service, plan, {"lead": "Phòng Nội vụ", "note": "xin ý kiến"}, new=True)
    assert len(_plan(service, plan).tasks) == len(before.tasks) + 1
    assert (one.made, len(one.left), one.later) == (2, 2, ())
    assert len(_undo(service, plan, one)) == 2
    assert _plan(service, plan) == before
    assert _events(service, plan)[-6:] == [
        ("corrected", BY), ("corrected", BY), (imports.IMPORTED, BY),
        ("correction-undone", OTHER), ("correction-undone", OTHER), (imports.UNDONE, OTHER),
    ]  # fmt: skip
    (told,) = task_imports.of(service.archive, GUEST, plan)
    assert (told.left, told.told.undone_by) == ((), OTHER)
    assert list(fixity.check(service.archive)) == []


def test_it_is_safe_to_repeat(service: Service) -> None:
    plan, _ = add(service, PLAN, REPORT)
    one = _import(service, plan, {"note": "xin ý kiến"})
    _undo(service, plan, one)
    events = _events(service, plan)
    assert _undo(service, plan, one) == () and _events(service, plan) == events


def test_what_stood_before_it_stands_again(service: Service) -> None:
    plan, _ = add(service, PLAN, REPORT)
    _import(service, plan, {"lead": "Phòng Nội vụ"})
    before = _plan(service, plan)
    second = _import(service, plan, {"lead": "Phòng Văn hóa và Thông tin"})
    _undo(service, plan, second)
    assert _plan(service, plan) == before and before.tasks[1].task.lead == ("Phòng Nội vụ",)


def test_what_was_changed_since_is_named_and_nothing_is_undone(service: Service) -> None:
    plan, _ = add(service, PLAN, REPORT)
    one = _import(service, plan, {"lead": "Phòng Nội vụ"}, new=True)
    later = _import(service, plan, {"lead": "Phòng Văn hóa và Thông tin"})
    before, events = _plan(service, plan), _events(service, plan)
    with pytest.raises(ChangedSince) as refused:
        _undo(service, plan, one)
    assert [found.id for found in refused.value.later] == [later.told.first]
    assert "1 chỗ" in refused.value.message("vi") and refused.value.http_status == 409
    assert _plan(service, plan) == before and _events(service, plan) == events
    _undo(service, plan, later)
    assert len(_undo(service, plan, task_imports.of(service.archive, GUEST, plan)[1])) == 2


def test_what_was_said_of_a_task_it_added_stands_in_the_way(service: Service) -> None:
    plan, report = add(service, PLAN, REPORT)
    one = _import(service, plan, {}, new=True)
    new = next(view.task for view in _plan(service, plan).tasks if view.task.added)
    judged = Judgement(plan, new.span.start, report, Span(300, 340), "partial")
    (decided,) = reviewing.decide(service.archive, GUEST, [judged], by=OTHER)
    with pytest.raises(ChangedSince) as refused:
        _undo(service, plan, one)
    assert refused.value.later == (decided,)
    reviewing.undo(service.archive, GUEST, [decided.id], by=OTHER)
    _undo(service, plan, one)
    assert not any(view.task.added for view in _plan(service, plan).tasks)


def test_another_task_changed_since_does_not_matter(service: Service) -> None:
    plan, _ = add(service, PLAN, REPORT)
    one = _import(service, plan, {"lead": "Phòng Nội vụ"})
    sheet = _sheet(service, plan)
    other = sheet.rows[2].task
    assert sheet.edits is not None and other is not None
    task_edits.edit(service.archive, GUEST, sheet.edits, other, {"deliverable": "quyết định"}, by=OTHER)
    worker.run(service, forever=False)
    _undo(service, plan, one)
    standing = corrections.standing(corrections.of(service.archive, GUEST, plan))
    assert [(kept.subject, kept.by) for kept in standing] == [(Subject.TASK, OTHER)]


def test_what_somebody_took_back_alone_is_left_alone(service: Service) -> None:
    plan, _ = add(service, PLAN, REPORT)
    one = _import(service, plan, {"lead": "Phòng Nội vụ"}, new=True)
    corrections.undo(service.archive, GUEST, one.told.first, by=BY)
    (left,) = _undo(service, plan, one)
    assert left.undoes == one.told.last


def test_only_an_import_of_this_plan_is_undone(service: Service) -> None:
    plan, report = add(service, PLAN, REPORT)
    one = _import(service, plan, {"note": "xin ý kiến"})
    for document, number in ((plan, one.told.first), (report, one.told.id), (plan, 10**9)):
        with pytest.raises(NotFound):
            task_imports.undo(service.archive, GUEST, document, number, by=BY)


def test_it_can_be_undone_after_the_catalogue_was_lost(loaded: Settings) -> None:
    settings = replace(loaded, today="2018-01-15")
    with Service.open(settings) as service:
        plan, _ = add(service, PLAN, REPORT)
        one = _import(service, plan, {"lead": "Phòng Nội vụ"})
    lose(loaded)
    recovery.from_store(loaded)
    with Service.open(settings) as service:
        worker.run(service, forever=False)
        assert [found.told for found in task_imports.of(service.archive, GUEST, plan)] == [one.told]
        _undo(service, plan, one)
        assert _plan(service, plan).tasks[1].task.lead == ("Hội Khuyến học huyện",)
