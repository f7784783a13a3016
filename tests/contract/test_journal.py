"""Acts told by the store as soon as they are done: a lost catalogue loses none of them; on both databases."""

import datetime as dt
import json
import threading
from pathlib import Path

from archive import (
    appraisal,
    bodies,
    checkpoint,
    corrections,
    disposal,
    fixity,
    journal,
    ledger,
    office,
    recovery,
    registers,
    rows,
    saved,
    schema,
)
from archive.appraisal import Minutes, Party
from archive.archive import Archive
from archive.corrections import Subject
from archive.database import reader
from archive.dossiers import Dossier, listed
from archive.office import OwnBody
from archive.registers import Entry, Paper, Register
from archive.retention import Term
from archive.settings import Settings
from archive.viewer import GUEST
from tests import forging
from tests.contract.dossier_acts import BY, DAY, close, closed, opened, paper
from tests.contract.taking_in import lose

ACTED = tuple(
    table
    for table in schema.metadata.sorted_tables
    if table not in (schema.event, schema.document, schema.version, schema.job)
    # A saved search says from when on its matches were lost; test_recovery looks at those.
    and table not in (schema.saved_search, schema.saved_match)
)


def _tables(archive: Archive) -> list[str]:
    with reader(archive.engine) as connection:
        return list(rows.dump(connection, ACTED))


def _records(archive: Archive) -> list[str]:
    with reader(archive.engine) as connection:
        return list(ledger.records(connection))


def _pieces(archive: Archive) -> list[list[int]]:
    return [[json.loads(line)["seq"] for line in lines] for _, lines in journal.held(archive.store)]


def _every_act(archive: Archive) -> list[Dossier]:
    """One of each act on dossiers, terms, holds, hand-overs, destructions, registers and readings."""
    first, second, third = (paper(archive, f"Kế hoạch {n}") for n in range(3))
    one, two = closed(archive, "01.TG", term="1", papers=[first, second]), opened(archive, "02.TG", papers=[second])
    appraisal.decide(archive, GUEST, two, Term("vinh-vien"), basis="tt10", reason="chủ trương lớn", by=BY)
    kept = closed(archive, "03.TG", term="20", papers=[third])
    number = appraisal.hold(archive, GUEST, kept, reason="đang thanh tra", by=BY)
    appraisal.hold(archive, GUEST, third, reason="đang đối chiếu", by=BY)
    appraisal.lift(archive, GUEST, number, reason="thanh tra xong", by=BY)
    handed = appraisal.Handed(kept, "03.TG", "Tiêu đề", "", "2017", "20", 1, 3, "trang", 1)
    minutes = Minutes(DAY, Party("Ban", "Thu", ""), Party("Văn phòng", "Lan", ""), "khối 2017", "đầy đủ")
    appraisal.hand_over(archive, GUEST, [handed], minutes, by=BY)
    why = {one: "hết thời hạn"}
    drawn = disposal.draw_up(
        archive, GUEST, why, title="Danh mục 2020", on=dt.date(2020, 1, 2), by=BY, spared=[second]
    )
    disposal.decide(archive, GUEST, drawn, decision=third, by=BY)
    entry = Entry(DAY, Paper(issuer="Huyện ủy Yên Hà", number="5-CV/HU", title="Về khuyến học"), first)
    (line,) = registers.enter(archive, GUEST, Register.IN, [entry], by=BY)
    registers.strike(archive, line, why="vào nhầm sổ", by=BY)
    corrections.record(
        archive, GUEST, first, subject=Subject.FIELD, anchor={"field": "title"}, value="x", read="y", by=BY
    )
    office.name(archive, [OwnBody("Văn phòng Huyện ủy Yên Hà")], by=BY)
    bodies.record(archive, "ubnd-yen-ha", {"name": "UBND huyện Yên Hà"}, by=BY)
    saved.record(archive, GUEST, name="khuyến\u2028học", asked={"q": ["khuyến học"]}, answering=[], by=BY)
    close(archive, two)
    return list(listed(archive, GUEST))


