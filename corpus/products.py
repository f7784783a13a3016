"""Papers that are themselves what a task asks for: the plan to be made, the decision to be taken, the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import concern as relations
from corpus import similarity
from corpus.assignees import body_words
from corpus.concern import Concern
from corpus.model import Kind, Role, Task
from corpus.periods import years
from corpus.relation import Answering, Assigning, Relation
from corpus.statements import Statement, Told
from corpus.text import fold

SUBJECT = 0.5
"""Share of the product's telling words that the paper's title must hold."""
FOLLOWED = 0.3
"""The same for a paper that says it carries the plan out."""
NAMED = 0.75
"""Share of the plan's title that the title of a report on the plan holds when it does not cite it."""
LATE = 90
"""Days after the deadline within which a paper that does not cite the plan may still be its product."""

# What is to be made, and the kinds of paper that are it.
_KINDS: tuple[tuple[re.Pattern[str], tuple[Kind, ...]], ...] = (
    (re.compile(r"ke hoach"), (Kind.PLAN, Kind.JOINT_PLAN)),
    (re.compile(r"chuong trinh"), (Kind.PROGRAMME,)),
    (re.compile(r"de an"), (Kind.SCHEME, Kind.DECISION)),
    (re.compile(r"phuong an"), (Kind.CONTINGENCY_PLAN, Kind.DECISION, Kind.PLAN)),
    (re.compile(r"quy che"), (Kind.REGULATION, Kind.DECISION)),
    (re.compile(r"quy dinh"), (Kind.RULES, Kind.DECISION)),
    (re.compile(r"quyet dinh"), (Kind.DECISION,)),
    (re.compile(r"nghi quyet"), (Kind.RESOLUTION, Kind.JOINT_RESOLUTION)),
    (re.compile(r"huong dan"), (Kind.GUIDANCE, Kind.OFFICIAL_LETTER)),
    (re.compile(r"chi thi"), (Kind.DIRECTIVE,)),
    (re.compile(r"to trinh"), (Kind.PROPOSAL,)),
    (re.compile(r"thong bao"), (Kind.NOTICE,)),
    (
        re.compile(r"cong van|van ban"),
        (Kind.OFFICIAL_LETTER, Kind.PLAN, Kind.DECISION, Kind.DIRECTIVE, Kind.GUIDANCE),
    ),
)
_MAKES = re.compile(
    r"\b(?:xay dung|ban hanh|lap|soan thao|hoan thien|hoan chinh|trinh|ra|co)(?: va (?:ban hanh|trien khai))?"
    r"(?: (?:cac|mot|du thao|thanh|rieng))?"
    r" (?P<product>ke hoach|chuong trinh|de an|phuong an|quy che|quy dinh|quyet dinh|nghi quyet"
    r"|van ban huong dan|huong dan|chi thi|to trinh|thong bao|cong van|van ban)\b(?P<of>[^.;:]{0,160})"
)
_BESIDE = re.compile(r" (?:trong pham vi|theo (?:quy dinh|huong dan|chi dao)|de|nham|truoc|bao dam|dam bao|trinh) ")
"""What follows the subject of a product: how far it reaches, why, by when."""
_STAFFS = re.compile(
    r"\b(?P<act>kien toan|thanh lap|cung co) (?P<of>(?:ban|to|hoi dong|tieu ban|doan)\b[^.;:,]{0,120})"
)
_FOLLOWS = frozenset({Role.BASIS, Role.IMPLEMENTS, Role.GUIDES, Role.REPORTS, Role.CONTINUES})
_OFFERS = re.compile(r"\b(?:bao cao|kinh trinh|tren day la)\b|\bgui [^.;]{0,80}(?:tong hop|xem xet|theo doi)\b")
_REPORTING_KINDS = (Kind.REPORT, Kind.PROPOSAL, Kind.OFFICIAL_LETTER, None)


@dataclass(frozen=True, slots=True)
class Product:
    """A task and the passage by which the paper shows that it is the product."""

    task: int
    statement: Statement
    reason: str


