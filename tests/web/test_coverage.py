"""A report's page says which tasks of its body it answers, and which it leaves out."""

from __future__ import annotations

from archive.viewer import GUEST
from tests.web.markup import parse
from tests.web.papers import Site


def test_a_report_tells_what_it_answers_of_its_bodys_tasks(site: Site) -> None:
    (one,) = site.service.findings.coverage(GUEST, site.report)
    assert one.plan.document == site.plan
    assert [answer.task.task.lead for answer in one.answered] == [("Hội Khuyến học huyện",)]
    # Tasks of other bodies are not missed in it.
    assert not [task for task in one.missing if task.task.lead == ("Ủy ban nhân dân huyện",)]
    page = parse(site.client.get(f"/documents/{site.report}").text)
    section = page.all("section", class_="answers")[0]
    assert f"Trả lời {one.answers} trên {one.given} nhiệm vụ" in " ".join(section.text.split())
    assert "68/74 thôn" in section.text


def test_a_paper_that_answers_nothing_says_nothing_of_tasks(site: Site) -> None:
    assert site.service.findings.coverage(GUEST, site.directive) == ()
    assert parse(site.client.get(f"/documents/{site.directive}").text).all("section", class_="answers") == []
