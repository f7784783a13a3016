"""A draft and what was issued, a file and its scan: proposed as versions of one document, decided by people."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable

import pytest

from archive import corrections
from archive.viewer import GUEST
from indexer import worker
from indexer.wiring import Service
from tests.web.markup import parse
from tests.web.papers import PLAN, REPORT
from web import create_app

MORE = "".join(
    f"{n}. Giao xã thứ {n} vận động {n * 37} gia đình đăng ký danh hiệu gia đình học tập, có sổ theo dõi.\n"
    for n in range(2, 14)
)
ISSUED = PLAN.replace("III. TỔ CHỨC", MORE + "III. TỔ CHỨC")
COPY = ISSUED.replace("\n", "\r\n").replace("Mọi người dân", "Mọi  người dân") + "\n"
DRAFT = ISSUED.replace("Số 05-KH/HU", "Số      -KH/HU").replace("ngày 30 tháng 9", "ngày     tháng 9")
BY = "Lê Thị Thu"


@pytest.mark.parametrize("order", list(itertools.permutations(("issued", "copy", "draft"))))
def test_versions_are_proposed_in_whatever_order_they_come(
    order: tuple[str, ...], service: Service, add: Callable[..., str]
) -> None:
    texts = {"issued": ISSUED, "copy": COPY, "draft": DRAFT}
    ids = {name: add(texts[name], f"{name}.txt") for name in order}
    add(REPORT, "report.txt")
    for name, document in ids.items():
        found = {twin.card.document for twin in service.findings.twins(GUEST, document)}
        assert found == set(ids.values()) - {document}, name


def test_a_decision_makes_one_of_them_the_document_that_others_mean(
    service: Service, add: Callable[..., str]
) -> None:
    issued, copy, report = add(ISSUED, "a.txt"), add(COPY, "b.txt"), add(REPORT, "c.txt")

    def target() -> str | None:
        view = service.findings.document(GUEST, report)
        assert view is not None
        return next((c.target.document for c in view.citations if c.target), None)

    assert target() is None  # two papers of one number: no silent choice
    app = create_app(service)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    assert "Có thể là cùng một văn bản với" in client.get(f"/documents/{issued}").text
    sent = {"by": BY, "other": copy, "act": "same"}
    assert client.post(f"/documents/{issued}/corrections/versions", data=sent).status_code == 303
    assert target() == issued
    assert "Một bản khác của" in client.get(f"/documents/{copy}").text
    assert "Có bản khác:" in client.get(f"/documents/{issued}").text
    worker.rebuild(service, progress=io.StringIO())
    assert target() == issued
    (made,) = corrections.of(service.archive, GUEST, copy)
    undo = f"/documents/{copy}/corrections/{made.id}/undo"
    assert client.post(undo, data={"by": BY}).status_code == 303
    assert target() is None
    sent = {"by": BY, "other": issued, "act": "different"}
    assert client.post(f"/documents/{copy}/corrections/versions", data=sent).status_code == 303
    assert service.findings.twins(GUEST, issued) == service.findings.twins(GUEST, copy) == ()
    html = parse(client.get(f"/documents/{copy}/corrections").text)
    assert "không phải một bản của 05-KH/HU" in html.all("section", id="da-sua")[0].text
    assert client.post(f"/documents/{copy}/corrections/versions", data=sent | {"other": report}).status_code == 404
