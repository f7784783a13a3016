"""What the roles of a document's citations depend on: its title, its preamble, where its sentences begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from corpus.model import Heading, Span

REACH = 700
"""Characters of a sentence that are looked at on either side."""
PREAMBLE = 3500
"""Characters after the title in which the grounds stand when no section begins."""

_BREAK = re.compile(
    r"[.!?;:](?=\s|\Z)|\n[ \t]*\n|\n(?=[ \t]*(?:[-+•*–]\s|\d{1,2}(?:\.\d{1,2})*[.)]\s|[a-zđ]\)"
    r"|\(?(?:ban hành )?kèm theo"
    r"|căn cứ\b|theo đề nghị\b|xét\b|thực hiện\b|điều \d|phúc đáp\b|kính gửi\b|[ivx]{1,5}\.\s))"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the roles of one document's citations depend on."""

    text: str
    lower: str
    heading: Heading
    title: Span | None
    preamble: Span
    """From the end of the title to the first section."""
    breaks: tuple[int, ...]
    """Where sentences begin."""

    def sentence(self, at: int) -> int:
        """Where the sentence around `at` begins, not farther than `REACH`."""
        index = bisect_right(self.breaks, at) - 1
        begin = self.breaks[index] if index >= 0 else 0
        return max(begin, at - REACH)

    def stop(self, at: int) -> int:
        """Where the sentence around `at` ends."""
        index = bisect_right(self.breaks, at)
        return min(self.breaks[index] if index < len(self.breaks) else len(self.lower), at + REACH)


def setting(text: str, lower: str, heading: Heading, title: Span | None, first_section: int | None) -> Setting:
    """Prepare a text; `first_section` is where its first section begins."""
    limit = min(len(text), heading.end + PREAMBLE)
    stop = first_section if first_section is not None and heading.end < first_section < limit else limit
    breaks = tuple(match.end() for match in _BREAK.finditer(lower))
    return Setting(text, lower, heading, title, Span(heading.end, stop), breaks)
