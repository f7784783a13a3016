"""What is read from each sample paper against the reading a person wrote down for it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from corpus.analyse import analyse
from corpus.model import Analysis, Body, Task
from corpus.text import fold
from indexer import reading

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
PAPERS = sorted(path.name.removesuffix(".json") for path in (SAMPLES / "readings").glob("*.json"))
SCAN_LIKENESS = 0.8  # share of words that OCR must get right in a title or a list of recipients

every_paper = pytest.mark.parametrize("name", PAPERS)


@cache
def expected(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / "readings" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def body(name: str) -> Body:
    return reading.read(SAMPLES / "papers" / name)


@cache
def analysis(name: str) -> Analysis:
    return analyse(body(name))


def plain(text: str | None) -> str:
    """Without marks, case, punctuation: for words that fonts or OCR may change the look of."""
    return " ".join(re.findall(r"\w+", fold(text or "")))


def plain_set(texts: Iterable[str]) -> set[str]:
    return {plain(text) for text in texts}


def alike(name: str, got: str | None, wanted: str | None) -> bool:
    """Folded equality; most of the words for a scan."""
    got, wanted = plain(got), plain(wanted)
    if body(name).source != "ocr":
        return got == wanted
    words = set(wanted.split())
    return len(words & set(got.split())) >= SCAN_LIKENESS * len(words)


@every_paper
@pytest.mark.parametrize("field", ["number", "kind_printed", "issued_on", "place", "issuer", "parent_issuer", "signer"])
def test_heading_fields_are_read_exactly(name: str, field: str) -> None:
    wanted = expected(name)["heading"]["kind" if field == "kind_printed" else field]
    got = getattr(analysis(name).heading, field)
    assert (str(got) if field == "issued_on" else got) == wanted


@every_paper
@pytest.mark.parametrize("field", ["office", "capacity"])
def test_who_signs_and_for_whom(name: str, field: str) -> None:
    got, wanted = getattr(analysis(name).heading, field), expected(name)["heading"][field]
    # The capitals of a legacy font may be small letters in the file.
    assert plain(got) == plain(wanted) if body(name).encoding == "tcvn3" else got == wanted


@every_paper
def test_title(name: str) -> None:
    got, wanted = analysis(name).heading.title, expected(name)["heading"]["title"]
    assert alike(name, got, wanted), got


@every_paper
@pytest.mark.parametrize("field", ["recipients", "addressees"])
def test_who_receives_it(name: str, field: str) -> None:
    got, wanted = getattr(analysis(name).heading, field), expected(name)["heading"][field]
    assert len(got) == len(wanted)
    assert all(alike(name, *pair) for pair in zip(got, wanted, strict=True)), got


@every_paper
def test_sections(name: str) -> None:
    got = [section.id for section in analysis(name).sections]
    assert got == [section["id"] for section in expected(name)["sections"]]


@every_paper
def test_titles_of_sections(name: str) -> None:
    got = {section.id: section.title for section in analysis(name).sections}
    for section in expected(name)["sections"]:
        if section["title"] and section["id"] in got:
            assert plain(got[section["id"]]) == plain(section["title"])


@every_paper
def test_cited_numbers(name: str) -> None:
    assert set(_roles(name)) == {citation["number"] for citation in expected(name)["citations"]}


@every_paper
def test_roles_of_citations(name: str) -> None:
    """A document cited several times has the role that says more than a mention."""
    got = _roles(name)
    for citation in expected(name)["citations"]:
        roles = got.get(citation["number"], set())
        assert roles - {"vien-dan"} == {citation["role"]} - {"vien-dan"}, citation["number"]


@every_paper
def test_dates_and_places_of_citations(name: str) -> None:
    found = {(c.number, str(c.issued_on)) for c in analysis(name).citations}
    places = {(c.number, c.place) for c in analysis(name).citations}
    for citation in expected(name)["citations"]:
        if citation["issued_on"]:
            assert (citation["number"], citation["issued_on"]) in found
        if citation["place"]:
            assert (citation["number"], citation["place"]) in places


def _roles(name: str) -> dict[str, set[str]]:
    """Roles by the number cited; a paper's mention of its own number is left out."""
    roles: dict[str, set[str]] = defaultdict(set)
    for citation in analysis(name).citations:
        if citation.number and citation.number != expected(name)["heading"]["number"]:
            roles[citation.number].add(str(citation.role))
    return roles


@every_paper
def test_sections_that_give_tasks(name: str) -> None:
    got = [task.section for task in analysis(name).tasks]
    assert got == [task["section"] for task in expected(name)["tasks"]]


@every_paper
@pytest.mark.parametrize("part", ["lead", "partners", "due", "report_to"])
def test_tasks(name: str, part: str) -> None:
    got = {task.section: task for task in reversed(analysis(name).tasks)}
    wrong = {}
    for wanted in expected(name)["tasks"]:
        if wanted["section"] in got:
            pair = _part(got[wanted["section"]], part), _wanted(wanted, part)
            if pair[0] != pair[1]:
                wrong[wanted["section"]] = pair
    assert wrong == {}, "section: (got, wanted)"


def _part(task: Task, part: str) -> object:
    if part != "due":
        return plain_set(getattr(task, part))
    return (str(task.due.on) if task.due.on else None, task.due.recurs) if task.due else None


def _wanted(task: dict[str, Any], part: str) -> object:
    if part != "due":
        return plain_set(task[part])
    return (task["due"]["on"], task["due"]["recurs"]) if task["due"] else None
