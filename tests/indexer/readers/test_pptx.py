"""Presentations: slides in the order shown, tables row by row."""

from __future__ import annotations

from pathlib import Path

from indexer import reading
from tests.indexer.readers.making import zipped

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = 'xmlns:a="urn:a" xmlns:p="urn:p" xmlns:r="urn:r"'


def _slide(*shapes: str) -> str:
    return f"<p:sld {DRAWING}>{''.join(shapes)}</p:sld>"


def _shape(text: str, kind: str = "", font: str = "") -> str:
    latin = f'<a:latin typeface="{font}"/>' if font else ""
    place = f'<p:nvPr><p:ph type="{kind}"/></p:nvPr>' if kind else ""
    paragraph = f"<a:p><a:r><a:rPr>{latin}</a:rPr><a:t>{text}</a:t></a:r></a:p>"
    return f"<p:sp>{place}<p:txBody>{paragraph}</p:txBody></p:sp>"


def _relations(*targets: tuple[str, str]) -> str:
    links = (
        f'<Relationship Id="r{number}" Type="{RELATION}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f"<Relationships>{''.join(links)}</Relationships>"


def test_slides_are_pages_in_the_order_shown(tmp_path: Path) -> None:
    rows = (("TT", "Việc"), ("1", "Rà soát"))
    table = "".join(f"<a:tr>{''.join(map(_cell, row))}</a:tr>" for row in rows)
    order = '<p:sldId r:id="r2"/><p:sldId r:id="r1"/>'
    slides = (("slide", "slides/slide1.xml"), ("slide", "slides/slide2.xml"))
    path = zipped(
        tmp_path / "a",
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": _relations(("officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": f"<p:presentation {DRAWING}>{order}</p:presentation>",
            "ppt/_rels/presentation.xml.rels": _relations(*slides),
            "ppt/slides/slide1.xml": _slide(f"<a:tbl>{table}</a:tbl>", _shape("3", "sldNum")),
            "ppt/slides/slide2.xml": _slide(_shape("B¸o c¸o kÕt qu¶", font=".VnTime")),
        },
    )
    body = reading.read(path)
    assert body.text == "Báo cáo kết quả\nTT\tViệc\n1\tRà soát"
    assert [page.number for page in body.pages] == [1, 2]


def _cell(text: str) -> str:
    return f"<a:tc><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"
