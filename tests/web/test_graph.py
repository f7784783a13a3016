"""The neighbourhood: a list that names every document, and a drawing that says the same and stays readable."""

from __future__ import annotations

import datetime as dt
import random
import time
from itertools import combinations

import pytest
from flask import render_template

from corpus.model import Role
from indexer.graph import ORDER, Neighbourhood, Node
from indexer.views import Card, State
from tests.web.markup import parse
from tests.web.papers import Site
from web import drawing
from web.graph import sides

NOW = dt.datetime(2018, 1, 15, tzinfo=dt.UTC)


def _card(n: int, on: dt.date | None = None) -> Card:
    return Card(
        document=f"d{n}", name=f"{n}.pdf", received_at=NOW, state=State.SEARCHABLE, kind="bao-cao",
        kind_label="Báo cáo", number=f"{n}/BC-HKH", issued_on=on, issuer="Hội Khuyến học huyện Yên Hà",
        title=f"Kết quả công tác số {n}",
    )  # fmt: skip


def _near(count: int) -> Neighbourhood:
    """A document with so many neighbours on both sides, in every role, over ten years."""
    chance = random.Random(count)
    nodes: list[Node] = []
    steps = [chance.choice((-2, -1, -1, 1, 1, 1, 1, 2, 2)) for _ in range(count)]
    between = {side: [f"d{n}" for n, step in enumerate(steps, start=1) if step == side] for side in (-1, 1)}
    for n, step in enumerate(steps, start=1):
        on = dt.date(2008 + chance.randrange(10), chance.randrange(1, 13), 5) if n % 17 else None
        if step == -1 and n % 5 == 0:
            nodes.append(Node(-1, chance.choice(ORDER), None, f"Quyết định số {n}/QĐ-UBND", on))
        else:
            near = between[step // 2] if abs(step) == 2 else []
            via = chance.choice(near) if near else None
            nodes.append(Node(step, chance.choice(ORDER), _card(n, on), issued_on=on, via=via))
    nodes.sort(key=lambda node: (node.step, ORDER.index(node.role), node.issued_on or dt.date.max))
    return Neighbourhood(_card(0, dt.date(2016, 9, 30)), tuple(nodes))


def _render(site: Site, near: Neighbourhood) -> str:
    cards = {node.card.document: node.card for node in near.nodes if node.card} | {near.card.document: near.card}
    with site.client.application.test_request_context("/graph?doc=d0"):
        return render_template(
            "graph.html", near=near, card=near.card, wanted="d0", found=(), cards=cards, sides=sides(near),
            drawing=drawing.draw(near),
        )  # fmt: skip


def test_the_list_and_the_drawing_of_a_real_plan(site: Site) -> None:
    html = parse(site.client.get(f"/graph?doc={site.plan}").text)
    listed = html.all("div", class_="graph-lists")[0].text
    assert "19-CT/TU" in listed and "12/BC-HKH" in listed and "11-CT/TW" in listed and "Kho chưa có" in listed
    drawn = html.all("svg", role="group")[0].text
    for number in ("05-KH/HU", "19-CT/TU", "12/BC-HKH", "11-CT/TW"):
        assert number in drawn
    links = [a.attributes["href"] for a in html.all("a", class_="box-of")]
    assert links == [f"/documents/{site.directive}", f"/documents/{site.report}"]
    assert html.all("a", href=f"/graph?doc={site.report}")
    assert parse(site.client.get(f"/documents/{site.plan}").text).all("a", href=f"/graph?doc={site.plan}")


def test_a_number_will_do_and_what_is_not_held_is_said(site: Site) -> None:
    assert "19-CT/TU" in site.client.get("/graph?doc=05-KH/HU").text
    assert "Không tìm thấy trong kho" in site.client.get("/graph?doc=77-KH/HU").text
    assert site.client.get("/graph").status_code == 200


@pytest.mark.parametrize("count", [0, 1, 9, 40, 200])
def test_every_document_is_in_the_list_and_none_is_lost_from_the_drawing(site: Site, count: int) -> None:
    near = _near(count)
    html = parse(_render(site, near))
    held = {node.card.document for node in near.nodes if node.card}
    listed = {a.attributes["href"] for a in html.all("a")}
    assert {f"/documents/{document}" for document in held} <= listed
    text = " ".join(e.text for e in html.all("div", class_="graph-lists"))
    assert all(node.words in text for node in near.nodes if node.card is None)
    made = drawing.draw(near)
    shown = sum(len(box.members) for column in made.columns for box in column.boxes) - 1
    unheld = sum(node.card is None for node in near.nodes)
    assert shown == len(held)
    assert unheld + len(held) == len(near.nodes)
    ids = html.ids()
    assert len(ids) == len(set(ids))
    anchors = {f"#{name}" for name in ids}
    assert {box.attributes["href"] for box in html.all("a") if box.text.startswith("+")} <= anchors


@pytest.mark.parametrize("count", [9, 40, 200])
def test_boxes_do_not_overlap_and_stand_inside_the_drawing(count: int) -> None:
    made = drawing.draw(_near(count))
    boxes = [box for column in made.columns for box in column.boxes]
    for one, other in combinations(boxes, 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    assert all(b.x >= 0 and b.x + b.width <= made.width + 0.1 and b.y + b.height <= made.height for b in boxes)
    assert len(boxes) <= 5 * max(drawing.FEW, len(ORDER))
    assert made.width <= drawing.WIDTH + 0.1


def test_no_number_and_no_date_is_cut(site: Site) -> None:
    long = Card(
        document="x", name="x", received_at=NOW, state=State.SEARCHABLE, number="12345/QĐ-BNNPTNT-HTQT-KHCN&MT/2016",
        issued_on=dt.date(2016, 10, 17), issuer="Ủy ban Mặt trận Tổ quốc Việt Nam huyện Yên Hà",
    )  # fmt: skip
    near = Neighbourhood(long, tuple(Node(step, Role.BASIS, long, issued_on=long.issued_on) for step in (-2, -1, 1, 2)))
    words = [line.words for column in drawing.draw(near).columns for box in column.boxes for line in box.lines]
    assert long.number in words and "17/10/2016" in words
    squeezed = [line for c in drawing.draw(near).columns for b in c.boxes for line in b.lines if line.squeezed]
    assert {line.words for line in squeezed} == {long.number}


def test_two_hundred_documents_are_drawn_in_a_tenth_of_a_second(site: Site) -> None:
    near = _near(200)
    _render(site, near)
    best = min(_timed(site, near) for _ in range(5))
    assert best < 0.1


def _timed(site: Site, near: Neighbourhood) -> float:
    begun = time.perf_counter()
    _render(site, near)
    return time.perf_counter() - begun
