"""Letters stored in the fonts' own codes before Unicode: TCVN3 (ABC) and VNI, and how well a text reads.

Decoding Unicode text by mistake destroys it, so `detect` answers `unicode` unless another reading is clearly better.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources

from corpus import text as letters

Encoding = str
"""`unicode`, `tcvn3` or `vni`."""

MARGIN = 0.15
"""Share of syllables by which a legacy reading must win over the text as it stands."""

_SAMPLE = 4000  # characters are enough to decide a paragraph
_HIGH = re.compile(r"[\u0080-\u02ff\u2013-\u2122]")
_SYMBOL_FONT = {0xF000 + code: code for code in range(0x20, 0x100)}  # symbol fonts shift codes up by F000
_MODERN = re.compile("[\u1ea0-\u1ef9ăĂđĐơƠưƯ]")  # letters of Unicode text that no legacy font's codes look like
_SMALL_ASCII = re.compile("[a-z]")
_SHOWN_AS = {"\u2212": 0xAD, "\u2011": 0xAD, "\u2219": 0xB7, "\u03bc": 0xB5, "\u2022": 0xB7}
"""Characters PDF programs give for some codes of a TCVN3 font: minus for ư, bullet for ã, mu for à."""
_SIGNS = re.compile("[\u00a1-\u00aa\u00ac-\u00af\u00b2-\u00b6\u00b8-\u00ba\u00bc-\u00bf]")
"""What hardly stands in Unicode text, and for letters in TCVN3: ¸ © ® but not « ° · »."""
_WORD = re.compile(r"[^\W\d_]+")


def _table(name: str) -> dict[str, dict[str, str]]:
    return json.loads((resources.files("corpus") / "data" / name).read_text(encoding="utf-8"))


@cache
def _tcvn3() -> dict[int, str]:
    table = {ord(code): letter for code, letter in _table("tcvn3.json")["letters"].items()}
    table |= {ord(shown): table[code] for shown, code in _SHOWN_AS.items()}
    return table | {0xF000 + code: letter for code, letter in table.items()} | {
        shifted: chr(code) for shifted, code in _SYMBOL_FONT.items() if code < 0x80
    }


@cache
def _vni() -> tuple[re.Pattern[str], dict[str, str]]:
    data = _table("vni.json")
    table = data["singles"] | data["tolerant"] | data["pairs"]
    keys = sorted(table, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, keys))), table


def load() -> None:
    """Read the tables now, so that processes forked later share them. Safe to repeat."""
    _tcvn3()
    _vni()
    letters.is_syllable("a")


def decode_tcvn3(text: str) -> str:
    """Read letters of a `.Vn…` font.

    >>> decode_tcvn3("Uû ban nh©n d©n tØnh Yªn B¸i")
    'Uỷ ban nhân dân tỉnh Yên Bái'
    """
    return _capitals(text.translate(_tcvn3()))


def _capitals(text: str) -> str:
    """Mend words typed in capitals: TCVN3 has no capital codes for toned letters, so «PHẦN» was kept as «PHầN».

    >>> _capitals("PHầN I. Về Dự áN"), _capitals("Số 12/QĐ-UB")
    ('PHẦN I. VỀ DỰ ÁN', 'Số 12/QĐ-UB')
    """
    if not any(_typed_in_capitals(word) for word in _WORD.findall(text)):
        return text
    if not _SMALL_ASCII.search(text):
        return text.upper()
    return _WORD.sub(lambda match: match[0].upper() if _typed_in_capitals(match[0]) else match[0], text)


def _typed_in_capitals(word: str) -> bool:
    return not word.isupper() and any(letter.isupper() for letter in word[1:]) and not _SMALL_ASCII.search(word)


def decode_vni(text: str) -> str:
    """Read letters of a `VNI-…` font.

    >>> decode_vni("UÛy ban nhaân daân tænh Ñoàng Thaùp")
    'Ủy ban nhân dân tỉnh Đồng Tháp'
    """
    pattern, table = _vni()
    return pattern.sub(lambda match: table[match.group()], text.translate(_SYMBOL_FONT))


DECODERS: dict[Encoding, Callable[[str], str]] = {"tcvn3": decode_tcvn3, "vni": decode_vni}


@lru_cache(maxsize=20_000)
def _plausible(word: str) -> bool:
    return letters.is_syllable(word)


def quality(text: str) -> float:
    """Share of words that could be Vietnamese syllables, 0…1; 0 for a text without words.

    >>> quality("Uỷ ban nhân dân"), quality("Uû ban nh©n d©n") < 0.5
    (1.0, True)
    """
    words = [word for word in _WORD.findall(letters.normalise(text)) if not _abbreviation(word)]
    if not words:
        return 0.0
    return sum(_plausible(word.lower()) for word in words) / len(words)


def _abbreviation(word: str) -> bool:
    """UBND, QĐ, Q: letters that stand for words say nothing about the encoding."""
    return word[-1:].isupper() and word.replace("Đ", "D").isascii() and not _plausible(word.lower())


def detect(paragraph: str) -> Encoding:
    """Decide from the letters alone how a paragraph was stored: `unicode`, `tcvn3` or `vni`.

    >>> detect("Céng hoµ x· héi chñ nghÜa ViÖt Nam"), detect("Cộng hòa xã hội"), detect("the café is déjà vu")
    ('tcvn3', 'unicode', 'unicode')
    """
    sample = paragraph[:_SAMPLE]
    if len(_MODERN.findall(sample)) * 50 > len(sample):
        return "unicode"
    if not _HIGH.search(sample) and not any(0xF020 <= ord(letter) <= 0xF0FF for letter in sample):
        return "unicode"
    best, score = "unicode", quality(sample) + MARGIN
    for name, decode in DECODERS.items():
        found = quality(decode(sample))
        if found > score:
            best, score = name, found
    return best


def detect_among(paragraph: str, weight: Counter[Encoding]) -> Encoding:
    """As `detect`, for a paragraph of a text of which `weight` letters are already known to be stored so or so.

    Where the rest is legacy, a short paragraph needs only to read better decoded; where the rest holds no
    Unicode letters at all, not to read worse.

    >>> detect_among("Sè", Counter(tcvn3=900)), detect_among("Ghi chú", Counter(tcvn3=900, unicode=900))
    ('tcvn3', 'unicode')
    """
    found = detect(paragraph)
    known = {name: size for name, size in weight.items() if name in DECODERS and size > 0}
    if found != "unicode" or not known or not _HIGH.search(paragraph):
        return found
    readings = {name: quality(DECODERS[name](paragraph)) for name in known}
    main = max(known, key=lambda name: (readings[name], known[name]))
    plain = quality(paragraph)
    alone = weight["unicode"] * 20 < known[main]
    return main if readings[main] > plain or (alone and readings[main] == plain) else "unicode"


@lru_cache(maxsize=512)
def of_font(font: str | None) -> tuple[Encoding, bool]:
    """Encoding a font's name promises, and whether the font draws capitals only.

    >>> of_font(".VnTimeH"), of_font("ABCDEF+VNI-Times"), of_font("Times New Roman")
    (('tcvn3', True), ('vni', False), ('unicode', False))
    """
    if not font:
        return "unicode", False
    name = font.split("+", 1)[-1].strip().lower()
    if name.startswith(".vn"):
        return "tcvn3", name.split(",")[0].split("-")[0].split(" ")[0].endswith("h")
    return ("vni", False) if name.startswith("vni") else ("unicode", False)


def telling(text: str) -> int:
    """How many letters of a text say how it was stored: those outside ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def legible(text: str) -> bool:
    """Whether a run already holds letters that no legacy font has: it is Unicode whatever the font's name says.

    >>> legible("Cộng hòa"), legible("Céng hoµ")
    (True, False)
    """
    composed = unicodedata.normalize("NFC", text)
    return any("\u1e00" <= letter <= "\u1eff" or letter in "ăĂĐđơƠưƯĩĨũŨ" for letter in composed)


