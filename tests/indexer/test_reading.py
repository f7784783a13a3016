"""Every file ends as text or as a reason, within its limits, and leaves nothing behind."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest

from indexer import reading
from indexer.ports import ReadFailure
from tests.indexer.readers.making import zipped

KNOWN = {
    "empty", "encrypted", "truncated", "unknown-type", "no-text", "too-large", "time-limit", "memory-limit", "crashed",
    "tool-missing", "bad-archive",
}  # fmt: skip


def _outcome(path: Path) -> str:
    try:
        return "text" if reading.read(path).text.strip() else "nothing"
    except ReadFailure as failure:
        assert failure.detail
        return failure.code


@pytest.mark.parametrize("folder", ["hostile", "odd/docx"])
def test_every_hostile_file_ends_within_its_limits(shared_data: Path, folder: str) -> None:
    for path in sorted((shared_data / folder).iterdir()):
        if path.name == "manifest.json":
            continue
        start = time.monotonic()
        assert _outcome(path) in KNOWN | {"text"}, path.name
        assert time.monotonic() - start < 60, path.name


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (tmp_path / "a.txt").write_text("Kế hoạch", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    assert [_outcome(tmp_path / name) for name in ("a.txt", "b.pdf")] == ["text", "truncated"]
    assert list(scratch.iterdir()) == []


def test_a_file_of_no_known_type_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(bytes(range(256)) * 4)
    assert _outcome(tmp_path / "a.pdf") == "unknown-type"


def test_a_large_text_does_not_grow_without_end(tmp_path: Path) -> None:
    paragraph = "<w:p><w:r><w:t>" + "Kế hoạch " * 2000 + "</w:t></w:r></w:p>"
    document = f'<w:document xmlns:w="x"><w:body>{paragraph * 3000}</w:body></w:document>'
    path = zipped(tmp_path / "a", {"[Content_Types].xml": "<Types/>", "word/document.xml": document})
    assert _outcome(path) == "too-large"
