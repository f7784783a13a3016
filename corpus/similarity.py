"""How much a passage and a task have in common: folded syllables and bigrams weighted by rarity."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from corpus import statements
from corpus.assignees import body_words, reading, same_body_key
from corpus.assignments import assignments
from corpus.model import Task
from corpus.text import CAPITALS, fold

BIGRAM = 1.6
"""Weight of a pair of syllables against one syllable."""
ABOVE = 0.5
"""Weight of the headings over a passage."""
SLIGHT = 0.07
"""Likeness below which a passage is not looked at."""
FAINT = 0.004
"""Likeness below which nothing is shared but small words."""
COMMON = 0.5
"""Share of its weight that a word of the titles keeps."""
GENERIC = 0.15
"""Weight of words that every assignment shares."""
UNSEEN = 30
"""Passages imagined beside those at hand: in two short papers a word both use is not common, but shared."""
MEET = 0.4
"""Share of the shorter title's telling pairs that two titles on one subject have in common."""
LEAST = 8.0
"""Length given to a clause of small words only, so that it is not like everything."""

_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*%?|[^\W\d_]+")
_BREAK = re.compile(r"[.;:!?()\"“”]")


def terms(text: str) -> list[str]:
    """Folded syllables, and pairs of them that no punctuation parts (commas may stand between)."""
    found: list[str] = []
    for piece in _BREAK.split(fold(text)):
        tokens = _TOKEN.findall(piece)
        found += tokens
        found += [f"{left} {right}" for left, right in pairwise(tokens)]
    return found


@cache
def _generic() -> frozenset[str]:
    found: set[str] = set()
    for words in statements.lexicon()["generic"]["words"]:
        bare = fold(words)
        found.add(bare)
        if bare.count(" ") > 1:
            found.update(terms(bare)[len(bare.split()) :])
        found.update(bare.split() if " " in bare else ())
    return frozenset(found)


def weight_of(term: str) -> float:
    """Weight by kind alone, before rarity."""
    if term in _generic() or all(part in _generic() for part in term.split()):
        return GENERIC * (2 if " " in term else 1)
    return BIGRAM if " " in term else 1.0


@dataclass(frozen=True, slots=True)
class Content:
    """What a task is about, bodies left out; `clauses` are its parts that can be answered alone."""

    clauses: tuple[frozenset[str], ...]


def work_of(task: Task) -> str:
    """What is to be done, bodies left out."""
    line = reading(task.wording)
    made = assignments(line)
    work = line.text[made[0].rest :] if made and made[0].start < 120 else line.text
    for name in (*task.lead, *task.partners, *task.report_to):
        work = work.replace(name, " ; ")
    return work


@lru_cache(maxsize=5_000)
def content(task: Task) -> Content:
    """The terms of the work itself: who does it and to whom it is reported are other questions."""
    work = work_of(task)
    parts = [
        part for part in re.split(r"[.;]\s|\bđồng thời\b|\btrong đó\b", work, flags=re.I) if len(part) > 15
    ]
    clauses = [frozenset(terms(part)) for part in parts] or [frozenset(terms(work))]
    if len(parts) > 1:
        clauses.append(frozenset(terms(work)))
    return Content(tuple(clauses))


