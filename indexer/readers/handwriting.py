"""Figures written by hand in the head of a scanned page, read by PP-OCR's model, which knows handwriting.

The model knows no Vietnamese marks («S6» is «Số», «ngay» is «ngày»): only its figures are taken. It looks at each
place many times, at other widths and margins; what few of the looks agree on is not given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from PIL import Image, ImageFilter, ImageOps
from rapidocr_onnxruntime import RapidOCR
from rapidocr_onnxruntime.utils.infer_engine import ONNXRuntimeError

from indexer.readers.raster import Inks

Pixels = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels of the picture looked at."""
Window = tuple[int, int]
"""First and last (exclusive) step of the model's answer that belong to one figure."""
Find = Callable[[str], tuple[int, int] | None]
"""Where in a line as the model reads it a figure stands: the letters before its first and after its last."""
Take = Callable[[np.ndarray], list[tuple[str, float]]]
"""Takes figures, each with its likelihood, from the model's answer."""

_FIGURES = "0123456789"
_RIGHT = 0.3
"""The date stands right of this share of the page's width, the sentences that name other dates begin left of it."""
_FINDING = 1300
"""Pixels of width at which lines are looked for; more costs memory and finds no more."""
_MARGINS = (0.0, 0.15)  # of a line's height, above and below
_WIDTHS = (0.8, 1.0, 1.25, 1.5)
_DARK = [255 if value < 140 else 0 for value in range(256)]
_CUTS = (-0.15, 0.1, 0.3)  # of a line's height, from where the figure seems to begin and end
_NARROW = (0.9, 1.3)
_PEN_MARGINS = (0.1, 0.3, 0.6)
_PEN_SIDES = (0.5, 1.5)
_PEN_WIDTHS = (0.7, 0.9, 1.1, 1.4, 1.7)
_FAINT = 0.2  # likelihood below which a figure cut out is no figure
_AGREED = 0.28
"""So much of the looks, at whole lines and at the cut-out figure together, must agree."""
_FEWER = 0.2
_RIVAL = 0.1
"""Fewer looks are enough where the next likely figure has no more than this share of theirs."""
_UNDISPUTED = 0.8
_WIDEST = 0.58
"""Of a line's height: a written figure is no wider; where more is written than was read, a figure is lost."""

