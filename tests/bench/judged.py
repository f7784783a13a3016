"""Tasks and passages that people judged: which are proposed, and how strict a rule would still propose them.

`real_pairs.json` names files of the data beside the project and short places in them; whoever has no such data
measures the pairs of the sample district alone. Judgements: fulfils, partial, mentions, none.
`judged_answers.json` is the other way about: everything that was once proposed as an answer over these papers was
read, and says right, doubtful or wrong.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from archive import accept, settings
from archive.archive import Archive
from archive.database import reader
from archive.verdicts import Report, Verdict
from archive.viewer import SYSTEM
from corpus import fulfilment
from corpus.bars import SITE
from corpus.model import Body, Fulfilment, FulfilmentStatus, Task
from corpus.text import fold, normalise
from indexer import proposals, reading
from indexer.findings import Findings
from indexer.pipeline import Steps, Stopwatch, understand

HERE = Path(__file__).parent
DATA = Path(os.environ.get("VANKHO_BENCH_DATA") or HERE.parents[2] / "shared" / "data")
SAMPLES = HERE.parents[1] / "corpus" / "samples" / "papers"
JUDGED = HERE.parent / "samples" / "pairs.json"
_FOLDERS = ("documents", "truth/files")
LEVELS = (0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0)
"""Strictness against that of the site."""
_UNSIGNED = Report(Verdict.UNSIGNED)


@dataclass(frozen=True)
class Pair:
    """One judgement. Which task and which passage are meant is told by the words they must hold."""

    plan: str
    paper: str
    label: str
    is_task: Callable[[Task], float]
    """How surely this is the task, 0 when it is not."""
    is_passage: Callable[[str], bool]
    task: str
    words: str
    held: bool = False
    """Not looked at while rules were made."""

    @property
    def wanted(self) -> bool:
        return self.label in ("fulfils", "partial")


@dataclass(frozen=True)
class Point:
    """What is proposed at one strictness."""

    strictness: float
    right: int
    false: int
    wanted: int
    unwanted: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.wanted)

    def __str__(self) -> str:
        return f"{self.precision:.2f} / {self.recall:.2f} ({self.right} of {self.wanted}, {self.false} false)"


# -- the three sets


def real() -> list[Pair]:
    """Judged for this bench, over the papers beside the project."""
    sets = json.loads((HERE / "real_pairs.json").read_text(encoding="utf-8"))
    return [
        Pair(
            one["plan"], one["paper"], one["label"], _holding(one["task"]), _within(one["words"]), one["task"],
            one["words"], some["held"],
        )
        for some in sets for one in some["pairs"]
    ]  # fmt: skip


def shared() -> list[Pair]:
    """Judged by those who gathered the papers; alike is told as their own script tells it."""
    sets = json.loads((DATA / "tracing" / "plan_tasks.json").read_text(encoding="utf-8"))
    tasks = {task["task_id"]: (some["plan_file"], task["quote"]) for some in sets for task in some["tasks"]}
    found = []
    for line in (DATA / "tracing" / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        plan, quote = tasks[one["task_id"]]
        found.append(
            Pair(
                plan, one["report_file"], one["label"], lambda task, q=quote: _alike(q, task.wording, 0.7),
                lambda text, q=one["quote"]: _alike(q, text, 0.5) > 0, one["task_id"], one["quote"],
            )
        )  # fmt: skip
    return found


def sample() -> list[Pair]:
    """Judged over the papers of the sample district; plan and paper are told by their numbers."""
    return [
        Pair(
            one["plan"], one["paper"], one["label"], lambda task, s=one["section"]: float(task.section == s),
            _within(one["words"]), one["section"], one["words"],
        )
        for one in json.loads(JUDGED.read_text(encoding="utf-8"))
    ]  # fmt: skip


@cache
def _flat(text: str) -> str:
    return " ".join(fold(normalise(text)).split())


def _holding(words: str) -> Callable[[Task], float]:
    return lambda task: (_flat(words) in _flat(task.wording)) / len(task.wording)


def _within(words: str) -> Callable[[str], bool]:
    return lambda text: _flat(words) in _flat(text)


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", normalise(text).lower()))


def _alike(ours: str, theirs: str, least: float) -> float:
    """The share of the shorter text's words that the other has; 0 below the least."""
    one, other = _words(ours), _words(theirs)
    share = len(one & other) / max(1, min(len(one), len(other)))
    return share if share >= least else 0.0


# -- papers in an archive


