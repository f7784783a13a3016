"""PDF with a text layer: the stream's order, what signature fields draw, and files that are not what they seem."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, StreamObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from indexer import reading
from indexer.layout import Row
from indexer.ports import ReadFailure
from indexer.readers import media
from indexer.readers.pdf import READER
from indexer.readers.reflow import early
from tests.indexer.readers.making import PARAGRAPHS, font_file, needs_tesseract, recall


def _made(path: Path, draw: Callable[[Canvas], None]) -> Path:
    canvas = Canvas(str(path), pagesize=(595, 842))
    draw(canvas)
    canvas.save()
    return path


def _letter(canvas: Canvas) -> None:
    canvas.drawString(60, 780, "HUYEN UY LAC DUONG")
    canvas.drawString(60, 750, "So:            /TB-HU")
    for number in range(12):
        canvas.drawString(60, 700 - 20 * number, f"{number + 1}. Cac co quan to chuc thuc hien thong bao nay")


def _with_field(path: Path, words: str, box: tuple[float, float, float, float]) -> None:
    """Draw words over the first page by an annotation's appearance, as signing tools do."""
    writer = pypdf.PdfWriter(clone_from=path)
    form = DecodedStreamObject()
    form.set_data(f"BT /F 12 Tf 2 4 Td ({words}) Tj ET".encode())
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
         NameObject("/BaseFont"): NameObject("/Helvetica")}
    )  # fmt: skip
    corners = [FloatObject(value) for value in (0, 0, box[2] - box[0], box[3] - box[1])]
    form.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): ArrayObject(corners),
        NameObject("/Resources"): DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})}),
    })  # fmt: skip
    annotation = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Widget"),
        NameObject("/Rect"): ArrayObject([FloatObject(value) for value in box]),
        NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(form)}),
    })  # fmt: skip
    page = writer.pages[0]
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])
    writer.write(path)


def test_a_number_that_a_field_draws_stands_in_its_line(tmp_path: Path) -> None:
    path = _made(tmp_path / "a.pdf", _letter)
    _with_field(path, "125", (82, 746, 112, 762))
    assert "So: 125/TB-HU" in reading.read(path).text


def test_the_appearance_of_a_signature_is_kept_apart(tmp_path: Path) -> None:
    path = _made(tmp_path / "a.pdf", _letter)
    _with_field(path, "Signed by: Nguyen Van A", (300, 770, 480, 790))
    body = reading.read(path)
    assert "Signed by" not in body.text
    assert [finding.code for finding in body.findings] == ["signature-appearance"]


def test_page_numbers_leave_the_flow(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 5):
            canvas.drawString(290, 810, str(number))
            canvas.drawString(60, 600, f"Noi dung trang {'abcd'[number - 1]} cua bao cao")
            canvas.showPage()

    assert reading.read(_made(tmp_path / "a.pdf", draw)).text.split("\n") == [
        f"Noi dung trang {letter} cua bao cao" for letter in "abcd"
    ]


def _protected(path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=_made(path, _letter))
    writer.encrypt("mat khau")
    writer.write(path)


def _cut(path: Path) -> None:
    _made(path, _letter)
    path.write_bytes(b"%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\n")


def _empty_page(path: Path) -> None:
    _made(path, lambda canvas: canvas.showPage())


@pytest.mark.parametrize(
    ("make", "code"), [(_protected, "encrypted"), (_cut, "truncated"), (_empty_page, "no-text")]
)
def test_what_cannot_be_read_says_why(tmp_path: Path, make: Callable[[Path], None], code: str) -> None:
    make(tmp_path / "a.pdf")
    with pytest.raises(ReadFailure) as caught:
        reading.read(tmp_path / "a.pdf")
    assert caught.value.code == code


def _rows(*places: tuple[str, float, float]) -> list[Row]:
    return [Row(text, (x, y, x + 200, y + 12)) for text, x, y in places]


BODY = [(f"dòng {number}", 60.0, 300.0 + 40 * number) for number in range(12)]


def test_a_letterhead_late_in_the_stream_is_moved_up() -> None:
    rows = early(_rows(*BODY, ("TỈNH ỦY", 60, 50), ("Số 12", 60, 66)), 842)
    assert [row.text for row in rows[:2]] == ["TỈNH ỦY", "Số 12"]


def test_the_top_of_a_second_column_is_no_letterhead() -> None:
    column = [(f"cột hai {number}", 320.0, 60.0 + 16 * number) for number in range(20)]
    rows = _rows(*BODY, *column)
    assert early(rows, 842) == rows


LINES = ("HUYEN UY LAC DUONG", "So: 125/TB-HU", "Cac co quan to chuc thuc hien thong bao nay", "Luu: VP")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_turned_by_mistake_is_read_from_its_first_line(tmp_path: Path, turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(LINES):
            canvas.drawString(60, 780 - 20 * number, line)

    writer = pypdf.PdfWriter(clone_from=_made(tmp_path / "a.pdf", draw))
    writer.pages[0].rotate(turn)
    writer.write(tmp_path / "turned.pdf")
    assert READER.read(tmp_path / "turned.pdf", media.PDF).text.split("\n") == list(LINES)


def test_letters_drawn_one_by_one_in_no_order_are_read_by_their_places(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        letters = [
            (60 + canvas.stringWidth(line[:at]), 780 - 20 * number, letter)
            for number, line in enumerate(LINES)
            for at, letter in enumerate(line)
            if letter != " "
        ]
        random.Random(3).shuffle(letters)
        for x, y, letter in letters:
            canvas.drawString(x, y, letter)

    path = _made(tmp_path / "a.pdf", draw)
    assert READER.read(path, media.PDF).text.split("\n") == list(LINES)


def _with_lying_fonts(path: Path) -> Path:
    """Tables of the fonts give other letters than the page shows, as after a poor conversion."""
    writer = pypdf.PdfWriter(clone_from=path)
    for thing in (writer.get_object(number) for number in range(1, len(writer._objects) + 1)):
        if isinstance(thing, StreamObject) and b"beginbf" in (table := thing.get_data()):
            thing.set_data(re.sub(rb"(?<=<00)..(?=>)", lambda code: b"%02X" % (int(code[0], 16) ^ 20), table))
    writer.write(path)
    return path


@needs_tesseract
def test_a_page_whose_font_lies_about_its_letters_is_looked_at(tmp_path: Path) -> None:
    lines = [paragraph[:60] for paragraph in PARAGRAPHS]
    pdfmetrics.registerFont(TTFont("Serif", font_file()))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Serif", 14)
        for row, line in enumerate(lines):
            canvas.drawString(40, 780 - 30 * row, line)

    path = _with_lying_fonts(_made(tmp_path / "a.pdf", draw))
    assert recall(reading.glance(path).text, lines) < 0.5
    body = reading.read(path)
    assert recall(body.text, lines) > 0.9
    assert [finding.code for finding in body.findings] == ["text-replaced"]
