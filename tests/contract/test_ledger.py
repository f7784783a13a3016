import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from archive import ledger
from archive.archive import Archive
from archive.database import reader, writer
from archive.schema import event
from tests.forging import unguard


def _fill(archive: Archive, number: int = 5) -> None:
    for n in range(number):
        with writer(archive.engine) as connection:
            ledger.append(
                connection,
                actor="Lò Thị Mai",
                kind="received",
                subject=f"d{n}",
                details={"n": n, "tên": "Kế hoạch"},
            )


def _broken(archive: Archive) -> str | None:
    with reader(archive.engine) as connection:
        problem = ledger.first_broken(connection)
    return problem and problem.where


def test_records_come_back_as_written(archive: Archive) -> None:
    _fill(archive, 2)
    with reader(archive.engine) as connection:
        (found,) = ledger.history(connection, "d1")
    assert (found.seq, found.actor, found.kind, found.subject) == (2, "Lò Thị Mai", "received", "d1")
    assert found.details == {"n": 1, "tên": "Kế hoạch"}


def test_an_unbroken_chain_and_an_empty_one_hold(archive: Archive) -> None:
    assert _broken(archive) is None
    _fill(archive)
    assert _broken(archive) is None


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (event.update().where(event.c.seq == 3).values(actor="Ai đó"), 3),
        (event.update().where(event.c.seq == 1).values(details="{}"), 1),
        (event.update().where(event.c.seq == 4).values(subject="d9"), 4),
        (event.delete().where(event.c.seq == 2), 2),
        (event.delete().where(event.c.seq == 1), 1),
        # A forger who also mends the record's own hash breaks the next one.
        (event.update().where(event.c.seq == 2).values(hash="0" * 64), 2),
    ],
)
def test_the_first_broken_record_is_named(archive: Archive, harm: sa.Executable, named: int) -> None:
    _fill(archive)
    with writer(archive.engine) as connection:
        unguard(connection)
        connection.execute(harm)
    assert _broken(archive) == f"sổ sự kiện, dòng {named}"


@pytest.mark.parametrize("harm", [event.update().values(actor="Ai đó"), event.delete()])
def test_the_database_refuses_to_change_or_remove_a_record(archive: Archive, harm: sa.Executable) -> None:
    _fill(archive)
    with pytest.raises(DBAPIError), writer(archive.engine) as connection:
        connection.execute(harm)
    assert _broken(archive) is None


def test_a_forged_record_with_a_right_hash_breaks_the_next(archive: Archive) -> None:
    _fill(archive)
    with writer(archive.engine) as connection:
        unguard(connection)
        row = dict(connection.execute(sa.select(event).where(event.c.seq == 2)).mappings().one())
        row["actor"] = "Ai đó"
        row["hash"] = ledger._hash(row)
        connection.execute(event.update().where(event.c.seq == 2).values(row))
    assert _broken(archive) == "sổ sự kiện, dòng 3"


def test_a_record_is_there_only_if_what_it_records_is(archive: Archive) -> None:
    with pytest.raises(RuntimeError), writer(archive.engine) as connection:
        ledger.append(connection, actor="a", kind="received", subject="d", details={})
        raise RuntimeError
    _fill(archive, 1)
    with reader(archive.engine) as connection:
        assert connection.scalars(sa.select(event.c.seq)).all() == [1]


def test_writers_at_the_same_time_make_one_chain(archive: Archive) -> None:
    _together(lambda: _fill(archive, 10), 6)
    with reader(archive.engine) as connection:
        assert connection.scalars(sa.select(event.c.seq).order_by(event.c.seq)).all() == list(range(1, 61))
    assert _broken(archive) is None


def _together(work: Callable[[], None], number: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
