"""How surely each field of a heading was read, and where (bằng chứng)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from corpus import text as letters
from corpus.closing import Closing
from corpus.issuing import Issuer
from corpus.letterhead import Letterhead
from corpus.model import Evidence, Heading, Span
from corpus.subject import Subject

DOUBTFUL = 0.8
"""Below it a person should look."""

# What recognition leaves of stamps, signatures and rules, and never stands in a heading.
_LITTER = re.compile(r"[|~^`\\{}<>«»€⁄#¢£¥©®°§¬¦¤ƒ]|\w[€$]|[^\W\d_]\d[^\W\d_]")
_ENDS_OPEN = re.compile(r"\b(?:và|của|về|các|cho|với|theo|thuộc|do|tại|trong)$|[,(-]$", re.IGNORECASE)


def of(
    text: str, found: Heading, about: Subject, head: Letterhead, close: Closing, issuer: Issuer
) -> Mapping[str, Evidence]:
    """Span and confidence of every field that was read from a place in the text."""
    signed = close.signed
    places: dict[str, tuple[Span | None, float]] = {
        "kind": (about.kind_span or head.number.span or about.addressees_span, _kind(about)),
        "number": (head.number.span if found.number else None, _number(found, head)),
        "issued_on": (head.day.span if head.day.on else None, _day(found, head)),
        "place": (head.day.span if head.day.place else None, 0.9),
        "issuer": (issuer.span, _words(found.issuer, issuer.sure, longest=120)),
        "parent_issuer": (issuer.span, _words(found.parent_issuer, issuer.sure, longest=120)),
        "title": (about.title_span, _title(found, about)),
        "addressees": (about.addressees_span, 0.9),
        "recipients": (close.recipients_span if close.recipients else None, _recipients(found)),
        "signer": (signed.signer_span, _words(found.signer, signed.signer_sure, longest=40)),
        "office": (signed.office_span, _words(found.office, 0.92 if signed.signer else 0.8, longest=90)),
        "capacity": (signed.capacity_span, _words(found.capacity, 0.92, longest=120)),
        "urgency": (head.urgency_span, 0.9),
        "secrecy": (head.secrecy_span, 0.9),
    }
    return MappingProxyType(
        {name: Evidence(span, round(sure, 2)) for name, (span, sure) in places.items() if span and getattr(found, name)}
    )


def _kind(about: Subject) -> float:
    if about.kind_span:
        return 0.95
    return 0.9 if about.kind else 0.7


def _number(found: Heading, head: Letterhead) -> float:
    sure = _words(found.number, head.number.sure, longest=45)
    # Number and day are written into the form by one hand: where it cannot be read once, it was guessed twice.
    return min(sure, 0.6) if head.day.unreadable else sure


def _day(found: Heading, head: Letterhead) -> float:
    lone = head.day.sure < 0.9
    return min(head.day.sure, 0.6) if lone and found.number is None and not head.number.blank else head.day.sure


def _title(found: Heading, about: Subject) -> float:
    sure = _words(found.title, 0.9 if about.kind_span else 0.88, longest=450)
    return min(sure, 0.6) if found.title and _ENDS_OPEN.search(found.title) else sure


def _recipients(found: Heading) -> float:
    sure = min((_words(name, 0.9, longest=160) for name in found.recipients), default=0.9)
    kept = any(letters.fold(name).startswith("luu") for name in found.recipients)
    return sure if kept else min(sure, 0.75)


def _words(value: str | None, sure: float, *, longest: int) -> float:
    """Less sure of words that hold litter or run on."""
    if value is None:
        return 0.0
    return min(sure, 0.6) if len(value) > longest or _LITTER.search(value) else sure
