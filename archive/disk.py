"""Faults of disk, rights and database, told as errors a person can act on."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from archive.errors import (
    ArchiveError,
    CatalogueUnreachable,
    Damaged,
    DiskFull,
    NoRight,
    NotAFolder,
    StorageFailure,
)

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # EFBIG: a limit on file size is a full disk of one's own
_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
_FOLDER = {errno.ENOTDIR, errno.EEXIST}

# Primary result codes, https://sqlite.org/rescode.html
_SQLITE_FULL = {sqlite3.SQLITE_FULL}
_SQLITE_RIGHT = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_SQLITE_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SQLITE_FAILURE = {sqlite3.SQLITE_IOERR}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def watched(path: object) -> Iterator[None]:
    """Turn faults of what is written below `path` into archive errors; all else passes unchanged."""
    try:
        yield
    except OSError as error:
        told = _of_system(error, path)
        if told is None:
            raise
        raise told from error
    except DBAPIError as error:
        told = _of_database(error, path)
        if told is None:
            raise
        raise told from error
    except sqlite3.Error as error:  # of a connection that SQLAlchemy does not stand before
        told = _of_sqlite(error, path)
        if told is None:
            raise
        raise told from error


def _of_system(error: OSError, path: object) -> ArchiveError | None:
    where = error.filename or path
    if error.errno in _FULL:
        return DiskFull(path=where)
    if error.errno in _RIGHT:
        return NoRight(path=where)
    if error.errno in _FOLDER:
        return NotAFolder(path=where)
    if error.errno == errno.EIO:
        return StorageFailure(path=where, reason=error.strerror)
    return None


def _of_database(error: DBAPIError, path: object) -> ArchiveError | None:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, path)
    state = getattr(cause, "sqlstate", None) or ""
    # https://www.postgresql.org/docs/current/errcodes-appendix.html
    if state == "53100":
        return DiskFull(path=path)
    unreachable = state[:2] in ("08", "28", "53", "57") or state == "3D000"
    if unreachable or error.connection_invalidated or _never_connected(error):
        return CatalogueUnreachable(reason=_one_line(cause))
    return None


def _of_sqlite(cause: sqlite3.Error, path: object) -> ArchiveError | None:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE_FULL:
        return DiskFull(path=path)
    if code in _SQLITE_RIGHT:
        return NoRight(path=path)
    if code in _SQLITE_DAMAGED:
        return Damaged(where=path, reason=_one_line(cause))
    if code in _SQLITE_FAILURE:
        return StorageFailure(path=path, reason=_one_line(cause))
    return CatalogueUnreachable(reason=_one_line(cause)) if code in _SQLITE_BUSY else None


def _never_connected(error: DBAPIError) -> bool:
    return error.statement is None and type(error.orig).__name__ == "OperationalError"


def _one_line(cause: BaseException | None) -> str:
    return " ".join(str(cause).split())
