"""Which passages of a paper answer which tasks of a plan: proposals to confirm (kết quả thực hiện).

A passage is proposed when the paper is about the plan or by an assignee, when it is not older, when
the words meet, and when it tells of something done. A wrong proposal costs trust, so rivals are weighed
both ways: a task takes its best passages, and a passage goes only to the tasks it fits best.
`standing` turns evidence into states.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus import concern as relations
from corpus import products, similarity, statements
from corpus.assignees import body_words, canonical, pattern
from corpus.bars import SITE, Bars
from corpus.concern import Concern
from corpus.model import Fulfilment, Kind, Span, Task
from corpus.precedence import precedes
from corpus.proposal import proposed
from corpus.relation import Answering, Assigning, Relation
from corpus.rivals import Match, chosen
from corpus.sections import Places
from corpus.standing import standing
from corpus.statements import Statement, Told
from corpus.text import fold

__all__ = ["Answering", "Assigning", "propose", "related", "standing"]

BY_ITSELF = 1.4
"""How much more likely an answer is a passage that names the leading body as the one who did it."""
HEADED = 0.38
"""Likeness of a heading from which what stands under it answers, too."""
OWN_HEADING = 0.75
"""Share of a heading's best likeness from which what stands under it is the task's, too."""
INHERITED = 0.5
"""Share of its heading's likeness that a passage has beside its own."""
CLAIMED = 0.3
"""Likeness from which a passage answers for what itself says, and not for its heading."""


def propose(plan: Assigning, paper: Answering, bars: Bars = SITE) -> tuple[Fulfilment, ...]:
    """Passages of `paper` that answer tasks of `plan`, in the order of the tasks, best first.

    Empty when the paper is older than the plan, is cited by it, or has nothing to do with its bodies.
    """
    if plan.document == paper.document or not plan.tasks or precedes(paper, plan):
        return ()
    relation = Relation(plan, paper)
    if not relation.any:
        return ()
    earlier = [" ".join(text.split()) for text in paper.earlier]
    every = statements.read(paper.text, paper.heading)
    told = [item for item in every if not _copied(item.text, earlier)]
    matches = _matches(plan, told, relation, bars)
    matches += [
        Match(made.task, made.statement, 0.75, (), whole=made.reason)
        for made in products.products(plan, paper, relation, told)
    ]
    copied = _mostly_copied(every, earlier)
    places = Places(paper.sections)
    return tuple(proposed(match, plan, paper, relation, places, copied=copied) for match in chosen(matches, bars))


def related(plan: Assigning, paper: Answering) -> bool:
    """Whether `propose` could find anything, by headings and dates alone: for choosing what to look at."""
    return plan.document != paper.document and not precedes(paper, plan) and Relation(plan, paper).any


def _copied(words: str, earlier: Iterable[str]) -> bool:
    if len(words) < 60:
        return False
    return any(words.rstrip(" .;") in text for text in earlier)


COPIED = 0.5
"""Share of a report's results that stand in an earlier one, from which it proves nothing new."""


def _mostly_copied(every: Sequence[Statement], earlier: Sequence[str]) -> bool:
    """Whether most of what the paper tells as done stands word for word in the body's earlier reports."""
    if not earlier:
        return False
    told = [
        item.text
        for item in every
        if item.results and not item.heading and item.told in (Told.DONE, Told.PART) and len(item.text) >= 60
    ]
    old = [words for words in told if _copied(words, earlier)]
    return len(old) > 1 and len(old) >= COPIED * len(told)


# -- passages


def _matches(plan: Assigning, told: Sequence[Statement], relation: Relation, bars: Bars) -> list[Match]:
    contents = [similarity.content(task) for task in plan.tasks]
    index = similarity.Index(
        contents,
        [(_without_names(item), item.above) for item in told],
        common=f"{plan.heading.title or ''} ; {relation.title}",
        names=relation.places,
    )
    keen = {number for number, subject in enumerate(relation.subjects) if subject}
    plain = {
        number: product
        for number, task in enumerate(plan.tasks)
        if relation.by_task[number] is not None and (product := products.plain(task))
    }
    matches = []
    for number, statement in enumerate(told):
        if _is_title(statement, relation) or _FRAMES.match(statement.text) or _is_order(statement, relation):
            continue
        factor = _telling(statement)
        itself = _done_by_leads(plan.tasks, statement)
        matches += _of_plain_products(plan, statement, relation, plain)
        for task, likeness, shared in index.likest(number, keen):
            if relation.by_task[task] is None or not relation.reaches(task, statement.text, statement.above):
                continue
            sure = BY_ITSELF if task in itself else 1.0
            made = Match(task, statement, likeness * factor * sure, shared, about=task in keen)
            if _fits(plan.tasks[task], made, relation, bars):
                matches.append(made)
    return [*matches, *_under_headings(matches, told, plan, relation)]


