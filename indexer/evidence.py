"""The evidence pack (gói chứng cứ) of one document: all it takes to prove it without this software."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from archive import annex, bags, catalogue, checkpoint, detached, disk, ledger, objects, ocfl, proofs, withdrawal
from archive.archive import Archive
from archive.catalogue import Version
from archive.database import reader
from archive.errors import AlreadyThere, Damaged, NotFound
from archive.merkle import sides
from archive.objects import ours
from archive.settings import HANOI
from archive.trust import Trust
from archive.viewer import Viewer
from indexer import records
from indexer.evidence_text import README, SCRIPT
from indexer.findings import Findings
from indexer.views import DocumentView

MANIFEST = "manifest-sha256.txt"
PARTIAL = ".dang-ghi"

Report = Callable[[Path], bytes]
"""Checks the signatures of an original; gives the report to put into the pack."""


class _Sink(Protocol):
    """Where the files of a pack go."""

    def add(self, name: str, data: bytes) -> None: ...

    def copy(self, name: str, source: Path) -> str:
        """Copy a large file; gives its sha256."""
        ...


class _Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, name: str, data: bytes) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_bytes(data)

    def copy(self, name: str, source: Path) -> str:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as file, (self.root / name).open("wb") as out:
            return _pour(file.read, out.write)


class _Zip:
    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file

    def add(self, name: str, data: bytes) -> None:
        self.file.writestr(name, data)

    def copy(self, name: str, source: Path) -> str:
        with source.open("rb") as file, self.file.open(name, "w", force_zip64=True) as out:
            return _pour(file.read, out.write)


def _pour(read: Callable[[int], bytes], write: Callable[[bytes], int]) -> str:
    digest = hashlib.sha256()
    while chunk := read(1 << 20):
        digest.update(chunk)
        write(chunk)
    return digest.hexdigest()


def write(
    archive: Archive,
    findings: Findings,
    viewer: Viewer,
    document: str,
    target: Path,
    *,
    report: Report | None = None,
) -> Path:
    """Write the pack of a document to a new folder, or to a file whose name ends with `.zip`.

    A checkpoint is made first where the newest does not cover the document's records. `report` is
    used when no signatures' report was kept at receipt. Raises NotFound, AlreadyThere, Damaged, DiskFull.
    """
    held = catalogue.get(archive, viewer, document)
    if document in withdrawal.documents(archive):
        raise NotFound(what=document)
    with disk.watched(target):
        if target.exists():
            raise AlreadyThere(path=target)
        partial = target.with_name(target.name + PARTIAL)
        target.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            if target.suffix.lower() == ".zip":
                file = stack.enter_context(closing(zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED)))
                sink: _Sink = _Zip(file)
            else:
                bags.remove(partial)
                partial.mkdir()
                sink = _Folder(partial)
            _Pack(archive, viewer, held.version, sink).fill(findings.document(viewer, document), report)
        ocfl.sync_tree(partial) if partial.is_dir() else ocfl.sync(partial)
        partial.rename(target)
        ocfl.sync(target.parent)
    return target


class _Pack:
    """One pack while it is written."""

    def __init__(self, archive: Archive, viewer: Viewer, version: Version, sink: _Sink) -> None:
        self.archive = archive
        self.viewer = viewer
        self.version = version
        self.document = version.document
        self.sink = sink
        self.digests: dict[str, str] = {}

    def fill(self, view: DocumentView | None, report: Report | None) -> None:
        name = self._original()
        self._signatures()
        self._reading(view)
        self._annexes(report)
        one = self._ledger()
        stamped = self._checkpoint(one)
        received = self.version.received_at.astimezone(HANOI)
        readme = README.format(
            title=_title(view, self.version), document=self.document, original=name, sha256=self.version.sha256,
            received=f"{received:%H:%M:%S ngày %d/%m/%Y} (giờ Việt Nam), bởi {self.version.received_by}",
            number=one.number, root=one.root, stamped="có trong gói" if stamped else "mốc này không có",
        )  # fmt: skip
        self._add("DOC-TRUOC.txt", readme.encode())
        self._add("kiem-tra.sh", SCRIPT.encode())
        lines = (f"{digest}  {path}\n" for path, digest in sorted(self.digests.items()))
        self.sink.add(MANIFEST, "".join(lines).encode())

    def _add(self, name: str, data: bytes) -> None:
        self.sink.add(name, data)
        self.digests[name] = hashlib.sha256(data).hexdigest()

    def _original(self) -> str:
        name = f"goc/{bags.safe_name(Path(self.version.name).name) or 'original'}"
        path = self.archive.store.original(self.document, self.version.number)
        found = self.sink.copy(name, path)
        if found != self.version.sha256:
            raise Damaged(where=path, reason="không còn đúng như khi tiếp nhận")
        self.digests[name] = found
        return name

    def _signatures(self) -> None:
        """The signatures of a PDF beside it, with the chain and revocation lists of its receipt, for openssl."""
        path = self.archive.store.original(self.document, self.version.number)
        found = detached.of(path)
        for number, one in enumerate(found, start=1):
            self._add(f"chu-ky/{number}.p7s", one.cms)
            self._add(f"chu-ky/{number}.pham-vi", (" ".join(map(str, one.range)) + "\n").encode())
        if not found:
            return
        self._add("chu-ky/luc-nhan", f"{int(self.version.received_at.timestamp())}\n".encode())
        kept = proofs.helped(Trust(), proofs.kept(self.archive, self.document))
        for name, kind, ders in (("chung-thu", "CERTIFICATE", kept.others), ("thu-hoi", "X509 CRL", kept.crls)):
            if ders:
                self._add(f"chu-ky/{name}.pem", "".join(_pem(der, kind) for der in ders).encode())

    def _reading(self, view: DocumentView | None) -> None:
        told = asdict(self.version) | {"received_at": self.version.received_at.isoformat()}
        if view is None:
            self._add("thong-tin.json", _json({"tiep_nhan": told, "dau_de": None}))
            return
        self._add("van-ban.txt", view.text.encode())
        about = {"tiep_nhan": told, "dau_de": records.shown_heading(view.heading), "media_type": view.media_type}
        self._add("thong-tin.json", _json(about))
        self._add("lien-ket.json", _json(_links(view)))

    def _annexes(self, report: Report | None) -> None:
        with self.archive.store.reading(objects.at(self.document)) as place:
            files = objects.files(place)
            for name, path in sorted(files.items()):
                if name.startswith(ours("")):
                    self._add(f"kem-theo/{bags.safe_name(name.removeprefix(ours('')))}", path.read_bytes())
        if report and annex.SIGNATURES not in {name.removeprefix(ours("")) for name in files}:
            path = self.archive.store.original(self.document, self.version.number)
            self._add(f"kem-theo/{annex.SIGNATURES}", report(path))

    def _ledger(self) -> checkpoint.Checkpoint:
        with reader(self.archive.engine) as connection:
            # A record that lost words of another paper proves nothing to who has only its line.
            seqs = ledger.whole(connection, self.document)
        one = checkpoint.newest(self.archive.store)
        if one is None or one.size < max(seqs):
            one = checkpoint.make(self.archive)
        assert one is not None, "the document has records"
        for seq, (line, proof) in checkpoint.proofs(self.archive, one, seqs).items():
            path = zip(proof, sides(seq - 1, one.size), strict=True)
            steps = (f"{'T' if left else 'P'} {base64.b64encode(step).decode()}\n" for step, left in path)
            self._add(f"so/{seq}.json", line.encode())
            self._add(f"so/{seq}.duong-dan", "".join(steps).encode())
        return one

    def _checkpoint(self, one: checkpoint.Checkpoint) -> bool:
        """Put the checkpoint in; whether it has a timestamp."""
        self._add(f"moc/{checkpoint.STATEMENT}", one.statement)
        self._add(f"moc/{checkpoint.PAPER}", checkpoint.paper(one).encode())
        stamp = self.archive.store.attached(checkpoint.identifier(one.number), checkpoint.STAMP)
        if stamp is not None:
            self._add(f"moc/{checkpoint.STAMP}", stamp)
        return stamp is not None


def _pem(der: bytes, kind: str) -> str:
    return f"-----BEGIN {kind}-----\n{base64.encodebytes(der).decode()}-----END {kind}-----\n"


def _title(view: DocumentView | None, version: Version) -> str:
    if view is None:
        return version.name
    card = view.card
    return " ".join(part for part in (card.kind_label, card.number, card.title) if part) or version.name


def _links(view: DocumentView) -> dict[str, object]:
    cited = [
        records.shown_citation(one.citation) | {"document": one.target and one.target.document}
        for one in view.citations
    ]
    citing = [
        {"document": one.card.document, "number": one.card.number, "role": one.role_label, "text": one.text}
        for one in view.incoming
    ]
    return {"dan_den": cited, "duoc_dan_boi": citing}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode()
