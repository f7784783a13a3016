"""Whom a paper is addressed to (kính gửi), and the words with which running text opens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Span
from corpus.pieces import Piece

TO = re.compile(r"^[\W_]*k[íi]nh\s{1,3}(?:g[ửuừứ]i\b\s*[:;.]?|m[ờo]i\s*:)\s*", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:[^\w(]|_){0,4}(?:căn cứ|theo đề nghị|theo quy định|xét |thực hiện |triển khai |để |nhằm "
    r"|trên cơ sở|tiếp tục thực hiện|thi hành |"
    r"ngày \d|trong (?:năm|thời|những|quý|tháng|\d)|sau khi |qua |hôm nay|kính thưa|được sự"
    r"|phúc đáp|trả lời |quán triệt |chấp hành |"
    r"vừa qua|hiện nay|năm \d{4},|trước "
    r"(?:tình|diễn|thực|nguy|yêu|sự|những)|từ ngày|vào (?:hồi|lúc|ngày)|điều 1\b|chương i\b"
    r"|phần (?:thứ|i\b|1\b|a\b)|mục 1\b|"
    r"[i1]\s?[.\-)–]\s|[a]\s?[.)]\s|i\s*\.|1\s*\.|kính gửi|quốc hội ban hành|chính phủ ban hành|"
    r"tên (?:tôi|đơn vị)|thời gian|thành phần)",
    re.IGNORECASE,
)


def opens_text(piece: Piece) -> bool:
    """Say whether a line is the first of the running text; a small letter carries on the title."""
    first = re.search(r"\w", piece.text)
    return first is not None and not first.group().islower() and bool(_OPENING.match(piece.text))


def addresses(piece: Piece) -> bool:
    """Say whether a line begins with «Kính gửi»."""
    return bool(TO.match(piece.text))


def read(pieces: Sequence[Piece], index: int) -> tuple[tuple[str, ...], Span | None]:
    """Names after «Kính gửi», which may be a list."""
    while index < len(pieces) and pieces[index].ornament:
        index += 1
    if index >= len(pieces) or not TO.match(pieces[index].text):
        return (), None
    start = pieces[index].span.start
    names, end = _names_after(pieces, index)
    return tuple(name for name in names if name), Span(start, end)


def _names_after(pieces: Sequence[Piece], index: int) -> tuple[list[str], int]:
    first = TO.sub("", pieces[index].text)
    names = re.split(r"(?<=[;,])\s*(?=[-–—]\s)", first) if first.strip(" -–—") else []
    end, listed = pieces[index].span.end, first.startswith(("-", "–", "—", "+")) or not names
    for piece in pieces[index + 1 : index + 40]:
        item = piece.text[0] in "-–—+•" or (not names and not opens_text(piece))
        carried = bool(names) and not item and not _complete(names[-1], piece.text, listed) and not piece.after_blank
        if piece.ornament or opens_text(piece) or not (item or carried) or (item and not listed):
            break
        if item:
            names.append(piece.text)
        else:
            names[-1] += " " + piece.text
        end = piece.span.end
    return [re.sub(r"\s+", " ", name.strip(" -–—+•;.,")) for name in names], end


_GOES_ON = re.compile(r"(?:[,\-–&:(]|\b(?:và|của|các|với))$", re.IGNORECASE)


def _complete(name: str, following: str, listed: bool) -> bool:
    """Say whether a name of an addressee ends before the following line."""
    if name.endswith((";", ".")):
        return True
    if _GOES_ON.search(name) or following[0].islower():
        return False
    return not listed or len(following) > 60
