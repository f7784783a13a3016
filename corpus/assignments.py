"""Assignments in a paragraph: who is given work, with whom, and to whom to report (DOMAIN §4.2).

Which paragraphs assign at all is decided in `tasks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from corpus.assignees import (
    APPOSED,
    Reading,
    alternation,
    body_end,
    head_at,
    lexicon,
    next_stop,
    opens_body,
    same_body_key,
    split_bodies,
)


class Strength(IntEnum):
    """How plainly a sentence assigns."""

    NAMED = 1
    """A body and nothing else: a heading over its duties."""
    SUBJECT = 2
    """A body, then a verb: «Đài Truyền thanh huyện xây dựng chuyên mục …»."""
    DUTY = 3
    """«chủ trì», «có trách nhiệm», or a body before a colon."""
    ORDER = 4
    """«Giao», «Đề nghị», «Yêu cầu» before the body."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A body and what is asked of it, inside one paragraph."""

    start: int
    """Where the clause begins (at «Giao» or at the body)."""
    rest: int
    """Where the work begins."""
    lead: tuple[str, ...]
    strength: Strength


@cache
def _openings() -> re.Pattern[str]:
    return re.compile(rf"(?!theo dõi){alternation(lexicon()['orders']['before'])}")


_RIDER = re.compile(
    r"(?:riêng|đồng thời|ngoài ra)[,:]?\s{1,2}(?:đối với\s)?|đối với\s{1,2}|trách nhiệm (?:của)?\s{1,2}"
    r"|nhiệm vụ của\s{1,2}"
)


def _candidates(line: Reading) -> Iterator[tuple[int, int, bool]]:
    """(clause start, body offset, ordered) of every place where an assignment may begin."""
    for clause in _clauses(line):
        rider = _RIDER.match(line.marked, clause)
        yield clause, rider.end() if rider else clause, False
        if _openings().match(line.marked, clause):
            for comma in re.finditer(r"[,:;]\s{1,2}", line.text[clause : clause + 700]):
                if opens_body(line, clause + comma.end()):
                    yield clause, clause + comma.end(), False
    for order in _giving().finditer(line.marked):
        if line.marked[order.start() - 1 : order.start()].isalnum() or _MEETING.match(line.text, order.start()):
            continue
        if _is_verb(line, order.start()):
            yield order.start(), order.end(), True


_MEETING = re.compile(r"[Gg]iao ban(?=[\s,.;])")
"""A meeting of those in charge, and not work given to a «Ban»."""


def _clauses(line: Reading) -> Iterator[int]:
    yield 0
    for stop in re.finditer(r"[.;]\s{1,3}(?=\S)", line.text):
        yield stop.end()


@cache
def _giving() -> re.Pattern[str]:
    return re.compile(rf"{alternation(lexicon()['orders']['give'])}\s{{0,2}}:?\s{{1,2}}(?:cho\s)?")


@cache
def _noun_before() -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(lexicon()["orders"]["noun_before"]) + r")\s{0,2}$")


def _is_verb(line: Reading, at: int) -> bool:
    before = line.marked[max(0, at - 8) : at]
    return not _noun_before().search(before) or before.rstrip().endswith("kính")


def assignments(line: Reading, *, issuer: str = "") -> tuple[Assignment, ...]:
    """Every assignment of a paragraph, in order; of the issuer, who assigns, only one that names its own part."""
    found: dict[int, Assignment] = {}
    for start, at, ordered in _candidates(line):
        made = _assignment(line, start, at, ordered=ordered)
        itself = not ordered and made is not None and _is_issuer(made.lead, issuer)
        if made is None or (itself and not APPOSED.search(line.text[at : made.rest])):
            continue
        kept = found.get(made.rest)
        if kept is None or made.strength > kept.strength:
            found[made.rest] = made
    ordered_found = sorted(found.values(), key=lambda made: (made.start, made.rest))
    kept_all: list[Assignment] = []
    for made in ordered_found:
        if kept_all and made.start < kept_all[-1].rest:
            continue
        kept_all.append(made)
    return tuple(kept_all)


def _assignment(line: Reading, start: int, at: int, *, ordered: bool) -> Assignment | None:
    ended = body_end(line, at)
    if ended is None:
        return None
    end, kind = ended
    lead = split_bodies(line.text[at:end])
    if kind == "described" and _THEN_DUTY.match(line.marked, end):
        kind = "duty"
    if not lead or kind == "described" or (ordered and _STAFF.fullmatch(lead[0])):
        return None
    if kind == "verb" and (_described_after(line, end) or _orders_another(line, end)):
        return None
    colon = kind == "mark" and line.text[end] == ":"
    if kind == "mark" and not colon and line.text[end:].strip(" .;"):
        return None
    at_end = not line.text[end:].strip(" .;:")
    if at_end:
        strength = Strength.ORDER if ordered and colon else Strength.NAMED
    elif ordered:
        strength = Strength.ORDER
    else:
        strength = Strength.DUTY if colon or kind == "duty" else Strength.SUBJECT
    rest = end + 1 if colon else end
    return Assignment(start, rest, lead, strength)


_STAFF = re.compile(r"(?:cán bộ|công chức|viên chức|nhân viên)(?:,\s(?:công chức|viên chức))*")
"""«Phân công cán bộ đầu mối …»: the body over it is asked to, not its own staff."""


