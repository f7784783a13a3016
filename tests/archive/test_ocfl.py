import datetime as dt
import hashlib
import json
import re
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import ocfl, ocfl_check
from archive.errors import Unreadable

FIXTURES = Path(__file__).parents[3] / "shared" / "data" / "conformance" / "ocfl-fixtures.tar.gz"
MESSAGE = ocfl.Message(dt.datetime(2016, 9, 30, 8, 0, tzinfo=dt.UTC), "Lò Thị Mai", "urn:a", "Tiếp nhận")


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    if not FIXTURES.exists():
        pytest.skip("the OCFL fixtures are not here")
    folder = tmp_path_factory.mktemp("ocfl")
    with tarfile.open(FIXTURES) as archive:
        archive.extractall(folder, filter="data")
    return sorted(folder.glob("*/1.*/*-objects/*"))


def test_every_outside_fixture_gets_its_verdict_and_its_codes(fixtures: list[Path]) -> None:
    wrong, right = [], Counter()
    for path in fixtures:
        kind = path.parent.name.removesuffix("-objects")
        found = ocfl_check.validate(path)
        codes = set(re.findall(r"[EW]\d{3}", path.name))
        verdict = "bad" if not found.valid else "warn" if found.warnings else "good"
        named = codes <= {*found.errors, *found.warnings}
        right[kind] += verdict == kind and named
        if verdict != kind or not named:
            wrong.append((kind, path.name, verdict, found.errors, found.warnings))
    assert wrong == []
    assert right == {"bad": 107, "good": 22, "warn": 27}


