"""The three-way comparison: what was exported, what the file says, what the archive says now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.task_compare import Comparison, FileRow, Kind, compare, kind

KEYS = ("wording", "lead", "due")
TEXTS = st.sampled_from(["", "một", "hai", "ba"])
CELLS = st.fixed_dictionaries({"wording": st.sampled_from(["việc một", "việc hai"]), "lead": TEXTS, "due": TEXTS})
SHEETS = st.dictionaries(st.sampled_from("abcdef"), CELLS, max_size=6)


def rows(cells: dict[str, dict[str, str]]) -> list[FileRow]:
    return [FileRow(line, id, dict(said)) for line, (id, said) in enumerate(cells.items(), 6)]


@pytest.mark.parametrize(
    ("base", "theirs", "ours", "expected"),
    [
        ("a", "a", "a", None),
        ("a", "a", "b", None),  # the archive moved on; the file says nothing
        ("a", "b", "b", None),  # both changed to the same
        ("a", "b", "a", Kind.CHANGED),
        ("a", "", "a", Kind.EMPTIED),
        ("", "b", "", Kind.CHANGED),
        ("a", "b", "c", Kind.CONFLICT),
        ("a", "", "c", Kind.CONFLICT),
        (None, "b", "b", None),  # what was exported is not known
        (None, "b", "a", Kind.CONFLICT),
    ],
)
def test_each_case_of_one_cell(base: str | None, theirs: str, ours: str, expected: Kind | None) -> None:
    assert kind(base, theirs, ours) is expected


@given(SHEETS, SHEETS)
def test_a_file_nobody_edited_changes_nothing_whatever_the_archive_says(base: dict, ours: dict) -> None:
    assert compare(base, rows(base), ours, KEYS) == Comparison()


@given(SHEETS, SHEETS, SHEETS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(base: dict, theirs: dict, ours: dict, random) -> None:
    sorted_rows = rows(theirs)
    mixed = list(sorted_rows)
    random.shuffle(mixed)
    one, other = (compare(base, given, ours, KEYS) for given in (sorted_rows, mixed))
    assert sorted(map(repr, one.cells)) == sorted(map(repr, other.cells))
    assert set(one.deleted) == set(other.deleted)


@given(SHEETS, SHEETS, SHEETS)
def test_nothing_a_person_typed_is_lost_and_nothing_else_changes(base: dict, theirs: dict, ours: dict) -> None:
    """Every edit of the file is either what the archive says already, or told; every cell told was edited."""
    found = compare(base, rows(theirs), ours, KEYS)
    told = {(one.id, one.key) for one in found.cells}
    stale = {row.id for row in found.stale}
    new = {row.line for row in found.new}
    for row in rows(theirs):
        assert row.id is not None
        for key in KEYS:
            edited = row.id not in base or row.cells[key] != base[row.id][key]
            known = row.id in ours and row.cells[key] == ours[row.id][key]
            reported = (row.id, key) in told or row.id in stale or row.line in new
            if edited and not known and (row.id in base or row.id in ours):
                assert reported
            if (row.id, key) in told:
                assert edited and not known


@given(SHEETS, SHEETS)
def test_what_was_changed_in_the_file_alone_becomes_what_the_archive_says(base: dict, theirs: dict) -> None:
    """The archive stood still: taking every change over makes it say what the file says."""
    ours = {id: dict(cells) for id, cells in base.items()}
    found = compare(base, [row for row in rows(theirs) if row.id in base], ours, KEYS)
    assert all(one.kind is not Kind.CONFLICT for one in found.cells)
    for one in found.cells:
        ours[one.id][one.key] = one.theirs
    for id in found.deleted:
        del ours[id]
    assert ours == {id: theirs[id] for id in base if id in theirs}


@given(SHEETS, SHEETS, SHEETS)
def test_a_conflict_is_where_both_changed_differently(base: dict, theirs: dict, ours: dict) -> None:
    for one in compare(base, rows(theirs), ours, KEYS).cells:
        if one.base is not None:
            assert (one.kind is Kind.CONFLICT) == (one.base != one.ours)


def test_a_row_that_lost_its_id_is_found_by_its_words() -> None:
    base = {"a": {"wording": "Kiện toàn Ban Chỉ đạo"}, "b": {"wording": "Xây dựng kế hoạch"}}
    edited = [replace(row, id=None) for row in rows(base)]
    assert compare(base, edited, base, KEYS) == Comparison()


def test_two_tasks_with_the_same_words_are_not_guessed() -> None:
    base = {"a": {"wording": "Báo cáo"}, "b": {"wording": "Báo cáo"}}
    found = compare(base, [replace(row, id=None) for row in rows(base)], base, KEYS)
    assert len(found.new) == 2 and set(found.deleted) == {"a", "b"}


def test_of_a_row_and_its_copy_the_copy_is_new() -> None:
    base = {"a": {"wording": "Kiện toàn", "lead": "Ủy ban", "due": ""}}
    copy = FileRow(6, "a", {"wording": "Kiện toàn ở xã", "lead": "Ủy ban", "due": ""})
    found = compare(base, [copy, *(replace(row, line=7) for row in rows(base))], base, KEYS)
    assert [(row.line, row.copied) for row in found.new] == [(6, True)]
    assert not found.cells and not found.deleted


def test_a_column_that_is_gone_changes_nothing() -> None:
    base = {"a": {"wording": "Kiện toàn", "lead": "Ủy ban", "due": "2016-11-30"}}
    assert compare(base, [FileRow(6, "a", {"wording": "Kiện toàn"})], base, KEYS) == Comparison()


def test_a_task_taken_away_meanwhile_is_told_when_its_row_was_edited() -> None:
    base = {"a": {"wording": "Kiện toàn"}}
    edited = FileRow(6, "a", {"wording": "Kiện toàn xong"})
    assert compare(base, [edited], {}, KEYS).stale == (edited,)
    assert compare(base, rows(base), {}, KEYS) == Comparison()
