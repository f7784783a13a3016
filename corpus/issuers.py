"""The names of bodies in a letterhead, parents first (cơ quan chủ quản, cơ quan ban hành)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from corpus import bodyname, offices
from corpus import text as letters
from corpus.model import Span
from corpus.pieces import Piece, shouted

_SUBJECT = re.compile(r"^[\W_]*(?:v\s?[/\\]\s?v|về việc|k[íi]nh\s+g[ửu]i)", re.IGNORECASE)
_NOISE = re.compile(
    r"^(?:[a-zđ.]{1,6}[.\s]?\d{1,4}|[^\w]*\(.*|[^\w]*|\d{1,4}|[\W\d]{1,12}|\W?[-–—]?0[-–—]|đến"
    r"|công văn đến|giờ|ngày|chuyển)$",
    re.IGNORECASE,
)
# A rule drawn with characters, and what is left of a symbol whose digits could not be read: «ả2Ÿ /UBND-VX».
_RULE = re.compile(r"[=_*~.–—-]{3,}")
_LEFTOVER = re.compile(
    r"\s*\S{0,8}\s?/\s?[A-ZĐ][\w&.]{1,12}(?:-[\w&.]{1,12}){0,3}.*$|\s+\S{0,5}\d\S{0,6}/\S*$|\s\d{1,5}(?:/\d{4})?-[A-ZĐ]{2,}.*$"
)
_UNFINISHED = re.compile(
    r"(?:[,\-–&]|\b(?:và|của|về|các|cho|phố|tỉnh|huyện|xã|phường|quận|thuộc|hội đồng|ủy ban|uỷ ban))$",
    re.IGNORECASE,
)
_PLACE_LINE = re.compile(
    r"(?:thành phố|thị xã|thị trấn|xã|phường|quận|huyện|tỉnh|đặc khu)\s(?!ủy|uỷ|đoàn)", re.IGNORECASE
)
_OF_FRONT = re.compile(r"\b(?:ủy|uỷ) ban(?: trung ương)?$", re.IGNORECASE)
_COMMITTEE = ("ỦY", "UỶ")  # a narrow cell parts it from «BAN NHÂN DÂN»
_SESSION = re.compile(r"kh(?:óa|oá)\s[IVX]{1,5}\b", re.IGNORECASE)  # «KHÓA IX, KỲ HỌP THỨ BA» of a council
_WAITING = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,4}\s*,")


def names_body(piece: Piece) -> bool:
    """Say whether a line may begin the name of a body."""
    if offices.opening(bodyname.open_abbreviations(piece.text), "bodies"):
        return True
    # OCR loses marks of capitals: «UY BAN NHAN DAN».
    return shouted(piece.text) and " " in piece.text and bool(offices.opening(piece.text, "bodies", folded=True))


def read(pieces: Sequence[Piece]) -> tuple[list[str], Span | None, bool]:
    """Names of bodies in a masked letterhead from the top, where they stand, and whether they read clean."""
    groups: list[list[Piece]] = []
    dirty = False
    for piece in _joined(_names_only(pieces)):
        if _SUBJECT.match(piece.text):
            break
        if groups and not _begins_name(groups[-1], piece):
            if shouted(groups[-1][0].text) and not shouted(piece.text):
                break
            groups[-1].append(piece)
        elif names_body(piece):
            groups.append([piece])
        else:
            dirty = dirty or shouted(piece.text)
    groups = [group for group in groups[:4] if sum(len(piece.text) for piece in group) < 160]
    if not groups:
        return [], None, False
    names = [bodyname.proper(" ".join(piece.text for piece in group)) for group in groups]
    names = [name for name, below in zip(names, [*names[1:], ""], strict=True) if not below.startswith(f"{name} ")]
    return names, Span(groups[0][0].span.start, groups[-1][-1].span.end), not dirty


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, with the first word of a name put to the rest where a narrow cell parts them: «ỦY / BAN NHÂN DÂN»."""
    waiting: Piece | None = None
    for piece in pieces:
        if waiting is not None:
            both = f"{waiting.text} {piece.text}"
            if offices.opening(both, "bodies"):
                piece = replace(piece, text=both, span=Span(waiting.span.start, piece.span.end))
            else:
                yield waiting
        waiting = piece if " " not in piece.text and not names_body(piece) else None
        if waiting is None:
            yield piece
    if waiting is not None:
        yield waiting


def _names_only(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that may belong to names, cleaned; one line that holds two names becomes two pieces."""
    kept = []
    legacy = not any(shouted(piece.text) and " " in piece.text for piece in pieces)
    for piece in pieces:
        words = re.sub(r"\s*(?:\bsố|\bSố)\s*[:.]?\s*$", "", _LEFTOVER.sub("", _RULE.sub(" ", piece.text)))
        words = " ".join(words.split()).strip(" *-–—_.:|`'‘’\"=&")
        small = words.islower() and not _SUBJECT.match(words)
        if small and (legacy or names_body(replace(piece, text=words.upper()))):
            words = words.upper()  # capitals that were only in the font
        words = offices.respelt(words, "bodies") if shouted(words) and " " in words else words
        few = len(re.findall(r"[^\W\d_]", words)) < 3 and words not in _COMMITTEE
        if not words or piece.ornament or _NOISE.match(words) or few:
            continue
        if _SESSION.match(words):
            continue
        if (_WAITING.fullmatch(words) and not shouted(words)) or is_mark(words):
            continue
        for name in bodyname.parted(words) if shouted(words) else [words]:
            kept.append(replace(piece, text=name))
    return kept


def is_mark(words: str) -> bool:
    """Say whether a cell holds a mark of urgency or secrecy and nothing else."""
    squeezed = re.sub(r"[\W_]", "", letters.fold(words)) if len(words) < 40 else ""
    return words.isupper() and squeezed in _marks()


@cache
def _marks() -> frozenset[str]:
    marks = (*offices.table()["urgency"], *offices.table()["secrecy"])
    return frozenset(letters.fold(mark).replace(" ", "") for mark in marks)


def _begins_name(group: Sequence[Piece], piece: Piece) -> bool:
    """Say whether a line starts another body's name rather than carrying on the one above."""
    if not names_body(piece):
        return False
    said = " ".join(part.text for part in group)
    if offices.opening(said, "offices") == len(said.split()):
        return False  # «CHỦ TỊCH / ỦY BAN NHÂN DÂN …»: an office of the body below it
    if _UNFINISHED.search(said) or (_OF_FRONT.search(said) and piece.key.startswith("mat tran")):
        return False
    # «ỦY BAN NHÂN DÂN / THÀNH PHỐ …» wraps; «THÀNH PHỐ» is no body, but «THÀNH ỦY» is.
    return not _PLACE_LINE.match(piece.text)
