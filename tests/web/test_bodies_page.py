"""The register of bodies on its page: what is listed, kept, refused and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from indexer import worker
from indexer.wiring import Service
from tests.indexer.test_relinking import CITING, OURS, REPORT
from tests.web.markup import Markup, parse
from tests.web.papers import accepted, settings_in
from web import create_app


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, Service]]:
    """A decision of a commune, a district's plan that cites it, and a report."""
    with Service.open(settings_in(tmp_path_factory.mktemp("bodies"))) as service:
        for name, text in (("a", OURS), ("b", CITING), ("c", REPORT)):
            accepted(service, f"{name}.txt", text.encode())
        worker.run(service, forever=False)
        app = create_app(service)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield app.test_client(), service


def page(client: FlaskClient, address: str) -> Markup:
    return parse(client.get(address).text)


def send(client: FlaskClient, address: str, **form: str) -> tuple[int, Markup]:
    answer = client.post(address, data={"by": "Lê Thị Thu", **form}, follow_redirects=True)
    return answer.status_code, parse(answer.text)


def text(html: Markup, tag: str, **attributes: str) -> str:
    return " ".join(" ".join(e.text for e in html.all(tag, **attributes)).split())


def test_what_the_archive_knows_and_the_register_does_not_is_offered(office: tuple[FlaskClient, Service]) -> None:
    client, _ = office
    html = page(client, "/bodies")
    listed = text(html, "li", class_="body-line")
    assert "Ủy ban nhân dân huyện Yên Hà 1 văn bản" in listed
    assert "Cấp huyện kết thúc 01/7/2025, kế tục: Ủy ban nhân dân các xã, phường, đặc khu trên địa bàn" in listed
    (link,) = [a for a in html.all("a") if "huyện Yên Hà" in a.text and "Ủy ban" in a.text and "Thêm" in a.text]
    form = page(client, link.attributes["href"])
    (name,) = form.all("input", name="name")
    (until,) = form.all("input", name="until")
    assert (name.attributes["value"], until.attributes["value"]) == ("Ủy ban nhân dân huyện Yên Hà", "01/7/2025")


def test_a_body_is_kept_listed_changed_and_taken_back(office: tuple[FlaskClient, Service]) -> None:
    client, service = office
    code, html = send(
        client, "/bodies/new", name="Ủy ban nhân dân huyện Yên Hà", aliases="UBND Yên Hà\nUBND huyện YH",
        until="1/7/2025",
    )  # fmt: skip
    assert code == 200 and text(html, "h1") == "Ủy ban nhân dân huyện Yên Hà"
    body = service.findings.register().one("UBND Yên Hà")
    assert body is not None and body.until is not None and body.until.isoformat() == "2025-07-01"
    row = text(page(client, "/bodies"), "tr")
    assert "còn gọi: UBND Yên Hà; UBND huyện YH" in row and "đến 30/6/2025" in row
    code, html = send(
        client, "/bodies/new", name="Ủy ban nhân dân xã Tân Lập", parent="UBND huyện Yên Hà",
        successors="Ủy ban nhân dân tỉnh Ninh Bình",
    )  # fmt: skip
    commune = service.findings.register().one("UBND xã Tân Lập")
    assert code == 200 and commune is not None
    assert (commune.parent, commune.successors) == (body.id, ("ninh-binh.ubnd",))
    code, _ = send(client, f"/bodies/{body.id}", name=body.name, aliases="", until="")
    changed = service.findings.register().by_id[body.id]
    assert (changed.aliases, changed.until) == ((), None)
    last = page(client, f"/bodies/{body.id}").all("button", name="act")[-1].attributes["value"]
    send(client, f"/bodies/{body.id}", act=last)
    assert service.findings.register().by_id[body.id] == body


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": " "}, "Xin ghi tên đầy đủ của cơ quan."),
        ({"name": "Ủy ban nhân dân xã A", "until": "hôm qua"}, "Chưa hiểu ngày “hôm qua”. Ví dụ đúng: 30/9/2016"),
        (
            {"name": "Ủy ban nhân dân xã A", "since": "1/7/2025", "until": "1/7/2025"},
            "Ngày kết thúc phải sau ngày bắt đầu; xin xem lại hai ngày ấy.",
        ),
        (
            {"name": "Ủy ban nhân dân xã A", "parent": "Ủy ban nhân dân huyện B"},
            "Chưa có “Ủy ban nhân dân huyện B” trong danh mục; xin thêm cơ quan ấy trước.",
        ),
        (
            {"name": "UBND tỉnh Hà Nam"},
            "Đã có “Ủy ban nhân dân tỉnh Hà Nam” mang tên “UBND tỉnh Hà Nam” trong cùng thời gian, dưới cùng cấp trên; "
            "xin sửa mục ấy.",
        ),
        ({"name": "X" * 300}, "Tên “" + "X" * 40 + "…” dài quá 200 chữ; xin rút gọn."),
        ({"name": "Ủy ban nhân dân xã A", "by": "  "}, "Xin ghi tên người sửa."),
    ],
)
def test_what_cannot_be_kept_is_said_in_one_sentence_and_stays_typed(
    office: tuple[FlaskClient, Service], form: dict[str, str], said: str
) -> None:
    client, service = office
    before = service.findings.register().by_id
    code, html = send(client, "/bodies/new", **form)
    assert code == 400
    assert text(html, "p", role="alert") == said
    assert html.all("input", name="name")[0].attributes["value"] == form["name"]
    assert service.findings.register().by_id == before


def test_no_body_stands_under_itself_and_none_that_is_named_goes(office: tuple[FlaskClient, Service]) -> None:
    client, service = office
    send(client, "/bodies/new", name="Ủy ban nhân dân huyện Yên Hà")
    send(client, "/bodies/new", name="Ủy ban nhân dân xã Tân Lập", parent="Ủy ban nhân dân huyện Yên Hà")
    held = service.findings.register()
    above, below = held.one("UBND huyện Yên Hà"), held.one("UBND xã Tân Lập")
    assert above is not None and below is not None
    code, html = send(client, f"/bodies/{above.id}", name=above.name, parent=below.name)
    assert code == 400 and "đang đứng dưới cơ quan này" in text(html, "p", role="alert")
    code, html = send(client, f"/bodies/{above.id}", act="drop")
    assert code == 400 and "Còn cơ quan khác" in text(html, "p", role="alert")
    code, _ = send(client, f"/bodies/{below.id}", act="drop")
    assert code == 200 and below.id not in service.findings.register().by_id
    assert "Cơ quan đã bỏ khỏi danh mục" in text(page(client, f"/bodies/{below.id}"), "h1")


def test_a_hostile_name_is_only_a_name(office: tuple[FlaskClient, Service]) -> None:
    client, _ = office
    send(client, "/bodies/new", name='Hội "><script>alert(1)</script>')
    assert "<script>alert" not in client.get("/bodies?q=Hội").text
    assert client.get("/bodies/khong-co").status_code == 404