class Index:
    """Likeness of every passage to every task of a plan, by an inverted index over the tasks' clauses."""

    def __init__(
        self,
        contents: Sequence[Content],
        passages: Sequence[tuple[str, str]],
        *,
        common: str = "",
        names: str = "",
    ) -> None:
        """`common`: the subject all tasks share (the titles); `names`: places, which prove nothing."""
        self.common, self.names = frozenset(terms(common)), frozenset(terms(names))
        self.passages = [(terms(text), set(terms(above)) if above else set()) for text, above in passages]
        self.clauses = [(task, clause) for task, one in enumerate(contents) for clause in one.clauses]
        self.weight = self._rarity()
        self.telling = {term for term in self.weight if " " in term and weight_of(term) > 1} - self.names
        self.norm = [max(LEAST, self._length(clause)) for _, clause in self.clauses]
        self.postings: Mapping[str, list[int]] = defaultdict(list)
        for number, (_, clause) in enumerate(self.clauses):
            for term in clause:
                self.postings[term].append(number)
        # What nearly every task says tells none from another, and would cost the most.
        most = max(40, len(self.clauses) // 5)
        self.postings = {term: found for term, found in self.postings.items() if len(found) <= most}

    def _rarity(self) -> dict[str, float]:
        seen: Counter[str] = Counter()
        for words, _ in self.passages:
            seen.update(set(words))
        for _, clause in self.clauses:
            seen.update(clause)
        total = len(self.passages) + len(self.clauses) + UNSEEN
        return {term: self._kind(term) * math.log(1 + total / (1 + count)) for term, count in seen.items()}

    def _kind(self, term: str) -> float:
        if term in self.names:
            return GENERIC
        return weight_of(term) * (COMMON if term in self.common else 1.0)

    def _length(self, found: Iterable[str]) -> float:
        return math.sqrt(sum(self.weight.get(term, 0.0) ** 2 for term in found)) or 1.0

    def likest(self, passage: int, keen: Collection[int]) -> Iterator[tuple[int, float, tuple[str, ...]]]:
        """(task, likeness, shared phrases) for each task that shares enough with the passage.

        `keen`: tasks for which faint likeness counts, too.
        """
        ordered, above = self.passages[passage]
        words = set(ordered)
        products: dict[int, float] = defaultdict(float)
        for term in words | above:
            found = self.postings.get(term)
            if found:
                share = self.weight[term] ** 2 * (1.0 if term in words else ABOVE)
                for clause in found:
                    products[clause] += share
        length = self._length(words)
        best: dict[int, tuple[float, int]] = {}
        for clause, product in products.items():
            likeness = self._likeness(product, self.norm[clause], length)
            task = self.clauses[clause][0]
            if likeness > best.get(task, (0.0, 0))[0]:
                best[task] = (likeness, clause)
        for task, (likeness, clause) in best.items():
            if likeness >= FAINT if task in keen else likeness >= SLIGHT:
                shared = self.clauses[clause][1]
                yield task, min(1.0, likeness + self._run(ordered, shared)), self._shared(words, shared)

    @staticmethod
    def _likeness(product: float, clause: float, passage: float) -> float:
        """Between cosine and coverage of the task: a long passage may answer a short task."""
        cosine = product / (clause * passage)
        covered = math.sqrt(product) / clause
        return 0.5 * min(1.0, cosine) + 0.5 * min(1.0, covered) ** 1.5

    def _run(self, ordered: Sequence[str], clause: frozenset[str]) -> float:
        """What a long run of the same words adds: «công bố danh mục thủ tục hành chính»."""
        longest = current = telling = 0
        for term in ordered:
            if " " not in term:
                continue
            if term in clause:
                current += 1
                telling += term in self.telling
                longest = max(longest, current if telling > 1 else 0)
            else:
                current = telling = 0
        return min(0.2, max(0, longest - 2) * 0.03)

    def _shared(self, words: set[str], clause: frozenset[str]) -> tuple[str, ...]:
        shared = words & clause & self.telling
        return tuple(sorted(shared, key=lambda term: (-self.weight[term], term))[:3])


def restates(task: str, passage: str) -> bool:
    """Whether a passage only repeats the task, with nothing of its own to tell."""
    asked, told = set(_TOKEN.findall(fold(task))), _TOKEN.findall(fold(passage))
    own = [word for word in told if word not in asked]
    return len(own) <= max(1, len(told) // 5)


def says_only(heading: str, titles: str) -> bool:
    """Whether a heading has no telling pair of words that the titles lack: «Kết quả thực hiện Chương trình»."""
    known = set(terms(titles))
    return all(term in known or not _SMALL.isdisjoint(term.split()) for term in _telling(heading))


_RATE = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{1,2})?)\s?%")
_OUT_OF = re.compile(
    r"(?P<day>(?:ngày|hết|đến|trước|sau|từ)\s)?(?<![\d./])(\d{1,3}(?:\.\d{3})*)\s?/\s?(\d{1,3}(?:\.\d{3})*)(?![\d/.])"
    r"(?P<of>\s[^\W\d_])?"
)


def below_target(task: str, passage: str) -> bool:
    """Whether the passage gives a rate below the task's target, or a count below its whole.

    >>> below_target("đạt 100% công dân", "thu nhận 94,6%"), below_target("tối thiểu 90%", "đạt 95%")
    (True, False)
    """
    rates = [float(rate.replace(",", ".")) for rate in _RATE.findall(passage)]
    targets = [float(rate.replace(",", ".")) for rate in _RATE.findall(task)]
    if rates and targets:
        return max(rates) < max(targets)
    if len(rates) > 1 and re.search(r"chỉ tiêu|kế hoạch|đề ra|mục tiêu", passage):
        return rates[0] < max(rates[1:])
    return any(done < whole and whole > 2 for done, whole in counts(passage) if whole < 3_000_000)


