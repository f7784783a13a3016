"""Passages cover the text, stay small enough to be an answer, and stand under their titles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Heading, Level, Section, Span
from indexer import passages


def section(id: str, level: Level, title: str, start: int, end: int, parent: str | None = None) -> Section:
    return Section(id=id, label=id, level=level, title=title, span=Span(start, end), parent=parent)


TEXT = "Đầu đề.\nI. MỤC TIÊU\nMở lớp.\n1. Học bổng\n- Một.\n- Hai.\nII. KINH PHÍ\nTừ ngân sách."
AT = {name: TEXT.index(name) for name in ("I. M", "1. H", "- M", "- H", "II. K")}
SECTIONS = (
    section("i", Level.PART, "MỤC TIÊU", AT["I. M"], AT["II. K"]),
    section("i.1", Level.CLAUSE, "Học bổng", AT["1. H"], AT["II. K"], "i"),
    section("i.1.-1", Level.DASH, "", AT["- M"], AT["- H"], "i.1"),
    section("i.1.-2", Level.DASH, "", AT["- H"], AT["II. K"], "i.1"),
    section("ii", Level.PART, "KINH PHÍ", AT["II. K"], len(TEXT)),
)


def test_small_pieces_join_what_they_stand_in() -> None:
    found = passages.passages("d", Heading(), SECTIONS, TEXT)
    assert [(p.id, p.text.strip().splitlines()[0]) for p in found] == [
        ("d#", "Đầu đề."), ("d#i", "I. MỤC TIÊU"), ("d#i.1", "1. Học bổng"), ("d#ii", "II. KINH PHÍ"),
    ]  # fmt: skip
    assert found[2].text.strip().endswith("- Hai.")
    assert found[2].heading == "MỤC TIÊU / Học bổng"


@given(st.text(alphabet="ab .;\n", max_size=9000))
def test_every_word_is_in_one_passage_and_none_is_too_long(text: str) -> None:
    found = passages.passages("d", Heading(), (), text)
    assert "".join(p.text for p in found).split() == "".join(text).split() or "".join(
        "".join(p.text.split()) for p in found
    ) == "".join(text.split())
    assert all(p.end - p.start <= passages.LONGEST and text[p.start : p.end] == p.text for p in found)
    assert len({p.id for p in found}) == len(found)