def _under_headings(
    matches: Sequence[Match], told: Sequence[Statement], plan: Assigning, relation: Relation
) -> Iterator[Match]:
    """What is told under a heading that names the task, whatever words tell it."""
    heads = [match for match in matches if match.statement.heading and match.likeness >= HEADED]
    best: dict[Span, float] = {}
    for head in heads:
        best[head.statement.span] = max(best.get(head.statement.span, 0.0), head.likeness)
    heads = [head for head in heads if head.likeness >= OWN_HEADING * best[head.statement.span]]
    own = {(match.task, match.statement.span): match.likeness for match in matches}
    claimed = {match.statement.span for match in matches if match.likeness >= CLAIMED}
    for head in heads:
        title = head.statement.text
        for item in told:
            beneath = item.span.start > head.statement.span.end and title in item.above
            if not beneath or item.heading or item.span in claimed or _FRAMES.match(item.text):
                continue
            if not (_tells(item, relation) or _LOOKS_AHEAD.search(fold(plan.tasks[head.task].wording))):
                continue
            if _is_order(item, relation) or _other_body(plan.tasks[head.task], item, relation):
                continue
            likeness = (own.get((head.task, item.span), 0.0) + INHERITED * head.likeness) * _telling(item)
            yield Match(head.task, item, min(1.0, likeness), head.shared, beneath=True)


def _without_names(statement: Statement) -> str:
    """What was done, without who did it: «Sở Nông nghiệp và Môi trường: …» is not alike for its name."""
    words = statement.text
    for name in statement.actor:
        words = words.replace(name, " ; ", 1)
    return words


def _of_plain_products(
    plan: Assigning, statement: Statement, relation: Relation, plain: Mapping[int, str]
) -> Iterator[Match]:
    """«05/06 đảng ủy xã đã xây dựng kế hoạch» for a task whose words are only «xây dựng kế hoạch thực hiện»."""
    if statement.heading or statement.told not in (Told.DONE, Told.PART):
        return
    for number, product in plain.items():
        if products.told_made(plan.tasks[number], product, statement.text, relation):
            yield Match(number, statement, 0.5, (product,))


def _telling(statement: Statement) -> float:
    """Figures make a passage a better answer, reasons and excuses a worse one."""
    if _REASONS.search(statement.text):
        return 0.7
    return 1.1 if statement.counted else 1.0


_REASONS = re.compile(r"\b[Nn]guyên nhân\b")


def _done_by_leads(tasks: Sequence[Task], statement: Statement) -> set[int]:
    """The tasks whose lead the passage names as the one who did it."""
    actors = [name for name in statement.actor if relations.specific(name)]
    return {
        number
        for number, task in enumerate(tasks)
        if any(relations.best(task.lead, name) is Concern.SAME for name in actors)
    } if actors else set()  # fmt: skip


def _tells(statement: Statement, relation: Relation) -> bool:
    """Whether the passage tells of work, plainly or by where it stands."""
    if statement.told is Told.PLANNED:
        return False
    return statement.told in (Told.DONE, Told.PART) or statement.results or relation.survey


def _fits(task: Task, match: Match, relation: Relation, bars: Bars) -> bool:
    statement = match.statement
    if statement.told is Told.PLANNED and not (statement.heading and _LOOKS_AHEAD.search(fold(task.wording))):
        return False
    if match.about:
        # A short paper about this very body: that it tells of the matter is enough.
        recalled = statement.told is not Told.DONE and similarity.restates(task.wording, statement.text)
        return bool(match.shared) and not recalled and not _RECEIVED.search(statement.text)
    told = _tells(statement, relation)
    if not match.shared:
        return False
    if _SITUATION.search(fold(statement.above)) and not _ASKS_SITUATION.search(fold(task.wording)):
        return False
    if statement.told is Told.STATED and statement.span.end <= len(relation.opening):
        return False  # the cover of a file names its subject
    if relation.kind not in _TELLING_KINDS and (relation.reminds or not _SURELY.search(canonical(statement.text))):
        return False
    if match.likeness < (bars.heading if statement.heading else bars.enough if told else bars.stated):
        return False
    if not (relation.cites or relation.same_matter) and match.likeness < bars.apart:
        return False
    if (
        statement.told is Told.STATED
        and not statement.heading
        and similarity.restates(task.wording, statement.text)
    ):
        return False
    return not _other_body(task, statement, relation)


