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
    r",\s{1,2}(?!Sở|Ủy|Uỷ|UBND|Bộ|Ban|Hội|Chính|Thủ|Quốc|Văn phòng|Chủ|Đảng|Công)(?!SỞ|ỦY|UỶ|BỘ|BAN|HỘI|THỦ)"
    r"[A-ZĐ]\w+(?:\s{1,2}\w+){0,3}\s{1,2}(?:và|VÀ)\s{1,2}[A-ZĐ]"
)
_SMALL_HEAD = re.compile(
    r"(?:tỉnh|thành|huyện|quận|thị|đảng|ban|bộ|chính|quốc|thủ)\s{1,2}"
    r"(?:[uủ][ỷy]|phủ|hội|thường|bí|chính|tướng)\b"
)
_OPENS_LINE = re.compile(r"[-–+]|\d|(?:điều|chương|mục|phần)\s{1,2}(?:thứ\s|[\divx]{1,4}\b)|căn\s{1,2}cứ\b")
# «của Chính phủ và mục 2 Công văn …»: a place in the next document.
_PLACE = re.compile(
    r"và\s{1,2}(?:các\s{1,2})?(?:điểm|khoản|điều|mục|chương|phần|phụ\s{1,2}lục)\s{1,2}"
    r"(?:\d|[ivx]{1,5}\b|[a-zđ]\b)"
)
# Nothing more belongs to the name after «Chính phủ», but «Chính phủ và Ủy ban Trung ương Mặt trận …» issue together.
_GOVERNMENT_GOES_ON = re.compile(r"\s{1,3}(?:nước|Việt|và\s{1,3}[A-ZĐỦ])")
# «báo cáo số 06/KHCN/N của Phụ lục I», «mẫu số 01 của Thông tư này»
_NO_BODY = re.compile(
    r"(?:phụ\s{1,2}lục|điều|khoản|luật|bộ\s{1,2}luật|thông\s{1,2}tư|nghị\s{1,2}(?:định|quyết)|quyết\s{1,2}định)\b"
)
_MOST_WORDS = 26
LONGEST_LINE = 130
"""Characters of a line that a page can hold; the end of a longer one is the end of a paragraph."""


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
        direct = re.match(r" {1,3}(?=(?:Chính phủ|Thủ tướng Chính phủ|Bộ Chính trị|Quốc hội)\b)", text[at : at + 26])
        if direct is None:
            return at, None
        start = at + direct.end()
    else:
        start = by.end()
    if start >= len(text) or _NO_BODY.match(lower, start):
        return at, None
    if not (text[start].isupper() or _SMALL_HEAD.match(lower, start)):
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
        if "\n" in token["gap"] and _new_paragraph(text, lower, token):
            return end
        if f"{last} {small}" == "chính phủ" and not _GOVERNMENT_GOES_ON.match(text, token.end()):
            return token.end()
        last, at = small, token.end()
        if word[0].isalnum() and small != "và":
            end = at
    return end


def _new_paragraph(text: str, lower: str, token: re.Match[str]) -> bool:
    """Whether the line break before a word is more than the edge of the page."""
    opens = token["gap"].count("\n") > 1 or _OPENS_LINE.match(lower, token.start("word"))
    return bool(opens) or _ends_paragraph(text, text.index("\n", token.start()))


_UNFINISHED = re.compile(r"(?:trưởng|tịch|đốc|bộ|sở|ban|tỉnh|huyện|xã|và|của|về|các|[,–-])\s?\Z", re.IGNORECASE)


def _ends_paragraph(text: str, at: int) -> bool:
    """Whether the line that ends at `at` is longer than a page is wide, and its last word wants no other."""
    if _UNFINISHED.search(text, max(0, at - 8), at):
        return False
    return text.rfind("\n", max(0, at - LONGEST_LINE), at) < 0 and at > LONGEST_LINE


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(abbr.upper() for abbr in lexicon.type_abbrs())


def _ends_name(text: str, lower: str, token: re.Match[str], word: str, small: str) -> bool:
    following = _TOKEN.match(lower, token.end())
    pair = f"{small} {following['word']}" if following else small
    if small == "và" and following and following["word"].upper() in _abbreviations():
        return True
    if small == "và" and following and text[following.start("word")].isupper():  # «Khoa học và Công nghệ»
        after = _TOKEN.match(lower, following.end())
        if after and f"{following['word']} {after['word']}" in lexicon.citation_words("body", "names"):
            return False
    if small == "và" and _PLACE.match(lower, token.start("word")):
        return True
    shouted = word.isupper() and len(word) > 1
    if word != small and not shouted:
        opens_sentence = following is None or text[following.start("word")].islower()
        opener = small in lexicon.citation_words("body", "openers") or pair in lexicon.citation_words("body", "kinds")
        return opens_sentence and opener
    if pair in lexicon.citation_words("body", "names"):
        return False
    return small in lexicon.citation_words("body", "stops") or pair in lexicon.citation_words("body", "pairs")


