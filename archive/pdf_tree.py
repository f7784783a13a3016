"""A PDF's object tree as its reader gives it: entries with references followed or kept, pages with what they inherit.

Works on the objects it is given and names no library; what they raise is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

_PAGES = 5000
_DEPTH = 40
_WALKED = 2000
_ELSEWHERE = ("/Page", "/Pages", "/Catalog", "/Annot", "/Sig", "/DocTimeStamp")
"""Kinds of objects that are looked at for themselves: what merely points there is not followed."""
_ADDRESS = re.compile(r"(?<=NullObject object) at 0x[0-9a-f]+")
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


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


def key_of(raw: Any) -> Any:
    """The reference behind an indirect object; the value itself where it stands in place."""
    return getattr(raw, "reference", None) or spelt(raw)


def spelt(value: Any) -> str:
    """A value as text, the same for equal values: that of null has an address of memory in it."""
    return _ADDRESS.sub("", repr(value))


def leaves(node: Any, inherited: dict[str, Any] | None = None, depth: int = 0) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The pages below a node in order, each with the raw values of what it may inherit."""
    if depth > _DEPTH:
        raise ValueError("page tree too deep")
    own = {key: entry_raw(node, key) for key in _INHERITED if key in node}
    inherited = (inherited or {}) | own
    kids = entry(node, "/Kids")
    if kids is None:
        yield node, inherited
        return
    for count, kid in enumerate(kids):
        if count > _PAGES:
            raise ValueError("too many pages")
        yield from leaves(kid.get_object(), inherited, depth + 1)


def keys_within(raw: Any, *, but: Collection[Any] = ()) -> set[Any]:
    """What lies below a value by its references, the values in place spelt out; `but` are keys not followed.

    Stops at a bound without a word: good to name what was changed, not to prove that nothing was.
    """
    found: set[Any] = set()
    waiting = [raw]
    while waiting and len(found) < _WALKED:
        one = waiting.pop()
        target = one.get_object() if hasattr(one, "get_object") else one
        key = key_of(one)
        if key in found or (hasattr(target, "get") and str(entry(target, "/Type")) in _ELSEWHERE):
            continue
        found.add(key)
        if hasattr(target, "get"):
            waiting += [entry_raw(target, name) for name in target if name not in but]
        elif isinstance(target, list):
            waiting += [entry_raw(target, at) for at in range(len(target))]
    return found
