"""The reader's page and the original behind it."""

from __future__ import annotations

import hashlib
from itertools import pairwise

from tests.web.markup import parse
from tests.web.papers import HOSTILE, HOSTILE_NAME, PLAN, Site
from web import documents, flow


def test_the_reader_shows_head_sections_permalinks_and_tasks(site: Site) -> None:
    html = parse(site.client.get(f"/documents/{site.plan}").text)
    assert "05-KH/HU" in html.all("p", class_="meta")[0].text
    assert "xây dựng xã hội học tập" in html.all("h1")[0].text.lower()
    ids = html.ids()
    for section in ("i", "i.1", "ii", "ii.2", "iii.1"):
        assert section in ids
        assert html.all("a", class_="permalink", href=f"#{section}")
    assert any("Nhiệm vụ của" in e.text for e in html.all("div", class_="given"))


def test_every_word_of_the_text_is_on_the_page(site: Site) -> None:
    shown = " ".join(parse(site.client.get(f"/documents/{site.plan}").text).all("article")[0].text.split())
    shown = shown.replace(" (kho chưa có)", "")  # said to those who cannot see the dots under it
    for line in PLAN.splitlines():
        for cell in line.split("\t"):
            assert " ".join(cell.split()) in shown


def test_a_held_citation_is_a_link_that_opens_its_card_under_the_paragraph(site: Site) -> None:
    html = parse(site.client.get(f"/documents/{site.plan}").text)
    link = next(a for a in html.all("a", class_="cite") if "19-CT/TU" in a.text)
    opened = parse(site.client.get(link.attributes["href"]).text)
    card = opened.all("aside", id="dan")[0]
    assert "19-CT/TU" in card.text and "Có trong kho" in card.text
    assert opened.all("a", href=f"/documents/{site.directive}")


def test_a_citation_not_held_is_dotted_and_no_link(site: Site) -> None:
    html = parse(site.client.get(f"/documents/{site.plan}").text)
    assert any("11-CT/TW" in e.text for e in html.all("span", class_="not-held"))
    assert not any("11-CT/TW" in e.text for e in html.all("a", class_="cite"))
    assert "Kho chưa có" in html.all("div", class_="lists")[0].text


def test_who_cites_a_document_stands_under_it(site: Site) -> None:
    html = parse(site.client.get(f"/documents/{site.directive}").text)
    assert "05-KH/HU" in html.all("div", class_="lists")[0].text
    assert html.all("a", href="#nhac-toi")


def test_words_searched_for_are_marked_and_counted_in_the_tree(site: Site) -> None:
    html = parse(site.client.get(f"/documents/{site.plan}?q=khuyến học").text)
    marks = html.all("article")[0]
    assert html.all("mark") and "khuyến học" in marks.text.lower()
    assert html.all("span", class_="hits")
    assert "Về kết quả “khuyến học”" in html.all("p", class_="crumbs")[0].text


def test_text_from_outside_is_never_markup(site: Site) -> None:
    answer = site.client.get(f"/documents/{site.hostile}")
    assert "<script>alert" not in answer.text
    assert "<b>đậm</b>" not in answer.text
    assert HOSTILE.split(" &")[0] in parse(answer.text).all("article")[0].text


def test_a_paper_that_cannot_be_read_says_why_and_keeps_its_original(site: Site) -> None:
    html = parse(site.client.get(f"/documents/{site.unreadable}").text)
    assert "Không đọc được" in html.all("main")[0].text
    assert "Bản gốc đã được giữ" in html.all("main")[0].text
    with site.client.get(f"/documents/{site.unreadable}/original") as answer:
        assert answer.data == b"%PDF-1.4\nnothing else"


def test_the_original_is_the_very_bytes_that_came(site: Site) -> None:
    with site.client.get(f"/documents/{site.plan}/original") as answer:
        assert answer.data == PLAN.encode()
    assert answer.headers["ETag"].strip('"') == hashlib.sha512(PLAN.encode()).hexdigest()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_original_can_be_fetched_in_parts_and_is_not_sent_twice(site: Site) -> None:
    where = f"/documents/{site.plan}/original"
    part = site.client.get(where, headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.data == PLAN.encode()[10:20]
    part.close()
    with site.client.get(where) as whole:
        etag = whole.headers["ETag"]
    with site.client.get(where, headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304


def test_a_hostile_name_is_only_a_name(site: Site) -> None:
    with site.client.get(f"/documents/{site.hostile}/original") as answer:
        assert answer.data
    assert "\n" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="x\\"><script>alert(1)</script>.txt"'
    page = site.client.get("/upload").text
    assert "<script>alert" not in page
    assert HOSTILE_NAME in parse(page).all("main")[0].text


def test_what_a_browser_might_run_is_sent_as_plain_bytes() -> None:
    for name in ("x.html", "x.svg", "x.xhtml", "x.js", "x"):
        assert documents.media_type(name) == "application/octet-stream"
    assert documents.media_type("Kế hoạch.PDF") == "application/pdf"


def test_blocks_cover_the_whole_text_once(site: Site) -> None:
    from archive.viewer import GUEST

    view = site.service.findings.document(GUEST, site.plan)
    assert view is not None
    parts = flow.flow(view)
    spans = [block.span for part in (parts.head, parts.body, parts.close) for block in part]
    assert spans == sorted(spans)
    left = "".join(view.text[a.end : b.start] for a, b in pairwise(spans))
    assert not left.strip()
