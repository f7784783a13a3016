"""What the office says of bodies on both databases: only added, the last word stands, the ledger brings it back."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from archive import bodies, ledger
from archive.archive import Archive
from archive.database import reader, writer
from archive.errors import NotFound
from archive.schema import body as table
from archive.viewer import GUEST

BY = "Lê Thị Thu"
VALUE = {
    "name": "Ủy ban nhân dân huyện Yên Hà", "aliases": ["UBND Yên Hà"], "parent": None, "since": None,
    "until": "2025-07-01", "successors": ["c1"],
}  # fmt: skip


def standing(archive: Archive) -> dict[str, str]:
    with reader(archive.engine) as connection:
        return dict(bodies.standing(connection))


def test_a_record_comes_back_whole_with_its_line_in_the_ledger(archive: Archive) -> None:
    made = bodies.record(archive, "d", VALUE, by=BY)
    assert bodies.history(archive, GUEST, "d") == (made,)
    assert (made.value, made.by) == (VALUE, BY)
    with reader(archive.engine) as connection:
        (event,) = ledger.history(connection, "d")
        assert ledger.first_broken(connection) is None
    assert (event.seq, event.kind, event.actor, event.details) == (made.id, "body-recorded", BY, {"value": VALUE})


def test_the_last_record_stands_and_an_earlier_one_is_put_back_by_another(archive: Archive) -> None:
    first = bodies.record(archive, "d", VALUE, by=BY)
    second = bodies.record(archive, "d", {**VALUE, "until": None}, by=BY)
    bodies.record(archive, "e", VALUE, by=BY)
    assert bodies.newest(archive) > second.id
    assert '"until":null' in standing(archive)["d"]
    back = bodies.undo(archive, GUEST, "d", second.id, by="Lò Văn An")
    assert (back.value, back.by) == (VALUE, "Lò Văn An")
    assert '"until":"2025-07-01"' in standing(archive)["d"]
    assert bodies.undo(archive, GUEST, "d", first.id, by=BY).value is None
    assert standing(archive)["d"] == "null"
    assert [one.body for one in bodies.every(archive)] == ["d", "d", "e", "d", "d"]
    with pytest.raises(NotFound):
        bodies.undo(archive, GUEST, "e", second.id, by=BY)


def test_the_table_is_learnt_again_from_the_ledger(archive: Archive) -> None:
    bodies.record(archive, "d", VALUE, by=BY)
    bodies.record(archive, "d", None, by=BY)
    before = bodies.every(archive)
    with writer(archive.engine) as connection:
        connection.execute(delete(table))
        assert bodies.relearn(connection) == 2
        assert bodies.relearn(connection) == 0
    assert bodies.every(archive) == before
