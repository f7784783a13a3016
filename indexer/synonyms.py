"""Other ways to say what was typed: abbreviations both ways, words of everyday life for those of the papers.

The office adds its own in `dong-nghia.txt` in the data folder, one line each: «ba mẹ = bố mẹ = cha mẹ» both ways,
«sổ đỏ > giấy chứng nhận quyền sử dụng đất» one way, `#` before a remark.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from corpus import lexicon
from corpus import text as letters
from indexer.tokens import Syllable, syllable

log = logging.getLogger(__name__)

FILE = "dong-nghia.txt"
"""Name of the office's own list in the data folder."""
_SHORTEST = 3  # letters of an abbreviation searched for a full form: «nghị định» is not said «NĐ» in text
_MOST = 4  # other wordings of one stretch

# What people ask with, and what the papers say instead.
USUAL = """
là gì > giải thích từ ngữ
thế nào là > giải thích từ ngữ
được hiểu như thế nào > giải thích từ ngữ
được hiểu thế nào > giải thích từ ngữ
hiểu như thế nào > giải thích từ ngữ
bố mẹ = cha mẹ = ba mẹ = cha, mẹ
qua đời > chết
ở tù > phạm nhân
ngồi tù > chấp hành án phạt tù
đi tù > phạt tù
sổ đỏ = bìa đỏ > giấy chứng nhận quyền sử dụng đất
sổ hồng > giấy chứng nhận quyền sở hữu nhà ở
chứng minh thư > chứng minh nhân dân
bằng lái = bằng lái xe > giấy phép lái xe
lương hưu > hưu trí
nghỉ việc > chấm dứt hợp đồng lao động
đuổi việc > sa thải
lên lương > nâng bậc lương
tăng lương > nâng lương
ly dị > ly hôn
nhà báo = phóng viên
xe máy > xe mô tô
hàng xóm > bất động sản liền kề
cho vay nặng lãi > cho vay lãi nặng
tiền lương = tiền công
"""


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """What can be said otherwise."""

    readings: Mapping[str, str]
    """Abbreviation → its only reading."""
    others: Mapping[tuple[str, ...], tuple[str, ...]]
    """Keys of syllables → other wordings."""

    @property
    def longest(self) -> int:
        """Syllables of the longest entry."""
        return max(map(len, self.others), default=0)


@cache
def _readings() -> Mapping[str, str]:
    return {
        short: long[0].partition("(")[0].strip()
        for short, long in lexicon.abbreviations().items()
        if len(long) == 1 and short.isalpha() and " " in long[0].partition("(")[0].strip()
    }


def _keys(words: str) -> tuple[str, ...]:
    return tuple(syllable(words[start:end]).key for start, end in letters.syllables(words))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """What is typed and what is searched with it."""
    for line in letters.normalise(text).splitlines():
        said, _, meant = line.partition("#")[0].partition(">")
        both = [words.strip() for words in said.split("=") if re.search(r"\w", words)]
        yield from ((one, other) for one in both for other in both if one != other)
        if re.search(r"\w", meant):
            yield from ((one, meant.strip()) for one in both)


def _thesaurus(entries: Iterable[tuple[str, str]]) -> Thesaurus:
    found: dict[tuple[str, ...], list[str]] = {}
    for words, other in entries:
        for keys in (_keys(words), _keys(letters.fold(words))):
            said = found.setdefault(keys, []) if keys else []
            if other not in said and len(said) < _MOST:
                said.append(other)
    return Thesaurus(_readings(), {keys: tuple(said) for keys, said in found.items()})


def _own() -> Iterator[tuple[str, str]]:
    short = ((long, abbreviation) for abbreviation, long in _readings().items() if len(abbreviation) >= _SHORTEST)
    seen: set[str] = set()
    for long, abbreviation in short:
        if long not in seen:
            yield long, abbreviation
            seen.add(long)


@cache
def usual() -> Thesaurus:
    """What every office has."""
    return _thesaurus((*_own(), *_entries(USUAL)))


def of(data: Path) -> Thesaurus:
    """What is searched with what is typed in the archive of a data folder; a changed file counts at once."""
    path = data / FILE
    try:
        stat = path.stat()
    except OSError:
        return usual()
    return _read(path, (stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=8)
def _read(path: Path, _stamp: tuple[int, int]) -> Thesaurus:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        log.warning("%s cannot be read and is passed over: %s", path.name, error)
        return usual()
    return _thesaurus((*_own(), *_entries(text), *_entries(USUAL)))


def _reading(printed: str, readings: Mapping[str, str]) -> str | None:
    """What an abbreviation stands for; in small letters only when it could be no word."""
    found = readings.get(printed)
    if found is None and len(printed) >= _SHORTEST and not letters.is_syllable(printed.lower()):
        found = readings.get(printed.upper())
    return found


def find(
    syllables: Sequence[Syllable], joined: Sequence[bool], printed: Sequence[str], thesaurus: Thesaurus
) -> Iterator[tuple[int, int, str, bool]]:
    """Stretches that can be said otherwise: first and last + 1 syllable, the other wording, whether it is a reading."""
    at = 0
    while at < len(syllables):
        end = at + 1
        reading = _reading(printed[at], thesaurus.readings)
        others: tuple[str, ...] = (reading,) if reading else ()
        for length in range(min(thesaurus.longest, len(syllables) - at), 0, -1) if not others else ():
            if all(joined[at + 1 : at + length]):
                others = thesaurus.others.get(tuple(s.key for s in syllables[at : at + length]), ())
                if others:
                    end = at + length
                    break
        yield from ((at, end, other, reading is not None) for other in others)
        at = end


def spelled_out(name: str) -> str:
    """A body's name with its abbreviations read out.

    >>> spelled_out("UBND huyện")
    'Ủy ban nhân dân huyện'
    """
    readings = usual().readings
    return re.sub(r"[^\W\d_]+", lambda match: _reading(match.group(), readings) or match.group(), name)