def counts(passage: str) -> list[tuple[int, int]]:
    """«68/74 thôn»: how many of how many; days such as «ngày 3/6» are not counts.

    >>> counts("có 04/06 trung tâm xếp loại khá, ngày 3/6 họp; đạt 57/74")
    [(4, 6), (57, 74)]
    """
    found = []
    for one in _OUT_OF.finditer(passage):
        done, whole = (int(one[group].replace(".", "")) for group in (2, 3))
        looks_like_day = done <= 31 and whole <= 12
        if not one["day"] and (one["of"] or not looks_like_day):
            found.append((done, whole))
    return found


def titles_meet(plan: str | None, paper: str | None, *, without: str = "") -> bool:
    """Whether the subjects of two papers share at least two telling pairs of words.

    `without`: names that prove nothing, such as the issuer and its province.
    """
    names = set(terms(without))
    ours, theirs = _telling(plan or "") - names, _telling(paper or "") - names
    shared = len(ours & theirs)
    return bool(ours) and shared >= min(2, len(ours)) and shared >= MEET * min(len(ours), len(theirs))


def covered(title: str, text: str) -> float:
    """The share of a title's telling pairs of words that a text holds; 0 for titles too short to judge."""
    ours = _telling(title)
    return len(ours & set(terms(text))) / len(ours) if len(ours) >= 4 else 0.0


_SMALL = frozenset(
    ("cac", "viec", "cua", "va", "cho", "trong", "ve", "voi", "de", "tai", "theo", "nhung", "mot", "tren")
)
"""Words that only join: a pair with one of them tells nothing of a subject."""


def tells(term: str) -> bool:
    """Whether a pair of words, without marks, shows what a text is about: no two figures, and not of every task."""
    parts = term.split()
    return len(parts) == 2 and weight_of(term) > 1 and not all(part[0].isdigit() for part in parts)


def held(about: str, title: str, *, without: str = "") -> float | None:
    """The share of the telling words of a product that a title holds; None when it has none to tell.

    `without`: names of places, which prove nothing.
    """
    names = set(terms(without))
    ours = {term for term in terms(about) if weight_of(term) >= 1} - names
    telling = {term for term in ours if " " in term and _SMALL.isdisjoint(term.split())}
    if not telling:
        return None
    return len(telling & set(terms(title))) / len(telling)


def same_number(ours: str, theirs: str) -> bool:
    """Whether two numbers are one, signs and case left aside."""
    return re.sub(r"\W+", "", fold(ours)) == re.sub(r"\W+", "", fold(theirs))


def _telling(text: str) -> set[str]:
    return {term for term in terms(text) if " " in term and weight_of(term) > 1}


_NAMED_BODY = re.compile(
    r"(?<!\w)(?:Hội|Hiệp hội|Liên đoàn|Câu lạc bộ|Liên hiệp|Quỹ|Trường|Công ty|[Xx]ã|[Pp]hường|[Hh]uyện|Sở"
    rf"|Phòng)\s(?=[{CAPITALS}])"
)


_OWNED = frozenset({"hoi", "hiep", "lien", "cau", "quy", "truong", "cong", "xa", "phuong", "huyen"})
"""First words of names that single out whom the work is about; departments are named for many reasons."""
_SOCIETIES = frozenset({"hoi", "hiep", "lien", "cau"})


def names_another(task: str, lead: Sequence[str], passage: str) -> bool:
    """Whether the passage names a body of the same kind as the task's, and not the task's own."""
    own = f" {body_words(' '.join((task, *lead)))} "
    kinds = {same_body_key(name).split()[0] for name in lead if same_body_key(name)}
    kinds |= {key.split()[0] for key in _named_bodies(task)} & _OWNED
    if kinds & _SOCIETIES:
        kinds |= _SOCIETIES
    named = [key for key in _named_bodies(passage) if key.split()[0] in kinds]
    return bool(named) and not any(f" {key} " in own for key in named)


def _named_bodies(text: str) -> list[str]:
    return [
        same_body_key(text[found.start() : _name_end(text, found.end())])
        for found in _NAMED_BODY.finditer(text)
    ]


def _name_end(text: str, at: int) -> int:
    found = re.compile(rf"(?:[{CAPITALS}][^\W\d_]*\s?|(?:và|nhân|nghiệp|liệu|hóa|thể|sát)\s)+").match(text, at)
    return found.end() if found else at
