"""People's decisions on tasks laid over what was read of a plan; the shapes are those of `task_edits`.

A task is found again by its words; where they were read a little differently, by the only task much like it.
A correction whose task is nowhere changes nothing.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.corrections import Correction
from corpus import dates
from corpus.model import Due, Extension, Section, Span, Task
from indexer import anchors

LISTS = ("lead", "partners", "report_to")
HALF = 0.5
"""Share of the shorter of two stretches that they must have in common to be one task."""


@dataclass(frozen=True, slots=True)
class Move:
    """What a person said of a task and a newer plan."""

    start: int
    """Of the older plan's task."""
    plan: str
    """The newer plan."""
    by: str
    correction: int
    onto: str | None = None
    """The words of the newer plan's task that goes on with it; None: no task of that plan does."""
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """The tasks as people decided."""

    tasks: tuple[Task, ...]
    places: Mapping[int, str | None]
    """By correction: the starts of the tasks it speaks of; `>` and a start where the task went into another one;
    empty where the task was dropped; None where it is no longer found."""
    moves: tuple[Move, ...] = ()


def lay(
    text: anchors.Text, sections: Sequence[Section], tasks: Sequence[Task], standing: Sequence[Correction],
    *, close: int | None = None,
) -> Laid:  # fmt: skip
    """The tasks with these corrections, oldest first; `close` is where the closing block of the text begins."""
    laying = _Laying(text, sections, tasks, text.size if close is None else close)
    laying.find(standing)
    joined = [one for one in standing if "into" in one.value]
    for one in standing:
        if "into" not in one.value:
            laying.one(one)
    for one in joined:
        laying.join(one, joined)
    return laying.laid()


class _Laying:
    """The tasks of one plan while corrections are laid over them."""

    def __init__(
        self, text: anchors.Text, sections: Sequence[Section], tasks: Sequence[Task], close: int
    ) -> None:
        self.text = text
        self.sections = {section.id: section for section in sections}
        self.order = sections
        self.close = close
        self.read = {task.span.start: task for task in tasks}
        self.held: dict[str, list[Task]] = {str(start): [task] for start, task in self.read.items()}
        """By the start of the task as read, or the id of an added one: what stands for it now."""
        self.taken = set(self.read)
        self.at: dict[int, str | None] = {}
        """By correction: its task's key in `held`."""
        self.places: dict[int, str | None] = {}
        self.into: dict[str, str] = {}
        self.moves: list[Move] = []

    # Where

    def find(self, standing: Sequence[Correction]) -> None:
        """The task each correction speaks of: first those whose words stand as they were."""
        left: list[Correction] = []
        for one in standing:
            if "added" in one.anchor:
                self.at[one.id] = key = f"+{one.anchor['added']}"
                self.held.setdefault(key, [])
                continue
            self.at[one.id] = self._at_words(one)
            if self.at[one.id] is None:
                left.append(one)
        free = self.held.keys() - set(self.at.values())
        for one in left:
            self.at[one.id] = key = self._alike(one.anchor, free)
            free = free - {key}

    def _at_words(self, one: Correction) -> str | None:
        span = anchors.find_words(one.anchor, self.text, self.order)
        if span is None:
            return None
        shared = {start: _shared(task.span, span) for start, task in self.read.items()}
        best = max(shared, key=lambda start: (shared[start], -start), default=None)
        if best is not None and shared[best] >= HALF:
            return str(best)
        # The words are there and are taken for no task any more: what a person decided goes on with them.
        read = one.read or {}
        if not read.get("wording") or span.start in self.taken:
            return None
        task = _edited(Task(str(read.get("section") or ""), "", span), read, one)
        self.read[span.start] = task
        self.held[str(span.start)] = [task]
        self.taken.add(span.start)
        return str(span.start)

    def _alike(self, anchor: Mapping[str, Any], free: Collection[str]) -> str | None:
        """The only task not spoken of whose words are much the same."""
        words = {key: self._letters(self.read[int(key)].span) for key in free if not key.startswith("+")}
        return anchors.most_alike(str(anchor["words"]), words)

    def _letters(self, span: Span) -> str:
        first, last = self._indices(span)
        return self.text.letters[first:last]

    def _indices(self, span: Span) -> tuple[int, int]:
        return bisect_left(self.text.offsets, span.start), bisect_right(self.text.offsets, span.end - 1)

    # What

    def one(self, one: Correction) -> None:
        """Lay a correction that is not a merging."""
        key = self.at[one.id]
        if key is None:
            self.places[one.id] = None
            return
        if one.value.get("drop"):
            self.held[key] = []
        elif "parts" in one.value:
            self.held[key] = list(self._parts(key, one))
        elif key.startswith("+"):
            self.held[key] = [self._added(one)]
        else:
            self.held[key] = [_edited(task, one.value, one) for task in self.held[key]]
        self.places[one.id] = ",".join(str(task.span.start) for task in self.held[key])
        for task, value in zip(self.held[key], one.value.get("parts") or (one.value,), strict=False):
            self.moves += _moves(one, value, task.span.start)

    def _added(self, one: Correction) -> Task:
        section = str(one.value.get("section") or "")
        task = Task(section, "", self._free(section), by=one.by, added=str(one.anchor["added"]))
        return _edited(task, one.value, one)

    def _free(self, section: str) -> Span:
        """An empty place at the end of a section that no task has."""
        held = self.sections.get(section)
        at = max(0, (held.span.end if held else min(self.close, self.text.size)) - 1)
        while at in self.taken:
            at = at - 1 if at > 0 else max(self.taken) + 1
        self.taken.add(at)
        return Span(at, at)

    def _parts(self, key: str, one: Correction) -> Iterator[Task]:
        whole = self.read.get(int(key)) if not key.startswith("+") else None
        taken: set[int] = set()
        for part in one.value["parts"]:
            section = str(part.get("section") or (whole.section if whole else ""))
            if whole is None:
                base = Task(section, "", self._free(section), added=str(one.anchor["added"]))
            else:
                base = replace(whole, span=self._part(whole.span, str(part.get("wording") or ""), taken))
                taken.add(base.span.start)
                self.taken.add(base.span.start)
            yield _edited(base, part, one)

    def _part(self, span: Span, wording: str, taken: Collection[int]) -> Span:
        """Where a part's words stand in the whole; else a letter of it that no other part begins with."""
        first, last = self._indices(span)
        words = anchors.letters(wording)
        at = self.text.letters.find(words, first, last) if words else -1
        if at >= 0 and self._open(self.text.offsets[at], span, taken):
            return self.text.span(at, len(words))
        starts = (span.start, *self.text.offsets[first:last])
        return Span(next((s for s in starts if self._open(s, span, taken)), span.start), span.end)

    def _open(self, start: int, whole: Span, taken: Collection[int]) -> bool:
        return start not in taken and (start == whole.start or start not in self.taken)

    # Merging

    def join(self, one: Correction, joined: Sequence[Correction]) -> None:
        """Let another task stand for this one too; who would stand for itself stands as it was."""
        key, target = self.at[one.id], self._target(one.value["into"], joined)
        seen = {key}
        while target in self.into and target not in seen:
            seen.add(target)
            target = self.into[target]
        if key is None or target is None or target in seen or target not in self.held or not self.held[key]:
            self.places[one.id] = None
            return
        gone, self.held[key], self.into[key] = self.held[key], [], target
        if not self.held[target]:
            self.places[one.id] = ""  # what it was said to be is no task: neither is this
            return
        first = self.held[target][0]
        for task in gone:
            first = _joined(first, task, one.by)
        self.held[target] = [first, *self.held[target][1:]]
        self.places[one.id] = f">{first.span.start}"

    def _target(self, anchor: Mapping[str, Any], joined: Sequence[Correction]) -> str | None:
        if "added" in anchor:
            return f"+{anchor['added']}"
        span = anchors.find_words(anchor, self.text, self.order)
        found = [start for start, task in self.read.items() if span and _shared(task.span, span) >= HALF]
        if found:
            return str(max(found, key=lambda start: _shared(self.read[start].span, span or Span(0, 0))))
        gone = {self.at[one.id] for one in joined}
        return self._alike(anchor, {key for key in self.held if key not in gone})

    def laid(self) -> Laid:
        """Everything in the order of the text."""
        every = sorted((task for group in self.held.values() for task in group), key=lambda task: task.span)
        starts = {task.span.start for task in every}
        return Laid(tuple(every), self.places, tuple(move for move in self.moves if move.start in starts))


