"""What follows the number of a cited document: its date, who issued it, and its subject."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from corpus import dates, lexicon

LONGEST_TITLE = 400
"""Characters of a subject that are kept."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The words after a number; `end` is where date and issuer end, before the subject."""

    end: int
    issued_on: dt.date | None = None
    year: int | None = None
    issuer: str | None = None
    title: str | None = None


_DATE_LEAD = re.compile(r"\s{0,3},?\s{0,3}(?P<open>\(\s?)?(?:(?:ký|ban hành)\s{1,3})?(?=ngày|\d{1,2}\s?[/.-]\s?\d)")
_YEAR = re.compile(r"\s{1,3}(?:\(\s?)?(?:tháng\s{1,2}\d{1,2}\s{1,2})?năm\s{1,3}((?:19|20)\d\d)(?!\s?[-/]\s?\d|\d)")
_TERM = re.compile(r"\s{0,3},?\s{0,2}\(?\s?kh(?:óa|oá|oa)\s{1,2}[ivx]{1,5}\b(?:\s?\))?")
_BY = re.compile(r"\s{0,3},?\s{0,3}(?:của|do)\s{1,3}")
_TOKEN = re.compile(r"(?P<gap>\s{0,3})(?P<word>[^\W\d_]+|[-–&]|\d{1,2}(?!\d))")
# «Văn hóa, Thể thao và Du lịch», but «…, Sở Nội vụ» opens another body.
_NAME_GOES_ON = re.compile(
    r",\s{1,2}(?!Sở|Ủy|Uỷ|UBND|Bộ|Ban|Hội|Chính|Thủ|Quốc|Văn phòng|Chủ|Đảng|Công)"
    r"[A-ZĐ]\w+(?:\s{1,2}\w+){0,3}\s{1,2}và\s{1,2}[A-ZĐ]"
)
_SMALL_HEAD = re.compile(
    r"(?:tỉnh|thành|huyện|quận|thị|đảng|ban|bộ|chính|quốc|thủ)\s{1,2}"
    r"(?:[uủ][ỷy]|phủ|hội|thường|bí|chính|tướng)\b"
)
_OPENS_LINE = re.compile(r"[-–+]|\d|(?:điều|chương|mục|phần)\s{1,2}(?:thứ\s|[\divx]{1,4}\b)|căn\s{1,2}cứ\b")
_MOST_WORDS = 18


def read_tail(text: str, lower: str, at: int) -> Tail:
    """Read what follows the number that ends at `at`."""
    end, on, year = _date(text, lower, at)
    end, issuer = _issuer(text, lower, end)
    if issuer and on is None and year is None:
        end, on, year = _date(text, lower, end)
    term = _TERM.match(lower, end)
    if term:
        end = term.end()
        if on is None:
            end, on, year = _date(text, lower, end)
        if issuer is None:
            end, issuer = _issuer(text, lower, end)
    return Tail(end, on, year, issuer, _title(text, lower, end))


_SENT = re.compile(r"[,\s][^.;:]{3,110}\s(?:có|ban hành|ký)\s{1,3}\Z")


def day_before(text: str, lower: str, at: int, year: int | None) -> dt.date | None:
    """The day of «Ngày 18/02/2025, Ủy ban nhân dân tỉnh đã có Công văn số …», the number at `at`."""
    begin = max(0, at - 150)
    opens = lower.rfind("ngày ", begin, at)
    if opens < 0 or not text[opens].isupper():
        return None
    first = next(iter(dates.find(text[opens:at])), None)
    if first is None or first[0].start or not _SENT.fullmatch(lower, opens + first[0].end, at):
        return None
    return first[1] if year in (None, first[1].year) else None


def _date(text: str, lower: str, at: int) -> tuple[int, dt.date | None, int | None]:
    lead = _DATE_LEAD.match(lower, at)
    if lead:
        window = lower[lead.end() : lead.end() + 44]
        first = next(iter(dates.find(window)), None)
        if first and first[0].start == 0:
            end = lead.end() + first[0].end
            closed = re.match(r"\s?\)", text[end : end + 2]) if lead["open"] else None
            return end + (closed.end() if closed else 0), first[1], None
    year = _YEAR.match(lower, at)
    return (year.end(), None, int(year[1])) if year else (at, None, None)


