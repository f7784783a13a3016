"""A replaced document says so with the words that replace it; the archive can be seen as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from archive.viewer import GUEST
from indexer import worker
from indexer.wiring import Service
from tests.web.markup import Markup, parse
from tests.web.papers import Site, accepted, settings_in
from web import create_app

HEAD = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HỘI KHUYẾN HỌC\tĐộc lập - Tự do - Hạnh phúc
Số: {number}\tYên Hà, ngày {day:02d} tháng {month:02d} năm {year}

KẾ HOẠCH
{title}

{text}

CHỦ TỊCH
Nguyễn Thị Hoa
"""


def _paper(number: str, on: dt.date, title: str, text: str) -> bytes:
    return HEAD.format(number=number, day=on.day, month=on.month, year=on.year, title=title, text=text).encode()


OLD = _paper("02/KH-HKH", dt.date(2014, 3, 10), "Phát triển quỹ khuyến học", "I. MỤC TIÊU\n1. Mỗi xã có một quỹ.")
AMENDING = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HỘI KHUYẾN HỌC\tĐộc lập - Tự do - Hạnh phúc
Số: 09/QĐ-HKH\tYên Hà, ngày 20 tháng 5 năm 2015

QUYẾT ĐỊNH
Về việc sửa đổi, bổ sung Kế hoạch số 02/KH-HKH

QUYẾT ĐỊNH:

Điều 1. Sửa đổi, bổ sung mục I.1 của Kế hoạch số 02/KH-HKH ngày 10/3/2014 của Hội Khuyến học huyện như sau:
Mỗi thôn có một quỹ.
Điều 2. Quyết định này có hiệu lực từ ngày ký.

CHỦ TỊCH
Nguyễn Thị Hoa
""".encode()
NEW = _paper(
    "04/KH-HKH", dt.date(2016, 10, 17), "Phát triển quỹ khuyến học đến năm 2020",
    "I. MỤC TIÊU\n1. Mỗi thôn có một quỹ.\nII. TỔ CHỨC THỰC HIỆN\n1. Phòng Nội vụ phối hợp.\n"
    "2. Kế hoạch này thay thế Kế hoạch số 02/KH-HKH ngày 10/3/2014 của Hội Khuyến học huyện.",
)  # fmt: skip


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An old plan, one that amends it, one that replaces it; the replacement arrived first."""
    with Service.open(settings_in(tmp_path_factory.mktemp("effects"))) as service:
        new, amending, old = (accepted(service, f"{n}.txt", data) for n, data in enumerate((NEW, AMENDING, OLD)))
        worker.run(service, forever=False)
        app = create_app(service)
        app.config["TESTING"] = True
        yield Site(service, app.test_client(), plan=old, directive=new, report=amending, hostile="", unreadable="")


def _text(html: Markup, tag: str, class_: str) -> str:
    return " ".join(" ".join(e.text for e in html.all(tag, class_=class_)).split())


def test_what_replaced_and_amended_it_stands_on_the_page_with_the_passage(three: Site) -> None:
    html = parse(three.client.get(f"/documents/{three.plan}").text)
    said = _text(html, "p", "effect")
    assert "Đã bị thay thế bởi Kế hoạch số 04/KH-HKH ngày 17/10/2016" in said
    assert "“Kế hoạch này thay thế Kế hoạch số 02/KH-HKH ngày 10/3/2014 của Hội Khuyến học huyện.”, mục II.2" in said
    assert "Mục I.1 đã được sửa đổi, bổ sung bởi Quyết định số 09/QĐ-HKH ngày 20/5/2015" in said
    assert html.all("a", href=f"/documents/{three.directive}#ii.2")
    assert "còn hiệu lực" not in html.all("main")[0].text.lower()
    assert not parse(three.client.get(f"/documents/{three.directive}").text).all("p", class_="effect")


