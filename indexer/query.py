"""What a reader types, understood: words, "cụm từ", -loại trừ, OR, and fields such as «loại:kế hoạch».

Nobody has to learn it: everything else is words. What cannot be meant raises `BadQuery` with the place.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from archive.errors import BadQuery
from corpus import dates, lexicon
from corpus import text as letters
from corpus.model import Span
from indexer import asking, synonyms, typed_numbers
from indexer.clauses import SENTENCE, Clause, Either, Phrase, Query, Run, Symbol, Synonym
from indexer.synonyms import Thesaurus
from indexer.tokens import Syllable, tokenise
from indexer.views import Filters

_LONGEST = 2_000  # characters; a pasted page is no question


# Reading the line

_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "”"}
_FIELDS = {
    "loai": "loại", "co quan": "cơ quan", "tu": "từ", "den": "đến", "nguoi ky": "người ký", "so": "số",
    "muc": "mục", "ho so": "hồ sơ",
}  # fmt: skip
_FIELD = re.compile(
    r"(?<!\w)(?P<name>loại|loai|cơ ?quan|co ?quan|từ|tu|đến|den|người ?k[ýí]|nguoi ?ky|số|so|mục|muc|hồ ?sơ"
    r"|ho ?so)\s?:\s*",
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?<!\S)-(?=[\"“«„]|[^\W\d_])")
_OR = re.compile(r"(?<!\S)(?:OR|HOẶC)(?!\S)")
_EXAMPLES = {
    "loại": "loại:kế hoạch khuyến học", "cơ quan": 'cơ quan:"UBND huyện" khuyến học',
    "từ": "từ:2016 đến:2020", "đến": "từ:2016 đến:2020", "người ký": 'người ký:"Nguyễn Văn An"',
    "số": "số:11/KH-UBND", "mục": "mục:II.3 học bổng", "hồ sơ": 'hồ sơ:"Khuyến học 2016" học bổng',
    '"': '"gia đình học tập"',
    "OR": "khuyến học OR khuyến tài", "-": "khuyến học -báo cáo",
}  # fmt: skip


def _bad(where: str, kind: str) -> BadQuery:
    return BadQuery(where=where.strip()[:40], example=_EXAMPLES[kind])


@dataclass(slots=True)
class _Line:
    """The query on its way: what is left to read, and what was understood."""

    text: str
    at: int = 0

    def quoted(self) -> str | None:
        """The words in quotation marks that begin here."""
        close = _QUOTES.get(self.text[self.at : self.at + 1])
        if close is None:
            return None
        end = min((e for e in (self.text.find(c, self.at + 1) for c in {close, '"'}) if e > 0), default=-1)
        if end < 0 or not re.search(r"\w", self.text[self.at : end]):
            raise _bad(self.text[self.at :], '"')
        found, self.at = self.text[self.at + 1 : end], end + 1
        return found

    def word(self) -> str:
        """The characters up to the next space; space before them is passed over."""
        match = re.compile(r"\s*(\S*)").match(self.text, self.at)
        assert match
        self.at = match.end()
        return match[1]

    def words(self) -> str:
        """The words up to the next field, quotation, exclusion or OR; so «-báo cáo» is about both syllables."""
        start = self.at
        while self.at < len(self.text) and not self.special():
            self.at += 1
        return self.text[start : self.at].strip()

    def special(self) -> bool:
        """Whether something other than free words begins here."""
        text, at = self.text, self.at
        return text[at] in _QUOTES or any(p.match(text, at) for p in (_OR, _FIELD, _MINUS))


def parse(text: str, thesaurus: Thesaurus | None = None) -> Query:
    """The query, with what `thesaurus` (by default the usual one) says of its words.

    Raises `BadQuery` with the place that cannot be understood.
    """
    line = _Line(letters.normalise(text).strip()[:_LONGEST])
    query = Query(line.text)
    options: list[tuple[Clause, ...]] = []
    clauses: list[Clause] = []
    while line.at < len(line.text):
        rest = line.text[line.at :]
        if not line.special():
            clauses += _free(line.words(), thesaurus or synonyms.usual())
            continue
        either, field, minus = (p.match(line.text, line.at) for p in (_OR, _FIELD, _MINUS))
        if either:
            line.at = either.end()
            if not clauses or not line.text[line.at :].strip():
                raise _bad(rest, "OR")
            options, clauses = [*options, tuple(clauses)], []
        elif field:
            query, extra = _field(query, line, field, rest)
            clauses += extra
        elif minus:
            line.at = minus.end()
            gone = _phrase(line.quoted() or line.words())
            query = replace(query, excluded=(*query.excluded, gone[0] if len(gone) == 1 else Either((gone,))))
        else:
            clauses += _phrase(line.quoted() or "")
    return _finish(query, options, clauses)


def _finish(query: Query, options: list[tuple[Clause, ...]], clauses: list[Clause]) -> Query:
    if options:
        if not clauses:
            raise _bad(query.text, "OR")
        clauses = [Either((*options, tuple(clauses)))]
    if not clauses and query.excluded and query.filters == Filters():
        raise _bad(query.text, "-")
    named = [c for c in clauses if isinstance(c, Symbol)]
    days = [c for c in named if c.prefix.startswith("@")]
    if days and len(named) > len(days):  # «số 11/KH-UBND ngày 5/7/2016»: the day says which 11/KH-UBND
        clauses = [c for c in clauses if c not in days]
        query = replace(query, issued_on=dt.date.fromisoformat(days[0].prefix[1:]))
    narrowed = query.signers or query.dossiers or query.place or query.filters != Filters()
    if not clauses and not query.excluded and not narrowed:
        raise _bad(query.text or "…", "OR")
    return replace(query, clauses=tuple(clauses))


def _phrase(words: str) -> tuple[Clause, ...]:
    """What stands in quotation marks: a number, or syllables side by side.

    What punctuation parts is never side by side in the index: «phòng, chống ma túy» is two phrases.
    """
    symbols = typed_numbers.find(words)
    if symbols and symbols[0][0] == Span(0, len(words)):
        return (symbols[0][1],)
    parts: list[list[Syllable]] = []
    for token in tokenise(words):
        if token.joined:
            parts[-1].append(token.syllable)
        else:
            parts.append([token.syllable])
    if not parts:
        raise _bad(words, '"')
    return tuple(Phrase(tuple(part)) for part in parts)


# Free words: numbers and days are cut out first

_ALONE = re.compile(r"(?:số|so)\s?:?\s?(\d{1,6})", re.IGNORECASE)
_SO = re.compile(r"(?:(?<!\w)(?:số|so)\s?(?:hiệu|hieu)?\s?:?\s?)$", re.IGNORECASE)
_NGAY = re.compile(r"(?:(?<!\w)(?:ngày|ngay)\s?)$", re.IGNORECASE)


def _free(text: str, thesaurus: Thesaurus) -> list[Clause]:
    """Clauses of a stretch of words."""
    alone = _ALONE.fullmatch(text.strip())
    if alone:
        return [Symbol(typed_numbers.serial(alone[1]) + "/")]
    clauses: list[Clause] = []
    at = 0
    sentence = len(letters.syllables(text)) > SENTENCE
    for span, symbol in typed_numbers.find(text):
        # In a sentence a day or «thông tư 35» is one word among many, not what must be there.
        if sentence and not (isinstance(symbol, Symbol) and not symbol.prefix.startswith("@")):
            continue
        before = _NGAY.sub("", _SO.sub("", text[at : span.start]))
        clauses += [*_words(before, thesaurus), symbol]
        at = span.end
    return clauses + _words(text[at:], thesaurus)


def _words(text: str, thesaurus: Thesaurus) -> list[Clause]:
    found = tokenise(text)
    if not found:
        return []
    syllables = tuple(token.syllable for token in found)
    joined = tuple(token.joined for token in found)
    printed = [text[token.start : token.end] for token in found]
    said = tuple(
        Synonym(start, end, tuple(t.syllable for t in tokenise(other)), other, reading)
        for start, end, other, reading in synonyms.find(syllables, joined, printed, thesaurus)
    )
    return [Run(syllables, joined, said, asking.find(syllables, joined))]


# Fields

_DAY = re.compile(r"(?:(?:(?P<day>\d{1,2})[/.-])?(?P<month>\d{1,2})[/.-])?(?P<year>(?:19|20)\d\d)")


def _field(query: Query, line: _Line, match: re.Match[str], rest: str) -> tuple[Query, list[Clause]]:
    """Read one field; the query with it, and what it adds to the clauses."""
    line.at = match.end()
    folded = re.sub(r"(?<=co)(?=quan)|(?<=nguoi)(?=k)|(?<=^ho)(?=so)", " ", letters.fold(match["name"]))
    name = _FIELDS[folded.replace("ki", "ky")]
    filters = query.filters
    if name == "loại":
        return replace(query, filters=replace(filters, kinds=(*filters.kinds, _kind(line, rest)))), []
    value = line.quoted() or line.word()
    if not re.search(r"\w", value):
        raise _bad(rest, name)
    if name in ("từ", "đến"):
        day = _day(value, last=name == "đến")
        if day is None:
            raise _bad(rest, name)
        narrowed = replace(filters, since=day) if name == "từ" else replace(filters, until=day)
        return replace(query, filters=narrowed), []
    if name == "cơ quan":
        issuers = (*filters.issuers, synonyms.spelled_out(value))
        return replace(query, filters=replace(filters, issuers=issuers)), []
    if name == "hồ sơ":
        return replace(query, dossiers=(*query.dossiers, value)), []
    if name == "người ký":
        return replace(query, signers=(*query.signers, value + _name(line, value))), []
    if name == "mục":
        return replace(query, place=_place(value, line)), []
    return query, [_number(value, rest)]


def _kind(line: _Line, rest: str) -> str:
    """Slug of the type named here; an unquoted name may have several words."""
    quoted = line.quoted()
    words = re.findall(r"\S+", quoted if quoted is not None else line.text[line.at :])[:5]
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        kinds = [typed_numbers.kind_typed(name)] if count else []
        kinds += lexicon.kind_of_abbr(name)
        if kinds and kinds[0]:
            if quoted is None:
                for _ in range(count):
                    line.at += len(line.text[line.at :]) - len(line.text[line.at :].lstrip())
                    line.word()
            return kinds[0].value
    raise _bad(rest, "loại")


def _day(value: str, *, last: bool) -> dt.date | None:
    """First or last day of what is named: a year, a month, a day."""
    match = _DAY.fullmatch(value)
    if not match:
        return None
    year = int(match["year"])
    month = int(match["month"] or (12 if last else 1))
    if match["day"]:
        return dates.day(year, month, match["day"])
    if not last:
        return dates.day(year, month, 1)
    after = dates.day(year + month // 12, month % 12 + 1, 1) if 1 <= month <= 12 else None
    return after - dt.timedelta(days=1) if after else None


def _name(line: _Line, first: str) -> str:
    """Further capitalised words of an unquoted name."""
    if line.text[line.at - 1 : line.at] in ('"', "”", "»") or not first[:1].isupper():
        return ""
    more = re.compile(r"(?:\s+[^\W\d_a-z][^\W\d_]*(?!\S|:)){1,4}").match(line.text, line.at)
    words = []
    for word in more.group().split() if more else []:
        if not word[0].isupper():
            break
        words.append(word)
        line.at = line.text.index(word, line.at) + len(word)
    return "".join(f" {word}" for word in words)


_LEVELS = (("phu luc", "pl"), ("dieu", "d"), ("khoan", "k"), ("chuong", "c"), ("muc", ""), ("phan", ""))


def _place(value: str, line: _Line) -> str:
    """Section id of «II.3», «Điều 5»."""
    folded = letters.fold(value).strip(" .")
    for word, short in _LEVELS:
        if folded == word.split()[-1] or folded == word:
            return short + letters.fold(line.word()).strip(" .")
        if folded.startswith(word + " "):
            return short + folded[len(word) :].strip()
    return folded


def _number(value: str, rest: str) -> Clause:
    """The number given in «số:»."""
    if value.isdigit():
        return Symbol(typed_numbers.serial(value) + "/", own=True)
    found = [clause for _, clause in typed_numbers.find(value)]
    if found and isinstance(found[0], Symbol):
        return replace(found[0], own=True)
    if found and isinstance(found[0], Either) and isinstance(found[0].options[0][0], Symbol):
        return replace(found[0].options[0][0], own=True)
    raise _bad(rest, "số")
