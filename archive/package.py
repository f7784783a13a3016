"""Packages (gói BagIt) of documents: written for others, and taken in from any software.

`data/<document>/` holds the file as received under its name and, in `.vankho/`, what was kept with it;
`metadata/documents.jsonl` tells of each document, `metadata/events.jsonl` holds its records in the ledger.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import accept, bags, catalogue, disk, ledger, objects, packed, withdrawal
from archive.catalogue import Version
from archive.database import moment, reader, writer
from archive.errors import AlreadyThere, BadBag, Destroyed, EmptyFile, NotFound
from archive.objects import ORIGINAL, logical_name
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive

DOCUMENTS = "metadata/documents.jsonl"
EVENTS = "metadata/events.jsonl"
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into a package."""

    path: Path
    documents: int
    size: int
    """Bytes of the payload."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file of a package."""

    path: str
    """In the package."""
    document: str | None
    state: str
    """`new`, `duplicate` or `refused`."""
    reason: str | None = None
    """Vietnamese: why it was refused."""


def export(
    archive: Archive,
    viewer: Viewer,
    target: Path,
    *,
    documents: Collection[str] | None = None,
    info: Mapping[str, str] | None = None,
    extra: Mapping[str, bytes] | None = None,
) -> Exported:
    """Write a package of these documents (None: all that the viewer may see), durable on return.

    A target that ends with .zip or .tar becomes one file, else a folder.

    Withdrawn ones are left out. `info` goes into bag-info.txt; `extra` are further files of
    `metadata/`, as of a dossier. Raises NotFound, AlreadyThere, DiskFull and what reading an original raises.
    """
    gone = withdrawal.documents(archive)
    chosen = tuple(one for one in _chosen(archive, viewer, documents) if one.id not in gone)
    if packed.is_packed(target):
        if target.exists():
            raise AlreadyThere(path=target)
        with disk.watched(target), _beside(target) as folder:
            size = _write(archive, folder / packed.name(target), chosen, info or {}, extra or {})
            packed.pack(folder / packed.name(target), target)
    else:
        size = _write(archive, target, chosen, info or {}, extra or {})
    return Exported(target, len(chosen), size)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder on the disk that the package goes to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".dang-ghi-", dir=target.parent) as folder:
        yield Path(folder)


def _write(
    archive: Archive,
    target: Path,
    chosen: Sequence[catalogue.Document],
    info: Mapping[str, str],
    extra: Mapping[str, bytes],
) -> int:
    """Write the folder of a package; gives the bytes of its payload."""
    with bags.writing(target) as out:
        for document in chosen:
            _put(archive, out, document)
        ids = {document.id for document in chosen}
        out.tag_lines(DOCUMENTS, (json.dumps(_told(d), ensure_ascii=False) for d in chosen))
        out.tag_lines(EVENTS, _events(archive, ids))
        for name, data in extra.items():
            out.tag(f"metadata/{name}", data)
        out.close({"External-Description": f"{len(chosen)} văn bản từ văn khố", **info})
        return out.size


def _chosen(
    archive: Archive, viewer: Viewer, documents: Collection[str] | None
) -> Iterator[catalogue.Document]:
    if documents is not None:
        found = catalogue.documents(archive, viewer, ids=documents)
        for missing in set(documents) - {document.id for document in found}:
            raise NotFound(what=missing)
        yield from sorted(found, key=lambda document: document.id)
        return
    offset = 0
    while page := catalogue.documents(archive, viewer, limit=_PAGE, offset=offset):
        yield from page
        offset += len(page)


def _put(archive: Archive, out: bags.Writer, document: catalogue.Document) -> None:
    with archive.store.reading(objects.at(document.id)) as place:
        for name, path in objects.files(place).items():
            with path.open("rb") as file:
                found = out.add(f"{document.id}/{bags.safe_name(name)}", file)
            if path.name == ORIGINAL and found != document.version.sha512:
                raise BadBag(path=path, reason="bản gốc không còn đúng như khi tiếp nhận")


def _told(document: catalogue.Document) -> dict[str, Any]:
    version: Version = document.version
    path = f"data/{document.id}/{bags.safe_name(logical_name(version.name))}"
    return {
        "document": document.id,
        "path": path,
        "name": version.name,
        "how": version.how,
        "size": version.size,
        "sha512": version.sha512,
        "sha256": version.sha256,
        "received_at": moment(version.received_at),
        "received_by": version.received_by,
    }


def _events(archive: Archive, documents: Collection[str]) -> Iterator[str]:
    with reader(archive.engine) as connection:
        for line in ledger.records(connection):
            if json.loads(line)["subject"] in documents:
                yield line


def take(archive: Archive, viewer: Viewer, path: Path) -> tuple[Taken, ...]:
    """Take in the documents of a package, ours or another software's; safe to repeat after a crash.

    It may be a folder, a .zip or a .tar. Raises BadBag when it is not valid, and then nothing was taken in;
    Unreadable; what `accept` raises.
    """
    with archive.store.draft() as draft, packed.unpacked(path, draft) as folder:
        return _take_folder(archive, viewer, folder, packed.name(path))


def _take_folder(archive: Archive, viewer: Viewer, path: Path, shown: str) -> tuple[Taken, ...]:
    verdict = bags.check(path)
    if not verdict.valid:
        raise BadBag(path=path, reason=verdict.problems[0])
    digests = bags.entries(path)
    taken = tuple(_take(archive, viewer, path, name, source, digests) for name, source in _sources(path, digests))
    manifest = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
    with writer(archive.engine) as connection:
        ledger.append(
            connection,
            actor=viewer.name,
            kind="package-imported",
            subject=f"package:{manifest}",
            details={
                "name": accept.clean_name(shown),
                "documents": sum(one.document is not None for one in taken),
                "refused": sum(one.document is None for one in taken),
            },
        )
    return taken


def _sources(path: Path, digests: Mapping[str, object]) -> Sequence[tuple[str, str]]:
    """The files that are documents, each with the name it is kept under."""
    told = path / DOCUMENTS
    if DOCUMENTS in digests and told.is_file():
        try:
            lines = [json.loads(line) for line in told.read_text("utf-8").splitlines()]
            found = [(str(line["path"]), str(line["name"])) for line in lines]
        except (ValueError, KeyError, TypeError) as error:
            raise BadBag(path=path, reason=f"{DOCUMENTS} không đọc được") from error
        if all(name in digests for name, _ in found):
            return found
        raise BadBag(path=path, reason=f"{DOCUMENTS} nêu tệp không có trong gói")
    payload = sorted(name for name in digests if name.startswith("data/"))
    return [(name, name.removeprefix("data/")) for name in payload if (path / name).is_file()]


def _take(
    archive: Archive,
    viewer: Viewer,
    path: Path,
    name: str,
    shown: str,
    digests: Mapping[str, Mapping[str, str]],
) -> Taken:
    try:
        with (path / name).open("rb") as file:
            receipt = accept.accept(archive, viewer, file, name=shown, how="bag")
    except (EmptyFile, Destroyed) as error:
        return Taken(name, None, "refused", str(error))
    if digests[name].get("sha512", receipt.sha512).lower() != receipt.sha512:
        raise BadBag(path=path, reason=f"{name} đổi nội dung trong khi đang nhận")
    return Taken(name, receipt.document, receipt.state)
