"""Destroying on both databases: never without list, decision and minutes; what is held back stays."""

from __future__ import annotations

import datetime as dt
import io
import random

import pytest

from archive import (
    accept,
    appraisal,
    backup,
    catalogue,
    checkpoint,
    disposal,
    dossiers,
    filing,
    fixity,
    jobs,
    ledger,
    recovery,
    restore,
    withdrawal,
)
from archive.archive import Archive
from archive.database import reader
from archive.errors import Destroyed, NotAllowed
from archive.retention import Term
from archive.settings import Settings
from archive.viewer import GUEST, SYSTEM
from tests.contract.dossier_acts import BY, DAY, closed, opened, paper, tables
from tests.contract.taking_in import lose

LATER = dt.date(2023, 1, 1)
"""The day after the last day of five years from 2017."""
MINUTES = disposal.Minutes(LATER, "Kho lưu trữ", ("Lê Thị Thu, Văn thư", "Lò Văn An, Chánh Văn phòng"), "xóa, ghi đè")


def _drawn(archive: Archive, *some: str, spared: tuple[str, ...] = ()) -> str:
    reasons = dict.fromkeys(some, "hết thời hạn bảo quản")
    return disposal.draw_up(archive, GUEST, reasons, title="Đợt 1 năm 2023", on=LATER, by=BY, spared=spared)


def _carry_out(archive: Archive, drawn: str, *, on: dt.date = LATER) -> tuple[str, ...]:
    return disposal.carry_out(archive, GUEST, drawn, MINUTES, on=on, by=BY)


def test_the_bytes_go_only_after_list_decision_and_minutes(archive: Archive) -> None:
    one, two, decision = (paper(archive, text) for text in ("một", "hai", "quyết định"))
    made = closed(archive, papers=[one, two])
    with pytest.raises(NotAllowed, match="còn trong thời hạn bảo quản đến hết năm 2022"):
        disposal.draw_up(archive, GUEST, {made: "x"}, title="Đợt 1", on=dt.date(2022, 12, 31), by=BY)
    drawn = _drawn(archive, made)
    with pytest.raises(NotAllowed, match="Chưa có quyết định tiêu hủy"):
        _carry_out(archive, drawn)
    with pytest.raises(NotAllowed, match="không thể nằm trong số"):
        disposal.decide(archive, GUEST, drawn, decision=one, by=BY)
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
    with pytest.raises(NotAllowed, match="ít nhất hai người"):
        disposal.carry_out(archive, GUEST, drawn, disposal.Minutes(LATER, "", ("A", " "), ""), on=LATER, by=BY)
    assert set(archive.store.held()) == {one, two, decision}
    assert _carry_out(archive, drawn) == (one, two)
    assert set(archive.store.held()) == {decision}
    with pytest.raises(NotAllowed, match="đã tiêu hủy xong"):
        _carry_out(archive, drawn)
    assert list(fixity.check(archive)) == []


def test_a_tombstone_and_the_lines_stay(archive: Archive) -> None:
    one, decision = paper(archive, "một"), paper(archive, "quyết định")
    made = closed(archive, papers=[one])
    drawn = _drawn(archive, made)
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
    _carry_out(archive, drawn)
    left = catalogue.get(archive, GUEST, one)
    assert (left.state, left.code, left.version.name) == ("failed", "destroyed", "một.txt")
    told = catalogue.history(archive, GUEST, one)[-1]
    assert (told.kind, told.details) == ("destroyed", {"disposal": drawn, "decision": decision})
    kept = disposal.get(archive, GUEST, drawn)
    assert kept.state == "done" and kept.minutes and kept.minutes.said["present"] == list(MINUTES.present)
    assert kept.entries[0].lines[0].described.number == "1-KH/HU"
    assert dossiers.get(archive, GUEST, made).state is dossiers.State.DESTROYED
    assert dossiers.entries(archive, GUEST, made)[0].described
    with pytest.raises(NotAllowed, match="đã tiêu hủy"):
        filing.put(archive, GUEST, made, [decision], by=BY)
    with pytest.raises(Destroyed, match=one):
        accept.accept(archive, GUEST, io.BytesIO("một".encode()), name="lại.txt", how="test")
    jobs.requeue(archive)
    assert catalogue.get(archive, GUEST, one).state == "failed"  # there is nothing to read again


