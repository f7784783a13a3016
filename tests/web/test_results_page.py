"""The results page: hits with their passages, facets, chips, and honest empty answers."""

from __future__ import annotations

import datetime as dt

from indexer.views import Filters
from tests.web.markup import parse
from tests.web.papers import Site
from web import search


def test_hits_show_number_title_marked_passage_and_lead_into_the_text(site: Site) -> None:
    html = parse(site.client.get("/?q=khuyến học").text)
    hits = html.all("article", class_="hit")
    assert len(hits) == 3
    assert any("12/BC-HKH" in hit.text for hit in hits)
    assert all(mark.text.lower() in ("khuyến học", "khuyến", "học") for mark in html.all("mark"))
    opens = [a for a in html.all("a") if "data-open" in a.attributes]
    assert all("q=khuy" in a.attributes["href"] for a in opens)


def test_a_facet_narrows_the_hits_and_its_chip_takes_it_away_again(site: Site) -> None:
    html = parse(site.client.get("/?q=khuyến học&kind=bao-cao").text)
    assert len(html.all("article", class_="hit")) == 1
    box = html.all("input", type="checkbox", value="bao-cao")[0]
    assert "checked" in box.attributes
    chip = html.all("a", class_="chip")[0]
    assert "Báo cáo" in chip.text
    assert len(parse(site.client.get(chip.attributes["href"]).text).all("article", class_="hit")) == 3


def test_a_chosen_facet_without_hits_stays_in_sight(site: Site) -> None:
    html = parse(site.client.get("/?q=khuyến học&year=1999").text)
    assert "Không tìm thấy trong kho" in html.all("div", class_="empty")[0].text
    assert html.all("a", class_="chip")


def test_a_number_not_held_names_the_nearest_and_who_cites_it(site: Site) -> None:
    text = parse(site.client.get("/?q=11-CT/TW").text).all("main")[0].text
    if "Không tìm thấy trong kho" in text:
        assert "Có 1 văn bản trong kho nhắc tới số này" in text
    assert "05-KH/HU" in text


def test_a_query_nobody_can_run_is_explained(site: Site) -> None:
    answer = site.client.get("/?q=từ:20x6 khuyến học")
    assert answer.status_code == 200
    assert "Chưa hiểu câu tìm" in parse(answer.text).all("p", role="alert")[0].text


def test_hostile_queries_and_parameters_do_no_harm(site: Site) -> None:
    for query in ('"><script>alert(1)</script>', "'; drop table document; --", "%00", "(" * 500, "a" * 5000):
        answer = site.client.get("/", query_string={"q": query})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    for odd in ("page=0", "page=-3", "page=x", "page=99999", "sort=x", "year=x", "since=x", "kind=x"):
        assert site.client.get(f"/?q=khuyến&{odd}").status_code == 200


def test_days_are_understood_as_people_write_them(site: Site) -> None:
    with site.client.application.test_request_context("/?since=24/8/2016&until=2016-12-31"):
        assert search.filters() == Filters(since=dt.date(2016, 8, 24), until=dt.date(2016, 12, 31))


def test_a_run_of_years_is_one_chip() -> None:
    assert search.years_in_words((2016, 2017, 2018)) == "Năm 2016–2018"
    assert search.years_in_words((2016, 2018)) == "Năm 2016, 2018"
    assert search.years_in_words((2016,)) == "Năm 2016"


def test_titles_are_headings_and_keep_their_marks() -> None:
    from web.wording import marked_subject

    title = "Về việc đẩy mạnh công tác khuyến học "
    at = title.index("khuyến")
    assert marked_subject(title, [(0, 2), (at, at + 10)]) == "Đẩy mạnh công tác <mark>khuyến học</mark>"
