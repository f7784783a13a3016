"""Sample papers as PDF with a text layer, by reportlab with the embedded Noto Serif."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from tests.samples.source import Block, Line, Paper

FONTS = Path("/usr/share/fonts/truetype/noto")  # Debian package fonts-noto-core; Liberation Serif lacks ọ, ử, ệ
FACES = {"Serif": "Regular", "Serif-Bold": "Bold", "Serif-Italic": "Italic", "Serif-BoldItalic": "BoldItalic"}
WIDTH = 16.5 * cm
SHARES = (0.42, 0.58)


def build(paper: Paper) -> bytes:
    """The PDF; the same paper gives the same bytes (no dates, a fixed id)."""
    return render([flowable for block in paper.blocks for flowable in _block(block)])


def render(story: list[Flowable]) -> bytes:
    """Lay a story out on A4, pages after the first numbered."""
    register_fonts()
    stream = io.BytesIO()
    template = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=3 * cm,
        rightMargin=1.5 * cm,
        topMargin=2 * cm,
        bottomMargin=2 * cm,
        invariant=1,
        title="",
        author="",
    )
    template.build(story, onLaterPages=_page_number)
    return stream.getvalue()


def style(line: Line, *, alignment: int, indent: float = 0, size: float = 12, after: float = 6) -> ParagraphStyle:
    """How a paragraph looks."""
    face = "Serif" + {(1, 0): "-Bold", (0, 1): "-Italic", (1, 1): "-BoldItalic"}.get((line.bold, line.italic), "")
    return ParagraphStyle(
        face,
        fontName=face,
        fontSize=size,
        leading=size * 1.4,
        alignment=alignment,
        firstLineIndent=indent,
        spaceAfter=after,
    )


@cache
def register_fonts() -> None:
    """Make the faces known to reportlab, once."""
    for name, face in FACES.items():
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"NotoSerif-{face}.ttf")))


def _page_number(canvas, template) -> None:
    canvas.setFont("Serif", 12)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 1.3 * cm, str(template.page))


def _block(block: Block) -> list[Flowable]:
    register_fonts()
    if block.kind == "page":
        return [PageBreak()]
    if block.kind == "table":
        return [_table(block), Spacer(1, 8)]
    if block.kind in ("letterhead", "closing"):
        return [_columns(block), Spacer(1, 10)]
    if block.kind == "title":
        return [_paragraph(line, alignment=TA_CENTER, size=13, after=2) for line in block.left] + [Spacer(1, 8)]
    return [
        _paragraph(line, alignment=TA_CENTER if line.centred else TA_JUSTIFY, indent=0 if line.centred else cm)
        for line in block.left
    ]


def _paragraph(line: Line, **look) -> Paragraph:
    lead = f'<font name="Serif-Bold">{escape(line.lead)}</font>' if line.lead else ""
    return Paragraph(lead + escape(line.text) or "&nbsp;", style(line, **look))


def _columns(block: Block) -> Table:
    left = TA_CENTER if block.kind == "letterhead" else TA_LEFT
    size = 11 if block.kind == "letterhead" else 10.5
    cells = [
        [_paragraph(line, alignment=alignment, size=size, after=1) for line in lines]
        for lines, alignment in ((block.left, left), (block.right, TA_CENTER))
    ]
    plain = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return Table([cells], colWidths=[WIDTH * share for share in SHARES], style=plain)


def _table(block: Block) -> Table:
    rows = [
        [
            _paragraph(Line(cell, bold=number == 0), alignment=TA_LEFT if number else TA_CENTER, size=10.5, after=0)
            for cell in row
        ]
        for number, row in enumerate(block.rows)
    ]
    grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Table(rows, colWidths=[WIDTH * share for share in block.widths], style=grid, repeatRows=1)
