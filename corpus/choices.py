"""The paragraphs of a paper for a person who looks for the answer to a task: those most like the task are named first.

Nothing is left out and nothing judged; what Vankho itself proposes is the affair of `fulfilment`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import similarity, statements
from corpus.model import Heading, Span, Task
from corpus.paragraphs import Paragraph, tree

HEADING, PLANNED = 0.3, 0.4
"""What of its likeness counts for a heading, and for what is still to be done."""
SHORT = 12
"""Letters below which a paragraph says nothing alone: a heading's number, a cell."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One paragraph."""

    span: Span
    likeness: float
    """To the task, 0 to 1; headings over it count a little."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paper's text; `after` is where it goes on behind the closing block, with an annex: who gets a copy and who
    signs answers no task."""

    text: str
    heading: Heading
    after: int

    def paragraphs(self) -> tuple[tuple[Span, str], ...]:
        """Those that say something, each with the headings over it, in text order."""
        close = self.heading.close
        end = close if close is not None and close > self.heading.end else self.after
        parts = (tree(self.text, self.heading.end, end), tree(self.text, max(end, self.after), len(self.text)))
        return tuple(found for part in parts for found in _walk(self.text, part, ""))


def choices(paper: Text, task: Task, title: str = "") -> tuple[Choice, ...]:
    """The paragraphs after the title, in text order; `title` is the plan's, whose words all its tasks share."""
    found = paper.paragraphs()
    passages = [(" ".join(span.of(paper.text).split()), above) for span, above in found]
    index = similarity.Index([similarity.content(task)], passages, common=f"{title} ; {paper.heading.title or ''}")
    liked = [next((one for _, one, _ in index.likest(at, {0})), 0.0) for at in range(len(passages))]
    telling = _telling(paper)
    return tuple(
        Choice(span, one * max((much for at, much in telling if span.start <= at < span.end), default=1.0))
        for (span, _), one in zip(found, liked, strict=True)
    )


def _telling(paper: Text) -> list[tuple[int, float]]:
    """Where each statement begins, and what of its likeness counts: less for a heading and for what is still to come.
    """
    read = statements.read(paper.text, paper.heading)
    return [
        (one.span.start, HEADING if one.heading else PLANNED if one.told is statements.Told.PLANNED else 1.0)
        for one in read
    ]


def liked(tasks: Sequence[Task], passage: str, title: str = "") -> dict[int, float]:
    """How much each task, by its place, is like one passage; what shares nothing is left out."""
    index = similarity.Index([similarity.content(task) for task in tasks], [(passage, "")], common=title)
    return {task: likeness for task, likeness, _ in index.likest(0, range(len(tasks)))}


def _walk(text: str, paragraphs: Sequence[Paragraph], above: str) -> Iterator[tuple[Span, str]]:
    for one in paragraphs:
        words = one.span.of(text)
        if sum(letter.isalnum() for letter in words) >= SHORT:
            yield one.span, above
        yield from _walk(text, one.children, f"{above} ; {words}" if len(words) < 200 else above)