def products(
    plan: Assigning, paper: Answering, relation: Relation, told: Sequence[Statement]
) -> Iterator[Product]:
    """The tasks whose product the paper is, in the order of the tasks."""
    ends = _frame(told, relation)
    for number, task in enumerate(plan.tasks):
        if relation.by_task[number] is None:
            continue
        if ends and _is_report(task, paper, relation, ends):
            yield from (Product(number, item, "chính là văn bản báo cáo được giao") for item in ends)
        elif made := _made(task, paper, relation):
            for statement in _shown(paper, told):
                yield Product(number, statement, made)


# -- the report


def _is_report(task: Task, paper: Answering, relation: Relation, ends: Sequence[Statement]) -> bool:
    """A duty to report is answered by the report of the one who is to report, and not of the one who gathers."""
    if paper.heading.kind not in _REPORTING_KINDS or not asks_report(task):
        return False
    if relations.best(task.report_to, relation.issuer) is Concern.SAME:
        return False
    if paper.heading.kind is Kind.OFFICIAL_LETTER and not relation.cites:
        return False
    if _of_a_longer_period(task, paper):
        return False
    own = relation.same_issuer and paper.heading.kind is not Kind.OFFICIAL_LETTER and _sent(task, paper, ends)
    if not (relation.leads(task) or not task.lead or own):
        return False
    if relation.cites:
        return True
    if paper.heading.kind is Kind.PROPOSAL and not _proposes(task, paper):
        return False
    named = similarity.covered(relation.plan.heading.title or "", relation.title) >= NAMED
    if _OF_THE_PLAN.search(fold(task.wording)) and not named:
        return False
    return relation.same_issuer or relation.of_this_matter()


_OF_THE_PLAN = re.compile(
    r"\b(?:ke hoach|chuong trinh|chi thi|nghi quyet|ket luan|thong bao|quyet dinh|de an|cong van|van ban)"
    r" (?:nay|neu tren|noi tren)\b"
)
"""What is to be reported on is the plan itself: its report names it."""
_SUBMITS = re.compile(
    r"\b(?:trinh ky|ban hanh|phe duyet|thong qua|du thao)\b.*\b(?:ke hoach|chuong trinh|de an|quyet dinh|nghi quyet"
    r"|quy dinh|quy che)\b"
)
"""A paper that submits another one for signature reports on nothing."""


def _proposes(task: Task, paper: Answering) -> bool:
    """Whether the task asks for proposals, and the submission is not of a paper to be signed."""
    asked = re.search(r"\b(?:de xuat|trinh|kien nghi)\b", fold(task.wording))
    return asked is not None and not _SUBMITS.search(fold(paper.heading.title or ""))


_OFTEN = frozenset({"weekly", "monthly", "quarterly"})
_SHORT_PERIOD = re.compile(r"(?<!\w)(?:tuần|tháng|quý)\s", re.IGNORECASE)


def _of_a_longer_period(task: Task, paper: Answering) -> bool:
    """The report of a year is not the one due each week, month or quarter."""
    often = task.due is not None and not _OFTEN.isdisjoint((task.due.recurs or "").split("+"))
    title = paper.heading.title or ""
    return often and years(title) is not None and not _SHORT_PERIOD.search(title)


def _sent(task: Task, paper: Answering, ends: Sequence[Statement]) -> bool:
    """Whether the report goes to the one the task names, when it names one: «báo cáo Bộ Công an»."""
    said = body_words(" ; ".join((*paper.heading.addressees, *(item.text for item in ends))))
    return not task.report_to or any(f" {relations.stem(name)} " in f" {said} " for name in task.report_to)


def asks_report(task: Task) -> bool:
    """Whether a report, and no other paper, is due."""
    if (task.deliverable or "").startswith("báo cáo"):
        return True
    bare = fold(task.wording)
    sends = re.search(r"\bbao cao\b|\bgui (?:\w+ ){0,3}ket qua\b", bare)
    return bool(task.report_to and sends) or bool(re.match(r"(?:lap|xay dung) bao cao", bare))


def _frame(told: Sequence[Statement], relation: Relation) -> list[Statement]:
    """Of the opening sentences and the last ones those that offer the report."""
    plain = [item for item in told if not item.heading or item.text.endswith(":")]
    return [
        item
        for item in dict.fromkeys((*plain[:4], *plain[-2:]))
        if _OFFERS.search(fold(item.text)) and "nhận được" not in item.text and not relation.gives(item.span)
    ]