def test_without_any_checkpoint_every_act_is_there_again(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        before, dossiers, records = _every_act(archive), _tables(archive), _records(archive)
        named = office.bodies(archive)
        assert checkpoint.newest(archive.store) is None
        assert list(fixity.check(archive)) == []
    for _ in range(2):  # the second time from what the first one left
        lose(loaded)
        done = recovery.from_store(loaded)
        assert (done.documents, done.anew, done.problems) == (3, 0, ())
        with Archive.open(loaded, create=False) as archive:
            assert list(listed(archive, GUEST)) == before
            assert _tables(archive) == dossiers
            assert office.bodies(archive) == named
            assert [one.name for one in saved.every(archive, GUEST)] == ["khuyến\u2028học"]
            assert _records(archive)[: len(records)] == records
            assert list(fixity.check(archive)) == []


def test_acts_after_a_checkpoint_follow_what_it_holds(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        made = opened(archive, papers=[paper(archive, "a")])
        checkpoint.make(archive)
        assert _pieces(archive) == []
        appraisal.decide(archive, GUEST, made, Term("10"), basis="", reason="theo bảng", by=BY)
        close(archive, made)
        before = _tables(archive)
    with Archive.open(loaded) as archive:  # another process goes on where the store stands
        appraisal.hold(archive, GUEST, made, reason="đang dùng", by=BY)
        before = _tables(archive)
    lose(loaded)
    assert recovery.from_store(loaded).problems == ()
    with Archive.open(loaded, create=False) as archive:
        assert _tables(archive) == before
        assert list(fixity.check(archive)) == []


def test_a_checkpoint_takes_the_place_of_the_journal(archive: Archive) -> None:
    made = opened(archive, papers=[paper(archive, "a")])
    assert len(_pieces(archive)) == 2
    checkpoint.make(archive)
    assert _pieces(archive) == []
    appraisal.hold(archive, GUEST, made, reason="đang dùng", by=BY)
    assert [piece[0] for piece in _pieces(archive)] == [checkpoint_size(archive) + 1]
    assert list(fixity.check(archive)) == []


def checkpoint_size(archive: Archive) -> int:
    """Records below the newest checkpoint."""
    newest = checkpoint.newest(archive.store)
    return newest.size if newest else 0


def test_papers_that_come_in_write_no_journal(archive: Archive) -> None:
    for n in range(3):
        paper(archive, f"{n}")
    assert _pieces(archive) == []


def test_what_is_answered_at_once_is_told_at_once(archive: Archive) -> None:
    document = paper(archive, "a")
    with journal.together(archive):
        for n in range(20):
            said = {"subject": Subject.FIELD, "anchor": {"field": "title"}, "value": f"{n}", "read": ""}
            corrections.record(archive, GUEST, document, **said, by=BY)
        assert _pieces(archive) == []
    assert _pieces(archive) == [list(range(1, 22))]


def test_many_at_once_leave_no_act_untold(archive: Archive, loaded: Settings) -> None:
    """Threads of one process, and another process beside them."""
    documents = [paper(archive, f"{n}") for n in range(4)]

    def work(held: Archive, document: str) -> None:
        for n in range(6):
            said = {"subject": Subject.FIELD, "anchor": {"field": "title"}, "value": f"{n}", "read": ""}
            corrections.record(held, GUEST, document, **said, by=BY)

    with Archive.open(loaded) as other:
        threads = [threading.Thread(target=work, args=(held, one)) for held, one in
                   zip((archive, other, archive, other), documents, strict=True)]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    told = {seq for piece in _pieces(archive) for seq in piece}
    assert told == set(range(1, 4 + 24 + 1))
    assert list(fixity.check(archive)) == []


def test_what_a_crash_left_beside_a_checkpoint_is_swept(archive: Archive, tmp_path: Path) -> None:
    opened(archive, papers=[paper(archive, "a")])
    with reader(archive.engine) as connection:
        left = journal._piece(connection, 0)
    assert left is not None
    checkpoint.make(archive)
    journal._put(archive.store, *left)
    assert len(_pieces(archive)) == 1
    assert any("nhật ký" in line for line in fixity.sweep(archive))
    assert _pieces(archive) == []


def test_a_journal_that_differs_from_the_ledger_is_named(archive: Archive) -> None:
    opened(archive, papers=[paper(archive, "a")])
    with archive.engine.begin() as connection:
        forging.unguard(connection)
        connection.execute(schema.event.update().where(schema.event.c.seq == 2).values(actor="Người khác"))
    with reader(archive.engine) as connection:
        assert ledger.first_broken(connection) is not None
    assert [problem.what for problem in journal.check(archive)] == ["nhật ký có dòng 1 đến 3 khác với sổ sự kiện"]
