"""A file that holds several documents: each is found, cited and replaced under its own number."""

from __future__ import annotations

from collections.abc import Callable

from archive.viewer import SYSTEM
from corpus.model import Role
from indexer import rebuilding
from indexer.views import DocumentView, Filters
from indexer.wiring import Service
from tests.corpus.test_papers import LETTER, NOTICE

CITING = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHÒNG NỘI VỤ\tĐộc lập - Tự do - Hạnh phúc
Số: 9/KH-PNV\tYên Hà, ngày 20 tháng 4 năm 2018

KẾ HOẠCH
Thực hiện Thông báo số 118-TB/HU về công tác lưu trữ

Thực hiện mục II.1 Thông báo số 118-TB/HU ngày 15/3/2018 của Thường trực Huyện ủy Yên Hà, Phòng Nội vụ lập kế hoạch.

Nơi nhận:\tTRƯỞNG PHÒNG
- Lưu: VT.
\tĐỗ Thị Hạnh
"""

REPLACING = NOTICE.replace("118-TB/HU", "150-TB/HU").replace("15 tháng 3", "15 tháng 6").replace(
    "Thông báo này gửi các chi bộ.", "Thông báo này thay thế Thông báo số 118-TB/HU ngày 15/3/2018."
)  # fmt: skip


def _view(service: Service, document: str) -> DocumentView:
    view = service.findings.document(SYSTEM, document)
    assert view is not None
    return view


def _target(service: Service, citing: str, number: str) -> tuple[str, str | None] | None:
    found = [c.target for c in _view(service, citing).citations if c.citation.number == number]
    target = next((t for t in found if t), None)
    return (target.document, target.section) if target else None


def test_a_citation_means_the_second_document_whichever_comes_first(
    service: Service, add: Callable[..., str]
) -> None:
    early = add(CITING, "truoc.txt")
    both = add(LETTER + NOTICE, "hai-van-ban.txt")
    late = add(CITING.replace("9/KH-PNV", "10/KH-PNV"), "sau.txt")
    for citing in (early, late):
        targets = [c.target for c in _view(service, citing).citations if c.target]
        assert {(t.document, t.section) for t in targets} == {(both, "vb2"), (both, "vb2.ii.1")}
    incoming = _view(service, both).incoming
    assert {line.card.document for line in incoming} == {early, late}
    assert all((line.place or "").startswith("vb2") for line in incoming)
    assert [line.number for line in service.findings.missing(SYSTEM)] == ["05/KH-UBND"]


def test_one_document_of_a_file_cites_the_other(service: Service, add: Callable[..., str]) -> None:
    both = add(LETTER + NOTICE, "hai-van-ban.txt")
    cited = [c for c in _view(service, both).citations if c.citation.number == "41/PNV-VTLT"]
    assert [(c.itself, c.target.document if c.target else None) for c in cited] == [(False, both)]


def test_the_second_is_searched_under_its_own_number_kind_and_title(
    service: Service, add: Callable[..., str]
) -> None:
    both = add(LETTER + NOTICE, "hai-van-ban.txt")
    found = service.search(SYSTEM, "118-TB/HU", filters=Filters(), limit=5)
    assert [(hit.card.document, hit.card.number, hit.card.kind_label) for hit in found.hits] == [
        (both, "118-TB/HU", "Thông báo")
    ]
    assert found.hits[0].passages[0].section.startswith("vb2")
    assert found.hits[0].passages[0].place.startswith("Thông báo 118-TB/HU")
    first = service.search(SYSTEM, "41/PNV-VTLT", filters=Filters(), limit=5)
    assert [hit.card.number for hit in first.hits] == ["41/PNV-VTLT"]
    filtered = service.search(SYSTEM, "tài liệu tồn đọng", filters=Filters(kinds=("thong-bao",)), limit=5)
    assert filtered.total == 1
    kinds = {facet.value: facet.count for facet in filtered.facets["kind"]}
    assert kinds == {"cong-van": 1, "thong-bao": 1}
    assert [card.document for card in service.findings.identify(SYSTEM, "118-TB/HU")] == [both]


def test_what_replaces_the_second_does_not_end_the_file(service: Service, add: Callable[..., str]) -> None:
    both = add(LETTER + NOTICE, "hai-van-ban.txt")
    newer = add(REPLACING, "moi.txt")
    (effect,) = service.findings.effects(SYSTEM, both)
    assert (effect.card.document, effect.role, effect.place, effect.ends) == (newer, Role.REPLACES, "vb2", False)
    assert service.findings.cards(SYSTEM, [both])[both].replaced_by is None


def test_what_the_second_replaces_is_said_to_be_replaced_by_the_second(
    service: Service, add: Callable[..., str]
) -> None:
    old = add(NOTICE, "cu.txt")
    add(LETTER + REPLACING, "hai-van-ban.txt")
    (effect,) = service.findings.effects(SYSTEM, old)
    assert effect.card.number == "150-TB/HU"
    assert service.findings.cards(SYSTEM, [old])[old].replaced_by_number == "150-TB/HU"


def test_the_index_filled_from_what_is_stored_is_the_same(service: Service, add: Callable[..., str]) -> None:
    add(LETTER + NOTICE, "hai-van-ban.txt")
    before = service.search(SYSTEM, "118-TB/HU", filters=Filters(), limit=5).hits
    rebuilding.refill(service)
    assert service.search(SYSTEM, "118-TB/HU", filters=Filters(), limit=5).hits == before


def test_reading_the_file_again_changes_nothing(service: Service, add: Callable[..., str]) -> None:
    both = add(LETTER + NOTICE, "hai-van-ban.txt")
    citing = add(CITING, "dan.txt")

    def state() -> tuple[object, ...]:
        view = _view(service, both)
        return view.sections, view.citations, view.tasks, view.papers, _target(service, citing, "118-TB/HU")

    before = state()
    service.read_again({both, citing})
    assert state() == before
