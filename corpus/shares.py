"""Each body's share of a task: a named body stands for itself, a class of bodies for its members."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from corpus import areas
from corpus import concern as relations
from corpus.assignees import body_words
from corpus.concern import Concern
from corpus.model import FulfilmentStatus, Task
from corpus.standing import Proof, standing
from corpus.text import CAPITALS, fold


@dataclass(frozen=True, slots=True)
class Answer:
    """A proof with the words and the body it comes from."""

    proof: Proof
    issuer: str
    quote: str


@dataclass(frozen=True, slots=True)
class Member:
    """One body of a class, as the archive's papers name it."""

    name: str
    state: str
    days: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one body, or one class of bodies, has done of a task."""

    name: str
    """As the task names it; empty when it names none."""
    state: str
    days: int
    answers: tuple[int, ...] = ()
    """Which of the answers given count for it, by position."""
    done: int | None = None
    """Members that have done it, as a paper counts them or else as their own papers show; None for one body."""
    of: int | None = None
    """Members there are, when a paper says so («05/06 đảng ủy xã»)."""
    members: tuple[Member, ...] = ()
    """Members of which a paper is held or which a paper names as behind."""


def shares(
    task: Task, answers: Sequence[Answer], members: Iterable[str], today: dt.date, since: dt.date | None
) -> tuple[Share, ...]:
    """The shares of the bodies that lead, in the task's order.

    `members`: issuers of the archive's papers that may belong to a class named; no other is thought up.
    """
    names = task.lead or ("",)
    return tuple(_share(task, name, _own(name, names, answers), answers, members, today, since) for name in names)


def together(task: Task, found: Sequence[Share]) -> tuple[str, int]:
    """The state of the task from those of its shares."""
    states = [share.state for share in found]
    for worst in ("overdue", "suspect"):
        if worst in states:
            return worst, max(share.days for share in found if share.state == worst)
    if all(state in ("done", "done-late") for state in states):
        days = max(share.days for share in found)
        return ("done-late", days) if "done-late" in states else ("done", 0)
    for middling in ("partial", "ongoing"):
        if middling in states:
            return middling, 0
    if "done" in states or "done-late" in states:
        return "ongoing", 0
    return states[0], 0


def _own(name: str, names: Sequence[str], answers: Sequence[Answer]) -> list[int]:
    """Positions of the answers for this body: all for a single one, else those by it or about it."""
    if len(names) == 1:
        return list(range(len(answers)))
    found = []
    for position, answer in enumerate(answers):
        by = {other: relations.concern(other, answer.issuer) for other in names}
        if any(by.values()):
            fits = by[name] is not Concern.NONE and by[name] == max(by.values())
        else:
            key = f" {body_words(answer.quote)} "
            about = [other for other in names if _spoken(other, key)]
            fits = name in about or not about
        if fits:
            found.append(position)
    return found


def _spoken(name: str, key: str) -> bool:
    if relations.spoken_of(name, key):
        return True
    unit = relations.unit_of(name)
    return unit is not None and re.search(rf"\b\d+ \d+ (?:{unit})\b", key) is not None


def _share(
    task: Task, name: str, own: list[int], answers: Sequence[Answer], members: Iterable[str], today: dt.date,
    since: dt.date | None,
) -> Share:  # fmt: skip
    mine = [answers[position] for position in own]
    if not name or relations.specific(name):
        state, days = standing(task, [answer.proof for answer in mine], today, since=since)
        return Share(name, state, days, tuple(own))
    done, of = _counted(name, mine)
    behind = {fold(body) for answer in mine for body in _behind(name, answer)}
    known = _settled(_members(task, name, mine, members, today, since), (done, of), behind)
    finished = sum(member.state in ("done", "done-late") for member in known)
    state, days = _of_class(task, name, mine, known, (done, of), today, since)
    return Share(name, state, days, tuple(own), finished if done is None else done, of, known)


def _members(
    task: Task, name: str, mine: Sequence[Answer], members: Iterable[str], today: dt.date, since: dt.date | None
) -> tuple[Member, ...]:
    behind = {member for answer in mine for member in _behind(name, answer)}
    spoken = {*members, *(answer.issuer for answer in mine)}
    names = {fold(body): body for body in (*sorted(behind), *sorted(spoken)) if _belongs(name, body)}
    found = []
    for body in names.values():
        proofs = [
            answer.proof for answer in mine if relations.concern(body, answer.issuer) is Concern.SAME
        ]
        state, days = standing(task, proofs, today, since=since)
        found.append(Member(body, state, days))
    return tuple(sorted(found, key=lambda member: member.name))


def _belongs(name: str, body: str) -> bool:
    ours, theirs = areas.tier(name), areas.tier(body)
    return relations.concern(name, body) is Concern.CLASS and (ours is None or theirs in (None, ours))


def _settled(
    known: Sequence[Member], counted: tuple[int | None, int | None], behind: Collection[str]
) -> tuple[Member, ...]:
    """Where a paper counts those that are done and names all the others, the silent ones are among the done."""
    done, of = counted
    if done is None or of is None or of - done != len(behind):
        return tuple(known)
    return tuple(
        replace(member, state="done", days=0)
        if member.state in ("overdue", "not-due", "no-due") and fold(member.name) not in behind
        else member
        for member in known
    )


def _behind(name: str, answer: Answer) -> list[str]:
    """Members a passage names as not having done it: «Đảng ủy xã Đồng Mộc chưa ban hành kế hoạch»."""
    unit = relations.unit_of(name)
    if unit is None or answer.proof.status is FulfilmentStatus.FULFILS:
        return []
    return [
        " ".join(one["body"].split())
        for one in _NAMED.finditer(answer.quote)
        if _LACKS.match(answer.quote, one.end()) and relations.concern(name, one["body"]) is Concern.CLASS
    ]


_NAMED = re.compile(
    rf"(?P<body>[{CAPITALS}](?:\w|\s){{1,30}}?(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố)"
    rf"(?:\s[{CAPITALS}]\w*){{1,4}})"
)
_LACKS = re.compile(r"\s(?:vẫn\s|còn\s|đến nay\s)?(?:chưa|không)\s")
_OF_UNIT = re.compile(r"(\d{1,4})\s?/\s?(\d{1,4})\s+((?:[^\W\d_]+\s?){1,4})")


def _counted(name: str, mine: Sequence[Answer]) -> tuple[int | None, int | None]:
    """How many members of how many the latest paper counts: «6/6 xã, thị trấn»."""
    unit = relations.unit_of(name)
    if unit is None:
        return None, None
    latest = sorted(mine, key=lambda answer: answer.proof.issued_on or dt.date.min, reverse=True)
    for answer in latest:
        for done, of, words in _OF_UNIT.findall(answer.quote):
            if re.search(rf"\b(?:{unit})\b", fold(words)) and 0 < int(of) >= int(done):
                return int(done), int(of)
    return None, None


def _of_class(
    task: Task, name: str, mine: Sequence[Answer], known: Sequence[Member], counted: tuple[int | None, int | None],
    today: dt.date, since: dt.date | None,
) -> tuple[str, int]:  # fmt: skip
    """A class is done when all its members are, as far as anyone counts them."""
    done, of = counted
    on = task.due.on if task.due else None
    if done is not None and done == of:
        return "done", 0
    if done is not None and on is not None and today > on:
        return "overdue", (today - on).days
    gathered = [a.proof for a in mine if relations.concern(name, a.issuer) is Concern.NONE]
    state, days = standing(task, gathered, today, since=since)
    if state in ("done", "done-late") and done is None:
        return state, days
    late = [member.days for member in known if member.state == "overdue"]
    if late:
        return "overdue", max(late)
    if any(member.state in ("done", "done-late", "partial") for member in known):
        return ("partial", 0) if on is not None and today > on else ("ongoing", 0)
    return standing(task, [answer.proof for answer in mine], today, since=since)

