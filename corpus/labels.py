"""What a line begins with: labels of numbered parts (Chương II, Điều 5, 3.1, b) and rows of task tables.

Only what a label says, not whether it is one: `sections` believes those that stand in a sequence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus import task_tables
from corpus.model import Level
from corpus.pieces import shouted
from corpus.text import CAPITALS, fold

Value = tuple[int, ...]
"""Numbers of a label, each × 100 so that «5a» falls between 5 and 6: (500,), (501,), (300, 100) for 3.1."""
Reading = tuple[str, Value]
"""A scheme of numbering and the place in it."""

# Rank from the outermost inwards (Nghị định 30/2020/NĐ-CP, Phụ lục I), level, prefix of the id.
SCHEMES: Mapping[str, tuple[float, Level, str]] = {
    "part": (1, Level.PART, "p"),
    "chapter": (2, Level.CHAPTER, "ch"),
    "capital": (2.5, Level.DIVISION, "m"),
    "division": (3, Level.DIVISION, "m"),
    "subdivision": (3.5, Level.SUBDIVISION, "tm"),
    "roman": (4, Level.ROMAN, ""),
    "article": (4.5, Level.ARTICLE, "d"),
    "clause": (5, Level.CLAUSE, ""),
    "decimal": (5.1, Level.SUBCLAUSE, ""),
    "bracket": (6.5, Level.POINT, "n"),
    "letter": (7, Level.POINT, ""),
    "small": (7.5, Level.POINT, ""),
    "paren": (8, Level.POINT, "n"),
    "row capital": (20, Level.ROW, "r"),
    "row roman": (21, Level.ROW, "r"),
    "row clause": (22, Level.ROW, "r"),
    "row decimal": (22.1, Level.ROW, "r"),
    "row letter": (23, Level.ROW, "r"),
}
STRONG = frozenset({"part", "chapter", "article"})
"""Schemes that print a word with the number."""

_WORDS = {"phan": "part", "chuong": "chapter", "muc": "division", "tieumuc": "subdivision", "dieu": "article"}
_ORDINALS = ["nhat", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi"]
_ALPHABET = "abcdđeghiklmnopqrstuvxy"
_FOREIGN = {"f": "e", "j": "i", "w": "v", "z": "y"}  # letters some lists use, after these
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}

_NOTE = r"(?:\[\d{1,3}\])?"  # footnotes of consolidated texts: «Điều 2[3].»
_LEAD = re.compile(r"[\s*_#>|]*")
_WORD_LABEL = re.compile(
    rf"(?P<word>phần|chương|tiểu\s?mục|mục|đi[ềê]u)(?:\s{{0,3}}(?P<n>\d{{1,3}}[a-zđ]?)"
    rf"|\s{{1,3}}(?P<name>thứ\s+\w+(?:\s(?:hai|ba|bốn|một))?|[IVXL]{{1,7}}|[A-H]))(?![^\W_]){_NOTE}"
    rf"(?P<mark>\s{{0,3}}[.:/–—-]{{1,2}}(?!\d))?{_NOTE}\s*",
    re.IGNORECASE,
)
_SYMBOL_LABEL = re.compile(
    rf"(?:(?P<prefixed>[IVXA-H]{{1,5}}(?:\.\d{{1,2}}){{1,4}})[.):]?(?=\s)"
    rf"|(?P<roman>(?=1*[IVXl|])[IVXl|1]{{1,6}})\s{{0,2}}(?P<rmark>[.)/:–—-]{{1,2}})"
    rf"|(?P<capital>[A-HĐ])\s?[.)/–—-]{{1,2}}(?=\s)"
    rf"|(?P<decimal>\d{{1,2}}(?:\.\d{{1,2}}){{1,4}})\s?{_NOTE}[.):/–-]?(?=\s)"
    rf"|(?P<clause>\d{{1,3}}[a-zđ]?){_NOTE}\s?(?P<cmark>[./–—-]{{1,2}}){_NOTE}"
    rf"|(?P<bracket>\d{{1,2}})\)|\((?P<paren>\d{{1,2}})\)"
    rf"|\(?(?P<letter>[a-zđ]\d?)\s?(?:\)|[./](?=\s))|\(?(?P<small>[ivx]{{2,4}})\))\s*(?=\S)"
)
_CELL = re.compile(
    r"(?:(?P<clause>\d{1,3})|(?P<decimal>\d{1,2}(?:\.\d{1,2}){1,3})|(?P<roman>[IVX]{1,5})"
    r"|(?P<capital>[A-HĐ])|(?P<letter>[a-zđ]))[.)]?"
)
_BARE_ROMAN = re.compile(rf"(?P<roman>[IVX]{{1,5}})\s+(?=[{CAPITALS}]{{2}})")
_GLUED = re.compile(r"(?<=[.:;”\"])\s?(?=Điều\s?\d{1,3}\s?[.:]\s{0,2}[A-ZĐ“])")
_ENDS = re.compile(r"[.:;!?…/”\")][\s*_]*$")
_LEADERS = re.compile(r"(?:[.…]{4}|\t)\s*\d{1,4}\s*$")  # a line of a table of contents
_SENTENCE = re.compile(r"(?:[^\W\d_]{3}|\d|[)”\"’])[.!?]\s+(?=[\"“(]?[^\W_])")
_PAGE = re.compile(r"\W*\d{1,4}\W*")
_TITLE = 400  # characters of a title that are kept


@dataclass(frozen=True, slots=True)
class Label:
    """A possible label; `readings` in the order of likelihood, `rest` where the words after it begin."""

    start: int
    rest: int
    printed: str
    readings: tuple[Reading, ...]
    doubtful: bool = False
    """To be believed only in the middle of a sequence: misread, lower case, or inside a wrapped sentence."""
    title: str | None = None
    """Known already for rows of tables."""


def lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of every line, empty ones too."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def read(text: str, start: int, end: int, quotes: Sequence[tuple[int, int]]) -> Iterator[Label]:
    """What may be a label between two offsets, in text order; nothing inside `quotes`."""
    width = wrap_width(text[start : min(end, start + 200_000)])
    at = bisect_right(quotes, (start, 0))
    at -= at > 0 and quotes[at - 1][1] > start
    before, columns = "", dict[str, int]()
    for low, high in lines(text, start, end):
        while at < len(quotes) and quotes[at][1] <= low:
            at += 1
        line = text[low:high].rstrip()
        if not line.strip() or contents_line(line):
            continue
        if at < len(quotes) and quotes[at][0] < low:
            before = line
            continue
        cells = line.split("\t")
        columns = _columns(cells) or columns
        row = _row(low, cells, columns)
        wrapped = width > 0 and len(before) >= width * 0.75 and not _ENDS.search(before[-12:])
        if row:
            yield row
        elif len(cells) == 1 or _one_cell(cells):
            yield from _of_line(text, low, low + len(line), doubtful=wrapped)
        before = line


def wrap_width(text: str) -> int:
    """Length of a full line where lines are wrapped at the margin; 0 where a line is a paragraph."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip() and "\t" not in line)
    if len(lengths) < 4 or lengths[-1 - len(lengths) // 50] > 140:
        return 0
    width = lengths[len(lengths) * 4 // 5]
    return width if width >= 40 else 0  # shorter lines are a list


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Columns of a task table whose header this is; only tables that count their rows matter here."""
    if len(cells) < 3 or len(cells) > 20 or cells[0].strip()[:1].isdigit():
        return {}
    found = dict(task_tables.columns([cell.strip() for cell in cells]))
    return found if "number" in found else {}


def _row(low: int, cells: Sequence[str], columns: Mapping[str, int]) -> Label | None:
    if not columns or len(cells) <= max(columns["number"], columns["content"]):
        return None
    number, words = cells[columns["number"]].strip(), " ".join(cells[columns["content"]].split())
    found = _CELL.fullmatch(number)
    if not found or not re.search(r"[^\W\d_]{2}", words):
        return None
    readings = tuple((f"row {scheme}", value) for scheme, value in _readings(found))
    return Label(low, low, number.rstrip(".)"), readings, title=first_sentence(words)) if readings else None


def _one_cell(cells: Sequence[str]) -> bool:
    """Tabs around the label only: «1.⇥Nội dung», not the cells of a table."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 or (len(filled) == 2 and len(filled[0].strip()) < 14 and bool(at(filled[0].strip() + " X")))


def _of_line(text: str, start: int, end: int, *, doubtful: bool) -> Iterator[Label]:
    """The label of a line, one glued after it («1. a)»), and articles glued behind a sentence."""
    label = at(text[start : min(end, start + 160)], offset=start)
    if label:
        yield _with_doubt(label, doubtful)
        inner = at(text[label.rest : min(end, label.rest + 80)], offset=label.rest)
        if inner and inner.readings[0][0] in ("letter", "clause") and label.rest > start:
            yield _with_doubt(inner, True)
    if end - start > 30:
        for glued in _GLUED.finditer(text, start + 1, end):
            article = at(text[glued.end() : min(end, glued.end() + 80)], offset=glued.end())
            if article:
                yield _with_doubt(article, True)


def _with_doubt(label: Label, doubtful: bool) -> Label:
    return replace(label, doubtful=True) if doubtful else label


def at(line: str, *, offset: int = 0) -> Label | None:
    """The label a line begins with, or None; `offset` is where the line stands in the text.

    >>> at("Điều 5. Phạm vi").printed, at("3.1. Kinh phí").readings, at("19-CT/TU ngày 24/8")
    ('Điều 5', (('decimal', (300, 100)),), None)
    """
    lead = _LEAD.match(line)
    begin = lead.end() if lead else 0
    found = _WORD_LABEL.match(line, begin)
    if found:
        return _word_label(line, found, offset)
    found = _SYMBOL_LABEL.match(line, begin) or _BARE_ROMAN.match(line, begin)
    if not found:
        return None
    readings, rest = _readings(found), line[found.end() :]
    bare = found.re is _BARE_ROMAN
    if not readings or (bare and not shouted(rest[:60])) or not _apart(found, rest):
        return None
    kind, printed = readings[0][0], _printed(found)
    small = kind in ("letter", "small", "paren", "bracket")
    doubtful = (rest[:1].islower() and not small) or (rest[:1].isdigit() and kind != "paren")
    misread = bool(re.search(r"[l|]", found["roman"])) if not bare and found["roman"] else False
    return Label(offset + begin, offset + found.end(), printed, readings, doubtful or misread)


def _word_label(line: str, found: re.Match[str], offset: int) -> Label | None:
    scheme = _WORDS["".join(fold(found["word"]).split())]
    name, rest = " ".join((found["n"] or found["name"]).split()), line[found.end() :]
    value = _number(name)
    opens = not rest or rest[0].isupper() or rest[0] in '“"('
    if value is None or (not found["mark"] and (not opens or rest[:1] == "(")):
        return None
    word = " ".join(found["word"].split())
    loose = bool(rest) and not found["mark"] and not (scheme != "article" and shouted(rest[:60]))
    doubtful = word[0].islower() or loose or rest[:1].islower()
    printed = f"{word[:1].upper()}{word[1:]} {name}"
    return Label(offset + found.start(), offset + found.end(), printed, ((scheme, (value,)),), doubtful)


def _apart(found: re.Match[str], rest: str) -> bool:
    """Whether what follows the mark shows that a label ended: «1- Mục tiêu», not «19-CT/TU» or «1.000»."""
    groups = found.groupdict()
    spaced = found.group()[-1:].isspace()
    mark = groups.get("rmark") or groups.get("cmark")
    if groups.get("decimal") or groups.get("prefixed"):
        return rest[:1].isalpha() or rest[:1] in '“"(«'
    if not mark:
        return True
    if mark[-1] in "-–—/" and not spaced:
        # «I-QUY ĐỊNH» is a label, «19-CT», «V/v» and «X-quang» are not.
        whole = len(rest) > 3 and rest[:1].isupper()
        return whole and (rest[1].islower() if groups.get("clause") else shouted(rest[:12]) or rest[1].islower())
    if mark[-1] in "-–—/":
        return not rest[:1].isdigit()
    return spaced or not rest[:1].isdigit()


def _printed(found: re.Match[str]) -> str:
    """The label without marks, its misread digits and letters put right."""
    groups = {name: words for name, words in found.groupdict().items() if words and "mark" not in name}
    name, words = next(iter(groups.items()))
    if name == "roman":
        return "1" if words in ("l", "|") else _straight(words)
    return words


def _straight(words: str) -> str:
    return words.translate(str.maketrans("l|1", "III"))


def _readings(found: re.Match[str]) -> tuple[Reading, ...]:
    groups = {name: words for name, words in found.groupdict().items() if words and "mark" not in name}
    name, words = next(iter(groups.items()))
    if name == "decimal":
        return (("decimal", tuple(int(one) * 100 for one in words.split("."))),)
    if name == "prefixed":
        head, *tail = words.split(".")
        value = _number(head)
        return (("decimal", (value, *(int(one) * 100 for one in tail))),) if value else ()
    if name == "roman":
        return _of_roman(words, found.groupdict().get("rmark") or "")
    value = _number(words)
    if value is None:
        return ()
    small = (("small", (from_roman(words) * 100,)),) if words in ("i", "v", "x") else ()
    return ((name, (value,)), *small)


def _of_roman(words: str, mark: str) -> tuple[Reading, ...]:
    if words in ("l", "|"):
        letter = _number("l") or 0
        return (("letter", (letter,)),) if mark == ")" else (("clause", (100,)), ("letter", (letter,)))
    value = from_roman(_straight(words))
    capital = (("capital", (_letter(words) or 0,)),) if words == "I" else ()
    return (("roman", (value * 100,)), *capital) if value else ()


def _number(words: str) -> int | None:
    """The number of «5a», «XII», «thứ hai», «đ», «B», × 100; None when it is none."""
    folded = fold(words)
    if words[:1].isdigit():
        digits = re.match(r"\d+", words)
        return int(digits.group()) * 100 + (_letter(words[digits.end() :]) or 0) // 100 if digits else None
    if folded.startswith("thu "):
        parts = folded.split()[1:]
        known = [_ORDINALS.index(one) + 1 for one in parts if one in _ORDINALS]
        if len(known) != len(parts):
            return None
        return (known[0] if len(known) == 1 else 10 + known[1] if known[0] == 10 else 10 * known[0] + known[1]) * 100
    if len(words) > 1 or words in ("I", "V", "X"):
        roman = from_roman(words)
        if roman:
            return roman * 100
    return _letter(words)


def _letter(words: str) -> int | None:
    """Place of a letter in the Vietnamese alphabet × 100, with the digit of «a1»."""
    letter, digit = words[:1].lower(), words[1:]
    if not letter or (digit and not digit.isdigit()):
        return None
    after = _FOREIGN.get(letter, letter)
    return (_ALPHABET.index(after) + 1) * 100 + (50 if letter in _FOREIGN else 0) + int(digit or 0)


def from_roman(words: str) -> int:
    """0 when it is no Roman number as offices write them."""
    values = [_ROMAN.get(letter, 0) for letter in words.lower()]
    total = sum(-v if v < max(values[i + 1 :], default=0) else v for i, v in enumerate(values))
    return total if 0 not in values and to_roman(total) == words.lower() else 0


def to_roman(number: int) -> str:
    """In small letters."""
    written = ""
    for sign, worth in (("l", 50), ("xl", 40), ("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1)):
        written, number = written + sign * (number // worth), number % worth
    return written


def token(scheme: str, value: Value) -> str:
    """A label in an id: `ii`, `d5a`, `3.1`, `đ`.

    >>> token("roman", (200,)), token("article", (501,)), token("decimal", (300, 100)), token("letter", (500,))
    ('ii', 'd5a', '3.1', 'đ')
    """
    prefix, kind = SCHEMES[scheme][2], scheme.removeprefix("row ")
    if kind in ("roman", "small"):
        return prefix + to_roman(value[0] // 100)
    if kind in ("letter", "capital"):
        after = _ALPHABET[value[0] // 100 - 1]
        foreign = {base: letter for letter, base in _FOREIGN.items()}
        half = value[0] % 100 >= 50
        return prefix + (foreign[after] if half else after) + (str(value[0] % 50) if value[0] % 50 else "")
    return prefix + ".".join(f"{v // 100}{_ALPHABET[v % 100 - 1] if v % 100 else ''}" for v in value)


def title(text: str, label: Label, stop: int, *, width: int) -> str:
    """The words of a heading, its broken lines joined, or the first sentence of the paragraph.

    `stop`: where the next label stands; `width`: of a full line, 0 where lines are not wrapped.
    """
    words: list[str] = []
    full = 0
    for low, high in lines(text, label.rest, min(stop, label.rest + 3 * _TITLE)):
        line = " ".join(text[low:high].split()).strip("*_# ")
        if not re.search(r"\w", line) or _PAGE.fullmatch(line):
            if words and not line:
                break
            continue
        if words and not _goes_on(words[-1], line, full=width > 0 and full >= width * 0.85):
            break
        words.append(line)
        full = high - (label.start if low == label.rest else low)
        if sum(map(len, words)) > _TITLE:
            break
    return first_sentence(" ".join(words))


def _goes_on(before: str, line: str, *, full: bool) -> bool:
    """Whether a line carries on the heading or sentence above it, which may fill its line."""
    if shouted(before):
        return shouted(line) and not _ENDS.search(before)
    return not _ENDS.search(before) and (line[:1].islower() or full)


def contents_line(line: str) -> bool:
    """A line of a table of contents: dots or a tab before a page number."""
    return bool(_LEADERS.search(line.rstrip()[-12:]))


def first_sentence(words: str) -> str:
    """Up to the first full stop before a capital; cut between words when long."""
    for stop in _SENTENCE.finditer(words):
        if words[stop.end()].isupper() or words[stop.end()] in '“"(':
            words = words[: stop.start() + len(stop.group().rstrip())]
            break
    if len(words) > _TITLE:
        words = words[: words.rfind(" ", 0, _TITLE)]
    return words.strip(" .;:*_")
