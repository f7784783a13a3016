"""What a later revision of a PDF did to the one that was signed: pages, comments, fields; by its object tree.

Works on the readers it is given and names no library; what they raise is the caller's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from archive import forms
from archive.pdf_tree import entry, entry_raw, key_of, keys_within, leaves, spelt
from archive.shadow import Area

_ANNOTATIONS = 5000
_FIELD, _LINK = "/Widget", "/Link"
_ROOT = {
    "/OpenAction": "thao tác chạy khi mở tệp",
    "/AA": "thao tác tự chạy (JavaScript)",
    "/Names": "bảng tên: tệp đính kèm hoặc JavaScript",
    "/AF": "tệp đính kèm",
    "/Collection": "cách trình bày các tệp đính kèm",
    "/OCProperties": "các lớp nội dung ẩn, hiện",
    "/PageLabels": "nhãn số trang",
    "/Outlines": "mục lục điều hướng",
    "/Dests": "đích liên kết",
    "/ViewerPreferences": "cách trình bày của trình đọc",
    "/PageMode": "cách trình bày của trình đọc",
    "/PageLayout": "cách trình bày của trình đọc",
    "/Lang": "ngôn ngữ khai báo",
    "/StructTreeRoot": "cấu trúc đọc",
    "/Perms": "quyền do chữ ký đặt",
}
"""Entries of the catalogue that no later revision may touch, called what they are."""
_FORM = {"/XFA": "biểu mẫu XFA", "/CO": "thứ tự tính của biểu mẫu"}
_PROOFS, _ABOUT = "/DSS", ("/Metadata",)
_SHAPE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit")


@dataclass(frozen=True, slots=True)
class Update:
    """Facts about all that came after a signed revision; page numbers count from 1."""

    pages: tuple[int, int] | None = None
    """Number of pages then and now, where it changed."""
    content: tuple[int, ...] = ()
    """Pages whose own content was replaced."""
    comments: tuple[int, ...] = ()
    """Pages with comments or other marks added or changed."""
    removed: tuple[int, ...] = ()
    """Pages with comments or other marks taken away."""
    links: tuple[int, ...] = ()
    """Pages whose links were added, changed or taken away."""
    shape: tuple[int, ...] = ()
    """Pages with another size, crop or rotation."""
    resources: tuple[int, ...] = ()
    """Pages whose fonts, pictures or layers were replaced."""
    parts: tuple[str, ...] = ()
    """Parts of the document as a whole that were changed, in Vietnamese."""
    filled: tuple[str, ...] = ()
    """Fields that were empty and are not."""
    overwritten: tuple[str, ...] = ()
    """Fields that had a value when signed, or showed words, and now have others or none."""
    restyled: tuple[str, ...] = ()
    """Fields whose value is the same and is made to show in another manner."""
    reworked: tuple[str, ...] = ()
    """Fields that lie elsewhere or do something else when touched."""
    added: tuple[str, ...] = ()
    """Fields put in, other than for signatures."""
    signed: tuple[str, ...] = ()
    """Fields signed later."""
    proofs: bool = False
    """Proofs for the long term (DSS) were added or changed."""
    about: bool = False
    """The description of the file (title, author, XMP) was changed."""
    areas: tuple[Area, ...] = ()
    """Where the fields filled or signed later lie."""
    signature_areas: tuple[tuple[str, Area], ...] = ()
    """Of `areas`, those of later signatures, with the name of the field."""
    unclear: bool = False
    """The object trees could not be read."""


def describe(reader: Any, revision: int) -> Update:
    """The difference of a pyHanko reader's newest state and its revision of that number."""
    old = reader.get_historical_resolver(revision)
    touched = set().union(
        *(reader.xrefs.explicit_refs_in_revision(later) for later in range(revision + 1, reader.xrefs.total_revisions))
    )
    before, now = list(leaves(entry(old.root, "/Pages"))), list(leaves(entry(reader.root, "/Pages")))
    pages = _pages(before, now, touched)
    fields_now = forms.fields(reader.root)
    moved = forms.compared(
        forms.fields(old.root), fields_now, redrawn=forms.redrawn(old.root, reader.root, touched)
    )  # fmt: skip
    placed = dict(_placed([page for page, _ in now]))
    areas = {name: forms.areas(fields_now[name], placed) for name in (*moved.filled, *moved.signed)}
    return Update(
        pages=(len(before), len(now)) if len(before) != len(now) else None,
        content=pages["content"], comments=pages["comments"], removed=pages["removed"], links=pages["links"],
        shape=pages["shape"], resources=pages["resources"],
        parts=tuple(_parts(old.root, reader.root, touched)),
        filled=moved.filled, overwritten=moved.overwritten, restyled=moved.restyled,
        reworked=moved.reworked, added=moved.added, signed=moved.signed,
        proofs=_differs(old.root, reader.root, _PROOFS, touched),
        about=any(_differs(old.root, reader.root, key, touched) for key in _ABOUT) or _told(old) != _told(reader),
        areas=tuple(area for found in areas.values() for area in found),
        signature_areas=tuple((name, area) for name in moved.signed for area in areas[name]),
    )  # fmt: skip


