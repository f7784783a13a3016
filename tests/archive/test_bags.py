import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import bagit
import pytest

from archive import bags
from archive.errors import AlreadyThere, Unreadable

SUITE = Path(__file__).parents[3] / "shared" / "data" / "conformance" / "bagit-conformance.tar.gz"

# Its manifest lists data/.DS_Store, which the copy of the suite here lacks: the file is missing indeed.
INCOMPLETE_HERE = {"v0.97/warning/special-system-files"}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not SUITE.exists():
        pytest.skip("the BagIt suite is not here")
    folder = tmp_path_factory.mktemp("bagit")
    with tarfile.open(SUITE) as archive:
        archive.extractall(folder, filter="data")
    return folder / "bagit-conformance"


def test_every_bag_of_the_suite_gets_its_verdict(suite: Path) -> None:
    wrong, right = set(), 0
    for path in sorted(suite.glob("v*/*/*")):
        kind = path.parent.name
        if kind == "windows-only":
            continue  # paths that lead out of a bag on Windows alone
        found = bags.check(path)
        if found.valid == (kind in ("valid", "warning")):
            right += 1
        else:
            wrong.add(path.relative_to(suite).as_posix())
    assert wrong == INCOMPLETE_HERE and right == 53


def _made(folder: Path) -> Path:
    with bags.writing(folder / "bag") as writer:
        writer.add("một/Kế hoạch.docx", BytesIO(b"abc"))
        writer.add("b.txt", BytesIO(b"xyz"))
        writer.tag("metadata/about.json", b"{}")
        writer.close({"External-Description": "Hai văn bản"})
    return folder / "bag"


def test_what_we_write_is_valid_for_the_library_and_for_sha512sum(tmp_path: Path) -> None:
    path = _made(tmp_path)
    assert bags.check(path) == bags.Verdict(True, (), (), ())
    assert bagit.Bag(str(path)).is_valid()
    for manifest in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        subprocess.run(["sha512sum", "--quiet", "-c", manifest], cwd=path, check=True)
    info = (path / "bag-info.txt").read_text()
    assert "Payload-Oxum: 6.2\n" in info and "External-Description: Hai văn bản\n" in info
    assert [p.name for p in tmp_path.iterdir()] == ["bag"]


HARMS = [
    ("checksum", "printf abd > x; mv -f x 'data/b.txt'"),
    ("missing-file", "rm data/b.txt"),
    ("unlisted-file", "echo > data/foreign"),
    ("not-a-file", "ln -s /etc/passwd data/link"),
    ("not-a-file", "mkfifo data/pipe"),
    ("no-declaration", "rm bagit.txt"),
    ("bad-declaration", "printf 'BagIt-Version : 1.0\\nTag-File-Character-Encoding : UTF-8\\n' > x; mv -f x bagit.txt"),
    ("unreadable", "printf '\\377' > x; mv -f x manifest-sha512.txt"),
    ("payload-oxum", "echo > data/foreign"),
    ("checksum", "echo '[]' > x; mv -f x metadata/about.json"),
]


@pytest.mark.parametrize(("code", "harm"), HARMS)
def test_every_harm_is_found(tmp_path: Path, code: str, harm: str) -> None:
    path = _made(tmp_path)
    subprocess.run(harm, shell=True, cwd=path, check=True)
    found = bags.check(path)
    assert not found.valid and code in found.errors


def test_two_names_that_look_alike_and_differ_in_content_are_an_error(tmp_path: Path) -> None:
    path = _made(tmp_path)
    manifest = path / "manifest-sha512.txt"
    text = manifest.read_text()
    manifest.unlink()
    manifest.write_text(text + f"{'0' * 128}  data/B.txt\n")
    (path / "tagmanifest-sha512.txt").unlink()
    assert not bags.check(path).valid


def test_a_place_that_is_taken_or_no_bag_is_said_so(tmp_path: Path) -> None:
    _made(tmp_path)
    with pytest.raises(AlreadyThere):
        _made(tmp_path)
    with pytest.raises(Unreadable):
        bags.check(tmp_path / "none")


def test_what_an_interrupted_writing_left_is_used_again_and_the_rest_goes(tmp_path: Path) -> None:
    with pytest.raises(KeyError), bags.writing(tmp_path / "bag") as writer:
        digest = writer.add("a", BytesIO(b"abc"))
        writer.add("b", BytesIO(b"xyz"))
        raise KeyError
    assert not (tmp_path / "bag").exists()
    with bags.writing(tmp_path / "bag") as writer:
        assert writer.add("a", BytesIO(b"not read"), sha512=digest) == digest
        writer.close({})
    assert bags.check(tmp_path / "bag").valid
    assert [path.name for path in (tmp_path / "bag" / "data").iterdir()] == ["a"]


def test_two_writers_do_not_share_a_place(tmp_path: Path) -> None:
    with bags.writing(tmp_path / "one") as writer:
        with pytest.raises(AlreadyThere), bags.writing(tmp_path / "two"):
            pass
        writer.close({})
    shutil.rmtree(tmp_path / "one")
    assert list(tmp_path.iterdir()) == []
