"""Vietnamese written in plain ASCII (VIQR, RFC 1456): marks follow their letters, as in letters before Unicode."""

from __future__ import annotations

import re
import unicodedata

from corpus import encodings

_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_TONES = {"`": "\u0300", "'": "\u0301", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_SHAPED = re.compile(r"\\(.)|([dD])[dD]|([aAeEoOuUiIyY])([\^(+*`'?~.]{0,2})")
_TAKES = {"^": "aAeEoO", "(": "aA", "+": "oOuU", "*": "oOuU"}
_STOP = re.compile(r"[.?](?=\s*$|\s+[^a-z\s]|[.?\"'])", re.MULTILINE)
"""Where a point or question mark ends a sentence, and is no tone."""
_MARGIN = 0.3
_SAMPLE = 4000


def decode(text: str) -> str:
    r"""Read marks that follow their letters; `\` keeps the next character as it is.

    >>> decode("U?y ban nha^n da^n huye^.n Dda.i La.c, d+o+n vi.")
    'Ủy ban nhân dân huyện Đại Lạc, d+ơn vi.'
    """
    stops = {match.start() for match in _STOP.finditer(text)}

    def letter(match: re.Match[str]) -> str:
        kept, stroke, vowel, following = match.groups()
        if kept is not None:
            return kept
        if stroke:
            return "đ" if stroke == "d" else "Đ"
        marks, used = _marks(vowel, following, match.start(4), stops)
        return unicodedata.normalize("NFC", vowel + marks) + following[used:]

    return _SHAPED.sub(letter, text)


def _marks(vowel: str, following: str, at: int, stops: set[int]) -> tuple[str, int]:
    """The marks that a vowel takes of what follows it, at most a shape and a tone, in either order; how many."""
    shape = tone = ""
    for used, sign in enumerate(following):
        if not shape and vowel in _TAKES.get(sign, ""):
            shape = _SHAPES[sign]
        elif not tone and sign in _TONES and at + used not in stops:
            tone = _TONES[sign]
        else:
            return shape + tone, used
    return shape + tone, len(following)


def recognised(text: str) -> bool:
    """Whether an ASCII text reads as Vietnamese only with its marks put on the letters."""
    sample = text[:_SAMPLE]
    if not sample.isascii() or not _SHAPED.search(sample):
        return False
    read = decode(sample)
    return encodings.telling(read) * 20 > len(read) and encodings.quality(read) > encodings.quality(sample) + _MARGIN
