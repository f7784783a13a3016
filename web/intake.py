"""Taking files in from the command line, and reading a file without keeping it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from archive.errors import ArchiveError, Destroyed, DiskFull, EmptyFile, NoRight, SecretMark, Unreadable, language
from archive.settings import Settings
from archive.viewer import SYSTEM
from corpus.analyse import analyse
from indexer import reading, records, worker
from indexer.conversions import TOGETHER
from indexer.ports import ReadFailure
from indexer.views import Card, State
from indexer.wiring import Service

POLL = 0.3  # seconds between looks at the queue while another worker does the work


@dataclass(frozen=True, slots=True)
class Taken:
    """One file offered to the archive."""

    path: Path
    document: str | None = None
    duplicate: bool = False
    error: ArchiveError | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one file; `state` as in INTERFACES."""

    file: str
    document: str | None
    number: str | None
    state: str
    reason: str | None

    @property
    def failed(self) -> bool:
        """Whether the call should end with exit code 1."""
        return self.state in ("unreadable", "refused")

    def shown(self) -> dict[str, object]:
        """As `ingest --json` prints it."""
        names = ("file", "document", "number", "state", "reason")
        return {name: getattr(self, name) for name in names}

    def sentence(self) -> str:
        """One line for a person."""
        words = _WORDS[language()].get(self.state, self.state)
        parts = [self.file, words, self.number or "", self.document or "", self.reason or ""]
        return " · ".join(part for part in parts if part)


_WORDS = {
    "vi": {
        "searchable": "đã tìm được", "duplicate": "đã có trong kho, không lưu thêm", "waiting": "đang chờ",
        "unreadable": "không đọc được", "refused": "không nhận",
    },
    "en": {
        "searchable": "searchable", "duplicate": "already in the archive, not kept again",
        "waiting": "waiting", "unreadable": "cannot be read", "refused": "refused",
    },
}  # fmt: skip


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those under the folders named, in order of name; hidden ones left out."""
    for path in paths:
        if not path.exists():
            yield path
        elif path.is_dir():
            try:
                inside = sorted(path.rglob("*"))
            except OSError as error:
                raise Unreadable(path=path, reason=error.strerror) from error
            yield from (p for p in inside if p.is_file() and not p.name.startswith("."))
        else:
            yield path


def take(service: Service, paths: Sequence[Path], *, progress: TextIO) -> list[Taken]:
    """Put every file into the archive. A bad file is noted and the next goes on; a full disk ends it."""
    found = list(files(paths))
    taken: list[Taken] = []
    with click.progressbar(found, label="Nhận", file=progress) as bar:
        for place, path in enumerate(bar):
            if place % TOGETHER == 0:
                service.conversions.foresee(found[place : place + TOGETHER])
            taken.append(_take_one(service, path))
    return taken


def _take_one(service: Service, path: Path) -> Taken:
    try:
        with path.open("rb") as stream:
            receipt = service.accept(SYSTEM, stream, name=path.name, how="ingest")
    except (DiskFull, NoRight):
        raise
    except ArchiveError as error:
        return Taken(path, error=error)
    except OSError as error:
        return Taken(path, error=Unreadable(path=path, reason=error.strerror or error))
    return Taken(path, receipt.document, duplicate=receipt.state == "duplicate")


def finish(service: Service, taken: Sequence[Taken], *, progress: TextIO) -> None:
    """Wait until every file taken is searchable or its failure is known; works itself if nobody does."""
    waiting = {one.document for one in taken if one.document}
    with click.progressbar(length=len(waiting), label="Đọc ", file=progress) as bar:
        while waiting:
            if not worker.run_if_free(service, on_done=lambda n: bar.update(n)):
                time.sleep(POLL)
            cards = service.findings.cards(SYSTEM, waiting)
            waiting = {d for d, card in cards.items() if card.state in (State.WAITING, State.READING)}
        bar.update(len(taken))


def outcome(service: Service, taken: Sequence[Taken]) -> list[Line]:
    """What became of each file, in the order given."""
    cards = service.findings.cards(SYSTEM, {one.document for one in taken if one.document})
    return [_line(one, cards.get(one.document or "")) for one in taken]


def _line(one: Taken, card: Card | None) -> Line:
    if one.error is not None:
        state = "refused" if isinstance(one.error, SecretMark | Destroyed) else "unreadable"
        return Line(str(one.path), None, None, state, str(one.error))
    assert card is not None
    if one.duplicate:
        return Line(str(one.path), card.document, card.number, "duplicate", None)
    state = {
        State.SEARCHABLE: "searchable", State.UNREADABLE: "unreadable", State.REFUSED: "refused",
        State.DESTROYED: "refused",
    }.get(card.state, "waiting")  # fmt: skip
    return Line(str(one.path), card.document, card.number, state, card.reason)


def read_only(path: Path, settings: Settings) -> dict[str, Any]:
    """The object of `read --json`; a file that cannot be read has `text` null and says why in `findings`."""
    try:
        data = path.read_bytes() if path.stat().st_size < 1 << 28 else None
        digest = hashlib.sha256(data).hexdigest() if data is not None else _digest(path)
    except OSError as error:
        raise Unreadable(path=path, reason=error.strerror) from error
    try:
        if data == b"":
            raise ReadFailure("empty", EmptyFile(name=path.name).message())
        body = reading.read(path, seconds=settings.read_seconds, memory_mib=settings.read_memory)
    except ReadFailure as failure:
        return {
            "file": path.name, "sha256": digest, "media_type": None, "pages": None, "text_source": None,
            "encoding": None, "text": None, "heading": None, "sections": [], "citations": [], "tasks": [],
            "signatures": [], "findings": [{"code": failure.code, "detail": failure.detail}],
        }  # fmt: skip
    return records.shown_reading(path.name, digest, body, analyse(body))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