Page = tuple[Any, dict[str, Any]]


def _pages(before: list[Page], now: list[Page], touched: Collection[Any]) -> dict[str, tuple[int, ...]]:
    """Page numbers by what was changed on them."""
    found: dict[str, list[int]] = {
        name: [] for name in ("content", "comments", "removed", "links", "shape", "resources")
    }
    for number, (then, today) in enumerate(zip(before, now, strict=False), start=1):
        for name in _altered(then, today, touched):
            found[name].append(number)
    return {name: tuple(numbers) for name, numbers in found.items()}


def _altered(then: Page, today: Page, touched: Collection[Any]) -> Iterator[str]:
    if _content(then[0]) != _content(today[0]) or _content(today[0]) & set(touched):
        yield "content"
    marks_then, marks = _marks(then[0]), _marks(today[0])
    links_then, links = _marks(then[0], links=True), _marks(today[0], links=True)
    if marks - marks_then or marks & set(touched):
        yield "comments"
    if marks_then - marks:
        yield "removed"
    if links_then != links or links & set(touched):
        yield "links"
    if _shape(then) != _shape(today):
        yield "shape"
    used_then, used = (keys_within(page[1].get("/Resources"), but=("/Parent",)) for page in (then, today))
    if used_then != used or used & set(touched):
        yield "resources"


def _parts(old: Any, new: Any, touched: Collection[Any]) -> Iterator[str]:
    found = [words for key, words in _ROOT.items() if _differs(old, new, key, touched)]
    then, now = entry(old, "/AcroForm"), entry(new, "/AcroForm")
    if now is not None:
        found += [words for key, words in _FORM.items() if _differs(then or {}, now, key, touched)]
    return iter(dict.fromkeys(found))


def _differs(old: Any, new: Any, key: str, touched: Collection[Any]) -> bool:
    """Whether an entry is another, or something near below it was written anew."""
    if (key in old) != (key in new):
        return True
    if key not in new:
        return False
    then, now = entry_raw(old, key), entry_raw(new, key)
    if key_of(then) != key_of(now):
        return True
    return bool(keys_within(now, but=("/Parent", "/P", "/Pg", "/D", "/Dest")) & set(touched))


def _told(reader: Any) -> tuple[str, ...]:
    """What the file says of itself and readers show: title, subject, author, key words."""
    view = reader.trailer_view
    raw: Any = view.raw_get("/Info") if "/Info" in view else None
    # The trailer's references lead to the newest object, so the revision is asked itself.
    about = reader.get_object(raw.reference) if hasattr(raw, "reference") else raw
    return tuple(spelt(entry(about or {}, key)) for key in ("/Title", "/Subject", "/Author", "/Keywords"))


def _shape(page: Page) -> tuple[str, ...]:
    node, inherited = page
    raws: list[Any] = [node.raw_get(key) if key in node else inherited.get(key) for key in _SHAPE]
    return tuple(spelt(raw.get_object() if hasattr(raw, "get_object") else raw) for raw in raws)


def _content(page: Any) -> set[Any]:
    if "/Contents" not in page:
        return set()
    raw = page.raw_get("/Contents")
    found = {key_of(raw)}
    target = raw.get_object()
    if isinstance(target, list):
        found |= {key_of(entry_raw(target, at)) for at in range(len(target))}
    return found


def _annotations(page: Any) -> Iterator[tuple[Any, Any]]:
    listed = entry(page, "/Annots")
    for at in range(min(len(listed or ()), _ANNOTATIONS)):
        annotation = entry(listed, at)
        if hasattr(annotation, "get"):
            yield key_of(listed.raw_get(at)), annotation


def _marks(page: Any, *, links: bool = False) -> set[Any]:
    """Keys of comments and the like; with `links`, of links."""
    found = set()
    for key, annotation in _annotations(page):
        kind = str(entry(annotation, "/Subtype"))
        if kind != _FIELD and (kind == _LINK) == links:
            found.add(key)
    return found


def _placed(pages: list[Any]) -> Iterator[tuple[Any, tuple[int, Any]]]:
    for number, page in enumerate(pages, start=1):
        for key, annotation in _annotations(page):
            yield key, (number, annotation)