def test_the_ledger_is_sealed_before_the_bytes_go_and_a_crash_is_finished(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, decision = paper(archive, "một"), paper(archive, "quyết định")
    drawn = _drawn(archive, closed(archive, papers=[one]))
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)

    def die(_archive: Archive, _document: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(withdrawal, "remove", die)
        with pytest.raises(KeyboardInterrupt):
            _carry_out(archive, drawn)
    assert archive.store.place(one).exists()
    sealed = checkpoint.newest(archive.store)
    with reader(archive.engine) as connection:
        assert sealed and sealed.size >= ledger.history(connection, one)[-1].seq
    assert any(one in line for line in fixity.sweep(archive))
    assert not archive.store.place(one).exists()
    assert list(fixity.check(archive)) == []


def test_a_hold_on_dossier_or_document_stops_it(archive: Archive) -> None:
    one, decision = paper(archive, "một"), paper(archive, "quyết định")
    made = closed(archive, papers=[one])
    for subject in (made, one):
        number = appraisal.hold(archive, GUEST, subject, reason="thanh tra tỉnh yêu cầu", by="Lò Văn An")
        with pytest.raises(NotAllowed, match="đang được giữ lại: thanh tra tỉnh yêu cầu"):
            _drawn(archive, made)
        appraisal.lift(archive, GUEST, number, reason="thanh tra xong", by="Lò Văn An")
    drawn = _drawn(archive, made)
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
    appraisal.hold(archive, GUEST, one, reason="có đơn kiện", by=BY)
    before = tables(archive)
    with pytest.raises(NotAllowed, match="có đơn kiện"):
        _carry_out(archive, drawn)
    assert tables(archive) == before and archive.store.place(one).exists()


def test_a_document_of_another_live_dossier_stops_it_unless_it_is_spared(archive: Archive) -> None:
    one, two, decision = (paper(archive, text) for text in ("một", "hai", "quyết định"))
    made, other = closed(archive, papers=[one, two]), opened(archive, "09.TG", papers=[two])
    with pytest.raises(NotAllowed, match=rf"Văn bản 2-KH/HU \(mã {two}\) còn nằm trong hồ sơ 09\.TG năm 2017"):
        _drawn(archive, made)
    (against,) = disposal.obstacles(archive, GUEST, [made], on=LATER)[made]
    assert against.document == two
    drawn = _drawn(archive, made, spared=(two,))
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
    filing.put(archive, GUEST, other, [one], by=BY)  # someone needs it meanwhile
    with pytest.raises(NotAllowed, match=rf"\(mã {one}\) còn nằm trong"):
        _carry_out(archive, drawn)
    filing.take_out(archive, GUEST, other, one, by=BY)
    assert _carry_out(archive, drawn) == (one,)
    assert catalogue.get(archive, GUEST, two).state == "queued"
    assert {d: [x.code for x in s] for d, s in dossiers.of_documents(archive, GUEST, [two]).items()} == {
        two: ["03.TG", "09.TG"]
    }


def test_two_dossiers_that_share_a_document_go_together(archive: Archive) -> None:
    one, decision = paper(archive, "một"), paper(archive, "quyết định")
    a, b = closed(archive, "01.TG", papers=[one]), closed(archive, "02.TG", papers=[one])
    drawn = _drawn(archive, a, b)
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
    assert _carry_out(archive, drawn) == (one,)


@pytest.mark.parametrize(
    ("term", "sentence"),
    [("vinh-vien", "bảo quản vĩnh viễn"), ("hieu-luc", "đến khi hết hiệu lực"), ("10", "đến hết năm 2027")],
)
def test_what_is_not_over_is_not_destroyed(archive: Archive, term: str, sentence: str) -> None:
    made = closed(archive, term=term, papers=[paper(archive, "một")])
    with pytest.raises(NotAllowed, match=sentence):
        _drawn(archive, made)


def test_what_is_on_a_list_stays_as_it_is_until_the_list_is_given_up(archive: Archive) -> None:
    made = closed(archive, papers=[paper(archive, "một")])
    drawn = _drawn(archive, made)
    with pytest.raises(NotAllowed, match="danh mục hết giá trị"):
        filing.reopen(archive, GUEST, made, reason="x", by=BY)
    with pytest.raises(NotAllowed, match="danh mục hết giá trị"):
        appraisal.decide(archive, GUEST, made, Term("20"), basis="", reason="x", by=BY)
    with pytest.raises(NotAllowed, match="đã nằm trong một danh mục"):
        _drawn(archive, made)
    disposal.give_up(archive, GUEST, drawn, reason="giữ thêm", by=BY)
    appraisal.decide(archive, GUEST, made, Term("20"), basis="", reason="còn giá trị", by=BY)
    assert disposal.get(archive, GUEST, drawn).state == "given-up"
    with pytest.raises(NotAllowed, match="đã bỏ"):
        _carry_out(archive, drawn)


def test_the_decision_of_a_destruction_is_not_destroyed_itself(archive: Archive) -> None:
    one, decision = paper(archive, "một"), paper(archive, "quyết định")
    drawn = _drawn(archive, closed(archive, "01.TG", papers=[one]))
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
    with pytest.raises(NotAllowed, match="là quyết định của danh mục tiêu hủy"):
        _drawn(archive, closed(archive, "02.TG", papers=[decision]))


def test_what_was_withdrawn_as_secret_is_not_destroyed_twice(archive: Archive) -> None:
    one, two, decision = (paper(archive, text) for text in ("một", "hai", "quyết định"))
    made = closed(archive, papers=[one, two])
    withdrawal.withdraw(archive, SYSTEM, one)
    drawn = _drawn(archive, made)
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
    assert _carry_out(archive, drawn) == (two,)
    assert catalogue.get(archive, GUEST, one).code == "secret"


def test_the_destroyed_stay_so_after_loss_and_restore(loaded: Settings, tmp_path) -> None:
    with Archive.open(loaded) as archive:
        one, decision = paper(archive, "một"), paper(archive, "quyết định")
        drawn = _drawn(archive, closed(archive, papers=[one]))
        disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
        _carry_out(archive, drawn)
        checkpoint.make(archive)
        before = tables(archive)
        made = backup.backup(archive, tmp_path / "saved")
        assert made.problems == ()
    again = Settings(tmp_path / "lại", f"sqlite:///{tmp_path / 'lại' / 'catalogue.sqlite'}")
    restore.restore(again, made.path)
    for settings in (again, loaded):
        if settings is loaded:
            lose(loaded)
            recovery.from_store(loaded)
        with Archive.open(settings, create=False) as archive:
            assert tables(archive) == before
            assert catalogue.get(archive, GUEST, one).code == "destroyed"
            assert list(fixity.check(archive)) == []


@pytest.mark.parametrize("seed", range(4))
def test_without_the_three_acts_nothing_is_ever_removed(archive: Archive, seed: int) -> None:
    """Any other acts in any order leave every byte there."""
    dice = random.Random(seed)
    papers = [paper(archive, f"văn bản {n}") for n in range(5)]
    made = [closed(archive, f"{n}.TG", papers=dice.sample(papers, 2)) for n in range(3)]
    acts = [
        lambda: _drawn(archive, dice.choice(made), spared=tuple(papers)),
        lambda: _drawn(archive, *made),
        lambda: _carry_out(archive, dice.choice([d.id for d in disposal.listed(archive, GUEST)] or ["x"])),
        lambda: disposal.give_up(
            archive, GUEST, dice.choice([d.id for d in disposal.listed(archive, GUEST)] or ["x"]), reason="x", by=BY
        ),
        lambda: filing.reopen(archive, GUEST, dice.choice(made), reason="x", by=BY),
        lambda: filing.take_out(archive, GUEST, dice.choice(made), dice.choice(papers), by=BY),
        lambda: fixity.sweep(archive),
        lambda: checkpoint.make(archive),
    ]
    refusals = 0
    for _ in range(30):
        try:
            dice.choice(acts)()
        except Exception as error:
            assert error.__class__.__module__ == "archive.errors", error
            refusals += 1
    assert refusals and set(archive.store.held()) == set(papers)
    assert DAY.year == 2017 and list(fixity.check(archive)) == []
