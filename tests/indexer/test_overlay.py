"""People's corrections stand over what the machine reads, through every reading that follows."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from archive import catalogue, corrections
from archive.corrections import Subject
from archive.viewer import GUEST, SYSTEM
from corpus.model import Citation, Role
from indexer import anchors, correcting, overlay, worker
from indexer.views import CitationView, DocumentView, Filters
from indexer.wiring import Service
from tests.web.papers import DIRECTIVE, PLAN, REPORT

BY = "Lê Thị Thu"
OTHER = DIRECTIVE.replace("Số 19-CT/TU", "Số 21-CT/TU").replace("ngày 24 tháng 8", "ngày 20 tháng 8")


def _correct(
    service: Service, document: str, subject: Subject, anchor: Mapping[str, Any], value: Any, read: Any = None
) -> int:
    made = corrections.record(
        service.archive, GUEST, document, subject=subject, anchor=anchor, value=value, read=read, by=BY
    )
    assert worker.correct(service, made.id, seconds=0)
    return made.id


def _field(service: Service, document: str, name: str, value: Any) -> int:
    read = overlay.field_value(_view(service, document).heading, name)
    return _correct(service, document, Subject.FIELD, {"field": name}, value, read)


def _undo(service: Service, number: int) -> None:
    worker.correct(service, corrections.undo(service.archive, GUEST, number, by=BY).id, seconds=0)


def _view(service: Service, document: str) -> DocumentView:
    view = service.findings.document(SYSTEM, document)
    assert view is not None
    return view


def _found(service: Service, query: str) -> list[str]:
    return [hit.card.document for hit in service.search(SYSTEM, query, filters=Filters(), limit=10).hits]


def _cited(view: DocumentView, words: str) -> CitationView:
    return next(c for c in view.citations if words in c.citation.text)


def _anchor(view: DocumentView, citation: Citation) -> dict[str, Any]:
    return overlay.cited_anchor(anchors.Text.of(view.text), view.sections, citation)


def test_a_corrected_number_is_found_and_the_wrong_one_is_not(service: Service, add: Callable[..., str]) -> None:
    plan = add(PLAN, "a.txt")
    assert _found(service, "05-KH/HU") == [plan]
    number = _field(service, plan, "number", "06-KH/HU")
    assert _found(service, "06-KH/HU") == [plan]
    assert _found(service, "05-KH/HU") == []
    card = service.findings.cards(SYSTEM, [plan])[plan]
    assert (card.number, card.issued_on) == ("06-KH/HU", dt.date(2016, 9, 30))
    (kept,) = corrections.of(service.archive, GUEST, plan)
    assert (kept.read, kept.by) == ("05-KH/HU", BY)
    _undo(service, number)
    assert _found(service, "05-KH/HU") == [plan]
    assert _found(service, "06-KH/HU") == []
    kinds = [event.kind for event in catalogue.history(service.archive, GUEST, plan)]
    assert kinds == ["received", "corrected", "correction-undone"]


def test_corrections_survive_a_rebuild_of_everything(service: Service, add: Callable[..., str]) -> None:
    plan, directive, other = add(PLAN, "a.txt"), add(DIRECTIVE, "b.txt"), add(OTHER, "c.txt")
    view = _view(service, plan)
    cited = _cited(view, "19-CT/TU")
    assert cited.target is not None and cited.target.document == directive
    _field(service, plan, "signer", "Trần Văn Lực (A)")
    _field(service, plan, "issued_on", "2016-10-03")
    _correct(service, plan, Subject.LINK, _anchor(view, cited.citation), {"target": other})
    worker.rebuild(service, progress=io.StringIO())
    view = _view(service, plan)
    assert (view.heading.signer, view.heading.issued_on) == ("Trần Văn Lực (A)", dt.date(2016, 10, 3))
    assert view.heading.evidence["signer"].confidence == overlay.SURE
    again = _cited(view, "19-CT/TU")
    assert again.target is not None and again.target.document == other and BY in again.target.reason


def test_a_corrected_number_moves_the_links_to_it(service: Service, add: Callable[..., str]) -> None:
    plan, report = add(PLAN, "a.txt"), add(REPORT, "b.txt")
    assert _cited(_view(service, report), "05-KH/HU").target is not None
    number = _field(service, plan, "number", "65-KH/HU")
    assert _cited(_view(service, report), "05-KH/HU").target is None
    _undo(service, number)
    target = _cited(_view(service, report), "05-KH/HU").target
    assert target is not None and target.document == plan


def test_none_of_these_stands_when_other_papers_arrive(service: Service, add: Callable[..., str]) -> None:
    first = add(DIRECTIVE, "a.txt")
    second = add(DIRECTIVE.replace("Lê Minh Quang", "Lê Minh Sơn"), "b.txt")
    plan = add(PLAN, "c.txt")
    view = _view(service, plan)
    cited = _cited(view, "19-CT/TU")
    assert {target.document for target in cited.possible} == {first, second}
    chosen = _correct(service, plan, Subject.LINK, _anchor(view, cited.citation), {"target": second})
    add(DIRECTIVE.replace("Lê Minh Quang", "Lê Minh Hà"), "d.txt")
    target = _cited(_view(service, plan), "19-CT/TU").target
    assert target is not None and target.document == second
    _correct(service, plan, Subject.LINK, _anchor(view, cited.citation), {"target": None})
    add(DIRECTIVE.replace("Lê Minh Quang", "Lê Minh Hải"), "e.txt")
    none = _cited(_view(service, plan), "19-CT/TU")
    assert (none.target, none.possible) == (None, ())
    assert any(line.number == "19-CT/TU" for line in service.findings.missing(SYSTEM))
    last = corrections.standing(corrections.of(service.archive, GUEST, plan))[-1]
    _undo(service, last.id)
    back = _cited(_view(service, plan), "19-CT/TU").target
    assert back is not None and back.document == second
    _undo(service, chosen)
    assert len(_cited(_view(service, plan), "19-CT/TU").possible) == 4


def test_a_citation_is_corrected_taken_away_and_added(service: Service, add: Callable[..., str]) -> None:
    plan, other = add(PLAN, "a.txt"), add(OTHER, "b.txt")
    view = _view(service, plan)
    cited = _cited(view, "19-CT/TU").citation
    anchor = _anchor(view, cited)
    value = {"number": "21-CT/TU", "issued_on": "2016-08-20", "role": "thay-the"}
    number = _correct(service, plan, Subject.CITATION, anchor, value, overlay.citation_value(cited))
    now = _cited(_view(service, plan), "19-CT/TU")
    assert (now.citation.number, now.citation.role) == ("21-CT/TU", Role.REPLACES)
    assert now.target is not None and now.target.document == other
    assert service.findings.cards(SYSTEM, [other])[other].replaced_by == plan
    _correct(service, plan, Subject.CITATION, anchor, {"drop": True})
    assert not any("19-CT/TU" in c.citation.text for c in _view(service, plan).citations)
    last = corrections.standing(corrections.of(service.archive, GUEST, plan))[-1]
    assert (last.read, last.id != number) == (overlay.citation_value(cited), True)
    at = view.text.index("chi hội khuyến học")
    made = anchors.of_words(anchors.Text.of(view.text), view.sections, _span(at, "chi hội khuyến học"))
    added = {"add": True, "number": "21-CT/TU", "issued_on": "2016-08-20", "role": "can-cu"}
    _correct(service, plan, Subject.CITATION, made, added)
    one = _cited(_view(service, plan), "chi hội khuyến học")
    assert one.target is not None and one.target.document == other and one.citation.section == "ii.2"


def _span(at: int, words: str):
    from corpus.model import Span

    return Span(at, at + len(words))


def test_sections_are_renamed_dropped_and_added(service: Service, add: Callable[..., str]) -> None:
    plan = add(PLAN, "a.txt")
    view = _view(service, plan)
    by_id = {section.id: section for section in view.sections}
    _correct(service, plan, Subject.SECTION, anchors.of_section(by_id["iii"]), {"id": "iv", "title": "TỔ CHỨC"})
    _correct(service, plan, Subject.SECTION, anchors.of_section(by_id["i.1"]), {"drop": True})
    at = view.text.index("phấn đấu 95%")
    place = anchors.of_words(anchors.Text.of(view.text), view.sections, _span(at, "phấn đấu 95%"))
    value = {"add": True, "id": "ii.2.a", "label": "a", "level": "point", "title": "Phấn đấu 95%"}
    _correct(service, plan, Subject.SECTION, place, value)
    view = _view(service, plan)
    ids = [section.id for section in view.sections]
    assert "iv.1" in ids and "iii.1" not in ids and "i.1" not in ids and "ii.2.a" in ids
    assert {task.task.section for task in view.tasks} >= {"iv.1"}
    assert all(0 <= s.span.start < s.span.end <= len(view.text) for s in view.sections)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("Thực hiện Chỉ thị", "Để thực hiện  Chi thi", 1),  # OCR lost marks
        lambda text: text.replace("số 19-CT/TU", "số 19 - CT/TU"),
        lambda text: text.replace("II. NHIỆM VỤ", "II. NHIỆM VỤ CHỦ YẾU").replace("Mọi người dân", "Toàn dân"),
        lambda text: text.replace("I. MỤC ĐÍCH\n1. Mọi người dân hiểu học tập là quyền lợi", "Hiểu học tập là quyền"),
    ],
)
def test_a_choice_survives_a_reading_with_small_edits(
    edit: Callable[[str], str], service: Service, add: Callable[..., str]
) -> None:
    plan, other = add(PLAN, "a.txt"), add(OTHER, "b.txt")
    view = _view(service, plan)
    anchor = _anchor(view, _cited(view, "19-CT/TU").citation)
    made = corrections.record(
        service.archive, GUEST, plan, subject=Subject.LINK, anchor=anchor, value={"target": other}, read=None, by=BY
    )
    from corpus.analyse import analyse
    from corpus.model import Body

    body = Body(edit(PLAN), "text/plain", "text")
    laid = overlay.lay(body, analyse(body), [made])
    ((position, decision),) = laid.decided.items()
    assert decision == (other, BY)
    assert "19" in laid.analysis.citations[position].text


def test_a_correction_whose_place_is_gone_changes_nothing_and_says_so(
    service: Service, add: Callable[..., str]
) -> None:
    plan = add(PLAN, "a.txt")
    number = _correct(
        service, plan, Subject.CITATION,
        {"words": "khongconoiay", "section": "ii", "nth": 0, "only": True, "before": "", "after": "", "number": None},
        {"drop": True},
    )  # fmt: skip
    assert service.findings.laid(SYSTEM, plan) == {number: None}
    before = _view(service, plan)
    _undo(service, number)
    assert _view(service, plan).citations == before.citations
    assert service.findings.laid(SYSTEM, plan) == {}


def test_while_another_process_writes_the_correction_waits_and_is_worked_in_later(
    service: Service, add: Callable[..., str]
) -> None:
    plan = add(PLAN, "a.txt")
    made = corrections.record(
        service.archive, GUEST, plan, subject=Subject.FIELD, anchor={"field": "number"}, value="06-KH/HU",
        read="05-KH/HU", by=BY,
    )  # fmt: skip
    with worker._writing(service, wait=True):
        assert not worker.correct(service, made.id, seconds=0.1)
        assert correcting.waiting(service)
    assert worker.correct(service, made.id, seconds=0.1)
    assert not correcting.waiting(service)
    assert _found(service, "06-KH/HU") == [plan]


def test_a_paper_corrected_before_it_is_read_again_elsewhere_is_caught_up_by_the_worker(
    service: Service, add: Callable[..., str]
) -> None:
    plan = add(PLAN, "a.txt")
    corrections.record(
        service.archive, GUEST, plan, subject=Subject.FIELD, anchor={"field": "number"}, value="06-KH/HU",
        read="05-KH/HU", by=BY,
    )  # fmt: skip
    with Service.open(service.settings) as other:  # as another process that was idle
        worker.run(other, forever=False)
    assert _found(service, "06-KH/HU") == [plan]
