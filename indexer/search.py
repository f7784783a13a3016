"""One search: query, candidates, cards, snippets, facets. Every part sees only what the viewer may see."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from archive.errors import BadQuery
from archive.viewer import Viewer
from corpus import sections as outline
from corpus import text as letters
from corpus.model import Page, Paper, Section, Span, page_at
from indexer import highlight, papers, synonyms
from indexer import query as queries
from indexer.cards import SHOWN_NAMES
from indexer.clauses import Query, Symbol
from indexer.document_view import Stretches
from indexer.findings import Findings
from indexer.ports import Candidate, Engine, Ranked
from indexer.ranking import NUMBERED
from indexer.views import Card, Facet, Filters, Hit, PassageHit, Results

SHOWN = 3  # passages of one document
Filed = Callable[[Viewer, Collection[str]], Mapping[str, Collection[tuple[str, str]]]]
"""Code and title of the dossiers in which each of some documents lies."""


def search(
    findings: Findings, engine: Engine, viewer: Viewer, text: str, *, filters: Filters, limit: int,
    offset: int = 0, sort: str = "best", shown: int = SHOWN, filed: Filed | None = None,
    dossiers: Callable[[Viewer, str], set[str]] | None = None,
) -> Results:  # fmt: skip
    """A page of results with `shown` passages each; `sort` is `best`, `newest` or `oldest`. Raises `BadQuery`.

    `dossiers` gives the documents filed under a code or title; without it «hồ sơ:» cannot be asked. `filed` gives
    the dossiers of documents; without it there is no facet of them.
    """
    begun = time.perf_counter()
    first = offset + limit if sort == "best" else None
    query, scored = matching(findings, engine, viewer, text, filters=filters, dossiers=dossiers, first=first)
    scored = _sorted(findings, viewer, query, scored, sort)
    hits = _hits(findings, engine, viewer, query, scored[offset : offset + limit], shown)
    facets = findings.facets(viewer, scored.documents)
    if filed is not None and (counted := _dossiers(filed(viewer, scored.documents))):
        facets["dossier"] = counted
    return Results(
        total=len(scored), passages=sum(scored.passages), exact=True,
        took_ms=(time.perf_counter() - begun) * 1000, hits=hits, also_searched=query.also,
        not_yet_searchable=findings.unsearchable(viewer), facets=facets,
        nearest=() if scored else _nearest(findings, viewer, query),
    )  # fmt: skip


def matching(
    findings: Findings, engine: Engine, viewer: Viewer, text: str, *, filters: Filters,
    among: set[str] | None = None, dossiers: Callable[[Viewer, str], set[str]] | None = None,
    first: int | None = None,
) -> tuple[Query, Ranked]:  # fmt: skip
    """What is asked, and every document that answers, best first; `among` some only. Raises `BadQuery`.

    After the `first` of them (None: all) they may come in any order.
    """
    query = queries.parse(text, synonyms.of(findings.archive.settings.data))
    within = _within(findings, viewer, (query.filters, filters))
    named = [names for names in (query.dossiers, filters.dossiers) if names]
    filed = [set().union(*(_filed(dossiers, viewer, name) for name in names)) for names in named]
    for narrower in (among, *filed):
        if narrower is not None:
            within = narrower if within is None else within & narrower
    # Those that carry a number, and those of one signer, are looked for among all.
    scored = engine.documents(query, within=within, first=None if query.numbers or query.signers else first)
    if query.signers:
        cards = findings.cards(viewer, scored.documents)
        scored = scored.arranged([d for d in scored.documents if _signed(cards.get(d), query.signers)])
    return query, scored


def _dossiers(filed: Mapping[str, Collection[tuple[str, str]]]) -> tuple[Facet, ...]:
    """How many of the documents lie in each dossier, the fullest first."""
    counts = Counter(dossier for dossiers in filed.values() for dossier in set(dossiers))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Facet(code, f"{code} {title}".strip(), count) for (code, title), count in ordered[:SHOWN_NAMES])


def _within(findings: Findings, viewer: Viewer, asked: Sequence[Filters]) -> set[str] | None:
    """Documents that pass both the query's own filters and the page's."""
    narrowed: set[str] | None = None
    for filters in asked:
        found = findings.matching(viewer, filters)
        if found is not None:
            narrowed = found if narrowed is None else narrowed & found
    return narrowed


def _filed(dossiers: Callable[[Viewer, str], set[str]] | None, viewer: Viewer, name: str) -> set[str]:
    if dossiers is None:
        raise BadQuery(where=f"hồ sơ:{name}", example="loại:kế hoạch khuyến học")
    return dossiers(viewer, name)


def _signed(card: Card | None, wanted: Sequence[str]) -> bool:
    """Whether the signer's name holds one of those asked for; marks count when typed."""
    if card is None or not card.signer:
        return False
    name = letters.normalise(card.signer).lower()
    return any(
        want.lower() in name or (letters.fold(want) == want.lower() and want.lower() in letters.fold(name))
        for want in wanted
    )


