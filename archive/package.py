"""Packages (gói BagIt) of documents: written for others, and taken in from any software.

`data/<document>/` holds the file as received under its name and, in `.vankho/`, what was kept with it;
`metadata/documents.jsonl` tells of each document, `metadata/events.jsonl` holds its records in the ledger, and
`metadata/dossiers.jsonl` tells of dossiers (`carried`). Documents are gone through one after another: a package
of a whole fonds needs no more memory than one of a few papers.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import accept, bags, carried, catalogue, disk, journal, ledger, objects, packed, withdrawal
from archive.catalogue import Version
from archive.database import moment, reader
from archive.errors import AlreadyThere, BadBag, Destroyed, EmptyFile
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
    """What became of one file of a package, or of one dossier that it tells of."""

    path: str
    """In the package; of a dossier, how it is called."""
    document: str | None
    state: str
    """`new`, `duplicate` or `refused`."""
    reason: str | None = None
    """Vietnamese: why it was refused, or what is missing of a dossier."""
    told: str | None = None
    """Its id in the archive that wrote the package."""
    dossier: str | None = None
    """The id of a dossier, whose name `path` then is; such a line has no document."""


Extra = Mapping[str, bytes | Iterable[bytes]]
"""Further files of `metadata/` by name, whole or in pieces; written in this order, after the documents."""


def export(
    archive: Archive,
    viewer: Viewer,
    target: Path,
    *,
    documents: Collection[str] | None = None,
    info: Mapping[str, str] | None = None,
    extra: Extra | None = None,
    subjects: Collection[str] = (),
) -> Exported:
    """Write a package of these documents (None: all that the viewer may see), durable on return.

    A target that ends with .zip or .tar becomes one file, else a folder.

    Withdrawn ones are left out. `info` goes into bag-info.txt; `extra` are further files of
    `metadata/`, as of a dossier; `subjects` of dossiers, whose records in the ledger go along. Raises NotFound,
    AlreadyThere, DiskFull and what reading an original raises.
    """
    gone = withdrawal.documents(archive)
    chosen = [one for one in catalogue.ids(archive, viewer, documents) if one not in gone]
    if packed.is_packed(target):
        if target.exists():
            raise AlreadyThere(path=target)
        with disk.watched(target), _beside(target) as folder:
            size = _write(archive, viewer, folder / packed.name(target), chosen, subjects, info or {}, extra or {})
            packed.pack(folder / packed.name(target), target)
    else:
        size = _write(archive, viewer, target, chosen, subjects, info or {}, extra or {})
    return Exported(target, len(chosen), size)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder on the disk that the package goes to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".dang-ghi-", dir=target.parent) as folder:
        yield Path(folder)


def _write(
    archive: Archive,
    viewer: Viewer,
    target: Path,
    chosen: Sequence[str],
    subjects: Collection[str],
    info: Mapping[str, str],
    extra: Extra,
) -> int:
    """Write the folder of a package; gives the bytes of its payload."""
    with bags.writing(target) as out:
        out.tag_lines(DOCUMENTS, _documents(archive, viewer, out, chosen))
        out.tag_lines(EVENTS, _events(archive, {*chosen, *subjects}))
        for name, data in extra.items():
            out.tag_parts(f"metadata/{name}", [data] if isinstance(data, bytes) else data)
        out.close({"External-Description": f"{len(chosen)} văn bản từ văn khố", **info})
        return out.size


def _documents(archive: Archive, viewer: Viewer, out: bags.Writer, chosen: Sequence[str]) -> Iterator[str]:
    """Put each document into the package and tell of it."""
    for at in range(0, len(chosen), _PAGE):
        page = catalogue.documents(archive, viewer, ids=chosen[at : at + _PAGE], limit=_PAGE)
        for document in sorted(page, key=lambda one: one.id):
            _put(archive, out, document)
            yield json.dumps(_told(document), ensure_ascii=False)


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


def _events(archive: Archive, subjects: Collection[str]) -> Iterator[str]:
    with reader(archive.engine) as connection:
        for line in ledger.records(connection):
            if json.loads(line)["subject"] in subjects:
                yield line


def take(archive: Archive, viewer: Viewer, path: Path) -> tuple[Taken, ...]:
    """Take in the documents of a package, ours or another software's, and then its dossiers; safe to repeat.

    It may be a folder, a .zip or a .tar. Raises BadBag when it is not valid, and then nothing was taken in;
    Unreadable; what `accept` raises.
    """
    with archive.store.draft() as draft, packed.unpacked(path, draft) as folder, journal.together(archive):
        return _take_folder(archive, viewer, folder, packed.name(path))


def _take_folder(archive: Archive, viewer: Viewer, path: Path, shown: str) -> tuple[Taken, ...]:
    verdict = bags.check(path)
    if not verdict.valid:
        raise BadBag(path=path, reason=verdict.problems[0])
    digests = bags.entries(path)
    for _ in carried.read(path, digests):
        pass  # all of it is looked at before anything is taken in
    manifest = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
    taken = [_take(archive, viewer, path, source, digests) for source in _sources(path, digests)]
    known = {one.told: one.document for one in taken if one.told and one.document}
    taken += [_take_dossier(archive, viewer, one, known, manifest) for one in carried.read(path, digests)]
    with journal.acting(archive) as connection:
        ledger.append(
            connection,
            actor=viewer.name,
            kind="package-imported",
            subject=f"package:{manifest}",
            details={
                "name": accept.clean_name(shown),
                "documents": sum(one.document is not None for one in taken),
                "dossiers": sum(one.dossier is not None and one.state != "refused" for one in taken),
                "refused": sum(one.state == "refused" for one in taken),
            },
        )
    return tuple(taken)


def _take_dossier(
    archive: Archive, viewer: Viewer, told: Mapping[str, Any], known: Mapping[str, str], manifest: str
) -> Taken:
    one = carried.take(archive, viewer, told, known, package=manifest)
    return Taken(one.words, None, one.state, one.reason, dossier=one.dossier)


@dataclass(frozen=True, slots=True)
class _Source:
    """One file of a package that is a document."""

    path: str
    name: str
    """Under which it is kept."""
    told: str | None = None
    """Its id, as the package has it."""


def _sources(path: Path, digests: Mapping[str, object]) -> Sequence[_Source]:
    """The files that are documents."""
    told = path / DOCUMENTS
    if DOCUMENTS in digests and told.is_file():
        try:
            lines = [json.loads(line) for line in told.read_text("utf-8").splitlines()]
            found = [_Source(str(line["path"]), str(line["name"]), str(line.get("document"))) for line in lines]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadBag(path=path, reason=f"{DOCUMENTS} không đọc được") from error
        if all(source.path in digests for source in found):
            return found
        raise BadBag(path=path, reason=f"{DOCUMENTS} nêu tệp không có trong gói")
    payload = sorted(name for name in digests if name.startswith("data/"))
    return [_Source(name, name.removeprefix("data/")) for name in payload if (path / name).is_file()]


def _take(
    archive: Archive, viewer: Viewer, path: Path, source: _Source, digests: Mapping[str, Mapping[str, str]]
) -> Taken:
    name = source.path
    try:
        with (path / name).open("rb") as file:
            receipt = accept.accept(archive, viewer, file, name=source.name, how="bag")
    except (EmptyFile, Destroyed) as error:
        return Taken(name, None, "refused", str(error), source.told)
    if digests[name].get("sha512", receipt.sha512).lower() != receipt.sha512:
        raise BadBag(path=path, reason=f"{name} đổi nội dung trong khi đang nhận")
    return Taken(name, receipt.document, receipt.state, told=source.told)
