"""Runs of a paragraph as Unicode: their fonts tell how letters were stored, else the letters themselves do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus import encodings


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one look."""

    text: str
    stored: encodings.Encoding | None = None
    """What the font promises; None: nothing, `unicode`: certain, whatever the letters look like."""
    capitals: bool = False
    """Whether it is shown in capitals."""


def promised(font: str | None) -> encodings.Encoding | None:
    """How a font's letters are stored; None where its name says nothing."""
    name, _ = encodings.of_font(font)
    return name if name in encodings.DECODERS else None


def settle(runs: Sequence[Run], weight: Counter[encodings.Encoding]) -> str:
    """The paragraph in Unicode; `weight` counts the letters of the whole text by how they were stored."""
    text = "".join([run.text for run in runs])
    if text.isascii() and not any(run.capitals for run in runs):
        return text
    pieces = [piece for group in _grouped(runs) for piece in _by_font(group, weight)]
    unsettled = "".join(run.text for run in pieces if run.stored is None)
    name = _of_letters(unsettled, weight) if unsettled else "unicode"
    return "".join(map(_shown, _grouped([_as(run, name) for run in pieces])))


def settled(text: str, stored: encodings.Encoding, weight: Counter[encodings.Encoding]) -> str:
    """Letters read as their font promises, and counted."""
    weight[stored] += encodings.telling(text)
    return encodings.DECODERS[stored](text)


def _grouped(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of one look as one: programs cut runs inside a word, even between a letter and its mark."""
    joined = groupby(runs, key=lambda run: (run.stored, run.capitals))
    return [Run("".join(run.text for run in group), stored, capitals) for (stored, capitals), group in joined]


def _by_font(run: Run, weight: Counter[encodings.Encoding]) -> list[Run]:
    if run.stored is None or run.stored not in encodings.DECODERS:
        return [run]
    if not encodings.keeps_promise(run.text, run.stored):
        return [Run(run.text, None, run.capitals)]
    return [Run(settled(run.text, run.stored, weight), "unicode", run.capitals)]


def _of_letters(text: str, weight: Counter[encodings.Encoding]) -> encodings.Encoding:
    name = "unicode" if encodings.legible(text) else encodings.detect_among(text, weight)
    if name in encodings.DECODERS or encodings.legible(text):
        weight[name] += encodings.telling(text)
    return name


def _as(run: Run, name: encodings.Encoding) -> Run:
    return Run(run.text, name if name in encodings.DECODERS else "unicode", run.capitals) if run.stored is None else run


def _shown(run: Run) -> str:
    text = encodings.DECODERS[run.stored](run.text) if run.stored in encodings.DECODERS else run.text
    return text.upper() if run.capitals else text
