"""How a paper stands to a plan: does it cite it, is its issuer an assignee, do the years fit?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from corpus import areas, similarity
from corpus import concern as relations
from corpus.assignees import body_words, same_body_key
from corpus.concern import Concern
from corpus.model import Citation, Heading, Section, Span, Task
from corpus.periods import years
from corpus.text import CAPITALS, fold

_NAMED = "nhắc tên cơ quan được giao"
OPENING = 1200
"""Characters of a cover page, read where no letterhead was found."""


@dataclass(frozen=True, slots=True)
class Assigning:
    """The document that gives the tasks."""

    document: str
    heading: Heading
    tasks: tuple[Task, ...]
    text: str = ""
    """Its text, when at hand: dates with the day left blank are read from it."""
    citations: tuple[Citation, ...] = ()
    """What it cites: a paper it cites is older and cannot answer it."""


@dataclass(frozen=True, slots=True)
class Answering:
    """A later paper that may answer: a report, or any document as evidence."""

    document: str
    heading: Heading
    text: str
    sections: tuple[Section, ...]
    citations: tuple[Citation, ...]
    cites_plan: bool
    earlier: tuple[str, ...] = ()
    """Texts of the same body's earlier reports: a sentence copied from them proves nothing new."""
    gives: tuple[Span, ...] = ()
    """Where the paper itself gives work: what it asks of others is nobody's result."""


