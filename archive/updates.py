"""What a later revision of a PDF did to the one that was signed: pages, comments, fields; by its object tree.

Works on the readers it is given and names no library; what they raise is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.shadow import Area

_PAGES = 5000
_DEPTH = 40
_FIELDS = 5000
_NO_COMMENT = ("/Widget", "/Link")
_EMPTY = (None, "", "/Off")
_HIDDEN = 2  # annotation flag


@dataclass(frozen=True, slots=True)
class Update:
    """Facts about all that came after a signed revision; page numbers count from 1."""

    pages: tuple[int, int] | None = None
    """Number of pages then and now, where it changed."""
    content: tuple[int, ...] = ()
    """Pages whose own content was replaced."""
    comments: tuple[int, ...] = ()
    """Pages with comments or other marks added, changed or taken away."""
    filled: tuple[str, ...] = ()
    """Fields that were empty and are not."""
    overwritten: tuple[str, ...] = ()
    """Fields that had a value when signed and now have another or none."""
    signed: tuple[str, ...] = ()
    """Fields signed later."""
    areas: tuple[Area, ...] = ()
    """Where the fields filled or signed later lie."""
    signature_areas: tuple[tuple[str, Area], ...] = ()
    """Of `areas`, those of later signatures, with the name of the field."""
    unclear: bool = False
    """The object trees could not be read."""


@dataclass(frozen=True, slots=True)
class _Field:
    kind: str
    value: str
    widgets: tuple[Any, ...]


def describe(reader: Any, revision: int) -> Update:
    """The difference of a pyHanko reader's newest state and its revision of that number."""
    old = reader.get_historical_resolver(revision)
    touched = set().union(
        *(reader.xrefs.explicit_refs_in_revision(later) for later in range(revision + 1, reader.xrefs.total_revisions))
    )
    before, now = list(_leaves(entry(old.root, "/Pages"))), list(_leaves(entry(reader.root, "/Pages")))
    content, comments = [], []
    for number, (then, today) in enumerate(zip(before, now, strict=False), start=1):
        if _content(then) != _content(today) or _content(today) & touched:
            content.append(number)
        if _marks(then) != _marks(today) or any(_key(ref) in touched for ref in _marks(today)):
            comments.append(number)
    fields_then, fields_now = dict(_fields(old.root)), dict(_fields(reader.root))
    filled, overwritten, signed = _values(fields_then, fields_now)
    placed = dict(_placed(now))
    areas = {name: _areas(fields_now[name], placed) for name in (*filled, *signed)}
    return Update(
        pages=(len(before), len(now)) if len(before) != len(now) else None,
        content=tuple(content),
        comments=tuple(comments),
        filled=filled,
        overwritten=overwritten,
        signed=signed,
        areas=tuple(area for found in areas.values() for area in found),
        signature_areas=tuple((name, area) for name in signed for area in areas[name]),
    )


def entry(dictionary: Any, key: Any, default: Any = None) -> Any:
    """The value of a dictionary's key or of an array's place, references followed; `default` where there is none."""
    if hasattr(dictionary, "get") and key not in dictionary:
        return default
    raw = dictionary.raw_get(key)
    value = raw.get_object() if hasattr(raw, "get_object") else raw
    return default if value is None else value


def entry_raw(container: Any, key: Any) -> Any:
    """The value as written: a reference stays one."""
    return container.raw_get(key)


def _leaves(node: Any, depth: int = 0) -> Iterator[Any]:
    """The pages below a node, in order."""
    if depth > _DEPTH:
        raise ValueError("page tree too deep")
    kids = entry(node, "/Kids")
    if kids is None:
        yield node
        return
    for count, kid in enumerate(kids):
        if count > _PAGES:
            raise ValueError("too many pages")
        yield from _leaves(kid.get_object(), depth + 1)


def _key(raw: Any) -> Any:
    """The reference behind an indirect object; the value itself where it stands in place."""
    return getattr(raw, "reference", None) or repr(raw)


def _content(page: Any) -> set[Any]:
    if "/Contents" not in page:
        return set()
    raw = page.raw_get("/Contents")
    found = {_key(raw)}
    target = raw.get_object()
    if isinstance(target, list):
        found |= {_key(entry_raw(target, at)) for at in range(len(target))}
    return found


def _annotations(page: Any) -> Iterator[tuple[Any, Any]]:
    listed = entry(page, "/Annots")
    for at in range(min(len(listed or ()), _FIELDS)):
        annotation = entry(listed, at)
        if hasattr(annotation, "get"):
            yield _key(listed.raw_get(at)), annotation


def _marks(page: Any) -> set[Any]:
    return {key for key, annotation in _annotations(page) if str(entry(annotation, "/Subtype")) not in _NO_COMMENT}


def _placed(pages: list[Any]) -> Iterator[tuple[Any, tuple[int, Any]]]:
    for number, page in enumerate(pages, start=1):
        for key, annotation in _annotations(page):
            yield key, (number, annotation)


def _fields(root: Any) -> Iterator[tuple[str, _Field]]:
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
            widgets = tuple(map(_key, raws))
            yield name, _Field(kind, value or "", widgets)


def _value(field: Any) -> str:
    raw = field.raw_get("/V")
    target = raw.get_object()
    if target is None or (isinstance(target, str) and target in _EMPTY):
        return ""
    return f"→{_key(raw)}" if hasattr(target, "get") else repr(target) if not isinstance(target, str) else str(target)


def _values(
    then: dict[str, _Field], now: dict[str, _Field]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    filled, overwritten, signed = [], [], []
    for name, field in now.items():
        was = then[name].value if name in then else ""
        if field.value == was:
            continue
        if was:
            overwritten.append(name)
        else:
            (signed if field.kind == "/Sig" else filled).append(name)
    overwritten += [name for name, field in then.items() if field.value and name not in now]
    return tuple(filled), tuple(overwritten), tuple(signed)


def _areas(field: _Field, placed: dict[Any, tuple[int, Any]]) -> tuple[Area, ...]:
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
