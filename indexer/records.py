"""Values of `corpus.model` to JSON and back: for the derived tables and for `--json` (INTERFACES)."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from corpus import joint, lexicon
from corpus.model import (
    Analysis,
    Body,
    Citation,
    Due,
    Evidence,
    Extension,
    Finding,
    Fragment,
    Heading,
    Kind,
    Page,
    Paper,
    Role,
    Section,
    Signatory,
    Span,
    Task,
)

_DECODER = json.JSONDecoder()
_HEADING_SHOWN = (
    "number", "issued_on", "place", "issuer", "parent_issuer", "title", "addressees", "signer", "office",
    "capacity", "recipients", "urgency", "secrecy",
)  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def dump(value: object) -> str:
    """Compact JSON with letters as they are and dates as YYYY-MM-DD."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _span(pair: Sequence[int] | None) -> Span | None:
    return Span(pair[0], pair[1]) if pair else None


def heading_to_json(heading: Heading) -> str:
    """Everything in a heading, its evidence included."""
    fields = {name: getattr(heading, name) for name in Heading.__dataclass_fields__ if name != "evidence"}
    fields["signatories"] = [[one.signer, one.office, one.capacity] for one in heading.signatories]
    fields["evidence"] = {
        name: [[e.span.start, e.span.end] if e.span else None, e.confidence]
        for name, e in heading.evidence.items()
    }
    return dump(fields)


def signers(heading: Heading) -> str | None:
    """Who signs, all of them where several bodies issue together."""
    others = (one.signer for one in heading.signatories[1:])  # the first is `signer`, which a person may have corrected
    return "; ".join(filter(None, dict.fromkeys((heading.signer, *others)))) or None


def heading_from_json(text: str) -> Heading:
    """The heading that `heading_to_json` wrote."""
    fields: dict[str, Any] = json.loads(text)
    fields["kind"] = Kind(fields["kind"]) if fields["kind"] else None
    fields["issued_on"] = _date(fields["issued_on"])
    fields["addressees"] = tuple(fields["addressees"])
    fields["recipients"] = tuple(fields["recipients"])
    fields["signatories"] = tuple(Signatory(*one) for one in fields["signatories"])
    fields["evidence"] = {name: Evidence(_span(s), c) for name, (s, c) in fields["evidence"].items()}
    return Heading(**fields)


def citation_to_json(citation: Citation) -> str:
    """A citation without its section and number, which have columns of their own."""
    fields = {name: getattr(citation, name) for name in Citation.__dataclass_fields__ if name != "span"}
    return dump(fields | {"span": [citation.span.start, citation.span.end]})


def citation_from_json(text: str) -> Citation:
    """The citation that `citation_to_json` wrote."""
    fields: dict[str, Any] = json.loads(text)
    fields["span"] = Span(*fields["span"])
    fields["kind"] = Kind(fields["kind"]) if fields["kind"] else None
    fields["role"] = Role(fields["role"])
    fields["issued_on"] = _date(fields["issued_on"])
    return Citation(**fields)


def task_to_json(task: Task) -> str:
    """A task, whole."""
    nested = ("span", "due", "extension")
    fields = {name: getattr(task, name) for name in Task.__dataclass_fields__ if name not in nested}
    due = asdict(task.due) if task.due else None
    extension = asdict(task.extension) if task.extension else None
    return dump(fields | {"span": [task.span.start, task.span.end], "due": due, "extension": extension})


def task_from_json(text: str) -> Task:
    """The task that `task_to_json` wrote."""
    fields: dict[str, Any] = json.loads(text)
    fields["span"] = Span(*fields["span"])
    for name in ("lead", "partners", "report_to"):
        fields[name] = tuple(fields[name])
    fields["due"] = _due(fields["due"])
    if more := fields["extension"]:
        fields["extension"] = Extension(more["reason"], _due(more["was"]), more["source"])
    return Task(**fields)


def _due(due: dict[str, Any] | None) -> Due | None:
    if due is None:
        return None
    return Due(due["raw"], _date(due["on"]), due["recurs"], tuple((month, day) for month, day in due["days"]))


def findings_to_json(findings: Sequence[Finding]) -> str:
    """Findings as [code, detail, [start, end] or null]."""
    return dump([[f.code, f.detail, [f.span.start, f.span.end] if f.span else None] for f in findings])


def findings_from_json(text: str) -> tuple[Finding, ...]:
    """The findings that `findings_to_json` wrote."""
    return tuple(Finding(code, detail, _span(span)) for code, detail, span in json.loads(text))


