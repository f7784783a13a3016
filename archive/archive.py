"""An archive that is open: its settings, its store of originals, its catalogue."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from archive import disk, migrations
from archive.database import connect
from archive.errors import NoArchive
from archive.settings import Settings
from archive.store import FileStore


class Archive:
    """What every function of this package works on; use `open`, and as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = FileStore(settings.originals, settings.data / "staging")
        self.engine = connect(settings.database)

    @classmethod
    def open(cls, settings: Settings, *, create: bool = True) -> Archive:
        """Open the archive of `settings.data`, bringing its catalogue up to date.

        Without `create`, NoArchive when there is none; otherwise it is made. Raises NoRight, DiskFull.
        """
        archive = cls(settings)
        try:
            archive._prepare(create=create)
        except BaseException:
            archive.close()
            raise
        return archive

    def _prepare(self, *, create: bool) -> None:
        with disk.watched(self.settings.data):
            if not create and not self.store.ready:
                raise NoArchive(path=self.settings.data)
            self.store.prepare()
            migrations.upgrade(self.engine)

    def close(self) -> None:
        """Release files and connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
