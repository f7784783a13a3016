"""A plan's tasks as the rows of an office's sheet (bảng theo dõi): its columns, and what each cell says.

A cell is text here, written one way whatever program typed it (`canonical`): days as YYYY-MM-DD, names of
bodies joined by «; ». So what was exported, what a file says and what the archive says now can be compared.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from archive import corrections
from archive.viewer import Viewer
from corpus import dates
from corpus import sections as outline
from corpus.model import Due, Section, Span, Task
from corpus.text import normalise
from indexer import anchors, task_edits
from indexer.one_body import Bodies
from indexer.views import Card, EvidenceView, PlanView, TaskState, TaskView

if TYPE_CHECKING:
    from indexer.wiring import Service


class Form(StrEnum):
    """What a column holds."""

    TEXT = "text"
    BODIES = "bodies"
    DUE = "due"
    """A day, or words where no single day is meant."""
    DAY = "day"
    COUNT = "count"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet."""

    key: str
    title: str
    width: int
    """Characters."""
    form: Form = Form.TEXT
    task: bool = False
    """What is typed into it corrects the task."""
    answer: bool = False
    """What is typed into it decides the evidence."""


COLUMNS = (
    Column("tt", "TT", 5, Form.COUNT),
    Column("place", "Mục", 10),
    Column("wording", "Nội dung nhiệm vụ", 38, task=True),
    Column("lead", "Cơ quan chủ trì", 17, Form.BODIES, task=True),
    Column("partners", "Cơ quan phối hợp", 17, Form.BODIES, task=True),
    Column("due", "Thời hạn hoàn thành", 13, Form.DUE, task=True),
    Column("deliverable", "Sản phẩm", 15, task=True),
    Column("state", "Trạng thái", 14, Form.STATE, answer=True),
    Column("days", "Số ngày quá hạn", 8, Form.COUNT),
    Column("quote", "Kết quả, minh chứng", 38, answer=True),
    Column("number", "Số, ký hiệu văn bản báo cáo", 14, answer=True),
    Column("issued_on", "Ngày văn bản báo cáo", 12, Form.DAY, answer=True),
    Column("page", "Trang", 7, Form.COUNT),
    Column("note", "Ghi chú", 16, task=True),
    Column("report_to", "Nơi nhận báo cáo", 17, Form.BODIES, task=True),
    Column("due_raw", "Thời hạn ghi trong văn bản", 18),
    Column("others", "Minh chứng khác", 30),
)
PRINTED = 14
"""So many columns, the first ones, are on the printed sheet; the rest only on the screen."""
BY_KEY = {column.key: column for column in COLUMNS}
TASK_KEYS = tuple(column.key for column in COLUMNS if column.task)
ANSWER_KEYS = tuple(column.key for column in COLUMNS if column.answer)
OUR_KEYS = ("place", "days", "page", "due_raw", "others")
"""What the machine works out: typing there changes nothing, and is told."""
STATES = {
    TaskState.DONE: "Hoàn thành đúng hạn", TaskState.DONE_LATE: "Hoàn thành quá hạn",
    TaskState.PARTIAL: "Đã báo cáo một phần", TaskState.ONGOING: "Đang thực hiện", TaskState.OVERDUE: "Quá hạn",
    TaskState.SUSPECT: "Cần rà soát lại", TaskState.NOT_DUE: "Chưa đến hạn", TaskState.NO_DUE: "Không có hạn",
}  # fmt: skip
"""States in the words of the sheet: the days late stand in a column of their own, so that words can be counted."""
_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„]*)[”\"»“]")
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_SHORT_YEAR = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d\d)")
_EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Answer:
    """The passage that stands in a row as the evidence."""

    paper: str
    quote: str
    status: str
    decided: bool = False
    """Whether a person has confirmed it."""
    whole: bool = False
    """The paper itself is the evidence; the quote is its title."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as a row; `cells` by key of the column, empty ones left out."""

    id: str
    """Follows from the anchor; stands in a hidden column, so that a sorted sheet is understood."""
    anchor: Mapping[str, Any]
    """Of a correction of this task."""
    cells: Mapping[str, str]
    answer: Answer | None = None
    section: str = ""
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class TaskSheet:
    """All tasks of a plan."""

    card: Card
    today: dt.date
    rows: tuple[TaskRow, ...]
    text: str = ""
    sections: tuple[Section, ...] = field(default=(), repr=False)
    edits: task_edits.Plan | None = field(default=None, repr=False)
    """Where what people say of the tasks is recorded."""
    bodies: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Leading bodies by what they are called, in the order of the plan: the other names the rows have for each."""

    def row(self, id: str) -> TaskRow | None:
        """The row with this id."""
        return next((row for row in self.rows if row.id == id), None)


def sheet(service: Service, viewer: Viewer, document: str, today: dt.date | None = None) -> TaskSheet | None:
    """A plan's tasks as people corrected them; None when it is not held, not read or not visible."""
    plan = service.findings.plan(viewer, document, today)
    read = service.findings.passage_text(viewer, document)
    if plan is None or read is None:
        return None
    records = corrections.of(service.archive, viewer, document)
    text, sections, _ = read
    edits = task_edits.Plan(
        document, anchors.Text.of(text), sections, records, service.findings.laid(viewer, document)
    )
    return TaskSheet(plan.card, plan.today, _rows(plan, edits), text, sections, edits, _bodies(plan))