def _described_after(line: Reading, at: int) -> bool:
    """«Ban Kiểm tra kiểm soát gồm 03 thành viên»: the verb ends the name, and the sentence describes."""
    verb = next_stop(line, at, len(line.text))
    after = next_stop(line, verb[1], min(len(line.text), verb[1] + 8)) if verb else None
    return after is not None and after[2] == "described" and line.marked[after[0] : after[1]] in ("gồm", "bao gồm")


def _orders_another(line: Reading, at: int) -> bool:
    """«Ban Thường vụ Huyện ủy yêu cầu Đảng ủy xã …»: the body before the order gives it."""
    order = _giving().match(line.marked, at)
    return order is not None and head_at(line, order.end()) is not None


_THEN_DUTY = re.compile(r"là\s[^.;:]{1,60},\s(?:có trách nhiệm|chịu trách nhiệm|chủ trì|có nhiệm vụ)(?!\w)")


def _is_issuer(lead: tuple[str, ...], issuer: str) -> bool:
    if not issuer or len(lead) != 1:
        return False
    ours, theirs = same_body_key(issuer), same_body_key(lead[0])
    return ours == theirs or (len(theirs) > 3 and (ours.startswith(theirs + " ") or ours == theirs))


_PARTNERS = re.compile(
    r"phối hợp\s{1,2}(?:chặt chẽ\s|đồng bộ\s|tốt\s|thực hiện\s)?"
    r"(?:(?P<with>với|cùng với|cùng)\s{1,2}|(?=các|ubnd|ủy ban|sở|công an|những|[\"“]))"
)


def partners(line: Reading) -> tuple[str, ...]:
    """The bodies to work with: «phối hợp với …»."""
    for found in _PARTNERS.finditer(line.marked):
        end = body_end(line, found.end())
        if end is None and found["with"]:
            end = _plain_end(line, found.end())
        if end:
            return split_bodies(line.text[found.end() : end[0]])
    return ()


def _plain_end(line: Reading, at: int) -> tuple[int, str] | None:
    stop = next_stop(line, at, min(len(line.text), at + 160))
    return (stop[0], stop[2]) if stop and stop[0] > at + 2 else None


_TELLS = re.compile(r"(?<!\w)(?:báo cáo|gửi|trình|nộp|đề xuất)(?!\w)")
_NOT_VERB = re.compile(r"(?:chương|quy|quá|công|giáo|tờ|lập|tiến|lộ|hành|văn bản|bản)\s{1,2}$")
_REPORTED = re.compile(
    r"\s(?:về|tình hình|kết quả|đối|những|việc|nội dung|bằng|vào|danh sách|hồ sơ|số liệu"
    r"|các\s(?:khó khăn|vấn đề|vướng mắc|nội dung|trường hợp))(?!\w)"
)
_TO = re.compile(r"(?<!\w)(?:về|cho|lên|tới|đến|với|gửi|trình|qua)\s{1,2}(?:cho\s)?")


def report_to(line: Reading) -> tuple[str, ...]:
    """Bodies to whom the result is reported, sent or submitted."""
    names: list[str] = []
    for tells in _TELLS.finditer(line.marked):
        if _NOT_VERB.search(line.marked[max(0, tells.start() - 9) : tells.start()]):
            continue
        names += _told(line, tells.end())
    return tuple(dict.fromkeys(names))


def _told(line: Reading, at: int) -> tuple[str, ...]:
    clause = re.compile(r"[.;]\s|$").search(line.text, at)
    limit = min(clause.start() if clause else len(line.text), at + 220)
    direct = re.compile(r"\s{1,2}(?:về|cho|lên|tới|đến|với)?\s{0,2}").match(line.marked, at)
    places = [direct.end()] if direct else []
    places += [to.end() for to in _TO.finditer(line.marked, at, limit)]
    for place in places:
        end = body_end(line, place)
        if end and end[0] <= limit + 60 and _authority(line, place):
            return split_bodies(_REPORTED.split(line.text[place : end[0]])[0])[:2]
    return ()


@cache
def _receivers() -> re.Pattern[str]:
    return re.compile(alternation(lexicon()["orders"]["receive"]))


def _authority(line: Reading, at: int) -> bool:
    """Someone who can receive a report; «gửi các đơn vị» hands material out."""
    return bool(_receivers().match(line.marked, at))


def segments(
    line: Reading, given: Sequence[Assignment], *, alone: bool
) -> Iterator[tuple[int, int, Assignment]]:
    """Cut a paragraph where another body is given work: (start, end, assignment).

    `alone`: a long account before the first order is left out.
    """
    kept = [given[0]]
    for made in given[1:]:
        boundary = re.search(r"(?:^|[.;]\s{1,3})$", line.text[max(0, made.start - 4) : made.start])
        if made.lead != kept[-1].lead and (boundary or made.strength is Strength.ORDER):
            kept.append(made)
    first = 0
    if alone and kept[0].start > 250:
        first = kept[0].start
    starts = [first, *(_clause_start(line, made.start) for made in kept[1:])]
    yield from zip(starts, [*starts[1:], len(line.text)], kept, strict=True)


def _clause_start(line: Reading, at: int) -> int:
    """The beginning of the clause an order stands in: «Do vậy, đề nghị …»."""
    before = max(0, at - 60)
    ends = [stop.end() for stop in re.finditer(r"[.;:]\s{1,3}", line.text[before:at])]
    return before + ends[-1] if ends else at
