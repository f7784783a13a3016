"""The page of a file that holds several documents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from indexer import worker
from indexer.wiring import Service
from tests.corpus.test_papers import LETTER, NOTICE
from tests.web.markup import parse
from tests.web.papers import accepted, settings_in
from web import create_app


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, str]]:
    """A letter and a notice in one file."""
    with Service.open(settings_in(tmp_path_factory.mktemp("papers"))) as service:
        document = accepted(service, "hai-van-ban.txt", (LETTER + NOTICE).encode())
        worker.run(service, forever=False)
        app = create_app(service)
        app.config["TESTING"] = True
        yield app.test_client(), document


def test_the_page_says_what_else_the_file_holds_and_leads_there(two: tuple[FlaskClient, str]) -> None:
    client, document = two
    html = parse(client.get(f"/documents/{document}").text)
    links = html.all("a", href="#vb2")
    assert any("Thông báo 118-TB/HU" in " ".join(a.text.split()) for a in links)
    assert html.ids().count("vb2") == 1


def test_a_search_for_the_second_leads_into_it(two: tuple[FlaskClient, str]) -> None:
    client, document = two
    html = parse(client.get("/?q=118-TB/HU").text)
    titles = [a for a in html.all("a") if "data-open" in a.attributes]
    assert [" ".join(a.text.split()) for a in titles] == [
        "Kết luận của Thường trực Huyện ủy về công tác lưu trữ"
    ]
    assert titles[0].attributes["href"].startswith(f"/documents/{document}?q=118-TB/HU#vb2")
