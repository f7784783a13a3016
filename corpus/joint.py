"""Documents that several bodies issue together (văn bản liên tịch): who they are, and who signs for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from corpus import bodyname, offices, signing
from corpus.model import Heading, Kind, Signatory
from corpus.pieces import Piece
from corpus.text import fold

KINDS = (Kind.JOINT_CIRCULAR, Kind.JOINT_RESOLUTION, Kind.JOINT_PLAN)
_MARK = re.compile(r"[-/](?:(?:TT|NQ|KH|CTr|HD|QC|QĐ|TB|BC)LT|(?:CT|CTr|QC|KH)PH)(?:[-/]|$)")
_FOR = re.compile(r"T\s?[/.]?\s?M\W{1,3}(?P<body>.{4,})", re.IGNORECASE)
_DASH = re.compile(r"\s[-–—]\s|\s?;\s?")


def is_joint(kind: Kind | None, number: str | None, issuer: str | None) -> bool:
    """Whether type, number or letterhead say that several bodies issue it."""
    return kind in KINDS or bool(_MARK.search(number or "")) or len(issuers(issuer)) > 1


def issuers(issuer: str | None) -> tuple[str, ...]:
    """The bodies of a letterhead that joins them with dashes; one where each part is no body of its own.

    >>> issuers("Bộ Tư pháp - Bộ Công an"), issuers("Sở Lao động - Thương binh và Xã hội")
    (('Bộ Tư pháp', 'Bộ Công an'), ('Sở Lao động - Thương binh và Xã hội',))
    """
    if not issuer:
        return ()
    names = [name.strip() for name in _DASH.split(issuer)]
    return tuple(names) if all(offices.opening(name, "bodies") for name in names) else (issuer,)


def issuers_of(heading: Heading) -> tuple[str, ...]:
    """Every body that issues a document: of its letterhead, else those for which its signatories sign."""
    named = issuers(heading.issuer)
    capacities = (one.capacity or "" for one in heading.signatories)
    signed_for = [bodyname.proper(said["body"]) for one in capacities if (said := _FOR.match(one))]
    others = [name for name in signed_for if not any(fold(name) == fold(known) for known in named)]
    return (*named, *others) if len(named) == 1 and len(signed_for) > 1 else named


def signatories(text: str, pieces: Iterable[Piece]) -> tuple[Signatory, ...]:
    """Everyone who signs, in text order, out of the pieces of a closing block: blocks below or beside each other."""
    found: list[Signatory] = []
    columns: list[list[Piece]] = []
    for _, row in groupby(pieces, key=lambda piece: piece.line):
        signs = [piece for piece in row if _signs(piece.text)]
        if not signs:
            continue
        fresh = any(not signing.is_name(piece.text) for piece in signs)
        if fresh and columns and all(_named(column) for column in columns):
            found += _signed(columns)
            columns = []
        _share(text, columns, signs)
    return (*found, *_signed(columns))


def _share(text: str, columns: list[list[Piece]], row: Sequence[Piece]) -> None:
    """Give the pieces of one line to the columns they stand in; a lone one to the first that lacks a name."""
    if len(row) == 1 and columns:
        waiting = next((column for column in columns if not _named(column)), columns[0])
        waiting.append(row[0])
        return
    at, end = 0, row[0].span.start
    for piece in row:
        gap = text[end : piece.span.start]
        at += "\t" in gap or len(gap) > 2  # «KT. BỘ TRƯỞNGTHỨ TRƯỞNG» is one cell whose line break was lost
        if at == len(columns):
            columns.append([])
        columns[at].append(piece)
        end = piece.span.end


def _signs(words: str) -> bool:
    words = words.strip(" *")
    return signing.is_capacity(words) or signing.is_office(words) or signing.is_name(words)


def _named(column: Sequence[Piece]) -> bool:
    return any(signing.is_name(piece.text) for piece in column)


def _signed(columns: Iterable[Sequence[Piece]]) -> Iterable[Signatory]:
    for column in columns:
        said = signing.read(column)
        if said.signer and (said.office or said.capacity):
            yield Signatory(said.signer, said.office, said.capacity)


def together(heading: Heading, signed: Sequence[Signatory]) -> tuple[Signatory, ...]:
    """The signatories of a joint document; () where one person signs."""
    joint = is_joint(heading.kind, heading.number, heading.issuer)
    return tuple(dict.fromkeys(signed)) if joint and len(set(signed)) > 1 else ()
