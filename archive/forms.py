"""Form fields of a PDF at two moments (trường biểu mẫu): what was filled, signed or replaced, and how they show.

Works on the object trees it is given and names no library; what they raise is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive.pdf_tree import entry, entry_raw, key_of, spelt
from archive.shadow import Area

_FIELDS = 5000
_EMPTY = (None, "", "/Off")
_HIDDEN = 2  # annotation flag
_SEEN = 1 | 2 | 4 | 32 | 256
"""Annotation flags that say where it shows: invisible, hidden, print, no view, toggled."""
_BARRED = 1 | 2 | 4
"""Field flags that change nothing to be seen: read only, required, not exported."""
_FREE = ("/V", "/AP", "/AS", "/F", "/Ff", "/DA", "/Q", "/Type", "/Kids", "/Parent", "/P", "/M")
"""What filling in may change, and what says nothing."""
_SHOWS = re.compile(
    rb"\(\s*[^\s()](?:[^()\\]|\\.)*\)\s*(?:Tj|'|\")"
    rb"|<[0-9A-Fa-f\s]+>\s*(?:Tj|'|\")"
    rb"|\[[^\]]*(?:\(\s*[^\s()]|<[0-9A-Fa-f])[^\]]*\]\s*TJ"
    rb"|/[^\s/<>\[\]()]+\s+Do\b"
)
"""Operators of a look that draw words which are not empty, or a picture."""
_LOOK = 1 << 20  # bytes of an appearance that are searched


@dataclass(frozen=True, slots=True)
class Field:
    """One field with its own look."""

    kind: str
    value: str
    widgets: tuple[Any, ...]
    """Keys of its annotations."""
    manner: tuple[str, ...]
    """How its value is made to show, apart from the look itself."""
    shows: bool
    """Its look draws words or a picture."""
    rest: tuple[str, ...]
    """What else it says of itself: its place, what it does when touched."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened to the fields, by name."""

    filled: tuple[str, ...]
    """Empty when signed, and not now."""
    overwritten: tuple[str, ...]
    """They had a value, or showed words, and now have another or none."""
    signed: tuple[str, ...]
    restyled: tuple[str, ...]
    """Their value is the same and shows in another manner: on paper only, as dots, in another font."""
    reworked: tuple[str, ...]
    """They lie elsewhere or do something else when touched."""
    added: tuple[str, ...]
    """Fields that were not there, other than for signatures."""


def fields(root: Any) -> dict[str, Field]:
    """The terminal fields of a document by their full name."""
    return dict(_fields(root))


def compared(then: Mapping[str, Field], now: Mapping[str, Field], *, redrawn: bool) -> Moved:
    """What happened between two moments; `redrawn`: readers draw all values anew, by terms that changed."""
    filled, overwritten, signed, restyled = [], [], [], []
    for name, field in now.items():
        was = then.get(name)
        if was and field.value == was.value:
            told = was.value or was.shows
            if told and was.kind != "/Sig" and (field.manner != was.manner or redrawn):
                restyled.append(name)
        elif field.value != (was.value if was else ""):
            if was and (was.value or was.shows):
                overwritten.append(name)
            if not (was and was.value):
                (signed if field.kind == "/Sig" else filled).append(name)
    overwritten += [name for name, field in then.items() if field.value and name not in now]
    reworked = [name for name, field in now.items() if name in then and field.rest != then[name].rest]
    added = [name for name, field in now.items() if name not in then and field.kind != "/Sig"]
    return Moved(*map(tuple, (filled, overwritten, signed, restyled, reworked, added)))


def redrawn(old: Any, new: Any, touched: Collection[Any]) -> bool:
    """Whether a reader draws the values of fields anew, by other fonts or terms than when it was signed."""
    then, now = entry(old, "/AcroForm"), entry(new, "/AcroForm")
    if then is None or now is None or not _true(entry(now, "/NeedAppearances")):
        return False
    if any(_plain(then, key) != _plain(now, key) for key in ("/DA", "/Q")):
        return True
    fonts_then, fonts_now = _fonts(then), _fonts(now)
    return any(fonts_now.get(name) != key or key in touched for name, key in fonts_then.items())


