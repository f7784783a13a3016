"""People's corrections laid over what the machine read: each stage is corrected before the next one reads it.

So a corrected section carries its citations with it, and a corrected citation its tasks. A correction whose
place is no longer found changes nothing and is shown to a person.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from archive.corrections import Correction, Subject
from corpus import lexicon, number, papers
from corpus import sections as outline
from corpus.model import Analysis, Body, Citation, Evidence, Finding, Heading, Kind, Level, Role, Section, Span, Task
from indexer import anchors, task_overlay
from indexer.task_overlay import Move

SURE = 1.0
"""Confidence of what a person says."""
LISTS = ("addressees", "recipients")


@dataclass(frozen=True, slots=True)
class Overlaid:
    """An analysis as people corrected it."""

    analysis: Analysis
    decided: Mapping[int, tuple[str | None, str]] = field(default_factory=lambda: MappingProxyType({}))
    """By position of a citation: the document it means (None: none of those held), and who says so."""
    places: Mapping[int, str | None] = field(default_factory=lambda: MappingProxyType({}))
    """By correction: field name, section id or offset of the citation; None where its place is gone."""
    versions: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    """By other document: whether people say that this paper is a version of it."""
    moves: tuple[Move, ...] = ()
    """What people said of its tasks and newer plans."""

    @property
    def answers(self) -> bool:
        """Whether citations may mean it: of the versions of a document only one is meant."""
        return not any(self.versions.values())


Overlay = Callable[[str, Body, Analysis], Overlaid]


def untouched(_document: str, _body: Body, analysis: Analysis) -> Overlaid:
    """The machine's reading as it is."""
    return Overlaid(analysis)


def lay(body: Body, analysis: Analysis, standing: Sequence[Correction]) -> Overlaid:
    """The analysis with these corrections, oldest first. Gives the analysis itself when there are none."""
    if not standing:
        return Overlaid(analysis)
    laying = _Laying(body.text, standing)
    heading = laying.heading(analysis.heading)
    others = analysis.papers
    parts = laying.sections(papers.outline(body.text, heading, others), heading)
    cited = laying.citations(papers.cite(body.text, heading, others, parts), parts)
    given = laying.tasks(papers.give(body.text, heading, others, parts, cited), parts, heading)
    findings = tuple(f for f in analysis.findings if not laying.settles(f, analysis.heading))
    links, versions = laying.links(cited, parts), laying.versions()
    analysed = Analysis(heading, parts, cited, given.tasks, findings, others)
    return Overlaid(analysed, links, laying.places, versions, given.moves)


