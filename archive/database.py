"""Connections to the catalogue, SQLite or PostgreSQL behind the same code; instants that keep their zone."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Dialect, Engine
from sqlalchemy.types import TypeDecorator

from archive import disk

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
BUSY = 30_000  # milliseconds a connection waits for another writer

_STORED = "%Y-%m-%dT%H:%M:%S.%fZ"


class Instant(TypeDecorator[dt.datetime]):
    """An aware moment, always UTC; SQLite holds text of fixed width, so that it sorts as time does."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Text on SQLite, which would drop the zone; `timestamptz` elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(27))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """UTC; a naive moment is a mistake of ours and refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return moment(value) if dialect.name == "sqlite" else value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """An aware moment in UTC."""
        if isinstance(value, str):
            return dt.datetime.strptime(value, _STORED).replace(tzinfo=dt.UTC)
        return value and value.astimezone(dt.UTC)


def moment(value: dt.datetime) -> str:
    """An aware moment as text, in UTC, of fixed width."""
    return value.astimezone(dt.UTC).strftime(_STORED)


def now() -> dt.datetime:
    """This moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def connect(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`; nothing is opened until it is used."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    return sa.create_engine(address, pool_pre_ping=True, pool_size=10, max_overflow=20)


def _sqlite(address: URL) -> Engine:
    engine = sa.create_engine(address, connect_args={"timeout": BUSY / 1000}, pool_size=10, max_overflow=40)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    connection.execute(f"PRAGMA busy_timeout={BUSY}").close()
    _log_ahead(connection)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is withdrawn must not lie on in free pages
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _log_ahead(connection: Any) -> None:
    """Turn to WAL; SQLite does not wait for two that make the file at once, whatever the timeout says."""
    until = time.monotonic() + BUSY / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _LOCKED or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


@contextmanager
def reader(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the catalogue throughout and cannot change it."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with disk.watched(_place(engine.url)), _connection(engine, options) as connection, connection.begin():
        yield connection


@contextmanager
def writer(engine: Engine) -> Iterator[Connection]:
    """One transaction: committed when the block ends, undone when it raises."""
    # IMMEDIATE: two SQLite readers that both turn writers would fail with «database is locked» at once.
    options = {"sqlite_begin": "BEGIN IMMEDIATE"}
    with disk.watched(_place(engine.url)), _connection(engine, options) as connection, connection.begin():
        yield connection


def settle(engine: Engine) -> bool:
    """Write SQLite's log back and empty it: what was removed must not lie on there. False when others read in it."""
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        busy, _, _ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


def alone(connection: Connection, lock: int) -> None:
    """Keep other transactions that name this lock waiting until this one ends; a writer on SQLite is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))


def _place(address: URL) -> str:
    """Where the catalogue is, as people may see it: without the password."""
    return f"{address.host}/{address.database}" if address.host else str(address.database)


def _connection(engine: Engine, options: Mapping[str, Any]) -> Connection:
    return engine.connect().execution_options(**options)
