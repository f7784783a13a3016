"""What comes first, and what is not the same word; that all engines agree is the contract suite's matter."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus import text as letters
from indexer import query, ranking, tokens
from indexer.asked import Beside, Spelled
from indexer.engines import choice
from indexer.ports import Engine, Passage

ONSETS = ["b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "s", "t", "th", "tr", "v", "x"]
RIMES = ["a", "ai", "am", "an", "ang", "anh", "ao", "âu", "ăng", "e", "ê", "iên", "o", "oa", "ô", "ơ", "u", "ư", "uy"]
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


def passage(name: str, text: str, heading: str = "", title: str = "") -> Passage:
    return Passage(f"{name}#", name, "", heading, title, text, end=len(text))


def filled(folder: Path, *held: Passage) -> Engine:
    engine = choice.engine("whoosh", folder)
    engine.put(held, documents={p.document for p in held})
    return engine


def found(engine: Engine, typed: str) -> list[str]:
    return [c.document for c in engine.search(query.parse(typed), limit=1000)]


class Counted:
    """`ranking.Vocabulary` of a few passages."""

    def __init__(self, held: Sequence[Passage]) -> None:
        self.total = len(held)
        self._held = [ranking.weigh(p) for p in held]

    def held(self, field: str, term: str) -> int:
        return sum(term in getattr(weights, field) for weights in self._held)

    def variants(self, field: str, base: str) -> dict[str, int]:
        return {term: self.held(field, term) for term in self.beginning(field, base + "|")}

    def beginning(self, field: str, prefix: str) -> list[str]:
        return sorted({t for weights in self._held for t in getattr(weights, field) if t.startswith(prefix)})


def parts_of(held: Sequence[Passage], typed: str) -> list[Spelled]:
    """The words and pairs looked for."""
    group = ranking.plan(query.parse(typed), Counted(held)).group
    return [part for part in (*group.musts, *group.extras) if isinstance(part, Spelled)]


def worths(held: Sequence[Passage], typed: str) -> dict[str, float]:
    """What each syllable typed is worth."""
    return {term: part.worth for part in parts_of(held, typed) if part.field == "syllable" for term, _ in part.terms}


def toned(syllable: str, tone: str) -> str:
    vowel = max(i for i, letter in enumerate(syllable) if letters.fold(letter) in "aeiouy")
    return unicodedata.normalize("NFC", syllable[: vowel + 1] + tone + syllable[vowel + 1 :])


def minimal_pairs(count: int) -> list[tuple[str, str]]:
    """Two pairs of syllables that differ in one tone or in d and đ alone."""
    rng = random.Random(11)
    made: dict[tuple[str, str], None] = {}
    while len(made) < count:
        first, second = (rng.choice(ONSETS) + rng.choice(RIMES) for _ in range(2))
        one, other = rng.sample(TONES[1:], 2)
        left, right = f"{toned(first, one)} {toned(second, one)}", f"{toned(first, other)} {toned(second, one)}"
        if rng.random() < 0.2:
            left, right = f"d{toned('a', one)} {second}", f"đ{toned('a', one)} {second}"
        if letters.fold(left) == letters.fold(right) and left != right and letters.fold(first) != letters.fold(second):
            made[left, right] = None
    return list(made)


def test_what_is_typed_with_marks_is_found_with_these_marks_only(tmp_path: Path) -> None:
    pairs = minimal_pairs(200)
    held = [passage(f"a{i}", f"{left} {i}") for i, (left, _) in enumerate(pairs)]
    held += [passage(f"b{i}", f"{right} {i}") for i, (_, right) in enumerate(pairs)]
    engine = filled(tmp_path / "index", *held)
    for i, (left, right) in enumerate(pairs):
        for typed, mine, not_mine in ((left, f"a{i}", f"b{i}"), (right, f"b{i}", f"a{i}")):
            if typed == letters.fold(typed):
                continue  # typed without any mark, it means both
            for form in ("NFC", "NFD"):
                for written in (typed, f'"{typed}"', typed.upper()):
                    hits = found(engine, unicodedata.normalize(form, written))
                    assert mine in hits and not_mine not in hits, (written, left, right)
        hits = found(engine, letters.fold(left))
        assert {f"a{i}", f"b{i}"} <= set(hits), left


@pytest.mark.parametrize(
    ("written", "typed"),
    [("hòa giải", "hoà giải"), ("Uỷ ban", "ủy ban"), ("kỹ thuật", "kĩ thuật"), ("Đảng", "Ðảng"), ("quý", "quí")],
)
def test_spelling_habits_make_no_difference(tmp_path: Path, written: str, typed: str) -> None:
    engine = filled(tmp_path / "index", passage("a", written), passage("b", "giai ban ki thuat dang qui hoa uy"))
    for asked in (written, typed, unicodedata.normalize("NFD", typed)):
        assert found(engine, asked) == ["a"]
    assert set(found(engine, letters.fold(typed))) == {"a", "b"}


def test_words_typed_without_marks_mean_first_what_stands_together_most(tmp_path: Path) -> None:
    many = [passage(f"m{i}", f"Báo cáo số {i} về công tác năm nay của xã.") for i in range(8)]
    engine = filled(tmp_path / "index", *many, passage("x", "Bảo vệ rừng. Cao nguyên."))
    hits = found(engine, "bao cao")
    assert hits[-1] == "x" and len(hits) == 9


def test_a_long_text_gains_nothing_from_its_length(tmp_path: Path) -> None:
    long = "Học bổng cho học sinh. " + "Việc khác của xã trong năm nay. " * 40
    engine = filled(tmp_path / "index", passage("long", long), passage("short", "Học bổng cho học sinh."))
    assert found(engine, "học bổng") == ["short", "long"]


def test_neighbours_count_more_than_the_same_words_apart(tmp_path: Path) -> None:
    held = (passage("a", "Tập thể lớp học, tập vở."), passage("b", "Toàn dân học tập, làm."))
    engine = filled(tmp_path / "index", *held)
    assert found(engine, "học tập") == ["b", "a"]


def test_stored_levels_stay_close_to_the_weights() -> None:
    for made in (0.05, 0.5, 1.0, 7.3, 48.0):
        assert ranking.weight(ranking.level(made)) == pytest.approx(made, rel=0.2)


def test_a_heading_that_says_just_what_was_asked_comes_first(tmp_path: Path) -> None:
    wide = "Quỹ khuyến học, chi hội khuyến học của dòng họ và việc khen thưởng hằng năm"
    held = (
        passage("wide", "Quỹ khuyến học do xã lập và thôn góp. " * 3, wide),
        passage("just", "Do xã lập, thôn góp; mỗi hộ một phần, ghi vào sổ, cuối năm đọc trước dân.", "Quỹ khuyến học"),
        *(passage(f"r{i}", f"Việc {i} của xã: nước sạch.", "Khuyến nông, dạy học nghề") for i in range(9)),
    )
    engine = filled(tmp_path / "index", *held)
    for typed in ("quỹ khuyến học xã thôn", "quy khuyen hoc xa thon"):
        assert found(engine, typed)[:2] == ["just", "wide"], typed


def test_words_that_only_ask_decide_nothing(tmp_path: Path) -> None:
    about = passage("about", "Học bổng cho học sinh nghèo do quỹ của xã cấp hằng năm.")
    asking = passage("asking", "Dạy học như thế nào, học sinh nghèo đến lớp ra sao là việc của nhà trường.")
    rest = [passage(f"r{i}", f"Học sinh nghèo của xã, việc {i}: hằng năm quỹ cấp vở.") for i in range(9)]
    engine = filled(tmp_path / "index", about, asking, *rest)
    question = "Học bổng cho học sinh nghèo được cấp như thế nào"
    for typed in (question, letters.fold(question)):
        hits = found(engine, typed)
        assert hits[0] == "about" and "asking" not in hits[: len(rest)], typed


def test_of_few_words_those_that_only_ask_may_lack(tmp_path: Path) -> None:
    said = passage("said", "Quỹ khuyến học giúp học sinh nghèo.", "Quỹ khuyến học")
    rest = [passage(f"r{i}", f"Quỹ khuyến học, việc {i}; không là gì khác.") for i in range(9)]
    engine = filled(tmp_path / "index", said, *rest, passage("other", "Xe đạp là gì."))
    for typed in ("Quỹ khuyến học là gì", "quy khuyen hoc la gi", "Quỹ khuyến học gì"):
        hits = found(engine, typed)
        assert "said" in hits and "other" not in hits, typed


def test_a_quotation_finds_the_very_text_it_was_copied_from(tmp_path: Path) -> None:
    held = (
        passage("a", "Việc phòng, chống ma túy năm 2016."), passage("b", "Phòng họp. Không ma túy; chống trộm."),
        passage("c", "Phòng chống ma túy."),
    )  # fmt: skip
    engine = filled(tmp_path / "index", *held)
    assert set(found(engine, '"phòng, chống ma túy"')) == {"a", "c"}
    assert found(engine, 'ma túy -"phòng, chống ma túy"') == ["b"]


def test_a_word_said_three_times_does_not_drown_the_rest() -> None:
    held = (
        passage("often", "Doanh nghiệp nộp thuế; doanh nghiệp kê khai; doanh nghiệp lập sổ."),
        passage("both", "Giải thể doanh nghiệp thì chấm dứt mã số."),
        *(passage(f"r{i}", f"Việc {i} của xã: phòng chống bão lũ, nước sạch, khuyến học.") for i in range(6)),
    )
    asked = "Doanh nghiệp là doanh nghiệp nhỏ nếu giải thể thì doanh nghiệp kê khai"
    worth = worths(held, asked)
    once, thrice = (worth[tokens.syllable(word).term] for word in ("khai", "nghiệp"))
    assert once < thrice < 2 * once


def test_worth_of_a_word_in_a_heading_is_its_share_of_it() -> None:
    short, long = (ranking.weigh(passage("a", "", heading)).heading for heading in ("Học bổng", "Học bổng " * 8))
    assert set(short) == set(long) == {tokens.syllable(word).term for word in ("học", "bổng")}
    # Lists are left unread where no passage can gain enough: no stored weight may be above the peak.
    peaks = [part.peak for part in parts_of([passage("a", "", "Học bổng")], "học bổng") if part.field == "heading"]
    assert peaks and min(peaks) >= ranking.weight(max(short.values()))
    few, many = (ranking.weight(next(iter(levels.values()))) for levels in (short, long))
    assert few / many == pytest.approx(4, rel=0.2)


ASKED = "Trước kỳ họp nào cử tri của xã gửi ý kiến tới {} về đường thôn thì được trả lời như thế nào?"


def test_an_abbreviation_in_a_sentence_is_worth_what_it_stands_for() -> None:
    full = "Cử tri của xã gửi ý kiến tới Hội đồng nhân dân trước kỳ họp"
    held = [passage("a", full), passage("b", "HĐND xã họp"), passage("c", "đường thôn"), passage("d", "hội của thôn")]
    short, long = (worths(held, ASKED.format(said)) for said in ("HĐND", "Hội đồng nhân dân"))
    assert short == long
    assert {tokens.syllable(word).term for word in ("hội", "đồng", "nhân", "dân")} <= short.keys()
    either = ranking.plan(query.parse(ASKED.format("HĐND")), Counted(held)).group.extras
    said = ((tokens.syllable("HĐND").term, 1.0),)
    assert [part for part in either if isinstance(part, Beside) and part.parts[0].terms == said]


def test_an_abbreviation_among_words_without_marks_says_nothing_of_their_spelling() -> None:
    held = [passage("a", "gửi tới Ủy ban nhân dân"), passage("b", "gui đường thôn"), passage("c", "cử tri xã")]
    held += [passage(f"r{n}", "học bổng") for n in range(5)]
    asked = letters.fold(ASKED)
    short, long = (
        [part.terms for part in parts_of(held, asked.format(said)) if tokens.syllable("gửi").term in dict(part.terms)]
        for said in ("UBND", "uy ban nhan dan")
    )
    assert short == long
    assert min(dict(short[0]).values()) > ranking.ELSEWHERE


def test_a_word_that_heads_many_passages_tells_less_as_a_heading() -> None:
    held = [passage(f"a{n}", "học phí", "Quyền của hội") for n in range(4)]
    held += [passage("b", "quyền", "Học phí"), *(passage(f"b{n}", "quyền học", "Hội") for n in range(3))]
    held += [passage(f"c{n}", "đường thôn", "Hội") for n in range(8)]
    rare = worths(held, "quyền học")
    assert len(set(rare.values())) == 1
    telling = {t: p.worth for p in parts_of(held, "quyền học") if p.field == "heading" for t, _ in p.terms}
    assert telling[tokens.syllable("học").term] > telling[tokens.syllable("quyền").term] > 0
