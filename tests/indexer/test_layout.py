"""Lines on pages become one text, every stretch of which knows its page and place."""

from __future__ import annotations

from indexer.layout import Line, Sheet, compose, sheets_of, without_running_heads


def _sheet(number: int, *lines: tuple[str, float]) -> Sheet:
    """A page 800 points high with lines at these heights."""
    return Sheet(number, tuple(Line(text, (50.0, y, 300.0, y + 12)) for text, y in lines), 600.0, 800.0)


def test_every_line_knows_its_page_and_box() -> None:
    body = compose([_sheet(1, ("Điều 1.", 100), ("Điều 2.", 200)), _sheet(2, ("Điều 3.", 100))], "application/pdf")
    assert body.text == "Điều 1.\nĐiều 2.\nĐiều 3."
    last = body.fragments[-1]
    assert (last.span.of(body.text), last.page, last.box) == ("Điều 3.", 2, (50.0, 100.0, 300.0, 112.0))
    assert [body.page_of(body.text.index(f"Điều {n}")) for n in (1, 2, 3)] == [1, 1, 2]


def test_a_body_comes_apart_into_the_sheets_it_was_made_of() -> None:
    sheets = [_sheet(1, ("Một", 100), ("Hai", 200)), _sheet(2), _sheet(3, ("Ba", 100))]
    assert sheets_of(compose(sheets, "application/pdf")) == sheets


def test_text_is_nfc_without_invisible_marks() -> None:
    body = compose([_sheet(1, ("Ke\u0302\u0301 hoa\u0323ch\u200b \u00d0\u1ea2NG", 100))], "application/pdf")
    assert body.text == "Kế hoạch ĐẢNG"


def test_page_numbers_and_heads_on_most_pages_leave_the_flow() -> None:
    sheets = [_sheet(n, ("CÔNG BÁO/Số 12", 20), (f"Nội dung {n}", 300), (f"- {n} -", 780)) for n in range(1, 5)]
    assert [[line.text for line in sheet.lines] for sheet in without_running_heads(sheets)] == [
        [f"Nội dung {n}"] for n in range(1, 5)
    ]


def test_a_mark_of_secrecy_on_every_page_is_no_running_head() -> None:
    sheets = [_sheet(n, ("MẬT", 20), (f"Nội dung {n}", 300)) for n in range(1, 5)]
    assert without_running_heads(sheets) == sheets


def test_a_number_in_the_text_stays() -> None:
    sheet = _sheet(1, ("2016", 400), ("12", 780))
    assert [line.text for line in without_running_heads([sheet])[0].lines] == ["2016"]
