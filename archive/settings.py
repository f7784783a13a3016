"""Settings: read once from the environment, then frozen."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HANOI = dt.timezone(dt.timedelta(hours=7))
"""Vietnam has one zone and no summer time."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where everything is; each field has its variable, `VANKHO_` and the name in capitals."""

    data: Path
    """VANKHO_DATA: the archive's folder, made on first use."""
    database: str
    """VANKHO_DATABASE: address of the catalogue; by default SQLite in the data folder."""
    host: str = "127.0.0.1"
    """VANKHO_HOST: address the site listens on."""
    port: int = 8080
    """VANKHO_PORT: port the site listens on."""
    threads: int = 4
    """VANKHO_THREADS: requests answered at the same time."""
    lease: int = 120
    """VANKHO_LEASE: seconds after which a silent worker's job is taken over."""
    read_seconds: int = 60
    """VANKHO_READ_SECONDS: wall time for reading one file."""
    read_memory: int = 1024
    """VANKHO_READ_MEMORY: memory for reading one file, in MiB."""
    engine: str = ""
    """VANKHO_ENGINE: `whoosh` or `tantivy`; by default what `vankho reindex --engine` chose last, at first Whoosh."""
    office: str = "Văn khố"
    """VANKHO_OFFICE: name under the logo, e.g. «Văn khố huyện Yên Hà»."""
    max_upload: int = 512
    """VANKHO_MAX_UPLOAD: largest file taken over HTTP, in MiB."""
    originals: str = ""
    """VANKHO_ORIGINALS: where the originals lie, `s3://bucket/prefix`; by default a folder in the data folder."""
    copy: str = ""
    """VANKHO_COPY: a second store to heal from, a folder or `s3://bucket/prefix`; by default none."""
    patrol_hour: int = 1
    """VANKHO_PATROL_HOUR: hour of the day (0 to 23, Vietnamese time) from which the worker checks everything."""
    patrol_hours: int = 5
    """VANKHO_PATROL_HOURS: how many hours of a night it may take; 0 turns it off."""
    patrol_rate: int = 20
    """VANKHO_PATROL_RATE: MiB it reads in a second at most."""
    tsa: str = ""
    """VANKHO_TSA: address of the time-stamping service, the only one ever asked; by default none."""
    today: str = ""
    """VANKHO_TODAY: the day (YYYY-MM-DD) for which the standing of tasks is shown; by default today."""

    @property
    def day(self) -> dt.date:
        """The day for which standings are computed, local Vietnamese date."""
        return dt.date.fromisoformat(self.today) if self.today else dt.datetime.now(HANOI).date()

    @property
    def originals_folder(self) -> Path:
        """Root of the OCFL store when it lies in the data folder."""
        return self.data / "originals"

    @property
    def trust(self) -> Path:
        """Folder of the root certificates the operator trusts; nothing is shipped in it."""
        return self.data / "trust"

    @property
    def index(self) -> Path:
        """Folder of the search indexes, one generation each."""
        return self.data / "index"


def load(data: Path | str | None = None, *, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; `data` overrides VANKHO_DATA. ValueError names a bad number."""
    folder = Path(data or environ.get("VANKHO_DATA") or "vankho-data").expanduser().absolute()
    values: dict[str, object] = {}
    for name, kind in Settings.__annotations__.items():
        raw = environ.get(f"VANKHO_{name.upper()}")
        if raw and name not in ("data", "database"):
            try:
                values[name] = int(raw) if kind == "int" else raw
            except ValueError as error:
                raise ValueError(f"VANKHO_{name.upper()}={raw}: phải là số nguyên") from error
    database = environ.get("VANKHO_DATABASE") or f"sqlite:///{folder / 'catalogue.sqlite'}"
    _check_day(str(values.get("today", "")))
    _check_originals(str(values.get("originals", "")))
    return Settings(data=folder, database=database, **values)  # type: ignore[arg-type]


def _check_originals(raw: str) -> None:
    if raw and not re.fullmatch(r"s3://[^/]+(/.*)?", raw):
        raise ValueError(f"VANKHO_ORIGINALS={raw}: phải là địa chỉ dạng s3://ten-thung/thu-muc")


def _check_day(raw: str) -> None:
    try:
        _ = raw and dt.date.fromisoformat(raw)
    except ValueError as error:
        raise ValueError(f"VANKHO_TODAY={raw}: phải là ngày dạng 2018-01-15") from error
