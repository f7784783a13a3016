import json
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from archive import annex, catalogue, fixity, ledger, ocfl, ocfl_check
from archive.accept import Receipt
from archive.archive import Archive
from archive.errors import NotFound
from archive.store import object_id
from archive.viewer import GUEST, SYSTEM

Put = Callable[..., Receipt]


def _keep(archive: Archive, document: str, **files: bytes) -> None:
    annex.keep(archive, SYSTEM, document, {f"{k}.json": v for k, v in files.items()}, why="Kiểm tra chữ ký")


def test_what_is_kept_with_a_document_lies_in_its_object_with_its_records(archive: Archive, put: Put) -> None:
    document = put(b"abc").document
    _keep(archive, document, signatures=b"[]")
    place = archive.store.place(document)
    assert ocfl.versions(place) == (1, 2)
    assert annex.find(archive, GUEST, document, "signatures.json") == b"[]"
    assert annex.find(archive, GUEST, document, "none.json") is None
    (line,) = (annex.find(archive, GUEST, document, annex.EVENTS) or b"").decode().splitlines()
    assert ledger.parse(line)["kind"] == "received"
    kinds = [(event.kind, event.details.get("why")) for event in catalogue.history(archive, GUEST, document)]
    assert kinds == [("received", None), ("attached", "Kiểm tra chữ ký")]
    found = ocfl_check.validate(place)
    assert (found.valid, found.warnings) == (True, ())
    assert archive.store.original(document, 1).read_bytes() == b"abc"
    assert list(fixity.check(archive)) == []


def test_keeping_the_same_again_changes_nothing_and_something_else_is_a_new_version(
    archive: Archive, put: Put
) -> None:
    document = put(b"abc").document
    for _ in range(3):
        _keep(archive, document, signatures=b"[]")
    assert ocfl.versions(archive.store.place(document)) == (1, 2)
    _keep(archive, document, signatures=b"[1]")
    assert ocfl.versions(archive.store.place(document)) == (1, 2, 3)
    assert annex.find(archive, GUEST, document, "signatures.json") == b"[1]"
    assert len(catalogue.history(archive, GUEST, document)) == 3
    assert list(fixity.check(archive)) == []


def test_a_file_whose_bytes_the_object_holds_is_not_stored_twice(archive: Archive, put: Put) -> None:
    document = put(b"abc").document
    archive.store.attach(object_id(document), {"copy.txt": b"abc"}, _message(archive))
    place = archive.store.place(document)
    assert sorted(path.name for path in (place / "v2").iterdir()) == ["inventory.json", ocfl.SIDECAR]
    assert archive.store.attached(object_id(document), "copy.txt") == b"abc"
    assert ocfl_check.validate(place).valid and list(fixity.check(archive)) == []


def _message(archive: Archive) -> ocfl.Message:
    return ocfl.Message(catalogue.documents(archive, GUEST)[0].received_at, "a", "urn:a", "x")


def test_many_at_once_add_their_versions_one_after_the_other(archive: Archive, put: Put) -> None:
    document = put(b"abc").document
    work = [
        threading.Thread(target=_keep, args=(archive, document), kwargs={f"f{n}": b"%d" % n}) for n in range(8)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert ocfl.versions(archive.store.place(document)) == tuple(range(1, 10))
    assert list(fixity.check(archive)) == []


@pytest.mark.parametrize("moment", range(1, 12))
def test_a_kill_while_a_version_is_added_leaves_it_whole_or_not_there(
    archive: Archive, put: Put, moment: int
) -> None:
    document = put(b"abc").document
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom archive import annex, settings\n"
        "from archive.archive import Archive\nfrom archive.viewer import SYSTEM\n"
        "archive = Archive.open(settings.load(Path(sys.argv[1]), environ={}))\n"
        "calls, left = {name: getattr(os, name) for name in ('rename', 'fsync', 'replace')}, int(sys.argv[3])\n"
        "def count(name):\n"
        "    def call(*args, **options):\n"
        "        global left\n"
        "        left -= 1\n"
        "        if not left: os._exit(9)\n"
        "        return calls[name](*args, **options)\n"
        "    return call\n"
        "for name in calls: setattr(os, name, count(name))\n"
        "annex.keep(archive, SYSTEM, sys.argv[2], {'a.json': b'[]'}, why='x')\n"
    )
    words = [sys.executable, "-c", code, str(archive.settings.data), document, str(moment)]
    assert subprocess.run(words, check=False).returncode == 9
    assert list(fixity.check(archive)) == []
    annex.keep(archive, SYSTEM, document, {"a.json": b"[]"}, why="x")
    assert annex.find(archive, GUEST, document, "a.json") == b"[]"
    assert [event.kind for event in catalogue.history(archive, GUEST, document)] == ["received", "attached"]
    assert list(fixity.check(archive)) == [] and list(archive.store.staging.iterdir()) == []


def test_a_document_that_is_not_there_has_nothing_kept(archive: Archive) -> None:
    with pytest.raises(NotFound):
        _keep(archive, "none", a=json.dumps([]).encode())