@pytest.mark.parametrize(
    ("day", "line", "done"),
    [
        ("2014-01-01", "chưa ban hành", 0),
        ("2014-03-10", "chưa thấy văn bản thay thế", 0),
        ("2015-05-20", "chưa thấy văn bản thay thế", 1),
        ("2016-10-16", "chưa thấy văn bản thay thế", 1),
        ("17/10/2016", "đã bị thay thế", 2),
    ],
)
def test_as_of_a_day_only_what_was_done_until_then_counts(three: Site, day: str, line: str, done: int) -> None:
    html = parse(three.client.get(f"/documents/{three.plan}?on={day}").text)
    assert line in _text(html, "p", "day")
    assert html.all("a", href=f"/documents/{three.plan}")  # the way to leave it
    later = html.all("details", class_="later")
    assert len(html.all("p", class_="effect")) == 2
    assert bool(later) == (done < 2)
    badge = html.all("div", class_="badges")[0].text
    assert ("Đã bị thay thế" in badge) == (done == 2)
    listed = _text(html, "div", "lists")
    assert ("04/KH-HKH" in listed) == (done == 2) and ("09/QĐ-HKH" in listed) == (done >= 1)


def test_a_search_as_of_a_day_finds_what_stood_then(three: Site) -> None:
    def found(query: str) -> set[str]:
        html = parse(three.client.get(f"/?q=quỹ+khuyến+học{query}").text)
        return {e.text.split()[0] for e in html.all("b", class_="nowrap")}

    assert found("") >= {"02/KH-HKH", "04/KH-HKH"}
    assert "02/KH-HKH" in found("&on=2016-10-16") and "04/KH-HKH" not in found("&on=2016-10-16")
    assert found("&on=2016-10-17") & {"02/KH-HKH", "04/KH-HKH"} == {"04/KH-HKH"}
    assert found("&on=2013-01-01") == set()
    html = parse(three.client.get("/?q=quỹ&on=2016-10-16").text)
    assert "Xem theo ngày 16/10/2016" in _text(html, "p", "day")
    kept = [a.attributes["href"] for a in html.all("a") if "/documents/" in a.attributes.get("href", "")]
    assert kept and all("on=2016-10-16" in href for href in kept)
    assert any("on=" not in a.attributes["href"] for a in html.all("a") if a.text == "Bỏ xem theo ngày")


def test_what_was_missing_is_told_as_of_a_day(three: Site) -> None:
    assert "Xem theo ngày 01/01/2015" in three.client.get("/missing?on=2015-01-01").text.replace(
        '<span class="nowrap">', ""
    )
    assert three.client.get("/missing?on=x").status_code == 200


def test_effects_name_place_and_passage(three: Site) -> None:
    effects = three.service.findings.effects(GUEST, three.plan)
    assert [(e.card.number, e.ends, e.section) for e in effects] == [
        ("04/KH-HKH", True, "ii.2"), ("09/QĐ-HKH", False, "d1"),
    ]  # fmt: skip


def test_plans_are_shown_as_of_a_day(three: Site) -> None:
    def listed(query: str) -> str:
        return three.client.get(f"/plans{query}").text

    assert "04/KH-HKH" in listed("")
    assert "04/KH-HKH" not in listed("?on=2016-10-16")
    assert "04/KH-HKH" in listed("?on=2016-10-17")
    html = parse(listed("?on=2016-10-17"))
    assert "Xem theo ngày 17/10/2016" in _text(html, "p", "day")
    kept = [a.attributes["href"] for a in html.all("a") if "/plans/" in a.attributes.get("href", "")]
    kept = [href for href in kept if not href.startswith("/plans/due")]  # terms of a week have a day of their own
    assert kept and all("on=2016-10-17" in href for href in kept)
    page = parse(three.client.get(f"/plans/{three.directive}?on=2016-12-31").text)
    assert "Đến 31/12/2016" in " ".join(_text(page, "p", "standing").split())


def test_the_drawing_shows_what_stood_on_a_day(three: Site) -> None:
    def near(query: str) -> str:
        return _text(parse(three.client.get(f"/graph?doc={three.plan}{query}").text), "ul", "rows")

    assert "04/KH-HKH" in near("") and "09/QĐ-HKH" in near("")
    assert "04/KH-HKH" not in near("&on=2016-01-01") and "09/QĐ-HKH" in near("&on=2016-01-01")
    assert "09/QĐ-HKH" not in near("&on=2015-01-01")
