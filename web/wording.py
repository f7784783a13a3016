"""Jinja filters that put tasks, sections and evidence into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, url_for
from markupsafe import Markup

from corpus.bodyname import proper
from corpus.model import Task
from corpus.text import fold
from indexer.views import EvidenceView, Target, TaskView
from web import matrix
from web.filters import marked

_READ = {
    "text-layer": "lớp chữ của PDF", "ocr": "nhận dạng chữ trên ảnh quét", "docx": "tệp Word",
    "doc": "tệp Word đời cũ", "text": "văn bản thuần",
}  # fmt: skip
_ROMAN = re.compile(r"[ivxlc]+")
_PREFIXED = re.compile(r"(vb|pl|kt|mau|bieu|ch|d|k|m|p|r)?([\w-]*)")
_LARGE = {
    "pl": "Phụ lục {}", "kt": "phần kèm theo", "mau": "Mẫu số {}", "bieu": "Biểu số {}", "ch": "Chương {}",
    "d": "Điều {}", "m": "Mục {}", "p": "Phần {}", "vb": "văn bản thứ {} trong tệp",
}  # fmt: skip
_FIGURES = re.compile(r"số liệu ([^;]+)")
"""Figures of the passage that a reason names."""
_AGAINST = re.compile(r"(?:còn|chưa|không|trùng|mới đạt)\b")
TITLE_LENGTH = 96
SHORTEST_TITLE = 25
_CITED = re.compile(r"\bsố\s+(\d+[\w/&.-]*[^\W\d_])(?:\s+ngày\s+\d{1,2}/\d{1,2}/\d{4})?")
"""A paper as prose names it: «số 11-CT/TW ngày 13/4/2007»."""
_TERM = re.compile(
    r"[\s,;]*(?:(?:và\s)?(?:hoàn thành|xong|thực hiện xong)\s)?"
    r"(?:trước|chậm nhất(?: là)?|trong|đến hết|xong)\s+(?:ngày|tháng|quý|năm)\s[^.;]{1,40}[\s.;]*$"
)
"""The term at the end, which stands beside the title anyway."""
_DANGLING = re.compile(r"(?:\s(?:và|các|của|số|ngày|về|tại|với|cho|trong|theo|là|để|những|một|đến))+$")
_BETWEEN = 45  # characters that may stand before a body: «Trong quý IV/2016,», «chủ trì, phối hợp với»
_SHORTEST = 15  # characters of an action that says something by itself
_DUTY = re.compile(
    r"^[\s,:;]*(?:(?:huyện|tỉnh|xã|thành phố)\s)?(?:(?:chủ trì|phối hợp|có trách nhiệm|chịu trách nhiệm|đồng chủ trì)"
    r"[\s,]*(?:với|cùng)?[\s,]*)*"
)
_ABOUT = re.compile(r"^(?:về\s+(?:việc\s+)?|v/v:?\s+)", re.IGNORECASE)
_LEVEL = re.compile(
    r"(?<!,)(?<!các)\s(?:huyện|quận|tỉnh|thành phố|thị xã|xã|phường|Huyện ủy|Tỉnh ủy|Thành ủy|Đảng ủy)$"
)
_CLASS = re.compile(r"^(?:Các|Mỗi|Từng|Những|Toàn)\b")
_SHORT_NAMES = (
    ("Ủy ban Mặt trận Tổ quốc Việt Nam", "MTTQ"), ("Mặt trận Tổ quốc Việt Nam", "MTTQ"), ("Mặt trận Tổ quốc", "MTTQ"),
    ("Ủy ban nhân dân", "UBND"), ("Uỷ ban nhân dân", "UBND"), ("Hội đồng nhân dân", "HĐND"),
    ("Giáo dục và Đào tạo", "GD&ĐT"), ("Lao động - Thương binh và Xã hội", "LĐ-TB&XH"),
    ("Tài nguyên và Môi trường", "TN&MT"), ("Nông nghiệp và Phát triển nông thôn", "NN&PTNT"),
    ("Khoa học và Công nghệ", "KH&CN"), ("Kế hoạch và Đầu tư", "KH&ĐT"), ("Văn hóa và Thông tin", "VH&TT"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against a proposal."""

    words: str
    against: bool


