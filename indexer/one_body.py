"""Bodies of plans, each one body however the plans write it: their keys, what to call them, which a reader asks for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from corpus import bodyname, sameness
from corpus.bodies import Register
from corpus.model import Heading, Task
from corpus.sameness import Home, Sense
from indexer.anchors import letters
from indexer.views import Card, PlanView

UNSAID = Sense("")
"""No body is named."""


def senses(register: Register, card: Card, heading: Heading | None, tasks: Iterable[Task]) -> dict[str, Sense]:
    """What each name of a body means in the tasks of one plan, by the name.

    `heading`: of the plan, where its issuer alone does not say its place.
    """
    home = home_of(card, heading)
    near = frozenset(body.id for body in register.named(card.issuer, on=card.issued_on)) if card.issuer else frozenset()
    found: dict[str, Sense] = {}
    for name in dict.fromkeys(name for task in tasks for name in (*task.lead, *task.partners)):
        known = register.one(name, on=card.issued_on, near=near)
        found[name] = sameness.sense(known.name if known else name, home)
    full = sameness.joined(found.values())
    return {name: full[one] for name, one in found.items()}


def home_of(card: Card, heading: Heading | None = None) -> Home:
    """Where a plan is at home."""
    found = Home.of(card.issuer)
    if heading is None or found.place:
        return found
    return Home.of(card.issuer or heading.issuer, heading.parent_issuer, heading.place)


class Bodies:
    """The leading bodies of some plans, those that several plans name as one."""

    def __init__(self, plans: Sequence[PlanView]) -> None:
        every = {(id(plan), name): plan.body(name) for plan in plans for name in _names(plan)}
        full = sameness.joined(every.values())
        self._full: Mapping[tuple[int, str], Sense] = {place: full[one] for place, one in every.items()}
        self._names: dict[Sense, Counter[str]] = defaultdict(Counter)
        self._issuers: dict[Sense, str] = {}
        for plan in plans:
            for name in _names(plan):
                one = self.of(plan, name)
                self._names[one][name] += 1
                self._issuers.setdefault(one, plan.card.issuer or "")
        self._titles = self._told_apart()

    def of(self, plan: PlanView, name: str) -> Sense:
        """The body that a plan means."""
        return self._full.get((id(plan), name), UNSAID)

    def title(self, one: Sense) -> str:
        """What it is called: as most plans do, with its place where another one is called the same; "" for none."""
        return self._titles.get(one, "")

    @property
    def titles(self) -> tuple[str, ...]:
        """What all are called, in the order of letters."""
        return tuple(sorted(filter(None, self._titles.values())))

    def asked(self, words: str) -> frozenset[Sense]:
        """The bodies a reader means: the one called so, else each that some plan names so."""
        wanted = letters(words)
        titled = {one for one, title in self._titles.items() if letters(title) == wanted}
        named = {one for one, names in self._names.items() if wanted in map(letters, names)}
        return frozenset(titled or named)

    def _told_apart(self) -> dict[Sense, str]:
        called = titles(self._names)
        same = Counter(map(letters, called.values()))
        return {
            one: title if same[letters(title)] == 1 else self._in_full(one, title) for one, title in called.items()
        }

    def _in_full(self, one: Sense, title: str) -> str:
        issuer = self._issuers[one]
        full = bodyname.in_full(title, issuer or None)
        return full if full != title or not issuer else f"{title} ({issuer})"


def _names(plan: PlanView) -> Iterable[str]:
    shares = (share.name for task in plan.tasks for share in task.shares if share.name)
    return dict.fromkeys([*shares, *(name for task in plan.tasks for name in task.task.lead)])


def titles(named: Mapping[Sense, Counter[str]]) -> dict[Sense, str]:
    """What to call each body of those named: the name used most, of those that no other one has where there is such."""
    shared = Counter(letters(name) for names in named.values() for name in {letters(name): name for name in names})
    stems = Counter(one.stem for one in named)
    return {one: _title(names, shared, plain=stems[one.stem] == 1) for one, names in named.items()}


def _title(names: Mapping[str, int], shared: Mapping[str, int], *, plain: bool) -> str:
    own: Collection[str] = [name for name in names if shared[letters(name)] == 1] or names
    if not plain:  # «Hội Nông dân huyện» beside «Hội Nông dân tỉnh»
        own = list(filter(sameness.says_unit, own)) or own
    return min(own, key=lambda name: (-names[name], len(name), name))
