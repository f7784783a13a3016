"""Many decisions are one act, on both databases: all of them stand or none, whatever fails in the middle."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from archive import accept, corrections, fixity, journal, ledger, settings
from archive.archive import Archive
from archive.corrections import Subject
from archive.database import reader
from archive.errors import NotFound, NothingRecorded
from archive.viewer import GUEST
from corpus.model import Span
from indexer import correcting, reviewing, task_import, task_records, task_rows, worker
from indexer.reviewing import Judgement
from indexer.task_compare import FileRow
from indexer.task_upload import Upload
from indexer.wiring import Service
from tests.web.papers import DIRECTIVE, PLAN, REPORT

BY = "Lê Thị Thu"


@pytest.fixture
def service(loaded: settings.Settings) -> Iterator[Service]:
    with Service.open(replace(loaded, today="2018-01-15")) as opened:
        for number, text in enumerate((DIRECTIVE, PLAN, REPORT)):
            accept.accept(opened.archive, GUEST, io.BytesIO(text.encode()), name=f"{number}.txt", how="test")
        worker.run(opened, forever=False)
        yield opened


def _plan(service: Service) -> str:
    return next(view.card.document for view in service.findings.plans(GUEST) if view.card.number == "05-KH/HU")


def _wanted(service: Service, status: str = "fulfils") -> list[Judgement]:
    """Every task of the plan with some stretches of the report."""
    plan = service.findings.plan(GUEST, _plan(service))
    report = next(one.document for one in service.findings.recent(GUEST, 9) if one.number == "12/BC-HKH")
    read = service.findings.passage_text(GUEST, report)
    assert plan is not None and read is not None
    spans = [Span(at, at + 12) for at in range(300, len(read[0]) - 12, 40) if read[0][at : at + 12].strip()]
    judged = [
        Judgement(plan.card.document, view.task.span.start, report, span, status)
        for view in plan.tasks for span in spans[:3]
    ]  # fmt: skip
    assert len(judged) > 5
    return judged


def _standing(archive: Archive, plan: str) -> list[str]:
    records = corrections.standing(corrections.of(archive, GUEST, plan))
    return [one.value["status"] for one in records if one.subject is Subject.FULFILMENT]


def _statements(archive: Archive, work: Callable[[int], None]) -> None:
    """Call `work` with the number of each statement before it is sent."""
    count = 0

    def before(*_: object) -> None:
        nonlocal count
        count += 1
        work(count)

    event.listen(archive.engine, "before_cursor_execute", before)


def _killed_at(loaded: settings.Settings, judged: list[Judgement], at: int) -> bool:
    """Decide in a process of its own that is killed before its n-th statement; False when it came to its end."""
    return _killed(loaded, at, lambda archive: reviewing.decide(archive, GUEST, judged, by=BY))


def _killed(loaded: settings.Settings, at: int, work: Callable[[Archive], object]) -> bool:
    pid = os.fork()
    if not pid:
        try:
            with Archive.open(loaded) as archive:
                _statements(archive, lambda number: os.kill(os.getpid(), signal.SIGKILL) if number == at else None)
                work(archive)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_who_is_killed_at_any_statement_has_recorded_nothing_or_all(service: Service) -> None:
    plan, judged = _plan(service), _wanted(service)
    at = 1
    while _killed_at(service.settings, judged, at) and not _standing(service.archive, plan):
        with reader(service.archive.engine) as connection:
            assert ledger.first_broken(connection) is None
        at += 1
    assert at > 8, "it was killed in the middle too"
    # The last one was killed while the store was told of what stands by then.
    assert _standing(service.archive, plan) == ["fulfils"] * len(judged)
    assert list(fixity.check(service.archive)) == []


def test_a_broken_connection_is_told_in_words_and_leaves_nothing(service: Service) -> None:
    if service.archive.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection to break; its full disk is in tests/web")
    plan, judged = _plan(service), _wanted(service)
    with Archive.open(service.settings) as archive:
        admin = sa.create_engine(archive.engine.url)

        def end_others(number: int) -> None:
            if number == 12:
                with admin.connect() as connection:
                    connection.exec_driver_sql(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )

        _statements(archive, end_others)
        with pytest.raises(NothingRecorded) as told:
            reviewing.decide(archive, GUEST, judged, by=BY)
        admin.dispose()
    assert told.value.message("vi").startswith(f"Chưa ghi quyết định nào trong {len(judged)} quyết định vừa gửi")
    assert _standing(service.archive, plan) == []
    assert len(reviewing.decide(service.archive, GUEST, judged, by=BY)) == len(judged)


def test_one_unknown_paper_keeps_all_of_them_out(service: Service) -> None:
    plan, judged = _plan(service), _wanted(service)
    with pytest.raises(NotFound):
        reviewing.decide(service.archive, GUEST, [*judged, replace(judged[0], paper="khong-co")], by=BY)
    assert _standing(service.archive, plan) == []


def test_they_are_taken_back_together(service: Service) -> None:
    plan = _plan(service)
    made = [one.id for one in reviewing.decide(service.archive, GUEST, _wanted(service), by=BY)]
    with pytest.raises(NotFound):
        reviewing.undo(service.archive, GUEST, [*made, 10**6], by=BY)
    assert len(_standing(service.archive, plan)) == len(made)
    undone = reviewing.undo(service.archive, GUEST, made, by=BY)
    assert [one.undoes for one in undone] == made
    assert _standing(service.archive, plan) == []
    again = reviewing.undo(service.archive, GUEST, made, by=BY)
    assert [one.id for one in again] == [one.id for one in undone], "safe to repeat"


def test_the_number_of_statements_does_not_grow_with_the_decisions(service: Service) -> None:
    judged, counts = _wanted(service), []
    for some in (judged[:1], judged):
        with Archive.open(service.settings) as archive:
            seen: list[int] = []
            _statements(archive, seen.append)
            with journal.together(archive):  # the store is told at the end, of everything since the checkpoint
                reviewing.decide(archive, GUEST, some, by=BY)
                statements = len(seen)
            counts.append(statements)
    assert counts[1] <= counts[0] + 1, "one more: what was decided before is looked up"


def test_who_decides_while_the_paper_is_read_anew_loses_nothing(service: Service) -> None:
    plan, judged = _plan(service), _wanted(service)
    report = judged[0].paper
    with ThreadPoolExecutor(2) as threads, Service.open(service.settings) as reading:

        def read_anew() -> None:
            for _ in range(8):
                correcting.again(reading, report)

        other = threads.submit(read_anew)
        for number in range(12):
            reviewing.decide(service.archive, GUEST, [judged[number % len(judged)]], by=BY)
        other.result()
    with reader(service.archive.engine) as connection:
        laid = reviewing.judged(connection, [plan])[plan]
    assert len(laid) == len(_standing(service.archive, plan)) == min(12, len(judged))


def test_a_sheet_is_recorded_whole_or_not_at_all(service: Service) -> None:
    plan = _plan(service)
    sheet = task_rows.sheet(service, GUEST, plan)
    assert sheet is not None
    rows = [FileRow(n, row.id, {**row.cells, "note": f"ghi chú {n}"}) for n, row in enumerate(sheet.rows)]
    added = FileRow(99, None, {"wording": "Tổng kết phong trào khuyến học", "lead": "Hội Khuyến học"})
    proposal = task_import.propose(service, GUEST, sheet, Upload(None, (*rows, added)))
    chosen = task_records.Chosen(cells={(one.id, one.key) for one in proposal.cells}, new={99})
    at = 1
    record = partial(task_records.record, viewer=GUEST, proposal=proposal, chosen=chosen, by=BY)
    while _killed(service.settings, at, record) and not corrections.of(service.archive, GUEST, plan):
        at += 1
    assert at > 5
    made = corrections.of(service.archive, GUEST, plan)
    assert [one.id for one in made] == list(range(made[0].id, made[0].id + len(rows) + 1))
