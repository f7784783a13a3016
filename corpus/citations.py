"""Citations (viện dẫn): which documents a text names, in what role, and which place inside them."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus import address, definitions, lexicon, mentions, number, roles, scope
from corpus import text as letters
from corpus.address import Place
from corpus.definitions import Definition
from corpus.mentions import ALONE, LAWS, NICKNAMED, Mention, Page
from corpus.model import Citation, Heading, Kind, Section, Span
from corpus.sections import Places
from corpus.setting import setting


def extract(text: str, heading: Heading, sections: Sequence[Section]) -> tuple[Citation, ...]:
    """The documents an NFC text names, in text order; spans do not overlap.

    A span covers type, number, date and issuer, not the subject. Letterhead, closing block and page headers
    name nothing. «Điều 3 Quyết định này» gives the document's own number. Cost is linear in the text.
    """
    page = mentions.page(text)
    known = _Known(heading)
    found = [m for m in _mentions(page, text, heading) if scope.counts(page, heading, m)]
    found = scope.not_forms(page, scope.in_scope(found, text, heading))
    full = known.completed(scope.of_the_amended(page, found), heading)
    found, places = _placed(page, _with_defined(page, full, heading))
    title = scope.title_span(heading)
    begins = [s.span.start for s in sections if s.span.start >= heading.end]
    here = setting(text, page.lower, heading, title, min(begins, default=None))
    starts = [place.start if place else m.span.start for m, place in zip(found, places, strict=True)]
    given = roles.roles(here, found, starts)
    outline = Places(sections)
    return tuple(
        Citation(
            span=m.span, text=m.span.of(text), kind=m.kind, number=m.printed, serial=m.serial,
            issued_on=m.issued_on, year=m.year, issuer=m.issuer, title=definitions.left_out(m.title), role=role,
            section=outline.id(m.span.start), place=place.id if place else None,
        )
        for m, place, role in zip(found, places, given, strict=True)
    )  # fmt: skip


def _mentions(page: Page, text: str, heading: Heading) -> Iterator[Mention]:
    """Those of the title end with it: no punctuation parts «… của Huyện ủy» there from the first sentence below."""
    yield from mentions.find(mentions.page(text[: heading.end]))
    yield from (m for m in mentions.find(page) if m.span.start >= heading.end)


# -- words the text defines

MOST_WORDS = 40
"""Words a text gives to documents that are looked for; each costs a search through the text."""
_BARE = re.compile(
    r"\s{0,3}(?:[,.;:)\n]|\Z|(?:và|hoặc|được|tại|theo|trên|có|là|đã|đến|với|cho|do|trong|thì|để|phải|gồm|nhằm|cần|sẽ|ở"
    r"|từ)\b)"
)
_MANY = re.compile(r"\b(?:các|những|mọi|từng|một)\s{1,3}\Z")


def _with_defined(page: Page, found: Sequence[Mention], heading: Heading) -> list[Mention]:
    """The mentions, and those by a word the text defined for a document it had named."""
    kept = list(found)
    close = heading.close if heading.close is not None else len(page.text)
    until: dict[str, int] = {}
    """Where each word is given anew; before that it means what it was given first."""
    for definition in reversed(definitions.find(page.text)):
        full = _defined(page, found, definition)
        if full is not None and (definition.term in until or len(until) < MOST_WORDS):
            kept += _called(page, definition, full, until.get(definition.term, max(close, definition.span.end)))
            until[definition.term] = definition.span.start
    ends = 0
    done: list[Mention] = []
    for mention in sorted(kept, key=lambda m: (m.span.start, m.how == "defined")):
        if mention.span.start >= ends:
            done.append(mention)
            ends = mention.span.end
    return done


def _defined(page: Page, found: Sequence[Mention], definition: Definition) -> Mention | None:
    """The document a definition gives a name to: the one it follows, or whose subject it closes."""
    at = bisect_right(found, definition.span.start, key=lambda m: m.span.end) - 1
    mention = found[at] if at >= 0 else None
    kind = _kind_of(definition.term)
    if mention is None or kind is None or not (mention.printed or mention.issued_on):
        return None
    follows = not page.text[mention.span.end : definition.span.start].strip(" \n,")
    words = " ".join(definition.span.of(page.text).split())
    closes = words in (mention.title or "")
    fits = kind is mention.kind or (closes and lexicon.kind_label(kind).lower() in (mention.title or "").lower())
    return mention if fits and (follows or closes) else None


def _kind_of(term: str) -> Kind | None:
    """The type a defined word begins with: «Kế hoạch tỉnh», «Đề án»."""
    words = term.split()
    kinds = (lexicon.kind_named(" ".join(words[:count])) for count in range(min(4, len(words)), 0, -1))
    return next((kind for kind in kinds if kind and term[0].isupper()), None)


def _means_one(page: Page, at: int, end: int) -> bool:
    """Whether the bare name of a type means the one defined: neither «các Chương trình» nor «Đề án phát triển …»."""
    return _BARE.match(page.text, end) is not None and not _MANY.search(page.lower, max(0, at - 8), at)


def _called(page: Page, definition: Definition, full: Mention, stop: int) -> Iterator[Mention]:
    """Where the text calls a document by the word it defined."""
    bare = lexicon.kind_named(definition.term) is not None
    at = page.text.find(definition.term, definition.span.end, stop)
    while at >= 0:
        end = at + len(definition.term)
        alone = not page.text[at - 1].isalnum() and not page.text[end : end + 1].isalnum()
        if alone and (not bare or _means_one(page, at, end)) and not mentions.in_body_name(page, at):
            yield replace(full, span=Span(at, end), how="defined", named=True)
        at = page.text.find(definition.term, end, stop)


# -- short forms


class _Known:
    """The documents named so far by their full numbers or names."""

    def __init__(self, heading: Heading) -> None:
        self.by_serial: dict[str, dict[str, Mention]] = defaultdict(dict)
        self.by_name: dict[tuple[Kind | None, str], dict[str, Mention]] = defaultdict(dict)
        self.last: dict[Kind | None, Mention] = {}
        own = _own(heading)
        if own:
            self._learn(own)

    def completed(self, found: Sequence[Mention], heading: Heading) -> list[Mention]:
        """Mentions with what an earlier full form says of them; those that mean nothing are left out."""
        done: list[Mention] = []
        for mention in found:
            full = self._full(mention, heading)
            if full:
                done.append(full)
                self._learn(full)
        return done

    def _full(self, mention: Mention, heading: Heading) -> Mention | None:
        if mention.how == "self" and mention.printed:
            return mention
        if mention.how == "self":
            own = heading.kind is not None and mention.kind is heading.kind
            return replace(mention, printed=heading.number) if own else None
        if mention.how == "above":
            last = self.last.get(mention.kind)
            return _inherit(mention, last) if last else None
        if mention.how == "law":
            return _inherit(mention, self._only(self.by_name[_name_key(mention)], mention))
        if mention.how == "complete":
            same = self.by_serial[_serial(mention)].get(scope.identity(mention))
            fits = same is not None and _agree(same, mention)
            return _inherit(mention, same) if fits else mention
        if mention.serial is None:
            return mention
        full = self._only(self._candidates(mention), mention)
        if mention.how == "short" and full is None and mention.kind not in ALONE:
            return None
        return _inherit(mention, full)

    def _candidates(self, mention: Mention) -> dict[str, Mention]:
        named = self.by_serial[_serial(mention)]
        if mention.kind and mention.kind in NICKNAMED and mention.how == "short":
            label = lexicon.kind_label(mention.kind).lower()
            approving = {key: m for key, m in named.items() if label in (m.title or "").lower()}
            return {key: m for key, m in named.items() if m.kind is mention.kind} | approving
        return {key: m for key, m in named.items() if m.kind is mention.kind}

    @staticmethod
    def _only(candidates: dict[str, Mention], mention: Mention) -> Mention | None:
        fitting = [m for m in candidates.values() if _agree(m, mention)]
        return fitting[0] if len(fitting) == 1 else None

    def _learn(self, mention: Mention) -> None:
        if mention.how == "self":
            return
        if mention.printed and mention.how == "complete":
            self.by_serial[_serial(mention)].setdefault(scope.identity(mention), mention)
        if mention.kind in LAWS and mention.title and (mention.printed or mention.issued_on or mention.year):
            identity = scope.identity(mention) if mention.printed else str(mention.issued_on or mention.year)
            self.by_name[_name_key(mention)].setdefault(identity, mention)
        self.last[mention.kind] = self.last[None] = mention


def _own(heading: Heading) -> Mention | None:
    if heading.number is None:
        return None
    try:
        parsed = number.parse(heading.number)
    except ValueError:
        return None
    return Mention(
        Span(0, 0), "complete", heading.kind, parsed, heading.number, issued_on=heading.issued_on,
        issuer=None, title=None,
    )  # fmt: skip


def _serial(mention: Mention) -> str:
    serial = mention.number.serial if mention.number else (mention.serial or "")
    return serial.lower().lstrip("0")


def _name_key(mention: Mention) -> tuple[Kind | None, str]:
    return mention.kind, lexicon.name_key(mention.title or "")


def _inherit(mention: Mention, full: Mention | None) -> Mention:
    """What the full form says and the mention does not."""
    if full is None:
        return mention
    return replace(
        mention, kind=full.kind or mention.kind, number=full.number, printed=mention.printed or full.printed,
        serial=None if full.printed else (mention.serial or full.serial),
        issued_on=mention.issued_on or full.issued_on, year=mention.year or full.year,
        issuer=mention.issuer or full.issuer, title=mention.title or full.title,
    )  # fmt: skip


_CENTRAL = re.compile(r"trung uong|bo chinh tri|ban bi thu")
_LOCAL = re.compile(r"(?:tinh|thanh|huyen|quan|thi|dang) uy")


def _agree(full: Mention, mention: Mention) -> bool:
    """Whether day, year and issuer printed with a short form allow the full form."""
    if full.issued_on and mention.issued_on and full.issued_on != mention.issued_on:
        return False
    theirs, ours = _year(full.issued_on, full.year), _year(mention.issued_on, mention.year)
    if theirs and ours and theirs != ours:
        return False
    return _issued_by(full, letters.fold(mention.issuer or ""))


def _year(on: dt.date | None, year: int | None) -> int | None:
    return on.year if on else year


def _issued_by(full: Mention, issuer: str) -> bool:
    """Whether a body code and printed words can be one issuer."""
    if not issuer or full.number is None:
        return True
    code = lexicon.code_key(full.number.body or "")
    if _CENTRAL.search(issuer) and not _LOCAL.search(issuer):
        return code.endswith("tw") or code.startswith("tw")
    if _LOCAL.search(issuer):
        return not code.endswith("tw") and full.number.side == "party"
    if "thu tuong" in issuer:
        return code == "ttg"
    if re.search(r"\bubnd\b|uy ban nhan dan", issuer):
        return code.startswith("ub") or code in ("ct", "ctubnd")
    return issuer != "chinh phu" or code in ("cp", "ttg")


# -- places inside the cited document


def _placed(page: Page, found: Sequence[Mention]) -> tuple[list[Mention], list[Place | None]]:
    kept: list[Mention] = []
    places: list[Place | None] = []
    for mention, place in _with_places(page, found):
        if mention.how == "self" and place is None:
            continue  # «Kế hoạch này» alone says nothing a reader could follow
        kept.append(mention)
        places.append(place)
    return kept, places


def _with_places(page: Page, found: Sequence[Mention]) -> Iterator[tuple[Mention, Place | None]]:
    end = 0
    for mention in found:
        place = address.before(page.lower, mention.span.start)
        if place and place.start < end:
            place = None
        end = mention.span.end
        yield mention, place or address.after(page.lower, mention.span.end)
