"""The registers on both databases: numbers without gaps whoever enters, each once, and the ledger tells them all."""

from __future__ import annotations

import datetime as dt
import io
import multiprocessing
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import accept, checkpoint, fixity, ledger, office, recovery, registers, rows, schema, withdrawal
from archive.archive import Archive
from archive.database import reader, writer
from archive.errors import LineChanged, NotFound, RegisterBegun
from archive.office import OwnBody
from archive.registers import Entry, Handling, Paper, Register
from archive.settings import Settings
from archive.viewer import GUEST
from tests.contract.taking_in import lose

BY = "Lê Thị Thu"
DAY = dt.date(2018, 1, 15)


def _document(archive: Archive, data: bytes = b"abc") -> str:
    return accept.accept(archive, GUEST, io.BytesIO(data), name="a.txt", how="test").document


def _enter(archive: Archive, *days: dt.date, register: Register = Register.IN) -> tuple[registers.Line, ...]:
    return registers.enter(archive, GUEST, register, [Entry(day, Paper(title=f"{day}")) for day in days], by=BY)


def _rows(archive: Archive) -> list[str]:
    with reader(archive.engine) as connection:
        return list(rows.dump(connection, [schema.register_line]))


def test_a_line_comes_back_whole_with_its_record_in_the_ledger(archive: Archive) -> None:
    document = _document(archive)
    issued_on = dt.date(2018, 1, 12)
    paper = Paper("UBND huyện", "214/UBND-VX", issued_on, "Công văn", "rà soát hội viên", "Lò Văn A", "VT", "KHẨN")
    handling = Handling("Ban Tuyên giáo", DAY, "Hà", 3, dt.date(2018, 1, 20), "hạn 20/01")
    (made,) = registers.enter(archive, GUEST, Register.IN, [Entry(DAY, paper, document, handling)], by=BY)
    assert (made.number, made.year, made.paper, made.handling, made.by) == (1, 2018, paper, handling, BY)
    assert registers.between(archive, GUEST, Register.IN, DAY, DAY) == (made,)
    assert registers.get(archive, GUEST, Register.IN, 2018, 1) == made
    assert registers.of(archive, GUEST, [document, "khongco"]) == {document: (made,)}
    with reader(archive.engine) as connection:
        event = ledger.history(connection, document)[-1]
        assert ledger.first_broken(connection) is None
    assert (event.seq, event.kind, event.actor, event.details["number"]) == (made.revised, "registered", BY, 1)


def test_numbers_begin_again_each_year_and_each_register_has_its_own(archive: Archive) -> None:
    made = _enter(archive, DAY, DAY, dt.date(2017, 12, 31), dt.date(2019, 1, 1), DAY)
    assert [(line.year, line.number) for line in made] == [(2018, 1), (2018, 2), (2017, 1), (2019, 1), (2018, 3)]
    assert [line.number for line in _enter(archive, DAY, register=Register.OUT)] == [1]
    assert registers.months(archive, Register.IN) == (dt.date(2019, 1, 1), dt.date(2018, 1, 1), dt.date(2017, 12, 1))
    assert registers.last_number(archive, Register.IN, 2018) == 3


def test_a_year_may_go_on_from_the_book_on_paper_but_only_at_its_beginning(archive: Archive) -> None:
    (line,) = registers.enter(archive, GUEST, Register.IN, [Entry(DAY, Paper())], by=BY, first=413)
    assert line.number == 413 and [one.number for one in _enter(archive, DAY)] == [414]
    with pytest.raises(RegisterBegun, match="414"):
        registers.enter(archive, GUEST, Register.IN, [Entry(DAY, Paper())], by=BY, first=500)
    assert registers.last_number(archive, Register.IN, 2018) == 414


def test_a_document_keeps_its_line_however_often_it_is_entered(archive: Archive) -> None:
    entry = Entry(DAY, Paper(), _document(archive))
    (first,) = registers.enter(archive, GUEST, Register.IN, [entry], by=BY)
    again = registers.enter(archive, GUEST, Register.IN, [entry, replace(entry, document=None), entry], by="ai khác")
    assert [line.number for line in again] == [1, 2, 1] and again[0] == first