_FRAMES = re.compile(
    r"(?:Trên đây là|Trên đây,|Kính trình|Trân trọng)\b"
    r"|(?:Thực hiện|Căn cứ|Theo|Để|Trả lời)\b[^:]*(?:như sau|sau đây|dưới đây)\s?:$"
)
_TELLING_KINDS = (Kind.REPORT, Kind.PROPOSAL, Kind.MINUTES, None)
_SURELY = re.compile(r"(?<!\w)(?:đã|đến nay|tính đến|vừa|nay đã)(?!\w)")


def _is_order(statement: Statement, relation: Relation) -> bool:
    """What a plan, notice or letter asks of others, or recalls of the plan itself, is nobody's result."""
    if relation.gives(statement.span) and not pattern("orders", "permit").match(canonical(statement.text)):
        return True
    number = relation.plan.heading.number
    at = statement.text.find(number) if number else -1
    return at >= 0 and _RECALLS.search(statement.text[max(0, at - 60) : at]) is not None


_RECALLS = re.compile(r"(?:ban hành|ký|có)\s(?:[^\W\d]+\s){1,4}(?:số\s)?$")


_SITUATION = re.compile(r"\b(?:dac diem tinh hinh|dac diem chung|tinh hinh chung|boi canh)\b")
"""The part of a report that tells how things stand, before it comes to what was done (DOMAIN §4.7)."""
_ASKS_SITUATION = re.compile(r"\b(?:tinh hinh|thuc trang|hien trang|danh gia|du bao|khao sat|thong ke|ra soat)\b")
_LOOKS_AHEAD = re.compile(r"\b(?:du bao|bai hoc|kinh nghiem|kien nghi|de xuat|phuong huong|giai doan tiep theo)\b")
_RECEIVED = re.compile(r"\bnhận được\b|^(?:Căn cứ|Theo đề nghị|Xét)\b")


def _is_title(statement: Statement, relation: Relation) -> bool:
    """A line that only names the subject of either paper."""
    title = fold(" ".join(relation.title.split()))
    if statement.heading and title and fold(statement.text) in title:
        return True
    if statement.heading and similarity.says_only(statement.text, f"{relation.plan.heading.title} ; {title}"):
        return True
    return similarity.restates(relation.plan.heading.title or "", statement.text)


def _other_body(task: Task, statement: Statement, relation: Relation) -> bool:
    """Whether the passage tells of a body that the task does not name (same words, another body)."""
    if not task.lead:
        return False
    named = relation.now((*task.lead, *task.partners))
    wording = f" {body_words(task.wording)} "
    if _other_class(task, statement, wording):
        return True
    actors = [
        name
        for name in statement.actor
        if relations.specific(name)
        and not _ITSELF.fullmatch(fold(name))
        and not (f"{name}:" in statement.text and f" {relations.stem(name)} " in wording)  # what the work is about
    ]
    # Who gathers the results and tells of itself tells of its own tasks.
    others = (relation.plan.heading.issuer or "",)
    if actors and not any(relations.best((*named, *filter(None, others)), name) for name in actors):
        return True
    if relation.wider(task, statement.text):
        return True
    return similarity.names_another(task.wording, relation.now(task.lead), statement.text)


def _other_class(task: Task, statement: Statement, wording: str) -> bool:
    """Whether the passage tells what a class of bodies did, to which none of the task's bodies belongs."""
    some = [name for name in statement.actor if not relations.specific(name)]
    return bool(some) and len(some) == len(statement.actor) and not any(
        relations.concern(name, one) or relations.concern(one, name) or relations.spoken_of(name, wording)
        for name in some
        for one in (*task.lead, *task.partners)
    )


_ITSELF = re.compile(
    r"(?:ban (?:thuong truc|thuong vu|chap hanh|lanh dao|giam doc|chi dao)|phong|hoi|dai|so|uy ban|truong"
    r"|nganh|tinh|huyen|xa|don vi|co quan|bo phan)(?: (?:da|cung da|dang|van))?"
)
"""How a reporter names itself for short."""
