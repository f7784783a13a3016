"""How long a dossier is kept (thời hạn bảo quản): the table of rules, what it proposes, and when a term is over.

The table is data (`data/retention.toml`, and `thoi-han.toml` of the office); it proposes, a person decides
(`archive.appraisal`). The last day of a term is worked out each time and never stored.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Self

from archive.errors import NotAllowed
from corpus.text import normalise

PERMANENT = "vinh-vien"
IN_FORCE = "hieu-luc"
MOST = 70
"""Years; what is to be kept longer is kept for ever."""
HANDED_IN = 5
"""Years from which a dossier goes to the archive of the body (Nghị định 30/2020/NĐ-CP, Phụ lục V)."""
OWN = "thoi-han.toml"
"""The office's own rules, in the data folder."""
_SHIPPED = Path(__file__).parent / "data" / "retention.toml"


@dataclass(frozen=True, slots=True)
class Term:
    """How long: for ever, until the papers are no longer in force, or years after the work ended.

    >>> Term.parse("10 năm").words, Term.parse("Vĩnh viễn").value, Term.parse("20").years
    ('10 năm', 'vinh-vien', 20)
    """

    value: str
    """`vinh-vien`, `hieu-luc`, or digits."""

    @classmethod
    def parse(cls, typed: str) -> Self:
        """A term as people write it. NotAllowed when it is none."""
        said = " ".join(normalise(typed).casefold().split())
        if said in (PERMANENT, "vĩnh viễn", "vv"):
            return cls(PERMANENT)
        if said == IN_FORCE or said.endswith(("hết hiệu lực", "hết hiệu lực thi hành")):
            return cls(IN_FORCE)
        found = re.fullmatch(r"(\d{1,2})(?: năm)?", said)
        if not found or not 1 <= int(found[1]) <= MOST:
            raise NotAllowed(
                reason=f"Chưa hiểu thời hạn bảo quản “{typed}”. Xin ghi “vĩnh viễn”, “đến khi hết hiệu lực” "
                f"hoặc số năm từ 1 đến {MOST}, ví dụ “10 năm”."
            )
        return cls(str(int(found[1])))

    @property
    def years(self) -> int | None:
        """None where it does not end after a number of years."""
        return int(self.value) if self.value.isdecimal() else None

    @property
    def words(self) -> str:
        """As it is printed."""
        if self.value == PERMANENT:
            return "vĩnh viễn"
        return f"{self.value} năm" if self.years else "đến khi hết hiệu lực"

    @property
    def handed_in(self) -> bool:
        """Whether a dossier of this term goes to the archive of the body."""
        return self.value == PERMANENT or (self.years or 0) >= HANDED_IN


def last_day(ended_on: dt.date, term: Term) -> dt.date | None:
    """The last day a dossier is kept; None when no day can be told.

    Counted in years from the year the work ended: the rest of that year does not count.

    >>> last_day(dt.date(2017, 3, 1), Term("5"))
    datetime.date(2022, 12, 31)
    """
    return dt.date(ended_on.year + term.years, 12, 31) if term.years else None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on."""

    id: str
    name: str
    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    id: str
    about: str
    """What it is for, in our words."""
    term: Term
    basis: Basis
    checked: bool
    """Whether the figure was compared with the text of its basis."""
    words: tuple[tuple[str, ...], ...]
    without: tuple[tuple[str, ...], ...]
    row: str = ""
    """Where in its basis the figure stands, as far as it was compared: «Phụ lục I, nhóm 3»."""

    def met(self, title: str) -> tuple[str, ...]:
        """The words of a title (as `_plain` gives it) by which it falls under the rule; empty when it does not."""
        if any(_first(title, group) for group in self.without):
            return ()
        found = [_first(title, group) for group in self.words]
        return tuple(word for word in found if word) if all(found) else ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A term that a rule proposes, and the words of the title it goes by."""

    rule: Rule
    words: tuple[str, ...]


def propose(title: str, rules: Iterable[Rule], *, on: dt.date) -> tuple[Proposal, ...]:
    """What the rules in force on a day propose for a title, the most telling first.

    Several are shown, never one chosen: whose plan it is, a title does not say.
    """
    plain = _plain(title)
    found = [Proposal(rule, words) for rule in rules if _holds(rule.basis, on) and (words := rule.met(plain))]
    return tuple(sorted(found, key=lambda one: (-sum(map(len, one.words)), not one.rule.checked, one.rule.id)))


def _holds(basis: Basis, on: dt.date) -> bool:
    return (basis.since is None or basis.since <= on) and (basis.until is None or on <= basis.until)


def _plain(text: str) -> str:
    """Words in small letters with single blanks, one before and one after."""
    words = re.findall(r"[^\W_]+", normalise(text).casefold())
    return f" {' '.join(words)} "


def _first(title: str, alternatives: Iterable[str]) -> str | None:
    return next((one for one in alternatives if f" {one} " in title), None)


def rules(folder: Path) -> tuple[Rule, ...]:
    """The shipped table with the office's own rules laid over it. NotAllowed names what is wrong in those."""
    own = folder / OWN
    shipped = _shipped()
    if not own.is_file():
        return tuple(shipped.values())
    try:
        told = tomllib.loads(own.read_text(encoding="utf-8"))
        return tuple({**shipped, **_read(told, {one.basis.id: one.basis for one in shipped.values()})}.values())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAllowed(reason=f"Tệp {own} chưa đúng: {error}. Xin sửa tệp ấy hoặc bỏ đi.") from error


@cache
def _shipped() -> Mapping[str, Rule]:
    return _read(tomllib.loads(_SHIPPED.read_text(encoding="utf-8")), {})


def _read(told: Mapping[str, Any], known: Mapping[str, Basis]) -> dict[str, Rule]:
    bases = {**known, **{one["id"]: Basis(one["id"], one["name"], one.get("since"), one.get("until"))
                         for one in told.get("basis", ())}}  # fmt: skip
    found = {}
    for one in told.get("rule", ()):
        rule = Rule(
            id=one["id"], about=one["about"], term=Term.parse(one["term"]), basis=bases[one["basis"]],
            checked=one.get("checked", False), words=_groups(one["words"]), without=_groups(one.get("without", ())),
            row=one.get("row", ""),
        )  # fmt: skip
        found[rule.id] = rule
        if "before" in one:
            basis, term = bases[one["before"]], Term.parse(one.get("before_term", one["term"]))
            row = one.get("before_row", "")
            found[f"{rule.id}, {basis.id}"] = replace(rule, basis=basis, term=term, checked=bool(row), row=row)
    return found


def _groups(lines: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Lines of alternatives, the longest first: «sổ đăng ký» says more than «sổ»."""
    groups = ([_plain(one).strip() for one in line.split("|")] for line in lines)
    return tuple(tuple(sorted(group, key=len, reverse=True)) for group in groups)
