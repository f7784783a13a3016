"""Tasks a document gives (nhiệm vụ): wording, who leads, with whom, by when, to whom to report; DOMAIN §4.

The grammar of bodies is in `assignees`, tables in `task_tables`; deadlines are read by `dates.due`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus import dates, definitions, task_tables, work, zones
from corpus.assignees import Reading, body_words, pattern, reading, same_body_key
from corpus.assignments import Assignment, Strength, assignments, partners, report_to, segments
from corpus.model import Citation, Due, Heading, Kind, Section, Span, Task
from corpus.paragraphs import PROSE, Paragraph, tree
from corpus.sections import Places
from corpus.text import fold
from corpus.zones import Zone


@dataclass(frozen=True, slots=True)
class _Context:
    """What a paragraph inherits from the headings above it."""

    zone: Zone
    lead: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    due: Due | None = None
    report: bool = False
    """Inside a report, where only the section on coming work can assign."""
    closed: bool = False
    """Under a heading such as «Mục đích, yêu cầu»: inner headings do not reopen it."""


def extract(
    text: str, heading: Heading, sections: Sequence[Section], citations: Sequence[Citation]
) -> tuple[Task, ...]:
    """The tasks in text order; empty for kinds that do not assign (reports' results, normative texts)."""
    if heading.number and _NORMATIVE.search(heading.number):
        return ()
    places, defined = Places(sections), definitions.bodies(text)
    drafts: list[_Draft] = []
    for part in zones.parts(text, heading):
        zone = zones.of_kind(part.kind)
        if zone is not None:
            walk = _Walk(text, heading, part.kind)
            context = _Context(zone, report=part.kind is Kind.REPORT)
            drafts += walk.drafts(tree(text, part.span.start, part.span.end), context)
    return tuple(_task(draft, places, defined) for draft in _distinct(drafts))


def _task(draft: _Draft, places: Places, defined: Mapping[str, str]) -> Task:
    lead = definitions.opened(draft.lead, defined) or definitions.begins(draft.wording, defined)
    return Task(
        places.id(draft.span.start) or "",
        draft.wording,
        draft.span,
        lead,
        tuple(name for name in definitions.opened(draft.partners, defined) if name not in lead),
        definitions.opened(draft.report_to, defined),
        draft.deliverable,
        draft.due,
    )


_NORMATIVE = re.compile(r"/(?:19|20)\d\d/")
"""A year between serial and type marks a normative text; its duties are counted apart (DOMAIN §4.4)."""
_DEMAND = re.compile(r"\w\s{1,2}(?:yêu cầu|đề nghị|chỉ đạo|giao)[^:]{0,20}:$")
_OPINION = re.compile(r"(?:ý kiến(?: chỉ đạo)?|kết luận|chỉ đạo|yêu cầu|đề nghị)(?!\w)[^:]{0,60}:$")
_GUIDES = re.compile(r"(?<!\w)hướng dẫn(?!\w)[^:]{0,200}như sau\s?:$")
_HEADS = re.compile(
    r"\s*(?:chỉ đạo|phân công|tổ chức|triển khai|thực hiện)"
    r"(?:\s(?:các\s)?(?:lực lượng|đơn vị|cơ quan)[^.;:]{0,60})?$"
)
"""«Chủ tịch Ủy ban nhân dân xã chỉ đạo»: a heading that only says whose the work is."""
_AGREES = re.compile(
    r"(?:thống nhất|đồng ý|nhất trí)\s(?:với\s|về\s)?"
    r"(?:hồ sơ|nội dung|kết quả|ý kiến|đề nghị|đề xuất|báo cáo)"
)
"""A judgement on what was sent in, and leave for nothing."""
_BACKGROUND = re.compile(r"(?:có|cụ thể|kết quả|trong đó có|gồm)\s{0,2}:$")
_INLINE = re.compile(r"(?<=[\s:;.])\(\s?(\d{1,2})\s?\)\s*")


@dataclass(slots=True)
class _Draft:
    """A task being put together; attributes below it may still add to it."""

    span: Span
    wording: str
    lead: tuple[str, ...]
    partners: tuple[str, ...]
    due: Due | None
    report_to: tuple[str, ...]
    deliverable: str | None
    own_lead: bool


class _Walk:
    """One pass over the paragraphs of one part of a document."""

    def __init__(self, text: str, heading: Heading, kind: Kind | None) -> None:
        self.text = text
        self.heading = heading
        self.issuer = heading.issuer or ""
        self.ceiling = zones.ceiling(kind)

    def drafts(self, paragraphs: Sequence[Paragraph], context: _Context) -> list[_Draft]:
        """Before the first heading stand the bases and the reason: only plain orders count there."""
        first = next((at for at, one in enumerate(paragraphs) if one.rank < PROSE), len(paragraphs))
        opening = replace(context, zone=min(context.zone, Zone.EXPLICIT))
        made, opened = self._drafts(paragraphs[:first], opening)
        rest = replace(opened, zone=max(opened.zone, context.zone))
        return made + self._drafts(paragraphs[first:], rest)[0]

    def _drafts(
        self, paragraphs: Sequence[Paragraph], context: _Context, above: Sequence[_Draft] = ()
    ) -> tuple[list[_Draft], _Context]:
        """The work of paragraphs side by side, and what holds for the paragraphs after them."""
        made: list[_Draft] = []
        rows: list[Paragraph] = []
        for paragraph in paragraphs:
            if paragraph.row:
                rows.append(paragraph)
                continue
            made += self._table(rows, context)
            rows = []
            if self._attach(paragraph, made or above):
                continue
            inner, drafts = self._paragraph(paragraph, context)
            below = self._drafts(paragraph.children, inner, drafts)[0]
            made += drafts + below
            if paragraph.rank == PROSE and not (drafts or below):
                # A lead-in without children of its own («UBND tỉnh yêu cầu:») speaks for what follows it.
                context = inner
        return made + self._table(rows, context), context

    # -- one paragraph

    def _paragraph(self, paragraph: Paragraph, context: _Context) -> tuple[_Context, list[_Draft]]:
        words = paragraph.span.of(self.text)
        if not words.strip():
            return context, []
        line = reading(words)
        if _is_heading(paragraph, words):
            return self._under(line, paragraph, context)
        drafts = self._leaf(line, paragraph.span.start, context)
        last = drafts[-1] if drafts else None
        carried = last.lead if last and last.own_lead and paragraph.rank < PROSE else context.lead
        return replace(context, lead=carried), drafts

    def _under(self, line: Reading, paragraph: Paragraph, context: _Context) -> tuple[_Context, list[_Draft]]:
        """The context below a heading or lead-in, and the work its earlier sentences already give."""
        if _only_attributes(self.text, paragraph):
            return context, self._leaf(line, paragraph.span.start, context, heading=True)
        closing = _last_sentence(line.text)
        drafts: list[_Draft] = []
        if closing > 30:
            drafts = self._leaf(reading(line.text[:closing]), paragraph.span.start, context)
        return self._opened(reading(line.text[closing:]), context), drafts

    def _opened(self, line: Reading, context: _Context) -> _Context:
        """The context below a heading or lead-in."""
        given = assignments(line, issuer=self.issuer)
        named = given[-1] if given else None
        if (
            named
            and named.strength is Strength.SUBJECT
            and (context.zone <= Zone.EXPLICIT or not line.text.endswith(":"))
            and not (
                context.zone >= Zone.CARRIED and _HEADS.match(line.marked, named.rest) and not line.text.isupper()
            )
        ):
            named = None  # «Sở Nội vụ báo cáo như sau:» tells who speaks, not who is to work
        zone = self._zone(line, named, context)
        if zone is Zone.NONE and named is None:
            return replace(context, zone=zone, lead=(), partners=(), due=None, closed=not context.report)
        opened = replace(context, zone=zone)
        if named:
            opened = replace(opened, lead=named.lead, partners=partners(line))
        due = self._due(line.text) if named or line.text.endswith(":") else None
        return replace(opened, due=due or context.due)

    def _zone(self, line: Reading, named: Assignment | None, context: _Context) -> Zone:
        if context.closed:
            return context.zone
        if context.report:
            coming = len(line.text) < 160 and zones.titles("future").search(line.bare)
            return Zone.CARRIED if coming and not zones.tells_outcome(line.bare) else context.zone
        if _DEMAND.search(line.marked):
            return max(context.zone, Zone.ITEMS)
        titled = zones.of_title(line.text, context.zone) if len(line.text) < 130 else None
        if titled is Zone.WORK and self.ceiling < Zone.ITEMS:
            return context.zone
        if titled is not None and not (named and titled is Zone.NONE):
            return min(titled, self.ceiling)
        return max(context.zone, self._led_in(line))

    def _led_in(self, line: Reading) -> Zone:
        """The zone a sentence with a colon opens: «… thực hiện tốt các nhiệm vụ sau:»."""
        if not line.text.endswith(":") or _BACKGROUND.search(line.marked):
            return Zone.NONE
        if _OPINION.search(line.marked):
            return Zone.ITEMS
        listed = pattern("orders", "lead_in").search(line.marked) or (
            self.heading.kind is Kind.OFFICIAL_LETTER and _GUIDES.search(line.marked)
        )
        return min(Zone.ITEMS, self.ceiling) if listed else Zone.NONE

    # -- sentences

    def _leaf(self, line: Reading, offset: int, context: _Context, *, heading: bool = False) -> list[_Draft]:
        if context.zone is Zone.NONE or work.comments(line):
            return []
        given = [made for made in assignments(line, issuer=self.issuer) if _assigns(made, line, context)]
        if not given:
            if not self._is_work(line, context):
                return []
            return self._split(line, offset, context, None)
        drafts: list[_Draft] = []
        for start, end, made in segments(line, given, alone=context.zone is Zone.EXPLICIT):
            drafts += self._split(reading(line.text[start:end]), offset + start, context, made)
        return drafts

    def _is_work(self, line: Reading, context: _Context) -> bool:
        if context.zone is Zone.WORK:
            return len(line.text) > 8
        if context.zone is Zone.EXPLICIT and not self._permits(line):
            return False
        if context.lead:
            return work.tells_work(line)
        return context.zone is Zone.ITEMS and (work.begins_with_action(line) or self._permits(line))

    def _permits(self, line: Reading) -> bool:
        allowed = pattern("orders", "permit").match(line.marked) and not _AGREES.match(line.marked)
        return bool(allowed) and bool(self._addressed(line))

    def _addressed(self, line: Reading) -> tuple[str, ...]:
        """Addressees that the paragraph itself names."""
        key = f" {body_words(line.text)} "
        return tuple(name for name in self.heading.addressees if f" {same_body_key(name)} " in key)

    def _split(self, line: Reading, offset: int, context: _Context, made: Assignment | None) -> list[_Draft]:
        """One task, or one for each of an inline list «: (1) …; (2) …»."""
        items = list(_INLINE.finditer(line.text))
        if len(items) < 2 or ":" not in line.text[: items[0].start()][-40:]:
            return [self._draft(line, offset, context, made)]
        whole = self._draft(line, offset, context, made)
        ends = [*(item.start() for item in items[1:]), len(line.text)]
        return [
            _narrowed(whole, self.text, offset + item.end(), offset + end)
            for item, end in zip(items, ends, strict=True)
        ]

    def _draft(self, line: Reading, offset: int, context: _Context, made: Assignment | None) -> _Draft:
        inline = _inline_attributes(line)
        lead = inline["lead"] or (made.lead if made else ()) or context.lead
        if not lead and (self._permits(line) or context.zone is Zone.EXPLICIT):
            lead = self._addressed(line)
        own = partners(line)
        with_whom = inline["partners"] or own or (() if made else context.partners)
        span = Span(offset, offset + len(line.text.rstrip()))
        return _Draft(
            span,
            _quote(self.text, span),
            lead,
            with_whom,
            self._due(line.text) or context.due,
            report_to(line),
            work.deliverable(line),
            bool(made or inline["lead"]),
        )

    def _due(self, words: str) -> Due | None:
        return dates.due(words, self.heading.issued_on)

    # -- lists of attributes: «- Đơn vị chủ trì: …; - Thời gian: …»

    def _attach(self, paragraph: Paragraph, made: Sequence[_Draft]) -> bool:
        """Give an attribute line to the tasks before it; True when the line was one."""
        words = paragraph.span.of(self.text)
        line = reading(words)
        found = work.ATTRIBUTE.match(line.marked)
        plain = found and paragraph.rank == PROSE and not found["who"] and not found["due"]
        if not found or not made or plain or len(words) > 400:
            return False
        value = words[found.end() :].strip(" ./;\n")
        draft = made[-1]
        if found["lead"]:
            draft.lead = task_tables.bodies(value) or draft.lead
        elif found["partners"]:
            draft.partners = task_tables.bodies(value)
        elif found["product"]:
            draft.deliverable = " ".join(value.split()) or None
        else:
            draft.due = self._due(value) or draft.due
        return True

    # -- tables

    def _table(self, rows: list[Paragraph], context: _Context) -> list[_Draft]:
        if not rows or (context.report and context.zone is Zone.NONE):
            return []
        made = []
        for row in task_tables.read(self.text, [row.span for row in rows]):
            if not row.assigns and context.zone < Zone.ITEMS:
                continue
            line = reading(row.wording)
            made.append(
                _Draft(
                    row.span,
                    row.wording,
                    row.lead or (() if row.has_lead_column else context.lead),
                    row.partners,
                    (self._due(row.due) if row.due else None) or self._due(row.wording),
                    row.report_to or report_to(line),
                    row.deliverable or work.deliverable(line),
                    True,
                )
            )
        return made


def _distinct(drafts: Sequence[_Draft]) -> Iterator[_Draft]:
    """Drop a task repeated word for word: a decision often prints its plan's list again."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for draft in drafts:
        key = (fold(re.sub(r"\W+", " ", draft.wording)).strip(), draft.lead)
        if key not in seen:
            seen.add(key)
            yield draft


def _narrowed(draft: _Draft, text: str, start: int, end: int) -> _Draft:
    """The same assignment with another stretch of the text as its wording."""
    while end > start and text[end - 1] in " ;\n":
        end -= 1
    span = Span(start, end)
    return replace(draft, span=span, wording=_quote(text, span))


def _quote(text: str, span: Span) -> str:
    return " ".join(span.of(text).split())


_ENDS = re.compile(r"[.;!?…/][\"”'’)\s]*$")


def _is_heading(paragraph: Paragraph, words: str) -> bool:
    """A title or a lead-in: it ends with a colon, or stands unterminated over what follows."""
    if words.endswith(":"):
        return True
    if not paragraph.children or _ENDS.search(words[-6:]):
        return False
    return len(words) < 300


def _only_attributes(text: str, paragraph: Paragraph) -> bool:
    below = [work.ATTRIBUTE.match(reading(child.span.of(text)[:80]).marked) for child in paragraph.children]
    return bool(below) and all(below) and not paragraph.span.of(text).endswith(":")


def _last_sentence(text: str) -> int:
    """Where the sentence that opens the list begins."""
    return max((stop.end() for stop in re.finditer(r"\.\s+(?=[^\W\da-zà-ỹđ])", text)), default=0)


def _assigns(made: Assignment, line: Reading, context: _Context) -> bool:
    if made.strength is Strength.NAMED or work.CHAIRED.match(line.marked, made.rest):
        return False
    if work.TOLD.match(line.marked) or work.PERSON.match(line.text, made.rest):
        return False
    if work.CANNOT.match(line.marked, made.rest):
        return False
    if made.strength is Strength.SUBJECT and context.zone is Zone.EXPLICIT:
        return bool(report_to(line)) and not line.marked.lstrip().startswith(
            ("căn cứ", "xét", "thực hiện", "theo")
        )
    return not work.idle(line.marked[made.rest :])


_INLINE_ATTRIBUTE = re.compile(
    r"(?:cơ quan|đơn vị)\s(?P<role>chủ trì|phối hợp|thực hiện)(?:\s(?:thực hiện|chính))?\s?:\s"
)


def _inline_attributes(line: Reading) -> dict[str, tuple[str, ...]]:
    """«(Đơn vị chủ trì: Sở Y tế; phối hợp: …)» inside the sentence itself."""
    found: dict[str, tuple[str, ...]] = {"lead": (), "partners": ()}
    for attribute in _INLINE_ATTRIBUTE.finditer(line.marked):
        end = re.compile(r"[.;)]|$").search(line.text, attribute.end())
        value = line.text[attribute.end() : end.start() if end else None]
        found["partners" if attribute["role"] == "phối hợp" else "lead"] = task_tables.bodies(value)
    return found
