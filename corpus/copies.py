"""Whether two texts are versions of one paper: a draft and what was issued, a Word file and its scan.

Texts meet by sketches: equal texts have equal sketches, and texts that are much the same share some of their bands.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import islice

from corpus import number
from corpus.resolve import Known
from corpus.text import fold

BINS = 64
ROWS = 4
"""Bins in a band: texts that share 8 of 10 runs of words share a band almost surely, those with 3 of 10 seldom."""
RUN = 3
"""Syllables in a run; longer runs would not survive the errors of a scan."""
MOST = 20_000
"""Runs that are looked at: of a longer text its beginning speaks for it."""
ALIKE = 0.8
ALIKE_NUMBERED = 0.5
"""What must be shared where number and day are the same: a scan read badly."""
SHORTEST = 30
"""Runs below which two texts say nothing of each other."""
_SYLLABLE = re.compile(r"[^\W_]+")

Sketch = tuple[int, ...]
"""The least value in each bin; -1 for an empty one."""


def runs(text: str) -> set[int]:
    """The runs of syllables of a text, as numbers."""
    words = [word.encode() for word in islice(_SYLLABLE.findall(fold(text)), MOST)]
    return {zlib.crc32(b" ".join(words[at : at + RUN])) for at in range(len(words) - RUN + 1)}


def sketch(text: str) -> Sketch:
    """A short likeness of a text, the same on every machine."""
    least = [-1] * BINS
    for run in runs(text):
        bin, value = run % BINS, run // BINS
        if least[bin] < 0 or value < least[bin]:
            least[bin] = value
    return tuple(least)


def bands(sketched: Sketch) -> Iterator[str]:
    """The keys under which a sketch meets those much like it; none for a text of a few words."""
    for start in range(0, BINS, ROWS):
        band = sketched[start : start + ROWS]
        if -1 not in band:
            yield f"{start}:{zlib.crc32(repr(band).encode()):08x}"


def likeness(one: str, other: str) -> float:
    """How much of all runs of two texts both have; 0 for texts too short to tell."""
    ours, theirs = runs(one), runs(other)
    if min(len(ours), len(theirs)) < SHORTEST:
        return 0.0
    return len(ours & theirs) / len(ours | theirs)


def versions(one: Known, other: Known, alike: float) -> str | None:
    """Why two papers may be versions of one, in Vietnamese; None when their heads contradict or little is shared."""
    pairs = (
        (one.number and number.key(one.number), other.number and number.key(other.number)),
        (one.issued_on, other.issued_on),
        (one.issuer and fold(one.issuer), other.issuer and fold(other.issuer)),
        (one.kind, other.kind),
    )
    if any(ours and theirs and ours != theirs for ours, theirs in pairs):
        return None
    numbered = all(ours and ours == theirs for ours, theirs in pairs[:2])
    if alike < (ALIKE_NUMBERED if numbered else ALIKE):
        return None
    reasons = [f"giống nhau {alike:.0%}"]
    if numbered:
        reasons.append("cùng số, ngày")
    elif not (one.number and other.number):
        reasons.append("một bản chưa có số" if one.number or other.number else "đều chưa có số")
    return ", ".join(reasons)
