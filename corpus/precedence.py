"""Whether a paper came before a plan, so that it cannot answer it (có trước)."""

from __future__ import annotations

import re

from corpus import similarity
from corpus.model import Heading, Kind
from corpus.periods import covered, issued
from corpus.relation import Answering, Assigning
from corpus.text import fold


def precedes(paper: Answering, plan: Assigning) -> bool:
    """Whether the paper was issued before the plan, by its date or because the plan cites it."""
    theirs, ours = issued(paper.heading, paper.text), issued(plan.heading, plan.text)
    if theirs and ours and theirs.last < ours.first:
        return True
    if _tells_earlier(paper, plan) or _drafts(paper.heading, plan.heading):
        return True
    number = paper.heading.number
    return bool(number) and any(
        citation.number is not None
        and _number_key(citation.number) == _number_key(number)
        and (
            citation.issued_on is None or theirs is None or theirs.first <= citation.issued_on <= theirs.last
        )
        for citation in plan.citations
    )


def _tells_earlier(paper: Answering, plan: Assigning) -> bool:
    """Of two reports of one kind, the one on an earlier time cannot answer what the later one gives."""
    if plan.heading.kind is not Kind.REPORT:
        return False
    theirs, ours = covered(paper.heading.title), covered(plan.heading.title)
    return theirs is not None and ours is not None and theirs[1] < ours[1]


_DRAFTING = re.compile(r"(?<!\w)(?:dự thảo|ban hành|trình ký|phê duyệt|ký duyệt|góp ý|lấy ý kiến)(?!\w)", re.IGNORECASE)


def _drafts(paper: Heading, plan: Heading) -> bool:
    """Whether the paper submits or comments the draft of this very plan: «Tờ trình về việc ban hành Kế hoạch …»."""
    about, kind = paper.title or "", plan.kind_printed
    if paper.kind not in (Kind.PROPOSAL, Kind.OFFICIAL_LETTER) or not kind or not _DRAFTING.search(about):
        return False
    named = re.search(rf"(?<!\w){re.escape(kind)}(?!\w)", about, re.IGNORECASE)
    return named is not None and similarity.covered(plan.title or "", about[named.end() :]) >= 0.75


def _number_key(number: str) -> str:
    return re.sub(r"\W+", "", fold(number))
