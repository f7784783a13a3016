"""Views as JSON (INTERFACES) and as lines for a terminal."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any

from corpus.model import page_at
from indexer import records
from indexer.views import (
    Card,
    CitationView,
    DocumentView,
    EvidenceView,
    PassageHit,
    PlanView,
    Results,
    TaskState,
    TaskView,
)

STATES = {
    TaskState.NOT_DUE: "○ Chưa đến hạn", TaskState.ONGOING: "◔ Đang thực hiện",
    TaskState.PARTIAL: "◑ Đã báo cáo một phần", TaskState.DONE: "● Hoàn thành đúng hạn",
    TaskState.DONE_LATE: "✓ Hoàn thành, quá hạn {days} ngày", TaskState.OVERDUE: "▲ Quá hạn {days} ngày",
    TaskState.SUSPECT: "◇ Cần rà soát lại", TaskState.NO_DUE: "– Không có hạn",
}  # fmt: skip
"""SITE §5: state as shape and words."""


def day(date: dt.date | None) -> str:
    """As offices print it: 05/12/2017."""
    return date.strftime("%d/%m/%Y") if date else ""


def line(card: Card) -> str:
    """Number, date, issuer and title on one line; the file name when nothing was read."""
    named = " ".join(part for part in (card.kind_label, card.number) if part)
    parts = [named, day(card.issued_on), card.issuer or "", card.title or ""]
    return " · ".join(part for part in parts if part) or card.name


def _marked(hit: PassageHit, left: str, right: str, *, html: bool) -> str:
    shown, at = [], 0
    clean = escape if html else str
    for start, end in hit.marks:
        shown += [clean(hit.snippet[at:start]), left, clean(hit.snippet[start:end]), right]
        at = end
    return "".join([*shown, clean(hit.snippet[at:])])


def search_json(results: Results) -> dict[str, Any]:
    """`search --json`: one entry for each passage shown, best documents first."""
    return {
        "total": results.total, "exact": results.exact, "took_ms": round(results.took_ms, 1),
        "also_searched": list(results.also_searched), "not_yet_searchable": results.not_yet_searchable,
        "hits": [
            {
                "document": hit.card.document, "number": hit.card.number, "title": hit.card.title,
                "section": passage.section or None, "page": passage.page, "score": round(passage.score, 3),
                "snippet": _marked(passage, "<mark>", "</mark>", html=True),
            }
            for hit in results.hits for passage in hit.passages
        ],
    }  # fmt: skip


def results(found: Results, query: str) -> str:
    """Search results for a terminal."""
    lines = []
    if not found.total:
        lines.append(f"Không tìm thấy trong kho: “{query}”.")
        lines += [f"  Gần nhất: {line(card)}" for card in found.nearest]
    else:
        lines.append(f"{found.total} văn bản, {found.passages} đoạn ({found.took_ms:.0f} ms)")
    if found.also_searched:
        lines.append("Cũng tìm: " + ", ".join(found.also_searched))
    for hit in found.hits:
        lines += ["", line(hit.card), f"  [{hit.card.document}]"]
        for passage in hit.passages:
            page = f"trang {passage.page}" if passage.page else ""
            place = ", ".join(part for part in (passage.place, page) if part)
            lines.append(f"  {place or 'mở đầu'}: {_marked(passage, '«', '»', html=False)}")
        if hit.more:
            lines.append(f"  còn {hit.more} đoạn")
    if found.not_yet_searchable:
        lines += ["", f"Chưa tìm được {found.not_yet_searchable} văn bản."]
    return "\n".join(lines)


def card_json(card: Card) -> dict[str, Any]:
    """A document in a list."""
    return {
        "document": card.document, "file": card.name, "state": card.state.value, "reason": card.reason,
        "kind": card.kind_label, "number": card.number, "issued_on": card.issued_on, "issuer": card.issuer,
        "title": card.title, "signer": card.signer, "pages": card.pages, "tasks": card.tasks,
        "received_at": card.received_at.isoformat(), "replaced_by": card.replaced_by,
    }  # fmt: skip


def _citation_json(view: CitationView) -> dict[str, Any]:
    shown = records.shown_citation(view.citation)
    shown["itself"] = view.itself
    shown["document"] = view.target.document if view.target else None
    shown["target_section"] = view.target.section if view.target else None
    shown["possible"] = [{"document": t.document, "reason": t.reason} for t in view.possible]
    return shown


def document_json(view: DocumentView | None) -> dict[str, Any] | None:
    """`show --json`."""
    if view is None:
        return None
    return card_json(view.card) | {
        "heading": records.shown_heading(view.heading), "media_type": view.media_type, "size": view.size,
        "sha512": view.sha512, "text_source": view.source, "encoding": view.encoding,
        "sections": [
            {"id": s.id, "label": s.label, "level": s.level.value, "title": s.title, "start": s.span.start,
             "end": s.span.end, "page": page_at(view.pages, s.span.start)}
            for s in view.sections
        ],
        "citations": [_citation_json(c) for c in view.citations],
        "cited_by": [
            {"document": i.card.document, "number": i.card.number, "role": i.role_label, "text": i.text,
             "section": i.section, "place": i.place}
            for i in view.incoming
        ],
        "tasks": [records.shown_task(t.task) | {"state": t.state.value} for t in view.tasks],
        "answers": [
            {"plan": a.plan.document, "number": a.plan.number, "section": a.task.section, "quote": a.quote,
             "status": a.status.value}
            for a in view.answers
        ],
        "findings": [{"code": f.code, "detail": f.detail} for f in view.findings],
    }  # fmt: skip


def document(view: DocumentView | None) -> str:
    """A document for a terminal."""
    if view is None:
        return "Văn bản này chưa đọc được."
    lines = [line(view.card), f"  mã {view.card.document} · tệp {view.card.name} · {view.size} byte"]
    if view.card.replaced_by:
        lines.append(f"  Đã bị thay thế bởi {view.card.replaced_by_number or view.card.replaced_by}")
    if view.heading.signer:
        lines.append(f"  Ký: {view.heading.capacity or ''} {view.heading.office or ''} {view.heading.signer}")
    lines.append("\nMục:")
    lines += [f"  {s.id:12} {s.title}" for s in view.sections]
    lines.append("\nDẫn:")
    lines += [f"  {_citation_line(c)}" for c in view.citations if not c.itself]
    lines.append("\nĐược nhắc tới trong:")
    lines += [f"  {i.role_label}: {line(i.card)}" for i in view.incoming]
    return "\n".join(lines)


def _citation_line(view: CitationView) -> str:
    if view.target:
        held = f"→ {view.target.number or view.target.document}"
    elif view.possible:
        held = f"({len(view.possible)} khả năng)"
    else:
        held = "(kho chưa có)"
    place = f" [{view.citation.section}]" if view.citation.section else ""
    return f"{view.role_label}{place}: {view.citation.text} {held}"


def _evidence_json(e: EvidenceView) -> dict[str, Any]:
    return {
        "document": e.card.document, "number": e.card.number, "section": e.section, "page": e.page,
        "quote": e.quote, "status": e.status.value, "score": round(e.score, 3), "reason": e.reason,
        "decided_by": e.decided_by,
    }  # fmt: skip


def _task_json(view: TaskView) -> dict[str, Any]:
    shown = records.shown_task(view.task)
    return shown | {
        "state": view.state.value, "days": view.days, "page": view.page,
        "reports": [_evidence_json(e) for e in view.evidence],
    }  # fmt: skip


def plan_json(view: PlanView | None) -> dict[str, Any] | None:
    """`trace --json`."""
    if view is None:
        return None
    return {
        "plan": view.card.document, "number": view.card.number, "summary": view.summary,
        "tasks": [_task_json(t) for t in view.tasks],
    }  # fmt: skip


def state_words(view: TaskView) -> str:
    """Shape and words of a task's standing."""
    return STATES[view.state].format(days=view.days)


