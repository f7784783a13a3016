"""What styles and numbering of a DOCX say about a paragraph: font, capitals, list label."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.sax.handler import ContentHandler

from corpus import encodings
from indexer.readers import symbols
from indexer.readers.package import Attributes

_THEME = "theme:"


@dataclass(slots=True)
class Style:
    """One style; None: inherited."""

    based_on: str | None = None
    font: str | None = None
    caps: bool | None = None
    hidden: bool | None = None
    list_id: str | None = None
    level: int | None = None


@dataclass(slots=True)
class Styles:
    """All styles of a file."""

    by_id: dict[str, Style] = field(default_factory=dict)
    default: Style = field(default_factory=Style)
    paragraph: str | None = None
    """Id of the default paragraph style."""
    theme: dict[str, str] = field(default_factory=dict)
    """Fonts of the theme: `major` for headings, `minor` for text."""
    chains: dict[str | None, tuple[Style, ...]] = field(default_factory=dict)

    def chain(self, style_id: str | None) -> tuple[Style, ...]:
        """A style and those it is based on, nearest first."""
        if style_id not in self.chains:
            found, seen, current = [], set(), style_id
            while current is not None and current in self.by_id and current not in seen:
                seen.add(current)
                found.append(self.by_id[current])
                current = self.by_id[current].based_on
            self.chains[style_id] = tuple(found)
        return self.chains[style_id]

    def font(self, paragraph: str | None, character: str | None) -> str | None:
        """The font of a run that names none itself."""
        for style in (*self.chain(character), *self.chain(paragraph or self.paragraph), self.default):
            if style.font:
                return self.named(style.font)
        return None

    def named(self, font: str) -> str:
        """A font's name; the theme's in place of a mention of it."""
        if not font.startswith(_THEME):
            return font
        return self.theme.get(font.removeprefix(_THEME)[:5], "theme")

    def caps(self, paragraph: str | None, character: str | None) -> bool:
        """Whether a run that does not say is shown in capitals."""
        for style in (*self.chain(character), *self.chain(paragraph or self.paragraph)):
            if style.caps is not None:
                return style.caps
        return False

    def hidden(self, paragraph: str | None, character: str | None) -> bool:
        """Whether a run that does not say is hidden."""
        for style in (*self.chain(character), *self.chain(paragraph or self.paragraph)):
            if style.hidden is not None:
                return style.hidden
        return bool(self.default.hidden)

    def list_of(self, paragraph: str | None) -> tuple[str | None, int | None]:
        """List and level that a paragraph has from its style."""
        list_id = level = None
        for style in self.chain(paragraph or self.paragraph):
            list_id = list_id if list_id is not None else style.list_id
            level = level if level is not None else style.level
        return list_id, level


def font_of(attrs: Attributes) -> str | None:
    """The font for letters beyond ASCII in a `w:rFonts`; one of the theme as `theme:minorHAnsi` and the like."""
    if themed := attrs.get("w:hAnsiTheme") or attrs.get("w:asciiTheme"):
        return _THEME + themed
    names = (attrs.get("w:hAnsi"), attrs.get("w:ascii"))
    legacy = next((name for name in names if name and encodings.of_font(name)[0] != "unicode"), None)
    return legacy or names[0] or names[1]


def is_on(attrs: Attributes) -> bool:
    """Value of a switch like `w:caps`."""
    return attrs.get("w:val", "1") not in ("0", "false", "off", "none")


def number(text: str | None, default: int) -> int:
    """An integer attribute, within sense."""
    try:
        return max(-1, min(int(text or ""), 100_000))
    except ValueError:
        return default


_TELLING = frozenset({"w:style", "w:docDefaults", "w:basedOn", "w:rFonts", "w:caps", "w:vanish", "w:numId", "w:ilvl"})
"""Elements of `styles.xml` that say anything to us: few among thousands."""


class StyleHandler(ContentHandler):
    """Fills `Styles` from `styles.xml`; whatever follows the start of a style is of that style."""

    def __init__(self) -> None:
        super().__init__()
        self.styles = Styles()
        self.current: Style | None = None

    def startElement(self, name: str, attrs: Attributes) -> None:
        if name not in _TELLING:
            return
        if name == "w:style":
            self.current = Style()
            style_id = attrs.get("w:styleId", "")
            self.styles.by_id[style_id] = self.current
            if attrs.get("w:type") == "paragraph" and attrs.get("w:default") in ("1", "true", "on"):
                self.styles.paragraph = style_id
        elif name == "w:docDefaults":
            self.current = self.styles.default
        elif self.current is not None:
            self._property(self.current, name, attrs)

    def _property(self, style: Style, name: str, attrs: Attributes) -> None:
        if name == "w:basedOn":
            style.based_on = attrs.get("w:val")
        elif name == "w:rFonts":
            style.font = font_of(attrs) or style.font
        elif name == "w:caps":
            style.caps = is_on(attrs)
        elif name == "w:vanish":
            style.hidden = is_on(attrs)
        elif name == "w:numId":
            style.list_id = attrs.get("w:val")
        elif name == "w:ilvl":
            style.level = number(attrs.get("w:val"), 0)


class ThemeHandler(ContentHandler):
    """Collects the fonts that a theme gives to headings and to text."""

    def __init__(self) -> None:
        super().__init__()
        self.fonts: dict[str, str] = {}
        self.kind = ""

    def startElement(self, name: str, attrs: Attributes) -> None:
        if name in ("a:majorFont", "a:minorFont"):
            self.kind = name[2:7]
        elif name == "a:latin" and self.kind:
            self.fonts.setdefault(self.kind, attrs.get("typeface", ""))

    def endElement(self, name: str) -> None:
        if name in ("a:majorFont", "a:minorFont"):
            self.kind = ""


# -- lists ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    suffix: str = "tab"
    legal: bool = False
    font: str | None = None
    style: str | None = None
    restart: int | None = None
    """Level after which it begins again, from 1; 0: never; None: any level above."""


@dataclass(slots=True)
class Lists:
    """All lists of a file and where each stands."""

    patterns: dict[str, dict[int, Level]] = field(default_factory=dict)
    """Levels by abstract list."""
    links: dict[str, str] = field(default_factory=dict)
    """Abstract lists that only name a style which names the list."""
    lists: dict[str, str] = field(default_factory=dict)
    """Abstract list by list."""
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    """Levels that a list has of its own, by list."""
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    used: set[tuple[str, int]] = field(default_factory=set)

    def label(self, list_id: str | None, level: int | None, style: str | None, styles: Styles) -> str:
        """The next label of a list as printed, with what follows it; "" when the paragraph has none."""
        if not list_id or list_id == "0" or list_id not in self.lists:
            return ""
        abstract = self._abstract(self.lists[list_id], styles)
        levels = self.patterns.get(abstract, {})
        if list_id in self.overrides:
            levels = levels | self.overrides[list_id]
        if level is None:
            level = next((depth for depth, one in levels.items() if one.style and one.style == style), 0)
        if level not in levels:
            return ""
        self._count(list_id, abstract, level, levels)
        return self._printed(abstract, level, levels)

    def _abstract(self, abstract: str, styles: Styles) -> str:
        for _ in range(5):
            link = self.links.get(abstract)
            target = styles.by_id[link].list_id if link and link in styles.by_id else None
            if not target or target not in self.lists or self.patterns.get(abstract):
                break
            abstract = self.lists[target]
        return abstract

    def _count(self, list_id: str, abstract: str, level: int, levels: dict[int, Level]) -> None:
        counts = self.counts.setdefault(abstract, {})
        for depth in range(level):
            if depth in levels:
                counts.setdefault(depth, levels[depth].start)
        restart = self.restarts.get((list_id, level))
        if restart is not None and (list_id, level) not in self.used:
            counts[level] = restart
        elif level in counts:
            counts[level] += 1
        else:
            counts[level] = levels[level].start
        self.used.add((list_id, level))
        for depth in [depth for depth in counts if depth > level and _begins_again(levels.get(depth), level)]:
            del counts[depth]

    def _printed(self, abstract: str, level: int, levels: dict[int, Level]) -> str:
        one, counts = levels[level], self.counts[abstract]
        if one.form == "bullet":
            return _bullet(one.pattern.translate(symbols.table(one.font) or {})) + " "

        def shown(match: re.Match[str]) -> str:
            depth = int(match.group(1)) - 1
            if depth not in levels or depth not in counts:
                return ""
            return printed(counts[depth], "decimal" if one.legal else levels[depth].form)

        label = re.sub(r"%([1-9])", shown, one.pattern)
        name, capitals = encodings.of_font(one.font)
        if name in encodings.DECODERS and not encodings.legible(label):
            label = encodings.DECODERS[name](label)
            label = label.upper() if capitals else label
        if not label.strip():
            return ""
        return label if one.suffix == "nothing" else label.rstrip() + " "


def _begins_again(deeper: Level | None, level: int) -> bool:
    return deeper is None or deeper.restart is None or level < deeper.restart


def _bullet(pattern: str) -> str:
    """A bullet as it looks: dashes stay dashes, symbol fonts' codes are mapped when the line is cleaned."""
    return pattern if pattern.strip() and (len(pattern) == 1 or pattern.isprintable()) else "-"


