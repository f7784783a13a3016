"""An anchor finds its place again after another reading, or nothing: never another place."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus import heading as headings
from corpus import sections as outline
from corpus.model import Level, Section, Span
from indexer import anchors

WORDS = ["Chỉ thị số 19-CT/TU", "Quyết định 89", "Kế hoạch số 05"]
PLAIN = ["các chi bộ", "học tập", "triển khai", "ở cơ sở", "hoàn thành", "báo cáo", "hằng năm", "xã hội"]
NOISE = "ghi thêm một vài chữ"

paragraph = st.lists(st.sampled_from(WORDS + PLAIN * 2), min_size=2, max_size=6).map(", ".join)
paper = st.lists(paragraph, min_size=2, max_size=6).map(
    lambda paragraphs: "".join(f"{n}. {words}.\n" for n, words in enumerate(paragraphs, start=1))
)


def _outline(text: str) -> tuple[Section, ...]:
    return outline.extract(text, headings.extract(text))


def _places(text: str, words: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(words, at)]


@given(paper, st.data())
@settings(max_examples=150, deadline=None)
def test_a_place_is_found_again_in_the_text_it_was_taken_from(text: str, data: st.DataObject) -> None:
    held = anchors.Text.of(text)
    for words in WORDS:
        for at in _places(text, words):
            span = Span(at, at + len(words))
            parts = _outline(text)
            assert anchors.find_words(anchors.of_words(held, parts, span), held, parts) == span


@given(paper, st.sampled_from(WORDS), st.data())
@settings(max_examples=200, deadline=None)
def test_after_an_edit_it_is_the_same_place_or_none(text: str, words: str, data: st.DataObject) -> None:
    places = _places(text, words)
    assume(places)
    at = data.draw(st.sampled_from(places))
    cut = data.draw(st.integers(0, len(text)))
    assume(not at < cut < at + len(words))
    edited = text[:cut] + NOISE + text[cut:]
    anchor = anchors.of_words(anchors.Text.of(text), _outline(text), Span(at, at + len(words)))
    found = anchors.find_words(anchor, anchors.Text.of(edited), _outline(edited))
    moved = at + (len(NOISE) if cut <= at else 0)
    assert found is None or found == Span(moved, moved + len(words))


def test_when_its_paragraph_is_gone_another_one_does_not_take_the_correction() -> None:
    first = "1. Các chi bộ triển khai Chỉ thị số 19-CT/TU ở cơ sở.\n"
    second = "2. Đài Truyền thanh tuyên truyền Chỉ thị số 19-CT/TU hằng tuần.\n"
    text, words = first + second, "Chỉ thị số 19-CT/TU"
    at = text.index(words)
    anchor = anchors.of_words(anchors.Text.of(text), _outline(text), Span(at, at + len(words)))
    for left in (second, second.replace("2.", "1.")):
        assert anchors.find_words(anchor, anchors.Text.of(left), _outline(left)) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Chỉ thị số 19-CT/TU", "chỉ thị số 19 - CT/TU"),  # spaces around the dash
        ("Uỷ ban", "Ủy ban"),  # place of the tone mark
        ("Kế hoạch\nsố 05", "Kế hoạch số 05"),  # another break of lines
    ],
)
def test_letters_are_equal_however_they_are_read(written: str, read: str) -> None:
    assert anchors.letters(written) == anchors.letters(read)


def test_words_without_letters_are_no_anchor() -> None:
    with pytest.raises(ValueError, match="hold on"):
        anchors.of_words(anchors.Text.of("a … b"), (), Span(2, 3))


@pytest.mark.parametrize(
    ("titles", "found"),
    [
        ({"ii.3": "Nâng cao chất lượng dạy và học"}, "ii.3"),
        ({"ii.3": "Nâng cao chất lượng dạy, học"}, "ii.3"),  # a small edit
        ({"ii.3": "Kinh phí", "ii.4": "Nâng cao chất lượng dạy và học"}, "ii.4"),  # numbering moved on
        ({"ii.3": "Kinh phí"}, None),
        ({"ii.4": "Nâng cao chất lượng dạy và học", "iii.4": "Nâng cao chất lượng dạy và học"}, None),
    ],
)
def test_a_section_is_found_by_id_and_title_together(titles: dict[str, str], found: str | None) -> None:
    anchor = {"id": "ii.3", "title": anchors.letters("Nâng cao chất lượng dạy và học")}
    places = enumerate(titles.items())
    sections = [Section(id, id[-1], Level.CLAUSE, title, Span(n, n + 1)) for n, (id, title) in places]
    section = anchors.find_section(anchor, sections)
    assert (section.id if section else None) == found
