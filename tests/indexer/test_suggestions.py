"""What the box offers while somebody types, and what may have been meant instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.viewer import SYSTEM
from indexer import suggestions
from indexer.engines import choice
from indexer.ports import Engine, Passage
from indexer.wiring import Service
from tests.web.papers import DIRECTIVE, PLAN, REPORT


@pytest.fixture
def filled(service: Service, add: Callable[..., str]) -> Service:
    for name, text in (("a", DIRECTIVE), ("b", PLAN), ("c", REPORT)):
        add(text, f"{name}.txt")
    return service


def offered(service: Service, typed: str, kind: str) -> list[str]:
    found = suggestions.suggest(service.findings, service.engine, SYSTEM, typed)
    return [s.query for s in found if s.kind == kind]


@pytest.mark.parametrize("typed", ["05", "5", "05-K", "số 05-kh/h"])
def test_numbers_go_on_as_typed(filled: Service, typed: str) -> None:
    assert "05-KH/HU" in offered(filled, typed, "number")


def test_a_number_nobody_has_is_not_offered(filled: Service) -> None:
    assert offered(filled, "77", "number") == []


def test_phrases_of_the_archive_go_on_as_typed(filled: Service) -> None:
    assert "khuyến học" in offered(filled, "khuyến h", "phrase")
    assert "khuyến học" in offered(filled, "khuyen h", "phrase")
    assert "khuyến học" not in offered(filled, "khuyển h", "phrase")


def test_bodies_are_offered_as_a_field(filled: Service) -> None:
    assert any(body.startswith('cơ quan:"') for body in offered(filled, "huyện ủy", "body"))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = choice.engine("whoosh", tmp_path / "index")
    texts = ("Công tác khuyến học, khuyến tài.", "Hội Khuyến học huyện báo cáo.", "Xây dựng xã hội học tập.")
    made.put([Passage(f"{i}#", str(i), "", "", "", text) for i, text in enumerate(texts)], documents={"0", "1", "2"})
    return made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khuyển học", "khuyến học"),
        ("khuyến hoạc", "khuyến học"),
        ("xã hội học tạp", "xã hội học tập"),
        ("khuyne hoc", "khuyen hoc"),
        ("khuyến học", None),
        ("báo cáo", None),
    ],
)
def test_what_nobody_writes_is_mended(engine: Engine, typed: str, meant: str | None) -> None:
    assert suggestions.instead(engine, typed) == meant
