"""Home and results: one box, one address."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import Blueprint, render_template, request

from archive import saved
from archive.errors import BadQuery
from corpus import number
from corpus.text import fold
from indexer import narrowing, suggestions
from indexer.views import Card, Facet, Filters, PlanView, Results, TaskState, TaskView
from web import corrections
from web.context import service, today, viewer
from web.filters import date

blueprint = Blueprint("search", __name__)

PAGE = 10
FEW = 3  # documents; with fewer found, another spelling may have been meant
COLUMNS = {
    "number": "Số, ký hiệu", "date": "Ngày ban hành", "kind": "Loại văn bản", "issuer": "Cơ quan ban hành",
    "title": "Trích yếu", "signer": "Người ký", "place": "Mục, trang", "passage": "Đoạn tìm thấy", "link": "Liên kết",
}  # fmt: skip
"""Columns of a list that is taken away."""
SORTS = {"best": "đúng nhất", "newest": "mới nhất", "oldest": "cũ nhất"}
FACETS = {
    "kind": "Loại văn bản", "issuer": "Cơ quan ban hành", "year": "Năm ban hành", "signer": "Người ký",
    "dossier": "Hồ sơ", "effect": "Hiệu lực",
}  # fmt: skip
EFFECTS = {"current": "Chưa thấy bị thay thế", "replaced": "Đã bị thay thế"}
SOON = dt.timedelta(days=30)


@blueprint.get("/")
def home() -> str:
    """The results when something is asked, else the day's overview."""
    query = request.args.get("q", "").strip()
    if query:
        return _results(query)
    findings = service().findings
    recent = findings.recent(viewer(), 20)
    late, soon = urgent(findings.plans(viewer(), today()), today())
    return render_template(
        "home.html", counts=findings.counts(viewer()), recent=recent[:5], tries=tries(recent), late=late,
        soon=soon, missing=len(findings.missing(viewer())), alerts=saved.new(service().archive, viewer()),
    )  # fmt: skip