class _Laying:
    """One document's corrections, and where each of them was laid."""

    def __init__(self, text: str, standing: Sequence[Correction]) -> None:
        self.text = text
        self.letters = anchors.Text.of(text)
        self.standing = standing
        self.places: dict[int, str | None] = {}

    def _of(self, subject: Subject) -> list[Correction]:
        return [one for one in self.standing if one.subject is subject]

    # Heading

    def heading(self, heading: Heading) -> Heading:
        evidence = dict(heading.evidence)
        for one in self._of(Subject.FIELD):
            name = str(one.anchor["field"])
            heading = replace(heading, **_field(name, one.value))
            read = evidence.get(name)
            evidence[name] = Evidence(read.span if read else None, SURE)
            self.places[one.id] = name
        draft = heading.draft and not (heading.number and heading.issued_on)
        return replace(heading, draft=draft, evidence=MappingProxyType(evidence))

    def settles(self, finding: Finding, heading: Heading) -> bool:
        """Whether a doubt about a field is one that a person has decided."""
        corrected = {str(one.anchor["field"]) for one in self._of(Subject.FIELD)}
        said = finding.detail.rpartition(": ")[2]
        return finding.code == "doubtful-field" and said in corrected and said in heading.evidence

    # Sections

    def sections(self, sections: tuple[Section, ...], heading: Heading) -> tuple[Section, ...]:
        for one in self._of(Subject.SECTION):
            value = one.value
            if value.get("add"):
                sections = self._added_section(one, sections, heading)
                continue
            if "words" in one.anchor:
                self.places[one.id] = ""  # a person added it and took it away again
                continue
            found = anchors.find_section(one.anchor, sections)
            if found is None:
                self.places[one.id] = None
            elif value.get("drop"):
                self.places[one.id] = found.parent or ""
                sections = _without(sections, found)
            else:
                self.places[one.id] = value.get("id") or found.id
                sections = _renamed(sections, found, value.get("id") or found.id, value.get("title"))
        return sections

    def _added_section(
        self, one: Correction, sections: tuple[Section, ...], heading: Heading
    ) -> tuple[Section, ...]:
        span, name = anchors.find_words(one.anchor, self.letters, sections), str(one.value["id"])
        if span is None or any(section.id == name for section in sections):
            self.places[one.id] = None
            return sections
        self.places[one.id] = name
        known = {section.id: section for section in sections}
        parent = known.get(name.rpartition(".")[0])
        end = parent.span.end if parent else heading.close or len(self.text)
        later = (s.span.start for s in sections if s.span.start > span.start and not s.id.startswith(f"{name}."))
        made = Section(
            id=name, label=str(one.value.get("label") or name.rpartition(".")[2]), level=Level(one.value["level"]),
            title=str(one.value["title"]), span=Span(span.start, max(span.end, min([end, *later]))),
            parent=parent.id if parent else None,
        )  # fmt: skip
        return tuple(sorted((*sections, made), key=lambda s: (s.span.start, -s.span.end)))

    # Tasks

    def tasks(self, tasks: tuple[Task, ...], sections: Sequence[Section], heading: Heading) -> task_overlay.Laid:
        laid = task_overlay.lay(self.letters, sections, tasks, self._of(Subject.TASK), close=heading.close)
        self.places |= laid.places
        return laid

    # Citations and what they mean

    def citations(self, cited: tuple[Citation, ...], sections: Sequence[Section]) -> tuple[Citation, ...]:
        held = {citation.span.start: citation for citation in cited}
        for one in self._of(Subject.CITATION):
            place = self._cited_at(one, held, sections)
            if place is None and one.value.get("add"):
                place = self._added(one, held, sections)
            self.places[one.id] = str(place) if place is not None else self._nowhere(one, sections)
            if place is None:
                continue
            if one.value.get("drop"):
                del held[place]
            else:
                held[place] = _citation(held[place], one.value)
        return tuple(held[start] for start in sorted(held))

    def versions(self) -> dict[str, bool]:
        said = self._of(Subject.VERSION)
        self.places |= {one.id: str(one.anchor["other"]) for one in said}
        return {str(one.anchor["other"]): bool(one.value["same"]) for one in said}

    def links(self, cited: Sequence[Citation], sections: Sequence[Section]) -> dict[int, tuple[str | None, str]]:
        positions = {citation.span.start: position for position, citation in enumerate(cited)}
        held = {citation.span.start: citation for citation in cited}
        decided: dict[int, tuple[str | None, str]] = {}
        for one in self._of(Subject.LINK):
            place = self._cited_at(one, held, sections)
            self.places[one.id] = str(place) if place is not None else None
            if place is not None:
                decided[positions[place]] = one.value["target"], one.by
        return decided

    def _cited_at(
        self, one: Correction, held: Mapping[int, Citation], sections: Sequence[Section]
    ) -> int | None:
        """The start of the citation an anchor means: at its words, else the only one of its number in its section."""
        span = anchors.find_words(one.anchor, self.letters, sections)
        if span is not None:
            starts = sorted(held)
            at = bisect_right(starts, span.end - 1) - 1
            return starts[at] if at >= 0 and held[starts[at]].span.end > span.start else None
        wanted = one.anchor.get("number")
        same = [
            start for start, c in held.items()
            if wanted and c.number and c.section == one.anchor["section"] and number.key(c.number) == wanted
        ]  # fmt: skip
        return same[0] if len(same) == 1 and self.letters.letters.find(str(one.anchor["words"])) < 0 else None

    def _nowhere(self, one: Correction, sections: Sequence[Section]) -> str | None:
        """Empty where there is nothing to take away any more; None where the words are gone."""
        gone = one.value.get("drop") and anchors.find_words(one.anchor, self.letters, sections) is not None
        return "" if gone else None

    def _added(self, one: Correction, held: dict[int, Citation], sections: Sequence[Section]) -> int | None:
        span = anchors.find_words(one.anchor, self.letters, sections)
        if span is None:
            return None
        section = outline.innermost(sections, span.start)
        held[span.start] = Citation(span, span.of(self.text), section=section.id if section else None)
        return span.start