def _content(folder: Path, path: str, data: bytes, logical: str) -> ocfl.Content:
    target = folder / "content" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    ocfl.write(target, data)
    return ocfl.Content(logical, path, hashlib.sha512(data).hexdigest(), hashlib.sha256(data).hexdigest())


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An object of one version in a storage root."""
    ocfl.initialise(tmp_path / "kho")
    place = tmp_path / "kho" / ocfl.object_path("urn:x")
    place.mkdir(parents=True)
    one = _content(place / "v1", "a", b"mot", "Kế hoạch.txt")
    two = _content(place / "v1", "b", b"hai", "b.txt")
    ocfl.create(place, "urn:x", [one, two], MESSAGE)
    return place


def _sound(path: Path) -> bool:
    found = ocfl_check.validate(path)
    assert found.problems == ()
    return found.valid and not found.warnings


def test_what_we_write_is_valid_without_a_warning(made: Path, tmp_path: Path) -> None:
    assert _sound(made)
    assert _sound(tmp_path / "kho")


def test_a_second_version_stores_only_what_is_new(made: Path, tmp_path: Path) -> None:
    staged = tmp_path / "staged"
    old = _content(tmp_path / "elsewhere", "a", b"mot", "Kế hoạch.txt")
    new = _content(staged, "c", b"ba", "sửa/c.txt")
    assert ocfl.add_version(made, staged, [old, new], MESSAGE) == 2
    assert _sound(made) and not staged.exists()
    assert [p.name for p in (made / "v2" / "content").iterdir()] == ["c"]
    head = ocfl.read_inventory(made)
    names = {name for names in head["versions"]["v2"]["state"].values() for name in names}
    assert (head["head"], names) == ("v2", {"Kế hoạch.txt", "sửa/c.txt"})
    assert ocfl.versions(made) == (1, 2)
    assert not ocfl.repair(made)


@pytest.mark.parametrize("inventory", [True, False])
def test_a_version_added_halfway_is_finished_by_repair(made: Path, tmp_path: Path, inventory: bool) -> None:
    before = {name: (made / name).read_bytes() for name in ("inventory.json", ocfl.SIDECAR)}
    ocfl.add_version(made, tmp_path / "s", [_content(tmp_path / "s", "c", b"ba", "c.txt")], MESSAGE)
    after = ocfl.read_inventory(made)
    # As after a crash behind the rename (neither copied), or between the two copies.
    for name in [ocfl.SIDECAR] if inventory else list(before):
        (made / name).unlink()
        (made / name).write_bytes(before[name])
    assert not ocfl_check.validate(made).valid
    assert ocfl.repair(made)
    assert _sound(made) and ocfl.read_inventory(made) == after


def test_one_content_under_two_names_is_stored_once(tmp_path: Path) -> None:
    place = tmp_path / "x"
    place.mkdir()
    one = _content(place / "v1", "a", b"a", "a.txt")
    ocfl.create(place, "urn:x", [one, ocfl.Content("b.txt", "b", one.sha512, one.sha256)], MESSAGE)
    assert _sound(place)
    assert list(ocfl.read_inventory(place)["manifest"].values()) == [["v1/content/a"]]


# Examples of https://ocfl.github.io/extensions/0003-hash-and-id-n-tuple-storage-layout.html
@pytest.mark.parametrize(
    ("identifier", "path"),
    [
        ("object-01", "3c0/ff4/240/object-01"),
        ("..hor/rib:le-$id", "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"),
        (
            "abcdefghij" * 10 + "a",
            f"5cc/73e/648/{'abcdefghij' * 10}"
            "-5cc73e648fbcff136510e330871180922ddacf193b68fdeff855683a01464220",
        ),
    ],
)
def test_objects_lie_where_the_extension_says(identifier: str, path: str) -> None:
    assert str(ocfl.object_path(identifier)) == path


HARMS = [
    ("E003", "mv '0=ocfl_object_1.1' x"),
    ("E007", "printf ocfl_object_1.1 > new; mv -f new '0=ocfl_object_1.1'"),
    ("E092", "rm v1/content/a"),
    ("E092", "printf harm > new; mv -f new v1/content/a"),
    ("E093", "printf harm > new; mv -f new v1/content/a"),
    ("E023", "echo > v1/content/foreign"),
    ("E024", "mkdir v1/content/empty"),
    ("E090", "ln -s a v1/content/link"),
    ("E090", "ln -s . v1/content/folder"),
    ("E001", "mkdir 2"),
    ("E046", "mkdir v2"),
    ("E058", "rm inventory.json.sha512"),
    ("E060", "echo >> inventory.json.new; cat inventory.json inventory.json.new > x; mv -f x inventory.json"),
    ("E063", "rm inventory.json"),
    ("E033", "echo '{' > x; mv -f x inventory.json"),
    ("E033", "python3 -c 'print(\"[\" * 100000)' > x; mv -f x inventory.json"),
    ("E010", "rm -r v1"),
]


@pytest.mark.parametrize(("code", "harm"), HARMS)
def test_every_harm_has_its_code(made: Path, code: str, harm: str) -> None:
    subprocess.run(harm, shell=True, cwd=made, check=True)
    assert code in ocfl_check.validate(made).errors


ROOT_HARMS = [
    ("E073", "mkdir -p abc/def"),
    ("E072", "mkdir abc; echo > abc/file"),
    ("E090", "ln -s . link"),
    ("E070", "echo '{}' > x; mv -f x ocfl_layout.json"),
    ("E080", "echo x > x; mv -f x '0=ocfl_1.1'"),
    ("E083", "mkdir moved; mv */*/*/urn* moved"),
]


@pytest.mark.parametrize(("code", "harm"), ROOT_HARMS)
def test_every_harm_of_the_root_has_its_code(made: Path, tmp_path: Path, code: str, harm: str) -> None:
    assert made.exists()
    subprocess.run(harm, shell=True, cwd=tmp_path / "kho", check=True)
    assert code in ocfl_check.validate(tmp_path / "kho").errors


NONSENSE = [
    None,
    3,
    [],
    [["x"]],
    {"a": 1},
    {"v1": None},
    {"v1": {"state": {"x": [None]}}},
    "..",
    "v" + "9" * 9000,
]
KEYS = ["id", "type", "head", "digestAlgorithm", "contentDirectory", "manifest", "versions", "fixity"]


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("key", KEYS)
def test_nonsense_in_an_inventory_is_a_finding_never_a_fault(made: Path, key: str, value: object) -> None:
    inventory = ocfl.read_inventory(made) | {key: value}
    (made / "inventory.json").unlink()
    (made / "inventory.json").write_text(json.dumps(inventory))
    assert not ocfl_check.validate(made).valid


def test_a_place_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        ocfl_check.validate(tmp_path / "none")


ODD_VALUES: list[object] = [
    None, 0, -1, 1.5, True, "", "../../x", "/x", "\ud800", [], [[]], {}, {"a": 1}, [None], "v" + "1" * 5000,
    ["v1/content/a"] * 2, {"": []},
]  # fmt: skip
ODD_KEYS = ["", "v0", "v-1", "v" + "9" * 5000, "md5", "\ud800", ".."]


def _places(value: object, place: tuple = ()) -> Iterator[tuple]:
    """Every place in a JSON value."""
    yield place
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield from _places(inner, (*place, key))


def _written(made: Path, text: str) -> ocfl_check.Validation:
    """The verdict on the object with this inventory, its sum made anew."""
    data = text.encode("utf-8", "surrogatepass")
    for folder in (made, made / "v1"):
        (folder / "inventory.json").unlink()
        (folder / "inventory.json").write_bytes(data)
        (folder / "inventory.json.sha512").unlink()
        (folder / "inventory.json.sha512").write_text(f"{hashlib.sha512(data).hexdigest()}  inventory.json\n")
    ocfl_check.validate(made.parents[2])  # with the layout of the storage root
    return ocfl_check.validate(made)


def _left_open(place: tuple) -> bool:
    """Whether the specification leaves the value there to the writer, wholly or in part."""
    named = place[:1] in (("id",), ("fixity",)) or place[2:3] in (("message",), ("user",))
    return named or (place[2:3] == ("state",) and len(place) == 5)


def test_what_is_odd_in_an_inventory_is_an_error_wherever_it_stands(made: Path) -> None:
    inventory = json.loads((made / "inventory.json").read_text())
    for place in _places(inventory):
        for value in ODD_VALUES:
            changed = json.loads(json.dumps(inventory))
            holder = changed
            for key in place[:-1]:
                holder = holder[key]
            if place:
                holder[place[-1]] = value
            found = _written(made, json.dumps(changed if place else value))
            assert found.errors or _left_open(place), (place, value)
        for key in ODD_KEYS if place and isinstance(place[-1], str) else ():
            changed = json.loads(json.dumps(inventory))
            holder = changed
            for step in place[:-1]:
                holder = holder[step]
            holder[key] = holder.pop(place[-1])
            assert _written(made, json.dumps(changed)).errors or place[0] == "fixity", (place, key)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [('"head": "v1"', '"head": null', "E040"), ('"head": "v1"', '"head": ["v1"]', "E040"),
     ('"head": "v1"', '"head": "v9", "head": "v1"', "E033"), ('"id": "urn:x"', '"id": "\\ud800"', "E037"),
     ("{", "\ufeff{", "E033"), ("{", "[" * 100_000, "E033"), ('"v1": {', '"v1": NaN, "x": {', "E046")],
)  # fmt: skip
def test_what_readers_could_take_for_two_things_is_an_error(made: Path, old: str, new: str, code: str) -> None:
    text = json.dumps(json.loads((made / "inventory.json").read_text()))
    assert _written(made, text).valid and old in text
    assert code in _written(made, text.replace(old, new, 1)).errors
