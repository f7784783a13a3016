"""What a report on a plan says (báo cáo kết quả thực hiện): every statement with its source, and what is silent.

Words only; `report_docx` sets them as an office prints them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import figures, number
from corpus.model import FulfilmentStatus, Heading, Section
from corpus.sameness import Sense
from indexer.one_body import Bodies
from indexer.views import Card, EvidenceView, PlanView, TaskState, TaskView
from web import matrix, wording
from web.filters import date

_DONE, _LATE = TaskState.DONE, TaskState.DONE_LATE
_PARTY = re.compile(
    r"\b(?:trung ương đảng|(?:đảng|tỉnh|thành|huyện|quận|thị) [ủu][ỷy]|đảng bộ|đảng đoàn|chi bộ)\b", re.IGNORECASE
)
_ABOVE = re.compile(r"\(?để b(?:áo cáo|/c)\)?", re.IGNORECASE)
BLANK = "……"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Cells of the letterhead and of the closing (Nghị định 30/2020/NĐ-CP, Phụ lục I; for the Party its own guide)."""

    party: bool
    parent: str
    issuer: str
    symbol: str
    """Number left blank: «Số:      /BC-UBND»."""
    place: str
    capacity: str
    """On whose behalf it will be signed; empty: not known."""
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing a paper says of a task."""

    quote: str
    source: str
    """Number, date, issuer, place and page."""
    remark: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """One task with what was said of it."""

    number: int
    title: str
    who: str
    due: str
    state: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Tasks under one heading of the plan."""

    title: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """One body's tasks."""

    body: str
    given: int
    done: int
    late: int
    running: int
    overdue: int

    @property
    def share(self) -> str:
        """Done of those given, in percent."""
        return f"{100 * (self.done + self.late) / self.given:.1f}".replace(".", ",") + "%" if self.given else ""


@dataclass(frozen=True, slots=True)
class Figure:
    """Figures that one statement gives."""

    figures: tuple[str, ...]
    task: int
    """Number of the task in the report."""
    source: str


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A draft of the report."""

    letterhead: Letterhead
    today: dt.date
    title: str
    opening: str
    summary: str
    tallies: tuple[Tally, ...]
    parts: tuple[Part, ...]
    silent: tuple[Result, ...]
    """Tasks of which no paper in the archive says anything."""
    unanswering: tuple[str, ...]
    """Reports that name the plan and answer none of its tasks."""
    figures: tuple[Figure, ...]
    sources: tuple[str, ...]


def plan_report(plan: PlanView, heading: Heading, sections: Sequence[Section]) -> PlanReport:
    """The draft for a plan as it stands on the day of `plan`."""
    numbered = {id(view): at for at, view in enumerate(plan.tasks, 1)}
    parts = tuple(
        Part(part.title, tuple(_result(row.task, numbered[id(row.task)]) for row in part.rows))
        for part in matrix.matrix(plan, sections).parts
    )
    results = [result for part in parts for result in part.results]
    named = name(plan.card)
    by = f" của {plan.card.issuer}" if plan.card.issuer else ""
    about = f" {_about(plan.card.title)}" if plan.card.title else ""
    return PlanReport(
        letterhead=_letterhead(plan, heading), today=plan.today, title=f"Kết quả thực hiện {named}{by}{about}",
        opening=f"Thực hiện {named}{by}{about}, tình hình và kết quả thực hiện đến ngày {date(plan.today)} như sau:",
        summary=_summary(plan), tallies=tuple(_tallies(plan)), parts=parts,
        silent=tuple(result for result in results if not result.statements),
        unanswering=tuple(source(card) for card in plan.silent), figures=tuple(_figures(plan)),
        sources=tuple(dict.fromkeys(source(one.card) for view in plan.tasks for one in view.evidence)),
    )  # fmt: skip


def name(card: Card) -> str:
    """«Kế hoạch số 05-KH/HU ngày 30/9/2016»."""
    numbered = f"{card.kind_label or 'Văn bản'} số {card.number}" if card.number else (card.kind_label or card.name)
    return f"{numbered} ngày {date(card.issued_on)}" if card.issued_on else numbered


def source(card: Card) -> str:
    """A paper with its issuer."""
    return f"{name(card)} của {card.issuer}" if card.issuer else name(card)


def _about(title: str) -> str:
    return title if re.match(r"về\b", title, re.IGNORECASE) else f"về {title[:1].lower()}{title[1:]}"


def _letterhead(plan: PlanView, heading: Heading) -> Letterhead:
    issuer = heading.issuer or plan.card.issuer or ""
    party = bool(_PARTY.search(issuer))
    capacity = (heading.capacity or "").split(";")[0].strip().upper()
    return Letterhead(
        party=party, parent=heading.parent_issuer or "", issuer=issuer, symbol=_symbol(plan.card.number, party=party),
        place=heading.place or BLANK, capacity=capacity, recipients=tuple(_recipients(plan, heading, party=party)),
    )  # fmt: skip


def _symbol(of: str | None, *, party: bool) -> str:
    """The report's number, left blank, with the symbol of the body that issued the plan."""
    try:
        read = number.parse(of or "")
        body = "-".join(group for group in (read.body, *read.units) if group)
    except ValueError:
        body = BLANK
    return f"Số       -BC/{body}" if party else f"Số:       /BC-{body}"


