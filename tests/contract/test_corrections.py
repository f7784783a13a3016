"""A person's corrections on both databases: kept with their record, taken back by another, found again."""

from __future__ import annotations

import io
import threading

import pytest

from archive import accept, corrections, ledger
from archive.archive import Archive
from archive.corrections import Subject
from archive.database import reader, writer
from archive.errors import NotFound
from archive.schema import correction as table
from archive.viewer import GUEST

NUMBER = {"field": "number"}
BY = "Lê Thị Thu"


def _document(archive: Archive, data: bytes = b"abc") -> str:
    return accept.accept(archive, GUEST, io.BytesIO(data), name="a.txt", how="test").document


def _correct(archive: Archive, document: str, value: str, *, read: object = "05-KH/HU") -> corrections.Correction:
    return corrections.record(
        archive, GUEST, document, subject=Subject.FIELD, anchor=NUMBER, value=value, read=read, by=BY
    )


def test_a_correction_comes_back_whole_with_its_record_in_the_ledger(archive: Archive) -> None:
    document = _document(archive)
    made = _correct(archive, document, "06-KH/HU")
    (found,) = corrections.of(archive, GUEST, document)
    assert found == made
    assert (found.by, found.value, found.read) == (BY, "06-KH/HU", "05-KH/HU")
    with reader(archive.engine) as connection:
        event = ledger.history(connection, document)[-1]
        assert ledger.first_broken(connection) is None
    assert (event.seq, event.kind, event.actor, event.details["value"]) == (made.id, "corrected", BY, "06-KH/HU")


def test_the_last_correction_of_a_place_stands_and_undoing_it_restores_the_one_before(archive: Archive) -> None:
    document = _document(archive)
    first = _correct(archive, document, "06-KH/HU")
    second = _correct(archive, document, "07-KH/HU", read="06-KH/HU")
    assert second.read == "05-KH/HU"  # the machine's, not the other person's
    assert corrections.standing(corrections.of(archive, GUEST, document)) == (second,)
    undone = corrections.undo(archive, GUEST, second.id, by="Lò Văn An")
    assert corrections.undo(archive, GUEST, second.id, by="ai khác") == undone
    assert corrections.standing(corrections.of(archive, GUEST, document)) == (first,)
    corrections.undo(archive, GUEST, first.id, by=BY)
    every = corrections.of(archive, GUEST, document)
    assert corrections.standing(every) == ()
    assert [one.undoes for one in every] == [None, None, second.id, first.id]


def test_equal_anchors_are_equal_however_they_are_written(archive: Archive) -> None:
    document = _document(archive)
    for anchor in ({"section": "ii.3", "text": "a", "nth": 0}, {"nth": 0, "text": "a", "section": "ii.3"}):
        corrections.record(
            archive, GUEST, document, subject=Subject.LINK, anchor=anchor, value={"target": None}, read=None, by=BY
        )
    assert len(corrections.standing(corrections.of(archive, GUEST, document))) == 1


def test_what_is_not_there_is_not_corrected(archive: Archive) -> None:
    with pytest.raises(NotFound):
        _correct(archive, "khongco", "06-KH/HU")
    with pytest.raises(NotFound):
        corrections.undo(archive, GUEST, 99, by=BY)
    undone = corrections.undo(archive, GUEST, _correct(archive, _document(archive), "1").id, by=BY)
    with pytest.raises(NotFound):
        corrections.undo(archive, GUEST, undone.id, by=BY)


def test_numbers_come_in_the_order_of_commits(archive: Archive) -> None:
    document = _document(archive)
    seen = corrections.newest(archive)
    threads = [threading.Thread(target=_correct, args=(archive, document, str(n))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert corrections.since(archive, seen) == (document,)
    assert corrections.since(archive, corrections.newest(archive)) == ()
    assert len(corrections.of(archive, GUEST, document)) == 8


def test_a_lost_table_is_made_again_from_the_ledger(archive: Archive) -> None:
    document = _document(archive)
    first = _correct(archive, document, "06-KH/HU")
    _correct(archive, _document(archive, b"other"), "1/BC-HKH", read=None)
    corrections.undo(archive, GUEST, first.id, by=BY)
    with reader(archive.engine) as connection:
        before = connection.execute(table.select().order_by(table.c.id)).all()
    with writer(archive.engine) as connection:
        connection.execute(table.delete())
        assert corrections.relearn(connection) == 3
        assert corrections.relearn(connection) == 0
    with reader(archive.engine) as connection:
        assert connection.execute(table.select().order_by(table.c.id)).all() == before
