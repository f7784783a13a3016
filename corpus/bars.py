"""How alike a passage and a task must be before the passage is proposed (ngưỡng)."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Bars:
    """Likenesses and shares of likenesses to be reached; the defaults are those of the site."""

    enough: float = 0.13
    """Least likeness of a passage that tells of work done, or stands among a report's results."""
    heading: float = 0.32
    """Least likeness of a heading, which stands for the text under it."""
    apart: float = 0.35
    """Least likeness in a paper that neither cites the plan nor shares its subject: only the body is the same."""
    stated: float = 0.35
    """Least likeness of a passage that does not plainly say so."""
    plain: float = 0.30
    """Likeness below which a passage is faint: it must be nearly the best one to be proposed."""
    answers: float = 0.36
    """Likeness from which a passage that tells of work done counts as an answer; below it only mentions the matter."""
    untold: float = 0.60
    """The same for a passage that does not plainly say that anything was done."""
    faint_rival: float = 0.80
    """Share of a task's best likeness that a faint passage must reach."""
    task_rival: float = 0.40
    """Share of a task's best likeness that its further passages must reach."""
    counted_rival: float = 0.30
    """The same for a passage that tells of work done in figures: a task of many parts is answered by many."""
    passage_rival: float = 0.40
    """Share of a passage's best likeness that its further tasks must reach."""
    faint_share: float = 0.75
    """The same for a faint passage: it goes to the task it fits best."""

    def times(self, strictness: float) -> Bars:
        """All of them raised or lowered alike: for measuring what a stricter or a laxer rule would propose."""
        return Bars(**{one.name: min(1.0, strictness * getattr(self, one.name)) for one in fields(self)})


SITE = Bars()
