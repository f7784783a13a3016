"""Every page without JavaScript: it answers, says what it should, and is well made."""

from __future__ import annotations

import pytest

from tests.web.markup import parse
from tests.web.papers import Site

PAGES = [
    "/", "/?q=khuyến học", "/?q=113/KH-UBND", "/documents/{plan}", "/documents/{plan}?q=khuyến học",
    "/documents/{report}", "/documents/{unreadable}", "/documents/{hostile}", "/plans", "/plans/{plan}",
    "/plans/{plan}?cell=ii.2:1", "/plans/{plan}?view=period", "/plans/{plan}?view=list", "/upload",
    "/upload?received={plan}&duplicate={report}", "/missing", "/keys",
]  # fmt: skip


def address(site: Site, page: str) -> str:
    return page.format(
        plan=site.plan, report=site.report, unreadable=site.unreadable, hostile=site.hostile
    )  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_and_is_well_made(site: Site, page: str) -> None:
    answer = site.client.get(address(site, page))
    assert answer.status_code == 200
    html = parse(answer.text)
    assert html.all("html")[0].attributes["lang"] == "vi"
    assert len(html.all("h1")) == 1 and html.all("h1")[0].text.strip()
    assert len(html.all("main")) == len(html.all("header", class_="top")) == len(html.all("footer")) == 1
    assert html.all("a", href="#main", class_="skip")
    assert html.all("title")[0].text.strip().endswith("Vankho") or page == "/"
    ids = html.ids()
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_needs_inline_style_or_script(site: Site, page: str) -> None:
    html = parse(site.client.get(address(site, page)).text)
    assert not any("style" in e.attributes for e in html.elements)
    assert not any(name.startswith("on") for e in html.elements for name in e.attributes)
    assert not html.all("style")
    assert all(e.attributes.get("src", "").startswith("/static/") for e in html.all("script"))


@pytest.mark.parametrize("page", PAGES)
def test_every_field_has_a_label_and_every_link_leads_somewhere(site: Site, page: str) -> None:
    html = parse(site.client.get(address(site, page)).text)
    labelled = {e.attributes.get("for") for e in html.all("label")}
    within = [e for e in html.elements if e.tag == "input" and e.attributes.get("type") not in ("hidden",)]
    for field in within:
        names = (field.attributes.get("type"), field.attributes.get("name"))
        wrapped = bool({"checkbox", "since", "until"} & set(names))
        assert field.attributes.get("id") in labelled or wrapped
    ids = set(html.ids())
    for link in html.all("a"):
        target = link.attributes["href"]
        assert link.text.strip(), target
        if target.startswith("#"):
            assert target[1:] in ids, target
        else:
            with site.client.get(target) as answer:
                assert answer.status_code == 200, target


def test_pages_carry_the_security_headers(site: Site) -> None:
    answer = site.client.application.test_client().get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_home_counts_what_cannot_be_found_and_shows_what_is_overdue(site: Site) -> None:
    html = parse(site.client.get("/").text)
    assert html.all("h1")[0].text == "Tìm trong 5 văn bản"
    strip = html.all("p", class_="strip")[0]
    assert "Chưa tìm được 1 văn bản" in strip.text
    assert any("Quá hạn" in e.text for e in html.all("span", class_="red"))


def test_home_offers_only_tries_that_find_something(site: Site) -> None:
    html = parse(site.client.get("/").text)
    tries = [a for a in html.all("a") if a.attributes["href"].startswith("/?q=")]
    assert tries
    for link in tries:
        found = parse(site.client.get(link.attributes["href"]).text)
        assert found.all("article", class_="hit"), link.text


def test_an_unknown_page_says_so_in_the_words_of_the_site(site: Site) -> None:
    for where in ("/nope", "/documents/khong-co", "/documents/khong-co/original", "/plans/khong-co"):
        answer = site.client.get(where)
        assert answer.status_code == 404
        assert "Trang này không có, hoặc tài khoản chưa được xem." in parse(answer.text).all("h1")[0].text


def test_the_theme_is_chosen_by_a_plain_form_and_kept_in_a_cookie(site: Site) -> None:
    client = site.service and site.client.application.test_client()
    token = parse(client.get("/keys").text).all("input", name="csrf_token")[0].attributes["value"]
    answer = client.post("/preferences", data={"theme": "dark", "csrf_token": token})
    assert answer.status_code == 302
    assert parse(client.get("/").text).all("html")[0].attributes["data-theme"] == "dark"
    client.post("/preferences", data={"theme": "<b>", "csrf_token": token})
    assert parse(client.get("/").text).all("html")[0].attributes["data-theme"] == "dark"


def test_keys_can_be_switched_off(site: Site) -> None:
    client = site.client.application.test_client()
    token = parse(client.get("/keys").text).all("input", name="csrf_token")[0].attributes["value"]
    client.post("/preferences", data={"keys": "off", "csrf_token": token})
    assert parse(client.get("/").text).all("body")[0].attributes["data-keys"] == "off"


def test_after_choosing_one_returns_only_to_a_page_of_the_site(site: Site) -> None:
    client = site.client.application.test_client()
    token = parse(client.get("/keys").text).all("input", name="csrf_token")[0].attributes["value"]
    for left, back in (
        ("http://localhost/plans?page=2", "/plans?page=2"), ("http://example.org/", "/"),
        ("http://localhost//example.org/x", "/"),
    ):  # fmt: skip
        answer = client.post(
            "/preferences", data={"theme": "light", "csrf_token": token}, headers={"Referer": left}
        )
        assert answer.headers["Location"] == back


def test_the_style_sheet_stays_small() -> None:
    from pathlib import Path

    import web

    sheet = Path(web.__file__).parent / "static" / "vankho.css"
    assert sheet.stat().st_size <= 40_000
