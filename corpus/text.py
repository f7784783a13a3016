"""Letters and syllables: what two spellings of one Vietnamese word have in common.

Legacy encodings are in `encodings`; words in the linguistic sense are cut by the indexer.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

Offsets = tuple[int, int]

CAPITALS = "A-ZĐÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""Capital letters for the inside of a character class."""
SMALL = CAPITALS.replace("A-Z", "").lower() + "a-z"
"""Small letters for the inside of a character class."""

# Eth and African D are what old keyboards and fonts left in place of Đ.
_REPAIRS = str.maketrans(
    {"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u0256": "đ"}
    | dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
)
_TONES = {"\u0300": "1", "\u0301": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_SYLLABLE = re.compile(r"[^\W\d_]+")


def normalise(text: str) -> str:
    """Bring a text to the form everything else expects: NFC, one Đ, nothing invisible.

    >>> normalise("QÐ\u200b số")
    'QĐ số'
    """
    return unicodedata.normalize("NFC", text.translate(_REPAIRS))


@cache
def _folding() -> dict[int, str]:
    table = {}
    for code in range(0x2000):
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter)[0].lower()
        table[code] = base if len(base) == 1 else letter
    return table | dict.fromkeys(map(ord, "ĐđÐðƉɖ"), "d")


def fold(text: str) -> str:
    """Lower case without diacritics, one letter for each letter of the NFC text.

    >>> fold("Uỷ ban ĐẢNG")
    'uy ban dang'
    """
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text.translate(_folding())


def _parted(syllable: str) -> tuple[str, str]:
    """The letters without tone mark, and the tone's digit ("" for the level tone)."""
    letters, tone = [], ""
    for mark in unicodedata.normalize("NFD", syllable.lower()):
        if mark in _TONES:
            tone = _TONES[mark]
        else:
            letters.append(mark)
    return unicodedata.normalize("NFC", "".join(letters)), tone


@lru_cache(maxsize=1 << 14)
def tone_key(syllable: str) -> str:
    """A key equal for the spellings of one syllable: place of the tone mark, final i or y.

    >>> tone_key("uỷ") == tone_key("Ủy") == "uy3", tone_key("kỹ") == tone_key("kĩ"), tone_key("quí")
    (True, True, 'qui2')
    """
    base, tone = _parted(syllable)
    # i and y are free only where the whole rime is that vowel: lý/lí, quý/quí, but not tai/tay.
    if base.endswith("y") and (base[:-1] == "qu" or (len(base) > 1 and not _vowel(base[-2]))):
        base = base[:-1] + "i"
    return base + tone


def _vowel(letter: str) -> bool:
    return fold(letter) in "aeiouy"


def syllables(text: str) -> tuple[Offsets, ...]:
    """Start and end of every run of letters, in text order."""
    return tuple(match.span() for match in _SYLLABLE.finditer(text))


_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu
iêc iêm iên iêng iêp iêt iêu y yêm yên yêng yêt yêu
o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay
oăc oăm oăn oăng oăt oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh uôc uôi uôm uôn uông uôt uơ
uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưng ưt ưu
ươc ươi ươm ươn ương ươp ươt ươu
"""
_ONSETS = " b c ch d đ g gh gi h k kh l m n ng ngh nh p ph r s t th tr v x"


@cache
def _known() -> frozenset[str]:
    rimes = _RIMES.split()
    front = tuple("eêiy")
    known = set(rimes)
    for onset in _ONSETS.split():
        for rime in rimes:
            if onset in ("k", "gh", "ngh") and not rime.startswith(front):
                continue
            if onset in ("c", "ng") and rime.startswith(front):
                continue
            known.add(onset + rime)
    known.update("q" + rime for rime in rimes if rime[0] == "u" and len(rime) > 1)
    known.update("qu" + rime for rime in rimes if rime[0] not in "uoươ")
    return frozenset(known | {"quôc", "quông", "quơ", "giêng", "giêt", "giên", "giêm", "giêu", "giêc"})


def is_syllable(word: str) -> bool:
    """Say whether a word could be a Vietnamese syllable, by onset, rime and tone.

    >>> is_syllable("nghiệp"), is_syllable("ngiệp"), is_syllable("hoc")
    (True, False, False)
    """
    base, tone = _parted(word)
    if base.endswith(("p", "t", "c", "ch")) and tone not in ("2", "5"):
        return False
    return base in _known()
