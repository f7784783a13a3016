"""Papers into an archive, and its catalogue out of it again."""

from __future__ import annotations

import io

from archive import accept
from archive.database import connect
from archive.settings import Settings
from archive.viewer import GUEST
from indexer import worker
from indexer.wiring import Service


def add(service: Service, *texts: str) -> list[str]:
    """Take texts in and have them read; their documents."""
    ids = [
        accept.accept(service.archive, GUEST, io.BytesIO(text.encode()), name=f"{n}.txt", how="test").document
        for n, text in enumerate(texts)
    ]
    worker.run(service, forever=False)
    return ids


def lose(loaded: Settings) -> None:
    """The catalogue is gone, the originals are not."""
    for path in loaded.data.parent.rglob("catalogue.sqlite*"):
        path.unlink()
    if not loaded.database.startswith("sqlite"):
        engine = connect(loaded.database)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