def test_a_struck_number_is_never_given_again(archive: Archive) -> None:
    entry = Entry(DAY, Paper(), _document(archive))
    (first,) = registers.enter(archive, GUEST, Register.IN, [entry], by=BY)
    struck = registers.strike(archive, first, why="ghi nhầm", by=BY)
    assert registers.of(archive, GUEST, [str(entry.document)]) == {}
    (second,) = registers.enter(archive, GUEST, Register.IN, [entry], by=BY)
    assert second.number == 2
    assert [line.struck for line in registers.between(archive, GUEST, Register.IN, DAY, DAY)] == ["ghi nhầm", None]
    assert registers.restore(archive, struck, by=BY).struck is None


def test_two_who_change_one_line_do_not_overwrite_each_other(archive: Archive) -> None:
    (line,) = _enter(archive, DAY)
    registers.amend(archive, GUEST, line, by="Lò Văn An", handling=Handling(handler="Ban Tổ chức"))
    with pytest.raises(LineChanged, match="Lò Văn An"):
        registers.amend(archive, GUEST, line, by=BY, handling=Handling(handler="Ban Tuyên giáo"))
    (found,) = registers.between(archive, GUEST, Register.IN, DAY, DAY)
    assert found.handling.handler == "Ban Tổ chức"
    assert registers.amend(archive, GUEST, found, by=BY, handling=found.handling) == found  # nothing to write


def test_a_line_stays_in_its_year_and_names_only_what_is_held(archive: Archive) -> None:
    (line,) = _enter(archive, DAY)
    with pytest.raises(ValueError, match="year"):
        registers.amend(archive, GUEST, line, by=BY, day=dt.date(2019, 1, 1))
    with pytest.raises(NotFound):
        registers.amend(archive, GUEST, line, by=BY, document="khongco")
    with pytest.raises(NotFound):
        registers.enter(archive, GUEST, Register.IN, [Entry(DAY, Paper(), "khongco")], by=BY)
    with pytest.raises(NotFound):
        registers.get(archive, GUEST, Register.IN, 2018, 7)
    document = _document(archive)
    assert registers.amend(archive, GUEST, line, by=BY, document=document).document == document


def test_a_withdrawn_paper_leaves_its_number_and_nothing_it_says(archive: Archive) -> None:
    document = _document(archive)
    registers.enter(archive, GUEST, Register.IN, [Entry(DAY, Paper(title="kín"), document)], by=BY)
    withdrawal.withdraw(archive, GUEST, document)
    (line,) = registers.between(archive, GUEST, Register.IN, DAY, DAY)
    assert (line.number, line.hidden, line.paper, line.document) == (1, True, Paper(), None)
    assert registers.of(archive, GUEST, [document]) == {}
    with pytest.raises(NotFound):
        registers.strike(archive, line, why="", by=BY)


def _clerk(loaded: Settings, name: str, start) -> None:
    with Archive.open(loaded) as archive:
        start.wait()
        for _ in range(12):
            registers.enter(archive, GUEST, Register.IN, [Entry(DAY, Paper(title=name))], by=name)


