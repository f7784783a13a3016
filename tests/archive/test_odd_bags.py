"""Packages as other software writes them, and packages that are to mislead: what RFC 8493 says decides."""

import hashlib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from archive import bags

FILES = {"a.txt": b"abc", "thư mục/b c.txt": b"xyz"}
DECLARED = "BagIt-Version: {}\nTag-File-Character-Encoding: UTF-8\n"
NAME = "Kế hoạch.txt"
NFC, NFD = (unicodedata.normalize(form, NAME) for form in ("NFC", "NFD"))


def lines(files: Mapping[str, bytes], md: str = "sha512", form: str = "{} {}\n") -> str:
    return "".join(form.format(hashlib.new(md, data).hexdigest(), f" data/{name}") for name, data in files.items())


def make(root: Path, files: Mapping[str, bytes] = FILES, *, version: str = "1.0", **tags: str) -> Path:
    """A package; `tags` are further files by name, `_` for `-`, without their ending."""
    for name, data in files.items():
        (root / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "data" / name).write_bytes(data)
    told = {"bagit": DECLARED.format(version), "manifest-sha512": lines(files)}
    for name, text in (told | {name.replace("_", "-"): text for name, text in tags.items()}).items():
        if text:
            (root / f"{name}.txt").write_bytes(text.encode())
    return root


@pytest.mark.parametrize("md", ["md5", "sha1", "sha256", "sha384", "sha3_256"])
def test_every_sum_that_others_use_is_read(tmp_path: Path, md: str) -> None:
    path = make(tmp_path, manifest_sha512="")
    (path / f"manifest-{md}.txt").write_text(lines(FILES, md))
    assert bags.check(path).valid
    (path / "data/a.txt").write_bytes(b"abd")
    assert bags.check(path).errors == ("checksum",)


READ = [
    {"manifest_sha512": lines(FILES, form="{} {}\r\n")}, {"manifest_sha512": lines(FILES, form="{}\t{}\n")},
    {"manifest_sha512": lines(FILES, form="{} *{}\n").replace("* ", "*")},
    {"manifest_sha512": "\ufeff" + lines(FILES)}, {"manifest_sha512": lines(FILES).replace("data/", "./data/")},
    {"manifest_sha512": lines(FILES).replace(lines({"a.txt": b"abc"})[:128], lines({"a.txt": b"abc"})[:128].upper())},
    {"bag_info": "Payload-Oxum: 6.2\r\nA: b\r\n  c\r\n"}, {"bag_info": "\ufeffA: b\n"},
    {"version": "0.97", "manifest_md5": ""}, {"version": "0.96"}, {"fetch": ""},
    {"fetch": "http://noi.khac/a 3 data/a.txt\n"},
    {"manifest_sha512": lines({"a.txt": b"abc"}), "version": "0.97",
     "manifest_md5": lines({"thư mục/b c.txt": b"xyz"}, "md5")},
]  # fmt: skip


@pytest.mark.parametrize("how", READ, ids=range(len(READ)))
def test_what_others_may_write_is_read(tmp_path: Path, how: dict[str, str]) -> None:
    found = bags.check(make(tmp_path, FILES, **how))
    assert found.valid, found.problems


@pytest.mark.parametrize(
    ("there", "listed"),
    [("a%b.txt", "a%25b.txt"), ("a%b.txt", "a%b.txt"), ("a%0Ab.txt", "a%250Ab.txt"), ("a\nb.txt", "a%0Ab.txt"),
     ("a\nb\nc\nd.txt", "a%0ab%0ac%0ad.txt"), ("100%.txt", "100%25.txt"), (NFC, NFD), (NFD, NFC), (NFD, NFD)],
)  # fmt: skip
def test_names_are_read_as_the_standard_and_as_file_systems_write_them(tmp_path: Path, there, listed) -> None:
    path = make(tmp_path, {there: b"1"}, manifest_sha512=lines({listed: b"1"}))
    assert bags.check(path).valid
    assert set(bags.entries(path)) == {f"data/{there}"}
    (path / "data" / there).write_bytes(b"2")
    assert bags.check(path).errors == ("checksum",)


def test_two_names_of_the_same_letters_are_two_files(tmp_path: Path) -> None:
    both = {NFC: b"1", NFD: b"2"}
    assert bags.check(make(tmp_path / "both", both)).valid
    one = make(tmp_path / "one", both, manifest_sha512=lines({NFC: b"1"}))
    assert bags.check(one).errors == ("unlisted-file",), "the library takes the one for the other"


BAD = f"{'0' * 128}  {{}}\n"
MISLEADING = [
    ({"fetch": "http://noi.khac/x 3 data/x.txt\n"}, "fetch", "không có trong danh sách"),
    ({"fetch": "junk"}, "fetch", "không đúng dạng"),
    ({"fetch": "http://noi.khac/x 3 data/x.txt\n", "manifest_sha512": lines(FILES | {"x.txt": b"123"})},
     "missing-file", "phải tải về"),
    ({"fetch": "http://noi.khac/x - ../../x\n"}, "invalid", "ra ngoài gói"),
    ({"manifest_sha256": lines({"a.txt": b"abc"}, "sha256")}, "incomplete-manifest", "không kê đủ"),
    ({"manifest_sha512": lines(FILES) + BAD.format("../x")}, "invalid", "ra ngoài gói"),
    ({"manifest_sha512": lines(FILES) + BAD.format("/etc/passwd")}, "invalid", "ra ngoài gói"),
    ({"manifest_sha512": lines(FILES) + BAD.format("data/../bagit.txt")}, "outside-payload", "ngoài thư mục data"),
    ({"manifest_sha512": lines(FILES) + BAD.format("data\\x")}, "missing-file", "không có trong gói"),
    ({"manifest_sha512": lines(FILES) + BAD.format("data/a.txt")}, "invalid", "nhiều lần"),
    ({"manifest_sha512": lines(FILES) * 2}, "invalid", "nhiều lần"),
    ({"manifest_sha512": "# trống\n"}, "unlisted-file", "không có trong danh sách"),
    ({"manifest_sha512": ""}, "invalid", "không có danh sách tệp"),
    ({"tagmanifest_sha512": BAD.format("bag-info.txt")}, "missing-file", "không có trong gói"),
    ({"tagmanifest_sha512": BAD.format("../../x")}, "invalid", "ra ngoài gói"),
    ({"bag_info": "Payload-Oxum: 6.2\nPayload-Oxum: 7.2\n"}, "payload-oxum", "Payload-Oxum"),
    ({"bag_info": "payload-oxum: 7.2\n"}, "payload-oxum", "Payload-Oxum"),
    ({"bag_info": "không có dấu\n"}, "invalid", "không đúng dạng"),
    ({"version": "2.0"}, "invalid", "chưa biết"),
    ({"version": "9" * 900 + ".0"}, "invalid", "chưa biết"),
    ({"bagit": "\ufeff" + DECLARED.format("1.0")}, "bad-declaration", "không đúng dạng"),
    ({"bagit": DECLARED.format("1.0").replace("UTF-8", "nonsense")}, "invalid", "bảng mã"),
]  # fmt: skip


@pytest.mark.parametrize(("how", "code", "words"), MISLEADING, ids=range(len(MISLEADING)))
def test_what_misleads_is_found_and_told(tmp_path: Path, how: dict[str, str], code: str, words: str) -> None:
    found = bags.check(make(tmp_path, FILES, **how))
    assert not found.valid and code in found.errors
    assert any(words in problem.what for problem in found.problems), found.problems