def place(section: str) -> str:
    """How the people who wrote it would name a section, from its id; `corpus.sections.place` knows more.

    >>> place("iii.5"), place("d5.k2.a"), place("pl1.ri.r2"), place("ch2.m1")
    ('mục III.5', 'điểm a khoản 2 Điều 5', 'dòng 2, Phụ lục 1', 'Mục 1 Chương II')
    >>> place("vb2"), place("vb2.ii.1")
    ('văn bản thứ 2 trong tệp', 'mục II.1, văn bản thứ 2 trong tệp')
    """
    small: list[str] = []
    numbers: list[str] = []
    large: list[str] = []
    article = False
    for part in filter(None, re.sub(r"~\d+", "", section).split(".")):
        prefix, number = _PREFIXED.fullmatch(part).groups()  # type: ignore[union-attr]
        if prefix in _LARGE:
            large.insert(0, _LARGE[prefix].format(_roman(number) if prefix == "ch" else number.upper()).strip())
            article = article or prefix == "d"
        elif prefix == "k":
            small.insert(0, f"khoản {number}")
        elif prefix == "r":
            small = [f"dòng {number}"] if number.isdigit() else small
        elif article or (small and not numbers):
            small.insert(0, f"điểm {part.removeprefix('n')}")
        else:
            numbers.append(part.upper() if _ROMAN.fullmatch(part) and not numbers else part.removeprefix("n"))
    inner = [f"mục {'.'.join(numbers)}"] if numbers else []
    if article:
        return " ".join([*small, *large])
    words = [*small, *inner]
    return ", ".join(filter(None, [" ".join(words), " ".join(large)])) if words else " ".join(large)