_SUBJECT = re.compile(
    r"\s{0,3}(?:,\s{0,2})?(?:\((?:kh(?:óa|oá|oa)|sau đây|gọi tắt)[^()\n]{1,60}\)\s{0,2})?"
    r"(?:(?P<about>(?:về\s{1,3}(?:việc\s{1,3})?|v/v\s{0,3}|[:]\s{0,2}(?=[\"“])))|(?=[\"“])"
    r"|(?=(?:ban hành|quy định|hướng dẫn|phê duyệt|sửa đổi|công bố|giao|thành lập|đính chính|bãi bỏ"
    r"|ủy quyền|uỷ quyền)\b(?!\s{0,2}(?::|rõ\b|tại\b|thì\b|như sau|cụ thể))))"
)
_SUBJECT_END = re.compile(
    r"(?=[;.),:\s])(?:"  # every end begins so; a subject is long
    r";|\.(?=\s|\Z|/)|\)"
    r"|\n\s{0,4}(?=[-+•*–]\s|\d{1,2}[.)]|[a-zđ]\)|căn cứ|theo đề nghị|xét|điều \d|\n)|(?P<line>\n)"
    r"|,\s{1,2}(?=(?:ubnd|ủy ban|uỷ ban|sở|ban|bộ|huyện|tỉnh|thành|đảng|hội|chính phủ|phòng|chủ tịch"
    r"|thủ tướng|văn phòng|giám đốc|công an|thường trực)\b)"
    # the sentence goes on
    r"|,?\s(?:thì|như sau|(?:trong|theo|do) đó|đồng thời|và căn cứ|và (?:ý kiến|đề nghị) (?:của|tại))\b"
    r"|[,;]\s(?:trong đó|theo đó|cụ thể|tại)\b|\sgửi\s(?=(?:các|sở|ban|bộ|ủy|uỷ|ubnd|hội|chủ tịch"
    r"|phòng|văn phòng)\b)"
    r"|,?\s(?:có\s)?(?:quy định|hướng dẫn|nêu|ghi|chỉ đạo|yêu cầu)(?:\s(?:rõ|cụ thể|như sau)){0,2}\s?:"
    r"|(?<!đề án)(?<!dự án)(?<!trình)(?<!chủ đề)(?<!nhiệm vụ)\s?:\s?(?=[“\"\n])"
    r"|\s\((?:gửi\s)?kèm\b|\s\([^()\n]{3,90}\s(?:đính|gửi) kèm\)"
    r"|,?\s(?:và|cùng) các\s(?:văn bản|nghị định|thông tư|quyết định)\s(?:sửa đổi|hướng dẫn"
    r"|chỉ đạo|có liên quan|liên quan)\b|,?\svà (?:các )?(?:hồ sơ|tài liệu)\s(?:gửi |đính )?kèm\b"
    r"|,\s(?:để\s|ngày\s\d)|,?\scho phù hợp\b"
    r"|,?\s(?:được )?tiếp tục (?:được )?(?:thực hiện|áp dụng|sử dụng)\s(?:cho\s)?đến\b"
    r"|,?\s(?:có|hết)\s(?:hiệu lực|ý kiến)\b|,\s(?:bao\s)?gồm\b"
    r"|(?:,|\svà)\s(?P<place>(?:tại\s)?(?:các\s)?(?:điểm|khoản|điều|mục)\s[\da-zđ]{1,3}\b)"
    r"|,?\svà (?:bãi|hủy|huỷ) bỏ\s(?:các\s(?:văn bản|quy định)|[^\W\d_]+\s[^\W\d_]+\ssố)\b"
    # what others did to it, and the next document
    r"|,?\s\(?(?:đã\s)?(?:được|bị)\s(?:sửa đổi|bổ sung|thay thế|bãi bỏ|đính chính)\b"
    r"|(?:,|\svà)\s(?=(?P<next>[^\W\d_]+\s(?:[^\W\d_]+\s){0,3})số\s{0,2}\d{1,5}[a-zđ]?\s?[/-]))"
)
_UNCLOSED = re.compile(r"\s\([^()]{0,60}\Z")
_CALLED = re.compile(r"\((?:sau đây|dưới đây|(?:gọi|viết) tắt)[^()\n]{1,90}\)")


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
    end = _title_end(text, lower, start, limit)
    words = " ".join(text[start:end].split()).strip(" ,:/")
    return _UNCLOSED.sub("", words).strip(" ,:/") or None


def _title_end(text: str, lower: str, start: int, limit: int) -> int:
    """Where the subject that opens at `start` ends, at most at `limit`."""
    called = _CALLED.search(lower, start, limit)
    limit = called.end() if called else limit  # the short name closes it
    stop = start
    while found := _SUBJECT_END.search(lower, stop, limit):
        if not _goes_on(text, start, found):
            return found.start()
        stop = found.end()
    return limit


_AND_MORE = re.compile(r";\s(?:hướng dẫn|quy định|sửa đổi|bổ sung|bãi bỏ)\s(?!tại|của|này|nêu|trên|số)")


def _goes_on(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether what looks like the end of a subject is part of it."""
    mark, so_far = found.group(), text[start : found.start()]
    if mark == ")":
        return "(" in so_far
    if found["line"]:
        return not _ends_paragraph(text, found.start())
    if mark == ";":  # «quy định cách định giá; hướng dẫn định khung giá»
        return _AND_MORE.match(text, found.start()) is not None
    if mark.startswith(", ngày"):  # «thực hiện Chỉ thị số 36-CT/TW, ngày 16/8/2019»
        return so_far[-1:].isupper()
    if found["next"]:  # «bãi bỏ Quyết định số 1/…, Quyết định số 2/…»: one of several that the subject names
        law = "Luật" in so_far and not mark.startswith(",") and found["next"].startswith(("nghị", "luật", "pháp"))
        return not text[found.end()].isupper() or law or bool(re.search(r"\d/", so_far))
    if found["place"]:  # «sửa đổi Điều 5 và Điều 7 của …»
        return bool(re.search(r"\b(?:[Đđ]iểm|[Kk]hoản|[Đđ]iều|[Mm]ục) \w{1,3}\b", so_far))
    if mark.strip(" ,") or not mark.startswith(","):
        return False
    quoted = so_far.rfind("“") > so_far.rfind("”")
    return quoted or not text[found.end() : found.end() + 1].isupper()
