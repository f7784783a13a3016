"""What the subject of every paper shares: its value, and the words that open and end it (trích yếu)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Kind, Span

ABOUT = re.compile(r"^[\W_]*(?:[vwil1]{1,2}\s?[/\\⁄]|v⁄?)\s?[vw%](?![^\W_])\s*[:.]?\s*", re.IGNORECASE)
ATTACHED = re.compile(r"^\W{0,3}(?:ban hành )?(?:kèm theo|đính kèm|gửi kèm|trích)\b", re.IGNORECASE)
BASIS = re.compile(r"\W{0,2}căn cứ\b", re.IGNORECASE)
NUMBERED = re.compile(
    r"^(?:của\s[^\d]{3,60}\s)?(?:số\s{0,2}:?\s?(?:\d{1,6}\s(?=/))?\S{3,40},?\s)?(?:ngày\s{0,2}\d{1,2}\s?"
    r"[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}\s|"
    r"ngày\s\d{1,2}\stháng\s\d{1,2}\snăm\s?\d{4}\s)(?=(?:của\s|về\s|v/v|[^\W\d_]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the document is and about what, and where that stands."""

    kind: Kind | None
    kind_span: Span | None
    title: str | None
    title_span: Span | None
    addressees: tuple[str, ...]
    addressees_span: Span | None
    top: int
    """Where the letterhead ends: after the line of the type, or at «V/v» or «Kính gửi»; -1: not found."""
    end: int
    """Where running text begins."""


def one_line(parts: Sequence[str]) -> str | None:
    """The lines of a title on one line, without number, day and ornaments."""
    joined = " ".join(" ".join(part.split()) for part in parts if part).strip(" *_").lstrip("-–—=~|.: ")
    joined = re.sub(r"\s+([,;.:])", r"\1", joined).strip()
    joined = NUMBERED.sub("", joined)
    if joined.endswith(")") and joined.count(")") > joined.count("("):
        joined = joined[:-1]
    return joined.rstrip(" .;:*-–_") or None