def keeps_promise(text: str, name: Encoding) -> bool:
    """Whether a run in a legacy font was stored its way: many typed Unicode over the font's name.

    >>> keeps_promise("20 ®/ca", "tcvn3"), keeps_promise("báo cáo", "tcvn3"), keeps_promise("Đảng bộ", "tcvn3")
    (True, False, False)
    """
    if text.isascii():
        return True
    if legible(text):
        return False
    if _SIGNS.search(text):
        return True
    sample = text[:_SAMPLE]
    return quality(sample) <= quality(DECODERS[name](sample)) + MARGIN


def unify(paragraphs: list[str], known: Counter[Encoding] | None = None) -> tuple[list[str], Encoding]:
    """All paragraphs as Unicode, each by its own letters, and how the text was stored (`mixed` for several ways).

    `known` weighs the letters of the rest of the text, which its fonts decided.

    A paragraph too short to decide follows the rest when it holds letters that Unicode text would not.

    >>> unify(["Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Sè: 12/Q§-UB"])
    (['Cộng hoà xã hội chủ nghĩa Việt Nam', 'Số: 12/QĐ-UB'], 'tcvn3')
    """
    weight = Counter[Encoding](known or {})
    for paragraph in paragraphs:
        if (name := detect(paragraph)) != "unicode" or legible(paragraph):
            weight[name] += telling(paragraph)
    result = []
    for paragraph in paragraphs:
        name = "unicode" if legible(paragraph) else detect_among(paragraph, weight)
        result.append(DECODERS[name](paragraph) if name in DECODERS else paragraph)
    return result, summary(weight)


def summary(weight: Counter[Encoding]) -> Encoding:
    """One word for the whole text; what makes up less than a twentieth is not worth the word `mixed`."""
    total = sum(weight.values())
    large = [name for name, size in weight.items() if size * 20 > total]
    return large[0] if len(large) == 1 else "mixed" if large else "unicode"
