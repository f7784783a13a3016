"""The end of a document: recipients and signature block (nơi nhận; quyền hạn, chức vụ, họ tên người ký)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from corpus import letterhead, offices, signing
from corpus import text as letters
from corpus.model import Span
from corpus.pieces import Piece, cut, lines, shouted
from corpus.signing import CAPACITY, SIGNED, Signing
from corpus.text import CAPITALS, SMALL

REACH = 4500  # characters of a closing block that are looked at

LONGEST = 200
"""Characters of a recipient or a signature line; below the last recipient a longer one is running text."""

_RECIPIENTS = re.compile(
    r"(?m)^[^\w\n]{0,60}(?:[Nn][ơƠoO][iIíì]|NƠI)[ \t]{1,3}(?:[nN][hH][ậẬânàăaAạẠâÂấẤ][nN]|gửi(?=[ ]?:))(?![^\W\d_])"
    r"[ \t]*(?:[:;.,/][*_]{0,2}|$|\t|[ ]{3}|(?=[-–][ ]?\w)|(?=(?:TM|KT|TL|TUQ|T/M|K/T|T/L|Q)[. ]))"
)
# What ends a list of recipients, or signs beside it.
_CLOSES = re.compile(
    r"(?:^|\n|[-–;]|\s)\W{0,4}l[ưu−]u\b|như (?:trên|điều|kính|thành phần)|(?:TM|KT|TL|TUQ)\s?\.|[TK]/[MTL]",
    re.IGNORECASE,
)
_ATTACHMENT = re.compile(
    r"(?m)^[ \t*]*(?:(?:PHỤ LỤC|Phụ lục)(?:[ \t]+(?:(?:SỐ|số|Số)[ \t]*)?(?:[IVX]{1,5}"
    r"|\d{1,2})[A-Za-z]?)?[ \t*]*[:.]?[ \t]*$"
    r"|\([ \t]*(?:(?:Ban hành|ban hành|BAN HÀNH)?[ \t]*(?:[Kk]èm theo|KÈM THEO)|[Bb]an hành theo)[ \t]+(?:Quyết|Nghị"
    r"|Thông|Kế|Công|Hướng|QUYẾT|NGHỊ|THÔNG))"
)
_INLINE_RECIPIENTS = re.compile(r"(?:Nơi|NƠI)[ \t]{1,3}(?:nhận|NHẬN)[ \t]*:")
_OFFICE_STARTS = re.compile(
    r"(?<!PHÓ )(?:PHÓ|(?<!BAN )(?:BÍ THƯ|CHỦ NHIỆM|GIÁM ĐỐC)|(?<!ĐOÀN )CHỦ TỊCH|BỘ TRƯỞNG|THỨ TRƯỞNG|CHÁNH"
    r"|TRƯỞNG|VỤ TRƯỞNG|CỤC TRƯỞNG|CHI CỤC TRƯỞNG|VIỆN TRƯỞNG|THỦ TƯỚNG|THỐNG ĐỐC|TỔNG|ỦY VIÊN|UỶ VIÊN)"
    r"(?![^\W\d_]*[a-z])"
)
_LOST_BREAK = re.compile(
    rf"(?<=[{CAPITALS}]{{2}})(?=(?:KT|TL|TUQ)\.\s?[{CAPITALS}]{{2}}|PHÓ |THỨ TRƯỞNG|BỘ TRƯỞNG|THỦ TƯỚNG|CHỦ TỊCH"
    rf"|GIÁM ĐỐC|THỐNG ĐỐC|CHÁNH |CHỦ NHIỆM)"
    rf"|(?<=[{CAPITALS}]{{2}})(?=[{CAPITALS}][{SMALL}])(?!Tg\b)|(?<=ký\))(?=[{CAPITALS}])|(?<=ã ký)(?=[{CAPITALS}])"
)
_TITLED = r"(?:[^\W\d_.]{1,6}\.[ ]?|(?:Thiếu|Trung|Thượng|Đại)\s(?:tướng|tá|úy)\s){0,3}"
# A name in small letters right after capitals.
_NAME_AFTER = re.compile(
    rf"[{CAPITALS}]{{2}}\)?\s(?={_TITLED}"
    rf"(?:[{CAPITALS}](?:[{SMALL}]|['’](?=[{CAPITALS}{SMALL}])){{0,7}}(?:[ ]|(?=[\d.]*$))){{2,5}}[ \d.]*$)"
)
_OFFICE_AFTER_ITEM = re.compile(rf"[;.,)] [^\w\s]{{0,3}}[ ]?(?=[{CAPITALS}]{{2,}} [{CAPITALS}])")
_STRAY = " _—–-'\"`´·.:;,~|"
# A signer's name glued to the last recipient: with a rank or degree, or with two syllables and more.
_NAME_AFTER_ITEM = re.compile(rf"[;.,)] (?={_TITLED}(?:[{CAPITALS}][{SMALL}]{{0,6}}(?:[ ]|$)){{2,5}}$)")
_OTHER_CELL = re.compile(r"[;,]\s{0,3}(?=_|[^\w\s(\-–—•+~“\"'/&])|;\s{1,3}(?=\S(?: \S{1,2}){0,3}$)")
_SIGNED_AFTER = re.compile(r"[^\W\d_](?=\s\(?đã (?:ký|kí)\)?\W*$)", re.IGNORECASE)
_BEFORE_SIGNED = re.compile(rf"[{CAPITALS}]{{2}}[\s\[]{{0,3}}(?=\(|[Đđ]ã k[ýí])")
_SAID_SIGNED = re.compile(r"\(?[Đđ]ã k[ýí]\s?\)?\s?")
_ITEM = re.compile(r"^\s*[-–—•+~*]\s*")
_KEEP = re.compile(r"^[\W_]*l[ưu]u\b", re.IGNORECASE)
_NEXT_HEAD = re.compile(r"CỘNG H[OÒ][AÀ] XÃ HỘI|ĐẢNG CỘNG SẢN VIỆT NAM")
_ANNEX = re.compile(
    r"^(?:PHỤ LỤC|Phụ lục|MẪU SỐ|Mẫu số|DANH SÁCH|BIỂU|Biểu|CHƯƠNG|Chương|QUY CHẾ|QUY ĐỊNH|ĐỀ ÁN"
    r"|CHƯƠNG TRÌNH|KẾ HOẠCH|DANH MỤC|Ghi chú|PHẦN)\b"
)


@dataclass(frozen=True, slots=True)
class Closing:
    """Who signs and who receives, as printed."""

    start: int | None
    recipients: tuple[str, ...] = ()
    recipients_span: Span | None = None
    signed: Signing = field(default_factory=Signing)


def read(text: str, start: int) -> Closing:
    """Read the closing block of the main document, which begins somewhere after `start`."""
    attached = _attached_at(text, start)
    opening = _recipients_at(text, start, attached)
    if opening is not None:
        return _with_recipients(text, start, opening)
    signed = _signature_only(text, start, attached)
    if signed.start is None and attached < len(text):
        opening = _recipients_at(text, attached, len(text))
        return _with_recipients(text, start, opening) if opening else _signature_only(text, start, len(text))
    return signed


def block(text: str, start: int) -> Iterator[Piece]:
    """The pieces of the closing block that begins at `start`, signatures and recipients as they come."""
    return _cells(text, start, _limit(text, start))


def _attached_at(text: str, start: int) -> int:
    """Where the first annex or attached document begins; the length of the text where there is none."""
    match = _ATTACHMENT.search(text, start)
    return match.start() if match else len(text)


def _recipients_at(text: str, start: int, end: int) -> re.Match[str] | None:
    """The first «Nơi nhận» with a list under it; forms in annexes come later."""
    for pattern in (_RECIPIENTS, _INLINE_RECIPIENTS):
        for count, match in enumerate(pattern.finditer(text, start, end)):
            below = text[match.end() : match.end() + 2500]
            listed = re.search(r"(?:^|\n|;|\t|\s)\s*[-–—•+~]\s?\S", below[:700])
            kept = re.search(r"(?:^|\n)\W{0,6}lưu\b", below[:700], re.IGNORECASE)
            if kept or (listed and (_CLOSES.search(below) or _signed_below(below))):
                return match
            if count > 40:
                break
    return None


def _signed_below(below: str) -> bool:
    """Lines of a list, and right under the last an office alone in capitals: «- Công báo; / BỘ TRƯỞNG»."""
    rows = [row for row in below.split("\n") if row.strip()]
    first = next((at for at, row in enumerate(rows) if shouted(row) and signing.is_only_office(row)), 0)
    items = sum(bool(_ITEM.match(row)) for row in rows[:first])
    return items > 1 and items * 2 >= first


def _with_recipients(text: str, start: int, opening: re.Match[str]) -> Closing:
    pieces = _cells(text, opening.end(), _limit(text, opening.end()))
    before = _block_before(text, max(start, opening.start() - 700), opening.start())
    names, rest = _sort(pieces)
    first = min([opening.start(), *(piece.span.start for piece in before)])
    span = Span(opening.start(), names[-1].span.end) if names else Span(*opening.span())
    return Closing(first, _recipients(names), span, signing.read([*before, *rest]))


def _cells(text: str, start: int, end: int) -> Iterator[Piece]:
    """Pieces of a stretch without the appearance of an electronic signature, parted and closely placed."""
    stamped = letterhead.stamps(text, start, end)
    pieces = [
        piece
        for piece in cut(text, start, end)
        if not any(span.start <= piece.span.start < span.end for span in stamped)
    ]
    return (_placed(text, piece) for piece in _parted(pieces))


def _placed(text: str, piece: Piece) -> Piece:
    """The piece with the span of its own words where a glued line holds others too."""
    at = text.find(piece.text, piece.span.start, piece.span.end)
    return replace(piece, span=Span(at, at + len(piece.text))) if at >= 0 else piece


def _limit(text: str, start: int) -> int:
    """Where the block ends: at an annex or after its reach."""
    end = min(len(text), start + REACH)
    for seen, line in enumerate(lines(text, start, end), 1):
        if seen > 2 and _NEXT_HEAD.search(text, line.start, line.end):
            return line.start
        if (
            seen > 2
            and _ANNEX.match(text[line.start : line.start + 14])
            and not _ITEM.match(text[line.start : line.end])
        ):
            return line.start
    return end


def _parted(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Pieces with a signature glued to a recipient cut off it."""
    for piece in pieces:
        whole = offices.unglued(_LOST_BREAK.sub(" ", piece.text))
        if (bare := whole.lstrip(_STRAY)) and bare != whole and shouted(bare) and signing.is_office(bare):
            whole = bare  # «_—— GIÁM ĐỐC» of a scan
        cuts = sorted({0, *_glued(whole)})
        for at, until in zip(cuts, [*cuts[1:], len(whole)], strict=True):
            words = whole[at:until].strip(" ") if at == 0 else whole[at:until].strip(" _`|:;~")
            if words:
                yield replace(piece, text=words)


