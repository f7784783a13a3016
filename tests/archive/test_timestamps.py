import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import accept, checkpoint, fixity, timestamps, trust
from archive.archive import Archive
from archive.errors import NoTimestamp
from tests.archive import authority

Put = Callable[..., accept.Receipt]


def test_a_stamp_is_asked_for_and_proves_the_moment(tsa: str, authority_folder: Path) -> None:
    roots = trust.load(authority_folder).roots
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
    answer = timestamps.ask(tsa, b"abc", roots=roots)
    found = timestamps.verify(answer, b"abc", roots)
    assert found.trusted and before <= found.at <= dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    assert not timestamps.verify(answer, b"abd", roots).trusted


def test_openssl_alone_accepts_the_stamp(tsa: str, authority_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "a.tsr").write_bytes(timestamps.ask(tsa, b"abc"))
    root = str(authority_folder / "root.pem")
    words = ["openssl", "ts", "-verify", "-data", "a", "-in", "a.tsr", "-CAfile", root]
    assert subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_a_stamp_of_an_unknown_service_is_kept_but_not_trusted(tsa: str, tmp_path: Path) -> None:
    answer = timestamps.ask(tsa, b"abc")
    assert timestamps.verify(answer, b"abc", ()).reason == "chưa cài chứng thư gốc của dịch vụ dấu thời gian"
    other = trust.load(authority.make(tmp_path / "other").parent).roots
    assert not timestamps.verify(answer, b"abc", other).trusted
    with pytest.raises(NoTimestamp):
        timestamps.ask(tsa, b"abc", roots=other)


@pytest.mark.parametrize("path", ["elsewhere", "http://127.0.0.1:1/", "no address"])
def test_a_service_that_gives_nothing_is_one_clear_line(tsa: str, path: str) -> None:
    with pytest.raises(NoTimestamp) as raised:
        timestamps.ask(path if ":" in path or " " in path else tsa + path, b"abc")
    assert "\n" not in str(raised.value)


def test_a_checkpoint_is_stamped_once(archive: Archive, put: Put, tsa: str, authority_folder: Path) -> None:
    put(b"abc")
    roots = trust.load(authority_folder).roots
    with pytest.raises(NoTimestamp):
        checkpoint.make(archive, tsa="http://127.0.0.1:1/")
    made = checkpoint.make(archive, tsa=tsa, roots=roots)
    assert made and made.number == 1
    answer = archive.store.attached(checkpoint.identifier(1), checkpoint.STAMP)
    assert answer and timestamps.verify(answer, made.statement, roots).trusted
    checkpoint.make(archive, tsa=tsa, roots=roots)
    assert archive.store.attached(checkpoint.identifier(1), checkpoint.STAMP) == answer
    assert list(fixity.check(archive)) == []
