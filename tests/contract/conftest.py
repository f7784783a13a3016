"""Both databases, really running: a test here holds on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import settings
from archive.archive import Archive
from indexer.wiring import Service


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a private cluster, without a database name; it lives as long as the tests."""
    programs = _programs()
    owner = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="vankho-postgresql-"))
    if owner:
        shutil.chown(folder, owner)
    port = _free_port()
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c fsync=off"
    start = ["-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "start"]
    make = ["-D", folder / "data", "-A", "trust", "-U", "vankho", "-E", "UTF8", "--locale=C.UTF-8"]
    try:
        _run(programs / "initdb", *make, owner=owner, folder=folder)
        _run(programs / "pg_ctl", *start, owner=owner, folder=folder)
        yield f"postgresql://vankho@127.0.0.1:{port}"
    finally:
        stop = ["-D", folder / "data", "-m", "immediate", "-w", "stop"]
        _run(programs / "pg_ctl", *stop, owner=owner, folder=folder)
        shutil.rmtree(folder)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    in_path = shutil.which("initdb")
    if not found and not in_path:
        pytest.fail("PostgreSQL is not installed (Debian: postgresql); `make test` installs it")
    return found[-1].parent if found else Path(str(in_path)).parent


def _run(*command: object, owner: str | None, folder: Path) -> None:
    # No pipe: the server would inherit it and keep it open.
    with (folder / "commands").open("ab") as said:
        done = subprocess.run(
            [str(word) for word in command], user=owner, cwd="/", stdout=said, stderr=said, check=False
        )
    if done.returncode:
        logs = [path.read_text() for path in (folder / "commands", folder / "log") if path.exists()]
        pytest.fail("\n".join(logs))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"kho_{uuid.uuid4().hex}"
    admin = sa.create_engine(
        f"{server}/postgres".replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def loaded(database: str, tmp_path: Path) -> settings.Settings:
    """Settings of an archive that is not there yet."""
    return replace(settings.load(tmp_path / "kho", environ={}), database=database)


@pytest.fixture
def archive(loaded: settings.Settings) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(loaded) as opened:
        yield opened


@pytest.fixture
def service(loaded: settings.Settings) -> Iterator[Service]:
    """An empty archive on each database."""
    with Service.open(replace(loaded, today="2018-01-15")) as opened:
        yield opened
