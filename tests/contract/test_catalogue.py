import unicodedata
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
import sqlalchemy as sa
from sqlalchemy import event as listen

from archive import accept, catalogue, fixity, jobs
from archive.archive import Archive
from archive.errors import NotFound
from archive.viewer import GUEST, SYSTEM

NAME = "Kế hoạch số 12-KH/HU.docx"


def _put(archive: Archive, data: bytes, name: str = NAME) -> accept.Receipt:
    return accept.accept(archive, GUEST, BytesIO(data), name=name, how="web")


def test_what_was_accepted_is_listed_with_all_that_is_known_of_it(archive: Archive) -> None:
    receipt = _put(archive, b"abc", unicodedata.normalize("NFD", NAME))
    (found,) = catalogue.documents(archive, GUEST)
    assert (found.id, found.state, found.code) == (receipt.document, "queued", None)
    version = found.version
    assert (version.id, version.number, version.name, version.how) == (receipt.version, 1, NAME, "web")
    assert (version.size, version.sha512, version.received_by) == (3, receipt.sha512, "khách")
    assert version.received_at == found.received_at == receipt.received_at
    assert catalogue.versions(archive, GUEST, found.id) == (version,)
    assert catalogue.get(archive, GUEST, found.id) == found
    assert catalogue.count(archive, GUEST) == 1


def test_the_original_is_the_file_byte_for_byte(archive: Archive) -> None:
    receipt = _put(archive, bytes(range(256)) * 9000)
    original = catalogue.original(archive, GUEST, receipt.document)
    assert original.path.read_bytes() == bytes(range(256)) * 9000
    assert (original.name, original.size, original.sha512) == (NAME, 2304000, receipt.sha512)


def test_the_same_file_again_is_answered_with_the_first_receipt(archive: Archive) -> None:
    first = _put(archive, b"abc")
    again = _put(archive, b"abc", "tên khác.docx")
    assert first.state == "new" and again.state == "duplicate"
    assert (again.document, again.version, again.received_at) == (
        first.document,
        first.version,
        first.received_at,
    )
    assert len(catalogue.documents(archive, GUEST)) == 1
    assert sum(jobs.counts(archive, GUEST).values()) == 1
    history = catalogue.history(archive, GUEST, first.document)
    assert [event.kind for event in history] == ["received", "received-again"]
    assert history[1].details["name"] == "tên khác.docx"


def test_the_same_file_from_many_at_once_is_one_document(archive: Archive) -> None:
    with ThreadPoolExecutor(6) as pool:
        receipts = list(pool.map(lambda n: _put(archive, b"abc", f"{n}.doc"), range(12)))
    assert len({receipt.document for receipt in receipts}) == 1
    assert len({receipt.received_at for receipt in receipts}) == 1
    assert catalogue.count(archive, GUEST) == 1
    assert list(fixity.check(archive)) == []


def test_different_files_from_many_at_once_are_all_kept(archive: Archive) -> None:
    with ThreadPoolExecutor(6) as pool:
        receipts = list(pool.map(lambda n: _put(archive, b"%d" % n), range(40)))
    assert {receipt.state for receipt in receipts} == {"new"}
    assert catalogue.count(archive, GUEST) == 40
    assert list(fixity.check(archive)) == []


def test_lists_are_in_order_of_arrival_latest_first_and_can_be_paged(archive: Archive) -> None:
    ids = [_put(archive, b"%d" % n).document for n in range(5)]
    listed = [d.id for d in catalogue.documents(archive, GUEST)]
    assert listed == ids[::-1]
    assert [d.id for d in catalogue.documents(archive, GUEST, limit=2, offset=1)] == listed[1:3]
    assert {d.id for d in catalogue.documents(archive, GUEST, ids=ids[:2])} == set(ids[:2])
    assert catalogue.documents(archive, GUEST, ids=[]) == ()


def test_a_file_is_found_by_either_digest(archive: Archive) -> None:
    receipt = _put(archive, b"abc")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert catalogue.holding(archive, GUEST, sha256) == receipt.document
    assert catalogue.holding(archive, GUEST, receipt.sha512.upper()) == receipt.document
    assert catalogue.holding(archive, GUEST, "0" * 64) is None


def test_what_is_not_there_is_not_found(archive: Archive) -> None:
    for ask in (catalogue.get, catalogue.versions, catalogue.original, catalogue.history):
        with pytest.raises(NotFound):
            ask(archive, GUEST, "khongco")


def test_a_list_takes_the_same_number_of_queries_however_long(archive: Archive) -> None:
    asked: list[str] = []
    _put(archive, b"0")
    with _counted(archive.engine, asked):
        catalogue.documents(archive, GUEST)
    few = len(asked)
    for n in range(1, 20):
        _put(archive, b"%d" % n)
    asked.clear()
    with _counted(archive.engine, asked):
        assert len(catalogue.documents(archive, GUEST)) == 20
    assert len(asked) == few <= 2


class _counted:
    def __init__(self, engine: sa.Engine, asked: list[str]) -> None:
        self.engine, self.asked = engine, asked

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.asked.append(statement)

    def __enter__(self) -> None:
        listen.listen(self.engine, "before_cursor_execute", self._note)

    def __exit__(self, *_: object) -> None:
        listen.remove(self.engine, "before_cursor_execute", self._note)


def test_names_no_database_could_hold_are_made_holdable(archive: Archive) -> None:
    for name in ("a\x00b.doc", "tệp \udcff.pdf", "x" * 3000, "", "..", ".vankho/receipt.json", "/a//b/"):
        receipt = _put(archive, name.encode("utf-8", "replace") + b"!", name)
        assert catalogue.original(archive, SYSTEM, receipt.document).path.exists()
    assert list(fixity.check(archive)) == []
