"""Everything that is worked out from one text, in order: heading, sections, citations, tasks."""

from __future__ import annotations

from collections.abc import Iterator

from corpus import citations, heading, sections, tasks
from corpus.model import Analysis, Body, Finding, Heading

DOUBTFUL = 0.8
"""Below this confidence a field of the heading is shown to a person."""


def analyse(body: Body) -> Analysis:
    """Work out heading, sections, citations and tasks of a body.

    The same body always gives the same analysis.
    """
    head = heading.extract(body.text)
    parts = sections.extract(body.text, head)
    cited = citations.extract(body.text, head, parts)
    given = tasks.extract(body.text, head, parts, cited)
    return Analysis(head, parts, cited, given, tuple(_findings(head)))


def _findings(head: Heading) -> Iterator[Finding]:
    """What a person should look at; a mark of secrecy stops the document before it is indexed."""
    if head.secrecy:
        evidence = head.evidence.get("secrecy")
        yield Finding("secret-mark", f"văn bản có dấu «{head.secrecy}»", evidence.span if evidence else None)
    for name, evidence in head.evidence.items():
        if evidence.confidence < DOUBTFUL:
            yield Finding("doubtful-field", f"cần xem lại: {name}", evidence.span)
