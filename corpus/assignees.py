"""Where the name of a body begins and ends in running text, and how a list of bodies is parted (DOMAIN §4.2).

What is asked of the bodies is read in `assignments`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from corpus.text import fold

LONGEST = 420
"""Characters a list of bodies may have; longer runs are sentences that lost their verb."""


@cache
def lexicon() -> Mapping[str, Mapping[str, list[str]]]:
    """The word lists of `data/assignment.toml`."""
    return tomllib.loads(resources.files("corpus").joinpath("data/assignment.toml").read_text("utf-8"))


# The two ways of placing a tone mark (hòa/hoà, ủy/uỷ) must not hide a word; before a final consonant
# there is only one way (hoàn), and in «quý» the u belongs to the onset.
_PLACED = {
    vowels[0] + late: early + vowels[1]
    for vowels, earlies, lates in (
        ("oa", "òóỏõọ", "àáảãạ"),
        ("oe", "òóỏõọ", "èéẻẽẹ"),
        ("uy", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for early, late in zip(earlies, lates, strict=True)
}
_LATE = re.compile(r"(?<!q)(?:" + "|".join(_PLACED) + r")(?!\w)")


def canonical(text: str) -> str:
    """Lower case, line breaks as spaces, one place for tone marks; same length as the text."""
    lowered = _spaced(text).lower()
    if len(lowered) != len(text):
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return _LATE.sub(lambda found: _PLACED[found.group()], lowered)


def _spaced(text: str) -> str:
    for space in "\n\t\xa0\r":  # a search each, ten times as fast as a table
        text = text.replace(space, " ")
    return text


@dataclass(frozen=True, slots=True)
class Reading:
    """A paragraph with its two comparison forms; all three have the same length."""

    text: str
    marked: str
    """Lower case with diacritics."""
    bare: str
    """Lower case without."""


@lru_cache(maxsize=2_000)
def reading(text: str) -> Reading:
    """Prepare a paragraph for the functions of this module; the steps of one document ask for the same ones again."""
    text = _spaced(text)
    return Reading(text, canonical(text), fold(text))


def alternation(words: Iterable[str]) -> str:
    """A pattern of these words, longest first, any run of spaces between syllables."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return (
        "(?:"
        + "|".join(re.escape(canonical(word)).replace(r"\ ", r"\s{1,3}") for word in ordered)
        + r")(?!\w)"
    )


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """The words of one list, to be matched on `Reading.marked`."""
    return re.compile(r"(?<!\w)" + alternation(lexicon()[section][name]))


@cache
def _bare_verbs() -> re.Pattern[str]:
    words = (*lexicon()["action"]["verbs"], *lexicon()["action"]["openers"], *lexicon()["orders"]["duties"])
    return re.compile(r"(?<!\w)" + alternation(fold(word) for word in words if " " in word))


@cache
def _stops() -> re.Pattern[str]:
    action, orders = lexicon()["action"], lexicon()["orders"]
    return re.compile(
        rf"(?<!\w)(?:(?P<duty>{alternation(orders['duties'])})"
        rf"|(?P<described>{alternation(action['described'])})"
        rf"|(?P<verb>{alternation((*action['verbs'], *action['openers']))}))|(?P<mark>[;:.](?=\s|$))"
    )


@cache
def _heads() -> re.Pattern[str]:
    bodies = lexicon()["bodies"]
    return re.compile(
        rf"(?P<each>{alternation(bodies['determiners'])}\s{{1,3}})?"
        rf"(?:(?P<complete>{alternation(bodies['complete'])})|(?P<small>{alternation(bodies['small'])})"
        rf"|(?P<named>{alternation(bodies['named'])})|(?P<class>{alternation(bodies['classes'])}))"
    )


@cache
def _whole() -> re.Pattern[str]:
    return re.compile(alternation(lexicon()["bodies"]["whole"]))


_CLASS = (
    r"(?:sở|phòng|cấp|ban|ngành|huyện|xã|bộ|hội|trường|khối|đoàn thể|phường"
    r"|thị trấn|tỉnh|địa phương|cơ quan|đơn vị)"
)
_CLASS_LIST = re.compile(rf"{_CLASS}(?:\s?,\s{{0,2}}{_CLASS}){{1,4}}(?!\w)")


