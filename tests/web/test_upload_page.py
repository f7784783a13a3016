"""Handing in papers: kept, already held, refused; and what can go wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive import objects
from archive.errors import DiskFull
from indexer import worker
from indexer.wiring import Service
from tests.web.markup import parse
from tests.web.papers import DIRECTIVE, REPORT, Site, settings_in
from web import create_app, secret_key


@pytest.fixture
def service(tmp_path: Path):
    """An archive of one's own."""
    with Service.open(settings_in(tmp_path / "kho")) as opened:
        yield opened


@pytest.fixture
def client(service: Service) -> FlaskClient:
    app = create_app(service)
    app.config["TESTING"] = True
    return app.test_client()


def send(client: FlaskClient, *files: tuple[str, bytes], token: str | None = None):
    """Post files as the form does."""
    if token is None:
        token = parse(client.get("/upload").text).all("input", name="csrf_token")[0].attributes["value"]
    data = {"csrf_token": token, "files": [(io.BytesIO(content), name) for name, content in files]}
    return client.post("/documents", data=data, content_type="multipart/form-data")


def test_files_are_kept_and_their_state_is_shown_until_they_are_found(
    service: Service, client: FlaskClient
) -> None:
    answer = send(client, ("Báo cáo.txt", REPORT.encode()), ("Chỉ thị.txt", DIRECTIVE.encode()))
    assert answer.status_code == 303
    page = parse(client.get(answer.headers["Location"]).text)
    assert "0 trên 2 tệp đã tìm được" in page.all("h2")[0].text
    assert "Có thể đóng trang này, việc đọc vẫn tiếp tục." in page.all("main")[0].text
    rows = page.all("div", id="rows")[0]
    assert rows.attributes["hx-trigger"] == "every 2s"
    assert rows.attributes["aria-live"] == "polite"
    worker.run(service, forever=False)
    later = parse(client.get(rows.attributes["hx-get"]).text)
    assert "2 trên 2 tệp đã tìm được" in later.all("h2")[0].text
    assert "hx-trigger" not in later.all("div", id="rows")[0].attributes
    assert "12/BC-HKH" in later.all("ul")[0].text


def test_a_file_held_already_is_said_to_be_held(service: Service, client: FlaskClient) -> None:
    send(client, ("Báo cáo.txt", REPORT.encode()))
    answer = send(client, ("một tên khác.txt", REPORT.encode()))
    text = parse(client.get(answer.headers["Location"]).text).all("main")[0].text
    assert "Đã có trong kho" in text
    assert "Giống hệt bản nhận ngày" in text and "không lưu thêm" in text


def test_an_empty_file_is_named_and_the_others_are_kept(client: FlaskClient) -> None:
    answer = send(client, ("rỗng.txt", b""), ("Báo cáo.txt", REPORT.encode()))
    assert answer.status_code == 400
    page = parse(answer.text)
    assert "rỗng.txt" in page.all("p", role="alert")[0].text
    assert "Báo cáo.txt" in page.all("div", id="rows")[0].text


def test_sending_nothing_asks_for_a_file(client: FlaskClient) -> None:
    answer = send(client)
    assert answer.status_code == 400
    assert "Chưa có tệp nào được chọn" in parse(answer.text).all("p", role="alert")[0].text


def test_a_form_without_its_token_is_refused_and_nothing_is_kept(
    service: Service, client: FlaskClient
) -> None:
    answer = send(client, ("Báo cáo.txt", REPORT.encode()), token="")
    assert answer.status_code == 400
    assert "Phiên đã hết" in parse(answer.text).all("h1")[0].text
    from archive.viewer import GUEST

    assert service.findings.counts(GUEST)["documents"] == 0


def test_too_large_a_file_is_refused_with_advice(client: FlaskClient) -> None:
    answer = send(client, ("to.txt", b"x" * (3 << 20)))
    assert answer.status_code == 413
    assert "Mỗi lần gửi tối đa 2 MB" in parse(answer.text).all("main")[0].text


def test_a_full_disk_says_what_is_safe(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise DiskFull

    # The disk is the one thing a test cannot fill; the store's own tests do it with a limit on file size.
    monkeypatch.setattr(objects, "take", full)
    answer = send(client, ("Báo cáo.txt", REPORT.encode()))
    assert answer.status_code == 507
    assert "Ổ đĩa của máy chủ đã đầy" in parse(answer.text).all("p", role="alert")[0].text


def test_the_secret_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "kho")
    assert len(first) == 32
    assert secret_key(tmp_path / "kho") == first
    assert (tmp_path / "kho" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in (tmp_path / "kho").iterdir()] == ["secret.key"]


def test_health_is_bad_without_a_worker_and_good_with_one(site: Site) -> None:
    answer = site.client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["database"] is True and answer.json["worker"] is False
    with worker._writing(site.service, wait=True):
        answer = site.client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["ok"] is True
    assert answer.json["queue"]["queued"] == 0
