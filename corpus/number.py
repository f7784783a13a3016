"""Number and symbol (số, ký hiệu): «12/2016/QĐ-UBND», «05-KH/HU», and what looks like one but is not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from corpus import lexicon
from corpus import text as letters
from corpus.model import Span

DASHES = "‐‑‒–—−"
# Cyrillic capitals that look like Latin ones turn up in symbols typed on mixed keyboards.
_LOOKALIKES = dict(
    zip("\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425", "ABCEHKMOPTX", strict=True)
)
_AS_PRINTED = str.maketrans(dict.fromkeys(DASHES, "-") | _LOOKALIKES | {"\u00a0": " ", "Ð": "Đ", "ð": "đ"})

_SERIAL = r"\d{1,6}(?:\.\d{1,3})?[abcdđ]?"
_GROUP = r"[A-ZĐƯa-zđư](?:[A-Za-zĐđƯư]|&(?=[A-ZĐ])|\.(?=[A-ZĐƯ]{1,4}(?![a-zđ])))*\d{0,3}"
_SLASH = r"[ \t]{0,3}/[ \t]{0,3}"
# The line of a PDF may end after a dash: «118/2025/NĐ-», «CP» on the next.
_BROKEN = r"-[ \t]{0,3}\n[ \t]{0,3}(?=[A-ZĐ][A-ZĐƯTtg&]{1,11}(?:-[A-ZĐ]|[^\w-]|$))"
_DASH = rf"(?:{_BROKEN}|[ \t]{{0,3}}-[ \t]{{0,3}})"
# A spaced dash joins a further unit only when capitals follow: «-UBND - Nam Định» ends at UBND.
_UNITS = rf"(?:{_BROKEN}{_GROUP}|-{_GROUP}|[ \t]?-[ \t]?[A-ZĐ&]{{2,8}}(?![A-Za-zĐđƯư]))*"
_STOP = r"(?![^\W_]|-\d|/\d|[\u0300-\u036f])"

_STATE = (
    rf"(?:{_SLASH}(?P<year>(?:19|20)\d\d))?{_SLASH}"
    rf"(?P<state>{_GROUP}(?:(?:{_DASH}|(?P<double>{_SLASH})){_GROUP})?{_UNITS})"
)
_PARTY = rf"(?:{_DASH}|[ \t](?=QĐ|NQ|KL|CT|HD|TB|KH|BC))(?P<type>{_GROUP}){_SLASH}(?P<body>{_GROUP}{_UNITS})"
# Nghị định and Quyết định before 1997: «202-HĐBT», «115-CP».
_OLD = r"-(?P<old>CP|TTg|HĐBT|HĐCP|CT|BT)"
_SYMBOL = re.compile(rf"(?<![\w/.,-])(?P<serial>{_SERIAL})(?:{_STATE}|{_PARTY}|{_OLD}){_STOP}")
_LEAD = re.compile(r"^\s*(?:[^\W\d_]+\s+){0,6}?(?:(?:số|cv)\s{0,3}[:.]?\s{0,8})?(?=\d)", re.IGNORECASE)
_STANDARDS = re.compile(r"(?:TCVN|QCVN|TCXDVN|TCXD|TCCS|TCN|ĐLVN|ISO|IEC|QCĐP)(?:\s+[A-Z]+)?[\s:-]*$")


@dataclass(frozen=True, slots=True)
class Number:
    """Number and symbol of a document; `str` gives the canonical form, without spaces."""

    serial: str
    """As printed: «05», «66.25», «12a»."""
    year: int | None
    """Only where it stands between the slashes."""
    type: str | None
    """Abbreviation of the type as printed; None for a State công văn, a law, or where nothing says it."""
    body: str | None
    units: tuple[str, ...]
    """Codes after the body: drafting unit, field, second signing body."""
    side: str
    """`state` or `party` (the Party, its organs and unions that write its way)."""
    marks: str = "/-"
    """What stands before the type and after it: State «/-», Party «-/»; «22/CT-TW» mixes them."""

    def __str__(self) -> str:
        first, second = self.marks
        parts = [self.serial]
        if self.year:
            parts += ["/", str(self.year)]
        if self.type:
            parts += [first, self.type]
        rest = "-".join(group for group in (self.body, *self.units) if group)
        if rest:
            parts += [second if self.type else first, rest]
        return "".join(parts)


@cache
def _is_type(group: str) -> bool:
    return bool(lexicon.kind_of_abbr(group))


@cache
def _is_party_body(group: str) -> bool:
    bodies = lexicon.bodies_of_code(group)
    if bodies:
        return bodies[0].side == "party"
    return group.endswith(("TW", "TƯ", "TU", "HU", "ĐU", "QU", "ThU"))


def _plausible(group: str) -> bool:
    """Two capitals, or a known code: keeps «100/tháng» and «5/km» out."""
    return sum(c.isupper() for c in group) >= 2 or _is_type(group) or bool(lexicon.bodies_of_code(group))


def _split(notation: str) -> tuple[str | None, list[str]]:
    """Type and the groups after it, of a State notation «QĐ-UBND» or «UBND-VX»."""
    groups = re.split(r"\s*[-/]\s*", notation)
    first, rest = groups[0], groups[1:]
    if not rest:
        known = lexicon.bodies_of_code(first)
        return (first, []) if _is_type(first) and not known else (None, groups)
    if _is_type(first):
        return first, rest
    composed = re.match(r"(?:BC|TB|KL|KH|QĐ|TTr|CTr|HD)[A-ZĐ]{1,4}$", first)
    if composed and not lexicon.bodies_of_code(first) and not re.match(r"BC[ĐH]", first):
        return first, rest
    return None, groups


def _number(match: re.Match[str]) -> Number | None:
    serial, year = match["serial"], int(match["year"]) if match["year"] else None
    if match["old"]:
        return Number(serial, None, None, match["old"], (), "state", "--")
    if match["state"]:
        kind, groups = _split(match["state"])
        if match["double"] and not kind:
            return None
        if not any(_plausible(group) for group in (kind, *groups) if group):
            return None
        body, units = (groups[0], tuple(groups[1:])) if groups else (None, ())
        party = bool(kind and body and not year and _is_party_body(body))
        marks = "//" if match["double"] else "/-"
        return Number(serial, year, kind, body, units, "party" if party else "state", marks)
    body, *units = re.split(r"\s*-\s*", match["body"])
    if not (_plausible(match["type"]) and _plausible(body)):
        return None
    known = lexicon.bodies_of_code(body)
    state = bool(known) and known[0].side == "state" and _is_type(match["type"])
    return Number(serial, None, match["type"], body, tuple(units), "state" if state else "party", "-/")


def _refused(text: str, start: int) -> bool:
    """A serial that belongs to a technical standard, a ratio or a time."""
    before = text[max(0, start - 24) : start]
    return bool(re.search(r"\d\s?:\s?$", before) or _STANDARDS.search(before))


def _symbols(text: str) -> Iterator[tuple[Span, Number]]:
    for match in _SYMBOL.finditer(text):
        number = None if _refused(text, match.start()) else _number(match)
        if number:
            yield Span(*match.span()), number


@cache
def _bare() -> re.Pattern[str]:
    names = "|".join(name.replace(" ", r"\s+") for name in lexicon.kind_names())
    abbrs = "|".join(sorted((a for a in lexicon.type_abbrs() if len(a) > 1), key=len, reverse=True))
    lead = rf"(?:(?P<name>(?i:{names}))|(?P<abbr>{abbrs}))"
    # What may follow a bare serial; «Kế hoạch 5 năm» and «Chương trình 30a» stay out.
    after = r"(?=\s*(?:$|[,;.)\]\n](?!\d)|\(|ngày\b|của\b|về\b|và\b|nêu\b|nói\b|do\b))"
    return re.compile(rf"(?<!\w){lead}\s{{1,3}}(?:số\s{{0,3}}:?\s{{0,3}})?(?P<serial>\d{{1,5}}){after}")


def _bare_numbers(text: str) -> Iterator[tuple[Span, Number]]:
    for match in _bare().finditer(text):
        kind = match["abbr"]
        if not kind:
            named = lexicon.kind_named(match["name"])
            kind = next((a for a in lexicon.type_abbrs() if named in lexicon.kind_of_abbr(a)), None)
        if kind:
            yield Span(*match.span("serial")), Number(match["serial"], None, kind, None, (), "state")


def complete(text: str) -> Iterator[tuple[Span, Number]]:
    """The numbers of running text that say more than a serial, in order.

    >>> [str(n) for _, n in complete("Kế hoạch số 05 và Quyết định số 89/QĐ-TTg")]
    ['89/QĐ-TTg']
    """
    return _symbols(text.translate(_AS_PRINTED))


def find(text: str) -> tuple[tuple[Span, Number], ...]:
    """Every number in running text, in order; «Chỉ thị 19» gives one without a body.

    The span of a bare number covers its digits only.

    >>> [str(n) for _, n in find("Chỉ thị số 22/CT-TW ngày 23/01/2018, giai đoạn 2016-2020")]
    ['22/CT-TW']
    """
    plain = text.translate(_AS_PRINTED)
    found = list(_symbols(plain))
    taken = {span.start for span, _ in found}
    found += [pair for pair in _bare_numbers(plain) if pair[0].start not in taken]
    return tuple(sorted(found, key=lambda pair: pair[0]))


def parse(text: str) -> Number:
    """Read one number, which may follow «Số:» or the name of its type.

    Raises ValueError when the text is not exactly one complete number.

    >>> parse("Số 19 – CT / TU")
    Number(serial='19', year=None, type='CT', body='TU', units=(), side='party', marks='-/')
    """
    plain = unicodedata.normalize("NFC", text).translate(_AS_PRINTED).strip()
    lead = _LEAD.match(plain)
    rest = plain[lead.end() if lead else 0 :].rstrip(" .;,")
    match = _SYMBOL.fullmatch(rest)
    number = _number(match) if match else None
    if number is None:
        raise ValueError(f"not a number of a document: {text!r}")
    return number


def key(number: str | Number) -> str:
    """What two writings of one number share: case, TƯ/TW, dashes, spaces, leading zeros, swapped marks.

    >>> key("Số 05 - KH/HU") == key("5/KH-HU"), key("64-CV/TW")
    (True, '64///tw')
    """
    if isinstance(number, str):
        try:
            number = parse(number)
        except ValueError:
            return re.sub(r"\s+", "", letters.fold(number.translate(_AS_PRINTED)))
    kind = lexicon.code_key(number.type or "")
    body = "".join(lexicon.code_key(group) for group in (number.body or "", *number.units))
    serial = number.serial.lstrip("0") or "0"
    # «436/CV-UBND» is a common wrong form of «436/UBND»: the type of a công văn never distinguishes.
    return f"{serial}/{number.year or ''}/{'' if kind == 'cv' else kind}/{body}"
