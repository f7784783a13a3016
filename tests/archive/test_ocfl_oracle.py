"""What another implementation of OCFL says of everything this one writes."""

from collections.abc import Callable
from pathlib import Path

from ocfl import StorageRoot

from archive import annex, backup, checkpoint
from archive.accept import Receipt
from archive.archive import Archive
from archive.viewer import SYSTEM

Put = Callable[..., Receipt]
NAMES = ("Kế hoạch.docx", "a/b.pdf", "..", "a\\b", "100%", "x" * 300, " ", "dấu: \u200b?*", ".vankho/receipt.json")


def test_ocfl_py_accepts_every_object_we_write(archive: Archive, put: Put, tmp_path: Path) -> None:
    documents = [put(b"content %d" % n, name).document for n, name in enumerate(NAMES)]
    for n, document in enumerate(documents[:3]):
        for version in range(n + 1):
            annex.keep(archive, SYSTEM, document, {"signatures.json": b"[%d]" % version}, why="Kiểm tra chữ ký")
    checkpoint.make(archive)
    saved = backup.backup(archive, tmp_path / "b").path / "data" / backup.ORIGINALS
    for path in (archive.store.root, saved):
        root = StorageRoot(root=str(path))
        assert root.validate(log_warnings=True), root.errors
        assert root.good_objects == root.num_objects == len(NAMES) + 1 and root.errors == []
