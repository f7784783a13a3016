import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError, StatementError

import archive.migrations
from archive import schema
from archive.archive import Archive
from archive.database import connect, now, reader, writer
from archive.errors import CatalogueUnreachable, NoArchive
from archive.settings import Settings

HANOI = dt.timezone(dt.timedelta(hours=7))


def test_the_migrations_make_the_tables_the_code_declares(archive: Archive) -> None:
    with archive.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda thing, name, kind, *_: name != "alembic_version",
            },
        )
        # SQLite holds an Instant as text, which reflection cannot tell from what the code declares.
        found = [d for d in compare_metadata(context, schema.metadata) if "Instant" not in repr(d)]
    assert found == []


def test_the_revision_in_the_code_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", archive.migrations.__path__[0])
    assert ScriptDirectory.from_config(config).get_heads() == [schema.REVISION]


def test_opening_twice_at_once_makes_one_archive(loaded: Settings) -> None:
    faults: list[BaseException] = []

    def once() -> None:
        try:
            Archive.open(loaded).close()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_an_archive_that_is_not_there_is_not_made_by_looking(loaded: Settings) -> None:
    with pytest.raises(NoArchive):
        Archive.open(loaded, create=False)
    assert not loaded.data.exists()


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2016, 9, 30, 23, 59, 59, 999999, tzinfo=HANOI),
        dt.datetime(2016, 9, 30, tzinfo=dt.UTC),  # no fraction
        dt.datetime(1986, 1, 1, 0, 0, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    ],
)
def test_an_instant_comes_back_as_the_same_moment_in_utc(archive: Archive, moment: dt.datetime) -> None:
    with writer(archive.engine) as connection:
        values = {"id": "x", "received_at": moment, "received_by": "Lò Thị Mai"}
        connection.execute(schema.document.insert().values(values))
    with reader(archive.engine) as connection:
        found = connection.execute(sa.select(schema.document)).one()
    assert (found.received_at, found.received_at.tzinfo) == (moment, dt.UTC)


def test_instants_sort_and_compare_as_time_does(archive: Archive) -> None:
    moments = [now() + dt.timedelta(microseconds=n * 333_333) for n in range(5)]
    with writer(archive.engine) as connection:
        rows = [{"id": str(n), "received_at": m, "received_by": "a"} for n, m in enumerate(moments)]
        connection.execute(schema.document.insert(), rows)
    column = schema.document.c.received_at
    with reader(archive.engine) as connection:
        found = connection.scalars(sa.select(column).where(column > moments[1]).order_by(column)).all()
    assert found == moments[2:]


def test_a_moment_without_a_zone_is_refused(archive: Archive) -> None:
    naive = dt.datetime(2016, 9, 30)
    with pytest.raises(StatementError), writer(archive.engine) as connection:
        connection.execute(schema.document.insert().values(id="x", received_at=naive, received_by="a"))


def test_a_transaction_that_raises_leaves_nothing(archive: Archive) -> None:
    with pytest.raises(KeyError), writer(archive.engine) as connection:
        connection.execute(schema.document.insert().values(id="x", received_at=now(), received_by="a"))
        raise KeyError
    with reader(archive.engine) as connection:
        assert connection.execute(sa.select(schema.document)).all() == []


def test_a_reader_sees_one_state_throughout(archive: Archive) -> None:
    count = sa.select(sa.func.count()).select_from(schema.document)
    with reader(archive.engine) as connection:
        before = connection.scalar(count)
        with writer(archive.engine) as other:
            other.execute(schema.document.insert().values(id="x", received_at=now(), received_by="a"))
        assert connection.scalar(count) == before == 0
    with reader(archive.engine) as connection:
        assert connection.scalar(count) == 1


def test_a_version_without_its_document_is_refused(archive: Archive) -> None:
    with pytest.raises(IntegrityError), writer(archive.engine) as connection:
        values = {"version": "none.1", "document": "none", "state": "queued", "queued_at": now()}
        connection.execute(schema.job.insert().values(values))


def test_a_database_that_does_not_answer_is_one_clear_line() -> None:
    engine = connect("postgresql://vankho@127.0.0.1:1/none")
    with pytest.raises(CatalogueUnreachable) as raised, reader(engine):
        pass
    assert "\n" not in str(raised.value) and "VANKHO_DATABASE" in str(raised.value)