def test_clerks_in_several_processes_get_numbers_without_gaps(loaded: Settings) -> None:
    Archive.open(loaded).close()
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    clerks = [context.Process(target=_clerk, args=(loaded, f"văn thư {n}", start)) for n in range(3)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join(120)
    assert [clerk.exitcode for clerk in clerks] == [0, 0, 0]
    with Archive.open(loaded, create=False) as archive:
        lines = registers.between(archive, GUEST, Register.IN, DAY, DAY)
        assert [line.number for line in lines] == list(range(1, 37))
        assert [line.revised for line in lines] == sorted(line.revised for line in lines)
        assert {line.by for line in lines} == {"văn thư 0", "văn thư 1", "văn thư 2"}
        with reader(archive.engine) as connection:
            assert ledger.first_broken(connection) is None


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["enter", "held", "amend", "strike", "restore"]), st.sampled_from(list(Register)),
        st.dates(dt.date(2016, 12, 30), dt.date(2017, 1, 3)), st.integers(0, 5),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_ledger_alone_gives_the_registers_back(archive: Archive, acts) -> None:
    documents = [_document(archive, b"%d" % n) for n in range(3)]
    for act, register, day, number in acts:
        if act in ("enter", "held"):
            document = documents[number % 3] if act == "held" else None
            registers.enter(archive, GUEST, register, [Entry(day, Paper(title=act), document)], by=BY)
            continue
        held = registers.between(archive, GUEST, register, dt.date(2016, 1, 1), dt.date(2018, 1, 1))
        if not held:
            continue
        line = held[number % len(held)]
        if act == "amend":
            registers.amend(archive, GUEST, line, by=BY, handling=Handling(note=f"lần {number}"))
        elif act == "strike":
            registers.strike(archive, line, why="nhầm", by=BY)
        else:
            registers.restore(archive, line, by=BY)
    before = _rows(archive)
    with writer(archive.engine) as connection:
        assert registers.relearn(connection) == 0
        connection.execute(schema.register_line.delete())
        assert registers.relearn(connection) == len(before)
    assert _rows(archive) == before
    for register in Register:
        for year in (2016, 2017):
            whole = registers.between(archive, GUEST, register, dt.date(year, 1, 1), dt.date(year, 12, 31))
            assert [line.number for line in whole] == list(range(1, len(whole) + 1))


def test_after_the_loss_of_the_catalogue_no_number_is_given_twice(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        documents = [_document(archive, b"%d" % n) for n in range(3)]
        entries = [Entry(DAY, Paper(title="trước mốc"), one) for one in documents[:2]]
        before, _ = registers.enter(archive, GUEST, Register.IN, entries, by=BY)
        office.name(archive, [OwnBody("Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang", "000.00.00.H41")], by=BY)
        checkpoint.make(archive)
        registers.strike(archive, before, why="nhầm", by=BY)
        registers.enter(archive, GUEST, Register.IN, [Entry(DAY, Paper(title="sau mốc"), documents[2])], by=BY)
        checkpoint.make(archive)
        lost, own = _rows(archive), office.bodies(archive)
    lose(loaded)
    recovery.from_store(loaded)
    with Archive.open(loaded, create=False) as archive:
        assert _rows(archive) == lost
        assert office.bodies(archive) == own
        assert [line.number for line in _enter(archive, DAY)] == [4]


def test_a_record_that_recovery_had_to_write_again_counts(archive: Archive) -> None:
    _enter(archive, DAY)
    with writer(archive.engine) as connection:
        event = connection.execute(sa.select(schema.event).order_by(schema.event.c.seq.desc()).limit(1)).one()
        said = event.details.replace('"number":1', '"number":2')
        details = {"seq": 90, "kind": event.kind, "hash": "", "details": said}
        ledger.append(connection, actor=BY, kind="record-recovered", subject=event.subject, details=details)
        assert registers.relearn(connection) == 1
    assert registers.last_number(archive, Register.IN, 2018) == 2


def test_a_line_that_was_touched_behind_the_ledger_s_back_shows(archive: Archive) -> None:
    _enter(archive, DAY, DAY, DAY)
    assert list(registers.check(archive)) == []
    with writer(archive.engine) as connection:
        table = schema.register_line
        connection.execute(table.delete().where(table.c.number == 2))
        connection.execute(table.update().where(table.c.number == 3).values(day=dt.date(2018, 1, 1)))
    found = [(one.where, one.what) for one in fixity.check(archive)]
    assert found == [
        ("sổ văn bản đến năm 2018, số 2", "dòng này đã mất"), ("sổ văn bản đến năm 2018, số 3", "khác với sổ sự kiện"),
    ]  # fmt: skip


def test_the_office_is_whom_the_last_record_names(archive: Archive) -> None:
    assert office.bodies(archive) == ()
    own = [OwnBody("Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang"), OwnBody("Văn phòng Huyện ủy Yên Hà")]
    office.name(archive, own[:1], by=BY)
    office.name(archive, own, by=BY)
    office.name(archive, own, by=BY)
    assert office.bodies(archive) == tuple(own)
    with reader(archive.engine) as connection:
        assert len(ledger.history(connection, "office")) == 2