def _bodies(plan: PlanView) -> dict[str, tuple[str, ...]]:
    bodies = Bodies([plan])
    found: dict[str, dict[str, None]] = {}
    for name in (name for view in plan.tasks for name in view.task.lead):
        found.setdefault(bodies.title(bodies.of(plan, name)), {})[canonical("lead", name)] = None
    return {title: tuple(name for name in names if name != title) for title, names in found.items()}


def _rows(plan: PlanView, edits: task_edits.Plan) -> tuple[TaskRow, ...]:
    found: list[TaskRow] = []
    seen: Counter[str] = Counter()
    for tt, view in enumerate(plan.tasks, 1):
        anchor = edits.anchor(view.task)
        name = identity(anchor)
        seen[name] += 1
        # Parts of a task that a person split share its anchor.
        id = name if seen[name] == 1 else f"{name}-{seen[name]}"
        said = edits.said(view.task)
        note = said.get("extended") or said.get("note")
        cells = _cells(view, edits.sections) | ({"note": canonical("note", str(note))} if note else {})
        filled = {"tt": str(tt), **_filled(cells)}
        found.append(TaskRow(id, anchor, filled, _answer(view), view.task.section, view.task))
    return tuple(found)


def begins(letters: anchors.Text, span: Span) -> int:
    """Offset of the first letter of a stretch of text: where the words of its anchor are found."""
    at = bisect_left(letters.offsets, span.start)
    return letters.offsets[at] if at < len(letters.offsets) else letters.size


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    """Written one way, so that a file which nobody edited says the same."""
    return {key: said for key, text in cells.items() if (said := canonical(key, text))}


def _cells(view: TaskView, sections: Sequence[Section]) -> dict[str, str]:
    task, first = view.task, main(view)
    cells = {
        "place": outline.place(sections, task.section) or task.section, "wording": canonical("wording", task.wording),
        "lead": "; ".join(task.lead), "partners": "; ".join(task.partners), "report_to": "; ".join(task.report_to),
        "deliverable": canonical("deliverable", task.deliverable or ""), "due": due_text(task.due),
        "due_raw": canonical("due_raw", task.due.raw) if task.due else "", "state": STATES[view.state],
        "days": str(view.days) if view.days else "",
        "others": " • ".join(_other(one) for one in view.evidence if one is not first),
    }  # fmt: skip
    return cells | (_evidence(first) if first else {})


def main(view: TaskView) -> EvidenceView | None:
    """The passage that stands for the rest: one that a person confirmed, else the best."""
    decided = [one for one in view.evidence if one.decided_by is not None]
    return next(iter(decided or view.evidence), None)


