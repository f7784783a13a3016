"""The running text of a document and what is attached to it: annexes, forms, an attached regulation or plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus import labels
from corpus.model import Heading
from corpus.pieces import shouted
from corpus.text import CAPITALS, fold

_ANNEX = re.compile(
    r"(?P<word>PHỤ LỤC|Phụ lục)[ \t]*(?:(?:SỐ|Số|số)[ \t:]*)?(?P<n>\b(?:[IVXL]{1,6}|\d{1,2}[A-Za-z]?|[A-Z])\b)?"
    rf"(?=[ \t*_]*(?:[.:(–-]|$|[{CAPITALS}]{{2}}))"
)
_FORM = re.compile(
    r"(?P<word>MẪU|Mẫu|BIỂU|Biểu)(?:[ \t]+(?:SỐ|số|Số|MẪU|mẫu))*[ \t]*(?P<n>\d{1,3}(?:[.\-/]\w{1,6})*[a-zđA-Z]?)"
    r"(?=[ \t*_]*(?:[.:(–-]|$))"
)
_ATTACHED = re.compile(
    r"(?P<word>quy chế|quy định|quy trình|quy chuẩn|quy tắc|điều lệ|nội quy|kế hoạch|chương trình|đề án"
    r"|phương án|chiến lược|dự án|hướng dẫn|danh mục|danh sách|bảng|định mức|tiêu chuẩn|quy hoạch|báo cáo)"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_WITH = re.compile(r"kèm\s+theo|ban\s+hành\s+theo", re.IGNORECASE)
_RECIPIENTS = re.compile(r"(?m)^\W{0,6}(?:Nơi|NƠI)[ \t]{1,3}(?:nhận|NHẬN)[ \t]*:")
_LIST_ENTRY = 260  # characters; less than that under «Mẫu số 01» is a line of a list of forms
_SIGNED = 60  # characters the shortest closing block has


@dataclass(frozen=True, slots=True)
class Part:
    """The running text (no `label`), or something attached to it."""

    start: int
    body: int
    """Where the words after its label begin."""
    stop: int
    """Where its own closing block begins."""
    end: int
    label: str = ""
    token: str = ""
    """Its name in ids: `pl1`, `mau3`, `kt1`."""
    form: bool = False
    """Stands in the annex before it."""


def parts(text: str, heading: Heading) -> tuple[Part, ...]:
    """The running text first, then what is attached, in text order."""
    start = min(heading.end, len(text))
    close = heading.close if heading.close is not None and heading.close >= start else None
    openings = list(_listed(text, list(_openings(text, start, close))))
    if not openings and close is not None:
        openings = list(_unnamed(text, close))
    starts = [opening.start for opening in openings]
    first = min([len(text), *starts])
    found = [Part(start, start, first if close is None else min(close, first), first)]
    for at, opening in enumerate(openings):
        later = (one for one in openings[at + 1 :] if opening.form or not one.form)
        end = next((one.start for one in later), len(text))
        following = starts[at + 1] if at + 1 < len(starts) else end
        found.append(_closed(text, replace(opening, stop=following, end=end), close))
    return tuple(found)


def _closed(text: str, part: Part, close: int | None) -> Part:
    if close is not None and part.start < close < part.stop:
        return replace(part, stop=close)
    own = _RECIPIENTS.search(text, part.body, part.stop)
    return replace(part, stop=own.start()) if own else part


def _openings(text: str, start: int, close: int | None) -> Iterator[Part]:
    """Lines that open an annex, a form or an attached document; before the closing block only sure ones."""
    attached = 0
    before: Part | None = None
    for low, high in labels.lines(text, start, len(text)):
        line = text[low:high]
        bare = line.lstrip(" \t*_")
        if not bare or len(bare) > 300 or bare[0] not in "PMBQĐNKCDTHpmbqđnkcdth":
            continue
        begin = high - len(bare)
        after = close is not None and low >= close + _SIGNED // 2
        found = _annex(text, begin, high, bare, after=after)
        if found is None and after:
            found = _form(begin, bare)
        if found is None and (part := _attached(text, begin, high, bare, after=after, first=before is None)):
            if before is not None and _entitles(text, before, begin):
                continue
            attached += 1
            found = replace(part, token=f"kt{attached}")
        if found is not None and not (begin == start and not found.token.startswith("pl")):
            before = found
            yield found


def _entitles(text: str, before: Part, begin: int) -> bool:
    """Whether a line is the title of the annex opened above it: nothing is said to be attached between."""
    return begin - before.body < 600 and not _WITH.search(text, before.body, begin)


def _annex(text: str, begin: int, high: int, bare: str, *, after: bool) -> Part | None:
    found = _ANNEX.match(bare)
    if not found or labels.contents_line(bare):
        return None
    rest = bare[found.end() :].strip(" \t*_")
    sure = not rest or rest[0] in ":(–-" or shouted(rest) or (rest[0] == "." and len(rest) > 3)
    told = _WITH.search(text, high, high + 500)
    if not sure or not (after or told or (found["word"].isupper() and not rest)):
        return None
    number = _short(found["n"] or "")
    label = " ".join(found.group().split()).rstrip(":. ")
    return Part(begin, begin + found.end(), high, high, label, f"pl{number}")


def _form(begin: int, bare: str) -> Part | None:
    found = _FORM.match(bare)
    if not found or labels.contents_line(bare):
        return None
    name = "mau" if fold(found["word"]) == "mau" else "bieu"
    label = " ".join(found.group().split())
    end = begin + found.end()
    return Part(begin, end, end, end, label, name + _short(found["n"]), form=True)


def _short(number: str) -> str:
    """A number in an id: «01a», «IV» and «1.2» give `1a`, `4` and `1-2`."""
    digits = re.fullmatch(r"0*(\d+.*)", number)
    if digits:
        return re.sub(r"[^\w-]", "-", digits[1]).lower()
    roman = labels.from_roman(number)
    return str(roman) if roman else number.lower()


def _attached(text: str, begin: int, high: int, bare: str, *, after: bool, first: bool) -> Part | None:
    found = _ATTACHED.match(bare)
    if not found or (len(bare) > 150 and not _WITH.search(bare)):
        return None
    line = bare.strip(" \t*_")
    whole = line.rstrip(":.") == found.group()
    capitals = shouted(line[:60])
    told = _WITH.search(text, begin, high + 500)
    if not told and not (after and first and whole and capitals):
        return None
    if not (capitals if not after else capitals or (whole and first)):
        return None
    label = found.group() if capitals else found.group().capitalize()
    return Part(begin, begin + found.end(), high, high, label)


def _unnamed(text: str, close: int) -> Iterator[Part]:
    """An attached text whose title is not known: it begins with «Chương I», «Phần thứ nhất» or «Điều 1»."""
    for low, high in labels.lines(text, close, len(text)):
        label = labels.at(text[low : min(high, low + 160)], offset=low)
        if label and not label.doubtful and label.readings[0][1] == (100,):
            scheme = label.readings[0][0]
            if scheme in labels.STRONG or (scheme == "roman" and shouted(text[label.rest : high])):
                yield Part(low, low, low, low, "Phần kèm theo", "kt1")
                return


def _listed(text: str, openings: Sequence[Part]) -> Iterator[Part]:
    """Openings without the lines of a list of annexes or forms that come again with their text."""
    last = {opening.token: at for at, opening in enumerate(openings)}
    for at, opening in enumerate(openings):
        end = openings[at + 1].start if at + 1 < len(openings) else len(text)
        if last[opening.token] == at or end - opening.start > _LIST_ENTRY:
            yield opening
