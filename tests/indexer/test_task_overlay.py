"""People's decisions on tasks, laid over readings that differ a little from the one they were made on."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import Any

import pytest

from archive.corrections import Correction, Subject, standing
from corpus.analyse import analyse
from corpus.model import Analysis, Body, Task
from indexer import anchors, overlay, task_edits, task_overlay
from tests.web.papers import PLAN

AT = dt.datetime(2017, 3, 1, tzinfo=dt.UTC)
MORE = PLAN.replace(
    "Nơi nhận:",
    """2. Giao Đài Truyền thanh huyện mở chuyên mục học tập suốt đời và tổ chức thi viết về gương hiếu học.
3. Giao Ban Tuyên giáo Huyện ủy theo dõi, tổng hợp báo cáo Ban Thường vụ Huyện ủy trước ngày 15/12 hằng năm.

Nơi nhận:""",
)


def _body(text: str) -> Body:
    return Body(text, "text/plain", "text")


def _read(text: str = MORE) -> Analysis:
    return analyse(_body(text))


def _task(analysis: Analysis, words: str) -> Task:
    (found,) = [task for task in analysis.tasks if words in " ".join(task.wording.split())]
    return found


def _anchor(text: str, task: Task) -> Mapping[str, Any]:
    return task_edits.anchor(anchors.Text.of(text), analyse(_body(text)).sections, task)


def _said(
    number: int, anchor: Mapping[str, Any], value: Any, read: Any = None, undoes: int | None = None
) -> Correction:
    return Correction(number, "kh", Subject.TASK, anchor, value, read, AT, "Lê Thị Thu", undoes)


def _lay(text: str, *records: Correction) -> tuple[tuple[Task, ...], Mapping[int, str | None]]:
    laid = overlay.lay(_body(text), analyse(_body(text)), standing(records))
    return laid.analysis.tasks, laid.places


def _decided(task: Task) -> tuple[Any, ...]:
    """What a task says that a person or a table of names settles; words read anew may differ by a letter."""
    lead = [anchors.letters(name) for name in task.lead]
    return task.section, lead, task.due and (task.due.on, task.due.recurs), task.by, task.added, bool(task.extension)


def _edits() -> list[tuple[str, Any]]:
    """A task's words, and what a person decides of it."""
    due = {"raw": "30/6/2018", "on": "2018-06-30", "recurs": None}
    return [
        ("phát triển tổ chức hội", {"due": due, "extended": "Thiếu kinh phí"}),
        ("kiện toàn Ban Chỉ đạo", {"lead": ["Phòng Nội vụ"], "wording": "Kiện toàn Ban Chỉ đạo các cấp"}),
        ("học tập lại Chỉ thị", {"drop": True}),
        (
            "mở chuyên mục",
            {"parts": [{"wording": "Mở chuyên mục học tập suốt đời"}, {"wording": "Tổ chức thi viết về gương hiếu học",
                                                                   "lead": ["Phòng Văn hóa và Thông tin"]}]},
        ),
    ]  # fmt: skip


def _records() -> list[Correction]:
    analysis = _read()
    made = [
        _said(number, _anchor(MORE, _task(analysis, words)), value)
        for number, (words, value) in enumerate(_edits(), 1)
    ]
    value = {"wording": "Tặng sách cho thư viện xã", "section": "ii", "lead": ["Huyện đoàn"], "due": None}
    return [*made, _said(5, {"added": "c0ffee"}, value)]


