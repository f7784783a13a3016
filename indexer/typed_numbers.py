"""Numbers and days as people type them: «11/KH-UBND», «11 KH UBND», «KH 11», «chỉ thị số 19», «5/7/2016»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from corpus import dates, lexicon, number
from corpus import text as letters
from corpus.model import Kind, Span
from indexer.clauses import Clause, Either, Phrase, Symbol
from indexer.tokens import date_term, tokenise

_LOOSE = re.compile(
    r"(?<![\w/.-])(?P<serial>\d{1,6}[a-zđ]?)(?:\s?[/ ]\s?(?P<year>(?:19|20)\d\d))?\s?[/ -]\s?"
    r"(?P<type>[^\W\d_]{1,5})\s?[/ -]\s?(?P<body>[^\W\d_]{2,9}(?:[-/][^\W\d_]{2,6}){0,3})(?![\w/-])"
)
_SHORT = re.compile(
    r"(?<![\w/.-])(?:(?P<abbr>[^\W\d_]{2,5})\s?(?:số\s?)?(?P<serial>\d{1,6})"
    r"|(?P<serial2>\d{1,6})\s?[/-]\s?(?P<abbr2>[^\W\d_]{2,5}))(?![\w/-])"
)


def serial(printed: str) -> str:
    """Digits of a serial as the index has them."""
    return printed.lstrip("0") or "0"


def kind_typed(name: str) -> Kind | None:
    """The type named so, also when its name was typed without marks."""
    named = lexicon.kind_named(name)
    if named or letters.fold(name) != name.lower():
        return named
    return _unmarked_kinds().get(name.lower())


@cache
def _unmarked_kinds() -> dict[str, Kind]:
    found = ((letters.fold(name), lexicon.kind_named(name)) for name in lexicon.kind_names())
    return {name: kind for name, kind in found if kind}


def find(text: str) -> list[tuple[Span, Clause]]:
    """Numbers and days with their stretches, in order, not overlapping."""
    found: list[tuple[Span, Clause]] = []
    for span, value in number.find(text):
        whole = _with_type(text, span)
        kind = value.type if value.body is None else _only_type(value)
        if kind:
            found.append((whole, _open(whole.of(text), value.serial, kind)))
        elif value.body:
            found.append((whole, Symbol(number.key(value))))
    found += [(span, Symbol(date_term(day.isoformat()))) for span, day in dates.find(text)]
    found += [*_loose(text), *_named(text)]
    kept: list[tuple[Span, Clause]] = []
    for span, clause in sorted(found, key=lambda pair: (pair[0].start, -pair[0].end)):
        if not kept or span.start >= kept[-1][0].end:
            kept.append((span, clause))
    return kept


def _with_type(text: str, span: Span) -> Span:
    """The span of «Chỉ thị 19», given that of its digits."""
    before = re.search(r"[^\W\d_]+(?:\s+[^\W\d_]+){0,3}\s*(?:số|so)?\s*:?\s*$", text[: span.start])
    if before is None:
        return span
    words = before.group().split()
    for count in range(len(words), 0, -1):
        name = " ".join(words[-count:]).removesuffix(":").removesuffix(" số").removesuffix(" so")
        if kind_typed(name) or lexicon.kind_of_abbr(name):
            return Span(before.start() + before.group().rfind(words[-count]), span.end)
    return span


def _only_type(value: number.Number) -> str | None:
    """The type, where the only code typed is one: «11/KH»."""
    alone = value.body if not (value.type or value.units) else None
    return alone if alone and lexicon.kind_of_abbr(alone) else None


def _open(typed: str, digits: str, kind: str) -> Clause:
    """A serial with its type: documents that carry such a number, or text that says it so."""
    said = Phrase(tuple(token.syllable for token in tokenise(typed)))
    symbol = Symbol(serial(digits) + "/", lexicon.code_key(kind))
    return Either(((symbol,), (said,))) if len(said.syllables) > 1 else symbol


@cache
def _unmarked() -> re.Pattern[str]:
    names = "|".join(sorted(_unmarked_kinds(), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?P<name>{names})\s(?:so\s)?(?P<serial>\d{{1,6}})(?![\w/-])")


def _named(text: str) -> Iterator[tuple[Span, Clause]]:
    """Serials after a type that was typed without marks: «ke hoach 11»."""
    for match in _unmarked().finditer(text.lower()) if letters.fold(text) == text.lower() else ():
        kind = _unmarked_kinds()[match["name"]]
        abbr = next((a for a in lexicon.type_abbrs() if kind in lexicon.kind_of_abbr(a)), None)
        if abbr:
            yield Span(*match.span()), _open(match.group(), match["serial"], abbr)


def _loose(text: str) -> Iterator[tuple[Span, Clause]]:
    """Numbers typed without their marks: «11 KH UBND», «kh 11»."""
    for match in _LOOSE.finditer(text):
        body = re.split(r"[-/]", match["body"])[0]
        if not (lexicon.kind_of_abbr(match["type"]) and lexicon.bodies_of_code(body)):
            continue
        year = f"/{match['year']}" if match["year"] else ""
        try:
            value = number.parse(f"{match['serial']}{year}/{match['type']}-{match['body']}".upper())
        except ValueError:
            continue
        yield Span(*match.span()), Symbol(number.key(value))
    for match in _SHORT.finditer(text):
        abbr, digits = match["abbr"] or match["abbr2"], match["serial"] or match["serial2"]
        # Small letters may be a word: «từ 11» is no Tờ trình unless it is all that was typed.
        meant = lexicon.kind_of_abbr(abbr) and (abbr.isupper() or match.group() == text.strip())
        if meant and not letters.is_syllable(abbr.lower()):
            yield Span(*match.span()), _open(match.group(), digits, abbr)
