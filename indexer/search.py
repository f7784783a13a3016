"""One search: query, candidates, cards, snippets, facets. Every part sees only what the viewer may see."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from archive.errors import BadQuery
from archive.viewer import Viewer
from corpus import sections as outline
from corpus import text as letters
from corpus.model import Page, Paper, Section, Span, page_at
from indexer import highlight, papers, synonyms
from indexer import query as queries
from indexer.clauses import Query, Symbol
from indexer.findings import Findings
from indexer.ports import Candidate, Engine, Scored
from indexer.ranking import NUMBERED
from indexer.views import Card, Filters, Hit, PassageHit, Results

SHOWN = 3  # passages of one document


def search(
    findings: Findings, engine: Engine, viewer: Viewer, text: str, *, filters: Filters, limit: int,
    offset: int = 0, sort: str = "best", dossiers: Callable[[Viewer, str], set[str]] | None = None,
) -> Results:  # fmt: skip
    """A page of results; `sort` is `best`, `newest` or `oldest`. Raises `BadQuery`.

    `dossiers` gives the documents filed under a code or title; without it «hồ sơ:» cannot be asked.
    """
    begun = time.perf_counter()
    query = queries.parse(text, synonyms.of(findings.archive.settings.data))
    within = _within(findings, viewer, (query.filters, filters))
    if query.dossiers:
        filed = set().union(*(_filed(dossiers, viewer, name) for name in query.dossiers))
        within = filed if within is None else within & filed
    query, scored = _matching(findings, engine, viewer, query, within)
    scored = _sorted(findings, viewer, query, scored, sort)
    page = scored[offset : offset + limit]
    facets = findings.facets(viewer, [found.document for found in scored])
    hits = _hits(findings, engine, viewer, query, page)
    counts = findings.counts(viewer)
    return Results(
        total=len(scored), passages=sum(found.passages for found in scored), exact=True,
        took_ms=(time.perf_counter() - begun) * 1000, hits=hits, also_searched=query.also,
        not_yet_searchable=counts["unsearchable"], facets=facets,
        nearest=() if scored else _nearest(findings, viewer, query),
    )  # fmt: skip


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


def _matching(
    findings: Findings, engine: Engine, viewer: Viewer, query: Query, within: set[str] | None
) -> tuple[Query, list[Scored]]:
    """Documents that answer, best first, limited to those with a card for this viewer."""
    scored = list(engine.documents(query, within=within))
    cards = findings.cards(viewer, [found.document for found in scored]) if query.signers else None
    if cards is not None:
        scored = [found for found in scored if _signed(cards.get(found.document), query.signers)]
    return query, scored


def _signed(card: Card | None, wanted: Sequence[str]) -> bool:
    """Whether the signer's name holds one of those asked for; marks count when typed."""
    if card is None or not card.signer:
        return False
    name = letters.normalise(card.signer).lower()
    return any(
        want.lower() in name or (letters.fold(want) == want.lower() and want.lower() in letters.fold(name))
        for want in wanted
    )


def _sorted(
    findings: Findings, viewer: Viewer, query: Query, scored: list[Scored], sort: str
) -> list[Scored]:
    """By date when asked; documents that carry the number asked for stay first when sorted by score."""
    if sort != "best" or not query.clauses:
        by_id = {found.document: found for found in scored}
        order = findings.order(viewer, list(by_id), newest=sort != "oldest")
        return [by_id[document] for document in order]
    own = [found for found in scored if found.score >= NUMBERED]
    if len(own) < 2:
        return scored
    cards = findings.cards(viewer, [found.document for found in own])
    newest = findings.order(viewer, list(cards), newest=True)
    place = {document: i for i, document in enumerate(newest)}

    def rank(found: Scored) -> tuple[bool, int]:
        card = cards.get(found.document)
        return not (card and card.issued_on == query.issued_on), place.get(found.document, len(place))

    return sorted(own, key=rank) + scored[len(own) :]


def _hits(
    findings: Findings, engine: Engine, viewer: Viewer, query: Query, page: Sequence[Scored]
) -> tuple[Hit, ...]:
    ids = [found.document for found in page]
    cards = findings.cards(viewer, ids)
    best = engine.passages(query, ids, each=SHOWN)
    answers = findings.answered(viewer, ids)
    further = findings.papers(viewer, ids)
    hits = []
    for found in page:
        card = cards.get(found.document)
        if card is None:  # dropped or hidden since the index was asked
            continue
        own = _is_number(query) and found.score >= NUMBERED
        shown = _passages(findings, viewer, query, best.get(found.document, ())[: 1 if own else SHOWN])
        card = _speaking(card, further.get(found.document, ()), shown)
        hits.append(
            Hit(
                card=card, score=found.score, passages=shown,
                more=0 if own else max(0, found.passages - len(shown)),
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
    findings: Findings, viewer: Viewer, query: Query, candidates: Sequence[Candidate]
) -> tuple[PassageHit, ...]:
    if not candidates:
        return ()
    spans = [Span(candidate.start, candidate.end) for candidate in candidates]
    stored = findings.stretches(viewer, candidates[0].document, spans)
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


