"""The sample papers are what their sources say, and making them again changes nothing."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.samples import docx_paper, make, signing, source

SOURCES = sorted(make.SOURCES.glob("*.txt"))
LOCK = json.loads(make.LOCK.read_text(encoding="utf-8"))
LARGEST = 3_000_000  # bytes of all papers together


def paper_of(name: str) -> Path:
    return make.PAPERS / name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_paper_is_the_one_its_source_made(path: Path) -> None:
    paper = source.load(path)
    held = {"source": make.digest(path.read_bytes()), "paper": make.digest(paper_of(paper.name).read_bytes())}
    assert LOCK[paper.name] == held, "run `make samples`"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_making_a_paper_twice_gives_the_same_bytes(path: Path) -> None:
    paper = source.load(path)
    if make.repeatable(paper):
        assert make.build(paper) == make.build(paper)


def test_every_paper_has_a_source_and_an_expected_reading() -> None:
    papers = {path.name for path in make.PAPERS.iterdir()}
    readings = {path.name.removesuffix(".json") for path in (make.SAMPLES / "readings").iterdir()}
    assert papers == readings == {source.load(path).name for path in SOURCES} == set(LOCK)


def test_the_papers_stay_small() -> None:
    assert sum(path.stat().st_size for path in make.PAPERS.iterdir()) < LARGEST


def test_the_scan_holds_no_text() -> None:
    (scanned,) = (source.load(path).name for path in SOURCES if source.load(path).way == "scan")
    with pypdfium2.PdfDocument(paper_of(scanned)) as document:
        assert [page.get_textpage().get_text_bounded().strip() for page in document] == [""] * len(document)


def test_the_numbers_of_a_numbered_paper_are_not_in_its_text() -> None:
    (numbered,) = (source.load(path).name for path in SOURCES if source.load(path).numbered)
    with zipfile.ZipFile(paper_of(numbered)) as package:
        xml = package.read("word/document.xml").decode()
    assert "<w:numId " in xml
    assert ">III.<" not in xml and ">1. " not in xml


def test_capitals_without_a_code_are_drawn_by_the_font_of_capitals() -> None:
    runs = docx_paper.legacy_runs("Ủy ban nhân dân")
    assert runs == [(".VnTimeH", "ñ"), (".VnTime", "y ban nh©n d©n")]
    assert docx_paper.legacy_runs("ĐẢNG ỦY") == [(".VnTimeH", "®¶ng ñy")]


@pytest.mark.parametrize(
    "name, who, trusted", [("05-KH-HU.pdf", "huyen-uy", True), ("12-BC-HKH.pdf", "khuyen-hoc", False)]
)
def test_signatures_cover_their_whole_file(name: str, who: str, *, trusted: bool) -> None:
    root = load_cert_from_pemder(signing.PKI / "goc-thu-nghiem.cert.pem")
    with paper_of(name).open("rb") as stream:
        (signature,) = PdfFileReader(stream).embedded_signatures
        status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))
        assert status.intact and status.valid
        assert status.trusted is trusted
        assert status.coverage.name == "ENTIRE_FILE"
        assert signature.self_reported_timestamp == signing.SIGNERS[who].at


def test_an_unknown_block_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sai.txt"
    path.write_text("@paper x.txt\n@heading\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"sai\.txt:2: unknown block @heading"):
        source.load(path)
