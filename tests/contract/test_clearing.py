"""No word of a withdrawn paper stays: not in a record, a table, a checkpoint or the journal; on both databases."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
import sqlalchemy as sa

from archive import (
    accept,
    annex,
    appraisal,
    bags,
    carried,
    checkpoint,
    clearing,
    corrections,
    disposal,
    dossiers,
    filing,
    fixity,
    journal,
    ledger,
    objects,
    package,
    patrol,
    recovery,
    registers,
    resealing,
    rows,
    schema,
    withdrawal,
)
from archive.archive import Archive
from archive.corrections import Subject
from archive.database import reader, writer
from archive.dossiers import Described
from archive.errors import SecretMark
from archive.registers import Entry, Handling, Paper, Register
from archive.settings import Settings
from archive.viewer import GUEST, SYSTEM
from tests import forging
from tests.contract.dossier_acts import BY, DAY, opened, paper
from tests.contract.taking_in import lose

MARK = "tuyệtmật7731"
DECIDED = tuple(t for t in schema.metadata.sorted_tables if t not in (schema.event, schema.job, schema.saved_search))


def _everything(archive: Archive) -> str:
    """All that the catalogue says and all bytes of the data folder."""
    with reader(archive.engine) as connection:
        tables = schema.metadata.sorted_tables
        told = [str(tuple(row)) for table in tables for row in connection.execute(table.select())]
    files = [path for path in archive.settings.data.parent.rglob("*") if path.is_file()]
    return "\n".join(told) + "\n".join(f"{path}\n{path.read_bytes().decode('utf-8', 'ignore')}" for path in files)


def _state(archive: Archive) -> list[str]:
    with reader(archive.engine) as connection:
        return list(rows.dump(connection, DECIDED))


def _said(archive: Archive) -> tuple[str, str, str]:
    """A paper whose words were recorded in every way there is, the plan it reports on, and a dossier of both."""
    stream = io.BytesIO(f"Nội dung {MARK}".encode())
    one = accept.accept(archive, GUEST, stream, name=f"{MARK}.pdf", how="test").document
    accept.accept(archive, GUEST, io.BytesIO(f"Nội dung {MARK}".encode()), name=f"lại {MARK}.pdf", how="test")
    plan = paper(archive, "Kế hoạch")
    entry = Entry(DAY, Paper(issuer=MARK, number=f"5-{MARK}", issued_on=DAY, title=MARK), one, Handling(note=MARK))
    (line,) = registers.enter(archive, GUEST, Register.IN, [entry], by=BY)
    line = registers.amend(archive, GUEST, line, handling=Handling(handler=MARK, due=DAY, copies=2), by=BY)
    checkpoint.make(archive)
    line = registers.strike(archive, line, why=f"nhầm {MARK}", by=BY)
    for subject, anchor in ((Subject.FIELD, {"field": "title"}), (Subject.CITATION, {"words": MARK})):
        made = corrections.record(archive, GUEST, one, subject=subject, anchor=anchor, value=MARK, read=MARK, by=BY)
    corrections.undo(archive, GUEST, made.id, by=BY)
    anchor = {"task": {"words": "nhiệm vụ"}, "paper": one, "passage": {"words": MARK}}
    value = {"status": "fulfils", "task": [1], "wording": "nhiệm vụ", "quote": MARK}
    corrections.record(archive, GUEST, plan, subject=Subject.FULFILMENT, anchor=anchor, value=value, read=MARK, by=BY)
    annex.keep(archive, SYSTEM, plan, {"signatures.json": b"[]"}, why="Kiểm tra chữ ký")
    dossier = opened(archive, "01.TG", term="1", papers=[one, plan])
    filing.note(archive, GUEST, dossier, one, leaves=3, note=MARK, by=BY)
    number = appraisal.hold(archive, GUEST, one, reason=MARK, by=BY)
    checkpoint.make(archive)
    appraisal.lift(archive, GUEST, number, reason=MARK, by=BY)
    lines = {one: Described(MARK, DAY, MARK, MARK, MARK, 3), plan: Described("1-KH/HU", DAY, title="Kế hoạch")}
    filing.close(archive, GUEST, dossier, ended_on=DAY, lines=lines, by=BY)
    why = {dossier: "hết thời hạn"}
    disposal.draw_up(archive, GUEST, why, title="Danh mục", on=dt.date(2020, 1, 2), by=BY)
    return one, plan, dossier


def test_no_word_of_it_is_found_anywhere(archive: Archive) -> None:
    one, plan, dossier = _said(archive)
    before = _everything(archive)
    assert before.count(MARK) > 25 and any(MARK in line for _, some in journal.held(archive.store) for line in some)
    with reader(archive.engine) as connection:
        chain = sa.select(schema.event.c.seq, schema.event.c.hash).order_by(schema.event.c.seq)
        hashes = connection.execute(chain).all()
    statements = [held.statement for held in checkpoint.every(archive.store)]
    withdrawal.withdraw(archive, SYSTEM, one)
    assert MARK not in _everything(archive)
    with reader(archive.engine) as connection:
        kept = connection.execute(chain).all()
        assert [tuple(row) for row in kept][: len(hashes)] == [tuple(row) for row in hashes]
    assert [held.statement for held in checkpoint.every(archive.store)][: len(statements)] == statements
    assert list(fixity.check(archive)) == []
    # What others said of others stands.
    entries = {entry.document: entry for entry in dossiers.entries(archive, GUEST, dossier)}
    assert entries[plan].described == Described("1-KH/HU", DAY, title="Kế hoạch")
    assert (entries[one].described, entries[one].leaves) == (Described(), 3)
    (judged,) = corrections.of(archive, GUEST, plan)
    assert judged.value == {"status": "fulfils", "task": [1], "wording": "nhiệm vụ", "quote": ""}
    assert judged.anchor["task"] == {"words": "nhiệm vụ"}


def test_what_is_left_is_the_same_after_loss_and_from_the_records_alone(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        one, _, _ = _said(archive)
        withdrawal.withdraw(archive, SYSTEM, one)
        filing.start(archive, GUEST, filing.Planned("02.TG", "Khác"), year=2017, on=DAY, by=BY)
        before = _state(archive)
    lose(loaded)
    done = recovery.from_store(loaded)
    assert (done.anew, done.problems) == (0, ())
    with Archive.open(loaded, create=False) as archive:
        assert _state(archive) == before and MARK not in _everything(archive)
        assert list(fixity.check(archive)) == []
        with pytest.raises(SecretMark):
            accept.accept(archive, GUEST, io.BytesIO(f"Nội dung {MARK}".encode()), name="x", how="test")


def test_words_recorded_before_this_was_known_go_with_the_next_sweep(archive: Archive) -> None:
    one, _, _ = _said(archive)
    with writer(archive.engine) as connection:  # as an earlier version did
        ledger.append(connection, actor=BY, kind=ledger.WITHDRAWN, subject=one, details={"why": "secret"})
        withdrawal.blank(connection, one)
    archive.store.destroy(objects.at(one))
    assert MARK in _everything(archive)
    assert any("đã rút" in line for line in fixity.sweep(archive))
    assert MARK not in _everything(archive)
    assert list(fixity.check(archive)) == [] and fixity.sweep(archive) == ()


@pytest.mark.parametrize("step", ["make", "sweep", "reseal", "_pending", "_put", "shred_tree"])
def test_a_crash_at_any_step_is_made_good(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    one, _, _ = _said(archive)
    places = {"make": checkpoint, "sweep": journal, "reseal": resealing, "_pending": resealing, "_put": resealing}
    left = archive.settings.data / withdrawal.HARMED / f"1-{objects.at(one).name}"
    left.mkdir(parents=True)
    (left / "original").write_text(MARK)

    def die(*_words: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(places.get(step, withdrawal), step, die)
        with pytest.raises(KeyboardInterrupt):
            withdrawal.withdraw(archive, SYSTEM, one)
    assert MARK in _everything(archive)
    fixity.sweep(archive)
    assert MARK not in _everything(archive)
    assert list(fixity.check(archive)) == []


def test_two_papers_of_one_record_are_cleared_one_after_the_other(archive: Archive) -> None:
    one, plan, dossier = _said(archive)
    withdrawal.withdraw(archive, SYSTEM, one)
    withdrawal.withdraw(archive, SYSTEM, plan)
    assert list(fixity.check(archive)) == []
    assert {entry.described for entry in dossiers.entries(archive, GUEST, dossier)} == {Described()}
    assert "1-KH/HU" not in _everything(archive)


def test_who_clears_a_record_without_saying_so_is_found_out(archive: Archive) -> None:
    one, _, _ = _said(archive)
    with writer(archive.engine) as connection:
        about = sa.select(schema.event).where(schema.event.c.subject == one).order_by(schema.event.c.seq)
        row = connection.execute(about).first()
        assert row is not None
        ledger.rewrite(connection, row, {**json.loads(row.details), "name": "khác"}, by=2)
    with reader(archive.engine) as connection:
        broken = ledger.first_broken(connection)
    assert broken and (broken.where, broken.what) == (f"sổ sự kiện, dòng {row.seq}", "nội dung đã bị sửa")


def test_what_is_left_of_a_record_cannot_be_changed_either(archive: Archive) -> None:
    one, _, _ = _said(archive)
    withdrawal.withdraw(archive, SYSTEM, one)
    with writer(archive.engine) as connection:
        about = sa.select(schema.event).where(schema.event.c.subject == one).order_by(schema.event.c.seq)
        row = connection.execute(about).first()
        assert row is not None
        changed = row.details.replace('"how":"test"', '"how":"web"')
        forging.unguard(connection)
        connection.execute(schema.event.update().where(schema.event.c.seq == row.seq).values(details=changed))
    with reader(archive.engine) as connection:
        assert ledger.first_broken(connection) is not None


def test_the_database_lets_nothing_else_of_a_record_be_changed(archive: Archive) -> None:
    paper(archive, "a")
    for values in ({"actor": "x"}, {"details": "{}"}, {"details": '{"cleared":{}}', "actor": "x"}):
        with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), writer(archive.engine) as connection:
            connection.execute(schema.event.update().where(schema.event.c.seq == 1).values(values))
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), writer(archive.engine) as connection:
        connection.execute(schema.event.delete())


def test_records_of_others_are_proved_against_checkpoints_as_before(archive: Archive) -> None:
    one, plan, _ = _said(archive)
    withdrawal.withdraw(archive, SYSTEM, one)
    last = checkpoint.newest(archive.store)
    assert last is not None
    with reader(archive.engine) as connection:
        seqs = ledger.whole(connection, plan)
        every = [event.seq for event in ledger.history(connection, plan)]
    assert 0 < len(seqs) < len(every)  # the decision that quoted the paper is not whole any more
    assert checkpoint.proofs(archive, last, seqs).keys() == set(seqs)


def test_a_package_of_its_dossier_tells_nothing_of_it(archive: Archive, tmp_path) -> None:
    one, plan, dossier = _said(archive)
    withdrawal.withdraw(archive, SYSTEM, one)
    held = [dossiers.get(archive, GUEST, dossier)]
    lines = (f"{line}\n".encode() for line in carried.lines(archive, GUEST, held, office="Văn khố"))
    extra = {"dossiers.jsonl": lines}
    made = package.export(archive, GUEST, tmp_path / "gói", documents=[one, plan], extra=extra, subjects=[dossier])
    assert bags.check(made.path).valid
    whole = b"".join(path.read_bytes() for path in made.path.rglob("*") if path.is_file())
    assert MARK.encode() not in whole and made.documents == 1


def test_clearing_changes_nothing_of_papers_that_are_not_named(archive: Archive) -> None:
    _said(archive)
    before = _state(archive)
    with writer(archive.engine) as connection:
        assert clearing.apply(connection, "zzzzzzzzzzzz", by=1) == {}
    assert _state(archive) == before


def test_what_was_healed_away_goes_too(archive: Archive) -> None:
    one, _, _ = _said(archive)
    assert withdrawal.HARMED == patrol.HARMED
    folder = archive.settings.data / patrol.HARMED / f"20260101T000000Z-{objects.at(one).name}"
    folder.mkdir(parents=True)
    (folder / "original").write_text(MARK)
    withdrawal.withdraw(archive, SYSTEM, one)
    assert not folder.exists()
