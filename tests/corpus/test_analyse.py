"""What holds of every analysis, whatever the text: places lie in it, ids are its own, the same text reads the same."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.analyse import analyse
from corpus.model import Analysis, Body
from tests.corpus.test_papers import COPY, DECISION, FORM, ISSUED_PLAN, LETTER, NOTICE, PLAIN_BODIES

LINES = [
    line
    for text in (LETTER, NOTICE, PLAIN_BODIES, DECISION, ISSUED_PLAN, FORM, COPY)
    for line in text.splitlines(keepends=True)
]
ODD = [
    "\n", "\t", " ", "(sau đây gọi tắt là Kế hoạch) ", "Kế hoạch ", "I. ", "1.1. ", "a) ", "PHỤ LỤC\n",
    "Nơi nhận:\n", "\x00", "Số: /",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from([LETTER, NOTICE, DECISION, ISSUED_PLAN, *LINES, *ODD]), max_size=40).map("".join)


def read(text: str) -> Analysis:
    return analyse(Body(text, media_type="text/plain", source="text"))


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_every_place_lies_in_the_text(text: str) -> None:
    found = read(text)
    headings = [found.heading, *(paper.heading for paper in found.papers)]
    spans = [e.span for heading in headings for e in heading.evidence.values() if e.span]
    spans += [value.span for value in (*found.sections, *found.citations, *found.tasks, *found.papers)]
    spans += [finding.span for finding in found.findings if finding.span]
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    assert all(citation.span.of(text) == citation.text for citation in found.citations)
    assert all(task.wording == " ".join(task.wording.split()) for task in found.tasks)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_ids_are_unique_and_what_stands_in_a_section_lies_in_it(text: str) -> None:
    found = read(text)
    held = {section.id: section for section in found.sections}
    assert len(held) == len(found.sections)
    assert {paper.section for paper in found.papers} <= held.keys()
    for one in (*found.citations, *found.tasks):
        if one.section:
            section = held[one.section]
            assert section.span.start <= one.span.start < section.span.end
    for section in found.sections:
        assert section.parent is None or section.parent in held


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_the_same_text_reads_the_same(text: str) -> None:
    assert read(text) == read(text)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_documents_of_a_file_follow_each_other_to_its_end(text: str) -> None:
    papers = read(text).papers
    assert [paper.section for paper in papers] == [f"vb{number}" for number in range(2, len(papers) + 2)]
    assert all(one.span.end == other.span.start for one, other in pairwise(papers))
    assert not papers or (papers[0].span.start > 0 and papers[-1].span.end == len(text))
