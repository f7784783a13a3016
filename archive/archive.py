"""An archive that is open: its settings, its store of originals, its catalogue."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from archive import disk, migrations
from archive.database import connect
from archive.errors import NoArchive, NoS3
from archive.journal import Reach
from archive.ports import Store
from archive.settings import Settings
from archive.store import FileStore


def open_store(settings: Settings) -> Store:
    """The store of originals that the settings name; nothing is made. Raises NoS3."""
    if settings.originals:
        return _on_s3(settings.originals, settings.data)
    return FileStore(settings.originals_folder, settings.data / "staging")


def open_copy(settings: Settings, address: str) -> Store:
    """A second store to heal from: a folder, or one on S3. Raises NoS3."""
    if address.startswith("s3://"):
        return _on_s3(address, settings.data)
    return FileStore(Path(address), settings.data / "staging")


def _on_s3(address: str, data: Path) -> Store:
    try:
        from archive.s3_store import S3Store  # here, as few archives have the library it needs
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("boto3", "botocore"):
            raise
        raise NoS3() from error
    return S3Store(address, data)


class Archive:
    """What every function of this package works on; use `open`, and as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store: Store = open_store(settings)
        self.engine = connect(settings.database)
        self.journal = Reach()

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
                raise NoArchive(path=self.settings.originals or self.settings.data)
            self.store.prepare()
            migrations.upgrade(self.engine)

    def close(self) -> None:
        """Release files and connections."""
        self.store.close()
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
