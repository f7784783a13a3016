"""What the site and the commands show: values filled by `findings` and `search`, free of SQL and HTML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from archive.verdicts import Report
from corpus.model import Citation, Due, Finding, FulfilmentStatus, Heading, Page, Paper, Section, Task
from corpus.sameness import Sense


class State(StrEnum):
    """Where a document stands on its way to being found."""

    WAITING = "waiting"
    READING = "reading"
    SEARCHABLE = "searchable"
    UNREADABLE = "unreadable"
    TOOL_MISSING = "tool-missing"
    """Kept; waits for an outside program («chờ công cụ»)."""
    REFUSED = "refused"
    DESTROYED = "destroyed"
    """Its bytes were removed by a decision («đã tiêu hủy»); a tombstone."""


@dataclass(frozen=True, slots=True)
class Card:
    """One document in a list: everything a reader needs to trust it."""

    document: str
    name: str
    """File name as received."""
    received_at: dt.datetime
    state: State
    reason: str | None = None
    """Why it is not searchable, in Vietnamese."""
    kind: str | None = None
    """Slug of `Kind`."""
    kind_label: str | None = None
    number: str | None = None
    issued_on: dt.date | None = None
    issuer: str | None = None
    title: str | None = None
    signer: str | None = None
    pages: int | None = None
    replaced_by: str | None = None
    """Document id of the one that replaces or repeals it, when held."""
    replaced_by_number: str | None = None
    signature: str = "could-not-check"
    """Verdict of `verify`, or `unsigned`."""
    tasks: int = 0
    """Tasks it gives."""


@dataclass(frozen=True, slots=True)
class Target:
    """One document a citation may mean."""

    document: str
    number: str | None
    issued_on: dt.date | None
    issuer: str | None
    title: str | None
    kind_label: str | None
    cited_by: int
    """How many documents of the archive cite it."""
    section: str | None = None
    """Id of the cited section inside it, when named and found."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CitationView:
    """A citation with what it points to: one target, several possible ones, or none held."""

    citation: Citation
    role_label: str
    target: Target | None = None
    possible: tuple[Target, ...] = ()
    """Two or more when the citation is ambiguous; never chosen silently."""
    itself: bool = False
    """«Kế hoạch này», or the document's own number."""


@dataclass(frozen=True, slots=True)
class IncomingView:
    """A citation of this document elsewhere."""

    card: Card
    role_label: str
    text: str
    section: str | None
    place: str | None
    """Section of this document it names."""


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A document that others cite and the archive does not hold."""

    number: str
    kind_label: str | None
    issued_on: dt.date | None
    issuer: str | None
    times: int
    cited_by: tuple[Card, ...]


class TaskState(StrEnum):
    """Standing of a task, computed from due date, evidence and today; never stored."""

    NOT_DUE = "not-due"
    ONGOING = "ongoing"
    PARTIAL = "partial"
    DONE = "done"
    DONE_LATE = "done-late"
    OVERDUE = "overdue"
    SUSPECT = "suspect"
    NO_DUE = "no-due"


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A passage proposed as the answer to a task."""

    card: Card
    section: str | None
    page: int | None
    quote: str
    status: FulfilmentStatus
    score: float
    reason: str
    decided_by: str | None = None
    done_on: dt.date | None = None
    """The day the work was done, where the paper shows it."""
    copied: bool = False
    """The paper repeats what the body reported before; it needs a person's eye and counts for nothing alone."""
    suspect: bool = False
    """A person confirmed it, and since then the words on one side changed in meaning."""
    whole: bool = False
    """The paper itself is what the task asks for; the quote is its title."""
    added: bool = False
    """A person found it; the machine had proposed nothing there."""
    decision: int | None = None
    """The record of the person's decision, by which it is taken back."""
    decided_at: dt.datetime | None = None

    @property
    def document(self) -> str:
        """The paper."""
        return self.card.document


