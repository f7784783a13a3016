"""Bringing a catalogue to the tables of `archive.schema`."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from archive import schema
from archive.database import alone, reader, writer

_LOCK = 0x6D696772  # keeps two processes on PostgreSQL from migrating at once


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction; quick when there are none."""
    with reader(engine) as connection:
        if current(connection) == schema.REVISION:
            return
    with writer(engine) as connection:
        alone(connection, _LOCK)
        if current(connection) != schema.REVISION:
            run(connection, schema.REVISION)


def current(connection: Connection) -> str | None:
    """The revision a catalogue stands at; None when it is empty."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def known(revision: str) -> bool:
    """Whether there is a migration of this name: a catalogue of a newer version stands at one we lack."""
    return any(path.stem.split("_")[0] == revision for path in (Path(__file__).parent / "versions").glob("*.py"))


def run(connection: Connection, revision: str) -> None:
    """Bring the catalogue to one revision in the caller's transaction."""
    from alembic import command  # here, as it is slow to import and seldom needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
