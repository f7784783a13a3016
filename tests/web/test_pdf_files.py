"""Registers and papers of dossiers as PDF made on the server: the printed form, in fonts that come along."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from flask.testing import FlaskClient

from archive import appraisal, dossiers, filing, office, registers
from archive.filing import Planned
from archive.office import OwnBody
from archive.registers import Entry, Handling, Paper, Register
from archive.retention import Term
from archive.viewer import GUEST
from indexer.wiring import Service
from tests.web.papers import accepted, settings_in
from web import create_app

DAY = dt.date(2018, 1, 11)
TITLE = "về việc tổ chức Ngày hội đọc sách; ưu tiên thủy lợi, giữ gìn nghĩa trang liệt sĩ, ỷ lại, khuỷu, quỹ"
MM = 72 / 25.4


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A site with a register of sixty lines and a dossier of forty papers."""
    with Service.open(settings_in(tmp_path_factory.mktemp("pdf"))) as service:
        archive = service.archive
        office.name(archive, [OwnBody("Huyện ủy Yên Hà", "Tỉnh ủy Lam Giang")], by="Thu")
        lines = [
            Entry(DAY, Paper("Phòng Giáo dục và Đào tạo huyện Yên Hà", f"{n:03}/BC-PGDĐT", DAY, "Báo cáo", TITLE),
                  None, Handling("Ban Tuyên giáo", DAY, "Hà", 3))
            for n in range(60)
        ]  # fmt: skip
        for register in Register:
            registers.enter(archive, GUEST, register, lines, by="Thu")
        line = Planned("03.TG", f"Hồ sơ {TITLE}", heading="I. TUYÊN GIÁO", keeper="Thu", term=Term("20"))
        made = filing.start(archive, GUEST, line, year=2018, on=DAY, by="Thu")
        papers = [accepted(service, f"{TITLE} {n}.txt", f"{n}".encode()) for n in range(40)]
        filing.put(archive, GUEST, made, papers, by="Thu")
        appraisal.decide(archive, GUEST, made, Term("20"), basis="", reason="theo bảng", by="Thu")
        yield create_app(service).test_client()


def _pdf(client: FlaskClient, address: str) -> tuple[pypdf.PdfReader, list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200 and answer.content_type == "application/pdf", answer.text[:500]
    drawn = pypdfium2.PdfDocument(answer.data)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in drawn]
    return pypdf.PdfReader(io.BytesIO(answer.data)), texts


def _fonts(read: pypdf.PdfReader) -> dict[str, bool]:
    """Each font by its plain name, and whether the file holds it."""
    found = {}
    for page in read.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            described = font.get_object()["/FontDescriptor"].get_object()
            found[str(font.get_object()["/BaseFont"]).partition("+")[2]] = "/FontFile2" in described
    return found


def _dossier(client: FlaskClient) -> str:
    service = client.application.extensions["vankho"]
    return dossiers.named(service.archive, GUEST, "03.TG")[0].id


@pytest.mark.parametrize(
    ("name", "columns"),
    [("in", "(1) (2) (3) (4) (5) (6) (7) (8) (9) (10)"), ("out", "(1) (2) (3) (4) (5) (6) (7) (8) (9) (10)"),
     ("in?view=tracking", "(1) (2) (3) (4) (5) (6) (7)")],
)  # fmt: skip
def test_a_register_is_the_printed_form_page_by_page(client: FlaskClient, name: str, columns: str) -> None:
    book, _, view = name.partition("?")
    read, texts = _pdf(client, f"/registers/{book}.pdf?month=2018-01&{view}")
    assert len(texts) > 2
    for number, (page, text) in enumerate(zip(read.pages, texts, strict=True), 1):
        width, height = float(page.mediabox.width) / MM, float(page.mediabox.height) / MM
        assert (round(width), round(height)) == (297, 210)  # A4 across
        assert columns in text and f"Trang {number}/{len(texts)}" in text
    assert "HUYỆN ỦY YÊN HÀ" in texts[0] and "HUYỆN ỦY YÊN HÀ" not in texts[1]
    assert ("SỔ THEO DÕI" if view else "SỔ ĐĂNG KÝ") in texts[0]
    whole = " ".join(texts)
    assert len(re.findall(r"\d{3}/BC-PGDĐT", whole)) == 60  # every line once
    assert view or TITLE in whole


def test_its_lines_stand_within_the_margins_and_its_columns_are_ruled(client: FlaskClient) -> None:
    """Over the picture of a page: ink from the binding's margin to the other, and a rule between the columns."""
    answer = client.get("/registers/in.pdf?month=2018-01")
    page = pypdfium2.PdfDocument(answer.data)[1].render(scale=2, grayscale=True).to_pil()
    dark = page.point(lambda grey: 255 if grey < 128 else 0)  # type: ignore[operator,arg-type]
    left, top, right, bottom = dark.getbbox() or (0, 0, 0, 0)
    scale = 2 * MM
    assert 24 <= left / scale <= 26 and 281 <= right / scale <= 283.5 and 14 <= top / scale <= 16.5
    assert bottom / scale <= 210 - 5
    middle = [dark.getpixel((x, round(17 * scale))) for x in range(dark.width)]
    rules = sum(now == 255 and before == 0 for before, now in pairwise(middle))
    assert rules >= 11  # ten columns


@pytest.mark.parametrize("to", ["muc-luc", "bia"])
def test_papers_of_a_dossier_have_their_fonts_and_numbers(client: FlaskClient, to: str) -> None:
    read, texts = _pdf(client, f"/dossiers/{_dossier(client)}/print.pdf?to={to}")
    assert round(float(read.pages[0].mediabox.width) / MM) == 210
    fonts = _fonts(read)
    assert fonts and all(fonts.values())
    assert not texts[0].startswith("1 ")
    for number, text in enumerate(texts[1:], 2):
        assert text.startswith(f"{number} ") and "Tên loại và trích yếu" in text
    assert (len(texts) > 1) == (to == "muc-luc")


def test_every_letter_is_of_one_family(client: FlaskClient) -> None:
    """A stand-in without Vietnamese would leave its letters to another font, and words would look broken."""
    for address in (f"/dossiers/{_dossier(client)}/print.pdf?to=muc-luc", "/registers/in.pdf?month=2018-01"):
        read, _ = _pdf(client, address)
        families = {name.partition("-")[0].replace("PS", "").replace("MT", "") for name in _fonts(read)}
        assert len(families) == 1, families


def test_the_same_register_gives_the_same_pages(client: FlaskClient) -> None:
    first, second = (_pdf(client, "/registers/out.pdf?month=2018-01")[1] for _ in range(2))
    assert first == second


def test_without_an_office_program_the_word_file_is_offered(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = client.get("/registers/in.pdf?month=2018-01")
    assert answer.status_code == 503
    assert "Chưa làm được PDF: chờ công cụ: LibreOffice (Writer)." in answer.text and "Xin tải DOCX" in answer.text
    assert client.get("/registers/in.docx?month=2018-01").status_code == 200
