"""Which passages of the sample papers answer which tasks, against pairs a person judged, and where the plan stands.

`pairs.json`: `words` of a passage, and what it is to the task: fulfils, partial, mentions, or none (a hard negative,
`why` says what makes it one).
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive import accept, settings
from archive.archive import Archive
from archive.verdicts import Report, Verdict
from archive.viewer import SYSTEM
from corpus.text import fold
from indexer.findings import Findings
from indexer.pipeline import Steps, Stopwatch, understand
from indexer.views import PlanView, TaskState
from tests.samples.test_readings import PAPERS, SAMPLES, body

PAIRS = json.loads((Path(__file__).parent / "pairs.json").read_text(encoding="utf-8"))
TODAY = dt.date(2018, 1, 15)
UNSIGNED = Report(Verdict.UNSIGNED)
RECALL, PRECISION = 0.90, 0.95


class Traced:
    """The sample papers in an archive, by the number printed on each."""

    def __init__(self, findings: Findings, documents: dict[str, str]) -> None:
        self.findings = findings
        self.documents = documents
        self.views: dict[str, PlanView] = {}

    def plan(self, number: str) -> PlanView:
        if number not in self.views:
            view = self.findings.plan(SYSTEM, self.documents[number], TODAY)
            assert view is not None
            self.views[number] = view
        return self.views[number]

    def proposed(self, pair: dict[str, str]) -> bool:
        """Whether the passage is proposed for the task."""
        return any(
            view.task.section == pair["section"]
            and evidence.card.document == self.documents[pair["paper"]]
            and fold(pair["words"]) in fold(evidence.quote)
            for view in self.plan(pair["plan"]).tasks
            for evidence in view.evidence
        )


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traced]:
    """Every sample paper, understood and recorded as the worker does it, without the search index."""
    folder = tmp_path_factory.mktemp("traced")
    loaded = replace(settings.load(folder / "kho", environ={}), today=TODAY.isoformat())
    archive = Archive.open(loaded)
    findings = Findings(archive)
    findings.prepare()
    findings.prepared()
    steps = Steps(read=lambda _path, _progress: body(""), verify=lambda *_: UNSIGNED, segment=lambda _text: ())
    documents: dict[str, str] = {}
    for name in PAPERS:
        with (SAMPLES / "papers" / name).open("rb") as stream:
            document = accept.accept(archive, SYSTEM, stream, name=name, how="test").document
        prepared = understand(
            steps, body(name), UNSIGNED, document=document, version=f"{document}v1", watch=Stopwatch()
        )
        findings.record(prepared)
        number = prepared.analysis.heading.number or ""
        place = prepared.analysis.heading.place or ""
        documents[f"{number} xã {place}" if number == "11/KH-UBND" else number] = document
    yield Traced(findings, documents)
    archive.close()


def test_the_pairs_are_of_all_sorts() -> None:
    labels = Counter(pair["label"] for pair in PAIRS)
    assert len(PAIRS) >= 60
    assert labels["none"] * 3 >= len(PAIRS)


def test_the_pairs_over_real_papers_are_of_all_sorts_and_copy_nothing_long() -> None:
    sets = json.loads((Path(__file__).parents[1] / "bench" / "real_pairs.json").read_text(encoding="utf-8"))
    pairs = [pair for one in sets for pair in one["pairs"]]
    assert len(pairs) >= 60
    assert sum(pair["label"] == "none" for pair in pairs) * 3 >= len(pairs)
    assert {pair["label"] for pair in pairs} == {"fulfils", "partial", "mentions", "none"}
    assert all(len(pair[place].split()) <= 8 for pair in pairs for place in ("task", "words"))
    assert all(pair["why"] for pair in pairs if pair["label"] == "none")


def test_what_answers_a_task_is_proposed(traced: Traced) -> None:
    wanted = [pair for pair in PAIRS if pair["label"] in ("fulfils", "partial")]
    missed = [pair for pair in wanted if not traced.proposed(pair)]
    assert len(missed) <= (1 - RECALL) * len(wanted), missed


def test_hard_negatives_are_left_alone(traced: Traced) -> None:
    wanted = [pair for pair in PAIRS if pair["label"] in ("fulfils", "partial")]
    found = sum(traced.proposed(pair) for pair in wanted)
    false = [pair for pair in PAIRS if pair["label"] == "none" and traced.proposed(pair)]
    assert found >= PRECISION * (found + len(false)), false


@pytest.mark.parametrize(
    ("section", "state", "days"),
    [
        ("ii.1", TaskState.DONE, 0),
        ("ii.2", TaskState.DONE_LATE, 12),
        ("ii.3", TaskState.ONGOING, 0),
        ("ii.4", TaskState.PARTIAL, 0),
        ("iii.1", TaskState.DONE, 0),
        # One commune of six has made no plan.
        ("iii.2", TaskState.OVERDUE, 426),
        # The report of 2017 repeats that of 2016.
        ("iii.3", TaskState.SUSPECT, 0),
        ("iii.4", TaskState.ONGOING, 0),
        ("iii.5", TaskState.OVERDUE, 26),
    ],
)
def test_the_plan_stands_as_its_readme_says(traced: Traced, section: str, state: TaskState, days: int) -> None:
    (view,) = [view for view in traced.plan("05-KH/HU").tasks if view.task.section == section]
    assert (view.state, view.days) == (state, days)


def test_a_class_of_bodies_is_counted_and_the_one_behind_is_named(traced: Traced) -> None:
    (view,) = [view for view in traced.plan("05-KH/HU").tasks if view.task.section == "iii.2"]
    (share,) = view.shares
    assert (share.done, share.of) == (5, 6)
    assert share.behind == ("Đảng ủy xã Đồng Mộc",)


def test_each_body_that_leads_stands_by_its_own_papers(traced: Traced) -> None:
    (view,) = [view for view in traced.plan("05-KH/HU").tasks if view.task.section == "ii.2"]
    district, communes = view.shares
    assert (district.state, district.days) == (TaskState.DONE_LATE, 12)
    assert (communes.state, communes.done, communes.of) == (TaskState.DONE, 6, 6)


def test_a_recurring_duty_shows_its_periods(traced: Traced) -> None:
    (view,) = [view for view in traced.plan("05-KH/HU").tasks if view.task.section == "iii.5"]
    assert [(str(period.due_on), period.state) for period in view.periods] == [
        ("2016-12-20", TaskState.DONE),
        ("2017-06-20", TaskState.DONE),
        ("2017-12-20", TaskState.OVERDUE),
        ("2018-06-20", TaskState.NOT_DUE),
    ]


def test_a_copied_report_says_so(traced: Traced) -> None:
    (view,) = [view for view in traced.plan("05-KH/HU").tasks if view.task.section == "iii.3"]
    copied = [evidence for evidence in view.evidence if evidence.copied]
    assert copied
    assert all("chép nguyên văn" in evidence.reason for evidence in copied)
