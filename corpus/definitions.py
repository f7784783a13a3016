"""Words that a text defines for itself: «(sau đây gọi tắt là Đề án)», «(viết tắt là BCĐ)»; DOMAIN §3.3.

Only the definition is read here. Which document a word means is worked out in `citations`, which body in `tasks`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.assignees import head_at, reading, same_body_key
from corpus.model import Span
from corpus.text import fold

LONGEST = 60
"""Characters of a defined word."""
NAME = 180
"""Characters before a definition in which the name of a body begins."""

_SAYS = re.compile(r"(?:gọi|viết)\s{1,2}(?:(?:chung|tắt)\s{1,2}){0,2}(?:là|:)")
_BEFORE = 24
"""Characters that may stand before it: a bracket, «sau đây được»."""
_DEFINES = re.compile(
    r"(?P<open>\()?\s{0,2}(?:(?:sau|dưới)\s{1,2}đây\s{1,2})?(?:được\s{1,2})?(?:gọi|viết)\s{1,2}"
    r"(?:(?:chung|tắt)\s{1,2}){0,2}(?:là\s?:?|:)\s{0,2}[“\"]?(?P<term>[^()“”\",;:\n]{2,60})[”\"]?\s{0,2}(?P<close>\))?"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """One word and where it is defined."""

    term: str
    span: Span
    """The words that define it, with their brackets."""


@lru_cache(maxsize=8)
def find(text: str) -> tuple[Definition, ...]:
    """The definitions of an NFC text, in text order; in brackets, or announced by «sau đây» and closed by a comma."""
    found: list[Definition] = []
    for said in _SAYS.finditer(text):
        low = max(found[-1].span.end if found else 0, said.start() - _BEFORE)
        match = _DEFINES.search(text, low, said.end() + LONGEST + 10)
        if match is None:
            continue
        bracketed = match["open"] and match["close"]
        told = "tắt" in match.group() or "đây" in match.group()
        term = " ".join(match["term"].split()).strip(" .")
        if not told or not (bracketed or "đây" in match.group()) or not re.match(r"[^\W\d_]{2}", term):
            continue
        start = match.start() + (len(match.group()) - len(match.group().lstrip()))
        found.append(Definition(term, Span(start, match.end())))
    return tuple(found)


def left_out(title: str | None) -> str | None:
    """A document's subject without the short name the text gives it there."""
    return (_DEFINES.sub("", title).strip(" ,(") or None) if title and _SAYS.search(title) else title


def bodies(text: str) -> Mapping[str, str]:
    """The full name of each body the text gives a short name to, by the short name's key."""
    named: dict[str, str] = {}
    for definition in find(text):
        # «(gọi tắt là bộ)» names a class of bodies, which stays as the text calls it.
        full = _body_before(text, definition) if definition.term[0].isupper() else None
        if full:
            named.setdefault(same_body_key(definition.term), full)
    return named


def opened(names: Sequence[str], defined: Mapping[str, str]) -> tuple[str, ...]:
    """Names of bodies with the full name in place of a defined short one, however far the name was read."""
    if not defined:
        return tuple(names)
    return tuple(dict.fromkeys(_opened(name, defined) for name in names))


def begins(words: str, defined: Mapping[str, str]) -> tuple[str, ...]:
    """The defined body a sentence begins with, whatever verbs its name holds."""
    return tuple(full for full in dict.fromkeys(defined.values()) if words.startswith(full))[:1]


def _opened(name: str, defined: Mapping[str, str]) -> str:
    key = same_body_key(name)
    for short, full in defined.items():
        # «Ban Chỉ đạo tổ chức» took in the verb; «Ban Chỉ đạo xây dựng» of the full name left the end out.
        cut_off = " " in key and same_body_key(full).startswith(f"{key} ")
        if key == short or key.startswith(f"{short} ") or cut_off:
            return full
    return name


def _body_before(text: str, definition: Definition) -> str | None:
    """The name of a body that ends where its short name is defined, the shortest that the short name fits."""
    end = definition.span.start
    line = reading(text[max(0, end - NAME) : end].rstrip(" (,"))
    for start in reversed([match.start() for match in re.finditer(r"(?<!\w)[^\W\d_]", line.text)]):
        if line.text[start].isupper() and head_at(line, start):
            name = line.text[start:]
            if re.search(r"[.;:]\s", name):
                return None
            if _abbreviates(definition.term, name):
                return " ".join(name.split())
    return None


def _abbreviates(term: str, name: str) -> bool:
    """Whether a short name can stand for a long one: its first word, or the first letters of words."""
    words, short = name.split(), term.split()
    if len(short) >= len(words) and not term.isupper():
        return False
    if len(short) > 1 or not term.isupper():
        return fold(short[0]) == fold(words[0])
    letters = [word[0].lower() for word in map(fold, words) if word]
    wanted = [letter for letter in fold(term) if letter.isalpha()]
    if not wanted or letters[0] != wanted[0]:
        return False
    rest = iter(letters)
    return all(letter in rest for letter in wanted)
