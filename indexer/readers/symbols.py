"""Signs of symbol fonts as Unicode: the codes are letters, what they show is arrows, ticks, boxes and Greek."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_SHIFT = 0xF000
"""Office programs keep codes of symbol fonts up here, in the area for private use."""

_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_SMALL_GREEK = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_SYMBOL = (
    dict(zip(range(0x41, 0x5B), _GREEK, strict=True))
    | dict(zip(range(0x61, 0x7B), _SMALL_GREEK, strict=True))
    | {0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2D: "-", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥", 0x7E: "∼"}
    | dict(enumerate("ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…", 0xA1))
    | dict(enumerate("⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊", 0xC4))
    | {0xE5: "∑", 0xF2: "∫"}
)
"""Adobe's Symbol encoding."""
_WINGDINGS = (
    {0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x3F: "✍", 0x46: "☞", 0x4A: "☺", 0x52: "☼", 0x6C: "●", 0x6E: "■"}
    | {0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x78: "☒", 0x7A: "⌘"}
    | {0x80: "⓪", 0x8B: "⓿", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xAC: "✶", 0xB2: "✧"}
    | dict(enumerate("①②③④⑤⑥⑦⑧⑨⑩", 0x81))
    | dict(enumerate("❶❷❸❹❺❻❼❽❾❿", 0x8C))
    | dict(enumerate("←→↑↓↖↗↙↘", 0xDF))
    | {0xD8: "➢", 0xDC: "➲", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}
)
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA2: "■", 0xA3: "☐"}
_WINGDINGS_3 = {0x75: "◆", 0x7D: "▶", 0x7C: "◀"}
_WEBDINGS = {0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗"}
_FONTS: Mapping[str, Mapping[int, str]] = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
}


@cache
def table(font: str | None) -> Mapping[int, str] | None:
    """For `str.translate`, what a symbol font shows; None for a font of letters.

    >>> "\\uf0fc".translate(table("Wingdings") or {}), "\\uf0b3".translate(table("Symbol") or {}), table("Arial")
    ('✓', '≥', None)
    """
    signs = _FONTS.get((font or "").strip().lower())
    if signs is None:
        return None
    return {code + shift: sign for code, sign in signs.items() for shift in (0, _SHIFT)} | {_SHIFT + 0x20: " "}