def _results(query: str) -> str:
    asked = filters()
    sort = request.args.get("sort", "best") if request.args.get("sort") in SORTS else "best"
    page = max(1, request.args.get("page", 1, type=int))
    context = {"query": query, "filters": asked, "sort": sort, "sorts": SORTS, "page": page, "titles": FACETS}
    try:
        found = service().search(
            viewer(), query, filters=asked, limit=PAGE, offset=(page - 1) * PAGE, sort=sort, shown=1
        )
    except BadQuery as error:
        return render_template("results.html", found=None, problem=error.message("vi"), **context)
    return render_template(
        "results.html", found=found, problem=None, facets=facets(found, asked), chips=chips(found, asked),
        last=-(-found.total // PAGE), mentions=mentions(query, found), meant=meant(query, found), columns=COLUMNS,
        query_args=_kept(), editor=corrections.editor(), save_with=_narrowed(), **context,
    )  # fmt: skip


def meant(query: str, found: Results) -> str | None:
    """Another query that finds something, where this one finds nearly nothing."""
    return suggestions.instead(service().engine, query) if found.total < FEW and found.nearest == () else None


def _kept() -> dict[str, list[str]]:
    """The parameters of this search but for the page."""
    return {name: request.args.getlist(name) for name in request.args if name != "page"}


def filters() -> Filters:
    """What the address narrows the search to; values nobody can read are left out."""
    return narrowing.read(request.args.to_dict(flat=False))


def _narrowed() -> list[tuple[str, str]]:
    """What is asked here, as a form that saves the search carries it."""
    return [(name, value) for name in ("q", *narrowing.NAMES) for value in request.args.getlist(name) if value]


def chosen(asked: Filters) -> dict[str, tuple[str, ...]]:
    """The chosen values by facet, as the address writes them."""
    years = tuple(map(str, asked.years))
    return {
        "kind": asked.kinds, "issuer": asked.issuers, "year": years, "signer": asked.signers,
        "dossier": asked.dossiers, "effect": asked.effects,
    }  # fmt: skip


def facets(found: Results, asked: Filters) -> dict[str, tuple[Facet, ...]]:
    """The facets to show; a chosen value stays in sight even where nothing has it."""
    shown: dict[str, tuple[Facet, ...]] = {}
    for name, values in chosen(asked).items():
        if name == "effect" and asked.on:
            continue  # as of a day all of them stand
        given = found.facets.get(name, ())
        known = {facet.value for facet in given}
        marked = [Facet(f.value, f.label, f.count, f.value in values) for f in given]
        marked += [Facet(value, value, 0, True) for value in values if value not in known]
        shown[name] = tuple(marked)
    return shown


@dataclass(frozen=True, slots=True)
class Chip:
    """One narrowing in force, and what the address is without it."""

    words: str
    without: dict[str, list[str] | None]


def chips(found: Results, asked: Filters) -> tuple[Chip, ...]:
    """What narrows the search; runs of years are one chip."""
    labels = {(n, f.value): f.label for n, fs in found.facets.items() for f in fs}
    shown = [
        Chip(labels.get((name, value), value), _without(name, value, values))
        for name, values in chosen(asked).items()
        if name != "year"
        for value in values
    ]
    if asked.years:
        shown.append(Chip(years_in_words(asked.years), {"year": None, "page": None}))
    for name, day, words in (("since", asked.since, "Từ"), ("until", asked.until, "Đến")):
        if day:
            shown.append(Chip(f"{words} ngày {date(day)}", {name: None, "page": None}))
    return tuple(shown)


def _without(name: str, value: str, values: Sequence[str]) -> dict[str, list[str] | None]:
    return {name: [v for v in values if v != value] or None, "page": None}


def years_in_words(years: Sequence[int]) -> str:
    """«Năm 2016–2018» for a run, «Năm 2016, 2018» else."""
    run = len(years) > 1 and years[-1] - years[0] == len(set(years)) - 1
    return f"Năm {years[0]}–{years[-1]}" if run else "Năm " + ", ".join(map(str, years))


def mentions(query: str, found: Results) -> tuple[Card, ...]:
    """When a number is asked for and not held: the documents that cite it."""
    if found.total or not number.find(query):
        return ()
    findings = service().findings
    citing = findings.citing(viewer(), number.key(number.find(query)[0][1]))
    return tuple(findings.cards(viewer(), citing).values())


@dataclass(frozen=True, slots=True)
class Urgent:
    """A task in the list of what is due."""

    plan: PlanView
    task: TaskView
    days: int
    """Days overdue, or days left."""


def urgent(plans: Sequence[PlanView], on: dt.date) -> tuple[tuple[Urgent, ...], tuple[Urgent, ...]]:
    """Overdue tasks, the latest first, and those due within a month."""
    late: list[Urgent] = []
    soon: list[Urgent] = []
    for plan in plans:
        for task in plan.tasks:
            if task.state == TaskState.OVERDUE:
                late.append(Urgent(plan, task, task.days))
            elif (
                task.state in (TaskState.NOT_DUE, TaskState.ONGOING, TaskState.PARTIAL)
                and task.due is not None
                and task.due.on is not None
                and on <= task.due.on <= on + SOON
            ):
                soon.append(Urgent(plan, task, (task.due.on - on).days))
    return tuple(sorted(late, key=lambda u: u.days)), tuple(sorted(soon, key=lambda u: u.days))


# Words of titles that say nothing of the matter.
_DULL = re.compile(
    r"và|về|việc|của|các|cho|theo|trong|từ|đến|tại|đối|với|năm|số|giai|đoạn|thực|hiện|kế|hoạch|báo|cáo|kết|quả|công"
    r"|tác|trên|địa|bàn|huyện|xã|tỉnh|ban|ủy|nhân|dân|triển|khai|thông|quyết|định|chỉ|thị|hành|tăng|cường|một|những"
    r"|nội|dung|tình|hình|nhiệm|vụ|đề|nghị|văn|bản"
)


def tries(recent: Sequence[Card]) -> tuple[str, ...]:
    """Three things to try that this archive surely answers: a number, two words, two words without marks."""
    numbers = [card.number for card in recent if card.number]
    pairs: Counter[str] = Counter()
    for card in recent:
        words = re.findall(r"[^\W\d_]+", (card.title or "").lower())
        pairs.update({
            f"{a} {b}" for a, b in pairwise(words) if not _DULL.fullmatch(a) and not _DULL.fullmatch(b)
        })  # fmt: skip
    common = [pair for pair, _ in pairs.most_common(40)]
    first = common[:1]
    taken = set(first[0].split()) if first else set()
    second = [fold(pair) for pair in common if not taken & set(pair.split()) and fold(pair) != pair][:1]
    return tuple(numbers[:1] + first + second)
