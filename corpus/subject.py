"""The printed type, the subject and the addressees of a document (tên loại, trích yếu, kính gửi)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from corpus import addressees, bodyname, lexicon, offices, untyped
from corpus import text as letters
from corpus.addressees import TO, opens_text
from corpus.model import Kind, Span
from corpus.pieces import Piece, shouted
from corpus.titles import ABOUT, ATTACHED, BASIS, NUMBERED, Subject, one_line

_ABOUT_LINE = re.compile(r"\W{0,3}về\s", re.IGNORECASE)
_UNFINISHED = re.compile(
    r"(?:[,\-–&:(]|\b(?:và|của|về|các|cho|trong|tại|việc|với|theo|số|trên|đối|năm|ngày|tháng|đến"
    r"|thuộc|do|là|tỉnh|huyện|xã|thành|phố|công|quyết|kế|hoạch|định|một))$",
    re.IGNORECASE,
)
_NUMBER_LINE = re.compile(
    r"\W{0,3}(?:của\s[^\d]{3,60}\s)?số\s{0,2}:?\s?(?:\d{1,6}\s(?=/))?\S{3,40},?\sngày\s[\d\s/.-]{1,6}"
    r"(?:[\d\s/.-]{2,10}|tháng\s\d{1,2}\snăm\s?\d{4})\W*",
    re.IGNORECASE,
)
_JOINT = re.compile(r"^liên\s+(?:tịch|bộ|ngành)\b\s*", re.IGNORECASE)
_JOINTLY = {
    Kind.CIRCULAR: Kind.JOINT_CIRCULAR,
    Kind.RESOLUTION: Kind.JOINT_RESOLUTION,
    Kind.PLAN: Kind.JOINT_PLAN,
}
_DRAFT = re.compile(r"^\W{0,3}dự thảo\W{1,3}(?=\w)", re.IGNORECASE)
_SERIAL_LINE = re.compile(r"\W{0,3}số\s?:?\s?\d{0,6}\s?[/-]\s?[\w&./-]{2,24}", re.IGNORECASE)
_WIRES = re.compile(r"\sđiện\s?:$", re.IGNORECASE)  # «THỦ TƯỚNG CHÍNH PHỦ điện:» of a telegram
_RULE = re.compile(r"\s?_{5,}")  # the line drawn under a title, glued to it
_OWNER = re.compile(r"^\s*(?:của\s+)", re.IGNORECASE)


@cache
def _names() -> tuple[tuple[str, str, Kind], ...]:
    """Printed names by folded letters without spaces, the longest first."""
    rows = []
    for name in lexicon.kind_names():
        kind = lexicon.kind_named(name)
        if kind:
            rows.append((letters.fold(name).replace(" ", ""), name, kind))
    return tuple(rows)


@cache
def _first_words() -> frozenset[str]:
    return frozenset(letters.fold(name).split()[0] for _, name, _ in _names())


@dataclass(frozen=True, slots=True)
class _Type:
    kind: Kind
    index: int
    rest: str
    """What follows the type on its line."""
    sure: bool


def _alone(piece: Piece) -> Kind | None:
    words = _DRAFT.sub("", piece.text).strip(' .:*_-–"“”')
    kind = lexicon.kind_named(words)
    if kind:
        return kind
    if not shouted(words):
        return None
    # Diacritics lost or letters glued by OCR: «THÔNGBÁO», «KẾ HOACH».
    squeezed = re.sub(r"[^a-z]", "", letters.fold(words))
    for key, _, found in _names():
        if squeezed == key or (len(key) > 6 and len(squeezed) == len(key) and _one_off(squeezed, key)):
            return found
    return None


def _one_off(a: str, b: str) -> bool:
    return sum(x != y for x, y in zip(a, b, strict=True)) <= 1


def _leading(piece: Piece) -> tuple[Kind, str] | None:
    """Type and rest of a line that begins with a type in capitals or «… của <body>»."""
    opening = re.search(r"[^\W\d_]{2,}", piece.text[:12])
    if not opening or not any(letters.fold(opening.group()).startswith(first) for first in _first_words()):
        return None
    for _, name, kind in _names():
        match = re.match(rf"[\W_]{{0,3}}{name.replace(' ', r'[ ]')}", piece.text, re.IGNORECASE)
        if not match or not _parts_here(piece.text, match.end()):
            continue
        rest = piece.text[match.end() :].strip()
        if rest and piece.text[match.end()].isalpha() and piece.text[0].isupper():
            return kind, rest  # a lost line break: «LUẬTTHI HÀNH …», «Thông tưquy định …»
        if shouted(match.group()) and not rest.startswith(("VÀ", "-")):
            return kind, rest
        if _OWNER.match(rest) and offices.opening(_OWNER.sub("", rest), "bodies"):
            return kind, rest
        return None
    return None


def _parts_here(words: str, offset: int) -> bool:
    """The name of a type ends here: at no letter, or at one that a lost line break has glued on."""
    if offset >= len(words) or not words[offset].isalpha():
        return True
    if words[:offset].isupper():
        return words[offset].isupper() and " " in words[offset:]
    return (
        words[offset].islower() and " " in words[offset:] and not letters.is_syllable(words[: offset + 1].split()[-1])
    )


def find_type(pieces: Sequence[Piece]) -> _Type | None:
    """The printed type before running text begins."""
    for index, piece in enumerate(pieces[:40]):
        if TO.match(piece.text) or ABOUT.match(piece.text):
            return _type_below(pieces, index)
        kind = _alone(piece)
        if kind and (shouted(piece.text) or _fills_line(pieces, index)):
            return _Type(kind, index, "", sure=True)
        leading = _leading(piece)
        if leading:
            return _Type(leading[0], index, leading[1], sure=True)
        if index and opens_text(piece):
            return None
    return None


def _fills_line(pieces: Sequence[Piece], index: int) -> bool:
    """The only cell of its line: «Kế hoạch» in a row of a table is no title."""
    beside = (*pieces[max(0, index - 1) : index], *pieces[index + 1 : index + 2])
    return all(piece.line != pieces[index].line for piece in beside)


def _type_below(pieces: Sequence[Piece], index: int) -> _Type | None:
    """A type that a flattened table puts after «V/v» or «Kính gửi»: alone on its line, in capitals."""
    for below in range(index + 1, min(index + 8, len(pieces))):
        piece = pieces[below]
        if opens_text(piece):
            return None
        if shouted(piece.text) and lexicon.kind_named(piece.text):
            return _Type(lexicon.kind_named(piece.text) or Kind.OFFICIAL_LETTER, below, "", sure=True)
    return None


def read(pieces: Sequence[Piece]) -> Subject:
    """Read the subject from the pieces of the top of a document."""
    found = find_type(pieces)
    if found:
        return _of_type(pieces, found)
    return untyped.read(pieces)


def _of_type(pieces: Sequence[Piece], found: _Type) -> Subject:
    head = pieces[found.index]
    rest = "" if _names_owner(found.rest) else re.sub(r"^\W+", "", found.rest)
    first = Piece(rest, head.span, head.line, after_blank=False) if rest else None
    above = lexicon.name_key(bodyname.open_abbreviations(" ".join(p.text for p in pieces[: found.index + 2])))
    title, after = _title_lines(pieces, found.index + 1, first, above)
    spans = [piece.span for piece in title]
    span = Span(spans[0].start, spans[-1].end) if spans else None
    end = span.end if span else head.span.end
    to, to_span = addressees.read(pieces, after)
    words = one_line([piece.text for piece in title])
    if words:
        words = _without_decider(words, pieces[: found.index], pieces[after] if after < len(pieces) else None)
    kind = found.kind
    if kind in _JOINTLY and found.index + 1 < len(pieces) and _JOINT.match(pieces[found.index + 1].text):
        kind, words = _JOINTLY[kind], words and NUMBERED.sub("", _JOINT.sub("", words))
    return Subject(
        kind, head.span, words, span, to, to_span, head.span.start,
        to_span.end if to_span else end,
    )  # fmt: skip


def _names_owner(rest: str) -> bool:
    return bool(_OWNER.match(rest)) and bool(offices.opening(_OWNER.sub("", rest), "bodies"))


def _title_lines(pieces: Sequence[Piece], index: int, first: Piece | None, above: str) -> tuple[list[Piece], int]:
    """Lines of the title from `index`; `above` is the key of the letterhead, to know who decides."""
    title = [first] if first and first.text else []
    while index < len(pieces) and len(title) < 14:
        piece = pieces[index]
        if piece.ornament:
            if title and len(piece.text) > 2:
                break
            index += 1
            continue
        cells = _line(pieces, index)
        if _NUMBER_LINE.fullmatch(" ".join(cell.text for cell in cells)) and all(map(_issues, title)):
            title.clear()  # «Thông tư / Liên tịch Bộ … / Số 120/2000/TTLT-… ngày …»: who and when, not about what
            index += len(cells)
            continue
        if not title and _SERIAL_LINE.fullmatch(piece.text):
            index += 1
            continue
        if not title and _owner_line(piece, pieces[index + 1 : index + 2]):
            index += 1  # «CHỈ THỊ / CỦA BỘ CHÍNH TRỊ / về …»
            continue
        if _ends_title(title, piece, pieces[index + 1 : index + 5], above):
            break
        ruled = _RULE.search(piece.text)
        title.append(replace(piece, text=piece.text[: ruled.start()]) if ruled else piece)
        index += 1
        if ruled:
            break
    return title, index


def _line(pieces: Sequence[Piece], index: int) -> list[Piece]:
    """The piece and those after it on its line."""
    return list(takewhile(lambda piece: piece.line == pieces[index].line, pieces[index : index + 4]))


def _owner_line(piece: Piece, following: Sequence[Piece]) -> bool:
    """A line that only says whose document it is."""
    if len(piece.text) >= 60 or not _names_owner(piece.text):
        return False
    return shouted(piece.text) or any(_ABOUT_LINE.match(one.text) for one in following)


def _issues(piece: Piece) -> bool:
    return bool(_JOINT.match(piece.text) or _names_owner(piece.text) or offices.opening(piece.text, "bodies"))


def _ends_title(title: Sequence[Piece], piece: Piece, rest: Sequence[Piece], above: str) -> bool:
    if _WIRES.search(piece.text) or TO.match(piece.text) or ATTACHED.match(piece.text) or BASIS.match(piece.text):
        return True
    if title and shouted(piece.text) and not shouted(title[-1].text) and _authority(piece, rest, title, above):
        return True
    if not title:
        # A file without line breaks runs the text on; a long title is alone before a rule or the first basis.
        alone = bool(rest) and (rest[0].ornament or BASIS.match(rest[0].text) is not None)
        return len(piece.text) > (2500 if alone else 900) or _authority(piece, rest, title, above)
    said = title[-1].text
    if piece.text[0] in "(“-–+•" and not _UNFINISHED.search(said):
        return piece.text[0] not in "(“" or len(piece.text) > 200
    if _UNFINISHED.search(said) and not (piece.after_blank and opens_text(piece)):
        return False
    if _authority(piece, rest, title, above) or opens_text(piece) or _reports(piece) or piece.text.endswith(":"):
        return True
    if piece.after_blank and (len(title) > 1 or len(said.split()) > 3):
        return not piece.text[0].islower()
    longest = max(len(part.text) for part in title)
    if piece.text[0].isupper() and not shouted(piece.text):
        # A first line of running text fills its line; lines of a centred title are of about one length.
        return (
            len(piece.text) > 160
            or (len(piece.text) > 45 and not any(map(_small, title)))
            or (any(_ABOUT_LINE.match(part.text) for part in title) and len(piece.text) > max(60, longest * 1.1))
            or (piece.text.endswith((";", ".")) and len(title) > 1)
            or (
                bool(offices.opening(piece.text, "bodies"))
                and len(piece.text) > longest * 1.05
                and len(piece.text) > 70
            )
        )
    return False


def _small(piece: Piece) -> bool:
    return not shouted(piece.text) and any(map(str.isalpha, piece.text))


def _authority(piece: Piece, rest: Sequence[Piece], title: Sequence[Piece], above: str) -> bool:
    """A line that names who decides, between title and «Căn cứ»."""
    words = piece.text.strip(" .:,*")
    office = offices.opening(words, "offices")
    if not offices.opening(words, "bodies") and not office:
        return False
    near = [
        bool(re.match(r"^\W{0,3}(?:căn cứ|xét|theo|khóa|khoá|kỳ họp|\()", part.text, re.IGNORECASE)) for part in rest
    ]
    key = lexicon.name_key(bodyname.open_abbreviations(words))
    own = key in above or (office > 0 and " ".join(key.split()[office:]) in above)
    if not shouted(words):
        return near[:1] == [True] and len(words) < 60 and (piece.after_blank or own)
    if not title or shouted(title[0].text):
        # A title in capitals may go on with the name of a body; the body that decides is in the letterhead.
        return any(near[:2]) and (bool(office) or own or above.endswith(key[: len(key) // 2]))
    return any(near[:3])


_SAYS = re.compile(
    r"\s(?:(?:trân trọng|kính|xin)\s)?(?:thông báo|báo cáo|đề nghị|yêu cầu|nhận được|hướng dẫn|kính mời|có ý kiến"
    r"|thống nhất|tổ chức hội nghị)\b"
)


def _reports(piece: Piece) -> bool:
    """The first sentence of running text, in which a body says something: «Sở Y tế thông báo như sau:»."""
    if shouted(piece.text) or not offices.opening(piece.text, "bodies"):
        return False
    return bool(_SAYS.search(piece.text)) and (piece.text.endswith(":") or len(piece.text) > 75)


def _without_decider(words: str, above: Sequence[Piece], following: Piece | None) -> str:
    """A title without the name of the body that decides, when a lost line break put it behind the title."""
    if following is None or not re.match(r"\W{0,3}căn cứ\b", following.text, re.IGNORECASE):
        return words
    names = {lexicon.name_key(bodyname.open_abbreviations(piece.text)) for piece in above}
    parts = words.split()
    for at in range(max(3, len(parts) - 12), len(parts) - 1):
        tail = " ".join(parts[at:])
        if (
            shouted(tail)
            and offices.opening(tail, "bodies")
            and lexicon.name_key(tail) in names
            and not _OWNED.search(" ".join(parts[:at]))
        ):
            return " ".join(parts[:at])
    return words


_OWNED = re.compile(r"(?:[,\-–]|\b(?:và|của|do|về|các|cho|với|thuộc|tại|bởi|theo))$", re.IGNORECASE)
