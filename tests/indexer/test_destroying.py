"""What was destroyed is forgotten by search, readings and links; a rebuild brings nothing back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from archive import disposal, dossiers, filing
from archive.dossiers import Described
from archive.filing import Planned
from archive.retention import Term
from archive.viewer import GUEST
from indexer import checking, destroying, worker
from indexer.views import Filters, State
from indexer.wiring import Service
from tests.web.papers import PLAN, REPORT

BY = "Lê Thị Thu"
LATER = dt.date(2030, 1, 1)
PHRASE = '"quỹ khuyến học đạt"'


def _destroy(service: Service, document: str, decision: str) -> None:
    archive = service.archive
    line = Planned("01.TG", "Việc", term=Term("5"))
    made = filing.start(archive, GUEST, line, year=2017, on=dt.date(2017, 1, 1), by=BY)
    filing.put(archive, GUEST, made, [document], by=BY)
    filing.close(archive, GUEST, made, ended_on=dt.date(2017, 12, 1), lines={document: Described()}, by=BY)
    drawn = disposal.draw_up(archive, GUEST, {made: "hết hạn"}, title="Đợt 1", on=LATER, by=BY)
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
    disposal.carry_out(archive, GUEST, drawn, disposal.Minutes(LATER, "kho", ("A", "B"), ""), on=LATER, by=BY)


def _everywhere(service: Service) -> bytes:
    return b"".join(path.read_bytes() for path in service.settings.data.rglob("*") if path.is_file())


def test_what_was_destroyed_is_forgotten_and_its_tombstone_says_so(service: Service, add: Callable[..., str]) -> None:
    report, plan = add(REPORT), add(PLAN)
    assert service.search(GUEST, PHRASE, filters=Filters(), limit=5).total == 1
    _destroy(service, report, plan)
    assert destroying.left(service) == (report,)
    assert worker.destroy(service)
    assert destroying.left(service) == ()
    assert service.search(GUEST, PHRASE, filters=Filters(), limit=5).total == 0
    card = service.findings.cards(GUEST, [report])[report]
    assert (card.state, card.title) == (State.DESTROYED, None)
    assert service.findings.counts(GUEST)["unsearchable"] == 0 and service.findings.unfinished(GUEST) == ()
    assert dossiers.unfiled(service.archive, GUEST, limit=9) == (1, (plan,))
    assert "9.412 hội viên".encode() not in _everywhere(service)
    assert list(checking.check(service)) == []


def test_the_worker_forgets_what_the_site_could_not(service: Service, add: Callable[..., str]) -> None:
    report, plan = add(REPORT), add(PLAN)
    _destroy(service, report, plan)
    worker.run(service, forever=False)
    assert destroying.left(service) == ()


def test_a_rebuild_brings_nothing_back(service: Service, add: Callable[..., str], tmp_path) -> None:
    report, plan = add(REPORT), add(PLAN)
    _destroy(service, report, plan)
    with (tmp_path / "told").open("w") as told:
        worker.rebuild(service, progress=told)
    assert service.findings.cards(GUEST, [report])[report].state == State.DESTROYED
    assert service.search(GUEST, PHRASE, filters=Filters(), limit=5).total == 0
    assert list(checking.check(service)) == []
