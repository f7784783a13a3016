"""Search index made with tantivy, for large archives: it works plans out itself; tokens, weights and ranking are ours.

A term and the level of its weight are one term of the index, `bao_cao|báo_cáo^43`; so a posting list is all of one
worth, a query is a union of lists with constant scores, and no weight is ever read back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import tantivy

from indexer import ranking, tokens
from indexer.engines.generational import GenerationalEngine
from indexer.engines.tantivy_state import Snapshot
from indexer.engines.tantivy_terms import LEVEL, Owners, identity
from indexer.ports import Passage

_MEMORY = 64_000_000  # bytes of postings before they are written; one thread, so that one commit is one segment
_BREAK = "¶"  # a word nobody types: what stands on its two sides is not side by side


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    for field in ("any", "place", "syllable", "pair", "heading", "symbol", "word"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("spoken", tokenizer_name="whitespace", index_option="position")
    builder.add_unsigned_field("owner", fast=True)
    builder.add_unsigned_field("start", fast=True)
    builder.add_text_field("stored", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _joined(terms: Iterable[str]) -> str:
    return "\n".join(terms).replace(" ", "_").replace("\n", " ")


def _levelled(levels: Mapping[str, int]) -> str:
    return _joined(f"{term}{LEVEL}{level}" for term, level in levels.items())


def _spoken(passage: Passage) -> str:
    runs = (run for text in (passage.heading, passage.title, passage.text) for run in tokens.runs(text))
    return f" {_BREAK} ".join(" ".join([syllable.term for syllable in run]) for run in runs)


def _places(section: str) -> str:
    """A section and all it stands in: «ii.3.b» is in «ii.3» and in «ii»."""
    parts = section.split(".") if section else []
    return _joined(".".join(parts[: i + 1]) for i in range(len(parts)))


def _document(passage: Passage) -> tantivy.Document:
    weights = ranking.weigh(passage)
    made = tantivy.Document()
    made.add_text("document", passage.document)
    made.add_text("any", "x")
    made.add_text("place", _places(passage.section))
    made.add_text("syllable", _levelled(weights.syllable))
    made.add_text("pair", _levelled(weights.pair))
    made.add_text("heading", _levelled(weights.heading))
    made.add_text("symbol", _levelled(weights.symbol))
    made.add_text("word", _joined(weights.word))
    made.add_text("spoken", _spoken(passage))
    made.add_unsigned("owner", identity(passage.document))
    made.add_unsigned("start", passage.start)
    made.add_text("stored", "\t".join((passage.id, passage.section, str(passage.end))))
    return made


class TantivyEngine(GenerationalEngine):
    """Search with tantivy; good for hundreds of thousands of sections on one machine."""

    name = "tantivy"
    format = 2
    errors = (OSError, ValueError, KeyError)

    def __init__(self, folder: Path, *, building: bool = False) -> None:
        """As for every engine."""
        self._owners = Owners()
        super().__init__(folder, building=building)

    def _make(self, generation: Path) -> None:
        tantivy.Index(_schema(), path=str(generation))

    def _read(self, generation: Path) -> Snapshot:
        opened = tantivy.Index.open(str(generation))
        opened.reload()
        return Snapshot(generation, opened.schema, opened.searcher(), self._owners)

    def _change(self, generation: Path, gone: Collection[str], passages: Sequence[Passage]) -> None:
        writer = tantivy.Index.open(str(generation)).writer(_MEMORY, 1)
        try:
            for document in gone:
                writer.delete_documents_by_term("document", document)
            for passage in passages:
                writer.add_document(_document(passage))
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        writer.wait_merging_threads()
