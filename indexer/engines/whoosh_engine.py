"""Search index made with Whoosh: it keeps the postings; tokens, weights and ranking are ours."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh import columns, fields, formats, index
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.matching import ListMatcher

from indexer import ranking, tokens
from indexer.engines.generational import GenerationalEngine
from indexer.engines.whoosh_snapshot import LOWEST, READ_ERRORS, Snapshot
from indexer.ports import Passage

_MEMORY = 128  # MiB of postings before they are sorted to disk
_BLOCK = 1024  # postings read at once; small blocks cost more to open than to read
_INLINE = 16  # shorter lists stand beside their term: a block of their own costs 100 bytes


class Weighted(fields.FieldType):
    """Terms that come with their levels; the text itself is never seen."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), analyzer=None, scorable=False, stored=False)
        self.indexed = True
        self.column_type = None

    def index(
        self, value: Mapping[str, int], **_options: Any
    ) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        """Terms as Whoosh stores them."""
        # Whoosh keeps weights as they are only where they are positive.
        return ((term.encode(), 1, float(level - LOWEST), b"") for term, level in value.items())


class _TermInfo(W3TermInfo):
    """Whoosh 2.7.4 calls `set_inline` and defines `set_inlined`."""

    def set_inline(self, ids: Iterable[int], weights: Iterable[float], values: Iterable[bytes]) -> None:
        self.set_inlined(ids, weights, values)


class _FieldWriter(W3FieldWriter):
    _postwriter: Any
    _fieldobj: Any

    def start_term(self, btext: bytes) -> None:
        self._btext = btext
        self._postwriter.start_postings(self._fieldobj.format, _TermInfo())


def _inlined(terminfo: Any) -> tuple[Sequence[int], Sequence[float]]:
    return terminfo.inlined_postings()[:2]


class Codec(W3Codec):
    """Whoosh's own codec, writing short posting lists beside their terms."""

    def field_writer(self, storage: Any, segment: Any) -> W3FieldWriter:
        """The writer of terms and postings."""
        return _FieldWriter(self, storage, segment)

    def postings_reader(
        self, dbfile: Any, terminfo: W3TermInfo, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        """A cursor over a term's postings; Whoosh's own gives text for the empty values of short lists."""
        if not terminfo.is_inlined():
            return super().postings_reader(dbfile, terminfo, format_, term=term, scorer=scorer)
        ids, weights = _inlined(terminfo)
        empty = [b""] * len(ids)
        return ListMatcher(ids, weights, empty, format_, scorer=scorer, term=term, terminfo=terminfo)


def _schema() -> fields.Schema:
    return fields.Schema(
        document=Weighted(), syllable=Weighted(), pair=Weighted(), heading=Weighted(), symbol=Weighted(),
        word=Weighted(), owner=fields.COLUMN(columns.RefBytesColumn()),
        place=fields.COLUMN(columns.VarBytesColumn()), tokens=fields.COLUMN(columns.VarBytesColumn()),
    )  # fmt: skip


def _row(passage: Passage) -> dict[str, object]:
    """One passage as Whoosh takes it."""
    weights = ranking.weigh(passage)
    place = "\t".join((passage.id, passage.section, str(passage.start), str(passage.end)))
    keys = (
        " ".join(syllable.key for syllable in run)
        for text in (passage.heading, passage.title, passage.text)
        for run in tokens.runs(text)
    )
    row: dict[str, object] = {
        "document": {passage.document: 0}, "syllable": weights.syllable, "pair": weights.pair,
        "heading": weights.heading, "symbol": weights.symbol, "word": weights.word, "owner": passage.document.encode(),
        "place": place.encode(), "tokens": zlib.compress("\n".join(keys).encode(), 6),
    }  # fmt: skip
    return {name: value for name, value in row.items() if value}


class WhooshEngine(GenerationalEngine):
    """Search with Whoosh; the default, good up to some ten thousand sections."""

    name = "whoosh"
    format = 3
    errors = READ_ERRORS

    def _make(self, generation: Path) -> None:
        index.create_in(str(generation), _schema())

    def _read(self, generation: Path) -> Snapshot:
        return Snapshot.read(generation)

    def _change(self, generation: Path, gone: Collection[str], passages: Sequence[Passage]) -> None:
        codec = Codec(_BLOCK, inlinelimit=_INLINE)
        writer = index.open_dir(str(generation)).writer(limitmb=_MEMORY, codec=codec)
        try:
            for document in gone:
                writer.delete_by_term("document", document)
            for passage in passages:
                writer.add_document(**_row(passage))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
