"""Heading of a document: letterhead, subject and signature block put together (thể thức)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from corpus import (
    addressees,
    closing,
    dates,
    evidence,
    issue_day,
    issuers,
    issuing,
    joint,
    letterhead,
    lexicon,
    number,
    subject,
)
from corpus.closing import Closing
from corpus.letterhead import Letterhead
from corpus.model import Heading, Kind, Span
from corpus.pieces import Piece, cut
from corpus.subject import Subject

HEAD = 4000  # characters of the top that are looked at
SIGNATURES = 800  # characters before the closing block in which others of a joint document sign

# «Nghị định / của Chính phủ Số 94/1998/NĐ-CP ngày …»: old documents number themselves under the type.
_NUMBER_BELOW = re.compile(
    r"\s{0,6}(?:liên\s(?:tịch|bộ)\s)?(?:của\s[^\d]{2,100}?\s|của[^\d\n]{2,60})?\s{0,4}số\s{0,3}:?\s{0,3}\d[^\n]{0,120}",
    re.IGNORECASE,
)
# A cell on one line holds number and subject: «Số: 12/SYT-NVY V/v tăng cường …».
_SUBJECT_MARK = re.compile(r" (?=[Vv]/[Vv]\s)")
_DRAFT = re.compile(r"\W*dự\s+thảo\b", re.IGNORECASE)
_NUMBER_WORD = re.compile(r"\b[Ss]ố\b")
_DECIDES = re.compile(r"(?:kèm theo|theo)\s+(?:\S+\s+){1,4}?số\b", re.IGNORECASE)


def extract(text: str) -> Heading:
    """Read the heading of a document from its NFC text.

    Looks at the first `HEAD` characters and at the closing block, so it costs the same for any length.
    """
    fixed = letterhead.anchors(text, 0, HEAD)
    begin = _letterhead_at(text, fixed)
    if begin:
        fixed = letterhead.anchors(text, begin, begin + HEAD)
    pieces = _top(text, begin, fixed)
    about = subject.read(pieces)
    if begin:
        about = _with_addressees_above(text, begin, about)
    top, line_end, end = _bounds(text, about, pieces)
    # The cell of place and day may follow that of «V/v».
    after = max(end, line_end) + (0 if about.kind_span else 160)
    fixed = tuple(span for span in fixed if span.start < top)
    head = letterhead.read(text, begin, top, fixed=fixed, line_end=line_end, subject_end=after, text_at=end)
    if about.top < 0 and not head.anchored:
        head = letterhead.without_guesses(text, head)
    close = closing.read(text, end)
    if begin:  # the letterhead stands between the text and the signature: all of it closes the document
        end = about.addressees_span.end if about.addressees_span else 0
        close = replace(close, start=begin)
    return _put_together(text, about, head, close, end)


def _letterhead_at(text: str, fixed: Sequence[Span]) -> int:
    """Where the letterhead begins: 0, or after the running text in files that store boxes last."""
    if not fixed or fixed[0].start < 250:
        return 0
    above = cut(text, 0, fixed[0].start)
    if not above or not (addressees.addresses(above[0]) or addressees.opens_text(above[0])):
        return 0
    names = 0
    while names < 3 and names < len(above) and issuers.names_body(above[-1 - names]):
        names += 1
    return above[-names].span.start if names else fixed[0].start


def _with_addressees_above(text: str, begin: int, about: Subject) -> Subject:
    above = subject.read(cut(text, 0, begin))
    return replace(about, addressees=above.addressees, addressees_span=above.addressees_span)


def _top(text: str, begin: int, fixed: Sequence[Span]) -> tuple[Piece, ...]:
    """Pieces of the top without what the letterhead's other cells hold."""
    limit = min(len(text), begin + HEAD)
    day = issue_day.placed_day(text, begin, min(limit, begin + 2500))
    taken = [*fixed, *letterhead.stamps(text, begin, limit), *([day] if day else [])]
    taken += [Span(*match.span()) for match in _SUBJECT_MARK.finditer(text, begin, limit) if _numbered(text, match)]
    pieces = cut(letterhead.masked(text, begin, limit, taken), 0, limit - begin, offset=begin)
    return tuple(piece for piece in pieces if not issuers.is_mark(piece.text))