def plan(view: PlanView | None) -> str:
    """A plan's tasks for a terminal."""
    if view is None:
        return "Văn bản này chưa đọc được."
    s = view.summary
    lines = [
        line(view.card),
        f"Đến {day(view.today)}: {s['fulfilled']} trên {s['tasks']} nhiệm vụ đã hoàn thành, {s['overdue']} quá hạn.",
    ]
    for task in view.tasks:
        who = ", ".join(task.task.lead) or "chưa rõ cơ quan"
        due = f" · {task.due.raw}" if task.due else ""
        lines += ["", f"{task.task.section}  {state_words(task)}  {who}{due}", f"  {task.task.wording}"]
        for e in task.evidence:
            place = ", ".join(p for p in (e.section and f"mục {e.section}", e.page and f"trang {e.page}") if p)
            lines += [f"    “{e.quote}”", f"    {line(e.card)}, {place} ({e.reason})"]
    return "\n".join(lines)


def reading(result: dict[str, Any]) -> str:
    """What `read` understood, for a terminal."""
    lines = [result["file"]]
    for finding in result["findings"]:
        lines.append(f"  ! {finding['detail'] or finding['code']}")
    if result["text"] is None:
        return "\n".join(lines)
    lines += [f"  {name}: {value}" for name, value in result["heading"].items() if value]
    lines += [f"  mục {s['id']}: {s['title']}" for s in result["sections"]]
    lines += [f"  dẫn {c['role']}: {c['text']}" for c in result["citations"]]
    lines += [f"  giao {t['section']}: {', '.join(t['lead'])}: {t['wording']}" for t in result["tasks"]]
    return "\n".join(lines)


def status(counted: dict[str, Any]) -> str:
    """Counts and stage timings for a terminal."""
    lines = [f"{name:14} {value}" for name, value in counted["documents"].items()]
    lines += [f"{name:14} {value}" for name, value in counted["jobs"].items()]
    for stage, times in counted["stages"].items():
        lines.append(f"{stage:14} {times['mean_ms']:.1f} ms trung bình, lâu nhất {times['longest_ms']:.1f} ms")
    words = {"files": "kiểm tra tệp", "signatures": "kiểm tra chữ ký", "checkpoint": "mốc sổ"}
    for name, last in counted["rounds"].items():
        lines.append(f"{words[name]:14} {last['at'] if last else 'chưa lần nào'}")
    return "\n".join(lines)

