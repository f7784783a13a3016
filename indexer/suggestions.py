"""While somebody types: numbers, bodies and phrases the archive holds; and what may have been meant instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from sqlalchemy import Row, select

from archive.catalogue import visible
from archive.database import reader
from archive.schema import document as document_table
from archive.viewer import Viewer
from corpus import text as letters
from indexer import query as queries
from indexer import schema, tokens
from indexer.clauses import Query, Run, runs
from indexer.findings import Findings
from indexer.ports import Engine
from indexer.tokens import Syllable

_SERIAL = re.compile(r"(?:^|[\s:])(\d{1,6}[^\s]*)$")
_LONGEST = 4  # syllables before the cursor that may begin a phrase
_FEWEST = 2  # passages that must have a phrase
_KNOWN = 400  # terms looked at for one beginning
_NEWEST = 1_000  # documents of one serial, looked at for the symbol that goes on as typed


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line below the box."""

    kind: str
    """`number`, `body` or `phrase`."""
    query: str
    """What the box would hold."""
    shown: str
    note: str = ""
    """Title of the document, number of passages."""


def suggest(
    findings: Findings, engine: Engine, viewer: Viewer, text: str, limit: int = 8
) -> tuple[Suggestion, ...]:
    """What may be meant by a query that is still being typed; the likeliest first."""
    typed = letters.normalise(text).strip()[-200:]
    if len(typed) < 2 and not typed.isdigit():
        return ()
    found: list[Suggestion] = list(_numbers(findings, viewer, typed, limit))
    if len(found) < limit:
        phrases = list(_phrases(engine, typed))[:limit]
        bodies = list(_bodies(findings, viewer, typed))[:3]
        found += phrases[: max(limit - len(bodies), limit // 2)] + bodies
    return tuple(found[:limit])


def _numbers(findings: Findings, viewer: Viewer, typed: str, limit: int) -> Iterator[Suggestion]:
    """Documents whose number begins as typed, newest first: 11/… before 110/…."""
    serial = _SERIAL.search(typed)
    wanted = serial[1].lstrip("0") if serial else ""
    digits = re.match(r"\d+", wanted)
    if digits is None:
        return
    begun, offered = _plain(wanted), set[str]()
    beginnings = [f"{digits.group()}/"]
    if wanted[digits.end() :][:1] not in ("/", "-"):
        beginnings.append(digits.group())
    for beginning in beginnings:
        for document, printed, title in _numbered(findings, viewer, beginning):
            if len(offered) == limit:
                return
            if document not in offered and _plain(printed.lstrip("0")).startswith(begun):
                offered.add(document)
                yield Suggestion("number", printed, printed, title or "")


def _numbered(findings: Findings, viewer: Viewer, beginning: str) -> Sequence[Row]:
    """Id, number and title of the newest documents whose key begins so."""
    r = schema.reading
    query = (
        select(r.c.document, r.c.number, r.c.title)
        .select_from(r.join(document_table, document_table.c.id == r.c.document))
        .where(visible(viewer), r.c.number_key >= beginning, r.c.number_key < beginning + "\U0010ffff")
        .order_by(r.c.issued_on.desc(), r.c.document)
        .limit(_NEWEST)
    )
    with reader(findings.archive.engine) as connection:
        return connection.execute(query).all()


def _plain(printed: str) -> str:
    return re.sub(r"[^\w]", "", letters.fold(printed))


def _bodies(findings: Findings, viewer: Viewer, typed: str) -> Iterator[Suggestion]:
    """Bodies that issue, by the words of their names as far as they are typed."""
    wanted = letters.fold(typed).split()
    marked = letters.fold(typed) != typed.lower()
    for issuer in findings.issuers(viewer):
        if _begins(issuer, wanted) and (not marked or typed.lower() in issuer.lower()):
            yield Suggestion("body", f'cơ quan:"{issuer}"', issuer)


def _begins(name: str, wanted: Sequence[str]) -> bool:
    """Whether every word typed begins a word of the name."""
    words = letters.fold(name).split()
    return all(any(word.startswith(want) for word in words) for want in wanted)


def _phrases(engine: Engine, typed: str) -> Iterator[Suggestion]:
    """Words of several syllables that go on as typed; the longest beginning that fits, the most frequent first."""
    words = re.findall(r"[^\W\d_]+", typed)
    if not words or not typed[-1].isalpha():
        return
    for count in range(min(_LONGEST, len(words)), 0, -1):
        begun = "_".join(words[-count:]).lower()
        before = typed[: len(typed) - len(" ".join(words[-count:]))]
        fits = list(_going_on(engine, begun))
        if fits and typed.endswith(" ".join(words[-count:])):
            for phrase, held in sorted(fits, key=lambda pair: (-pair[1], pair[0])):
                yield Suggestion("phrase", before + phrase, before + phrase, str(held))
            return


def _going_on(engine: Engine, begun: str) -> Iterator[tuple[str, int]]:
    folded = letters.fold(begun)
    marked = folded != begun
    if len(folded) < 2:
        return
    starts = [begun] if marked else _starts(folded)
    for start in starts:
        for word, held in engine.known("word", start).items():
            if "_" in word and held >= _FEWEST and letters.fold(word).startswith(folded):
                yield word.replace("_", " "), held


def _starts(folded: str) -> list[str]:
    """Beginnings that spellings with marks share with what was typed without: its consonants."""
    consonants = re.match(r"[bcghklmnpqrstvx]*", folded)
    start = consonants.group() if consonants else ""
    if start:
        return [start]
    same = [chr(code) for code in range(0x61, 0x1EFA) if letters.fold(chr(code)) == folded[0] and chr(code).islower()]
    return [letter for letter in same if letters.normalise(letter) == letter]


# What may have been meant instead

_TONES = {"1": "\u0300", "2": "\u0301", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VOWELS = "aăâeêioôơuưy"


def printed(key: str) -> str:
    """A syllable as it is written, given its key.

    >>> printed("khuyên2"), printed("hoa1"), printed("uy3"), printed("quôc2"), printed("li2"), printed("đươc5")
    ('khuyến', 'hòa', 'ủy', 'quốc', 'lý', 'được')
    """
    if key[-1:] not in _TONES or not key[:-1].isalpha():
        return key
    base, tone = key[:-1], _TONES[key[-1]]
    if base in ("li", "ki", "mi", "qui"):
        base = base[:-1] + "y"
    onset = re.match(r"qu|gi(?=[aăâeêioôơuưy])|[^aăâeêioôơuưy]*", base)
    start = onset.end() if onset else 0
    end = start
    while end < len(base) and base[end] in _VOWELS:
        end += 1
    rime = base[start:end]
    hatted = [i for i, letter in enumerate(rime) if letter in "ăâêôơư"]
    bare = len(rime) - (1 if end < len(base) or len(rime) == 1 else 2)
    at = max(0, hatted[-1] if hatted else bare) + start
    return letters.normalise(base[: at + 1] + tone + base[at + 1 :])


def instead(engine: Engine, text: str) -> str | None:
    """The query with the syllables nobody writes replaced by those that stand beside the others; None without any.

    Worth asking when little or nothing was found. Raises `BadQuery`.
    """
    asked = queries.parse(text)
    changed = letters.normalise(text)
    for run in runs(asked.clauses):
        for i, syllable in enumerate(run.syllables):
            better = None if _known(engine, run, i) else _better(engine, run, i)
            if better is not None:
                changed = _replaced(changed, syllable, printed(better.key) if _anything_marked(asked) else better.base)
    return changed if changed != letters.normalise(text) else None


def _anything_marked(asked: Query) -> bool:
    """Whether anything was typed with marks."""
    return any(syllable.marked for run in runs(asked.clauses) for syllable in run.syllables)


def _known(engine: Engine, run: Run, i: int) -> bool:
    """Whether a syllable stands in the archive, and beside its neighbour where it has one."""
    wanted = run.syllables[i]
    if not any(_fits(wanted, term) for term in engine.known("syllable", wanted.base + "|")):
        return False
    beside = [pair for pair in ((i - 1, i), (i, i + 1)) if pair[0] >= 0 and pair[1] < len(run.syllables)]
    return not beside or any(_pairs(engine, run.syllables[a], run.syllables[b]) for a, b in beside)


def _fits(wanted: Syllable, term: str) -> bool:
    return not wanted.marked or (term.partition("|")[2] or wanted.base) == wanted.key


def _pairs(engine: Engine, first: Syllable, second: Syllable) -> int:
    """In how many passages two syllables stand side by side."""
    if first.marked and second.marked:
        term = tokens.term(first, second)
        return engine.known("pair", term).get(term, 0)
    found = 0
    for term, held in engine.known("pair", f"{first.base} {second.base}|").items():
        keys = term.partition("|")[2].split() or [first.base, second.base]
        found += held if all(not s.marked or s.key == key for s, key in zip((first, second), keys, strict=True)) else 0
    return found


def _better(engine: Engine, run: Run, i: int) -> Syllable | None:
    """What stands most often where an unknown syllable was typed."""
    before = run.syllables[i - 1] if i else None
    after = run.syllables[i + 1] if i + 1 < len(run.syllables) else None
    best: tuple[int, Syllable | None] = (0, None)
    for other in _similar(engine, run.syllables[i]):
        beside = [(before, other)] if before else []
        beside += [(other, after)] if after else []
        alone = tokens.term(other)
        score = sum(_pairs(engine, *pair) for pair in beside) if beside else engine.known("syllable", alone)[alone]
        if score > best[0]:
            best = (score, other)
    return best[1]


def _similar(engine: Engine, wanted: Syllable) -> Iterator[Syllable]:
    """Syllables of the archive with other marks, or one letter away."""
    seen = 0
    for base in dict.fromkeys((wanted.base, *_edits(wanted.base))):
        for term in engine.known("syllable", base + "|"):
            key = term.partition("|")[2] or base
            if key != wanted.key and seen < _KNOWN:
                seen += 1
                yield Syllable(base, key)


def _edits(base: str) -> Iterator[str]:
    """Everything one letter away: left out, doubled, swapped, another one."""
    for i in range(len(base) + 1):
        if i < len(base):
            yield base[:i] + base[i + 1 :]
        if i + 1 < len(base):
            yield base[:i] + base[i + 1] + base[i] + base[i + 2 :]
        for letter in ascii_lowercase:
            yield base[:i] + letter + base[i:]
            if i < len(base):
                yield base[:i] + letter + base[i + 1 :]


def _replaced(text: str, wanted: Syllable, by: str) -> str:
    for token in tokens.tokenise(text):
        if token.syllable == wanted:
            return text[: token.start] + by + text[token.end :]
    return text
