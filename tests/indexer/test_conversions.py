"""Older office files converted many at once: the same reading, nothing of a refused paper left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import SecretMark
from archive.viewer import SYSTEM
from indexer import reading
from indexer.conversions import Conversions
from indexer.wiring import Service
from tests.indexer.readers.making import PARAGRAPHS, converted, needs_office, recall, written

pytestmark = needs_office


def _doc(folder: Path, name: str, paragraphs: list[str], target: str = "doc") -> Path:
    source = written(folder / f"{name}.docx", paragraphs, font="Liberation Serif")
    return converted(source, target)


@pytest.fixture
def papers(tmp_path: Path) -> list[Path]:
    return [
        _doc(tmp_path, "mot", PARAGRAPHS[:4]), _doc(tmp_path, "hai", PARAGRAPHS[4:8]),
        _doc(tmp_path, "ba", PARAGRAPHS[:2], "rtf"),
    ]  # fmt: skip


def test_many_are_converted_in_one_start_and_read_as_if_alone(
    tmp_path: Path, papers: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = [reading.read(path) for path in papers]
    conversions = Conversions(tmp_path / "converted")
    conversions.foresee(papers)
    monkeypatch.setenv("PATH", "")  # from here on there is no LibreOffice: what is read was converted before
    together = [reading.read(path, conversions=conversions) for path in papers]
    assert [body.text for body in together] == [body.text for body in alone]
    assert [body.source for body in together] == ["doc", "doc", "rtf"]


def test_a_broken_file_does_not_spoil_its_neighbours(tmp_path: Path, papers: list[Path]) -> None:
    broken = tmp_path / "hỏng.doc"
    broken.write_bytes(papers[0].read_bytes()[:3000])
    conversions = Conversions(tmp_path / "converted")
    conversions.foresee([papers[0], broken, papers[1]])
    assert not conversions.lacks(papers[0])
    assert not conversions.lacks(papers[1])


def test_what_was_read_is_not_kept(service: Service, papers: list[Path]) -> None:
    service.conversions.foresee(papers)
    for path in papers:
        with path.open("rb") as stream:
            service.accept(SYSTEM, stream, name=path.name, how="test")
    service.read_again([])
    assert list(service.conversions.folder.iterdir()) == []
    assert service.findings.counts(SYSTEM)["documents"] == 3


def test_nothing_of_a_refused_paper_stays(service: Service, tmp_path: Path) -> None:
    path = _doc(tmp_path, "mat", ["MẬT", "ỦY BAN NHÂN DÂN HUYỆN YÊN HÀ", "Số: 12/KH-UBND", "KẾ HOẠCH", *PARAGRAPHS[:2]])
    service.conversions.foresee([path])
    assert list(service.conversions.folder.iterdir())
    with pytest.raises(SecretMark), path.open("rb") as stream:
        service.accept(SYSTEM, stream, name=path.name, how="test")
    assert list(service.conversions.folder.iterdir()) == []


def test_what_nobody_came_for_is_swept(tmp_path: Path, papers: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    conversions = Conversions(tmp_path / "converted")
    conversions.foresee(papers[:1])
    conversions.sweep()
    assert not conversions.lacks(papers[0])
    monkeypatch.setattr("indexer.conversions._STALE", -1.0)
    conversions.sweep()
    assert conversions.lacks(papers[0])
    assert recall(reading.read(papers[0], conversions=conversions).text, PARAGRAPHS[:4]) == 1.0
