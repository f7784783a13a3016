"""The index is a cache: damaged, it is made again from what is stored; read again, the old one answers meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path

import pytest

from archive import jobs
from archive.errors import IndexRebuilding
from archive.viewer import SYSTEM
from indexer import checking, rebuilding, worker
from indexer.views import Filters, State
from indexer.wiring import Service
from tests.web.papers import DIRECTIVE, PLAN, REPORT


def found(service: Service, query: str) -> list[str]:
    results = service.search(SYSTEM, query, filters=Filters(), limit=10)
    return [hit.card.document for hit in results.hits]


@pytest.fixture
def three(add: Callable[..., str]) -> list[str]:
    return [add(text, f"{name}.txt") for name, text in (("a", DIRECTIVE), ("b", PLAN), ("c", REPORT))]


def _tear(folder: Path) -> None:
    for path in folder.glob("gen-*/*.seg"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _lose(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "current").write_text("gen-000009", encoding="ascii")


def _age(folder: Path) -> None:
    for path in folder.glob("gen-*/manifest.json"):
        path.write_text('{"engine": "whoosh", "format": 0}', encoding="utf-8")


@pytest.mark.parametrize("damage", [_tear, _lose, _age])
def test_a_damaged_index_says_so_and_the_worker_makes_it_again(
    damage: Callable[[Path], None], service: Service, three: list[str]
) -> None:
    before = found(service, "khuyến học")
    damage(service.settings.index)
    with Service.open(service.settings) as opened:
        with pytest.raises(IndexRebuilding):
            found(opened, "khuyến học")
        assert any("chỉ mục" in problem.where for problem in checking.check(opened))
        worker.run(opened, forever=False)
        assert found(opened, "khuyến học") == before
        assert list(checking.check(opened)) == []


def test_an_index_that_lost_a_document_is_completed(service: Service, three: list[str]) -> None:
    before = found(service, "khuyến học")
    service.engine.drop({three[1]})
    assert [p.where for p in checking.check(service)] == [f"chỉ mục: {three[1]}"]
    worker.run(service, forever=False)
    assert found(service, "khuyến học") == before


def test_everything_is_read_again_beside_the_index_that_answers(service: Service, three: list[str]) -> None:
    before = found(service, "khuyến học")
    rebuilding.begin(service)
    assert found(service, "khuyến học") == before
    assert service.findings.counts(SYSTEM)[State.SEARCHABLE.value] == len(three)
    assert worker.rebuild(service, progress=StringIO()) == len(three)
    assert found(service, "khuyến học") == before
    assert rebuilding.state(service) == "sound"


def test_a_rebuilding_that_was_cut_off_begins_again(service: Service, three: list[str]) -> None:
    before = found(service, "khuyến học")
    rebuilding.begin(service)
    batch = worker.Batch(service, lambda _count: None)
    job = jobs.claim(service.archive, "killed")
    assert job is not None
    worker.handle(service, job, batch)
    batch.flush()
    with Service.open(service.settings) as after:  # another process, as after kill -9
        worker.run(after, forever=False)
        assert sorted(found(after, "khuyến học")) == sorted(before)
        assert list(checking.check(after)) == []


def test_a_paper_that_comes_while_everything_is_read_again_can_be_found(
    service: Service, three: list[str], add: Callable[..., str]
) -> None:
    rebuilding.begin(service)
    new = add("Thông báo về việc nghỉ lễ Quốc khánh của cơ quan huyện.", "moi.txt")
    assert found(service, "nghỉ lễ Quốc khánh") == [new]
    assert rebuilding.state(service) == "sound"


def test_tables_of_another_revision_are_made_anew(
    service: Service, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(service, "khuyến học")
    service.findings.note("revision", "0")
    with Service.open(service.settings) as upgraded:
        assert upgraded.findings.counts(SYSTEM)[State.WAITING.value] == len(three)
        worker.run(upgraded, forever=False)
        assert found(upgraded, "khuyến học") == before
        assert list(checking.check(upgraded)) == []


def documents(service: Service) -> Iterable[str]:
    return service.findings.searchable(SYSTEM)


def test_a_file_that_cannot_be_read_says_why_and_the_next_goes_on(service: Service, add: Callable[..., str]) -> None:
    bad = add("%PDF-1.4\nnothing else", "hong.pdf", work=False)
    good = add(PLAN, "ke-hoach.txt")
    cards = service.findings.cards(SYSTEM, [bad, good])
    assert cards[bad].state == State.UNREADABLE
    assert cards[bad].reason
    assert cards[good].state == State.SEARCHABLE
    assert list(documents(service)) == [good]


def test_the_engine_is_changed_beside_the_one_that_answers(service: Service, three: list[str]) -> None:
    before = found(service, "khuyến học")
    with Service.open(service.settings) as site:  # another process that goes on searching
        assert found(site, "khuyến học") == before
        assert worker.rebuild(service, progress=StringIO(), engine="tantivy") == len(three)
        assert (service.engine_name, site.engine_name) == ("tantivy", "tantivy")
        assert sorted(found(service, "khuyến học")) == sorted(found(site, "khuyến học")) == sorted(before)
        assert list(checking.check(service)) == []
