"""Who issues a document, in full, out of letterhead, symbol, enacting words and signature (cơ quan ban hành)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus import bodyname, lexicon, number, offices
from corpus.closing import Closing
from corpus.letterhead import Letterhead
from corpus.model import Span
from corpus.text import CAPITALS, fold

_BY_CODE = {"ttg": "Thủ tướng Chính phủ", "cp": "Chính phủ", "ctn": "Chủ tịch nước"}
# «445-KL/TƯ» under «TỈNH ỦY …» is a misread TU.
_CENTRAL = re.compile(r"Ban Bí thư|Bộ Chính trị")
_LOCAL_COMMITTEE = re.compile(r"(?:Tỉnh|Thành|Huyện|Quận|Thị|Đảng) (?:ủy|uỷ)\b(?! Trung)")
# «Bộ trưởng Bộ Y tế ban hành Thông tư …»: the sentence that enacts names who enacts.
_ENACTS = re.compile(
    r"(?m)(?:^|;)[ \t]*(?P<who>[^\W\d_][^\n.;:]{3,90}?)\s+(?:ban hành|quyết nghị|quyết định)\b"
    r"(?=\s+(?:Hiến|Bộ luật|Luật|Pháp|Nghị|Quyết|Thông|Chỉ|Quy|\d{1,2}\s))"
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuing body, the one above it, where they were read, and how surely."""

    name: str | None = None
    parent: str | None = None
    span: Span | None = None
    sure: float = 0.0


def read(head: Letterhead, close: Closing, parsed: number.Number | None, text: str, end: int) -> Issuer:
    """The issuer; `end` is where running text begins."""
    by_code = _by_code(parsed, head, close)
    span = head.bodies_span or head.number.span
    if by_code:
        return Issuer(by_code, _above(by_code, head, parsed), span or close.signed.capacity_span, 0.95)
    bodies = head.bodies
    if len(bodies) == 0:
        return _by_enacting(text, end, close.start) or _by_signature(close, text, end)
    parent = bodies[-2] if len(bodies) > 1 else None
    if len(bodies) > 2 and parent and not bodyname.place_of(parent):
        parent = bodyname.in_full(parent, bodies[-3])
    own = bodyname.in_full(bodies[-1], parent)
    if _COUNCIL.fullmatch(own) and head.bodies_span:
        own = _with_authority(own, text, head.bodies_span.end, end)
    return Issuer(own, parent, head.bodies_span, head.bodies_sure)


_COUNCIL = re.compile(r"(?:Ủy ban|Hội đồng) nhân dân")
_AUTHORITY = re.compile(
    rf"(?m)^[ \t*]*(?:CHỦ TỊCH )?(?P<body>(?:ỦY BAN|UỶ BAN|HỘI ĐỒNG) NHÂN DÂN"
    rf" (?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU) [{CAPITALS} -]{{2,40}}?)[ \t*]*$"
)


def _with_authority(own: str, text: str, start: int, end: int) -> str:
    """A council whose place the letterhead leaves out; the line of who decides has it: «CHỦ TỊCH ỦY BAN …»."""
    for said in _AUTHORITY.finditer(text, start, min(len(text), end + 600)):
        name = bodyname.proper(said["body"])
        if name.startswith(f"{own} "):
            return name
    return own


def _above(organ: str, head: Letterhead, parsed: number.Number | None) -> str | None:
    """The committee over the letterhead of an organ of the Party's centre: «BAN CHẤP HÀNH TRUNG ƯƠNG»."""
    if parsed is None or parsed.side != "party":
        return None
    own = fold(organ)
    return next((body for body in head.bodies if fold(body) not in own and own not in fold(body)), None)


def _by_code(parsed: number.Number | None, head: Letterhead, close: Closing) -> str | None:
    """Bodies that there is one of in the country, which their code names."""
    code = lexicon.code_key(parsed.body or "") if parsed else ""
    if re.fullmatch(r"qh\d{0,2}", code):
        return "Quốc hội"
    if code.startswith("ubtvqh"):
        return "Ủy ban Thường vụ Quốc hội"
    if code in _BY_CODE and parsed and parsed.side == "state":
        return _BY_CODE[code]
    if central := _central_organ(parsed):
        return central
    capacity = close.signed.capacity
    if code == "tw" and capacity:
        organ = bodyname.proper(re.sub(r"^\W*\w\s?[/.]?\s?\w\W+", "", capacity.split(";")[0]))
        local = not _CENTRAL.match(organ) and any(map(_LOCAL_COMMITTEE.match, head.bodies))
        return None if local else organ
    return None


def _central_organ(parsed: number.Number | None) -> str | None:
    """An organ of the Party's centre, whose letterhead shares its name over two lines: «…-HD/VPTW»."""
    if parsed is None or parsed.side != "party" or not (parsed.body or "").endswith(("TW", "TƯ")):
        return None
    key = lexicon.code_key(parsed.body or "")
    named = [b.names for b in lexicon.bodies_of_code(key) if b.level == "central" and lexicon.code_key(b.code) == key]
    return named[0][0] if len(named) == 1 and key != "tw" else None


def _by_enacting(text: str, end: int, close: int | None) -> Issuer | None:
    """Who enacts, as the sentence before the first article says; a minister stands for the ministry."""
    stop = min(end + 9000, len(text) if close is None else close)
    said = _ENACTS.search(text, end, stop)
    if not said:
        return None
    who = " ".join(said["who"].split())
    count = offices.opening(who, "offices")
    body = " ".join(who.split()[count:]) if count and not who.startswith("Thủ tướng") else who
    if not offices.opening(body, "bodies") or len(body.split()) > 14:
        return None
    return Issuer(body, None, Span(*said.span("who")), 0.75)


def _by_signature(close: Closing, text: str, end: int) -> Issuer:
    """Without a letterhead the signature names the organ: «T/M BAN THƯỜNG VỤ»."""
    capacity = (close.signed.capacity or "").split(";")[0]
    organ = re.sub(r"^\W*T\s?[/.]?\s?M\W+", "", capacity, flags=re.IGNORECASE)
    if not capacity or organ == capacity:
        return Issuer()
    name = bodyname.proper(organ)
    # «của Ban Thường vụ Tỉnh ủy» names another's paper; the issuer stands as the subject of a sentence.
    said = re.search(
        rf"(?<!của )(?<!của\n){re.escape(name)}\s+(?:huyện|tỉnh|thành|quận|thị|đảng)\s+(?:ủy|uỷ)",
        text[end : end + 1500],
        re.IGNORECASE,
    )
    if said:
        name = bodyname.proper(" ".join(said.group().split()).upper())
    return Issuer(name, None, close.signed.capacity_span, 0.6)