def _glued(words: str) -> Iterator[int]:
    """Where another cell's words begin inside a flattened line."""
    forms = [match for match in CAPACITY.finditer(words) if _prints_capacity(words, match)]
    for match, following in zip(forms, [*(m.start() for m in forms[1:]), len(words)], strict=False):
        yield match.start()
        yield from _office_after(words, match.end(), following)
    if words[:1] in "-–—~•+" or _KEEP.match(words):
        if forms:
            yield from (m.end() for m in _NAME_AFTER.finditer(words, forms[-1].end()))
        else:
            yield from (m.end() for m in _OFFICE_AFTER_ITEM.finditer(words) if signing.opens_office(words[m.end() :]))
        yield from (m.end() for m in re.finditer(r"[;.,]\s{0,2}(?=[-–—]\s?\w)", words))
        named = (m.end() for m in _NAME_AFTER_ITEM.finditer(words) if _name_after(words, m.end()))
        yield from islice(named, 1)  # before the first degree, not after it
        yield from (m.end() for m in _OTHER_CELL.finditer(words))
    elif forms or (offices.opening(words, "offices") and shouted(words[:8])):
        yield from (m.end() for m in _NAME_AFTER.finditer(words))
    elif CAPACITY.match(words):
        yield from _small_letters(words)
    yield from (m.end() for m in _SIGNED_AFTER.finditer(words))
    if signed := SIGNED.match(words):
        yield signed.end()
    for match in _BEFORE_SIGNED.finditer(words):
        if said := _SAID_SIGNED.match(words, match.end()):
            yield from (match.end(), said.end())
        elif SIGNED.match(words[match.end() :]):
            closed = words.find(")", match.end())
            yield from (match.end(), *([closed + 1] if closed > 0 else []))


