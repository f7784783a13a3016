"""What people decide about the tasks of a plan, as the archive's corrections hold it (`Subject.TASK`, on the plan).

The anchor of a task that was read is that of its words (`anchors.of_words` of `task.span`); of one that a person
added `{"added": "<random id>"}`. It stays the same through all corrections of a task. The value tells everything
that is in force, not only what the last correction changed; it is one of

- any of `{"wording", "section", "lead": [], "partners": [], "report_to": [], "deliverable", "due": {"raw", "on",
  "recurs"[, "days": [[month, day]]]} | null}`; what is left out stays as it was read. With it may stand
  `"extended"`: why there is more time, `"source"`: id of the paper that says so, `"note"`: a word to others,
  `"moved": {"plan", "section", "wording"}`: the task of a newer plan that goes on with this one,
  `"stays": [plan, …]`: newer plans that do not;
- `{"drop": true[, "why"]}`: no task (any more);
- `{"parts": [{…}, {…}]}`: several tasks, each a value of the first form;
- `{"into": <anchor of another task>}`: said again, or a piece of the other one.

`task_overlay.lay` puts them over what was read; `edit` and the functions beside it record them.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive import corrections, journal
from archive.corrections import Correction, Draft, Subject
from archive.viewer import Viewer
from corpus.model import Due, Section, Task
from indexer import anchors

if TYPE_CHECKING:
    from archive.archive import Archive

FIELDS = ("wording", "section", "lead", "partners", "report_to", "deliverable", "due")
"""What a person may correct of a task."""
WHOLE = ("drop", "parts", "into")
"""Keys of the values that do away with a task as it was read."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan whose tasks are edited: its text as anchors need it, and where its corrections lie."""

    document: str
    text: anchors.Text
    sections: Sequence[Section]
    records: Sequence[Correction]
    """Everything recorded about it."""
    places: Mapping[int, str | None]
    """Where each correction in force was laid."""

    def standing(self, task: Task) -> Correction | None:
        """The correction in force of a task that the plan shows; None: it is as it was read."""
        found = None
        for one in corrections.standing(self.records):
            if one.subject is Subject.TASK and str(task.span.start) in (self.places.get(one.id) or "").split(","):
                found = one
        return found

    def said(self, task: Task) -> Mapping[str, Any]:
        """What people said of a task the plan shows; empty: nothing."""
        earlier = self.standing(task)
        return own(self, earlier, task) if earlier else {}

    def anchor(self, task: Task) -> Mapping[str, Any]:
        """The anchor of a task, the same through all its corrections."""
        earlier = self.standing(task)
        return earlier.anchor if earlier else anchor(self.text, self.sections, task)


def anchor(text: anchors.Text, sections: Sequence[Section], task: Task) -> dict[str, Any]:
    """The anchor of a task of which nothing was recorded yet."""
    return {"added": task.added} if task.added else anchors.of_words(text, sections, task.span)


def value(task: Task) -> dict[str, Any]:
    """Everything a person may correct of a task, as plain JSON."""
    return {
        "wording": task.wording, "section": task.section, "lead": list(task.lead), "partners": list(task.partners),
        "report_to": list(task.report_to), "deliverable": task.deliverable, "due": due_value(task.due),
    }  # fmt: skip


def due_value(due: Due | None) -> dict[str, Any] | None:
    """A term as plain JSON."""
    if due is None:
        return None
    said: dict[str, Any] = {"raw": due.raw, "on": due.on.isoformat() if due.on else None, "recurs": due.recurs}
    return said | ({"days": [list(day) for day in due.days]} if due.days else {})


def edit(
    archive: Archive, viewer: Viewer, plan: Plan, task: Task, changes: Mapping[str, Any], *, by: str
) -> Correction:
    """Correct some fields of a task; what was corrected of it before stays. Raises NotFound."""
    return _record(archive, viewer, edited(plan, task, changes), by)


def edited(plan: Plan, task: Task, changes: Mapping[str, Any]) -> Draft:
    """What `edit` records."""
    earlier = plan.standing(task)
    if earlier is None:
        return _draft(plan, anchor(plan.text, plan.sections, task), dict(changes), value(task))
    return _draft(plan, earlier.anchor, _merged(plan, earlier, task, changes), None)