class Relation:
    """How the paper stands to the plan and to the bodies of each task."""

    def __init__(self, plan: Assigning, paper: Answering) -> None:
        self.plan = plan
        self.cites = paper.cites_plan or _names_plan(plan.heading, paper)
        self.issuer = paper.heading.issuer or ""
        self.parent_issuer = paper.heading.parent_issuer or ""
        assigner = plan.heading.issuer or ""
        self.issuers = tuple(name for name in (self.issuer, assigner) if name)
        self.same_issuer = (
            bool(self.issuer and assigner) and relations.concern(assigner, self.issuer) is Concern.SAME
        )
        self.title = paper.heading.title or ""
        named = _PLACE.findall(f"{self.issuer} ; {assigner} ; {self.title} ; {plan.heading.title or ''}")
        self.places = " ; ".join((*named, plan.heading.place or "", paper.heading.place or ""))
        self.topic = f" {same_body_key(self.title)} "
        self._text, self._whole = paper.text, ""
        self.opening = opening(paper.heading, paper.text)
        self._gives = paper.gives
        self.kind = paper.heading.kind
        self.issued_on = paper.heading.issued_on
        self.reminds = self.same_issuer and bool(paper.gives)
        """The assigner gives work again: a reminder, and no answer."""
        self.gathers = self._gathers()
        self.period_fits = self.cites or (
            _years_meet(plan.heading, paper.heading)
            and _in_force(plan, paper.heading)
            and not areas.differ(plan.heading, paper.heading)
        )
        self.subjects = [self._subject(task) for task in plan.tasks]
        self.by_task = [
            self._task(*pair) if self.period_fits else None
            for pair in zip(plan.tasks, self.subjects, strict=True)
        ]
        self.any = any(self.by_task)
        self.survey = bool(self.opening) and self._opens_with_plan()
        """A file without letterhead whose cover names the plan's work: all of it tells what was found."""

    def gives(self, span: Span) -> bool:
        """Whether the paper itself gives work there."""
        return any(given.start < span.end and span.start < given.end for given in self._gives)

    def reaches(self, number: int, words: str, above: str) -> bool:
        """Whether a passage may answer the task: where the paper only names the assignee, the passage must, too."""
        if self.by_task[number] != _NAMED:
            return True
        key = f" {body_words(f'{above} ; {words}')} "
        return any(relations.spoken_of(name, key) for name in self.now(self.plan.tasks[number].lead))

    def leads(self, task: Task) -> Concern:
        """How the paper's issuer stands to the bodies that lead the task."""
        assigner = self.plan.heading
        return max(
            (
                relations.concern(name, self.issuer)
                for name in self.now(task.lead)
                if areas.fits(name, assigner, self.issuer)
            ),
            default=Concern.NONE,
        )

    def now(self, names: Iterable[str]) -> tuple[str, ...]:
        """Bodies, and what they had become by the day of the paper."""
        return tuple(one for name in names for one in (name, *relations.heirs(name, self.issued_on)))

    @staticmethod
    def wider(task: Task, words: str) -> bool:
        """Whether a passage tells of a whole province or district, and the task is of single bodies below it."""
        told = _WHOLE.search(words)
        level = {"tỉnh": 3, "huyện": 2}.get(told[1].lower()) if told else None
        tiers = [areas.tier(name) for name in task.lead]
        return bool(
            level and tiers and all(relations.specific(name) for name in task.lead)
            and all(tier is not None and tier < level for tier in tiers)
        )  # fmt: skip

    def _under(self, task: Task) -> bool:
        """Whether the issuer writes for a body that leads the task: the department of the province that was asked."""
        above = self.parent_issuer
        assigner = self.plan.heading
        return bool(above) and any(
            relations.concern(name, above) and areas.fits(name, assigner, above) for name in task.lead
        )

    def _gathers(self) -> bool:
        """Whether the paper's issuer collects the results: the plan's own issuer, or one named to report."""
        if self.same_issuer:
            return True
        for task in self.plan.tasks:
            if relations.best(task.report_to, self.issuer) is Concern.SAME:
                return True
            if relations.best(task.lead, self.issuer) is Concern.SAME and _COLLECTS.search(
                fold(task.wording)
            ):
                return True
        return False

    def _task(self, task: Task, subject: str | None) -> str | None:
        """Why this paper may answer this task; None when it may not."""
        if subject:
            return f"nói về {subject}"
        if not self.cites and similarity.names_another(task.wording, task.lead, self.title):
            return None
        leads = self.leads(task)
        if leads is Concern.SAME or (leads and self.cites):
            return "cùng cơ quan"
        if self.cites and (not task.lead or self.gathers):
            return "cơ quan tổng hợp" if task.lead else "dẫn văn bản giao việc"
        if self.same_issuer and self.same_matter:
            return "cùng cơ quan ban hành"
        if relations.best(task.partners, self.issuer) is Concern.SAME:
            return "cơ quan phối hợp"
        if self.cites and self._named_inside(task):
            return _NAMED
        if self.cites and self._under(task):
            return "cơ quan trực thuộc cơ quan được giao"
        if self.opening and (
            not task.lead or any(relations.appears(name, self.opening) for name in task.lead)
        ):
            return "cùng công việc" if self._opens_with_plan() else None
        return None

    def _named_inside(self, task: Task) -> bool:
        whole = self._whole = self._whole or f" {body_words(self._text)} "
        for name in self.now(task.lead):
            kind = relations.kind_of_each(name)
            if kind and f" {kind} " in self.topic:
                return True
            if relations.specific(name) and f" {same_body_key(name)} " in whole:
                return True
        return False

    def _opens_with_plan(self) -> bool:
        """A file without letterhead: its cover names the plan's subject and one of its bodies."""
        leads = {name for task in self.plan.tasks for name in task.lead if relations.specific(name)}
        named = any(relations.appears(name, self.opening) for name in leads)
        return named and similarity.covered(self.plan.heading.title or "", self.opening) >= 0.5

    def _subject(self, task: Task) -> str | None:
        """The assignee that the paper's title or address names: the paper is about that body."""
        if self.same_issuer and relations.best(task.lead, self.issuer):
            return None
        return next((name for name in task.lead if relations.specific(name) and self._about(name)), None)

    def _about(self, name: str) -> bool:
        key = relations.stem(name)
        return (
            len(key.split()) > 2
            and _SINGLED_OUT.match(same_body_key(name)) is not None
            and f" {key} " in self.topic
            and relations.concern(name, self.issuer) is Concern.NONE
        )

    def of_this_matter(self) -> bool:
        """Whether the paper is about a body or a subject of the plan, citation or not."""
        if any(self._about(name) for task in self.plan.tasks for name in task.lead):
            return True
        tasks = self.plan.tasks
        wording = " ; ".join(task.wording for task in tasks)
        leads = [name for task in tasks for name in task.lead]
        return self.same_matter and not similarity.names_another(wording, leads, self.title)

    @cached_property
    def same_matter(self) -> bool:
        """Two papers of one body without a citation: their subjects must meet."""
        return similarity.titles_meet(self.plan.heading.title, self.title, without=self.places)