def head_at(line: Reading, at: int) -> tuple[int, bool] | None:
    """End of the noun that opens a body's name at this offset, and whether it needs more to be a name.

    >>> head_at(reading("Sở Nội vụ chủ trì"), 0), head_at(reading("sở hữu đất"), 0)
    ((2, True), None)
    """
    found = _heads().match(line.marked, at)
    if not found:
        return None
    if found["complete"] or found["small"]:
        return found.end(), bool(found["small"]) and not _whole().fullmatch(found["small"])
    if found["each"]:
        return found.end(), False
    if _CLASS_LIST.match(line.marked, at):
        return found.end(), False
    follows = line.text[found.end() : found.end() + 3].lstrip(' "“')
    if found["named"] and follows[:1].isupper():
        return found.end(), True
    return None


def body_end(line: Reading, at: int) -> tuple[int, str] | None:
    """Where the list of bodies that opens at `at` ends, and what ends it.

    The second value is `duty`, `verb`, `described`, `mark` or `end`; None when no body opens here.
    """
    head = head_at(line, at)
    if head is None:
        return None
    scan, needs_name = head
    limit = min(len(line.text), at + LONGEST)
    while scan < limit:
        stop = next_stop(line, scan, limit)
        if stop is None:
            break
        begin, end, kind = stop
        fresh = begin <= head[0] + 2 and needs_name and kind == "verb"
        if kind in ("verb", "duty") and _part_of_name(line, at, begin, end, fresh=fresh):
            scan = end
            continue
        if kind == "described" and (granted := _GRANTED.match(line.marked, begin)):
            scan = granted.end()
            continue
        if kind == "mark" and line.text[begin] == ":" and _class_colon(line, at, begin):
            scan = end
            continue
        return begin, kind
    return (limit, "end") if limit == len(line.text) else None


def next_stop(line: Reading, at: int, limit: int) -> tuple[int, int, str] | None:
    marked = _stops().search(line.marked, at, limit)
    bare = _bare_verbs().search(line.bare, at, limit)
    if bare and (marked is None or bare.start() < marked.start()):
        return bare.start(), bare.end(), "verb"
    if marked is None:
        return None
    return marked.start(), marked.end(), marked.lastgroup or "verb"


_NAME_GOES_ON = re.compile(
    r"\s{1,3}(?:chính trị|đảng|xã hội|đoàn thể|cơ sở đảng|quần chúng|hội|hành chính|tín dụng|cá nhân"
    r"|phi chính phủ|chuyên môn|thành viên|liên quan)"
)
_PRODUCT_AHEAD = re.compile(r"\s{1,3}(?:kế hoạch|chương trình|báo cáo|văn bản|dự thảo|đề án|quy chế)")


_GRANTED = re.compile(
    r"có\s{1,2}(?:liên quan|thẩm quyền|chức năng)|được\s{1,2}(?:phân công|giao|cử|phân cấp|ủy quyền)"
    r"(?:\s{1,2}(?:phụ trách|quản lý|theo dõi|nhiệm vụ))?(?=\s)"
    r"|(?:đã\s{1,2})?được\s[^.;:,]{2,60}?(?=\s(?:có|chịu)\strách nhiệm(?!\w))"
    r"|được\s[^.;:,]{2,40}$"
    r"|chưa\s(?:hoàn thành|có|thực hiện|ban hành|tổ chức|gửi|nộp|báo cáo)\s[^.;:]{2,90}?"
    r"(?=\s(?:khẩn trương|quan tâm|tập trung|nghiêm túc|(?:có|chịu)\strách nhiệm)(?!\w))"
)
"""What tells which of the bodies are meant: «các đơn vị được hợp nhất có trách nhiệm …»."""
# Verbs that names of bodies end with, and verbs that are nouns or particles after others.
_TRADES = re.compile(r"(?:xây dựng|thanh tra|thống kê|đào tạo|điều tra|khảo sát|vận tải|sản xuất)$")
_AFTER_CLASS = re.compile(r"(?:các|những|bộ máy|thuộc|ban|cấp|công tác|việc)\s*$")
_AFTER_NOUN = re.compile(r"(?:[,]|các|cơ quan)\s*$")
_SETTING_OUT = frozenset(("tiến hành", "chủ động", "tập trung", "khẩn trương", "tiếp tục", "tổ chức"))
"""Verbs that only open another: «các đơn vị tiến hành rà soát»."""
_PARTICLES = frozenset(
    ("chỉ", "cấp", "ra", "ký", "chi", "thu", "làm", "hết", "mở", "dự", "qua", "giữ", "cử", "tự", "không")
)


