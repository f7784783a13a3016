"""One search from what is typed to the page: numbers first, filters, counts, passages with their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from archive import filing
from archive.viewer import SYSTEM
from indexer.search import search
from indexer.views import Filters, Results
from indexer.wiring import Service
from tests.web.papers import DIRECTIVE, PLAN, REPORT


@pytest.fixture
def three(add: Callable[..., str]) -> dict[str, str]:
    papers = (("directive", DIRECTIVE), ("plan", PLAN), ("report", REPORT))
    return {name: add(text, f"{name}.txt") for name, text in papers}


def ask(service: Service, typed: str, **options: object) -> Results:
    return service.search(SYSTEM, typed, filters=Filters(), limit=10, **options)  # type: ignore[arg-type]


def ids(results: Results) -> list[str]:
    return [hit.card.document for hit in results.hits]


@pytest.mark.parametrize("typed", ["05-KH/HU", "05 KH HU", "KH 05", "kế hoạch số 05-KH/HU ngày 30/9/2016", "5/KH-HU"])
def test_a_number_gives_the_document_then_those_that_cite_it(
    service: Service, three: dict[str, str], typed: str
) -> None:
    found = ask(service, typed)
    assert ids(found)[0] == three["plan"]
    assert set(ids(found)[1:]) <= {three["report"]}


def test_a_number_that_is_not_held_shows_what_is_near(service: Service, three: dict[str, str]) -> None:
    found = ask(service, "06-KH/HU")
    assert (found.total, [card.document for card in found.nearest]) == (0, [three["plan"]])


def test_passages_say_where_they_stand(service: Service, three: dict[str, str]) -> None:
    (hit,) = ask(service, '"chi hội khuyến học" loại:kế hoạch').hits
    assert hit.card.document == three["plan"]
    passage = hit.passages[0]
    assert passage.section.startswith("ii")
    assert [passage.snippet[a:b].lower() for a, b in passage.marks] == ["chi hội khuyến học"]


def test_facets_count_all_documents_that_answer(service: Service, three: dict[str, str]) -> None:
    found = ask(service, "xây dựng xã hội học tập OR khuyến học")
    counted = sum(facet.count for facet in found.facets["kind"])
    assert counted == found.total == len(three)
    narrowed = ask(service, "khuyến học loại:kế hoạch")
    assert ids(narrowed) == [three["plan"]]


def test_dates_narrow_and_sort(service: Service, three: dict[str, str]) -> None:
    newest, oldest = (ids(ask(service, "khuyến học", sort=sort)) for sort in ("newest", "oldest"))
    assert newest == oldest[::-1]
    assert set(ids(ask(service, "khuyến học từ:10/2016"))) < set(newest)


def test_a_dossier_limits_by_its_code_or_its_title(service: Service, three: dict[str, str]) -> None:
    lines = [filing.Planned("01", "Xây dựng xã hội học tập")]
    (made,) = filing.plan(service.archive, SYSTEM, lines, year=2017, by="Lê Thị Thu")
    filing.open_(service.archive, SYSTEM, made, on=dt.date(2017, 1, 3), by="Lê Thị Thu")
    filing.put(service.archive, SYSTEM, made, [three["report"]], by="Lê Thị Thu")
    for asked in ("hồ sơ:01 khuyến học", 'hồ sơ:"xã hội học tập" khuyến học'):
        found = ask(service, asked)
        assert ids(found) == [three["report"]]
    assert [facet.value for facet in ask(service, "khuyến học").facets["dossier"]] == ["01"]
    assert ask(service, "hồ sơ:99 khuyến học").total == 0


def test_what_was_forgotten_is_never_found(service: Service, three: dict[str, str]) -> None:
    service.engine.drop({three["plan"]})
    assert three["plan"] not in ids(ask(service, "khuyến học"))


def test_signers_and_dossiers_are_counted_and_narrow(service: Service, three: dict[str, str]) -> None:
    filed = {three["plan"]: [("02.2016", "Khuyến học")], three["report"]: [("02.2016", "Khuyến học")]}

    def asked(filters: Filters) -> Results:
        return search(
            service.findings, service.engine, SYSTEM, "khuyến học", filters=filters, limit=10,
            dossiers=lambda _viewer, name: {d for d, lie in filed.items() if name in dict(lie)},
            filed=lambda _viewer, documents: {d: filed[d] for d in documents if d in filed},
        )  # fmt: skip

    everything = asked(Filters())
    (dossier,) = everything.facets["dossier"]
    assert (dossier.value, dossier.label, dossier.count) == ("02.2016", "02.2016 Khuyến học", 2)
    assert set(ids(asked(Filters(dossiers=("02.2016",))))) == set(filed)
    signer = everything.facets["signer"][0]
    assert asked(Filters(signers=(signer.value,))).total == signer.count > 0
    assert "dossier" not in ask(service, "khuyến học").facets


def test_a_page_shows_as_many_passages_as_asked_and_counts_the_rest(service: Service, three: dict[str, str]) -> None:
    for shown in (1, 2):
        for hit in ask(service, "khuyến học", shown=shown).hits:
            whole = next(h for h in ask(service, "khuyến học").hits if h.card == hit.card)
            assert hit.passages == whole.passages[:shown]
            assert len(hit.passages) + hit.more == len(whole.passages) + whole.more