def printed(value: int, form: str) -> str:
    """A count in one of the forms lists use.

    >>> printed(4, "upperRoman"), printed(28, "lowerLetter"), printed(7, "decimalZero")
    ('IV', 'bb', '07')
    """
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(value)
        return roman if form == "upperRoman" else roman.lower()
    if form in ("upperLetter", "lowerLetter") and value > 0:
        letter = chr(ord("A") + (value - 1) % 26) * min((value - 1) // 26 + 1, 20)
        return letter if form == "upperLetter" else letter.lower()
    if form == "decimalZero":
        return f"{value:02d}"
    if form == "vietnameseCounting":
        return _counted(value)
    if form == "numberInDash":
        return f"- {value} -"
    if form == "decimalEnclosedCircle" and 0 < value <= 20:
        return chr(ord("①") + value - 1)
    return "" if form == "none" else str(value)


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _counted(value: int) -> str:
    """A count up to 99 in Vietnamese words.

    >>> _counted(5), _counted(15), _counted(21), _counted(40)
    ('năm', 'mười lăm', 'hai mươi mốt', 'bốn mươi')
    """
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    if not tens:
        return _DIGITS[ones]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    tail = "mốt" if ones == 1 and tens > 1 else "lăm" if ones == 5 else _DIGITS[ones]
    return f"{head} {tail}" if ones else head


_ROMAN = "M1000 CM900 D500 CD400 C100 XC90 L50 XL40 X10 IX9 V5 IV4 I1"


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    result = ""
    for step in _ROMAN.split():
        sign = step.rstrip("0123456789")
        size = int(step[len(sign) :])
        result += sign * (value // size)
        value %= size
    return result


class ListHandler(ContentHandler):
    """Fills `Lists` from `numbering.xml`."""

    def __init__(self) -> None:
        super().__init__()
        self.lists = Lists()
        self.abstract: str | None = None
        self.list_id: str | None = None
        self.override: int | None = None
        self.level: Level | None = None

    def startElement(self, name: str, attrs: Attributes) -> None:
        value = attrs.get("w:val", "")
        if name == "w:abstractNum":
            self.abstract = attrs.get("w:abstractNumId", "")
            self.lists.patterns[self.abstract] = {}
        elif name == "w:numStyleLink" and self.abstract is not None:
            self.lists.links[self.abstract] = value
        elif name == "w:num":
            self.list_id = attrs.get("w:numId", "")
        elif name == "w:abstractNumId" and self.list_id is not None:
            self.lists.lists[self.list_id] = value
        elif name == "w:lvlOverride":
            self.override = number(attrs.get("w:ilvl"), 0)
        elif name == "w:startOverride" and self.list_id is not None and self.override is not None:
            self.lists.restarts[self.list_id, self.override] = number(value, 1)
        elif name == "w:lvl" and self.abstract is not None:
            self.level = Level()
            self.lists.patterns[self.abstract][number(attrs.get("w:ilvl"), 0)] = self.level
        elif name == "w:lvl" and self.list_id is not None:
            self.level = Level()
            self.lists.overrides.setdefault(self.list_id, {})[number(attrs.get("w:ilvl"), 0)] = self.level
        elif self.level is not None:
            self._property(self.level, name, value, attrs)

    def _property(self, level: Level, name: str, value: str, attrs: Attributes) -> None:
        if name == "w:start":
            level.start = number(value, 1)
        elif name == "w:numFmt":
            level.form = value
        elif name == "w:lvlText":
            level.pattern = value[:200]
        elif name == "w:suff":
            level.suffix = value
        elif name == "w:isLgl":
            level.legal = is_on(attrs)
        elif name == "w:rFonts":
            level.font = font_of(attrs)
        elif name == "w:pStyle":
            level.style = value
        elif name == "w:lvlRestart":
            level.restart = number(value, 0)

    def endElement(self, name: str) -> None:
        if name == "w:abstractNum":
            self.abstract = None
        elif name == "w:num":
            self.list_id = None
        elif name == "w:lvl":
            self.level = None
        elif name == "w:lvlOverride":
            self.override = None