def _small_letters(words: str) -> Iterator[int]:
    """A whole block on one line whose capitals were in the font: «KT. Bộ trưởng Bộ Y tế Thứ trưởng Lê Văn B»."""
    starts = [match.start() for match in re.finditer(r"(?<=\s)[^\W\d_]", words) if match.group().isupper()]
    name = next((at for at in starts if offices.is_person(words[at:])), None)
    office = next((at for at in starts if signing.is_only_office(words[at:name])), None)
    if name and office:
        yield from (office, name)


def _name_after(words: str, at: int) -> bool:
    """A name behind an item: two syllables only behind the last item, where no recipient is a person."""
    name = words[at:]
    if offices.is_person(name):
        return len(offices.without_title(name).split()) > 2 or bool(_KEEP.match(_ITEM.sub("", words)))
    return bool(_KEEP.match(_ITEM.sub("", words))) and len(name.split()) > 2 and signing.may_be_name(name)


def _prints_capacity(words: str, match: re.Match[str]) -> bool:
    marked = "/" in match["form"] or match["mark"].strip()
    return bool(marked) and shouted(words[match.end() : match.end() + 8])


def _office_after(words: str, start: int, end: int) -> Iterator[int]:
    """The signer's own office on one line with the capacity: «KT. CHỦ TỊCH PHÓ CHỦ TỊCH»."""
    count = signing.opens_office(words[start:])
    spans = letters.syllables(words[start:])
    skip = spans[count - 1][1] if count else 1
    for match in _OFFICE_STARTS.finditer(words, start + skip, end):
        between = words[start + skip : match.start()].strip()
        if between in ("", ")") or not count or (match.group() in ("PHÓ", "THỨ TRƯỞNG") and len(between) < 50):
            yield match.start()
            return


