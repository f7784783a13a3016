"""Who signs, out of the lines of a signature block (quyền hạn, chức vụ, họ tên)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus import offices
from corpus import text as letters
from corpus.model import Span
from corpus.pieces import Piece, shouted

CAPACITY = re.compile(
    r"(?<![^\W_])(?P<form>T\s?[/.]?\s?M|K\s?[/.]?\s?T|T\s?[/.]?\s?L|T\s?[/.]?\s?U\s?Q"
    r"|Q)(?P<mark>\s?[./]{1,2}\s?|\s+)(?=[^\W\d_]{2})",
    re.IGNORECASE,
)
_ACTING = re.compile(r"\W{0,3}(?:Q|QUYỀN)\s?[.]?\s?(?=[^\W\d_]{2})")
SIGNED = re.compile(
    r"[\[\s]{0,3}\(?\s*(?:đã\s+ký|đã\s+kí|\(ký\)|ký\s+tên|ký,?\s*(?:ghi|đóng)|chữ\s+ký|ký\s+số|signed)\b[^)]{0,40}\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signing:
    """A signature block as printed: for whom, in which office, by whom."""

    capacity: str | None = None
    capacity_span: Span | None = None
    office: str | None = None
    office_span: Span | None = None
    signer: str | None = None
    signer_span: Span | None = None
    signer_sure: float = 0.0


def is_capacity(words: str) -> bool:
    """Say whether a line says for whom the signer signs: «KT. CHỦ TỊCH», «T/M BAN THƯỜNG VỤ»."""
    match = CAPACITY.match(words.strip(" *"))
    if not match or len(words) > 110:
        return False
    rest = words.strip(" *")[match.end() :]
    return bool(opens_office(rest) or offices.opening(rest, "bodies") or shouted(rest))


def opens_office(words: str) -> int:
    """Syllables of an office at the start; capitals may have lost their marks to OCR."""
    return offices.opening(words, "offices", folded=shouted(words))


def is_office(words: str) -> bool:
    """Say whether a line names an office and nothing that a sentence or a list would add."""
    says = words.rstrip(" *").endswith(":") and not shouted(words)  # «Chủ tịch UBND tỉnh yêu cầu:»
    words = words.strip(" *.:")
    count = 0 if says else opens_office(words)
    if len(words) > 90 or words[:1] in "-–+•(" or not count:
        return False
    return shouted(words) or (len(words.split()) <= count + 6 and not words.endswith((";", ",", ".")))


def is_only_office(words: str) -> bool:
    """An office and no word more, whatever its letters: capitals may have been in the font only."""
    words = words.strip(" *.:")
    return opens_office(words) == len(words.split()) > 0


def is_name(words: str) -> bool:
    """Say whether a line is a person's name, by its family name."""
    return offices.is_person(words.strip(" *.,0123456789"))


def may_be_name(words: str) -> bool:
    """Say whether a line that stands where a name belongs could be one: of a minority, or misread."""
    words = offices.without_title(words.strip(" *.,0123456789"))
    parts = words.split()
    if not 2 <= len(parts) <= 5 or offices.opening(words, "offices") or offices.opening(words, "bodies") > 1:
        return False
    return all(re.fullmatch(r"[^\W\d_](?:[^\W\d_]|['’-](?=\w)){0,8}", part) for part in parts) and all(
        part[0].isupper() and (part[1:].islower() or len(part) == 1 or part[1] in "'’") for part in parts
    )


def read(pieces: Sequence[Piece]) -> Signing:
    """The signature that the pieces of a block make, in text order."""
    capacity: list[Piece] = []
    office: list[Piece] = []
    signer: Piece | None = None
    spare: Piece | None = None
    for piece in pieces:
        words = piece.text.strip(" *")
        if SIGNED.fullmatch(words) or piece.ornament or signer is not None:
            continue
        if is_capacity(words):
            capacity.append(piece)
        elif capacity and not office and _continues_capacity(capacity[-1], piece, words):
            capacity[-1] = replace(capacity[-1], text=f"{capacity[-1].text} {words}")
        elif is_office(words) and not _beside([*capacity, *office], piece):
            office.append(piece)
        elif is_name(words):
            signer = piece
        elif office and _continues_office(office[-1], piece):
            office.append(piece)
        elif spare is None and (capacity or office) and may_be_name(words):
            spare = piece
    if not office and capacity and (acting := _ACTING.match(capacity[-1].text)):
        office = [replace(capacity[-1], text=capacity[-1].text[acting.end() :])]
    return _printed(capacity, office, signer or spare, sure=0.92 if signer else 0.7)


def _printed(capacity: Sequence[Piece], office: Sequence[Piece], signer: Piece | None, *, sure: float) -> Signing:
    return Signing(
        capacity="; ".join(_respelt_capacity(_clean(piece.text)) for piece in capacity) or None,
        capacity_span=_around(capacity),
        office=" ".join(offices.respelt(_clean(piece.text), "offices") for piece in office) or None,
        office_span=_around(office),
        signer=offices.without_title(_clean(signer.text).rstrip(" 0123456789")) if signer else None,
        signer_span=signer.span if signer else None,
        signer_sure=sure if signer else 0.0,
    )


def _continues_capacity(last: Piece, piece: Piece, words: str) -> bool:
    """The second line of «TM. ỦY BAN MẶT TRẬN / TỔ QUỐC VIỆT NAM»."""
    if (
        piece.line > last.line + 1
        or not shouted(words)
        or is_office(words)
        or is_capacity(words)
        or not 4 < len(words) <= 60
    ):
        return False
    return not letters.fold(last.text).startswith(("k", "q")) and not is_name(words.title())


def _beside(before: Sequence[Piece], piece: Piece) -> bool:
    """In another cell of the line of an earlier piece: a second signature."""
    ends = [other.span.end for other in before if other.line == piece.line]
    return bool(ends) and piece.span.start - max(ends) > 2


def _continues_office(last: Piece, piece: Piece) -> bool:
    """The second line of «VỤ TRƯỞNG / VỤ CẢI CÁCH HÀNH CHÍNH»."""
    return (
        shouted(piece.text)
        and 4 < len(piece.text) < 80
        and 0 < piece.line - last.line < 3
        and not re.search(r"\d", piece.text)
    )


def _around(pieces: Sequence[Piece]) -> Span | None:
    return Span(pieces[0].span.start, pieces[-1].span.end) if pieces else None


def _respelt_capacity(words: str) -> str:
    match = CAPACITY.match(words)
    return words[: match.end()] + offices.respelt(words[match.end() :], "offices") if match else words


def _clean(words: str) -> str:
    return " ".join(words.split()).strip(" *.,:;[]_—–-")