# -- other papers


def _made_by(task: Task) -> list[tuple[tuple[Kind, ...], str]]:
    """Kinds of paper that are the task's product, and the words that say what it is about."""
    bare = fold(f"{task.wording} ; {_asked(task)}")
    found: list[tuple[tuple[Kind, ...], str]] = []
    for made in _MAKES.finditer(bare):
        kinds = next(kinds for words, kinds in _KINDS if words.search(made["product"]))
        found.append((kinds, _BESIDE.split(made["of"])[0]))
    for staffed in _STAFFS.finditer(bare):
        found.append(((Kind.DECISION,), f"{staffed['act']} {staffed['of']}"))
    return found


def _asked(task: Task) -> str:
    return f"ban hành {task.deliverable}" if task.deliverable else ""


def _made(task: Task, paper: Answering, relation: Relation) -> str | None:
    """Why the paper is what the task asks for; None when it is not."""
    heading = paper.heading
    if heading.kind is None or not relation.leads(task) or _too_late(task, paper, relation):
        return None
    for kinds, about in _made_by(task):
        if heading.kind not in kinds:
            continue
        follows = relation.cites and _follows(relation, paper)
        share = _share(about, heading.title or "", relation.places)
        if follows if share is None else share >= (FOLLOWED if follows else SUBJECT):
            return f"chính là {_named(paper)} được giao"
    return None


def _share(about: str, title: str, places: str) -> float | None:
    """The share of a product's telling words in the title, read as far as any of its commas."""
    ends = [stop.start() for stop in re.finditer(",", about)]
    shares = [similarity.held(about[:end], title, without=places) for end in (*ends, len(about))]
    return max((share for share in shares if share is not None), default=None)


def plain(task: Task) -> str:
    """The product of a task that says nothing else of its own («kế hoạch»); empty for other tasks."""
    for made in _MAKES.finditer(fold(task.wording)):
        if similarity.held(made["of"].split(",")[0], "") is None:
            return made["product"]
    return ""


def told_made(task: Task, product: str, words: str, relation: Relation) -> bool:
    """Whether a sentence tells that the task's bodies made its plain product, or did not yet."""
    bare = fold(words)
    if product not in bare:
        return False
    key = body_words(words)
    if relation.leads(task) is Concern.SAME and f"du thao {product}" in bare:
        return True  # the body itself tells how far its draft has come
    named = any(relations.spoken_of(name, key) for name in task.lead)
    return named and any(made["product"] == product for made in _MAKES.finditer(bare))


def _too_late(task: Task, paper: Answering, relation: Relation) -> bool:
    """A paper that does not cite the plan, long after the task was due, is of another occasion."""
    due, issued = task.due, paper.heading.issued_on
    return bool(
        not relation.cites and due and due.on and issued and (issued - due.on).days > LATE
    )


def _follows(relation: Relation, paper: Answering) -> bool:
    """Whether the paper says it carries the plan out, and does not only mention it."""
    number = relation.plan.heading.number
    roles = {
        citation.role
        for citation in paper.citations
        if citation.number and number and similarity.same_number(citation.number, number)
    }
    return bool(roles & _FOLLOWS)


def _named(paper: Answering) -> str:
    kind = (paper.heading.kind_printed or "văn bản").lower()
    return f"{kind} {paper.heading.number}" if paper.heading.number else kind


_BASES = re.compile(r"(?:Căn cứ|Xét|Theo|Thực hiện|Để|Sau khi)\b")


def _shown(paper: Answering, told: Sequence[Statement]) -> list[Statement]:
    """The title, and the first article or sentence that says what is decided."""
    shown: list[Statement] = []
    evidence = paper.heading.evidence.get("title")
    if evidence is not None and evidence.span is not None:
        span = evidence.span
        words = " ".join(span.of(paper.text).split())
        shown.append(Statement(span, words, "", Told.DONE, False, True, span, span.end, ()))
    if paper.heading.kind is Kind.DECISION or not shown:
        first = min((section.span.start for section in paper.sections), default=0)
        shown += [item for item in told if item.span.start >= first and not _BASES.match(item.text)][:1]
    return shown