def _true(value: Any) -> bool:
    return getattr(value, "value", value) is True


def _fonts(form: Any) -> dict[str, Any]:
    listed = entry(entry(form, "/DR", {}), "/Font", {})
    return {str(name): key_of(entry_raw(listed, name)) for name in listed}


def _plain(container: Any, key: str) -> str:
    return spelt(entry(container, key))


def _fields(root: Any) -> Iterator[tuple[str, Field]]:
    form = entry(root, "/AcroForm")
    listed = entry(form, "/Fields", ()) if form is not None else ()
    seen = 0
    waiting = [("", "", None, listed, at) for at in range(len(listed))]
    while waiting:
        seen += 1
        if seen > _FIELDS:
            raise ValueError("too many form fields")
        prefix, kind, value, siblings, at = waiting.pop()
        field = entry(siblings, at)
        name = ".".join(part for part in (prefix, str(entry(field, "/T", ""))) if part)
        kind = str(entry(field, "/FT", kind))
        value = _value(field) if "/V" in field else value
        kids = entry(field, "/Kids", ())
        named = [number for number in range(len(kids)) if "/T" in entry(kids, number)]
        waiting += [(name, kind, value, kids, number) for number in named]
        if not named:
            raws = [entry_raw(kids, number) for number in range(len(kids))] or [entry_raw(siblings, at)]
            looks = [raw.get_object() for raw in raws]
            yield name, Field(
                kind, value or "", tuple(map(key_of, raws)),
                manner=(*_manner(field), *(said for one in looks for said in _placing(one))),
                shows=any(map(_shows, looks)), rest=tuple(said for one in (field, *looks) for said in _rest(one)),
            )  # fmt: skip


def _value(field: Any) -> str:
    raw = field.raw_get("/V")
    target = raw.get_object()
    if target is None or (isinstance(target, str) and target in _EMPTY):
        return ""
    if hasattr(target, "get"):
        return f"→{key_of(raw)}"
    return str(target) if isinstance(target, str) else spelt(target)


def _manner(field: Any) -> tuple[str, ...]:
    return (_plain(field, "/DA"), _plain(field, "/Q"), str(int(entry(field, "/Ff", 0)) & ~_BARRED))


def _placing(widget: Any) -> tuple[str, ...]:
    """Where a widget shows, and the looks it takes under the pointer."""
    looks = entry(widget, "/AP", {})
    others = [str(key_of(entry_raw(looks, key))) for key in ("/D", "/R") if key in looks]
    return (str(int(entry(widget, "/F", 0)) & _SEEN), *others)


def _rest(holder: Any) -> Iterator[str]:
    return (f"{key} {key_of(entry_raw(holder, key))}" for key in sorted(holder) if key not in _FREE)


def _shows(widget: Any) -> bool:
    look = entry(entry(widget, "/AP", {}), "/N")
    if look is not None and not hasattr(look, "data"):
        look = entry(look, entry(widget, "/AS", "/Off"))
    data = getattr(look, "data", b"")
    return _SHOWS.search(data[:_LOOK]) is not None


def areas(field: Field, placed: Mapping[Any, tuple[int, Any]]) -> tuple[Area, ...]:
    """Where a field shows; `placed` gives page number and annotation by key."""
    found = []
    for key in field.widgets:
        if key not in placed:
            continue
        number, annotation = placed[key]
        box = [float(edge) for edge in entry(annotation, "/Rect", ())]
        if len(box) == 4 and not int(entry(annotation, "/F", 0)) & _HIDDEN:
            left, right = sorted((box[0], box[2]))
            bottom, top = sorted((box[1], box[3]))
            if right > left and top > bottom:
                found.append(Area(number, (left, bottom, right, top)))
    return tuple(found)