def layout_to_bytes(body: Body) -> bytes:
    """Pages and fragments, deflated: a long scan has tens of thousands of boxes."""
    pages = [
        [p.number, p.span.start, p.span.end, p.width, p.height, p.source, p.confidence] for p in body.pages
    ]
    fragments = [[f.span.start, f.span.end, f.page, *(round(v, 1) for v in f.box)] for f in body.fragments]
    return zlib.compress(dump([pages, fragments]).encode(), 6)


def layout_from_bytes(data: bytes) -> tuple[tuple[Page, ...], tuple[Fragment, ...]]:
    """The pages and fragments that `layout_to_bytes` wrote."""
    pages, fragments = json.loads(zlib.decompress(data))
    return (
        tuple(Page(n, Span(start, end), w, h, source, conf) for n, start, end, w, h, source, conf in pages),
        tuple(Fragment(Span(f[0], f[1]), f[2], (f[3], f[4], f[5], f[6])) for f in fragments),
    )


def pages_from_bytes(data: bytes) -> tuple[Page, ...]:
    """The pages alone: the boxes after them, thousands on a scan, are not read."""
    pages, _ = _DECODER.raw_decode(zlib.decompress(data).decode(), 1)
    return tuple(Page(n, Span(start, end), w, h, source, conf) for n, start, end, w, h, source, conf in pages)


def _shown_due(due: Due | None) -> dict[str, object] | None:
    if due is None:
        return None
    shown: dict[str, object] = {"raw": due.raw, "on": due.on, "recurs": due.recurs}
    if due.days:
        shown["days"] = [list(day) for day in due.days]
    return shown


def shown_task(task: Task) -> dict[str, object]:
    """A task as `--json` prints it."""
    return {
        "section": task.section, "wording": task.wording, "lead": list(task.lead),
        "partners": list(task.partners), "report_to": list(task.report_to), "deliverable": task.deliverable,
        "due": _shown_due(task.due), "start": task.span.start, "end": task.span.end,
    }  # fmt: skip


def shown_heading(heading: Heading) -> dict[str, object]:
    """A heading as `--json` prints it: the printed name of the type, dates as YYYY-MM-DD."""
    kind = heading.kind_printed or (lexicon.kind_label(heading.kind) if heading.kind else None)
    shown: dict[str, object] = {"kind": kind}
    for name in _HEADING_SHOWN:
        value = getattr(heading, name)
        shown[name] = list(value) if isinstance(value, tuple) else value
    shown["issuers"] = list(joint.issuers_of(heading))
    shown["signatories"] = [asdict(one) for one in heading.signatories]
    return shown


def shown_citation(citation: Citation) -> dict[str, object]:
    """A citation as `--json` prints it."""
    return {
        "text": citation.text, "kind": lexicon.kind_label(citation.kind) if citation.kind else None,
        "number": citation.number, "issued_on": citation.issued_on, "issuer": citation.issuer,
        "role": citation.role.value, "section": citation.section, "place": citation.place,
        "start": citation.span.start, "end": citation.span.end,
    }  # fmt: skip


def shown_section(section: Section, body: Body) -> dict[str, object]:
    """A section as `--json` prints it."""
    return {
        "id": section.id, "label": section.label, "level": section.level.value, "title": section.title,
        "start": section.span.start, "end": section.span.end, "page": body.page_of(section.span.start),
    }  # fmt: skip


def _shown_paper(paper: Paper, body: Body) -> dict[str, object]:
    """A further document of the file as `--json` prints it."""
    return {
        "section": paper.section, "heading": shown_heading(paper.heading), "start": paper.span.start,
        "end": paper.span.end, "page": body.page_of(paper.span.start),
    }  # fmt: skip


def shown_reading(name: str, sha256: str, body: Body, analysis: Analysis) -> dict[str, object]:
    """One object of `read --json` (INTERFACES)."""
    findings = (*body.findings, *analysis.findings)
    return {
        "file": name, "sha256": sha256, "media_type": body.media_type, "pages": body.paged,
        "text_source": body.source, "encoding": body.encoding, "text": body.text,
        "heading": shown_heading(analysis.heading),
        "sections": [shown_section(s, body) for s in analysis.sections],
        "citations": [shown_citation(c) for c in analysis.citations],
        "tasks": [shown_task(t) for t in analysis.tasks],
        "papers": [_shown_paper(p, body) for p in analysis.papers],
        "signatures": [],
        "findings": [{"code": f.code, "detail": f.detail} for f in findings],
    }  # fmt: skip
