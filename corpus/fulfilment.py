"""Which passages of a paper answer which tasks of a plan: proposals to confirm (kết quả thực hiện).

A passage is proposed when the paper is about the plan or by an assignee, when it is not older, when
the words meet, and when it tells of something done. A wrong proposal costs trust, so rivals are weighed
both ways: a task takes its best passages, and a passage goes only to the tasks it fits best.
`standing` turns evidence into states.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus import concern as relations
from corpus import dates, products, similarity, statements
from corpus.assignees import body_words, canonical, pattern, reading
from corpus.assignments import partners
from corpus.bars import SITE, Bars
from corpus.concern import Concern
from corpus.model import Fulfilment, FulfilmentStatus, Kind, Span, Task
from corpus.precedence import precedes
from corpus.relation import Answering, Assigning, Relation
from corpus.rivals import Match, chosen
from corpus.sections import Places
from corpus.standing import standing
from corpus.statements import Statement, Told
from corpus.text import fold

__all__ = ["Answering", "Assigning", "propose", "related", "standing"]

BY_ITSELF = 1.4
"""How much more likely an answer is a passage that names the leading body as the one who did it."""
HEADED = 0.45
"""Likeness of a heading from which what stands under it answers, too."""
INHERITED = 0.5
"""Share of its heading's likeness that a passage has beside its own."""
CLAIMED = 0.3
"""Likeness from which a passage answers for what itself says, and not for its heading."""
QUOTED = 420
"""Characters of the text under a heading that are quoted with it."""


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
    return tuple(_fulfilment(match, plan, paper, relation, places, copied=copied) for match in chosen(matches, bars))


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
        itself = {number for number, task in enumerate(plan.tasks) if _by_itself(task, statement)}
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


def _by_itself(task: Task, statement: Statement) -> bool:
    """Whether the passage names the one who leads the task as the one who did it."""
    return any(
        relations.best(task.lead, name) is Concern.SAME for name in statement.actor if relations.specific(name)
    )


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


_LOOKS_AHEAD = re.compile(r"\b(?:du bao|kien nghi|de xuat|phuong huong|giai doan tiep theo)\b")
_RECEIVED = re.compile(r"\bnhận được\b|^(?:Căn cứ|Theo đề nghị|Xét)\b")


def _is_title(statement: Statement, relation: Relation) -> bool:
    """A line that only names the subject of either paper."""
    title = fold(" ".join(relation.title.split()))
    if statement.heading and title and fold(statement.text) in title:
        return True
    return similarity.restates(relation.plan.heading.title or "", statement.text)


def _other_body(task: Task, statement: Statement, relation: Relation) -> bool:
    """Whether the passage tells of a body that the task does not name (same words, another body)."""
    if not task.lead:
        return False
    named = relation.now((*task.lead, *task.partners))
    wording = f" {body_words(task.wording)} "
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


_ITSELF = re.compile(
    r"(?:ban (?:thuong truc|thuong vu|chap hanh|lanh dao|giam doc|chi dao)|phong|hoi|dai|so|uy ban|truong"
    r"|nganh|tinh|huyen|xa|don vi|co quan|bo phan)(?: (?:da|cung da|dang|van))?"
)
"""How a reporter names itself for short."""


# -- choice and words


def _fulfilment(
    match: Match, plan: Assigning, paper: Answering, relation: Relation, places: Places, *, copied: bool
) -> Fulfilment:
    task, statement = plan.tasks[match.task], match.statement
    span = _quoted(statement, paper.text)
    status = _status(task, match)
    return Fulfilment(
        task.section,
        task.span.start,
        places.id(span.start),
        span,
        " ".join(span.of(paper.text).split()),
        status,
        _score(match, relation),
        "; ".join(_reason(match, task, plan, relation, copied=copied)),
        _done_on(match, plan, paper),
        copied,
    )


def _done_on(match: Match, plan: Assigning, paper: Answering) -> dt.date | None:
    """The day of the product, or the last day told in the passage; None when only the paper's own day is known."""
    if match.whole:
        return paper.heading.issued_on
    return day_told(match.statement.text, plan.heading.issued_on, paper.heading.issued_on)


def day_told(words: str, first: dt.date | None, last: dt.date | None) -> dt.date | None:
    """The last day told in a passage after the plan's day `first`, up to the paper's own day `last`."""
    told = [on for _, on in dates.find(words) if (not first or on > first) and (not last or on <= last)]
    return max(told, default=None)


def _quoted(statement: Statement, text: str) -> Span:
    """The sentence; for a heading, what stands under it as well, up to a paragraph."""
    if not statement.heading:
        return statement.whole
    end = min(statement.under, statement.span.end + QUOTED)
    if end < statement.under:
        stops = [stop.end() for stop in re.finditer(r"[.;](?=\s)", text[statement.span.end : end])]
        end = statement.span.end + (stops[-1] if stops else 0)
    return Span(statement.span.start, end)


def _status(task: Task, match: Match) -> FulfilmentStatus:
    statement = match.statement
    if match.whole:
        return FulfilmentStatus.FULFILS
    if match.likeness < SITE.plain and not match.about:
        return FulfilmentStatus.MENTIONS
    if match.about and len(task.lead) > 1:
        return FulfilmentStatus.PARTIAL  # one of several bodies
    if statement.told is Told.PART or similarity.below_target(task.wording, statement.text):
        return FulfilmentStatus.PARTIAL
    if statement.told is Told.DONE or (statement.heading and statement.results):
        return FulfilmentStatus.FULFILS
    return FulfilmentStatus.PARTIAL if statement.results else FulfilmentStatus.MENTIONS


def _score(match: Match, relation: Relation) -> float:
    score = 0.35 + 0.5 * min(1.0, match.likeness)
    score += 0.08 * relation.cites
    score += 0.07 * (match.statement.told is Told.DONE)
    return round(min(0.99, score), 3)


def _reason(
    match: Match, task: Task, plan: Assigning, relation: Relation, *, copied: bool
) -> Iterator[str]:
    yield relation.by_task[match.task] or ""
    if relation.cites:
        yield f"dẫn {plan.heading.kind_printed or 'văn bản'} {plan.heading.number or ''}".rstrip()
    if copied:
        yield "phần lớn kết quả chép nguyên văn báo cáo trước"
    if match.whole:
        yield match.whole
    elif match.shared:
        shown = (statements.printed(phrase, match.statement) for phrase in match.shared[:3])
        yield "cùng nói về " + ", ".join(f"«{words}»" for words in shown)
    figure = re.search(r"\d[\d.,/]*\s?(?:%|[^\W\d_]+)", match.statement.text)
    if figure and not match.whole:
        yield f"nêu số liệu {figure.group()}"
    if match.statement.told is Told.PART:
        yield "còn phần chưa xong"
    if task.partners and any(partners(reading(match.statement.text))):
        yield "có nêu việc phối hợp"