def _issuer(text: str, lower: str, at: int) -> tuple[int, str | None]:
    by = _BY.match(lower, at)
    if by is None:
        direct = re.match(r"\s{1,3}(?=(?:Chính phủ|Thủ tướng Chính phủ|Bộ Chính trị|Quốc hội)\b)", text[at : at + 26])
        if direct is None:
            return at, None
        start = at + direct.end()
    else:
        start = by.end()
    if start >= len(text) or not (text[start].isupper() or _SMALL_HEAD.match(lower, start)):
        return at, None
    end = _name_end(text, lower, start)
    words = " ".join(text[start:end].split())
    return (end, words) if len(words) > 2 else (at, None)


def _name_end(text: str, lower: str, start: int) -> int:
    """Where the name of a body that opens at `start` ends."""
    end = at = start
    last, names = "", lexicon.citation_words("body", "names")
    for count in range(_MOST_WORDS):
        token = _TOKEN.match(text, at)
        if token is None:
            more = _NAME_GOES_ON.match(text, at)
            if more is None:
                return end
            at += 1
            continue
        word, small = token["word"], lower[token.start("word") : token.end()]
        if count and f"{last} {small}" not in names and _ends_name(text, lower, token, word, small):
            return end
        if token["gap"].count("\n") > 1 or ("\n" in token["gap"] and _OPENS_LINE.match(lower, token.start("word"))):
            return end
        last, at = small, token.end()
        if word[0].isalnum() and small != "và":
            end = at
    return end


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(abbr.upper() for abbr in lexicon.type_abbrs())


def _ends_name(text: str, lower: str, token: re.Match[str], word: str, small: str) -> bool:
    following = _TOKEN.match(lower, token.end())
    pair = f"{small} {following['word']}" if following else small
    if small == "và" and following and following["word"].upper() in _abbreviations():
        return True
    shouted = word.isupper() and len(word) > 1
    if word != small and not shouted:
        opens_sentence = following is None or text[following.start("word")].islower()
        return opens_sentence and pair in lexicon.citation_words("body", "kinds")
    if pair in lexicon.citation_words("body", "names"):
        return False
    return small in lexicon.citation_words("body", "stops") or pair in lexicon.citation_words("body", "pairs")


_SUBJECT = re.compile(
    r"\s{0,3}(?:,\s{0,2})?(?:\((?:kh(?:óa|oá|oa)|sau đây|gọi tắt)[^()\n]{1,60}\)\s{0,2})?"
    r"(?:(?P<about>(?:về\s{1,3}(?:việc\s{1,3})?|v/v\s{0,3}|[:]\s{0,2}(?=[\"“])))|(?=[\"“])"
    r"|(?=(?:ban hành|quy định|hướng dẫn|phê duyệt|sửa đổi|công bố|giao|thành lập|đính chính|bãi bỏ)\b))"
)
_SUBJECT_END = re.compile(
    r"[;]|\.(?=\s|\Z)|\n\s{0,4}(?=[-+•*–]\s|\d{1,2}[.)]|[a-zđ]\)|căn cứ|theo đề nghị|xét|điều \d|\n)|\)"
    r"|,\s{1,2}(?=(?:ubnd|ủy ban|uỷ ban|sở|ban|bộ|huyện|tỉnh|thành|đảng|hội|chính phủ|phòng)\b)"
)


def _title(text: str, lower: str, at: int) -> str | None:
    lead = _SUBJECT.match(lower, at)
    if lead is None:
        return None
    limit = min(len(text), lead.end() + LONGEST_TITLE)
    start = lead.end()
    if text[start : start + 1] in '"“':
        close = re.compile('["”]').search(text, start + 1, limit)
        if close:
            return " ".join(text[start + 1 : close.start()].split()) or None
    stop = start
    while found := _SUBJECT_END.search(lower, stop, limit):
        if found.group().startswith(",") and not text[found.end() : found.end() + 1].isupper():
            stop = found.end()
            continue
        if found.group() == ")" and "(" in text[start : found.start()]:
            stop = found.end()
            continue
        limit = found.start()
        break
    return " ".join(text[start:limit].split()).strip(" ,:") or None
