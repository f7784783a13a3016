"""What a dossier's list says of each document, and which leaves it takes: read now, or as it was when closed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive import dossiers
from archive.appraisal import Handed
from archive.dossiers import Described, Dossier, Entry, State, Unit
from indexer.views import Card
from web.context import service, viewer
from web.filters import date

_UNSEALED = ("unsigned", "could-not-check")
_CALLED = re.compile(r"^(?:v/v:?|về việc|về)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list of a dossier's documents."""

    entry: Entry
    described: Described
    first: int | None
    """Its first leaf; None as soon as one before it is not counted."""
    last: int | None
    counted: bool = True
    """Whether its own leaves are known."""
    changed: bool = False
    """Whether the document reads otherwise now than when the dossier was closed."""
    held: bool = True
    """Whether its bytes are still in the archive."""

    @property
    def leaves(self) -> str:
        """«05-08», empty where it is not counted.

        One leaf is one number.
        """
        if self.first is None or self.last is None:
            return ""
        return f"{self.first:02d}" if self.first == self.last else f"{self.first:02d}-{self.last:02d}"

    @property
    def note(self) -> str:
        """What the last column says."""
        return self.entry.note or ("ký số" if self.described.signed else "")


def described(card: Card | None) -> Described:
    """What is read of a document now."""
    if card is None:
        return Described()
    return Described(
        number=card.number, issued_on=card.issued_on, kind=card.kind_label, title=card.title or card.name,
        issuer=card.issuer, pages=card.pages, signed=card.signature not in _UNSEALED,
    )  # fmt: skip


def of(dossier: Dossier) -> tuple[Line, ...]:
    """The lines of a dossier, in order."""
    entries = dossiers.entries(service().archive, viewer(), dossier.id)
    cards = service().findings.cards(viewer(), [entry.document for entry in entries])
    return lines(dossier, entries, cards)


def lines(dossier: Dossier, entries: Iterable[Entry], cards: Mapping[str, Card]) -> tuple[Line, ...]:
    """The same from what was read already."""
    found, at = [], 1
    for entry in entries:
        card = cards.get(entry.document)
        now = described(card)
        said = entry.described or now
        count = entry.leaves or (said.pages if dossier.unit is Unit.PAGE else None)
        first, last = (at, at + count - 1) if at and count else (None, None)
        at = last + 1 if last else 0
        held = card is not None and card.state.value not in ("destroyed", "refused")
        changed = entry.described is not None and dossier.state is State.CLOSED and held and said != now
        found.append(Line(entry, said, first, last, bool(count), changed, held))
    return tuple(found)


def uncounted(some: Iterable[Line]) -> int:
    """Of how many lines the leaves are not known."""
    return sum(not line.counted for line in some)


def total(some: Iterable[Line]) -> int | None:
    """The number of leaves; None when one is not counted."""
    last: int | None = 0
    for line in some:
        last = line.last
        if last is None:
            return None
    return last


def titled(one: Described) -> str:
    """Kind and title in one: «Kế hoạch về xây dựng xã hội học tập»."""
    title = one.title or ""
    if not one.kind:
        return title
    if _CALLED.match(title):
        return f"{one.kind} về {_CALLED.sub('', title)}"
    return title if title.casefold().startswith(one.kind.casefold()) else f"{one.kind} {_lowered(title)}".strip()


def called(title: str) -> str:
    """A dossier's title after the words «Hồ sơ 03.TG:».

    >>> called("Hồ sơ về việc xây dựng xã hội học tập"), called("Tập văn bản đi")
    ('xây dựng xã hội học tập', 'Tập văn bản đi')
    """
    return re.sub(r"^hồ sơ (?:về việc |về )?", "", title, flags=re.IGNORECASE)


def _lowered(title: str) -> str:
    """A title that begins a line, in the middle of one: only words that are surely no names."""
    word = title.partition(" ")[0]
    plain = ("Kết", "Thực", "Tổng", "Sơ", "Triển", "Xây", "Tăng", "Công", "Tình", "Kiện", "Ban", "Đánh", "Tiếp", "Nâng")
    return word.lower() + title[len(word) :] if word in plain else title


def span(some: Iterable[Line]) -> tuple[dt.date, dt.date] | None:
    """The earliest and the latest day of issue; None where no document has one."""
    days = [line.described.issued_on for line in some if line.described.issued_on]
    return (min(days), max(days)) if days else None


def handed(dossier: Dossier, lines: Sequence[Line]) -> Handed:
    """A dossier as a list of dossiers that are handed over names it."""
    return Handed(
        dossier=dossier.id, code=dossier.code, title=dossier.title, heading=dossier.heading, span=span_words(lines),
        term=dossier.decided.term.value if dossier.decided else "", documents=len(lines), leaves=total(lines),
        unit=dossier.unit.value, files=sum(line.held for line in lines),
    )  # fmt: skip


def span_words(some: Iterable[Line]) -> str:
    """Time of a dossier's papers: «24/8/2016 - 22/12/2017»."""
    found = span(some)
    if found is None:
        return ""
    return date(found[0]) if found[0] == found[1] else f"{date(found[0])} - {date(found[1])}"