def _evidence(one: EvidenceView) -> dict[str, str]:
    card = one.card
    return {
        "quote": canonical("quote", one.quote), "number": canonical("number", card.number or card.name),
        "issued_on": card.issued_on.isoformat() if card.issued_on else "", "page": str(one.page or ""),
    }  # fmt: skip


def _other(one: EvidenceView) -> str:
    day = f", ngày {one.card.issued_on:%d/%m/%Y}" if one.card.issued_on else ""
    page = f", trang {one.page}" if one.page else ""
    return f"{one.card.number or one.card.name}{day}{page}: “{' '.join(one.quote.split())}”"


def _answer(view: TaskView) -> Answer | None:
    one = main(view)
    if one is None:
        return None
    said = canonical("quote", one.quote)
    return Answer(one.card.document, said, one.status.value, one.decided_by is not None, one.whole)


def task_value(task: Task) -> dict[str, Any]:
    """A task as corrections tell of it."""
    return {
        "wording": task.wording, "section": task.section, "lead": list(task.lead), "partners": list(task.partners),
        "report_to": list(task.report_to), "deliverable": task.deliverable, "due": due_value(task.due),
    }  # fmt: skip


def due_value(due: Due | None) -> dict[str, Any] | None:
    """A deadline as corrections tell of it."""
    return {"raw": due.raw, "on": due.on.isoformat() if due.on else None, "recurs": due.recurs} if due else None


def due_of(value: Mapping[str, Any] | None) -> Due | None:
    """The deadline that a correction tells of."""
    if not value:
        return None
    on = dt.date.fromisoformat(value["on"]) if value.get("on") else None
    return Due(str(value.get("raw") or ""), on, value.get("recurs"))


def due_text(due: Due | None) -> str:
    """A deadline's cell: its day where there is just one, else its words."""
    if due is None:
        return ""
    return due.on.isoformat() if due.on and not due.recurs else canonical("due_raw", due.raw)


def identity(anchor: Mapping[str, Any]) -> str:
    """The id of a row, from the anchor of its task."""
    said = json.dumps(anchor, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def canonical(key: str, typed: str) -> str:
    """What a cell says, however it was typed.

    >>> canonical("due", "30/9/2016"), canonical("due", "42643"), canonical("due", "trong  quý IV/2016")
    ('2016-09-30', '2016-09-30', 'trong quý IV/2016')
    >>> canonical("lead", "Phòng Tài chính;\\n Hội Khuyến học ; "), canonical("number", "12 / BC-HKH")
    ('Phòng Tài chính; Hội Khuyến học', '12/BC-HKH')
    """
    form = BY_KEY[key].form
    text = normalise(typed)
    if form is Form.BODIES:
        return "; ".join(filter(None, (" ".join(name.split()).rstrip(" ,") for name in re.split(r"[;\n]", text))))
    text = " ".join(text.split())
    if form in (Form.DUE, Form.DAY):
        on = day(text)
        return on.isoformat() if on else text
    if form is Form.COUNT:
        return text.removesuffix(".0")
    if key == "number":
        return "".join(text.split())
    quoted = _QUOTED.fullmatch(text) if key == "quote" else None
    return quoted[1].strip() if quoted else text


def day(text: str) -> dt.date | None:
    """The day that a whole cell is: as offices write it, as ISO, or as a spreadsheet counts days; else None."""
    text = text.strip()
    if iso := _ISO.fullmatch(text):
        return dates.day(iso[1], iso[2], iso[3])
    if _SERIAL.fullmatch(text):
        return _EPOCH + dt.timedelta(days=int(text[:5]))
    if short := _SHORT_YEAR.fullmatch(text):
        return dates.day(2000 + int(short[4]), short[3], short[1])
    bare = re.sub(r"^ngày\s+", "", text, flags=re.IGNORECASE)
    found = dates.find(bare)
    return found[0][1] if len(found) == 1 and found[0][0] == Span(0, len(bare)) else None
