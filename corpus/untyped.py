"""The subject of papers that print no type: a công văn, and what is no document of its own (annexes, forms)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from corpus import addressees
from corpus.addressees import TO, opens_text
from corpus.model import Kind, Span
from corpus.pieces import Piece, shouted
from corpus.titles import ABOUT, ATTACHED, Subject, one_line

_ABOUT_WORDS = re.compile(r"^về\s+việc\b", re.IGNORECASE)
_RECEIVERS = re.compile(r"\W{0,3}nơi\s+nhận", re.IGNORECASE)


def read(pieces: Sequence[Piece]) -> Subject:
    """A công văn: no printed type, the subject under the number."""
    about = next((i for i, p in enumerate(pieces) if ABOUT.match(p.text) or _ABOUT_WORDS.match(p.text)), None)
    to = next((i for i, p in enumerate(pieces) if TO.match(p.text)), None)
    opening = next((i for i, p in enumerate(pieces) if i > 2 and opens_text(p)), len(pieces))
    stop = to if to is not None else opening
    if about is not None and about > stop:
        about = None if about - stop > 6 else about
        stop = opening if about is not None else stop
    if _annexed(pieces[: min(stop, 8)]):
        return _NOTHING
    title: list[Piece] = []
    if about is not None:
        title, _ = _letter_title(pieces, about, stop)
    elif to is not None:
        title = _unannounced(pieces[:to])
    span = Span(title[0].span.start, title[-1].span.end) if title else None
    words = one_line([ABOUT.sub("", piece.text) if i == 0 else piece.text for i, piece in enumerate(title)])
    names, to_span = addressees.read(pieces, to) if to is not None else ((), None)
    tops = [pieces[i].span.start for i in (about, to) if i is not None]
    kind = Kind.OFFICIAL_LETTER if tops and (about is not None or not _form(pieces[: to or 0])) else None
    if not tops and (bare := _untyped(pieces[:opening])):
        return bare
    ends = [part.end for part in (span, to_span) if part]
    if words:
        words = _ABOUT_WORDS.sub("", words).strip() or words
    return Subject(kind, None, words, span, names, to_span, min(tops, default=-1), max(ends, default=-1))


_NOTHING = Subject(None, None, None, None, (), None, -1, -1)
_FORM = re.compile(r"(?:phiếu|đơn|giấy|tờ khai|bản (?:khai|đăng ký|cam kết|kê)|danh sách|lý lịch)\s", re.IGNORECASE)
_SERIAL = re.compile(r"\W{0,3}số\s?:", re.IGNORECASE)
_NUMBERED_FORM = re.compile(r"\W{0,3}mẫu số .*kèm theo", re.IGNORECASE)
_TITLE_VERB = re.compile(r"(?:Quy định|Ban hành|Sửa đổi|Bãi bỏ|Hướng dẫn|Công bố|Phê duyệt|Bổ sung)\s\S+\s\S+\s\S+")


def _annexed(pieces: Sequence[Piece]) -> bool:
    """An annex or a form, whose first lines say with what it was issued: it is no letter."""
    for piece in pieces:
        if _SERIAL.match(piece.text):
            return False
        if ATTACHED.match(piece.text) or _NUMBERED_FORM.match(piece.text):
            return True
    return False


def _form(above: Sequence[Piece]) -> bool:
    """Right above «Kính gửi» stands the name of a form that is none of the types of documents."""
    named = next((piece for piece in reversed(above) if not piece.ornament), None)
    return named is not None and shouted(named.text) and bool(_FORM.match(named.text))


def _untyped(above: Sequence[Piece]) -> Subject | None:
    """A title whose type was left out: between the letterhead and the first «Căn cứ»."""
    below = list(takewhile(lambda piece: not _TITLE_VERB.match(piece.text), reversed(above)))
    lines = [piece for piece in above[len(above) - len(below) - 1 :] if not piece.ornament]
    if len(below) == len(above) or len(lines) > 5 or any(shouted(piece.text) for piece in lines):
        return None
    span = Span(lines[0].span.start, lines[-1].span.end)
    return Subject(None, None, one_line([piece.text for piece in lines]), span, (), None, span.start, span.end)


def _letter_title(pieces: Sequence[Piece], about: int, stop: int) -> tuple[list[Piece], int]:
    title = [pieces[about]]
    for index in range(about + 1, max(stop, about + 1)):
        piece = pieces[index]
        if piece.ornament and len(piece.text) < 3 and index + 1 < stop and pieces[index + 1].text[0].islower():
            continue  # a stray mark of a scan inside the title
        if piece.ornament or len(title) > 12 or _RECEIVERS.match(piece.text):
            break
        if opens_text(piece) and piece.after_blank:
            break
        title.append(piece)
    return title, about + len(title)


_MISREAD_ABOUT = re.compile(r"^\W*\S{0,3}[%/⁄⁄]\S{0,2}\s+(?=[^\W\d_]{2})")


def _unannounced(above: Sequence[Piece]) -> list[Piece]:
    """Lines right above «Kính gửi» that begin small: a subject whose «V/v» recognition has lost."""
    title: list[Piece] = []
    for piece in reversed(above):
        words = _MISREAD_ABOUT.sub("", piece.text)
        if piece.ornament or len(title) > 5 or shouted(words) or re.search(r"\d/|ngày|:", words):
            break
        title.insert(0, replace(piece, text=words))
        if words != piece.text:
            return title
    while title and not title[0].text[0].islower():
        title.pop(0)
    return title if sum(len(piece.text.split()) for piece in title) > 3 else []