def _block_before(text: str, start: int, end: int) -> list[Piece]:
    """Signature lines that a flattened table puts before «Nơi nhận»."""
    pieces = list(_cells(text, start, end))
    kept: list[Piece] = []
    for piece in reversed(pieces):
        if piece.ornament or SIGNED.fullmatch(piece.text) or (piece.text.isdigit() and len(piece.text) < 4):
            continue
        if len(piece.text) < 90 and (_signs_alone(piece.text) or (not kept and signing.may_be_name(piece.text))):
            kept.append(piece)
            continue
        break
    return kept[::-1] if any(_authorises(p.text) for p in kept) else []


def _authorises(words: str) -> bool:
    return signing.is_capacity(words) or signing.is_office(words)


def _signs_alone(words: str) -> bool:
    return _authorises(words) or signing.is_name(words)


def _signature_only(text: str, start: int, end: int) -> Closing:
    """A block without recipients: the last lines that sign."""
    near = _last_block(text, max(start, end - 900), end)
    return near if near.start is not None else _last_block(text, max(start, end - 2 * REACH), end)


def _last_block(text: str, tail: int, end: int) -> Closing:
    pieces = list(_cells(text, tail, end))
    for index in range(len(pieces) - 1, -1, -1):
        if not _authorises(pieces[index].text):
            continue
        top = index
        while top and _authorises(pieces[top - 1].text):
            top -= 1
        if top > 1 and _body_signed_for(pieces[top - 2], pieces[top - 1]):
            top -= 2
        block = pieces[top : index + 8]
        if (
            any(signing.is_capacity(p.text) for p in block)
            or any(signing.is_name(p.text) for p in block)
            or index > len(pieces) - 4
        ):
            return Closing(block[0].span.start, signed=signing.read(block))
    return Closing(None)


