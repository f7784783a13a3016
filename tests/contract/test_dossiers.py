"""Dossiers on both databases: what lies where, what may change, and the tables made again from the ledger."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
import sqlalchemy as sa

from archive import appraisal, checkpoint, disposal, dossiers, filed, filing, fixity, ledger, recovery
from archive.archive import Archive
from archive.database import reader, writer
from archive.dossiers import Described, State
from archive.errors import ArchiveError, NotAllowed, NotFound
from archive.filing import Planned
from archive.fonds import Fonds, fonds_of
from archive.retention import Term
from archive.schema import event
from archive.settings import Settings
from archive.viewer import GUEST
from tests.contract.dossier_acts import BY, DAY, TABLES, close, closed, opened, paper, tables
from tests.contract.taking_in import lose


def test_a_planned_list_is_opened_filled_and_found_again(archive: Archive) -> None:
    lines = [Planned("02.TG", "Kế hoạch, báo cáo năm 2017", "I. TUYÊN GIÁO", "Lê Thị Thu", Term("vinh-vien")),
             Planned("10.TG", "Xây dựng xã hội học tập", "I. TUYÊN GIÁO")]  # fmt: skip
    first, second = filing.plan(archive, GUEST, lines, year=2017, by=BY)
    filing.open_(archive, GUEST, first, on=dt.date(2017, 1, 3), by=BY)
    one, two = paper(archive, "một"), paper(archive, "hai")
    assert filing.put(archive, GUEST, first, [two, one, two], by=BY) == (two, one)
    assert filing.put(archive, GUEST, first, [one], by=BY) == ()
    held = dossiers.get(archive, GUEST, first)
    assert (held.code, held.state, held.documents, held.heading) == ("02.TG", State.OPEN, 2, "I. TUYÊN GIÁO")
    assert held.decided and (held.decided.term.words, held.decided.by) == ("vĩnh viễn", BY)
    assert [d.code for d in dossiers.listed(archive, GUEST, year=2017)] == ["02.TG", "10.TG"]
    assert [d.id for d in dossiers.listed(archive, GUEST, words="hoi hoc tap")] == [second]
    assert dossiers.years(archive, GUEST) == {2017: 2}
    assert [d.id for d in dossiers.named(archive, GUEST, "02.tg")] == [first]
    assert dossiers.memberships(archive, GUEST, first) == (two, one)


def test_one_document_lies_in_several_dossiers_without_being_copied(archive: Archive) -> None:
    one, two, alone = (paper(archive, text) for text in ("một", "hai", "ba"))
    a, b = opened(archive, "01.TG", papers=[one]), opened(archive, "02.TG", papers=[one, two])
    found = dossiers.of_documents(archive, GUEST, [one, two, alone])
    assert {document: [d.id for d in some] for document, some in found.items()} == {one: [a, b], two: [b]}
    assert sorted(archive.store.held()) == sorted([one, two, alone])


def test_order_leaves_and_notes_are_the_dossiers_own(archive: Archive) -> None:
    one, two, three = (paper(archive, text) for text in ("một", "hai", "ba"))
    made = opened(archive, papers=[one, two, three])
    filing.arrange(archive, GUEST, made, [three, one, two], by=BY)
    filing.note(archive, GUEST, made, one, leaves=4, note="bản sao", by=BY)
    filing.take_out(archive, GUEST, made, three, by=BY)
    entries = dossiers.entries(archive, GUEST, made)
    assert [(e.document, e.position, e.leaves, e.note) for e in entries] == [(one, 1, 4, "bản sao"), (two, 2, None, "")]
    assert dossiers.declined(archive, GUEST, [one, two, three]) == {(three, made)}
    with pytest.raises(NotAllowed, match="vừa có thay đổi"):
        filing.arrange(archive, GUEST, made, [three, one, two], by=BY)
    filing.put(archive, GUEST, made, [three], by=BY)  # a person may think better of it
    assert dossiers.memberships(archive, GUEST, made) == (one, two, three)
    assert dossiers.declined(archive, GUEST, [three]) == frozenset()


def test_a_closed_dossier_changes_only_after_it_was_opened_again(archive: Archive) -> None:
    one, two = paper(archive, "một"), paper(archive, "hai")
    made = closed(archive, papers=[one])
    assert dossiers.entries(archive, GUEST, made)[0].described == Described(
        number="1-KH/HU", issued_on=DAY, title="Kế hoạch 1"
    )
    acts: list[Callable[[], object]] = [
        lambda: filing.put(archive, GUEST, made, [two], by=BY),
        lambda: filing.take_out(archive, GUEST, made, one, by=BY),
        lambda: filing.note(archive, GUEST, made, one, leaves=2, note="", by=BY),
        lambda: filing.change(archive, GUEST, made, {"title": "khác"}, by=BY),
        lambda: filing.arrange(archive, GUEST, made, [one], by=BY),
        lambda: close(archive, made),
    ]
    before = tables(archive)
    for act in acts:
        with pytest.raises(NotAllowed, match=r"đã kết thúc\. Xin mở lại hồ sơ"):
            act()
    with pytest.raises(NotAllowed, match="lý do"):
        filing.reopen(archive, GUEST, made, reason=" ", by=BY)
    assert tables(archive) == before
    filing.reopen(archive, GUEST, made, reason="bổ sung báo cáo", by="Lò Văn An")
    filing.put(archive, GUEST, made, [two], by=BY)
    assert [e.described for e in dossiers.entries(archive, GUEST, made)] == [None, None]
    told = dossiers.history(archive, GUEST, made)
    assert [(e.kind, e.actor) for e in told][-2:] == [(filed.REOPENED, "Lò Văn An"), (filed.FILED, BY)]


def test_a_dossier_is_closed_with_papers_a_term_and_a_line_for_each(archive: Archive) -> None:
    empty, endless = opened(archive, "01.TG"), opened(archive, "02.TG", term=None, papers=[paper(archive, "một")])
    with pytest.raises(NotAllowed, match="chưa có văn bản nào"):
        close(archive, empty)
    with pytest.raises(NotAllowed, match="chưa có thời hạn bảo quản"):
        close(archive, endless)
    appraisal.decide(archive, GUEST, endless, Term("10"), basis="Thông tư 10/2022/TT-BNV", reason="báo cáo", by=BY)
    with pytest.raises(NotAllowed, match="vừa có thay đổi"):
        filing.close(archive, GUEST, endless, ended_on=DAY, lines={}, by=BY)
    close(archive, endless)
    assert dossiers.get(archive, GUEST, endless).last_day == dt.date(2027, 12, 31)


def test_a_list_is_taken_whole_or_not_at_all(archive: Archive) -> None:
    filing.plan(archive, GUEST, [Planned("01.TG", "Một")], year=2017, by=BY)
    with pytest.raises(NotAllowed, match=r"đã có hồ sơ 01\.tg"):
        filing.plan(archive, GUEST, [Planned("02.TG", "Hai"), Planned("01.tg", "Ba")], year=2017, by=BY)
    assert [d.code for d in dossiers.listed(archive, GUEST)] == ["01.TG"]
    filing.plan(archive, GUEST, [Planned("01.TG", "Một")], year=2018, by=BY)
    for line in (Planned("", "Không số"), Planned("03.TG", " "), Planned("x" * 61, "Dài")):
        with pytest.raises(NotAllowed):
            filing.plan(archive, GUEST, [line], year=2018, by=BY)
    (dropped, _) = dossiers.listed(archive, GUEST)
    filing.drop(archive, GUEST, dropped.id, by=BY)
    assert len(dossiers.listed(archive, GUEST)) == 1
    with pytest.raises(NotFound):
        filing.open_(archive, GUEST, dropped.id, on=DAY, by=BY)


def test_a_list_keeps_the_order_of_its_headings_and_counts_codes_as_people_do(archive: Archive) -> None:
    """Codes begin anew under each large heading; IX comes after V."""
    headings = ("V. VĂN PHÒNG", "IX. TUYÊN GIÁO\n1. Khoa giáo", "IX. TUYÊN GIÁO\n2. Báo chí")
    lines = [Planned(f"{n}.{i}", "x", heading) for i, heading in enumerate(headings) for n in (10, 2)]
    filing.plan(archive, GUEST, lines, year=2017, by=BY)
    filing.plan(archive, GUEST, [Planned("3.0", "x", headings[0])], year=2017, by=BY)
    found = [one.code for one in dossiers.listed(archive, GUEST)]
    assert found == ["2.0", "3.0", "10.0", "2.1", "10.1", "2.2", "10.2"]


def test_a_body_that_is_no_more_takes_in_no_new_work(archive: Archive) -> None:
    ended = Fonds("", "Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang", "Yên Hà", True, dt.date(2025, 7, 1), "Tỉnh ủy", "")
    made = filing.describe_fonds(archive, GUEST, ended, by=BY)
    filing.plan(archive, GUEST, [Planned("01.TG", "Một")], year=2025, fonds=made, by=BY)
    with pytest.raises(NotAllowed, match="đã kết thúc hoạt động"):
        filing.plan(archive, GUEST, [Planned("01.TG", "Một")], year=2026, fonds=made, by=BY)
    with pytest.raises(NotAllowed, match="Đã có phông"):
        filing.describe_fonds(archive, GUEST, ended, by=BY)
    held = fonds_of(archive, GUEST)[made]
    assert (held.name, held.party, held.ended_on, held.heir) == (ended.name, True, dt.date(2025, 7, 1), "Tỉnh ủy")
    assert [d.fonds for d in dossiers.listed(archive, GUEST, fonds=made)] == [made]


def test_what_is_not_there_is_not_filed(archive: Archive) -> None:
    made = opened(archive)
    with pytest.raises(NotFound):
        filing.put(archive, GUEST, made, ["khongco"], by=BY)
    with pytest.raises(NotFound):
        filing.put(archive, GUEST, "hs-khongco", [paper(archive, "một")], by=BY)
    with pytest.raises(NotFound):
        filing.note(archive, GUEST, made, paper(archive, "một"), leaves=1, note="", by=BY)
    with pytest.raises(NotFound):
        appraisal.hold(archive, GUEST, "khongco", reason="kiện", by=BY)


def _anything(archive: Archive, dice: random.Random, papers: list[str]) -> None:
    """One act, whichever, possible or not."""
    some = dossiers.listed(archive, GUEST)
    one = dice.choice(some).id if some else "hs-khongco"
    document = dice.choice(papers)
    lists = [d.id for d in disposal.listed(archive, GUEST)]
    held = [h.id for hs in appraisal.holds(archive, GUEST, [one, *papers]).values() for h in hs]
    side = appraisal.Party("Văn phòng", "Lê Thị Thu", "")
    line = appraisal.Handed(one, "c", "t", "", "", "5", 1, None, "trang", 1)
    acts: list[Callable[[], object]] = [
        lambda: filing.plan(archive, GUEST, [Planned(f"{dice.randrange(40)}.TG", "Việc")], year=2017, by=BY),
        lambda: opened(archive, f"{dice.randrange(40)}.HU", papers=dice.sample(papers, 2)),
        lambda: filing.open_(archive, GUEST, one, on=DAY, by=BY),
        lambda: filing.put(archive, GUEST, one, dice.sample(papers, 2), by=BY),
        lambda: filing.take_out(archive, GUEST, one, document, by=BY),
        lambda: filing.note(archive, GUEST, one, document, leaves=dice.randrange(1, 9), note="x", by=BY),
        lambda: filing.arrange(
            archive, GUEST, one, sorted(dossiers.memberships(archive, GUEST, one), reverse=True), by=BY
        ),
        lambda: filing.change(archive, GUEST, one, {"title": f"Việc {dice.randrange(9)}", "unit": "to"}, by=BY),
        lambda: close(archive, one),
        lambda: close(archive, one),
        lambda: filing.reopen(archive, GUEST, one, reason="bổ sung", by=BY),
        lambda: filing.drop(archive, GUEST, one, by=BY),
        lambda: appraisal.decide(archive, GUEST, one, Term("5"), basis="", reason="x", by=BY),
        lambda: appraisal.hold(archive, GUEST, dice.choice([one, document]), reason="thanh tra", by=BY),
        lambda: appraisal.lift(archive, GUEST, dice.choice(held), reason="xong", by=BY),
        lambda: appraisal.hand_over(
            archive, GUEST, [line], appraisal.Minutes(DAY, side, side, "khối", "tốt"), by=BY
        ),
        lambda: disposal.draw_up(
            archive, GUEST, {one: "hết hạn"}, title="Đợt", on=dt.date(2030, 1, 1), by=BY, spared=dice.sample(papers, 2)
        ),
        lambda: disposal.decide(archive, GUEST, dice.choice(lists), decision=document, by=BY),
        lambda: disposal.give_up(archive, GUEST, dice.choice(lists), reason="giữ", by=BY),
        lambda: disposal.carry_out(
            archive, GUEST, dice.choice(lists), disposal.Minutes(DAY, "kho", ("A", "B"), ""), on=dt.date(2030, 1, 1),
            by=BY,
        ),
        lambda: filing.describe_fonds(
            archive, GUEST, Fonds("", f"Phông {dice.randrange(5)}", "", "", False, None, "", ""), by=BY
        ),
    ]  # fmt: skip
    with suppress(ArchiveError, IndexError):  # not possible as things stand, or nothing there to act on
        dice.choice(acts)()


def _everything(archive: Archive) -> None:
    """Each kind of act that succeeds at least once."""
    one, two, decision = (paper(archive, text) for text in ("một", "hai", "quyết định"))
    planned, dropped = filing.plan(archive, GUEST, [Planned("A", "Một"), Planned("B", "Hai")], year=2016, by=BY)
    filing.drop(archive, GUEST, dropped, by=BY)
    filing.open_(archive, GUEST, planned, on=DAY, by=BY)
    filing.change(archive, GUEST, planned, {"title": "Khác", "unit": "to"}, by=BY)
    filing.put(archive, GUEST, planned, [one, two, decision], by=BY)
    filing.arrange(archive, GUEST, planned, [decision, two, one], by=BY)
    filing.note(archive, GUEST, planned, one, leaves=3, note="x", by=BY)
    filing.take_out(archive, GUEST, planned, one, by=BY)
    fonds = Fonds("", "Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang", "Yên Hà", True, None, "", "")
    kept = filing.describe_fonds(archive, GUEST, fonds, by=BY)
    filing.describe_fonds(archive, GUEST, replace(fonds, id=kept, ended_on=DAY), by=BY)
    gone = closed(archive, "C", papers=[one])
    filing.reopen(archive, GUEST, gone, reason="x", by=BY)
    close(archive, gone)
    appraisal.lift(archive, GUEST, appraisal.hold(archive, GUEST, one, reason="x", by=BY), reason="y", by=BY)
    appraisal.decide(archive, GUEST, gone, Term("5"), basis="b", reason="x", by=BY)
    side, line = appraisal.Party("Văn phòng", "Lê Thị Thu", ""), appraisal.Handed(gone, *"abcde", 1, None, "trang", 1)
    appraisal.hand_over(archive, GUEST, [line], appraisal.Minutes(DAY, side, side, "khối", "tốt"), by=BY)
    for last in (False, True):
        drawn = disposal.draw_up(archive, GUEST, {gone: "x"}, title="Đợt", on=dt.date(2030, 1, 1), by=BY)
        if not last:
            disposal.give_up(archive, GUEST, drawn, reason="x", by=BY)
    disposal.decide(archive, GUEST, drawn, decision=decision, by=BY)
    minutes = disposal.Minutes(DAY, "kho", ("A", "B"), "xóa")
    disposal.carry_out(archive, GUEST, drawn, minutes, on=dt.date(2030, 1, 1), by=BY)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_acts_the_tables_made_again_from_the_ledger_are_the_same(archive: Archive, seed: int) -> None:
    dice = random.Random(seed)
    papers = [paper(archive, f"văn bản {n}") for n in range(6)]
    _everything(archive)
    for _ in range(100):
        _anything(archive, dice, papers)
    before = tables(archive)
    with reader(archive.engine) as connection:
        kinds = set(connection.scalars(sa.select(event.c.kind)))
        assert ledger.first_broken(connection) is None
    assert set(filed.KINDS) - {filed.CARRIED} <= kinds  # what comes in a package is in test_carried
    with writer(archive.engine) as connection:
        for table in TABLES:
            connection.execute(table.delete())
        assert filed.relearn(connection) > 0
        assert filed.relearn(connection) == 0
    assert tables(archive) == before
    assert list(fixity.check(archive)) == []


def test_records_whose_beginning_was_lost_do_not_stop_a_recovery(archive: Archive) -> None:
    with writer(archive.engine) as connection:
        filed.act(connection, filed.GIVEN_UP, "th-lost", {"reason": "x"}, by=BY)
        filed.act(connection, filed.CLOSED, "hs-lost", {"ended_on": "2017-12-29", "lines": {"a": {}}}, by=BY)
        filed.relearn(connection)
    assert tables(archive) == []


def test_dossiers_survive_the_loss_of_the_catalogue(loaded: Settings) -> None:
    with Archive.open(loaded) as archive:
        one = paper(archive, "một")
        closed(archive, "01.TG", papers=[one])
        checkpoint.make(archive)
        opened(archive, "02.TG", papers=[one])
        before = tables(archive)
    lose(loaded)
    recovery.from_store(loaded)
    with Archive.open(loaded, create=False) as archive:
        assert tables(archive) == before
        assert list(fixity.check(archive)) == []