def _merged(plan: Plan, earlier: Correction, task: Task, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The value in force with these changes in it; of a task that was split, those of the one part."""
    parts = earlier.value.get("parts")
    if parts is None:
        return {key: said for key, said in {**earlier.value, **changes}.items() if key not in WHOLE}
    places = (plan.places.get(earlier.id) or "").split(",")
    at = places.index(str(task.span.start))
    return {"parts": [{**part, **changes} if number == at else part for number, part in enumerate(parts)]}


def own(plan: Plan, earlier: Correction, task: Task) -> Mapping[str, Any]:
    """What a correction says of one task: of a split one, of this part."""
    parts = earlier.value.get("parts")
    if parts is None:
        return earlier.value
    return parts[(plan.places.get(earlier.id) or "").split(",").index(str(task.span.start))]


def add(archive: Archive, viewer: Viewer, plan: Plan, said: Mapping[str, Any], *, by: str) -> Correction:
    """A task that the text does not hold, or that was not seen in it. Raises NotFound."""
    return _record(archive, viewer, added(plan, said), by)


def added(plan: Plan, said: Mapping[str, Any]) -> Draft:
    """What `add` records."""
    return _draft(plan, {"added": secrets.token_hex(8)}, dict(said), None)


def drop(archive: Archive, viewer: Viewer, plan: Plan, task: Task, why: str, *, by: str) -> Correction:
    """Say that this is no task, or none any more; one part of a split task leaves the others. Raises NotFound."""
    return _record(archive, viewer, dropped(plan, task, why), by)


def dropped(plan: Plan, task: Task, why: str) -> Draft:
    """What `drop` records."""
    earlier = plan.standing(task)
    parts = earlier.value.get("parts") if earlier else None
    if earlier is not None and parts and len(parts) > 1:
        at = (plan.places.get(earlier.id) or "").split(",").index(str(task.span.start))
        left = {"parts": [part for number, part in enumerate(parts) if number != at]}
        return _draft(plan, earlier.anchor, left, None)
    said = {"drop": True} | ({"why": why} if why else {})
    return _draft(plan, plan.anchor(task), said, value(task))


def split(
    archive: Archive, viewer: Viewer, plan: Plan, task: Task, wordings: Sequence[str], *, by: str
) -> Correction:
    """Make several tasks of one; each has the bodies and the term of the whole until it is corrected."""
    whole = {name: said for name, said in value(task).items() if name != "wording"}
    made = [{"wording": words, **whole} for words in wordings]
    earlier = plan.standing(task)
    parts = earlier.value.get("parts") if earlier else None
    if earlier is not None and parts:
        at = (plan.places.get(earlier.id) or "").split(",").index(str(task.span.start))
        made = [*parts[:at], *made, *parts[at + 1 :]]
    return _record(archive, viewer, _draft(plan, plan.anchor(task), {"parts": made}, value(task)), by)


def merge(archive: Archive, viewer: Viewer, plan: Plan, task: Task, other: Task, *, by: str) -> Correction:
    """Let another task stand for this one too."""
    said = {"into": dict(plan.anchor(other))}
    return _record(archive, viewer, _draft(plan, plan.anchor(task), said, value(task)), by)


def move(
    archive: Archive, viewer: Viewer, plan: Plan, task: Task, target: str, onto: Task, *, by: str
) -> Correction:
    """Say that a task of a newer plan goes on with this one."""
    moved = {"plan": target, "section": onto.section, "wording": onto.wording}
    return edit(archive, viewer, plan, task, {"moved": moved}, by=by)


def stay(archive: Archive, viewer: Viewer, plan: Plan, task: Task, target: str, *, by: str) -> Correction:
    """Say that no task of a newer plan goes on with this one."""
    earlier = plan.standing(task)
    before = own(plan, earlier, task).get("stays", []) if earlier else []
    return edit(archive, viewer, plan, task, {"stays": [*before, target], "moved": None}, by=by)


def _draft(plan: Plan, anchor: Mapping[str, Any], said: Any, read: Any) -> Draft:
    return Draft(plan.document, Subject.TASK, anchor, said, read)


def _record(archive: Archive, viewer: Viewer, draft: Draft, by: str) -> Correction:
    with journal.acting(archive) as connection:
        return corrections.add(connection, viewer, [draft], by=by)[0]