@dataclass(frozen=True, slots=True)
class PeriodView:
    """One period of a recurring duty, closed or running."""

    due_on: dt.date
    state: TaskState
    days: int
    evidence: tuple[EvidenceView, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberView:
    """One body of a class that is asked as a whole: one of «các xã, thị trấn»."""

    name: str
    state: TaskState
    days: int
    periods: tuple[PeriodView, ...] = ()
    """Of a recurring duty, as `TaskView.periods`."""


@dataclass(frozen=True, slots=True)
class ShareView:
    """What one body that leads, or one class of bodies, has done of a task."""

    name: str
    """As the task names it; empty when it names none."""
    state: TaskState
    days: int
    evidence: tuple[EvidenceView, ...] = ()
    done: int | None = None
    """Members that have done it («5/6 xã»); None for a single body."""
    of: int | None = None
    """How many members there are, when a paper says so."""
    members: tuple[MemberView, ...] = ()
    """Those the archive's papers name; the class may have more."""
    periods: tuple[PeriodView, ...] = ()
    """Of a recurring duty, as `TaskView.periods`, by this body's own papers."""

    @property
    def behind(self) -> tuple[str, ...]:
        """Members known to be overdue."""
        return tuple(member.name for member in self.members if member.state is TaskState.OVERDUE)


@dataclass(frozen=True, slots=True)
class OriginView:
    """A task of an older plan that a person let a task of this one go on with."""

    plan: Card
    task: Task
    by: str


@dataclass(frozen=True, slots=True)
class MovedView:
    """A task that went on to a newer plan by a person's word."""

    task: Task
    plan: Card
    """The newer one."""
    wording: str
    """Of the newer plan's task."""
    section: str
    by: str
    correction: int
    """The record that says so."""


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """A task of a replaced plan and the newer plan's task that seems to go on with it; for a person to decide."""

    task: Task
    plan: Card
    onto: Task
    likeness: float
    reason: str


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task of a plan with its evidence."""

    task: Task
    section_title: str | None
    page: int | None
    state: TaskState
    days: int
    """Days overdue, or late when done; 0 else."""
    evidence: tuple[EvidenceView, ...] = ()
    shares: tuple[ShareView, ...] = ()
    """By body that leads, in the task's order; one without a name when the task names none."""
    periods: tuple[PeriodView, ...] = ()
    """Of a recurring duty, oldest first, up to the one that comes next."""
    origins: tuple[OriginView, ...] = ()
    """Tasks of older plans that it goes on with; their evidence stands among its own."""

    @property
    def due(self) -> Due | None:
        return self.task.due


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan: tasks × bodies."""

    card: Card
    today: dt.date
    tasks: tuple[TaskView, ...]
    summary: dict[str, int]
    """Keys: tasks, fulfilled, partial, unreported, overdue, suspect."""
    silent: tuple[Card, ...] = ()
    """Reports that cite the plan and answer none of its tasks."""
    moved: tuple[MovedView, ...] = ()
    """Tasks that went on to a newer plan; none of `tasks`, and counted there."""
    bodies: Mapping[str, Sense] = field(default_factory=dict, repr=False)
    """What each name of a body means in it (`one_body.senses`)."""

    def body(self, name: str) -> Sense:
        """The body that a name of its tasks means: equal for two names of one."""
        return self.bodies.get(name) or Sense(name)


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Reverse view: a task that this report answers."""

    plan: Card
    task: Task
    quote: str
    status: FulfilmentStatus


@dataclass(frozen=True, slots=True)
class DocumentView:
    """Everything the reader's page shows."""

    card: Card
    heading: Heading
    text: str
    media_type: str
    source: str
    encoding: str
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    citations: tuple[CitationView, ...]
    incoming: tuple[IncomingView, ...]
    tasks: tuple[TaskView, ...]
    answers: tuple[AnswerView, ...]
    findings: tuple[Finding, ...]
    signatures: Report
    """As found when the document was read last."""
    parts: tuple[Card, ...]
    """Documents that came inside this file."""
    came_in: Card | None
    """The file it came inside of."""
    papers: tuple[Paper, ...]
    """Further documents of this file, each in a section of its own."""
    size: int
    """Bytes of the original."""
    sha512: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One value of a facet with its true count."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class PassageHit:
    """One found passage; `snippet` is Markdown-free text with (start, end) marks."""

    section: str
    place: str
    """How to name it: «mục II.3»; empty for the beginning of the text."""
    page: int | None
    score: float
    snippet: str
    marks: tuple[tuple[int, int], ...]
    """Offsets inside `snippet`, in order, not overlapping."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document with its best passages."""

    card: Card
    score: float
    passages: tuple[PassageHit, ...]
    more: int
    """Further passages of the same document."""
    title_marks: tuple[tuple[int, int], ...] = ()
    answers: int = 0
    """Tasks of held plans that it answers."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader narrowed the search to; empty: everything."""

    kinds: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    signers: tuple[str, ...] = ()
    """Names as read from the papers."""
    dossiers: tuple[str, ...] = ()
    """Codes."""
    effects: tuple[str, ...] = ()
    """`current` (no replacement held) or `replaced`."""
    since: dt.date | None = None
    until: dt.date | None = None
    on: dt.date | None = None
    """Only what was issued and, as far as the archive knows, not replaced until this day."""


@dataclass(frozen=True, slots=True)
class Results:
    """A page of search results."""

    total: int
    """Documents."""
    passages: int
    exact: bool
    """False when counting was cut short."""
    took_ms: float
    hits: tuple[Hit, ...]
    also_searched: tuple[str, ...]
    not_yet_searchable: int
    facets: dict[str, tuple[Facet, ...]]
    """Keys: kind, issuer, year, signer, effect; dossier where dossiers are known."""
    nearest: tuple[Card, ...] = ()
    """When nothing is found: documents with near numbers, and those that cite what was asked for."""
