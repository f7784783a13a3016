"""One paper reads the same in every layout, scan and font: offices of every level, State, Party and unions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import heading
from corpus import text as letters
from corpus.model import Heading
from tests.corpus import layouts
from tests.corpus.layouts import CLOSINGS, DAMAGES, HEADS, MOTTO, STATE, Paper, page


def _paper(row: dict[str, object]) -> Paper:
    def cells(name: str) -> tuple[str, ...]:
        said = str(row.get(name, ""))
        return tuple(said.split(" / ")) if said else ()

    kind = row.get("kind")
    expected = row["expect"]
    assert isinstance(expected, dict)
    return Paper(
        cells("left"), str(row["serial"]), str(row["day"]), str(kind) if kind else None, cells("subject"),
        str(row["opening"]), cells("recipients"), cells("signing"), expected, cells("to"),
        cells("right") or (STATE, MOTTO),
    )  # fmt: skip


ROWS = tomllib.loads((Path(__file__).parent / "papers.toml").read_text(encoding="utf-8"))["paper"]
PAPERS = [pytest.param(_paper(row), id=row["serial"].split(":")[-1].strip()) for row in ROWS]


def _plain(value: object) -> object:
    """As compared: letters without marks of tone places, case and the marks that OCR loses."""
    if isinstance(value, str):
        return re.sub(r"\s*[—–-]\s*", "-", " ".join(letters.fold(value).split()))
    return tuple(map(_plain, value)) if isinstance(value, tuple | list) else value


def _differs(got: Heading, paper: Paper) -> dict[str, tuple[object, object]]:
    wanted = {**paper.expected, "recipients": paper.recipients}
    found = {name: getattr(got, name) or "" for name in wanted}
    return {name: (found[name], want) for name, want in wanted.items() if _plain(found[name]) != _plain(want)}


def _variants(paper: Paper) -> Iterator[tuple[str, str]]:
    for head in HEADS:
        yield head.__name__, page(paper, head, layouts.list_first)
    for close in CLOSINGS:
        yield close.__name__, page(paper, layouts.tabs, close)
    for damage in DAMAGES:
        yield damage.__name__, damage(page(paper, layouts.left_first, layouts.list_first))
        yield f"{damage.__name__}, tabs", damage(page(paper, layouts.tabs, layouts.closing_tabs))


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_reads_the_same_in_every_layout(paper: Paper) -> None:
    wrong = {name: lost for name, text in _variants(paper) if (lost := _differs(heading.extract(text), paper))}
    assert not wrong


@pytest.mark.parametrize("paper", PAPERS)
def test_the_place_of_every_field_holds_the_words_that_were_read(paper: Paper) -> None:
    for name, text in _variants(paper):
        got = heading.extract(text)
        for field, evidence in got.evidence.items():
            assert evidence.span is not None, (name, field)
            assert 0 < evidence.confidence <= 1, (name, field)
            value = getattr(got, field)
            if field in ("signer", "office", "number", "urgency", "secrecy"):
                there = re.sub(r"\s", "", letters.fold(evidence.span.of(text)))
                assert re.sub(r"\s", "", letters.fold(str(value))) in there, (name, field, value)
            elif field in ("title", "capacity", "place"):
                there = set(letters.fold(evidence.span.of(text)).split())
                last = letters.fold(str(value)).split()[-1].strip(" .;,”“*")
                assert any(last in word for word in there), (name, field, value)
