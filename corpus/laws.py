"""Names of laws in prose: «Luật Ban hành văn bản quy phạm pháp luật»; they are cited without a number."""

from __future__ import annotations

import re

from corpus.lexicon import citation_words
from corpus.text import is_syllable

_WORD = re.compile(r"(\s{1,3})([^\W\d_]+)")
_LIBERAL = re.compile(r"\s{1,3}(?P<name>[^.;:()“”\"\d]{2,170}?)\s{1,3}s[ốô]\s{0,3}:?\s{0,3}")
_PLAIN = re.compile(r"\s{0,3}(?:s[ốô]\s{0,3}:?\s{0,3})?")
_OUTER = re.compile(r"(?:bộ luật|luật|pháp lệnh)\s{1,3}(?P<what>sửa đổi[^.;:()\n]{0,90}?)\s{1,3}(?:của|các)\s{1,3}\Z")
_BROKEN_OFF = re.compile(r"\b(?:này|và các|được|theo quy định|quy định tại|căn cứ|thực hiện)\b")
_SCHOOL = re.compile(r"(?:đại học|khoa|viện|công ty|ngành|khối|cử nhân|thạc sĩ|pháp|kỷ)\s{1,2}\Z")
_NATION = re.compile(
    r"\s{1,3}nước\s{1,3}cộng\s{1,3}h(?:òa|oà)\s{1,3}xã\s{1,3}hội\s{1,3}chủ\s{1,3}nghĩa\s{1,3}việt\s{1,3}nam"
)
# «Khoa học, Công nghệ và Đổi mới sáng tạo», but «Đất đai, Luật Nhà ở và …».
_LISTED = re.compile(
    r",\s{1,2}(?!Luật|Bộ|Nghị|Pháp|Thông|Quyết|Hiến)[A-ZĐ]\w+(?:\s{1,2}\w+){0,3}\s{1,2}và\s{1,2}"
    r"(?!Luật|Bộ|Nghị|Pháp|Thông|Quyết|Hiến)[A-ZĐ]"
)
# «Luật Sửa đổi, bổ sung một số điều của Luật …»
_AMENDS = re.compile(
    r"\s{1,3}sửa\s{1,3}đổi,?\s{1,3}bổ\s{1,3}sung[^.;:()\n]{0,60}?\scủa\s{1,3}(?:bộ\s{1,3}luật|luật|pháp\s{1,3}lệnh)\b"
)
_MOST_WORDS = 18


def numbered_law(text: str, lower: str, start: int, end: int, at: int) -> tuple[int, str | None] | None:
    """Start and name of the law whose number begins at `at`, its type printed from `start` to `end`."""
    if _PLAIN.fullmatch(lower, end, at):
        return start, None
    found = _LIBERAL.fullmatch(lower, end, at)
    if found is None or (not text[found.start("name")].isupper() and not found["name"].startswith("sửa")):
        return None
    if _BROKEN_OFF.search(found["name"]):
        return None
    name = " ".join(text[slice(*found.span("name"))].split())
    outer = _OUTER.search(lower, max(0, start - 130), start)
    if outer and text[outer.start()].isupper():
        return outer.start(), " ".join(text[outer.start("what") : found.end("name")].split())
    return start, name


def named_law(text: str, lower: str, start: int, end: int) -> tuple[int, str] | None:
    """End and name of a law printed without a number; its type stands from `start` to `end`.

    >>> named_law("Luật Thi đua, khen thưởng và các nghị định", "luật thi đua, khen thưởng và các nghị định", 0, 4)
    (25, 'Thi đua, khen thưởng')
    """
    if not text[start].isupper() or _SCHOOL.search(lower[max(0, start - 12) : start]):
        return None
    constitution = lower.startswith("hiến", start)
    if constitution and (nation := _NATION.match(lower, end)):
        return nation.end(), "Hiến pháp"
    first = _WORD.match(text, end)
    if first and _abbreviates(text, first):
        return first.end(), first[2]
    if first is None or not first[2][0].isupper() or (len(first[2]) > 1 and first[2].isupper()):
        return (end, "Hiến pháp") if constitution and re.match(r"\s{1,3}năm\s", lower[end : end + 8]) else None
    amends = _AMENDS.match(lower, end)
    stop = _name_end(text, lower, amends.end() if amends else end)
    name = " ".join(text[end:stop].split())
    return (stop, name) if name else None


def _abbreviates(text: str, word: re.Match[str]) -> bool:
    """«Luật PCTN»: no syllable, and not in the midst of capitals."""
    following = _WORD.match(text, word.end())
    alone = following is None or not following[2].isupper()
    return alone and word[2].isupper() and 2 < len(word[2]) < 8 and not is_syllable(word[2])


def _name_end(text: str, lower: str, end: int) -> int:
    """Where the name that follows the type ends."""
    at = stop = end
    last = ""
    for _ in range(_MOST_WORDS):
        word = _WORD.match(lower, at)
        if word is None and lower.startswith(",", at):
            next_word = _WORD.match(lower, at + 1)
            small = next_word is not None and text[next_word.start(2)].islower()
            if (small and last in citation_words("law", "commas")) or _LISTED.match(text, at):
                word = next_word
        if (
            word is None
            or word[1].count("\n") > 1
            or (last and _ends(text, lower, word) and f"{last} {word[2]}" != "nhà ở")
        ):
            return stop
        last, at = word[2], word.end()
        if last != "và":
            stop = at
    return stop


def _ends(text: str, lower: str, word: re.Match[str]) -> bool:
    following = _WORD.match(lower, word.end())
    pair = f"{word[2]} {following[2]}" if following else word[2]
    if "\n" in word[1] and text[word.start(2)].isupper() and {pair, word[2]} & citation_words("law", "lines"):
        return not lower.endswith("chức", 0, word.start())  # «Luật Tổ chức\nChính phủ»
    if pair in citation_words("law", "names"):
        return False
    after = _WORD.match(lower, following.end()) if following and word[2] == "và" else None
    if after and following and f"{following[2]} {after[2]}" in citation_words("law", "names"):
        return False  # «Tiêu chuẩn và Quy chuẩn kỹ thuật»
    if text[word.start(2)].islower():
        return word[2] in citation_words("law", "stops") or pair in citation_words("law", "pairs")
    return pair in citation_words("law", "kinds")