def test_each_decision_changes_the_task_it_was_made_on() -> None:
    before = _read()
    tasks, places = _lay(MORE, *_records())
    assert None not in places.values() and len(places) == 5
    by_words = {" ".join(task.wording.split())[:30]: task for task in tasks}
    assert not any("Chỉ thị số 11" in words for words in by_words)
    (extended,) = [task for task in tasks if task.extension]
    assert extended.due and extended.due.on == dt.date(2018, 6, 30)
    assert extended.extension and extended.extension.was == _task(before, "phát triển tổ chức hội").due
    assert extended.lead == ("Hội Khuyến học huyện",) and extended.by == "Lê Thị Thu"
    parts = [task for task in tasks if "chuyên mục" in task.wording or "thi viết" in task.wording]
    assert [task.lead for task in parts] == [("Đài Truyền thanh huyện",), ("Phòng Văn hóa và Thông tin",)]
    (added,) = [task for task in tasks if task.added]
    assert (added.section, added.lead, added.due) == ("ii", ("Huyện đoàn",), None)
    assert len({task.span.start for task in tasks}) == len(tasks) == len(before.tasks) - 1 + 1 + 1


def test_what_nobody_decided_on_stays_as_it_was_read() -> None:
    tasks, _ = _lay(MORE, *_records())
    read = _task(_read(), "theo dõi, tổng hợp báo cáo")
    assert read in tasks
    assert _lay(MORE)[0] == _read().tasks


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("\n", " \n").replace(", ", " , "),  # spaces read differently
        lambda text: text.replace("Hội Khuyến học huyện chủ trì", "HỘI KHUYẾN HỌC HUYỆN chủ trì"),
        lambda text: text.replace("I. MỤC ĐÍCH\n", "I. MỤC ĐÍCH\n2. Toàn dân cùng học.\n"),  # everything moves down
        lambda text: text.replace("kiện toàn Ban", "kiện toan Ban").replace("khu phố có chi", "khu phô có chí"),  # OCR
        lambda text: text.replace("phấn đấu 95% thôn", "phấn đấu ít nhất 95% thôn"),  # words put in
    ],
)
def test_decisions_survive_another_reading(edit: Callable[[str], str]) -> None:
    tasks, places = _lay(edit(MORE), *_records())
    assert None not in places.values()
    expected = _lay(MORE, *_records())[0]
    assert [_decided(task) for task in tasks] == [_decided(task) for task in expected]


@pytest.mark.parametrize("seed", range(12))
def test_decisions_survive_any_change_of_typography(seed: int) -> None:
    chance = random.Random(seed)
    changed = "".join(
        chance.choice((" ", "  ", " \n")) if mark == " " and chance.random() < 0.1 and 600 < at < len(MORE) - 200
        else mark for at, mark in enumerate(MORE)
    )  # fmt: skip
    tasks, places = _lay(changed, *_records())
    assert [number for number, place in places.items() if place is None] == []
    assert {task.by for task in tasks if task.extension or task.added} == {"Lê Thị Thu"}
    assert not any("Chỉthịsố11" in "".join(task.wording.split()) for task in tasks)


def test_undoing_everything_in_any_order_gives_the_reading_back() -> None:
    records = _records()
    for order in list(permutations(range(1, 6)))[::17]:
        undone = [_said(10 + at, records[number - 1].anchor, records[number - 1].value, undoes=number)
                  for at, number in enumerate(order)]  # fmt: skip
        assert _lay(MORE, *records, *undone)[0] == _read().tasks


def test_undoing_the_last_lets_the_one_before_stand_again() -> None:
    anchor = _anchor(MORE, _task(_read(), "kiện toàn Ban Chỉ đạo"))
    first, second = _said(1, anchor, {"lead": ["Phòng Nội vụ"]}), _said(2, anchor, {"drop": True})
    assert _lay(MORE, first, second, _said(3, anchor, {}, undoes=2))[0] == _lay(MORE, first)[0]


def test_the_order_of_records_does_not_matter_where_they_speak_of_different_tasks() -> None:
    records = _records()[:4]
    expected = _lay(MORE, *records)[0]
    for order in permutations(range(4)):
        numbered = [_said(at, records[one].anchor, records[one].value) for at, one in enumerate(order, 1)]
        assert _lay(MORE, *numbered)[0] == expected


