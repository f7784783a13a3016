"""Rows of the catalogue as lines of JSON: written from one database, read into any other."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive.database import moment

_BATCH = 1000


def dump(connection: Connection, tables: Sequence[sa.Table]) -> Iterator[str]:
    """All rows of these tables, in their order and each by its primary key: equal rows give equal lines."""
    for table in tables:
        query = sa.select(table).order_by(*table.primary_key.columns)
        with connection.execute(query.execution_options(yield_per=_BATCH)) as found:
            for row in found.mappings():
                values = {name: _plain(value) for name, value in row.items()}
                yield json.dumps({"table": table.name, "row": values}, ensure_ascii=False, sort_keys=True)


def present(connection: Connection, tables: Sequence[sa.Table]) -> list[sa.Table]:
    """These tables as they stand in a database, which may be that of an older migration."""
    found = sa.MetaData()
    found.reflect(connection, resolve_fks=False)
    return [found.tables[table.name] for table in tables if table.name in found.tables]


def load(connection: Connection, lines: Iterable[str]) -> int:
    """Put dumped rows into tables that are there and lack them; returns how many.

    The tables are taken as they stand in the database, which may be those of an older migration.
    """
    metadata, number = sa.MetaData(), 0
    parsed = (json.loads(line) for line in lines)
    for name, group in groupby(parsed, key=lambda line: line["table"]):
        table = sa.Table(name, metadata, autoload_with=connection, resolve_fks=False)
        for rows in _batches(_values(table, line["row"]) for line in group):
            connection.execute(table.insert(), rows)
            number += len(rows)
        _count_on(connection, table)
    return number


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(value).decode()}
    return value


def _values(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _typed(table.c[name].type, value) for name, value in row.items()}


def _typed(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    if isinstance(value, str) and isinstance(kind, sa.DateTime):
        return dt.datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(kind, sa.Date):
        return dt.date.fromisoformat(value)
    return value


def _count_on(connection: Connection, table: sa.Table) -> None:
    """Let PostgreSQL number the next row after those put in; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
        if sequence:
            highest = sa.select(sa.func.max(column)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(sequence, highest)))
