"""What a browser shows of HTML, one block to a line; runs in legacy fonts, named in tags or styles, are decoded."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

from corpus import encodings
from indexer.readers.runs import Run, promised, settle

_BLOCKS = (
    "address article aside blockquote br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main"
    " nav ol p pre section table tr ul title option textarea caption center"
)
_BLOCK = frozenset(_BLOCKS.split())
_SILENT = frozenset({"script", "style", "template", "noscript"})
_VOIDS = "area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_VOIDS.split())
_REPEATED = frozenset({"li", "td", "th", "tr", "dt", "dd", "option", "p"})
"""Tags that close the one before them."""
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{0,5000})\}")
_SELECTOR = re.compile(r"([a-z0-9]{0,20})(?:\.([\w-]{1,100}))?", re.IGNORECASE)
_FAMILY = re.compile(r"font-family\s*:\s*['\"]?([^;,'\"}]{1,100})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SPACES_TWICE = re.compile(" {2,}")


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is not closed yet."""

    tag: str
    font: str | None
    silent: bool
    kept: bool
    """Whether spaces and line ends stand as written."""


_OUTSIDE = _Open("", None, False, False)


class _Page(HTMLParser):
    """Collects the runs of every line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[Run]] = [[]]
        self.open: list[_Open] = []
        self.count: Counter[str] = Counter()
        self.rules: dict[tuple[str, str], str] = {}

    @property
    def inner(self) -> _Open:
        """The element we are in."""
        return self.open[-1] if self.open else _OUTSIDE

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if (tag in _REPEATED and self.inner.tag == tag) or (tag in _BLOCK and tag != "br" and self.inner.tag == "p"):
            self._close(self.inner.tag)
        if not self.inner.silent:
            self._break(tag)
        if tag in _VOID:
            return
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "")
        silent = self.inner.silent or tag in _SILENT or "hidden" in given or _HIDDEN.search(style) is not None
        font = self._font(tag, given, style) or self.inner.font
        self.open.append(_Open(tag, font, silent, self.inner.kept or tag in ("pre", "textarea")))
        self.count[tag] += 1

    def _break(self, tag: str) -> None:
        if tag in _BLOCK:
            self.lines.append([])
        elif tag in ("td", "th"):
            self.lines[-1].append(Run("\t", "unicode"))

    def _font(self, tag: str, given: dict[str, str], style: str) -> str | None:
        if named := _FAMILY.search(style):
            return named[1].strip()
        for name in reversed(given.get("class", "").split()):
            if found := self.rules.get((tag, name)) or self.rules.get(("", name)):
                return found
        face = given.get("face", "") if tag in ("font", "basefont") else ""
        return face.split(",")[0].strip(" '\"") or self.rules.get((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        silent = self.inner.silent
        self._close(tag)
        if tag in _BLOCK and not (silent and self.inner.silent):
            self.lines.append([])

    def _close(self, tag: str) -> None:
        while self.count[tag]:
            closed = self.open.pop().tag
            self.count[closed] -= 1
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.inner.silent:
            if self.inner.tag == "style":
                self._learn(data)
            return
        stored = promised(self.inner.font)
        if not self.inner.kept:
            self.lines[-1].append(Run(_SPACES.sub(" ", data), stored))
            return
        first, *others = data.split("\n")
        self.lines[-1].append(Run(first, stored))
        self.lines += [[Run(other, stored)] for other in others]

    def _learn(self, sheet: str) -> None:
        """Fonts that a style sheet gives to tags and classes."""
        for selectors, body in _RULE.findall(re.sub(r"<!--|-->|/\*.*?\*/", "", sheet, flags=re.DOTALL)):
            named = _FAMILY.search(body)
            for selector in selectors.split(",") if named else ():
                if (match := _SELECTOR.fullmatch(selector.strip())) and named and match[0]:
                    self.rules[match[1].lower(), match[2] or ""] = named[1].strip()


def lines(text: str) -> tuple[list[str], encodings.Encoding]:
    """The lines a browser shows, in Unicode, and how the text was stored."""
    page = _Page()
    page.feed(text)
    page.close()
    weight = _weighed(page.lines)
    shown = [_trimmed(settle(runs, weight)) for runs in page.lines if any(run.text.strip() for run in runs)]
    return shown, encodings.summary(weight)


def _weighed(every: list[list[Run]]) -> Counter[encodings.Encoding]:
    """What the lines that no font settles say before the first is decided: a short one follows its neighbours."""
    weight = Counter[encodings.Encoding]()
    for runs in every:
        unsettled = "".join(run.text for run in runs if run.stored is None)
        if (name := encodings.detect(unsettled)) != "unicode" or encodings.legible(unsettled):
            weight[name] += encodings.telling(unsettled)
    return weight


def _trimmed(line: str) -> str:
    return _SPACES_TWICE.sub(" ", line).strip(" ").removeprefix("\t")