def _body_signed_for(above: Piece, piece: Piece) -> bool:
    """The second line of «KT. BỘ TRƯỞNG / BỘ TÀI CHÍNH»."""
    return shouted(piece.text) and offices.opening(piece.text, "bodies") > 0 and signing.is_capacity(above.text)


def _sort(pieces: Iterable[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Recipients and signature, which a flattened table interleaves."""
    names: list[Piece] = []
    rest: list[Piece] = []
    kept = False
    for piece in pieces:
        words = piece.text.strip(" *")
        if piece.ornament or not re.search(r"[^\W\d_]{2}" if not _ITEM.match(words) else r"\w{2}", words):
            continue
        if kept and len(words) > LONGEST:
            break  # footnotes
        if _ITEM.match(words) or (_KEEP.match(words) and not kept):
            if kept and any(signing.is_name(p.text) for p in rest):
                break  # dashes after the signature belong to something else
            names.append(piece)
            kept = kept or bool(_KEEP.match(_ITEM.sub("", words)))
        elif _signs(words) or (kept and signing.is_only_office(words)):
            rest.append(piece)
            if kept and signing.is_name(words) and any(_authorises(p.text) for p in rest):
                break
        elif names and _carries_on(names[-1], words, piece, kept=kept, signed=bool(rest)):
            names.append(piece)
        else:
            rest.append(piece)
    return names, rest


def _carries_on(last: Piece, words: str, piece: Piece, *, kept: bool, signed: bool) -> bool:
    """The second line of a recipient, rather than what stands beside the list."""
    if SIGNED.fullmatch(words):
        return False
    if not kept:
        strange = last.text.rstrip().endswith((";", ".")) and shouted(words) and not re.search(r"[\d,]", words)
        return not strange and piece.line != last.line
    return (
        not signed
        and piece.line == last.line + 1
        and not piece.after_blank
        and len(words) < 30
        and not shouted(words)
        and not signing.may_be_name(words)
    )


def _signs(words: str) -> bool:
    if signing.is_capacity(words) or SIGNED.fullmatch(words):
        return True
    if signing.is_office(words) and (
        shouted(words) or (words[:1].isupper() and len(words.split()) <= 8 and not words.endswith((";", ",")))
    ):
        return True
    return signing.is_name(words) and not words.endswith((";", ","))


def _recipients(pieces: Sequence[Piece]) -> tuple[str, ...]:
    joined: list[str] = []
    for piece in pieces:
        for part in re.split(r"(?<=[;,])\s*(?=[-–—]\s)", piece.text):
            item = _ITEM.match(part)
            words = _ITEM.sub("", part)
            if item or not joined or _KEEP.match(words):
                joined.append(words)
            else:
                joined[-1] += " " + words
    return tuple(
        name for name in (re.sub(r"\s+", " ", one).strip(" ;.,-–:*") for one in joined) if re.search(r"\w\w", name)
    )