def _recipients(plan: PlanView, heading: Heading, *, party: bool) -> Iterator[str]:
    """Who the plan itself reports to, who has tasks, and the file copy."""
    yield from (one for one in heading.recipients if _ABOVE.search(one))
    bodies = Bodies([plan])
    leads = (bodies.of(plan, name) for view in plan.tasks for name in view.task.lead)
    yield from (wording.capital(bodies.title(one)) for one in dict.fromkeys(leads))
    kept = next((one for one in heading.recipients if one.lower().startswith("lưu")), None)
    yield kept or ("Lưu Văn phòng" if party else "Lưu: VT")


def _summary(plan: PlanView) -> str:
    count = {state: sum(task.state is state for task in plan.tasks) for state in TaskState}
    bodies = len({plan.body(name) for view in plan.tasks for name in view.task.lead})
    silent = sum(not task.evidence for task in plan.tasks)
    told = [
        f"hoàn thành {count[_DONE] + count[_LATE]} (đúng hạn {count[_DONE]}, quá hạn {count[_LATE]})",
        f"đã báo cáo một phần {count[TaskState.PARTIAL]}", f"đang thực hiện {count[TaskState.ONGOING]}",
        f"quá hạn chưa hoàn thành {count[TaskState.OVERDUE]}", f"cần rà soát lại {count[TaskState.SUSPECT]}",
        f"chưa đến hạn {count[TaskState.NOT_DUE]}", f"không ghi hạn {count[TaskState.NO_DUE]}",
    ]  # fmt: skip
    shown = "; ".join(words for words in told if not words.endswith(" 0"))
    kind = plan.card.kind_label or "Văn bản"
    last = f" Có {silent} nhiệm vụ không tìm thấy kết quả trong kho." if silent else ""
    return f"{kind} giao {len(plan.tasks)} nhiệm vụ cho {bodies} đầu mối. Đến ngày {date(plan.today)}: {shown}.{last}"


def _tallies(plan: PlanView) -> Iterator[Tally]:
    """By leading body, in the order in which the plan names them, each task under every body that leads it."""
    states: dict[Sense, list[TaskState]] = {}
    bodies = Bodies([plan])
    for view in plan.tasks:
        for share in view.shares:
            states.setdefault(bodies.of(plan, share.name), []).append(share.state)
    for body, held in ((bodies.title(one) or matrix.UNSAID, held) for one, held in states.items()):
        done, late, overdue = (held.count(state) for state in (_DONE, _LATE, TaskState.OVERDUE))
        yield Tally(wording.capital(body), len(held), done, late, len(held) - done - late - overdue, overdue)


def _result(view: TaskView, at: int) -> Result:
    task = view.task
    with_whom = f"; phối hợp: {', '.join(task.partners)}" if task.partners else ""
    due = (f"hạn {date(task.due.on)}" if task.due.on and not task.due.recurs else task.due.raw) if task.due else ""
    late = f" {view.days} ngày" if view.days else ""
    return Result(
        at, _title(view), f"Chủ trì: {', '.join(task.lead) or 'chưa rõ'}{with_whom}",
        due or "không ghi thời hạn", f"{_STATES[view.state]}{late}",
        tuple(_statement(one) for one in view.evidence),
    )  # fmt: skip


def _title(view: TaskView) -> str:
    """What is to be done, never cut short."""
    title = wording.task_title(view)
    return wording.action(view.task).rstrip(" .;") if title.endswith("…") else title


_STATES = {
    TaskState.DONE: "Hoàn thành đúng hạn", TaskState.DONE_LATE: "Hoàn thành, quá hạn",
    TaskState.PARTIAL: "Đã báo cáo một phần", TaskState.ONGOING: "Đang thực hiện", TaskState.OVERDUE: "Quá hạn",
    TaskState.SUSPECT: "Cần rà soát lại", TaskState.NOT_DUE: "Chưa đến hạn", TaskState.NO_DUE: "Không có hạn",
}  # fmt: skip


def _statement(one: EvidenceView) -> Statement:
    place = f", {wording.evidence_place(one)}" if one.section else ""
    page = f", trang {one.page}" if one.page else ""
    remarks = [
        "chép lại báo cáo kỳ trước, không tính là kết quả mới" if one.copied else "",
        "chỉ nhắc tới" if one.status is FulfilmentStatus.MENTIONS else "",
        "cả văn bản là kết quả" if one.whole else "",
    ]
    remark = "; ".join(filter(None, remarks))
    quote = " ".join(one.quote.split())
    return Statement(quote, f"{source(one.card)}{place}{page}", remark, one.decided_by is not None)


def _figures(plan: PlanView) -> Iterator[Figure]:
    seen: set[tuple[str, str]] = set()
    for at, view in enumerate(plan.tasks, 1):
        for one in view.evidence:
            found = figures.figures(one.quote)
            if found and (one.card.document, one.quote) not in seen and not one.copied:
                seen.add((one.card.document, one.quote))
                yield Figure(found, at, _statement(one).source)