def test_two_tasks_become_one_with_the_bodies_of_both() -> None:
    analysis = _read()
    one, other = _task(analysis, "mở chuyên mục"), _task(analysis, "phát triển tổ chức hội")
    merged = _said(1, _anchor(MORE, one), {"into": _anchor(MORE, other)})
    tasks, places = _lay(MORE, merged)
    (made,) = [task for task in tasks if task.by]
    assert made.lead == ("Hội Khuyến học huyện", "Đài Truyền thanh huyện")
    assert made.span == other.span and made.due == other.due and "chuyên mục" in made.wording
    assert places == {1: f">{other.span.start}"} and len(tasks) == len(analysis.tasks) - 1


def test_two_tasks_that_went_into_each_other_are_not_both_lost() -> None:
    analysis = _read()
    one, other = (_anchor(MORE, _task(analysis, words)) for words in ("mở chuyên mục", "phát triển tổ chức hội"))
    tasks, places = _lay(MORE, _said(1, one, {"into": other}), _said(2, other, {"into": one}))
    assert len(tasks) == len(analysis.tasks) - 1
    assert list(places.values()).count(None) == 1


def test_a_decision_on_a_task_that_is_gone_changes_nothing_and_says_so() -> None:
    anchor = {"words": "khongconoiay" * 4, "section": "ii", "nth": 0, "only": True, "before": "", "after": ""}
    tasks, places = _lay(MORE, _said(1, anchor, {"drop": True}), _said(2, {**anchor, "nth": 1}, {"into": anchor}))
    assert tasks == _read().tasks and places == {1: None, 2: None}


def test_a_task_that_a_person_confirmed_stays_though_it_is_read_as_none_any_more() -> None:
    analysis = _read()
    task = _task(analysis, "kiện toàn Ban Chỉ đạo")
    anchor, read = _anchor(MORE, task), task_edits.value(task)
    others = [one for one in analysis.tasks if one is not task]
    text = anchors.Text.of(MORE)
    records = [_said(1, anchor, {"lead": ["Phòng Nội vụ"]}, read)]
    laid = task_overlay.lay(text, analysis.sections, others, records)
    (kept,) = [one for one in laid.tasks if one.by]
    assert kept.lead == ("Phòng Nội vụ",) and kept.due == task.due
    assert len(laid.tasks) == len(analysis.tasks)


def test_added_tasks_never_share_a_place() -> None:
    records = [_said(n, {"added": f"{n:016x}"}, {"wording": f"Việc {n}", "section": "iii.1"}) for n in range(1, 9)]
    tasks, _ = _lay(MORE, *records)
    assert len({task.span.start for task in tasks}) == len(tasks) == len(_read().tasks) + 8


def test_a_recurring_term_keeps_its_days() -> None:
    value = {"wording": "Báo cáo", "due": {"raw": "trước ngày 25/6 và 25/11 hằng năm", "on": None, "recurs": "yearly"}}
    tasks, _ = _lay(MORE, _said(1, {"added": "a"}, value))
    (added,) = [task for task in tasks if task.added]
    assert added.due and added.due.recurs == "yearly"


def test_a_part_of_a_split_task_may_go_on_in_a_newer_plan_alone() -> None:
    analysis = _read()
    task = _task(analysis, "mở chuyên mục")
    moved = {"plan": "moi", "section": "ii.1", "wording": "Tổ chức thi viết"}
    parts = [{"wording": "Mở chuyên mục", "stays": ["moi"]}, {"wording": "Tổ chức thi viết", "moved": moved}]
    laid = overlay.lay(_body(MORE), analysis, [_said(1, _anchor(MORE, task), {"parts": parts})])
    starts = {" ".join(t.wording.split()): t.span.start for t in laid.analysis.tasks}
    assert [(move.start, move.plan, move.onto) for move in laid.moves] == [
        (starts["Mở chuyên mục"], "moi", None), (starts["Tổ chức thi viết"], "moi", "Tổ chức thi viết"),
    ]  # fmt: skip