def _shared(one: Span, other: Span) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / max(1, min(one.end - one.start, other.end - other.start))


def _moves(one: Correction, value: Mapping[str, Any], start: int) -> Iterator[Move]:
    if moved := value.get("moved"):
        words, section = str(moved["wording"]), str(moved.get("section") or "")
        yield Move(start, str(moved["plan"]), one.by, one.id, words, section)
    for plan in value.get("stays") or ():
        yield Move(start, str(plan), one.by, one.id)


def _edited(task: Task, value: Mapping[str, Any], one: Correction) -> Task:
    """The task with the fields that a value settles."""
    said: dict[str, Any] = {name: tuple(map(str, value[name] or ())) for name in LISTS if name in value}
    said |= {name: value[name] or None for name in ("deliverable",) if name in value}
    said |= {name: str(value[name]) for name in ("wording", "section") if value.get(name)}
    if "due" in value:
        said["due"] = due(value["due"])
    if value.get("extended"):
        said["extension"] = Extension(str(value["extended"]), task.due, value.get("source") or None)
    return replace(task, **said, by=one.by) if said else task


def _joined(task: Task, other: Task, by: str) -> Task:
    """One task for two: all words, all bodies; the term of the first unless only the other has one."""
    more = anchors.letters(other.wording) not in anchors.letters(task.wording)
    wording = f"{task.wording.rstrip(' .;')}; {other.wording}" if more else task.wording
    lead = tuple(dict.fromkeys((*task.lead, *other.lead)))
    partners = tuple(name for name in dict.fromkeys((*task.partners, *other.partners)) if name not in lead)
    return replace(
        task, wording=wording, lead=lead, partners=partners, by=by, due=task.due or other.due,
        report_to=tuple(dict.fromkeys((*task.report_to, *other.report_to))),
        deliverable=task.deliverable or other.deliverable,
    )  # fmt: skip


def due(value: Mapping[str, Any] | None) -> Due | None:
    """A term of a correction; the days of a recurring one are read from its words unless they are given."""
    if not value:
        return None
    raw, recurs = str(value["raw"]), value.get("recurs") or None
    on = dt.date.fromisoformat(value["on"]) if value.get("on") else None
    days = tuple((int(month), int(day)) for month, day in value.get("days") or ())
    if recurs and not days:
        read = dates.due(raw, None)
        days = read.days if read is not None and read.recurs == recurs else ()
    return Due(raw, on, recurs, days)