def _sorted(findings: Findings, viewer: Viewer, query: Query, scored: Ranked, sort: str) -> Ranked:
    """By date when asked; documents that carry the number asked for stay first when sorted by score."""
    if sort != "best" or not query.clauses:
        return scored.arranged(findings.order(viewer, scored.documents, newest=sort != "oldest"))
    own = [document for document, score in zip(scored.documents, scored.scores, strict=True) if score >= NUMBERED]
    if len(own) < 2:
        return scored
    cards = findings.cards(viewer, own)
    newest = findings.order(viewer, list(cards), newest=True)
    place = {document: i for i, document in enumerate(newest)}

    def rank(document: str) -> tuple[bool, int]:
        card = cards.get(document)
        return not (card and card.issued_on == query.issued_on), place.get(document, len(place))

    return scored.arranged([*sorted(own, key=rank), *scored.documents[len(own) :]])


def _hits(
    findings: Findings, engine: Engine, viewer: Viewer, query: Query, page: Ranked, shown: int
) -> tuple[Hit, ...]:
    ids = page.documents
    cards = findings.cards(viewer, ids)
    own = {found.document for found in page if _is_number(query) and found.score >= NUMBERED}
    best = {
        document: passages[: 1 if document in own else shown]
        for document, passages in engine.passages(query, ids, each=shown).items()
    }
    stored = findings.stretches(
        viewer, {document: [Span(c.start, c.end) for c in passages] for document, passages in best.items()}
    )
    answers = findings.answered(viewer, ids)
    further = findings.papers(viewer, ids)
    hits = []
    for found in page:
        card = cards.get(found.document)
        if card is None:  # dropped or hidden since the index was asked
            continue
        passages = _passages(query, best.get(found.document, ()), stored.get(found.document))
        card = _speaking(card, further.get(found.document, ()), passages)
        hits.append(
            Hit(
                card=card, score=found.score, passages=passages,
                more=0 if found.document in own else max(0, found.passages - len(passages)),
                title_marks=highlight.marks(card.title, query) if card.title else (),
                answers=answers.get(found.document, 0),
            )
        )  # fmt: skip
    return tuple(hits)


def _speaking(card: Card, further: Sequence[Paper], shown: Sequence[PassageHit]) -> Card:
    """The card of the document that says what was found, where all of it stands in one further document of the file."""
    said = {papers.section_name(passage.section) for passage in shown}
    return papers.card(card, papers.holding(further, said.pop()) if len(said) == 1 else None)


def _is_number(query: Query) -> bool:
    """Whether nothing but a number was asked for: then all passages of its document are alike."""
    return bool(query.clauses) and all(isinstance(clause, Symbol) for clause in query.clauses)


def _passages(
    query: Query, candidates: Sequence[Candidate], stored: Stretches | None
) -> tuple[PassageHit, ...]:
    if stored is None:
        return ()
    texts, sections, pages = stored
    return tuple(_passage(query, *shown, sections, pages) for shown in zip(candidates, texts, strict=True))


def _passage(
    query: Query, candidate: Candidate, text: str, sections: Sequence[Section], pages: Sequence[Page]
) -> PassageHit:
    """The passage as shown: where its best stretch stands, on which page, with what marked."""
    found = highlight.snippet(text, query)
    at = candidate.start + found.start + (found.marks[0][0] if found.marks else 0)
    section = outline.innermost(sections, at)
    name = section.id if section else ""
    place = outline.place(sections, name) if name else ""
    return PassageHit(name, place, page_at(pages, at), candidate.score, found.text, found.marks)


def _nearest(findings: Findings, viewer: Viewer, query: Query) -> tuple[Card, ...]:
    """For a number that is not held: the nearest ones, and the papers that cite it."""
    found: dict[str, Card] = {}
    for symbol in query.numbers:
        found |= {card.document: card for card in findings.near(viewer, symbol.prefix)}
        found |= findings.cards(viewer, findings.citing(viewer, symbol.prefix))
    return tuple(found.values())