def _part_of_name(line: Reading, start: int, begin: int, end: int, *, fresh: bool) -> bool:
    """Whether a verb belongs to the name: «Ban Tổ chức», «các tổ chức chính trị».

    `fresh`: it follows at once on a noun that needs a name.
    """
    if line.text[begin].isupper() and begin > start and not line.text[begin:end].isupper():
        return not _PRODUCT_AHEAD.match(line.marked, end)
    before, word = line.marked[max(start, begin - 12) : begin], line.marked[begin:end]
    if fresh and line.text[start:begin].isupper():
        return True
    if _AFTER_CLASS.search(before) and _NAME_GOES_ON.match(line.marked, end):
        return True
    if word in ("tổ chức", "quản lý") and _AFTER_NOUN.search(before):
        return True
    if word in _PARTICLES and not line.marked[end : end + 1].isspace():
        return True
    if _PRODUCT_AHEAD.match(line.marked, end):
        return False
    kind = before.rstrip().endswith(("cơ quan", "đơn vị", "bộ phận")) and word not in _SETTING_OUT
    trade = _TRADES.match(word) or kind
    return fresh or bool(trade and _verb_follows(line, end))


def _verb_follows(line: Reading, at: int) -> bool:
    """A second verb right after the first: «Hội Nhà thầu xây dựng hoàn thành …»."""
    after = next_stop(line, at, min(len(line.text), at + 16))
    return after is not None and after[2] in ("verb", "duty") and not line.text[at : after[0]].strip()


def _class_colon(line: Reading, start: int, at: int) -> bool:
    """«các sở: Nội vụ, Tài chính …»: the colon opens the list of names, not the duty."""
    follows = line.text[at + 1 : at + 4].lstrip()
    opener = line.marked[start:at]
    if not follows[:1].isupper() or not re.match(r"(?:\w+\s){0,4}?(?:các|những)\s", opener + " "):
        return False
    first = head_at(line, at + 1 + len(line.text[at + 1 :]) - len(line.text[at + 1 :].lstrip()))
    plain = len(opener) < 40 and not _bare_verbs().match(line.bare, at + 2)
    stop = _stops().match(line.marked, at + 2)
    return plain and stop is None and (first is not None or "," in line.text[at : at + 60])


_JOINTS = re.compile(r"\s?[,;]\s{0,2}(?:và\s{1,2})?|\s(?:và|cùng|cùng với|hoặc)\s{1,2}")
# «Các huyện ủy, thành ủy, đảng ủy trực thuộc» is one class: all its members stand under one «các».
_FAMILY = re.compile(r"các\s(?:(?:tỉnh|thành|thị|huyện|quận|đảng|chi|cấp)\s(?:ủy|bộ)(?:,\s|\svà\s)?)+")
_KIN = re.compile(r"(?:thành|thị|huyện|quận|đảng|chi)\s(?:ủy|bộ)(?!\w)(?!\s(?:xã|phường|huyện)\s)")
_PERSON = re.compile(r"(?:(?:các\s)?(?:đồng chí|đ/c)|ông|bà)\s")
_OFFICE = re.compile(
    r"(?:phó\s|quyền\s)?(?:bí thư|chủ tịch|trưởng|giám đốc|chánh|hiệu trưởng|chỉ huy trưởng|ủy viên|chủ nhiệm"
    r"|cục trưởng|vụ trưởng|viện trưởng|tổng giám đốc|thường trực|phó)(?!\w)"
)
"""«Đồng chí Nguyễn Văn An, Phó Chủ tịch …» is one person and what he is."""
_NOT_SPLIT = re.compile(
    r"(?:đoàn đại biểu quốc hội|mặt trận|khối|đảng bộ"
    r"|văn phòng (?:đoàn đbqh(?:, |\svà\s))?(?:hđnd|hội đồng nhân dân))\s*$"
)