def cited_anchor(text: anchors.Text, sections: Sequence[Section], citation: Citation) -> dict[str, Any]:
    """The anchor of a citation: its words and place, and the number that stands there."""
    key = number.key(citation.number) if citation.number else None
    return {**anchors.of_words(text, sections, citation.span), "number": key}


def field_value(heading: Heading, name: str) -> Any:
    """A field as a correction's value: plain JSON."""
    value = getattr(heading, name)
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _field(name: str, value: Any) -> dict[str, Any]:
    if name in LISTS:
        return {name: tuple(value or ())}
    if name == "issued_on":
        return {name: dt.date.fromisoformat(value) if value else None}
    if name == "kind":
        kind = Kind(value) if value else None
        return {name: kind, "kind_printed": lexicon.kind_label(kind) if kind else None}
    return {name: value or None}


def citation_value(citation: Citation) -> dict[str, Any]:
    """What a person may correct of a citation, as plain JSON."""
    issued = citation.issued_on.isoformat() if citation.issued_on else None
    return {"number": citation.number, "issued_on": issued, "role": citation.role.value}


def _citation(citation: Citation, value: Mapping[str, Any]) -> Citation:
    if "number" in value:
        printed = value["number"] or None
        kinds = _kinds(printed)
        kind = citation.kind if citation.kind in kinds or len(kinds) != 1 else kinds[0]
        serial = citation.serial if printed == citation.number else None
        citation = replace(citation, number=printed, serial=serial, kind=kind)
    if "issued_on" in value:
        day = dt.date.fromisoformat(value["issued_on"]) if value["issued_on"] else None
        citation = replace(citation, issued_on=day, year=day.year if day else None)
    return replace(citation, role=Role(value["role"])) if value.get("role") else citation


def _kinds(printed: str | None) -> tuple[Kind, ...]:
    try:
        parsed = number.parse(printed) if printed else None
    except ValueError:
        return ()
    if parsed is None:
        return ()
    return lexicon.kind_of_abbr(parsed.type) if parsed.type else (Kind.OFFICIAL_LETTER,)


def _without(sections: Sequence[Section], gone: Section) -> tuple[Section, ...]:
    """What stood in it stands in what it stood in."""
    left = [section for section in sections if section is not gone]
    return tuple(replace(s, parent=gone.parent) if s.parent == gone.id else s for s in left)


def _renamed(sections: Sequence[Section], one: Section, name: str, title: str | None) -> tuple[Section, ...]:
    """Its id and those under it; an id that another section has stays with that one."""
    inner = f"{one.id}."
    ids = {s.id: name + s.id[len(one.id) :] for s in sections if s.id == one.id or s.id.startswith(inner)}
    others = {s.id for s in sections if s.id not in ids}
    if others & set(ids.values()):
        ids = {}
    return tuple(
        replace(
            s, id=ids.get(s.id, s.id), parent=ids.get(s.parent, s.parent) if s.parent else None,
            title=title if title and s is one else s.title,
        )
        for s in sections
    )  # fmt: skip