class Held:
    """Papers understood and recorded as the worker does it, without the search index."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.findings = Findings(archive)
        self.findings.prepare()
        self.findings.prepared()
        self.documents: dict[str, str] = {}
        self._sides: dict[proposals.Pair, tuple[fulfilment.Assigning, fulfilment.Answering] | None] = {}

    def take(self, path: Path, body: Body, *, by_number: bool) -> None:
        """Record one paper, to be called by its number or by the name of its file."""
        steps = Steps(read=lambda _path, _progress: body, verify=lambda *_: _UNSIGNED, segment=lambda _text: ())
        with path.open("rb") as stream:
            document = accept.accept(self.archive, SYSTEM, stream, name=path.name, how="bench").document
        prepared = understand(
            steps, body, _UNSIGNED, document=document, version=f"{document}v1", watch=Stopwatch()
        )
        self.findings.record(prepared)
        heading = prepared.analysis.heading
        name = path.name
        if by_number:
            number = heading.number or ""
            name = f"{number} xã {heading.place}" if number in self.documents else number
            name = f"{number} xã {heading.place}" if number == "11/KH-UBND" else name
        self.documents[name] = document

    def proposed(self, pair: Pair, strictness: float) -> bool:
        """Whether a rule of this strictness proposes the passage for the task."""
        sides = self._of(self.documents[pair.plan], self.documents[pair.paper])
        if sides is None:
            return False
        meant = max(sides[0].tasks, key=pair.is_task, default=None)
        if meant is None or not pair.is_task(meant):
            return False
        return any(
            found.task_start == meant.span.start and pair.is_passage(found.quote)
            for found in _proposed(sides, strictness)
        )

    def answers(self, plan: str, paper: str) -> Iterator[tuple[str, str]]:
        """(task, passage) of all that is proposed as more than a mention, without marks."""
        sides = self._of(self.documents[plan], self.documents[paper])
        if sides is None:
            return
        wordings = {task.span.start: task.wording for task in sides[0].tasks}
        for found in _proposed(sides, 1.0):
            if found.status is not FulfilmentStatus.MENTIONS:
                yield _flat(wordings[found.task_start]), _flat(found.quote)

    def _of(self, plan: str, paper: str) -> tuple[fulfilment.Assigning, fulfilment.Answering] | None:
        if (plan, paper) not in self._sides:
            with reader(self.archive.engine) as connection:
                self._sides[plan, paper] = proposals.sides(connection, (plan, paper))
        return self._sides[plan, paper]

    def task_found(self, pair: Pair) -> bool:
        """Whether the plan's task was read at all."""
        with reader(self.archive.engine) as connection:
            plan = self.documents[pair.plan]
            return any(pair.is_task(task) for task in proposals.tasks_of(connection, [plan]).get(plan, ()))


_DONE: dict[tuple[str, str, float], tuple[Fulfilment, ...]] = {}


def _proposed(sides: tuple[fulfilment.Assigning, fulfilment.Answering], strictness: float) -> tuple[Fulfilment, ...]:
    plan, paper = sides
    key = (plan.document, paper.document, strictness)
    if key not in _DONE:
        _DONE[key] = fulfilment.propose(plan, paper, SITE.times(strictness))
    return _DONE[key]


@contextmanager
def holding(
    files: Iterable[Path], *, by_number: bool = False, read: Callable[[Path], Body] = reading.read
) -> Iterator[Held]:
    """An archive for the time of the measurement with these papers in it."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.open(replace(settings.load(Path(folder) / "kho", environ={}), today="2026-06-01"))
        try:
            held = Held(archive)
            for path in files:
                held.take(path, read(path), by_number=by_number)
            yield held
        finally:
            archive.close()


def files_of(pairs: Iterable[Pair | Answer]) -> list[Path]:
    """The files that these judgements are about."""
    names = sorted({name for one in pairs for name in (one.plan, one.paper)})
    return [next(path for folder in _FOLDERS if (path := DATA / folder / name).is_file()) for name in names]


# -- everything proposed as an answer


@dataclass(frozen=True)
class Answer:
    """What a person said of a passage proposed as an answer; task and passage are told by their first words."""

    plan: str
    paper: str
    task: str
    words: str
    label: str


def answers() -> list[Answer]:
    """Judged over the papers beside the project: right, doubtful or wrong."""
    sets = json.loads((HERE / "judged_answers.json").read_text(encoding="utf-8"))
    return [
        Answer(some["plan"], some["paper"], _flat(one["task"]), _flat(one["words"]), one["label"])
        for some in sets for one in some["answers"]
    ]  # fmt: skip


def answered(held: Held, judged: Sequence[Answer]) -> Counter[str]:
    """How many of the passages now called answers are judged right, doubtful, wrong, or not at all."""
    found: Counter[str] = Counter()
    for plan, paper in dict.fromkeys((one.plan, one.paper) for one in judged):
        ours = [one for one in judged if (one.plan, one.paper) == (plan, paper)]
        for task, quote in held.answers(plan, paper):
            labels = {one.label for one in ours if task.startswith(one.task) and quote.startswith(one.words)}
            found[labels.pop() if len(labels) == 1 else "not judged"] += 1
    return found


# -- figures


def curve(held: Held, pairs: Sequence[Pair], levels: Iterable[float] = LEVELS) -> list[Point]:
    """Precision and recall at each strictness; what only mentions the matter counts for neither."""
    labels = Counter(pair.wanted for pair in pairs if pair.label != "mentions")
    points = []
    for level in levels:
        hits: defaultdict[bool, int] = defaultdict(int)
        for pair in pairs:
            if pair.label != "mentions":
                hits[pair.wanted] += held.proposed(pair, level)
        points.append(Point(level, hits[True], hits[False], labels[True], labels[False]))
    return points


def average_precision(points: Sequence[Point]) -> float:
    """The area under the steps of the curve, from the strictest point to the laxest."""
    area = reached = 0.0
    for point in sorted(points, key=lambda one: -one.strictness):
        area += max(0.0, point.recall - reached) * point.precision
        reached = max(reached, point.recall)
    return area
