"""Corrections, effects, days and neighbourhoods on both databases: the same papers give the same answers."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest

from archive import accept, corrections
from archive.corrections import Subject
from archive.viewer import GUEST
from corpus.model import Role
from indexer import anchors, columns, overlay, worker
from indexer.views import DocumentView, Filters
from indexer.wiring import Service
from tests.contract.taking_in import add
from tests.web.papers import DIRECTIVE, PLAN, REPORT

BY = "Lê Thị Thu"
SECOND = DIRECTIVE.replace("Lê Minh Quang", "Lê Minh Sơn")


def _view(service: Service, document: str) -> DocumentView:
    view = service.findings.document(GUEST, document)
    assert view is not None
    return view


def _correct(service: Service, document: str, subject: Subject, anchor: dict, value: object) -> int:
    made = corrections.record(
        service.archive, GUEST, document, subject=subject, anchor=anchor, value=value, read=None, by=BY
    )
    assert worker.correct(service, made.id, seconds=0)
    return made.id


def _anchor(view: DocumentView, number: str) -> dict:
    cited = next(c.citation for c in view.citations if c.citation.number == number)
    return overlay.cited_anchor(anchors.Text.of(view.text), view.sections, cited)


def test_a_correction_stands_and_is_taken_back(service: Service) -> None:
    plan, report = add(service, PLAN, REPORT)
    before = [_view(service, document) for document in (plan, report)]
    number = _correct(service, plan, Subject.FIELD, {"field": "number"}, "06-KH/HU")
    assert service.findings.cards(GUEST, [plan])[plan].number == "06-KH/HU"
    assert service.findings.laid(GUEST, plan) == {number: "number"}
    worker.rebuild(service, progress=io.StringIO())
    assert service.findings.cards(GUEST, [plan])[plan].number == "06-KH/HU"
    assert all(c.target is None for c in _view(service, report).citations)
    worker.correct(service, corrections.undo(service.archive, GUEST, number, by=BY).id, seconds=0)
    after = [_view(service, document) for document in (plan, report)]
    # Only the moment at which signatures were looked at is another one after a rebuild.
    assert [replace(a, signatures=b.signatures) for a, b in zip(after, before, strict=True)] == before


def test_a_choice_stands_whatever_arrives(service: Service) -> None:
    first, second, plan = add(service, DIRECTIVE, SECOND, PLAN)
    _correct(service, plan, Subject.LINK, _anchor(_view(service, plan), "19-CT/TU"), {"target": second})
    add(service, DIRECTIVE.replace("Lê Minh Quang", "Lê Minh Hà"))
    (chosen,) = [c.target.document for c in _view(service, plan).citations if c.target]
    assert chosen == second != first


def test_effects_and_days(service: Service) -> None:
    old, plan = add(service, DIRECTIVE, PLAN)
    value = {"number": "19-CT/TU", "issued_on": "2016-08-24", "role": "thay-the"}
    _correct(service, plan, Subject.CITATION, _anchor(_view(service, plan), "19-CT/TU"), value)
    (effect,) = service.findings.effects(GUEST, old)
    assert (effect.card.document, effect.role, effect.ends) == (plan, Role.REPLACES, True)
    assert "19-CT/TU" in effect.quote
    for day, there in ((dt.date(2016, 8, 23), set()), (dt.date(2016, 9, 29), {old}), (dt.date(2016, 9, 30), {plan})):
        assert service.findings.matching(GUEST, Filters(on=day)) == there
        cited = {line.number for line in service.findings.missing(GUEST, day)}
        assert cited == ({"11-CT/TW"} if plan in there else set())


def test_the_neighbourhood(service: Service) -> None:
    directive, plan, report = add(service, DIRECTIVE, PLAN, REPORT)
    near = service.findings.neighbourhood(GUEST, plan)
    assert near is not None
    assert [(n.step, n.role, n.card.document if n.card else n.words[:19]) for n in near.nodes] == [
        (-1, Role.IMPLEMENTS, directive), (-1, Role.MENTIONS, "Chỉ thị số 11-CT/TW"), (1, Role.REPORTS, report),
    ]  # fmt: skip
    far = service.findings.neighbourhood(GUEST, report)
    assert far is not None
    assert [(n.step, n.via) for n in far.nodes] == [(-2, plan), (-1, None)]
    assert service.findings.neighbourhood(GUEST, "khongco") is None


def test_columns_in_memory_say_what_the_database_says(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> tuple[object, ...]:
        ids = service.findings.searchable(GUEST)
        return (
            service.findings.facets(GUEST, ids), service.findings.order(GUEST, ids, newest=True),
            service.findings.order(GUEST, [*ids, "khongco"], newest=False),
        )  # fmt: skip

    _, plan = add(service, DIRECTIVE, PLAN)
    accept.accept(service.archive, GUEST, io.BytesIO(b"%PDF-1.4\nnothing else"), name="a.pdf", how="test")
    assert service.findings.unsearchable(GUEST) == service.findings.counts(GUEST)["unsearchable"] == 1
    for change in (
        lambda: None,
        lambda: add(service, REPORT, SECOND),
        lambda: _correct(service, plan, Subject.FIELD, {"field": "issuer"}, "Hội Khuyến học huyện Yên Hà"),
    ):
        change()
        assert service.findings.unsearchable(GUEST) == service.findings.counts(GUEST)["unsearchable"] == 1
        told = asked()
        with monkeypatch.context() as patch:
            patch.setattr(columns, "MANY", 0)
            assert asked() == told
