"""Which held document a citation means: by number, kind, body with place, date, term and title; DOMAIN §1.7.

A symbol is not an identity: State numbers restart every year in every body, Party numbers every term of a
committee. So a document is chosen only on evidence beside its number, and never against another as good.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import lexicon, number, terms
from corpus.bodies import Register
from corpus.model import Citation, Heading, Kind
from corpus.seats import Seat
from corpus.text import fold

CHOSEN = 0.6
"""Score from which a document is the one meant, when no other comes near."""
MARGIN = 0.15
"""How far the next best must be behind."""

_NAMED = (Kind.LAW, Kind.CODE, Kind.ORDINANCE, Kind.CONSTITUTION)
"""Types that are cited by name and day, without number (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
_ATTACHED = (Kind.REGULATION, Kind.RULES, Kind.SCHEME, Kind.PROGRAMME, Kind.STRATEGY, Kind.PLAN, Kind.PROJECT)
"""Types that go by the number of the decision which issues them: «Đề án 89»."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a held document."""

    document: str
    number: str | None = None
    kind: Kind | None = None
    issued_on: dt.date | None = None
    issuer: str | None = None
    title: str | None = None
    place: str | None = None
    parent_issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a citation may mean."""

    chosen: str | None = None
    """The document meant; None when none is sure."""
    ranked: tuple[tuple[str, float, str], ...] = ()
    """(document, score 0…1, reason in Vietnamese), the best first; nothing that contradicts the citation."""
    itself: bool = False
    """It speaks of the document it stands in."""


# Keys under which a citation and a document meet


def own_keys(heading: Heading) -> Iterator[str]:
    """The keys a document answers to."""
    if heading.number:
        yield f"n:{number.key(heading.number)}"
        parsed = _parsed(heading.number)
        if parsed:
            yield _without_units(parsed)
            yield from (_serial_key(parsed.serial, kind) for kind in _kinds(parsed, heading.kind))
    if heading.kind in _NAMED and heading.title:
        yield _name_key(heading.title)


def cited_keys(citation: Citation) -> Iterator[str]:
    """The keys under which the documents it may mean are found."""
    parsed = _parsed(citation.number)
    if citation.number:
        yield f"n:{number.key(citation.number)}"
        if parsed:
            yield _without_units(parsed)
    elif citation.serial and citation.kind:
        yield _serial_key(citation.serial, citation.kind)
    elif citation.kind in _NAMED and citation.title:
        yield _name_key(citation.title)


def _parsed(text: str | None) -> number.Number | None:
    try:
        return number.parse(text) if text else None
    except ValueError:
        return None


def _without_units(parsed: number.Number) -> str:
    """«436/UBND» and «436/UBND-VX» meet."""
    kind = lexicon.code_key(parsed.type or "")
    return f"b:{_bare(parsed.serial)}/{parsed.year or ''}/{'' if kind == 'cv' else kind}/{_body_key(parsed)}"


def _body_key(parsed: number.Number) -> str:
    return lexicon.code_key(parsed.body or "")


def _bare(serial: str) -> str:
    return serial.lstrip("0") or "0"


def _kinds(parsed: number.Number, printed: Kind | None) -> set[Kind]:
    """What a bare «Đề án 89» or «Quyết định 89» may call it."""
    kinds = {printed} if printed else set()
    kinds |= set(lexicon.kind_of_abbr(parsed.type)) if parsed.type else {Kind.OFFICIAL_LETTER}
    return kinds | (set(_ATTACHED) if Kind.DECISION in kinds else set())


def _serial_key(serial: str, kind: Kind) -> str:
    return f"s:{_bare(serial)}/{kind.value}"


def _name_key(title: str) -> str:
    name = re.sub(r"^(?:bộ luật|luật|pháp lệnh|hiến pháp)\s+", "", title.strip(" .“”\""), flags=re.IGNORECASE)
    return f"l:{lexicon.name_key(re.sub(r'^về ', '', name))}"


# Choosing


def resolve(
    citation: Citation, citing: Known, candidates: Sequence[Known], register: Register | None = None
) -> Resolution:
    """The document a citation means among those that meet it under a key; `register` knows the bodies.

    The order of `candidates` does not matter. A candidate that contradicts the citation (another year,
    another body, a later day than the citing paper) is left out altogether.
    """
    bodies = register or Register(())
    weighed = [(_weigh(citation, citing, known, bodies), known) for known in candidates]
    ranked = sorted(
        ((w.score, known.document, w) for w, known in weighed if w is not None),
        key=lambda item: (-round(item[0], 4), item[1]),
    )
    if not ranked:
        return Resolution()
    best = ranked[0]
    if best[1] == citing.document or (not citation.place and _speaks_of_itself(citation, citing, ranked)):
        return Resolution(itself=True)
    shown = tuple((document, round(score, 3), w.reason) for score, document, w in ranked)
    clear = len(ranked) == 1 or best[0] - ranked[1][0] >= MARGIN
    needed = CHOSEN if citation.number or not citation.serial else CHOSEN + 0.1
    sure = best[0] >= needed and clear and best[2].evident
    return Resolution(best[1] if sure else None, shown)


def _speaks_of_itself(
    citation: Citation, citing: Known, ranked: Sequence[tuple[float, str, _Weight]]
) -> bool:
    """Its own number, where another held document of that number is no likelier."""
    own = next((score for score, document, _ in ranked if document == citing.document), None)
    return own is not None and citation.issued_on is None and own + MARGIN > ranked[0][0]


@dataclass(slots=True)
class _Weight:
    """How well one candidate fits, and what beside the number speaks for it."""

    score: float = 0.0
    reasons: tuple[str, ...] = ()
    time: int = 0
    """2: the very day or year; 1: the same run of numbers as the citing paper."""
    body: int = 0
    """2: the body with its place; 1: a body of that level."""
    title: bool = False
    by_name: bool = False
    """Met by its name alone: laws of one name follow each other, so that only a day or a year tells which is meant."""

    @property
    def reason(self) -> str:
        return ", ".join(self.reasons)

    @property
    def evident(self) -> bool:
        """Number and day, or number and body in one run of numbers, or number and subject."""
        return self.time == 2 or (not self.by_name and (self.title or (self.time == 1 and self.body == 2)))

    def add(self, score: float, reason: str, *, time: int = 0, body: int = 0) -> None:
        self.score += score
        self.reasons += (reason,) if reason else ()
        self.time = max(self.time, time)
        self.body = max(self.body, body)


def _weigh(citation: Citation, citing: Known, known: Known, register: Register) -> _Weight | None:
    """None when the candidate contradicts the citation."""
    parsed = _parsed(known.number)
    weight = _Weight()
    if citation.number:
        same = bool(known.number) and number.key(citation.number) == number.key(known.number or "")
        weight.add(0.4 if same else 0.3, "trùng số, ký hiệu" if same else "trùng số và cơ quan")
    elif citation.serial:
        weight.add(0.25, "trùng số")
        if not _same_kind(citation.kind, known, parsed):
            return None
    else:
        weight.by_name = True
        weight.add(0.4, "trùng tên")
    if not _weigh_time(weight, citation, citing, known, parsed):
        return None
    if not _weigh_body(weight, citation, citing, known, parsed, register):
        return None
    if _same_title(citation, known):
        weight.title = True
        weight.add(0.2, "cùng trích yếu")
    weight.score = max(0.0, min(weight.score, 1.0))
    return weight


def _same_kind(cited: Kind | None, known: Known, parsed: number.Number | None) -> bool:
    if cited is None or known.kind is None or cited is known.kind:
        return True
    if parsed is None or cited not in _kinds(parsed, known.kind):
        return False
    attached = cited in _ATTACHED and known.kind is Kind.DECISION
    return not attached or fold(lexicon.kind_label(cited)) in fold(known.title or "")


def _same_title(citation: Citation, known: Known) -> bool:
    if not citation.title or not known.title:
        return False
    asked, held = _telling(citation.title), _telling(known.title)
    common = asked & held
    return len(common) >= 3 and len(common) * 10 >= 6 * min(len(asked), len(held))


_SMALL = frozenset(
    re.findall(r"\w+", "ve viec cua va cac cho tai den nam so mot trong tren giai doan thuc hien phe duyet ban hanh")
)


def _telling(title: str) -> set[str]:
    return set(re.findall(r"\w+", fold(title))) - _SMALL


# The day, the year, the term


def _weigh_time(
    weight: _Weight, citation: Citation, citing: Known, known: Known, parsed: number.Number | None
) -> bool:
    """False when the days contradict each other."""
    held = known.issued_on
    if held is None:
        return True
    if citing.issued_on and held > citing.issued_on and known.document != citing.document:
        return False
    if citation.issued_on:
        return _weigh_day(weight, citation.issued_on, held, parsed)
    if citation.year:
        if citation.year != held.year:
            return False
        weight.add(0.3, f"cùng năm {held.year}", time=2)
        return True
    if citation.number and parsed and parsed.year:
        weight.add(0.25, "", time=2)  # the year stands in the number, and the numbers are equal
        return True
    if citing.issued_on and _same_series(citing.issued_on, held, parsed):
        weight.add(0.2, "cùng nhiệm kỳ" if parsed and parsed.side == "party" else "cùng năm", time=1)
    return True


def _weigh_day(weight: _Weight, cited: dt.date, held: dt.date, parsed: number.Number | None) -> bool:
    if cited == held:
        weight.add(0.4, "trùng ngày", time=2)
        return True
    # Offices misprint days: within one series of numbers the number still says which document it is.
    if not _same_series(cited, held, parsed):
        return False
    weight.add(0.15, f"ngày ghi khác ({held:%d/%m/%Y})", time=1)
    return True


def _same_series(one: dt.date, other: dt.date, parsed: number.Number | None) -> bool:
    """Whether both days fall into one run of numbers: a year, or a term of a Party committee."""
    if parsed and parsed.side == "party":
        return terms.term(one, parsed.body) == terms.term(other, parsed.body)
    return one.year == other.year


# The body and its place


def _weigh_body(
    weight: _Weight, citation: Citation, citing: Known, known: Known, parsed: number.Number | None, register: Register
) -> bool:
    """False when it is another body, or the same kind of body of another place."""
    if (told := _by_register(weight, citation, citing, known, register)) is not None:
        return told
    held = Seat.of(known.issuer, known.parent_issuer, known.place)
    asked = Seat.of(citation.issuer) if citation.issuer else Seat()
    if asked.level and held.level and asked.level != held.level:
        return False
    if _central(parsed, known):
        weight.add(0.15, "cơ quan Trung ương", body=2)
        return True
    if asked.place and held.place:
        if asked.place != held.place:
            return False
        weight.add(0.3, "cùng cơ quan", body=2)
        return True
    own = Seat.of(citing.issuer, citing.parent_issuer, citing.place)
    return _weigh_place(weight, asked, own, held)


def _by_register(
    weight: _Weight, citation: Citation, citing: Known, known: Known, register: Register
) -> bool | None:
    """What the register says: True for the body meant or one before or after it, False for another; None: nothing."""
    held = register.one(known.issuer, parent=known.parent_issuer, on=known.issued_on)
    own = register.one(citing.issuer, parent=citing.parent_issuer, on=citing.issued_on)
    if held is None:
        return None
    if citation.issuer is None:
        if own is None or own.id == held.id or not register.follows(own.id, held.id):
            return None
        weight.add(0.1, "cơ quan tiền thân", body=1)
        return True
    near = register.above(own.id) if own else ()
    # A citation without a day speaks of the body as it was when the document held was issued.
    asked = register.named(citation.issuer, on=citation.issued_on or known.issued_on, near=near)
    if not asked:
        return None
    if held in asked:
        sure = len(asked) == 1
        weight.add(0.3 if sure else 0.15, "cùng cơ quan" if sure else "một trong các cơ quan cùng tên", body=1 + sure)
        return True
    if any(register.follows(one.id, held.id) or register.follows(held.id, one.id) for one in asked):
        weight.add(0.15, "cơ quan tiền thân hoặc kế tục", body=1)
        return True
    return False


def _weigh_place(weight: _Weight, asked: Seat, own: Seat, held: Seat) -> bool:
    """«Ủy ban nhân dân huyện» without a name is that of the citing body's own place."""
    if own.place and held.place and own.level == held.level:
        if own.place == held.place:
            weight.add(0.3 if asked.level else 0.2, "cùng địa phương", body=2)
            return True
        if asked.level:
            return False
        weight.add(-0.25, "địa phương khác")
        return True
    if asked.level and asked.level == held.level:
        weight.add(0.15, "cùng cấp", body=1)
    return True


def _central(parsed: number.Number | None, known: Known) -> bool:
    if parsed is None:
        return known.kind in _NAMED
    bodies = lexicon.bodies_of_code(parsed.body or "")
    return bool(bodies) and all(body.level == "central" for body in bodies)
