"""Lines put together by where characters stand, for pages whose stream has them out of order or spaced apart.

The stream's order is kept between lines, so columns and cells stay together; inside a line places decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from indexer.layout import Box, Row, around

_SAME_BASELINE = 0.12
_RAISED = 0.6
"""Shares of the letter size by which baselines may differ: in one line, for a small raised letter."""
_SMALL = 0.85
_NEAR = 3.0
_LOOK_BACK = 3
_SPACE = 0.13
"""Letter sizes by which a gap must exceed the usual gap between letters to count as a space."""
_CELL_GAP = 2.5
_TOP = 0.25
_LOW_ROWS = 3
_NEXT_LINE = 3.0
"""Line heights within which the next line of a column stands."""
_LONE = re.compile(r"(?<![^\W\d_])[^\W\d_](?![^\W\d_])")
_WORDS = re.compile(r"[^\W\d_]+")
_SCATTERED = 0.15
"""Share of single letters among words; Vietnamese prose stays far below."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a page: its left edge on the baseline, its size and box."""

    text: str
    x: float
    baseline: float
    size: float
    box: Box


@dataclass(slots=True)
class _Group:
    """Glyphs of one line."""

    baseline: float
    size: float
    left: float
    right: float
    glyphs: list[Glyph] = field(default_factory=list)

    def takes(self, glyph: Glyph) -> bool:
        """Whether a glyph stands on this line, near what it already has."""
        size = max(self.size, glyph.size)
        if not self.left - size < glyph.x < self.right + _NEAR * size:
            return False
        rise = abs(glyph.baseline - self.baseline)
        small = min(self.size, glyph.size) < _SMALL * size
        return rise <= _SAME_BASELINE * size or (small and rise <= _RAISED * size)

    def add(self, glyph: Glyph) -> None:
        """Take a glyph."""
        if glyph.size > self.size and len(self.glyphs) < 3:
            self.baseline, self.size = glyph.baseline, glyph.size
        self.left, self.right = min(self.left, glyph.x), max(self.right, glyph.box[2])
        self.glyphs.append(glyph)


def scattered(text: str) -> bool:
    """Whether letters of words stand apart in a text."""
    text = unicodedata.normalize("NFC", text)
    words = len(_WORDS.findall(text))
    return words > 5 and len(_LONE.findall(text)) > _SCATTERED * words


def early(rows: Sequence[Row], height: float) -> list[Row]:
    """The rows with a letterhead that the stream brings after the text moved to where it stands.

    A second column begins at the top too, but its lines go on below: it stays where the stream has it.
    """
    kept: list[Row] = []
    late: list[Row] = []
    low = 0
    for top, group in groupby(rows, key=lambda row: row.box is not None and row.box[3] < _TOP * height):
        run = list(group)
        if top and low > _LOW_ROWS and not _goes_on(run[-1], rows[len(kept) + len(late) + len(run) :]):
            late += run
        else:
            kept += run
        low += sum(row.box is not None and row.box[1] > height / 2 for row in run)
    for row in late:
        box = row.box or (0.0, 0.0, 0.0, 0.0)
        below = (i for i, other in enumerate(kept) if other.box and other.box[1] > box[1])
        kept.insert(next(below, len(kept)), row)
    return kept


def _goes_on(row: Row, following: Sequence[Row]) -> bool:
    """Whether the next row of the stream stands right below, as the next line of a paragraph or column does."""
    after = following[0].box if following else None
    if row.box is None or after is None:
        return False
    tall = max(row.box[3] - row.box[1], after[3] - after[1])
    return 0 < after[1] - row.box[1] < _NEXT_LINE * tall and after[0] < row.box[2] and row.box[0] < after[2]


def reflow(glyphs: Sequence[Glyph]) -> list[Row]:
    """The lines that the glyphs make, in the order in which the stream begins them."""
    groups: list[_Group] = []
    for glyph in glyphs:
        home = next((group for group in reversed(groups[-_LOOK_BACK:]) if group.takes(glyph)), None)
        if home is None:
            if not glyph.text.strip():
                continue
            home = _Group(glyph.baseline, glyph.size, glyph.x, glyph.box[2])
            groups.append(home)
        home.add(glyph)
    for group in groups:
        group.glyphs.sort(key=lambda glyph: glyph.x)
    gaps = sorted(gap for group in groups for gap in _gaps(group))
    usual = max(0.0, gaps[len(gaps) // 2]) if gaps else 0.0
    return [_row(group, usual + _SPACE) for group in groups]


def _gaps(group: _Group) -> list[float]:
    """Gaps between neighbouring letters, in letter sizes."""
    pairs = zip(group.glyphs, group.glyphs[1:], strict=False)
    return [(b.box[0] - a.box[2]) / group.size for a, b in pairs if a.text.strip() and b.text.strip()]


def _row(group: _Group, gap: float) -> Row:
    letters: list[tuple[str, float | None]] = []
    last: Glyph | None = None
    for glyph in group.glyphs:
        if last is not None and last.text.strip() and glyph.text.strip():
            apart = glyph.box[0] - last.box[2]
            if apart > gap * group.size:
                letters.append(("\t" if apart > _CELL_GAP * group.size else " ", None))
        middle = (glyph.box[0] + glyph.box[2]) / 2 if glyph.text.strip() else None
        letters += [(letter, middle) for letter in glyph.text]
        last = glyph
    text = "".join(letter for letter, _ in letters)
    box = around(glyph.box for glyph in group.glyphs if glyph.text.strip())
    return Row(text, box, middles=tuple(middle for _, middle in letters))
