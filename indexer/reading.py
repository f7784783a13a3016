"""Reads one file: type by content, readers in order, each in the sandbox, then OCR of the pages that need it.

What a ZIP, a message or an exchange envelope carries are documents of their own: `parts` writes them out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus import encodings
from corpus.model import Body
from indexer import readers, sandbox
from indexer.conversions import WANTED, Conversions
from indexer.ports import Reader, ReadFailure
from indexer.readers import media, ocr
from indexer.readers.sniff import sniff

log = logging.getLogger(__name__)

SECONDS = 60.0
MEMORY = 1024  # MiB
_SMALL = 1 << 20  # bytes
_SEVERITY = ("encrypted", "truncated", "tool-missing", "time-limit", "memory-limit", "too-large", "no-text")
"""Reasons that say more than another reader's `crashed`, the most telling first."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file that came inside another."""

    name: str
    """As its sender called it, without folders; never a path of ours."""
    path: Path
    """Where its bytes are now."""


def read(
    path: Path,
    *,
    seconds: float = SECONDS,
    memory_mib: int = MEMORY,
    progress: Callable[[int, int], None] | None = None,
    conversions: Conversions | None = None,
) -> Body:
    """The body of a file, or `ReadFailure` with the most telling reason of all readers tried.

    `seconds` is for the file, and again for each page that has to be recognised; `progress` is told how
    many of those pages are done, and of how many.
    """
    body = glance(path, seconds=seconds, memory_mib=memory_mib, conversions=conversions)
    return ocr.complete(body, Path(path).resolve(), seconds=seconds, progress=progress)


def glance(
    path: Path, *, seconds: float = SECONDS, memory_mib: int = MEMORY, conversions: Conversions | None = None
) -> Body:
    """The body without recognition of scanned pages, which it leaves empty; otherwise as `read`."""
    path = Path(path).resolve()
    media_type = _type(path)
    chosen = readers.all_readers(media_type)
    if not chosen:
        raise _refusal(media_type)
    encodings.load()
    if conversions is not None and media_type in WANTED and (converted := conversions.find(path)) is not None:
        body = _converted(converted, media_type, seconds, memory_mib)
        if body is not None:
            return body
    return _first_success(chosen, path, media_type, seconds, memory_mib)


def parts(path: Path, folder: Path, *, seconds: float = SECONDS, memory_mib: int = MEMORY) -> tuple[Part, ...]:
    """Write what a file carries into an empty `folder`; () for a file that is no container.

    Archives inside archives are taken apart already, so parts are never to be taken apart again. Raises
    `ReadFailure` when a limit is passed (`bad-archive`), or when something inside cannot be unpacked: then
    nothing of it is to be used.
    """
    path, folder = Path(path).resolve(), Path(folder).resolve()
    media_type = _type(path)
    if media_type not in media.CONTAINERS:
        return ()
    from indexer.readers.parts import take_apart

    found = sandbox.run(take_apart, path, media_type, folder, seconds=seconds, memory_mib=memory_mib)
    return tuple(Part(name, _within(folder, file)) for name, file in found)


def _within(folder: Path, file: str) -> Path:
    """The child's word for a file, believed only as far as it names one in the folder."""
    if not file.isdigit() or not (folder / file).is_file():
        raise ReadFailure("crashed", "trình đọc hỏng giữa chừng")
    return folder / file


def _type(path: Path) -> str:
    if path.stat().st_size == 0:
        raise ReadFailure("empty", "tệp rỗng")
    # A ZIP or compound file has to be looked into; what a small one can cost is known, a large one is for a child.
    return sniff(path) if path.stat().st_size <= _SMALL else sandbox.run(sniff, path)


def _refusal(media_type: str) -> ReadFailure:
    if media_type == media.ENCRYPTED:
        return ReadFailure("encrypted", "tệp có mật khẩu")
    if media_type in media.PACKED:
        return ReadFailure("unknown-type", "chưa mở được loại tệp nén này; xin giải nén rồi gửi các tệp bên trong")
    if media_type == media.MSG:
        return ReadFailure("unknown-type", "chưa mở được thư Outlook (.msg); xin lưu thành .eml rồi gửi lại")
    if media_type == media.HEIC:
        return ReadFailure("unknown-type", "chưa đọc được ảnh HEIC của điện thoại; xin lưu thành JPEG hoặc PDF")
    if media_type == media.UNKNOWN:
        return ReadFailure("unknown-type", "không rõ định dạng tệp")
    return ReadFailure("unknown-type", f"chưa đọc được loại tệp này ({media_type})")


def _first_success(chosen: tuple[Reader, ...], path: Path, media_type: str, seconds: float, memory_mib: int) -> Body:
    failures: list[ReadFailure] = []
    for reader in chosen:
        programs = getattr(reader, "programs_mib", None)
        try:
            return sandbox.run(
                reader.read, path, media_type, seconds=seconds, memory_mib=memory_mib, programs_mib=programs
            )
        except ReadFailure as failure:
            log.info("%s could not read: %s", reader.name, failure.code)
            failures.append(failure)
            if failure.code == "encrypted":
                break
    raise min(failures, key=lambda failure: _rank(failure.code))


def _converted(path: Path, media_type: str, seconds: float, memory_mib: int) -> Body | None:
    """The body from the later form of a file; None where that cannot be read: then the file itself is tried."""
    from indexer.readers import office

    try:
        return sandbox.run(office.read_converted, path, media_type, seconds=seconds, memory_mib=memory_mib)
    except ReadFailure as failure:
        log.info("the converted file could not be read: %s", failure.code)
        return None


def _rank(code: str) -> int:
    return _SEVERITY.index(code) if code in _SEVERITY else len(_SEVERITY)