def _roman(number: str) -> str:
    """Chapters are printed with Roman numbers and have Arabic ones in ids."""
    value, said = int(number) if number.isdigit() else 0, ""
    for size, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        said += letters * (value // size)
        value %= size
    return said or number.upper()


def task_place(view: TaskView) -> str:
    """Where the task stands in its plan."""
    return place(view.task.section)


def evidence_place(view: EvidenceView) -> str:
    """Where the evidence stands in its report."""
    return place(view.section or "")


def action(task: Task) -> str:
    """What is to be done, without who does it and with whom, where the wording begins with them.

    >>> from corpus.model import Span
    >>> action(Task("ii.4", "Hội Khuyến học huyện chủ trì, phối hợp với các xã phát triển hội ở cơ sở",
    ...     Span(0, 1), ("Hội Khuyến học huyện",), ("các xã",)))
    'Phát triển hội ở cơ sở'
    """
    words = " ".join(task.wording.split())
    bare, at = fold(words), 0
    for name in (*task.lead, *task.partners):
        found = bare.find(fold(name), at, at + len(name) + _BETWEEN)
        at = found + len(name) if found >= 0 else at
    rest = _DUTY.sub("", words[at:]) if at else words
    return capital(rest) if len(rest) >= _SHORTEST else words


def wording_title(task: Task) -> str:
    """What is to be done in brief: papers by number alone, the term left out, cut where a phrase ends.

    >>> from corpus.model import Span
    >>> wording_title(Task("ii.1", "Học tập Chỉ thị số 11-CT/TW ngày 13/4/2007 và Quyết định số 89/QĐ-TTg, xong "
    ...     "trước ngày 31/12/2016", Span(0, 1)))
    'Học tập Chỉ thị 11-CT/TW và Quyết định 89/QĐ-TTg'
    """
    words = _CITED.sub(r"\1", action(task))
    stripped = _TERM.sub("", words)
    words = stripped if len(stripped) >= SHORTEST_TITLE else words
    if len(words) <= TITLE_LENGTH:
        return words.rstrip(" .,;")
    stop = max(words.rfind(mark, 40, TITLE_LENGTH) for mark in (";", ".", ","))
    stop = stop if stop > 0 else words.rfind(" ", 0, TITLE_LENGTH)
    return _DANGLING.sub("", words[:stop].rstrip(" ,;.")) + "…"


def task_title(view: TaskView) -> str:
    """The heading of its section where that is short, else its own words."""
    task = view.task
    if task.added or (task.by and not task.extension):
        return wording_title(task)  # a person's words, which may not be those of the section
    title = " ".join((view.section_title or "").split())
    return title.rstrip(" .:;") if 0 < len(title) <= 70 else wording_title(view.task)


def task_words(text: str) -> str:
    """A heading or the opening of a task's words, short enough for a list.

    >>> task_words("Phát triển tổ chức hội:")
    'Phát triển tổ chức hội'
    """
    words = " ".join(text.split()).rstrip(" .:;")
    return words if len(words) <= 90 else words[:90].rsplit(" ", 1)[0] + " …"


def subject(title: str) -> str:
    """A title as a heading: without the «về» that joins it to the name of its type.

    >>> subject("về việc xây dựng xã hội học tập")
    'Xây dựng xã hội học tập'
    """
    return capital(_ABOUT.sub("", title.strip()))


def marked_subject(title: str, marks: Iterable[tuple[int, int]]) -> Markup:
    """A title as a heading, with the stretches of `marks` (offsets in the title as read) in `<mark>`."""
    shown = subject(title)
    gone = len(title.rstrip()) - len(shown)
    return marked(shown, [(start - gone, end - gone) for start, end in marks if start >= gone])


def within(body: str) -> str:
    """A body's name inside a sentence: «nhiệm vụ của các chi bộ»."""
    return body[:1].lower() + body[1:] if _CLASS.match(body) else body


def short_name(body: str) -> str:
    """A body's name as it stands over a narrow column, by the abbreviations every office uses.

    >>> short_name("Ủy ban nhân dân huyện"), short_name("Phòng Giáo dục và Đào tạo")
    ('UBND huyện', 'Phòng GD&ĐT')
    """
    for long, short in _SHORT_NAMES:
        body = body.replace(long, short)
    return body


def short_names(bodies: Sequence[str]) -> list[str]:
    """Names over columns: without the level that goes without saying, where that leaves no two the same.

    >>> short_names(["Hội Khuyến học huyện", "Ủy ban nhân dân huyện", "Ban Tuyên giáo Huyện ủy"])
    ['Hội Khuyến học', 'UBND huyện', 'Ban Tuyên giáo']
    >>> short_names(["Ủy ban nhân dân các huyện, thành phố"])
    ['UBND các huyện, thành phố']
    """
    names = [short_name(body) for body in bodies]
    bare = [_LEVEL.sub("", name) for name in names]
    return [
        short if len(short.split()) > 2 and bare.count(short) == 1 else name
        for name, short in zip(names, bare, strict=True)
    ]


def capital(words: str) -> str:
    """First letter in upper case."""
    return words[:1].upper() + words[1:]


def sentence(words: str) -> str:
    """Capital first, one full stop last."""
    return capital(words.strip()).rstrip(". ") + "."


def reasons(text: str) -> tuple[Reason, ...]:
    """The reasons of a proposal, one by one."""
    parts = [part.strip() for part in text.split(";")]
    return tuple(Reason(part, bool(_AGAINST.match(part))) for part in parts if part)


def quoted(view: EvidenceView) -> tuple[tuple[str, bool], ...]:
    """The quote in pieces: figures that the reasons name are marked."""
    named = _FIGURES.findall(view.reason)
    words = "|".join(re.escape(one.strip()) for one in sorted(named, key=len, reverse=True) if one.strip())
    if not words:
        return ((view.quote, False),)
    pieces = re.split(rf"(?<!\w)({words})(?!\w)", view.quote, flags=re.IGNORECASE)
    return tuple((piece, bool(at % 2)) for at, piece in enumerate(pieces) if piece)


def source_words(source: str) -> str:
    """How a text was got out of its file."""
    return _READ.get(source, source)


def address(target: Target) -> str:
    """Where a citation leads: to the section it names when there is one."""
    anchor = quote(target.section) if target.section else None
    return url_for("documents.read", document=target.document, _anchor=anchor)


def register(app: Flask) -> None:
    """Make the filters known to templates."""
    app.jinja_env.filters |= {
        "place": place, "task_place": task_place, "evidence_place": evidence_place, "capital": capital,
        "proper": proper, "subject": subject, "marked_subject": marked_subject, "within": within,
        "short_name": short_name, "wording_title": wording_title, "task_words": task_words,
        "task_title": task_title, "short_names": short_names, "quoted": quoted,
        "sentence": sentence, "reasons": reasons,
        "source_words": source_words, "address": address, "cell_of": matrix.address,
    }  # fmt: skip
