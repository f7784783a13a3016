"""Everything that is worked out from one text, in order: heading, sections, citations, tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus import papers
from corpus.model import Analysis, Body, Finding, Heading, Paper

DOUBTFUL = 0.8
"""Below this confidence a field of the heading is shown to a person."""


def analyse(body: Body) -> Analysis:
    """Work out heading, sections, citations and tasks of a body; of each of its documents where it holds several.

    The same body always gives the same analysis.
    """
    head, others = papers.read(body.text)
    parts = papers.outline(body.text, head, others)
    cited = papers.cite(body.text, head, others, parts)
    given = papers.give(body.text, head, others, parts, cited)
    return Analysis(head, parts, cited, given, tuple(_findings(head, others)), others)


def _findings(head: Heading, others: Sequence[Paper]) -> Iterator[Finding]:
    """What a person should look at; a mark of secrecy stops the document before it is indexed."""
    for heading in (head, *(paper.heading for paper in others)):
        if heading.secrecy:
            evidence = heading.evidence.get("secrecy")
            yield Finding("secret-mark", f"văn bản có dấu «{heading.secrecy}»", evidence.span if evidence else None)
    for name, evidence in head.evidence.items():
        if evidence.confidence < DOUBTFUL:
            yield Finding("doubtful-field", f"cần xem lại: {name}", evidence.span)
    if others:
        named = "; ".join(paper.heading.number or "không số" for paper in others)
        yield Finding("several-papers", f"tệp còn chứa văn bản khác: {named}", others[0].span)
