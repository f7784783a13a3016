"""Doubts about numbers and days in words, with what a person needs to settle one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from archive.corrections import Correction
from archive.registers import Line, Register
from corpus.numbering import Code
from indexer import registering
from indexer.registering import Doubtful
from web.beside_words import DOUBTS
from web.filters import date

LONGEST = 20_000
"""Characters of what a form says of a doubt."""


@dataclass(frozen=True, slots=True)
class Told:
    """One doubt as the page shows it."""

    label: str
    words: Markup
    document: str | None
    """Where its settling is kept; None where no paper is held."""
    about: str
    settled: Correction | None


def tell(doubtful: Doubtful, lines: Mapping[str, Line]) -> Told:
    """A doubt in one sentence; `lines` by the name that doubts call them by."""
    doubt = doubtful.doubt

    def named(name: str) -> Markup:
        return _named(name, doubtful, lines.get(name))

    first = named(doubt.name)
    others = Markup(", ").join(map(named, doubt.others))
    line = lines.get(doubt.name)
    if doubt.code is Code.TWICE:
        words = Markup("%s trùng số với %s: cùng cơ quan, cùng %s, khác nội dung.") % (first, others, _run(doubtful))
    elif doubt.code is Code.GAP:
        words = Markup("Giữa %s và %s kho không có %s.") % (others, first, _runs(doubt.missing))
    elif doubt.code is Code.BACK:
        words = Markup("%s đề ngày trước %s, là số nhỏ hơn.") % (first, others)
    elif doubt.code is Code.LATE:
        words = Markup("%s đề ngày sau ngày đến%s.") % (first, f" {date(line.day)}" if line else "")
    else:
        words = Markup("%s đến trước %s, là số đến nhỏ hơn.") % (first, others)
    document = doubt.name if ":" not in doubt.name else None
    about = json.dumps(registering.anchor(doubt), ensure_ascii=False, separators=(",", ":"))
    return Told(DOUBTS[doubt.code], words, document, about, doubtful.settled)


def _named(name: str, doubtful: Doubtful, line: Line | None) -> Markup:
    """A paper by number and day, linked where it is held."""
    card = doubtful.cards.get(name)
    paper = card or (line.paper if line else None)
    number, day = (paper.number, paper.issued_on) if paper else ("", None)
    words = " ".join(filter(None, (number or "văn bản không số", day and f"ngày {date(day)}")))
    arrived = f"số đến {line.number} ngày {date(line.day)}" if line and line.register is Register.IN else ""
    said = Markup('<span class="nowrap">%s</span>') % words
    if card:
        said = Markup('<a href="%s">%s</a>') % (url_for("documents.read", document=card.document), said)
    told = arrived and (doubtful.doubt.code is Code.ARRIVAL or not card)
    return Markup("%s (%s)") % (said, arrived) if told else said


def _run(doubtful: Doubtful) -> str:
    """Party numbers run through a term, all others through a year."""
    years = {card.issued_on.year for card in doubtful.cards.values() if card.issued_on}
    return "năm" if len(years) < 2 else "nhiệm kỳ"


def _runs(missing: tuple[tuple[int, int], ...]) -> str:
    return "; ".join(
        f"số {low:02}" if low == high else f"{high - low + 1} số, từ {low:02} đến {high:02}" for low, high in missing
    )


def anchor(said: str) -> dict[str, Any] | None:
    """What a form says of a doubt; None where it is none of ours."""
    try:
        found = json.loads(said[:LONGEST])
    except ValueError:
        return None
    known = isinstance(found, dict) and set(found) == {"code", "others", "missing"}
    return found if known and isinstance(found["others"], list) and isinstance(found["missing"], list) else None