_SEPARATOR = r"[-/–]\s*(?=[A-Za-zÐĐ])"
_NUMBER = re.compile(rf"^[^A-Za-z0-9]*[Ss5$][6o0óôéb]?\s*[:;.,]?\s*(.{{0,9}}?)\s*{_SEPARATOR}")
_NUMBERED = re.compile(rf"^\W{{0,3}}[Ss5$].{{0,12}}?{_SEPARATOR}")
_DAY = re.compile(r"(?:ng?a|g)?y\s*\.*(.{0,5}?)\s*t?h\s*[aá]n")
_MONTH = re.compile(r"h\s*[aá]ng\s*(.{0,4}?)\s*n\s*[aăâ]")
_YEAR = re.compile(r"n\s*[aăâ]\s*m\s*(\d{4})\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as read, and how many of the looks agree on it, 0…1."""

    text: str
    certainty: float


@dataclass(frozen=True, slots=True)
class NumberCell:
    """The line with the number (số, ký hiệu): its box, where its symbol begins, and its figures if they can be read."""

    box: Pixels
    symbol: int
    mark: str
    """What parts figures and symbol: «/», in Party papers «-»."""
    serial: Figure | None


@dataclass(frozen=True, slots=True)
class DateCell:
    """The line with the date; a figure is None where it cannot be read."""

    box: Pixels
    day: Figure | None
    month: Figure | None
    year: Figure | None


def find(inks: Inks) -> tuple[Pixels | None, Pixels | None]:
    """Where the topmost line with a number and the topmost with a date stand."""
    number: Pixels | None = None
    date: Pixels | None = None
    for box, read in sorted(_found(inks.unstamped), key=lambda found: found[0][1]):
        if number is None and _NUMBERED.match(read):
            number = box
        right = box[0] > _RIGHT * inks.unstamped.width
        if date is None and right and _DAY.search(read.lower()) and _MONTH.search(read.lower()):
            date = box
    return number, date


def number_cell(inks: Inks, box: Pixels) -> NumberCell | None:
    """What stands in a line with a number; None where there is none."""
    steps, read = _line(inks.unstamped.crop(box))
    found = _NUMBER.match(read)
    if found is None:
        return None
    width = box[2] - box[0]
    symbol = box[0] + round(width * steps.at[found.end(1)] / steps.count)
    mark = "/" if read[found.end(1) :].lstrip().startswith("/") else "-"
    return NumberCell(box, symbol, mark, _figure(inks, box, _between(_NUMBER), r"\d{1,6}"))


def date_cell(inks: Inks, box: Pixels) -> DateCell:
    """What stands in a line with a date."""
    _, read = _line(inks.unstamped.crop(box))
    year = _YEAR.search(read.lower())
    return DateCell(
        box,
        day=_figure(inks, box, _between(_DAY), r"0?[1-9]|[12]\d|3[01]"),
        month=_figure(inks, box, _between(_MONTH), r"0?[1-9]|1[0-2]"),
        year=Figure(year[1], 1.0) if year and "1945" <= year[1] <= "2100" else None,
    )


def _between(pattern: re.Pattern[str]) -> Find:
    def find(read: str) -> tuple[int, int] | None:
        found = pattern.search(read if pattern is _NUMBER else read.lower())
        return found.span(1) if found else None

    return find


def _figure(inks: Inks, box: Pixels, find: Find, allowed: str) -> Figure | None:
    """The figures that most looks of both kinds agree on, of those wide enough for the ink; None where too few do."""
    whole, window = _whole(inks, box, find)
    if window is None:
        return None
    place, of_pen = _ink(inks, box, window)
    room = (place[2] - place[0]) / (box[3] - box[1]) if place else 0.0
    if place and of_pen:
        alone = _shares(_of_pen(inks, place), (_plain, _forced))
    else:
        alone = _shares(_cut_out(inks, box, window), (_clear,))
    fit = re.compile(allowed).fullmatch
    support = {
        text: whole.get(text, 0.0) + alone.get(text, 0.0)
        for text in {*whole, *alone}
        if fit(text) and (room <= _WIDEST * len(text) or whole.get(text, 0.0) >= _UNDISPUTED)
    }
    ordered = sorted(support, key=lambda text: (-support[text], text))
    if not ordered:
        return None
    best, *others = ordered
    rivalled = bool(others) and support[others[0]] > _RIVAL * support[best]
    if support[best] < (_AGREED if rivalled else _FEWER):
        return None
    return Figure(best, min(1.0, support[best]))


def _whole(inks: Inks, box: Pixels, find: Find) -> tuple[dict[str, float], Window | None]:
    """Shares of the looks at the whole line that read so, and where the figure stands, in pixels."""
    tally: Counter[str] = Counter()
    places: list[Window] = []
    looks = 0
    for image, place in _looks(inks, box):
        looks += 1
        steps, read = _line(image)
        found = find(read)
        if found is None:
            continue
        first = steps.at[found[0] - 1] + 1 if found[0] else 0
        last = steps.at[found[1]] if found[1] < len(steps.at) else steps.count
        scale = (place[1] - place[0]) / steps.count
        places.append((round(place[0] + first * scale), round(place[0] + last * scale)))
        _count(tally, _forced(steps.likely[first:last]))
    if not places:
        return {}, None
    first, last = (sorted(ends)[len(places) // 2] for ends in zip(*places, strict=True))
    return {text: weight / looks for text, weight in tally.items()}, (first, last)


def _looks(inks: Inks, box: Pixels) -> Iterator[tuple[Image.Image, Window]]:
    height = box[3] - box[1]
    left, right = round(box[0] - 0.2 * height), round(box[2] + 0.2 * height)
    for ink in (inks.unstamped, inks.every):
        for margin in _MARGINS:
            pad = round(margin * height)
            strip = ink.crop((left, box[1] - pad, right, box[3] + pad))
            for width in _WIDTHS:
                yield _widened(strip, width), (left, right)


def _ink(inks: Inks, box: Pixels, window: Window) -> tuple[Pixels | None, bool]:
    """Where ink stands in a window of a line, and whether it is a pen's, which may stand higher than print."""
    height = box[3] - box[1]
    rise = height // 2
    if inks.pen is not None:
        place = window[0] - rise, box[1] - rise, window[1] + rise, box[3] + rise // 2
        found = inks.pen.crop(place).filter(ImageFilter.MedianFilter(3)).point(_DARK).getbbox()
        if found and found[2] - found[0] > height / 6 and found[3] - found[1] > height / 4:
            return (place[0] + found[0], place[1] + found[1], place[0] + found[2], place[1] + found[3]), True
    top, bottom = box[1] + height // 8, box[3] - height // 8
    found = inks.unstamped.crop((window[0], top, window[1], bottom)).point(_DARK).getbbox()
    return ((window[0] + found[0], top, window[0] + found[2], bottom) if found else None), False


def _of_pen(inks: Inks, place: Pixels) -> Iterator[Image.Image]:
    """Just what the pen wrote, without and with the print around it."""
    assert inks.pen is not None
    for ink in (inks.pen, inks.unstamped):
        strip = ink.crop(place)
        for above, beside, width in product(_PEN_MARGINS, _PEN_SIDES, _PEN_WIDTHS):
            border = round(beside * strip.height), round(above * strip.height)
            yield ImageOps.expand(_widened(strip, width), border=border, fill=255)


def _cut_out(inks: Inks, box: Pixels, window: Window) -> Iterator[Image.Image]:
    """The figure cut out at several guesses of where it begins and ends."""
    height = box[3] - box[1]
    for left, right in product(_CUTS, _CUTS):
        first, last = round(window[0] + left * height), round(window[1] + right * height)
        if last - first < height / 4:
            continue
        for ink, margin in zip((inks.unstamped, inks.every), _MARGINS, strict=True):
            pad = round(margin * height)
            strip = ink.crop((first, box[1] - pad, last, box[3] + pad))
            for width in _NARROW:
                yield ImageOps.expand(_widened(strip, width), border=(strip.height // 2, 0), fill=255)


def _widened(image: Image.Image, width: float) -> Image.Image:
    return image.resize((max(8, round(image.width * width)), image.height))


def _shares(images: Iterable[Image.Image], ways: Sequence[Take]) -> dict[str, float]:
    """Shares of the pictures of a figure that read so, each taken in these ways."""
    tally: Counter[str] = Counter()
    looks = 0
    for image in images:
        steps, _ = _line(image)
        for take in ways:
            looks += 1
            _count(tally, take(steps.likely))
    return {text: weight / looks for text, weight in tally.items()}


def _count(tally: Counter[str], seen: Sequence[tuple[str, float]]) -> None:
    if seen:
        tally["".join(figure for figure, _ in seen)] += min(sure for _, sure in seen)  # type: ignore[assignment]


# -- the model --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Steps:
    """The model's answer: likelihood of each character at each step, and at which steps the letters were read."""

    likely: np.ndarray
    at: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.likely)


@cache
def _engine() -> Any:
    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, use_cls=False)


@cache
def _characters() -> tuple[list[str], list[int]]:
    characters = list(_engine().text_rec.postprocess_op.character)
    return characters, [characters.index(figure) for figure in _FIGURES]


class Failed(Exception):
    """The model could not be run, most likely for want of memory."""


def _found(image: Image.Image) -> list[tuple[Pixels, str]]:
    """Lines with what stands on them; pieces side by side, as where a pen wrote above the line, are one."""
    shrunk = min(1.0, _FINDING / image.width)
    small = image.resize((round(image.width * shrunk), round(image.height * shrunk)), Image.Resampling.LANCZOS)
    try:
        found: list[Any] = list(_engine()(np.asarray(small.convert("RGB")))[0] or ())
    except ONNXRuntimeError as problem:
        raise Failed from problem
    rows: list[tuple[Pixels, str]] = []
    for corners, read, _sure in sorted(found, key=lambda one: min(x for x, _ in one[0])):
        xs, ys = [x / shrunk for x, _ in corners], [y / shrunk for _, y in corners]
        box = int(min(xs)), int(min(ys)), int(max(xs)), int(max(ys))
        near = next((i for i, (other, _) in enumerate(rows) if _beside(other, box)), None)
        if near is None:
            rows.append((box, str(read)))
        else:
            other, before = rows[near]
            whole = other[0], min(other[1], box[1]), max(other[2], box[2]), max(other[3], box[3])
            rows[near] = whole, f"{before} {read}"
    return rows


def _beside(left: Pixels, right: Pixels) -> bool:
    height = min(left[3] - left[1], right[3] - right[1])
    shared = min(left[3], right[3]) - max(left[1], right[1])
    return shared > 0.5 * height and right[0] - left[2] < height


def _line(image: Image.Image) -> tuple[_Steps, str]:
    """What stands on one line."""
    pixels = np.asarray(image.convert("RGB"))
    reader = _engine().text_rec
    shape = reader.resize_norm_img(pixels, max(1.0, image.width / image.height))
    try:
        likely = reader.session(shape[np.newaxis].astype(np.float32))[0][0]
    except ONNXRuntimeError as problem:
        raise Failed from problem
    characters, _ = _characters()
    best, at, read, before = likely.argmax(1), [], [], 0
    for step, one in enumerate(best):
        if one not in (0, before):
            at.append(step)
            read.append(characters[one])
        before = one
    return _Steps(likely, tuple(at)), "".join(read)


def _forced(likely: np.ndarray) -> list[tuple[str, float]]:
    """A figure wherever the model sees any letter; half as sure where it sees something else."""
    characters, figures = _characters()
    result, before = [], 0
    for row, one in zip(likely, likely.argmax(1), strict=True):
        letter = 0 if characters[one] == " " else one
        if letter not in (0, before):
            weights = row[figures]
            best = int(weights.argmax())
            sure = weights[best] if one in figures else 0.5 * weights[best] / max(float(weights.sum()), 1e-9)
            result.append((_FIGURES[best], float(sure)))
        before = letter
    return result


def _plain(likely: np.ndarray) -> list[tuple[str, float]]:
    """The figures read when the model may read nothing else."""
    _, figures = _characters()
    allowed = likely[:, [0, *figures]]
    result: list[tuple[str, float]] = []
    before = 0
    for row, one in zip(allowed, allowed.argmax(1), strict=True):
        if one not in (0, before):
            result.append((_FIGURES[one - 1], float(row[one])))
        elif one and result:
            result[-1] = (result[-1][0], max(result[-1][1], float(row[one])))
        before = one
    return result


def _clear(likely: np.ndarray) -> list[tuple[str, float]]:
    """As `_plain`, without what may be the edge of a neighbour."""
    return [(figure, sure) for figure, sure in _plain(likely) if sure >= _FAINT]