def _numbered(text: str, subject_mark: re.Match[str]) -> bool:
    at = subject_mark.start()
    line = max(text.rfind("\n", 0, at), text.rfind("\t", 0, at), at - 80)
    return _NUMBER_WORD.search(text, max(line, 0), at) is not None


def _bounds(text: str, about: Subject, pieces: Sequence[Piece]) -> tuple[int, int, int]:
    """Where the letterhead ends, the line after it ends, and running text begins."""
    if about.top >= 0:
        line = about.kind_span.end if about.kind_span else about.top
        below = _NUMBER_BELOW.match(text, line)
        line = below.end() if below and about.kind_span else line
        return about.top, line, max(about.end, about.top)
    opening = next((p.span.start for p in pieces if addressees.opens_text(p)), len(text))
    top = min(opening, 900)
    return top, top, 0


def _put_together(text: str, about: Subject, head: Letterhead, close: Closing, end: int) -> Heading:
    parsed = _parsed(head.number.value)
    kind = about.kind or _kind_of(parsed)
    issuer = issuing.read(head, close, parsed, text, end)
    serial = head.number.value or _of_deciding(text, about, end)
    issued = head.day.on or _passed_on(text, close.start) or _day_of_deciding(text, about, end, serial)
    signed = close.signed
    blank = (head.number.blank and serial is None) or (head.day.blank and issued is None)
    draft = blank or head.draft or (about.kind_span is not None and _DRAFT.match(about.kind_span.of(text)) is not None)
    found = Heading(
        kind=kind,
        kind_printed=lexicon.kind_label(kind) if kind else None,
        number=serial,
        issued_on=issued,
        place=head.day.place,
        issuer=issuer.name,
        parent_issuer=issuer.parent,
        title=about.title,
        addressees=about.addressees,
        signer=signed.signer,
        office=signed.office,
        capacity=signed.capacity,
        recipients=close.recipients,
        urgency=head.urgency,
        secrecy=head.secrecy,
        draft=draft,
        start=head.start,
        end=end,
        close=close.start,
    )
    if close.start is not None and joint.is_joint(kind, serial, found.issuer):
        signed_by = joint.signatories(text, closing.block(text, max(end, close.start - SIGNATURES)))
        found = replace(found, signatories=joint.together(found, signed_by))
    return replace(found, evidence=evidence.of(text, found, about, head, close, issuer))


def _parsed(serial: str | None) -> number.Number | None:
    """The parts of the number; None for an irregular one that was only announced."""
    try:
        return number.parse(serial) if serial else None
    except ValueError:
        return None


def _kind_of(parsed: number.Number | None) -> Kind | None:
    """The type by the code, only where nothing is printed."""
    if parsed is None:
        return None
    kinds = lexicon.kind_of_abbr(parsed.type) if parsed.type else ()
    return kinds[0] if kinds else Kind.OFFICIAL_LETTER


def _of_deciding(text: str, about: Subject, end: int) -> str | None:
    """An attached Quy chế without a number goes by that of the decision that issues it."""
    if about.kind is None:
        return None
    zone = text[end : end + 400]
    said = _DECIDES.search(zone)
    if not said or said.start() > 60:
        return None
    dotted = re.sub(r"[.…_]{2,}", "", zone[said.start() : said.start() + 160])
    return next((str(n) for _, n in number.find(dotted) if n.body), None)


def _passed_on(text: str, close: int | None) -> dt.date | None:
    """Laws carry the day they were passed in their last sentence."""
    stop = len(text) if close is None else close
    tail = text[max(0, stop - 700) : stop + 300]
    said = re.search(r"thông\s+qua\s+(?:vào\s+)?ngày", tail)
    return dates.read(tail[said.start() : said.start() + 60]) if said else None


def _day_of_deciding(text: str, about: Subject, end: int, serial: str | None) -> dt.date | None:
    """The day of the decision whose number was taken for an attached document."""
    if serial is None or serial != _of_deciding(text, about, end):
        return None
    return dates.read(re.sub(r"[.…_]{2,}", " ", text[end : end + 300]))
