"""Searches that people keep, on both databases: told of new matches once, dropped, found again after a loss."""

from __future__ import annotations

import io

import pytest

from archive import accept, ledger, saved
from archive.archive import Archive
from archive.database import reader, writer
from archive.errors import NotFound
from archive.schema import saved_match, saved_search
from archive.viewer import GUEST

BY = "Lê Thị Thu"


def _documents(archive: Archive, *contents: bytes) -> list[str]:
    return [accept.accept(archive, GUEST, io.BytesIO(c), name="a.txt", how="test").document for c in contents]


def _save(archive: Archive, *answering: str) -> saved.Saved:
    return saved.record(
        archive, GUEST, name="Khuyến học", asked={"q": ["khuyến học"], "kind": ["bao-cao"]}, answering=answering, by=BY
    )


def test_a_saved_search_comes_back_whole_with_its_record_in_the_ledger(archive: Archive) -> None:
    made = _save(archive)
    assert saved.every(archive, GUEST) == (made,) == (saved.get(archive, GUEST, made.id),)
    assert (made.asked, made.by) == ({"q": ("khuyến học",), "kind": ("bao-cao",)}, BY)
    with reader(archive.engine) as connection:
        (event,) = ledger.history(connection, "")
        assert ledger.first_broken(connection) is None
    assert (event.seq, event.kind, event.actor, event.details["name"]) == (made.id, "search-saved", BY, "Khuyến học")


def test_a_document_is_new_once_however_often_it_is_met(archive: Archive) -> None:
    old, first, second = _documents(archive, b"1", b"2", b"3")
    one = _save(archive, old)
    assert saved.new(archive, GUEST) == {}
    saved.met(archive, one.id, {old, first})
    saved.met(archive, one.id, {old, first, second})
    assert saved.new(archive, GUEST) == {one.id: 2}
    assert {m.document: m.new for m in saved.found(archive, GUEST, one.id, limit=9)} == {
        old: False, first: True, second: True,
    }  # fmt: skip
    saved.seen(archive, GUEST, one.id)
    saved.met(archive, one.id, {old, first, second})
    assert saved.new(archive, GUEST) == {}
    assert len(saved.found(archive, GUEST, one.id, limit=2)) == 2


def test_a_dropped_search_is_gone_with_its_matches(archive: Archive) -> None:
    (document,) = _documents(archive, b"1")
    one, other = _save(archive, document), _save(archive)
    saved.drop(archive, GUEST, one.id, by=BY)
    saved.drop(archive, GUEST, one.id, by=BY)
    saved.met(archive, one.id, {document})
    assert saved.every(archive, GUEST) == (other,)
    with reader(archive.engine) as connection:
        assert connection.execute(saved_match.select()).all() == []
    for ask in (saved.get, saved.seen):
        with pytest.raises(NotFound):
            ask(archive, GUEST, one.id)
    with pytest.raises(NotFound):
        saved.drop(archive, GUEST, 999, by=BY)


def test_lost_tables_are_made_again_and_what_was_there_is_not_new(archive: Archive) -> None:
    old, before = _documents(archive, b"1", b"2")
    one, gone = _save(archive, old), _save(archive)
    saved.drop(archive, GUEST, gone.id, by=BY)
    with writer(archive.engine) as connection:
        connection.execute(saved_search.delete())
        connection.execute(saved_match.delete())
        assert saved.relearn(connection) == 1
        assert saved.relearn(connection) == 0
    assert saved.every(archive, GUEST) == (one,)
    (after,) = _documents(archive, b"3")
    saved.met(archive, one.id, {old, before, after})
    assert [m.document for m in saved.found(archive, GUEST, one.id, limit=9) if m.new] == [after]