_WHOLE = re.compile(r"(?<!\w)toàn\s(tỉnh|huyện)(?!\w)", re.IGNORECASE)


def opening(heading: Heading, text: str) -> str:
    """The cover of a file whose letterhead could not be read; empty for all others."""
    unread = heading.kind is None or not (heading.issuer or heading.number)
    return text[:OPENING] if unread else ""


_SINGLED_OUT = re.compile(
    r"(?:hoi|hiep hoi|lien (?:doan|hiep|minh)|cau lac bo|quy|truong|cong ty|hop tac xa|trung tam"
    r"|(?:dang uy|dang bo|uy ban nhan dan) (?:xa|phuong|thi tran|dac khu|huyen|quan|thi xa)) "
)
"""Bodies a title names because it is about them; departments are named for many reasons."""
_PLACE = re.compile(
    rf"(?:tỉnh|huyện|thành phố|thị xã|quận|xã|phường)\s+(?:[{CAPITALS}]\w+\s?){{1,4}}"
    rf"|(?:TỈNH|HUYỆN|THÀNH PHỐ|THỊ XÃ|QUẬN|XÃ|PHƯỜNG)\s[{CAPITALS} ]+"
)


def _names_plan(plan: Heading, paper: Answering) -> bool:
    """Whether the opening names the plan by kind and title, its number unread or misread."""
    if not plan.title or not plan.kind_printed or not _years_meet(plan, paper.heading):
        return False
    opening = paper.text[paper.heading.start : paper.heading.end + 2000]
    named = re.finditer(
        rf"(?<!\w){re.escape(plan.kind_printed)}\s+(?:số|ngày|về|của)(?!\w)", opening, re.IGNORECASE
    )
    return any(
        similarity.covered(plan.title, opening[found.end() : found.end() + 450]) >= 0.75
        for found in named
        if not _another_number(plan.number, opening[found.end() : found.end() + 40])
    )


_PRINTED = re.compile(r"\s{0,3}(\d{1,5}\s?[-/]\s?[A-ZĐ][\w.&-]*(?:\s?[/-]\s?[A-ZĐ][\w.&-]*)*)")


def _another_number(ours: str | None, after: str) -> bool:
    """Whether a whole number follows that is not the plan's: then another paper is meant."""
    printed = _PRINTED.match(after)
    return bool(ours and printed) and not similarity.same_number(ours or "", printed[1] if printed else "")


def _years_meet(plan: Heading, paper: Heading) -> bool:
    """Whether the years of the two titles overlap; «năm 2018» does not answer a plan of «năm 2016»."""
    ours, theirs = years(plan.title), years(paper.title)
    if ours is None or theirs is None:
        return True
    # What is due in December may be told in a report of January; a year's plan is not told in the next year's.
    later = 1 if _SHORT.search(plan.title or "") else 0
    return theirs[0] <= ours[1] + later and ours[0] <= theirs[1]


_SHORT = re.compile(r"(?<!\w)(?:tháng|quý|năm học|tuần)\s", re.IGNORECASE)


_COLLECTS = re.compile(
    r"don doc|theo doi(?:,| viec| ket qua| tinh hinh| tien do| va| thuc hien)"
    r"|tong hop(?:,| ket qua| tinh hinh| va)[^.]{0,60}bao cao"
)


def _in_force(plan: Assigning, paper: Heading) -> bool:
    """Whether the paper is of the plan's time: a plan without an end is answered within two years."""
    ours, theirs = plan.heading.issued_on, paper.issued_on
    if ours is None or theirs is None:
        return True
    named = years(plan.heading.title)
    ends = [task.due.on for task in plan.tasks if task.due and task.due.on]
    if named:
        ends.append(dt.date(named[1], 12, 31))
    last = max([ours + dt.timedelta(days=365), *ends])
    return theirs <= last + dt.timedelta(days=365)
