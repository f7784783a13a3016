"""Papers that may not be kept: refused at the door, or withdrawn so that nothing of them stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import accept, catalogue, fixity, ledger, withdrawal
from archive.archive import Archive
from archive.database import reader
from archive.errors import SecretMark
from archive.viewer import GUEST, SYSTEM

TEXT = "Nội dung không ai được đọc ở đây. ".encode() * 500
Put = Callable[..., accept.Receipt]


def _everywhere(archive: Archive) -> bytes:
    """All bytes of the data folder."""
    return b"".join(path.read_bytes() for path in archive.settings.data.rglob("*") if path.is_file())


def _stamped(_path: Path) -> None:
    raise SecretMark(mark="MẬT")


def test_a_stamped_paper_is_refused_and_only_the_refusal_is_known(archive: Archive) -> None:
    with pytest.raises(SecretMark, match="có dấu MẬT"):
        accept.accept(archive, GUEST, io.BytesIO(TEXT), name="Phương án 01.docx", how="web", inspect=_stamped)
    assert catalogue.count(archive, GUEST) == 0
    assert TEXT[:60] not in _everywhere(archive)
    assert "Phương án 01".encode() not in _everywhere(archive)
    with reader(archive.engine) as connection:
        refusal = ledger.history(connection, "")[-1]
    assert (refusal.kind, refusal.details) == ("refused", {"how": "web", "why": "secret"})
    assert list(fixity.check(archive)) == []


def test_a_paper_found_secret_later_loses_its_bytes_and_leaves_a_tombstone(archive: Archive, put: Put) -> None:
    document, other = put(TEXT, "Phương án 02.pdf").document, put(b"a", "b.txt").document
    withdrawal.withdraw(archive, SYSTEM, document)
    withdrawal.withdraw(archive, SYSTEM, document)  # as after a crash
    assert TEXT[:60] not in _everywhere(archive)
    assert "Phương án 02".encode() not in _everywhere(archive)
    assert not archive.store.place(document).exists()
    left = catalogue.get(archive, GUEST, document)
    assert (left.state, left.code, left.version.name) == ("failed", "secret", withdrawal.NAMELESS)
    kinds = [e.kind for e in catalogue.history(archive, GUEST, document)]
    assert kinds == ["received", "withdrawn", "words-cleared", "words-gone"]
    assert list(fixity.check(archive)) == []
    assert catalogue.get(archive, GUEST, other).state == "queued"


def test_a_withdrawn_paper_is_refused_when_it_comes_again(archive: Archive, put: Put) -> None:
    withdrawal.withdraw(archive, SYSTEM, put(TEXT).document)
    with pytest.raises(SecretMark):
        put(TEXT)
    assert TEXT[:60] not in _everywhere(archive)


def test_a_withdrawal_that_a_crash_cut_off_is_finished(
    archive: Archive, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = put(TEXT).document

    def die(_archive: Archive, _document: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(withdrawal, "remove", die)
        with pytest.raises(KeyboardInterrupt):
            withdrawal.withdraw(archive, SYSTEM, document)
    assert archive.store.place(document).exists()
    assert any(document in line for line in fixity.sweep(archive))
    assert not archive.store.place(document).exists()
    assert list(fixity.check(archive)) == []