def split_bodies(phrase: str) -> tuple[str, ...]:
    """The bodies of a list, class enumerations kept whole.

    >>> split_bodies("các sở, ban, ngành, đoàn thể và Ủy ban nhân dân cấp xã")
    ('các sở, ban, ngành, đoàn thể', 'Ủy ban nhân dân cấp xã')
    >>> split_bodies("các sở: Nội vụ, Tài chính")
    ('Sở Nội vụ', 'Sở Tài chính')
    """
    line = reading(phrase.strip(' ,;:.-–"“”*'))
    if ":" in line.text:
        return _named_after_colon(line.text)
    cuts = [0]
    for joint in _JOINTS.finditer(line.text):
        if joint.start() <= cuts[-1] or _depth(line.text, joint.start()):
            continue
        if _FAMILY.fullmatch(line.marked, cuts[-1], joint.start()) and _KIN.match(line.marked, joint.end()):
            continue
        before, after = line.marked[: joint.start()], line.marked[joint.end() :]
        if _PERSON.match(before, cuts[-1]) and _OFFICE.match(after):
            continue
        if opens_body(line, joint.end()) and not _NOT_SPLIT.search(before):
            cuts.append(joint.end())
    parts = [line.text[low:high] for low, high in zip(cuts, [*cuts[1:], len(line.text)], strict=True)]
    return tuple(dict.fromkeys(part for part in map(_trimmed, parts) if len(part) > 1))


APPOSED = re.compile(r"(?<=\w),\s(?:là\s)?(?:cơ quan|đơn vị)\s(?:chủ trì|thường trực|đầu mối|tham mưu)(?!\w).*$")
"""«Sở Nội vụ, cơ quan chủ trì»: one body and what it is."""
_BESIDES = re.compile(r"\s(?:ngoài việc|bên cạnh việc|cùng với việc|đối với việc|trong việc)$")


def _trimmed(part: str) -> str:
    part = _BESIDES.sub("", APPOSED.sub("", " ".join(part.split())))
    part = re.sub(r"(?:[\s,;./]|(?<!\w)(?:và|cùng|hoặc|với))+$", "", " ".join(part.split()))
    return part if part.count("(") == part.count(")") else part.replace("(", " ").replace(")", " ").strip()


def _depth(text: str, at: int) -> bool:
    return text.count("(", 0, at) > text.count(")", 0, at)


def opens_body(line: Reading, at: int) -> bool:
    if at >= len(line.text):
        return False
    found = _heads().match(line.marked, at)
    if not found:
        return False
    if line.text[at].isupper():
        return head_at(line, at) is not None
    small = line.text[found.start() :][:1].islower()
    return bool(found["each"] or (found["complete"] and len(found["complete"]) > 7 and not small)) or (
        bool(found["complete"])
        and found["complete"] in ("ubnd", "công an", "đảng ủy", "chi bộ", "huyện ủy", "cấp ủy")
    )


def _named_after_colon(text: str) -> tuple[str, ...]:
    opener, _, names = text.partition(":")
    single = re.sub(r"(?<!\w)(?:các|những)\s+", "", opener, flags=re.I).strip()
    parts = [part.strip() for part in re.split(r"\s*[,;]\s*", names.strip()) if part.strip()]
    if parts:
        *others, last = parts
        line = reading(last)
        joints = [j for j in re.finditer(r"\svà\s", last) if opens_body(line, j.end()) or len(others) == 0]
        parts = (
            [*others, last] if not joints else [*others, last[: joints[-1].start()], last[joints[-1].end() :]]
        )
    parts = _rejoined(parts)
    if parts and all(head_at(reading(part), 0) for part in parts):
        return tuple(parts)
    single = single[:1].upper() + single[1:]
    return tuple(f"{single} {part}" for part in parts)


def _rejoined(parts: list[str]) -> list[str]:
    """Put names with commas together again: «Văn hóa, Thể thao và Du lịch»."""
    joined: list[str] = []
    for part in parts:
        if joined and re.match(r"Thể thao|Gia đình|Thông tin và Thể thao", part) and " và " not in joined[-1]:
            joined[-1] += ", " + part
        else:
            joined.append(part)
    return joined


@lru_cache(maxsize=20_000)
def same_body_key(name: str) -> str:
    """A rough key equal for two spellings of a body: abbreviations opened, no marks, no case."""
    return body_words(name)


_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "bhxh": "bao hiem xa hoi",
    "mttq": "mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc",
    "vp": "van phong",
    "btv": "ban thuong vu",
    "bch": "ban chap hanh",
}


def body_words(text: str) -> str:
    """As `same_body_key`, for whole texts: nothing is remembered."""
    words: list[str] = re.findall(r"\w+", fold(text))
    return " ".join(_SHORT.get(word, word) for word in words)
